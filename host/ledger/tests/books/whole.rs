//! What holds beyond the action table: corrections, containers, implied transfers, shares, claims, floors, plans.

use crate::common::*;
use ledger::decide::LineKind;
use ledger::{Act, QuotedLine, share_of};
use valueflows::{Action, Class, Fields, Id, Instant, NO_UNIT, Prop, Quantity, Record, Term, Value};

fn about(event: Fields, thing: Id) -> Fields {
    event.with(Prop::ResourceInventoriedAs, Value::Ref(thing))
}

fn promise(world: &mut World, amount: i64) -> Id {
    let fields = Fields::new()
        .with(Prop::Action, Value::Action(Action::Transfer))
        .with(Prop::Provider, Value::Ref(INES))
        .with(Prop::Receiver, Value::Ref(JONAS))
        .with(Prop::ResourceQuantity, measure(amount, UNIT))
        .with(Prop::Due, Value::Instant(Instant(2_000_000)));
    world.act(&Act::Commit { fields }).unwrap().records[0].id
}

/// Of an event, less an amount.
fn correction(world: &World, original: Id, by: i64) -> Fields {
    let mut fields = world.get(original);
    for prop in [Prop::Created, Prop::HasPointInTime, Prop::Shares] {
        fields.remove(prop);
    }
    let unit = fields.quantity(Prop::ResourceQuantity).unwrap().unit;
    fields.with(Prop::ResourceQuantity, measure(by, unit)).with(Prop::Corrects, Value::Ref(original))
}

#[test]
fn a_correction_is_a_difference_and_changes_nothing_else() {
    let mut world = World::new();
    let stock = world.stock(INES, 10);
    let account = world.stock(JONAS, 0);
    let moved = about(event(Action::Transfer, 4), stock)
        .with(Prop::ToResourceInventoriedAs, Value::Ref(account))
        .with(Prop::ToLocation, Value::Ref(PLACE));
    let outcome = world.record(moved).unwrap();
    let original = event_of(&outcome).id;
    world.record(correction(&world, original, -1)).unwrap();
    assert_eq!((world.amounts(stock), world.amounts(account)), ((7, 7), (3, 3)));
    assert_eq!(
        world.get(original).quantity(Prop::ResourceQuantity).unwrap().amount,
        4,
        "what happened stays"
    );
    world.record(correction(&world, original, 2)).unwrap();
    assert_eq!((world.amounts(stock), world.amounts(account)), ((5, 5), (5, 5)));
    let late = world.record(correction(&world, original, -1)).unwrap();
    let table = [
        (correction(&world, original, -5), "bad-correction"),
        (
            correction(&world, event_of(&late).id, 1).with(Prop::Corrects, Value::Ref(event_of(&late).id)),
            "bad-correction",
        ),
        (correction(&world, original, -1).with(Prop::Receiver, Value::Ref(INES)), "bad-correction"),
        (correction(&world, original, -1).with(Prop::Action, Value::Action(Action::Move)), "bad-correction"),
        (
            correction(&world, original, -1).with(Prop::ResourceInventoriedAs, Value::Ref(account)),
            "bad-correction",
        ),
        (correction(&world, original, -1).with(Prop::ResourceQuantity, measure(-1, HOUR)), "wrong-unit"),
        (correction(&world, original, 100), "not-enough"),
        (event(Action::Raise, -1), "not-enough"),
    ];
    for (wrong, wanted) in table {
        let shown = format!("{wrong:?}");
        assert_eq!(code(world.record(wrong)), wanted, "{shown}");
    }
    // What has been passed on cannot turn out never to have come.
    let used = about(event(Action::Consume, 4), account)
        .with(Prop::Provider, Value::Ref(JONAS))
        .with(Prop::Receiver, Value::Ref(JONAS));
    world.record(used).unwrap();
    assert_eq!(code(world.record(correction(&world, original, -2))), "not-enough");
}

#[test]
fn a_correction_reopens_the_promise_that_it_undoes() {
    let mut world = World::new();
    let stock = world.stock(INES, 10);
    let owed = promise(&mut world, 4);
    let paid = about(event(Action::Transfer, 4), stock).with(Prop::Fulfills, Value::Refs(vec![owed]));
    let original = event_of(&world.record(paid).unwrap()).id;
    assert!(world.get(owed).flag(Prop::Finished));
    let outcome = world.record(correction(&world, original, -1)).unwrap();
    assert!(!world.get(owed).flag(Prop::Finished));
    assert_eq!(outcome.deadlines, [(Instant(2_000_000), owed)]);
    world.record(correction(&world, original, 1)).unwrap();
    assert!(world.get(owed).flag(Prop::Finished));
}

