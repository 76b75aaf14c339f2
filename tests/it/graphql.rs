//! GraphQL: the same records and acts as everywhere; what is too much is refused before it is read.

use serde_json::{Value as Json, json};
use tests::http::Browser;
use tests::node::Node;
use tests::{Folder, cli, root};

use crate::founded::{Door, Library, NETWORK, door, found, id_of};

fn ask(door: &Door, query: &str) -> Json {
    door.amara.data(&door.word, query, &json!({}))
}

/// The code of the first thing that went wrong.
pub(crate) fn code(answer: &Json) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("no code in {answer}"))
}

const RAISE: &str =
    "mutation($command: ID, $event: EconomicEventCreateParams!, $thing: EconomicResourceCreateParams) {
  createEconomicEvent(command: $command, event: $event, newInventoriedResource: $thing) {
    economicEvent { id action { id } hasPointInTime }
    economicResource { id revisionId name note onhandQuantity { hasNumericalValue hasUnit { label } } }
    decision { command position permitted acts }
  }
}";

fn raise(door: &Door, name: &str) -> Json {
    let Library { amara, piece, .. } = &door.library;
    json!({"event": {"action": "raise", "provider": amara, "receiver": amara,
                     "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": piece}},
           "thing": {"name": name, "note": "red"}})
}

#[test]
fn the_served_schema_is_the_kept_one() {
    let data = Folder::new("graphql-schema");
    found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let served = Browser::new(&node.base).get("/graphql/schema.graphql").body;
    let path = root().join("host/api/schema.graphql");
    if std::env::var_os("REFLOW_UPDATE").is_some() {
        std::fs::write(&path, &served).expect("written");
    }
    let kept = std::fs::read_to_string(path).expect("kept");
    assert!(served == kept, "run with REFLOW_UPDATE=1 if the change is meant");
}

#[test]
fn records_and_what_they_lead_to() {
    let door = door("graphql-records");
    let answer = ask(
        &door,
        "{ economicResources { edges { node { id name
        conformsTo { name conformingResources { edges { node { name } } } }
        primaryAccountable { __typename id name ... on Organization { classifiedAs } }
        onhandQuantity { hasNumericalValue hasUnit { label } }
        intents { edges { node { provider { name } publishedIn { name purpose } } } }
        trace { __typename ... on EconomicEvent { action { id onhandEffect } } } } } } }",
    );
    let things = answer["economicResources"]["edges"].as_array().expect("edges");
    assert_eq!(things.len(), 3, "{answer}");
    let drill = things.iter().find(|edge| edge["node"]["name"] == "Hammer drill").expect("the drill");
    let drill = &drill["node"];
    assert_eq!(drill["onhandQuantity"], json!({"hasNumericalValue": "1", "hasUnit": {"label": "piece"}}));
    assert_eq!(drill["primaryAccountable"]["__typename"], "Organization");
    let kin: Vec<&str> = drill["conformsTo"]["conformingResources"]["edges"]
        .as_array()
        .expect("edges")
        .iter()
        .filter_map(|edge| edge["node"]["name"].as_str())
        .collect();
    assert_eq!(kin, ["Hammer drill", "Ladder"]);
    let intent = &drill["intents"]["edges"][0]["node"];
    assert_eq!(intent["publishedIn"], json!([{"name": "Hammer drill", "purpose": "offer"}]));
    assert_eq!(
        drill["trace"],
        json!([{"__typename": "EconomicEvent", "action": {"id": "raise", "onhandEffect": "increment"}}])
    );
    let me = ask(
        &door,
        "{ myAgent { id name ... on Person { memberships { roles } } } action(id: \"transfer-custody\") { id } actions { id } }",
    );
    assert_eq!(
        me["myAgent"],
        json!({"id": door.library.amara, "name": "Amara", "memberships": [{"roles": ["member"]}]})
    );
    assert_eq!(me["action"]["id"], "transferCustody");
    assert_eq!(me["actions"].as_array().map(Vec::len), Some(19));
    // What is not there and what one may not see are not told apart.
    let none = ask(
        &door,
        &format!(
            "{{ a: economicResource(id: \"{}\") {{ id }} b: economicEvent(id: \"{}\") {{ id }} }}",
            id_of(1),
            door.library.drill
        ),
    );
    assert_eq!(none, json!({"a": null, "b": null}));
}

