//! Questions that are too much: each with its code, and the node as ready as before.

use serde_json::{Value as Json, json};

use crate::founded::door;
use crate::graphql::code;

#[test]
fn what_is_too_much_is_refused_before_it_is_read() {
    let door = door("graphql-hostile");
    let quoted = |query: &str| json!({"query": query}).to_string();
    let deep = |n: usize| format!("{}a{}", "{ a ".repeat(n), "}".repeat(n));
    let many = |item: &dyn Fn(usize) -> String, n: usize| (0..n).map(item).collect::<String>();
    let event = "economicEvents { edges { node { fulfills { fulfilledBy { fulfills { fulfilledBy { fulfills { fulfilledBy { fulfills { fulfilledBy { fulfills { fulfilledBy { fulfills { fulfilledBy { id } } } } } } } } } } } } } } }";
    let table = [
        (quoted(&deep(50)), 400, "too-deep"),
        (quoted(&deep(10_000)), 400, "too-deep"),
        (quoted(&format!("{{ a(b: {}1{}) }}", "[".repeat(20_000), "]".repeat(20_000))), 400, "too-deep"),
        (
            quoted(&format!("{{ {} }}", many(&|n| format!("a{n}: myAgent {{ id }} "), 1_000))),
            400,
            "too-many-aliases",
        ),
        (quoted(&many(&|n| format!("query q{n} {{ myAgent {{ id }} }} "), 100)), 400, "too-many-operations"),
        (
            quoted(&format!("{{ myAgent {} {{ id }} }}", "@skip(if: false) ".repeat(2_000))),
            400,
            "too-many-directives",
        ),
        (quoted("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }"), 400, "fragment-cycle"),
        (
            quoted("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"),
            400,
            "too-deep",
        ),
        (quoted(&format!("{{ {event} }}")), 400, "too-deep"),
        (
            quoted(
                "{ economicEvents(first: 100) { edges { node { provider { ... on Person { commitmentsAsProvider(first: 100) { edges { node { provider { ... on Person { commitmentsAsProvider(first: 100) { edges { cursor } } } } } } } } } } } } }",
            ),
            400,
            "too-costly",
        ),
        (quoted(&"a".repeat(100_000)), 400, "too-long"),
        (quoted("{"), 400, "not-graphql"),
        (quoted("{ nope }"), 400, "not-in-schema"),
        (quoted("query($a: Nope) { myAgent { id } }"), 400, "not-in-schema"),
        (quoted("mutation { a b c d e f g h i j k }"), 400, "too-many-mutations"),
        (quoted("subscription { decisions { position } }"), 406, "stream-only"),
        (format!("[{}]", quoted("{ myAgent { id } }")), 400, "malformed"),
        ("{\"query\": \"{ myAgent { id } }\", \"query\": \"{ nope }\"}".to_owned(), 400, "malformed"),
        ("{\"query\": \"{ myAgent { id } }\", \"variables\": {\"n\": 1e9999}}".to_owned(), 400, "malformed"),
        ("{\"query\": \"{ myAgent { id } }\", \"variables\": {\"n\": 1.5}}".to_owned(), 400, "malformed"),
        (
            format!(
                "{{\"query\": \"{{ a }}\", \"variables\": {}1{}}}",
                "[".repeat(10_000),
                "]".repeat(10_000)
            ),
            400,
            "malformed",
        ),
        ("{\"query\": \"{ a }\", \"id\": 1}".to_owned(), 400, "malformed"),
        ("{\"query\": 1}".to_owned(), 400, "malformed"),
        ("\u{0}\u{1}".to_owned(), 400, "malformed"),
        (String::new(), 400, "malformed"),
    ];
    for (body, status, wanted) in table {
        let answer = door.amara.send_json("/graphql", &door.word, body.as_bytes());
        let json: Json =
            serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("no JSON: {}", answer.body));
        let start: String = body.chars().take(80).collect();
        assert_eq!((answer.status, code(&json)), (status, wanted), "{start}");
        assert_eq!(door.amara.get("/readyz").status, 200, "{start}");
    }
}

#[test]
fn what_every_tool_asks_is_not_too_much() {
    let door = door("graphql-tools");
    let tool = include_str!("../data/introspection.graphql");
    let answer = door.amara.data("", tool, &json!({}));
    assert!(answer["__schema"]["types"].as_array().is_some_and(|types| types.len() > 60));
    let plain = door.amara.send_text("/graphql", "{ myAgent { id } }");
    assert_eq!(plain.status, 415);
}
