//! Components that were built before the interface was frozen: everything is said to them in its older words, and what
//! they answer is understood in today's.
//!
//! Invariant: what such a component is asked is, byte for byte, what it was asked when its networks' entries were
//! written, so that they verify for ever.

use wasmtime::component::InstancePre;
use wasmtime::{Result, Store};

use crate::bindings::draft::{access, duties, matching, pricing};
use crate::engine::Guard;
use crate::types;
use access::exports::reflow::plugin::gate;
use access::reflow::plugin::types as old;
use duties::exports::reflow::plugin::obliger;
use matching::exports::reflow::plugin::matcher;
use pricing::exports::reflow::plugin::pricer;
use valueflows::Surface;

/// A component of the older interface, linked to its world.
pub(crate) enum World {
    Access(access::AccessPre<Guard>),
    Pricing(pricing::PricingPre<Guard>),
    Duties(duties::DutiesPre<Guard>),
    Matching(matching::MatchingPre<Guard>),
}

impl World {
    /// None of them: there was no such world.
    pub(crate) fn of(surface: Surface, pre: InstancePre<Guard>) -> Option<Result<World>> {
        Some(match surface {
            Surface::Access => access::AccessPre::new(pre).map(World::Access),
            Surface::Pricing => pricing::PricingPre::new(pre).map(World::Pricing),
            Surface::Duties => duties::DutiesPre::new(pre).map(World::Duties),
            Surface::Matching => matching::MatchingPre::new(pre).map(World::Matching),
            Surface::Tally => return None,
        })
    }

    pub(crate) fn instantiate(&self, store: &mut Store<Guard>) -> Result<()> {
        match self {
            World::Access(pre) => pre.instantiate(store).map(drop),
            World::Pricing(pre) => pre.instantiate(store).map(drop),
            World::Duties(pre) => pre.instantiate(store).map(drop),
            World::Matching(pre) => pre.instantiate(store).map(drop),
        }
    }
}

/// An item in the older words, as it was digested.
pub trait Older: serde::Serialize {
    /// In them.
    type Older: serde::Serialize;
    /// Says it in them; nothing, where they have no words for it.
    fn older(&self) -> Option<Self::Older>;
}

/// What is known, in the older words.
pub(crate) fn context(now: &types::Context) -> old::Context {
    let unit = |unit: &types::Unit| old::Unit { label: unit.label.clone(), scale: unit.scale };
    old::Context {
        now: now.now,
        settings: now.settings.iter().map(setting).collect(),
        units: now.units.iter().map(unit).collect(),
        agents: now.agents.iter().map(agent).collect(),
        specs: now.specs.iter().map(spec).collect(),
        stocks: now.stocks.iter().map(stock).collect(),
        agreements: now.agreements.iter().map(agreement).collect(),
        commitments: now.commitments.iter().map(commitment).collect(),
        events: now.events.iter().map(event).collect(),
        intents: now.intents.iter().map(intent).collect(),
        found: now.found.iter().map(found).collect(),
    }
}

fn found(found: &types::Found) -> old::Found {
    old::Found { starts: found.starts.clone(), rows: found.rows.clone(), cut: found.cut.clone() }
}

fn agent(agent: &types::Agent) -> old::Agent {
    old::Agent { organization: agent.organization, place: agent.place.map(place) }
}

fn spec(spec: &types::Spec) -> old::Spec {
    old::Spec { name: spec.name.clone(), classes: spec.classes.clone() }
}

fn place(place: types::Place) -> old::Place {
    old::Place { lat: place.lat, long: place.long }
}

fn quantity(quantity: types::Quantity) -> old::Quantity {
    old::Quantity { amount: quantity.amount, unit: quantity.unit }
}

fn setting(setting: &types::Setting) -> old::Setting {
    let value = match &setting.value {
        types::Value::YesNo(flag) => old::Value::YesNo(*flag),
        types::Value::Number(n) => old::Value::Number(*n),
        types::Value::Text(text) => old::Value::Text(text.clone()),
        types::Value::Amount(amount) => old::Value::Amount(quantity(*amount)),
        types::Value::Instant(at) => old::Value::Instant(*at),
        types::Value::Agents(rows) => old::Value::Agents(rows.clone()),
        // Kinds of settings that older manifests could not ask for.
        types::Value::Absent
        | types::Value::Agent(_)
        | types::Value::Stock(_)
        | types::Value::Spec(_)
        | types::Value::Unit(_) => old::Value::Absent,
    };
    old::Setting { name: setting.name.clone(), value }
}

