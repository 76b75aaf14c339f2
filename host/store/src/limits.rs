//! The named limits of the store, each with its reason.

/// Most rows that reading for one batch may bring.
pub const READ_ROWS_MAX: usize = 10_000;
/// Rows of one page of a list.
pub const PAGE_ROWS_MAX: i64 = 1_000;
/// Readers of an embedded database: cores are two, pages are short.
pub const READERS_MAX: u32 = 4;
/// Connections to PostgreSQL.
pub const CONNECTIONS_MAX: u32 = 8;
/// How long a statement waits for the writer's lock, milliseconds.
pub const BUSY_MS: u64 = 5_000;
/// How long a caller waits for a connection, milliseconds.
pub const ACQUIRE_MS: u64 = 5_000;
