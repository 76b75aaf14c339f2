//! How often somebody has borrowed something lately, as a fact for policies; and nobody borrows more than the rules say.

use sdk::access::{Access, Act, Verdict};
use sdk::{Action, Asked, because};

sdk::facts! { X { lately: i64 } }

struct Rule;

impl Access for Rule {
    fn judge(act: &Asked<Act>) -> Verdict {
        // Whoever borrows a thing promises to bring it back.
        let promises = act.commitments("promises");
        let lately = promises.filter(|promise| promise.action == Action::TransferCustody).count() as i64;
        let most = act.settings().number("most");
        match lately < most {
            true => X { lately }.into(),
            false => X { lately }.refused(because("enough").with(lately).with(most)),
        }
    }
}

sdk::access!(Rule);