#[test]
fn a_container_moves_with_its_contents() {
    let mut world = World::new();
    let (crate_, box_, saw) = (world.stock(INES, 1), world.stock(INES, 1), world.stock(INES, 1));
    let into = |thing, container| {
        about(event(Action::Combine, 1), thing)
            .with(Prop::Receiver, Value::Ref(INES))
            .with(Prop::ToResourceInventoriedAs, Value::Ref(container))
    };
    world.record(into(saw, box_)).unwrap();
    world.record(into(box_, crate_)).unwrap();
    assert_eq!(code(world.record(into(crate_, saw))), "bad-container", "no circles");
    assert_eq!(code(world.record(into(crate_, crate_))), "bad-container", "nor in itself");
    let other = world.stock(INES, 1);
    let _ = world.record(about(event(Action::Raise, 1), saw).with(Prop::Receiver, Value::Ref(INES))).unwrap();
    assert_eq!(code(world.record(into(saw, other))), "bad-container", "one container only");
    let given = about(event(Action::Transfer, 1), crate_)
        .with(Prop::ToResourceInventoriedAs, Value::Ref(crate_))
        .with(Prop::ToLocation, Value::Ref(YARD));
    world.record(given).unwrap();
    for id in [crate_, box_, saw] {
        let fields = world.get(id);
        assert_eq!(fields.id(Prop::PrimaryAccountable), Some(JONAS));
        assert_eq!(fields.id(Prop::Custodian), Some(JONAS));
        assert_eq!(fields.id(Prop::CurrentLocation), Some(YARD));
    }
    assert_eq!(world.get(saw).id(Prop::ContainedIn), Some(box_));
    // Under another name on the other side, what is in it is in what it has become; in part it does not go.
    let (pallet, there) = (world.stock(INES, 2), world.stock(INES, 0));
    let thing = world.stock(INES, 1);
    world.record(into(thing, pallet)).unwrap();
    let moves = |amount| {
        about(event(Action::Move, amount), pallet)
            .with(Prop::Receiver, Value::Ref(INES))
            .with(Prop::ToResourceInventoriedAs, Value::Ref(there))
            .with(Prop::ToLocation, Value::Ref(YARD))
    };
    assert_eq!(code(world.record(moves(1))), "bad-container");
    world.record(moves(2)).unwrap();
    assert_eq!(world.get(thing).id(Prop::ContainedIn), Some(there));
    assert_eq!(world.get(thing).id(Prop::CurrentLocation), Some(YARD));
    let into_its_own = about(event(Action::Move, 2), there)
        .with(Prop::Receiver, Value::Ref(INES))
        .with(Prop::ToResourceInventoriedAs, Value::Ref(thing));
    assert_eq!(code(world.record(into_its_own)), "bad-container", "it cannot become what is in it");
    let out = about(event(Action::Separate, 1), thing).with(Prop::Receiver, Value::Ref(INES));
    world.record(out).unwrap();
    assert_eq!(world.get(thing).id(Prop::ContainedIn), None);
}

#[test]
fn more_than_can_be_moved_at_once_is_not_moved() {
    let mut world = World::new();
    let (crate_, outer) = (world.stock(INES, 1), world.stock(INES, 1));
    let inside = |n: u16, container: Id| {
        let [high, low] = n.to_be_bytes();
        let id = Id([9, 9, high, low, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]);
        Record::new(id, Class::EconomicResource, Fields::new().with(Prop::ContainedIn, Value::Ref(container)))
    };
    let moves = |thing| {
        about(event(Action::Transfer, 1), thing).with(Prop::ToResourceInventoriedAs, Value::Ref(thing))
    };
    let most = u16::try_from(ledger::limits::CONTENTS_MAX).unwrap();
    (0..most).for_each(|n| world.view.put(inside(n, crate_)));
    assert!(world.record(moves(crate_)).is_ok());
    (0..=most).for_each(|n| world.view.put(inside(1_000 + n, outer)));
    assert_eq!(code(world.record(moves(outer))), "bad-container");
}

