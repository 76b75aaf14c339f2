//! Governing: who belongs to a network, in which roles, since when, and under which rules. Pure.
//!
//! A [`Command`] is one or more acts that stand or fall together; an act is either of the ledger or
//! one of the acts of governing here: founding, admitting, giving roles, delegating, changing the rules, moving a
//! sandbox's clock.
//!
//! Invariants:
//! - acts of governing go the same way as every other act: judged, decided, journaled;
//! - founding is a network's first entry and happens once;
//! - nothing here knows Cedar, the store or the sandbox.
//!
//! ```
//! use governance::Command;
//! let json = serde_json::json!({
//!     "id": "01926b5e-7d00-7000-8000-000000000001",
//!     "agent": "01926b5e-7d00-8000-8000-000000000002",
//!     "acts": [{"act": "admit", "name": "Ines", "roles": ["member"]}],
//! });
//! let command = Command::from_json(&json).unwrap();
//! assert_eq!(command.to_json(valueflows::Part::Whole), json);
//! ```

pub mod act;
pub mod amendment;
pub mod cases;
pub mod command;
pub mod decide;
pub mod decisions;
mod delegation;
pub mod erasure;
pub mod exceptions;
pub mod joining;
pub mod keys;
pub mod limits;
pub mod membership;
pub mod stops;
pub mod tally;
pub mod withholding;

pub use act::{AnyAct, GoverningAct};
pub use amendment::{AmendAct, Examined, InForce};
pub use cases::{CaseAct, CaseRules};
pub use command::{Command, Signed};
pub use decide::{decide, first_keys};
pub use decisions::{Decision, Decisions, Risk};
pub use erasure::EraseAct;
pub use exceptions::ExceptionAct;
pub use joining::{JoinAct, Joining};
pub use keys::KeyAct;
pub use membership::MemberAct;
pub use stops::StopAct;
pub use withholding::WithholdAct;
