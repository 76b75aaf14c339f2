//! The console's door: one node a folder, reached by its socket from wherever its owner is.

use tests::node::Node;
use tests::{Folder, cli};

use crate::founded::{NETWORK, found};

#[test]
fn a_running_node_is_reached_by_its_socket() {
    let (data, elsewhere) = (Folder::new("console"), Folder::new("elsewhere"));
    found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let url = format!("unix://{}", data.join("node.sock").display());
    let nobody = format!("unix://{}", elsewhere.join("node.sock").display());
    // From where, to which node, the exit status, and what is said.
    let table = [
        (&data, None, 0, NETWORK),
        (&elsewhere, Some(&*url), 0, NETWORK),
        (&elsewhere, None, 0, "no network yet"),
        (&elsewhere, Some(&*nobody), 3, "No such file"),
        (&elsewhere, Some("https://example.org"), 2, "unix:///path/to/node.sock"),
    ];
    for (from, to, status, says) in table {
        let mut args = vec!["network", "list"];
        args.extend(to.iter().flat_map(|url| ["--node", url]));
        let outcome = cli(&from.0, None, &args);
        assert_eq!(outcome.status, status, "{args:?}: {}{}", outcome.out, outcome.err);
        assert!(format!("{}{}", outcome.out, outcome.err).contains(says), "{args:?}: {}", outcome.err);
    }
    // What was asked through it happened there.
    let add = ["--node", &url, "--network", NETWORK, "--as", "Ines", "member", "add", "Lea"];
    cli(&elsewhere.0, None, &add).ok();
    let members = cli(&data.0, None, &["--network", NETWORK, "member", "list"]).ok();
    assert!(members.out.contains("Lea"), "{}", members.out);
    // A second node on the same folder is turned away; rebuilding wants the folder for itself.
    for args in [&["serve"][..], &["rebuild"][..]] {
        let outcome = cli(&data.0, None, args);
        assert_eq!(outcome.status, 1, "{}", outcome.err);
        assert!(outcome.err.contains("already-running"), "{}", outcome.err);
    }
    drop(node);
}
