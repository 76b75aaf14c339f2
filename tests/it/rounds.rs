//! Sharing out: a rule says who gets how much, each grant is a promise that the policies judge, and what is left is left.

use serde_json::{Value as Json, json};
use tests::http::Browser;
use tests::town::{Town, edited};
use tests::{Folder, guests, plugins};

const NEAREST: &str = "[[plugins]]\nname = \"nearest\"";
const STEWARDS: &str = "\n@id(\"stewards-share-out\")\n@title(\"Stewards share out what is offered\")\n\
    permit (principal in Role::\"steward\", action == Action::\"allocate\", resource);\n";
const PLUGIN: &str = "\n@id(\"what-is-shared-out-is-promised\")\n@title(\"What is shared out is promised\")\n\
    permit (principal == Plugin::\"needs-first\", action == Action::\"commit\", resource);\n";

/// The tool library with a rule that shares out, and with policies about it.
fn town(name: &str, policies: &str) -> (Town, Folder) {
    let place = Folder::new(&format!("{name}-rules"));
    let bound = format!("[[plugins]]\nname = \"needs-first\"\nacts = [\"allocate\"]\n\n{NEAREST}");
    let rules = edited(&place, "rounds", "charter.toml", &[(NEAREST, &bound)]);
    let path = std::path::Path::new(&rules).join("library.cedar");
    let text = std::fs::read_to_string(&path).expect("policies") + policies;
    std::fs::write(&path, text).expect("policies");
    (Town::found_under(name, std::path::Path::new(&rules)), place)
}

fn apples(town: &Town) -> String {
    let acts = json!([{"act": "define", "class": "ResourceSpecification", "fields": {"name": "Apples"}}]);
    tests::founded::made(&town.acts("Ines", &acts), "ResourceSpecification")
}

/// Somebody offers, or needs, so many of a kind; the intent.
fn said(town: &Town, who: &str, (gives, amount): (bool, &str), kind: &str) -> String {
    let (party, purpose) = if gives { ("provider", "offer") } else { ("receiver", "request") };
    let quantity = json!({"hasNumericalValue": amount, "hasUnit": town.tools.piece});
    let intent = json!({"action": "transfer", party: town.agent(who), "resourceConformsTo": kind, "resourceQuantity": quantity});
    let acts =
        json!([{"act": "publish", "proposal": {"purpose": purpose, "name": "Apples"}, "intents": [intent]}]);
    tests::founded::made(&town.acts(who, &acts), "Intent")
}

#[test]
fn what_is_offered_goes_to_those_who_got_least_and_the_lot_decides_among_equals() {
    let (mut town, _rules) = town("shared", &format!("{STEWARDS}{PLUGIN}"));
    let kind = apples(&town);
    said(&town, "Jonas", (true, "5"), &kind);
    said(&town, "Amara", (false, "4"), &kind);
    said(&town, "Kofi", (false, "4"), &kind);
    let listed = town.does("Ines", &["round"]);
    assert_eq!((&listed[0]["offered"], &listed[0]["needed"]), (&json!("5 piece"), &json!("8 piece")));
    assert_eq!(town.refused("Amara", &["round", "Apples"]), "not-permitted");
    let first = town.does("Ines", &["round", "Apples"]);
    let amounts = |round: &Json| -> Vec<i64> {
        let rows = round["granted"].as_array().expect("grants").iter();
        rows.map(|row| row[2].as_i64().expect("an amount")).collect()
    };
    assert_eq!(amounts(&first), [4, 1], "whoever drew the better lot gets what they asked for: {first}");
    let (lucky, other) = (first["granted"][0][1].clone(), first["granted"][1][1].clone());
    // The offer is used up; of the needs, one is met, and three are left of the other.
    let open = |id: &Json| {
        let browser = Browser::sign_in(town.base(), "library", "Amara", "amara-secret");
        let page =
            browser.get(&format!("/api/v1/networks/library/records/Intent/{}", id.as_str().expect("an id")));
        let record: Json = serde_json::from_str(&page.body).expect("a record");
        record["finished"] != json!(true)
    };
    assert_eq!((open(&lucky), open(&other)), (false, true));
    assert_eq!(town.does("Ines", &["round"]), json!([]), "nothing is offered any more");
    // Next time whoever got a promise lately waits, whatever the lot says; both have got one: the lot again.
    said(&town, "Jonas", (true, "3"), &kind);
    let second = town.does("Ines", &["round", "Apples"]);
    assert_eq!((amounts(&second), &second["granted"][0][1]), (vec![3], &other), "{second}");
    town.close();
    town.verify();
    town.open();
    // Whoever looks later draws the same lots.
    let decision = first["receipt"]["seq"].to_string();
    let file = town.data.join("round.json").display().to_string();
    town.run("Ines", &["receipt", "export", &decision, "--output", &file]).ok();
    let again = town.does("Ines", &["plugin", "replay", &file]);
    assert_eq!((&again["different"], &again["calls"][0]["plugin"]), (&json!(0), &json!("needs-first")));
}

