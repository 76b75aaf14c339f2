//! Cases: somebody thinks that a decision was wrong, or that something is not as it should be, and somebody who
//! is no party to it has to say so or otherwise by a day.
//!
//! ```text
//!   open ──► upheld | reversed | mediated | withdrawn
//!    └─ the day passes: somebody else is asked, three times at the most
//! ```
//!
//! Whom the case goes to follows from the rules: of those who have one of the roles named there and are no party,
//! whoever has the fewest open cases. Acts that put something right are sent in one command with the closing: they
//! stand or fall together. What is said in a case stands in the personal part.

mod act;

use std::sync::Arc;

use ledger::{Circumstances, Key, Link, Missing, Outcome, Refusal, Stop, View};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use valueflows::{Class, Fields, Id, Instant, Prop, Record, Said, Value, said};

use crate::decide::refuse;
use crate::limits::{CASE_DAYS_MAX, ESCALATIONS_MAX, OPEN_CASES_MAX, PARTIES_MAX, STATEMENTS_MAX};
use crate::membership;

pub use act::{CaseAct, Settled};

/// Who looks into cases, and how long they have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CaseRules {
    /// The roles of which one is enough.
    pub assignees: Vec<String>,
    /// For how many days; then somebody else is asked.
    pub days: u32,
}

impl CaseRules {
    /// What is wrong with them, a sentence each.
    pub fn problems(&self) -> Vec<Said> {
        let mut problems = Vec::new();
        if self.assignees.is_empty() {
            problems.push(said!("cases-nobody", "cases: nobody looks into them; name a role in `assignees`"));
        }
        if self.days == 0 || self.days > CASE_DAYS_MAX {
            problems.push(said!("cases-days", "cases: `days` is from 1 to {}", CASE_DAYS_MAX));
        }
        problems
    }

    /// In words.
    pub fn words(&self) -> String {
        let days = if self.days == 1 { "a day".to_owned() } else { format!("{} days", self.days) };
        format!("Somebody with the role {} looks into a case within {days}.", self.assignees.join(" or "))
    }
}

/// The open cases that somebody is to look into.
pub fn assigned(agent: Id) -> Link {
    Link { class: Class::Case, prop: Prop::Assignee, target: agent, open: true }
}

fn opened_by(agent: Id) -> Link {
    Link { class: Class::Case, prop: Prop::Author, target: agent, open: true }
}

/// The keys that an act names itself.
pub(crate) fn first_keys(act: &CaseAct) -> Vec<Key> {
    match act {
        CaseAct::Open { thing, against, .. } => {
            let parties =
                against.iter().flat_map(|id| [Key::Record(*id), Key::Linked(membership::link(*id))]);
            parties.chain(thing.map(Key::Record)).chain([Key::All(Class::Membership)]).collect()
        }
        CaseAct::Assign { case, assignee } => {
            vec![Key::Record(*case), Key::Record(*assignee), Key::Linked(membership::link(*assignee))]
        }
        CaseAct::Say { case, .. } | CaseAct::Close { case, .. } | CaseAct::Withdraw { case } => {
            vec![Key::Record(*case)]
        }
    }
}

pub(crate) fn decide(
    view: &View,
    act: &CaseAct,
    with: &mut Circumstances,
    rules: Option<&CaseRules>,
) -> Result<Outcome, Stop> {
    match act {
        CaseAct::Open { .. } => open(view, act, with, rules),
        CaseAct::Say { case, statement } => {
            let case = said(existing(view, *case)?, statement, with)?;
            Ok(Outcome { records: vec![case], ..Outcome::default() })
        }
        CaseAct::Assign { case, assignee } => {
            let mut case = existing(view, *case)?;
            if parties(&case).any(|party| party == *assignee) {
                return Err(refuse(
                    "is-party",
                    "nobody looks into a case of their own",
                    "Name somebody else.",
                ));
            }
            if membership::of(view, *assignee)?.is_none() {
                return Err(refuse("no-member", "only members look into cases", "Name a member."));
            }
            case.fields.set(Prop::Assignee, Value::Ref(*assignee));
            case.version += 1;
            Ok(Outcome { records: vec![case], ..Outcome::default() })
        }
        CaseAct::Close { case, how, statement } => {
            if statement.trim().is_empty() {
                return Err(refuse("no-reason", "whoever closes a case says why", "Give a reason."));
            }
            let case = said(existing(view, *case)?, statement, with)?;
            Ok(closed(case, *how, with.now))
        }
        CaseAct::Withdraw { case } => {
            let mut case = existing(view, *case)?;
            case.version += 1;
            Ok(closed(case, Settled::Withdrawn, with.now))
        }
    }
}

