//! Identifiers: sixteen bytes, written as UUIDs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::error::BadValue;

/// Sixteen bytes, written as a hyphenated UUID.
///
/// A command's id is a UUIDv7 chosen by the client; a record's is a UUIDv8 made of its command's
/// time and a hash, so that a replay makes the same ids.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Id(pub [u8; 16]);

/// A network is named by the first sixteen bytes of its founding command's hash.
pub type NetworkId = Id;

impl Id {
    /// The id of the `n`-th record that a command makes in a network (UUIDv8: the command's
    /// 48 bits of milliseconds, then hash bits).
    pub fn record(network: NetworkId, command: Id, n: u32) -> Id {
        let digest = Sha256::new()
            .chain_update(b"reflow record\0")
            .chain_update(network.0)
            .chain_update(command.0)
            .chain_update(n.to_be_bytes())
            .finalize();
        Id::versioned(command.millis_bytes(), &digest, 8)
    }

    /// A UUIDv7 from milliseconds since 1970 and random bytes (both are values here).
    pub fn v7(at_ms: u64, random: [u8; 16]) -> Id {
        let bytes = at_ms.to_be_bytes();
        let [_, _, a, b, c, d, e, f] = bytes;
        Id::versioned([a, b, c, d, e, f], &random, 7)
    }

    /// The id that a digest names: its first sixteen bytes, marked as UUIDv8.
    pub fn from_digest(digest: &[u8]) -> Id {
        let mut head = [0u8; 6];
        for (to, from) in head.iter_mut().zip(digest) {
            *to = *from;
        }
        Id::versioned(head, digest.get(6..).unwrap_or_default(), 8)
    }

    /// What an IRI is looked up by.
    pub fn of_iri(iri: &str) -> Id {
        let digest = Sha256::new().chain_update(b"reflow iri\0").chain_update(iri).finalize();
        Id::from_digest(&digest)
    }

    /// The 48 bits of milliseconds at the front, as a number.
    pub fn millis(&self) -> u64 {
        self.millis_bytes().iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
    }

    fn millis_bytes(&self) -> [u8; 6] {
        let [a, b, c, d, e, f, ..] = self.0;
        [a, b, c, d, e, f]
    }

    fn versioned(head: [u8; 6], tail: &[u8], version: u8) -> Id {
        let mut bytes = [0u8; 16];
        for (to, from) in bytes.iter_mut().zip(head.iter().chain(tail)) {
            *to = *from;
        }
        let [_, _, _, _, _, _, six, _, eight, ..] = &mut bytes;
        *six = (*six & 0x0f) | (version << 4);
        *eight = (*eight & 0x3f) | 0x80;
        Id(bytes)
    }

    /// The first eight hexadecimal digits: enough to point at one thing in a sentence.
    pub fn short(&self) -> String {
        self.to_string().chars().take(8).collect()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut text = [b'-'; 36];
        let mut at = 0;
        for (n, byte) in self.0.iter().enumerate() {
            if matches!(n, 4 | 6 | 8 | 10) {
                at += 1;
            }
            for digit in [byte >> 4, byte & 15] {
                if let (Some(to), Some(from)) = (text.get_mut(at), HEX.get(usize::from(digit))) {
                    *to = *from;
                }
                at += 1;
            }
        }
        f.pad(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Id {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<Id, BadValue> {
        let bad = || BadValue::BadId(text.chars().take(64).collect());
        if text.len() > 36 {
            return Err(bad());
        }
        let mut bytes = [0u8; 16];
        let mut digits = text.bytes().filter(|byte| *byte != b'-');
        for to in &mut bytes {
            let high = digits.next().and_then(hex_digit).ok_or_else(bad)?;
            let low = digits.next().and_then(hex_digit).ok_or_else(bad)?;
            *to = high << 4 | low;
        }
        match digits.next() {
            Some(_) => Err(bad()),
            None => Ok(Id(bytes)),
        }
    }
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|n| u8::try_from(n).ok())
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
