//! Promises: accepting an offer, withdrawing, promising, waiving, falling due.

use valueflows::{Action, Class, Fields, Id, Instant, Prop, Record, Term, Value};

use crate::check;
use crate::decide::{Circumstances, LineKind, Outcome, QuotedLine, promises_of, shape};
use crate::error::{Refusal, Stop};
use crate::limits::LOAN_US_MAX;
use crate::view::{Key, Link, View};

/// How a promise is classified, so that people and plugins can tell one from another.
pub mod classes {
    /// The promise to hand the thing over.
    pub const LOAN: &str = "loan";
    /// A payment taken on handing over and given back on return.
    pub const DEPOSIT: &str = "deposit";
    /// A payment for good.
    pub const FEE: &str = "fee";
}

/// The promises of an agreement.
pub(crate) fn clauses(agreement: Id) -> Link {
    Link { class: Class::Commitment, prop: Prop::ClauseOf, target: agreement, open: false }
}

/// The promises in return.
pub(crate) fn reciprocal(agreement: Id) -> Link {
    Link { class: Class::Commitment, prop: Prop::ReciprocalClauseOf, target: agreement, open: false }
}

pub(crate) fn accept(
    view: &View,
    intent: Id,
    receiver: Id,
    until: Instant,
    with: &mut Circumstances,
) -> Result<Outcome, Stop> {
    let offer = check::of_class(view, Prop::Satisfies, intent, Class::Intent)?;
    let taker = check::existing(view, Prop::Receiver, receiver)?;
    if !taker.class.is_agent() {
        return Err(Refusal::WrongClass { prop: Prop::Receiver.as_str(), found: taker.class.as_str() }.into());
    }
    let (Some(provider), Some(thing)) =
        (offer.fields.id(Prop::Provider), offer.fields.id(Prop::ResourceInventoriedAs))
    else {
        return Err(Refusal::BadOffer("this offers no single thing that could be lent").into());
    };
    let planned = [Prop::InputOf, Prop::OutputOf, Prop::PlannedWithin];
    if planned.into_iter().any(|prop| offer.fields.get(prop).is_some()) {
        return Err(Refusal::BadOffer("this is planned, and not offered to anybody").into());
    }
    if !offer.is_open() || offer.fields.action() != Some(Action::TransferCustody) {
        return Err(Refusal::BadOffer("this is not an open offer to lend").into());
    }
    if provider == receiver {
        return Err(Refusal::BadOffer("nobody borrows from themselves").into());
    }
    if until <= with.now {
        return Err(Refusal::Times("a loan ends after it begins").into());
    }
    if until > with.now.plus_us(LOAN_US_MAX) {
        return Err(Refusal::Times("a loan lasts at most a year and a day").into());
    }
    let promises = promises_of(thing);
    view.require(&[Key::Record(thing), Key::Linked(promises)])?;
    let thing = check::of_class(view, Prop::ResourceInventoriedAs, thing, Class::EconomicResource)?;
    if thing.fields.id(Prop::Custodian).is_some_and(|holder| holder != provider) {
        return Err(Refusal::OnLoan(thing.title()).into());
    }
    if view.linked(promises)?.iter().any(|promise| promise.fields.action() == Some(Action::TransferCustody)) {
        return Err(Refusal::Promised(thing.title()).into());
    }
    Ok(agree(&offer, &thing, receiver, until, with))
}

/// What falls to be paid, a promise each: nobody promises less than nothing, so a line below it, as a discount is, is
/// taken off what else goes to the same payee for the same reason.
fn due(quoted: &[QuotedLine]) -> Vec<QuotedLine> {
    let mut lines: Vec<QuotedLine> = Vec::new();
    let alike = |a: &QuotedLine, b: &QuotedLine| {
        (a.kind, a.payee, a.quantity.unit) == (b.kind, b.payee, b.quantity.unit)
    };
    for line in quoted {
        let lessened = quoted.iter().any(|other| other.quantity.amount < 0 && alike(other, line));
        match lines.iter_mut().find(|known| lessened && alike(known, line)) {
            Some(known) => known.quantity.amount += line.quantity.amount,
            None => lines.push(line.clone()),
        }
    }
    lines.retain(|line| line.quantity.amount > 0 || (line.quantity.amount == 0 && quoted.contains(line)));
    lines
}

