//! Standing: how many things somebody has kept too long, and what they owe. Facts only; whether that is a reason to
//! refuse is for the network's policies to say.

use sdk::access::{Access, Act, Verdict};
use sdk::{Action, Asked, Quantity, because};

sdk::facts! { Standing { overdue: i64, unpaid: Option<Quantity>, clear: bool } }

struct Rule;

impl Access for Rule {
    fn judge(act: &Asked<Act>) -> Verdict {
        let promises = || act.commitments("promises");
        let things = promises().filter(|promise| promise.action == Action::TransferCustody);
        let overdue = things.filter(|promise| promise.is_overdue(act.now)).count() as i64;
        let debts = promises().filter(|promise| promise.is("fee") || promise.is("late-fee"));
        match Quantity::sum(debts.filter_map(|debt| debt.quantity)) {
            Err(_) => Verdict::Unable(because("two-currencies")),
            Ok(unpaid) => Standing { overdue, unpaid, clear: overdue == 0 && unpaid.is_none() }.into(),
        }
    }
}

sdk::access!(Rule);
