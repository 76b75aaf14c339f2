//! Votes that a calculation of the rules counts: it decides what the built-in way would decide, and when it goes wrong it
//! takes the change with it that was voted on, and nothing else.

use serde_json::json;
use tests::http::Browser;
use tests::town::{Town, edited};
use tests::{Folder, cli};

const MAJORITY: &str = "[decisions.parameter]\nrule = { method = \"majority\", quorum = { heads = 2 } }";
const NEAREST: &str = "[[plugins]]\nname = \"nearest\"";

/// The tool library, with settings decided by a calculation.
fn counted(name: &str, plugin: &str, settings: &str, rule: &str) -> (Town, Folder) {
    let place = Folder::new(&format!("{name}-rules"));
    let rule = format!("[decisions.parameter]\nrule = {{ method = {{ counted = {{ {rule} }} }} }}");
    let bound = format!("[[plugins]]\nname = \"{plugin}\"\n{settings}\n\n{NEAREST}");
    let rules = edited(&place, "counted", "charter.toml", &[(MAJORITY, &rule), (NEAREST, &bound)]);
    (Town::found_under(name, std::path::Path::new(&rules)), place)
}

#[test]
fn a_calculation_counts_what_the_members_say() {
    let (mut town, _rules) = counted("counted", "schulze", "", "by = \"schulze\", ballot = \"ranked\"");
    let (two, three) = ("Two euros", "Three euros");
    town.draft("Amara", two, &["--set", "deposit.late-day=2.00 EUR"]);
    town.does(
        "Kofi",
        &["amendment", "new", three, "--set", "deposit.late-day=3.00 EUR", "--instead-of", two],
    );
    town.does("Jonas", &["amendment", "sponsor", three]);
    town.days(3);
    town.does("Kofi", &["amendment", "freeze", three]);
    let amara = Browser::sign_in(town.base(), "library", "Amara", "amara-secret");
    let page = format!("/n/library/changes/{}", town.amendment(two)["id"].as_str().expect("an id"));
    let form = amara.get(&page);
    form.says("A place for each").says("the calculation &#34;schulze&#34; says so");
    amara.submit(&form, "/vote", &[("option-0", "2"), ("option-1", "1"), ("option-2", "3")]).says("Done");
    for (who, rank) in [("Kofi", "[[1],[0],[2]]"), ("Ines", "[[0],[1],[2]]"), ("Jonas", "[[1],[2],[0]]")] {
        town.does(who, &["amendment", "vote", three, &format!("{{\"rank\":{rank}}}")]);
    }
    town.days(6);
    assert_eq!((&*town.stands(two), &*town.stands(three)), ("rejected", "waiting"));
    let says = "What is chosen is better than 2 of the others, compared one by one.";
    amara.get(&page).says("Accepted: &#34;Three euros&#34;").says(says);
    let german = amara.also(town.base(), &amara.get("/language/de"));
    german.get(&page).says("Was gewählt ist, ist besser als 2 der anderen, einzeln verglichen.");
    let again = town.run("Kofi", &["tally", two]).ok().out;
    assert!(
        again.contains(says) && again.contains("counted again: the same; what `schulze` made"),
        "{again}"
    );
    town.days(3);
    assert_eq!(town.stands(three), "enacted");
    town.close();
    town.open();
    let (_, price) = town.lend("Amara", "Hammer drill", 3);
    assert_eq!(price, 300);
    town.verify();
}

#[test]
fn what_counts_is_fixed_when_the_vote_begins() {
    let chambers = "by = \"two-chambers\", chambers = [\"member\", \"steward\"]";
    let settings = "settings = { first = \"member\", second = \"steward\" }";
    let (town, _rules) = counted("chambers", "two-chambers", settings, chambers);
    let votes = |title: &str, fee: &str, stewards: &str| {
        town.to_the_vote("Amara", title, &["--set", &format!("deposit.late-day={fee} EUR")]);
        town.vote(title, "yes", &["Amara", "Kofi"]);
        town.vote(title, stewards, &["Ines", "Jonas"]);
    };
    // Members are for it, and so are stewards; then half of all, and no steward.
    votes("both", "2.00", "yes");
    votes("one", "3.00", "no");
    town.days(6);
    assert_eq!((&*town.stands("both"), &*town.stands("one")), ("waiting", "rejected"));
    let said = town.amendment("one")["result"].to_string();
    assert!(said.contains("Of those with the role \\\"steward\\\", 0 are for it and 2 against."), "{said}");
    town.days(3);
    assert_eq!(town.stands("both"), "enacted");
    // Changing what counts is changing how rules are changed: a week of discussion, two of voting, one of waiting.
    town.draft("Amara", "Other groups", &["--set", "two-chambers.second=guardian"]);
    assert_eq!(town.amendment("Other groups")["risk"], "constitution");
    town.days(8);
    town.does("Amara", &["amendment", "freeze", "Other groups"]);
    town.vote("Other groups", "yes", &["Amara", "Kofi", "Ines", "Jonas"]);
    town.days(16);
    // This one is voted on when what counts is replaced.
    votes("late", "4.00", "yes");
    town.days(6);
    assert_eq!(town.stands("Other groups"), "enacted", "a day before the vote closes");
    let late = town.amendment("late");
    assert_eq!(late["status"], "failed", "{late}");
    assert!(late.to_string().contains("has been replaced meanwhile"), "{late}");
    town.verify();
}