fn stock(stock: &types::Stock) -> old::Stock {
    old::Stock {
        name: stock.name.clone(),
        spec: stock.spec,
        accountable: stock.accountable,
        custodian: stock.custodian,
        onhand: stock.onhand.map(quantity),
        classes: stock.classes.clone(),
        place: stock.place.map(place),
    }
}

fn agreement(agreement: &types::Agreement) -> old::Agreement {
    let term = |term: &types::Term| old::Term { code: term.code.clone(), quantity: quantity(term.quantity) };
    old::Agreement {
        provider: agreement.provider,
        receiver: agreement.receiver,
        created: agreement.created,
        terms: agreement.terms.iter().map(term).collect(),
    }
}

fn commitment(promise: &types::Commitment) -> old::Commitment {
    old::Commitment {
        action: action(promise.action),
        provider: promise.provider,
        receiver: promise.receiver,
        stock: promise.stock,
        quantity: promise.quantity.map(quantity),
        classes: promise.classes.clone(),
        agreement: promise.agreement,
        begins: promise.begins,
        ends: promise.ends,
        due: promise.due,
        finished: promise.finished,
    }
}

fn event(event: &types::Event) -> old::Event {
    old::Event {
        action: action(event.action),
        provider: event.provider,
        receiver: event.receiver,
        stock: event.stock,
        quantity: event.quantity.map(quantity),
        agreement: event.agreement,
        at: event.at,
    }
}

fn intent(intent: &types::Intent) -> old::Intent {
    old::Intent {
        action: action(intent.action),
        provider: intent.provider,
        receiver: intent.receiver,
        stock: intent.stock,
        quantity: intent.quantity.map(quantity),
        classes: intent.classes.clone(),
    }
}

/// The nineteen are the same nineteen in both.
macro_rules! actions {
    ($($name:ident)*) => {
        fn action(action: types::Action) -> old::Action {
            match action { $(types::Action::$name => old::Action::$name),* }
        }

        fn action_back(action: old::Action) -> types::Action {
            match action { $(old::Action::$name => types::Action::$name),* }
        }
    };
}

actions! {
    Produce Consume Use Work Cite DeliverService Pickup Dropoff Accept Modify Combine Separate TransferAllRights
    TransferCustody Transfer Move Copy RaiseOnhand LowerOnhand
}

impl Older for types::Act {
    type Older = gate::Act;

    fn older(&self) -> Option<gate::Act> {
        Some(gate::Act {
            name: self.name.clone(),
            principal: self.principal,
            provider: self.provider,
            receiver: self.receiver,
            stock: self.stock,
        })
    }
}

impl Older for types::Deal {
    type Older = pricer::Deal;

    fn older(&self) -> Option<pricer::Deal> {
        Some(pricer::Deal {
            stock: self.stock.unwrap_or(u32::MAX),
            provider: self.provider,
            receiver: self.receiver,
            begins: self.begins,
            ends: self.ends,
        })
    }
}

impl Older for types::Cause {
    type Older = obliger::Cause;

    fn older(&self) -> Option<obliger::Cause> {
        Some(match self {
            // What is promised was said like what has happened.
            types::Cause::Happened(row) | types::Cause::Promised(row) => obliger::Cause::Happened(*row),
            types::Cause::FellDue(fallen) => {
                obliger::Cause::FellDue(obliger::Fallen { promise: fallen.promise, at: fallen.at })
            }
        })
    }
}

impl Older for types::Ask {
    type Older = matcher::Wish;

    fn older(&self) -> Option<matcher::Wish> {
        match self {
            types::Ask::Rank(wish) => Some(matcher::Wish {
                seeker: wish.seeker,
                candidates: wish.candidates.clone(),
                most: wish.most,
            }),
            types::Ask::WhyNot(_) | types::Ask::Allocate(_) => None,
        }
    }
}

impl Older for types::Poll {
    type Older = ();

    fn older(&self) -> Option<()> {
        None
    }
}

fn reason_back(reason: old::Reason) -> types::Reason {
    types::Reason { code: reason.code, params: reason.params.into_iter().map(value_back).collect() }
}

fn quantity_back(quantity: old::Quantity) -> types::Quantity {
    types::Quantity { amount: quantity.amount, unit: quantity.unit }
}

