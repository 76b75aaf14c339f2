//! Joining, exceptions and cases, as people meet them.

use serde_json::{Value as Json, json};
use tests::Folder;
use tests::founded::NETWORK;
use tests::http::Browser;
use tests::town::{Town, edited};

fn page(path: &str) -> String {
    format!("/n/{NETWORK}/{path}")
}

/// A town whose clerks look into cases and make exceptions, and Kofi is one; Amara has an open fee.
fn owing(name: &str) -> (Town, Folder) {
    let place = Folder::new(&format!("{name}-rules"));
    let rules = edited(
        &place,
        "by-clerks",
        "charter.toml",
        &[("assignees = [\"steward\"]", "assignees = [\"clerk\"]")],
    );
    let library = std::path::Path::new(&rules).join("library.cedar");
    let text = std::fs::read_to_string(&library).expect("a rule set");
    let steward = "permit (principal in Role::\"steward\", action == Action::\"grantException\"";
    assert!(text.contains(steward));
    std::fs::write(&library, text.replace(steward, &steward.replace("steward", "clerk"))).expect("written");
    let town = Town::found_under(name, std::path::Path::new(&rules));
    town.does("Ines", &["member", "grant", "Kofi", "clerk"]);
    town.lend("Amara", "Hammer drill", 3);
    town.days(5);
    town.acts("Ines", &town.taking_back("Hammer drill", "Amara"));
    (town, place)
}

fn used(town: &Town, rule: &str) -> [u64; 3] {
    let found = town.does("Amara", &["rules", "--used"]);
    let row = found["rules"].as_array().expect("rules").iter().find(|row| row["rule"] == rule).cloned();
    let row = row.unwrap_or_else(|| panic!("no {rule}"));
    ["refused", "excepted", "appealed"].map(|name| row[name].as_u64().expect("a number"))
}

#[test]
fn a_refusal_is_appealed_against_and_put_right() {
    let (mut town, _rules) = owing("appeal");
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let kofi = Browser::sign_in(town.base(), NETWORK, "Kofi", "kofi-secret");
    let thing = amara.get(&page(&format!("things/{}", town.tools.ladder)));
    thing.says("What you may do with it").says("borrow it for a week").says("You have an open fee");

    // What is refused says what would have to be different, and can be appealed against.
    let refused = town.run("Amara", &["--json", "act", "-"]);
    assert_eq!(refused.status, 2, "nothing was sent: {}", refused.err);
    let offer = town.does("Amara", &["quote", "Ladder", "--days", "7"]);
    let accept = json!([{"act": "accept", "intent": offer["intent"], "receiver": town.agent("Amara"),
        "until": offer["until"], "quote": {"digest": offer["digest"], "expires": offer["expires"]}}]);
    assert!(!town.command("Amara", "01926b5e-7d00-7000-8000-00000000aa01", &accept));
    let why = amara.get(&page("why/01926b5e-7d00-7000-8000-00000000aa01"));
    why.says("You have an open fee")
        .says("unpaid of standing is 3.00 EUR; it would have to be at most 0.00 EUR");
    let said = town.run("Amara", &["why", "01926b5e-7d00-7000-8000-00000000aa01"]).ok().out;
    assert!(said.contains("forbidden by \"Settle open fees before you borrow again\""), "{said}");
    assert!(said.contains("it would have to be at most 0.00 EUR"), "{said}");
    let opened = amara.submit(&why, "/appeal", &[("says", "the library was closed on that day")]);
    opened.says("Done").says("somebody appealed against a decision");

    // It is its parties' and its assignee's, and nobody else's.
    let cases = town.does("Amara", &["case", "list"]);
    let (id, assignee) = (cases[0]["id"].as_str().expect("an id").to_owned(), &cases[0]["assignee"]);
    assert_eq!(assignee, "Kofi");
    assert_eq!(town.does("Ines", &["case", "list"]), json!([]));
    assert_eq!(town.refused("Ines", &["case", "show", &id]), "unknown-case");
    // Stewards see how others' commands were decided, but not what was said in a case.
    let opening = &town.does("Amara", &["case", "show", &id])["id"];
    let news = town.does("Ines", &["export"]);
    assert!(!news.to_string().contains("closed on that day"), "{news} {opening}");
    for seq in 1..=40 {
        let said = town.run("Ines", &["--json", "why", &seq.to_string()]).out;
        assert!(!said.contains("openCase"), "{said}");
    }
    assert_eq!(town.refused("Ines", &["case", "say", &id, "what is this?"]), "unknown-case");
    amara.get(&page("cases")).says("Amara thinks that a decision was wrong");
    let theirs = kofi.get(&page(&format!("cases/{id}")));
    theirs.says("the library was closed on that day").says("Amara may do it once");

    // Closed, and put right, in one.
    let closed = kofi.submit(&theirs, "/close", &[("how", "excepted"), ("says", "it was closed indeed")]);
    closed.says("Done").says("a case was closed").says("an exception was made for Amara");
    let exceptions = town.does("Amara", &["exception", "list"]);
    assert_eq!(exceptions[0]["rule"], "settle-first", "{exceptions}");
    assert_eq!((&exceptions[0]["thing"], &exceptions[0]["case"]), (&json!("Ladder"), &json!(id)));
    town.lend("Amara", "Ladder", 7);
    assert_eq!(town.does("Amara", &["exception", "list"])[0]["status"], "used");
    assert_eq!(used(&town, "settle-first"), [1, 1, 1]);
    amara.get(&page("rules/used")).says("Settle open fees before you borrow again");
    amara.get(&page("cases")).says("which was used");
    town.verify();
    town.close();
    tests::cli(&town.data.0, None, &["rebuild"]).ok();
    town.verify();
}

