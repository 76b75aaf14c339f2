//! Bad input at the command door: a clear answer, no record, no effect, and the next request answered.

use serde_json::{Value as Json, json};
use tests::http::Browser;
use tests::node::Node;
use tests::{Folder, cli};

use crate::founded::{Door, Library, NETWORK, door, found, id_of};

fn send(door: &Door, id: u32, acts: Json) -> (u16, Json) {
    let command = json!({"id": id_of(id), "agent": door.library.amara, "acts": acts});
    door.amara.tell(&format!("/api/v1/networks/{NETWORK}/commands"), &door.word, &command)
}

#[test]
fn acts_that_make_no_sense_are_refused_with_a_code() {
    let door = door("bad-acts");
    let Library { amara, chainsaw, drill, piece, euro, .. } = &door.library;
    let measure = |n: &str, unit: &str| json!({"hasNumericalValue": n, "hasUnit": unit});
    let raise = |quantity: Json, more: Json| {
        let mut event =
            json!({"action": "raise", "provider": amara, "receiver": amara, "resourceQuantity": quantity});
        event.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        json!([{"act": "record", "event": event, "newResource": {"name": "Thing"}}])
    };
    let nobody = id_of(999);
    const LATER: &str = "contradicting-times";
    // Acts, the status, and the code that the answer carries. What could be a network's own action is its rules' to know.
    let table = [
        (raise(measure("1", piece), json!({"action": "steal it"})), 400, "malformed"),
        (raise(measure("1", piece), json!({"action": "steal"})), 422, "unknown-action"),
        (raise(measure("1.5", piece), json!({})), 422, "too-many-digits"),
        (raise(measure("90071992547409920", piece), json!({})), 422, "quantity-too-large"),
        (raise(measure("1e5", piece), json!({})), 400, "malformed"),
        (raise(measure("1", &nobody), json!({})), 422, "unknown-record"),
        (raise(measure("-1", piece), json!({})), 422, "not-enough"),
        (raise(measure("1", piece), json!({"toLocation": nobody})), 422, "unknown-record"),
        (raise(measure("1", piece), json!({"hasBeginning": 2, "hasEnd": 1})), 422, "contradicting-times"),
        (raise(measure("1", piece), json!({"hasPointInTime": 1, "hasEnd": 1})), 422, "contradicting-times"),
        (raise(measure("1", piece), json!({"hasPointInTime": 9_000_000_000_000_000i64})), 422, LATER),
        (raise(measure("1", piece), json!({"colour": "red"})), 400, "malformed"),
        (json!([{"act": "fallDue", "commitment": nobody, "at": 1}]), 400, "malformed"),
        (
            json!([{"act": "found", "name": "x", "book": {}, "stewards": [], "sandbox": true}]),
            400,
            "malformed",
        ),
        (json!([]), 400, "malformed"),
        (json!(vec![json!({"act": "withdraw", "agreement": nobody}); 1_001]), 400, "malformed"),
        // An act on somebody else's thing.
        (
            json!([{"act": "record", "event": {"action": "lower", "provider": amara, "receiver": amara,
            "resourceInventoriedAs": chainsaw, "resourceQuantity": measure("1", piece)}}]),
            403,
            "not-permitted",
        ),
        (
            json!([{"act": "record", "event": {"action": "transferCustody", "provider": amara, "receiver": amara,
            "resourceInventoriedAs": drill, "toResourceInventoriedAs": drill, "resourceQuantity": measure("1", euro)}}]),
            403,
            "not-permitted",
        ),
        (json!([{"act": "advanceClock", "by": 1_000_000}]), 403, "not-permitted"),
        (json!([{"act": "admit", "name": "Mallory", "roles": ["steward"]}]), 403, "not-permitted"),
        (json!([{"act": "train", "member": amara, "training": "chainsaw"}]), 403, "not-permitted"),
    ];
    for (n, (acts, status, code)) in table.into_iter().enumerate() {
        let (got, body) = send(&door, n as u32 + 1, acts.clone());
        assert_eq!(got, status, "{acts}\n{body}");
        let told = body["refused"]["code"]
            .as_str()
            .or(body["type"].as_str().and_then(|kind| kind.rsplit(':').next()));
        assert_eq!(told, Some(code), "{acts}\n{body}");
        if status != 400 {
            assert_eq!(body["made"], json!([]), "a refusal makes nothing");
            assert!(body["refused"]["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()), "{body}");
        }
    }
    // A refusal left one entry that can be explained; and the node goes on.
    door.amara.get(&format!("/n/{NETWORK}/why/{}", id_of(17))).says("That was not possible");
    let (status, body) = send(&door, 900, raise(measure("1", piece), json!({})));
    assert_eq!(status, 200, "{body}");
}

#[test]
fn bytes_that_are_no_command_leave_nothing() {
    let door = door("bad-bytes");
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let table: [(&[u8], u16); 6] = [
        (b"", 400),
        (b"{", 400),
        (br#"{"id":1,"id":2}"#, 400),
        (br#"{"id": 1e9999}"#, 400),
        (deep.as_bytes(), 400),
        (b"\xff\xfe", 400),
    ];
    for (body, status) in table {
        let answer = door.amara.command(NETWORK, &door.word, body);
        assert_eq!(answer.status, status, "{:?} {}", &body[..body.len().min(40)], answer.body);
    }
    // The form's word and the session are both needed; a stranger gets nothing.
    assert_eq!(door.amara.command(NETWORK, "wrong", b"{}").status, 401);
    assert_eq!(door.amara.command("nowhere", &door.word, b"{}").status, 404);
    let stranger = Browser::new(&door.node.base);
    assert_eq!(stranger.command(NETWORK, &door.word, b"{}").status, 401);
    assert_eq!(stranger.get(&format!("/n/{NETWORK}/things")).location.as_deref(), Some("/n/library/sign-in"));
    assert_eq!(stranger.get("/readyz").status, 200);
}

#[test]
fn a_body_of_a_hundred_megabytes_is_turned_away() {
    use std::io::{Read, Write};
    let door = door("big-body");
    let address = door.node.base.trim_start_matches("http://").to_owned();
    for path in [format!("/api/v1/networks/{NETWORK}/commands"), "/graphql".to_owned()] {
        let mut stream = std::net::TcpStream::connect(&address).expect("the node listens");
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 104857600\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).expect("the head is taken");
        let mut answer = Vec::new();
        // The answer comes before the body was sent: its length alone turns it away.
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("body-too-large"), "{path}: {answer}");
        assert_eq!(door.amara.get("/readyz").status, 200);
    }
}

#[test]
fn one_id_is_one_command_for_ever() {
    let door = door("ids");
    let Library { piece, amara, .. } = &door.library;
    let acts = |name: &str| {
        json!([{"act": "record",
            "event": {"action": "raise", "provider": amara, "receiver": amara,
                      "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": piece}},
            "newResource": {"name": name}}])
    };
    let (status, first) = send(&door, 7, acts("Saw"));
    assert_eq!(status, 200, "{first}");
    let (status, again) = send(&door, 7, acts("Saw"));
    assert_eq!((status, &again), (200, &first), "the same id and body give the stored receipt");
    let (status, other) = send(&door, 7, acts("Axe"));
    assert_eq!(status, 409, "{other}");
    // Somebody else's agent cannot be borrowed.
    let command = json!({"id": id_of(8), "agent": door.library.ines, "acts": acts("Axe")});
    assert_eq!(door.amara.command(NETWORK, &door.word, command.to_string().as_bytes()).status, 403);
}

#[test]
fn a_thing_that_is_out_or_promised_is_not_lent_twice() {
    let data = Folder::new("twice");
    let library = found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let (amara, kofi) = (
        Browser::sign_in(&node.base, NETWORK, "Amara", "amara-secret"),
        Browser::sign_in(&node.base, NETWORK, "Kofi", "kofi-secret"),
    );
    let page = format!("/n/{NETWORK}/things/{}", library.drill);
    let borrow = kofi.get(&page).link("Borrow this");
    let quote = kofi.get(&borrow);
    amara.submit(&amara.get(&borrow), "/borrow/", &[]).says("Done");
    // Kofi still has the page open and sends it: too late, and told so.
    kofi.submit(&quote, "/borrow/", &[]).says("That was not possible").says("promised to somebody already");
    // Both can be called off before anything was handed over; then it is free again.
    let loans = amara.get(&format!("/n/{NETWORK}/loans"));
    amara.submit(&loans, "/withdraw/", &[]).says("Done");
    kofi.submit(&kofi.get(&borrow), "/borrow/", &[]).says("Done");
}

#[test]
fn a_changed_price_is_refused_with_the_new_one() {
    let data = Folder::new("price");
    let library = found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let amara = Browser::sign_in(&node.base, NETWORK, "Amara", "amara-secret");
    let borrow = amara.get(&format!("/n/{NETWORK}/things/{}", library.drill)).link("Borrow this");
    let quote = amara.get(&borrow);
    let late = amara.get(&borrow);
    let (path, mut fields) = quote.form("/borrow/");
    fields.insert("digest".into(), "0".repeat(64));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    let answer = amara.post(&path, &fields);
    amara
        .get(&answer.location.expect("an explanation"))
        .says("The price has changed")
        .says("deposit 20.00 EUR");
    // The quote runs out.
    cli(&data.0, None, &["--network", NETWORK, "--as", "Ines", "clock", "advance", "1h"]).ok();
    amara.submit(&late, "/borrow/", &[]).says("The quote has expired");
}

#[test]
fn a_thing_is_counted_in_one_unit() {
    let data = Folder::new("unit");
    let library = found(&data.0, None);
    let owner = crate::founded::made(&library.founding["receipt"], "Organization");
    let raise = |unit: &str| {
        let acts = json!([{"act": "record", "event": {"action": "raise", "provider": owner, "receiver": owner,
            "resourceInventoriedAs": library.drill, "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": unit}}}]);
        let args = ["--network", NETWORK, "--as", "Ines", "--json", "act", "-"];
        tests::node::cli_with(&data.0, None, &args, &acts.to_string())
    };
    let refused = raise(&library.euro);
    assert_eq!((refused.status, &refused.json()["code"]), (1, &json!("wrong-unit")), "{}", refused.out);
    raise(&library.piece).ok();
}