#[test]
fn filters_filter() {
    let door = door("graphql-filters");
    let Library { amara, drill, .. } = &door.library;
    let variables = raise(&door, "Own saw");
    door.amara.data(&door.word, RAISE, &variables);
    let events = |filter: &str| format!("economicEvents(filter: {filter}) {{ edges {{ node {{ id }} }} }}");
    let proposals = |filter: &str| format!("proposals(filter: {filter}) {{ edges {{ node {{ id }} }} }}");
    let things =
        |filter: &str| format!("economicResources(filter: {filter}) {{ edges {{ node {{ id }} }} }}");
    let table = [
        (events("{action: [\"raise\"]}"), 4),
        (events("{action: [\"transfer-custody\", \"transferAllRights\"]}"), 0),
        (events(&format!("{{providerId: [\"{amara}\"]}}")), 1),
        (events(&format!("{{providerId: [\"{amara}\"], action: [\"lower\"]}}")), 0),
        (events(&format!("{{resourceInventoriedAs: [\"{drill}\"]}}")), 1),
        (events("{startDate: \"2200-01-01T00:00:00Z\"}"), 0),
        (events("{endDate: \"2200-01-01T00:00:00Z\"}"), 4),
        (things("{searchString: \"SAW\"}"), 2),
        (things("{searchString: \"nowhere\"}"), 0),
        (things(&format!("{{primaryAccountable: [\"{amara}\"]}}")), 1),
        (proposals("{isOffer: true}"), 3),
        (proposals("{isRequest: true}"), 0),
        (proposals("{active: true}"), 3),
        (proposals("{active: false}"), 0),
        ("offers { edges { node { id } } }".to_owned(), 3),
        ("requests { edges { node { id } } }".to_owned(), 0),
        ("agents(filter: {searchString: \"ama\"}) { edges { node { id } } }".to_owned(), 1),
        ("agents { edges { node { id } } }".to_owned(), 5),
    ];
    for (field, count) in table {
        let answer = ask(&door, &format!("{{ all: {field} }}"));
        assert_eq!(answer["all"]["edges"].as_array().map(Vec::len), Some(count), "{field}: {answer}");
    }
}

#[test]
fn cursors_keep_their_place_while_others_write() {
    let door = door("graphql-pages");
    let page = |args: &str| {
        let fields = "edges { cursor node { name } } pageInfo { startCursor endCursor hasNextPage hasPreviousPage totalCount pageLimit }";
        ask(&door, &format!("{{ economicResources({args}) {{ {fields} }} }}"))["economicResources"].clone()
    };
    let names = |page: &Json| -> Vec<String> {
        let edges = page["edges"].as_array().expect("edges");
        edges.iter().map(|edge| edge["node"]["name"].as_str().expect("a name").to_owned()).collect()
    };
    let (mut seen, mut after) = (Vec::new(), String::new());
    for n in 0..10 {
        let one = page(&format!("first: 1{after}"));
        seen.extend(names(&one));
        if n < 2 {
            let variables = raise(&door, &format!("More {n}"));
            door.amara.data(&door.word, RAISE, &variables);
        }
        if one["pageInfo"]["hasNextPage"] == false && n >= 2 {
            break;
        }
        after = format!(", after: {}", one["pageInfo"]["endCursor"]);
    }
    assert_eq!(seen, ["Chainsaw", "Hammer drill", "Ladder", "More 0", "More 1"]);
    let last = page("last: 2");
    assert_eq!(names(&last), ["More 0", "More 1"]);
    assert_eq!(last["pageInfo"]["hasPreviousPage"], true);
    assert_eq!(last["pageInfo"]["totalCount"], 5);
    let before = page(&format!("last: 2, before: {}", last["pageInfo"]["startCursor"]));
    assert_eq!(names(&before), ["Hammer drill", "Ladder"]);
    let all = page("first: 100");
    assert_eq!(
        (&all["pageInfo"]["hasNextPage"], &all["pageInfo"]["hasPreviousPage"]),
        (&json!(false), &json!(false))
    );
    // A cursor of another list, a broken one, and both ways at once.
    let foreign =
        ask(&door, "{ units { pageInfo { endCursor } } }")["units"]["pageInfo"]["endCursor"].clone();
    for (args, wanted) in [
        (format!("after: {foreign}"), "bad-cursor"),
        ("after: \"%%%\"".to_owned(), "bad-cursor"),
        ("first: 1, last: 1".to_owned(), "bad-page"),
        ("first: 0".to_owned(), "bad-page"),
        ("first: -1".to_owned(), "bad-page"),
    ] {
        let question = format!("{{ economicResources({args}) {{ edges {{ cursor }} }} }}");
        let (_, answer) = door.amara.graphql(&door.word, &question, &json!({}));
        assert_eq!(code(&answer), wanted, "{args}");
    }
    // A record's own list has cursors of its own.
    let list = |args: &str| {
        let question = format!(
            "{{ organizations {{ edges {{ node {{ inventoriedEconomicResources({args}) {{ edges {{ node {{ name }} }} pageInfo {{ endCursor hasNextPage totalCount }} }} }} }} }} }}"
        );
        ask(&door, &question)["organizations"]["edges"][0]["node"]["inventoriedEconomicResources"].clone()
    };
    let first = list("first: 2");
    assert_eq!(
        (names(&first), &first["pageInfo"]["totalCount"]),
        (vec!["Chainsaw".to_owned(), "Hammer drill".to_owned()], &json!(3))
    );
    assert_eq!(names(&list(&format!("first: 2, after: {}", first["pageInfo"]["endCursor"]))), ["Ladder"]);
}

