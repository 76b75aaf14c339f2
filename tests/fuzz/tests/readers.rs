//! One target for each reader of bytes from outside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::path::Path;

use bolero::check;

/// Reads what is kept, then what is made up.
fn every(corpus: &str, read: impl Fn(&[u8]) + std::panic::RefUnwindSafe) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora").join(corpus);
    let mut kept = 0;
    for entry in std::fs::read_dir(&folder).expect("a corpus") {
        read(&std::fs::read(entry.expect("an entry").path()).expect("a file"));
        kept += 1;
    }
    assert!(kept > 0, "nothing is kept in {}", folder.display());
    check!().with_iterations(1_000).with_max_len(4_096).for_each(|bytes: &[u8]| read(bytes));
}

#[test]
fn json_ld() {
    every("json-ld", |bytes| {
        // Whatever is read can be planned, twice the same.
        if let Ok(graph) = interchange::read(bytes) {
            let place = interchange::Place::default();
            let (one, two) =
                (interchange::plan(bytes, &graph, &place), interchange::plan(bytes, &graph, &place));
            assert_eq!(one.map(|plan| plan.parts), two.map(|plan| plan.parts));
        }
    });
}

#[test]
fn tables() {
    every("tables", |bytes| {
        let place = interchange::Place::default();
        for name in ["members", "things", "loans", "balances"] {
            let table = interchange::table::Table::named(name).unwrap();
            let _ = interchange::table::plan(bytes, table, &Default::default(), &place);
        }
    });
}

#[test]
fn graphql() {
    let schema = api::graphql::schema().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let read = std::panic::AssertUnwindSafe(|bytes: &[u8]| {
        let _ = runtime.block_on(api::graphql::for_nobody(&schema, bytes));
    });
    every("graphql", move |bytes| (*read)(bytes));
}

#[test]
fn cursors() {
    every("cursors", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Some(key) = api::cursor::key("one/EconomicEvent", &text) {
            assert!(key >= 0, "{text}");
            let again = api::cursor::after("one/EconomicEvent", key);
            assert_eq!(api::cursor::key("one/EconomicEvent", &again), Some(key));
        }
    });
}

#[test]
fn policies() {
    every("policies", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(book) = policy::RuleBook::new("made-up", &[("rules.cedar", &text)]) {
            let _ = policy::compile(&book);
        }
    });
}
