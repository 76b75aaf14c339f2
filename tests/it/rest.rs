//! REST: what the pages show, as documents; every answer a document or a problem.

use serde_json::{Value as Json, json};
use tests::http::Browser;
use tests::node::Node;
use tests::{Folder, cli, root};

use crate::founded::{Door, Library, NETWORK, door, found, id_of};

fn at(path: &str) -> String {
    format!("/api/v1/networks/{NETWORK}{path}")
}

fn event(door: &Door, n: u32, name: &str) -> Json {
    let Library { amara, piece, .. } = &door.library;
    json!({"id": id_of(n), "action": "raise", "provider": amara, "receiver": amara,
               "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": piece}, "newResource": {"name": name}})
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
    let (status, receipt) = door.amara.tell(&at("/events"), &door.word, &event(&door, 1, "Saw"));
    assert_eq!(status, 200, "{receipt}");
    assert_eq!(door.amara.tell(&at("/events"), &door.word, &event(&door, 1, "Saw")).1, receipt, "once");
    assert_eq!(door.amara.tell(&at("/events"), &door.word, &event(&door, 1, "Axe")).0, 409);
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
    let mut theirs = event(&door, 2, "x");
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
            assert_eq!(door.amara.tell(&at("/events"), &door.word, &event(&door, n + 1, "More")).0, 200);
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

/// A time in the future, as documents write it.
pub(crate) fn in_days(days: u64) -> String {
    let output =
        std::process::Command::new("date").args(["-u", "-d", &format!("{days} days"), "+%FT%TZ"]).output();
    String::from_utf8(output.expect("date").stdout).expect("text").trim().to_owned()
}

#[test]
fn a_token_opens_what_was_delegated_and_nothing_else() {
    let door = door("rest-token");
    let wish = json!({"name": "scale", "acts": ["raise", "see"], "until": in_days(30)});
    let (status, made) = door.amara.tell(&at("/tokens"), &door.word, &wish);
    assert_eq!(status, 200, "{made}");
    let scale = Browser::with_bearer(&door.node.base, made["token"].as_str().expect("shown once"));
    // It writes in Amara's name, and the journal says by which door.
    let (status, receipt) = scale.tell(&at("/events"), "", &event(&door, 1, "Weighed"));
    assert_eq!(status, 200, "{receipt}");
    let (_, decision) = scale.ask(&at(&format!("/decisions/{}", id_of(1))));
    assert_eq!((&decision["agent"], &decision["via"]), (&json!(door.library.amara), &json!("token")));
    let (_, things) = scale.ask(&at("/records/EconomicResource"));
    assert_eq!(things["items"].as_array().map(Vec::len), Some(4), "three of the library's and her own");
    // Everything else is refused, in words.
    let thing = receipt["made"].as_array().expect("made").iter().find(|row| row[0] == "EconomicResource");
    let mut lower = event(&door, 2, "x");
    lower.as_object_mut().expect("an object").remove("newResource");
    lower["action"] = json!("lower");
    lower["resourceInventoriedAs"] = thing.expect("a thing")[1].clone();
    let on = |n: u32, act: Json| json!({"id": id_of(n), "agent": door.library.amara, "acts": [act]});
    let delegate = json!({"act": "delegate", "delegator": door.library.amara, "delegate": door.library.amara,
        "acts": ["lower"], "hasEnd": 4_000_000_000_000_000i64});
    let revoke = json!({"act": "revoke", "delegation": made["delegation"]});
    for (path, body) in
        [("/events", lower.clone()), ("/commands", on(3, delegate)), ("/commands", on(4, revoke))]
    {
        let (status, refused) = scale.tell(&at(path), "", &body);
        assert_eq!((status, &refused["refused"]["code"]), (403, &json!("forbidden")), "{body}\n{refused}");
        let policies = refused["refused"]["reasons"].as_array().expect("reasons");
        assert!(
            policies.iter().any(|one| one["policy"].as_str().is_some_and(|id| id.starts_with("protected")))
        );
    }
    assert_eq!(scale.tell(&at("/tokens"), "", &wish).1["type"], "urn:reflow:problem:session-only");
    // One that may not see sees nothing; one act of the nineteen stands for all of them as `record`.
    let wish = json!({"name": "blind", "acts": ["record"], "until": in_days(30)});
    let (_, blind) = door.amara.tell(&at("/tokens"), &door.word, &wish);
    let blind = Browser::with_bearer(&door.node.base, blind["token"].as_str().expect("shown once"));
    assert_eq!(blind.ask(&at("/records/EconomicResource")).1["items"], json!([]));
    assert_eq!(blind.tell(&at("/events"), "", &event(&door, 5, "Unseen")).0, 200);
    // Revoked: the key opens nothing, at once.
    let (_, list) = door.amara.ask(&at("/tokens"));
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
    assert!(!list.to_string().contains("rft_"), "a secret is shown once");
    let path = at(&format!("/tokens/{}", made["delegation"].as_str().expect("an id")));
    assert_eq!(door.amara.end(&path, &door.word).0, 200);
    assert_eq!(door.amara.end(&path, &door.word).0, 422, "it has ended already");
    let (status, problem) = scale.ask(&at("/records/EconomicResource"));
    assert_eq!((status, &problem["type"]), (401, &json!("urn:reflow:problem:bad-token")));
    // Run out, by the books' own time.
    cli(&door.data.0, None, &["--network", NETWORK, "--as", "Ines", "clock", "advance", "31d"]).ok();
    assert_eq!(blind.tell(&at("/events"), "", &event(&door, 6, "Late")).0, 401);
    drop(door.node);
    cli(&door.data.0, None, &["verify"]).ok();
}

