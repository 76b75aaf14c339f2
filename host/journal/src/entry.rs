//! One entry: two salted parts, a header, a hash.

use serde_json::{Value, json};
use valueflows::{Id, Instant, NetworkId};

use crate::canonical;
use crate::digest::Digest;
use crate::error::JournalError;
use crate::limits::{ENTRY_BYTES_MAX, FORMAT};

/// Sixteen random bytes that hide a part behind its commitment.
pub type Salt = [u8; 16];

/// What an entry says, before it is sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// What was asked, made and judged; never erased.
    pub books: Value,
    /// Names, notes and other personal values; `null` when there are none.
    pub personal: Value,
}

/// A sealed entry, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The network whose books these are.
    pub network: NetworkId,
    /// Its place, from 1.
    pub seq: u64,
    /// When it was judged.
    pub at: Instant,
    /// The hash of the entry before it; noughts for the first.
    pub previous: Digest,
    /// Canonical bytes of the books part.
    pub books: Vec<u8>,
    /// Its salt.
    pub books_salt: Salt,
    /// Canonical bytes of the personal part and its salt; `None` when there is none or it was erased.
    pub personal: Option<(Vec<u8>, Salt)>,
    /// What the personal part was committed to; noughts when there never was one.
    pub personal_commitment: Digest,
    /// The format it was written in.
    pub format: u32,
    /// The command that caused it.
    pub command: Id,
}

impl Entry {
    /// Seals a body: canonical bytes, commitments.
    pub fn seal(
        (network, seq, at): (NetworkId, u64, Instant),
        previous: Digest,
        command: Id,
        body: &Body,
        salts: (Salt, Salt),
    ) -> Result<Entry, JournalError> {
        let books = canonical::bytes(&body.books)?;
        let personal = match &body.personal {
            Value::Null => None,
            personal => Some((canonical::bytes(personal)?, salts.1)),
        };
        let size = books.len() + personal.as_ref().map_or(0, |(bytes, _)| bytes.len());
        if size > ENTRY_BYTES_MAX {
            return Err(JournalError::TooLarge { bytes: size, limit: ENTRY_BYTES_MAX });
        }
        let personal_commitment =
            personal.as_ref().map(|(bytes, salt)| commitment("personal", salt, bytes)).unwrap_or_default();
        Ok(Entry {
            network,
            seq,
            at,
            previous,
            books,
            books_salt: salts.0,
            personal,
            personal_commitment,
            format: FORMAT,
            command,
        })
    }

    /// The hash of the header: the next link of the chain, and the leaf of the Merkle log.
    pub fn hash(&self) -> Result<Digest, JournalError> {
        let header = json!({
            "at": self.at.0,
            "books": commitment("books", &self.books_salt, &self.books).to_string(),
            "command": self.command.to_string(),
            "format": self.format,
            "network": self.network.to_string(),
            "personal": self.personal_commitment.to_string(),
            "previous": self.previous.to_string(),
            "seq": self.seq,
        });
        Ok(crate::merkle::leaf(&canonical::bytes(&header)?))
    }

    /// Checks that the personal part is what was committed to, or erased; the books part is
    /// covered by the hash.
    pub fn check_personal(&self) -> Result<(), JournalError> {
        match &self.personal {
            Some((bytes, salt)) if commitment("personal", salt, bytes) != self.personal_commitment => {
                Err(JournalError::PartChanged { seq: self.seq, part: "personal" })
            }
            _ => Ok(()),
        }
    }

    /// Bytes of both parts.
    pub fn size(&self) -> usize {
        self.books.len() + self.personal.as_ref().map_or(0, |(bytes, _)| bytes.len())
    }

    /// Whether a personal part was written and is gone.
    pub fn is_erased(&self) -> bool {
        self.personal.is_none() && self.personal_commitment != Digest::default()
    }

    /// Reads the parts back, lifted to the newest format.
    pub fn body(&self) -> Result<Body, JournalError> {
        if self.format != FORMAT {
            return Err(JournalError::UnknownFormat { seq: self.seq, format: self.format });
        }
        let personal = match &self.personal {
            Some((bytes, _)) => canonical::parse(bytes)?,
            None => Value::Null,
        };
        Ok(Body { books: canonical::parse(&self.books)?, personal })
    }
}

fn commitment(part: &str, salt: &Salt, bytes: &[u8]) -> Digest {
    Digest::of(&[b"reflow ", part.as_bytes(), b"\0", salt, bytes])
}
