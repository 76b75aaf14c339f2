//! Who gets through which door: every endpoint that the node describes, and every page, for every kind of person. The
//! rules decide what is behind a door; this is about the door.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::json;
use tests::founded::NETWORK;
use tests::http::Browser;
use tests::root;
use tests::town::Town;

/// Every page, with a record that one needs to look at it.
const PAGES: [&str; 34] = [
    "",
    "things",
    "things/THING",
    "borrow/OFFER",
    "loans",
    "people",
    "join",
    "joining",
    "rules",
    "rules/used",
    "rules/stories",
    "cases",
    "cases/CASE",
    "changes",
    "changes/new",
    "changes/rules",
    "changes/CHANGE",
    "changes/CHANGE/what-if",
    "journal",
    "flows",
    "sums",
    "why/COMMAND",
    "why/OTHER",
    "sign-in",
    "me",
    "me/second-step",
    "me/key",
    "me/passkeys",
    "me/feed",
    "keeping",
    "keeping/printed",
    "desk",
    "desk/stock",
    "rounds",
];

/// Kinds of people: nobody, somebody who asked to join, a newcomer, two members, a steward, and a program.
fn people(town: &Town) -> Vec<(&'static str, Browser, String)> {
    let apply = |name: &str| {
        let password = format!("{}-secret", name.to_lowercase());
        town.does(
            "Ines",
            &["member", "apply", name, "--answer", "x", "--answer", "y", "--password", &password],
        );
    };
    apply("Max");
    apply("Lena");
    ["Amara", "Kofi"].iter().for_each(|who| drop(town.does(who, &["member", "vouch", "Lena"])));
    town.does("Ines", &["member", "account", "Jonas", "--password", "jonas-secret"]);
    let token = town.does("Amara", &["token", "new", "key", "--act", "see"]);
    let signed = |name: &str| {
        let password = format!("{}-secret", name.to_lowercase());
        let browser = Browser::sign_in(town.base(), NETWORK, name, &password);
        let word = browser.get(&format!("/n/{NETWORK}/joining")).form("/sign-out").1["word"].clone();
        (browser, word)
    };
    let mut people = vec![("nobody", Browser::new(town.base()), String::new())];
    for (kind, name) in [
        ("applicant", "Max"),
        ("newcomer", "Lena"),
        ("party", "Amara"),
        ("member", "Kofi"),
        ("steward", "Jonas"),
    ] {
        let (browser, word) = signed(name);
        people.push((kind, browser, word));
    }
    let text = token["token"].as_str().expect("a token");
    people.push(("token", Browser::with_bearer(town.base(), text), String::new()));
    people
}

#[test]
fn who_gets_through_which_door() {
    let town = Town::found("doors");
    let people = people(&town);
    let change = town.does("Amara", &["amendment", "new", "Two euros", "--set", "deposit.late-day=2.00 EUR"]);
    // Of two stewards the one who looks into it may be this one; so it is about both, and nobody looks into it.
    let case =
        town.does("Amara", &["case", "open", "--because", "x", "--against", "Ines", "--against", "Jonas"]);
    let id = |json: &serde_json::Value| json.as_str().expect("an id").to_owned();
    let offer = id(&town.does("Amara", &["quote", "Ladder", "--days", "7"])["intent"]);
    let known: BTreeMap<&str, String> = [
        ("THING", town.tools.ladder.clone()),
        ("OFFER", offer),
        ("CASE", id(&case["case"]["id"])),
        ("CHANGE", id(&change["amendment"]["id"])),
        ("COMMAND", id(&case["receipt"]["command"])),
        ("OTHER", id(&town.tools.founding["receipt"]["command"])),
    ]
    .into();
    let mut grid = String::new();
    let mut line = |door: &str, statuses: Vec<(&str, u16)>| {
        let mut by: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
        statuses.into_iter().for_each(|(who, status)| by.entry(status).or_default().push(who));
        let said: Vec<String> =
            by.iter().map(|(status, who)| format!("{status} {}", who.join(", "))).collect();
        writeln!(grid, "{door}: {}", said.join("; ")).expect("written");
    };
    for page in PAGES {
        let path =
            page.split('/').map(|part| known.get(part).map_or(part, |id| id)).collect::<Vec<_>>().join("/");
        let path = format!("/n/{NETWORK}/{path}");
        line(
            &format!("page /{page}"),
            people.iter().map(|(who, browser, _)| (*who, browser.get(&path).status)).collect(),
        );
    }
    let (_, description) = people[3].1.ask("/api/v1/openapi.json");
    let mut doors = BTreeSet::new();
    for (path, methods) in description["paths"].as_object().expect("paths") {
        let methods = methods.as_object().expect("methods").keys();
        doors.extend(methods.map(|method| (path.clone(), method.clone())));
    }
    for (path, method) in doors {
        let real = path.replace("{network}", NETWORK).replace("{class}", "EconomicResource");
        let real = real
            .replace("{id}", &known["THING"])
            .replace("{command}", &known["COMMAND"])
            .replace("{report}", "stock")
            .replace(['{', '}'], "");
        let status = |browser: &Browser, word: &str| match &*method {
            "get" => browser.get(&real).status,
            "delete" => browser.end(&real, word).0,
            _ => browser.send_json(&real, word, json!({}).to_string().as_bytes()).status,
        };
        line(
            &format!("{method} {path}"),
            people.iter().map(|(who, browser, word)| (*who, status(browser, word))).collect(),
        );
    }
    let kept = root().join("tests/doors.txt");
    if std::env::var_os("REFLOW_UPDATE").is_some() {
        std::fs::write(&kept, &grid).expect("written");
    }
    let kept = std::fs::read_to_string(kept).expect("the kept grid");
    assert_eq!(grid, kept, "run with REFLOW_UPDATE=1 if the change is meant");
}

#[test]
fn a_closed_ballot_is_not_read_in_the_command_that_cast_it() {
    let town = Town::found("closed-ballot");
    let effect = format!(r#"{{"act":"grantRole","member":"{}","role":"clerk"}}"#, town.agent("Kofi"));
    town.draft("Amara", "A clerk", &["--effect", &effect]);
    town.days(5);
    town.does("Amara", &["amendment", "freeze", "A clerk"]);
    // Whoever votes is told who could read it all the same.
    let kofi = Browser::sign_in(town.base(), NETWORK, "Kofi", "kofi-secret");
    let page = format!("/n/{NETWORK}/changes/{}", town.amendment("A clerk")["id"].as_str().expect("an id"));
    kofi.get(&page).says("Whoever runs this node could read it on its disk");
    let shown = town.run("Kofi", &["amendment", "show", "A clerk"]).ok().out;
    assert!(shown.contains("whoever runs the node could read them on its disk"), "{shown}");
    let cast = town.does("Kofi", &["amendment", "vote", "A clerk", "no", "--because", "I would rather not"]);
    let command = cast["receipt"]["command"].as_str().expect("an id").to_owned();
    // The voter has a receipt, and what it is a receipt of; a steward, who sees other decisions, has neither.
    let own = town.does("Kofi", &["why", &command]);
    assert_eq!((&own["acts"][0], &own["by"]), (&json!("castBallot"), &json!("Kofi")));
    assert_eq!(town.refused("Ines", &["why", &command]), "unknown-decision");
    town.days(8);
    assert_eq!(town.refused("Ines", &["why", &command]), "unknown-decision", "nor after it has closed");
}
