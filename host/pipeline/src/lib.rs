//! Use cases: the one way of a command, from its network's lane to its receipt.
//!
//! [`Node`] owns the store, the sandbox and a lane for each network. A lane takes what is queued,
//! reads by need, judges in order on an overlay, and commits one transaction; [`judge::judge`] is one
//! function of values that lane, quote, explanation and verification all call.
//!
//! Invariants:
//! - nothing is acknowledged before it is committed;
//! - judging a batch gives what judging one by one would have given;
//! - time, salts and ids are taken here, once a batch, and are values below;
//! - nothing here knows axum, GraphQL or SQL text, and opens no socket.

mod ahead;
pub mod amendments;
mod anchors;
pub mod blobs;
pub mod board;
pub mod bundle;
pub mod carry;
pub mod charter;
pub mod company;
pub mod counting;
pub mod decision;
pub mod door;
pub mod drafting;
pub mod dry_run;
pub mod entry;
pub mod erase;
pub mod error;
mod excepted;
pub mod feed;
mod flight;
pub mod flow;
mod gate;
mod gathered;
mod halt;
pub mod in_use;
pub mod input;
mod item;
pub mod judge;
pub mod lane;
pub mod limits;
pub mod lists;
pub mod loans;
pub mod may;
pub mod meter;
mod needs;
pub mod node;
pub mod own;
mod pace;
pub mod packages;
pub mod planning;
pub mod plugins;
pub mod pool;
pub mod quotas;
pub mod quote;
pub mod reader;
pub mod rebuild;
pub mod receipts;
pub mod rehearsal;
pub mod reports;
pub mod rounds;
pub mod rules;
mod ruling;
mod run;
pub mod scenario;
pub mod settings;
pub mod settling;
pub mod shelf;
pub mod signed;
pub mod simulation;
mod stopped;
mod tables;
mod task;
mod trial;
pub mod trying;
pub mod verify;
pub mod what_if;
pub mod whole;
pub mod withholding;

/// What commands are made of, for the doors.
pub mod acts {
    pub use governance::amendment::{self, Status};
    pub use governance::cases::{self, CaseRules, Settled};
    pub use governance::exceptions::{self, Grant};
    pub use governance::joining;
    pub use governance::keys::{self, Held, KeyPair};
    pub use governance::membership::{RESTORERS, restorers};
    pub use governance::stops::{self, Stopped};
    pub use governance::tally::{self, Ballot};
    pub use governance::withholding::Withheld;
    pub use governance::{
        AmendAct, AnyAct, CaseAct, Command, Decision, Decisions, EraseAct, ExceptionAct, GoverningAct,
        JoinAct, Joining, KeyAct, MemberAct, Risk, Signed, StopAct, WithholdAct,
    };
    pub use ledger::decide::{LineKind, QuotedLine, promises_of};
    pub use ledger::done;
    pub use ledger::flow::Direction;
    pub use ledger::revise::describing;
    pub use ledger::trace;
    pub use ledger::{Act, Key, Link, QuoteRef};
}

pub use charter::Charter;
pub use decision::{Decision, Receipt, Refused};
pub use error::Rejection;
pub use node::{Node, NodeOptions, now};
pub use policy::{BadPlace, CompiledBook, NOTICES, NoticeText, Place, RuleBook, Via};
pub use quotas::Quota;
pub use quote::Quote;
pub use reader::Reader;
pub use rules::Rules;
pub use sandbox::{SettingKind, SettingSpec};
pub use store::Head;

/// Reads JSON from bytes, strictly: no duplicate keys, no floats, not too deep.
pub fn parse_json(bytes: &[u8]) -> Result<serde_json::Value, Rejection> {
    journal::canonical::parse(bytes).map_err(|error| Rejection::Malformed(error.to_string()))
}

/// Reads a command from JSON that was read strictly, as strictly: nothing unknown.
pub fn read_command(json: &serde_json::Value) -> Result<governance::Command, Rejection> {
    governance::Command::from_json(json).map_err(|error| Rejection::Malformed(error.to_string()))
}
