//! What an event implies when it happens between two: a thing consumed, or made, for somebody else changes owner on
//! the way, and one that is fetched, brought, taken in for work or given back changes hands (`concepts/actions.md`).
//!
//! The effects on amounts are the action's own; what is added is who must own and hold what.

use valueflows::action::{QuantityEffect, Row};
use valueflows::{Action, Fields, Prop, Record};

use crate::error::Refusal;

/// Whether an event is between two.
fn parties_differ(event: &Fields) -> bool {
    match (event.id(Prop::Provider), event.id(Prop::Receiver)) {
        (Some(provider), Some(receiver)) => provider != receiver,
        _ => false,
    }
}

/// Refuses what could not change owner or hands like that.
pub(crate) fn check(event: &Fields, row: &Row, thing: &Record) -> Result<(), Refusal> {
    if !parties_differ(event) {
        return Ok(());
    }
    let owner = thing.fields.id(Prop::PrimaryAccountable);
    let holder = thing.fields.id(Prop::Custodian).or(owner);
    let is_not = |who, prop| event.id(prop) != Some(who);
    match row.like {
        Action::Consume if owner.is_some_and(|owner| is_not(owner, Prop::Provider)) => {
            Err(Refusal::NotOwned(thing.title()))
        }
        Action::Consume | Action::Pickup | Action::Dropoff | Action::Accept | Action::Modify
            if holder.is_some_and(|holder| is_not(holder, Prop::Provider)) =>
        {
            Err(Refusal::NotHeld(thing.title()))
        }
        Action::Produce if owner.is_some_and(|owner| is_not(owner, Prop::Receiver)) => {
            Err(Refusal::NotForAction {
                action: row.action,
                problem: "adds to a stock of the one who receives it; name such a stock, or bring a new one",
            })
        }
        _ => Ok(()),
    }
}

/// Whether a thing changes hands: all of it goes, or all of it comes. Where only a part does, the record
/// stays in the hands in which the rest is.
pub(crate) fn changes_hands(event: &Fields, row: &Row, before: &Record, after: &Record) -> bool {
    let nothing = |record: &Record| {
        record.fields.quantity(Prop::OnhandQuantity).is_none_or(|quantity| quantity.amount == 0)
    };
    parties_differ(event)
        && row.onhand != QuantityEffect::None
        && match row.like {
            Action::Pickup | Action::Accept => nothing(after),
            Action::Dropoff | Action::Modify => nothing(before),
            _ => false,
        }
}
