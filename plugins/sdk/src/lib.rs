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
mod place;
pub mod quantity;
mod reason;
mod worlds;

pub use asked::{Asked, Settings};
pub use facts::{Agents, At, Fact};
pub use reason::because;
pub use types::*;

/// World `access`: facts, and refusals beside them.
pub mod access {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "access",
        pub_export_macro: true,
        default_bindings_module: "sdk::access",
        generate_all,
    });
    pub use crate::worlds::Access;
    pub use exports::reflow::plugin::gate::*;
}

/// World `pricing`: what something costs.
pub mod pricing {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "pricing",
        pub_export_macro: true,
        default_bindings_module: "sdk::pricing",
        with: { "reflow:plugin/types@0.1.0": crate::types },
    });
    pub use crate::worlds::Pricing;
    pub use exports::reflow::plugin::pricer::*;
}

/// World `duties`: what follows.
pub mod duties {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "duties",
        pub_export_macro: true,
        default_bindings_module: "sdk::duties",
        with: { "reflow:plugin/types@0.1.0": crate::types },
    });
    pub use crate::worlds::{Duties, oblige};
    pub use exports::reflow::plugin::obliger::*;
}

/// World `matching`: which offers go to whom, and in which order.
pub mod matching {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "matching",
        pub_export_macro: true,
        default_bindings_module: "sdk::matching",
        with: { "reflow:plugin/types@0.1.0": crate::types },
    });
    pub use crate::worlds::{Matching, answer};
    pub use exports::reflow::plugin::matcher::*;
}

/// World `tally`: what comes of a vote.
pub mod tally {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "tally",
        pub_export_macro: true,
        default_bindings_module: "sdk::tally",
        with: { "reflow:plugin/types@0.1.0": crate::types },
    });
    pub use crate::worlds::Tally;
    pub use exports::reflow::plugin::counter::*;
}

/// The types that all worlds share.
pub mod types {
    pub use crate::access::reflow::plugin::types::*;
}

/// Microseconds in a day.
pub const DAY_US: i64 = 86_400_000_000;