#[test]
fn what_is_fetched_changes_hands_whole() {
    let mut world = World::new();
    let table = [(10, Some(JONAS)), (4, Some(INES))];
    for (amount, holder) in table {
        let stock = world.stock(INES, 10);
        let fetched = about(event(Action::Pickup, amount), stock).with(Prop::InputOf, Value::Ref(PROCESS));
        world.record(fetched).unwrap();
        assert_eq!(world.get(stock).id(Prop::Custodian), holder, "{amount} of 10");
        assert_eq!(world.get(stock).id(Prop::PrimaryAccountable), Some(INES));
    }
}

#[test]
fn one_event_is_shared_among_several_promises() {
    let mut world = World::new();
    let stock = world.stock(INES, 100);
    let (first, second, third) = (promise(&mut world, 4), promise(&mut world, 5), promise(&mut world, 6));
    let keeps = |amount, promises: &[Id]| {
        about(event(Action::Transfer, amount), stock).with(Prop::Fulfills, Value::Refs(promises.to_vec()))
    };
    let outcome = world.record(keeps(6, &[first, second])).unwrap();
    let delivered = event_of(&outcome);
    let share = |event: &Fields, of| share_of(event, of, Prop::ResourceQuantity).unwrap().amount;
    assert_eq!((share(&delivered.fields, first), share(&delivered.fields, second)), (4, 2));
    let open = |world: &World, id| !world.get(id).flag(Prop::Finished);
    assert_eq!((open(&world, first), open(&world, second)), (false, true));
    // More than was promised is allowed, and shows: the last has the rest.
    let more = event_of(&world.record(keeps(12, &[second, third])).unwrap());
    assert_eq!((share(&more.fields, second), share(&more.fields, third)), (3, 9));
    assert!(!open(&world, second) && !open(&world, third));
    assert_eq!(code(world.record(keeps(1, &[third]))), "already-settled");
    assert_eq!(code(world.record(keeps(1, &[second, second]))), "already-settled");
    let twice = promise(&mut world, 4);
    assert_eq!(code(world.record(keeps(1, &[twice, twice]))), "bad-value", "each is named once");
    // A correction takes back from where it went, the last first.
    world.record(correction(&world, more.id, -10)).unwrap();
    assert_eq!((open(&world, second), open(&world, third)), (true, true));
    // Whoever records it may divide it otherwise, but not more than there is.
    let (fourth, fifth) = (promise(&mut world, 4), promise(&mut world, 4));
    let shares = |one, other| {
        let term = |id: Id, amount| Term { code: id.to_string(), quantity: Quantity { amount, unit: UNIT } };
        Value::Terms(vec![term(fourth, one), term(fifth, other)])
    };
    let wrong = keeps(4, &[fourth, fifth]).with(Prop::Shares, shares(3, 2));
    assert_eq!(code(world.record(wrong)), "bad-value");
    let stranger = keeps(4, &[fourth]).with(Prop::Shares, shares(2, 2));
    assert_eq!(code(world.record(stranger)), "bad-value");
    let said = event_of(&world.record(keeps(4, &[fourth, fifth]).with(Prop::Shares, shares(1, 3))).unwrap());
    assert_eq!((share(&said.fields, fourth), share(&said.fields, fifth)), (1, 3));
}

#[test]
fn a_claim_is_triggered_and_settled() {
    let mut world = World::new();
    let stock = world.stock(INES, 10);
    let worked = event(Action::Work, 3).with(Prop::InputOf, Value::Ref(PROCESS));
    let cause = event_of(&world.record(worked).unwrap()).id;
    let fields = event(Action::Transfer, 5).with(Prop::TriggeredBy, Value::Ref(cause));
    let claim = world.act(&Act::Claim { fields: fields.clone() }).unwrap().records[0].id;
    let pays =
        |amount| about(event(Action::Transfer, amount), stock).with(Prop::Settles, Value::Refs(vec![claim]));
    world.record(pays(2)).unwrap();
    assert!(!world.get(claim).flag(Prop::Finished));
    let rest = event_of(&world.record(pays(3)).unwrap()).id;
    assert!(world.get(claim).flag(Prop::Finished));
    assert_eq!(code(world.record(pays(1))), "already-settled");
    world.record(correction(&world, rest, -1)).unwrap();
    assert!(!world.get(claim).flag(Prop::Finished));
    let other = pays(1).with(Prop::Action, Value::Action(Action::Lower));
    assert_eq!(code(world.record(other)), "not-that-promise");
    let mut nobody = fields.clone();
    nobody.remove(Prop::Provider);
    assert_eq!(code(world.act(&Act::Claim { fields: nobody })), "bad-value");
    world.generation = 3;
    assert_eq!(code(world.act(&Act::Claim { fields })), "bad-value");
}

