//! Member pages speak the members' language: no word of the machinery on any of them.

use tests::http::Browser;
use tests::node::Node;
use tests::{Folder, cli};

use crate::founded::{NETWORK, found};

/// Words that no member should have to read.
const MACHINERY: &[&str] = &[
    "intent",
    "commitment",
    "custody",
    "wasm",
    "cedar",
    "plugin",
    "digest",
    "fuel",
    "payload",
    "json",
    "uuid",
    "null",
];

/// The words that a page shows: no tags, no attributes, nothing folded under "Exactly".
fn words(html: &str) -> String {
    let shown: String = html
        .split("<details>")
        .enumerate()
        .map(
            |(n, part)| {
                if n == 0 { part } else { part.split_once("</details>").map_or("", |(_, rest)| rest) }
            },
        )
        .collect();
    let body = shown.split("<main ").nth(1).unwrap_or(&shown).to_owned();
    body.split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

#[test]
fn no_machinery_on_member_pages() {
    let data = Folder::new("words");
    let library = found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let amara = Browser::sign_in(&node.base, NETWORK, "Amara", "amara-secret");
    let thing = format!("things/{}", library.drill);
    let drill = amara.get(&format!("/n/{NETWORK}/{thing}"));
    let borrow = drill.link("Borrow this").trim_start_matches(&format!("/n/{NETWORK}/")).to_owned();
    let done = amara.submit(&amara.get(&format!("/n/{NETWORK}/{borrow}")), "/borrow/", &[]);
    let change = ["amendment", "new", "Two euros", "--set", "deposit.late-day=2.00 EUR"];
    let mut args = vec!["--json", "--network", NETWORK, "--as", "Amara"];
    args.extend(change);
    let drafted = cli(&data.0, None, &args).ok().json();
    let change = format!("changes/{}", drafted["amendment"]["id"].as_str().expect("an id"));
    let what_if = format!("{change}/what-if");
    let pages = [
        "",
        "board",
        "things",
        &thing,
        &borrow,
        "loans",
        "people",
        "rules",
        "changes",
        "changes/new",
        &change,
        &what_if,
        "journal",
        "sign-in",
        "things/nowhere",
    ];
    let mut looked = vec![("done".to_owned(), done.body)];
    looked.extend(
        pages.iter().map(|page| ((*page).to_owned(), amara.get(&format!("/n/{NETWORK}/{page}")).body)),
    );
    for (page, body) in looked {
        let words = words(&body);
        for word in MACHINERY {
            let said = words.split(|c: char| !c.is_alphanumeric()).any(|said| said == *word);
            assert!(!said, "`{page}` says `{word}`: {words}");
        }
        assert!(body.contains("viewport"), "`{page}` fits small screens");
    }
    let wrong = Browser::new(&node.base)
        .post(&format!("/n/{NETWORK}/sign-in"), &[("name", "Amara"), ("password", "no")]);
    assert_eq!(wrong.status, 401);
    wrong.says("do not belong together");
}

#[test]
fn the_demo_says_who_may_sign_in() {
    let data = Folder::new("demo-members");
    let members = cli(&data.0, None, &["--json", "demo", "--members"]).ok().json();
    let members = members.as_array().expect("a list");
    assert!(members.len() >= 12);
    assert!(
        members
            .iter()
            .all(|one| one["name"].is_string() && one["password"].is_string() && one["role"].is_string())
    );
}

#[test]
fn the_demo_has_members_tools_and_a_past() {
    let data = Folder::new("demo");
    cli(&data.0, None, &["demo", "--only-found"]).ok();
    let networks = cli(&data.0, None, &["--json", "network", "list"]).ok().json();
    assert!(networks[0]["entries"].as_u64().is_some_and(|entries| entries > 100), "{networks}");
    let node = Node::serve(&data.0, None);
    let amara = Browser::sign_in(&node.base, "corner-workshop", "Amara", "amara-demo");
    let things = amara.get("/n/corner-workshop/things");
    things.says("40 things");
    let board = amara.get("/n/corner-workshop/board");
    board.says("nearest first").says("m away");
    // The same reason stands with the thing itself.
    let thing = board.body.split("class=\"name\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
    amara.get(thing.expect("an offer")).says("Why it stands on your board where it does").says("m away");
    // A page of what was refused looks through so much, and goes on from there.
    let ines = Browser::sign_in(&node.base, "corner-workshop", "Ines", "ines-demo");
    let refused = ines.get("/n/corner-workshop/journal?show=refused");
    assert!(refused.body.matches("/why/").count() < 40, "{}", refused.body);
    refused.says("journal?show=refused&amp;before=");
    drop(node);
    cli(&data.0, None, &["verify"]).ok();
}
