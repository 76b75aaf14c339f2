//! Reading ahead: what a judgement will ask for next, guessed from what is known. A wrong guess costs
//! a row; a missing one costs a round.

use governance::{AnyAct, Command, membership};
use ledger::decide::promises_of;
use ledger::{Act, Key, View};
use valueflows::action::{LocationEffect, QuantityEffect};
use valueflows::{Action, Fields, Id, Prop, Surface};

use crate::input::Anchors;
use crate::needs::links;
use crate::rules::Rules;

/// The keys that a command's judgement will most likely want.
pub(crate) fn keys(rules: &Rules, view: &View, command: &Command) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for act in &command.acts {
        let AnyAct::Economic(act) = act else { continue };
        match act {
            Act::Accept { intent, receiver, .. } => {
                let Some(offer) = view.peek(*intent) else { continue };
                let named = |prop| offer.fields.id(prop);
                let anchors = Anchors {
                    principal: Some(command.agent),
                    provider: named(Prop::Provider),
                    receiver: Some(*receiver),
                    stock: named(Prop::ResourceInventoriedAs),
                    spec: named(Prop::ResourceConformsTo),
                    ..Anchors::default()
                };
                keys.extend(rules.units.values().map(|(id, _)| Key::Record(*id)));
                for surface in [Surface::Access, Surface::Pricing] {
                    let bound = rules.answering(surface, "borrow").flatten();
                    keys.extend(
                        bound.flat_map(|bound| links(bound, &anchors).collect::<Vec<_>>()).map(Key::Linked),
                    );
                }
                keys.extend(anchors.stock.map(|thing| Key::Linked(promises_of(thing))));
                parties(&mut keys, [anchors.provider, anchors.receiver]);
                thing(view, &mut keys, anchors.stock);
            }
            Act::Record { event, .. } => self::event(rules, view, &mut keys, event),
            Act::Commit { fields } | Act::Claim { fields } | Act::Report { fields, .. } => {
                parties(&mut keys, [fields.id(Prop::Provider), fields.id(Prop::Receiver)]);
            }
            Act::FallDue { commitment, .. } => {
                let Some(promise) = view.peek(*commitment) else { continue };
                keys.extend(promise.fields.refs().map(|(_, id)| Key::Record(id)));
                duties(rules, &mut keys, "fallDue", promise.fields.id(Prop::ClauseOf));
                parties(&mut keys, [promise.fields.id(Prop::Provider), promise.fields.id(Prop::Receiver)]);
            }
            _ => {}
        }
    }
    keys
}

fn parties(keys: &mut Vec<Key>, agents: [Option<Id>; 2]) {
    for agent in agents.into_iter().flatten() {
        keys.extend([Key::Record(agent), Key::Linked(membership::link(agent))]);
    }
}

fn thing(view: &View, keys: &mut Vec<Key>, thing: Option<Id>) {
    let Some(thing) = thing else { return };
    keys.push(Key::Record(thing));
    if let Some(record) = view.peek(thing) {
        let shown = [Prop::ConformsTo, Prop::PrimaryAccountable, Prop::Custodian];
        keys.extend(shown.into_iter().filter_map(|prop| record.fields.id(prop)).map(Key::Record));
        keys.extend(record.fields.units().map(Key::Record));
    }
}

fn event(rules: &Rules, view: &View, keys: &mut Vec<Key>, event: &Fields) {
    parties(keys, [event.id(Prop::Provider), event.id(Prop::Receiver)]);
    thing(view, keys, event.id(Prop::ResourceInventoriedAs));
    thing(view, keys, event.id(Prop::ToResourceInventoriedAs));
    let row = event.action().and_then(|action| rules.compiled.own.row(action).ok());
    let moves = row.is_some_and(|row| {
        row.onhand == QuantityEffect::DecrementIncrement || row.location == LocationEffect::Update
    });
    if moves && rules.compiled.book.semantics >= ledger::WHOLE {
        keys.extend(event.id(Prop::ResourceInventoriedAs).map(ledger::inside).map(Key::Linked));
    }
    let mut agreement = event.id(Prop::RealizationOf);
    for promise in event.ids(Prop::Fulfills).iter().filter_map(|id| view.peek(*id)) {
        agreement = agreement.or(promise.fields.id(Prop::ClauseOf));
        keys.extend(promise.fields.refs().map(|(_, id)| Key::Record(id)));
    }
    let action = event.action();
    duties(rules, keys, action.as_ref().map(Action::as_str).unwrap_or_default(), agreement);
}

fn duties(rules: &Rules, keys: &mut Vec<Key>, act: &str, agreement: Option<Id>) {
    let anchors = Anchors { agreement, ..Anchors::default() };
    for bound in rules.answering(Surface::Duties, act).flatten() {
        keys.extend(links(bound, &anchors).map(Key::Linked));
    }
    keys.extend(agreement.map(Key::Record));
}
