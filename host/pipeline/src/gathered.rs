//! From plugins' answers to what the host can use: facts, price lines, duties; each checked.

use governance::AnyAct;
use jiff::Timestamp;
use ledger::decide::LineKind;
use ledger::{Act, QuotedLine};
use sandbox::{CallError, Claim, FailureClass, Manifest, types};
use valueflows::{FactKind, FactValue, Fields, Id, Instant, Prop, Quantity, Value};

use crate::decision::Refused;
use crate::input::Input;
use crate::limits::DUTIES_MAX;
use crate::rules::Bound;
use sandbox::actions::action_back;

/// What a plugin answered: a value, or why not.
pub(crate) enum Heard<T> {
    Said(T),
    Refused(Because),
}

/// A plugin's reason, with the words that its manifest has for it.
#[derive(Debug, Clone)]
pub(crate) struct Because {
    /// As it was given.
    pub reason: types::Reason,
    /// In English, or else as the manifest has it: as it goes into books.
    pub sentence: String,
}

impl Because {
    /// A refusal by it.
    pub fn refuses(self, remedy: &str) -> Refused {
        Refused {
            by: "plugin",
            code: self.reason.code,
            sentence: self.sentence,
            remedy: remedy.to_owned(),
            reasons: Vec::new(),
        }
    }
}

/// Facts about an act, and why it must not happen in spite of them.
pub(crate) struct Gathered {
    pub facts: Vec<FactValue>,
    pub refused: Option<Because>,
}

fn wrong(bound: &Bound, detail: &str) -> CallError {
    bound.plugin.fail(FailureClass::WrongShape, detail)
}

pub(crate) fn unable(bound: &Bound, reason: &types::Reason) -> CallError {
    bound.plugin.fail(FailureClass::Unable, &reason.code)
}

/// A reason of the manifest, in its words.
pub(crate) fn because(bound: &Bound, input: &Input, reason: types::Reason) -> Result<Because, CallError> {
    // What was built before that was asked for is shown as it is.
    if !bound.plugin.is_older() && !bound.plugin.manifest.reasons.contains_key(&reason.code) {
        return Err(wrong(bound, "it gave a reason that its manifest does not have"));
    }
    let sentence = words_in(bound, input, &reason, "en");
    Ok(Because { reason, sentence })
}

