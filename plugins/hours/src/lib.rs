//! A price in hours of one's own time, after some days that cost nothing.

use sdk::pricing::{Deal, Line, Pricing, Verdict};
use sdk::{Asked, DAY_US};

struct Hours;

impl Pricing for Hours {
    fn quote(deal: &Asked<Deal>) -> Verdict {
        let days = (deal.ends - deal.begins + DAY_US - 1) / DAY_US;
        let dear = (days - deal.settings().number("free")).max(0);
        let price = deal.settings().amount("day").times(dear);
        Verdict::Quoted(vec![Line::fee("hours", price)])
    }
}

sdk::pricing!(Hours);