#[test]
fn whoever_keeps_the_network_shares_out_on_a_page() {
    let (town, _rules) = town("shared-page", &format!("{STEWARDS}{PLUGIN}"));
    let kind = apples(&town);
    said(&town, "Jonas", (true, "3"), &kind);
    said(&town, "Amara", (false, "2"), &kind);
    town.does("Ines", &["member", "account", "Jonas", "--password", "jonas-secret"]);
    let amara = Browser::sign_in(town.base(), "library", "Amara", "amara-secret");
    let page = amara.get("/n/library/rounds");
    page.says("3 piece offered, 2 piece needed");
    assert!(!page.body.contains("Share out"), "members see it, and do not hold it");
    let jonas = Browser::sign_in(town.base(), "library", "Jonas", "jonas-secret");
    let form = jonas.get("/n/library/rounds");
    jonas.submit(&form, "/rounds", &[]).says("what was offered was shared out");
    jonas
        .get("/n/library/rounds")
        .says("Promised in rounds")
        .says("Amara")
        .says("2 piece")
        .says("Nothing is both");
    let german = jonas.also(town.base(), &jonas.get("/language/de"));
    german.get("/n/library/rounds").says("In Runden versprochen");
}

#[test]
fn what_cannot_be_shared_out_is_refused_whole() {
    let (town, _rules) = town("not-shared", STEWARDS);
    let kind = apples(&town);
    let offer = said(&town, "Jonas", (true, "5"), &kind);
    let need = said(&town, "Amara", (false, "4"), &kind);
    // No policy lets the plugin promise anything.
    assert_eq!(town.refused("Ines", &["round", "Apples"]), "not-permitted");
    let listed = town.does("Ines", &["round"]);
    assert_eq!(listed[0]["offered"], "5 piece", "nothing has changed: {listed}");
    let code = |offers: Json, needs: Json| {
        let path = town.data.join("round-act.json").display().to_string();
        let acts = json!([{"act": "allocate", "offers": offers, "needs": needs}]);
        std::fs::write(&path, acts.to_string()).expect("a file");
        let outcome = town.run("Ines", &["--json", "act", &path]);
        (outcome.status, outcome.json()["code"].as_str().unwrap_or_default().to_owned())
    };
    let nobody = "00000000-0000-8000-8000-000000000001";
    for (offers, needs, status, wanted) in [
        (json!([]), json!([need]), 1, "bad-round"),
        (json!([offer]), json!([]), 1, "bad-round"),
        (json!([need]), json!([offer]), 1, "bad-round"),
        (json!([offer, offer]), json!([need]), 1, "bad-round"),
        (json!([nobody]), json!([need]), 1, "unknown-record"),
        (json!([town.agent("Amara")]), json!([need]), 1, "wrong-class"),
        (json!("all"), json!([need]), 2, "usage"),
    ] {
        assert_eq!(code(offers.clone(), needs), (status, wanted.to_owned()), "{offers}");
    }
    assert_eq!(town.refused("Ines", &["round", "Pears"]), "no-round");
    town.verify();
}

#[test]
fn a_rule_that_gives_what_is_not_there_gives_nothing() {
    let place = Folder::new("over-rules");
    let over = guests::edited(&place.0, "hostile-laws", "over", |manifest| {
        manifest["world"] = json!("matching");
        manifest["answers"] = json!(["rank", "allocate"]);
        manifest["settings"]["mode"]["choices"] = json!(["over", "calm"]);
    });
    assert!(over.exists());
    for name in ["standing", "deposit", "loan-duties", "nearest"] {
        tests::copy(&plugins().join(format!("{name}.wasm")), &place.0);
    }
    let bound = format!(
        "[[plugins]]\nname = \"over\"\nacts = [\"allocate\"]\nsettings = {{ mode = \"over\" }}\n\n{NEAREST}"
    );
    let rules = edited(&place, "over", "charter.toml", &[(NEAREST, &bound)]);
    let data = Folder::new("over");
    let (from, stewards) = (place.0.display().to_string(), ["--steward", "Ines", "--steward", "Jonas"]);
    let args = ["--plugins", &from, "network", "new", "over", "--rules", &rules, "--sandbox"];
    let outcome = tests::cli(&data.0, None, &[&args[..], &stewards].concat());
    assert_eq!(outcome.status, 1, "a stranger that breaks a law is not even let in: {}", outcome.out);
    assert!(outcome.err.contains("the law `allocates`"), "{}", outcome.err);
}
