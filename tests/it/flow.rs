//! Track and trace at the doors: step by step, in pages, as a tree, and sealed where somebody may not look; and what
//! follows from several records: what remains of promises and claims.

use serde_json::{Value as Json, json};
use tests::Folder;
use tests::founded::act;
use tests::http::Browser;
use tests::node::Node;
use tests::town::edited;

use crate::founded::{Door, Library, NETWORK, door, found_with, id_of, made};

/// What a step is called: a thing's name, or an event's action.
fn name(step: &Json) -> String {
    let said = |of: &str| step["record"][of].as_str().map(str::to_owned);
    said("name").or_else(|| said("action")).unwrap_or_else(|| "sealed".to_owned())
}

fn names(steps: &Json) -> Vec<String> {
    steps.as_array().expect("steps").iter().map(name).collect()
}

/// The names of a tree, in the order in which they stand in it, each with its depth.
fn nested(steps: &Json, depth: usize) -> Vec<(String, usize)> {
    let mut all = Vec::new();
    for step in steps.as_array().expect("steps") {
        all.push((name(step), depth));
        all.extend(nested(&step["steps"], depth + 1));
    }
    all
}

/// A library whose members may not see processes, in which something was made.
fn bakery(name: &str) -> (Folder, Library, String, String) {
    let data = Folder::new(name);
    let closed = "unless { resource is Process && !(principal in Role::\"steward\") }\n\
                  unless { resource is Ballot && resource.sealed";
    let edits = [("unless { resource is Ballot && resource.sealed", closed)];
    let rules = edited(&data, "rules", "library.cedar", &edits);
    let library = found_with(&data.0, None, rules.as_ref());
    let does = |acts: Json| act(&data.0, None, "Ines", &acts);
    let one = |n: u32| json!({"hasNumericalValue": n.to_string(), "hasUnit": library.piece});
    let flow = |action: &str, n: u32, more: &[(&str, &str)]| {
        let mut event = json!({"action": action, "provider": library.ines, "receiver": library.ines, "resourceQuantity": one(n)});
        for (name, value) in more {
            event[*name] = json!(value);
        }
        event
    };
    let flour = made(
        &does(json!([{"act": "record", "event": flow("raise", 10, &[]), "newResource": {"name": "Flour"}}])),
        "EconomicResource",
    );
    let process =
        made(&does(json!([{"act": "define", "class": "Process", "fields": {"name": "Baking"}}])), "Process");
    does(
        json!([{"act": "record", "event": flow("consume", 4, &[("resourceInventoriedAs", &flour), ("inputOf", &process)])}]),
    );
    let bread = made(
        &does(
            json!([{"act": "record", "event": flow("produce", 3, &[("outputOf", &process)]), "newResource": {"name": "Bread"}}]),
        ),
        "EconomicResource",
    );
    does(
        json!([{"act": "record", "event": flow("transfer", 1, &[("resourceInventoriedAs", &bread)]), "newResource": {"name": "Slice"}}]),
    );
    (data, library, flour, bread)
}

