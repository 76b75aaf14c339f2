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
    let [about, to] = links(thing);
    Ok(in_order(&view.linked(about)?, &view.linked(to)?))
}

/// The answers to [`links`], each in the order in which it was recorded, as one history in that order.
/// Where neither list says which came first, the time at which it was written down does.
pub fn in_order(about: &[Arc<Record>], to: &[Arc<Record>]) -> Vec<Arc<Record>> {
    let ids = |list: &[Arc<Record>]| list.iter().map(|event| event.id).collect::<HashSet<Id>>();
    let (in_about, in_to) = (ids(about), ids(to));
    let (mut about, mut to) = (about.iter().peekable(), to.iter().peekable());
    let mut events = Vec::new();
    loop {
        let next = match (about.peek(), to.peek()) {
            (None, None) => return events,
            (Some(_), None) => about.next(),
            (None, Some(_)) => to.next(),
            (Some(one), Some(other)) if one.id == other.id => {
                to.next();
                about.next()
            }
            (Some(one), Some(other)) => {
                let created = |event: &Record| event.fields.instant(Prop::Created);
                match (in_to.contains(&one.id), in_about.contains(&other.id)) {
                    (true, false) => to.next(),
                    (false, false) if created(other) < created(one) => to.next(),
                    _ => about.next(),
                }
            }
        };
        events.extend(next.cloned());
    }
}
