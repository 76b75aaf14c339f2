//! The acts of a loan, put together from what it promised: what the pages, the demo and the bench send.

use std::collections::HashMap;
use std::sync::Arc;

use governance::AnyAct;
use ledger::{Act, Link};
use valueflows::limits::UNIT_DECIMALS_DEFAULT;
use valueflows::{Action, Class, Fields, Id, Instant, Measure, Prop, Quantity, Record, Value};

use crate::error::Rejection;
use crate::reader::Reader;

/// Whether a promise is of a kind: `loan`, `return`, `deposit`, `fee`, `late-fee`.
pub fn is(promise: &Record, class: &str) -> bool {
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
    Ok(handing_over(&promises, agreement, &decimals(reader, &promises).await?))
}

/// Taking back: the thing, and the deposit that goes back.
pub async fn take_back(reader: &mut Reader, agreement: Id) -> Result<Vec<AnyAct>, Rejection> {
    let promises = promises(reader, agreement).await?;
    Ok(taking_back(&promises, agreement, &decimals(reader, &promises).await?))
}

/// Paying a fee.
pub async fn pay(reader: &mut Reader, fee: Id) -> Result<Vec<AnyAct>, Rejection> {
    let Some(promise) = reader.get(fee).await? else { return Ok(Vec::new()) };
    let decimals = decimals(reader, std::slice::from_ref(&promise)).await?;
    Ok(paying(&promise, &decimals).into_iter().collect())
}

/// The acts of handing over, of the promises of a loan; the decimals of their units are known.
pub fn handing_over(promises: &[Arc<Record>], agreement: Id, decimals: &HashMap<Id, u8>) -> Vec<AnyAct> {
    let open = |class| promises.iter().filter(move |promise| promise.is_open() && is(promise, class));
    let kept = ["loan", "deposit", "fee"].into_iter().flat_map(open);
    kept.filter_map(|promise| keeping(promise, agreement, decimals)).collect()
}

/// The acts of taking back.
pub fn taking_back(promises: &[Arc<Record>], agreement: Id, decimals: &HashMap<Id, u8>) -> Vec<AnyAct> {
    let returns = promises.iter().filter(|promise| promise.is_open() && is(promise, "return"));
    let mut acts: Vec<AnyAct> = returns.filter_map(|promise| keeping(promise, agreement, decimals)).collect();
    for deposit in promises.iter().filter(|promise| !promise.is_open() && is(promise, "deposit")) {
        let fields = &deposit.fields;
        if let (Some(from), Some(to), Some(quantity)) =
            (fields.id(Prop::Receiver), fields.id(Prop::Provider), fields.quantity(Prop::ResourceQuantity))
        {
            let event = event(Action::Transfer, from, to, measured(quantity, decimals))
                .with(Prop::RealizationOf, Value::Ref(agreement));
            acts.push(AnyAct::Economic(Act::Record { event, resource: None }));
        }
    }
    acts
}

/// The act of paying what a promise says.
pub fn paying(promise: &Record, decimals: &HashMap<Id, u8>) -> Option<AnyAct> {
    let agreement = promise.fields.id(Prop::ClauseOf).or(promise.fields.id(Prop::ReciprocalClauseOf))?;
    keeping(promise, agreement, decimals)
}

async fn decimals(reader: &mut Reader, promises: &[Arc<Record>]) -> Result<HashMap<Id, u8>, Rejection> {
    let units: Vec<Id> =
        promises.iter().flat_map(|promise| promise.fields.units().collect::<Vec<_>>()).collect();
    Ok(reader.decimals_many(&units).await?.into_iter().collect())
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
fn keeping(promise: &Record, agreement: Id, decimals: &HashMap<Id, u8>) -> Option<AnyAct> {
    let fields = &promise.fields;
    let (action, from, to) = (fields.action()?, fields.id(Prop::Provider)?, fields.id(Prop::Receiver)?);
    let quantity = measured(fields.quantity(Prop::ResourceQuantity)?, decimals);
    let mut event = event(action, from, to, quantity)
        .with(Prop::Fulfills, Value::Refs(vec![promise.id]))
        .with(Prop::RealizationOf, Value::Ref(agreement));
    if let Some(thing) = fields.id(Prop::ResourceInventoriedAs) {
        // One thing on both sides: it stays the same thing, only the hands change.
        event.set(Prop::ResourceInventoriedAs, Value::Ref(thing));
        event.set(Prop::ToResourceInventoriedAs, Value::Ref(thing));
    }
    Some(AnyAct::Economic(Act::Record { event, resource: None }))
}

fn measured(quantity: Quantity, decimals: &HashMap<Id, u8>) -> Value {
    let decimals = decimals.get(&quantity.unit).copied().unwrap_or(UNIT_DECIMALS_DEFAULT);
    Value::Measure(Measure { value: quantity.decimal(decimals), unit: quantity.unit })
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
