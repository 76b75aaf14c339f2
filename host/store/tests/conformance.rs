//! One suite on both engines: statements prepare, what is written reads back, heads move once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use journal::{Body, Checkpoint, Digest, Entry};
use ledger::{Key, Link};
use serde_json::json;
use store::{Batch, Change, Head, STATEMENTS, Store, StoreError};
use tests::postgres::Postgres;
use tests::{Folder, skip};
use valueflows::{Class, Fields, Id, Instant, Prop, Record, Value};

async fn sqlite(folder: &Folder) -> Store {
    let store = Store::open_sqlite(&folder.join("test.sqlite")).await.unwrap();
    store.migrate().await.unwrap();
    store
}

macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let folder = Folder::new(stringify!($name));
                super::$name(sqlite(&folder).await).await;
            })+
        }
        #[tokio::test(flavor = "multi_thread")]
        async fn on_postgres() {
            let Some(postgres) = Postgres::start() else { return skip("store_on_postgres", "PostgreSQL's binaries are not installed") };
            $({
                let store = Store::open_postgres(&postgres.database(stringify!($name))).await.unwrap();
                store.migrate().await.unwrap();
                $name(store).await;
            })+
        }
    };
}

on_both!(
    every_statement_prepares,
    a_batch_reads_back,
    what_is_erased_is_gone,
    a_lost_head_writes_nothing,
    a_poisoned_row_writes_nothing,
    what_goes_to_disk_together_falls_alone,
    turns_come_one_after_the_other,
    reading_is_bounded,
    of_what_somebody_gave_the_newest_are_read,
    migrating_twice_is_migrating_once,
    accounts_and_sessions
);

async fn every_statement_prepares(store: Store) {
    let mut names = std::collections::BTreeSet::new();
    for sql in STATEMENTS.iter().flat_map(|list| list.iter()) {
        store.prepare(sql).await.unwrap_or_else(|error| panic!("{}: {error}", sql.name));
        assert!(names.insert(sql.name), "{} stands twice", sql.name);
    }
    assert!(names.len() > 30);
}

fn commitment(id: u8, open: bool) -> Record {
    let fields = Fields::new()
        .with(Prop::Action, Value::Action(valueflows::Action::Transfer))
        .with(Prop::Provider, Value::Ref(Id([1; 16])))
        .with(Prop::Finished, Value::Flag(!open))
        .with(Prop::Note, Value::Text("for 'quotes' and \"more\" \u{1F6E0}".into()));
    Record::new(Id([id; 16]), Class::Commitment, fields)
}

async fn batch(store: &Store, changes: Vec<Change>) -> Batch {
    let old = match store.network_by_name("one").await.unwrap() {
        Some(head) => head,
        None => Head::before_founding((1, Id([9; 16])), "one", true, Instant(1)),
    };
    let seq = old.seq + 1;
    let body = Body { books: json!({"seq": seq}), personal: json!({"name": "Ines"}) };
    let place = (old.network, seq, Instant(5));
    let entry = Entry::seal(place, old.hash, Id([seq as u8 + 100; 16]), &body, ([3; 16], [4; 16])).unwrap();
    let hash = entry.hash().unwrap();
    let mut new = old.clone();
    new.seq = seq;
    new.hash = hash;
    new.next_key += changes.len() as i64;
    new.frontier.push(hash);
    let checkpoint = Checkpoint { network: old.network, size: seq, root: new.frontier.root() };
    Batch {
        old,
        new,
        entries: vec![(entry, hash)],
        changes,
        deadlines: vec![(Instant(50), Id([2; 16])), (Instant(10), Id([3; 16]))],
        carried_out: Vec::new(),
        settled: Vec::new(),
        erased: Vec::new(),
        checkpoints: vec![(checkpoint, "note".into())],
    }
}

fn change(key: i64, before: Option<Record>, after: Record) -> Change {
    Change { key, seq: 1, before: before.map(std::sync::Arc::new), after }
}

