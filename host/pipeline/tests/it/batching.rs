//! Any batching gives what one by one gives: the same commands, sent one after the other to one node and
//! all at once to another over a copy of the same database, leave the same entries.

use std::sync::Arc;

use pipeline::acts::{Act, AnyAct, Command, GoverningAct};
use pipeline::{Node, Via, loans};
use proptest::prelude::*;
use tests::{Folder, copy};
use valueflows::{Action, Class, Decimal, Fields, Instant, Measure, Prop, Value};

use crate::home::{START, Start, id, one, open, start};

/// What somebody might do, sensible or not.
#[derive(Debug, Clone)]
enum Deed {
    Borrow(usize, usize),
    HandOver(usize, usize),
    Register(usize),
    Raise(usize),
    WriteOff(usize, i64),
    Train(usize),
    Nonsense(usize),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        (0usize..3, 0usize..2).prop_map(|(who, what)| Deed::Borrow(who, what)),
        (0usize..3, 0usize..2).prop_map(|(who, what)| Deed::HandOver(who, what)),
        (0usize..3).prop_map(Deed::Register),
        (0usize..2).prop_map(Deed::Raise),
        (0usize..2, 1i64..4).prop_map(|(what, n)| Deed::WriteOff(what, n)),
        (0usize..3).prop_map(Deed::Train),
        (0usize..3).prop_map(Deed::Nonsense),
    ];
    proptest::collection::vec(deed, 1..24)
}

async fn command(node: &Arc<Node>, start: &Start, n: usize, deed: &Deed) -> Command {
    let record = |event, resource| AnyAct::Economic(Act::Record { event, resource });
    let (agent, act) = match *deed {
        Deed::Borrow(who, what) => {
            let mut reader = node.reader("one", start.members[who], Via::Session).await.unwrap();
            let until = START.plus_us(7 * Instant::DAY_US);
            (
                start.members[who],
                loans::borrow(&mut reader, start.offers[what], start.members[who], until).await.unwrap(),
            )
        }
        Deed::HandOver(who, what) => {
            let event =
                loans::event(Action::TransferCustody, start.library, start.members[who], one(start.piece))
                    .with(Prop::ResourceInventoriedAs, Value::Ref(start.things[what]))
                    .with(Prop::ToResourceInventoriedAs, Value::Ref(start.things[what]));
            (start.steward, record(event, None))
        }
        Deed::Register(who) => {
            let me = start.members[who];
            (me, record(loans::event(Action::Raise, me, me, one(start.piece)), Some(Fields::new())))
        }
        Deed::Raise(what) => {
            let event = loans::event(Action::Raise, start.library, start.library, one(start.piece));
            (
                start.steward,
                record(event.with(Prop::ResourceInventoriedAs, Value::Ref(start.things[what])), None),
            )
        }
        Deed::WriteOff(what, amount) => {
            let amount = Value::Measure(Measure { value: Decimal::new(amount, 0), unit: start.piece });
            let event = loans::event(Action::Lower, start.library, start.library, amount);
            (
                start.steward,
                record(event.with(Prop::ResourceInventoriedAs, Value::Ref(start.things[what])), None),
            )
        }
        Deed::Train(who) => {
            let act = GoverningAct::Train { member: start.members[who], training: "chainsaw".into() };
            (start.steward, AnyAct::Governing(act))
        }
        Deed::Nonsense(who) => (
            start.members[who],
            AnyAct::Economic(Act::Define { class: Class::Commitment, fields: Fields::new() }),
        ),
    };
    Command::new(id(5_000 + n as u64), agent, vec![act])
}

/// Every entry's books part, and how many batches wrote them.
async fn entries(node: &Arc<Node>) -> (Vec<String>, usize) {
    let head = node.head("one").await.unwrap();
    let entries = node.store().entries_from(&head, 1, 1_000).await.unwrap();
    let books = entries.iter().map(|(entry, _)| String::from_utf8(entry.books.clone()).unwrap()).collect();
    (books, node.store().checkpoints_from(&head, 0, 1_000).await.unwrap().len())
}

#[test]
fn any_batching_equals_one_by_one() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let start = runtime.block_on(start());
    let batched = std::cell::Cell::new(0);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(24));
    let outcome = runner.run(&deeds(), |deeds| {
        let (alone, together, fewer) = runtime.block_on(both(&start, &deeds));
        batched.set(batched.get() + usize::from(fewer));
        prop_assert_eq!(alone, together);
        Ok(())
    });
    outcome.unwrap();
    assert!(batched.get() > 0, "no case ever batched anything: this test would prove nothing");
}

async fn both(start: &Start, deeds: &[Deed]) -> (Vec<String>, Vec<String>, bool) {
    let work = Folder::new("batching-case");
    for name in ["alone", "together"] {
        copy(&start.folder.join("data"), &work.join(name));
    }
    let alone = open(&work.join("alone")).await;
    let mut commands = Vec::new();
    for (n, deed) in deeds.iter().enumerate() {
        commands.push(command(&alone, start, n, deed).await);
    }
    for command in &commands {
        alone.send("one", command.clone(), Via::Session).await.unwrap();
    }
    let together = open(&work.join("together")).await;
    let lane = together.lane("one").await.unwrap();
    // Tasks are polled in the order in which they were joined, so the queue holds this very order.
    let mut tasks = tokio::task::JoinSet::new();
    let sends: Vec<_> =
        commands.iter().map(|command| lane.queue(command.clone(), Via::Session).unwrap()).collect();
    sends.into_iter().for_each(|answer| drop(tasks.spawn(answer)));
    while let Some(answer) = tasks.join_next().await {
        answer.unwrap().unwrap();
    }
    let ((one, batches_one), (all, batches_all)) = (entries(&alone).await, entries(&together).await);
    alone.close().await;
    together.close().await;
    (one, all, batches_all < batches_one)
}
