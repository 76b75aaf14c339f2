//! A network's own actions: defined by its rules, judged, counted, followed, written out and kept.

use serde_json::{Value as Json, json};
use tests::Folder;
use tests::http::Browser;
use tests::town::{Town, edited};

use crate::founded::{NETWORK, made};

/// The rules of a library that gleans: what the harvest left is there, and nobody's stock on paper.
const GLEAN: &str = "authoritative = \"en\"\n\n[[actions]]\nlabel = \"glean\"\nlike = \"produce\"\n\
                     note = \"Take up what the harvest left.\"\naccounting-effect = \"notApplicable\"\n";
const LEND_OUT: &str =
    "\n[[actions]]\nlabel = \"lendOut\"\nlike = \"transferCustody\"\nlocation-effect = \"notApplicable\"\n";

fn town(name: &str) -> (Folder, Town) {
    let place = Folder::new(&format!("{name}-rules"));
    let rules = edited(&place, "rules", "charter.toml", &[("authoritative = \"en\"\n", GLEAN)]);
    let town = Town::found_under(name, rules.as_ref());
    (place, town)
}

fn event(town: &Town, action: &str, more: &[(&str, &str)]) -> Json {
    let one = json!({"hasNumericalValue": "3", "hasUnit": town.tools.piece});
    let mut event = json!({"action": action, "provider": town.tools.ines, "receiver": town.tools.ines, "resourceQuantity": one});
    for (name, value) in more {
        event[*name] = json!(value);
    }
    event
}

#[test]
fn what_the_rules_define_is_done_and_followed() {
    let (_place, town) = town("own-actions");
    let acts =
        json!([{"act": "record", "event": event(&town, "glean", &[]), "newResource": {"name": "Apples"}}]);
    let apples = made(&town.acts("Ines", &acts), "EconomicResource");
    town.does("Ines", &["member", "account", "Ines", "--password", "ines-secret"]);
    let ines = Browser::sign_in(town.base(), NETWORK, "Ines", "ines-secret");
    let at = |path: &str| ines.ask(&format!("/api/v1/networks/{NETWORK}/{path}")).1;
    let thing = at(&format!("records/EconomicResource/{apples}"));
    let counted = |of: &str| thing[of]["hasNumericalValue"].clone();
    assert_eq!(
        (counted("accountingQuantity"), counted("onhandQuantity")),
        (json!("0"), json!("3")),
        "{thing}"
    );
    let steps = at(&format!("trace/{apples}"));
    let named = |n: usize| steps["steps"][n]["record"]["action"].clone();
    assert_eq!((steps["steps"].as_array().map(Vec::len), named(1)), (Some(2), json!("glean")), "{steps}");
    // What it does stands in the rules, and at the doors.
    let defined = at("rules")["actions"].clone();
    assert_eq!(defined.as_array().map(Vec::len), Some(1), "{defined}");
    for (of, is) in [
        ("id", "glean"),
        ("like", "produce"),
        ("accountingEffect", "notApplicable"),
        ("onhandEffect", "increment"),
    ] {
        assert_eq!(defined[0][of], is, "{defined}");
    }
    let word = ines.get(&format!("/n/{NETWORK}/people")).form("/sign-out").1["word"].clone();
    let question = "{ actions { id like } action(id: \"glean\") { resourceEffect onhandEffect } \
                    economicEvents(filter: {action: [\"glean\"]}) { edges { node { action { id like } } } } }";
    let (_, answer) = ines.graphql(&word, question, &json!({}));
    assert_eq!(answer["data"]["actions"].as_array().map(Vec::len), Some(20), "{answer}");
    assert_eq!(
        answer["data"]["action"],
        json!({"resourceEffect": "notApplicable", "onhandEffect": "increment"})
    );
    let events = &answer["data"]["economicEvents"]["edges"];
    assert_eq!(*events, json!([{"node": {"action": {"id": "glean", "like": "produce"}}}]), "{answer}");
    let unknown = "{ economicEvents(filter: {action: [\"fly\"]}) { edges { node { id } } } }";
    let (_, answer) = ines.graphql(&word, unknown, &json!({}));
    assert!(answer["errors"].to_string().contains("`fly` is not an action"), "{answer}");
    ines.get(&format!("/n/{NETWORK}/things/{apples}")).says("Ines: glean");
    // It goes out, and comes in again where it is known.
    let graph = town.does("Ines", &["export", "--resource", "Apples"]);
    assert!(graph.to_string().contains("\"action\":\"reflow:glean\""), "{graph}");
    let file = town.data.join("apples.json");
    std::fs::write(&file, graph.to_string()).expect("written");
    let (_other_place, other) = self::town("own-actions-in");
    other.does("Ines", &["import", &file.display().to_string()]);
    let again = other.does("Ines", &["export", "--resource", "Apples"]);
    assert_eq!(again["@graph"].as_array().map(Vec::len), graph["@graph"].as_array().map(Vec::len), "{again}");
    let plain = Town::found("own-actions-unknown");
    let refused = plain.run("Ines", &["--json", "import", &file.display().to_string()]);
    assert_eq!(refused.status, 1, "{}", refused.out);
    assert!(
        refused.out.contains("`glean` is not an action of ValueFlows, nor one of this network's own"),
        "{}",
        refused.out
    );
    for town in [town, other, plain] {
        town.run("Ines", &["verify"]).ok();
    }
}

