//! All that a plugin author needs beside `wit/`: the bindings of every world, and a few helpers that take the row numbers
//! out of rule code.
//!
//! A plugin implements the trait of its world for one item, and calls the macro of the same name:
//!
//! ```ignore
//! use sdk::access::{Access, Act, Verdict};
//! use sdk::{Asked, facts};
//!
//! facts! { Standing { overdue: i64, clear: bool } }
//!
//! struct Rule;
//!
//! impl Access for Rule {
//!     fn judge(act: &Asked<Act>) -> Verdict {
//!         let late = act.commitments("promises").filter(|promise| promise.is_overdue(act.now)).count();
//!         Standing { overdue: late as i64, clear: late == 0 }.into()
//!     }
//! }
//!
//! sdk::access!(Rule);
//! ```
//!
//! What is asked for by a name that `plugin.toml` does not have traps: nothing is decided on a misspelt word.

mod asked;
mod facts;
mod lot;
mod place;
pub mod quantity;
mod reason;
mod worlds;

pub use asked::{Asked, Settings};
pub use facts::{Agents, At, Fact};
pub use reason::because;
pub use types::*;

/// A world's bindings; the first holds the types of all.
macro_rules! world_of {
    ($(#[$doc:meta])* $name:ident, $world:literal, $module:literal, $interface:ident,
        use $($own:ident),+; $($types:tt)+) => {
        $(#[$doc])*
        pub mod $name {
            wit_bindgen::generate!({
                path: "../../wit",
                world: $world,
                pub_export_macro: true,
                default_bindings_module: $module,
                $($types)+
            });
            pub use crate::worlds::{$($own),+};
            pub use exports::reflow::plugin::$interface::*;
        }
    };
}

world_of! { /// World `access`: facts, and refusals beside them.
access, "access", "sdk::access", gate, use Access; generate_all, }
world_of! { /// World `pricing`: what something costs.
pricing, "pricing", "sdk::pricing", pricer, use Pricing; with: { "reflow:plugin/types@0.1.0": crate::types }, }
world_of! { /// World `duties`: what follows.
duties, "duties", "sdk::duties", obliger, use Duties, oblige; with: { "reflow:plugin/types@0.1.0": crate::types }, }
world_of! { /// World `matching`: which offers go to whom, and in which order.
matching, "matching", "sdk::matching", matcher, use Matching, answer; with: { "reflow:plugin/types@0.1.0": crate::types }, }
world_of! { /// World `tally`: what comes of a vote.
tally, "tally", "sdk::tally", counter, use Tally; with: { "reflow:plugin/types@0.1.0": crate::types }, }

/// The types that all worlds share.
pub mod types {
    pub use crate::access::reflow::plugin::types::*;
}

/// Microseconds in a day.
pub const DAY_US: i64 = 86_400_000_000;
