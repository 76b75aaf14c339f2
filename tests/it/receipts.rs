//! A decision in one file: whoever has it asks its rules in code again, and whoever changed it is found out.

use std::path::Path;

use serde_json::{Value as Json, json};
use tests::{Folder, Outcome, cli, plugins, root};

use crate::founded::{NETWORK, found_with};

/// A library with a price and somebody who took something at it, in a folder; the file of that decision, and where it lies.
fn decision(work: &Folder) -> (Json, String) {
    let data = work.join("data");
    found_with(&data, None, &root().join("policies/tool-library"));
    let of = |args: &[&str]| {
        cli(&data, None, &[&["--network", NETWORK, "--as", "Amara", "--json"], args].concat())
    };
    let quote = of(&["quote", "Hammer drill", "--days", "7"]).ok().json();
    let members = of(&["member", "list"]).ok().json();
    let amara = members.as_array().into_iter().flatten().find(|one| one["name"] == "Amara").expect("Amara");
    let accept = json!([{"act": "accept", "intent": quote["intent"], "receiver": amara["agent"], "until": quote["until"],
                         "quote": {"digest": quote["digest"], "expires": quote["expires"]}}]);
    std::fs::write(work.join("accept.json"), accept.to_string()).expect("a file");
    let taken = of(&["act", &work.join("accept.json").display().to_string()]).ok().json();
    let seq = taken["seq"].to_string();
    let path = work.join("receipt.json").display().to_string();
    of(&["receipt", "export", &seq, "--output", &path]).ok();
    let by_id = of(&["receipt", "export", taken["command"].as_str().unwrap_or_default()]).ok().json();
    let file: Json = serde_json::from_slice(&std::fs::read(&path).expect("the file")).expect("JSON");
    assert_eq!(by_id, file, "named by its number or by its id, it is the same file");
    (file, path)
}

fn replay(file: &str, more: &[&str]) -> Outcome {
    cli(Path::new("/nowhere"), None, &[&["--json", "plugin", "replay", file], more].concat())
}

#[test]
fn a_decision_is_asked_again_by_whoever_has_its_file_alone() {
    let work = Folder::new("receipt");
    let (file, path) = decision(&work);
    let names: Vec<&str> =
        file["calls"].as_array().into_iter().flatten().filter_map(|call| call["plugin"].as_str()).collect();
    assert_eq!(names, ["standing", "deposit"]);
    assert!(!file.to_string().contains("Amara"), "who it was about is not named in it");
    std::fs::remove_dir_all(work.join("data")).expect("the node is gone");
    let again = replay(&path, &[]).ok().json();
    assert_eq!((&again["different"], &again["verdict"]), (&json!(0), &json!("permit")), "{again}");
    assert!(
        again["calls"].as_array().is_some_and(|calls| calls.iter().all(|call| call["same"] == true)),
        "{again}"
    );
    // Another rule of the same world, asked the same.
    let nearest = plugins().join("nearest.wasm").display().to_string();
    assert_eq!(replay(&path, &["--with", &nearest]).ok().json()["different"], 0, "it is of another world");
    let dearer = tests::guests::edited(&work.0, "hostile-laws", "other", |manifest| {
        manifest["world"] = json!("pricing");
        manifest["settings"]["mode"]["choices"] = json!(["calm"]);
    });
    let other = replay(&path, &["--with", &dearer.display().to_string()]).ok().json();
    assert_eq!(other["different"], 1, "{other}");
}

#[test]
fn a_file_that_was_changed_is_not_believed() {
    let work = Folder::new("receipt-changed");
    let (file, _) = decision(&work);
    let changed = |edit: &dyn Fn(&mut Json)| {
        let mut file = file.clone();
        edit(&mut file);
        let path = work.join("changed.json").display().to_string();
        std::fs::write(&path, file.to_string()).expect("a file");
        replay(&path, &[])
    };
    type Edit<'a> = &'a dyn Fn(&mut Json);
    let table: [(&str, Edit<'_>, &str, &str); 13] = [
        ("format", &|file| file["format"] = json!("reflow-receipt/9"), "not-genuine", "this program reads"),
        ("seq", &|file| file["entry"]["seq"] = json!(2), "not-genuine", "does not stand in the log"),
        ("at", &|file| file["entry"]["at"] = json!(1), "not-genuine", "does not stand in the log"),
        ("salt", &|file| file["entry"]["salt"] = json!("00"), "not-genuine", "salt"),
        ("path", &|file| file["log"]["path"] = json!([]), "not-genuine", "does not stand in the log"),
        ("size", &|file| file["log"]["size"] = json!(1), "not-genuine", "does not stand in the log"),
        ("key", &|file| file["log"]["key"] = json!("11".repeat(32)), "not-genuine", "another key"),
        (
            "network",
            &|file| file["network"]["id"] = json!("00000000-0000-8000-8000-000000000000"),
            "not-genuine",
            "does not stand",
        ),
        (
            "asked",
            &|file| file["calls"][0]["case"]["context"]["now"] = json!(1),
            "not-genuine",
            "asked something else",
        ),
        ("input", &|file| file["calls"][0]["input"] = json!("00"), "not-genuine", "knows nothing of"),
        (
            "component",
            &|file| {
                let of = file["calls"][0]["component"].as_str().unwrap_or_default().to_owned();
                file["components"][of] = json!("AGFzbQ==");
            },
            "not-genuine",
            "is another one",
        ),
        (
            "a call left out",
            &|file| drop(file["calls"].as_array_mut().and_then(Vec::pop)),
            "not-genuine",
            "leaves out",
        ),
        ("fuel", &|file| file["calls"][0]["fuel"] = json!(1), "different", "1 of 2 answers"),
    ];
    for (what, edit, code, says) in table {
        let outcome = changed(edit);
        assert_eq!(outcome.status, 1, "{what}: {}{}", outcome.out, outcome.err);
        let told = outcome.json();
        assert_eq!(told["code"], code, "{what}: {told}");
        assert!(told["sentence"].as_str().is_some_and(|said| said.contains(says)), "{what}: {told}");
    }
    assert_eq!(replay("none.json", &[]).status, 3);
    std::fs::write(work.join("no.json"), "[]").expect("a file");
    assert_eq!(replay(&work.join("no.json").display().to_string(), &[]).json()["code"], "not-genuine");
}
