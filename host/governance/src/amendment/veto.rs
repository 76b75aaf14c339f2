//! Holding up what was accepted: for a limited time, by whoever the way of deciding names, and not against the
//! will of everybody.

use ledger::{Circumstances, Outcome, Stop, View};
use valueflows::{Class, Id, Prop, Record, Value};

use super::{InForce, Poll, Status, days, decisions, existing, moved, poll, refuse, standing};
use crate::decisions::Decision;
use crate::membership;

/// The way by which an amendment was decided: as it was when it was frozen.
pub(super) fn decided_by(view: &View, amendment: &Record) -> Result<Decision, Stop> {
    let unread = || refuse("wrong-status", "nobody knows how this was decided", "");
    let poll = amendment.fields.id(Prop::Poll).ok_or_else(unread)?;
    Ok(Poll::read(&existing(view, poll, Class::Poll, "poll")?).ok_or_else(unread)?.decision)
}

pub(super) fn veto(view: &View, id: Id, reason: &str, with: &Circumstances) -> Result<Outcome, Stop> {
    let (mut amendment, _) = standing(view, id, &[Status::Waiting])?;
    if reason.trim().is_empty() {
        return Err(refuse("no-reason", "whoever holds something up says why", "Give a reason."));
    }
    if amendment.fields.id(Prop::Guardian).is_some() {
        return Err(refuse(
            "vetoed-before",
            "this was held up once, and is not held up again",
            "Ask for another change.",
        ));
    }
    let decision = decided_by(view, &amendment)?;
    let membership = membership::of(view, with.agent)?;
    let roles = membership.as_ref().map(|one| one.fields.texts(Prop::Roles)).unwrap_or_default();
    let veto = decision.veto.filter(|veto| veto.roles.iter().any(|role| roles.contains(role)));
    let Some(veto) = veto else {
        return Err(refuse(
            "no-veto",
            "your roles do not include holding this up",
            "Vote, or ask for another change.",
        ));
    };
    let until = with.now.plus_us(days(veto.days));
    amendment.fields.set(Prop::Guardian, Value::Ref(with.agent));
    amendment.fields.set(Prop::Reason, Value::Text(reason.to_owned()));
    let mut amendment = moved(amendment, Status::Vetoed);
    amendment.fields.set(Prop::Due, Value::Instant(until));
    Ok(Outcome { records: vec![amendment], deadlines: vec![(until, id)], settled: vec![id] })
}

/// A vote on whether it is held up any longer.
pub(super) fn overrule(
    view: &View,
    id: Id,
    with: &mut Circumstances,
    rules: &InForce<'_>,
) -> Result<Outcome, Stop> {
    let (amendment, _) = standing(view, id, &[Status::Vetoed])?;
    let decided = decided_by(view, &amendment)?;
    let Some(veto) = decided.veto else {
        return Err(refuse("no-veto", "nothing holds this up", "Wait until it is in force."));
    };
    // Who may vote is fixed anew; once accepted it waits as long as it would have waited anyhow.
    let way = decisions(rules)?.of(veto.overridden);
    let way = Decision { waiting_days: decided.waiting_days, veto: None, ..way.clone() };
    let mut outcome = poll::open(view, vec![amendment], &poll::fixed(way, rules), with)?;
    outcome.settled.push(id);
    Ok(outcome)
}
