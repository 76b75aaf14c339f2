//! Whoever has a role pays a part of the price. Who has it is for the network to say, and nobody has to say why.

use sdk::pricing::{Deal, Line, Pricing, Verdict};
use sdk::{Asked, DAY_US};

struct SlidingScale;

impl Pricing for SlidingScale {
    fn quote(deal: &Asked<Deal>) -> Verdict {
        let settings = deal.settings();
        let days = (deal.ends - deal.begins + DAY_US - 1) / DAY_US;
        let whole = settings.amount("day").times(days);
        let reduced = deal.memberships("memberships").any(|one| one.has(settings.text("role")));
        let price = if reduced { whole.share(settings.number("part"), 100) } else { whole };
        Verdict::Quoted(vec![Line::fee("days", price)])
    }
}

sdk::pricing!(SlidingScale);
