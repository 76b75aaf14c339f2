//! The named limits of this door, each with its reason.

/// Longest body, bytes: a command of 1,000 acts, each with a long note, has about half.
pub const BODY_BYTES_MAX: usize = 4 << 20;
