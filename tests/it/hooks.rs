//! Webhooks: signed messages, within what was delegated, each once.

use serde_json::{Value as Json, json};
use tests::http::Browser;
use tests::node::Node;
use tests::town::Town;
use tests::{Folder, cli, seconds, webhook_signature};

struct Sender {
    path: String,
    secret: String,
}

impl Sender {
    fn send(&self, base: &str, id: &str, at: i64, body: &str) -> (u16, Json) {
        let timestamp = at.to_string();
        let signature = webhook_signature(&self.secret, id, &timestamp, body);
        self.send_as(base, [id, &timestamp, &signature], body)
    }

    fn send_as(&self, base: &str, [id, timestamp, signature]: [&str; 3], body: &str) -> (u16, Json) {
        let headers =
            [("webhook-id", id), ("webhook-timestamp", timestamp), ("webhook-signature", signature)];
        let answer = Browser::new(base).send_with(&self.path, &headers, body.as_bytes());
        (answer.status, serde_json::from_str(&answer.body).expect("a document"))
    }
}

#[test]
fn a_signed_message_is_one_command_within_what_was_delegated() {
    let town = Town::found("hooks");
    let made = town.does("Amara", &["token", "new", "till", "--act", "openCase", "--act", "see"]);
    let told = |name: &str| made["hook"][name].as_str().expect("a hook").to_owned();
    let till = Sender { path: told("path"), secret: told("secret") };
    let body = json!({"acts": [{"act": "openCase", "against": [], "statement": "The till is jammed",
                                "resourceInventoriedAs": town.tools.drill}]})
    .to_string();
    let (status, receipt) = till.send(town.base(), "msg_1", seconds(), &body);
    assert_eq!((status, receipt["verdict"].as_str()), (200, Some("permit")), "{receipt}");
    let (status, again) = till.send(town.base(), "msg_1", seconds(), &body);
    assert_eq!((status, &again["command"], &again["seq"]), (200, &receipt["command"], &receipt["seq"]));
    // The same name for another message; what was not delegated.
    let other = body.replace("jammed", "on fire");
    assert_eq!(till.send(town.base(), "msg_1", seconds(), &other).0, 409);
    let leave = json!({"acts": [{"act": "leave", "member": town.agent("Amara")}]}).to_string();
    assert_eq!(till.send(town.base(), "msg_2", seconds(), &leave).0, 403);
    // Not now, not by this secret, not this body, not signed, not a hook, not this network's.
    let good = seconds().to_string();
    let own = webhook_signature(&till.secret, "msg_3", &good, &body);
    for (status, what, sent) in [
        (401, "too old", till.send(town.base(), "msg_3", seconds() - 301, &body)),
        (401, "from the future", till.send(town.base(), "msg_3", seconds() + 400, &body)),
        (401, "no name", till.send(town.base(), "", seconds(), &body)),
        (401, "another body", till.send_as(town.base(), ["msg_3", &good, &own], &other)),
        (401, "another name", till.send_as(town.base(), ["msg_4", &good, &own], &body)),
        (401, "no signature", till.send_as(town.base(), ["msg_3", &good, ""], &body)),
        (401, "half of one", till.send_as(town.base(), ["msg_3", &good, &own[..20]], &body)),
        (401, "no time", till.send_as(town.base(), ["msg_3", "soon", &own], &body)),
        (400, "no acts", till.send(town.base(), "msg_5", seconds(), "{\"agent\": 1}")),
        (400, "no document", till.send(town.base(), "msg_6", seconds(), "acts")),
    ] {
        assert_eq!(sent.0, status, "{what}: {}", sent.1);
    }
    for path in [
        till.path.replace("library", "node"),
        format!("{}0", till.path),
        till.path.replace("hooks/", "hooks/x"),
    ] {
        let elsewhere = Sender { path, secret: till.secret.clone() };
        assert_eq!(elsewhere.send(town.base(), "msg_3", seconds(), &body).0, 401, "{}", elsewhere.path);
    }
    // A signature by a secret that is being replaced stands beside the new one.
    let both = format!("v1,AAAA {own}");
    assert_eq!(till.send_as(town.base(), ["msg_3", &good, &both], &body).0, 200);
    // The same secret holds where the node is restored, and none where the delegation has ended.
    let file = town.data.join("node.tar").display().to_string();
    cli(&town.data.0, None, &["backup", &file, "--unencrypted"]).ok();
    let into = Folder::new("hooks-there");
    cli(&into.0, None, &["restore", &file]).ok();
    let there = Node::serve(&into.0, None);
    assert_eq!(till.send(&there.base, "msg_7", seconds(), &body).0, 200);
    let delegation = made["delegation"].as_str().expect("an id");
    town.acts("Amara", &json!([{"act": "revoke", "delegation": delegation}]));
    let (status, _) = till.send(town.base(), "msg_8", seconds(), &body);
    assert!(matches!(status, 401 | 403), "{status}");
    town.verify();
}
