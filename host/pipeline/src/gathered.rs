//! From plugins' answers to what the host can use: facts, price lines, duties; each checked.

use governance::AnyAct;
use ledger::decide::LineKind;
use ledger::{Act, QuotedLine};
use sandbox::{CallError, FailureClass, types};
use valueflows::{FactKind, FactValue, Fields, Id, Instant, Prop, Quantity, Value};

use crate::input::{Input, action_back};
use crate::limits::DUTIES_MAX;
use crate::rules::Bound;

/// What a plugin answered: a value, or a reason why not.
pub(crate) enum Heard<T> {
    Said(T),
    Refused(types::Reason),
}

fn wrong(bound: &Bound, detail: &str) -> CallError {
    bound.plugin.fail(FailureClass::WrongShape, detail)
}

pub(crate) fn unable(bound: &Bound, reason: &types::Reason) -> CallError {
    bound.plugin.fail(FailureClass::Unable, &reason.code)
}

/// Facts, checked against the manifest: as many as it declares, each of its kind.
pub(crate) fn facts(
    bound: &Bound,
    input: &Input,
    verdict: types::GateVerdict,
) -> Result<Heard<Vec<FactValue>>, CallError> {
    let values = match verdict {
        types::GateVerdict::Facts(values) => values,
        types::GateVerdict::Refused(reason) => return Ok(Heard::Refused(reason)),
        types::GateVerdict::Unable(reason) => return Err(unable(bound, &reason)),
    };
    let specs = bound.binding.facts.as_ref().map(|group| group.facts.as_slice()).unwrap_or_default();
    if specs.len() != values.len() {
        return Err(wrong(bound, "it gave another number of facts than its manifest declares"));
    }
    let mut facts = Vec::with_capacity(values.len());
    for (spec, value) in specs.iter().zip(&values) {
        let fact = fact(input, spec.kind, value).filter(|fact| spec.takes(fact));
        facts.push(fact.ok_or_else(|| wrong(bound, &format!("the fact `{}` has another type", spec.name)))?);
    }
    Ok(Heard::Said(facts))
}