#[test]
fn a_walk_is_read_in_pages_as_a_tree_and_sealed() {
    let (data, library, flour, bread) = bakery("flow-walk");
    let node = Node::serve(&data.0, None);
    let amara = Browser::sign_in(&node.base, NETWORK, "Amara", "amara-secret");
    let at = |direction: &str, id: &str, more: &str| {
        amara.ask(&format!("/api/v1/networks/{NETWORK}/{direction}/{id}{more}"))
    };
    let (status, whole) = at("trace", &bread, "");
    assert_eq!(status, 200, "{whole}");
    assert_eq!(names(&whole["steps"]), ["Bread", "produce", "sealed", "consume", "Flour", "raise"]);
    assert_eq!(
        whole["steps"][2],
        json!({"step": 2, "from": 1, "sealed": true}),
        "nothing else is said of it"
    );
    let (_, track) = at("track", &flour, "");
    assert_eq!(
        names(&track["steps"]),
        ["Flour", "raise", "consume", "sealed", "produce", "Bread", "transfer", "Slice"]
    );
    let (_, tree) = at("trace", &bread, "?shape=tree");
    let wanted = names(&whole["steps"]).into_iter().zip([0, 1, 2, 3, 4, 5]);
    assert_eq!(nested(&tree["steps"], 0), wanted.collect::<Vec<_>>(), "{tree}");
    // Pages, one after the other.
    let (mut pages, mut after) = (Vec::new(), String::new());
    loop {
        let (status, page) = at("track", &flour, &format!("?limit=3{after}"));
        assert_eq!(status, 200, "{page}");
        assert_eq!(page["from"], json!(pages.len()));
        pages.extend(page["steps"].as_array().expect("steps").clone());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(json!(pages), track["steps"]);
    let next = at("track", &flour, "?limit=3").1["next"].as_str().expect("more").to_owned();
    let table = [
        ("trace", bread.clone(), format!("?after={next}"), 400),
        ("track", flour.clone(), "?after=x".to_owned(), 400),
        ("track", flour.clone(), format!("?after={next}&shape=tree"), 400),
        ("track", flour.clone(), "?shape=round".to_owned(), 400),
        ("track", flour.clone(), "?limit=-1".to_owned(), 400),
        ("trace", id_of(1), String::new(), 404),
        ("trace", library.ines.clone(), String::new(), 404),
        ("trace", "nothing".to_owned(), String::new(), 400),
    ];
    for (direction, id, more, wanted) in table {
        let (status, answer) = at(direction, &id, &more);
        assert_eq!(status, wanted, "{direction} {id} {more}: {answer}");
    }
    assert_eq!(Browser::new(&node.base).ask(&format!("/api/v1/networks/{NETWORK}/trace/{bread}")).0, 401);
    drop(node);
    tests::cli(&data.0, None, &["verify"]).ok();
}

#[test]
fn a_walk_is_asked_for_in_graphql() {
    let (data, _, flour, bread) = bakery("flow-graphql");
    let node = Node::serve(&data.0, None);
    let amara = Browser::sign_in(&node.base, NETWORK, "Amara", "amara-secret");
    let word = amara.get(&format!("/n/{NETWORK}/people")).form("/sign-out").1["word"].clone();
    let answer = amara.data(
        &word,
        "query($bread: ID!, $flour: ID!) {
          bread: economicResource(id: $bread) {
            trace { __typename ... on EconomicResource { name } ... on EconomicEvent { action { id } } }
            few: track(first: 1) { __typename }
            previous { action { id } previous { __typename } next { __typename ... on EconomicResource { name } } }
            next { action { id } }
          }
          flour: economicResource(id: $flour) { previous { action { id } } next { action { id } } } }",
        &json!({"bread": bread, "flour": flour}),
    );
    let kinds: Vec<&str> = answer["bread"]["trace"]
        .as_array()
        .expect("steps")
        .iter()
        .filter_map(|one| one["__typename"].as_str())
        .collect();
    assert_eq!(kinds, ["EconomicEvent", "SealedStep", "EconomicEvent", "EconomicResource", "EconomicEvent"]);
    assert_eq!(answer["bread"]["few"].as_array().map(Vec::len), Some(1));
    for first in [0, -1, 10_001] {
        let question = format!(
            "query($id: ID!) {{ economicResource(id: $id) {{ track(first: {first}) {{ __typename }} }} }}"
        );
        let (_, refused) = amara.graphql(&word, &question, &json!({"id": bread}));
        assert_eq!(refused["errors"][0]["extensions"]["code"], "malformed", "{first}: {refused}");
    }
    assert_eq!(
        answer["bread"]["previous"],
        json!([{"action": {"id": "produce"}, "previous": [],
        "next": [{"__typename": "EconomicResource", "name": "Bread"}]}])
    );
    assert_eq!(answer["flour"]["next"], json!([{"action": {"id": "raise"}}, {"action": {"id": "consume"}}]));
}

