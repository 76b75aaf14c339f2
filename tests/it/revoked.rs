//! What is out of use: revoked by whoever runs the node, or no longer to be loaded. What was at work before stands in, or
//! what needs it is refused with a sentence; nobody is locked out by it, and every decision can be judged again.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use tests::http::Browser;
use tests::load::{Acknowledged, Seat, Writers};
use tests::town::Town;
use tests::{Folder, Outcome, alter, cli, guests, plugins, soon};

/// What whoever runs the node says.
fn operator(town: &Town, args: &[&str]) -> Outcome {
    cli(&town.data.0, None, &[&["--json", "plugin", "revoke"], args].concat())
}

/// The digest of a component.
fn digest(file: &str) -> String {
    let admitted = cli(std::path::Path::new("/nowhere"), None, &["--json", "plugin", "admit", file]);
    admitted.ok().json()["component"].as_str().expect("a digest").to_owned()
}

/// Binds a plugin, and waits until it is in force.
fn bound(town: &Town, file: &str, title: &str, more: &[&str]) {
    town.does("Ines", &[&["plugin", "bind", file, "--title", title], more].concat());
    town.enacted(title);
}

/// The price of a day that the drill is late.
fn late_day(town: &Town) -> Result<i64, Json> {
    let outcome = town.run("Amara", &["--json", "quote", "Hammer drill", "--days", "3"]);
    let answer = outcome.json();
    match outcome.status {
        0 => {
            let lines = answer["lines"].as_array().expect("lines");
            let line = lines.iter().find(|line| line["code"] == "late-day").expect("a line");
            Ok(line["amount"].as_i64().expect("an amount"))
        }
        _ => Err(answer),
    }
}

/// Somebody who looks after the network, signed in.
fn steward(town: &Town) -> Browser {
    town.does("Ines", &["member", "account", "Ines", "--password", "ines-secret"]);
    Browser::sign_in(town.base(), "library", "Ines", "ines-secret")
}

fn out_of_use(answer: &Json) -> Vec<(String, String, bool)> {
    let rows = answer["withheld"].as_array().expect("a list").iter();
    let text = |json: &Json| json.as_str().expect("a text").to_owned();
    rows.map(|row| (text(&row["plugin"]), text(&row["component"]), !row["instead"].is_null())).collect()
}

/// What names nothing, or says no reason, is refused whole.
fn nonsense_revokes_nothing(town: &Town) {
    for (what, status) in [("", 1), ("Deposit", 1), ("deposit@one", 1), ("deposit@", 1), ("A1", 1)] {
        assert_eq!(operator(town, &[what, "--because", "So."]).status, status, "{what}");
    }
    assert_eq!(operator(town, &["deposit"]).status, 2, "why?");
    for because in [" ", &"x".repeat(2_001)] {
        assert_eq!(operator(town, &["deposit", "--because", because]).status, 1, "{because}");
    }
    assert_eq!(operator(town, &[]).ok().json()["revoked"], json!([]), "nothing of it stands");
}

