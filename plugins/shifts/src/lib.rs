//! How much somebody has worked lately, and how many promises to work are overdue: facts alone. Whether that is a reason to
//! refuse something is for the network's policies to say.

use sdk::access::{Access, Act, Verdict};
use sdk::{Asked, Quantity};

sdk::facts! { Shifts { done: i64, time: Option<Quantity>, missed: i64, enough: bool } }

struct Rule;

impl Access for Rule {
    fn judge(act: &Asked<Act>) -> Verdict {
        let done = act.events("worked").count() as i64;
        // Work in two units has no sum: such a fact is absent, and policies ask whether it is there.
        let time = Quantity::sum(act.events("worked").filter_map(|work| work.effort)).unwrap_or(None);
        let missed = act.commitments("promised").filter(|shift| shift.is_overdue(act.now)).count() as i64;
        Shifts { done, time, missed, enough: done >= act.settings().number("wanted") }.into()
    }
}

sdk::access!(Rule);
