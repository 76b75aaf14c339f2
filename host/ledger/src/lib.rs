//! The ledger: which acts make sense in the books, and what they change. Pure.
//!
//! [`decide`] takes what is known ([`View`]), one [`Act`] and the circumstances, and answers with
//! the records that the act makes or changes, with a refusal, or with the keys it still has to read.
//! The action table of `valueflows` says what an event does to a resource; no other code does.
//!
//! Invariants:
//! - the same inputs give the same outcome: no clock, no randomness, no I/O;
//! - nothing is decided on a record that was not read: an unknown key is asked for, never guessed;
//! - no quantity falls below its floor, is rounded, or mixes units;
//! - who *may* act is not asked here (that is `policy`), only whether the act makes sense.
//!
//! ```
//! use ledger::{Key, Snapshot, View};
//! use valueflows::Id;
//! let view = View::over(Snapshot::default());
//! let id = Id([7; 16]);
//! assert_eq!(view.record(id).unwrap_err().0, [Key::Record(id)]);
//! ```

pub mod act;
mod check;
mod claim;
mod contents;
mod correct;
pub mod decide;
mod define;
pub mod error;
mod event;
pub mod flow;
mod implied;
pub mod limits;
mod loan;
pub mod planning;
mod promise;
mod report;
pub mod revise;
pub mod round;
mod shares;
pub mod trace;
pub mod view;

/// The generation of rules from which the whole of ValueFlows holds: implied transfers, contents that follow their
/// container, corrections as differences, shares, claims, floors. Books of an earlier one come to what they came to.
pub const WHOLE: u32 = 4;

/// The generation of rules from which a plan sets aside no more of a thing than nobody has spoken for.
pub const PLANNED: u32 = 5;

pub use act::{Act, QuoteRef};
pub use contents::inside;
pub use decide::{Circumstances, Outcome, QuotedLine, Signer, decide, first_keys};
pub use define::not_by_itself;
pub use error::{Refusal, Stop};
pub use shares::{done, share_of};
pub use view::{Key, Link, Missing, Snapshot, View};
