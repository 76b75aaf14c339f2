//! Keys of one's own: what is signed, rules that ask for it, and what becomes of a key that is changed or lost.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value as Json, json};
use tests::Folder;
use tests::founded::NETWORK;
use tests::http::Browser;
use tests::node::cli_with;
use tests::root;
use tests::town::Town;

/// A rule that asks for a key, and a town under it.
const ASKS: &str = r#"
@id("signed-delegations")
@title("Who lets others act for them signs it with a key of their own")
@why("To let somebody act for you, you sign it with a key of your own.")
@remedy("Sign it.")
forbid (principal, action == Action::"delegate", resource)
unless { context.signedBy == "own" };
"#;

fn asking(name: &str) -> (Town, Folder) {
    let place = Folder::new(&format!("{name}-rules"));
    let rules = place.join("asking");
    tests::copy(&root().join("policies/tool-library"), &rules);
    let library = rules.join("library.cedar");
    let text = std::fs::read_to_string(&library).expect("a rule set");
    std::fs::write(&library, format!("{text}{ASKS}")).expect("written");
    (Town::found_under(name, &rules), place)
}

fn page(path: &str) -> String {
    format!("/n/{NETWORK}/{path}")
}

fn signature(town: &Town, file: &str, text: &str) -> String {
    let out = cli_with(&town.data.0, None, &["key", "sign", file], text).ok().out;
    out.trim().to_owned()
}

#[test]
fn a_rule_asks_for_a_key_and_no_other_will_do() {
    let (town, place) = asking("keys");
    let file = place.join("amara.keys").display().to_string();
    let other = place.join("other.keys").display().to_string();
    let let_kofi = ["delegation", "new", "Kofi", "--act", "borrow"];
    let signed: Vec<&str> = [&["--key", &file], &let_kofi[..]].concat();

    // Without a key: refused, and what it takes is said.
    let refused = town.run("Amara", &[&["--json"], &let_kofi[..]].concat());
    assert_eq!(refused.status, 1, "{}{}", refused.out, refused.err);
    assert!(refused.out.contains("a key of your own, kept outside any browser"), "{}", refused.out);
    assert_eq!(town.run("Amara", &signed).status, 2, "there is no such file");

    town.does("Amara", &["key", "new", &file]);
    let mode = std::fs::metadata(&file).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "only its owner reads it");
    assert_eq!(town.run("Amara", &["key", "new", &file]).status, 2, "keys are not written over");
    assert_eq!(town.refused("Amara", &signed), "no-key");
    town.does("Amara", &["key", "enrol", &file, "--guardian", "Kofi", "--guardian", "Ines"]);
    assert_eq!(town.refused("Amara", &["key", "enrol", &file]), "key-there");
    let receipt = town.does("Amara", &signed);
    assert_eq!(receipt["receipt"]["signedBy"], "own", "{receipt}");
    town.does("Amara", &["key", "new", &other]);
    let with_other = [&["--key", &other], &let_kofi[..]].concat();
    assert_eq!(town.refused("Amara", &with_other), "other-key");

    town.verify();
}

/// Amara at the node's own door, with a key of hers and another.
struct Door {
    town: Town,
    place: Folder,
    amara: Browser,
    word: String,
    agent: String,
    path: String,
}

impl Door {
    fn open() -> Door {
        let (town, place) = asking("keys-door");
        let file = |name: &str| place.join(name).display().to_string();
        town.does("Amara", &["key", "new", &file("hers")]);
        town.does("Amara", &["key", "enrol", &file("hers")]);
        town.does("Amara", &["key", "new", &file("other")]);
        let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
        let (word, agent) = (amara.get(&page("me")).word(), town.agent("Amara"));
        Door { town, place, amara, word, agent, path: format!("/api/v1/networks/{NETWORK}/commands") }
    }

    fn command(&self, n: u32, acts: Json) -> Json {
        json!({"id": tests::founded::id_of(n), "agent": self.agent, "acts": acts})
    }

    fn note(&self, says: &str) -> Json {
        json!([{"act": "revise", "class": "Person", "record": self.agent, "version": 1,
                "fields": {"note": says}, "clear": []}])
    }

    fn signed(&self, command: &Json, keys: &str) -> Json {
        let (status, to_sign) = self.amara.tell(&format!("{}/to-sign", self.path), &self.word, command);
        assert_eq!(status, 200, "{to_sign}");
        let file = self.place.join(keys).display().to_string();
        let signature = signature(&self.town, &file, to_sign["text"].as_str().expect("text"));
        let key = self.town.does("Amara", &["key", "show", &file])["key"].clone();
        let mut whole = command.clone();
        whole["signed"] = json!({"key": key, "signature": signature});
        for name in ["personal", "salt"].into_iter().filter(|name| !to_sign[*name].is_null()) {
            whole["signed"][name] = to_sign[name].clone();
        }
        whole
    }

