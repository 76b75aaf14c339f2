//! What is taken out of use: components that the operator has revoked, and such as cannot be loaded any more.
//!
//! It stands in the record of the rules in force, beside the book and not in it: the book is what was voted on, and its
//! digest stays. What is withheld has no end by itself; it ends when other rules name another component, or when the reason
//! is gone. Nobody is locked out by it, since no act of governing asks a plugin.

use ledger::act::Reader;
use ledger::{Circumstances, Outcome, Refusal, Stop, View};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use valueflows::{BadValue, Class, Fields, Prop, Record, Value};

use crate::amendment::InForce;
use crate::decide::{check_name, refuse};

/// Why a component is out of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// The operator has revoked it.
    Revoked,
    /// It cannot be loaded: its bytes are gone or changed, or this program does not admit them.
    Failed,
}

/// What answers in the place of a withheld component: the last that the network bound there before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandIn {
    /// Its digest.
    pub component: String,
    /// The settings that it had then.
    pub settings: Json,
}

/// A component of the rules in force that is out of use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withheld {
    /// The plugin's name in the rules.
    pub plugin: String,
    /// The component's digest.
    pub component: String,
    /// Why.
    pub why: Why,
    /// The same in the operator's words, or the machine's.
    pub because: String,
    /// What answers in its place; without it, what needs it is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<StandIn>,
}

/// An act of withholding. All are the operator's, or the node's own: nobody is asked, and everybody is told.
#[derive(Debug, Clone, PartialEq)]
pub enum WithholdAct {
    /// The operator revokes components, in the node's own network: what follows in each network is an entry of its own.
    RevokePlugin {
        /// A component by its digest, a key, or versions of a plugin.
        what: String,
        /// Why; everybody reads it.
        because: String,
    },
    /// The operator takes a revocation back.
    UnrevokePlugin {
        /// As it was revoked.
        what: String,
    },
    /// From now on these components of the rules in force are out of use, and no others.
    Withhold {
        /// Which; none where all are in use again.
        withheld: Vec<Withheld>,
        /// The book, where no record of the rules stands: the first networks were founded without.
        book: Option<Json>,
    },
}

const NAMES: [&str; 3] = ["revokePlugin", "unrevokePlugin", "withhold"];

impl WithholdAct {
    /// The name under which the act is written.
    pub fn name(&self) -> &'static str {
        match self {
            WithholdAct::RevokePlugin { .. } => "revokePlugin",
            WithholdAct::UnrevokePlugin { .. } => "unrevokePlugin",
            WithholdAct::Withhold { .. } => "withhold",
        }
    }

    pub(crate) fn parts(&self) -> (Json, Json) {
        let books = match self {
            WithholdAct::RevokePlugin { what, because } => json!({"what": what, "because": because}),
            WithholdAct::UnrevokePlugin { what } => json!({"what": what}),
            WithholdAct::Withhold { withheld, book: None } => json!({"withheld": withheld}),
            WithholdAct::Withhold { withheld, book } => json!({"withheld": withheld, "book": book}),
        };
        (books, json!({}))
    }

    /// Reads an act; none where the name is no name of one of these.
    pub(crate) fn from_json(name: &str, map: &Map<String, Json>) -> Option<Result<WithholdAct, BadValue>> {
        NAMES.contains(&name).then(|| WithholdAct::read(name, map))
    }

    fn read(name: &str, map: &Map<String, Json>) -> Result<WithholdAct, BadValue> {
        let read = Reader(map);
        match name {
            "revokePlugin" => {
                read.only(&["what", "because"])?;
                let (what, because) = (read.text("what")?.to_owned(), read.text("because")?.to_owned());
                Ok(WithholdAct::RevokePlugin { what, because })
            }
            "unrevokePlugin" => {
                read.only(&["what"])?;
                Ok(WithholdAct::UnrevokePlugin { what: read.text("what")?.to_owned() })
            }
            _ => {
                read.only(&["withheld", "book"])?;
                let wrong =
                    BadValue::WrongShape { name: "withheld", wanted: "components, each with a reason" };
                let withheld = map.get("withheld").cloned().unwrap_or_default();
                let withheld = serde_json::from_value(withheld).map_err(|_| wrong)?;
                Ok(WithholdAct::Withhold { withheld, book: map.get("book").cloned() })
            }
        }
    }
}

/// What is withheld, as the record of a rule book has it.
pub fn of(book: &Record) -> Vec<Withheld> {
    let listed = book.fields.document(Prop::Withheld).cloned();
    listed.and_then(|listed| serde_json::from_value(listed).ok()).unwrap_or_default()
}

/// Writes what is withheld of a book into its record: of what it binds, and nothing else.
pub(crate) fn note<'a>(book: &mut Record, withheld: impl Iterator<Item = &'a Withheld>) {
    let bindings = book.fields.document(Prop::Book).and_then(|book| book.get("bindings"));
    let bound: Vec<&str> = bindings
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .filter_map(|binding| binding.get("component")?.as_str())
        .collect();
    let mut kept: Vec<&Withheld> = Vec::new();
    for one in withheld.filter(|one| bound.contains(&&*one.component)) {
        if kept.iter().all(|known| known.component != one.component) {
            kept.push(one);
        }
    }
    match kept.is_empty() {
        true => drop(book.fields.remove(Prop::Withheld)),
        false => book.fields.set(Prop::Withheld, Value::document(json!(kept))),
    }
}

pub(crate) fn decide(
    view: &View,
    act: &WithholdAct,
    with: &mut Circumstances,
    rules: &InForce<'_>,
) -> Result<Outcome, Stop> {
    match act {
        // Only the fact: what follows in networks is theirs.
        WithholdAct::RevokePlugin { what, because } => {
            check_name(what)?;
            match because.trim().is_empty() || because.len() > 2_000 {
                true => Err(refuse("no-reason", "whoever revokes something says why", "Give a reason.")),
                false => Ok(Outcome::default()),
            }
        }
        WithholdAct::UnrevokePlugin { what } => check_name(what).map(|()| Outcome::default()),
        WithholdAct::Withhold { withheld, book } => {
            let mut record = match (rules.record, book) {
                (Some(id), _) => {
                    let record = view.record(id)?.ok_or(Refusal::Dangling { prop: "record", id })?;
                    let mut record = Record::clone(&record);
                    record.version += 1;
                    record
                }
                (None, Some(book)) => unrecorded(book, with, rules),
                (None, None) => return Err(Refusal::Shape("these rules have no record".into()).into()),
            };
            note(&mut record, withheld.iter());
            Ok(Outcome { records: vec![record], ..Outcome::default() })
        }
    }
}

/// The record of rules that have none yet.
fn unrecorded(book: &Json, with: &mut Circumstances, rules: &InForce<'_>) -> Record {
    let units = rules.units.into_iter().flatten().map(|(label, (id, decimals))| json!([label, id, decimals]));
    let mut units: Vec<Json> = units.collect();
    units.sort_by_key(Json::to_string);
    let name = book.get("name").and_then(Json::as_str).unwrap_or_default();
    let fields = Fields::new()
        .with(Prop::Name, Value::Text(name.to_owned()))
        .with(Prop::Digest, Value::Text(rules.digest.to_owned()))
        .with(Prop::Book, Value::document(book.clone()))
        .with(Prop::Units, Value::document(Json::Array(units)))
        .with(Prop::Created, Value::Instant(with.now))
        .with(Prop::HasBeginning, Value::Instant(with.now));
    Record::new(with.next_id(), Class::RuleBook, fields)
}