fn existing(view: &View, id: Id) -> Result<Record, Stop> {
    match view.record(id)? {
        Some(record) if record.class == Class::Case && record.is_open() => Ok(Record::clone(&record)),
        Some(record) if record.class == Class::Case => {
            Err(refuse("case-closed", "this case is closed", "Open another one, if something is new."))
        }
        Some(record) => Err(Refusal::WrongClass { prop: "case", found: record.class.as_str() }.into()),
        None => Err(Refusal::Dangling { prop: "case", id }.into()),
    }
}

/// Whoever is part of a case: those whom it is about, and whoever opened it.
pub fn parties(case: &Record) -> impl Iterator<Item = Id> + '_ {
    case.fields.ids(Prop::Parties).iter().copied()
}

/// The same case with something said in it.
fn said(mut case: Record, statement: &str, with: &Circumstances) -> Result<Record, Stop> {
    if statement.trim().is_empty() || statement.len() > valueflows::limits::TEXT_BYTES_MAX {
        return Err(refuse("no-reason", "there is nothing said, or too much of it", "Say it shorter."));
    }
    let mut statements =
        case.fields.document(Prop::Statements).and_then(Json::as_array).cloned().unwrap_or_default();
    if statements.len() >= STATEMENTS_MAX {
        return Err(refuse(
            "too-much-said",
            format!("in one case at most {STATEMENTS_MAX} things are said"),
            "Talk to each other, and write down what came of it.",
        ));
    }
    statements.push(json!({"by": with.agent, "at": with.now.0, "says": statement}));
    case.fields.set(Prop::Statements, Value::document(Json::Array(statements)));
    case.version += 1;
    Ok(case)
}

fn closed(mut case: Record, how: Settled, now: Instant) -> Outcome {
    case.fields.set(Prop::Status, Value::Text(how.code().to_owned()));
    case.fields.set(Prop::HasEnd, Value::Instant(now));
    case.fields.set(Prop::Finished, Value::Flag(true));
    case.fields.remove(Prop::Due);
    Outcome { settled: vec![case.id], records: vec![case], ..Outcome::default() }
}