#[test]
fn a_count_that_goes_wrong_fails_the_change_alone() {
    let (town, _rules) =
        counted("miscounted", "hostile-tally", "settings = { mode = \"wrong\" }", "by = \"hostile-tally\"");
    // What the first voter says, where it ends, and what is said of it.
    let table = [
        ("right", json!("yes"), "waiting", "The first ballot said so."),
        ("trap", json!("no"), "failed", "gave no answer (trap)"),
        ("loop", json!("object"), "failed", "gave no answer (fuel)"),
        ("unable", json!("abstain"), "failed", "gave no answer (unable)"),
        ("nobody's", json!("advise"), "failed", "gave no answer (wrong-shape)"),
        ("numbers", json!({"approve": [0]}), "failed", "gave no answer (wrong-shape)"),
        ("wordy", json!({"approve": [0, 0]}), "failed", "gave no answer (too-large)"),
        ("unsaid", json!({"score": [1]}), "failed", "gave no answer (wrong-shape)"),
        ("tied", json!({"rank": []}), "failed", "gave no answer (wrong-shape)"),
        ("below", json!({"rank": [[0]]}), "failed", "gave no answer (wrong-shape)"),
    ];
    for (n, (title, ..)) in table.iter().enumerate() {
        town.draft("Amara", title, &["--set", &format!("deposit.late-day={}.00 EUR", n + 2)]);
    }
    town.days(3);
    for (title, ballot, ..) in &table {
        town.does("Amara", &["amendment", "freeze", title]);
        let ballot = ballot.as_str().map_or_else(|| ballot.to_string(), str::to_owned);
        town.vote(title, &ballot, &["Ines", "Amara", "Kofi"]);
    }
    town.days(6);
    for (title, _, ends, says) in &table {
        let stands = town.amendment(title);
        assert_eq!(stands["status"], *ends, "{title}: {stands}");
        assert!(stands.to_string().contains(says), "{title}: {stands}");
    }
    // The network goes on, and can still change what counts.
    town.days(3);
    assert_eq!(town.stands("right"), "enacted");
    town.lend("Amara", "Hammer drill", 3);
    // What is paused counts nothing.
    town.to_the_vote("Amara", "paused", &["--set", "deposit.late-day=20.00 EUR"]);
    town.vote("paused", "yes", &["Amara", "Kofi"]);
    town.days(4);
    let pause = ["network", "pause", "library", "--plugin", "hostile-tally", "--because", "it miscounts"];
    cli(&town.data.0, None, &pause).ok();
    town.days(2);
    let paused = town.amendment("paused");
    assert_eq!(paused["status"], "failed", "{paused}");
    assert!(paused.to_string().contains("is paused for safety"), "{paused}");
    town.verify();
}

#[test]
fn what_could_not_be_counted_is_no_rule() {
    let place = Folder::new("uncounted");
    let bound = |name: &str, more: &str| format!("[[plugins]]\nname = \"{name}\"\n{more}\n\n{NEAREST}");
    let by = |kind: &str, more: &str| {
        let rule = format!("{{ method = {{ counted = {{ by = \"schulze\"{more} }} }} }}");
        format!("[decisions.{kind}]\nrule = {rule}")
    };
    let constitution = "[decisions.constitution]\nrule = { method = { supermajority = { share = \"2/3\" } }, quorum = { share = \"1/2\" } }";
    let schulze = bound("schulze", "");
    let chambers = bound("two-chambers", "settings = { first = \"member\", second = \"member\" }");
    let plain = by("parameter", "");
    let exactly = by("parameter", ", exactly = \"mine\"");
    let table: &[(&[(&str, &str)], &str)] = &[
        (&[(MAJORITY, &plain)], "no plugin of that name is bound that counts votes"),
        (&[(NEAREST, &bound("schulze", "acts = [\"borrow\"]"))], "says nothing about `borrow`"),
        (&[(NEAREST, &format!("{}\n{schulze}", bound("schulze", "").replace(NEAREST, "")))], "two plugins"),
        (
            &[(NEAREST, &schulze), (constitution, &by("constitution", ""))],
            "so one that is broken can be replaced",
        ),
        (&[(NEAREST, &schulze), (MAJORITY, &exactly)], "is fixed when a vote begins"),
        (&[(NEAREST, &chambers)], "Two chambers are two groups."),
    ];
    for (n, (edits, says)) in table.iter().enumerate() {
        let rules = edited(&place, &format!("rules-{n}"), "charter.toml", edits);
        let args = ["network", "new", "town", "--rules", &rules, "--sandbox", "--steward", "Ines"];
        let outcome = cli(&place.0, None, &args);
        assert_eq!(outcome.status, 1, "{says}: {}{}", outcome.out, outcome.err);
        assert!(
            format!("{}{}", outcome.out, outcome.err).contains(says),
            "{says}: {}{}",
            outcome.out,
            outcome.err
        );
    }
}

#[test]
fn a_vote_whose_calculation_is_revoked_changes_nothing() {
    let (town, _rules) = counted("counted-revoked", "schulze", "", "by = \"schulze\", ballot = \"ranked\"");
    town.to_the_vote("Amara", "Two euros", &["--set", "deposit.late-day=2.00 EUR"]);
    town.vote("Two euros", "{\"rank\":[[0],[1]]}", &["Kofi", "Ines", "Jonas"]);
    let because = "It counts wrongly.";
    let revoked =
        cli(&town.data.0, None, &["--json", "plugin", "revoke", "schulze", "--because", because]).ok().json();
    assert_eq!(revoked["withheld"][0]["instead"], json!(null), "what counts has no stand-in");
    town.days(6);
    let amendment = town.amendment("Two euros");
    assert_eq!(amendment["status"], "failed", "{amendment}");
    assert!(amendment.to_string().contains("is out of use: It counts wrongly."), "{amendment}");
    town.verify();
}