#[test]
fn a_revoked_version_gives_way_to_the_one_before_and_without_one_what_needs_it_is_refused() {
    let mut town = Town::found("revoked");
    let work = Folder::new("revoked-work");
    let newer = guests::version(&work.0, "deposit", "0.2.0");
    let (old, new) = (digest(&plugins().join("deposit.wasm").display().to_string()), digest(&newer));
    bound(&town, &newer, "The newer deposit", &["--set", "late-day=3.00 EUR"]);
    let before = late_day(&town).expect("a price");
    assert_eq!(before, 300);
    assert_eq!(out_of_use(&operator(&town, &[]).ok().json()), []);
    // The version is revoked: the one before answers, with the settings that it had.
    let because = "It takes three times as much as it says.";
    let revoked = operator(&town, &["deposit@>=0.2, <0.3", "--because", because]).ok().json();
    assert_eq!(out_of_use(&revoked), [("deposit".to_owned(), new.clone(), true)]);
    assert_eq!(revoked["withheld"][0]["instead"]["component"], old);
    let (_, late) = town.lend("Amara", "Hammer drill", 3);
    assert_eq!(late, 150);
    // Stewards see it at home, members where the rules are.
    let steward = steward(&town);
    for page in ["/n/library/", "/n/library/keeping", "/n/library/rules", "/n/library/journal"] {
        let told =
            "is out of use: It takes three times as much as it says. What was at work here before answers";
        steward.get(page).says(told);
    }
    let german = steward.also(town.base(), &steward.get("/language/de"));
    german.get("/n/library/keeping").says("ist außer Gebrauch").says("antwortet an ihrer Stelle");
    // It is neither laid on the shelf nor bound again, under whatever digest.
    let other = guests::version(&work.0, "deposit", "0.2.7");
    for file in [&newer, &other] {
        assert_eq!(town.refused("Ines", &["plugin", "bind", file]), "revoked-plugin");
    }
    // What is said of it stays while other rules come into force that bind it too.
    town.does("Ines", &["amendment", "new", "Six euros", "--set", "deposit.late-day=6.00 EUR"]);
    let report = town.amendment("Six euros");
    assert_eq!(report["status"], "draft", "{report}");
    town.does("Ines", &["amendment", "withdraw", "Six euros"]);
    // All versions: nothing is left that could stand in.
    let all = operator(&town, &["deposit", "--because", "Its author asks for it."]).ok().json();
    assert_eq!(out_of_use(&all), [("deposit".to_owned(), new.clone(), false)]);
    let refused = late_day(&town).expect_err("nothing prices it");
    assert_eq!(refused["code"], "plugin-unavailable");
    assert!(
        refused["sentence"].as_str().expect("a sentence").contains("Its author asks for it."),
        "{refused}"
    );
    assert!(refused["remedy"].as_str().expect("a remedy").contains("ask a steward"), "{refused}");
    steward.get("/n/library/").says("What needs it is refused until other rules come into force");
    town.close();
    town.open();
    assert_eq!(late_day(&town).expect_err("it stays")["code"], "plugin-unavailable");
    // Nobody is locked out: rules change as ever, and what comes into force is at work.
    let free = guests::edited(&work.0, "deposit", "ours", |manifest| manifest["name"] = json!("ours"));
    bound(&town, &free.display().to_string(), "Another rule", &["--instead", "deposit"]);
    assert_eq!(late_day(&town), Ok(300));
    assert_eq!(out_of_use(&operator(&town, &[]).ok().json()), []);
    town.verify();
    // A revocation is taken back word for word.
    assert_eq!(operator(&town, &["deposit", "--because", "Once more."]).json()["code"], "bad-rules");
    assert_eq!(operator(&town, &["deposit@9", "--undo"]).json()["code"], "bad-rules");
    operator(&town, &["deposit", "--undo"]).ok();
    let left = operator(&town, &["deposit@>=0.2, <0.3", "--undo"]).ok().json();
    assert_eq!(left["revoked"], json!([]));
    nonsense_revokes_nothing(&town);
    cli(&town.data.0, None, &["verify"]).ok();
}

#[test]
fn what_is_taken_back_is_in_use_again_and_what_waited_falls() {
    let town = Town::found("revoked-duties");
    let (agreement, late) = town.lend("Amara", "Hammer drill", 3);
    let file = plugins().join("loan-duties.wasm").display().to_string();
    let duties = digest(&file);
    let revoked = operator(&town, &[&duties, "--because", "It promises too much."]).ok().json();
    assert_eq!(out_of_use(&revoked), [("loan-duties".to_owned(), duties.clone(), false)]);
    town.to_the_vote("Amara", "Two euros", &["--set", "deposit.late-day=2.00 EUR"]);
    town.vote("Two euros", "yes", &["Amara", "Kofi", "Ines", "Jonas"]);
    // The drill is late by now: what would follow waits, while votes close and rules come into force.
    town.days(10);
    town.days(10);
    assert_eq!(town.stands("Two euros"), "enacted");
    let owed = |town: &Town| {
        let graph = town.does("Ines", &["export", "--class", "Commitment"]);
        let records = graph["@graph"].as_array().expect("records").clone();
        let late = |one: &&Json| one["resourceClassifiedAs"].to_string().contains("late-fee");
        records.iter().filter(late).count()
    };
    assert_eq!(owed(&town), 0);
    assert_eq!(late, 150, "{agreement}");
    let taking = town.taking_back("Hammer drill", "Amara");
    assert!(!town.command("Ines", "01926b5e-7d00-7000-8000-000000000901", &taking), "what would follow?");
    operator(&town, &[&duties, "--undo"]).ok();
    town.days(1);
    assert!(owed(&town) > 0, "what waited has fallen");
    assert!(town.command("Ines", "01926b5e-7d00-7000-8000-000000000902", &taking));
    town.verify();
}

