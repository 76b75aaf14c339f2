//! The named limits of the journal, each with its reason.

/// Deepest nesting of any JSON that is read: acts need six levels, no reader should recurse further.
pub const JSON_DEPTH_MAX: usize = 32;
/// Largest entry, bytes: a command of 1,000 acts with its records, with room to spare.
pub const ENTRY_BYTES_MAX: usize = 8 << 20;
/// The format that entries are written in; older ones are lifted when they are read.
pub const FORMAT: u32 = 1;
