//! Every action does to a resource what its row of the table says, and nothing else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use ledger::{Act, Circumstances, Outcome, Refusal, Snapshot, Stop, View, decide};
use valueflows::{Action, Class, Decimal, Fields, Id, Instant, Measure, Prop, Quantity, Record, Value};

const UNIT: Id = Id([1; 16]);
const INES: Id = Id([2; 16]);
const JONAS: Id = Id([3; 16]);
const SAW: Id = Id([4; 16]);
const BOX: Id = Id([5; 16]);
const PLACE: Id = Id([6; 16]);
const PROCESS: Id = Id([7; 16]);
const STAGE: Id = Id([8; 16]);

/// Ten saws of Ines's, three in a box, a place, and a process of a stage.
fn view(mut snapshot: Snapshot) -> View {
    let mut know = |id, class, fields| snapshot.know(id, Some(Record::new(id, class, fields)));
    know(
        UNIT,
        Class::Unit,
        Fields::new().with(Prop::Label, Value::Text("piece".into())).with(Prop::Decimals, Value::Integer(0)),
    );
    know(INES, Class::Person, Fields::new());
    know(JONAS, Class::Person, Fields::new());
    know(PLACE, Class::SpatialThing, Fields::new());
    know(STAGE, Class::ProcessSpecification, Fields::new());
    know(PROCESS, Class::Process, Fields::new().with(Prop::BasedOn, Value::Ref(STAGE)));
    for (id, amount) in [(SAW, 10), (BOX, 3)] {
        let quantity = Value::Quantity(Quantity { amount, unit: UNIT });
        let fields = Fields::new()
            .with(Prop::AccountingQuantity, quantity.clone())
            .with(Prop::OnhandQuantity, quantity)
            .with(Prop::PrimaryAccountable, Value::Ref(INES))
            .with(Prop::Custodian, Value::Ref(INES));
        know(id, Class::EconomicResource, fields);
    }
    View::over(snapshot)
}

fn two() -> Value {
    Value::Measure(Measure { value: Decimal::new(2, 0), unit: UNIT })
}

fn event(action: Action) -> Fields {
    let amount = if action == Action::Work { Prop::EffortQuantity } else { Prop::ResourceQuantity };
    Fields::new()
        .with(Prop::Action, Value::Action(action))
        .with(Prop::Provider, Value::Ref(INES))
        .with(Prop::Receiver, Value::Ref(JONAS))
        .with(amount, two())
}

fn record(event: Fields, resource: Option<Fields>) -> Result<Outcome, Stop> {
    record_in(Snapshot::whole(), event, resource)
}

fn record_in(snapshot: Snapshot, event: Fields, resource: Option<Fields>) -> Result<Outcome, Stop> {
    let mut with = Circumstances {
        network: Id::default(),
        command: Id([9; 16]),
        agent: INES,
        now: Instant(1_000_000),
        made: 0,
        quoted: Vec::new(),
        granted: Vec::new(),
        signer: None,
        generation: ledger::WHOLE,
        actions: Default::default(),
    };
    decide(&view(snapshot), &Act::Record { event, resource }, &mut with)
}

fn after(outcome: &Outcome, id: Id) -> Option<&Record> {
    outcome.records.iter().find(|record| record.id == id)
}

/// Accounting and onhand of the from- and the to-resource after two pieces.
#[test]
fn quantities_follow_the_table() {
    let table = [
        (Action::Produce, Some((12, 12)), None),
        (Action::Consume, Some((8, 8)), None),
        (Action::Use, Some((10, 10)), None),
        (Action::Cite, Some((10, 10)), None),
        (Action::DeliverService, Some((10, 10)), None),
        (Action::Pickup, Some((10, 8)), None),
        (Action::Dropoff, Some((10, 12)), None),
        (Action::Accept, Some((10, 8)), None),
        (Action::Modify, Some((10, 12)), None),
        (Action::Combine, Some((10, 8)), None),
        (Action::Separate, Some((10, 12)), None),
        (Action::TransferAllRights, Some((8, 10)), Some((5, 3))),
        (Action::TransferCustody, Some((10, 8)), Some((3, 5))),
        (Action::Transfer, Some((8, 8)), Some((5, 5))),
        (Action::Move, Some((8, 8)), Some((5, 5))),
        (Action::Copy, Some((10, 10)), Some((5, 5))),
        (Action::Raise, Some((12, 12)), None),
        (Action::Lower, Some((8, 8)), None),
    ];
    for (action, from, to) in table {
        let mut event = event(action).with(Prop::ResourceInventoriedAs, Value::Ref(SAW));
        if action == Action::Produce {
            // What is made for somebody is added to a stock of theirs.
            event.set(Prop::Receiver, Value::Ref(INES));
        }
        if to.is_some() {
            event.set(Prop::ToResourceInventoriedAs, Value::Ref(BOX));
        }
        let outcome = record(event, None).unwrap_or_else(|stop| panic!("{action:?}: {stop:?}"));
        let amounts = |id| {
            after(&outcome, id).map(|record| {
                let amount = |prop| record.fields.quantity(prop).unwrap().amount;
                (amount(Prop::AccountingQuantity), amount(Prop::OnhandQuantity))
            })
        };
        assert_eq!(amounts(SAW), from, "{action:?}");
        assert_eq!(amounts(BOX), to, "{action:?}");
    }
}

