//! From a table to commands: what a network knows by name, and the acts that a plan's steps are.

use std::collections::HashMap;

use interchange::{Known, Part, Place, Step};
use pipeline::acts::{Act, AnyAct, Command, GoverningAct};
use pipeline::{Reader, Rejection};
use valueflows::{Class, Id, Prop, Record};

/// What a plan is made against: the units, members, things and kinds that a reader sees, by their names, and what
/// these IRIs mean.
pub async fn place(reader: &mut Reader, iris: &[String]) -> Result<Place, Rejection> {
    let shown = |record: &Record| Known { id: record.id, class: record.class, fields: record.fields.clone() };
    let known = reader.elsewhere(iris).await?;
    let mut units = HashMap::new();
    for unit in reader.every(Class::Unit).await? {
        let label = unit.fields.text(Prop::Label).unwrap_or_default().to_owned();
        units.entry(label).or_insert_with(|| shown(&unit));
    }
    let mut members = HashMap::new();
    for membership in reader.every(Class::Membership).await?.into_iter().filter(|one| one.is_open()) {
        if let Some(member) = membership.fields.id(Prop::Member) {
            members.insert(reader.title(member).await?, member);
        }
    }
    let things = reader.every(Class::EconomicResource).await?;
    let kinds = reader.every(Class::ResourceSpecification).await?;
    let name = reader.head().name.clone();
    let houses = reader.every(Class::Organization).await?;
    Ok(Place {
        network: reader.head().network,
        known: known.iter().map(|(iri, record)| (iri.clone(), shown(record))).collect(),
        units,
        members,
        things: things.iter().map(|thing| (thing.title(), shown(thing))).collect(),
        kinds: kinds.iter().map(|kind| (kind.title(), kind.id)).collect(),
        house: houses.iter().find(|one| one.title() == name).map(|house| house.id),
    })
}

/// A part of a plan as a command of somebody's.
pub fn command(part: &Part, agent: Id) -> Command {
    Command::new(part.command, agent, part.steps.iter().map(act).collect())
}

/// A step as an act.
pub fn act(step: &Step) -> AnyAct {
    AnyAct::Economic(match step {
        Step::Report { class, fields, .. } => Act::Report { class: *class, fields: fields.clone() },
        Step::State { resource, fields, .. } => Act::State { resource: *resource, fields: fields.clone() },
        Step::Define { fields, .. } => {
            Act::Define { class: Class::ResourceSpecification, fields: fields.clone() }
        }
        Step::Record { event, resource, .. } => {
            Act::Record { event: event.clone(), resource: Some(resource.clone()) }
        }
        Step::Offer { proposal, intent, .. } => {
            Act::Publish { proposal: proposal.clone(), intents: vec![intent.clone()] }
        }
        Step::Admit { name, roles, .. } => {
            let (name, roles) = (name.clone(), roles.clone());
            return AnyAct::Governing(GoverningAct::Admit { name, roles, place: None });
        }
        Step::Train { member, training, .. } => {
            let (member, training) = (*member, training.clone());
            return AnyAct::Governing(GoverningAct::Train { member, training });
        }
    })
}
