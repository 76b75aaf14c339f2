//! Coming in by an invitation, founding by a link, one's own password and sessions, needs and offers, tables: as they
//! are meant, and as somebody would misuse them.

use std::io::{Read, Write};

use serde_json::json;
use tests::Folder;
use tests::cli;
use tests::http::{Answer, Browser};
use tests::node::Node;
use tests::town::Town;

use crate::founded::NETWORK;

pub fn page(path: &str) -> String {
    format!("/n/{NETWORK}/{path}")
}

/// The path of the first link on a page that has something in it.
pub fn path_with(answer: &Answer, part: &str) -> String {
    let links = answer.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let link = links
        .into_iter()
        .find(|link| link.contains(part))
        .unwrap_or_else(|| panic!("{part}: {}", answer.body));
    link.split_once("/n/").map_or(link.to_owned(), |(_, rest)| format!("/n/{rest}"))
}

#[test]
fn an_invitation_lets_one_person_in_once() {
    let town = Town::found("invited");
    town.does("Ines", &["member", "account", "Jonas", "--password", "jonas-secret"]);
    let keeper = Browser::sign_in(town.base(), NETWORK, "Jonas", "jonas-secret");
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    amara.get(&page("invite")).says("You cannot invite anybody");
    let invite = |name: &str| {
        let made = keeper.submit(&keeper.get(&page("invite")), "/invite", &[("name", name)]);
        made.says("It stands until");
        path_with(&made, "/invited/")
    };
    let link = invite("Lena");
    let stranger = Browser::new(town.base());
    stranger.get(&link).says("value=\"Lena\"");
    assert_eq!(stranger.get(&format!("{link}/qr.png")).status, 200);
    // What is no link, what is nearly one, what is one of another network.
    let garbled = format!("{}{}", &link[..link.len() - 2], if link.ends_with("AA") { "BB" } else { "AA" });
    for wrong in [garbled, page("invited/x"), page("invited/"), link.replace(NETWORK, "node")] {
        assert!(matches!(stranger.get(&wrong).status, 404 | 405), "{wrong}");
    }
    for (name, password, status) in [
        ("Amara", "lena-secret", 409),
        ("", "lena-secret", 409),
        ("Lena", "", 409),
        ("Lena", "lena-secret", 303),
    ] {
        let answer = stranger.post(&link, &[("name", name), ("password", password)]);
        assert_eq!(answer.status, status, "{name}: {}", answer.body);
    }
    let lena = Browser::sign_in(town.base(), NETWORK, "Lena", "lena-secret");
    lena.get(&page("things")).says("Hammer drill");
    // It was hers, and is nobody's any more.
    for answer in [stranger.get(&link), stranger.post(&link, &[("name", "Max"), ("password", "max-secret")])]
    {
        assert_eq!(answer.status, 410);
        answer.says("used already");
    }
    // One that is taken back, and one whose maker may not any more.
    let back = invite("Max");
    let list = keeper.get(&page("invite"));
    keeper.submit(&list, "/invite/", &[]).says("Invite somebody");
    assert_eq!(stranger.get(&back).status, 404);
    let last = invite("Kim");
    town.does("Ines", &["member", "suspend", "Jonas", "--days", "7", "--because", "a rest"]);
    let refused = stranger.post(&last, &[("name", "Kim"), ("password", "kim-secret")]);
    assert_eq!(refused.status, 422, "{}", refused.body);
    town.verify();
}

/// A byte more than the name of a place has.
const LONG: &str = "A place whose name goes on for longer than anybody would ever want to write it down or read it out aloud";

