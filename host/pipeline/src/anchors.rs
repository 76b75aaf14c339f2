//! What an act names: where plugins' data needs start.

use governance::AnyAct;
use ledger::{Act, Missing, View};
use valueflows::{Fields, Id, Prop};

use crate::input::Anchors;

/// What an act names, for needs.
pub(crate) fn anchors(view: &View, act: &AnyAct, principal: Id) -> Result<Anchors, Missing> {
    Ok(match act {
        AnyAct::Economic(Act::Record { event, .. }) => of_fields(event, principal),
        AnyAct::Economic(Act::Commit { fields } | Act::Claim { fields } | Act::Report { fields, .. }) => {
            of_fields(fields, principal)
        }
        AnyAct::Economic(Act::Accept { intent, receiver, .. }) => {
            let offer = view.record(*intent)?;
            let named = |prop| offer.as_ref().and_then(|offer| offer.fields.id(prop));
            Anchors {
                principal: Some(principal),
                provider: named(Prop::Provider),
                receiver: Some(*receiver),
                stock: named(Prop::ResourceInventoriedAs),
                spec: named(Prop::ResourceConformsTo),
                offer: Some(*intent),
                ..Anchors::default()
            }
        }
        _ => Anchors { principal: Some(principal), ..Anchors::default() },
    })
}

/// What an event's or promise's values name.
pub(crate) fn of_fields(fields: &Fields, principal: Id) -> Anchors {
    Anchors {
        principal: Some(principal),
        provider: fields.id(Prop::Provider),
        receiver: fields.id(Prop::Receiver),
        stock: fields.id(Prop::ResourceInventoriedAs).or(fields.id(Prop::ToResourceInventoriedAs)),
        agreement: fields.id(Prop::RealizationOf).or(fields.id(Prop::ClauseOf)),
        spec: fields.id(Prop::ResourceConformsTo),
        ..Anchors::default()
    }
}

/// An event that keeps a promise belongs to that promise's agreement.
pub(crate) fn agreement_of_promises(view: &View, event: &Fields) -> Result<Option<Id>, Missing> {
    for id in event.ids(Prop::Fulfills) {
        if let Some(promise) = view.record(*id)?
            && let Some(agreement) = promise.fields.id(Prop::ClauseOf)
        {
            return Ok(Some(agreement));
        }
    }
    Ok(None)
}
