//! Track and trace in the schema: the walk both ways, and single steps. A step that its reader may not see stands
//! there sealed.

use async_graphql::Value as Gql;
use async_graphql::dynamic::{
    Field, FieldFuture, FieldValue, InputValue, Object, SchemaBuilder, TypeRef, Union,
};
use pipeline::acts::Direction;
use valueflows::Class;

use super::desk::{Walked, coded};
use super::names;
use super::records::{node, of_its_class};
use crate::limits::{NODES_MAX, PAGE_LEN_MAX};

/// Something that may not be seen.
struct Sealed;

const SEALED: &str = "SealedStep";
const FLOWS: [Class; 3] = [Class::EconomicResource, Class::EconomicEvent, Class::Process];

/// Adds the types.
pub(crate) fn register(schema: SchemaBuilder) -> SchemaBuilder {
    let item = FLOWS
        .iter()
        .fold(Union::new(names::TRACK_TRACE_ITEM), |union, class| union.possible_type(class.as_str()))
        .possible_type(SEALED);
    let sealed = Object::new(SEALED)
        .description("A step that you may not see; the walk goes on behind it.")
        .field(Field::new("sealed", TypeRef::named_nn(TypeRef::BOOLEAN), |_| {
            FieldFuture::from_value(Some(Gql::from(true)))
        }));
    let either = Union::new(names::PRODUCTION_FLOW_ITEM)
        .possible_type(Class::EconomicResource.as_str())
        .possible_type(Class::Process.as_str());
    schema.register(item).register(sealed).register(either)
}

/// The fields of a class.
pub(crate) fn of(class: Class) -> impl Iterator<Item = Field> {
    let step = match class {
        Class::EconomicEvent => names::PRODUCTION_FLOW_ITEM,
        _ => Class::EconomicEvent.as_str(),
    };
    let fields = FLOWS.contains(&class).then(|| {
        [
            walk(
                "trace",
                Direction::Trace,
                "What it came out of, nearest first: events, things and processes.",
            ),
            walk(
                "track",
                Direction::Track,
                "What became of it, nearest first: events, things and processes.",
            ),
            beside("previous", step, Direction::Trace, "One step back."),
            beside("next", step, Direction::Track, "One step on."),
        ]
    });
    fields.into_iter().flatten()
}

fn walk(name: &'static str, direction: Direction, doc: &'static str) -> Field {
    Field::new(name, TypeRef::named_nn_list(names::TRACK_TRACE_ITEM), move |ctx| {
        FieldFuture::new(async move {
            let node = node(&ctx)?;
            let first = match ctx.args.get("first").filter(|value| !value.is_null()) {
                None => PAGE_LEN_MAX,
                Some(first) => usize::try_from(first.i64()?).unwrap_or_default(),
            };
            if !(1..=NODES_MAX).contains(&first) {
                return Err(coded("malformed", format!("`first` is from 1 to {NODES_MAX}")));
            }
            let walk = Walked { start: node.record.id, direction, first };
            let hops = node.desk.walk(walk).await?;
            let items = hops.iter().map(|hop| match &hop.record {
                Some(record) => node.desk.node(record.clone()).map(of_its_class),
                None => Ok(FieldValue::owned_any(Sealed).with_type(SEALED)),
            });
            Ok(Some(FieldValue::list(items.collect::<Result<Vec<_>, _>>()?)))
        })
    })
    .argument(
        InputValue::new("first", TypeRef::named(TypeRef::INT))
            .description("How many steps at most, 100 if not said; longer walks are read over REST."),
    )
    .description(doc)
}

fn beside(name: &'static str, kind: &'static str, direction: Direction, doc: &'static str) -> Field {
    Field::new(name, TypeRef::named_nn_list(kind), move |ctx| {
        FieldFuture::new(async move {
            let node = node(&ctx)?;
            let records = node.desk.beside(node.record.id, direction).await?;
            let nodes = records.iter().map(|record| node.desk.node(record.clone()));
            let nodes = nodes.collect::<Result<Vec<_>, _>>()?.into_iter();
            Ok(Some(match kind {
                names::PRODUCTION_FLOW_ITEM => FieldValue::list(nodes.map(of_its_class)),
                _ => FieldValue::list(nodes.map(FieldValue::owned_any)),
            }))
        })
    })
    .description(doc)
}