#[test]
fn a_link_founds_one_network_and_its_stewards_come_in() {
    let data = Folder::new("founds");
    let empty = cli(&data.0, None, &["--json", "network", "invite"]).ok().json();
    let node = Node::serve(&data.0, None);
    let stranger = Browser::new(&node.base);
    let path = |document: &serde_json::Value| document["path"].as_str().expect("a path").to_owned();
    stranger.get(&path(&empty)).says("There are no rules here yet");
    drop(node);
    cli(&data.0, None, &["ruleset", "install", "policies/open-books"]).ok();
    let node = Node::serve(&data.0, None);
    let stranger = Browser::new(&node.base);
    let link = path(&empty);
    stranger.get(&link).says("open-books");
    let good = [
        ("charter", "open-books"),
        ("name", "Our Town"),
        ("me", "Ada"),
        ("password", "ada-secret"),
        ("others", "Bo\nBo\n\nCy"),
        ("place", "Alfama"),
        ("zone", "lisbon"),
    ];
    let but = |field: &str, value: &'static str| {
        good.map(|(name, said)| if name == field { (name, value) } else { (name, said) })
    };
    for (fields, says) in [
        (but("charter", ""), "Choose the rules"),
        (but("charter", "none-such"), "Choose the rules"),
        (but("name", "Stra\u{df}e"), "Use small letters"),
        (but("name", "node"), "there is a network"),
        (but("me", ""), "Say what you are called"),
        (but("password", ""), "from 1 to 200 characters"),
        (but("others", "Ada"), "two stewards at least"),
        (but("zone", "Atlantis"), "no time zone of that name"),
        (
            but("others", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt"),
            "more than 20 stewards",
        ),
    ] {
        let answer = stranger.post(&link, &fields);
        assert_eq!(answer.status, 422, "{says}: {}", answer.body);
        assert!(answer.body.to_lowercase().contains(&says.to_lowercase()), "{says}: {}", answer.body);
    }
    let founded = stranger.post(&link, &good);
    founded.says("our-town is founded").says("Cy, you are invited to our-town");
    let for_bo = path_with(&founded, "/invited/");
    stranger.get(&for_bo).says("You belong here already, as Bo");
    assert_eq!(stranger.post(&for_bo, &[("password", "bo-secret")]).status, 303);
    for name in ["Ada", "Bo"] {
        let password = format!("{}-secret", name.to_lowercase());
        Browser::sign_in(&node.base, "our-town", name, &password).get("/n/our-town/people").says("Cy");
    }
    its_clock_is_a_rule_like_others(&node);
    assert_eq!(stranger.post(&link, &but("name", "another")).status, 410, "one link, one network");
    assert_eq!(stranger.get("/found/x").status, 404);
    drop(node);
    // What lay on the shelf lies there again where a backup is restored.
    let (file, into) = (data.join("node.tar").display().to_string(), Folder::new("founds-again"));
    cli(&data.0, None, &["backup", &file, "--unencrypted"]).ok();
    cli(&into.0, None, &["restore", &file]).ok();
    let again = cli(&into.0, None, &["--json", "network", "invite"]).ok().json();
    let node = Node::serve(&into.0, None);
    Browser::new(&node.base).get(&path(&again)).says("open-books");
    drop(node);
    let list = cli(&data.0, None, &["--json", "network", "list"]).ok().json();
    let names: Vec<&str> =
        list.as_array().into_iter().flatten().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, ["our-town", "node"]);
    cli(&data.0, None, &["verify"]).ok();
}

fn its_clock_is_a_rule_like_others(node: &Node) {
    let ada = Browser::sign_in(&node.base, "our-town", "Ada", "ada-secret");
    ada.get("/n/our-town/").says("Alfama").says("Europe/Lisbon");
    let form = ada.get("/n/our-town/changes/new");
    let wrong = ada.submit(&form, "/changes/new", &[("title", "Elsewhere"), ("zone", "Atlantis")]);
    assert_eq!(wrong.status, 422);
    wrong.says("no time zone of that name").says("value=\"Elsewhere\"");
    ada.submit(&form, "/changes/new", &[("title", "x"), ("place", LONG), ("zone", "UTC")])
        .says("one short line");
    let said = [("title", "We moved"), ("place", "Porto Santo"), ("zone", "Madeira")];
    ada.submit(&form, "/changes/new", &said);
    let changes = ada.get("/n/our-town/changes");
    let moved = path_with(changes.says("We moved"), "/changes/0");
    ada.get(&moved).says("Alfama (Europe/Lisbon) becomes Porto Santo (Atlantic/Madeira)");
}

#[test]
fn an_account_is_opened_for_whoever_belongs_and_has_none() {
    let town = Town::found("accounts");
    town.does("Ines", &["member", "account", "Jonas", "--password", "jonas-secret"]);
    let keeper = Browser::sign_in(town.base(), NETWORK, "Jonas", "jonas-secret");
    let people = town.does("Ines", &["member", "list"]);
    let id = |name: &str| {
        let all = people.as_array().expect("people").iter();
        all.into_iter().find(|one| one["name"] == name).expect(name)["agent"]
            .as_str()
            .expect("an id")
            .to_owned()
    };
    let form = keeper.get(&page("invite"));
    // Somebody who has one, a thing, the library itself, nobody at all.
    let library = crate::founded::made(&town.tools.founding["receipt"], "Organization");
    for wrong in [id("Amara"), town.tools.drill.clone(), library, town.tools.drill.replace('0', "1")] {
        let answer = keeper.submit(&form, "/invite", &[("agent", &wrong)]);
        assert!(!answer.body.contains("It stands until"), "{wrong}: {}", answer.body);
    }
    let ines = keeper.get(&page(&format!("people/{}", id("Ines"))));
    ines.says("Ines has no way to sign in yet.");
    let links = [(); 2].map(|()| path_with(&keeper.submit(&ines, "/invite", &[]), "/invited/"));
    let stranger = Browser::new(town.base());
    assert_eq!(stranger.post(&links[0], &[("password", "ines-secret")]).status, 303);
    Browser::sign_in(town.base(), NETWORK, "Ines", "ines-secret").get(&page("me")).says("steward");
    for link in &links {
        assert_eq!(stranger.post(link, &[("password", "another")]).status, 410, "she has one already");
    }
}

