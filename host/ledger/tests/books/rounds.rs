//! Sharing out: whatever a rule grants, no more is given than is offered, and what is left is left.

use ledger::Act;
use ledger::round::{Granted, left_of};
use proptest::prelude::*;
use valueflows::{Action, Class, Fields, Id, Prop, Quantity, Value};

use crate::common::*;

fn quantity(amount: i64, unit: Id) -> Quantity {
    Quantity { amount, unit }
}

fn intent(world: &mut World, (party, who): (Prop, Id), amount: Quantity) -> Id {
    let fields = Fields::new()
        .with(Prop::Action, Value::Action(Action::Transfer))
        .with(party, Value::Ref(who))
        .with(Prop::ResourceQuantity, Value::Quantity(amount))
        .with(Prop::Finished, Value::Flag(false));
    world.put(Class::Intent, fields)
}

proptest! {
    #[test]
    fn what_is_given_is_what_is_left_less_and_never_more_than_is_offered(
        offered in 1i64..50, needed in 1i64..50, granted in proptest::collection::vec(-2i64..40, 0..4),
    ) {
        let mut world = World::new();
        let offer = intent(&mut world, (Prop::Provider, INES), quantity(offered, UNIT));
        let need = intent(&mut world, (Prop::Receiver, JONAS), quantity(needed, UNIT));
        let sum: i64 = granted.iter().sum();
        let grant = |amount: &i64| Granted { offer, need, quantity: quantity(*amount, UNIT) };
        world.granted = granted.iter().map(grant).collect();
        let outcome = world.act(&Act::Allocate { offers: vec![offer], needs: vec![need] });
        if granted.iter().any(|amount| *amount <= 0) || sum > offered {
            prop_assert_eq!(code(outcome), "bad-round");
            return Ok(());
        }
        prop_assert!(outcome.is_ok());
        let view = &world.view;
        let left = |id| left_of(&view.record(id).unwrap().unwrap()).unwrap().1.amount;
        prop_assert_eq!((left(offer), left(need)), (offered - sum, (needed - sum).max(0)));
        prop_assert_eq!(world.get(offer).flag(Prop::Finished), sum == offered);
        prop_assert_eq!(world.get(need).flag(Prop::Finished), sum >= needed);
        // What is used up is offered no more.
        let again = world.act(&Act::Allocate { offers: vec![offer], needs: vec![need] });
        prop_assert_eq!(again.is_ok(), sum < offered && sum < needed);
    }
}

#[test]
fn what_is_no_round_is_refused() {
    let mut world = World::new();
    let offer = intent(&mut world, (Prop::Provider, INES), quantity(5, UNIT));
    let need = intent(&mut world, (Prop::Receiver, JONAS), quantity(5, UNIT));
    let hours = intent(&mut world, (Prop::Receiver, JONAS), quantity(5, HOUR));
    let silent = world.put(Class::Intent, Fields::new().with(Prop::Provider, Value::Ref(INES)));
    let stranger = Granted { offer: hours, need, quantity: quantity(1, UNIT) };
    let other_unit = Granted { offer, need, quantity: quantity(1, HOUR) };
    let table: [(&[Id], &[Id], &[Granted]); 8] = [
        (&[], &[need], &[]),
        (&[offer], &[], &[]),
        (&[offer], &[offer], &[]),
        (&[offer, offer], &[need], &[]),
        (&[offer], &[hours], &[]),
        (&[silent], &[need], &[]),
        (&[offer], &[need], &[stranger]),
        (&[offer], &[need], &[other_unit]),
    ];
    for (offers, needs, granted) in table {
        world.granted = granted.to_vec();
        let act = Act::Allocate { offers: offers.to_vec(), needs: needs.to_vec() };
        assert_eq!(code(world.act(&act)), "bad-round", "{act:?}");
    }
    let many = vec![offer; ledger::limits::ROUND_LEN_MAX + 1];
    assert_eq!(code(world.act(&Act::Allocate { offers: many, needs: vec![need] })), "bad-round");
}