#[test]
fn a_mutation_is_a_command() {
    let door = door("graphql-acts");
    let mut variables = raise(&door, "Own saw");
    variables["command"] = json!(id_of(1));
    let first = door.amara.data(&door.word, RAISE, &variables);
    let made = &first["createEconomicEvent"];
    assert_eq!(
        made["decision"],
        json!({"command": id_of(1), "position": made["decision"]["position"], "permitted": true, "acts": ["record"]})
    );
    assert_eq!(
        made["economicResource"]["onhandQuantity"],
        json!({"hasNumericalValue": "1", "hasUnit": {"label": "piece"}})
    );
    assert_eq!(door.amara.data(&door.word, RAISE, &variables), first, "sent again, done once");
    variables["thing"]["name"] = json!("Axe");
    let (status, answer) = door.amara.graphql(&door.word, RAISE, &variables);
    assert_eq!((status, code(&answer)), (200, "command-id-conflict"));
    // A refusal says why and what to do, and stands in the journal.
    let question =
        "mutation($command: ID) { createUnit(command: $command, unit: {label: \"kg\"}) { unit { label } } }";
    let (status, answer) = door.amara.graphql(&door.word, question, &json!({"command": id_of(2)}));
    assert_eq!((status, code(&answer), &answer["data"]["createUnit"]), (200, "not-permitted", &Json::Null));
    assert_eq!(answer["errors"][0]["path"], json!(["createUnit"]));
    let why = ask(
        &door,
        &format!(
            "{{ decision(command: \"{}\") {{ permitted sentence remedy refusedBy reasons {{ policy title }} }} }}",
            id_of(2)
        ),
    );
    assert_eq!(
        (&why["decision"]["permitted"], &why["decision"]["refusedBy"]),
        (&json!(false), &json!("policy"))
    );
    assert_eq!(why["decision"]["sentence"], answer["errors"][0]["message"]);
    // Without the form's word it is some other site's doing.
    assert_eq!(door.amara.graphql("", question, &json!({})).0, 401);
    // Several acts stand or fall together.
    let acts = |second: &str| {
        format!("mutation {{ perform(acts: [
            {{ createEconomicEvent: {{ event: {{ action: \"raise\", provider: \"{0}\", receiver: \"{0}\",
                resourceQuantity: {{ hasNumericalValue: 1.5, hasUnit: \"{1}\" }} }}, newInventoriedResource: {{ name: \"Rope\" }} }} }},
            {{ {second} }}]) {{ decision {{ made {{ class }} }} }} }}", door.library.amara, door.library.euro)
    };
    let (_, answer) =
        door.amara.graphql(&door.word, &acts("createUnit: { unit: { label: \"kg\" } }"), &json!({}));
    assert_eq!(code(&answer), "not-permitted", "{answer}");
    let ropes = "{ economicResources(filter: {searchString: \"rope\"}) { edges { node { accountingQuantity { hasNumericalValue } } } } }";
    assert_eq!(ask(&door, ropes)["economicResources"]["edges"], json!([]));
    let ask_for = "createProposal: { proposal: { purpose: request, name: \"A rope\", publishes: [{ action: \"transfer-custody\", receiver: \"%\" }] } }";
    let answer = ask(&door, &acts(&ask_for.replace('%', &door.library.amara)));
    let classes: Vec<&str> = answer["perform"]["decision"]["made"]
        .as_array()
        .expect("made")
        .iter()
        .filter_map(|one| one["class"].as_str())
        .collect();
    assert_eq!(classes, ["EconomicEvent", "EconomicResource", "Intent", "Proposal"]);
    assert_eq!(
        ask(&door, ropes)["economicResources"]["edges"][0]["node"]["accountingQuantity"]["hasNumericalValue"],
        "1.50"
    );
}

#[test]
fn an_update_names_what_was_seen() {
    let door = door("graphql-updates");
    let variables = raise(&door, "Own saw");
    let made = door.amara.data(&door.word, RAISE, &variables);
    let seen = made["createEconomicEvent"]["economicResource"]["revisionId"].clone();
    let update = "mutation($resource: EconomicResourceUpdateParams!) {
        updateEconomicResource(resource: $resource) { economicResource { revisionId name note } } }";
    let change =
        |revision: &Json| json!({"resource": {"revisionId": revision, "name": "Fretsaw", "note": null}});
    let answer = door.amara.data(&door.word, update, &change(&seen));
    let now = &answer["updateEconomicResource"]["economicResource"];
    assert_eq!((&now["name"], &now["note"]), (&json!("Fretsaw"), &Json::Null), "null takes away");
    let table = [
        (change(&seen), "stale-revision"),
        (change(&json!("nonsense")), "malformed"),
        (change(&json!(format!("{}:9", id_of(5)))), "unknown-record"),
        (json!({"resource": {"revisionId": now["revisionId"]}}), "bad-value"),
        // Whose it is not.
        (
            json!({"resource": {"revisionId": format!("{}:1", door.library.drill), "name": "Mine"}}),
            "not-permitted",
        ),
    ];
    for (variables, wanted) in table {
        let (_, answer) = door.amara.graphql(&door.word, update, &variables);
        assert_eq!(code(&answer), wanted, "{variables} {answer}");
    }
}

#[test]
fn a_page_costs_a_few_statements_however_long_it_is() {
    let data = Folder::new("graphql-statements");
    let library = found(&data.0, None);
    let one = json!({"hasNumericalValue": "1", "hasUnit": library.piece});
    let acts: Vec<Json> = (0..60)
        .map(|n| {
            json!({"act": "record", "newResource": {"name": format!("Thing {n}")},
                "event": {"action": "raise", "provider": library.ines, "receiver": library.ines, "resourceQuantity": one}})
        })
        .collect();
    crate::founded::act(&data.0, None, "Ines", &json!(acts));
    let (node, log) = Node::serve_logged(&data.0, "--log sqlx::query=debug");
    let ines = Browser::sign_in(&node.base, NETWORK, "Amara", "amara-secret");
    let statements = || std::fs::read_to_string(&log).expect("a log").matches("SELECT").count();
    let question = |first: usize| {
        format!("{{ economicResources(first: {first}) {{ edges {{ node {{ conformsTo {{ name }} primaryAccountable {{ name }}
            custodian {{ name }} onhandQuantity {{ hasUnit {{ label }} }} trace {{ __typename }}
            intents {{ edges {{ node {{ provider {{ name }} }} }} }} economicEventsInOutFrom {{ edges {{ node {{ provider {{ name }} }} }} }} }} }} }} }}")
    };
    let mut costs = Vec::new();
    for first in [2, 2, 50] {
        let before = statements();
        let answer = ines.data("", &question(first), &json!({}));
        assert_eq!(answer["economicResources"]["edges"].as_array().map(Vec::len), Some(first));
        costs.push(statements() - before);
    }
    // However it is reached: so many records in one answer, and no more.
    let one =
        "economicResources(first: 100) { edges { node { primaryAccountable { name } custodian { name } } } }";
    let all: String = (0..60).map(|n| format!("a{n}: {one} ")).collect();
    let (_, answer) = ines.graphql("", &format!("{{ {all} }}"), &json!({}));
    assert_eq!(code(&answer), "answer-too-large", "{answer}");
    assert!(costs[1] > 0, "the log has no statements");
    assert!(
        costs[2] <= costs[1] + 5,
        "a page of 50 costs {} statements, one of 2 costs {}",
        costs[2],
        costs[1]
    );
}

