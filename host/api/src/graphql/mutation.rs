//! The root of mutations. Each is a command: it goes the one way, and its answer is what that way gave,
//! with the receipt. A refusal is an error with its code, its remedy, and the decision that can be read.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_graphql::dynamic::{
    Field, FieldFuture, FieldValue, InputObject, InputValue, Object, ResolverContext, SchemaBuilder, TypeRef,
};
use async_graphql::{Error, ErrorExtensions, Value};
use pipeline::Receipt;
use serde_json::Value as Json;
use valueflows::{Class, Id};

use super::decisions::Ruling;
use super::desk::{Desk, coded, or_null};
use super::names;
use super::records::of_its_class;
use super::session::Session;
use super::verbs::{self, Verb, params, response};

/// Adds the root, its inputs and its answers.
pub(crate) fn register(schema: SchemaBuilder) -> SchemaBuilder {
    let all: Arc<[Verb]> = verbs::all().into();
    let quote = InputObject::new("QuoteRef")
        .description("The quote that was shown: what is accepted is what was shown.")
        .field(InputValue::new("digest", TypeRef::named_nn(TypeRef::STRING)))
        .field(InputValue::new("expires", TypeRef::named_nn(names::DATE_TIME)));
    let act = all.iter().fold(InputObject::new("ActParams").oneof(), |input, verb| {
        input.field(InputValue::new(&verb.name, TypeRef::named(params(verb))).description(verb.doc))
    });
    let mut schema = schema.register(quote).register(act);
    for verb in all.iter() {
        let input = verb.inputs().fold(InputObject::new(params(verb)), InputObject::field);
        schema = schema.register(input);
    }
    // Verbs that are about the same class answer with one type.
    let mut answers: BTreeMap<String, Vec<Class>> = BTreeMap::from([(response(&[]), Vec::new())]);
    for verb in all.iter() {
        let shows = answers.entry(response(&verb.shows)).or_default();
        for class in &verb.shows {
            if !shows.iter().any(|known| known == class || (known.is_agent() && class.is_agent())) {
                shows.push(*class);
            }
        }
    }
    for (name, shows) in answers {
        schema = schema.register(answer(name, &shows));
    }
    let mutation = (0..all.len()).fold(Object::new("Mutation"), |object, n| match field(&all, n) {
        Some(field) => object.field(field),
        None => object,
    });
    schema.register(mutation.field(perform(all.clone())))
}

/// What came of a command, and where that is read.
struct Done {
    desk: Arc<Desk>,
    receipt: Receipt,
}

fn command_argument() -> InputValue {
    InputValue::new("command", TypeRef::named(TypeRef::ID)).description(
        "The command's id, a UUIDv7 of your choice: sent again with the same content, it is done once.",
    )
}

fn field(all: &Arc<[Verb]>, n: usize) -> Option<Field> {
    let verb = all.get(n)?;
    let verbs = all.clone();
    let field = Field::new(&verb.name, TypeRef::named(response(&verb.shows)), move |ctx| {
        let verbs = verbs.clone();
        FieldFuture::new(async move {
            let Some(verb) = verbs.get(n) else { return Ok(None) };
            or_null(ctx.ctx, one(&ctx, verb).await)
        })
    });
    let field = verb.inputs().fold(field, Field::argument).argument(command_argument());
    Some(field.description(verb.doc))
}

