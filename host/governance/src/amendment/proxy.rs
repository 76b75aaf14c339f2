//! Proxies: whose ballot counts for whom, about what, until when.

use std::collections::HashSet;

use ledger::{Circumstances, Missing, Outcome, Stop, View};
use valueflows::{Class, Fields, Id, Instant, Prop, Record, Value};

use super::{existing, refuse};
use crate::decisions::Risk;
use crate::limits::DELEGATION_US_MAX;
use crate::tally::Proxy;

pub(super) fn appoint(
    view: &View,
    delegate: Id,
    topics: &[String],
    until: Instant,
    with: &mut Circumstances,
) -> Result<Outcome, Stop> {
    if topics.iter().any(|topic| Risk::parse(topic).is_none()) {
        return Err(refuse(
            "unknown-topic",
            "a proxy is about some of: parameter, rule, membership, constitution",
            "Name some of these, or none for all of them.",
        ));
    }
    if until <= with.now || until > with.now.plus_us(DELEGATION_US_MAX) {
        return Err(refuse(
            "bad-span",
            "a proxy ends in the future, within a year and a day",
            "Say until when.",
        ));
    }
    let known = view.record(delegate)?.is_some_and(|agent| agent.class.is_agent());
    if !known || delegate == with.agent {
        return Err(refuse("no-such-proxy", "somebody else has to be named", "Name another member."));
    }
    let mut topics = topics.to_vec();
    topics.sort();
    topics.dedup();
    let fields = Fields::new()
        .with(Prop::Delegator, Value::Ref(with.agent))
        .with(Prop::Delegate, Value::Ref(delegate))
        .with(Prop::Topics, Value::Texts(topics))
        .with(Prop::HasBeginning, Value::Instant(with.now))
        .with(Prop::HasEnd, Value::Instant(until));
    let proxy = Record::new(with.next_id(), Class::Proxy, fields);
    Ok(Outcome { records: vec![proxy], ..Outcome::default() })
}

pub(super) fn end(view: &View, id: Id) -> Result<Outcome, Stop> {
    let mut proxy = existing(view, id, Class::Proxy, "proxy")?;
    if !proxy.is_open() {
        return Err(ledger::Refusal::Settled.into());
    }
    proxy.fields.set(Prop::Finished, Value::Flag(true));
    proxy.version += 1;
    Ok(Outcome { records: vec![proxy], ..Outcome::default() })
}

/// The proxies that stand at an instant, about a kind of change, between people who may vote. Of two by one
/// person the later counts.
pub(super) fn standing(
    view: &View,
    electorate: &HashSet<Id>,
    risk: Risk,
    now: Instant,
) -> Result<Vec<Proxy>, Missing> {
    let stands = |proxy: &Record| {
        let topics = proxy.fields.texts(Prop::Topics);
        proxy.is_open()
            && proxy.fields.instant(Prop::HasEnd).is_some_and(|end| now <= end)
            && (topics.is_empty() || topics.iter().any(|topic| topic == risk.code()))
    };
    let named = |proxy: &Record| {
        let from = proxy.fields.id(Prop::Delegator).filter(|id| electorate.contains(id))?;
        Some(Proxy { from, to: proxy.fields.id(Prop::Delegate)? })
    };
    let all = view.all(Class::Proxy)?;
    Ok(all.iter().filter(|proxy| stands(proxy)).filter_map(|proxy| named(proxy)).collect())
}