#[test]
fn a_token_opens_the_same_here() {
    let door = door("graphql-token");
    let args = [
        "--network",
        NETWORK,
        "--as",
        "Amara",
        "--json",
        "token",
        "new",
        "scale",
        "--act",
        "see",
        "--act",
        "raise",
        "--days",
        "3",
    ];
    drop(door.node);
    let token = cli(&door.data.0, None, &args).ok().json()["token"].as_str().expect("shown once").to_owned();
    let node = Node::serve(&door.data.0, None);
    let scale = Browser::with_bearer(&node.base, &token);
    let me = scale.data("", "{ myAgent { name } economicResources { pageInfo { totalCount } } }", &json!({}));
    assert_eq!(
        me,
        json!({"myAgent": {"name": "Amara"}, "economicResources": {"pageInfo": {"totalCount": 3}}})
    );
    let Library { amara, piece, chainsaw, .. } = &door.library;
    let event = json!({"event": {"action": "raise", "provider": amara, "receiver": amara,
        "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": piece}}, "thing": {"name": "Weighed"}});
    scale.data("", RAISE, &event);
    let lower = json!({"event": {"action": "lower", "provider": amara, "receiver": amara, "resourceInventoriedAs": chainsaw,
        "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": piece}}});
    let (_, answer) = scale.graphql("", RAISE, &lower);
    assert_eq!(code(&answer), "forbidden", "{answer}");
    // Nobody's, made up, and the books' time past its end.
    for (browser, status) in [
        (Browser::new(&node.base), 401),
        (Browser::with_bearer(&node.base, &format!("rft_{}", "0".repeat(64))), 401),
    ] {
        let (got, answer) = browser.graphql("", "{ myAgent { name } }", &json!({}));
        assert_eq!(got, status, "{answer}");
    }
    cli(&door.data.0, None, &["--network", NETWORK, "--as", "Ines", "clock", "advance", "4d"]).ok();
    let (status, answer) = scale.graphql("", "{ myAgent { name } }", &json!({}));
    assert_eq!((status, code(&answer)), (401, "bad-token"));
}

