//! A node is backed up while it works, restored, moved; a network goes to live elsewhere and comes home.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value as Json;
use tests::founded::{NETWORK, found};
use tests::load::{Acknowledged, Seat, Writers};
use tests::node::{Database, Node};
use tests::postgres::Postgres;
use tests::{Folder, alter, cli, skip};

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// Each network's name, entries, and the hash of its newest one as `verify` leaves it.
fn networks(data: &Path, database: Database) -> Vec<(Json, Json)> {
    let verified = cli(data, database, &["verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
    let list = cli(data, database, &["--json", "network", "list"]).ok().json();
    list.as_array().expect("a list").iter().map(|row| (row["name"].clone(), row["entries"].clone())).collect()
}

/// The whole network as everybody may have it.
fn export(data: &Path, database: Database) -> String {
    cli(data, database, &["--network", NETWORK, "--as", "Ines", "export"]).ok().out
}

#[test]
fn a_backup_under_load_comes_back() {
    let data = Folder::new("backup");
    let library = found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let seat = Seat::take(&node, &library);
    let acknowledged: Arc<Acknowledged> = Arc::default();
    let writers = Writers::start(std::slice::from_ref(&node.base), &seat, (4, 3), 1, &acknowledged);
    while acknowledged.commands() < 20 {
        std::thread::yield_now();
    }
    let (plain, sealed, word) = (data.join("b.tgz"), data.join("b.age"), data.join("word"));
    std::fs::write(&word, "correct horse\n").expect("a passphrase");
    let refused = cli(&data.0, None, &["backup", &text(&plain)]);
    assert_eq!(refused.status, 2, "{}", refused.err);
    cli(&data.0, None, &["backup", &text(&plain), "--unencrypted"]).ok();
    let at_least = acknowledged.commands();
    let sealing = ["backup", &text(&sealed), "--passphrase-file", &text(&word)];
    cli(&data.0, None, &sealing).ok();
    assert_eq!(cli(&data.0, None, &sealing).status, 1, "nothing is written over");
    writers.stop();
    drop(node);
    let into = Folder::new("restored");
    let back = |file: &Path, more: &[&str]| cli(&into.0, None, &[&["restore", &text(file)], more].concat());
    // What is cut, changed, or under another word leaves nothing behind.
    let bytes = std::fs::read(&plain).expect("the backup");
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 1;
    let damaged = [
        ("half", &bytes[..bytes.len() / 2], "truncated"),
        ("without its last bytes", &bytes[..bytes.len() - 30], "truncated"),
        ("empty", &bytes[..0], "truncated"),
        ("changed", &flipped[..], "changed-file"),
    ];
    for (what, bytes, code) in damaged {
        let file = into.join("damaged");
        std::fs::write(&file, bytes).expect("a damaged backup");
        let refused = back(&file, &[]);
        assert_eq!(refused.status, 1, "{what}: {}{}", refused.out, refused.err);
        let said = refused.err.starts_with(code) || refused.err.starts_with("changed-file");
        assert!(said, "{what}: {}", refused.err);
        assert!(!into.join("reflow.sqlite").exists(), "{what}");
    }
    std::fs::write(into.join("wrong"), "wrong").expect("another passphrase");
    assert_eq!(back(&sealed, &["--passphrase-file", &text(&into.join("wrong"))]).status, 3);
    assert_eq!(back(&sealed, &[]).status, 3);
    back(&sealed, &["--passphrase-file", &text(&word)]).ok();
    let (there, here) = (networks(&data.0, None), networks(&into.0, None));
    assert_eq!(there.len(), here.len());
    assert!(at_least > 0 && !export(&into.0, None).is_empty());
    // Whoever could sign in can sign in; the same command has the same answer.
    let node = Node::serve(&into.0, None);
    let seat = Seat::take(&node, &library);
    let first = seat.command("01926b5e-7d00-7000-8000-000100000000", 3);
    assert_eq!(seat.send(&node.base, &first).expect("an answer").0, 200);
    let other = seat.command("01926b5e-7d00-7000-8000-000100000000", 4);
    assert_eq!(seat.send(&node.base, &other).expect("an answer").0, 409, "its id was used before the backup");
}

#[test]
fn a_move_to_postgres_carries_everything() {
    let Some(postgres) = Postgres::start() else {
        return skip("a_move_to_postgres_carries_everything", "PostgreSQL's binaries are not installed");
    };
    let data = Folder::new("move");
    found(&data.0, None);
    let before = (networks(&data.0, None), export(&data.0, None));
    let (from, to) = (format!("sqlite:{}", text(&data.join("reflow.sqlite"))), postgres.database("moved"));
    let node = Node::serve(&data.0, None);
    let moving = ["move", "--from", &from, "--to", &to];
    assert_eq!(cli(&data.0, None, &moving).status, 1, "not while it is served");
    drop(node);
    cli(&data.0, None, &moving).ok();
    assert_eq!((networks(&data.0, Some(&to)), export(&data.0, Some(&to))), before);
    let old = cli(&data.0, None, &["verify"]);
    assert!(old.status == 3 && old.err.contains("served no more"), "{}", old.err);
    // And back again, to a file.
    let home = Folder::new("move-home");
    let back = format!("sqlite:{}", text(&home.join("reflow.sqlite")));
    cli(&home.0, None, &["move", "--from", &to, "--to", &back]).ok();
    assert_eq!((networks(&home.0, None), export(&home.0, None)), before);
}

#[test]
fn a_network_goes_to_live_elsewhere_and_comes_home() {
    let (old, new) = (Folder::new("leaves"), Folder::new("arrives"));
    let library = found(&old.0, None);
    let go = |from: &Folder, file: &str, more: &[&str]| {
        let file = text(&from.join(file));
        cli(
            &from.0,
            None,
            &[&["--json", "network", "export", NETWORK, &file, "--unencrypted"], more].concat(),
        )
    };
    let come = |to: &Folder, from: &Folder, file: &str| {
        cli(&to.0, None, &["--json", "network", "adopt", &text(&from.join(file))])
    };
    let add = |at: &Folder| {
        let args = ["--network", NETWORK, "--as", "Ines", "member", "add", "Lea"];
        cli(&at.0, None, &args)
    };
    // A copy to read; the network lives on.
    let copied = go(&old, "copy", &["--copy"]).ok().json();
    assert_eq!(come(&new, &old, "copy").ok().json()["head"], copied["head"]);
    assert!(add(&new).err.starts_with("network-elsewhere"));
    // It leaves: nothing more is taken in here, and it goes on there, under the same keys and passwords.
    let left = go(&old, "network", &["--to", "the town's node"]).ok().json();
    assert!(add(&old).err.starts_with("network-elsewhere"), "{}", add(&old).err);
    let arrived = come(&new, &old, "network").ok().json();
    assert_eq!((&arrived["head"], &arrived["state"]), (&left["head"], &"live".into()));
    assert_eq!(come(&new, &old, "network").status, 1, "it lives there already");
    for at in [&old, &new] {
        let verified = cli(&at.0, None, &["verify"]).ok();
        assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
    }
    let node = Node::serve(&new.0, None);
    Seat::take(&node, &library);
    add(&new).ok();
    // Its way home, while the node there is running.
    drop(node);
    let back = go(&new, "back", &[]).ok().json();
    let _serving = Node::serve(&old.0, None);
    assert_eq!(come(&old, &new, "back").ok().json()["head"], back["head"]);
    let mia = ["--network", NETWORK, "--as", "Ines", "member", "add", "Mia"];
    cli(&old.0, None, &mia).ok();
    let verified = cli(&old.0, None, &["verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
}

#[test]
fn a_network_that_has_not_arrived_whole_answers_nobody() {
    let data = Folder::new("arriving");
    found(&data.0, None);
    let file = data.join("network");
    cli(&data.0, None, &["network", "export", NETWORK, &text(&file), "--unencrypted"]).ok();
    // What an adoption leaves behind that was killed on its way.
    assert_eq!(alter(&data.join("reflow.sqlite"), "UPDATE network SET state = 3 WHERE key = 1"), 1);
    let node = Node::serve(&data.0, None);
    let browser = tests::http::Browser::new(&node.base);
    assert_eq!(browser.get(&format!("/n/{NETWORK}/sign-in")).status, 404);
    assert!(!browser.get("/").body.contains(NETWORK));
    let unwell = cli(&data.0, None, &["doctor", "--quick"]);
    assert!(unwell.status == 1 && unwell.out.contains("not whole yet"), "{}", unwell.out);
    // Begun again, it goes on from where it stood.
    cli(&data.0, None, &["network", "adopt", &text(&file)]).ok();
    assert_eq!(browser.get(&format!("/n/{NETWORK}/sign-in")).status, 200);
}

#[test]
fn doctor_finds_each_seeded_inconsistency() {
    let data = Folder::new("doctor");
    found(&data.0, None);
    cli(&data.0, None, &["doctor"]).ok();
    let table = [
        (
            "a stock that is no sum",
            "UPDATE record SET books = replace(books, '\"amount\":1', '\"amount\":2') WHERE books LIKE '%\"onhandQuantity\":{%'",
        ),
        (
            "a link to nowhere",
            "UPDATE link SET source = source + 100000 WHERE source = (SELECT MAX(source) FROM link)",
        ),
        ("a link that is gone", "DELETE FROM link WHERE source = (SELECT MAX(source) FROM link)"),
        (
            "a broken chain",
            "UPDATE entry SET hash = (SELECT hash FROM entry WHERE seq = 2 AND network = 1) WHERE seq = 3 AND network = 1",
        ),
        ("an entry that is gone", "DELETE FROM entry WHERE seq = 3 AND network = 1"),
        ("a head that is another", "UPDATE network SET clock = clock + 1 WHERE key = 1"),
    ];
    for (what, statement) in table {
        let seeded = Folder::new("doctor-seeded");
        std::fs::copy(data.join("reflow.sqlite"), seeded.join("reflow.sqlite")).expect("a copy");
        assert!(alter(&seeded.join("reflow.sqlite"), statement) > 0, "{what}: nothing was changed");
        let found = cli(&seeded.0, None, &["doctor"]);
        assert!(found.status == 1 && found.out.contains("WRONG"), "{what}: {}{}", found.out, found.err);
    }
}
