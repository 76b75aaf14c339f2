//! How many promises to work somebody has kept lately, and how many are overdue: facts alone. Whether that is a reason to
//! refuse something is for the network's policies to say.

use sdk::Asked;
use sdk::access::{Access, Act, Verdict};

sdk::facts! { Shifts { kept: i64, missed: i64, enough: bool } }

struct Rule;

impl Access for Rule {
    fn judge(act: &Asked<Act>) -> Verdict {
        let kept = act.commitments("promised").filter(|shift| shift.finished).count() as i64;
        let missed = act.commitments("promised").filter(|shift| shift.is_overdue(act.now)).count() as i64;
        Shifts { kept, missed, enough: kept >= act.settings().number("wanted") }.into()
    }
}

sdk::access!(Rule);
