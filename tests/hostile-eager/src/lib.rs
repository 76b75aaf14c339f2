//! A plugin that has an answer where there is no question: for the tests of admission.

use sdk::access::{Act, Guest, Verdict};
use sdk::{Context, Reason, Setting, Unit, because};

struct Eager;

impl Guest for Eager {
    fn check_settings(_: Vec<Setting>, _: Vec<Unit>) -> Option<Reason> {
        None
    }

    fn judge(_: Context, _: Vec<Act>) -> Vec<Verdict> {
        vec![Verdict::Unable(because("eager"))]
    }
}

sdk::access::export!(Eager with_types_in sdk::access);
