//! The dry run for outsiders: Cedar's own answers, on what they bring, where the operator allows it.

use serde_json::{Value as Json, json};
use tests::Folder;
use tests::http::Browser;
use tests::node::Node;

use crate::founded::{NETWORK, found};

const PATH: &str = "/api/v1/dry-run/decide";

const SCHEMA: &str = "entity User in [Team] { age: Long }; entity Team; entity Photo { owner: User };\n\
    action view appliesTo { principal: User, resource: Photo, context: { ip: ipaddr } };";

fn entities() -> Json {
    let user = |id: &str, age: i64, team: &str| json!({"uid": {"type": "User", "id": id}, "attrs": {"age": age}, "parents": [{"type": "Team", "id": team}]});
    json!([user("ada", 30, "friends"), user("bob", 9, "others"),
        {"uid": {"type": "Team", "id": "friends"}, "attrs": {}, "parents": []},
        {"uid": {"type": "Team", "id": "others"}, "attrs": {}, "parents": []},
        {"uid": {"type": "Photo", "id": "sea"}, "attrs": {"owner": {"__entity": {"type": "User", "id": "ada"}}}, "parents": []}])
}

fn request(user: &str) -> Json {
    let ip = json!({"ip": {"__extn": {"fn": "ip", "arg": "10.0.0.7"}}});
    json!({"principal": {"type": "User", "id": user}, "action": {"type": "Action", "id": "view"},
           "resource": {"type": "Photo", "id": "sea"}, "context": ip})
}

#[test]
fn outsiders_get_cedar_s_own_answers() {
    let data = Folder::new("dry-run");
    found(&data.0, None);
    let node = Node::serve_with(&data.0, &["--dry-run"]);
    let amara = Browser::sign_in(&node.base, NETWORK, "Amara", "amara-secret");
    let word = amara.get(&format!("/n/{NETWORK}/people")).form("/sign-out").1["word"].clone();
    let ask = |policies: &str, requests: Json| {
        let body =
            json!({"policies": policies, "schema": SCHEMA, "entities": entities(), "requests": requests});
        amara.tell(PATH, &word, &body)
    };
    let policies = "permit (principal in Team::\"friends\", action, resource);\n\
        forbid (principal, action, resource) when { principal.age < 18 };\n\
        permit (principal, action, resource) when { context.ip.isLoopback() };\n\
        permit (principal, action, resource) when { principal.age + 9223372036854775807 > 0 };";
    let (status, outcome) = ask(policies, json!([request("ada"), request("bob")]));
    assert_eq!(status, 200, "{outcome}");
    assert_eq!(outcome["problems"], json!([]));
    let said = |n: usize| (&outcome["results"][n]["decision"], &outcome["results"][n]["reasons"]);
    assert_eq!(said(0), (&json!("allow"), &json!(["policy0"])));
    assert_eq!(said(1), (&json!("deny"), &json!(["policy1"])));
    assert_eq!(outcome["results"][0]["errors"][0]["policy"], "policy3", "{outcome}");
    let (_, odd) = ask("permit (principal, action, resource) when { principal.shoe == 1 };", json!([]));
    assert_eq!(odd["problems"].as_array().map(Vec::len), Some(1), "{odd}");
    // What cannot be read is refused whole, with the place.
    let mut elsewhere = request("ada");
    elsewhere["action"]["id"] = json!("fly");
    let mut unchecked = elsewhere.clone();
    unchecked["validateRequest"] = json!(false);
    let table = [
        ("permit (", json!([]), 422, "policies"),
        ("", json!([elsewhere]), 422, "request 0"),
        ("", json!([{"principal": 1, "action": 1, "resource": 1}]), 422, "principal"),
        ("", json!(vec![request("ada"); 101]), 422, "at most 100"),
        ("", json!([unchecked]), 200, "deny"),
    ];
    for (policies, requests, status, says) in table {
        let (got, answer) = ask(policies, requests);
        assert_eq!(got, status, "{policies} {answer}");
        assert!(answer.to_string().contains(says), "{policies} {answer}");
    }
    let deep = format!(
        "permit (principal, action, resource) when {{ {}true{} }};",
        "(".repeat(5_000),
        ")".repeat(5_000)
    );
    let (status, answer) = ask(&deep, json!([]));
    assert_eq!(status, 422, "{answer}");
    assert!(answer.to_string().contains("nested too deeply"), "{answer}");
    assert_eq!(amara.get("/readyz").status, 200, "and the node goes on");
    assert_eq!(amara.tell(PATH, "wrong", &json!({})).0, 401);
    // Each takes a process for a moment: sixty at once, then ten a second.
    let refused = (0..400).map(|_| ask("", json!([]))).find(|answer| answer.0 != 200);
    assert_eq!(refused.expect("there is an end to it").1["type"], "urn:reflow:problem:too-often");
}

#[test]
fn it_is_closed_unless_the_operator_opens_it() {
    let data = Folder::new("dry-run-closed");
    found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let amara = Browser::sign_in(&node.base, NETWORK, "Amara", "amara-secret");
    let (status, problem) = amara.tell(PATH, "any", &json!({}));
    assert_eq!((status, &problem["type"]), (403, &json!("urn:reflow:problem:dry-run-closed")));
}