#[test]
fn pages_show_so_much_and_no_more() {
    let town = Town::found("so-much");
    town.does("Ines", &["member", "account", "Jonas", "--password", "jonas-secret"]);
    let lamps = (0..13).map(|n| format!("Lamp {n},Lamp,Kofi,yes"));
    let others = (0..201).map(|n| format!("Thing {n},Kind {n},Amara,no"));
    let rows: Vec<String> =
        ["name,kind,owner,offer".to_owned()].into_iter().chain(lamps).chain(others).collect();
    let file = town.data.join("things.csv");
    std::fs::write(&file, rows.join("\n")).expect("a table");
    town.does("Ines", &["import", "--table", "things", &file.display().to_string()]);
    town.lend("Amara", "Hammer drill", 7);
    town.days(40);
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let form = amara.get(&page("need"));
    assert_eq!(form.body.matches("<option").count(), 201, "200 kinds, and none in particular");
    let lamp =
        form.body.split(">Lamp<").next().and_then(|upto| upto.rsplit("value=\"").next()).expect("a lamp");
    let lamp = lamp.split('"').next().expect("its id").to_owned();
    for n in 0..4 {
        let form = amara.get(&page("need"));
        amara.submit(&form, "/need", &[("name", &format!("Light {n}")), ("kind", &lamp)]).says("Done");
    }
    let home = amara.get(&page("")).body;
    assert_eq!(home.matches("card need").count(), 20, "{home}");
    assert_eq!(home.matches("card offer").count(), 6);
    let mine = amara.get(&page("things?of=mine"));
    mine.says("201 things");
    assert_eq!(mine.body.matches("/things/").count(), 200);
    let need = amara.get(&path_with(&amara.get(&page("board")), "/needs/")).body;
    // She owes, so nothing can be borrowed: each says why.
    assert_eq!(need.matches("You have something that should have been brought back").count(), 12, "{need}");
    let jonas = Browser::sign_in(town.base(), NETWORK, "Jonas", "jonas-secret");
    assert_eq!(jonas.get(&page("")).body.matches("/why/").count(), 8);
    assert_eq!(jonas.get(&page("journal")).body.matches("/why/").count(), 40);
    // Who keeps the network judges it again from a page; others are told who does.
    amara.get(&page("audit")).says("checked from here, by a steward");
    assert!(!amara.get(&page("audit")).body.contains("Judge everything again"));
    jonas.submit(&jonas.get(&page("audit")), "/audit", &[]).says("Everything is as it was written");
    let mut socket = std::net::TcpStream::connect(town.base().trim_start_matches("http://")).expect("a door");
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: node\r\ncookie: reflow={}\r\ncontent-length: {}\r\n\r\n",
        page("tables"),
        jonas.token(),
        (1 << 20) + 1
    );
    socket.write_all(head.as_bytes()).expect("sent");
    let mut status = [0; 12];
    socket.read_exact(&mut status).expect("an answer");
    assert_eq!(&status, b"HTTP/1.1 413");
}

#[test]
fn whoever_changes_their_password_is_signed_out_elsewhere() {
    let town = Town::found("password");
    let here = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let there = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    here.get(&page("me")).says("In 2 places");
    let wrong = here.submit(&here.get(&page("me")), "/me/password", &[("old", "x"), ("new", "other")]);
    assert_eq!(wrong.status, 422);
    wrong.says("nothing was changed");
    let changed =
        here.submit(&here.get(&page("me")), "/me/password", &[("old", "amara-secret"), ("new", "other")]);
    changed.says("Your password is changed");
    assert_eq!(there.get(&page("me")).status, 303, "signed out there");
    here.get(&page("me")).says("Only here.");
    let there = Browser::sign_in(town.base(), NETWORK, "Amara", "other");
    here.submit(&here.get(&page("me")), "/me/elsewhere", &[]).says("Only here.");
    assert_eq!(there.get(&page("me")).status, 303, "and there again");
    assert_eq!(here.get(&page("me")).status, 200);
}