#[test]
fn who_may_is_for_the_rules_to_say_and_what_nobody_defines_is_no_action() {
    let (_place, town) = town("own-refused");
    let refused = |who: &str, act: Json| {
        let args = ["--network", NETWORK, "--as", who, "--json", "act", "-"];
        let outcome = tests::node::cli_with(&town.data.0, None, &args, &json!([act]).to_string());
        assert_eq!(outcome.status, 1, "{}{}", outcome.out, outcome.err);
        outcome.json()["code"].as_str().expect("a code").to_owned()
    };
    let record = |action: &str| json!({"act": "record", "event": event(&town, action, &[]), "newResource": {"name": "x"}});
    let promise = |action: &str| json!({"act": "commit", "fields": {"action": action, "provider": town.tools.ines, "receiver": town.tools.amara}});
    assert_eq!(refused("Amara", record("glean")), "not-permitted", "members do not make things here");
    for act in [record("fly"), promise("fly")] {
        assert_eq!(refused("Ines", act), "unknown-action");
    }
    let args = ["--network", NETWORK, "--as", "Ines", "--json", "act", "-"];
    let unread = tests::node::cli_with(&town.data.0, None, &args, &json!([record("glean late")]).to_string());
    assert_eq!((unread.status, &unread.json()["code"]), (2, &json!("usage")), "{}", unread.out);
}

#[test]
fn an_action_comes_with_a_rule_change_and_stays_as_it_is() {
    let (place, town) = town("own-amended");
    let more = format!("{GLEAN}{LEND_OUT}");
    let rules = |name: &str, charter: &str| {
        edited(&place, name, "charter.toml", &[("authoritative = \"en\"\n", charter)])
    };
    let acts =
        json!([{"act": "record", "event": event(&town, "raise", &[]), "newResource": {"name": "Barrows"}}]);
    let barrows = made(&town.acts("Ines", &acts), "EconomicResource");
    let lend_out = event(&town, "lendOut", &[("resourceInventoriedAs", &barrows)]);
    let lend_out = json!([{"act": "record", "event": lend_out, "newResource": {"name": "Barrows lent"}}]);
    assert!(!town.command("Ines", &crate::founded::id_of(7), &lend_out), "not yet");
    // One that is gone, or does something else, is no rule change.
    let other = GLEAN.replace("like = \"produce\"", "like = \"raise\"");
    for (n, charter) in ["authoritative = \"en\"\n", &other].into_iter().enumerate() {
        let title = format!("attempt {n}");
        town.draft("Amara", &title, &["--rules", &rules(&format!("bad-{n}"), charter)]);
        town.days(8);
        let refused = town.run("Amara", &["--json", "amendment", "freeze", &title]);
        let refused = (refused.status, refused.json());
        assert_eq!((refused.0, &refused.1["code"]), (1, &json!("unsafe-rules")), "{}", refused.1);
        assert!(
            refused.1["sentence"].as_str().expect("words").contains("\"glean\" is gone"),
            "{}",
            refused.1
        );
        town.does("Amara", &["amendment", "withdraw", &title]);
    }
    town.draft("Amara", "lend out", &["--rules", &rules("more", &more)]);
    town.days(5);
    town.does("Amara", &["amendment", "freeze", "lend out"]);
    let differences = town.amendment("lend out")["report"]["differences"].clone();
    assert!(
        differences.to_string().contains("New: the action \\\"lendOut\\\", which is like"),
        "{differences}"
    );
    assert!(!differences.to_string().contains("What rules can speak of"), "{differences}");
    town.vote("lend out", "yes", &["Ines", "Jonas", "Amara", "Kofi"]);
    town.days(8);
    town.days(5);
    assert_eq!(town.stands("lend out"), "enacted");
    assert!(town.command("Ines", &crate::founded::id_of(8), &lend_out), "now it is");
    town.run("Ines", &["verify"]).ok();
}
