//! A command: one or more acts that stand or fall together, with an id that its client chose.

use serde_json::{Map, Value as Json, json};
use valueflows::{BadValue, Id, Part};

use crate::act::AnyAct;
use crate::limits::ACTS_MAX;

/// One or more acts that stand or fall together.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// Chosen by the client (UUIDv7): the same id with the same body is the same command, for ever.
    pub id: Id,
    /// On whose behalf.
    pub agent: Id,
    /// What is asked, in order.
    pub acts: Vec<AnyAct>,
    /// The signature of whoever sends it, if they sign what they do.
    pub signed: Option<Signed>,
}

/// A signature over a command, with what it takes to check it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The public key, Ed25519 as a multikey (`z6Mk…`).
    pub key: String,
    /// The signature, 128 hexadecimal digits.
    pub signature: String,
    /// What the personal part was committed to, 64 hexadecimal digits; nothing, where there is none.
    pub personal: Option<String>,
    /// The salt of that commitment, 32 hexadecimal digits; gone where the personal part is erased.
    pub salt: Option<String>,
}

impl Signed {
    /// As it stands in one part of a command.
    pub fn to_json(&self, part: Part) -> Json {
        let mut map = Map::new();
        let mut put = |name: &str, value: &Option<String>| {
            if let Some(value) = value {
                map.insert(name.to_owned(), json!(value));
            }
        };
        if part != Part::Personal {
            put("key", &Some(self.key.clone()));
            put("signature", &Some(self.signature.clone()));
            put("personal", &self.personal);
        }
        if part != Part::Books {
            put("salt", &self.salt);
        }
        Json::Object(map)
    }

    /// Reads one.
    pub fn from_json(json: &Json) -> Result<Signed, BadValue> {
        let map = json.as_object().ok_or(BadValue::WrongShape { name: "signed", wanted: "an object" })?;
        let read = ledger::act::Reader(map);
        read.only(&["key", "signature", "personal", "salt"])?;
        let hex = |name: &'static str, digits: usize| -> Result<String, BadValue> {
            let text = read.text(name)?;
            match is_hex(text, digits) {
                true => Ok(text.to_owned()),
                false => Err(BadValue::WrongShape { name, wanted: "hexadecimal digits, as many as it has" }),
            }
        };
        let optional = |name, digits| map.get(name).map(|_| hex(name, digits)).transpose();
        Ok(Signed {
            key: read.text("key")?.to_owned(),
            signature: hex("signature", 128)?,
            personal: optional("personal", 64)?,
            salt: optional("salt", 32)?,
        })
    }
}

/// Whether a text is so many hexadecimal digits, in small letters.
pub(crate) fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

impl Command {
    /// A command that nobody has signed.
    pub fn new(id: Id, agent: Id, acts: Vec<AnyAct>) -> Command {
        Command { id, agent, acts, signed: None }
    }

    /// The command in JSON, in one of its parts. The personal part is a list with one object an act.
    pub fn to_json(&self, part: Part) -> Json {
        let acts: Vec<Json> = self.acts.iter().map(|act| act.to_json(part)).collect();
        match part {
            Part::Personal if acts.iter().all(says_nothing) => Json::Null,
            Part::Personal => Json::Array(acts),
            _ => {
                let mut whole =
                    json!({"id": self.id.to_string(), "agent": self.agent.to_string(), "acts": acts});
                if let (Json::Object(map), Some(signed)) = (&mut whole, &self.signed) {
                    map.insert("signed".to_owned(), signed.to_json(part));
                }
                whole
            }
        }
    }

    /// Reads a command as it arrives, or as it stands whole in a journal.
    pub fn from_json(json: &Json) -> Result<Command, BadValue> {
        let map = json.as_object().ok_or(BadValue::WrongShape { name: "command", wanted: "an object" })?;
        let read = ledger::act::Reader(map);
        read.only(&["id", "agent", "acts", "signed"])?;
        let acts = map.get("acts").and_then(Json::as_array);
        let acts = acts.ok_or(BadValue::WrongShape { name: "acts", wanted: "a list of acts" })?;
        if acts.is_empty() {
            return Err(BadValue::Missing { class: "command", name: "acts" });
        }
        if acts.len() > ACTS_MAX {
            return Err(BadValue::TooLong { name: "acts", limit: ACTS_MAX });
        }
        Ok(Command {
            id: read.id("id")?,
            agent: read.id("agent")?,
            acts: acts.iter().map(AnyAct::from_json).collect::<Result<_, _>>()?,
            signed: map.get("signed").map(Signed::from_json).transpose()?,
        })
    }

    /// Puts books and personal parts of a journaled command together again.
    pub fn from_parts(books: &Json, personal: &Json) -> Result<Command, BadValue> {
        let mut whole = books.clone();
        if let (Some(acts), Some(personal)) =
            (whole.get_mut("acts").and_then(Json::as_array_mut), personal.as_array())
        {
            acts.iter_mut().zip(personal).for_each(|(act, personal)| merge(act, personal));
        }
        if personal.is_null() {
            whole.get_mut("acts").and_then(Json::as_array_mut).into_iter().flatten().for_each(leave_blank);
        }
        Command::from_json(&whole)
    }
}

/// What an act cannot be read without, where it has been erased: nothing is said in its place.
fn leave_blank(act: &mut Json) {
    let Json::Object(map) = act else { return };
    let name = map.get("act").and_then(Json::as_str).unwrap_or_default();
    let (what, blank) = match name {
        "admit" => ("name", json!("")),
        "waive" => ("reason", json!("")),
        "found" | "foundNetwork" => {
            let count = map.get("stewardCount").and_then(Json::as_u64).unwrap_or_default();
            ("stewards", (0..count).map(|_| json!("")).collect())
        }
        _ => return,
    };
    map.entry(what).or_insert(blank);
}

/// Whether the personal part of an act says nothing. A ballot that names nothing says just that.
fn says_nothing(act: &Json) -> bool {
    act.get("choice").is_none() && is_empty(act)
}

fn is_empty(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::Object(map) => map.values().all(is_empty),
        Json::Array(list) => list.iter().all(is_empty),
        _ => false,
    }
}

/// Adds the members of one object to another, at every depth.
fn merge(into: &mut Json, from: &Json) {
    match (into, from) {
        (Json::Object(into), Json::Object(from)) => {
            for (key, value) in from {
                match into.get_mut(key) {
                    Some(known) => merge(known, value),
                    None => {
                        into.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Json::Array(into), Json::Array(from)) => into.iter_mut().zip(from).for_each(|(a, b)| merge(a, b)),
        _ => {}
    }
}