#[test]
fn effects_beside_quantities_follow_the_table() {
    let with = |action: Action, more: &[(Prop, Value)]| {
        let mut event = event(action).with(Prop::ResourceInventoriedAs, Value::Ref(SAW));
        more.iter().for_each(|(prop, value)| event.set(*prop, value.clone()));
        record(event, None).unwrap_or_else(|stop| panic!("{action:?}: {stop:?}"))
    };
    let saw = |outcome: &Outcome, prop| after(outcome, SAW).and_then(|record| record.fields.id(prop));
    let location = (Prop::ToLocation, Value::Ref(PLACE));
    let to = (Prop::ToResourceInventoriedAs, Value::Ref(BOX));
    assert_eq!(
        saw(&with(Action::Pickup, std::slice::from_ref(&location)), Prop::CurrentLocation),
        Some(PLACE)
    );
    assert_eq!(saw(&with(Action::Raise, std::slice::from_ref(&location)), Prop::CurrentLocation), None);
    let moved = with(Action::Move, &[location, to.clone()]);
    assert_eq!(after(&moved, BOX).unwrap().fields.id(Prop::CurrentLocation), Some(PLACE));
    assert_eq!(saw(&with(Action::Combine, std::slice::from_ref(&to)), Prop::ContainedIn), Some(BOX));
    let transferred = with(Action::Transfer, std::slice::from_ref(&to));
    assert_eq!(after(&transferred, BOX).unwrap().fields.id(Prop::PrimaryAccountable), Some(JONAS));
    assert_eq!(saw(&transferred, Prop::PrimaryAccountable), Some(INES), "the rest stays Ines's");
    assert_eq!(
        saw(&with(Action::Modify, &[(Prop::OutputOf, Value::Ref(PROCESS))]), Prop::Stage),
        Some(STAGE)
    );
    let stated = with(Action::Use, &[(Prop::State, Value::Text("blunt".into()))]);
    assert_eq!(after(&stated, SAW).unwrap().fields.text(Prop::State), Some("blunt"));
    // Lent under one identifier: only the hands change.
    let lent = with(Action::TransferCustody, &[(Prop::ToResourceInventoriedAs, Value::Ref(SAW))]);
    assert_eq!(
        (saw(&lent, Prop::Custodian), saw(&lent, Prop::PrimaryAccountable)),
        (Some(JONAS), Some(INES))
    );
    assert_eq!(after(&lent, SAW).unwrap().fields.quantity(Prop::OnhandQuantity).unwrap().amount, 10);
}

