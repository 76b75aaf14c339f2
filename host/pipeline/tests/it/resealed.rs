//! A journal that was altered *and sealed again*, with the node's own key and tables to match: no hash
//! gives it away, only judging again does.

use std::path::Path;

use governance::Command;
use journal::{Body, Checkpoint, Digest, Entry, Frontier, Signer};
use pipeline::Via;
use pipeline::acts::{Act, AnyAct};
use serde_json::{Value as Json, json};
use store::{Batch, Head, Store};
use valueflows::{Class, Instant};

use crate::home::{SECRET, START, Start, id, open, start};

/// An honest journal: a loan that is refused, one that is accepted, something that makes no sense.
async fn lived() -> (Start, Vec<Batch>, Vec<(String, Vec<u8>)>) {
    let start = start().await;
    let node = start.open().await;
    let until = START.plus_us(7 * Instant::DAY_US);
    for (n, offer) in [(0, 0), (1, 0)] {
        let mut reader = node.reader("one", start.members[n], Via::Session).await.unwrap();
        let act = pipeline::loans::borrow(&mut reader, start.offers[offer], start.members[n], until).await;
        let acts = vec![act.unwrap()];
        let command = Command::new(id(3_000 + n as u64), start.members[n], acts);
        let receipt = node.send("one", command, Via::Session).await.unwrap();
        assert_eq!(receipt.decision.is_ok(), n == 0, "the second comes too late");
    }
    let acts = vec![AnyAct::Economic(Act::Define { class: Class::Commitment, fields: Default::default() })];
    start.send(&node, 3_100, acts).await.unwrap().decision.unwrap_err();
    let head = node.head("one").await.unwrap();
    let before = Head::before_founding((1, head.network), "one", true, START);
    let ends: Vec<u64> = (1..=head.seq).collect();
    let batches = node.batches(&before, &ends).await.unwrap();
    let mut components = Vec::new();
    for bound in &node.rules(&head).await.unwrap().bound {
        let digest = bound.plugin.digest.clone();
        let bytes = node.store().component(&digest).await.unwrap().unwrap();
        components.push((digest, bytes));
    }
    node.close().await;
    (start, batches, components)
}

/// The batches with one thing altered in their entries, and everything sealed again from there on.
fn seal_again(batches: &[Batch], alter: &dyn Fn(&mut Json)) -> Vec<Batch> {
    let signer = Signer::new("test", &SECRET);
    let (mut previous, mut frontier) = (Digest::default(), Frontier::default());
    let again = |batch: &Batch| {
        let mut batch = batch.clone();
        (batch.old.hash, batch.old.frontier) = (previous, frontier.clone());
        for (entry, hash) in &mut batch.entries {
            let Body { mut books, personal } = entry.body().unwrap();
            alter(&mut books);
            let salts = (entry.books_salt, entry.personal.as_ref().map(|part| part.1).unwrap_or_default());
            let place = (entry.network, entry.seq, entry.at);
            *entry = Entry::seal(place, previous, entry.command, &Body { books, personal }, salts).unwrap();
            *hash = entry.hash().unwrap();
            previous = *hash;
            frontier.push(previous);
        }
        (batch.new.hash, batch.new.frontier) = (previous, frontier.clone());
        let root = frontier.root();
        let checkpoint = Checkpoint { network: batch.new.network, size: batch.new.seq, root };
        batch.checkpoints = vec![(checkpoint, signer.sign(&checkpoint))];
        batch
    };
    batches.iter().map(again).collect()
}

/// What verification says of these batches, in a database of their own, its tables rebuilt from them.
async fn verdict(folder: &Path, batches: &[Batch], components: &[(String, Vec<u8>)]) -> Option<String> {
    std::fs::create_dir_all(folder).unwrap();
    let store = Store::open_sqlite(&folder.join("reflow.sqlite")).await.unwrap();
    store.migrate().await.unwrap();
    for (digest, bytes) in components {
        store.put_component(digest, bytes).await.unwrap();
    }
    for batch in batches {
        store.commit(batch).await.unwrap();
    }
    store.close().await;
    let node = open(folder).await;
    let head = node.head("one").await.unwrap();
    node.rebuild(&head, &|_| ()).await.unwrap();
    let verified = node.verify(&head, &folder.join("scratch.sqlite"), &|_| ()).await.unwrap();
    node.close().await;
    verified.difference
}

/// Sets every place that a path names; `*` is any member of a list.
fn set(json: &mut Json, path: &[&str], value: &Json) {
    match (path, json) {
        ([], place) => *place = value.clone(),
        (["*", rest @ ..], Json::Array(list)) => list.iter_mut().for_each(|one| set(one, rest, value)),
        ([name, rest @ ..], Json::Object(map)) => {
            if let Some(one) = map.get_mut(*name) {
                set(one, rest, value);
            }
        }
        ([n, rest @ ..], Json::Array(list)) => {
            if let Some(one) = n.parse().ok().and_then(|n: usize| list.get_mut(n)) {
                set(one, rest, value);
            }
        }
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_altered_and_sealed_again_is_found_by_judging() {
    let (start, batches, components) = lived().await;
    let honest = verdict(&start.folder.join("honest"), &seal_again(&batches, &|_| ()), &components).await;
    assert_eq!(honest, None, "sealing again alone changes nothing");
    let permit = |books: &mut Json| {
        if let Some(judged) = books["judged"].as_object_mut().filter(|judged| judged["verdict"] == "refuse") {
            judged.remove("refused");
            judged.insert("verdict".into(), json!("permit"));
        }
    };
    let policy = |books: &mut Json| {
        if let Some(Json::Array(policies)) = books.pointer_mut("/asked/acts/0/book/policies") {
            for policy in policies {
                policy["text"] =
                    json!(policy["text"].as_str().unwrap().replace("@why(\"", "@why(\"Not so: "));
            }
        }
    };
    let path = |path: &'static str, value: Json| {
        move |books: &mut Json| set(books, &path.split('/').collect::<Vec<_>>(), &value)
    };
    let steward = json!(start.steward.to_string());
    let who = |books: &mut Json| {
        if books["judged"]["verdict"] == "refuse" {
            books["asked"]["agent"] = steward.clone();
        }
    };
    // What is altered, how, and what the difference says.
    type Alter<'a> = &'a dyn Fn(&mut Json);
    let table: [(&str, Alter, &str); 8] = [
        ("a quantity that was made", &path("made/*/3/accountingQuantity/amount", json!(7)), "judged again"),
        ("a verdict", &permit, "/judged/"),
        ("a refusal's sentence", &path("judged/refused/sentence", json!("No.")), "/judged/refused/sentence"),
        ("a fact", &path("judged/acts/*/facts/*/values/0", json!({"number": 3})), "/judged/acts/0/facts"),
        ("a price", &path("judged/acts/*/quote/digest", json!("0".repeat(64))), "/judged/acts/0/quote"),
        ("who asked", &who, "judged again"),
        ("fuel", &path("judged/acts/*/facts/*/fuel", json!(1)), "/fuel"),
        ("the rules", &policy, "the network's id"),
    ];
    for (n, (what, alter, says)) in table.into_iter().enumerate() {
        let altered = seal_again(&batches, alter);
        assert_ne!(altered.last().unwrap().new.hash, batches.last().unwrap().new.hash, "{what}: not altered");
        let folder = start.folder.join(&format!("altered-{n}"));
        let found = verdict(&folder, &altered, &components).await;
        let found = found.unwrap_or_else(|| panic!("{what}: verified"));
        assert!(found.contains(says) && !found.contains("does not have the hash"), "{what}: {found}");
    }
}