fn value_back(value: old::Value) -> types::Value {
    match value {
        old::Value::Absent => types::Value::Absent,
        old::Value::YesNo(flag) => types::Value::YesNo(flag),
        old::Value::Number(n) => types::Value::Number(n),
        old::Value::Text(text) => types::Value::Text(text),
        old::Value::Amount(amount) => types::Value::Amount(quantity_back(amount)),
        old::Value::Instant(at) => types::Value::Instant(at),
        old::Value::Agents(rows) => types::Value::Agents(rows),
    }
}

fn gate_back(verdict: gate::Verdict) -> types::GateVerdict {
    match verdict {
        gate::Verdict::Facts(facts) => types::GateVerdict::Facts(facts.into_iter().map(value_back).collect()),
        gate::Verdict::Refused(because) => {
            types::GateVerdict::Refused(types::Refusal { facts: Vec::new(), because: reason_back(because) })
        }
        gate::Verdict::Unable(because) => types::GateVerdict::Unable(reason_back(because)),
    }
}

fn quote_back(verdict: pricer::Verdict) -> types::QuoteVerdict {
    let line = |line: pricer::Line| types::Line {
        code: line.code,
        kind: match line.kind {
            pricer::Kind::Fee => types::LineKind::Fee,
            pricer::Kind::Deposit => types::LineKind::Deposit,
            pricer::Kind::Rate => types::LineKind::Rate,
        },
        quantity: quantity_back(line.quantity),
        payee: None,
    };
    match verdict {
        pricer::Verdict::Quoted(lines) => types::QuoteVerdict::Quoted(lines.into_iter().map(line).collect()),
        pricer::Verdict::Refused(because) => types::QuoteVerdict::Refused(reason_back(because)),
        pricer::Verdict::Unable(because) => types::QuoteVerdict::Unable(reason_back(because)),
    }
}

fn duty_back(verdict: obliger::Verdict) -> types::DutyVerdict {
    let duty = |duty: obliger::Duty| match duty {
        obliger::Duty::Again(at) => types::Duty::Again(at),
        obliger::Duty::Commit(promise) => types::Duty::Commit(types::Promise {
            action: action_back(promise.action),
            provider: promise.provider,
            receiver: promise.receiver,
            stock: promise.stock,
            spec: None,
            quantity: promise.quantity.map(quantity_back),
            effort: None,
            classes: promise.classes,
            agreement: promise.agreement,
            due: promise.due,
        }),
    };
    match verdict {
        obliger::Verdict::Duties(duties) => {
            types::DutyVerdict::Duties(duties.into_iter().map(duty).collect())
        }
        obliger::Verdict::Unable(because) => types::DutyVerdict::Unable(reason_back(because)),
    }
}

fn rank_back(verdict: matcher::Verdict) -> types::MatchVerdict {
    let ranked = |ranked: matcher::Ranked| types::Ranked {
        candidate: ranked.candidate,
        because: reason_back(ranked.because),
    };
    match verdict {
        matcher::Verdict::Ranking(ranking) => {
            types::MatchVerdict::Ranking(ranking.into_iter().map(ranked).collect())
        }
        matcher::Verdict::Unable(because) => types::MatchVerdict::Unable(reason_back(because)),
    }
}

macro_rules! answers {
    ($($name:ident $variant:ident $interface:ident $call:ident $item:ty => $verdict:ty, $back:ident;)*) => {
        impl World {
            $(pub(crate) fn $name(
                &self,
                store: &mut Store<Guard>,
                context: &types::Context,
                items: &[$item],
            ) -> Result<Vec<$verdict>> {
                let World::$variant(pre) = self else { return Err(crate::call::elsewhere()) };
                let items: Option<Vec<_>> = items.iter().map(Older::older).collect();
                let items = items.ok_or_else(crate::call::elsewhere)?;
                let instance = pre.instantiate(&mut *store)?;
                let verdicts = instance.$interface().$call(store, &self::context(context), &items)?;
                Ok(verdicts.into_iter().map($back).collect())
            })*
        }
    };
}

answers! {
    judge Access reflow_plugin_gate call_judge types::Act => types::GateVerdict, gate_back;
    quote Pricing reflow_plugin_pricer call_quote types::Deal => types::QuoteVerdict, quote_back;
    oblige Duties reflow_plugin_obliger call_oblige types::Cause => types::DutyVerdict, duty_back;
    answer Matching reflow_plugin_matcher call_rank types::Ask => types::MatchVerdict, rank_back;
}

impl World {
    /// There was no such world.
    pub(crate) fn count(
        &self,
        _: &mut Store<Guard>,
        _: &types::Context,
        _: &[types::Poll],
    ) -> Result<Vec<types::CountVerdict>> {
        Err(crate::call::elsewhere())
    }
}
