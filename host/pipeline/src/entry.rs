//! The two parts of an entry: composed here when it is written, taken apart here when it is read.

use governance::Command;
use journal::{Body, Entry};
use policy::{SignedBy, Via};
use serde_json::{Map, Value as Json, json};
use valueflows::{BadValue, Class, Fields, Id, Instant, Part, Prop, Record};

use crate::decision::{Decision, Refused};
use crate::error::Rejection;

/// Everything that one entry says.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// What was asked.
    pub command: Command,
    /// By which door.
    pub via: Via,
    /// What it made: whole records at their new versions.
    pub made: Vec<Record>,
    /// Deadlines that begin to stand.
    pub due: Vec<(Instant, Id)>,
    /// Promises whose deadlines no longer stand.
    pub settled: Vec<Id>,
    /// How it was judged.
    pub judged: Json,
}

impl Written {
    /// The two parts.
    pub fn body(&self) -> Body {
        let made: Vec<Json> = self
            .made
            .iter()
            .map(|record| {
                let fields = record.fields.to_json(record.class, Part::Books);
                json!([record.class.as_str(), record.id.to_string(), record.version, fields])
            })
            .collect();
        let mut books = json!({
            "asked": self.command.to_json(Part::Books), "via": self.via.as_str(), "judged": self.judged,
        });
        if let Json::Object(map) = &mut books {
            if let Some(delegation) = self.via.delegation() {
                map.insert("delegation".to_owned(), json!(delegation));
            }
            let mut put = |name: &str, list: Vec<Json>| {
                if !list.is_empty() {
                    map.insert(name.to_owned(), Json::Array(list));
                }
            };
            put("made", made);
            put("due", self.due.iter().map(|(at, id)| json!([at.0, id.to_string()])).collect());
            put("settled", self.settled.iter().map(|id| json!(id.to_string())).collect());
        }
        Body { books, personal: self.personal() }
    }

    fn personal(&self) -> Json {
        let mut personal = Map::new();
        if let Json::Array(acts) = self.command.to_json(Part::Personal) {
            personal.insert("acts".to_owned(), Json::Array(acts));
        }
        if let Some(salt) = self.command.signed.as_ref().and_then(|signed| signed.salt.as_ref()) {
            personal.insert("salt".to_owned(), json!(salt));
        }
        let made: Map<String, Json> = self
            .made
            .iter()
            .map(|record| (record.id.to_string(), record.fields.to_json(record.class, Part::Personal)))
            .filter(|(_, fields)| fields.as_object().is_some_and(|map| !map.is_empty()))
            .collect();
        if !made.is_empty() {
            personal.insert("made".to_owned(), Json::Object(made));
        }
        if personal.is_empty() { Json::Null } else { Json::Object(personal) }
    }

    /// What an entry says.
    pub(crate) fn of(entry: &Entry) -> Result<Written, Rejection> {
        Written::read(&entry.body()?).map_err(|error| Rejection::Internal(error.to_string()))
    }

    /// Takes an entry's parts apart.
    pub fn read(body: &Body) -> Result<Written, BadValue> {
        let shape = |name| BadValue::WrongShape { name, wanted: "what an entry holds" };
        let nothing = Json::Null;
        let part = |name: &str| body.books.get(name).unwrap_or(&nothing);
        let list = |name: &str| part(name).as_array().cloned().unwrap_or_default();
        let personal = |name: &str| body.personal.get(name).cloned().unwrap_or(Json::Null);
        let delegation = part("delegation").as_str().map(str::parse).transpose()?;
        let via = part("via").as_str().and_then(|via| Via::parse(via, delegation)).ok_or(shape("via"))?;
        let named = personal("made");
        let made = list("made").iter().map(|row| made(row, &named)).collect::<Result<_, _>>()?;
        let due = list("due")
            .iter()
            .map(|row| {
                let at = row.get(0).and_then(Json::as_i64).ok_or(shape("due"))?;
                Ok((Instant(at), row.get(1).and_then(Json::as_str).ok_or(shape("due"))?.parse()?))
            })
            .collect::<Result<_, BadValue>>()?;
        let settled = list("settled")
            .iter()
            .map(|id| id.as_str().ok_or(shape("settled"))?.parse())
            .collect::<Result<_, _>>()?;
        let mut command = Command::from_parts(part("asked"), &personal("acts"))?;
        if let Some(signed) = &mut command.signed {
            signed.salt = personal("salt").as_str().map(str::to_owned);
        }
        Ok(Written { command, via, made, due, settled, judged: part("judged").clone() })
    }

    /// The verdict.
    pub fn decision(&self) -> Decision {
        match self.judged.get("refused").and_then(Refused::from_json) {
            Some(refused) => Err(refused),
            None => Ok(()),
        }
    }

    /// The deadlines that stand after it.
    pub fn standing(&self) -> impl Iterator<Item = (Instant, Id)> + '_ {
        standing(&self.due, &self.settled, &self.made)
    }

    /// The rules that come into force with it, if any do: only what comes into force has a beginning.
    pub fn enacts(&self) -> Option<&Record> {
        enacted(&self.made)
    }

    /// By whose key it is signed.
    pub fn signed_by(&self) -> SignedBy {
        self.judged.get("signedBy").and_then(Json::as_str).and_then(SignedBy::parse).unwrap_or_default()
    }

    /// The entry that enacted the rules it was judged under.
    pub fn book(&self) -> u64 {
        self.judged.get("book").and_then(Json::as_u64).unwrap_or_default()
    }
}

/// The deadlines that stand after a command. A promise that it makes and settles has none; what governs is settled
/// first, and gets the deadline of where it stands now.
pub(crate) fn standing<'a>(
    due: &'a [(Instant, Id)],
    settled: &'a [Id],
    made: &'a [Record],
) -> impl Iterator<Item = (Instant, Id)> + 'a {
    let governs = |id: Id| made.iter().any(|record| record.id == id && record.class.is_governing());
    due.iter().filter(move |(_, id)| !settled.contains(id) || governs(*id)).copied()
}

/// The rule book among what was made that comes into force with it.
pub(crate) fn enacted(made: &[Record]) -> Option<&Record> {
    let begins = |record: &&Record| {
        record.class == Class::RuleBook && record.fields.instant(Prop::HasBeginning).is_some()
    };
    made.iter().find(begins)
}

fn made(row: &Json, personal: &Json) -> Result<Record, BadValue> {
    let shape = BadValue::WrongShape { name: "made", wanted: "what an entry holds" };
    let text = |n: usize| row.get(n).and_then(Json::as_str).ok_or(shape.clone());
    let class = Class::parse(text(0)?)?;
    let id: Id = text(1)?.parse()?;
    let version =
        row.get(2).and_then(Json::as_u64).and_then(|n| u32::try_from(n).ok()).ok_or(shape.clone())?;
    let books = row.get(3).and_then(Json::as_object).ok_or(shape)?;
    let mut fields = Fields::from_json(class, books)?;
    if let Some(Json::Object(personal)) = personal.get(id.to_string()) {
        fields.extend(Fields::from_json(class, personal)?);
    }
    Ok(Record { id, class, version, fields })
}
