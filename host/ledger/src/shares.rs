//! How much of an event counts towards each of the promises, or claims, that it names: one delivery may keep several
//! orders, and the specification gives no amount to the link between them.
//!
//! An event that names one counts towards it whole. One that names several gives each, in the order in which it names
//! them, what is still open there; the last takes the rest. Whoever records it may say otherwise. How it was
//! divided stands with the event (`shares`), so that what remains of a promise is a sum over its own events and
//! never depends on other promises.

use std::collections::BTreeMap;

use valueflows::{Fields, Id, Prop, Quantity, Record, Term, Value};

use crate::decide::shape;
use crate::error::{Refusal, Stop};
use crate::view::{Link, View};

const COUNTED: [Prop; 2] = [Prop::ResourceQuantity, Prop::EffortQuantity];

/// What an event, with those before it, comes to for one promise.
pub(crate) struct Share {
    pub(crate) of: Id,
    /// In what it is counted, and how much was promised; nothing where no amount was.
    promised: Option<(Prop, Quantity)>,
    /// What earlier events come to, and this one.
    before: i64,
    now: i64,
    /// Whether anything is left of the event itself, corrections counted in.
    happened: bool,
}

impl Share {
    /// Whether nothing is left to do.
    pub(crate) fn is_kept(&self) -> bool {
        match self.promised {
            Some((_, promised)) => self.before + self.now >= promised.amount,
            None => self.happened,
        }
    }

    fn open(&self) -> i64 {
        self.promised.map_or(0, |(_, promised)| (promised.amount - self.before).max(0))
    }
}

/// What was promised, or claimed, is counted in things, or else in effort.
pub(crate) fn promised(promise: &Record) -> Option<(Prop, Quantity)> {
    COUNTED.into_iter().find_map(|prop| Some((prop, promise.fields.quantity(prop)?)))
}

/// How much of an event counts towards a promise or claim that it names, in the amount's own property.
pub fn share_of(event: &Fields, of: Id, counted: Prop) -> Option<Quantity> {
    let name = of.to_string();
    match said(event).iter().find(|term| term.code == name) {
        Some(term) => Some(term.quantity),
        None => event.quantity(counted),
    }
}

/// What was promised, or claimed, and how much of it was done by what names it.
pub fn done<'a>(promise: &Record, by: impl Iterator<Item = &'a Record>) -> Option<(Quantity, Quantity)> {
    let (counted, promised) = promised(promise)?;
    let shares = by.filter_map(|event| share_of(&event.fields, promise.id, counted));
    // What is counted in another unit cannot be told to be of it.
    let done =
        shares.fold(Quantity { amount: 0, ..promised }, |done, share| done.plus(share).unwrap_or(done));
    Some((promised, done))
}

fn said(event: &Fields) -> &[Term] {
    match event.get(Prop::Shares) {
        Some(Value::Terms(terms)) => terms,
        _ => &[],
    }
}

/// Divides the event among what it names; a correction gives and takes where the event that it corrects did.
pub(crate) fn split(
    view: &View,
    event: &Fields,
    named: &[Record],
    link: impl Fn(Id) -> Link,
    original: Option<&Record>,
) -> Result<Vec<Share>, Stop> {
    if named.iter().enumerate().any(|(n, one)| named.iter().take(n).any(|other| other.id == one.id)) {
        return Err(shape("an event names each promise, and each claim, once"));
    }
    let mut shares = Vec::with_capacity(named.len());
    let mut given: Vec<i64> = Vec::with_capacity(named.len());
    for promise in named {
        let earlier = view.linked(link(promise.id))?;
        let of_event = |event: &Record| {
            original.is_some_and(|one| event.id == one.id || event.fields.id(Prop::Corrects) == Some(one.id))
        };
        let mut share =
            Share { of: promise.id, promised: promised(promise), before: 0, now: 0, happened: true };
        let mut own = 0;
        if let Some((prop, promised)) = share.promised {
            for event in &earlier {
                let Some(quantity) = share_of(&event.fields, promise.id, prop) else { continue };
                share.before = Quantity { amount: share.before, ..promised }.plus(quantity)?.amount;
                if of_event(event) {
                    own += quantity.amount;
                }
            }
        }
        let amounts = earlier.iter().filter(|event| of_event(event)).map(|event| &event.fields);
        share.happened = COUNTED.into_iter().any(|prop| {
            let of = |fields: &Fields| fields.quantity(prop).map_or(0, |quantity| quantity.amount);
            amounts.clone().map(of).sum::<i64>() + of(event) > 0
        });
        if original.is_none() {
            share.happened = true;
        }
        given.push(own);
        shares.push(share);
    }
    for prop in COUNTED {
        divide(event, prop, &mut shares, &given)?;
    }
    Ok(shares)
}

