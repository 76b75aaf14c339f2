//! `reflow verify` finds every change: one at a time, a quantity, a verdict, a policy's text, a byte of
//! a component, a row of a table.

use tests::{Folder, alter, cli, copy};

use crate::founded::found;

/// What is altered, the statement that does it, and what the difference says.
const TABLE: &[(&str, &str, &str)] = &[
    (
        "a quantity in an entry",
        "UPDATE entry SET books = replace(books, '\"amount\":1,', '\"amount\":2,') WHERE seq = (SELECT MIN(seq) FROM entry WHERE books LIKE '%\"amount\":1,%')",
        "does not have the hash",
    ),
    (
        "a verdict",
        "UPDATE entry SET books = replace(books, '\"verdict\":\"permit\"', '\"verdict\":\"refuse\"') WHERE seq = 5",
        "does not have the hash",
    ),
    (
        "a policy's text",
        "UPDATE entry SET books = replace(books, 'permit (', 'permit  (') WHERE seq = 1",
        "does not have the hash",
    ),
    (
        "a name",
        "UPDATE entry SET personal = replace(personal, 'Amara', 'Mallo') WHERE personal LIKE '%Amara%'",
        "personal part",
    ),
    (
        "a name taken out",
        "UPDATE entry SET personal = NULL, personal_salt = NULL WHERE personal LIKE '%Amara%'",
        "nothing says that it was erased",
    ),
    (
        "a byte of a component",
        "UPDATE component SET bytes = bytes || x'00' WHERE digest = (SELECT MIN(digest) FROM component)",
        "bytes have changed",
    ),
    (
        "a row of a table",
        "UPDATE record SET books = replace(books, 'Ladder', 'Ladde2') WHERE books LIKE '%\"name\":\"Ladder\"%'",
        "a table has",
    ),
    ("a link", "DELETE FROM link WHERE source = (SELECT MAX(source) FROM link)", "a table has"),
    (
        "a record too many",
        "INSERT INTO record SELECT network, 9999, x'00000000000000000000000000000001', class, version, seq, books, personal FROM record WHERE key = 1",
        "a table has",
    ),
    ("an entry less", "DELETE FROM entry WHERE seq = 6", "entry"),
    ("the head", "UPDATE network SET next_key = next_key + 1", "head"),
    (
        "a checkpoint",
        "UPDATE checkpoint SET note = replace(note, 'reflow/', 'reflow:') WHERE size = 4",
        "checkpoint",
    ),
];

#[test]
fn every_alteration_is_found() {
    let data = Folder::new("honest");
    found(&data.0, None);
    let verified = cli(&data.0, None, &["verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
    for (what, statement, says) in TABLE {
        let altered = Folder::new("altered");
        copy(&data.0, &altered.join("data"));
        let changed = alter(&altered.join("data/reflow.sqlite"), statement);
        assert!(changed > 0, "{what}: nothing was altered");
        let verified = cli(&altered.join("data"), None, &["verify"]);
        assert_eq!(verified.status, 1, "{what}: {}{}", verified.out, verified.err);
        assert!(verified.err.contains(says), "{what}: {}", verified.err);
    }
}

#[test]
fn rebuilding_mends_the_tables() {
    let data = Folder::new("rebuild");
    found(&data.0, None);
    assert!(alter(&data.join("reflow.sqlite"), "DELETE FROM record") > 0);
    assert_eq!(cli(&data.0, None, &["verify"]).status, 1);
    cli(&data.0, None, &["rebuild"]).ok();
    cli(&data.0, None, &["verify"]).ok();
}