    fn send(&self, command: &Json) -> (u16, Json) {
        self.amara.tell(&self.path, &self.word, command)
    }
}

#[test]
fn what_is_not_exactly_what_was_signed_is_refused() {
    let door = Door::open();
    let kept = door.signed(&door.command(1, door.note("I have a van")), "hers");
    type Change = fn(&mut Json);
    let hostile: [(&str, Change); 7] = [
        ("bad-signature", |one| one["agent"] = one["agent"].clone()),
        ("bad-signature", |one| one["acts"][0]["fields"]["note"] = json!("I have two")),
        ("bad-signature", |one| one["signed"]["salt"] = json!("0".repeat(32))),
        ("bad-signature", |one| drop(one["signed"].as_object_mut().expect("it").remove("salt"))),
        ("bad-signature", |one| one["signed"]["personal"] = json!("0".repeat(64))),
        ("bad-signature", |one| one["signed"]["key"] = json!("z6Mkaaaa")),
        ("hexadecimal digits", |one| one["signed"]["signature"] = json!("00")),
    ];
    for (n, (says, change)) in hostile.into_iter().enumerate() {
        let mut changed = kept.clone();
        // The id is signed too.
        changed["id"] = json!(tests::founded::id_of(100 + n as u32));
        change(&mut changed);
        let (status, said) = door.send(&changed);
        assert!(status >= 400 && said.to_string().contains(says), "{n} {says}: {status} {said}");
    }
    let (_, said) = door.send(&door.signed(&door.command(2, door.note("x")), "other"));
    assert_eq!(said["refused"]["code"], "unknown-key", "{said}");
    let (status, receipt) = door.send(&kept);
    assert_eq!((status, &receipt["signedBy"]), (200, &json!("own")), "{receipt}");
    door.town.verify();
}

#[test]
fn what_happened_says_by_whose_key() {
    let door = Door::open();
    let event = |more: &str| {
        let mut event = json!({"action": "raise", "provider": door.agent, "receiver": door.agent,
            "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": door.town.tools.piece}});
        if !more.is_empty() {
            event["signedBy"] = json!(more);
        }
        json!([{"act": "record", "event": event, "newResource": {"name": "Van", "note": "It is green"}}])
    };
    let (_, said) = door.send(&door.command(1, event("own")));
    assert!(said.to_string().contains("found out, and not said"), "nobody says it of themselves: {said}");
    let (status, receipt) = door.send(&door.signed(&door.command(2, event("")), "hers"));
    assert_eq!(status, 200, "{receipt}");
    let van = tests::founded::made(&receipt, "EconomicResource");
    door.amara.get(&page(&format!("things/{van}"))).says("signed with a key of their own");
    let why = page(&format!("why/{}", receipt["command"].as_str().expect("an id")));
    door.amara.get(&why).says("Signed with a key of their own.");
    // What is personal goes, and the signature stays.
    door.town.verify();
    let erased = door.town.does("Ines", &["erase", &van, "--because", "she asked"]);
    assert!(erased["entries"].as_u64().is_some_and(|entries| entries > 0), "{erased}");
    door.town.verify();
}

#[test]
fn a_key_changes_to_the_next_one_and_is_given_back_by_those_who_were_named() {
    let (mut town, place) = asking("keys-lost");
    let path = |name: &str| place.join(name).display().to_string();
    let (first, second, stolen) = (path("first"), path("second"), path("stolen"));
    town.does("Amara", &["key", "new", &first]);
    town.does("Amara", &["key", "enrol", &first, "--guardian", "Kofi", "--guardian", "Ines"]);
    std::fs::copy(&first, &stolen).expect("a copy");
    town.does("Amara", &["key", "rotate", &first]);
    let let_kofi = ["delegation", "new", "Kofi", "--act", "borrow"];
    let with = |file: &str| {
        let args = [&["--json", "--key", file], &let_kofi[..]].concat();
        town.run("Amara", &args)
    };
    assert_eq!(with(&first).ok().json()["receipt"]["signedBy"], "own");
    // The thief's copy holds the key that is used now, and not the one after it.
    let args = ["key", "rotate", &stolen];
    assert_eq!(town.refused("Amara", &args), "not-the-next-key");

    let shown = town.does("Amara", &["key", "new", &second])["shown"].as_str().expect("it").to_owned();
    assert_eq!(town.refused("Jonas", &["key", "recover", "Amara", &shown]), "not-permitted");
    town.does("Kofi", &["key", "recover", "Amara", &shown]);
    assert_eq!(town.refused("Kofi", &["key", "recover", "Amara", &shown]), "said-already");
    assert_eq!(with(&first).ok().json()["receipt"]["signedBy"], "own", "one is not enough");
    town.does("Ines", &["key", "recover", "Amara", &shown]);
    assert_eq!(with(&first).status, 1, "the lost one is worth nothing now");
    assert_eq!(with(&second).ok().json()["receipt"]["signedBy"], "own");
    town.does("Amara", &["key", "guardians", &second, "Kofi"]);
    town.verify();
    town.close();
    tests::cli(&town.data.0, None, &["rebuild"]).ok();
    town.verify();
}