#[test]
fn the_page_for_trying_questions() {
    let door = door("graphql-page");
    let stranger = Browser::new(&door.node.base).get("/graphql");
    assert_eq!((stranger.status, stranger.location.as_deref()), (303, Some("/")));
    let page = door.amara.get("/graphql");
    page.says("Ask in GraphQL").says("What is offered");
    let answer =
        door.amara.submit(&page, "/graphql/ask", &[("query", "{ myAgent { name } }"), ("variables", "")]);
    answer.says("&#34;name&#34;: &#34;Amara&#34;").says("&#34;position&#34;");
    let answer = door.amara.submit(&page, "/graphql/ask", &[("query", "{ myAgent }"), ("variables", "[1")]);
    assert_eq!(answer.status, 200, "what went wrong is said on the page");
    let elsewhere = door.amara.post("/graphql/ask", &[("word", "wrong"), ("query", "{ myAgent { name } }")]);
    assert_eq!((elsewhere.status, elsewhere.location.as_deref()), (303, Some("/")));
    for n in 0..4 {
        let page = door.amara.get(&format!("/graphql?example={n}"));
        let answer =
            door.amara.submit(&page, "/graphql/ask", &[("query", &text_of(&page)), ("variables", "")]);
        assert!(!answer.body.contains("&#34;errors&#34;"), "example {n}: {}", answer.body);
    }
}

/// What stands in the page's first text area.
fn text_of(page: &tests::http::Answer) -> String {
    let text =
        page.body.split("<textarea").nth(1).and_then(|rest| rest.split_once('>')).expect("a text area").1;
    let text = text.split("</textarea>").next().expect("its end");
    text.replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}
