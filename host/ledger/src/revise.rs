//! Mending what describes a record: its name, a note, a picture, papers. What counts in the books (amounts, owners,
//! places, promises) changes through events and promises alone, and an event never changes.

use valueflows::{Class, Fields, Id, Prop};

use crate::check;
use crate::decide::{Outcome, shape};
use crate::error::{Refusal, Stop};
use crate::view::View;

/// The properties of a class that describe and may be mended.
pub fn describing(class: Class) -> &'static [Prop] {
    use Prop::*;
    match class {
        Class::Person | Class::Agent => &[Name, Note, Image, PrimaryLocation],
        Class::Organization | Class::EcologicalAgent => &[Name, Note, Image, PrimaryLocation, ClassifiedAs],
        Class::SpatialThing => &[Name, Note, Lat, Long, Alt, MappableAddress, HasDetailedGeometry],
        Class::Unit => &[Symbol, OmUnitIdentifier, ClassifiedAs],
        Class::ResourceSpecification => {
            &[Name, Note, Image, ImageList, ResourceClassifiedAs, RequiresTraining, StockFloor]
        }
        Class::ProcessSpecification => &[Name, Note, Image],
        Class::EconomicResource => &[
            Name,
            Note,
            Image,
            ImageList,
            Papers,
            TrackingIdentifier,
            ClassifiedAs,
            OfBatchLot,
            UnitOfEffort,
            CurrentVirtualLocation,
            CurrentCurrencyLocation,
        ],
        Class::Process => {
            &[Name, Note, ClassifiedAs, HasBeginning, HasEnd, Finished, InScopeOf, PlannedWithin]
        }
        Class::Intent => {
            &[Name, Note, Image, ImageList, ResourceClassifiedAs, HasBeginning, HasEnd, Due, Finished]
        }
        Class::Proposal => &[Name, Note, HasBeginning, HasEnd, ProposedTo, ListedIn],
        Class::Agreement => &[Name, Note, BundledIn],
        Class::EconomicEvent => &[Note, Image],
        Class::Commitment | Class::Claim => &[Note],
        Class::BatchLotRecord => &[BatchLotCode, ExpirationDate],
        Class::Plan => &[Name, Note, Due],
        Class::AgreementBundle | Class::RecipeExchange => &[Name, Note],
        Class::ProposalList => &[Name, Note, ProposedTo],
        Class::AgentRelationshipRole => &[RoleLabel, InverseRoleLabel, Note],
        Class::AgentRelationship => &[Note],
        Class::Recipe => &[Name, Note, PrimaryOutput, RecipeIncludes],
        Class::RecipeProcess => &[Name, Note, Image, ProcessConformsTo, ProcessClassifiedAs, HasDuration],
        Class::RecipeFlow => &[Note, ResourceClassifiedAs, ResourceQuantity, EffortQuantity, Stage, State],
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
    if class == Class::RecipeFlow || class == Class::RecipeProcess {
        check::no_negatives(&record.fields)?;
    }
    let mut outcome = Outcome::default();
    outcome.change(record);
    Ok(outcome)
}
