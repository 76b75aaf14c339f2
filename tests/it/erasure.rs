//! What is erased is gone: from the pages, the tables, the journal, and the disk.

use std::path::Path;

use serde_json::{Value as Json, json};
use tests::Folder;
use tests::cli;
use tests::founded::NETWORK;
use tests::http::Browser;
use tests::town::Town;

/// What is personal about whoever is erased carries this word.
const MARK: &str = "quuxina";

/// The files of a folder in which a word stands, whatever its case.
fn holding(folder: &Path, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(holding(&path, word));
        } else if path.is_file() {
            let bytes = std::fs::read(&path).expect("a file").to_ascii_lowercase();
            if bytes.windows(word.len()).any(|window| window == word.as_bytes()) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

/// Somebody who has been about: admitted in one command with somebody else, has borrowed, reported, voted, been
/// suspended and excepted.
fn about(town: &Town) -> String {
    let admit = |name: &str| json!({"act": "admit", "name": name, "roles": []});
    town.acts("Ines", &json!([admit("Quuxina"), admit("Wilhelmina")]));
    let agent = town.agent("Quuxina");
    town.lend("Quuxina", "Hammer drill", 3);
    town.acts("Ines", &town.taking_back("Hammer drill", "Quuxina"));
    let open = town.does("Ines", &["export", "--class", "Commitment"]);
    let open = open["@graph"].as_array().expect("records").iter().filter(|one| one["finished"] != true);
    let waive = |one: &Json| {
        let id = one["@id"].as_str().expect("an id").replace("urn:uuid:", "");
        json!({"act": "waive", "commitment": id, "reason": "quuxina and I are even"})
    };
    let waived: Vec<Json> = open
        .filter(|one| one["@type"] == "vf:Commitment" || one["@type"] == "Commitment")
        .map(waive)
        .collect();
    town.acts("Ines", &json!(waived));
    let case =
        town.does("Quuxina", &["case", "open", "--against", "Wilhelmina", "--because", "quuxina is sad"]);
    let case = case["case"]["id"].as_str().expect("an id").to_owned();
    town.does("Wilhelmina", &["case", "say", &case, "I am sorry"]);
    town.does("Ines", &["exception", "grant", "Quuxina", "borrow", "--because", "quuxina helped"]);
    town.does("Ines", &["member", "suspend", "Quuxina", "--days", "2", "--because", "quuxina was loud"]);
    town.days(3);
    let effect = format!(r#"{{"act":"grantRole","member":"{agent}","role":"clerk"}}"#);
    let title = "A clerk";
    town.draft("Quuxina", title, &["--effect", &effect, "--because", "quuxina can count"]);
    town.days(5);
    town.does("Quuxina", &["amendment", "freeze", title]);
    town.does("Quuxina", &["amendment", "vote", title, "yes", "--because", "quuxina says so"]);
    town.vote(title, "yes", &["Ines", "Jonas", "Amara", "Wilhelmina"]);
    town.days(8);
    assert_eq!(town.stands(title), "waiting");
    town.days(3);
    assert_eq!(town.stands(title), "enacted");
    agent
}

#[test]
fn whoever_has_left_is_erased_to_the_last_byte() {
    let mut town = Town::found("erased");
    let agent = about(&town);
    assert!(!holding(&town.data.0, MARK).is_empty(), "she was there");
    assert_eq!(town.refused("Ines", &["erase", "Quuxina", "--because", "she asked to"]), "still-belongs");
    town.does("Quuxina", &["member", "leave"]);
    assert_eq!(town.refused("Kofi", &["erase", &agent, "--because", "I dislike her"]), "not-permitted");
    assert_eq!(town.refused("Ines", &["erase", &agent, "--because", " "]), "no-reason");
    let before = town.does("Ines", &["rules", "--used"]);
    let seqs = |found: &Json| found["to"].as_u64().expect("a position");

    let erased = town.does(&agent, &["erase", &agent, "--because", "I asked for it"]);
    assert!(erased["entries"].as_u64().expect("a number") >= 8, "{erased}");
    assert_eq!(holding(&town.data.0, MARK), Vec::<String>::new(), "while the node runs");

    // What is others' has stayed, and what the books say too.
    let people = town.does("Ines", &["member", "list"]);
    assert!(people.to_string().contains("Wilhelmina"), "{people}");
    let cases = town.does("Wilhelmina", &["case", "list"]);
    let said = &cases[0]["statements"];
    assert_eq!(said.as_array().map(Vec::len), Some(1), "{cases}");
    assert_eq!((&said[0]["by"], &said[0]["says"]), (&json!("Wilhelmina"), &json!("I am sorry")));
    let ines = town.does("Ines", &["tally", "A clerk"]);
    assert_eq!(ines["tally"]["counts"]["voted"], 5, "how it was counted stands: {ines}");
    // Every decision is explained still, in the words that are left.
    let mut explained = 0;
    for seq in 2..=seqs(&before) {
        let why = town.run("Ines", &["why", &seq.to_string()]);
        // What was said in a case and on a closed ballot is nobody else's.
        assert!(why.status == 0 || why.err.contains("unknown-decision"), "{seq}: {}{}", why.out, why.err);
        explained += u64::from(why.status == 0);
    }
    assert!(explained * 2 > seqs(&before), "{explained} of {}", seqs(&before));
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let journal = amara.get(&format!("/n/{NETWORK}/journal")).body;
    assert!(!journal.to_lowercase().contains(MARK), "{journal}");
    let shipped = tests::root().join("policies/tool-library").display().to_string();
    let what_if = town.does("Ines", &["what-if", "--candidate", &shipped]);
    assert!(what_if["coverage"]["erased"].as_u64().expect("a number") >= 5, "{what_if}");

    let verified = cli(&town.data.0, None, &["--json", "verify"]).ok().json();
    assert!(verified["erased"].as_u64().expect("a number") >= 8, "{verified}");
    town.verify();
    town.close();
    cli(&town.data.0, None, &["rebuild"]).ok();
    town.verify();
    assert_eq!(holding(&town.data.0, MARK), Vec::<String>::new(), "after it was closed and written again");
    let place = Folder::new("erased-file");
    let file = place.join("library.reflow").display().to_string();
    cli(&town.data.0, None, &["network", "export", NETWORK, &file, "--copy", "--unencrypted"]).ok();
    let elsewhere = Folder::new("erased-elsewhere");
    cli(&elsewhere.0, None, &["network", "adopt", &file]).ok();
    let verified = cli(&elsewhere.0, None, &["verify"]).ok().out;
    assert!(verified.contains(" 0 differences"), "{verified}");
    // Asked again: there is nothing more, and that is no error.
    town.open();
    let again = town.does(&agent, &["erase", &agent, "--because", "once more"]);
    assert_eq!((&again["entries"], &again["records"]), (&json!(0), &json!(0)));
    town.verify();
}

#[test]
fn accounts_and_keys_go_with_whoever_is_erased() {
    let town = Town::found("erased-account");
    town.does("Ines", &["member", "add", "Quuxina", "--password", "quuxina-secret"]);
    let browser = Browser::sign_in(town.base(), NETWORK, "Quuxina", "quuxina-secret");
    let token = town.does("Quuxina", &["token", "new", "quuxina-key", "--act", "see"]);
    let token = token["token"].as_str().expect("a token").to_owned();
    let path = format!("/n/{NETWORK}/things");
    assert_eq!(browser.get(&path).status, 200);
    let agent = town.agent("Quuxina");
    town.does("Quuxina", &["member", "leave"]);
    town.does(&agent, &["erase", &agent, "--because", "I asked for it"]);
    assert_eq!(browser.get(&path).status, 303, "signed out");
    let signed = Browser::new(town.base())
        .post(&format!("/n/{NETWORK}/sign-in"), &[("name", "Quuxina"), ("password", "quuxina-secret")]);
    assert_eq!(signed.status, 401);
    let (status, _) =
        Browser::with_bearer(town.base(), &token).ask(&format!("/api/v1/networks/{NETWORK}/members"));
    assert_eq!(status, 401);
    assert_eq!(holding(&town.data.0, MARK), Vec::<String>::new());
    town.verify();
}

#[test]
fn the_operator_erases_what_must_not_be_kept_and_says_so() {
    let town = Town::found("unlawful");
    let thing = town.tools.ladder.clone();
    let note = json!([{"act": "revise", "class": "EconomicResource", "record": thing, "version": 1,
        "fields": {"note": "quuxina lives at Elm Street 4"}}]);
    town.acts("Ines", &note);
    town.does("Ines", &["member", "suspend", "Kofi", "--days", "1", "--because", "he shouted"]);
    let rules = town.rules();
    let args =
        ["--network", NETWORK, "--json", "erase", "Ladder", "--unlawful", "--because", "a court said so"];
    let erased = cli(&town.data.0, None, &args).ok().json();
    assert_eq!(erased["records"], 1, "{erased}");
    assert_eq!(holding(&town.data.0, MARK), Vec::<String>::new());
    assert_eq!(town.rules(), rules);
    let seq = erased["receipts"][0]["seq"].to_string();
    let why = town.run("Ines", &["why", &seq]).ok().out;
    assert!(why.contains("eraseUnlawful"), "{why}");
    town.verify();

    // Nobody sends such an act themselves: which entries it names is the node's to find.
    let own = json!([{"act": "erase", "subject": thing, "reason": "x", "entries": [1, 2, 3], "stripped": [], "kept": []}]);
    let unlawful = json!([{"act": "eraseUnlawful", "subject": thing, "reason": "x", "entries": [1], "stripped": [], "kept": []}]);
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let (_, me) = amara.ask("/api/v1/session");
    let word = me["word"].as_str().unwrap_or_default().to_owned();
    for acts in [own, unlawful] {
        let command = json!({"id": "01926b5e-7d00-7000-8000-00000000ee01", "acts": acts});
        let args = ["--network", NETWORK, "--as", "Ines", "--json", "act", "-"];
        let outcome = tests::node::cli_with(&town.data.0, None, &args, &command.to_string());
        assert!(outcome.out.contains("cannot be sent here"), "{}", outcome.out);
        let answer = amara.command(NETWORK, &word, command.to_string().as_bytes());
        assert!((400..500).contains(&answer.status), "{}", answer.body);
    }
    town.verify();
}

#[test]
fn whoever_has_more_than_goes_in_one_step_is_erased_in_several() {
    let town = Town::found("erased-much");
    town.acts("Ines", &json!([{"act": "admit", "name": "Quuxina", "roles": []}]));
    let agent = town.agent("Quuxina");
    let (each, commands) = (700, 3);
    let raise = json!({"act": "record", "newResource": {"name": "Cup", "note": "quuxina's"},
        "event": {"action": "raise", "provider": agent, "receiver": agent, "note": "quuxina made it",
                  "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": town.tools.piece}}});
    for _ in 0..commands {
        town.acts("Quuxina", &json!(vec![raise.clone(); each]));
    }
    let args =
        ["--network", NETWORK, "--json", "erase", &agent, "--unlawful", "--because", "a court said so"];
    let erased = cli(&town.data.0, None, &args).ok().json();
    // An event and a thing each.
    let own = 2 * each * commands;
    assert!(erased["receipts"].as_array().expect("receipts").len() > 2, "{erased}");
    assert!(erased["records"].as_u64().expect("a number") as usize >= own, "{erased}");
    assert_eq!(holding(&town.data.0, MARK), Vec::<String>::new());
    town.verify();
}