async fn a_batch_reads_back(store: Store) {
    let first =
        batch(&store, vec![change(1, None, commitment(2, true)), change(2, None, commitment(3, true))]).await;
    store.commit(&first).await.unwrap();
    let head = store.network_by_name("one").await.unwrap().unwrap();
    assert_eq!(head, first.new);
    let open = Link { class: Class::Commitment, prop: Prop::Provider, target: Id([1; 16]), open: true };
    let keys = [
        Key::Record(Id([2; 16])),
        Key::Record(Id([77; 16])),
        Key::Linked(open),
        Key::Linked(Link { open: false, ..open }),
    ];
    let set = store.read(&head, &keys).await.unwrap();
    assert_eq!(set.records[0].1.as_ref().unwrap().record, commitment(2, true));
    assert_eq!(set.records[1], (Id([77; 16]), None));
    assert_eq!(set.links[0].1, [Id([2; 16]), Id([3; 16])], "oldest first");
    // One is finished: it leaves the open ones, and its deadline goes.
    let mut done = commitment(2, false);
    done.version = 2;
    let mut second = batch(&store, vec![change(1, Some(commitment(2, true)), done.clone())]).await;
    (second.deadlines, second.settled) = (Vec::new(), vec![done.id]);
    store.commit(&second).await.unwrap();
    let head = second.new;
    let set = store.read(&head, &keys).await.unwrap();
    assert_eq!(set.records[0].1.as_ref().unwrap().record, done);
    assert_eq!(set.links[0].1, [Id([3; 16])]);
    assert_eq!(set.links[1].1, [Id([2; 16]), Id([3; 16])]);
    assert_eq!(store.due(&head, Instant(100), 10).await.unwrap(), [(Instant(10), Id([3; 16]))]);
    assert_eq!(store.due(&head, Instant(10), 10).await.unwrap(), [], "on the instant itself nothing is late");
    assert_eq!(store.next_due(&head).await.unwrap(), Some(Instant(10)));
    // Entries, their parts and checkpoints.
    let entries = store.entries_from(&head, 1, 10).await.unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!(
        (&entries[0].0.books, &entries[0].0.personal),
        (&first.entries[0].0.books, &first.entries[0].0.personal)
    );
    assert_eq!(store.entries_back(&head, 2, 1).await.unwrap()[0].0.seq, 2);
    assert_eq!(store.entry_of(&head, Id([101; 16])).await.unwrap().unwrap().0.seq, 1);
    assert_eq!(store.entry_hashes(&head, 2).await.unwrap().len(), 2);
    assert_eq!(store.checkpoints_from(&head, 0, 10).await.unwrap().len(), 2);
    // Lists page by key in both directions.
    let list = store.list(&head, Class::Commitment, 0, 1).await.unwrap();
    assert_eq!(list[0].key, 1);
    assert_eq!(store.list_back(&head, Class::Commitment, i64::MAX, 1).await.unwrap()[0].key, 2);
    assert_eq!(store.record_count(&head).await.unwrap(), 2);
    assert_eq!(store.stray_links(&head).await.unwrap(), 0);
}

async fn what_is_erased_is_gone(store: Store) {
    let (own, other) = (commitment(2, true), commitment(3, true));
    let first = batch(&store, vec![change(1, None, own.clone()), change(2, None, other)]).await;
    store.commit(&first).await.unwrap();
    let head = first.new;
    let named = store.records_naming(&head, own.id).await.unwrap();
    assert_eq!(named.iter().map(|kept| kept.key).collect::<Vec<_>>(), [1], "by its own id");
    assert_eq!(store.records_naming(&head, Id([1; 16])).await.unwrap().len(), 2, "by whom they name");
    assert_eq!(store.records_of(&head, &[1, 7]).await.unwrap().len(), 2);
    assert_eq!(store.records_of(&head, &[2]).await.unwrap(), []);
    assert_eq!(store.entries_naming(&head, own.id).await.unwrap(), [], "no entry says it");
    let mut second = batch(&store, Vec::new()).await;
    (second.deadlines, second.erased) = (Vec::new(), vec![1]);
    store.commit(&second).await.unwrap();
    let entries = store.entries_from(&second.new, 1, 10).await.unwrap();
    assert!(entries[0].0.is_erased() && !entries[1].0.is_erased());
    assert_eq!(entries[0].0.hash().unwrap(), first.entries[0].1, "the chain stands");
    store.add_account(head.key, "Ines", "hash", Id([1; 16]), Instant(0)).await.unwrap();
    store.add_account(head.key, "Kofi", "hash", Id([2; 16]), Instant(0)).await.unwrap();
    store.forget_accounts(&head, Id([1; 16])).await.unwrap();
    assert!(store.account(head.key, "Ines").await.unwrap().is_none());
    assert!(store.account(head.key, "Kofi").await.unwrap().is_some());
    store.rewrite().await.unwrap();
    assert_eq!(store.entries_from(&second.new, 1, 10).await.unwrap(), entries, "and the rest is as it was");
}

