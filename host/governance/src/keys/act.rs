//! The acts by which keys come, change and are given back, as they are written.

use std::fmt;
use std::str::FromStr;

use ledger::act::Reader;
use serde_json::{Map, Value as Json, json};
use valueflows::{BadValue, Id};

use crate::command::is_hex;

/// Who has the secret part of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// A member's browser, which does not hand it out.
    Browser,
    /// The member, outside any browser: a file, a card.
    Own,
}

impl Held {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Held::Browser => "browser",
            Held::Own => "own",
        }
    }

    /// Reads it back.
    pub fn parse(text: &str) -> Option<Held> {
        [Held::Browser, Held::Own].into_iter().find(|held| held.as_str() == text)
    }
}

/// A key and the digest of the one after it; as text, what somebody gives their guardians.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPair {
    /// The public key, Ed25519 as a multikey (`z6Mk…`).
    pub key: String,
    /// The SHA-256 of the next public key's text, in hexadecimal.
    pub next: String,
    /// Who has its secret part.
    pub held: Held,
}

impl fmt::Display for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.key, self.next, self.held.as_str())
    }
}

impl FromStr for KeyPair {
    type Err = BadValue;

    fn from_str(text: &str) -> Result<KeyPair, BadValue> {
        let wanted = "a key, the digest of the next one and where it is held, with dots between";
        let wrong = BadValue::WrongShape { name: "key", wanted };
        let mut parts = text.trim().split('.');
        let (Some(key), Some(next), Some(held), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(wrong);
        };
        let pair = KeyPair { key: key.into(), next: next.into(), held: Held::parse(held).ok_or(wrong)? };
        pair.checked()
    }
}

impl KeyPair {
    fn checked(self) -> Result<KeyPair, BadValue> {
        let base58 = |byte: u8| byte.is_ascii_alphanumeric() && !b"0OIl".contains(&byte);
        if self.key.len() != KEY_BYTES || !self.key.starts_with("z6Mk") || !self.key.bytes().all(base58) {
            return Err(BadValue::WrongShape { name: "key", wanted: "an Ed25519 key that begins with z6Mk" });
        }
        if !is_hex(&self.next, 64) {
            return Err(BadValue::WrongShape { name: "next", wanted: "64 hexadecimal digits" });
        }
        Ok(self)
    }

    fn read(map: &Map<String, Json>) -> Result<KeyPair, BadValue> {
        let read = Reader(map);
        let held = Held::parse(read.text("held")?)
            .ok_or(BadValue::WrongShape { name: "held", wanted: "`browser` or `own`" })?;
        let pair = KeyPair { key: read.text("key")?.into(), next: read.text("next")?.into(), held };
        pair.checked()
    }

    fn to_json(&self) -> Json {
        json!({"key": self.key, "next": self.next, "held": self.held.as_str()})
    }
}

/// Letters of an Ed25519 multikey: two bytes of what it is and 32 of key, in base 58, after a `z`.
const KEY_BYTES: usize = 48;

/// Something about a key.
#[derive(Debug, Clone, PartialEq)]
pub enum KeyAct {
    /// A member begins to sign what they do.
    Enrol {
        /// With which key.
        pair: KeyPair,
        /// Who gives them another, should it be lost.
        guardians: Vec<Id>,
        /// How many of those have to say so.
        needed: u32,
    },
    /// The next key takes the place of the one in use.
    Rotate {
        /// The next key, and the digest of the one after it.
        pair: KeyPair,
    },
    /// A member names others as those who give them a key.
    NameGuardians {
        /// Whom.
        guardians: Vec<Id>,
        /// How many of those have to say so.
        needed: u32,
    },
    /// Somebody says that a member has lost their key, and which one they are to have.
    Recover {
        /// The member.
        member: Id,
        /// The key they are to have.
        pair: KeyPair,
    },
}

const NAMES: [&str; 4] = ["enrolKey", "rotateKey", "nameGuardians", "recoverKey"];

impl KeyAct {
    /// The name under which the act is written.
    pub fn name(&self) -> &'static str {
        match self {
            KeyAct::Enrol { .. } => "enrolKey",
            KeyAct::Rotate { .. } => "rotateKey",
            KeyAct::NameGuardians { .. } => "nameGuardians",
            KeyAct::Recover { .. } => "recoverKey",
        }
    }

    /// Whose key it is about, if not that of whoever acts.
    pub fn member(&self) -> Option<Id> {
        match self {
            KeyAct::Recover { member, .. } => Some(*member),
            _ => None,
        }
    }

    /// The key that it names.
    pub fn pair(&self) -> Option<&KeyPair> {
        match self {
            KeyAct::Enrol { pair, .. } | KeyAct::Rotate { pair } | KeyAct::Recover { pair, .. } => Some(pair),
            KeyAct::NameGuardians { .. } => None,
        }
    }

    pub(crate) fn guardians(&self) -> &[Id] {
        match self {
            KeyAct::Enrol { guardians, .. } | KeyAct::NameGuardians { guardians, .. } => guardians,
            _ => &[],
        }
    }

    pub(crate) fn parts(&self) -> (Json, Json) {
        let mut books = self.pair().map_or(json!({}), KeyPair::to_json);
        if let Json::Object(map) = &mut books {
            match self {
                KeyAct::Enrol { guardians, needed, .. } | KeyAct::NameGuardians { guardians, needed } => {
                    map.insert("guardians".into(), json!(guardians));
                    map.insert("needed".into(), json!(needed));
                }
                KeyAct::Recover { member, .. } => {
                    map.insert("member".into(), json!(member));
                }
                KeyAct::Rotate { .. } => {}
            }
        }
        (books, json!({}))
    }

    /// Reads an act; none where the name is no name of one of these.
    pub(crate) fn from_json(name: &str, map: &Map<String, Json>) -> Option<Result<KeyAct, BadValue>> {
        NAMES.contains(&name).then(|| KeyAct::read(name, map))
    }

    fn read(name: &str, map: &Map<String, Json>) -> Result<KeyAct, BadValue> {
        let read = Reader(map);
        let guarded = || -> Result<(Vec<Id>, u32), BadValue> {
            let guardians = read.texts("guardians")?.iter().map(|id| id.parse()).collect::<Result<_, _>>()?;
            let needed = u32::try_from(read.integer("needed")?);
            let needed = needed.map_err(|_| BadValue::WrongShape { name: "needed", wanted: "how many" })?;
            Ok((guardians, needed))
        };
        match name {
            "enrolKey" => {
                read.only(&["key", "next", "held", "guardians", "needed"])?;
                let (guardians, needed) = guarded()?;
                Ok(KeyAct::Enrol { pair: KeyPair::read(map)?, guardians, needed })
            }
            "rotateKey" => {
                read.only(&["key", "next", "held"])?;
                Ok(KeyAct::Rotate { pair: KeyPair::read(map)? })
            }
            "nameGuardians" => {
                read.only(&["guardians", "needed"])?;
                let (guardians, needed) = guarded()?;
                Ok(KeyAct::NameGuardians { guardians, needed })
            }
            _ => {
                read.only(&["member", "key", "next", "held"])?;
                Ok(KeyAct::Recover { member: read.id("member")?, pair: KeyPair::read(map)? })
            }
        }
    }
}
