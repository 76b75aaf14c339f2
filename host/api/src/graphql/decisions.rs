//! Decisions and receipts: what was asked, what came of it, and why.

use std::sync::Arc;

use async_graphql::dynamic::{Field, FieldFuture, FieldValue, InputValue, Object, SchemaBuilder, TypeRef};
use async_graphql::{Error, Value};
use pipeline::entry::Written;
use pipeline::{Receipt, Rejection};
use valueflows::Id;

use super::desk::{Desk, coded, failed};
use super::query::{desk, id};
use super::records::of_its_class;
use super::{names, scalars};
use crate::limits::{PAGE_LEN_DEFAULT, PAGE_LEN_MAX};

/// A decision, with the desk that what it made is read from.
pub(crate) struct Ruling {
    pub desk: Arc<Desk>,
    pub receipt: Receipt,
    pub written: Option<Written>,
}

struct Reason {
    policy: String,
    effect: String,
    because: Vec<String>,
    title: Option<String>,
    why: Option<String>,
    remedy: Option<String>,
}

/// Adds the types.
pub(crate) fn register(schema: SchemaBuilder) -> SchemaBuilder {
    schema.register(decision()).register(reason()).register(page())
}

fn plain(name: &str, kind: TypeRef, read: fn(&Ruling) -> Value) -> Field {
    Field::new(name, kind, move |ctx| {
        FieldFuture::new(async move { Ok(Some(read(ctx.parent_value.try_downcast_ref::<Ruling>()?))) })
    })
}

fn text(text: Option<&str>) -> Value {
    text.map_or(Value::Null, Value::from)
}

fn decision() -> Object {
    let needed = |kind: &str| TypeRef::named_nn(kind);
    let maybe = |kind: &str| TypeRef::named(kind);
    Object::new("Decision")
        .description("What came of a command, with its place in the journal: its receipt.")
        .field(plain("command", needed(TypeRef::ID), |one| Value::from(one.receipt.command.to_string())))
        .field(plain("position", needed(TypeRef::INT), |one| Value::from(one.receipt.seq)))
        .field(plain("time", needed(names::DATE_TIME), |one| scalars::time(one.receipt.at)))
        .field(
            plain("entry", needed(TypeRef::STRING), |one| Value::from(one.receipt.entry.to_string()))
                .description("The hash of its entry, in hexadecimal."),
        )
        .field(
            plain("rules", needed(TypeRef::INT), |one| Value::from(one.receipt.book))
                .description("The entry that enacted the rules it was judged under."),
        )
        .field(plain("permitted", needed(TypeRef::BOOLEAN), |one| Value::from(one.receipt.decision.is_ok())))
        .field(plain("code", maybe(TypeRef::STRING), |one| {
            text(one.receipt.decision.as_ref().err().map(|refused| &*refused.code))
        }))
        .field(plain("sentence", maybe(TypeRef::STRING), |one| {
            text(one.receipt.decision.as_ref().err().map(|refused| &*refused.sentence))
        }))
        .field(plain("remedy", maybe(TypeRef::STRING), |one| {
            text(one.receipt.decision.as_ref().err().map(|refused| &*refused.remedy))
        }))
        .field(
            plain("refusedBy", maybe(TypeRef::STRING), |one| {
                text(one.receipt.decision.as_ref().err().map(|refused| refused.by))
            })
            .description("`policy`, `ledger`, `plugin` or `quote`."),
        )
        .field(plain("via", maybe(TypeRef::STRING), |one| {
            text(one.written.as_ref().map(|written| written.via.as_str()))
        }))
        .field(plain("acts", TypeRef::named_nn_list(TypeRef::STRING), |one| match &one.written {
            Some(written) => written.command.acts.iter().map(|act| Value::from(act.name())).collect(),
            None => Value::Null,
        }))
        .field(Field::new("agent", maybe(names::AGENT), |ctx| {
            FieldFuture::new(async move {
                let one = ctx.parent_value.try_downcast_ref::<Ruling>()?;
                let Some(written) = &one.written else { return Ok::<_, Error>(None) };
                Ok(one.desk.record(written.command.agent).await?.map(of_its_class))
            })
        }))
        .field(
            Field::new("reasons", TypeRef::named_nn_list_nn("Reason"), |ctx| {
                FieldFuture::new(async move {
                    let one = ctx.parent_value.try_downcast_ref::<Ruling>()?;
                    Ok(Some(FieldValue::list(reasons(one).await.into_iter().map(FieldValue::owned_any))))
                })
            })
            .description("The policies and conditions that settled a refusal."),
        )
        .field(
            Field::new("made", TypeRef::named_nn_list_nn("Made"), |ctx| {
                FieldFuture::new(async move {
                    let one = ctx.parent_value.try_downcast_ref::<Ruling>()?;
                    let made = one.receipt.made.iter();
                    Ok(Some(FieldValue::list(made.map(|row| FieldValue::owned_any(row.clone())))))
                })
            })
            .description("The records that it made or changed."),
        )
}

