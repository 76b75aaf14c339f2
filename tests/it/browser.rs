//! The pages in a real browser: narrow and wide, light and dark, without scripts; and no complaint from axe.

use serde_json::{Value as Json, json};
use tests::founded::NETWORK;
use tests::http::Browser;
use tests::node::Node;
use tests::town::Town;
use tests::{Folder, chromium, cli, skip};

/// Most bytes of a page with its style.
const PAGE_BYTES_MAX: u64 = 60 << 10;

/// The pages of the demo, by name: those of a member, by path below the network's.
const PAGES: &[(&str, &str)] = &[
    ("home", ""),
    ("board", "board"),
    ("things", "things"),
    ("loans", "loans"),
    ("people", "people"),
    ("joining", "joining"),
    ("rules", "rules"),
    ("rules-borrow", "rules?act=borrow"),
    ("rules-used", "rules/used"),
    ("changes", "changes"),
    ("change-new", "changes/new"),
    ("cases", "cases"),
    ("journal", "journal"),
    ("journal-refused", "journal?show=refused"),
    ("audit", "audit"),
    ("flows", "flows"),
    ("sums", "sums"),
    ("sums-stock", "sums?of=stock"),
    ("sums-promised", "sums?of=promised"),
    ("sums-given", "sums?of=given"),
    ("need-new", "need"),
    ("offer-new", "offer"),
    ("me", "me"),
    ("second-step", "me/second-step"),
    ("key", "me/key"),
    ("passkeys", "me/passkeys"),
    ("feed", "me/feed"),
    ("rule", "rules/settle-first"),
    ("nothing", "things/nowhere"),
];

/// Those of somebody who keeps the network.
const KEEPERS: &[(&str, &str)] = &[
    ("home", ""),
    ("loans", "loans"),
    ("rules", "rules"),
    ("invite", "invite"),
    ("tables", "tables"),
    ("printed", "keeping/printed?all=1"),
    ("audit", "audit"),
    ("keeping", "keeping"),
    ("change-new", "changes/new"),
    ("rules-desk", "changes/rules"),
    ("rule-edit", "changes/rules/new"),
    ("stories", "rules/stories"),
    ("desk", "desk"),
    ("desk-nobody", "desk?scan=nobody"),
    ("stock", "desk/stock"),
    ("rounds", "rounds"),
];

