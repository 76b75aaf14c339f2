//! The history of a thing as a list: every event that touched it, oldest first.

use std::collections::HashSet;
use std::sync::Arc;

use valueflows::{Class, Id, Prop, Record};

use crate::view::{Key, Link, Missing, View};

/// The questions whose answers hold a thing's history.
pub fn links(thing: Id) -> [Link; 2] {
    [Prop::ResourceInventoriedAs, Prop::ToResourceInventoriedAs].map(|prop| Link {
        class: Class::EconomicEvent,
        prop,
        target: thing,
        open: false,
    })
}

/// Every event that touched the thing, in the order in which they were recorded; one that names it
/// on both sides stands once.
pub fn trace(view: &View, thing: Id) -> Result<Vec<Arc<Record>>, Missing> {
    view.require(&links(thing).map(Key::Linked))?;
    let mut found = Vec::new();
    for link in links(thing) {
        found.extend(view.linked(link)?);
    }
    Ok(in_order(found))
}

/// The answers to [`links`] as one history.
pub fn in_order(found: impl IntoIterator<Item = Arc<Record>>) -> Vec<Arc<Record>> {
    let mut seen = HashSet::new();
    let mut events: Vec<Arc<Record>> = found.into_iter().filter(|event| seen.insert(event.id)).collect();
    events.sort_by_key(|event| event.fields.instant(Prop::Created));
    events
}
