//! Limits of the way of a command: each bites, says so, and leaves the others' commands alone.

use std::sync::Arc;
use std::time::Duration;

use pipeline::acts::{Act, AnyAct, Command, GoverningAct};
use pipeline::limits::{
    BATCH_ACTS_MAX, BATCH_BYTES_MAX, CANDIDATES_MAX, DEADLINES_MAX, DUTIES_MAX, QUEUE_LEN_MAX,
    REFUSALS_PER_DAY_MAX, SCAN_ROWS_MAX,
};
use pipeline::{Node, Via, loans};
use tests::root;
use valueflows::{Action, Class, Fields, Id, Instant, Prop, Value};

use crate::home::{START, Start, id, made, one, start, under};

fn open_books() -> std::path::PathBuf {
    root().join("policies/open-books")
}

/// Enough acts to keep a lane busy while more is queued.
fn long(start: &Start, n: u64) -> Command {
    let acts = (0..1_000).map(|_| start.registering(start.steward, "")).collect();
    Command::new(id(n), start.steward, acts)
}

/// How many entries each checkpoint added.
async fn batches(node: &Arc<Node>) -> Vec<u64> {
    let head = node.head("one").await.unwrap();
    let sizes = node.store().checkpoints_from(&head, 0, 1_000).await.unwrap();
    let sizes: Vec<u64> = std::iter::once(0).chain(sizes.iter().map(|(point, _)| point.size)).collect();
    sizes.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_says_so_and_loses_nothing() {
    let start = under(&open_books()).await;
    let node = start.open().await;
    let lane = node.lane("one").await.unwrap();
    let first = lane.queue(long(&start, 1), Via::Console).unwrap();
    let same = Command::new(id(2), start.steward, vec![start.registering(start.steward, "")]);
    let mut queued = Vec::new();
    let turned_away = loop {
        match lane.queue(same.clone(), Via::Console) {
            Ok(answer) => queued.push(answer),
            Err(rejection) => break rejection,
        }
        assert!(queued.len() <= 2 * QUEUE_LEN_MAX, "the queue takes everything");
    };
    assert_eq!(turned_away.code(), "busy");
    assert!(queued.len() >= QUEUE_LEN_MAX, "{}", queued.len());
    first.await.unwrap().decision.unwrap();
    for answer in queued {
        // One id is one command, however many wait for it.
        answer.await.unwrap().decision.unwrap();
    }
    assert_eq!(start.send(&node, 2, same.acts).await.unwrap().seq, node.head("one").await.unwrap().seq);
    node.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lane_that_is_seconds_behind_turns_people_away() {
    let start = under(&open_books()).await;
    let node = start.open().await;
    let lane = node.lane("one").await.unwrap();
    // Nothing can be written, and each batch waits to be.
    let held = node.store().begin().await.unwrap();
    let mut queued = Vec::new();
    let turned_away = loop {
        let n = 10 + queued.len() as u64;
        let acts = vec![start.registering(start.steward, "")];
        match lane.queue(Command::new(id(n), start.steward, acts), Via::Console) {
            Ok(answer) => {
                let mut answer = Box::pin(answer);
                drop(tokio::time::timeout(Duration::from_millis(250), &mut answer).await);
                queued.push(answer);
            }
            Err(rejection) => break rejection,
        }
        assert!(queued.len() < 60, "a quarter of a minute, and everybody is still let in");
    };
    // Far fewer than a queue holds.
    assert_eq!(turned_away.code(), "busy");
    drop(held);
    // There is room again at once, and nothing that was said stands twice.
    let acts = vec![start.registering(start.steward, "")];
    let receipt = loop {
        match start.send(&node, 10, acts.clone()).await {
            Ok(receipt) => break receipt,
            Err(rejection) => assert!(matches!(rejection.code(), "busy" | "database-away"), "{rejection}"),
        }
    };
    assert_eq!(start.send(&node, 10, acts).await.unwrap().seq, receipt.seq);
    node.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_takes_so_many_acts_and_so_many_bytes() {
    let start = under(&open_books()).await;
    let node = start.open().await;
    let lane = node.lane("one").await.unwrap();
    let note = "n".repeat(4_000);
    for (base, count, note) in [(10_000u64, BATCH_ACTS_MAX + 88, ""), (20_000, 300, &*note)] {
        let before = batches(&node).await.len();
        let busy = lane.queue(long(&start, base - 1), Via::Console).unwrap();
        let queue = |n: u64| {
            let acts = vec![start.registering(start.steward, note)];
            lane.queue(Command::new(id(base + n), start.steward, acts), Via::Console).unwrap()
        };
        let answers: Vec<_> = (0..count as u64).map(queue).collect();
        busy.await.unwrap().decision.unwrap();
        for answer in answers {
            answer.await.unwrap().decision.unwrap();
        }
        let sizes = batches(&node).await.split_off(before);
        let largest = sizes.iter().copied().max().unwrap() as usize;
        let most = if note.is_empty() { BATCH_ACTS_MAX } else { BATCH_BYTES_MAX / note.len() + 1 };
        assert!(largest <= most && largest > most / 2, "{largest} of {most}: {sizes:?}");
    }
    node.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_written_down_so_often_a_day() {
    let start = under(&open_books()).await;
    let node = start.open().await;
    let lane = node.lane("one").await.unwrap();
    let refused = |n: u64, agent| Command::new(id(n), agent, vec![start.nonsense()]);
    let answers: Vec<_> = (0..u64::from(REFUSALS_PER_DAY_MAX))
        .map(|n| lane.queue(refused(30_000 + n, start.members[0]), Via::Session).unwrap())
        .collect();
    for answer in answers {
        answer.await.unwrap().decision.unwrap_err();
    }
    let before = node.head("one").await.unwrap().seq;
    let rejection = lane.send(refused(40_000, start.members[0]), Via::Session).await.unwrap_err();
    assert_eq!(rejection.code(), "too-many-refusals");
    assert_eq!(node.head("one").await.unwrap().seq, before, "no entry");
    lane.send(refused(40_001, start.members[1]), Via::Session).await.unwrap().decision.unwrap_err();
    node.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_much_is_due_commands_are_told_to_come_back() {
    let start = under(&open_books()).await;
    let node = start.open().await;
    let promise = |n: i64| {
        let fields = Fields::new()
            .with(Prop::Action, Value::Action(Action::Transfer))
            .with(Prop::Provider, Value::Ref(start.steward))
            .with(Prop::Receiver, Value::Ref(start.library))
            .with(Prop::ResourceQuantity, one(start.piece))
            .with(Prop::Due, Value::Instant(START.plus_us(1_000_000 + n)));
        AnyAct::Economic(Act::Commit { fields })
    };
    let count = DEADLINES_MAX as i64 + 88;
    start.done(&node, 1, (0..count).map(promise).collect()).await;
    let lane = node.lane("one").await.unwrap();
    let advance = |n: u64| {
        let act = GoverningAct::AdvanceClock { by_us: Instant::DAY_US };
        Command::new(id(n), start.steward, vec![AnyAct::Governing(act)])
    };
    let before = node.head("one").await.unwrap().seq;
    let moved = lane.queue(advance(2), Via::Console).unwrap();
    let behind = lane.queue(advance(3), Via::Console).unwrap();
    moved.await.unwrap().decision.unwrap();
    assert_eq!(behind.await.unwrap_err().code(), "catching-up");
    // Asked again until it has caught up, as a client would; then everything due has its entry.
    let mut tries = 0u64;
    let receipt = loop {
        match lane.send(advance(3), Via::Console).await {
            Ok(receipt) => break receipt,
            Err(rejection) => assert_eq!(rejection.code(), "catching-up"),
        }
        tries += 1;
        assert!(tries < 1_000_000, "it never catches up");
    };
    assert_eq!(receipt.seq, before + 1 + count as u64 + 1);
    node.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn duties_end() {
    // What the plugin proposes, and the refusal; none: everything was promised.
    let table = [
        ("most", None),
        ("one-more", Some("plugin-too-large")),
        ("deep", Some("plugin-wrong-shape")),
        ("again", Some("plugin-wrong-shape")),
        ("flood", Some("plugin-too-large")),
    ];
    for (mode, code) in table {
        let folder = tests::Folder::new("duties");
        let charter = format!(
            "name = \"duties\"\ntitle = \"A test.\"\n[[units]]\nlabel = \"piece\"\nsymbol = \"pc\"\ndecimals = 0\n\
             [[plugins]]\nname = \"hostile-duties\"\nacts = [\"raise\", \"commit\"]\nsettings = {{ mode = \"{mode}\" }}\n"
        );
        let rules = "@id(\"members\") permit (principal in Role::\"member\", action, resource);\n\
                     @id(\"promises\") permit (principal is Plugin, action == Action::\"commit\", resource);";
        std::fs::write(folder.join("charter.toml"), charter + &tests::decisions()).unwrap();
        std::fs::write(folder.join("rules.cedar"), rules).unwrap();
        let start = under(&folder.0).await;
        let node = start.open().await;
        let receipt = start.send(&node, 1, vec![start.registering(start.steward, "")]).await.unwrap();
        match (code, &receipt.decision) {
            (None, Ok(())) => assert_eq!(made(&receipt, "Commitment").len(), DUTIES_MAX, "{mode}"),
            (Some(code), Err(refused)) => {
                assert_eq!(refused.code, code, "{mode}: {refused:?}");
                assert_eq!(receipt.made, [], "{mode}");
            }
            (_, decision) => panic!("{mode}: {decision:?}"),
        }
        node.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_only_so_large() {
    let start = under(&open_books()).await;
    let node = start.open().await;
    let note = "\u{1F6E0}".repeat(1_000);
    let acts: Vec<AnyAct> = (0..1_000).map(|_| start.registering(start.steward, &note)).collect();
    let before = node.head("one").await.unwrap();
    let large = start.send(&node, 1, acts).await.map(|receipt| receipt.decision);
    // A thousand notes of four thousand bytes stand in the command, and again in the records.
    let rejection = large.unwrap_err();
    assert_eq!(rejection.code(), "too-large", "{rejection}");
    assert_eq!(node.head("one").await.unwrap(), before, "nothing was written");
    start.done(&node, 1, vec![start.registering(start.steward, "")]).await;
    node.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn acts_of_governing_have_their_bounds() {
    let start = under(&open_books()).await;
    let node = start.open().await;
    let admit = |name: &str, roles: usize| GoverningAct::Admit {
        name: name.into(),
        roles: (0..roles).map(|n| format!("role-{n}")).collect(),
        place: None,
    };
    let furthest = governance::limits::ADVANCE_US_MAX;
    let table = [
        admit("", 0),
        admit(&"n".repeat(201), 0),
        admit("Mo", governance::limits::ROLES_MAX + 1),
        GoverningAct::AdvanceClock { by_us: 0 },
        GoverningAct::AdvanceClock { by_us: furthest + 1 },
        GoverningAct::Train { member: start.members[0], training: String::new() },
    ];
    for (n, act) in table.into_iter().enumerate() {
        let receipt = start.send(&node, 100 + n as u64, vec![AnyAct::Governing(act.clone())]).await.unwrap();
        assert_eq!(receipt.decision.unwrap_err().code, "bad-value", "{act:?}");
    }
    for n in 0..governance::limits::ROLES_MAX {
        let act = GoverningAct::Train { member: start.members[0], training: format!("t{n}") };
        start.done(&node, 200 + n as u64, vec![AnyAct::Governing(act)]).await;
    }
    let act = GoverningAct::Train { member: start.members[0], training: "one more".into() };
    let receipt = start.send(&node, 300, vec![AnyAct::Governing(act)]).await.unwrap();
    assert_eq!(receipt.decision.unwrap_err().code, "bad-value");
    let act = GoverningAct::AdvanceClock { by_us: furthest };
    start.done(&node, 301, vec![AnyAct::Governing(act)]).await;
    node.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_gives_up_in_time() {
    let start = start().await;
    let node = start.open().await;
    let unit = |n: usize| {
        let fields = Fields::new().with(Prop::Label, Value::Text(format!("unit {n}")));
        AnyAct::Economic(Act::Define { class: Class::Unit, fields })
    };
    for n in 0..=SCAN_ROWS_MAX / 1_000 {
        start.done(&node, 50 + n as u64, (0..1_000).map(unit).collect()).await;
    }
    // A stranger sees nothing, and is not made to wait for all of it.
    let mut reader = node.reader("one", id(9_999_999), Via::Session).await.unwrap();
    let page = reader.list(Class::Unit, 0, 100).await.unwrap();
    assert!(page.records.is_empty() && page.next.is_some(), "it looked at everything");
    // More offers than the matching rule is shown at once: the board still has an order.
    let intents = || (0..32).map(|n| start.lending(start.things[n % 2])).collect();
    let publish = || {
        let proposal = Fields::new().with(Prop::Purpose, Value::Text("offer".into()));
        AnyAct::Economic(Act::Publish { proposal, intents: intents() })
    };
    start.done(&node, 100, (0..=CANDIDATES_MAX / 32).map(|_| publish()).collect()).await;
    let mut reader = node.reader("one", start.members[0], Via::Session).await.unwrap();
    let board = reader.board(60, "en").await.unwrap();
    assert_eq!(board.len(), 60);
    assert!(board.iter().all(|offer| offer.because.is_some()));
    // What hangs on one thing is read whole or not at all.
    let act = loans::borrow(&mut reader, start.offers[0], start.members[0], START.plus_us(Instant::DAY_US));
    let act = act.await.unwrap();
    let promise = Fields::new()
        .with(Prop::Action, Value::Action(Action::TransferCustody))
        .with(Prop::Provider, Value::Ref(start.library))
        .with(Prop::Receiver, Value::Ref(start.members[1]))
        .with(Prop::ResourceInventoriedAs, Value::Ref(start.things[0]))
        .with(Prop::ResourceQuantity, one(start.piece));
    crowd(&node, &promise).await;
    let command = Command::new(id(200), start.members[0], vec![act]);
    let answer = node.send("one", command, Via::Session).await;
    assert_eq!(answer.unwrap_err().code(), "too-much-to-read");
    node.close().await;
}

/// A thousand and one open promises about one thing, laid into the store as if they had been made.
async fn crowd(node: &Arc<Node>, promise: &Fields) {
    let head = node.head("one").await.unwrap();
    let mut batch = store::Batch::on(&head);
    for n in 0..1_001u64 {
        let record = valueflows::Record::new(record_id(n), Class::Commitment, promise.clone());
        batch.changes.push(store::Change {
            key: head.next_key + n as i64,
            seq: head.seq,
            before: None,
            after: record,
        });
    }
    batch.new.next_key += 1_001;
    node.store().commit(&batch).await.unwrap();
}

fn record_id(n: u64) -> Id {
    let mut bytes = [9; 16];
    bytes[..8].copy_from_slice(&n.to_be_bytes());
    Id(bytes)
}
