//! Deposit and late fee: a deposit that depends on the kind of tool, and a rate for late days.

use sdk::pricing::{Deal, Line, Pricing, Verdict};
use sdk::{Asked, DAY_US, Reason, Settings, because};

struct Deposit;

impl Pricing for Deposit {
    fn check(settings: &Settings) -> Option<Reason> {
        let [one, other, late] =
            ["deposit", "deposit-dangerous", "late-day"].map(|name| settings.amount(name).unit);
        (one != other || one != late).then(|| because("two-units"))
    }

    fn quote(deal: &Asked<Deal>) -> Verdict {
        let settings = deal.settings();
        let most = settings.number("days-most");
        if deal.ends - deal.begins > most * DAY_US {
            return Verdict::Refused(because("too-long").with(most));
        }
        let dangerous = deal.ctx.is_kind(deal.stock, "dangerous");
        let deposit = settings.amount(if dangerous { "deposit-dangerous" } else { "deposit" });
        Verdict::Quoted(vec![
            Line::deposit("deposit", deposit),
            Line::rate("late-day", settings.amount("late-day")),
        ])
    }
}

sdk::pricing!(Deposit);