#[test]
fn a_closing_and_what_puts_it_right_stand_or_fall_together() {
    let (town, place) = owing("together");
    let opened = town.does("Amara", &["case", "open", "--because", "the fee is wrong"]);
    let id = opened["case"]["id"].as_str().expect("an id").to_owned();
    let file = place.join("acts.json");
    // Kofi is owed nothing, so he lets nothing go.
    let debts = town.does("Ines", &["export", "--class", "Commitment"]);
    let debt =
        debts["@graph"].as_array().expect("records").iter().find(|one| {
            one["finished"] != true && one["resourceClassifiedAs"].to_string().contains("late-fee")
        });
    let debt = debt.expect("an open fee")["@id"].as_str().expect("an id").replace("urn:uuid:", "");
    let waive = json!([{"act": "waive", "commitment": debt, "reason": "it was closed"}]);
    std::fs::write(&file, waive.to_string()).expect("a file");
    let close = ["case", "close", &id, "reversed", "--because", "yes", "--with", &file.display().to_string()];
    assert_eq!(town.refused("Kofi", &close), "not-permitted");
    assert_eq!(town.does("Amara", &["case", "show", &id])["status"], "open");
    let vague = town.run("Kofi", &["case", "close", &id, "perhaps", "--because", "yes"]);
    assert_eq!(vague.status, 2, "{}", vague.err);
    town.does("Kofi", &["case", "close", &id, "upheld", "--because", "it was open"]);
    assert_eq!(town.refused("Amara", &["case", "say", &id, "no"]), "case-closed");
    assert_eq!(used(&town, "settle-first"), [0, 0, 0]);
    town.verify();
}

#[test]
fn nobody_answers_and_somebody_else_is_asked() {
    let town = Town::found("escalates");
    let opened = town.does("Amara", &["case", "open", "--because", "the workshop is cold"]);
    let id = opened["case"]["id"].as_str().expect("an id").to_owned();
    let mut asked = vec![opened["case"]["assignee"].clone()];
    for _ in 0..4 {
        town.days(11);
        let stands = town.does("Amara", &["case", "show", &id]);
        asked.push(stands["assignee"].clone());
    }
    let (first, second) = (&asked[0], &asked[1]);
    assert_ne!(first, second);
    assert_eq!(asked, [first.clone(), second.clone(), first.clone(), second.clone(), second.clone()]);
    assert_eq!(town.does("Amara", &["case", "show", &id])["status"], "open");
    for n in 0..8 {
        let because = format!("and another thing, number {n}");
        match n {
            7 => {
                assert_eq!(town.refused("Amara", &["case", "open", "--because", &because]), "too-many-cases")
            }
            _ => drop(town.does("Amara", &["case", "open", "--because", &because])),
        }
    }
    town.verify();
}

