//! Schemas move forward: by one of several nodes at once, killed in the middle, and never from a newer one.

use std::path::PathBuf;

use tests::node::start;
use tests::postgres::Postgres;
use tests::{Folder, alter, cli, root, skip};

fn oldest() -> PathBuf {
    root().join("tests/old-databases/01")
}

#[test]
fn a_newer_schema_is_refused_in_one_sentence() {
    let data = Folder::new("newer");
    cli(&data.0, None, &["network", "list"]).ok();
    alter(&data.join("reflow.sqlite"), "UPDATE meta SET value = '99' WHERE name = 'schema'");
    for args in [&["network", "list"][..], &["serve", "--listen", "127.0.0.1:0"], &["backup", "x"]] {
        let refused = cli(&data.0, None, args);
        assert_eq!(refused.status, 3, "{}{}", refused.out, refused.err);
        assert!(refused.err.contains("schema 99") && refused.err.lines().count() == 1, "{}", refused.err);
    }
}

#[test]
fn two_nodes_migrate_at_once() {
    let Some(postgres) = Postgres::start() else {
        return skip("two_nodes_migrate_at_once", "PostgreSQL's binaries are not installed");
    };
    let address = postgres.database("both");
    postgres.load("both", &oldest().join("postgres/dump.sql"));
    let folders = [Folder::new("both-0"), Folder::new("both-1")];
    for folder in &folders {
        std::fs::copy(oldest().join("postgres/node.key"), folder.join("node.key")).expect("the old key");
    }
    let lists: Vec<_> = std::thread::scope(|scope| {
        let runs: Vec<_> = folders
            .iter()
            .map(|folder| {
                scope.spawn(|| cli(&folder.0, Some(&address), &["--json", "network", "list"]).ok().out)
            })
            .collect();
        runs.into_iter().map(|run| run.join().expect("a node")).collect()
    });
    assert_eq!(lists[0], lists[1]);
    let verified = cli(&folders[0].0, Some(&address), &["verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
}

#[test]
fn a_migration_that_is_killed_is_begun_again() {
    // Killed a little later each time, from before the database is opened until after it is migrated.
    for delay_ms in (0..60).step_by(5) {
        let data = Folder::new("killed-migration");
        for file in ["reflow.sqlite", "node.key"] {
            std::fs::copy(oldest().join("sqlite").join(file), data.join(file)).expect("an old database");
        }
        let mut child = start(&data.0, &["serve", "--listen", "127.0.0.1:0"]);
        let begin = std::time::Instant::now();
        while begin.elapsed().as_millis() < delay_ms {
            std::thread::yield_now();
        }
        child.kill().expect("SIGKILL");
        child.wait().expect("the node ends");
        let verified = cli(&data.0, None, &["verify"]).ok();
        assert!(verified.out.contains(", 0 differences"), "after {delay_ms} ms: {}", verified.out);
    }
}