async fn a_lost_head_writes_nothing(store: Store) {
    store.commit(&batch(&store, vec![change(1, None, commitment(2, true))]).await).await.unwrap();
    let mut one = batch(&store, vec![change(2, None, commitment(3, true))]).await;
    one.deadlines.clear();
    let mut other = one.clone();
    other.changes = vec![change(2, None, commitment(4, true))];
    store.commit(&one).await.unwrap();
    assert!(matches!(store.commit(&other).await, Err(StoreError::HeadLost)));
    assert_eq!(store.record_count(&one.new).await.unwrap(), 2);
}

/// Batches of several networks that are ready at once: one that lost its head and one with a poisoned row
/// are taken back, the others stand.
async fn what_goes_to_disk_together_falls_alone(store: Store) {
    let first = batch(&store, vec![change(1, None, commitment(2, true))]).await;
    store.commit(&first).await.unwrap();
    let of = |n: u8, mut batch: Batch| {
        for head in [&mut batch.old, &mut batch.new] {
            (head.key, head.network, head.name) = (i64::from(n), Id([n; 16]), format!("network {n}"));
        }
        batch
    };
    let (good, poisoned) = (of(11, first.clone()), {
        let mut batch = of(12, first.clone());
        batch.changes.push(change(1, None, commitment(4, true)));
        batch
    });
    let (lost, last) = (of(11, first.clone()), of(13, first.clone()));
    // Whoever writes now keeps the others waiting until all of them are ready.
    let held = store.begin().await.unwrap();
    let writes: Vec<_> = [good, poisoned, lost, last]
        .into_iter()
        .map(|batch| {
            let store = store.clone();
            tokio::spawn(async move { store.commit(&batch).await })
        })
        .collect();
    tokio::task::yield_now().await;
    drop(held);
    let mut outcomes = Vec::new();
    for write in writes {
        outcomes.push(write.await.unwrap());
    }
    let stands = |n: usize| outcomes[n].is_ok();
    assert!(stands(3) && !stands(1) && stands(0) != stands(2), "{outcomes:?}");
    let names: Vec<String> = store.networks().await.unwrap().into_iter().map(|head| head.name).collect();
    assert_eq!(names, ["one", "network 11", "network 13"]);
}

/// Where several may write they take turns, so many at once; a single writer needs none.
async fn turns_come_one_after_the_other(store: Store) {
    let Some(turn) = store.turn(1).await.unwrap() else {
        return assert!(store.is_embedded(), "only a single writer needs no turns");
    };
    let next = tokio::spawn({
        let store = store.clone();
        async move { store.turn(1).await }
    });
    // Another journal has turns of its own.
    drop(store.turn(2).await.unwrap().expect("its first"));
    assert!(!next.is_finished());
    turn.give_back().await.unwrap();
    drop(next.await.unwrap().unwrap().expect("the next one's"));
    let mut had = Vec::new();
    for network in 0..store::limits::TURNS_MAX as i64 {
        had.push(store.turn(network + 100).await.unwrap().expect("one of so many"));
    }
    assert!(store.turn(1).await.unwrap().is_none());
}

async fn a_poisoned_row_writes_nothing(store: Store) {
    let good = batch(&store, vec![change(1, None, commitment(2, true))]).await;
    store.commit(&good).await.unwrap();
    let mut poisoned =
        batch(&store, vec![change(2, None, commitment(3, true)), change(1, None, commitment(4, true))]).await;
    poisoned.deadlines.clear();
    assert!(matches!(store.commit(&poisoned).await, Err(StoreError::Constraint(_))));
    assert_eq!(store.network_by_name("one").await.unwrap().unwrap(), good.new);
    assert_eq!(store.record_count(&good.new).await.unwrap(), 1);
}

async fn reading_is_bounded(store: Store) {
    use store::limits::READ_ROWS_MAX;
    let targets = 10;
    let each = READ_ROWS_MAX / targets;
    let promise = |n: usize| {
        let mut id = [9; 16];
        id[..8].copy_from_slice(&(n as u64).to_be_bytes());
        let provider = Id([(n % targets) as u8; 16]);
        let fields = Fields::new()
            .with(Prop::Action, Value::Action(valueflows::Action::Transfer))
            .with(Prop::Provider, Value::Ref(provider));
        change(n as i64 + 1, None, Record::new(Id(id), Class::Commitment, fields))
    };
    store.commit(&batch(&store, (0..(each + 1) * targets).map(promise).collect()).await).await.unwrap();
    let head = store.network_by_name("one").await.unwrap().unwrap();
    let of = |n: usize| {
        let target = Id([n as u8; 16]);
        Key::Linked(Link { class: Class::Commitment, prop: Prop::Provider, target, open: true })
    };
    let set = store.read(&head, &[of(0)]).await.unwrap();
    assert_eq!(set.links[0].1.len(), each + 1);
    let keys: Vec<Key> = (0..targets).map(of).collect();
    assert!(matches!(store.read(&head, &keys).await, Err(StoreError::TooMuch(_))));
}

