//! What can be wrong with a journal.

use thiserror::Error;

/// What can be wrong with a journal or with bytes on their way into it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JournalError {
    /// Bytes that are not the JSON that journals are made of.
    #[error("not acceptable as a record of the journal: {0}")]
    NotCanonical(String),
    /// An entry that is too large to be written.
    #[error("an entry of {bytes} bytes; the limit is {limit}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// [`crate::limits::ENTRY_BYTES_MAX`].
        limit: usize,
    },
    /// An entry in a format that this program does not read.
    #[error("entry {seq} is in format {format}, which this program does not read; use a newer one")]
    UnknownFormat {
        /// The entry.
        seq: u64,
        /// Its format.
        format: u32,
    },
    /// A part that does not match its commitment.
    #[error("the {part} part of entry {seq} is not what was written")]
    PartChanged {
        /// The entry.
        seq: u64,
        /// `books` or `personal`.
        part: &'static str,
    },
    /// An entry whose hash is not the one stored beside it.
    #[error("entry {0} does not have the hash that was written with it")]
    HashChanged(u64),
    /// An entry that does not follow the one before it.
    #[error("entry {0} does not follow the entry before it")]
    ChainBroken(u64),
    /// A signature that does not hold.
    #[error("{0}")]
    BadSignature(&'static str),
    /// A checkpoint that no key of the node signed, or over another tree.
    #[error("the checkpoint over {size} entries is not valid: {why}")]
    BadCheckpoint {
        /// Entries covered.
        size: u64,
        /// What is wrong.
        why: &'static str,
    },
}
