//! Laws of plugins: whoever breaks one is turned away with a case that shows it, and whoever keeps them all comes in.

use std::path::PathBuf;

use serde_json::json;
use tests::guests::edited;
use tests::{Folder, cli, plugins};

/// The lawless component of a world, with one mode alone, and what it claims.
fn lawless(folder: &Folder, world: &str, mode: &str, claims: &[&str]) -> PathBuf {
    edited(&folder.0, "hostile-laws", &format!("{world}-{mode}"), |manifest| {
        manifest["world"] = json!(world);
        manifest["settings"]["mode"]["choices"] = json!([mode]);
        manifest["laws"] = json!(claims);
        if world == "access" {
            manifest["facts"] = json!({"group": "Lawless", "facts": [{"name": "count", "kind": "number"}]});
            manifest["needs"] = json!([{"name": "promises", "class": "Commitment", "by": "provider", "of": "receiver",
                "most": 100}]);
        }
        if world == "matching" {
            manifest["answers"] = json!(["rank", "allocate"]);
        }
    })
}

#[test]
fn a_broken_law_leaves_a_case_that_shows_it() {
    let folder = Folder::new("laws");
    // World, mode, what it claims, and the law that it breaks; none: it keeps them.
    let table: &[(&str, &str, &[&str], Option<&str>)] = &[
        ("tally", "calm", &["anonymous", "neutral", "monotone", "no-show"], None),
        ("tally", "shut", &[], Some("settings")),
        ("tally", "trap", &[], Some("answers")),
        ("tally", "mute", &[], Some("says-why")),
        ("tally", "wide", &[], Some("chooses")),
        ("tally", "last", &[], Some("order")),
        ("tally", "head", &[], None),
        ("tally", "head", &["anonymous"], Some("anonymous")),
        ("tally", "left", &["neutral"], Some("neutral")),
        ("tally", "less", &["monotone"], Some("monotone")),
        ("tally", "away", &["no-show"], Some("no-show")),
        ("pricing", "calm", &["monotone"], None),
        ("pricing", "less", &[], None),
        ("pricing", "less", &["monotone"], Some("monotone")),
        ("pricing", "back", &[], Some("amounts")),
        ("pricing", "unit", &[], Some("amounts")),
        ("pricing", "whom", &[], Some("amounts")),
        ("access", "calm", &[], None),
        ("access", "few", &[], Some("facts")),
        ("access", "kind", &[], Some("facts")),
        ("access", "huge", &[], Some("facts")),
        ("access", "kept", &[], Some("alone-as-among-others")),
        ("access", "pool", &[], Some("alone-as-among-others")),
        ("duties", "calm", &[], None),
        ("duties", "whom", &[], Some("duties")),
        ("duties", "back", &[], Some("duties")),
        ("duties", "many", &[], Some("duties")),
        ("duties", "again", &[], Some("duties")),
        ("duties", "past", &[], Some("duties")),
        ("matching", "calm", &[], None),
        ("matching", "more", &[], Some("feasible")),
        ("matching", "none", &[], Some("feasible")),
        ("matching", "pair", &[], Some("feasible")),
        ("matching", "list", &[], Some("stable")),
        ("matching", "over", &[], Some("allocates")),
        ("matching", "mute", &[], Some("allocates")),
    ];
    for (world, mode, claims, law) in table {
        let file = lawless(&folder, world, mode, claims).display().to_string();
        let outcome = cli(&folder.0, None, &["--json", "plugin", "admit", &file]);
        let said = format!("{world} {mode} {claims:?}: {}{}", outcome.out, outcome.err);
        match law {
            None => assert_eq!(outcome.status, 0, "{said}"),
            Some(law) => {
                assert_eq!((outcome.status, &outcome.json()["code"]), (1, &json!("breaks-law")), "{said}");
                assert!(said.contains(&format!("the law `{law}`")), "{said}");
            }
        }
    }
}

#[test]
fn what_we_ship_keeps_its_laws_and_a_case_is_tried_again() {
    let folder = Folder::new("kept-laws");
    for name in tests::shipped() {
        let file = plugins().join(format!("{name}.wasm")).display().to_string();
        let held = cli(&folder.0, None, &["--json", "plugin", "laws", &file, "--seed", "7", "--cases", "64"]);
        let held = held.ok().json()["held"].clone();
        assert_eq!((&held["seed"], &held["cases"]), (&json!(7), &json!(64)), "{name}: {held}");
        assert!(held["fuelBase"].as_u64() > Some(0), "{name}: {held}");
    }
    let file = lawless(&folder, "tally", "last", &[]).display().to_string();
    let broken = cli(&folder.0, None, &["--json", "plugin", "laws", &file]);
    assert_eq!((broken.status, &broken.json()["code"]), (1, &json!("breaks-law")), "{}", broken.out);
    let case = broken.json()["detail"].clone();
    // Made smaller: of what was drawn little is left.
    assert!(case.to_string().len() < 8_000, "{case}");
    let path = folder.join("case.json");
    std::fs::write(&path, case.to_string()).expect("the case is written");
    let again = ["plugin", "laws", &file, "--again", &path.display().to_string()];
    let outcome = cli(&folder.0, None, &again);
    assert_eq!(outcome.status, 1, "{}", outcome.out);
    assert!(outcome.err.contains("still breaks the law `order`"), "{}{}", outcome.out, outcome.err);
    // The same ballots, under a setting that keeps the law.
    let mut kept = case;
    kept["case"]["context"]["settings"][0]["value"] = json!({"Text": "calm"});
    std::fs::write(&path, kept.to_string()).expect("the case is written");
    cli(&folder.0, None, &again).ok();
}
