//! Databases that earlier programs made: they open, verify, and rebuild to what they were.

use std::path::Path;

use tests::postgres::Postgres;
use tests::{Folder, cli, root, skip};

fn check(data: &Path, database: Option<&str>) {
    let verified = cli(data, database, &["verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
    cli(data, database, &["rebuild"]).ok();
    cli(data, database, &["verify"]).ok();
}

/// The first releases had their key in a file, later ones have it in the database.
fn bring_key(old: &Path, data: &Folder) {
    if old.join("node.key").exists() {
        std::fs::copy(old.join("node.key"), data.join("node.key")).expect("an old key");
    }
}

fn releases() -> Vec<std::path::PathBuf> {
    let folder = root().join("tests/old-databases");
    let found = std::fs::read_dir(folder).expect("old databases").flatten().map(|entry| entry.path());
    let found: Vec<_> = found.filter(|path| path.is_dir()).collect();
    assert!(!found.is_empty());
    found
}

#[test]
fn every_old_sqlite_database_verifies() {
    for release in releases() {
        let data = Folder::new("old-sqlite");
        let old = release.join("sqlite");
        std::fs::copy(old.join("reflow.sqlite"), data.join("reflow.sqlite")).expect("an old database");
        bring_key(&old, &data);
        check(&data.0, None);
    }
}

#[test]
fn every_old_postgres_database_verifies() {
    let Some(postgres) = Postgres::start() else {
        return skip("every_old_postgres_database_verifies", "PostgreSQL's binaries are not installed");
    };
    for (n, release) in releases().into_iter().enumerate() {
        let data = Folder::new("old-postgres");
        bring_key(&release.join("postgres"), &data);
        let name = format!("old{n}");
        let address = postgres.database(&name);
        postgres.load(&name, &release.join("postgres/dump.sql"));
        check(&data.0, Some(&address));
    }
}
