//! Agents and instants as Cedar has them, kept on each thread that judges: to make one takes as long as to
//! decide with it, and the same ones are asked about again and again.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use cedar_policy::{Entity, RestrictedExpression};
use governance::membership;
use ledger::View;
use lru::LruCache;
use valueflows::{Class, Id, Instant, Prop, Record};

use crate::error::BookError;
use crate::limits::{AGENTS_MAX, DATETIMES_MAX};
use crate::mapping::{agent_uid, strings, uid};

thread_local! {
    /// Instants as Cedar has them: to make one takes as long as to decide with it, and most are the present.
    static DATETIMES: RefCell<LruCache<i64, RestrictedExpression>> =
        RefCell::new(LruCache::new(DATETIMES_MAX));
    /// Agents as Cedar has them, as long as nothing about them has changed.
    static AGENTS: RefCell<LruCache<AgentKey, (Known, Known, Entity)>> = RefCell::new(LruCache::new(AGENTS_MAX));
}

type Known = Option<Arc<Record>>;
/// An agent, and where its record and its membership lie: kept beside them, so that no other can lie there.
type AgentKey = (Id, usize, usize);

fn place(record: &Known) -> usize {
    record.as_ref().map_or(0, |record| Arc::as_ptr(record).addr())
}

/// An instant as Cedar has it.
pub(crate) fn datetime(at: Instant) -> RestrictedExpression {
    DATETIMES.with_borrow_mut(|known| known.get_or_insert(at.0, || fresh_datetime(at)).clone())
}

/// Cedar counts milliseconds; what lies outside its calendar becomes the epoch.
fn fresh_datetime(at: Instant) -> RestrictedExpression {
    let text = jiff::Timestamp::from_millisecond(at.0.div_euclid(1_000)).ok();
    let text = text.map(|at| at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string());
    RestrictedExpression::new_datetime(text.as_deref().unwrap_or("1970-01-01"))
}

/// Somebody made up, with the roles and trainings of somebody who is there.
pub(crate) fn made_up(id: Id, membership: &Record) -> Result<Entity, BookError> {
    let mut attributes = HashMap::from([
        ("organization".to_owned(), RestrictedExpression::new_bool(false)),
        ("training".to_owned(), strings(membership.fields.texts(Prop::Training))),
    ]);
    if let Some(since) = membership.fields.instant(Prop::HasBeginning) {
        attributes.insert("since".to_owned(), datetime(since));
    }
    let roles = governance::membership::roles(membership);
    let roles = roles.iter().map(|role| uid("Role", role)).collect::<Result<HashSet<_>, _>>()?;
    Entity::new(agent_uid(id)?, attributes, roles).map_err(|error| BookError::Engine(error.to_string()))
}

/// An agent as Cedar has it.
pub(crate) fn agent_entity(view: &View, agent: Id) -> Result<Entity, BookError> {
    let unread = |_| BookError::Engine("an agent was not read".to_owned());
    let record = view.record(agent).map_err(unread)?;
    let membership = membership::of(view, agent).map_err(unread)?;
    let key = (agent, place(&record), place(&membership));
    if let Some(entity) = AGENTS.with_borrow_mut(|known| known.get(&key).map(|known| known.2.clone())) {
        return Ok(entity);
    }
    let organization = record.as_ref().is_some_and(|record| record.class == Class::Organization);
    let training = membership.as_ref().map(|one| one.fields.texts(Prop::Training)).unwrap_or_default();
    let mut attributes = HashMap::from([
        ("organization".to_owned(), RestrictedExpression::new_bool(organization)),
        ("training".to_owned(), strings(training)),
    ]);
    let mut roles = HashSet::new();
    if let Some(membership) = &membership {
        if let Some(since) = membership.fields.instant(Prop::HasBeginning) {
            attributes.insert("since".to_owned(), datetime(since));
        }
        for role in governance::membership::roles(membership) {
            roles.insert(uid("Role", &role)?);
        }
    }
    let entity = Entity::new(agent_uid(agent)?, attributes, roles);
    let entity = entity.map_err(|error| BookError::Engine(error.to_string()))?;
    AGENTS.with_borrow_mut(|known| known.put(key, (record, membership.clone(), entity.clone())));
    Ok(entity)
}
