//! REST: what the pages show, as documents; every answer a document or a problem.

use serde_json::{Value as Json, json};
use tests::http::Browser;
use tests::node::Node;
use tests::{Folder, cli, root};

use crate::founded::{Library, NETWORK, found};

struct Door {
    data: Folder,
    node: Node,
    library: Library,
    amara: Browser,
    word: String,
}

fn door(name: &str) -> Door {
    let data = Folder::new(name);
    let library = found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let amara = Browser::sign_in(&node.base, NETWORK, "Amara", "amara-secret");
    let word = amara.get(&format!("/n/{NETWORK}/people")).form("/sign-out").1["word"].clone();
    Door { data, node, library, amara, word }
}

fn at(path: &str) -> String {
    format!("/api/v1/networks/{NETWORK}{path}")
}

fn id_of(n: u32) -> String {
    format!("01926b5e-7d00-7000-8000-{n:012x}")
}

impl Door {
    fn event(&self, n: u32, name: &str) -> Json {
        let Library { amara, piece, .. } = &self.library;
        json!({"id": id_of(n), "action": "raise", "provider": amara, "receiver": amara,
               "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": piece}, "newResource": {"name": name}})
    }
}

#[test]
fn networks_members_and_rules() {
    let door = door("rest-rules");
    let (status, networks) = Browser::new(&door.node.base).ask("/api/v1/networks");
    assert_eq!((status, networks["items"].as_array().map(Vec::len)), (200, Some(1)), "{networks}");
    assert_eq!(networks["items"][0]["name"], NETWORK);
    let (_, network) = door.amara.ask(&at(""));
    assert_eq!(network["you"], json!(door.library.amara));
    let (_, members) = door.amara.ask(&at("/members"));
    let names: Vec<&str> =
        members["items"].as_array().expect("items").iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, ["Ines", "Jonas", "Amara", "Kofi"]);
    // The same hash on the command line, on the door, and in the receipt of the founding.
    let (_, rules) = door.amara.ask(&at("/rules"));
    let list = cli(&door.data.0, None, &["--json", "network", "list"]).ok().json();
    assert_eq!((&rules["hash"], &network["rules"]["hash"]), (&list[0]["hash"], &list[0]["hash"]));
    assert_eq!(rules["decidedBy"]["command"], door.library.founding["receipt"]["command"]);
    let settle =
        rules["policies"].as_array().expect("policies").iter().find(|one| one["id"] == "settle-first");
    assert!(settle.expect("the policy")["text"].as_str().expect("its text").contains("forbid"));
    assert!(rules["since"]["time"].as_str().is_some_and(|time| time.ends_with('Z')), "{}", rules["since"]);
}

#[test]
fn an_event_is_captured_and_explained() {
    let door = door("rest-event");
    let (status, receipt) = door.amara.tell(&at("/events"), &door.word, &door.event(1, "Saw"));
    assert_eq!(status, 200, "{receipt}");
    assert_eq!(door.amara.tell(&at("/events"), &door.word, &door.event(1, "Saw")).1, receipt, "once");
    assert_eq!(door.amara.tell(&at("/events"), &door.word, &door.event(1, "Axe")).0, 409);
    let (_, again) = door.amara.ask(&at(&format!("/receipts/{}", id_of(1))));
    assert_eq!(again, receipt);
    let (_, command) = door.amara.ask(&at(&format!("/commands/{}", id_of(1))));
    assert_eq!((&command["receipt"], &command["command"]["acts"][0]["act"]), (&receipt, &json!("record")));
    let thing = receipt["made"].as_array().expect("made").iter().find(|row| row[0] == "EconomicResource");
    let thing = thing.expect("a thing")[1].as_str().expect("an id");
    let (_, record) = door.amara.ask(&at(&format!("/records/EconomicResource/{thing}")));
    assert_eq!(record["onhandQuantity"], json!({"hasNumericalValue": "1", "hasUnit": door.library.piece}));
    assert_eq!((&record["name"], &record["version"]), (&json!("Saw"), &json!(1)));
    // A refusal is a receipt too, and explains itself in the network's words.
    let mut theirs = door.event(2, "x");
    theirs.as_object_mut().expect("an object").remove("newResource");
    theirs["action"] = json!("lower");
    theirs["resourceInventoriedAs"] = json!(door.library.chainsaw);
    let (status, refused) = door.amara.tell(&at("/events"), &door.word, &theirs);
    assert_eq!((status, &refused["verdict"]), (403, &json!("refuse")), "{refused}");
    let (_, why) = door.amara.ask(&at(&format!("/decisions/{}", id_of(2))));
    assert!(why["sentence"].is_string() && why["remedy"].is_string(), "{why}");
    assert!(!why["reasons"].as_array().expect("reasons").is_empty(), "{why}");
    let (_, decisions) = door.amara.ask(&at("/decisions?limit=2"));
    assert_eq!(decisions["items"][0]["command"], json!(id_of(2)));
    assert_eq!(decisions["items"][1]["command"], json!(id_of(1)));
    // Whose business it is not, is told of nothing.
    let kofi = Browser::sign_in(&door.node.base, NETWORK, "Kofi", "kofi-secret");
    for what in ["receipts", "commands", "decisions"] {
        let (status, problem) = kofi.ask(&at(&format!("/{what}/{}", id_of(2))));
        assert_eq!((status, &problem["type"]), (404, &json!("urn:reflow:problem:not-found")), "{what}");
    }
}

