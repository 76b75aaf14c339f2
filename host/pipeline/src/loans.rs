//! The acts of a loan, put together from what it promised: what the pages, the demo and the bench send.

use std::sync::Arc;

use governance::AnyAct;
use ledger::{Act, Link};
use valueflows::{Action, Class, Fields, Id, Instant, Measure, Prop, Quantity, Record, Value};

use crate::error::Rejection;
use crate::reader::Reader;

fn is(promise: &Record, class: &str) -> bool {
    promise.fields.texts(Prop::ResourceClassifiedAs).iter().any(|own| own == class)
}

/// Borrowing at the price of the moment: what a person does who looks at the quote and confirms.
pub async fn borrow(
    reader: &mut Reader,
    intent: Id,
    receiver: Id,
    until: Instant,
) -> Result<AnyAct, Rejection> {
    let quote = reader.quote(intent, receiver, until).await?;
    let quote = quote.ok().flatten().map(|quote| quote.named);
    Ok(AnyAct::Economic(Act::Accept { intent, receiver, until, quote }))
}

/// Handing over: the loan, and the deposit and fees that are paid with it.
pub async fn hand_over(reader: &mut Reader, agreement: Id) -> Result<Vec<AnyAct>, Rejection> {
    let promises = promises(reader, agreement).await?;
    let mut acts = Vec::new();
    for class in ["loan", "deposit", "fee"] {
        for promise in promises.iter().filter(|promise| promise.is_open() && is(promise, class)) {
            acts.extend(keeping(reader, promise, agreement).await?);
        }
    }
    Ok(acts)
}

/// Taking back: the thing, and the deposit that goes back.
pub async fn take_back(reader: &mut Reader, agreement: Id) -> Result<Vec<AnyAct>, Rejection> {
    let promises = promises(reader, agreement).await?;
    let mut acts = Vec::new();
    for promise in promises.iter().filter(|promise| promise.is_open() && is(promise, "return")) {
        acts.extend(keeping(reader, promise, agreement).await?);
    }
    for deposit in promises.iter().filter(|promise| !promise.is_open() && is(promise, "deposit")) {
        let fields = &deposit.fields;
        if let (Some(from), Some(to), Some(quantity)) =
            (fields.id(Prop::Receiver), fields.id(Prop::Provider), fields.quantity(Prop::ResourceQuantity))
        {
            let quantity = measure(reader, quantity).await?;
            let event =
                event(Action::Transfer, from, to, quantity).with(Prop::RealizationOf, Value::Ref(agreement));
            acts.push(AnyAct::Economic(Act::Record { event, resource: None }));
        }
    }
    Ok(acts)
}

/// Paying a fee.
pub async fn pay(reader: &mut Reader, fee: Id) -> Result<Vec<AnyAct>, Rejection> {
    let Some(promise) = reader.get(fee).await? else { return Ok(Vec::new()) };
    match promise.fields.id(Prop::ClauseOf).or(promise.fields.id(Prop::ReciprocalClauseOf)) {
        Some(agreement) => Ok(keeping(reader, &promise, agreement).await?.into_iter().collect()),
        None => Ok(Vec::new()),
    }
}

/// The promises of an agreement, those in return included.
pub async fn promises(reader: &mut Reader, agreement: Id) -> Result<Vec<Arc<Record>>, Rejection> {
    let mut all = Vec::new();
    for prop in [Prop::ClauseOf, Prop::ReciprocalClauseOf] {
        all.extend(
            reader.linked(Link { class: Class::Commitment, prop, target: agreement, open: false }).await?,
        );
    }
    Ok(all)
}

/// The event that does what a promise says.
async fn keeping(reader: &mut Reader, promise: &Record, agreement: Id) -> Result<Option<AnyAct>, Rejection> {
    let fields = &promise.fields;
    let (Some(action), Some(from), Some(to), Some(quantity)) = (
        fields.action(),
        fields.id(Prop::Provider),
        fields.id(Prop::Receiver),
        fields.quantity(Prop::ResourceQuantity),
    ) else {
        return Ok(None);
    };
    let quantity = measure(reader, quantity).await?;
    let mut event = event(action, from, to, quantity)
        .with(Prop::Fulfills, Value::Refs(vec![promise.id]))
        .with(Prop::RealizationOf, Value::Ref(agreement));
    if let Some(thing) = fields.id(Prop::ResourceInventoriedAs) {
        // One thing on both sides: it stays the same thing, only the hands change.
        event.set(Prop::ResourceInventoriedAs, Value::Ref(thing));
        event.set(Prop::ToResourceInventoriedAs, Value::Ref(thing));
    }
    Ok(Some(AnyAct::Economic(Act::Record { event, resource: None })))
}

/// An exact amount as a command says it.
pub async fn measure(reader: &mut Reader, quantity: Quantity) -> Result<Value, Rejection> {
    let value = quantity.decimal(reader.decimals(quantity.unit).await?);
    Ok(Value::Measure(Measure { value, unit: quantity.unit }))
}

/// An event between two agents.
pub fn event(action: Action, from: Id, to: Id, quantity: Value) -> Fields {
    Fields::new()
        .with(Prop::Action, Value::Action(action))
        .with(Prop::Provider, Value::Ref(from))
        .with(Prop::Receiver, Value::Ref(to))
        .with(Prop::ResourceQuantity, quantity)
}
