//! The console's door: one node a folder, reached by its socket from wherever its owner is.

use tests::http::Browser;
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

#[test]
fn another_password_signs_everybody_out() {
    let data = Folder::new("password");
    found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let old = Browser::sign_in(&node.base, NETWORK, "Amara", "amara-secret");
    let things = format!("/n/{NETWORK}/things");
    assert_eq!(old.get(&things).status, 200);
    let args = ["--network", NETWORK, "--json", "member", "password"];
    let made = cli(&data.0, None, &[&args[..], &["Amara"]].concat()).ok().json();
    let password = made["password"].as_str().expect("a password").to_owned();
    assert_eq!(old.get(&things).status, 303, "signed out");
    let sign_in = |password: &str| {
        let fields = [("name", "Amara"), ("password", password)];
        Browser::new(&node.base).post(&format!("/n/{NETWORK}/sign-in"), &fields).status
    };
    assert_eq!((sign_in("amara-secret"), sign_in(&password)), (401, 303));
    for (more, says) in
        [(&["Nobody"][..], "nobody signs in"), (&["Amara", "--password", ""], "from 1 to 200")]
    {
        let refused = cli(&data.0, None, &[&args[..], more].concat());
        assert!(refused.status == 1 && refused.out.contains(says), "{}", refused.out);
    }
    assert_eq!(sign_in(&password), 303, "and nothing was changed");
}

#[test]
fn whoever_started_the_node_is_told_that_it_is_ready() {
    let data = Folder::new("notify");
    found(&data.0, None);
    let socket = data.join("notify.sock");
    let told = std::os::unix::net::UnixDatagram::bind(&socket).expect("a socket");
    told.set_read_timeout(Some(std::time::Duration::from_secs(20))).expect("a timeout");
    let mut bytes = [0; 64];
    let mut next = || {
        let length = told.recv(&mut bytes).expect("something is said");
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    };
    let variable = format!("NOTIFY_SOCKET={}", socket.display());
    let node = Node::serve_under(&["env", &variable], &data.0);
    assert_eq!(next(), "READY=1");
    node.ask_to_stop();
    assert_eq!(next(), "STOPPING=1");
    assert_eq!(node.ended(), Some(0));
}
