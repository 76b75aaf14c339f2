//! What can be written down, by class: input types read from the property table, and the act that they
//! become. Values stay as they came; the reader of commands judges them.

use async_graphql::dynamic::{InputObject, InputValue, SchemaBuilder, TypeRef};
use pipeline::acts::describing;
use serde_json::{Map, Value as Json, json};
use valueflows::{Card, Class, Prop};

use super::names;

/// The classes that are written down as they are, by `create…`.
pub(crate) const DEFINED: &[Class] = &[
    Class::AgentRelationship,
    Class::AgentRelationshipRole,
    Class::Agreement,
    Class::AgreementBundle,
    Class::BatchLotRecord,
    Class::EcologicalAgent,
    Class::Intent,
    Class::Organization,
    Class::Plan,
    Class::Process,
    Class::ProcessSpecification,
    Class::ProposalList,
    Class::Recipe,
    Class::RecipeExchange,
    Class::RecipeFlow,
    Class::RecipeProcess,
    Class::ResourceSpecification,
    Class::SpatialThing,
    Class::Unit,
];

/// Properties that follow from acts and are never given.
fn follows(class: Class, prop: Prop) -> bool {
    use Prop::{
        AccountingQuantity, Assumed, ContainedIn, Created, Custodian, Finished, OnhandQuantity,
        PrimaryAccountable, Publishes, Reported, SameAs, Shares, SignedBy, Stage, State, Terms,
    };
    if matches!(prop, Assumed | Reported | SameAs | Shares | SignedBy | Terms) {
        return true;
    }
    match class {
        Class::EconomicResource => matches!(
            prop,
            AccountingQuantity
                | OnhandQuantity
                | PrimaryAccountable
                | Custodian
                | Stage
                | State
                | ContainedIn
        ),
        Class::Proposal => matches!(prop, Created | Publishes),
        Class::Commitment | Class::Intent | Class::Claim => matches!(prop, Created | Finished),
        Class::Plan | Class::Agreement | Class::AgreementBundle | Class::ProposalList => false,
        _ => prop == Created,
    }
}

/// The name of the type with which a record of a class is made.
pub(crate) fn create(class: Class) -> String {
    format!("{}CreateParams", class.as_str())
}

/// The name of the type with which it is mended.
pub(crate) fn update(class: Class) -> String {
    format!("{}UpdateParams", class.as_str())
}

/// The classes whose records can be mended.
pub(crate) fn mendable() -> impl Iterator<Item = Class> {
    names::rooted().filter(|class| !describing(*class).is_empty())
}

/// Adds the types.
pub(crate) fn register(schema: SchemaBuilder) -> SchemaBuilder {
    let made =
        [Class::EconomicEvent, Class::EconomicResource, Class::Commitment, Class::Claim, Class::Proposal];
    let schema = made.iter().chain(DEFINED).fold(schema, |schema, class| schema.register(creating(*class)));
    mendable().fold(schema, |schema, class| schema.register(mending(class)))
}

fn creating(class: Class) -> InputObject {
    let rows = class.properties().iter().filter(|row| !follows(class, row.prop));
    let input = rows.fold(InputObject::new(create(class)), |input, row| {
        let value = InputValue::new(row.prop.as_str(), names::input(row, true));
        input.field(value.description(row.iri()))
    });
    match class {
        Class::Proposal => input.field(
            InputValue::new("publishes", TypeRef::named_nn_list_nn(create(Class::Intent)))
                .description("The intents that it publishes, written down with it."),
        ),
        _ => input,
    }
}

fn mending(class: Class) -> InputObject {
    let revision = InputValue::new("revisionId", TypeRef::named_nn(TypeRef::ID))
        .description("The version that you have seen; a record that was changed since is not changed.");
    let rows = class.properties().iter().filter(|row| describing(class).contains(&row.prop));
    rows.fold(InputObject::new(update(class)).field(revision), |input, row| {
        input.field(InputValue::new(row.prop.as_str(), names::input(row, false)))
    })
}

/// Takes one member out of an input object.
pub(crate) fn take(input: &mut Json, name: &str) -> Option<Json> {
    input.as_object_mut().and_then(|map| map.remove(name)).filter(|value| !value.is_null())
}

/// The values that were given: null is not one.
pub(crate) fn given(input: Json) -> Json {
    match input {
        Json::Object(map) => map.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        other => other,
    }
}

/// The act that mends a record: what is null is taken away.
pub(crate) fn revise(class: Class, mut input: Json) -> Result<Json, String> {
    let revision = take(&mut input, "revisionId");
    let revision = revision.as_ref().and_then(Json::as_str).unwrap_or_default();
    let parts = revision.split_once(':').and_then(|(id, version)| Some((id, version.parse::<u32>().ok()?)));
    let Some((record, version)) = parts else {
        return Err("`revisionId` is none; take it from the record that you have seen".to_owned());
    };
    let Json::Object(map) = input else { return Err("an update is an object".to_owned()) };
    let (set, cleared): (Map<String, Json>, Map<String, Json>) =
        map.into_iter().partition(|(_, value)| !value.is_null());
    // An empty list is how a list is taken away.
    let many = |name: &String| {
        let row = class.properties().iter().find(|row| row.prop.as_str() == name);
        row.is_some_and(|row| row.card == Card::Many)
    };
    let clear: Vec<&String> = cleared.keys().filter(|name| !many(name)).collect();
    Ok(json!({
        "act": "revise", "class": class.as_str(), "record": record, "version": version,
        "fields": set, "clear": clear,
    }))
}