fn fact(input: &Input, kind: FactKind, value: &types::Value) -> Option<FactValue> {
    let exact = |n: i64| (n.abs() < valueflows::limits::NUMBER_BOUND).then_some(n);
    Some(match (kind, value) {
        (_, types::Value::Absent) => FactValue::Absent,
        (FactKind::Number, types::Value::Number(n)) => FactValue::Number(exact(*n)?),
        (FactKind::Flag, types::Value::YesNo(flag)) => FactValue::Flag(*flag),
        (FactKind::Text, types::Value::Text(text)) if text.len() <= valueflows::limits::TEXT_BYTES_MAX => {
            FactValue::Text(text.clone())
        }
        (FactKind::Instant, types::Value::Instant(at)) => FactValue::Instant(Instant(exact(*at)?)),
        (FactKind::Amount, types::Value::Amount(quantity)) => {
            FactValue::Amount { amount: exact(quantity.amount)?, unit: input.unit_label(quantity.unit)? }
        }
        (FactKind::Agents, types::Value::Agents(rows)) => {
            FactValue::Agents(rows.iter().map(|row| input.agent(*row)).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// The lines of a quote.
pub(crate) fn lines(
    bound: &Bound,
    input: &Input,
    verdict: types::QuoteVerdict,
) -> Result<Heard<Vec<QuotedLine>>, CallError> {
    let lines = match verdict {
        types::QuoteVerdict::Quoted(lines) => lines,
        types::QuoteVerdict::Refused(reason) => return Ok(Heard::Refused(reason)),
        types::QuoteVerdict::Unable(reason) => return Err(unable(bound, &reason)),
    };
    if lines.len() > sandbox::limits::ANSWER_LIST_MAX {
        return Err(bound.plugin.fail(FailureClass::TooLarge, "too many lines"));
    }
    let lines = lines
        .into_iter()
        .map(|line| {
            let quantity = input.quantity(&line.quantity).filter(|quantity| quantity.amount >= 0);
            let quantity = quantity.ok_or_else(|| wrong(bound, "a line with an amount that cannot be"))?;
            let kind = match line.kind {
                types::LineKind::Fee => LineKind::Fee,
                types::LineKind::Deposit => LineKind::Deposit,
                types::LineKind::Rate => LineKind::Rate,
            };
            Ok(QuotedLine { code: line.code, kind, quantity })
        })
        .collect::<Result<_, CallError>>()?;
    Ok(Heard::Said(lines))
}

/// A duty, as the host understands it.
pub(crate) enum Follow {
    /// A promise to be made, as an act of the plugin.
    Commit(AnyAct),
    /// Ask again about the promise that fell due.
    Again(Instant),
}

/// The duties that follow.
pub(crate) fn duties(
    bound: &Bound,
    input: &Input,
    verdict: types::DutyVerdict,
) -> Result<Vec<Follow>, CallError> {
    let duties = match verdict {
        types::DutyVerdict::Duties(duties) => duties,
        types::DutyVerdict::Unable(reason) => return Err(unable(bound, &reason)),
    };
    if duties.len() > DUTIES_MAX {
        return Err(bound.plugin.fail(FailureClass::TooLarge, "too many duties"));
    }
    duties
        .into_iter()
        .map(|duty| match duty {
            types::Duty::Again(at) => Ok(Follow::Again(Instant(at))),
            types::Duty::Commit(promise) => {
                let fields = promise_fields(input, &promise)
                    .ok_or_else(|| wrong(bound, "a promise that cannot be"))?;
                Ok(Follow::Commit(AnyAct::Economic(Act::Commit { fields })))
            }
        })
        .collect()
}

fn promise_fields(input: &Input, promise: &types::Promise) -> Option<Fields> {
    let reference = |id: Id| Value::Ref(id);
    let mut fields = Fields::new()
        .with(Prop::Action, Value::Action(action_back(promise.action)))
        .with(Prop::Provider, reference(input.agent(promise.provider)?))
        .with(Prop::Receiver, reference(input.agent(promise.receiver)?))
        .with(Prop::ResourceClassifiedAs, Value::Texts(promise.classes.clone()));
    if let Some(row) = promise.stock {
        fields.set(Prop::ResourceInventoriedAs, reference(input.stock(row)?));
    }
    if let Some(row) = promise.agreement {
        fields.set(Prop::ClauseOf, reference(input.agreement(row)?));
    }
    if let Some(quantity) = &promise.quantity {
        fields.set(Prop::ResourceQuantity, measure(input, input.quantity(quantity)?, quantity.unit));
    }
    if let Some(due) = promise.due {
        fields.set(Prop::Due, Value::Instant(Instant(due)));
    }
    Some(fields)
}

/// A plugin's amount as a command says it: a decimal of the unit's scale.
fn measure(input: &Input, quantity: Quantity, row: u32) -> Value {
    let scale = input.context.units.get(row as usize).map_or(0, |unit| unit.scale);
    Value::Measure(valueflows::Measure { value: quantity.decimal(scale), unit: quantity.unit })
}

/// A plugin's reason in words, from its manifest, as it goes into books: in English, or else as it is written.
pub(crate) fn words(bound: &Bound, reason: &types::Reason) -> String {
    words_in(bound, reason, "en")
}

/// The same in a reader's language where the manifest has it; the code where there are no words at all.
pub(crate) fn words_in(bound: &Bound, reason: &types::Reason, language: &str) -> String {
    let texts = bound.plugin.manifest.reasons.get(&reason.code);
    let text = texts
        .and_then(|texts| texts.get(language).or_else(|| texts.get("en")).or_else(|| texts.values().next()));
    let Some(text) = text else {
        return reason.code.clone();
    };
    let mut text = text.clone();
    for (n, param) in reason.params.iter().enumerate() {
        let shown = match param {
            types::Value::Number(n) | types::Value::Instant(n) => n.to_string(),
            types::Value::Text(text) => text.clone(),
            types::Value::YesNo(flag) => if *flag { "yes" } else { "no" }.to_owned(),
            types::Value::Amount(quantity) => quantity.amount.to_string(),
            types::Value::Absent | types::Value::Agents(_) => String::new(),
        };
        text = text.replace(&format!("{{{n}}}"), &shown);
    }
    text
}
