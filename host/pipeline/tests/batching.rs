//! Any batching gives what one by one gives: the same commands, sent one after the other to one node and
//! all at once to another over a copy of the same database, leave the same entries.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::path::Path;
use std::sync::Arc;

use journal::Signer;
use pipeline::acts::{Act, AnyAct, Command, GoverningAct};
use pipeline::{Charter, Node, NodeOptions, Via, loans};
use proptest::prelude::*;
use store::Store;
use tests::{Folder, copy, root};
use valueflows::{Action, Class, Decimal, Fields, Id, Instant, Measure, Prop, Value};

const START: Instant = Instant(1_700_000_000_000_000);

async fn open(folder: &Path) -> Arc<Node> {
    let store = Store::open_sqlite(&folder.join("reflow.sqlite")).await.unwrap();
    store.migrate().await.unwrap();
    let options = NodeOptions {
        store,
        program: tests::binary(),
        cache: folder.join("cache"),
        signer: Signer::new("test", &[7; 32]),
    };
    Node::new(options).unwrap()
}

/// A founded library: its agents, two offered things.
struct Start {
    folder: Folder,
    library: Id,
    piece: Id,
    steward: Id,
    members: Vec<Id>,
    offers: Vec<Id>,
    things: Vec<Id>,
}

fn id(n: u64) -> Id {
    Id::v7(1_700_000_000_000 + n, [u8::try_from(n % 251).unwrap(); 16])
}

async fn start() -> Start {
    let folder = Folder::new("batching");
    std::fs::create_dir_all(folder.join("data")).unwrap();
    let node = open(&folder.join("data")).await;
    let charter = Charter::read(&root().join("policies/tool-library"), &tests::plugins()).unwrap();
    let receipt = node.found("one", &charter, &["Ines".into()], true, START).await.unwrap();
    let made = |receipt: &pipeline::Receipt, class: &str| {
        receipt.made.iter().filter(|row| row.0 == class).map(|row| row.1).collect::<Vec<_>>()
    };
    let (library, piece, steward) =
        (made(&receipt, "Organization")[0], made(&receipt, "Unit")[0], made(&receipt, "Person")[0]);
    let mut start = Start {
        folder,
        library,
        piece,
        steward,
        members: Vec::new(),
        offers: Vec::new(),
        things: Vec::new(),
    };
    let mut n = 1_000;
    let mut send = async |acts: Vec<AnyAct>| {
        n += 1;
        let receipt =
            node.send("one", Command { id: id(n), agent: steward, acts }, Via::Console).await.unwrap();
        receipt.decision.clone().unwrap();
        receipt
    };
    for name in ["Amara", "Kofi", "Lea"] {
        let act = GoverningAct::Admit { name: name.into(), roles: Vec::new(), place: None };
        let receipt = send(vec![AnyAct::Governing(act)]).await;
        start.members.push(made(&receipt, "Person")[0]);
    }
    for name in ["Drill", "Ladder"] {
        let event = loans::event(Action::Raise, library, library, one(piece));
        let resource = Some(Fields::new().with(Prop::Name, Value::Text(name.into())));
        let thing =
            made(&send(vec![AnyAct::Economic(Act::Record { event, resource })]).await, "EconomicResource")[0];
        let intent = Fields::new()
            .with(Prop::Action, Value::Action(Action::TransferCustody))
            .with(Prop::Provider, Value::Ref(library))
            .with(Prop::ResourceInventoriedAs, Value::Ref(thing))
            .with(Prop::ResourceQuantity, one(piece));
        let proposal = Fields::new().with(Prop::Purpose, Value::Text("offer".into()));
        let receipt = send(vec![AnyAct::Economic(Act::Publish { proposal, intents: vec![intent] })]).await;
        start.offers.push(made(&receipt, "Intent")[0]);
        start.things.push(thing);
    }
    node.close().await;
    start
}

fn one(unit: Id) -> Value {
    Value::Measure(Measure { value: Decimal::new(1, 0), unit })
}

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
    Command { id: id(5_000 + n as u64), agent, acts: vec![act] }
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