/// Facts, checked against the manifest: as many as it declares, each of its kind, with or without a refusal.
pub(crate) fn facts(
    bound: &Bound,
    input: &Input,
    verdict: types::GateVerdict,
) -> Result<Gathered, CallError> {
    let (values, refused) = match verdict {
        types::GateVerdict::Facts(values) => (values, None),
        types::GateVerdict::Refused(refusal) => {
            (refusal.facts, Some(because(bound, input, refusal.because)?))
        }
        types::GateVerdict::Unable(reason) => return Err(unable(bound, &reason)),
    };
    // What was built before refusals came with facts refuses without them.
    if refused.is_some() && bound.plugin.is_older() {
        return Ok(Gathered { facts: Vec::new(), refused });
    }
    let specs = bound.binding.facts.as_ref().map(|group| group.facts.as_slice()).unwrap_or_default();
    if specs.len() != values.len() {
        return Err(wrong(bound, "it gave another number of facts than its manifest declares"));
    }
    let mut facts = Vec::with_capacity(values.len());
    for (spec, value) in specs.iter().zip(&values) {
        let fact = fact(input, spec.kind, value).filter(|fact| spec.takes(fact));
        facts.push(fact.ok_or_else(|| wrong(bound, &format!("the fact `{}` has another type", spec.name)))?);
    }
    Ok(Gathered { facts, refused })
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
        types::QuoteVerdict::Refused(reason) => {
            return Ok(Heard::Refused(because(bound, input, reason)?));
        }
        types::QuoteVerdict::Unable(reason) => return Err(unable(bound, &reason)),
    };
    if lines.len() > sandbox::limits::ANSWER_LIST_MAX {
        return Err(bound.plugin.fail(FailureClass::TooLarge, "too many lines"));
    }
    let lines: Vec<QuotedLine> = lines
        .into_iter()
        .map(|line| {
            let negative = bound.plugin.manifest.laws.contains(&Claim::Negative);
            let quantity = input.quantity(&line.quantity).filter(|quantity| negative || quantity.amount >= 0);
            let quantity = quantity.ok_or_else(|| wrong(bound, "a line with an amount that cannot be"))?;
            let kind = match line.kind {
                types::LineKind::Fee => LineKind::Fee,
                types::LineKind::Deposit => LineKind::Deposit,
                types::LineKind::Rate => LineKind::Rate,
            };
            let payee = line.payee.map(|row| {
                input.agent(row).ok_or_else(|| wrong(bound, "a line for somebody who is not there"))
            });
            Ok(QuotedLine { code: line.code, kind, quantity, payee: payee.transpose()? })
        })
        .collect::<Result<_, CallError>>()?;
    // What is taken off is taken off something.
    let alike = |line: &QuotedLine| (line.kind, line.payee, line.quantity.unit);
    let sum = |of: &QuotedLine| {
        lines.iter().filter(|line| alike(line) == alike(of)).map(|line| line.quantity.amount).sum::<i64>()
    };
    match lines.iter().any(|line| sum(line) < 0) {
        true => Err(wrong(bound, "a price below nothing")),
        false => Ok(Heard::Said(lines)),
    }
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
    if let Some(row) = promise.spec {
        fields.set(Prop::ResourceConformsTo, reference(input.spec(row)?));
    }
    for (prop, amount) in
        [(Prop::ResourceQuantity, &promise.quantity), (Prop::EffortQuantity, &promise.effort)]
    {
        if let Some(quantity) = amount {
            fields.set(prop, measure(input, input.quantity(quantity)?, quantity.unit));
        }
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

/// A plugin's reason in words, from its manifest, in a reader's language where that has it, else in English; the code
/// where there are no words at all.
pub(crate) fn words_in(bound: &Bound, input: &Input, reason: &types::Reason, language: &str) -> String {
    let context = &input.context;
    let param = |param: &types::Value| {
        let shown = match param {
            types::Value::Stock(row) => context.stocks.get(*row as usize).map(|stock| stock.name.clone()),
            types::Value::Spec(row) => context.specs.get(*row as usize).map(|spec| spec.name.clone()),
            other => param_in(other, &context.units, bound.plugin.is_older()),
        };
        shown.unwrap_or_default()
    };
    filled(&bound.plugin.manifest, reason, language, param)
}

/// The same where no records are at hand.
pub(crate) fn text(manifest: &Manifest, units: &[types::Unit], reason: &types::Reason) -> String {
    filled(manifest, reason, "en", |param| param_in(param, units, false).unwrap_or_default())
}

fn filled(
    manifest: &Manifest,
    reason: &types::Reason,
    language: &str,
    param: impl Fn(&types::Value) -> String,
) -> String {
    let texts = manifest.reasons.get(&reason.code);
    let text = texts
        .and_then(|texts| texts.get(language).or_else(|| texts.get("en")).or_else(|| texts.values().next()));
    let Some(text) = text else {
        return reason.code.clone();
    };
    let params = reason.params.iter().enumerate();
    params.fold(text.clone(), |text, (n, value)| text.replace(&format!("{{{n}}}"), &param(value)))
}

/// A parameter as people read it: an amount with its unit, an instant as its day. Who somebody is stays with the host.
fn param_in(param: &types::Value, units: &[types::Unit], older: bool) -> Option<String> {
    let unit = |row: u32| units.get(row as usize);
    Some(match param {
        types::Value::Number(n) => n.to_string(),
        types::Value::Instant(n) if older => n.to_string(),
        types::Value::Instant(at) => Timestamp::from_microsecond(*at).ok()?.strftime("%Y-%m-%d").to_string(),
        types::Value::Text(text) => text.clone(),
        types::Value::YesNo(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        types::Value::Amount(quantity) if older => quantity.amount.to_string(),
        types::Value::Amount(quantity) => {
            let unit = unit(quantity.unit)?;
            let amount = Quantity { amount: quantity.amount, unit: Id::default() }.decimal(unit.scale);
            format!("{amount} {}", unit.label).trim_end().to_owned()
        }
        types::Value::Unit(row) => unit(*row)?.label.clone(),
        types::Value::Absent
        | types::Value::Agent(_)
        | types::Value::Agents(_)
        | types::Value::Stock(_)
        | types::Value::Spec(_) => return None,
    })
}