async fn one(ctx: &ResolverContext<'_>, verb: &Verb) -> Result<Option<FieldValue<'static>>, Error> {
    let mut given = serde_json::Map::new();
    for (name, value) in ctx.args.iter().filter(|(name, _)| *name != "command") {
        given.insert(name.to_string(), json(value.as_value())?);
    }
    let act = (verb.act)(Json::Object(given)).map_err(|problem| coded("malformed", problem))?;
    send(ctx, vec![act]).await.map(Some)
}

async fn several(ctx: &ResolverContext<'_>, verbs: &[Verb]) -> Result<Option<FieldValue<'static>>, Error> {
    let mut acts = Vec::new();
    for item in ctx.args.try_get("acts")?.list()?.iter() {
        let given = item.object()?;
        // The check of the question has seen to it that there is one.
        let Some((name, value)) = given.iter().next() else { continue };
        let Some(verb) = verbs.iter().find(|verb| verb.name == name.as_str()) else { continue };
        let act = (verb.act)(json(value.as_value())?);
        acts.push(act.map_err(|problem| coded("malformed", problem))?);
    }
    send(ctx, acts).await.map(Some)
}

fn perform(all: Arc<[Verb]>) -> Field {
    Field::new("perform", TypeRef::named("CommandResponse"), move |ctx| {
        let verbs = all.clone();
        FieldFuture::new(async move { or_null(ctx.ctx, several(&ctx, &verbs).await) })
    })
    .description("Several acts as one command: they stand or fall together.")
    .argument(InputValue::new("acts", TypeRef::named_nn_list_nn("ActParams")))
    .argument(command_argument())
}

/// An input as JSON; a literal with a point becomes the text that was written.
fn json(value: &Value) -> Result<Json, Error> {
    Ok(match value {
        Value::Number(number) if !number.is_i64() && !number.is_u64() => Json::String(number.to_string()),
        Value::List(items) => items.iter().map(json).collect::<Result<_, _>>()?,
        Value::Object(map) => Json::Object(
            map.iter()
                .map(|(name, value)| Ok((name.to_string(), json(value)?)))
                .collect::<Result<_, Error>>()?,
        ),
        other => other.clone().into_json().map_err(|error| coded("malformed", error.to_string()))?,
    })
}

async fn send(ctx: &ResolverContext<'_>, acts: Vec<Json>) -> Result<FieldValue<'static>, Error> {
    let id = match ctx.args.get("command").filter(|value| !value.is_null()) {
        Some(id) => Some(id.string()?),
        None => None,
    };
    let session = ctx.ctx.data::<Session>()?;
    let receipt = session.send(id, acts).await?;
    if let Err(refused) = &receipt.decision {
        return Err(Error::new(&refused.sentence).extend_with(|_, extensions| {
            extensions.set("code", refused.code.as_str());
            extensions.set("remedy", refused.remedy.as_str());
            extensions.set("refusedBy", refused.by);
            extensions.set("command", receipt.command.to_string());
            extensions.set("position", receipt.seq);
        }));
    }
    // What was made is read at the position that it was made at, or later.
    let desk = session.desk().await?;
    Ok(FieldValue::owned_any(Done { desk, receipt }))
}

/// What a verb answers with: what it made, and the decision.
fn answer(name: String, shows: &[Class]) -> Object {
    let object = shows.iter().fold(Object::new(name), |object, class| object.field(shown(*class)));
    object.field(
        Field::new("decision", TypeRef::named_nn("Decision"), |ctx| {
            FieldFuture::new(async move {
                let done = ctx.parent_value.try_downcast_ref::<Done>()?;
                let found = done.desk.reader().await.decision(done.receipt.command).await;
                let written = found.ok().flatten().map(|(_, written)| written);
                let (desk, receipt) = (done.desk.clone(), done.receipt.clone());
                Ok(Some(FieldValue::owned_any(Ruling { desk, receipt, written })))
            })
        })
        .description("The receipt."),
    )
}

/// The first record of a class that was made or changed; agents stand under `agent`, as in vf-graphql.
fn shown(class: Class) -> Field {
    let (name, kind) = match class.is_agent() {
        true => ("agent".to_owned(), names::AGENT),
        false => (names::one(class), class.as_str()),
    };
    Field::new(name, TypeRef::named(kind), move |ctx| {
        FieldFuture::new(async move {
            let done = ctx.parent_value.try_downcast_ref::<Done>()?;
            let is_it = |made: &str| match class.is_agent() {
                true => Class::named(made).is_some_and(Class::is_agent),
                false => made == class.as_str(),
            };
            let made: Option<Id> =
                done.receipt.made.iter().find(|(made, ..)| is_it(made)).map(|(_, id, _)| *id);
            let Some(id) = made else { return Ok(None) };
            let node = done.desk.record(id).await?;
            Ok(node.map(|node| match class.is_agent() {
                true => of_its_class(node),
                false => FieldValue::owned_any(node),
            }))
        })
    })
}
