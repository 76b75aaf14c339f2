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
/// What one stream of a PDF may unpack to, bytes: tables of its objects are a hundredth of that.
pub const PAPER_STREAM_BYTES_MAX: usize = 32 << 20;
/// Longest paper that is taken, bytes: instructions with pictures. It leaves no longer than it came, but for a little.
pub const PAPER_BYTES_MAX: usize = 4 << 20;
/// What the process may take that cleans a paper: seconds of processor time, seconds of waiting, bytes of memory.
pub const PAPER_CPU_S_MAX: u64 = 10;
pub const PAPER_WALL_S_MAX: u64 = 20;
pub const PAPER_SPACE_BYTES_MAX: u64 = 768 << 20;
