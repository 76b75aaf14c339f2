//! Delegations: who may act in whose name, in which acts, until when. A token is a key to one; what a
//! delegation allows is judged by the policies, as everything else.

use ledger::{Circumstances, Outcome, Refusal, Stop, View};
use valueflows::{Class, Fields, Id, Instant, Prop, Record, Value};

use crate::limits::{DELEGATION_US_MAX, ROLES_MAX};

fn shape(sentence: &str) -> Stop {
    Stop::Refused(Refusal::Shape(sentence.to_owned()))
}

/// Decides a delegation.
pub(crate) fn delegate(
    view: &View,
    (delegator, delegate): (Id, Id),
    acts: &[String],
    until: Instant,
    with: &mut Circumstances,
) -> Result<Outcome, Stop> {
    for (prop, id) in [(Prop::Delegator, delegator), (Prop::Delegate, delegate)] {
        match view.record(id)? {
            Some(record) if record.class.is_agent() => {}
            Some(record) => {
                let found = record.class.as_str();
                return Err(Refusal::WrongClass { prop: prop.as_str(), found }.into());
            }
            None => return Err(Refusal::Dangling { prop: prop.as_str(), id }.into()),
        }
    }
    if acts.is_empty() || acts.len() > ROLES_MAX || acts.iter().any(|act| act.is_empty() || act.len() > 64) {
        return Err(shape("a delegation names from 1 to 64 acts"));
    }
    if until <= with.now || until > with.now.plus_us(DELEGATION_US_MAX) {
        return Err(shape("a delegation ends in the future, within a year and a day"));
    }
    let mut acts = acts.to_vec();
    acts.sort();
    acts.dedup();
    let fields = Fields::new()
        .with(Prop::Delegator, Value::Ref(delegator))
        .with(Prop::Delegate, Value::Ref(delegate))
        .with(Prop::Acts, Value::Texts(acts))
        .with(Prop::HasBeginning, Value::Instant(with.now))
        .with(Prop::HasEnd, Value::Instant(until));
    let record = Record::new(with.next_id(), Class::Delegation, fields);
    Ok(Outcome { records: vec![record], ..Outcome::default() })
}

/// Decides the end of one.
pub(crate) fn revoke(view: &View, delegation: Id) -> Result<Outcome, Stop> {
    let record = match view.record(delegation)? {
        Some(record) if record.class == Class::Delegation => record,
        Some(record) => {
            return Err(Refusal::WrongClass { prop: "delegation", found: record.class.as_str() }.into());
        }
        None => return Err(Refusal::Dangling { prop: "delegation", id: delegation }.into()),
    };
    if !record.is_open() {
        return Err(Refusal::Settled.into());
    }
    let mut record = Record::clone(&record);
    record.fields.set(Prop::Finished, Value::Flag(true));
    record.version += 1;
    Ok(Outcome { records: vec![record], ..Outcome::default() })
}
