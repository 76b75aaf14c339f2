//! The whole loan by one door alone, then by another: refused a chainsaw and told why, a price, a loan,
//! late, back, paid, and borrowed again. Both doors leave the same journal.

use serde_json::{Value as Json, json};
use tests::http::Browser;
use tests::node::Node;
use tests::{Folder, cli};

use crate::founded::{Library, NETWORK, found, id_of};

/// Somebody at a door: what they ask, and what they are answered.
struct Person {
    name: &'static str,
    door: &'static dyn Door,
    browser: Browser,
    word: String,
    agent: String,
}

/// What came of a command: none where it was permitted, else the code and the remedy.
type Refused = Option<(String, String)>;

/// A door for programs: the few things that a loan takes.
trait Door: Sync {
    fn name(&self) -> &'static str;
    /// In whose name a browser asks.
    fn me(&self, browser: &Browser) -> String;
    /// The price of a thing until a time, and what came of accepting it.
    fn borrow(&self, person: &Person, n: u32, thing: &str, until: &str) -> (Vec<String>, Refused);
    /// A promise that stands open: of a class, in an agreement about a thing.
    fn promise(&self, person: &Person, class: &str, thing: &str) -> Json;
    /// An event.
    fn event(&self, person: &Person, n: u32, event: Json) -> Refused;
}

struct Rest;
struct Graphql;

fn at(path: &str) -> String {
    format!("/api/v1/networks/{NETWORK}{path}")
}

fn text(json: &Json) -> String {
    json.as_str().unwrap_or_else(|| panic!("no text: {json}")).to_owned()
}

impl Rest {
    fn find(person: &Person, class: &str, fits: impl Fn(&Json) -> bool) -> Json {
        let mut next = String::new();
        loop {
            let (status, page) = person.browser.ask(&at(&format!("/records/{class}?limit=3{next}")));
            assert_eq!(status, 200, "{page}");
            if let Some(found) = page["items"].as_array().expect("items").iter().find(|one| fits(one)) {
                return found.clone();
            }
            let cursor = page["next"].as_str().unwrap_or_else(|| panic!("no {class} that fits"));
            next = format!("&after={cursor}");
        }
    }

    fn send(person: &Person, n: u32, acts: Json) -> Refused {
        let command = json!({"id": id_of(n), "agent": person.agent, "acts": acts});
        let (status, receipt) = person.browser.tell(&at("/commands"), &person.word, &command);
        let refused = &receipt["refused"];
        assert_eq!(status == 200, refused.is_null(), "{receipt}");
        (!refused.is_null()).then(|| (text(&refused["code"]), text(&refused["remedy"])))
    }
}

impl Door for Rest {
    fn name(&self) -> &'static str {
        "REST"
    }

    fn me(&self, browser: &Browser) -> String {
        text(&browser.ask(&at("")).1["you"])
    }

    fn borrow(&self, person: &Person, n: u32, thing: &str, until: &str) -> (Vec<String>, Refused) {
        let offer = Rest::find(person, "Intent", |one| one["resourceInventoriedAs"] == thing);
        let path = at(&format!("/quotes/{}?until={until}", text(&offer["id"])));
        let (status, quote) = person.browser.ask(&path);
        assert_eq!(status, 200, "{quote}");
        let lines = quote["lines"].as_array().expect("lines");
        let lines = lines.iter().map(|line| text(&line["amount"]["hasNumericalValue"])).collect();
        (lines, Rest::send(person, n, json!([quote["accept"]])))
    }

    fn promise(&self, person: &Person, class: &str, thing: &str) -> Json {
        let agreement = Rest::find(person, "Agreement", |one| one["resourceInventoriedAs"] == thing);
        Rest::find(person, "Commitment", |one| {
            let of = one["resourceClassifiedAs"].as_array().is_some_and(|list| list.contains(&json!(class)));
            let clause = [&one["clauseOf"], &one["reciprocalClauseOf"]].contains(&&agreement["id"]);
            of && clause && one["finished"] != true
        })
    }

    fn event(&self, person: &Person, n: u32, event: Json) -> Refused {
        Rest::send(person, n, json!([{"act": "record", "event": event}]))
    }
}

impl Graphql {
    fn send(person: &Person, question: &str, variables: &Json) -> Refused {
        let (status, answer) = person.browser.graphql(&person.word, question, variables);
        assert_eq!(status, 200, "{answer}");
        let error = answer.get("errors").map(|errors| &errors[0]["extensions"]);
        error.map(|error| (text(&error["code"]), text(&error["remedy"])))
    }
}

