//! What the clock does with amendments: votes close, waiting ends, rules come into force, reviews fall due.

use ledger::{Circumstances, Outcome, Stop, View};
use serde_json::{Value as Json, json};
use valueflows::{Class, Fields, Id, Prop, Record, Value};

use super::veto::decided_by;
use super::{InForce, Status, candidate, days, existing, is_recovery, moved, over, poll, refuse, standing};
use crate::act::GoverningAct;
use crate::decisions::Decision;
use crate::limits::REVIEW_GRACE_DAYS;
use crate::tally::Outcome as Came;
use crate::withholding;

/// A time has passed.
pub(super) fn lapse(
    view: &View,
    id: Id,
    with: &mut Circumstances,
    rules: &InForce<'_>,
) -> Result<Outcome, Stop> {
    let at = [Status::Voting, Status::Waiting, Status::Vetoed, Status::Enacted, Status::ReviewDue];
    let (amendment, status) = standing(view, id, &at)?;
    match status {
        Status::Voting => close(view, id, with, rules),
        Status::Waiting => enact(view, amendment, with, rules),
        Status::Vetoed => {
            let decision = decided_by(view, &amendment)?;
            Ok(wait(amendment, &decision, with))
        }
        Status::Enacted => {
            let decision = decided_by(view, &amendment)?;
            let mut amendment = moved(amendment, Status::ReviewDue);
            let mut outcome = Outcome::default();
            if decision.sunset {
                let ends = with.now.plus_us(days(REVIEW_GRACE_DAYS));
                amendment.fields.set(Prop::Due, Value::Instant(ends));
                outcome.deadlines.push((ends, id));
            }
            outcome.records.push(amendment);
            Ok(outcome)
        }
        _ => sunset(view, amendment, with, rules),
    }
}

fn close(view: &View, id: Id, with: &Circumstances, rules: &InForce<'_>) -> Result<Outcome, Stop> {
    let (options, poll, tally) = poll::close(view, id, with, rules)?;
    let result = poll::result(&tally, &options);
    let mut outcome = Outcome { records: vec![poll], ..Outcome::default() };
    for (n, mut amendment) in options.into_iter().enumerate() {
        let decision = decided_by(view, &amendment)?;
        amendment.fields.set(Prop::Result, Value::document(result.clone()));
        let own = match &tally.outcome {
            Came::Accepted(chosen) if *chosen == n => wait(amendment, &decision, with),
            // At most one comes of it.
            Came::Accepted(_) | Came::Rejected => ended(amendment, Status::Rejected),
            Came::NoQuorum => ended(amendment, Status::NoQuorum),
            Came::Tied(_) => ended(amendment, Status::Tied),
            Came::Uncounted => fail(&amendment, &[uncounted(rules)]),
        };
        outcome.records.extend(own.records);
        outcome.deadlines.extend(own.deadlines);
    }
    Ok(outcome)
}

/// Why a vote was not counted.
fn uncounted(rules: &InForce<'_>) -> String {
    let problem = rules.counting.and_then(|counting| counting.as_ref().err());
    problem.cloned().unwrap_or_else(|| "what should have counted the vote gave no answer".to_owned())
}

fn ended(amendment: Record, how: Status) -> Outcome {
    Outcome { records: vec![over(amendment, how)], ..Outcome::default() }
}

fn wait(amendment: Record, decision: &Decision, with: &Circumstances) -> Outcome {
    let until = with.now.plus_us(days(decision.waiting_days));
    let mut amendment = moved(amendment, Status::Waiting);
    amendment.fields.set(Prop::Due, Value::Instant(until));
    Outcome { deadlines: vec![(until, amendment.id)], records: vec![amendment], settled: Vec::new() }
}

fn enact(
    view: &View,
    amendment: Record,
    with: &mut Circumstances,
    rules: &InForce<'_>,
) -> Result<Outcome, Stop> {
    if amendment.fields.text(Prop::Base) != Some(rules.digest) {
        let amendment = moved(amendment, Status::Superseded);
        return Ok(Outcome { records: vec![amendment], ..Outcome::default() });
    }
    let mut outcome = Outcome::default();
    let book = candidate(view, &amendment)?;
    if let Some(book) = &book {
        let examined = rules.examined.filter(|one| book.fields.text(Prop::Digest) == Some(&*one.digest));
        let problems = match examined {
            None => vec!["the rules that were voted on cannot be read any more".to_owned()],
            Some(examined) => examined.problems.clone(),
        };
        if !problems.is_empty() {
            return Ok(fail(&amendment, &problems));
        }
        outcome = come_into_force(book, with, rules);
    }
    let review_days = match is_recovery(&amendment) {
        true => None,
        false => decided_by(view, &amendment)?.review_days,
    };
    let mut amendment = amendment;
    if let Some(old) = rules.record {
        amendment.fields.set(Prop::Replaces, Value::Ref(old));
    }
    let amendment = match (review_days, book.is_some()) {
        (Some(review), true) => {
            let review = with.now.plus_us(days(review));
            let mut amendment = moved(amendment, Status::Enacted);
            amendment.fields.set(Prop::Due, Value::Instant(review));
            outcome.deadlines.push((review, amendment.id));
            amendment
        }
        _ => over(amendment, Status::Enacted),
    };
    outcome.records.push(amendment);
    Ok(outcome)
}

