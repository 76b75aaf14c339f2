//! What is reported from elsewhere: a network's past, or another system's books. It is written down as it is
//! told, marked as told, and the ledger's laws hold for it: events change stocks, nothing falls below its
//! floor, a state must agree with what the events before it come to.
//!
//! What differs from an act is what a report cannot give: somebody who witnessed it. So its times lie where
//! it says, dates that have passed make no deadline, and a resource that it only points at has a stock that
//! nobody knows.

use valueflows::property::STATED;
use valueflows::{Class, Fields, Id, Prop, Quantity, Record, Value};

use crate::check;
use crate::decide::{Circumstances, Outcome, shape};
use crate::error::{Refusal, Stop};
use crate::event;
use crate::view::{Key, Link, View};

/// The question whether something of elsewhere is written down here already.
pub(crate) fn elsewhere(class: Class, fields: &Fields) -> Option<Key> {
    let target = Id::of_iri(fields.text(Prop::SameAs)?);
    Some(Key::Linked(Link { class, prop: Prop::SameAs, target, open: false }))
}

/// Fills in what a report leaves open, and says so.
fn assume(fields: &mut Fields, prop: Prop, value: Value) {
    if fields.get(prop).is_some() {
        return;
    }
    fields.set(prop, value);
    let mut assumed = fields.texts(Prop::Assumed).to_vec();
    assumed.push(prop.as_str().to_owned());
    fields.set(Prop::Assumed, Value::Texts(assumed));
}

pub(crate) fn report(
    view: &View,
    class: Class,
    fields: &Fields,
    with: &mut Circumstances,
) -> Result<Outcome, Stop> {
    if class.is_governing() {
        return Err(shape("who belongs and who may act for whom is decided here, not reported"));
    }
    if fields.get(Prop::Reported).is_some() || fields.get(Prop::Assumed).is_some() {
        return Err(shape("the mark of a report is set by the books"));
    }
    fields.complete(class)?;
    if let (Some(Key::Linked(link)), Some(iri)) = (elsewhere(class, fields), fields.text(Prop::SameAs))
        && !view.linked(link)?.is_empty()
    {
        return Err(Refusal::Known(iri.to_owned()).into());
    }
    let mut fields = check::settle_some(view, class, fields)?;
    fields.set(Prop::Reported, Value::Flag(true));
    check::planned_times(&fields)?;
    match class {
        Class::EconomicEvent => return happened(view, fields, with),
        Class::EconomicResource => stock(&mut fields)?,
        Class::Commitment | Class::Intent | Class::Claim => promised(class, &mut fields, with)?,
        _ => {}
    }
    let mut outcome = Outcome::default();
    outcome.make(Record::new(with.next_id(), class, fields));
    // What should have been done by now is no deadline any more.
    outcome.deadlines.retain(|(due, _)| *due > with.now);
    Ok(outcome)
}

fn happened(view: &View, mut event: Fields, with: &mut Circumstances) -> Result<Outcome, Stop> {
    assume(&mut event, Prop::Created, Value::Instant(with.now));
    if [Prop::HasBeginning, Prop::HasEnd].iter().all(|prop| event.get(*prop).is_none()) {
        assume(&mut event, Prop::HasPointInTime, Value::Instant(with.now));
    }
    event::happened(view, event, None, with)
}

fn stock(fields: &mut Fields) -> Result<(), Stop> {
    let (accounting, onhand) =
        (fields.quantity(Prop::AccountingQuantity), fields.quantity(Prop::OnhandQuantity));
    check::not_negative(accounting)?;
    check::not_negative(onhand)?;
    match (accounting, onhand) {
        (Some(one), None) => assume(fields, Prop::OnhandQuantity, Value::Quantity(one)),
        (None, Some(one)) => assume(fields, Prop::AccountingQuantity, Value::Quantity(one)),
        (Some(one), Some(other)) if one.unit != other.unit => {
            return Err(Refusal::WrongUnit { prop: Prop::OnhandQuantity.as_str() }.into());
        }
        _ => {}
    }
    Ok(())
}

fn promised(class: Class, fields: &mut Fields, with: &Circumstances) -> Result<(), Stop> {
    check::not_negative(fields.quantity(Prop::ResourceQuantity))?;
    check::not_negative(fields.quantity(Prop::EffortQuantity))?;
    if class == Class::Intent {
        if fields.id(Prop::Provider).is_some() && fields.id(Prop::Receiver).is_some() {
            return Err(Refusal::BadOffer("an intent has a provider or a receiver, never both").into());
        }
    } else {
        assume(fields, Prop::Created, Value::Instant(with.now));
    }
    assume(fields, Prop::Finished, Value::Flag(false));
    Ok(())
}

pub(crate) fn state(view: &View, resource: Id, fields: &Fields) -> Result<Outcome, Stop> {
    if let Some((prop, _)) = fields.iter().find(|(prop, _)| !STATED.contains(prop)) {
        return Err(Refusal::Fixed { class: Class::EconomicResource.as_str(), prop: prop.as_str() }.into());
    }
    let known = check::of_class(view, Prop::ResourceInventoriedAs, resource, Class::EconomicResource)?;
    let mut stated = check::settle_some(view, Class::EconomicResource, fields)?;
    let reported = known.fields.flag(Prop::Reported);
    // A stock that was not known is set as a whole.
    if reported
        && known.fields.quantity(Prop::AccountingQuantity).is_none()
        && known.fields.quantity(Prop::OnhandQuantity).is_none()
    {
        stock(&mut stated)?;
    }
    let mut record = Record::clone(&known);
    for (prop, value) in stated.iter() {
        match known.fields.get(prop) {
            Some(found) if found == value || prop == Prop::Assumed => {}
            Some(found) => return Err(differs(&known, prop, value, found)),
            None if reported => record.fields.set(prop, value.clone()),
            None => {
                return Err(shape("the state of what was witnessed here follows from its events alone"));
            }
        }
    }
    let mut outcome = Outcome::default();
    if record != *known {
        outcome.change(record);
    }
    Ok(outcome)
}

fn differs(thing: &Record, prop: Prop, said: &Value, found: &Value) -> Stop {
    let shown = |value: &Value| match value {
        Value::Quantity(Quantity { amount, .. }) => format!("{amount} smallest parts"),
        Value::Text(text) => format!("`{text}`"),
        Value::Ref(id) => format!("`{id}`"),
        _ => "something else".to_owned(),
    };
    let (said, found) = (shown(said), shown(found));
    Refusal::Differs { thing: thing.title(), prop: prop.as_str(), said, found }.into()
}