impl Door for Graphql {
    fn name(&self) -> &'static str {
        "GraphQL"
    }

    fn me(&self, browser: &Browser) -> String {
        text(&browser.data("", "{ myAgent { id } }", &json!({}))["myAgent"]["id"])
    }

    fn borrow(&self, person: &Person, n: u32, thing: &str, until: &str) -> (Vec<String>, Refused) {
        let offers =
            "query($thing: ID!) { economicResource(id: $thing) { intents { edges { node { id } } } } }";
        let found = person.browser.data("", offers, &json!({"thing": thing}));
        let intent = &found["economicResource"]["intents"]["edges"][0]["node"]["id"];
        let quote = "query($intent: ID!, $until: DateTime!) {
            quote(intent: $intent, until: $until) { digest expires lines { amount { hasNumericalValue } } } }";
        let quote =
            person.browser.data("", quote, &json!({"intent": intent, "until": until}))["quote"].clone();
        let lines = quote["lines"].as_array().expect("lines");
        let lines = lines.iter().map(|line| text(&line["amount"]["hasNumericalValue"])).collect();
        let accept = "mutation($command: ID, $intent: ID!, $me: ID!, $until: DateTime!, $quote: QuoteRef) {
            acceptOffer(command: $command, intent: $intent, receiver: $me, until: $until, quote: $quote) {
                agreement { id } } }";
        let variables = json!({
            "command": id_of(n), "intent": intent, "me": person.agent, "until": until,
            "quote": {"digest": quote["digest"], "expires": quote["expires"]},
        });
        (lines, Graphql::send(person, accept, &variables))
    }

    fn promise(&self, person: &Person, class: &str, thing: &str) -> Json {
        let question =
            "query($thing: ID!) { economicResource(id: $thing) { agreements(last: 1) { edges { node {
            id stipulates { ...Promise } stipulatesReciprocal { ...Promise } } } } } }
            fragment Promise on Commitment { id finished resourceClassifiedAs provider { id } receiver { id }
                resourceQuantity { hasNumericalValue hasUnit { id } } clauseOf { id } }";
        let found = person.browser.data("", question, &json!({"thing": thing}));
        let agreement = &found["economicResource"]["agreements"]["edges"][0]["node"];
        let promises = [&agreement["stipulates"], &agreement["stipulatesReciprocal"]];
        let mut promises = promises.into_iter().flat_map(|list| list.as_array().expect("promises"));
        let is = |one: &&Json| {
            let of = one["resourceClassifiedAs"].as_array().is_some_and(|list| list.contains(&json!(class)));
            of && one["finished"] != true
        };
        let one = promises.find(is).unwrap_or_else(|| panic!("no {class} in {agreement}"));
        let quantity = &one["resourceQuantity"];
        json!({
            "id": one["id"], "provider": one["provider"]["id"], "receiver": one["receiver"]["id"],
            "clauseOf": one["clauseOf"]["id"],
            "resourceQuantity": {"hasNumericalValue": quantity["hasNumericalValue"], "hasUnit": quantity["hasUnit"]["id"]},
        })
    }

    fn event(&self, person: &Person, n: u32, event: Json) -> Refused {
        let question = "mutation($command: ID, $event: EconomicEventCreateParams!) {
            createEconomicEvent(command: $command, event: $event) { economicEvent { id } } }";
        Graphql::send(person, question, &json!({"command": id_of(n), "event": event}))
    }
}

impl Person {
    fn sign_in(door: &'static dyn Door, node: &Node, name: &'static str, password: &str) -> Person {
        let browser = Browser::sign_in(&node.base, NETWORK, name, password);
        let word = browser.get(&format!("/n/{NETWORK}/people")).form("/sign-out").1["word"].clone();
        let agent = door.me(&browser);
        Person { name, door, browser, word, agent }
    }

    /// What they did, for whoever watches.
    fn tells(&self, what: &str, refused: &Refused) {
        let came = match refused {
            None => "done".to_owned(),
            Some((code, remedy)) => format!("{code}. {remedy}"),
        };
        println!("{:>8}  {:<6} {what}: {came}", self.door.name(), self.name);
    }

    fn borrows(&self, n: u32, what: &str, thing: &str, until: &str) -> (Vec<String>, Refused) {
        let (lines, refused) = self.door.borrow(self, n, thing, until);
        self.tells(&format!("asks for the {what}, at {}", lines.join(" + ")), &refused);
        (lines, refused)
    }

    fn records(&self, n: u32, what: &str, event: Json) {
        let refused = self.door.event(self, n, event);
        self.tells(what, &refused);
        assert_eq!(refused, None, "{what}");
    }
}