/// Looks at pages and checks what was found of each.
fn look(base: &str, (network, who): (&str, &str), language: &str, pages: &[(String, String)]) {
    let pages: Vec<Json> = pages.iter().map(|(name, path)| json!({"name": name, "path": path})).collect();
    let out = chromium::screenshots().join(language);
    let password = format!("{}-demo", who.to_lowercase());
    let found = chromium::run(
        "look.mjs",
        &json!({
            "base": base, "network": network, "name": who, "password": password,
            "language": language, "out": out, "pages": pages,
        }),
    );
    let found = found.as_array().expect("what was found");
    assert_eq!(found.len(), pages.len() * 4);
    let mut wrong = Vec::new();
    for one in found {
        let empty = |name: &str| one[name].as_array().is_some_and(Vec::is_empty);
        let fits = one["sideways"].as_i64().is_some_and(|pixels| pixels <= 0);
        let light = one["bytes"].as_u64().is_some_and(|bytes| bytes <= PAGE_BYTES_MAX);
        // The one script there is, and the one page of these that has it.
        let bare = one["scripts"] == u64::from(one["name"] == "key");
        if !(empty("violations") && empty("small") && empty("elsewhere") && fits && light && bare) {
            wrong.push(one.to_string());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_looks_right_and_reads_right() {
    if let Some(why) = chromium::missing() {
        return skip("every_page_looks_right_and_reads_right", why);
    }
    let data = Folder::new("looks");
    cli(&data.0, None, &["demo", "--only-found"]).ok();
    let account = ["--network", "node", "member", "account", "operator", "--password", "operator-demo"];
    cli(&data.0, None, &account).ok();
    cli(&data.0, None, &["ruleset", "install", "policies/open-books"]).ok();
    let node = Node::serve(&data.0, None);
    let network = "/n/corner-workshop/";
    let below = |pages: &[(&str, &str)]| -> Vec<(String, String)> {
        pages.iter().map(|(name, path)| ((*name).to_owned(), format!("{network}{path}"))).collect()
    };
    let amara = Browser::sign_in(&node.base, "corner-workshop", "Amara", "amara-demo");
    let first = |page: &str, link: &str| {
        let page = amara.get(&format!("{network}{page}"));
        let at = page.body.find(&format!("{network}{link}")).expect("a link");
        page.body[at..].split('"').next().expect("its end").to_owned()
    };
    let thing = first("things", "things/");
    let mut pages = below(PAGES);
    pages.push(("person".to_owned(), first("people", "people/")));
    pages.push(("label".to_owned(), format!("{thing}/label")));
    pages.push(("story".to_owned(), thing.replace("/things/", "/story/")));
    pages.push(("borrow".to_owned(), first("board", "borrow/")));
    pages.push(("thing".to_owned(), thing));
    let mut keepers = below(KEEPERS);
    let id = |link: String| link.rsplit('/').next().expect("an id").to_owned();
    let (who, what) = (id(first("people", "people/")), id(first("things", "things/")));
    keepers.push(("person-again".to_owned(), format!("{network}people/{who}")));
    keepers.push(("edit".to_owned(), format!("{network}edit/{what}")));
    keepers.push(("thing-own".to_owned(), format!("{network}things/{what}")));
    keepers.push(("desk-both".to_owned(), format!("{network}desk?who={who}&thing={what}")));
    look(&node.base, ("corner-workshop", "Amara"), "en", &pages);
    look(&node.base, ("corner-workshop", "Ines"), "de", &keepers);
    let operator = [("operator".to_owned(), "/n/node/operator".to_owned())];
    look(&node.base, ("node", "operator"), "en", &operator);
}

/// The whole of a network's first weeks by links, buttons and forms, at a width, with or without scripts.
fn walked(name: &'static str, width: u32, scripts: bool) {
    if let Some(why) = chromium::missing() {
        return skip(name, why);
    }
    let data = Folder::new(name);
    cli(&data.0, None, &["ruleset", "install", "policies/tool-library"]).ok();
    let found = cli(&data.0, None, &["--json", "network", "invite"]).ok().json();
    let node = Node::serve(&data.0, None);
    let out = chromium::screenshots().join(format!("walk-{width}"));
    let args = ["--data", &data.0.display().to_string(), "--network", "corner-shed", "--as", "Ada"];
    let did = chromium::run(
        "walk.mjs",
        &json!({
            "base": node.base, "found": found["path"], "width": width, "scripts": scripts, "out": out,
            "program": tests::binary(), "args": args,
        }),
    );
    assert!(did["did"].as_array().is_some_and(|did| did.len() > 20), "{did}");
    drop(node);
    let verified = cli(&data.0, None, &["verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
}

#[test]
fn a_networks_first_weeks_without_scripts_on_a_phone() {
    walked("a_networks_first_weeks_without_scripts_on_a_phone", 320, false);
}

#[test]
fn a_networks_first_weeks_with_scripts_on_a_desk() {
    walked("a_networks_first_weeks_with_scripts_on_a_desk", 1_280, true);
}

#[test]
fn a_key_that_the_browser_keeps() {
    if let Some(why) = chromium::missing() {
        return skip("a_key_that_the_browser_keeps", why);
    }
    let town = Town::found("browser-key");
    let out = chromium::screenshots().join("key");
    let plan = json!({
        "base": town.base(), "network": NETWORK, "name": "Amara", "password": "amara-secret", "out": out,
    });
    let said = chromium::run("key.mjs", &plan);
    let said = said.as_array().expect("two steps");
    for one in said {
        assert!(one["state"].as_str().is_some_and(|state| state.contains("kept by a browser")), "{one}");
        assert!(one["key"].as_str().is_some_and(|key| key.trim().starts_with("z6Mk")), "{one}");
    }
    assert_ne!(said[0]["key"], said[1]["key"], "it changed");
    town.verify();
}
