//! The named limits of this door, each with its reason.

/// Longest body, bytes: a command of 1,000 acts, each with a long note, has about half.
pub const BODY_BYTES_MAX: usize = 4 << 20;
/// Connections at once: each costs about 20 KB idle; more members than this do not read at one moment.
pub const CONNECTIONS_MAX: usize = 4_096;
/// How long a head may take, also on a connection that was used before, milliseconds.
pub const HEAD_MS_MAX: u64 = 10_000;
/// Largest head, bytes; also the buffer of a connection.
pub const HEAD_BYTES_MAX: usize = 32 << 10;
/// How long a body may pause, milliseconds.
pub const BODY_STALL_MS_MAX: u64 = 10_000;
/// How long the other side may read nothing of an answer, milliseconds.
pub const WRITE_STALL_MS_MAX: u64 = 15_000;
/// How long an answer may take to begin, milliseconds: a full lane needs a second or two.
pub const ANSWER_MS_MAX: u64 = 30_000;
/// How long requests under way may take to finish once the node is told to stop, milliseconds.
pub const DRAIN_MS_MAX: u64 = 10_000;
/// Most records in one page: a screen or two for people, a round trip for programs.
pub const PAGE_LEN_MAX: usize = 100;
