//! Amendments: how a network changes its own rules.
//!
//! ```text
//!   draft ──► sponsored ──► voting ──► waiting ──► enacted ──► review-due ──► enacted again | sunset
//!    (versions kept)      │ frozen:     │             │
//!                         │ rules, who  ├► rejected, no-quorum, tied   (over)
//!                         │ may vote,   ├► vetoed ──► waiting again
//!                         │ by what     ├► superseded ──► sponsored again, redrafted
//!                         │ way         └► failed, withdrawn            (over)
//! ```
//!
//! What an amendment would make of the rules is a record of its own, a RuleBook, named by the digest of its
//! text; every later step names that record and nothing else can stand in its place. Whoever may vote is a
//! list in a Poll, made when the vote begins; whoever comes later is not in it. What everybody said stands in
//! the Poll once it has closed, so that anybody can count again.
//!
//! The rules change in the clock's hands alone: nothing that anybody sends enacts anything.

mod act;
mod draft;
mod enact;
mod poll;
mod proxy;
mod recover;
mod rivals;
mod veto;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use ledger::{Circumstances, Key, Link, Missing, Outcome, Refusal, Stop, View};
use serde_json::Value as Json;
use valueflows::{Class, Id, Prop, Record, Value};

use crate::cases::CaseRules;
use crate::decide::refuse;
use crate::decisions::{Decision, Decisions, Risk};
use crate::joining::Joining;
use crate::tally::Counting;
use crate::withholding::Withheld;

pub use act::AmendAct;
pub use enact::{effects, fail};
pub use poll::{Poll, ToCount, count, to_count};
pub use recover::is_recovery;

/// Where an amendment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words are described in the module")]
pub enum Status {
    Draft,
    Sponsored,
    Voting,
    Waiting,
    Enacted,
    ReviewDue,
    Rejected,
    NoQuorum,
    Tied,
    Vetoed,
    Superseded,
    Failed,
    Withdrawn,
    Sunset,
}

impl Status {
    const ALL: [Status; 14] = [
        Status::Draft,
        Status::Sponsored,
        Status::Voting,
        Status::Waiting,
        Status::Enacted,
        Status::ReviewDue,
        Status::Rejected,
        Status::NoQuorum,
        Status::Tied,
        Status::Vetoed,
        Status::Superseded,
        Status::Failed,
        Status::Withdrawn,
        Status::Sunset,
    ];

    /// As it stands in records.
    pub fn code(self) -> &'static str {
        match self {
            Status::Draft => "draft",
            Status::Sponsored => "sponsored",
            Status::Voting => "voting",
            Status::Waiting => "waiting",
            Status::Enacted => "enacted",
            Status::ReviewDue => "review-due",
            Status::Rejected => "rejected",
            Status::NoQuorum => "no-quorum",
            Status::Tied => "tied",
            Status::Vetoed => "vetoed",
            Status::Superseded => "superseded",
            Status::Failed => "failed",
            Status::Withdrawn => "withdrawn",
            Status::Sunset => "sunset",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Status::Draft => "a draft that waits for others who want it discussed",
            Status::Sponsored => "is discussed",
            Status::Voting => "is voted on",
            Status::Waiting => "accepted, and waits to be in force",
            Status::Enacted => "in force",
            Status::ReviewDue => "in force, and due to be looked at again",
            Status::Rejected => "not accepted",
            Status::NoQuorum => "not decided: too few took part",
            Status::Tied => "not decided: as many for it as against it",
            Status::Vetoed => "held up",
            Status::Superseded => "overtaken by another change: it has to be written anew",
            Status::Failed => "accepted, but could not be put in force",
            Status::Withdrawn => "taken back",
            Status::Sunset => "ended, since nobody renewed it",
        }
    }

    /// Where a record stands.
    pub fn of(amendment: &Record) -> Option<Status> {
        let code = amendment.fields.text(Prop::Status)?;
        Status::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// The rules in force, as far as an act of governing has to know them.
#[derive(Debug, Clone, Default)]
pub struct InForce<'a> {
    /// The digest of the book.
    pub digest: &'a str,
    /// The components of it that are out of use.
    pub withheld: &'a [Withheld],
    /// The record of the book, where there is one: books of the first networks have none.
    pub record: Option<Id>,
    /// How they are changed, if they say so.
    pub decisions: Option<&'a Decisions>,
    /// Who looks into cases, if they say so.
    pub cases: Option<&'a CaseRules>,
    /// How somebody comes to belong, if they say so.
    pub joining: Option<&'a Joining>,
    /// The units that are written down, by label.
    pub units: Option<&'a HashMap<String, (Id, u8)>>,
    /// Whether members could not change them any more.
    pub stuck: bool,
    /// What came of looking at the rules that an act brings or is about.
    pub examined: Option<&'a Examined>,
    /// The calculations that can count votes: each by its name, with what it is exactly.
    pub counters: Option<&'a BTreeMap<String, String>>,
    /// What a calculation made of the vote that closes, or why it made nothing of it.
    pub counting: Option<&'a Result<Counting, String>>,
}

/// What a rule book would be, seen from the one in force: the gate's report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// Its digest.
    pub digest: String,
    /// How much is at stake; none where nothing differs.
    pub risk: Option<Risk>,
    /// Why it cannot be put in force, a sentence each.
    pub problems: Vec<String>,
    /// For how many days it waits at least, because it makes deciding easier.
    pub waits_days: u32,
    /// All that there is to say about it.
    pub report: Json,
}