#[test]
fn what_remains_is_told() {
    let door = door("flow-remains");
    let Door { library: Library { ines, amara, piece, .. }, .. } = &door;
    let does = |acts: Json| act(&door.data.0, None, "Ines", &acts);
    let one = |n: i32| json!({"hasNumericalValue": n.to_string(), "hasUnit": piece});
    let flow = |action: &str, n: i32| json!({"action": action, "provider": ines, "receiver": ines, "resourceQuantity": one(n)});
    let stock = made(
        &does(json!([{"act": "record", "event": flow("raise", 50), "newResource": {"name": "Nails"}}])),
        "EconomicResource",
    );
    let cause = made(
        &does(json!([{"act": "record", "event": flow("raise", 1), "newResource": {"name": "Cause"}}])),
        "EconomicEvent",
    );
    let mut claim = flow("transfer", 10);
    (claim["triggeredBy"], claim["receiver"]) = (json!(cause), json!(amara));
    let claim = made(&does(json!([{"act": "claim", "fields": claim}])), "Claim");
    let mut paid = flow("transfer", 4);
    (paid["receiver"], paid["settles"], paid["resourceInventoriedAs"]) =
        (json!(amara), json!([claim]), json!(stock));
    let event = made(&does(json!([{"act": "record", "event": paid}])), "EconomicEvent");
    let (mut less, mut wrong) = (paid.clone(), paid.clone());
    (less["corrects"], less["resourceQuantity"]) = (json!(event), one(-1));
    (wrong["corrects"], wrong["resourceQuantity"]) = (json!(event), one(-9));
    does(json!([{"act": "record", "event": less}]));
    let args = ["--network", NETWORK, "--as", "Ines", "--json", "act", "-"];
    let refused = tests::node::cli_with(
        &door.data.0,
        None,
        &args,
        &json!([{"act": "record", "event": wrong}]).to_string(),
    );
    assert_eq!((refused.status, &refused.json()["code"]), (1, &json!("bad-correction")), "{}", refused.out);
    let answer = door.amara.data(
        &door.word,
        "query($claim: ID!, $event: ID!) {
          claim(id: $claim) { fulfilled { hasNumericalValue } remaining { hasNumericalValue hasUnit { label } } finished
            triggeredBy { triggers { id } } settledBy { corrects { id } } }
          economicEvent(id: $event) { correctedBy { resourceQuantity { hasNumericalValue } } deletable } }",
        &json!({"claim": claim, "event": event}),
    );
    assert_eq!(
        answer,
        json!({
            "claim": {"fulfilled": {"hasNumericalValue": "3"}, "finished": false,
                "remaining": {"hasNumericalValue": "7", "hasUnit": {"label": "piece"}},
                "triggeredBy": {"triggers": [{"id": claim}]},
                "settledBy": [{"corrects": null}, {"corrects": {"id": event}}]},
            "economicEvent": {"correctedBy": [{"resourceQuantity": {"hasNumericalValue": "-1"}}], "deletable": false},
        })
    );
}

/// What was made of flour, by a plan and a deal: the two processes, the plan, the deal, what was promised by it, what
/// kept that, and what came on top.
fn baked(door: &Door) -> [String; 7] {
    let Door { library: Library { ines, amara, piece, .. }, .. } = &door;
    let does = |acts: Json| act(&door.data.0, None, "Ines", &acts);
    let one = |n: u32| json!({"hasNumericalValue": n.to_string(), "hasUnit": piece});
    let define = |class: &str, fields: Json| {
        made(&does(json!([{"act": "define", "class": class, "fields": fields}])), class)
    };
    let plan = define("Plan", json!({"name": "Bread"}));
    let milling = define("Process", json!({"name": "Milling"}));
    let baking = define("Process", json!({"name": "Baking", "plannedWithin": plan}));
    let deal = define("Agreement", json!({"name": "Deal"}));
    let flow = |action: &str, n: u32, more: Json| {
        let mut event =
            json!({"action": action, "provider": ines, "receiver": ines, "resourceQuantity": one(n)});
        for (name, value) in more.as_object().expect("more") {
            event[name] = value.clone();
        }
        event
    };
    let records = |event: Json| does(json!([{"act": "record", "event": event}]));
    let brings = |event: Json| {
        made(
            &does(json!([{"act": "record", "event": event, "newResource": {"name": "x"}}])),
            "EconomicResource",
        )
    };
    let flour = brings(flow("produce", 9, json!({"outputOf": milling})));
    records(flow("consume", 4, json!({"inputOf": baking, "resourceInventoriedAs": flour})));
    let mut work = json!({"action": "work", "provider": amara, "receiver": ines, "inputOf": baking});
    work["effortQuantity"] = one(2);
    records(work);
    let promised = |more: Json| {
        let mut fields = flow("transfer", 3, more);
        (fields["receiver"], fields["finished"]) = (json!(amara), json!(false));
        made(&does(json!([{"act": "report", "class": "Commitment", "fields": fields}])), "Commitment")
    };
    let clause = promised(json!({"clauseOf": deal, "plannedWithin": plan}));
    let mut kept = flow("transfer", 3, json!({"resourceInventoriedAs": flour, "fulfills": [clause]}));
    kept["receiver"] = json!(amara);
    let kept = made(&records(kept), "EconomicEvent");
    let extra = flow(
        "transfer",
        1,
        json!({"resourceInventoriedAs": flour, "receiver": amara, "realizationOf": deal}),
    );
    let extra = made(&records(extra), "EconomicEvent");
    [milling, baking, plan, deal, clause, kept, extra]
}