#[test]
fn somebody_joins_at_the_door() {
    let town = Town::found("joins");
    let stranger = Browser::new(town.base());
    stranger.get(&page("sign-in")).says("Ask to join");
    let door = stranger.get(&page("join"));
    door.says("What would you like to borrow first?").says("For 30 days they are a newcomer first");
    let asks = |name: &str, password: &str, answers: [&str; 2]| {
        let [one, two] = answers;
        let fields = [("name", name), ("password", password), ("answer-0", one), ("answer-1", two)];
        stranger.post(&page("join"), &fields)
    };
    let long = "x".repeat(4_097);
    for (name, password, answers, status, says) in [
        ("Lena", "lena-secret", ["a drill", ""], 422, "answers 2 questions"),
        ("Lena", "lena-secret", ["a drill", &*long], 422, "answers 2 questions"),
        ("Lena", "", ["a drill", "Amara"], 409, "from 1 to 200 characters"),
        ("", "lena-secret", ["a drill", "Amara"], 409, "from 1 to 200 characters"),
        ("Amara", "lena-secret", ["a drill", "Amara"], 409, "somebody called &#34;Amara&#34;"),
    ] {
        let answer = asks(name, password, answers);
        assert_eq!(answer.status, status, "{name}: {}", answer.body);
        answer.says(says);
        // What was said is still in the form.
        answer.says("a drill");
    }
    assert_eq!(asks("Lena", "lena-secret", ["a drill", "Amara"]).status, 303);
    let lena = Browser::sign_in(town.base(), NETWORK, "Lena", "lena-secret");
    lena.get(&page("joining")).says("<b>Lena has asked to join").says("I do not want to any more");
    assert!(!lena.get(&page("things")).body.contains("Hammer drill"), "until she belongs she sees nothing");
    assert_eq!(
        town.refused("Lena", &["exception", "grant", "Amara", "borrow", "--because", "x"]),
        "unknown-agent"
    );

    let vouch = |who: &str, password: &str| {
        let browser = Browser::sign_in(town.base(), NETWORK, who, password);
        let list = browser.get(&page("joining"));
        browser.submit(&list, "/vouch", &[]).says("Done");
        browser
    };
    let amara = vouch("Amara", "amara-secret");
    amara.get(&page("joining")).says("so far: Amara");
    vouch("Kofi", "kofi-secret");
    lena.get(&page("joining")).says("was let in");
    lena.get(&page("things")).says("Hammer drill");
    town.lend("Lena", "Hammer drill", 7);
    let people = town.does("Ines", &["member", "list"]);
    let roles = |people: &Json| {
        people.as_array().expect("people").iter().find(|one| one["name"] == "Lena").expect("Lena")["roles"]
            .clone()
    };
    assert_eq!(roles(&people), json!(["newcomer"]));
    town.days(31);
    assert_eq!(roles(&town.does("Ines", &["member", "list"])), json!(["member"]));

    // A crowd at the door is kept waiting, and nobody who belongs is.
    let crowd = (0..40).map(|n| asks(&format!("Crowd {n}"), "secret", ["a drill", ""]).status);
    let crowd: Vec<u16> = crowd.collect();
    assert!(crowd.contains(&429), "{crowd:?}");
    amara.get(&page("things")).says("Hammer drill");
    town.verify();
}

/// The acts of borrowing the ladder for a week, for somebody.
fn borrowing(town: &Town, who: &str) -> Json {
    let quote = town.does(who, &["quote", "Ladder", "--days", "7"]);
    json!([{"act": "accept", "intent": quote["intent"], "receiver": town.agent(who), "until": quote["until"],
        "quote": {"digest": quote["digest"], "expires": quote["expires"]}}])
}

