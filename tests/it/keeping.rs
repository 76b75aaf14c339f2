//! The pages of those who keep a network, and of whoever runs the node.

use tests::cli;
use tests::http::Browser;
use tests::town::Town;

use crate::founded::NETWORK;
use crate::taking_part::{page, path_with};

#[test]
fn stewards_see_what_they_look_after() {
    let town = Town::found("keeping");
    town.does("Ines", &["member", "account", "Jonas", "--password", "jonas-secret"]);
    let jonas = Browser::sign_in(town.base(), NETWORK, "Jonas", "jonas-secret");
    let keeping = jonas.get(&page("keeping"));
    keeping.says("What calculates").says("<b>standing</b>").says("Each of them answered every time");
    keeping.says("Entries today").says("aria-current=\"page\">Keeping</a>");
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let not = amara.get(&page("keeping"));
    assert_eq!(not.status, 403);
    assert!(!not.says("for stewards").body.contains(">Keeping</a>"));
}

#[test]
fn whoever_runs_the_node_has_a_page_and_nobody_else() {
    let mut town = Town::found("operator-page");
    town.close();
    cli(&town.data.0, None, &["ruleset", "install", "policies/open-books"]).ok();
    let account = ["--network", "node", "member", "account", "operator", "--password", "operator-secret"];
    cli(&town.data.0, None, &account).ok();
    town.open();
    let operator = Browser::sign_in(town.base(), "node", "operator", "operator-secret");
    assert_eq!(operator.get("/n/node/").header("location"), "/n/node/operator");
    let node = operator.get("/n/node/operator");
    node.says("lives here").says("open-books").says(NETWORK);
    // A link, which founds a network and lets nobody into the node's own.
    let made = operator.submit(&node, "/operator/link", &[]);
    let link = path_with(&made, "/found/");
    let stranger = Browser::new(town.base());
    let found = link.split("/found/").nth(1).expect("a token");
    stranger.get(&format!("/found/{found}")).says("Found a network");
    for wrong in [format!("/n/node/invited/{found}"), format!("/n/{NETWORK}/invited/{found}")] {
        assert_eq!(stranger.get(&wrong).status, 404, "{wrong}");
        assert_eq!(stranger.post(&wrong, &[("name", "Mallory"), ("password", "x")]).status, 404, "{wrong}");
    }
    // A pause, with its reason or not at all.
    let pause = |hours: &str, because: &str| {
        let form = operator.get("/n/node/operator");
        operator.submit(&form, "/operator/pause", &[("hours", hours), ("reason", because)])
    };
    assert_eq!(pause("1", " ").status, 422);
    pause("9999", "a leak");
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    amara.get(&page("")).says("notice-bar").says("a leak");
    operator.submit(&operator.get("/n/node/operator"), "/operator/resume", &[]);
    assert!(!amara.get(&page("")).body.contains("notice-bar"));
    // Nobody else: no stranger, no member, no steward of another network, no form of another session.
    assert_eq!(stranger.get("/n/node/operator").status, 303);
    assert_eq!(amara.get("/n/node/operator").status, 303);
    assert_eq!(
        operator.post("/n/node/operator/link", &[("word", &amara.get(&page("me")).word())]).status,
        403
    );
    assert_eq!(operator.post("/n/node/operator/erase", &[("word", &node.word())]).status, 404);
    let missing = [("word", node.word()), ("network", "none".to_owned()), ("reason", "x".to_owned())];
    let missing: Vec<(&str, &str)> = missing.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(operator.post("/n/node/operator/pause", &missing).status, 404);
    town.verify();
}
