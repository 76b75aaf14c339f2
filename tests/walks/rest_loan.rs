//! The whole loan over REST alone: refused a chainsaw and told why, a price, a loan, late, back, paid, and
//! borrowed again; every step a document, none of it a page.

use serde_json::{Value as Json, json};
use tests::http::Browser;
use tests::node::Node;
use tests::{Folder, cli};

use crate::founded::{Library, NETWORK, found, made};

struct Person {
    browser: Browser,
    word: String,
    agent: Json,
}

fn at(path: &str) -> String {
    format!("/api/v1/networks/{NETWORK}{path}")
}

impl Person {
    fn sign_in(node: &Node, name: &str, password: &str) -> Person {
        let browser = Browser::sign_in(&node.base, NETWORK, name, password);
        let word = browser.get(&format!("/n/{NETWORK}/people")).form("/sign-out").1["word"].clone();
        let agent = browser.ask(&at("")).1["you"].clone();
        Person { browser, word, agent }
    }

    fn send(&self, n: u32, acts: Json) -> (u16, Json) {
        let id = format!("01926b5e-7d00-7000-8000-{n:012x}");
        self.browser.tell(&at("/commands"), &self.word, &json!({"id": id, "agent": self.agent, "acts": acts}))
    }

    /// All records of a class, page by page, that fit.
    fn find(&self, class: &str, fits: impl Fn(&Json) -> bool) -> Json {
        let mut next = String::new();
        loop {
            let (status, page) = self.browser.ask(&at(&format!("/records/{class}?limit=3{next}")));
            assert_eq!(status, 200, "{page}");
            if let Some(found) = page["items"].as_array().expect("items").iter().find(|one| fits(one)) {
                return found.clone();
            }
            match page["next"].as_str() {
                Some(cursor) => next = format!("&after={cursor}"),
                None => panic!("no {class} that fits"),
            }
        }
    }

    /// The act that accepts the offer of a thing, with the price shown.
    fn accept(&self, thing: &str, until: &str) -> (Json, Json) {
        let offer = self.find("Intent", |one| one["resourceInventoriedAs"] == thing);
        let offer = offer["id"].as_str().expect("an id");
        let (status, quote) = self.browser.ask(&at(&format!("/quotes/{offer}?until={until}")));
        assert_eq!(status, 200, "{quote}");
        (quote["accept"].clone(), quote["lines"].clone())
    }
}

/// So many days on, rounded up to the second, so that a day less begins when it runs late.
fn days(person: &Person, n: i64) -> String {
    let (_, network) = person.browser.ask(&at(""));
    let now = network["time"].as_str().expect("a time").to_owned();
    let output = std::process::Command::new("date")
        .args(["-u", "-d", &format!("{now} + {n} days 1 second"), "+%FT%TZ"])
        .output();
    String::from_utf8(output.expect("date").stdout).expect("text").trim().to_owned()
}

#[test]
fn a_loan_over_rest_alone() {
    let data = Folder::new("rest-loan");
    let library = found(&data.0, None);
    let args = ["--network", NETWORK, "--as", "Ines", "--json", "member", "add", "Theo", "--role", "steward"];
    cli(&data.0, None, &[&args[..], &["--password", "theo-secret"]].concat()).ok();
    let node = Node::serve(&data.0, None);
    let amara = Person::sign_in(&node, "Amara", "amara-secret");
    let theo = Person::sign_in(&node, "Theo", "theo-secret");
    // The chainsaw: refused, and told why and what to do.
    let (accept, _) = amara.accept(&library.chainsaw, &days(&amara, 7));
    let (status, refused) = amara.send(1, json!([accept]));
    assert_eq!(
        (status, &refused["refused"]["reasons"][0]["policy"]),
        (403, &json!("training-first")),
        "{refused}"
    );
    assert!(refused["refused"]["remedy"].as_str().is_some_and(|remedy| remedy.contains("Ask a steward")));
    // The drill: at the price shown.
    let (accept, lines) = amara.accept(&library.drill, &days(&amara, 7));
    assert_eq!(lines[0]["amount"]["hasNumericalValue"], "20.00", "{lines}");
    let (status, receipt) = amara.send(2, json!([accept]));
    assert_eq!(status, 200, "{receipt}");
    let agreement = made(&receipt, "Agreement");
    hand_over(&theo, &library, &amara, &agreement);
    late(&data, &library, &amara, &theo, &agreement);
    drop(node);
    let verified = cli(&data.0, None, &["--network", NETWORK, "verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
}

fn change_hands(library: &Library, from: &Json, to: &Json, promise: &Json, agreement: &str) -> Json {
    json!({"act": "record", "event": {"action": "transferCustody", "provider": from, "receiver": to,
        "resourceInventoriedAs": library.drill, "toResourceInventoriedAs": library.drill,
        "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": library.piece},
        "fulfills": [promise], "realizationOf": agreement}})
}

fn pay(library: &Library, from: &Json, to: &Json, promise: &Json, amount: &Json) -> Json {
    let mut amount = amount.clone();
    amount["hasUnit"] = json!(library.euro);
    json!({"act": "record", "event": {"action": "transfer", "provider": from, "receiver": to,
        "resourceQuantity": amount, "fulfills": [promise]}})
}

fn promise(of: &Person, class: &str, agreement: &str) -> Json {
    of.find("Commitment", |one| {
        let is = one["resourceClassifiedAs"].as_array().is_some_and(|list| list.contains(&json!(class)));
        is && one["finished"] != true
            && (one["clauseOf"] == agreement || one["reciprocalClauseOf"] == agreement)
    })
}

fn hand_over(theo: &Person, library: &Library, amara: &Person, agreement: &str) {
    let loan = promise(theo, "loan", agreement);
    let act = change_hands(library, &loan["provider"], &amara.agent, &loan["id"], agreement);
    let (status, receipt) = theo.send(3, json!([act]));
    assert_eq!(status, 200, "{receipt}");
}

/// Eight days on: refused another loan, brings it back, pays a day's fee, borrows again.
fn late(data: &Folder, library: &Library, amara: &Person, theo: &Person, agreement: &str) {
    cli(&data.0, None, &["--network", NETWORK, "--as", "Ines", "clock", "advance", "8d"]).ok();
    let (accept, _) = amara.accept(&library.ladder, &days(amara, 7));
    let (status, refused) = amara.send(4, json!([accept]));
    assert_eq!((status, &refused["refused"]["code"]), (403, &json!("forbidden")), "{refused}");
    assert!(refused.to_string().contains("bring-back-first"), "{refused}");
    let back = promise(theo, "return", agreement);
    let act = change_hands(library, &amara.agent, &back["receiver"], &back["id"], agreement);
    let (status, receipt) = theo.send(5, json!([act]));
    assert_eq!(status, 200, "{receipt}");
    let fee = promise(theo, "late-fee", agreement);
    assert_eq!(
        fee["resourceQuantity"]["hasNumericalValue"], "1.50",
        "a day begun, at the rate quoted: {fee}"
    );
    let act = pay(library, &amara.agent, &fee["receiver"], &fee["id"], &fee["resourceQuantity"]);
    let (status, receipt) = theo.send(6, json!([act]));
    assert_eq!(status, 200, "{receipt}");
    let (accept, _) = amara.accept(&library.ladder, &days(amara, 7));
    let (status, receipt) = amara.send(7, json!([accept]));
    assert_eq!(status, 200, "{receipt}");
}
