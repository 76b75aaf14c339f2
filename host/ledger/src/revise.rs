//! Mending what describes a record: its name, a note, a picture, papers. What counts in the books (amounts, owners,
//! places, promises) changes through events and promises alone, and an event never changes.

use valueflows::{Class, Fields, Id, Prop};

use crate::check;
use crate::decide::{Outcome, shape};
use crate::error::{Refusal, Stop};
use crate::view::View;

/// The properties of a class that describe and may be mended.
pub fn describing(class: Class) -> &'static [Prop] {
    use Prop::{
        ClassifiedAs, Due, Finished, HasBeginning, HasEnd, Image, Lat, Long, MappableAddress, Name, Note,
        Papers, PrimaryLocation, RequiresTraining, ResourceClassifiedAs, Symbol, TrackingIdentifier,
    };
    match class {
        Class::Person | Class::Agent => &[Name, Note, Image, PrimaryLocation],
        Class::Organization => &[Name, Note, Image, PrimaryLocation, ClassifiedAs],
        Class::SpatialThing => &[Name, Note, Lat, Long, MappableAddress],
        Class::Unit => &[Symbol],
        Class::ResourceSpecification => &[Name, Note, Image, ResourceClassifiedAs, RequiresTraining],
        Class::ProcessSpecification => &[Name, Note],
        Class::EconomicResource => &[Name, Note, Image, Papers, TrackingIdentifier, ClassifiedAs],
        Class::Process => &[Name, Note, ClassifiedAs, HasBeginning, HasEnd, Finished],
        Class::Intent => &[Name, Note, Image, ResourceClassifiedAs, HasBeginning, HasEnd, Due, Finished],
        Class::Proposal => &[Name, Note, HasBeginning, HasEnd],
        Class::Agreement => &[Name, Note],
        Class::EconomicEvent | Class::Commitment => &[Note],
        Class::Membership
        | Class::Delegation
        | Class::RuleBook
        | Class::Amendment
        | Class::Poll
        | Class::Ballot
        | Class::Proxy
        | Class::Stop
        | Class::Exception
        | Class::Case
        | Class::Application => &[],
    }
}

pub(crate) fn revise(
    view: &View,
    (class, id, version): (Class, Id, u32),
    fields: &Fields,
    clear: &[Prop],
) -> Result<Outcome, Stop> {
    let allowed = describing(class);
    let named: Vec<Prop> = fields.iter().map(|(prop, _)| prop).chain(clear.iter().copied()).collect();
    if let Some(prop) = named.iter().find(|prop| !allowed.contains(prop)) {
        return Err(Refusal::Fixed { class: class.as_str(), prop: prop.as_str() }.into());
    }
    if named.is_empty() {
        return Err(shape("say what is to be changed"));
    }
    let known = check::of_class(view, Prop::Corrects, id, class)?;
    if known.version != version {
        return Err(Refusal::Stale { seen: version, now: known.version }.into());
    }
    let fields = check::settle_some(view, class, fields)?;
    let mut record = (*known).clone();
    record.fields.extend(fields);
    for prop in clear {
        record.fields.remove(*prop);
    }
    check::planned_times(&record.fields)?;
    let mut outcome = Outcome::default();
    outcome.change(record);
    Ok(outcome)
}