async fn of_what_somebody_gave_the_newest_are_read(store: Store) {
    let most = ledger::limits::RECENT_MAX as u16;
    let id = |n: u16| {
        let mut id = [9; 16];
        // Later ones have smaller ids: the order is that of the books.
        id[..2].copy_from_slice(&(u16::MAX - n).to_be_bytes());
        Id(id)
    };
    let event = |n: u16| {
        let provider = Id([u8::from(n == 1); 16]);
        let fields = Fields::new()
            .with(Prop::Action, Value::Action(valueflows::Action::Work))
            .with(Prop::Provider, Value::Ref(provider))
            .with(Prop::Receiver, Value::Ref(Id([7; 16])));
        change(i64::from(n) + 1, None, Record::new(id(n), Class::EconomicEvent, fields))
    };
    store.commit(&batch(&store, (0..most + 3).map(event).collect()).await).await.unwrap();
    let head = store.network_by_name("one").await.unwrap().unwrap();
    let of = |prop, n: u8, open| Link { class: Class::EconomicEvent, prop, target: Id([n; 16]), open };
    let table = [
        (of(Prop::Provider, 0, false), (3..most + 3).map(id).collect::<Vec<_>>()),
        (of(Prop::Provider, 0, true), (3..most + 3).map(id).collect()),
        (of(Prop::Provider, 1, false), vec![id(1)]),
        (of(Prop::Provider, 2, false), vec![]),
        (of(Prop::Receiver, 7, false), (3..most + 3).map(id).collect()),
    ];
    let keys: Vec<Key> = table.iter().map(|(link, _)| Key::Linked(*link)).collect();
    let set = store.read(&head, &keys).await.unwrap();
    assert_eq!(set.links, table);
    assert!(set.records.iter().all(|(id, kept)| kept.as_ref().is_some_and(|kept| kept.record.id == *id)));
}

async fn migrating_twice_is_migrating_once(store: Store) {
    store.migrate().await.unwrap();
    assert_eq!(store.schema_version().await.unwrap(), store::schema::STEPS.len() as i64);
    assert_eq!(store.networks().await.unwrap(), []);
}

async fn accounts_and_sessions(store: Store) {
    store.add_account(1, "Ines", "hash", Id([1; 16]), Instant(0)).await.unwrap();
    assert!(matches!(
        store.add_account(1, "Ines", "hash", Id([2; 16]), Instant(0)).await,
        Err(StoreError::Constraint(_))
    ));
    let account = store.account(1, "Ines").await.unwrap().unwrap();
    store.open_session(b"token", account.key, Instant(100)).await.unwrap();
    assert_eq!(store.session_account(b"token", Instant(99)).await.unwrap().unwrap().name, "Ines");
    assert!(store.session_account(b"token", Instant(100)).await.unwrap().is_none(), "expired");
    assert_eq!(store.sweep_sessions(Instant(100)).await.unwrap(), 1);
    let token = store::tokens::Token {
        network: 1,
        account: account.key,
        agent: Id([1; 16]),
        delegation: Id([8; 16]),
        name: "scale".into(),
        expires: Instant(100),
    };
    store.add_token(b"secret", &token, Instant(0)).await.unwrap();
    assert_eq!(store.token(b"secret").await.unwrap().as_ref(), Some(&token));
    assert_eq!(store.tokens(account.key, Instant(0)).await.unwrap(), std::slice::from_ref(&token));
    assert_eq!(store.drop_tokens(2, token.delegation).await.unwrap(), 0, "another network's");
    assert_eq!(store.drop_tokens(1, token.delegation).await.unwrap(), 1);
    assert_eq!(store.token(b"secret").await.unwrap(), None);
    store.add_token(b"old", &token, Instant(0)).await.unwrap();
    store.add_token(b"new", &token, Instant(100)).await.unwrap();
    assert_eq!(store.tokens(account.key, Instant(0)).await.unwrap().len(), 1, "the expired one was swept");
    store.put_component("abc", b"bytes").await.unwrap();
    store.put_component("abc", b"others").await.unwrap();
    assert_eq!(
        store.component("abc").await.unwrap().as_deref(),
        Some(&b"bytes"[..]),
        "a digest names one thing for ever"
    );
    let _ = Digest::default();
}
