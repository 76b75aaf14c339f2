//! The laws of the books, over random histories: what is there is what its events come to, handing on makes nothing
//! and loses nothing, and an event changes what the table says and nothing else.

use crate::common::*;
use ledger::{Act, Stop};
use proptest::prelude::*;
use valueflows::action::{AccountableEffect, ContainedEffect, CreateResource, QuantityEffect};
use valueflows::action::{LocationEffect, StageEffect, StateEffect};
use valueflows::property::STATED;
use valueflows::{Action, Class, Fields, Id, Prop, Record, Value};

/// One thing that somebody tries.
#[derive(Debug, Clone)]
struct Try {
    action: Action,
    amount: i64,
    from: usize,
    to: usize,
    parties: (bool, bool),
    creates: bool,
    elsewhere: bool,
    in_process: bool,
    corrects: bool,
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let all: Vec<Action> = Action::all().chain(own().rows().map(|row| row.action)).collect();
    let action = proptest::sample::select(all);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let one = (action, -2..6i64, 0..5usize, 0..5usize, flags, 0..4u8).prop_map(
        |(action, amount, from, to, (giver, taker, creates, elsewhere, in_process), corrects)| Try {
            action,
            amount,
            from,
            to,
            parties: (giver, taker),
            creates,
            elsewhere,
            in_process,
            corrects: corrects == 0,
        },
    );
    prop::collection::vec(one, 1..60)
}

struct History {
    world: World,
    things: Vec<Id>,
    events: Vec<Record>,
}

impl History {
    fn new() -> History {
        let mut world = World::new();
        let things = vec![world.stock(INES, 0), world.stock(JONAS, 0)];
        History { world, things, events: Vec::new() }
    }

    fn act(&self, one: &Try) -> Act {
        if let (true, false) = (one.corrects, self.events.is_empty()) {
            let original = &self.events[one.from % self.events.len()];
            let mut event = original.fields.clone();
            for prop in [Prop::Created, Prop::HasPointInTime] {
                event.remove(prop);
            }
            let counted = [Prop::ResourceQuantity, Prop::EffortQuantity];
            for prop in counted {
                if let Some(quantity) = event.quantity(prop) {
                    event.set(prop, measure(one.amount, quantity.unit));
                }
            }
            event.set(Prop::Corrects, Value::Ref(original.id));
            return Act::Record { event, resource: None };
        }
        let row = row(one.action);
        let who = |giver: bool| Value::Ref(if giver { INES } else { JONAS });
        let mut event = event(one.action, one.amount)
            .with(Prop::Provider, who(one.parties.0))
            .with(Prop::Receiver, who(one.parties.1));
        let creates = one.creates && row.create_resource != CreateResource::None;
        let thing = |n: usize| Value::Ref(self.things[n % self.things.len()]);
        if one.action != Action::Work && !(creates && row.create_resource == CreateResource::Optional) {
            event.set(Prop::ResourceInventoriedAs, thing(one.from));
        }
        let second =
            row.create_resource == CreateResource::OptionalTo || row.contained == ContainedEffect::Update;
        if second && !creates {
            event.set(Prop::ToResourceInventoriedAs, thing(one.to));
        }
        if one.elsewhere {
            event.set(Prop::ToLocation, Value::Ref(if one.parties.0 { PLACE } else { YARD }));
            event.set(Prop::State, Value::Text("seen".into()));
        }
        if one.in_process {
            match row.input_output.as_str() {
                "input" => event.set(Prop::InputOf, Value::Ref(PROCESS)),
                "output" => event.set(Prop::OutputOf, Value::Ref(PROCESS)),
                _ => {}
            }
        }
        Act::Record { event, resource: creates.then(Fields::new) }
    }
}

/// How an event counts on the two resources that it names.
fn counts(event: &Fields, prop: Prop) -> [(Option<Id>, i64); 2] {
    let row = row(event.action().unwrap());
    let effect = if prop == Prop::AccountingQuantity { row.accounting } else { row.onhand };
    let amount = event.quantity(Prop::ResourceQuantity).map_or(0, |quantity| quantity.amount);
    let (from, to) = effect.signs();
    let named = |prop| event.id(prop);
    [
        (named(Prop::ResourceInventoriedAs), from.unwrap_or(0) * amount),
        (named(Prop::ToResourceInventoriedAs), to.unwrap_or(0) * amount),
    ]
}

