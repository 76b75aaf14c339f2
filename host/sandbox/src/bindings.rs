//! The host's side of the WIT worlds; one set of Rust types over all of them.

/// A world's bindings; those of the first of a package hold the types of all.
macro_rules! world {
    ($(#[$doc:meta])* $name:ident, $path:literal, $world:literal $(, $types:path)?) => {
        $(#[$doc])*
        pub mod $name {
            wasmtime::component::bindgen!({
                path: $path,
                world: $world,
                additional_derives: [serde::Serialize, serde::Deserialize, PartialEq, Eq],
                $(with: { "reflow:plugin/types": $types },)?
            });
        }
    };
}

world! { /// World `access`.
access, "../../wit", "access" }
world! { /// World `pricing`.
pricing, "../../wit", "pricing", crate::bindings::access::reflow::plugin::types }
world! { /// World `duties`.
duties, "../../wit", "duties", crate::bindings::access::reflow::plugin::types }
world! { /// World `matching`.
matching, "../../wit", "matching", crate::bindings::access::reflow::plugin::types }
world! { /// World `tally`.
tally, "../../wit", "tally", crate::bindings::access::reflow::plugin::types }

/// The worlds as they were before they were frozen.
pub mod draft {
    world! { /// World `access`.
    access, "draft", "access" }
    world! { /// World `pricing`.
    pricing, "draft", "pricing", crate::bindings::draft::access::reflow::plugin::types }
    world! { /// World `duties`.
    duties, "draft", "duties", crate::bindings::draft::access::reflow::plugin::types }
    world! { /// World `matching`.
    matching, "draft", "matching", crate::bindings::draft::access::reflow::plugin::types }
}

/// The types that all worlds share, and those of each interface.
pub mod types {
    pub use super::access::exports::reflow::plugin::gate::{Act, Refusal, Verdict as GateVerdict};
    pub use super::access::reflow::plugin::types::*;
    pub use super::duties::exports::reflow::plugin::obliger::{
        Cause, Duty, Fallen, Promise, Verdict as DutyVerdict,
    };
    pub use super::matching::exports::reflow::plugin::matcher::{
        Allocation, Ask, Doubt, Grant, Left, Ranked, Round, Verdict as MatchVerdict, Wish,
    };
    pub use super::pricing::exports::reflow::plugin::pricer::{
        Deal, Kind as LineKind, Line, Verdict as QuoteVerdict,
    };
    pub use super::tally::exports::reflow::plugin::counter::{
        Ballot, Cast, Counted, Outcome, Poll, Verdict as CountVerdict, Voter,
    };
}
