//! Carrying: a whole node (backup, move) or one network (export, adopt) out of one database and into
//! another, engine and node whatever they are.
//!
//! What is carried is the journal and what no journal holds: components, accounts, tokens, keys. Everything
//! that follows from a journal is written again on arrival, entry by entry, by the same code that wrote it
//! first, and what arrives is checked on the way: chain, roots, signatures. A file of this kind is a `tar.gz`
//! that any tool opens; its last member counts and digests the others, so that a file that was cut is known
//! by its end. Arriving can be interrupted and begun again: it goes on from where the head stands.

mod adopt;
mod arrive;
mod moving;
mod pack;
mod unpack;

use journal::{Checkpoint, Digest, Entry, Frontier, Salt, hex, unhex};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::{Head, State, StoreError, Usage};
use thiserror::Error;
use valueflows::{Id, Instant};

use crate::error::Rejection;

pub use arrive::Arrival;
pub use pack::{What, fingerprint};
pub use unpack::{Open, Restored, check, restore};

/// The format of the file.
pub const FORMAT: u32 = 1;
/// The members whose names are known; a network's stand under its id.
const MANIFEST: &str = "reflow.json";
const SECRETS: &str = "secrets.json";
const CONFIGURATION: &str = "reflow.toml";
const END: &str = "end.json";

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A whole node.
    Backup,
    /// One network that goes to live elsewhere.
    Network,
    /// One network, to be read elsewhere.
    Copy,
}

/// The first member: what the file holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The format of the file.
    pub format: u32,
    /// What it is for.
    pub kind: Kind,
    /// When it was made, microseconds since 1970.
    pub made: i64,
    /// The program that made it.
    pub program: String,
    /// The networks in it.
    pub networks: Vec<Carried>,
}

/// A network's head as it is carried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// Its id.
    pub id: Id,
    /// Its name on the node that it comes from.
    pub name: String,
    /// Whether it is the node's own.
    pub own: bool,
    /// Whether it is a sandbox.
    pub sandbox: bool,
    /// Whether it lived there.
    pub state: String,
    /// The newest entry.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
    /// The books' time.
    pub clock: i64,
    /// The entry that enacted the rules in force.
    pub book: u64,
}

impl Carried {
    fn of(head: &Head) -> Carried {
        Carried {
            id: head.network,
            name: head.name.clone(),
            own: head.key == crate::own::KEY,
            sandbox: head.sandbox,
            state: head.state.as_str().to_owned(),
            seq: head.seq,
            hash: head.hash.to_string(),
            clock: head.clock.0,
            book: head.book_seq,
        }
    }

    /// The head that a network arrives with before its first entry.
    fn empty(&self, key: i64, name: &str) -> Head {
        Head {
            key,
            network: self.id,
            name: name.to_owned(),
            sandbox: self.sandbox,
            seq: 0,
            hash: Digest::default(),
            clock: Instant(i64::MIN / 4),
            book_seq: 1,
            next_key: 1,
            frontier: Frontier::default(),
            state: State::Arriving,
            usage: Usage::default(),
        }
    }
}

/// The last member: what came before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// Members before this one.
    pub members: u64,
    /// SHA-256 over their names, lengths and bytes, in hexadecimal.
    pub sha256: String,
}

/// Why something cannot be carried.
#[derive(Debug, Error)]
pub enum CarryError {
    /// The file, or the disk.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The file ends before its end.
    #[error("the file is cut off: its last member is missing; take another copy of it")]
    Truncated,
    /// A file of another program, or of a newer one.
    #[error("this is no file that this program carries networks in: {0}")]
    Foreign(String),
    /// The file is not what it was.
    #[error("the file has been changed: {0}; take another copy of it")]
    Changed(String),
    /// It cannot be taken in here.
    #[error("{0}")]
    Refused(String),
    /// The node could not.
    #[error("{0}")]
    Rejected(Rejection),
}

impl From<Rejection> for CarryError {
    fn from(rejection: Rejection) -> CarryError {
        CarryError::Rejected(rejection)
    }
}

impl From<StoreError> for CarryError {
    fn from(error: StoreError) -> CarryError {
        CarryError::Rejected(error.into())
    }
}

impl From<journal::JournalError> for CarryError {
    fn from(error: journal::JournalError) -> CarryError {
        CarryError::Changed(error.to_string())
    }
}

/// Entries, with the checkpoints that cover them.
#[derive(Debug, Default)]
pub struct Stretch {
    /// The entries with their hashes, oldest first.
    pub entries: Vec<(Entry, Digest)>,
    /// The checkpoints, smallest first.
    pub checkpoints: Vec<(Checkpoint, String)>,
}

impl Stretch {
    /// As a member: one JSON document a line.
    fn to_bytes(&self) -> Vec<u8> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut bytes = Vec::new();
        for (entry, hash) in &self.entries {
            let personal = entry.personal.as_ref();
            let line = json!({
                "seq": entry.seq, "at": entry.at.0, "command": entry.command, "hash": hash.to_string(),
                "format": entry.format, "books": text(&entry.books), "booksSalt": hex(&entry.books_salt),
                "personal": personal.map(|(bytes, _)| text(bytes)),
                "personalSalt": personal.map(|(_, salt)| hex(salt)),
                "personalCommitment": entry.personal_commitment.to_string(),
            });
            bytes.extend(format!("{line}\n").into_bytes());
        }
        for (point, note) in &self.checkpoints {
            let line = json!({"size": point.size, "root": point.root.to_string(), "note": note});
            bytes.extend(format!("{line}\n").into_bytes());
        }
        bytes
    }

    fn from_bytes(network: Id, bytes: &[u8]) -> Result<Stretch, CarryError> {
        let mut stretch = Stretch::default();
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let line: Json =
                serde_json::from_slice(line).map_err(|error| CarryError::Changed(error.to_string()))?;
            let read = match line.get("seq") {
                Some(_) => entry(network, &line).map(|entry| stretch.entries.push(entry)),
                None => checkpoint(network, &line).map(|point| stretch.checkpoints.push(point)),
            };
            read.ok_or_else(|| CarryError::Changed("a line of its journal cannot be read".into()))?;
        }
        Ok(stretch)
    }
}

fn entry(network: Id, line: &Json) -> Option<(Entry, Digest)> {
    let text = |name: &str| line.get(name).and_then(Json::as_str);
    let digest = |name: &str| -> Option<Digest> { text(name)?.parse().ok() };
    let salt = |name: &str| -> Option<Salt> { unhex(text(name)?)?.try_into().ok() };
    let personal = match text("personal") {
        Some(bytes) => Some((bytes.as_bytes().to_vec(), salt("personalSalt")?)),
        None => None,
    };
    let entry = Entry {
        network,
        seq: line.get("seq")?.as_u64()?,
        at: Instant(line.get("at")?.as_i64()?),
        previous: Digest::default(),
        books: text("books")?.as_bytes().to_vec(),
        books_salt: salt("booksSalt")?,
        personal,
        personal_commitment: digest("personalCommitment")?,
        format: u32::try_from(line.get("format")?.as_u64()?).ok()?,
        command: text("command")?.parse().ok()?,
    };
    Some((entry, digest("hash")?))
}

fn checkpoint(network: Id, line: &Json) -> Option<(Checkpoint, String)> {
    let root = line.get("root")?.as_str()?.parse().ok()?;
    let point = Checkpoint { network, size: line.get("size")?.as_u64()?, root };
    Some((point, line.get("note")?.as_str()?.to_owned()))
}