#[test]
fn the_console_makes_tokens_too() {
    let door = door("rest-console-token");
    let new = ["--network", NETWORK, "--as", "Amara", "--json", "token", "new", "scale", "--act", "raise"];
    let made = cli(&door.data.0, None, &new).ok().json();
    let scale = Browser::with_bearer(&door.node.base, made["token"].as_str().expect("shown"));
    assert_eq!(scale.tell(&at("/events"), "", &event(&door, 1, "Weighed")).0, 200);
    let long = [&new[..], &["--days", "4000"]].concat();
    let refused = cli(&door.data.0, None, &long);
    assert_eq!((refused.status, &refused.json()["code"]), (1, &json!("bad-value")), "{}", refused.out);
}

#[test]
fn a_token_lives_by_the_books_own_time() {
    // The demo's calendar stands days behind the real one: a token for a day is none the less good.
    let data = Folder::new("rest-demo-token");
    cli(&data.0, None, &["demo", "--only-found"]).ok();
    let node = Node::serve(&data.0, None);
    let demo = ["--network", "corner-workshop", "--as", "Amara", "--json"];
    let new = [&demo[..], &["token", "new", "scale", "--act", "see", "--days", "1"]].concat();
    let made = cli(&data.0, None, &new).ok().json();
    let scale = Browser::with_bearer(&node.base, made["token"].as_str().expect("shown"));
    let things = "/api/v1/networks/corner-workshop/records/EconomicResource";
    assert_eq!(scale.ask(things).1["items"].as_array().map(Vec::len), Some(40));
    cli(&data.0, None, &["--network", "corner-workshop", "--as", "Ines", "clock", "advance", "2d"]).ok();
    assert_eq!(scale.ask(things).0, 401);
}

