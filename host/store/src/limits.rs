//! The named limits of the store, each with its reason.

/// Most rows that reading for one batch may bring: the ballots of a town and who cast them.
pub const READ_ROWS_MAX: usize = 40_000;
/// Rows of one page of a list.
pub const PAGE_ROWS_MAX: i64 = 1_000;
/// Readers of an embedded database: cores are two, pages are short.
pub const READERS_MAX: u32 = 4;
/// Connections to PostgreSQL.
pub const CONNECTIONS_MAX: u32 = 8;
/// Turns that a process has at once: half of its connections, the others read and write for them.
pub const TURNS_MAX: usize = 4;
/// How long a statement waits for the writer's lock, milliseconds.
pub const BUSY_MS: u64 = 5_000;
/// How long a caller waits for a connection, milliseconds.
pub const ACQUIRE_MS: u64 = 5_000;
/// How long somebody who listens goes without looking, milliseconds.
pub const POLL_MS: u64 = 1_000;
/// How long a transaction on PostgreSQL may stand still, or wait for another, milliseconds.
pub const HOLD_MS: u64 = 5_000;
/// The exit status of a process whose disk did not confirm a write.
pub const UNCONFIRMED_EXIT: i32 = 74;
/// Lanes whose batches go to disk together.
pub const GROUP_LEN_MAX: usize = 64;
/// Lanes that may wait for the writer; the next one waits to wait.
pub const WRITES_WAITING_MAX: usize = 256;
/// How often a transaction that the database ended in favour of another is tried again.
pub const RETRY_MAX: u64 = 5;
/// How long the first of them waits, milliseconds.
pub const RETRY_WAIT_MS: u64 = 2;
/// How often SQLite's log is tried to be cut after an erasure, twenty times a second.
pub const TRUNCATE_TRIES: usize = 200;
/// Rows that SQLite's own thread reads ahead of whoever asked: each time it has to wait the two change places.
pub const ROWS_AHEAD: usize = 512;
