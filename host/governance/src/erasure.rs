//! Erasure: what is personal about somebody, or in one record, is taken out of the books and out of the journal's
//! entries. Sums, chain and history survive it: the books part of an entry names nobody.
//!
//! An entry's personal part is one piece, sealed by one salt: it goes whole. What it says of others, and is still
//! so, is written down again in the entry of the erasure. Which entries and records those are is found by whoever
//! runs the node and stands in the act by value, so that the erasure can be judged again without what it erased; no
//! door takes such an act from outside.

use ledger::act::Reader;
use ledger::{Key, Link, Outcome, Refusal, Stop, View};
use serde_json::{Map, Value as Json, json};
use valueflows::{BadValue, Class, Fields, Id, Prop, Record};

use crate::decide::refuse;
use crate::limits::{ERASED_ENTRIES_MAX, ERASED_RECORDS_MAX};
use crate::membership;

/// What is erased, and what is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct EraseAct {
    /// Somebody, or a record.
    pub subject: Id,
    /// Whether the operator does it, since it is unlawful to keep: then no rule is asked.
    pub unlawful: bool,
    /// Why; it stays.
    pub reason: String,
    /// The entries whose personal part goes.
    pub entries: Vec<u64>,
    /// The records that lose everything personal, each at the version at which it was found.
    pub stripped: Vec<(Id, u32)>,
    /// The records of others that those entries spoke of, each at its version.
    pub kept: Vec<(Id, u32)>,
    /// What is personal about these, as it stays (personal part).
    pub fields: Vec<Json>,
}

const NAMES: [&str; 2] = ["erase", "eraseUnlawful"];

impl EraseAct {
    /// The name under which the act is written.
    pub fn name(&self) -> &'static str {
        if self.unlawful { "eraseUnlawful" } else { "erase" }
    }

    pub(crate) fn parts(&self) -> (Json, Json) {
        (
            json!({"subject": self.subject, "reason": self.reason, "entries": self.entries,
                   "stripped": self.stripped, "kept": self.kept}),
            json!({"fields": self.fields}),
        )
    }

    /// Reads an act; none where the name is no name of one of these.
    pub(crate) fn from_json(name: &str, map: &Map<String, Json>) -> Option<Result<EraseAct, BadValue>> {
        NAMES.contains(&name).then(|| EraseAct::read(name, map))
    }

    fn read(name: &str, map: &Map<String, Json>) -> Result<EraseAct, BadValue> {
        let read = Reader(map);
        read.only(&["subject", "reason", "entries", "stripped", "kept", "fields"])?;
        let list = |name: &'static str| map.get(name).and_then(Json::as_array).cloned().unwrap_or_default();
        let wrong = |name| BadValue::WrongShape { name, wanted: "a list of what is erased or kept" };
        let versions = |name: &'static str| {
            let one = |row: &Json| {
                let id = row.get(0)?.as_str()?.parse().ok()?;
                Some((id, u32::try_from(row.get(1)?.as_u64()?).ok()?))
            };
            list(name).iter().map(one).collect::<Option<Vec<_>>>().ok_or(wrong(name))
        };
        let entries = list("entries").iter().map(Json::as_u64).collect::<Option<Vec<_>>>();
        let kept = versions("kept")?;
        let mut fields = list("fields");
        // What was erased with somebody else leaves nothing to say.
        fields.resize(kept.len(), json!({}));
        Ok(EraseAct {
            subject: read.id("subject")?,
            unlawful: name == "eraseUnlawful",
            reason: read.text("reason")?.to_owned(),
            entries: entries.ok_or(wrong("entries"))?,
            stripped: versions("stripped")?,
            kept,
            fields,
        })
    }
}

/// The keys that an act names itself.
pub(crate) fn first_keys(act: &EraseAct) -> Vec<Key> {
    let records = act.stripped.iter().chain(&act.kept).map(|(id, _)| Key::Record(*id));
    records.chain([Key::Record(act.subject), Key::Linked(membership::link(act.subject))]).collect()
}

