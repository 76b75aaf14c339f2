//! The host's side of the WIT worlds; one set of Rust types over all of them.

/// World `access`.
pub mod access {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "access",
        additional_derives: [serde::Serialize, serde::Deserialize, PartialEq, Eq],
    });
}

/// World `pricing`.
pub mod pricing {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "pricing",
        additional_derives: [serde::Serialize, serde::Deserialize, PartialEq, Eq],
        with: { "reflow:plugin/types": crate::bindings::access::reflow::plugin::types },
    });
}

/// World `duties`.
pub mod duties {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "duties",
        additional_derives: [serde::Serialize, serde::Deserialize, PartialEq, Eq],
        with: { "reflow:plugin/types": crate::bindings::access::reflow::plugin::types },
    });
}

/// World `matching`.
pub mod matching {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "matching",
        additional_derives: [serde::Serialize, serde::Deserialize, PartialEq, Eq],
        with: { "reflow:plugin/types": crate::bindings::access::reflow::plugin::types },
    });
}

/// World `tally`.
pub mod tally {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "tally",
        additional_derives: [serde::Serialize, serde::Deserialize, PartialEq, Eq],
        with: { "reflow:plugin/types": crate::bindings::access::reflow::plugin::types },
    });
}

/// The worlds as they were before they were frozen.
pub mod draft {
    /// World `access`.
    pub mod access {
        wasmtime::component::bindgen!({
            path: "draft",
            world: "access",
            additional_derives: [serde::Serialize, serde::Deserialize, PartialEq, Eq],
        });
    }

    /// World `pricing`.
    pub mod pricing {
        wasmtime::component::bindgen!({
            path: "draft",
            world: "pricing",
            additional_derives: [serde::Serialize, serde::Deserialize, PartialEq, Eq],
            with: { "reflow:plugin/types": crate::bindings::draft::access::reflow::plugin::types },
        });
    }

    /// World `duties`.
    pub mod duties {
        wasmtime::component::bindgen!({
            path: "draft",
            world: "duties",
            additional_derives: [serde::Serialize, serde::Deserialize, PartialEq, Eq],
            with: { "reflow:plugin/types": crate::bindings::draft::access::reflow::plugin::types },
        });
    }

    /// World `matching`.
    pub mod matching {
        wasmtime::component::bindgen!({
            path: "draft",
            world: "matching",
            additional_derives: [serde::Serialize, serde::Deserialize, PartialEq, Eq],
            with: { "reflow:plugin/types": crate::bindings::draft::access::reflow::plugin::types },
        });
    }
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