/// What an own action is like decides where it stands in a flow; what it says of itself decides what it changes.
#[test]
fn an_own_action_does_what_the_rules_say() {
    let mut world = World::new();
    let own = |label: &str| Action::parse(label).unwrap();
    let glean = event(own("glean"), 3);
    let act = Act::Record { event: glean.clone(), resource: Some(Fields::new()) };
    let outcome = world.act(&act).unwrap();
    let apples = outcome.records.iter().find(|record| record.class == Class::EconomicResource).unwrap().id;
    assert_eq!(world.amounts(apples), (0, 3), "what was gleaned is nobody's on paper");
    let mislaid = about(event(own("mislay"), 1), apples);
    world.record(mislaid).unwrap();
    assert_eq!(world.amounts(apples), (0, 2));
    assert_eq!(code(world.record(glean.with(Prop::InputOf, Value::Ref(PROCESS)))), "not-for-action");
    assert_eq!(code(world.record(event(own("fly"), 1))), "unknown-action");
    assert_eq!(code(world.act(&Act::Commit { fields: event(own("fly"), 1) })), "unknown-action");
}

#[test]
fn a_kind_says_how_low_its_stocks_fall() {
    let mut world = World::new();
    for (floor, takes, wanted) in
        [(-50, 50, None), (-50, 61, Some("not-enough")), (3, 7, None), (3, 8, Some("not-enough"))]
    {
        let kind = Fields::new().with(Prop::StockFloor, measure(floor, UNIT));
        let outcome = world.act(&Act::Define { class: Class::ResourceSpecification, fields: kind }).unwrap();
        let account = world.stock(INES, 10);
        let mut fields = world.get(account);
        fields.set(Prop::ConformsTo, Value::Ref(outcome.records[0].id));
        let account = world.put(Class::EconomicResource, fields);
        let taken = world.record(about(event(Action::Lower, takes), account));
        match wanted {
            None => assert_eq!(taken.map(|_| world.amounts(account).0), Ok(10 - takes)),
            Some(wanted) => assert_eq!(code(taken), wanted),
        }
    }
}

#[test]
fn an_amount_without_a_unit_never_mixes() {
    let mut world = World::new();
    let stock = world.stock(INES, 10);
    let bare = Value::Measure(valueflows::Measure { value: "1.000001".parse().unwrap(), unit: NO_UNIT });
    let raised = |thing: Option<Id>| {
        let event = event(Action::Raise, 1).with(Prop::ResourceQuantity, bare.clone());
        thing.map_or(event.clone(), |thing| about(event, thing))
    };
    assert_eq!(code(world.record(raised(Some(stock)))), "wrong-unit");
    let new = Act::Record { event: raised(None), resource: Some(Fields::new()) };
    let outcome = world.act(&new).unwrap();
    let made = outcome.records.iter().find(|record| record.class == Class::EconomicResource).unwrap().id;
    assert_eq!(world.amounts(made), (1_000_001, 1_000_001));
    world.record(raised(Some(made))).unwrap();
    assert_eq!(code(world.record(about(event(Action::Raise, 1), made))), "wrong-unit");
}