#[test]
fn what_follows_from_several_records() {
    let door = door("flow-follows");
    let [milling, baking, plan, deal, clause, kept, extra] = baked(&door);
    let answer = door.amara.data(
        &door.word,
        "query($baking: ID!, $milling: ID!, $plan: ID!, $deal: ID!) {
          baking: process(id: $baking) { previousProcesses { name } nextProcesses { name } workingAgents { name }
            involvedAgents { name } unplannedInputs { action { id } } unplannedOutputs { id } }
          milling: process(id: $milling) { nextProcesses { name } }
          plan(id: $plan) { nonProcessCommitments { id } involvedAgents { name } processes { name } }
          agreement(id: $deal) { commitments { id } economicEvents { id } unplannedEconomicEvents { id }
            involvedAgents { name } }
          proposals { edges { node { primaryIntents { action { id } } reciprocalIntents { id } } } } }",
        &json!({"baking": baking, "milling": milling, "plan": plan, "deal": deal}),
    );
    assert_eq!(
        answer["baking"],
        json!({"previousProcesses": [{"name": "Milling"}], "nextProcesses": [], "workingAgents": [{"name": "Amara"}],
            "involvedAgents": [{"name": "Ines"}, {"name": "Amara"}],
            "unplannedInputs": [{"action": {"id": "consume"}}, {"action": {"id": "work"}}], "unplannedOutputs": []})
    );
    assert_eq!(answer["milling"], json!({"nextProcesses": [{"name": "Baking"}]}));
    assert_eq!(
        answer["plan"],
        json!({"nonProcessCommitments": [{"id": clause}], "involvedAgents": [{"name": "Ines"}, {"name": "Amara"}],
            "processes": [{"name": "Baking"}]})
    );
    assert_eq!(
        answer["agreement"],
        json!({"commitments": [{"id": clause}], "economicEvents": [{"id": extra}, {"id": kept}],
            "unplannedEconomicEvents": [{"id": extra}], "involvedAgents": [{"name": "Ines"}, {"name": "Amara"}]})
    );
    let first = &answer["proposals"]["edges"][0]["node"];
    assert_eq!(
        first,
        &json!({"primaryIntents": [{"action": {"id": "transferCustody"}}], "reciprocalIntents": []})
    );
}

#[test]
fn the_vocabulary_is_served() {
    let door = door("flow-vocabulary");
    let (status, tables) = Browser::new(&door.node.base).ask("/api/v1/vocabulary");
    assert_eq!(status, 200, "{tables}");
    assert_eq!(tables["actions"].as_array().map(Vec::len), Some(19));
    let combine =
        tables["actions"].as_array().expect("actions").iter().find(|one| one["id"] == "combine").expect("it");
    assert_eq!(
        (&combine["containedEffect"], &combine["onhandEffect"]),
        (&json!("update"), &json!("decrement"))
    );
    let classes = tables["classes"].as_array().expect("classes");
    let class =
        |name: &str| classes.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("no {name}"));
    let property = |class: &Json, name: &str| {
        class["properties"]
            .as_array()
            .expect("properties")
            .iter()
            .find(|one| one["name"] == name)
            .expect("it")
            .clone()
    };
    assert_eq!(
        property(class("EconomicEvent"), "settles"),
        json!({"name": "settles", "iri": "https://w3id.org/valueflows/ont/vf#settles", "kind": "reference",
            "target": "Claim", "cardinality": "0..*", "personal": false})
    );
    assert_eq!(property(class("ResourceSpecification"), "stockFloor")["iri"], "urn:reflow:ont:stockFloor");
}
