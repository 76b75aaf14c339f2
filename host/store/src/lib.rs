//! The store: SQL once, for SQLite and PostgreSQL.
//!
//! Tables hold journals, the records that follow from them, inverses, deadlines, checkpoints, the
//! shelf of components, and what is not journaled (accounts, sessions). Columns are whole numbers,
//! bytes and text, so that one statement serves both engines; where an engine needs other words, both
//! texts stand side by side in one [`Sql`] constant.
//!
//! Invariants:
//! - nothing is decided here, and no quantity is computed in SQL;
//! - one batch is one transaction that moves the head first; if the head has moved, nothing is written;
//! - every statement stands in [`STATEMENTS`] and is prepared on both engines by a test;
//! - nothing here knows policies, plugins or HTTP.

pub mod accounts;
pub mod batch;
pub mod blobs;
pub mod carry;
pub mod changes;
pub mod commit;
pub mod components;
pub mod db;
pub mod erase;
pub mod error;
pub mod factors;
pub mod feeds;
pub mod flow;
pub mod invitations;
pub mod journal;
pub mod limits;
pub mod mails;
pub mod network;
pub mod passkeys;
pub mod postgres;
pub mod read;
pub mod retry;
pub mod schema;
pub mod secrets;
pub mod sql;
pub mod sqlite;
pub mod tables;
pub mod ties;
pub mod tokens;
pub mod turn;

pub use batch::{Batch, Change};
pub use db::Store;
pub use error::StoreError;
pub use flow::FlowRow;
pub use network::{Head, State, Usage};
pub use read::{Kept, ReadSet};
pub use sql::{STATEMENTS, Sql};
pub use turn::Turn;