fn divide(event: &Fields, prop: Prop, shares: &mut [Share], given: &[i64]) -> Result<(), Stop> {
    let is_counted = |share: &Share| share.promised.is_some_and(|(counted, _)| counted == prop);
    let counted: Vec<usize> =
        shares.iter().enumerate().filter(|(_, share)| is_counted(share)).map(|(n, _)| n).collect();
    let (Some(last), Some(whole)) = (counted.last().copied(), event.quantity(prop)) else { return Ok(()) };
    let mut rest = whole.amount;
    let names: Vec<String> = shares.iter().map(|share| share.of.to_string()).collect();
    let said: Vec<&Term> = said(event).iter().filter(|term| names.contains(&term.code)).collect();
    let order: Vec<usize> =
        if whole.amount < 0 { counted.iter().rev().copied().collect() } else { counted.clone() };
    for n in order {
        let Some(share) = shares.get_mut(n) else { continue };
        if share.promised.is_some_and(|(_, promised)| promised.unit != whole.unit) {
            return Err(Refusal::WrongUnit { prop: prop.as_str() }.into());
        }
        let name = share.of.to_string();
        share.now = match said.iter().find(|term| term.code == name) {
            _ if counted.len() == 1 => rest,
            Some(term) => term.quantity.amount,
            None if !said.is_empty() => 0,
            None if whole.amount < 0 => -given.get(n).copied().unwrap_or_default().max(0).min(-rest),
            None if n == last => rest,
            None => share.open().min(rest),
        };
        rest -= share.now;
    }
    let other_way = |amount: i64| if whole.amount < 0 { amount > 0 } else { amount < 0 };
    let odd = |term: &&Term| term.quantity.unit != whole.unit || other_way(term.quantity.amount);
    if other_way(rest) || said.iter().any(odd) {
        return Err(shape("the shares of an event come to no more than the event, in its unit"));
    }
    Ok(())
}

/// Writes down how the event was divided, where it names more than one.
pub(crate) fn write(event: &mut Fields, promises: &[Share], claims: &[Share]) -> Result<(), Stop> {
    let known: BTreeMap<String, ()> =
        promises.iter().chain(claims).map(|share| (share.of.to_string(), ())).collect();
    if said(event).iter().any(|term| !known.contains_key(&term.code)) {
        return Err(shape(
            "`shares` names the promises that the event fulfills, and the claims that it settles",
        ));
    }
    let unit = |share: &Share| share.promised.map(|(_, promised)| promised.unit);
    let several = [promises, claims].into_iter().filter(|shares| shares.len() > 1).flatten();
    let terms: Vec<Term> = several
        .filter_map(|share| {
            let quantity = Quantity { amount: share.now, unit: unit(share)? };
            Some(Term { code: share.of.to_string(), quantity })
        })
        .collect();
    match terms.is_empty() {
        true => drop(event.remove(Prop::Shares)),
        false => event.set(Prop::Shares, Value::Terms(terms)),
    }
    Ok(())
}
