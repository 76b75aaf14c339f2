//! The named limits of files, each with its reason.

/// Largest file, bytes: a hundred thousand records; more comes as several files.
pub const FILE_BYTES_MAX: usize = 16 << 20;
/// How deep a file nests: flows within processes within lists take ten.
pub const DEPTH_MAX: usize = 64;
/// Values in a file.
pub const VALUES_MAX: usize = 2_000_000;
/// Acts in one command; what has more is taken in parts.
pub const ACTS_MAX: usize = 1_000;
/// Faults that are shown; the first ones say it all.
pub const FAULTS_MAX: usize = 20;