/// Whether the table lets an event change a property of the thing that it is about, or of the one that it goes to.
fn may_change(event: &Fields, prop: Prop, is_from: bool, is_to: bool, is_new: bool) -> bool {
    let row = row(event.action().unwrap());
    let counted = |effect: QuantityEffect| match effect {
        QuantityEffect::None => false,
        QuantityEffect::Increment | QuantityEffect::Decrement => is_from,
        QuantityEffect::DecrementIncrement => is_from || is_to,
        QuantityEffect::IncrementTo => is_to,
    };
    let correction = event.get(Prop::Corrects).is_some();
    match prop {
        Prop::AccountingQuantity => counted(row.accounting),
        Prop::OnhandQuantity => counted(row.onhand),
        _ if correction => false,
        Prop::PrimaryAccountable => match row.accountable {
            AccountableEffect::New => is_new,
            AccountableEffect::UpdateTo => is_to,
            AccountableEffect::None => false,
        },
        Prop::CurrentLocation => match row.location {
            LocationEffect::New => is_new,
            LocationEffect::Update => is_from,
            LocationEffect::UpdateTo => is_to,
            LocationEffect::None => false,
        },
        Prop::Stage => row.stage == StageEffect::Update && is_from,
        Prop::State => match row.state {
            StateEffect::Update => is_from,
            StateEffect::UpdateTo => is_to,
            StateEffect::None => false,
        },
        Prop::ContainedIn => row.contained != ContainedEffect::None && is_from,
        // A house term: it follows whoever has the thing in hand.
        Prop::Custodian => is_new || row.onhand != QuantityEffect::None,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_books_keep_their_laws(tries in tries()) {
        let mut history = History::new();
        for one in &tries {
            let act = history.act(one);
            let before: Vec<(Id, Fields)> =
                history.things.iter().map(|id| (*id, history.world.get(*id))).collect();
            let total = |history: &History, prop| -> i64 {
                let of = |id: &Id| history.world.get(*id).quantity(prop).map_or(0, |quantity| quantity.amount);
                history.things.iter().map(of).sum()
            };
            let sums = STATED.map(|prop| total(&history, prop));
            let outcome = match history.world.act(&act) {
                Ok(outcome) => outcome,
                Err(Stop::Missing(missing)) => panic!("everything is known: {missing:?}"),
                Err(Stop::Refused(_)) => {
                    for (id, fields) in &before {
                        prop_assert_eq!(&history.world.get(*id), fields, "a refusal changes nothing");
                    }
                    continue;
                }
            };
            let event = event_of(&outcome);
            let fields = &event.fields;
            let new: Vec<Id> = outcome
                .records
                .iter()
                .filter(|record| record.class == Class::EconomicResource && record.version == 1)
                .map(|record| record.id)
                .filter(|id| !history.things.contains(id))
                .collect();
            history.things.extend(&new);
            // No effect outside the table; what is in a moved container goes with it.
            let (from, to) = (fields.id(Prop::ResourceInventoriedAs), fields.id(Prop::ToResourceInventoriedAs));
            for (id, was) in &before {
                let now = history.world.get(*id);
                let (is_from, is_to) = (from == Some(*id), to == Some(*id));
                let inside = was.get(Prop::ContainedIn).is_some() && !is_from && !is_to;
                for prop in STATED {
                    let follows = inside && !matches!(prop, Prop::AccountingQuantity | Prop::OnhandQuantity | Prop::Stage | Prop::State);
                    let changed = now.get(prop) != was.get(prop);
                    let may = may_change(fields, prop, is_from, is_to, false) || follows;
                    prop_assert!(!changed || may, "{:?} changed {}", fields, prop.as_str());
                }
            }
            // Handing on makes nothing and loses nothing.
            let action = fields.action().unwrap();
            let hands_on = [row(action).accounting, row(action).onhand];
            let both = from.is_some() && to.is_some();
            if both && hands_on.iter().all(|effect| matches!(effect, QuantityEffect::DecrementIncrement | QuantityEffect::None)) {
                prop_assert_eq!(STATED.map(|prop| total(&history, prop)), sums, "{:?}", fields);
            }
            if !one.corrects || fields.get(Prop::Corrects).is_none() {
                history.events.push(event.clone());
            }
            let corrections = outcome.records.iter().filter(|record| record.class == Class::EconomicEvent);
            prop_assert_eq!(corrections.count(), 1);
            history.world.put(Class::Unit, Fields::new());
            check_sums(&history, &event)?;
        }
    }
}

/// What is there is what its events, and their corrections, come to.
fn check_sums(history: &History, last: &Record) -> Result<(), TestCaseError> {
    for id in &history.things {
        for prop in [Prop::AccountingQuantity, Prop::OnhandQuantity] {
            let events = ledger::trace::trace(&history.world.view, *id).unwrap();
            let mut sum = 0;
            for event in &events {
                let contains = row(event.fields.action().unwrap()).contained == ContainedEffect::Update;
                let [from, to] = counts(&event.fields, prop);
                let hits = [Some(from), (!contains).then_some(to)].into_iter().flatten();
                sum += hits.filter(|(thing, _)| *thing == Some(*id)).map(|(_, by)| by).sum::<i64>();
            }
            let there = history.world.get(*id).quantity(prop).map_or(0, |quantity| quantity.amount);
            prop_assert_eq!(there, sum, "{} after {:?}", prop.as_str(), last.fields);
            prop_assert!(there >= 0);
        }
    }
    Ok(())
}