pub(crate) fn decide(view: &View, act: &EraseAct) -> Result<Outcome, Stop> {
    let subject = view.record(act.subject)?.ok_or(Refusal::Dangling { prop: "subject", id: act.subject })?;
    if act.reason.trim().is_empty() {
        return Err(refuse("no-reason", "whoever erases something says why", "Give a reason."));
    }
    if act.entries.len() > ERASED_ENTRIES_MAX || act.stripped.len() + act.kept.len() > ERASED_RECORDS_MAX {
        return Err(Refusal::Shape("that is too much to be erased at once".to_owned()).into());
    }
    if subject.class.is_agent() && !act.unlawful {
        gone(view, act.subject)?;
    }
    let mut outcome = Outcome::default();
    for (id, version) in &act.stripped {
        let mut record = at_version(view, *id, *version)?;
        strip(&mut record);
        record.version += 1;
        outcome.records.push(record);
    }
    for ((id, version), fields) in act.kept.iter().zip(&act.fields) {
        let mut record = at_version(view, *id, *version)?;
        strip(&mut record);
        let nothing = Map::new();
        let fields = Fields::from_json(record.class, fields.as_object().unwrap_or(&nothing));
        let fields = fields.map_err(|bad| Refusal::Shape(bad.to_string()))?;
        let personal = |prop| valueflows::Part::Personal.holds(record.class, prop);
        if fields.iter().any(|(prop, _)| !personal(prop)) {
            return Err(Refusal::Shape("only what is personal is written down again".to_owned()).into());
        }
        record.fields.extend(fields);
        record.version += 1;
        outcome.records.push(record);
    }
    Ok(outcome)
}

/// Takes everything personal out of a record.
pub fn strip(record: &mut Record) {
    for property in record.class.properties().iter().filter(|property| property.personal) {
        record.fields.remove(property.prop);
    }
}

/// Whose a record is, as far as what is personal in it goes.
pub fn whose(record: &Record) -> impl Iterator<Item = Id> + '_ {
    let props: &[Prop] = match record.class {
        Class::Ballot => &[Prop::Voter],
        Class::Application | Class::Exception => &[Prop::Member],
        Class::Amendment | Class::Stop => &[Prop::Author],
        Class::EconomicResource => &[Prop::PrimaryAccountable],
        Class::EconomicEvent | Class::Commitment | Class::Intent | Class::Agreement => {
            &[Prop::Provider, Prop::Receiver]
        }
        _ => &[],
    };
    let own = record.class.is_agent().then_some(record.id);
    props.iter().filter_map(|prop| record.fields.id(*prop)).chain(own)
}

/// Whoever is erased has gone, and nobody waits for anything of theirs.
fn gone(view: &View, agent: Id) -> Result<(), Stop> {
    if membership::of(view, agent)?.is_some() {
        return Err(refuse(
            "still-belongs",
            "whoever belongs is not erased: who owes what, and who may what, would be nobody's",
            "Leave first, with `reflow member leave`.",
        ));
    }
    membership::nothing_open(view, agent)?;
    let own =
        Link { class: Class::EconomicResource, prop: Prop::PrimaryAccountable, target: agent, open: true };
    let there = |record: &Record| {
        record.fields.quantity(Prop::AccountingQuantity).is_some_and(|quantity| quantity.amount != 0)
    };
    let things: Vec<String> =
        view.linked(own)?.iter().filter(|record| there(record)).map(|record| record.title()).collect();
    match things.is_empty() {
        true => Ok(()),
        false => Err(refuse(
            "something-open",
            format!("still theirs in these books: {}", things.join(", ")),
            "Hand it over to somebody, or write it off, first.",
        )),
    }
}

fn at_version(view: &View, id: Id, version: u32) -> Result<Record, Stop> {
    match view.record(id)? {
        Some(record) if record.version == version => Ok(Record::clone(&record)),
        Some(_) => Err(refuse(
            "changed-meanwhile",
            "something has changed since it was looked at what is to be erased",
            "Try again.",
        )),
        None => Err(Refusal::Dangling { prop: "stripped", id }.into()),
    }
}