/// A rule book's record as it comes into force, and the units that it counts in and nobody wrote down yet.
fn come_into_force(book: &Record, with: &mut Circumstances, rules: &InForce<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    let mut units = Vec::new();
    let listed = book.fields.document(Prop::Book).and_then(|book| book.get("units")).and_then(Json::as_array);
    for unit in listed.into_iter().flatten() {
        let text = |name| unit.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let decimals = unit.get("decimals").and_then(Json::as_i64).unwrap_or_default();
        let known = rules.units.and_then(|units| units.get(&text("label")));
        let id = match known {
            Some((id, _)) => *id,
            None => {
                let fields = Fields::new()
                    .with(Prop::Label, Value::Text(text("label")))
                    .with(Prop::Symbol, Value::Text(text("symbol")))
                    .with(Prop::Decimals, Value::Integer(decimals));
                let id = with.next_id();
                outcome.records.push(Record::new(id, Class::Unit, fields));
                id
            }
        };
        units.push(json!([text("label"), id, decimals]));
    }
    let mut book = book.clone();
    book.fields.set(Prop::Units, Value::document(Json::Array(units)));
    book.fields.set(Prop::HasBeginning, Value::Instant(with.now));
    // What is out of use stays so under rules that bind it, too.
    let own = withholding::of(&book);
    withholding::note(&mut book, rules.withheld.iter().chain(&own));
    book.version += 1;
    outcome.records.push(book);
    outcome
}

/// What was accepted cannot be put in force: nothing of it is, and everybody can read why.
pub fn fail(amendment: &Record, problems: &[String]) -> Outcome {
    let mut amendment = amendment.clone();
    let report = amendment.fields.document(Prop::Report).cloned().unwrap_or_else(|| json!({}));
    let mut report = report.as_object().cloned().unwrap_or_default();
    report.insert("failed".to_owned(), json!(problems));
    amendment.fields.set(Prop::Report, Value::document(Json::Object(report)));
    Outcome { records: vec![over(amendment, Status::Failed)], ..Outcome::default() }
}

/// The acts that an outcome carries out: those of an amendment that has just come into force.
pub fn effects(outcome: &Outcome) -> Vec<GoverningAct> {
    let enacted = |record: &&Record| {
        record.class == Class::Amendment
            && record.fields.text(Prop::Status) == Some(Status::Enacted.code())
            && record.fields.instant(Prop::Frozen).is_some()
    };
    let listed = outcome.records.iter().filter(enacted).filter_map(|one| one.fields.document(Prop::Effects));
    listed.filter_map(Json::as_array).flatten().filter_map(|json| GoverningAct::of_json(json).ok()).collect()
}

/// Nobody renewed it: the rules are again what they were, if they are still what it made of them.
fn sunset(
    view: &View,
    amendment: Record,
    with: &mut Circumstances,
    rules: &InForce<'_>,
) -> Result<Outcome, Stop> {
    let own = candidate(view, &amendment)?;
    let still = own.is_some_and(|book| book.fields.text(Prop::Digest) == Some(rules.digest));
    let before = match amendment.fields.id(Prop::Replaces) {
        Some(id) if still => Some(existing(view, id, Class::RuleBook, "replaces")?),
        _ => None,
    };
    let Some(before) = before else {
        // Other changes stand on top of it; taking it out from under them is a change of its own.
        let amendment = moved(amendment, Status::ReviewDue);
        return Ok(Outcome { records: vec![amendment], ..Outcome::default() });
    };
    let mut outcome = come_into_force(&before, with, rules);
    outcome.records.push(over(amendment, Status::Sunset));
    Ok(outcome)
}

pub(super) fn renew(view: &View, id: Id, with: &Circumstances) -> Result<Outcome, Stop> {
    let (amendment, _) = standing(view, id, &[Status::ReviewDue])?;
    let decision = decided_by(view, &amendment)?;
    let Some(review) = decision.review_days else {
        return Err(refuse("no-review", "this is not looked at again", "Leave it as it is."));
    };
    let review = with.now.plus_us(days(review));
    let mut amendment = moved(amendment, Status::Enacted);
    amendment.fields.set(Prop::Due, Value::Instant(review));
    Ok(Outcome { records: vec![amendment], deadlines: vec![(review, id)], settled: vec![id] })
}