#[test]
fn a_new_resource_belongs_to_whoever_receives_it() {
    let resource = Fields::new().with(Prop::Name, Value::Text("Axe".into()));
    let outcome = record(event(Action::Produce), Some(resource.clone())).unwrap();
    let axe = outcome.records.iter().find(|record| record.class == Class::EconomicResource).unwrap();
    assert_eq!(axe.fields.id(Prop::PrimaryAccountable), Some(JONAS));
    assert_eq!(axe.fields.id(Prop::Custodian), Some(JONAS));
    assert_eq!(axe.version, 1);
    for action in [Action::Consume, Action::Use, Action::Pickup, Action::Separate] {
        assert!(record(event(action), Some(resource.clone())).is_err(), "{action:?} creates nothing");
    }
    let sly = resource.with(Prop::OnhandQuantity, two());
    assert!(record(event(Action::Produce), Some(sly)).is_err(), "quantities come from events alone");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let saw = |action| event(action).with(Prop::ResourceInventoriedAs, Value::Ref(SAW));
    let many = Value::Measure(Measure { value: Decimal::new(11, 0), unit: UNIT });
    let table = [
        (saw(Action::Consume).with(Prop::ResourceQuantity, many), "not-enough"),
        (saw(Action::Consume).with(Prop::OutputOf, Value::Ref(PROCESS)), "not-for-action"),
        (saw(Action::Produce).with(Prop::InputOf, Value::Ref(PROCESS)), "not-for-action"),
        (saw(Action::Transfer).with(Prop::InputOf, Value::Ref(PROCESS)), "not-for-action"),
        (saw(Action::Consume).with(Prop::ToResourceInventoriedAs, Value::Ref(BOX)), "not-for-action"),
        (saw(Action::Raise).with(Prop::EffortQuantity, two()), "not-for-action"),
        (saw(Action::Transfer).with(Prop::Provider, Value::Ref(JONAS)), "not-owned"),
        (saw(Action::TransferCustody).with(Prop::Provider, Value::Ref(JONAS)), "not-held"),
        (saw(Action::Use).with(Prop::Provider, Value::Ref(UNIT)), "wrong-class"),
        (saw(Action::Produce), "not-for-action"),
        (
            saw(Action::Consume)
                .with(Prop::Provider, Value::Ref(JONAS))
                .with(Prop::Receiver, Value::Ref(INES)),
            "not-owned",
        ),
        (
            saw(Action::Pickup)
                .with(Prop::Provider, Value::Ref(JONAS))
                .with(Prop::Receiver, Value::Ref(INES)),
            "not-held",
        ),
        (
            event(Action::DeliverService)
                .with(Prop::InputOf, Value::Ref(PROCESS))
                .with(Prop::OutputOf, Value::Ref(PROCESS)),
            "not-for-action",
        ),
        (
            saw(Action::Use).with(Prop::HasPointInTime, Value::Instant(Instant(9_000_000_000))),
            "contradicting-times",
        ),
        (event(Action::Work).with(Prop::ResourceQuantity, two()), "not-for-action"),
    ];
    for (event, code) in table {
        match record(event.clone(), None) {
            Err(Stop::Refused(refusal)) => {
                assert_eq!(refusal.code(), code, "{refusal}");
                assert!(!refusal.remedy().is_empty());
            }
            other => panic!("{event:?}: {other:?}"),
        }
    }
    // A correction alone may be negative.
    let minus = Value::Measure(Measure { value: Decimal::new(-2, 0), unit: UNIT });
    let refused = record(saw(Action::Raise).with(Prop::ResourceQuantity, minus), None).unwrap_err();
    assert!(matches!(refused, Stop::Refused(Refusal::NotEnough { .. })));
}

#[test]
fn nothing_is_decided_on_what_was_not_read() {
    let stranger = Id([99; 16]);
    let used = event(Action::Use).with(Prop::ResourceInventoriedAs, Value::Ref(stranger));
    match record_in(Snapshot::default(), used, None) {
        Err(Stop::Missing(missing)) => assert_eq!(missing.0, [ledger::Key::Record(stranger)]),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_history_keeps_the_order_of_both_its_lists() {
    use ledger::trace::in_order;
    use std::sync::Arc;
    let event = |n: u8, at: i64| {
        let fields = Fields::new().with(Prop::Created, Value::Instant(Instant(at)));
        Arc::new(Record::new(Id([n; 16]), Class::EconomicEvent, fields))
    };
    // All at one moment, as in a sandbox; ids say nothing about the order.
    let all: Vec<_> = [9, 3, 7, 1, 5].map(|n| event(n, 100)).to_vec();
    let pick = |at: &[usize]| at.iter().map(|n| all[*n].clone()).collect::<Vec<_>>();
    let order = |events: &[Arc<Record>]| events.iter().map(|event| event.id.0[0]).collect::<Vec<_>>();
    let table = [
        (pick(&[0, 1, 2, 3, 4]), pick(&[]), vec![9, 3, 7, 1, 5]),
        (pick(&[0, 1, 2]), pick(&[1, 2, 4]), vec![9, 3, 7, 5]),
        (pick(&[0, 3]), pick(&[1, 2, 3, 4]), vec![9, 3, 7, 1, 5]),
        (pick(&[1, 3]), pick(&[1, 2, 3]), vec![3, 7, 1]),
        (vec![event(1, 200)], vec![event(2, 100)], vec![2, 1]),
        (vec![event(1, 100)], vec![event(2, 200)], vec![1, 2]),
    ];
    for (about, to, wanted) in table {
        assert_eq!(order(&in_order(&about, &to)), wanted);
    }
}