#[test]
fn a_page_shows_what_is_signed_and_takes_the_signature() {
    let (town, place) = asking("keys-pages");
    let file = place.join("amara.keys").display().to_string();
    let amara = Browser::sign_in(town.base(), NETWORK, "Amara", "amara-secret");
    let shown = town.does("Amara", &["key", "new", &file])["shown"].as_str().expect("it").to_owned();
    let key = page("me/key");
    let begin = amara.get(&key);
    begin.says("You have no key of your own here");
    amara.submit(&begin, "/me/key/enrol", &[("shown", "nonsense")]).says("This is not what a program shows");
    let nobody = [("shown", shown.as_str()), ("guardians", "Kofi\nZorro")];
    amara.submit(&begin, "/me/key/enrol", &nobody).says("Nobody here is called").says("Zorro");
    let sign = |answer: &tests::http::Answer| {
        let (_, rest) = answer
            .body
            .split_once("<textarea id=\"text\"")
            .unwrap_or_else(|| panic!("no text: {}", answer.body));
        let (text, _) = rest.split_once('>').expect("it").1.split_once("</textarea>").expect("it");
        signature(&town, &file, &text.replace("&#34;", "\"").replace("&quot;", "\""))
    };
    let asked = amara.submit(&begin, "/me/key/enrol", &[("shown", &shown), ("guardians", "Kofi")]);
    asked.says("a key of their own signs what they do from now on");
    amara.submit(&asked, "/me/key/enrol", &[("signature", "abc")]).says("This is no signature");
    amara.submit(&asked, "/me/key/enrol", &[("signature", &sign(&asked))]);
    amara.get(&key).says("kept outside any browser");

    // Refused for want of it: the page asks for it, and the same is sent again.
    let kofi = town.agent("Kofi");
    let person = amara.get(&page(&format!("people/{kofi}")));
    let amara_id = town.agent("Amara");
    let refused = amara.submit(
        &person,
        "/delegate",
        &[("name", amara_id.as_str()), ("act", "borrow"), ("until", "tomorrow")],
    );
    let again = refused.says("you would have to sign it");
    let asked = amara.submit(again, "/with-key", &[]);
    let done = amara.submit(&asked, "/with-key", &[("signature", &sign(&asked))]);
    done.says("Signed with a key of their own.");
    town.verify();

    // Whoever was named gives another, on her page.
    let kofi = Browser::sign_in(town.base(), NETWORK, "Kofi", "kofi-secret");
    let other = place.join("other").display().to_string();
    let shown = town.does("Amara", &["key", "new", &other])["shown"].as_str().expect("it").to_owned();
    let hers = page(&format!("people/{}", town.agent("Amara")));
    let lost = kofi.get(&hers);
    lost.says("Lost their key?");
    kofi.submit(&lost, "/key", &[("shown", "x")]).says("This is not what a program shows");
    kofi.submit(&lost, "/key", &[("shown", &shown)]);
    let with_other = ["--key", &other, "delegation", "new", "Ines", "--act", "borrow"];
    assert_eq!(town.does("Amara", &with_other)["receipt"]["signedBy"], "own");
    // A program's key is a delegation like any other, and signed like any other.
    let for_program = ["--key", &other, "token", "new", "program", "--act", "see"];
    assert_eq!(town.does("Amara", &for_program)["receipt"]["signedBy"], "own");
}

#[test]
fn a_program_with_a_token_changes_nobodys_key() {
    let town = Town::found("keys-token");
    let path = format!("/api/v1/networks/{NETWORK}/commands");
    let token = town.does("Kofi", &["token", "new", "program", "--act", "keepKey"]);
    let program = Browser::with_bearer(town.base(), token["token"].as_str().expect("a token"));
    let act = json!([{"act": "nameGuardians", "guardians": [], "needed": 0}]);
    let rotate = json!([{"act": "rotateKey", "key": format!("z6Mk{}", "a".repeat(44)), "next": "0".repeat(64), "held": "own"}]);
    for (n, (acts, code)) in [(rotate, "own-hand"), (act, "not-signed-with-it")].into_iter().enumerate() {
        let command =
            json!({"id": tests::founded::id_of(200 + n as u32), "agent": town.agent("Kofi"), "acts": acts});
        let (_, said) = program.tell(&path, "", &command);
        assert_eq!(said["refused"]["code"], code, "{said}");
    }
    town.verify();
}
