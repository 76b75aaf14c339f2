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

/// What is about the node, its networks and who belongs.
const OF_THE_NODE: [&str; 42] = [
    "network list",
    "network invite Zoe",
    "network pause library --because x --hours 1",
    "network resume library",
    "network new other --rules RULES --steward A --steward B",
    "network recover library --rules RULES --because x",
    "network export library COPY --copy --unencrypted",
    "network adopt COPY",
    "member add Bo",
    "member password Bo",
    "member account Jonas",
    "member train Bo chainsaw",
    "member grant Bo clerk",
    "member end-role Bo clerk",
    "member suspend Bo --days 1 --because x",
    "member let-back Bo",
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
    "ruleset lock nothing",
    "ruleset publish RULES --version 1.0.0 --to REGISTRY",
    "ruleset fetch open-books --from REGISTRY --into FETCHED",
    "ruleset new NEW --from RULES",
    "ruleset install policies/tool-library",
    "ruleset diff RULES policies/tool-library",
];

/// What is about changing rules.
const ABOUT_RULES: [&str; 38] = [
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
    "plugin admit nothing",
    "plugin laws nothing",
    "plugin new PLUGIN --world access",
    "plugin test nothing",
    "plugin inspect nothing",
    "plugin bench nothing",
    "plugin diff nothing nothing",
    "plugin try nothing",
    "plugin replay nothing",
    "receipt export 1",
    "round apples",
    "plugin pack nothing",
    "plugin sign nothing",
    "plugin publish nothing --to nothing",
    "plugin install nothing",
    "plugin bind nothing",
    "plugin pause nothing --because x",
    "plugin revoke deposit --because x",
    "plugin list",
    "trust add x y",
    "trust list",
    "trust remove x",
];

/// What is among people.
const AMONG_PEOPLE: [&str; 34] = [
    "plan new Saturday --want bread=1 --due 2d",
    "plan show Saturday",
    "plan replan Saturday",
    "key new KEYS",
    "key show KEYS",
    "key enrol KEYS",
    "key rotate KEYS",
    "key guardians KEYS Bo",
    "key recover Bo KEYS",
    "key sign KEYS",
    "member apply Lena --answer x --answer y --password lena-secret",
    "member vouch Lena",
    "member accept Lena",
    "member decline Lena --because x",
    "member applications",
    "delegation new Bo --act borrow",
    "delegation list",
    "delegation end x",
    "exception grant Bo borrow --because x",
    "exception list",
    "exception withdraw x",
    "case open --because x",
    "case list",
    "case show x",
    "case say x y",
    "case assign x Bo",
    "case close x upheld --because y",
    "case withdraw x",
    "rules --used",
    "may Ladder",
    "why 2",
    "erase Ladder --because x",
    "erase Ladder --because x --unlawful",
    "member leave",
];

/// What each command is called with by whoever owns the data folder, in nobody's name or in a steward's.
fn calls(place: &Folder) -> Vec<Vec<String>> {
    let rules = root().join("policies/open-books").display().to_string();
    let file = |name: &str| place.join(name).display().to_string();
    let filled = |word: &str| match word {
        "RULES" => rules.clone(),
        "COPY" | "BACKUP" | "PACKED" | "REGISTRY" | "FETCHED" | "NEW" | "KEYS" => file(word),
        "PLUGIN" => file("fresh"),
        "FROM" | "TO" => format!("sqlite:{}", file(word)),
        other => other.to_owned(),
    };
    let all = OF_THE_NODE.iter().chain(&ABOUT_RULES).chain(&AMONG_PEOPLE);
    all.map(|line| line.split(' ').map(filled).collect()).collect()
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
    let (pages, forms) = crawl(&browser);
    assert!(pages >= 30 && forms >= 15, "{pages} pages, {forms} forms");
}

/// Opens every page that a link leads to, and sends every form that stands on one.
fn crawl(browser: &Browser) -> (usize, usize) {
    let mut waiting = vec!["/n/library/".to_owned(), "/n/library/join".to_owned()];
    let (mut seen, mut sent) = (BTreeSet::new(), BTreeSet::new());
    while let Some(path) = waiting.pop() {
        if seen.len() >= 200 || !seen.insert(path.clone()) {
            continue;
        }
        let page = browser.get(&path);
        assert!(page.status < 500, "{path}: {}", page.body);
        let links = page.body.split("href=\"").skip(1).filter_map(|part| part.split('"').next());
        waiting.extend(links.filter(|link| link.starts_with("/n/library")).map(str::to_owned));
        for form in page.body.split("<form").skip(1).filter_map(|part| part.split("</form>").next()) {
            let (action, fields) = filled(form);
            // Signing out would end the walk.
            if action.ends_with("/sign-out")
                || !form.contains("method=\"post\"")
                || !sent.insert(action.clone())
            {
                continue;
            }
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
            let answer = browser.post(&action, &fields);
            assert!(answer.status < 500, "{action}: {}", answer.body);
            waiting.extend(answer.location.filter(|next| next.starts_with("/n/library")));
        }
    }
    (seen.len(), sent.len())
}

/// Where a form goes, and what somebody might fill it with: the first of several choices, and `x`.
fn filled(form: &str) -> (String, Vec<(String, String)>) {
    let attribute = |tag: &str, name: &str| {
        let rest = tag.split(&format!("{name}=\"")).nth(1)?;
        Some(rest.split('"').next()?.to_owned())
    };
    let mut fields: Vec<(String, String)> = Vec::new();
    for tag in form.split('<').filter(|tag| tag.starts_with("input") || tag.starts_with("textarea")) {
        let tag = tag.split('>').next().unwrap_or_default();
        let Some(name) = attribute(tag, " name") else { continue };
        if fields.iter().any(|(known, _)| *known == name) {
            continue;
        }
        fields.push((name, attribute(tag, " value").filter(|value| !value.is_empty()).unwrap_or("x".into())));
    }
    (attribute(form, "action").unwrap_or_default(), fields)
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
