//! Quotes: what accepting an offer would cost, and what the acceptance names to get that price.

use async_graphql::dynamic::{Field, FieldFuture, FieldValue, InputValue, Object, SchemaBuilder, TypeRef};
use async_graphql::{Error, Value};
use pipeline::Quote;
use pipeline::decision::Refused;
use std::sync::Arc;

use super::desk::{Amount, Desk, failed};
use super::names;
use super::query::{desk, id, instant};
use super::scalars;

struct Quoted {
    desk: Arc<Desk>,
    quote: Option<Quote>,
    refused: Option<Refused>,
}

/// Adds the types.
pub(crate) fn register(schema: SchemaBuilder) -> SchemaBuilder {
    let line = Object::new("QuoteLine")
        .field(text("code", |(_, line)| line.code.clone()))
        .field(text("kind", |(_, line)| pipeline::quote::kind_name(line.kind).to_owned()))
        .field(Field::new("amount", TypeRef::named_nn("Measure"), |ctx| {
            FieldFuture::new(async move {
                let (desk, line) = ctx.parent_value.try_downcast_ref::<Line>()?;
                Ok(Some(FieldValue::owned_any(Amount { desk: desk.clone(), quantity: line.quantity })))
            })
        }));
    let quote = Object::new("Quote")
        .description(
            "A price, which holds until it expires; `acceptOffer` names digest and expiry to get it.",
        )
        .field(Field::new("lines", TypeRef::named_nn_list_nn("QuoteLine"), |ctx| {
            FieldFuture::new(async move {
                let quoted = ctx.parent_value.try_downcast_ref::<Quoted>()?;
                let lines = quoted.quote.iter().flat_map(|quote| &quote.lines);
                Ok(Some(FieldValue::list(
                    lines.map(|line| FieldValue::owned_any((quoted.desk.clone(), line.clone()))),
                )))
            })
        }))
        .field(said("digest", TypeRef::STRING, |quoted| {
            quoted.quote.as_ref().map(|quote| Value::from(quote.named.digest.as_str()))
        }))
        .field(said("expires", names::DATE_TIME, |quoted| {
            quoted.quote.as_ref().map(|quote| scalars::time(quote.named.expires))
        }))
        .field(
            said("refused", TypeRef::STRING, |quoted| {
                quoted.refused.as_ref().map(|refused| Value::from(refused.sentence.as_str()))
            })
            .description("Why there is no price."),
        );
    schema.register(line).register(quote)
}

type Line = (Arc<Desk>, pipeline::acts::QuotedLine);

fn text(name: &str, read: fn(&Line) -> String) -> Field {
    Field::new(name, TypeRef::named_nn(TypeRef::STRING), move |ctx| {
        FieldFuture::new(
            async move { Ok(Some(Value::from(read(ctx.parent_value.try_downcast_ref::<Line>()?)))) },
        )
    })
}

fn said(name: &str, kind: &str, read: fn(&Quoted) -> Option<Value>) -> Field {
    Field::new(name, TypeRef::named(kind), move |ctx| {
        FieldFuture::new(async move { Ok(read(ctx.parent_value.try_downcast_ref::<Quoted>()?)) })
    })
}

/// Adds the question to the root.
pub(crate) fn fields(query: Object) -> Object {
    let quote = Field::new("quote", TypeRef::named("Quote"), |ctx| {
        FieldFuture::new(async move {
            let desk = desk(&ctx)?;
            let (intent, until) = (id(&ctx, "intent")?, instant(&ctx, "until")?);
            let rejected = |rejection: pipeline::Rejection| failed(rejection.into());
            let mut reader = desk.reader().await;
            if reader.get(intent).await.map_err(rejected)?.is_none() {
                return Ok::<_, Error>(None);
            }
            let receiver = reader.agent();
            let (quote, refused) = match reader.quote(intent, receiver, until).await.map_err(rejected)? {
                Ok(quote) => (quote, None),
                Err(refused) => (None, Some(refused)),
            };
            Ok(Some(FieldValue::owned_any(Quoted { desk: desk.clone(), quote, refused })))
        })
    });
    query.field(
        quote
            .description("What accepting an offer until a time would cost you; no lines where nothing is asked for it.")
            .argument(InputValue::new("intent", TypeRef::named_nn(TypeRef::ID)))
            .argument(InputValue::new("until", TypeRef::named_nn(names::DATE_TIME))),
    )
}
