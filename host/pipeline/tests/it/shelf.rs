//! The shelf: a stranger is looked at closely, what a network lives by already is only compiled again.

use std::path::Path;

use pipeline::shelf::Shelf;
use sandbox::admission;
use store::Store;
use tests::Folder;

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
    store.close().await;
}
