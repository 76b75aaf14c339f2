//! The walk of the README: a library changes its late fee, from a draft to the day on which it is in force, and back;
//! it sees before the vote whom it would have hit; and what must not happen on the way does not.

use tests::town::Town;
use tests::{Folder, alter, cli, copy};

const TITLE: &str = "Late days cost two euros";
const CHANGE: [&str; 2] = ["--set", "deposit.late-day=2.00 EUR"];

#[test]
fn a_library_changes_its_late_fee_and_changes_it_back() {
    let mut town = Town::found("governance-walk");
    let founded = town.rules();
    amend(&town, &founded);
    old_and_new(&town);
    count_again(&town);
    // And back.
    let back = "Back to one fifty";
    town.to_the_vote("Amara", back, &["--rollback"]);
    town.vote(back, "yes", &["Amara", "Kofi", "Ines"]);
    town.days(6);
    town.days(3);
    assert_eq!(town.stands(back), "enacted");
    assert_eq!(town.rules(), founded, "the same rules, to the last byte");
    town.verify();
    town.close();
    cli(&town.data.0, None, &["rebuild"]).ok();
    town.verify();
    assert_eq!(town.rules(), founded);
}

/// From a draft to the day on which it is in force.
fn amend(town: &Town, founded: &str) {
    // A loan of the time before, and a day late: what the change would have meant.
    let (_, old_price) = town.lend("Amara", "Hammer drill", 3);
    assert_eq!(old_price, 150);
    town.days(4);

    town.draft("Kofi", TITLE, &CHANGE);
    let seen = town.does("Kofi", &["what-if", "--candidate", TITLE, "--last", "200"]);
    assert_eq!((&seen["refused"], &seen["allowed"]), (&0.into(), &0.into()), "{seen}");
    let hit = seen["agents"].as_array().expect("agents").iter().find(|row| row["name"] == "Amara");
    assert_eq!(hit.expect("Amara would have owed more")["shown"], "-0.50 EUR", "{seen}");
    assert_eq!(town.rules(), founded, "looking changes nothing");

    assert_eq!(town.refused("Kofi", &["amendment", "freeze", TITLE]), "still-discussed");
    town.days(3);
    assert_eq!(town.refused("Amara", &["amendment", "freeze", TITLE]), "not-permitted");
    town.does("Kofi", &["amendment", "freeze", TITLE]);
    town.vote(TITLE, "yes", &["Kofi", "Ines", "Jonas"]);
    town.vote(TITLE, "no", &["Amara"]);
    assert_eq!(town.rules(), founded, "a vote is not the end of it");
    town.days(6);
    assert_eq!(town.stands(TITLE), "waiting");
    assert_eq!(town.rules(), founded, "what was accepted waits");
    town.days(3);
    assert_eq!(town.stands(TITLE), "enacted");
    let amended = town.rules();
    assert_ne!(amended, founded);
}

/// A new loan pays the new fee; the old one goes on at the old one.
fn old_and_new(town: &Town) {
    let (_, new_price) = town.lend("Kofi", "Ladder", 3);
    assert_eq!(new_price, 200);
    town.days(5);
    let owed = |town: &Town, who: &str| {
        let agent = town.agent(who);
        let graph = town.does("Ines", &["export", "--class", "Commitment"]);
        let fees = graph["@graph"].as_array().expect("records").iter().filter(|one| {
            let provider = one["provider"].as_str().unwrap_or_default();
            one["resourceClassifiedAs"].to_string().contains("late-fee") && provider.ends_with(&agent)
        });
        let amount = |fee: &serde_json::Value| {
            fee["resourceQuantity"]["hasNumericalValue"].as_str().map(str::to_owned)
        };
        fees.filter_map(amount).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(owed(town, "Amara").into_iter().collect::<Vec<_>>(), ["1.50"]);
    assert_eq!(owed(town, "Kofi").into_iter().collect::<Vec<_>>(), ["2.00"]);
}

/// Anybody counts again, without a node.
fn count_again(town: &Town) {
    let file = town.data.join("tally.json");
    let export = town.run("Amara", &["tally", TITLE, "--export"]).ok().out;
    std::fs::write(&file, &export).expect("a file");
    let file = file.display().to_string();
    assert!(
        cli(&town.data.join("nowhere"), None, &["tally", &file, "--file"])
            .ok()
            .out
            .contains("counted again: the same")
    );
    std::fs::write(&file, export.replacen("\"yes\"", "\"no\"", 1)).expect("a file");
    assert_eq!(
        cli(&town.data.join("nowhere"), None, &["tally", &file, "--file"]).status,
        1,
        "one ballot more or less is found"
    );
}

#[test]
fn what_was_frozen_is_what_comes_into_force_or_nothing_does() {
    let mut town = Town::found("governance-frozen");
    town.to_the_vote("Kofi", TITLE, &CHANGE);
    town.vote(TITLE, "yes", &["Kofi", "Ines"]);
    let founded = town.rules();
    let book = town.amendment(TITLE)["book"].as_str().expect("a record").replace('-', "");
    town.close();
    // What is altered behind the node's back, the statement, and where the amendment stands in the end.
    let table = [
        (
            "an edited text",
            format!(
                "UPDATE record SET books = replace(books, '2.00 EUR', '9.00 EUR') WHERE hex(id) = upper('{book}')"
            ),
        ),
        (
            "a swapped component",
            format!(
                "UPDATE record SET books = replace(books, '{}', '{}') WHERE hex(id) = upper('{book}')",
                component(&town, "deposit"),
                component(&town, "nearest")
            ),
        ),
    ];
    for (what, statement) in table {
        let altered = Folder::new("governance-altered");
        copy(&town.data.0, &altered.join("data"));
        assert!(alter(&altered.join("data/reflow.sqlite"), &statement) > 0, "{what}: nothing was altered");
        let data = altered.join("data");
        let run = |args: &[&str]| {
            let mut all = vec!["--json", "--network", "library", "--as", "Ines"];
            all.extend(args);
            cli(&data, None, &all).ok().json()
        };
        run(&["clock", "advance", "6d"]);
        run(&["clock", "advance", "3d"]);
        assert_eq!(run(&["amendment", "show", TITLE])["status"], "failed", "{what}");
        let networks = run(&["network", "list"]);
        assert_eq!(networks[0]["hash"], founded.as_str(), "{what}: the rules are as they were");
        let verified = cli(&data, None, &["verify"]);
        assert_eq!(verified.status, 1, "{what}: and verification finds it: {}", verified.out);
    }
    // Untouched, it comes into force.
    town.open();
    town.days(6);
    town.days(3);
    assert_eq!(town.stands(TITLE), "enacted");
}

/// The digest of a component that the library was founded with.
fn component(town: &Town, plugin: &str) -> String {
    let all = town.tools.founding["components"].as_array().expect("components");
    all.iter().find(|one| one["plugin"] == plugin).expect(plugin)["component"]
        .as_str()
        .expect("a digest")
        .to_owned()
}
