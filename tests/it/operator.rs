//! Whoever runs a node changes no rule of a network on it: every command, every endpoint and every page is called on
//! their word, and the rules are the same to the last byte.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use tests::http::Browser;
use tests::town::Town;
use tests::{Folder, cli, root};

/// The commands that have no commands below them, as the program names them itself.
fn commands(data: &Folder, path: &[&str]) -> BTreeSet<String> {
    let help = cli(&data.0, None, &[path, &["--help"]].concat()).ok().out;
    let Some(listed) = help.split("Commands:\n").nth(1) else { return BTreeSet::from([path.join(" ")]) };
    let names =
        listed.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split_whitespace().next());
    let names = names.filter(|name| *name != "help");
    names.flat_map(|name| commands(data, &[path, &[name]].concat())).collect()
}

/// What each command is called with by whoever owns the data folder, in nobody's name or in a steward's.
fn calls(place: &Folder) -> Vec<Vec<String>> {
    let rules = root().join("policies/open-books").display().to_string();
    let file = |name: &str| place.join(name).display().to_string();
    let plain = [
        "network list",
        "network pause library --because x --hours 1",
        "network resume library",
        "network new other --rules RULES --steward A --steward B",
        "network recover library --rules RULES --because x",
        "network export library COPY --copy --unencrypted",
        "network adopt COPY",
        "member add Bo",
        "member password Bo",
        "member train Bo chainsaw",
        "member grant Bo clerk",
        "member end-role Bo clerk",
        "member suspend Bo --days 1 --because x",
        "member reinstate Bo",
        "member end Bo --because x",
        "member list",
        "token new key --act see",
        "clock advance 1h",
        "act -",
        "import nothing.yaml",
        "export",
        "quote Ladder",
        "verify",
        "rebuild",
        "backup BACKUP --unencrypted",
        "restore BACKUP",
        "move --from FROM --to TO",
        "doctor --quick",
        "config check",
        "ruleset check RULES",
        "ruleset test RULES",
        "ruleset mutate RULES",
        "ruleset pack RULES PACKED",
        "ruleset new NEW --from RULES",
        "ruleset install policies/tool-library",
        "ruleset diff RULES policies/tool-library",
        "amendment new x --rules RULES",
        "amendment redraft x --rules RULES",
        "amendment sponsor x",
        "amendment freeze x",
        "amendment vote x yes",
        "amendment veto x --because x",
        "amendment override x",
        "amendment renew x",
        "amendment show x",
        "amendment list",
        "amendment withdraw x",
        "what-if --candidate RULES --last 10",
        "tally x",
        "proxy new Bo",
        "proxy end x",
        "plugin build nothing",
        "plugin check nothing",
        "member leave",
    ];
    let filled = |word: &str| match word {
        "RULES" => rules.clone(),
        "COPY" | "BACKUP" | "PACKED" | "NEW" => file(word),
        "FROM" | "TO" => format!("sqlite:{}", file(word)),
        other => other.to_owned(),
    };
    plain.iter().map(|line| line.split(' ').map(filled).collect()).collect()
}

#[test]
fn whoever_runs_the_node_changes_no_rule() {
    let town = Town::found("operator");
    let place = Folder::new("operator-files");
    let before = town.rules();
    let calls = calls(&place);
    let called: BTreeSet<String> = calls
        .iter()
        .map(|call| call.iter().take(2).map(String::as_str).collect::<Vec<_>>().join(" "))
        .collect();
    // The node is being served; the demo is a network of its own.
    let others = ["demo", "serve"];
    for command in commands(&place, &[]) {
        let known = called.iter().any(|call| *call == command || call.split(' ').next() == Some(&command));
        assert!(known || others.contains(&&*command), "`{command}` is not called here");
    }
    for call in &calls {
        let args: Vec<&str> = call.iter().map(String::as_str).collect();
        for who in [None, Some("Jonas")] {
            let mut all = vec!["--network", "library"];
            all.extend(who.iter().flat_map(|who| ["--as", *who]));
            all.extend(&args);
            cli(&town.data.0, None, &all);
        }
        assert_eq!(town.rules(), before, "`{}` changed the rules", call.join(" "));
    }
    endpoints_and_pages(&town);
    assert_eq!(town.rules(), before, "an endpoint or a page changed the rules");
    town.verify();
}

/// Every endpoint that the node describes, with every method, and every page that stands in the navigation.
fn endpoints_and_pages(town: &Town) {
    cli(&town.data.0, None, &["network", "resume", "library"]);
    let browser = Browser::sign_in(town.base(), "library", "Kofi", "kofi-secret");
    let word = browser.get("/n/library/people").form("/sign-out").1["word"].clone();
    let (_, description) = browser.ask("/api/v1/openapi.json");
    let paths = description["paths"].as_object().expect("paths");
    assert!(paths.len() > 10, "{paths:?}");
    for (path, methods) in paths {
        let path = path.replace("{network}", "library").replace("{class}", "Amendment");
        let path = path.replace(['{', '}'], "");
        for method in methods.as_object().expect("methods").keys() {
            match &**method {
                "get" => drop(browser.ask(&path)),
                _ => drop(browser.tell(&path, &word, &json!({}))),
            }
        }
    }
    // Acts that are nobody's to send, whoever asks.
    for act in ["lapse", "recoverNetwork", "pause", "resume", "found", "moveNetwork", "fallDue"] {
        let command =
            json!({"id": tests::founded::id_of(9), "agent": town.agent("Kofi"), "acts": [sent(act, town)]});
        let (status, answer) = browser.tell("/api/v1/networks/library/commands", &word, &command);
        assert_ne!(status, 200, "{act}: {answer}");
    }
    for page in ["", "things", "loans", "people", "rules", "changes", "changes/new", "journal"] {
        assert_eq!(browser.get(&format!("/n/library/{page}")).status, 200, "{page}");
    }
}

/// An act as somebody would send it who wants it done.
fn sent(act: &str, town: &Town) -> Json {
    let (id, book) = (town.agent("Kofi"), json!({"name": "x"}));
    match act {
        "lapse" => json!({"act": act, "record": id, "at": 1}),
        "recoverNetwork" => json!({"act": act, "book": book, "reason": "x", "quietSince": 1}),
        "pause" => json!({"act": act, "kind": "network", "subject": "", "hasEnd": 1, "reason": "x"}),
        "resume" => json!({"act": act, "stop": id}),
        "found" => json!({"act": act, "name": "x", "book": book, "stewards": ["x"], "sandbox": true}),
        "moveNetwork" => json!({"act": act, "to": "x"}),
        _ => json!({"act": act, "commitment": id, "at": 1}),
    }
}