fn open(
    view: &View,
    act: &CaseAct,
    with: &mut Circumstances,
    rules: Option<&CaseRules>,
) -> Result<Outcome, Stop> {
    let CaseAct::Open { decision, thing, against, statement } = act else { return Ok(Outcome::default()) };
    let Some(rules) = rules else {
        return Err(refuse(
            "no-cases",
            "the rules of this network do not say who looks into cases",
            "Write a rule change down that says it.",
        ));
    };
    let mut parties: Vec<Id> = against.iter().copied().chain([with.agent]).collect();
    parties.sort();
    parties.dedup();
    if parties.len() > PARTIES_MAX {
        return Err(Refusal::Shape(format!("a case has at most {PARTIES_MAX} parties")).into());
    }
    for party in &parties {
        if membership::of(view, *party)?.is_none() {
            return Err(refuse("no-member", "a case is between members", "See who its members are."));
        }
    }
    if let Some(thing) = thing
        && view.record(*thing)?.is_none_or(|record| record.class != Class::EconomicResource)
    {
        return Err(Refusal::Dangling { prop: Prop::ResourceInventoriedAs.as_str(), id: *thing }.into());
    }
    if view.linked(opened_by(with.agent))?.len() >= OPEN_CASES_MAX {
        return Err(refuse(
            "too-many-cases",
            format!("nobody has more than {OPEN_CASES_MAX} cases open at once"),
            "Wait until one of them is closed, or take one back.",
        ));
    }
    let id = with.next_id();
    let mut fields = Fields::new()
        .with(Prop::Kind, Value::Text(if decision.is_some() { "appeal" } else { "report" }.to_owned()))
        .with(Prop::Author, Value::Ref(with.agent))
        .with(Prop::Parties, Value::Refs(parties))
        .with(Prop::Status, Value::Text("open".to_owned()))
        .with(Prop::Created, Value::Instant(with.now));
    if let Some(decision) = decision {
        fields.set(Prop::Subject, Value::Text(decision.to_string()));
    }
    if let Some(thing) = thing {
        fields.set(Prop::ResourceInventoriedAs, Value::Ref(*thing));
    }
    let case = Record { version: 0, ..Record::new(id, Class::Case, fields) };
    let case = said(case, statement, with)?;
    let (case, due) = asked(view, case, rules, with.now)?;
    Ok(Outcome { deadlines: vec![(due, id)], records: vec![case], ..Outcome::default() })
}

/// Asks whoever the rules say to look into a case, by a day.
fn asked(
    view: &View,
    mut case: Record,
    rules: &CaseRules,
    now: Instant,
) -> Result<(Record, Instant), Missing> {
    let before = case.fields.id(Prop::Assignee);
    let mut able = Vec::new();
    for membership in view.all(Class::Membership)? {
        let roles = membership::roles(&membership);
        let Some(member) = membership.fields.id(Prop::Member) else { continue };
        let is_able = membership.is_open()
            && roles.iter().any(|role| rules.assignees.contains(role))
            && Some(member) != before
            && !parties(&case).any(|party| party == member);
        if is_able {
            able.push(member);
        }
    }
    view.require(&able.iter().map(|agent| Key::Linked(assigned(*agent))).collect::<Vec<_>>())?;
    let mut least: Option<(usize, Id, Id)> = None;
    for member in able {
        // Of several who have as few, the case itself says whom: nobody is always the first to be asked.
        let rank = (view.linked(assigned(member))?.len(), Id::record(case.id, member, 0), member);
        least = Some(least.map_or(rank, |least| least.min(rank)));
    }
    // Where there is nobody else, whoever was asked still is.
    if let Some((.., member)) = least {
        case.fields.set(Prop::Assignee, Value::Ref(member));
    }
    let due = now.plus_us(i64::from(rules.days).saturating_mul(Instant::DAY_US));
    case.fields.set(Prop::Due, Value::Instant(due));
    Ok((case, due))
}

/// The day has passed, and nobody has said anything: somebody else is asked.
pub(crate) fn lapse(
    view: &View,
    case: &Arc<Record>,
    now: Instant,
    rules: Option<&CaseRules>,
) -> Result<Outcome, Stop> {
    let due = case.fields.instant(Prop::Due);
    let (Some(rules), true, Some(true)) = (rules, case.is_open(), due.map(|due| due < now)) else {
        return Ok(Outcome::default());
    };
    let mut case = Record::clone(case);
    case.version += 1;
    let escalated = case.fields.integer(Prop::Escalated).unwrap_or_default() + 1;
    case.fields.set(Prop::Escalated, Value::Integer(escalated));
    if escalated > ESCALATIONS_MAX {
        // It stays open, and late, in everybody's sight: nobody else is left to ask.
        return Ok(Outcome { records: vec![case], ..Outcome::default() });
    }
    let (case, due) = asked(view, case, rules, now)?;
    Ok(Outcome { deadlines: vec![(due, case.id)], records: vec![case], ..Outcome::default() })
}
