//! The journal: entries that are never changed, and the proofs over them.
//!
//! One entry is what was asked, what it made and how it was judged. Its header names two salted
//! commitments, one over the *books* part (never erased) and one over the *personal* part (erasable
//! with its salt), the entry before it, and its place. The hash of the header is at once the next
//! link of the chain and the leaf of a Merkle log (RFC 6962); a signed checkpoint (the C2SP note
//! form) closes every batch.
//!
//! Invariants:
//! - canonical bytes only (JCS, RFC 8785); duplicate keys, floats and deep nesting are refused;
//! - erasing a personal part changes no hash;
//! - nothing here knows SQL, Cedar, wasmtime, a clock or a random source.
//!
//! ```
//! use journal::canonical;
//! assert!(canonical::parse(br#"{"a":1,"a":2}"#).is_err());
//! assert_eq!(canonical::bytes(&serde_json::json!({"b": 1, "a": "x"})).unwrap(), br#"{"a":"x","b":1}"#);
//! ```

pub mod canonical;
pub mod checkpoint;
pub mod digest;
pub mod entry;
pub mod error;
pub mod limits;
pub mod merkle;
pub mod signature;

pub use checkpoint::{Checkpoint, Signer};
pub use digest::{Digest, hex, unhex};
pub use entry::{Body, Entry, Salt};
pub use error::JournalError;
pub use merkle::Frontier;