#[test]
fn plans_and_recipes_are_written_down_as_they_are() {
    let mut world = World::new();
    let mut define = |class, fields: Fields| world.act(&Act::Define { class, fields });
    let plan = define(Class::Plan, Fields::new().with(Prop::Name, Value::Text("Harvest".into()))).unwrap();
    assert!(plan.records[0].fields.instant(Prop::Created).is_some());
    let plan = Value::Ref(plan.records[0].id);
    let recipe =
        define(Class::RecipeProcess, Fields::new().with(Prop::HasDuration, measure(3, HOUR))).unwrap();
    let recipe = Value::Ref(recipe.records[0].id);
    let flow = Fields::new().with(Prop::Action, Value::Action(Action::Produce));
    let intent = Fields::new().with(Prop::Action, Value::Action(Action::Use));
    let table = [
        (Class::RecipeFlow, flow.clone().with(Prop::RecipeOutputOf, recipe.clone()), None),
        (
            Class::RecipeFlow,
            flow.clone().with(Prop::RecipeOutputOf, recipe.clone()).with(Prop::RecipeInputOf, recipe),
            Some("bad-value"),
        ),
        (Class::RecipeFlow, flow.with(Prop::ResourceQuantity, measure(-1, UNIT)), Some("not-enough")),
        (Class::Intent, intent.clone().with(Prop::PlannedWithin, plan.clone()), None),
        (Class::Intent, intent.clone(), Some("bad-value")),
        (
            Class::Intent,
            intent
                .with(Prop::InputOf, Value::Ref(PROCESS))
                .with(Prop::Provider, Value::Ref(INES))
                .with(Prop::Receiver, Value::Ref(JONAS)),
            Some("bad-offer"),
        ),
        (Class::Agreement, Fields::new(), None),
        (Class::AgreementBundle, Fields::new(), None),
        (Class::ProposalList, Fields::new().with(Prop::ProposedTo, Value::Refs(vec![JONAS])), None),
        (Class::BatchLotRecord, Fields::new().with(Prop::BatchLotCode, Value::Text("L1".into())), None),
        (Class::EcologicalAgent, Fields::new(), None),
        (Class::RecipeExchange, Fields::new(), None),
        (Class::Recipe, Fields::new(), None),
        (Class::EconomicEvent, Fields::new(), Some("bad-value")),
        (Class::Claim, Fields::new(), Some("bad-value")),
    ];
    for (class, fields, wanted) in table {
        let answer = define(class, fields);
        match wanted {
            None => assert_eq!(answer.map(|made| made.records[0].class), Ok(class)),
            Some(wanted) => assert_eq!(code(answer), wanted, "{class:?}"),
        }
    }
    world.generation = 3;
    assert_eq!(code(world.act(&Act::Define { class: Class::Plan, fields: Fields::new() })), "bad-value");
}

#[test]
fn what_is_quoted_is_promised_to_whoever_it_is_for_and_never_less_than_nothing() {
    let line = |kind, amount, payee| QuotedLine {
        code: "line".into(),
        kind,
        quantity: Quantity { amount, unit: UNIT },
        payee,
    };
    const LEA: Id = Id([9; 16]);
    let (fee, deposit, rate) = (LineKind::Fee, LineKind::Deposit, LineKind::Rate);
    // Lines, and what is promised of them: to whom, and how much.
    let table = [
        (vec![line(fee, 5, None), line(rate, 2, None)], vec![(INES, 5)]),
        (vec![line(fee, 5, None), line(fee, 3, None)], vec![(INES, 5), (INES, 3)]),
        (vec![line(fee, 5, None), line(fee, 1, Some(LEA))], vec![(INES, 5), (LEA, 1)]),
        (vec![line(fee, 0, None)], vec![(INES, 0)]),
        (vec![line(fee, 5, None), line(fee, -2, None), line(deposit, 9, None)], vec![(INES, 3), (INES, 9)]),
        (vec![line(fee, 5, None), line(fee, -5, None), line(fee, 1, Some(LEA))], vec![(LEA, 1)]),
    ];
    for (quoted, promised) in table {
        let mut world = World::new();
        let thing = world.stock(INES, 1);
        let offer = about(event(Action::TransferCustody, 1), thing);
        let fields = offer.iter().filter(|(prop, _)| *prop != Prop::Receiver).map(|(p, v)| (p, v.clone()));
        let intent = world.put(Class::Intent, fields.collect());
        world.quoted = quoted.clone();
        let until = Instant(2_000_000);
        let outcome = world.act(&Act::Accept { intent, receiver: JONAS, until, quote: None }).unwrap();
        let payments = outcome.records.iter().filter(|one| {
            one.class == Class::Commitment && one.fields.id(Prop::ReciprocalClauseOf).is_some()
        });
        let payment = |one: &Record| {
            let amount = one.fields.quantity(Prop::ResourceQuantity).unwrap().amount;
            (one.fields.id(Prop::Receiver).unwrap(), amount)
        };
        assert_eq!(payments.map(payment).collect::<Vec<_>>(), promised, "{quoted:?}");
    }
}
