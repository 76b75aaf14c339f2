//! Corrections. What happened is never changed: a correction is an event of its own that says by how much the amount
//! was wrong, and the only place for less than nothing.
//!
//! It repeats what it corrects: the same action, people, things, processes, agreements and promises. So whoever may
//! correct is asked the same questions as whoever may record, and a correction never moves, gives or makes anything
//! else. To change anything but the amount, an event is undone whole and recorded anew.

use valueflows::{Class, Fields, Id, Prop, Quantity, Record};

use crate::check;
use crate::error::{Refusal, Stop};
use crate::view::{Key, Link, View};

/// What a correction repeats.
const REPEATED: [Prop; 12] = [
    Prop::Provider,
    Prop::Receiver,
    Prop::ResourceInventoriedAs,
    Prop::ToResourceInventoriedAs,
    Prop::ResourceConformsTo,
    Prop::InputOf,
    Prop::OutputOf,
    Prop::RealizationOf,
    Prop::ReciprocalRealizationOf,
    Prop::Fulfills,
    Prop::Satisfies,
    Prop::Settles,
];

/// The corrections of an event.
pub(crate) fn corrections(event: Id) -> Link {
    Link { class: Class::EconomicEvent, prop: Prop::Corrects, target: event, open: false }
}

/// The event that is corrected, if this is a correction and a sound one.
pub(crate) fn original(view: &View, event: &Fields, creates: bool) -> Result<Option<Record>, Stop> {
    let Some(id) = event.id(Prop::Corrects) else { return Ok(None) };
    let bad = |why: &str| Err(Stop::from(Refusal::BadCorrection(why.to_owned())));
    view.require(&[Key::Record(id), Key::Linked(corrections(id))])?;
    let original = check::of_class(view, Prop::Corrects, id, Class::EconomicEvent)?;
    if creates {
        return bad("a correction brings nothing new");
    }
    if original.fields.get(Prop::Corrects).is_some() {
        return bad("it is a correction itself; correct the event that it corrects once more");
    }
    if original.fields.action() != event.action() {
        return bad("the action is another one");
    }
    let differs = |prop: &&Prop| {
        let none = |fields: &Fields| fields.get(**prop).is_none_or(|v| v.refs().is_empty());
        event.get(**prop) != original.fields.get(**prop) && !(none(event) && none(&original.fields))
    };
    if let Some(prop) = REPEATED.iter().find(differs) {
        return bad(&format!("`{}` is another one", prop.as_str()));
    }
    let earlier = view.linked(corrections(id))?;
    for prop in [Prop::ResourceQuantity, Prop::EffortQuantity] {
        let Some(by) = event.quantity(prop) else { continue };
        let Some(had) = original.fields.quantity(prop) else {
            return bad(&format!("it has no `{}`", prop.as_str()));
        };
        if had.unit != by.unit {
            return Err(Refusal::WrongUnit { prop: prop.as_str() }.into());
        }
        let mut left = had.plus(by)?;
        for correction in &earlier {
            let nothing = Quantity { amount: 0, unit: had.unit };
            left = left.plus(correction.fields.quantity(prop).unwrap_or(nothing))?;
        }
        if left.amount < 0 {
            return bad("it would have been of less than nothing");
        }
    }
    Ok(Some(Record::clone(&original)))
}
