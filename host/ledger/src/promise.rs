//! Promises kept by events.

use valueflows::{Action, Class, Fields, Id, Prop, Quantity, Record, Value};

use crate::check;
use crate::decide::{Circumstances, Outcome};
use crate::error::{Refusal, Stop};
use crate::shares::{self, Share};
use crate::view::{Key, Link, View};

/// The events that keep a promise.
pub(crate) fn keeping(commitment: Id) -> Link {
    Link { class: Class::EconomicEvent, prop: Prop::Fulfills, target: commitment, open: false }
}

/// Whether whoever promised was let off.
pub(crate) fn is_let_off(promise: &Record) -> bool {
    promise.fields.text(Prop::State).is_some_and(|state| state == "waived" || state == "withdrawn")
}

/// The promises that the event keeps, finished where nothing is left to do, and how it is shared among them.
pub(crate) fn kept(
    view: &View,
    event: &Fields,
    action: Action,
    original: Option<&Record>,
    with: &Circumstances,
    outcome: &mut Outcome,
) -> Result<Vec<Share>, Stop> {
    let ids = event.ids(Prop::Fulfills);
    view.require(&ids.iter().map(|id| Key::Linked(keeping(*id))).collect::<Vec<_>>())?;
    if !with.is_whole() {
        return one_by_one(view, event, action, outcome).map(|()| Vec::new());
    }
    let mut promises = Vec::with_capacity(ids.len());
    for id in ids {
        let promise = Record::clone(&*check::existing(view, Prop::Fulfills, *id)?);
        // A report may name its promises as they ended, and a correction is of what has been.
        let bound = original.is_some() || event.flag(Prop::Reported);
        if !promise.is_open() && !bound {
            return Err(Refusal::Settled.into());
        }
        agrees(&promise, event, action)?;
        promises.push(promise);
    }
    let shared = shares::split(view, event, &promises, keeping, original)?;
    for (mut promise, share) in promises.into_iter().zip(&shared) {
        let let_off = is_let_off(&promise);
        let was_open = promise.is_open();
        match (was_open, share.is_kept()) {
            (true, kept) => {
                promise.fields.set(Prop::Finished, Value::Flag(kept));
                outcome.change(promise);
            }
            (false, false) if original.is_some() && !let_off => {
                promise.fields.set(Prop::Finished, Value::Flag(false));
                outcome.reopen(promise);
            }
            (false, _) => {}
        }
    }
    Ok(shared)
}

/// What books of the first three generations made of it: each promise counts the whole event.
fn one_by_one(view: &View, event: &Fields, action: Action, outcome: &mut Outcome) -> Result<(), Stop> {
    for id in event.ids(Prop::Fulfills) {
        let mut promise = Record::clone(&*check::existing(view, Prop::Fulfills, *id)?);
        match (promise.is_open(), event.flag(Prop::Reported)) {
            (true, _) => {}
            (false, true) => continue,
            (false, false) => return Err(Refusal::Settled.into()),
        }
        agrees(&promise, event, action)?;
        if comes_to(view, &promise, event)? {
            promise.fields.set(Prop::Finished, Value::Flag(true));
        }
        outcome.change(promise);
    }
    Ok(())
}

/// Whether the event does what was promised, by whom and to whom.
fn agrees(promise: &Record, event: &Fields, action: Action) -> Result<(), Refusal> {
    if promise.fields.action() != Some(action) {
        return Err(Refusal::NotThatPromise("another action was promised"));
    }
    // What comes back goes to the thing that it left.
    let things = [Prop::ResourceInventoriedAs, Prop::ToResourceInventoriedAs];
    let promised = [
        (Prop::Provider, &[Prop::Provider][..]),
        (Prop::Receiver, &[Prop::Receiver]),
        (Prop::ResourceInventoriedAs, &things),
    ];
    for (prop, named) in promised {
        let kept = |promised: Id| named.iter().any(|prop| event.id(*prop) == Some(promised));
        if promise.fields.id(prop).is_some_and(|promised| !kept(promised)) {
            return Err(Refusal::NotThatPromise("other people or another thing were promised"));
        }
    }
    Ok(())
}

/// Whether this event, with those before it, comes to what was promised: in things, or else in effort.
fn comes_to(view: &View, promise: &Record, event: &Fields) -> Result<bool, Stop> {
    let Some((prop, promised)) = shares::promised(promise) else { return Ok(true) };
    let mut done = event.quantity(prop).unwrap_or(Quantity { amount: 0, unit: promised.unit });
    for earlier in view.linked(keeping(promise.id))? {
        if let Some(quantity) = earlier.fields.quantity(prop) {
            done = done.plus(quantity)?;
        }
    }
    if done.unit != promised.unit {
        return Err(Refusal::WrongUnit { prop: prop.as_str() }.into());
    }
    Ok(done.amount >= promised.amount)
}
