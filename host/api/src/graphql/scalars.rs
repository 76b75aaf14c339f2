//! Scalars, enumerations, amounts and actions: what is not a record.

use async_graphql::dynamic::{
    Enum, Field, FieldFuture, FieldValue, InputObject, InputValue, Object, Scalar, SchemaBuilder, TypeRef,
};
use async_graphql::{Name, Value};
use jiff::Timestamp;
use valueflows::action::Row;
use valueflows::{Action, Decimal, Instant, Term};

use super::desk::Amount;
use super::names;

/// Adds them to a schema.
pub(crate) fn register(schema: SchemaBuilder) -> SchemaBuilder {
    let is_text = |value: &Value| matches!(value, Value::String(_));
    let is_number = |value: &Value| decimal(value).is_some();
    schema
        .register(
            Scalar::new(names::DATE_TIME)
                .description("A time with its offset, such as `2027-01-31T12:00:00Z`; answers are in UTC.")
                .validator(is_text),
        )
        .register(
            Scalar::new(names::DECIMAL)
                .description(
                    "An exact decimal, answered as text: `\"1.50\"`. Variables give fractions as text.",
                )
                .validator(is_number),
        )
        .register(Scalar::new(names::JSON).description("A JSON document, as it stands in the journal."))
        .register(Scalar::new(names::URI).description("A URI.").validator(is_text))
        .register(
            Enum::new(names::PURPOSE)
                .description("https://w3id.org/valueflows/ont/vf#ProposalPurpose")
                .items(["offer", "request"]),
        )
        .register(measure())
        .register(
            InputObject::new("IMeasure")
                .field(InputValue::new("hasNumericalValue", TypeRef::named_nn(names::DECIMAL)))
                .field(InputValue::new("hasUnit", TypeRef::named(TypeRef::ID))),
        )
        .register(term())
        .register(action())
}

/// A decimal as somebody wrote it: text, a whole number, or a literal with a point, of which the text that
/// reads back as the same number is taken.
pub(crate) fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// An instant in UTC; null where it lies outside the calendar.
pub(crate) fn time(at: Instant) -> Value {
    match Timestamp::from_microsecond(at.0) {
        Ok(at) => Value::from(at.to_string()),
        Err(_) => Value::Null,
    }
}

fn measure() -> Object {
    Object::new("Measure")
        .description("https://w3id.org/valueflows/ont/vf#Measure")
        .field(
            Field::new("hasNumericalValue", TypeRef::named_nn(names::DECIMAL), |ctx| {
                FieldFuture::new(async move {
                    let Amount { desk, quantity } = ctx.parent_value.try_downcast_ref::<Amount>()?;
                    let decimals = desk.decimals(quantity.unit).await?;
                    Ok(Some(Value::from(quantity.decimal(decimals).to_string())))
                })
            })
            .description("In the unit's own decimals."),
        )
        .field(Field::new("hasUnit", TypeRef::named("Unit"), |ctx| {
            FieldFuture::new(async move {
                let Amount { desk, quantity } = ctx.parent_value.try_downcast_ref::<Amount>()?;
                Ok(desk.record(quantity.unit).await?.map(FieldValue::owned_any))
            })
        }))
}

fn term() -> Object {
    Object::new("Term")
        .description("A line of the price that an agreement was accepted at (a house term).")
        .field(Field::new("code", TypeRef::named_nn(TypeRef::STRING), |ctx| {
            FieldFuture::new(async move {
                let (term, _) = ctx.parent_value.try_downcast_ref::<(Term, Amount)>()?;
                Ok(Some(Value::from(term.code.as_str())))
            })
        }))
        .field(Field::new("quantity", TypeRef::named_nn("Measure"), |ctx| {
            FieldFuture::new(async move {
                let (_, amount) = ctx.parent_value.try_downcast_ref::<(Term, Amount)>()?;
                Ok(Some(FieldValue::owned_any(amount.clone())))
            })
        }))
}

/// What a column of the action table is called, and how it reads.
type Column = (&'static str, fn(&Row) -> &str);

const COLUMNS: &[Column] = &[
    ("id", |row| row.action.as_str()),
    ("label", |row| row.action.as_str()),
    ("inputOutput", |row| row.input_output.as_str()),
    ("pairsWith", |row| row.pairs_with.as_ref().map_or("notApplicable", Action::as_str)),
    ("createResource", |row| row.create_resource.as_str()),
    ("eventQuantity", |row| row.event_quantity.as_str()),
    ("accountingEffect", |row| row.accounting.as_str()),
    // The name that vf-graphql has for it.
    ("resourceEffect", |row| row.accounting.as_str()),
    ("onhandEffect", |row| row.onhand.as_str()),
    ("locationEffect", |row| row.location.as_str()),
    ("containedEffect", |row| row.contained.as_str()),
    ("accountableEffect", |row| row.accountable.as_str()),
    ("stageEffect", |row| row.stage.as_str()),
    ("stateEffect", |row| row.state.as_str()),
    ("like", |row| row.like.as_str()),
];

fn action() -> Object {
    let object = Object::new("Action").description(
        "One of the nineteen actions, or one that the network's rules define, which is like one of them; by its camelCase \
         id, and questions may name it in kebab-case too.",
    );
    COLUMNS.iter().fold(object, |object, (name, read)| {
        let kind = if *name == "id" { TypeRef::ID } else { TypeRef::STRING };
        object.field(Field::new(*name, TypeRef::named_nn(kind), move |ctx| {
            FieldFuture::new(async move {
                let row = ctx.parent_value.try_downcast_ref::<Row>()?;
                Ok(Some(Value::from(read(row))))
            })
        }))
    })
}

/// An action as an answer.
pub(crate) fn of_action(row: &Row) -> FieldValue<'static> {
    FieldValue::owned_any(*row)
}

/// A word of an enumeration.
pub(crate) fn word(text: &str) -> Value {
    Value::Enum(Name::new(text))
}