async fn reasons(one: &Ruling) -> Vec<Reason> {
    let reader = one.desk.reader().await;
    let says = |policy: &str, what: &str| reader.rules().compiled.says(policy, what).map(str::to_owned);
    let refused = one.receipt.decision.as_ref().err();
    let reasons = refused.into_iter().flat_map(|refused| &refused.reasons);
    reasons
        .map(|reason| Reason {
            policy: reason.policy.clone(),
            effect: reason.effect.to_string(),
            because: reason.because.iter().map(ToString::to_string).collect(),
            title: says(&reason.policy, "title"),
            why: says(&reason.policy, "why"),
            remedy: says(&reason.policy, "remedy"),
        })
        .collect()
}

fn reason() -> Object {
    fn part(name: &str, kind: TypeRef, read: fn(&Reason) -> Value) -> Field {
        Field::new(name, kind, move |ctx| {
            FieldFuture::new(async move { Ok(Some(read(ctx.parent_value.try_downcast_ref::<Reason>()?))) })
        })
    }
    let string = || TypeRef::named(TypeRef::STRING);
    Object::new("Reason")
        .field(part("policy", TypeRef::named_nn(TypeRef::ID), |one| Value::from(one.policy.as_str())))
        .field(part("effect", string(), |one| Value::from(one.effect.as_str())))
        .field(part("because", TypeRef::named_nn_list_nn(TypeRef::STRING), |one| {
            one.because.iter().map(|text| Value::from(text.as_str())).collect()
        }))
        .field(part("title", string(), |one| text(one.title.as_deref())))
        .field(part("why", string(), |one| text(one.why.as_deref())))
        .field(part("remedy", string(), |one| text(one.remedy.as_deref())))
}

type Row = (String, Id, u32);

/// Adds what a receipt says it made.
pub(crate) fn made() -> Object {
    fn part(name: &str, kind: &str, read: fn(&Row) -> Value) -> Field {
        Field::new(name, TypeRef::named_nn(kind), move |ctx| {
            FieldFuture::new(async move { Ok(Some(read(ctx.parent_value.try_downcast_ref::<Row>()?))) })
        })
    }
    Object::new("Made")
        .field(part("class", TypeRef::STRING, |row| Value::from(row.0.as_str())))
        .field(part("id", TypeRef::ID, |row| Value::from(row.1.to_string())))
        .field(part("revisionId", TypeRef::ID, |row| Value::from(format!("{}:{}", row.1, row.2))))
}

struct Page {
    decisions: Vec<Arc<Ruling>>,
    next: Option<u64>,
}

fn page() -> Object {
    Object::new("DecisionPage")
        .field(Field::new("decisions", TypeRef::named_nn_list_nn("Decision"), |ctx| {
            FieldFuture::new(async move {
                let page = ctx.parent_value.try_downcast_ref::<Page>()?;
                Ok(Some(FieldValue::list(page.decisions.iter().map(|one| FieldValue::borrowed_any(&**one)))))
            })
        }))
        .field(
            Field::new("next", TypeRef::named(TypeRef::INT), |ctx| {
                FieldFuture::new(async move {
                    let page = ctx.parent_value.try_downcast_ref::<Page>()?;
                    Ok(page.next.map(Value::from))
                })
            })
            .description("The `before` of the next page."),
        )
}

/// Adds the questions to the root.
pub(crate) fn fields(query: Object) -> Object {
    let rejected = |rejection: Rejection| failed(rejection.into());
    let decision = Field::new("decision", TypeRef::named("Decision"), move |ctx| {
        FieldFuture::new(async move {
            let desk = desk(&ctx)?;
            let command = id(&ctx, "command")?;
            let found = desk.reader().await.decision(command).await.map_err(rejected)?;
            Ok::<_, Error>(found.map(|(receipt, written)| {
                FieldValue::owned_any(Ruling { desk: desk.clone(), receipt, written: Some(written) })
            }))
        })
    });
    let decisions = Field::new("decisions", TypeRef::named_nn("DecisionPage"), move |ctx| {
        FieldFuture::new(async move {
            let desk = desk(&ctx)?;
            let before = match ctx.args.get("before").filter(|value| !value.is_null()) {
                Some(value) => u64::try_from(value.i64()?).unwrap_or_default().saturating_sub(1),
                None => u64::MAX,
            };
            let limit = match ctx.args.get("first").filter(|value| !value.is_null()) {
                None => PAGE_LEN_DEFAULT,
                Some(value) => match usize::try_from(value.i64()?) {
                    Ok(n) if n > 0 => n.min(PAGE_LEN_MAX),
                    _ => return Err(coded("bad-page", format!("`first` is from 1 to {PAGE_LEN_MAX}"))),
                },
            };
            let found = desk.reader().await.entries_back(before, limit).await.map_err(rejected)?;
            let last = found.last().map(|(receipt, _)| receipt.seq);
            let next = last.filter(|seq| *seq > 1 && found.len() == limit);
            let decisions = found.into_iter().map(|(receipt, written)| {
                Arc::new(Ruling { desk: desk.clone(), receipt, written: Some(written) })
            });
            Ok(Some(FieldValue::owned_any(Page { decisions: decisions.collect(), next })))
        })
    });
    query.field(decision.argument(InputValue::new("command", TypeRef::named_nn(TypeRef::ID)))).field(
        decisions
            .description("The decisions that you may see, newest first.")
            .argument(InputValue::new("before", TypeRef::named(TypeRef::INT)))
            .argument(InputValue::new("first", TypeRef::named(TypeRef::INT))),
    )
}