#[test]
fn a_form_is_one_command_and_is_nobody_elses() {
    let town = Town::found("forms");
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let form = amara.get(&page("need"));
    let fields = [("name", "<script>alert(1)</script>"), ("until", "")];
    for _ in 0..2 {
        amara.submit(&form, "/need", &fields).says("Done");
    }
    let board = amara.get(&page("board"));
    assert_eq!(board.body.matches("&#60;script&#62;").count(), 1, "{}", board.body);
    assert!(!board.body.contains("<script>"));
    let other = amara.submit(&form, "/need", &[("name", "something else")]);
    assert_eq!(other.status, 409, "another command under one id: {}", other.body);
    // Wrong days keep what was typed, and say at the field what is wrong.
    for (until, status, says) in [
        ("soon", 422, "Write a day as"),
        ("1.1.2020", 422, "over already"),
        ("31.2.", 422, "Write a day as"),
        ("tomorrow", 200, "Done"),
    ] {
        let form = amara.get(&page("need"));
        let answer = amara.submit(&form, "/need", &[("name", "Tent"), ("until", until)]);
        assert_eq!(answer.status, status, "{until}: {}", answer.body);
        answer.says(says);
        if status == 422 {
            answer.says("value=\"Tent\"").says(&format!("value=\"{until}\""));
        }
    }
    // Without the session's word nothing is taken, by whatever form.
    for path in ["need", "offer", "invite", "me/password", "me/elsewhere", "audit", "changes/new", "cases"] {
        let answer = amara.post(&page(path), &[("name", "x"), ("says", "x"), ("title", "x")]);
        assert_eq!(answer.status, 403, "{path}: {}", answer.body);
    }
    town.verify();
}

#[test]
fn a_need_finds_what_would_do_and_why_not_the_rest() {
    let town = Town::found("matches");
    let kind = town.acts(
        "Ines",
        &json!([{"act": "define", "class": "ResourceSpecification", "fields": {"name": "Ladder"}}]),
    );
    let kind = kind["made"][0][1].as_str().expect("an id").to_owned();
    let kofi = Browser::sign_in(town.base(), NETWORK, "Kofi", "kofi-secret");
    for name in ["Steps", "Tall steps"] {
        let form = kofi.get(&page("offer"));
        kofi.submit(&form, "/offer", &[("name", name), ("kind", &kind)]).says("Done");
    }
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let borrow = |name: &str| {
        let things = amara.get(&page("things")).body;
        let upto = things.split(&format!(">{name}<")).next().expect("it is there").to_owned();
        let thing =
            upto.rsplit("href=\"").next().and_then(|rest| rest.split('"').next()).expect("a link").to_owned();
        let quote = amara.get(&amara.get(&thing).link("Borrow this"));
        amara.submit(&quote, "/borrow/", &[]).says("Done");
    };
    borrow("Steps");
    let form = amara.get(&page("need"));
    amara.submit(&form, "/need", &[("name", "Something to climb"), ("kind", &kind)]).says("Done");
    amara.get(&page("")).says("There is something for &#34;Something to climb&#34;.");
    let need = amara.get(&path_with(&amara.get(&page("board")), "/needs/"));
    need.says("It is a Ladder.").says("What will not do, and why").says("Promised to Amara");
    kofi.get(&path_with(&kofi.get(&page("board")), "/needs/")).says("What there is already");
    amara.submit(&need, "/take-off/", &[]).says("Done");
    assert!(!amara.get(&page("board")).body.contains("Something to climb"));
    town.verify();
}

#[test]
fn a_file_of_valueflows_is_tried_and_taken_whole() {
    let town = Town::found("valueflows-file");
    town.does("Ines", &["member", "account", "Ines", "--password", "ines-secret"]);
    let ines = Browser::sign_in(town.base(), NETWORK, "Ines", "ines-secret");
    let file = |name: &str| {
        json!({"@context": "https://w3id.org/valueflows/ont/vf", "@graph": [
            {"@id": "urn:example:kind", "@type": "ResourceSpecification", "name": name},
        ]})
        .to_string()
    };
    let send = |text: &str, go: bool| {
        let more = [("table", "valueflows"), ("go", "1")];
        let more = &more[..if go { 2 } else { 1 }];
        ines.submit_file(&ines.get(&page("tables")), "/tables", more, ("file", text.as_bytes()))
    };
    for wrong in ["{", "[1, 2]", "{\"@graph\": [{\"@type\": \"Spaceship\"}]}"] {
        let answer = send(wrong, true);
        assert_eq!(answer.status, 422, "{wrong}: {}", answer.body);
        answer.says("Line ");
    }
    send(&file("Cargo bike"), false).says("Take it in");
    send(&file("Cargo bike"), true).says("taken in");
    send(&file("Cargo bike"), true).says("here already");
    town.verify();
}
