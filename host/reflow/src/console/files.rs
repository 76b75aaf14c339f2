//! Files in and out, as the console asks for them.

use std::sync::Arc;

use interchange::export::Book;
use pipeline::whole::{Section, Whole};
use pipeline::{Node, Reader, Via};
use serde_json::{Map, Value as Json, json};
use valueflows::{Class, Filter, Id, Part, Prop, Record};

use super::{agent_named, memberships};
use crate::output::Failure;

/// The records that IRIs mean, and the units, as far as somebody sees them.
pub(super) async fn elsewhere(
    node: &Arc<Node>,
    network: &str,
    agent: &str,
    (iris, names): (&[String], bool),
) -> Result<Json, Failure> {
    let agent = agent_named(node, network, agent).await?;
    let mut reader = node.reader(network, agent, Via::Console).await?;
    let known: Map<String, Json> =
        reader.elsewhere(iris).await?.into_iter().map(|(iri, record)| (iri, shown(&record))).collect();
    let mut units = Map::new();
    for unit in all_of(&mut reader, Class::Unit).await? {
        let label = unit.fields.text(Prop::Label).unwrap_or_default();
        units.entry(label).or_insert_with(|| shown(&unit));
    }
    let mut here = json!({"network": reader.head().network, "agent": agent, "known": known, "units": units});
    if names {
        named(node, &mut reader, &mut here).await?;
    }
    Ok(here)
}

/// What tables call things by: members, things and kinds of things by their names.
async fn named(node: &Arc<Node>, reader: &mut Reader, here: &mut Json) -> Result<(), Failure> {
    let network = reader.head().name.clone();
    let members: Map<String, Json> =
        memberships(node, &network).await?.into_iter().map(|(id, name, _)| (name, json!(id))).collect();
    let things = all_of(reader, Class::EconomicResource).await?;
    let things: Map<String, Json> = things.iter().map(|thing| (thing.title(), shown(thing))).collect();
    let kinds = all_of(reader, Class::ResourceSpecification).await?;
    let kinds: Map<String, Json> = kinds.iter().map(|kind| (kind.title(), json!(kind.id))).collect();
    let houses = all_of(reader, Class::Organization).await?;
    let house = houses.iter().find(|one| one.title() == network).map(|house| house.id);
    if let Json::Object(map) = here {
        map.insert("members".into(), Json::Object(members));
        map.insert("things".into(), Json::Object(things));
        map.insert("kinds".into(), Json::Object(kinds));
        map.insert("house".into(), json!(house));
    }
    Ok(())
}

async fn all_of(reader: &mut Reader, class: Class) -> Result<Vec<Arc<Record>>, Failure> {
    let (mut records, mut after) = (Vec::new(), 0);
    loop {
        let page = reader.list(class, after, 1_000).await?;
        records.extend(page.records);
        match page.next {
            Some(next) => after = next,
            None => return Ok(records),
        }
    }
}

fn shown(record: &Arc<Record>) -> Json {
    let fields = record.fields.to_json(record.class, Part::Whole);
    json!({"id": record.id, "class": record.class.as_str(), "fields": fields})
}

/// A network, or a part of it, as a file.
pub(super) async fn export(
    node: &Arc<Node>,
    network: &str,
    agent: Id,
    (class, resource): (Option<String>, Option<String>),
) -> Result<Json, Failure> {
    let mut reader = node.reader(network, agent, Via::Console).await?;
    let section = match (class, resource) {
        (None, None) => Section::All,
        (Some(class), None) => {
            let class = Class::parse(&class).map_err(|error| Failure::Usage(error.to_string()))?;
            Section::Class(class, Filter::All)
        }
        (_, Some(name)) => {
            let all = reader.whole(&Section::Class(Class::EconomicResource, Filter::All)).await?;
            let found = all.records.iter().find(|record| {
                record.class == Class::EconomicResource && pipeline::whole::is_called(record, &name)
            });
            let thing = found.ok_or_else(|| {
                Failure::refused(
                    "unknown-thing",
                    format!("there is no `{name}` here"),
                    "See the things page.",
                )
            })?;
            Section::History(thing.id)
        }
    };
    let own = reader.rules().compiled.own.clone();
    let Whole { records, first, founding } = reader.whole(&section).await?;
    Ok(interchange::export::document(&Book { records, first, founding, own }))
}

/// What would come of commands, one after the other.
pub(super) async fn rehearse(node: &Arc<Node>, network: &str, commands: &[Json]) -> Result<Json, Failure> {
    let commands = commands.iter().map(pipeline::read_command).collect::<Result<Vec<_>, _>>()?;
    let came = node.rehearse(network, &commands, Via::Console).await?;
    let refused = came.refused.map(|(command, act, refused)| {
        json!({"command": command, "act": act, "code": refused.code, "sentence": refused.sentence,
               "remedy": refused.remedy})
    });
    Ok(json!({"stored": came.stored, "refused": refused}))
}