/// Decides an act of changing the rules.
pub(crate) fn decide(
    view: &View,
    act: &AmendAct,
    with: &mut Circumstances,
    rules: &InForce<'_>,
) -> Result<Outcome, Stop> {
    match act {
        AmendAct::Draft { title, note, book, effects, instead_of } => {
            let outcome = draft::draft((title, note), book.as_ref(), effects, with, rules)?;
            match instead_of {
                Some(first) => rivals::instead_of(view, *first, outcome, rules),
                None => Ok(outcome),
            }
        }
        AmendAct::Redraft { amendment, note, book } => {
            draft::redraft(view, *amendment, note, book, with, rules)
        }
        AmendAct::Recover { book, reason, quiet_since } => {
            recover::recover(book, reason, *quiet_since, with, rules)
        }
        AmendAct::Sponsor { amendment } => draft::sponsor(view, *amendment, with, rules),
        AmendAct::Withdraw { amendment } => draft::withdraw(view, *amendment, with),
        AmendAct::Freeze { amendment } => poll::freeze(view, *amendment, with, rules),
        AmendAct::Cast { amendment, choice, note } => poll::cast(view, *amendment, (choice, note), with),
        AmendAct::Enter { amendment, voter, choice } => poll::enter(view, *amendment, (*voter, choice), with),
        AmendAct::Veto { amendment, reason } => veto::veto(view, *amendment, reason, with),
        AmendAct::Override { amendment } => veto::overrule(view, *amendment, with, rules),
        AmendAct::Renew { amendment } => enact::renew(view, *amendment, with),
        AmendAct::AppointProxy { delegate, topics, until } => {
            proxy::appoint(view, *delegate, topics, *until, with)
        }
        AmendAct::EndProxy { proxy } => proxy::end(view, *proxy),
        AmendAct::Lapse { record, .. } => enact::lapse(view, *record, with, rules),
    }
}

/// The keys that an act names itself.
pub(crate) fn first_keys(act: &AmendAct) -> Vec<Key> {
    match act {
        AmendAct::Freeze { amendment } | AmendAct::Override { amendment } => {
            vec![Key::Record(*amendment), Key::All(Class::Membership)]
        }
        AmendAct::Lapse { record, .. } => vec![Key::Record(*record)],
        AmendAct::EndProxy { proxy } => vec![Key::Record(*proxy)],
        AmendAct::AppointProxy { delegate, .. } => vec![Key::Record(*delegate)],
        AmendAct::Draft { instead_of: Some(first), .. } => {
            vec![Key::Record(*first), Key::Linked(rivals::link(*first))]
        }
        act => act.amendment().map(Key::Record).into_iter().collect(),
    }
}

/// What an amendment would make of the rules, if it would make anything of them.
pub fn candidate(view: &View, amendment: &Record) -> Result<Option<Arc<Record>>, Missing> {
    match amendment.fields.id(Prop::Candidate) {
        None => Ok(None),
        Some(id) => view.record(id),
    }
}

/// The question whether admitting is held up: amendments in which somebody is to lose their membership, as long
/// as it is not fixed who may vote.
pub fn holding(network: Id) -> Link {
    Link { class: Class::Amendment, prop: Prop::Holds, target: network, open: true }
}

fn existing(view: &View, id: Id, class: Class, prop: &'static str) -> Result<Record, Stop> {
    match view.record(id)? {
        Some(record) if record.class == class => Ok(Record::clone(&record)),
        Some(record) => Err(Refusal::WrongClass { prop, found: record.class.as_str() }.into()),
        None => Err(Refusal::Dangling { prop, id }.into()),
    }
}

/// An amendment that stands where one of these acts makes sense.
fn standing(view: &View, id: Id, at: &[Status]) -> Result<(Record, Status), Stop> {
    let amendment = existing(view, id, Class::Amendment, "amendment")?;
    let status =
        Status::of(&amendment).ok_or_else(|| refuse("wrong-status", "nobody knows where it stands", ""))?;
    match at.contains(&status) {
        true => Ok((amendment, status)),
        false => Err(refuse(
            "wrong-status",
            format!("this rule change is not at that point: it {}", with_is(status.words())),
            "Look at where it stands, and do what comes next.",
        )),
    }
}

fn with_is(words: &str) -> String {
    if words.starts_with("is ") { words.to_owned() } else { format!("is {words}") }
}

/// The ways of deciding in force, or what to say where the rules have none.
fn decisions<'a>(rules: &InForce<'a>) -> Result<&'a Decisions, Stop> {
    rules.decisions.ok_or_else(|| {
        refuse(
            "no-way-of-deciding",
            "the rules of this network do not say how they are changed",
            "Only whoever runs the node can bring such rules up to date, with `reflow network recover`.",
        )
    })
}

/// The kind of change that an amendment is.
fn risk_of(amendment: &Record) -> Risk {
    // What nobody can read is as much at stake as anything can be.
    amendment.fields.text(Prop::Risk).and_then(Risk::parse).unwrap_or(Risk::Constitution)
}

/// The way by which an amendment is decided.
fn way<'a>(amendment: &Record, rules: &InForce<'a>) -> Result<&'a Decision, Stop> {
    Ok(decisions(rules)?.of(risk_of(amendment)))
}

/// The same amendment, somewhere else.
fn moved(mut amendment: Record, to: Status) -> Record {
    amendment.fields.set(Prop::Status, Value::Text(to.code().to_owned()));
    amendment.fields.remove(Prop::Due);
    amendment.version += 1;
    amendment
}

/// The same, and nothing will happen to it any more.
fn over(amendment: Record, how: Status) -> Record {
    let mut amendment = moved(amendment, how);
    amendment.fields.set(Prop::Finished, Value::Flag(true));
    amendment
}

fn days(days: u32) -> i64 {
    i64::from(days).saturating_mul(valueflows::Instant::DAY_US)
}
