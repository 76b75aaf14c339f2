//! Several changes in one vote: one is written down first, others instead of it. They are drafted, sponsored and
//! discussed each by itself; whoever begins the vote on one of them begins it on all that are ready by then, and at
//! most one of them comes of it.

use ledger::{Link, Missing, Outcome, Stop, View};
use valueflows::{Class, Id, Prop, Record, Value};

use super::{InForce, Status, decisions, refuse, risk_of, standing};
use crate::decisions::Decision;
use crate::limits::RIVALS_MAX;
use crate::tally::Form;

/// The question whose answer are the changes written down instead of one.
pub(super) fn link(first: Id) -> Link {
    Link { class: Class::Amendment, prop: Prop::InsteadOf, target: first, open: true }
}

/// Whether a way of deciding can choose between several.
pub(super) fn chooses(decision: &Decision) -> bool {
    decision.rule.method.form() != Form::YesOrNo
}

/// A change that was just written down stands instead of another one.
pub(super) fn instead_of(
    view: &View,
    first: Id,
    mut outcome: Outcome,
    rules: &InForce<'_>,
) -> Result<Outcome, Stop> {
    let (other, _) = standing(view, first, &[Status::Draft, Status::Sponsored])?;
    if other.fields.id(Prop::InsteadOf).is_some() {
        return Err(refuse(
            "instead-of-another",
            "that change stands instead of another one itself",
            "Name the one that was written down first.",
        ));
    }
    if other.fields.text(Prop::Base) != Some(rules.digest) {
        return Err(refuse(
            "superseded",
            "the rules have changed since that was written down",
            "Write this down by itself.",
        ));
    }
    if view.linked(link(first))?.len() >= RIVALS_MAX {
        return Err(refuse(
            "too-many-rivals",
            format!("at most {RIVALS_MAX} changes stand instead of one"),
            "Talk to whoever wrote the others down.",
        ));
    }
    for record in outcome.records.iter_mut().filter(|record| record.class == Class::Amendment) {
        if !chooses(decisions(rules)?.of(risk_of(record).max(risk_of(&other)))) {
            return Err(refuse(
                "one-at-a-time",
                "changes like these are voted on one at a time here",
                "Write this down by itself, and say in the discussion which of the two you want.",
            ));
        }
        record.fields.set(Prop::InsteadOf, Value::Ref(first));
    }
    Ok(outcome)
}

/// The changes that go to a vote together with one: those of its group that are ready, in the order in which they were
/// written down; none but itself where the way of deciding knows one at a time.
pub(super) fn together(
    view: &View,
    named: &Record,
    rules: &InForce<'_>,
    ready: &dyn Fn(&Record, &Decision) -> bool,
) -> Result<(Vec<Record>, Decision), Stop> {
    let all = decisions(rules)?;
    let first = named.fields.id(Prop::InsteadOf).unwrap_or(named.id);
    let mut group: Vec<Record> = group(view, first)?.into_iter().filter(|one| one.id != named.id).collect();
    let risk = group.iter().map(risk_of).fold(risk_of(named), Ord::max);
    let way = all.of(risk);
    group.retain(|one| chooses(way) && ready(one, way));
    if group.is_empty() {
        return Ok((vec![named.clone()], all.of(risk_of(named)).clone()));
    }
    let risk = group.iter().map(risk_of).fold(risk_of(named), Ord::max);
    group.push(named.clone());
    group.sort_by_key(|one| (one.fields.instant(Prop::Created), one.id));
    Ok((group, all.of(risk).clone()))
}

/// One that was written down first, and those instead of it.
fn group(view: &View, first: Id) -> Result<Vec<Record>, Missing> {
    let own = view.record(first)?;
    let others = view.linked(link(first))?;
    Ok(own.into_iter().chain(others).map(|one| Record::clone(&one)).collect())
}
