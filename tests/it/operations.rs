//! What an operator sets and sees: the configuration, quotas that bite, the admin listener.

use serde_json::json;
use tests::founded::{NETWORK, found};
use tests::load::Seat;
use tests::node::Node;
use tests::{Folder, cli, copy};

#[test]
fn a_quota_turns_away_and_writes_nothing() {
    let base = Folder::new("quotas");
    let library = found(&base.0, None);
    let table = [
        ("bytes = 1000", 507, "network-full"),
        ("records = 5", 507, "network-full"),
        ("entries-a-day = 3", 429, "too-much-today"),
        ("plugin-ms-a-day = 0", 429, "too-much-today"),
        ("bytes = 100000000\nrecords = 100000\nentries-a-day = 100000\nplugin-ms-a-day = 100000", 200, ""),
    ];
    for (quota, status, code) in table {
        for place in ["[quotas.each]".to_owned(), format!("[quotas.network.{NETWORK}]")] {
            let data = Folder::new("quota");
            copy(&base.join("reflow.sqlite"), &data.join("reflow.sqlite"));
            std::fs::write(data.join("reflow.toml"), format!("{place}\n{quota}\n")).expect("a configuration");
            let node = Node::serve(&data.0, None);
            let seat = Seat::take(&node, &library);
            let command = seat.command("01926b5e-7d00-7000-8000-000000000001", 1);
            let (found, body) = seat.send(&node.base, &command).expect("an answer");
            assert_eq!(found, status, "{place} {quota}: {body}");
            assert!(status == 200 || body.contains(&format!("urn:reflow:problem:{code}")), "{quota}: {body}");
            drop(node);
            // Turned away, not refused: with room the very same command goes through.
            std::fs::remove_file(data.join("reflow.toml")).expect("no configuration");
            let node = Node::serve(&data.0, None);
            assert_eq!(seat.send(&node.base, &command).expect("an answer").0, 200, "{quota}");
        }
    }
}

#[test]
fn a_configuration_is_checked_whole() {
    let data = Folder::new("config");
    let check = |text: &str| {
        std::fs::write(data.join("reflow.toml"), text).expect("a configuration");
        cli(&data.0, None, &["--json", "config", "check"])
    };
    let good = check("listen = \"127.0.0.1:4711\"\n[quotas.network.small]\nbytes = 5\n").ok().json();
    let row = |name: &str| {
        let rows = good.as_array().expect("rows").iter();
        rows.clone().find(|row| row["setting"] == name).cloned().unwrap_or_default()
    };
    assert_eq!(row("listen"), json!({"setting": "listen", "value": "127.0.0.1:4711", "from": "file"}));
    assert_eq!(row("database")["from"], "default");
    assert_eq!(row("quotas.network.small")["value"]["bytes"], 5);
    for (text, status, says) in [
        ("lissten = 1", 2, "lissten"),
        ("listen = 1", 2, "string"),
        ("[quotas.each]\nentries = 5", 2, "entries"),
        ("database-file = \"/nowhere/at/all\"", 3, "/nowhere/at/all"),
    ] {
        let refused = check(text);
        assert_eq!(refused.status, status, "{text}: {}{}", refused.out, refused.err);
        assert!(refused.out.contains(says), "{text}: {}", refused.out);
        // The same at every other command: nothing runs on half a configuration.
        assert_eq!(cli(&data.0, None, &["network", "list"]).status, status, "{text}");
    }
}

#[test]
fn the_operators_programs_have_a_listener_of_their_own() {
    let data = Folder::new("admin");
    let library = found(&data.0, None);
    let node = Node::serve_with_admin(&data.0, None);
    let (admin, ready) = (&node.admin, &node.base);
    let get = |base: &str, path: &str| tests::http::Browser::new(base).get(path);
    for path in ["/livez", "/readyz", "/metrics"] {
        assert_eq!(get(admin, path).status, 200, "{path}");
    }
    assert_eq!(get(ready, "/metrics").status, 404, "members' doors tell nobody how much there is");
    let metric = |name: &str| -> f64 {
        let text = get(admin, "/metrics").body;
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name} "))).map(str::to_owned);
        line.unwrap_or_else(|| panic!("no {name} in {text}")).parse().expect("a number")
    };
    let entries = format!("reflow_entries{{network=\"{NETWORK}\"}}");
    let (before, permitted) = (metric(&entries), metric("reflow_commands_total{answer=\"permitted\"}"));
    let browser = tests::http::Browser::sign_in(ready, NETWORK, "Amara", "amara-secret");
    let word = browser.get(&format!("/n/{NETWORK}/people")).form("/sign-out").1["word"].clone();
    let event = json!({"action": "raise", "provider": library.amara, "receiver": library.amara,
        "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": library.piece}});
    let command = json!({"id": "01926b5e-7d00-7000-8000-000000000001", "agent": library.amara,
        "acts": [{"act": "record", "event": event, "newResource": {"name": "Saw"}}]});
    assert_eq!(browser.command(NETWORK, &word, command.to_string().as_bytes()).status, 200);
    assert_eq!(metric(&entries), before + 1.0);
    assert_eq!(metric("reflow_commands_total{answer=\"permitted\"}"), permitted + 1.0);
}
