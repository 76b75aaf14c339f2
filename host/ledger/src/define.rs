//! Writing down what events point at, and publishing offers and requests.

use valueflows::limits::UNIT_DECIMALS_MAX;
use valueflows::{Class, Fields, Prop, Property, Record, Value};

use crate::check;
use crate::decide::{Circumstances, Outcome, shape};
use crate::error::{Refusal, Stop};
use crate::planning::reserve;
use crate::view::View;

/// The classes that are written down as they are; all others come from acts of their own.
const DEFINABLE: [Class; 20] = [
    Class::Unit,
    Class::SpatialThing,
    Class::ResourceSpecification,
    Class::ProcessSpecification,
    Class::Process,
    Class::Organization,
    // What acts and is neither somebody nor several: a device, a forest.
    Class::Agent,
    // From the fourth generation on.
    Class::EcologicalAgent,
    Class::BatchLotRecord,
    Class::Plan,
    Class::Intent,
    Class::Agreement,
    Class::AgreementBundle,
    Class::ProposalList,
    Class::Recipe,
    Class::RecipeProcess,
    Class::RecipeFlow,
    Class::RecipeExchange,
    Class::AgentRelationshipRole,
    Class::AgentRelationship,
];

/// How many of them books of the first three generations knew.
const BEFORE: usize = 7;

/// What is said of a class that is not written down as it is.
pub fn not_by_itself() -> Stop {
    shape("this class is not written down by itself; record the event or act that makes it")
}

pub(crate) fn define(
    view: &View,
    class: Class,
    fields: &Fields,
    with: &mut Circumstances,
) -> Result<Outcome, Stop> {
    let definable = DEFINABLE.get(..if with.is_whole() { DEFINABLE.len() } else { BEFORE });
    if !definable.is_some_and(|classes| classes.contains(&class)) {
        return Err(not_by_itself());
    }
    let mut fields = check::settle(view, class, fields)?;
    if with.is_whole() {
        whole(class, &mut fields, with)?;
    }
    if let Some(decimals) = fields.integer(Prop::Decimals)
        && !(0..=i64::from(UNIT_DECIMALS_MAX)).contains(&decimals)
    {
        return Err(shape("a unit has from 0 to 9 decimals"));
    }
    check::planned_times(&fields)?;
    if class == Class::Intent && with.generation >= crate::PLANNED {
        reserve::check(view, class, &fields, with)?;
    }
    let mut outcome = Outcome::default();
    outcome.make(Record::new(with.next_id(), class, fields));
    Ok(outcome)
}

/// What holds of the classes of plans, agreements and recipes.
fn whole(class: Class, fields: &mut Fields, with: &Circumstances) -> Result<(), Stop> {
    check::no_negatives(fields)?;
    let has = |prop: &Prop| fields.get(*prop).is_some();
    match class {
        Class::Intent => {
            let planned = [Prop::InputOf, Prop::OutputOf, Prop::PlannedWithin];
            if !planned.iter().any(has) {
                return Err(shape(
                    "an intent is part of a plan or a process, or it is published with a proposal",
                ));
            }
            if has(&Prop::Provider) && has(&Prop::Receiver) {
                return Err(Refusal::BadOffer("an intent has a provider or a receiver, never both").into());
            }
        }
        Class::RecipeFlow if has(&Prop::RecipeInputOf) && has(&Prop::RecipeOutputOf) => {
            return Err(shape("a flow of a recipe goes into a process or comes out of it"));
        }
        Class::Agreement if !fields.terms().is_empty() => {
            return Err(shape("`terms` come with what is quoted and accepted"));
        }
        _ => {}
    }
    let dated = Property::of(class, Prop::Created).is_some() && !has(&Prop::Created);
    if class == Class::Intent && !has(&Prop::Finished) {
        fields.set(Prop::Finished, Value::Flag(false));
    }
    if dated {
        fields.set(Prop::Created, Value::Instant(with.now));
    }
    Ok(())
}

pub(crate) fn publish(
    view: &View,
    proposal: &Fields,
    intents: &[Fields],
    with: &mut Circumstances,
) -> Result<Outcome, Stop> {
    let mut proposal = check::settle(view, Class::Proposal, proposal)?;
    if !matches!(proposal.text(Prop::Purpose), Some("offer" | "request")) {
        return Err(shape("`purpose` says what is published: `offer` or `request`"));
    }
    if intents.is_empty() || !proposal.ids(Prop::Publishes).is_empty() {
        return Err(shape("a proposal publishes the intents that come with it, one at least"));
    }
    let mut outcome = Outcome::default();
    let mut ids = Vec::new();
    for intent in intents {
        let mut intent = check::settle(view, Class::Intent, intent)?;
        if intent.id(Prop::Provider).is_some() && intent.id(Prop::Receiver).is_some() {
            return Err(Refusal::BadOffer("an intent has a provider or a receiver, never both").into());
        }
        check::not_negative(intent.quantity(Prop::ResourceQuantity))?;
        check::planned_times(&intent)?;
        intent.set(Prop::Finished, Value::Flag(false));
        let id = with.next_id();
        ids.push(id);
        outcome.make(Record::new(id, Class::Intent, intent));
    }
    proposal.set(Prop::Publishes, Value::Refs(ids));
    proposal.set(Prop::Created, Value::Instant(with.now));
    outcome.make(Record::new(with.next_id(), Class::Proposal, proposal));
    Ok(outcome)
}
