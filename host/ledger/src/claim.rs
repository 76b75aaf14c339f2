//! Claims: what somebody may ask for because of an event, and the events that settle it.

use valueflows::{Class, Fields, Id, Prop, Record, Value};

use crate::check;
use crate::decide::{Circumstances, Outcome, shape};
use crate::error::{Refusal, Stop};
use crate::shares::{self, Share};
use crate::view::{Key, Link, View};

/// The events that settle a claim.
pub(crate) fn settling(claim: Id) -> Link {
    Link { class: Class::EconomicEvent, prop: Prop::Settles, target: claim, open: false }
}

pub(crate) fn claim(view: &View, fields: &Fields, with: &mut Circumstances) -> Result<Outcome, Stop> {
    if !with.is_whole() {
        return Err(crate::not_by_itself());
    }
    let mut fields = check::settle(view, Class::Claim, fields)?;
    check::no_negatives(&fields)?;
    if fields.get(Prop::Provider).is_none() || fields.get(Prop::Receiver).is_none() {
        return Err(shape("a claim has somebody who owes and somebody who is owed"));
    }
    if fields.flag(Prop::Finished) {
        return Err(shape("a new claim is not settled yet"));
    }
    fields.set(Prop::Finished, Value::Flag(false));
    fields.set(Prop::Created, Value::Instant(with.now));
    let mut outcome = Outcome::default();
    outcome.make(Record::new(with.next_id(), Class::Claim, fields));
    Ok(outcome)
}

/// The claims that the event settles, finished where nothing is left, and how it is shared among them.
pub(crate) fn settled(
    view: &View,
    event: &Fields,
    original: Option<&Record>,
) -> Result<(Vec<Record>, Vec<Share>), Stop> {
    let ids = event.ids(Prop::Settles);
    view.require(&ids.iter().map(|id| Key::Linked(settling(*id))).collect::<Vec<_>>())?;
    let mut claims = Vec::with_capacity(ids.len());
    for id in ids {
        let claim = check::of_class(view, Prop::Settles, *id, Class::Claim)?;
        let bound = original.is_some() || event.flag(Prop::Reported);
        if !claim.is_open() && !bound {
            return Err(Refusal::Settled.into());
        }
        let not_that = |why| Err(Stop::from(Refusal::NotThatPromise(why)));
        if claim.fields.action() != event.action() {
            return not_that("another action was claimed");
        }
        let named = [Prop::Provider, Prop::Receiver, Prop::ResourceConformsTo];
        let differs = |prop: &Prop| claim.fields.id(*prop).is_some_and(|id| event.id(*prop) != Some(id));
        if named.iter().any(differs) {
            return not_that("the claim is on somebody else, or for something else");
        }
        claims.push(Record::clone(&claim));
    }
    let shared = shares::split(view, event, &claims, settling, original)?;
    let mut changed = Vec::with_capacity(claims.len());
    for (mut claim, share) in claims.into_iter().zip(&shared) {
        // What a report names as it ended stays so.
        if claim.is_open() || original.is_some() {
            claim.fields.set(Prop::Finished, Value::Flag(share.is_kept()));
            changed.push(claim);
        }
    }
    Ok((changed, shared))
}