/// A loan from its refusal to its end; what the journal then says.
fn story(door: &'static dyn Door, data: &Folder, library: &Library) -> Vec<Json> {
    let node = Node::serve(&data.0, None);
    let amara = Person::sign_in(door, &node, "Amara", "amara-secret");
    let jonas = Person::sign_in(door, &node, "Jonas", "jonas-secret");
    let start = text(&jonas.browser.ask(&at("")).1["time"]);
    // The chainsaw: refused, and told why and what to do.
    let week = later(&start, 7);
    let (_, refused) = amara.borrows(1, "chainsaw", &library.chainsaw, &week);
    assert!(refused.expect("it needs a training").1.contains("Ask a steward"));
    // The drill: at the price shown.
    let (lines, refused) = amara.borrows(2, "hammer drill", &library.drill, &week);
    assert_eq!((lines.first().map(String::as_str), refused), (Some("20.00"), None));
    let loan = door.promise(&jonas, "loan", &library.drill);
    jonas.records(3, "hands it over", hands(library, &loan));
    // Eight days on: no other loan before it is back.
    cli(&data.0, None, &["--network", NETWORK, "--as", "Ines", "clock", "advance", "8d"]).ok();
    let (_, refused) = amara.borrows(4, "ladder", &library.ladder, &later(&start, 15));
    assert_eq!(refused.expect("it is late").0, "forbidden");
    let back = door.promise(&jonas, "return", &library.drill);
    jonas.records(5, "takes it back", hands(library, &back));
    let fee = door.promise(&jonas, "late-fee", &library.drill);
    assert_eq!(
        fee["resourceQuantity"]["hasNumericalValue"], "1.50",
        "a day begun, at the rate quoted: {fee}"
    );
    let paid = json!({"action": "transfer", "provider": fee["provider"], "receiver": fee["receiver"],
        "resourceQuantity": fee["resourceQuantity"], "fulfills": [fee["id"]]});
    jonas.records(6, "is paid 1.50 for the day", paid);
    let (_, refused) = amara.borrows(7, "ladder", &library.ladder, &later(&start, 15));
    assert_eq!(refused, None);
    let entries = journal(&jonas.browser);
    drop(node);
    let verified = cli(&data.0, None, &["--network", NETWORK, "verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
    entries
}

/// So many days after a time.
fn later(time: &str, days: i64) -> String {
    let output = std::process::Command::new("date")
        .args(["-u", "-d", &format!("{time} + {days} days"), "+%FT%T.%6NZ"])
        .output();
    String::from_utf8(output.expect("date").stdout).expect("text").trim().to_owned()
}

fn hands(library: &Library, promise: &Json) -> Json {
    json!({"action": "transferCustody", "provider": promise["provider"], "receiver": promise["receiver"],
        "resourceInventoriedAs": library.drill, "toResourceInventoriedAs": library.drill,
        "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": library.piece},
        "fulfills": [promise["id"]], "realizationOf": promise["clauseOf"]})
}

/// What was asked, made and judged. Only the hash of an entry is left out: it holds random salts.
fn journal(browser: &Browser) -> Vec<Json> {
    let document = |n| {
        let (status, mut command) = browser.ask(&at(&format!("/commands/{}", id_of(n))));
        assert_eq!(status, 200, "{command}");
        let (_, decision) = browser.ask(&at(&format!("/decisions/{}", id_of(n))));
        command["judged"] = decision["judged"].clone();
        command["receipt"].as_object_mut().and_then(|receipt| receipt.remove("entry")).expect("a hash");
        command
    };
    (1..=7).map(document).collect()
}

#[test]
fn the_same_loan_by_every_door_leaves_the_same_journal() {
    // One library, copied: its sandbox clock stands still, so both walks begin at one moment.
    let start = Folder::new("loan-start");
    let library = found(&start.0, None);
    let args = ["--network", NETWORK, "--as", "Ines", "--json", "member", "account", "Jonas"];
    cli(&start.0, None, &[&args[..], &["--password", "jonas-secret"]].concat()).ok();
    let walk = |door: &'static dyn Door| {
        let data = Folder::new(&format!("loan-{}", door.name()));
        let copied = std::process::Command::new("cp").arg("-r").arg(start.0.join(".")).arg(&data.0).status();
        assert!(copied.expect("cp").success());
        story(door, &data, &library)
    };
    let (rest, graphql) = (walk(&Rest), walk(&Graphql));
    for (n, (one, other)) in rest.iter().zip(&graphql).enumerate() {
        assert_eq!(one, other, "command {}", n + 1);
    }
    println!("{:>8}  {} commands, one journal", "both", rest.len());
}