#[test]
fn a_key_that_is_revoked_counts_nowhere() {
    let town = Town::found("revoked-key");
    let work = Folder::new("revoked-key-work");
    let key = |name: &str| {
        let file = work.join(name).display().to_string();
        let made = cli(&work.0, None, &["--json", "key", "new", &file]).ok().json();
        (file, made["key"].as_str().expect("a key").to_owned())
    };
    let ((amara, one), (kofi, two)) = (key("amara.keys"), key("kofi.keys"));
    town.does("Ines", &["trust", "add", "Amara", &one]);
    town.enacted("Trust the key of Amara");
    town.does("Ines", &["trust", "add", "Kofi", &two]);
    town.enacted("Trust the key of Kofi");
    let registry = work.join("registry").display().to_string();
    let packed = |version: &str, keys: &[&str]| {
        let file = guests::version(&work.0, "deposit", version);
        cli(&work.0, None, &["plugin", "pack", &file, "--into", &registry]).ok();
        let package = work.join("registry/deposit").join(version).display().to_string();
        for key in keys {
            cli(&work.0, None, &["--key", key, "plugin", "sign", &package]).ok();
        }
        package
    };
    let (by_one, by_two) = (packed("0.2.0", &[&amara]), packed("0.3.0", &[&amara, &kofi]));
    bound(&town, &by_one, "By Amara", &[]);
    // One key of two is enough; without it there is none, and the version of the founders stands in.
    let revoked = operator(&town, &[&one, "--because", "The key was stolen."]).ok().json();
    let withheld = out_of_use(&revoked);
    assert_eq!((withheld.len(), withheld[0].2), (1, true), "{revoked}");
    let another = packed("0.2.1", &[&amara]);
    assert_eq!(town.refused("Ines", &["plugin", "bind", &another]), "unsigned-plugin");
    // What somebody else has signed, too, is as good as before.
    bound(&town, &by_two, "By both", &[]);
    assert_eq!(out_of_use(&operator(&town, &[]).ok().json()), []);
    operator(&town, &[&two, "--because", "That one, too."]).ok();
    assert_eq!(out_of_use(&operator(&town, &[]).ok().json()).len(), 1);
    operator(&town, &[&one, "--undo"]).ok();
    assert_eq!(out_of_use(&operator(&town, &[]).ok().json()), []);
    town.verify();
}

#[test]
fn a_component_that_is_gone_marks_itself_and_no_more() {
    let mut town = Town::found("gone");
    let work = Folder::new("gone-work");
    let newer = guests::version(&work.0, "deposit", "0.2.0");
    let new = digest(&newer);
    bound(&town, &newer, "The newer deposit", &["--set", "late-day=3.00 EUR"]);
    town.close();
    let file = town.data.join("reflow.sqlite");
    assert_eq!(alter(&file, &format!("DELETE FROM component WHERE digest = '{new}'")), 1);
    town.open();
    // The node is up, the network goes on with what it had before, and says why.
    assert_eq!(late_day(&town), Ok(150));
    let told = operator(&town, &[]).ok().json();
    assert_eq!(out_of_use(&told), [("deposit".to_owned(), new, true)]);
    assert_eq!((&told["withheld"][0]["why"], &told["revoked"]), (&json!("failed"), &json!([])));
    let steward = steward(&town);
    steward.get("/n/library/").says("is out of use: the component");
    // It comes back as it was.
    cli(&town.data.0, None, &["plugin", "install", &newer]).ok();
    assert_eq!(late_day(&town), Ok(300));
    assert_eq!(out_of_use(&operator(&town, &[]).ok().json()), []);
    town.verify();
}

#[test]
fn rules_switch_under_load_and_no_act_fails() {
    let work = Folder::new("switched-work");
    let town = Town::with_two_versions("switched", &work);
    let seat = Seat::at(town.base(), &town.tools);
    let acknowledged = Arc::new(Acknowledged::default());
    let writers = Writers::start(&[town.base().to_owned()], &seat, (4, 1), 1, &acknowledged);
    for _ in 0..4 {
        let before = acknowledged.commands();
        town.switch();
        soon("acts after the switch", || (acknowledged.commands() > before + 20).then_some(()));
    }
    // A writer dies of an answer that is not a permit.
    writers.stop();
    let journal = town.does("Ines", &["export", "--class", "EconomicEvent"]);
    let events = journal["@graph"].as_array().expect("events").len();
    assert!(events >= acknowledged.commands() && acknowledged.commands() > 80, "{events}");
    // Each of these acts was asked about.
    operator(&town, &["standing", "--because", "All of it."]).ok();
    let last = seat.command("01926b5e-7d00-7000-8000-000000000903", 1);
    let (_, refused) = seat.send(town.base(), &last).expect("an answer");
    assert!(refused.contains("plugin-unavailable"), "{refused}");
    town.verify();
}
