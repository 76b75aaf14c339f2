//! The shelf: a stranger is looked at closely, what a network lives by already is only compiled again.

use std::path::Path;
use std::sync::Arc;

use pipeline::shelf::Shelf;
use sandbox::admission::Scrutiny;
use sandbox::{FailureClass, Sandbox, admission, laws, types};
use store::Store;
use tests::Folder;
use valueflows::Surface;

async fn opened(folder: &Path) -> (Shelf, Store) {
    let store = Store::open_sqlite(&folder.join("reflow.sqlite")).await.unwrap();
    store.migrate().await.unwrap();
    (Shelf::new(tests::binary(), folder.join("cache")).unwrap(), store)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stricter_door_takes_no_rules_away() {
    let bytes = std::fs::read(tests::plugins().join("hostile-eager.wasm")).unwrap();
    let digest = admission::digest(&bytes);
    let folder = Folder::new("shelf");
    let (shelf, store) = opened(&folder.0).await;
    let refused = shelf.put(&store, &bytes).await.unwrap_err();
    assert_eq!(refused.code(), "failed-trial", "{refused}");
    assert!(store.component(&digest).await.unwrap().is_none(), "nothing of it is kept");
    // A network that has lived by it since before there was such a trial.
    store.put_component(&digest, &bytes).await.unwrap();
    assert_eq!(shelf.get(&store, &digest).await.unwrap().manifest.name, "hostile-eager");
    // What was compiled without a close look spares a stranger none.
    assert_eq!(shelf.put(&store, &bytes).await.unwrap_err().code(), "failed-trial");
    store.close().await;
}

#[test]
fn two_that_say_something_else_are_not_alike() {
    let sandbox = Arc::new(Sandbox::new().unwrap());
    let read = |name: &str| std::fs::read(tests::plugins().join(name)).unwrap();
    let plugin = |name: &str| admission::admit(&sandbox, &read(name), Scrutiny::Known).unwrap().1;
    let standing = plugin("standing.wasm");
    assert!(laws::alike((&standing, &plugin("standing.wasm")), (7, 8)).is_ok());
    let broken = laws::alike((&standing, &plugin("vouching.wasm")), (7, 8)).unwrap_err();
    assert_eq!(broken.law, laws::TWO_ENGINES);
    // Whoever comes in is asked by both.
    let (admitted, _) = admission::admit(&sandbox, &read("standing.wasm"), Scrutiny::Stranger).unwrap();
    assert!(admitted.findings.held.unwrap().laws.iter().any(|law| law == laws::TWO_ENGINES));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_built_before_goes_on_and_does_not_come_in_anew() {
    let folder = Folder::new("older");
    std::fs::create_dir(folder.join("data")).unwrap();
    let old = tests::root().join("tests/old-databases/05/sqlite/reflow.sqlite");
    std::fs::copy(old, folder.join("data/reflow.sqlite")).unwrap();
    let node = crate::home::open(&folder.join("data")).await;
    let network = node.networks().await.unwrap().remove(0);
    let rules = node.rules(&network).await.unwrap();
    assert!(!rules.bound.is_empty() && rules.bound.iter().all(|bound| bound.plugin.is_older()));
    let (shelf, store) = opened(&folder.0).await;
    for bound in &rules.bound {
        let bytes = node.store().component(&bound.binding.component).await.unwrap().unwrap();
        let refused = shelf.put(&store, &bytes).await.unwrap_err();
        assert_eq!(refused.code(), "older-interface", "{}: {refused}", bound.binding.plugin);
    }
    // What its world had no words for is no question, rather than another one.
    let nothing = types::Context::nothing();
    let (wish, round) = (
        types::Wish { seeker: 0, candidates: Vec::new(), most: 1 },
        types::Round { offers: Vec::new(), needs: Vec::new() },
    );
    let matching = rules.bound.iter().find(|bound| bound.binding.surface == Surface::Matching).unwrap();
    assert!(matching.plugin.answer(&nothing, &[types::Ask::Rank(wish.clone())]).is_ok());
    for ask in [types::Ask::WhyNot(types::Doubt { wish, about: 0 }), types::Ask::Allocate(round)] {
        let failed = matching.plugin.answer(&nothing, &[ask]).unwrap_err();
        assert_eq!(failed.class, FailureClass::WrongShape, "{failed}");
    }
    node.close().await;
    store.close().await;
}
