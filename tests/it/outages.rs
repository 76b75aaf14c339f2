//! What is pulled out of the wall: a disk that is full, a database that goes away. The sender is told,
//! nothing is lost, nothing is doubled, and afterwards the same command goes through.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value as Json, json};
use tests::http::Browser;
use tests::node::Node;
use tests::postgres::Postgres;
use tests::{Folder, cli, copy, skip};

use crate::founded::{Library, NETWORK, found};

struct Member {
    browser: Browser,
    word: String,
}

impl Member {
    fn of(node: &Node) -> Member {
        let browser = Browser::sign_in(&node.base, NETWORK, "Amara", "amara-secret");
        let word = browser.get(&format!("/n/{NETWORK}/people")).form("/sign-out").1["word"].clone();
        Member { browser, word }
    }

    /// Registers a thing with a long note.
    fn register(&self, library: &Library, n: u32) -> (u16, Json) {
        let amara = &library.amara;
        let acts = json!([{"act": "record",
            "event": {"action": "raise", "provider": amara, "receiver": amara, "note": "n".repeat(4_000),
                      "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": library.piece}},
            "newResource": {"name": format!("Thing {n}")}}]);
        let command =
            json!({"id": format!("01926b5e-7d00-7000-8000-{n:012x}"), "agent": amara, "acts": acts});
        let answer = self.browser.command(NETWORK, &self.word, command.to_string().as_bytes());
        (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
    }
}

/// A folder on a small disk of its own, seen from outside through the node that lives there.
fn small_disk(data: &Path) -> Option<(Folder, Node, PathBuf)> {
    let may = Command::new("unshare").args(["-m", "mount", "-t", "tmpfs", "none", "/mnt"]).output();
    if !may.is_ok_and(|output| output.status.success()) {
        return None;
    }
    let small = Folder::new("small-disk");
    let script = "mount -t tmpfs -o size=32m none \"$1\" && cp -a \"$0/.\" \"$1\" && shift && exec \"$@\"";
    let (from, to) = (data.display().to_string(), small.0.display().to_string());
    let node = Node::serve_under(&["unshare", "-m", "sh", "-c", script, &from, &to], &small.0);
    let inside = PathBuf::from(format!("/proc/{}/root{to}", node.pid()));
    Some((small, node, inside))
}

#[test]
fn a_full_disk_refuses_and_loses_nothing() {
    let data = Folder::new("disk");
    let library = found(&data.0, None);
    let Some((_small, node, inside)) = small_disk(&data.0) else {
        return skip("a_full_disk_refuses_and_loses_nothing", "no mount of its own can be made here");
    };
    let amara = Member::of(&node);
    assert_eq!(amara.register(&library, 1).0, 200);
    // Somebody else fills the disk to the last block.
    let mut filler = std::fs::File::create(inside.join("filler")).expect("a file on the small disk");
    while filler.write_all(&[7; 4_096]).and_then(|()| filler.flush()).is_ok() {}
    let mut refused = None;
    for n in 2..200 {
        let (status, body) = amara.register(&library, n);
        if status != 200 {
            refused = Some((n, status, body));
            break;
        }
    }
    let (n, status, body) = refused.expect("the disk is full some time");
    assert_eq!((status, &body["type"]), (507, &json!("urn:reflow:problem:disk-full")), "{body}");
    let (status, again) = amara.register(&library, n);
    assert_eq!((status, &again["type"]), (507, &body["type"]), "and it stays so");
    assert_eq!(amara.browser.get("/readyz").status, 200, "reading goes on");
    amara.browser.get(&format!("/n/{NETWORK}/things")).says("Thing 1");
    // There is room again: the very same command goes through, once.
    drop(filler);
    std::fs::remove_file(inside.join("filler")).expect("the filler goes");
    let (status, receipt) = amara.register(&library, n);
    assert_eq!(status, 200, "{receipt}");
    assert_eq!(amara.register(&library, n).1, receipt);
    copy(&inside, &data.join("after"));
    drop(node);
    let after = data.join("after");
    let verified = cli(&after, None, &["--network", NETWORK, "verify"]).ok();
    assert!(verified.out.contains(&format!("verified: {} entries", receipt["seq"])), "{}", verified.out);
}

#[test]
fn a_database_that_goes_away_loses_nothing() {
    let Some(postgres) = Postgres::start() else {
        return skip("a_database_that_goes_away_loses_nothing", "PostgreSQL's binaries are not installed");
    };
    let data = Folder::new("away");
    let address = postgres.database("away");
    let library = found(&data.0, Some(&address));
    let node = Node::serve(&data.0, Some(&address));
    let amara = Member::of(&node);
    assert_eq!(amara.register(&library, 1).0, 200);
    postgres.pull_the_plug();
    let answer = amara.browser.get("/readyz");
    assert_eq!(answer.status, 503, "{}", answer.body);
    // Without the database nobody can be recognised either: told so, not taken for a stranger.
    let (status, body) = amara.register(&library, 2);
    assert_eq!((status, &body["type"]), (503, &json!("urn:reflow:problem:database-away")), "{body}");
    postgres.resume();
    let (status, receipt) = amara.register(&library, 2);
    assert_eq!(status, 200, "{receipt}");
    assert_eq!(amara.register(&library, 2).1, receipt, "once");
    drop(node);
    let verified = cli(&data.0, Some(&address), &["--network", NETWORK, "verify"]).ok();
    assert!(verified.out.contains(&format!("verified: {} entries", receipt["seq"])), "{}", verified.out);
}