#[test]
fn in_the_name_of_people_and_organisations() {
    let town = Town::found("delegates");
    let acts = |who: &str, of: &str, acts: &Json| {
        let args = ["--network", NETWORK, "--as", who, "--in-name-of", of, "--json", "act", "-"];
        let outcome = tests::node::cli_with(&town.data.0, None, &args, &acts.to_string());
        outcome.json()["code"].as_str().map_or_else(|| "done".to_owned(), str::to_owned)
    };
    // Nobody has let him, for too long, for other acts, or not any more.
    assert_eq!(acts("Kofi", "Amara", &borrowing(&town, "Amara")), "not-delegated");
    assert_eq!(
        town.refused("Kofi", &["delegation", "new", "Kofi", "--of", "Amara", "--act", "borrow"]),
        "not-permitted"
    );
    let made = town
        .does("Amara", &["delegation", "new", "Kofi", "--act", "accept", "--act", "borrow", "--days", "2"]);
    let delegation = made["delegation"].as_str().expect("an id").to_owned();
    let word = json!([{"act": "publish", "proposal": {"purpose": "request"}, "intents": [{"action": "work", "receiver": town.agent("Amara")}]}]);
    assert_eq!(acts("Kofi", "Amara", &word), "forbidden");
    let onward = json!([{"act": "delegate", "delegator": town.agent("Amara"), "delegate": town.agent("Ines"), "acts": ["borrow"], "hasEnd": 9_000_000_000_000_000_i64}]);
    assert_eq!(acts("Kofi", "Amara", &onward), "bad-shape".replace("bad-shape", "forbidden"));

    // By the console and by the door of programs, each in her name, and the receipt says whose delegation it was.
    let kofi = Browser::sign_in(town.base(), NETWORK, "Kofi", "kofi-secret");
    let word = kofi.get(&page("things")).form("/sign-out").1["word"].clone();
    let commands = format!("/api/v1/networks/{NETWORK}/commands");
    let command =
        |id: &str, of: &str| json!({"id": id, "agent": town.agent(of), "acts": borrowing(&town, of)});
    let (status, said) =
        kofi.tell(&commands, &word, &command("01926b5e-7d00-7000-8000-00000000cc01", "Ines"));
    assert_eq!((status, &said["type"]), (403, &json!("urn:reflow:problem:not-your-agent")), "{said}");
    let (status, said) =
        kofi.tell(&commands, &word, &command("01926b5e-7d00-7000-8000-00000000cc02", "Amara"));
    assert_eq!(status, 200, "{said}");
    let why = town.does("Amara", &["why", "01926b5e-7d00-7000-8000-00000000cc02"]);
    assert_eq!((&why["by"], &why["via"]), (&json!("Amara"), &json!("delegate")));
    let listed = town.does("Amara", &["delegation", "list"]);
    assert_eq!((&listed[0]["delegate"], &listed[0]["open"]), (&json!("Kofi"), &json!(true)));
    town.does("Amara", &["delegation", "end", &delegation]);
    assert_eq!(acts("Kofi", "Amara", &borrowing(&town, "Amara")), "not-delegated");
    town.does("Amara", &["delegation", "new", "Kofi", "--act", "borrow", "--days", "2"]);
    town.days(3);
    assert_eq!(acts("Kofi", "Amara", &borrowing(&town, "Amara")), "not-delegated");

    // An organisation belongs, and a steward says who acts for it.
    town.does("Ines", &["member", "add", "Bakery", "--organization"]);
    assert_eq!(
        town.refused("Kofi", &["delegation", "new", "Kofi", "--of", "Bakery", "--act", "borrow"]),
        "not-permitted"
    );
    town.does("Ines", &["delegation", "new", "Kofi", "--of", "Bakery", "--act", "borrow"]);
    let drill = town.does("Bakery", &["quote", "Hammer drill", "--days", "7"]);
    let borrow = json!([{"act": "accept", "intent": drill["intent"], "receiver": town.agent("Bakery"),
        "until": drill["until"], "quote": {"digest": drill["digest"], "expires": drill["expires"]}}]);
    assert_eq!(acts("Amara", "Bakery", &borrow), "not-delegated");
    assert_eq!(acts("Kofi", "Bakery", &borrow), "done");
    town.verify();
}

#[test]
fn a_device_acts_by_its_own_key() {
    let town = Town::found("device");
    town.does("Ines", &["member", "add", "Scanner at the door", "--device", "--role", "scanner"]);
    let made = town.does("Ines", &["token", "new", "scanner", "--to", "Scanner at the door", "--act", "see"]);
    let token = made["token"].as_str().expect("a token").to_owned();
    let people = format!("/api/v1/networks/{NETWORK}/members");
    let sees = || Browser::with_bearer(town.base(), &token).ask(&people).1.to_string().contains("Amara");
    assert!(sees());
    let listed = town.does("Ines", &["delegation", "list"]);
    assert_eq!(
        (&listed[0]["delegator"], &listed[0]["delegate"]),
        (&json!("Ines"), &json!("Scanner at the door"))
    );
    let admit = json!({"id": "01926b5e-7d00-7000-8000-00000000dd01", "agent": town.agent("Ines"),
        "acts": [{"act": "admit", "name": "A friend", "roles": []}]});
    let commands = format!("/api/v1/networks/{NETWORK}/commands");
    let (status, sent) = Browser::with_bearer(town.base(), &token).tell(&commands, "", &admit);
    assert_eq!(status, 403, "only what was delegated: {sent}");
    town.does("Ines", &["delegation", "end", made["delegation"].as_str().expect("an id")]);
    assert!(!sees(), "a key to nothing opens nothing");
    town.verify();
}
