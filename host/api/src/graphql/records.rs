//! The types of records, one for each class, put together from the property table; nothing here knows a
//! property by name but for how it is written.

use async_graphql::dynamic::{
    Field, FieldFuture, FieldValue, Interface, InterfaceField, Object, ResolverContext, SchemaBuilder,
    TypeRef,
};
use async_graphql::{Error, Value as Gql};
use valueflows::limits::DEGREE_DECIMALS;
use valueflows::{Class, Decimal, Kind, Prop, Property, Value};

use super::desk::{Amount, Node};
use super::{computed, flow, inverses, names, scalars};

/// Adds the types of all classes.
pub(crate) fn register(schema: SchemaBuilder) -> SchemaBuilder {
    let agent = Class::Person.properties().iter().fold(
        Interface::new(names::AGENT)
            .description("https://w3id.org/valueflows/ont/vf#Agent")
            .field(InterfaceField::new("id", TypeRef::named_nn(TypeRef::ID)))
            .field(InterfaceField::new("revisionId", TypeRef::named_nn(TypeRef::ID))),
        |interface, row| interface.field(InterfaceField::new(row.prop.as_str(), names::output(row))),
    );
    let schema = flow::register(schema.register(agent));
    Class::ALL.iter().fold(schema, |schema, class| schema.register(object(*class)))
}

fn object(class: Class) -> Object {
    let mut object = Object::new(names::class(class));
    if class.is_agent() {
        object = object.implement(names::AGENT);
    }
    object = object
        .field(Field::new("id", TypeRef::named_nn(TypeRef::ID), |ctx| {
            FieldFuture::new(async move { Ok(Some(Gql::from(node(&ctx)?.record.id.to_string()))) })
        }))
        .field(
            Field::new("revisionId", TypeRef::named_nn(TypeRef::ID), |ctx| {
                FieldFuture::new(async move { Ok(Some(Gql::from(revision(node(&ctx)?)))) })
            })
            .description(
                "Record and version: what an update names, so that nobody changes what they have not seen.",
            ),
        );
    for row in class.properties() {
        object = object.field(property(row));
    }
    inverses::of(class).chain(flow::of(class)).chain(computed::of(class)).fold(object, Object::field)
}

/// The record at hand.
pub(crate) fn node<'a>(ctx: &ResolverContext<'a>) -> Result<&'a Node, Error> {
    ctx.parent_value.try_downcast_ref::<Node>()
}

fn revision(node: &Node) -> String {
    format!("{}:{}", node.record.id, node.record.version)
}

fn property(row: &'static Property) -> Field {
    let field = Field::new(row.prop.as_str(), names::output(row), move |ctx| {
        FieldFuture::new(async move {
            let node = node(&ctx)?;
            match node.record.fields.get(row.prop) {
                Some(value) => answer(node, row, value).await,
                None if row.card == valueflows::Card::Many => Ok(Some(FieldValue::list(Vec::<Gql>::new()))),
                None => Ok(None),
            }
        })
    });
    field.description(row.iri())
}

async fn answer(node: &Node, row: &Property, value: &Value) -> Result<Option<FieldValue<'static>>, Error> {
    let desk = &node.desk;
    Ok(Some(match value {
        Value::Text(text) if row.prop == Prop::Purpose => FieldValue::from(scalars::word(text)),
        Value::Text(text) => FieldValue::from(Gql::from(text.as_str())),
        Value::Flag(flag) => FieldValue::from(Gql::from(*flag)),
        Value::Integer(n) if row.kind == Kind::Millionths => {
            FieldValue::from(Gql::from(Decimal::new(*n, DEGREE_DECIMALS).to_string()))
        }
        Value::Integer(n) => FieldValue::from(Gql::from(*n)),
        Value::Instant(at) => FieldValue::from(scalars::time(*at)),
        Value::Action(action) => return Ok(desk.own().row(*action).ok().map(scalars::of_action)),
        Value::Texts(texts) => FieldValue::list(texts.iter().map(|text| Gql::from(text.as_str()))),
        Value::Quantity(quantity) => {
            FieldValue::owned_any(Amount { desk: desk.clone(), quantity: *quantity })
        }
        Value::Document(document) => FieldValue::from(Gql::from_json(document.clone())?),
        Value::Terms(terms) => FieldValue::list(terms.iter().map(|term| {
            let amount = Amount { desk: desk.clone(), quantity: term.quantity };
            FieldValue::owned_any((term.clone(), amount))
        })),
        Value::Ref(id) => return Ok(desk.record(*id).await?.map(|node| typed(row, node))),
        Value::Refs(ids) => {
            let nodes = desk.records(ids).await?;
            FieldValue::list(nodes.into_iter().map(|node| typed(row, node)))
        }
        // Amounts in records are exact.
        Value::Measure(_) => return Ok(None),
    }))
}

fn typed(row: &Property, node: Node) -> FieldValue<'static> {
    match row.kind {
        Kind::Ref(valueflows::Target::Agent) => of_its_class(node),
        _ => FieldValue::owned_any(node),
    }
}

/// A record where its type is not known from the field: people and organisations, what a history holds.
pub(crate) fn of_its_class(node: Node) -> FieldValue<'static> {
    let class = names::class(node.record.class);
    FieldValue::owned_any(node).with_type(class)
}
