//! Subscriptions: what happens, as it happens, for whoever may see it; taken up again where it broke off.

use serde_json::{Value as Json, json};
use tests::http::Browser;

use crate::founded::{Door, Library, NETWORK, door, id_of};

const EVENTS: &str =
    "subscription { economicEvents { position economicEvent { action { id } provider { name } } } }";

fn raise(door: &Door, n: u32) -> Json {
    let Library { amara, piece, .. } = &door.library;
    let event = json!({"id": id_of(n), "action": "raise", "provider": amara, "receiver": amara,
        "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": piece}, "newResource": {"name": format!("Thing {n}")}});
    let path = format!("/api/v1/networks/{NETWORK}/events");
    let (status, receipt) = door.amara.tell(&path, &door.word, &event);
    assert_eq!(status, 200, "{receipt}");
    receipt
}

#[test]
fn what_happens_is_told_as_it_happens_and_again_after_a_break() {
    let door = door("streams-events");
    let mut stream = door.amara.follow(EVENTS, None);
    assert!(stream.status.contains("200"), "{}", stream.status);
    // The first look is over when a keep-alive could be sent; what is written from here on is new.
    let first = raise(&door, 1);
    let (name, id, data) = stream.event().expect("an event");
    assert_eq!((name.as_str(), id), ("next", first["seq"].as_u64()));
    let news = &data["data"]["economicEvents"];
    assert_eq!(news["economicEvent"], json!({"action": {"id": "raise"}, "provider": {"name": "Amara"}}));
    raise(&door, 2);
    assert_eq!(
        stream.next_data()["economicEvents"]["position"].as_u64(),
        first["seq"].as_u64().map(|seq| seq + 1)
    );
    drop(stream);
    // Meanwhile more happens; whoever comes back says what was read last.
    raise(&door, 3);
    raise(&door, 4);
    let mut again = door.amara.follow(EVENTS, id);
    let positions: Vec<u64> =
        (0..3).filter_map(|_| again.next_data()["economicEvents"]["position"].as_u64()).collect();
    let from = id.expect("an id");
    assert_eq!(positions, [from + 1, from + 2, from + 3]);
    let asked = EVENTS.replace("economicEvents {", &format!("economicEvents(after: {}) {{", from + 2));
    assert_eq!(door.amara.follow(&asked, None).next_data()["economicEvents"]["position"], json!(from + 3));
}

#[test]
fn two_events_of_one_command_are_both_told_to_whoever_comes_back_between_them() {
    let door = door("streams-two");
    let Library { amara, piece, .. } = &door.library;
    let act = json!({"act": "record", "newResource": {}, "event": {"action": "raise", "provider": amara, "receiver": amara,
        "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": piece}}});
    let command = json!({"id": id_of(1), "agent": amara, "acts": [act, act]});
    let path = format!("/api/v1/networks/{NETWORK}/commands");
    let mut stream = door.amara.follow(EVENTS, None);
    let (status, receipt) = door.amara.tell(&path, &door.word, &command);
    assert_eq!(status, 200, "{receipt}");
    let (_, first, _) = stream.event().expect("the first");
    let (_, second, _) = stream.event().expect("the second");
    assert_eq!((first, second), (receipt["seq"].as_u64().map(|seq| seq - 1), receipt["seq"].as_u64()));
    let mut again = door.amara.follow(EVENTS, first);
    assert_eq!(again.next_data()["economicEvents"]["position"], receipt["seq"]);
    assert_eq!(again.next_data()["economicEvents"]["position"], receipt["seq"]);
}

#[test]
fn each_is_told_what_they_may_see_and_no_longer_than_they_may() {
    let door = door("streams-eyes");
    let question = "subscription { decisions(after: 0) { position decision { command agent { name } } } }";
    let kofi = Browser::sign_in(&door.node.base, NETWORK, "Kofi", "kofi-secret");
    let word = kofi.get(&format!("/n/{NETWORK}/people")).form("/sign-out").1["word"].clone();
    let mut stream = kofi.follow(question, None);
    let receipt = raise(&door, 1);
    // Amara's decisions are hers; Kofi is told of his own.
    let refused =
        "mutation($command: ID) { createUnit(command: $command, unit: {label: \"kg\"}) { unit { id } } }";
    kofi.graphql(&word, refused, &json!({"command": id_of(2)}));
    let news = stream.next_data()["decisions"].clone();
    assert_eq!(news["decision"], json!({"command": id_of(2), "agent": {"name": "Kofi"}}));
    assert!(news["position"].as_u64() > receipt["seq"].as_u64());
    let own = door.amara.follow(question, None).next_data()["decisions"]["decision"].clone();
    assert_eq!(own, json!({"command": id_of(1), "agent": {"name": "Amara"}}));
    // Signed out, the stream ends with what it had to say.
    kofi.post(&format!("/n/{NETWORK}/sign-out"), &[("word", &word)]);
    assert_eq!(stream.event().map(|event| event.0).as_deref(), Some("complete"));
    let mut stranger = Browser::new(&door.node.base).follow(question, None);
    assert!(stranger.status.contains("401"), "{}", stranger.status);
    assert!(stranger.event().is_none());
    // Only so many at once.
    let streams: Vec<_> = (0..9).map(|_| door.amara.follow(question, None)).collect();
    let open = streams.iter().filter(|stream| stream.status.contains("200")).count();
    assert_eq!((open, streams.last().map(|stream| stream.status.contains("429"))), (8, Some(true)));
}

#[test]
fn what_is_offered_and_asked_for_is_told() {
    let door = door("streams-intents");
    let mut stream = door.amara.follow(
        "subscription { intents { intent { receiver { name } publishedIn { name purpose } } } }",
        None,
    );
    let publish = "mutation($me: ID!) { createProposal(proposal: { purpose: request, name: \"A tent\", publishes: [{ action: \"transfer-custody\", receiver: $me }] }) { proposal { id } } }";
    door.amara.data(&door.word, publish, &json!({"me": door.library.amara}));
    let news = stream.next_data()["intents"]["intent"].clone();
    assert_eq!(
        news,
        json!({"receiver": {"name": "Amara"}, "publishedIn": [{"name": "A tent", "purpose": "request"}]})
    );
}

#[test]
fn a_stream_ends_with_the_node() {
    let door = door("streams-end");
    let mut stream = door.amara.follow(EVENTS, None);
    raise(&door, 1);
    stream.next_data();
    door.node.ask_to_stop();
    assert_eq!(stream.event().map(|event| event.0).as_deref(), Some("complete"));
    assert_eq!(door.node.ended(), Some(0));
}