#[test]
fn a_token_is_wished_for_properly() {
    let door = door("rest-wish");
    let kofi = Browser::sign_in(&door.node.base, NETWORK, "Kofi", "kofi-secret");
    let kofis = kofi.get(&format!("/n/{NETWORK}/people")).form("/sign-out").1["word"].clone();
    let wish = |acts: Json, until: &str| json!({"name": "x", "acts": acts, "until": until});
    let table = [
        (wish(json!([]), &in_days(1)), 422),
        (wish(json!(["raise"]), "yesterday"), 400),
        (wish(json!(["raise"]), "2001-01-01T00:00:00Z"), 422),
        (wish(json!(["raise"]), &in_days(3_000)), 422),
        (wish(json!("raise"), &in_days(1)), 400),
        (json!({"name": "x"}), 400),
        (json!({"name": "", "acts": ["raise"], "until": in_days(1)}), 400),
        (json!({"name": "x", "colour": "red"}), 400),
        (json!({"name": "x", "delegation": id_of(1)}), 404),
        (json!({"name": "x", "delegation": door.library.drill}), 404),
    ];
    for (body, status) in table {
        let (got, answer) = door.amara.tell(&at("/tokens"), &door.word, &body);
        assert_eq!(got, status, "{body}\n{answer}");
    }
    // Trusted by somebody else: Amara lets Kofi register in her name.
    let delegate = json!({"act": "delegate", "delegator": door.library.amara, "delegate": agent(&door, "Kofi"),
        "acts": ["raise"], "hasEnd": 0});
    let mut delegate = delegate;
    let now =
        std::fs::metadata(door.data.join("node.sock")).and_then(|file| file.modified()).expect("a time");
    let us = now.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_micros();
    delegate["hasEnd"] = json!(i64::try_from(us).expect("before 2255") + 86_400_000_000);
    let command = json!({"id": id_of(1), "agent": door.library.amara, "acts": [delegate]});
    let (status, receipt) = door.amara.tell(&at("/commands"), &door.word, &command);
    assert_eq!(status, 200, "{receipt}");
    let delegation = crate::founded::made(&receipt, "Delegation");
    let wish = json!({"name": "for Amara", "delegation": delegation});
    assert_eq!(door.amara.tell(&at("/tokens"), &door.word, &wish).0, 404, "she did not trust herself");
    let (status, token) = kofi.tell(&at("/tokens"), &kofis, &wish);
    assert_eq!((status, &token["agent"]), (200, &json!(door.library.amara)), "{token}");
    let helper = Browser::with_bearer(&door.node.base, token["token"].as_str().expect("shown once"));
    assert_eq!(helper.tell(&at("/events"), "", &event(&door, 7, "Helped")).0, 200);
    for text in ["", "rft_", "x", &format!("rft_{}", "0".repeat(64))] {
        let nobody = Browser::with_bearer(&door.node.base, text);
        assert_eq!(nobody.ask(&at("/members")).0, 401, "{text}");
    }
}

fn agent(door: &Door, name: &str) -> Json {
    let (_, members) = door.amara.ask(&at("/members"));
    let one = members["items"].as_array().expect("items").iter().find(|one| one["name"] == name);
    one.expect("a member")["agent"].clone()
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

#[test]
fn a_page_is_only_so_long_and_nobody_asks_without_end() {
    let door = door("rest-limits");
    let Library { amara, piece, .. } = &door.library;
    let act = json!({"act": "record", "newResource": {}, "event": {"action": "raise", "provider": amara,
        "receiver": amara, "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": piece}}});
    let command = json!({"id": id_of(1), "agent": amara, "acts": vec![act; 110]});
    assert_eq!(door.amara.tell(&at("/commands"), &door.word, &command).0, 200);
    let (_, page) = door.amara.ask(&at("/records/EconomicResource?limit=1000"));
    assert_eq!((page["items"].as_array().map(Vec::len), page["next"].is_string()), (Some(100), true));
    // A thousand at once, then a hundred a second; Kofi has his own.
    let refused = (0..3_000).map(|_| door.amara.ask(&at(""))).find(|answer| answer.0 != 200);
    let (status, problem) = refused.expect("there is an end to it");
    assert_eq!((status, &problem["type"]), (429, &json!("urn:reflow:problem:too-often")));
    let kofi = Browser::sign_in(&door.node.base, NETWORK, "Kofi", "kofi-secret");
    assert_eq!(kofi.ask(&at("")).0, 200);
}