fn agree(offer: &Record, thing: &Record, receiver: Id, until: Instant, with: &mut Circumstances) -> Outcome {
    let provider = offer.fields.get(Prop::Provider).cloned();
    let mut outcome = Outcome::default();
    let agreement = with.next_id();
    let terms = with.quoted.iter().map(|line| Term { code: line.code.clone(), quantity: line.quantity });
    let mut fields = Fields::new()
        .with(Prop::Created, Value::Instant(with.now))
        .with(Prop::Receiver, Value::Ref(receiver))
        .with(Prop::ResourceInventoriedAs, Value::Ref(thing.id))
        .with(Prop::Terms, Value::Terms(terms.collect()));
    fields.extend(provider.iter().map(|provider| (Prop::Provider, provider.clone())).collect());
    outcome.make(Record::new(agreement, Class::Agreement, fields));

    let promise = |action, from: Option<Value>, to: Option<Value>, class: &str| {
        let parties = [(Prop::Provider, from), (Prop::Receiver, to)];
        parties
            .into_iter()
            .filter_map(|(prop, value)| Some((prop, value?)))
            .collect::<Fields>()
            .with(Prop::Action, Value::Action(action))
            .with(Prop::ResourceClassifiedAs, Value::Texts(vec![class.to_owned()]))
            .with(Prop::Created, Value::Instant(with.now))
            .with(Prop::Finished, Value::Flag(false))
    };
    let taker = Some(Value::Ref(receiver));
    let mut loan = promise(Action::TransferCustody, provider.clone(), taker.clone(), classes::LOAN)
        .with(Prop::ResourceInventoriedAs, Value::Ref(thing.id))
        .with(Prop::HasBeginning, Value::Instant(with.now))
        .with(Prop::HasEnd, Value::Instant(until))
        .with(Prop::ClauseOf, Value::Ref(agreement))
        .with(Prop::Satisfies, Value::Refs(vec![offer.id]));
    if let Some(quantity) = offer.fields.get(Prop::ResourceQuantity) {
        loan.set(Prop::ResourceQuantity, quantity.clone());
    }
    let payee = |line: &QuotedLine| line.payee.map(Value::Ref).or_else(|| provider.clone());
    let mut payments = Vec::new();
    for line in due(&with.quoted) {
        let class = match line.kind {
            LineKind::Rate => continue,
            LineKind::Deposit => classes::DEPOSIT,
            LineKind::Fee => classes::FEE,
        };
        payments.push(
            promise(Action::Transfer, taker.clone(), payee(&line), class)
                .with(Prop::ResourceQuantity, Value::Quantity(line.quantity))
                .with(Prop::ReciprocalClauseOf, Value::Ref(agreement)),
        );
    }
    for fields in std::iter::once(loan).chain(payments) {
        outcome.make(Record::new(with.next_id(), Class::Commitment, fields));
    }
    outcome
}

pub(crate) fn withdraw(view: &View, agreement: Id) -> Result<Outcome, Stop> {
    check::of_class(view, Prop::ClauseOf, agreement, Class::Agreement)?;
    view.require(&[Key::Linked(clauses(agreement)), Key::Linked(reciprocal(agreement))])?;
    let promises = view.linked(clauses(agreement))?;
    let is_loan = |promise: &Record| {
        promise.fields.texts(Prop::ResourceClassifiedAs).iter().any(|c| c == classes::LOAN)
    };
    if promises.iter().any(|promise| is_loan(promise) && !promise.is_open()) {
        return Err(Refusal::HandedOver.into());
    }
    let mut outcome = Outcome::default();
    for promise in
        promises.iter().chain(&view.linked(reciprocal(agreement))?).filter(|promise| promise.is_open())
    {
        outcome.change(closed(promise, "withdrawn"));
    }
    match outcome.records.is_empty() {
        true => Err(Refusal::Settled.into()),
        false => Ok(outcome),
    }
}

fn closed(promise: &Record, state: &str) -> Record {
    let mut promise = promise.clone();
    promise.fields.set(Prop::Finished, Value::Flag(true));
    promise.fields.set(Prop::State, Value::Text(state.to_owned()));
    promise
}

pub(crate) fn commit(view: &View, fields: &Fields, with: &mut Circumstances) -> Result<Outcome, Stop> {
    let mut fields = check::settle(view, Class::Commitment, fields)?;
    check::not_negative(fields.quantity(Prop::ResourceQuantity))?;
    check::not_negative(fields.quantity(Prop::EffortQuantity))?;
    check::planned_times(&fields)?;
    if fields.get(Prop::Provider).is_none() || fields.get(Prop::Receiver).is_none() {
        return Err(shape("a promise has somebody who gives and somebody who gets"));
    }
    if fields.flag(Prop::Finished) {
        return Err(shape("a new promise is not finished yet"));
    }
    if with.generation >= crate::PLANNED {
        crate::planning::reserve::check(view, Class::Commitment, &fields, with)?;
    }
    fields.set(Prop::Finished, Value::Flag(false));
    fields.set(Prop::Created, Value::Instant(with.now));
    let mut outcome = Outcome::default();
    outcome.make(Record::new(with.next_id(), Class::Commitment, fields));
    Ok(outcome)
}

pub(crate) fn waive(
    view: &View,
    commitment: Id,
    reason: &str,
    with: &Circumstances,
) -> Result<Outcome, Stop> {
    let promise = check::of_class(view, Prop::Fulfills, commitment, Class::Commitment)?;
    if !promise.is_open() {
        return Err(Refusal::Settled.into());
    }
    if !with.is_whole() && promise.fields.action() != Some(Action::Transfer) {
        return Err(shape("only a payment can be waived"));
    }
    if reason.trim().is_empty() {
        return Err(shape(match with.is_whole() {
            true => "say in a few words why this is waived",
            false => "say in a few words why the payment is waived",
        }));
    }
    let mut promise = closed(&promise, "waived");
    promise.fields.set(Prop::Note, Value::Text(reason.to_owned()));
    let mut outcome = Outcome::default();
    outcome.change(promise);
    Ok(outcome)
}

pub(crate) fn fall_due(view: &View, commitment: Id) -> Result<Outcome, Stop> {
    let promise = check::of_class(view, Prop::Fulfills, commitment, Class::Commitment)?;
    if !promise.is_open() {
        return Err(Refusal::Settled.into());
    }
    let mut promise = Record::clone(&promise);
    promise.fields.set(Prop::State, Value::Text("overdue".to_owned()));
    let mut outcome = Outcome::default();
    outcome.change(promise);
    Ok(outcome)
}