#[test]
fn pages_neither_repeat_nor_skip_while_others_write() {
    let door = door("rest-pages");
    let list = at("/records/EconomicResource");
    let mut seen = Vec::new();
    let mut next = String::new();
    for n in 0.. {
        let (status, page) = door.amara.ask(&format!("{list}?limit=1{next}"));
        assert_eq!(status, 200, "{page}");
        seen.extend(page["items"].as_array().expect("items").iter().map(|one| one["id"].clone()));
        // Two more come in while somebody is turning pages.
        if n < 2 {
            assert_eq!(door.amara.tell(&at("/events"), &door.word, &door.event(n + 1, "More")).0, 200);
        }
        match page["next"].as_str() {
            Some(cursor) => next = format!("&after={cursor}"),
            None => break,
        }
        assert!(n < 100, "it never ends");
    }
    let (_, all) = door.amara.ask(&list);
    let all: Vec<Json> =
        all["items"].as_array().expect("items").iter().map(|one| one["id"].clone()).collect();
    assert_eq!((seen.len(), &seen), (5, &all));
}

#[test]
fn every_wrong_question_gets_a_problem() {
    let door = door("rest-problems");
    let (_, page) = door.amara.ask(&at("/records/EconomicResource?limit=1"));
    let cursor = page["next"].as_str().expect("a cursor").to_owned();
    let stranger = Browser::new(&door.node.base);
    let nowhere = "/api/v1/networks/nowhere/rules".to_owned();
    let table = [
        (&door.amara, at(&format!("/records/Intent?after={cursor}")), 400, "bad-cursor"),
        (&door.amara, at("/records/Intent?after=!!"), 400, "bad-cursor"),
        (&door.amara, at("/records/Intent?colour=red"), 400, "malformed"),
        (&door.amara, at("/records/Intent?limit=-1"), 400, "malformed"),
        (&door.amara, at("/records/Spaceship"), 404, "unknown-class"),
        (&door.amara, at("/records/Intent/what"), 400, "malformed"),
        (&door.amara, at(&format!("/records/Intent/{}", id_of(9))), 404, "not-found"),
        (&door.amara, at(&format!("/records/Intent/{}", door.library.drill)), 404, "not-found"),
        (&door.amara, at("/nothing"), 404, "unknown-endpoint"),
        (&door.amara, at("/events"), 405, "method-not-allowed"),
        (&door.amara, nowhere, 404, "unknown-network"),
        (&stranger, at("/rules"), 401, "not-signed-in"),
        (&stranger, at("/records/Intent"), 401, "not-signed-in"),
    ];
    for (who, path, status, code) in table {
        let answer = who.ask(&path);
        assert_eq!(
            (answer.0, &answer.1["type"]),
            (status, &json!(format!("urn:reflow:problem:{code}"))),
            "{path}"
        );
        assert_eq!(answer.1["status"], status, "{path}");
        assert!(answer.1["title"].as_str().is_some_and(|title| !title.is_empty()), "{path}");
    }
    for (body, status) in
        [(json!([]), 400), (json!({"action": 1}), 400), (json!({"action": "raise", "x": 1}), 400)]
    {
        assert_eq!(door.amara.tell(&at("/events"), &door.word, &body).0, status, "{body}");
        assert_eq!(door.amara.tell(&at("/events"), "wrong", &body).0, 401, "{body}");
    }
}

#[test]
fn the_served_description_is_the_kept_one() {
    let data = Folder::new("openapi");
    found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let (_, served) = Browser::new(&node.base).ask("/api/v1/openapi.json");
    let path = root().join("host/api/openapi.json");
    if std::env::var_os("REFLOW_UPDATE").is_some() {
        let text = serde_json::to_string_pretty(&served).expect("JSON");
        std::fs::write(&path, format!("{text}\n")).expect("written");
    }
    let kept: Json = serde_json::from_str(&std::fs::read_to_string(path).expect("kept")).expect("JSON");
    assert_eq!(served, kept, "run with REFLOW_UPDATE=1 if the change is meant");
}
