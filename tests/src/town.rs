//! A network whose members change its rules: a library on the sandbox clock, with a node that serves it.

use std::path::Path;

use serde_json::{Value as Json, json};

use crate::founded::{Library, NETWORK, found, found_with};
use crate::node::{Database, Node, Outcome, cli_with};
use crate::{Folder, cli, root};

/// The tool library's rules with one text for another in one file, in a folder of their own.
pub fn edited(place: &Folder, name: &str, file: &str, edits: &[(&str, &str)]) -> String {
    let folder = place.join(name);
    crate::copy(&root().join("policies/tool-library"), &folder);
    let path = folder.join(file);
    let mut text = std::fs::read_to_string(&path).expect("a rule set");
    for (from, to) in edits {
        assert!(text.contains(from), "{file} says `{from}`");
        text = text.replace(from, to);
    }
    std::fs::write(&path, text).expect("a rule set");
    folder.display().to_string()
}

/// A library, served.
pub struct Town {
    pub data: Folder,
    pub tools: Library,
    node: Option<Node>,
}

impl Town {
    /// The tool library as it is shipped.
    pub fn found(name: &str) -> Town {
        Town::served(name, |data| found(data, None))
    }

    /// The same under other rules.
    pub fn found_under(name: &str, rules: &Path) -> Town {
        Town::served(name, |data| found_with(data, None, rules))
    }

    fn served(name: &str, found: impl FnOnce(&Path) -> Library) -> Town {
        let data = Folder::new(name);
        let tools = found(&data.0);
        let node = Some(Node::serve(&data.0, None));
        Town { data, tools, node }
    }

    /// Where the node answers.
    pub fn base(&self) -> &str {
        &self.node.as_ref().expect("it is served").base
    }

    /// Stops serving.
    pub fn close(&mut self) {
        self.node = None;
    }

    /// Serves again.
    pub fn open(&mut self) {
        self.node = Some(Node::serve(&self.data.0, None));
    }

    /// Runs the command line as somebody.
    pub fn run(&self, who: &str, args: &[&str]) -> Outcome {
        let mut all = vec!["--network", NETWORK, "--as", who];
        all.extend(args);
        cli(&self.data.0, Database::None, &all)
    }

    /// The same, where it has to go well: the document.
    pub fn does(&self, who: &str, args: &[&str]) -> Json {
        let mut all = vec!["--json"];
        all.extend(args);
        self.run(who, &all).ok().json()
    }

    /// The same, where it has to be refused: the code.
    pub fn refused(&self, who: &str, args: &[&str]) -> String {
        let mut all = vec!["--json"];
        all.extend(args);
        let outcome = self.run(who, &all);
        assert_eq!(outcome.status, 1, "{args:?}: {}{}", outcome.out, outcome.err);
        outcome.json()["code"].as_str().expect("a code").to_owned()
    }

    /// Sends acts as somebody; the receipt.
    pub fn acts(&self, who: &str, acts: &Json) -> Json {
        let args = ["--network", NETWORK, "--as", who, "--json", "act", "-"];
        cli_with(&self.data.0, None, &args, &acts.to_string()).ok().json()
    }

    /// Sends a command under an id; whether it was permitted.
    pub fn command(&self, who: &str, id: &str, acts: &Json) -> bool {
        let args = ["--network", NETWORK, "--as", who, "--json", "act", "-"];
        let outcome = cli_with(&self.data.0, None, &args, &json!({"id": id, "acts": acts}).to_string());
        assert!(outcome.status < 2, "{}{}", outcome.out, outcome.err);
        outcome.status == 0
    }

    /// The same town as it is now, in a folder of its own.
    pub fn copied(&mut self, name: &str) -> Town {
        self.close();
        let data = Folder::new(name);
        std::fs::remove_dir(&data.0).expect("an empty folder");
        crate::copy(&self.data.0, &data.0);
        self.open();
        let node = Some(Node::serve(&data.0, None));
        Town { data, tools: self.tools.clone(), node }
    }

    /// Lets days pass.
    pub fn days(&self, days: i64) {
        self.run("Ines", &["clock", "advance", &format!("{days}d")]).ok();
    }

    /// A rule change as the command line shows it.
    pub fn amendment(&self, title: &str) -> Json {
        self.does("Ines", &["amendment", "show", title])
    }

    /// Where a rule change stands.
    pub fn stands(&self, title: &str) -> String {
        self.amendment(title)["status"].as_str().expect("a status").to_owned()
    }

    /// Writes down a change of settings, and has somebody else want it discussed.
    pub fn draft(&self, who: &str, title: &str, change: &[&str]) {
        let mut args = vec!["amendment", "new", title];
        args.extend(change);
        self.does(who, &args);
        let other = if who == "Jonas" { "Ines" } else { "Jonas" };
        self.does(other, &["amendment", "sponsor", title]);
    }

    /// Votes.
    pub fn vote(&self, title: &str, choice: &str, who: &[&str]) {
        for member in who {
            self.does(member, &["amendment", "vote", title, choice]);
        }
    }

    /// From a draft to the vote of a change of a setting in the tool library: two days of discussion.
    pub fn to_the_vote(&self, who: &str, title: &str, change: &[&str]) {
        self.draft(who, title, change);
        self.days(3);
        self.does(who, &["amendment", "freeze", title]);
    }

    /// Brings a rule change into force that Ines has written down, whatever is at stake.
    pub fn enacted(&self, title: &str) {
        self.does("Jonas", &["amendment", "sponsor", title]);
        self.days(20);
        self.does("Ines", &["amendment", "freeze", title]);
        self.vote(title, "yes", &["Ines", "Jonas", "Amara", "Kofi"]);
        self.days(40);
        self.days(40);
        assert_eq!(self.stands(title), "enacted", "{}", self.amendment(title));
    }

    /// The tool library with the standing of whoever registers a thing asked about, by the second version of that calculation;
    /// the first can stand in for it.
    pub fn with_two_versions(name: &str, work: &Folder) -> Town {
        let acts = (
            "name = \"standing\"\nacts = [\"borrow\"]",
            "name = \"standing\"\nacts = [\"borrow\", \"raise\"]",
        );
        let rules = edited(work, "two-versions", "charter.toml", &[acts]);
        let town = Town::found_under(name, Path::new(&rules));
        let newer = crate::guests::version(&work.0, "standing", "0.2.0");
        town.does("Ines", &["plugin", "bind", &newer, "--title", "The newer one"]);
        town.enacted("The newer one");
        town
    }

    /// Switches between the two, to the first and back.
    pub fn switch(&self) {
        let revoke = |more: &[&str]| {
            let args = [&["plugin", "revoke", "standing@0.2.0"], more].concat();
            cli(&self.data.0, None, &args).ok();
        };
        revoke(&["--because", "To see how it goes."]);
        revoke(&["--undo"]);
    }

    /// The digest of the rules in force.
    pub fn rules(&self) -> String {
        let networks = cli(&self.data.0, None, &["--json", "network", "list"]).ok().json();
        let own = networks.as_array().expect("networks").iter().find(|one| one["name"] == NETWORK);
        own.expect("the library")["hash"].as_str().expect("a digest").to_owned()
    }

    /// Somebody borrows a thing at the price of the moment, for so many days, and a steward hands it over: the
    /// agreement, and the price of a day that it is late.
    pub fn lend(&self, who: &str, thing: &str, days: i64) -> (String, i64) {
        let days = days.to_string();
        let quote = self.does(who, &["quote", thing, "--days", &days]);
        let late = quote["lines"].as_array().expect("lines").iter().find(|line| line["code"] == "late-day");
        let late = late.expect("a price for being late")["amount"].as_i64().expect("an amount");
        let receiver = self.agent(who);
        let accept = json!([{"act": "accept", "intent": quote["intent"], "receiver": receiver, "until": quote["until"],
            "quote": {"digest": quote["digest"], "expires": quote["expires"]}}]);
        let receipt = self.acts(who, &accept);
        let made = |class: &str, nth: usize| {
            let rows = receipt["made"].as_array().expect("made");
            rows.iter().filter(|row| row[0] == class).nth(nth).expect(class)[1]
                .as_str()
                .expect("an id")
                .to_owned()
        };
        let (agreement, loan) = (made("Agreement", 0), made("Commitment", 0));
        self.acts("Ines", &json!([self.hands(thing, &receiver, true, &agreement, &loan)]));
        (agreement, late)
    }

    /// The acts of handing a promised thing over.
    pub fn handing_over(&self, thing: &str, who: &str) -> Json {
        let (agreement, loan) = self.promised(thing, "loan");
        json!([self.hands(thing, &self.agent(who), true, &agreement, &loan)])
    }

    /// The acts of taking it back.
    pub fn taking_back(&self, thing: &str, who: &str) -> Json {
        let (agreement, back) = self.promised(thing, "return");
        json!([self.hands(thing, &self.agent(who), false, &agreement, &back)])
    }

    /// The agreement about a thing that has an open promise of a class, and the promise.
    fn promised(&self, thing: &str, class: &str) -> (String, String) {
        let thing = if thing == "Ladder" { &self.tools.ladder } else { &self.tools.drill };
        let graph = self.does("Ines", &["export", "--class", "Commitment"]);
        let records = graph["@graph"].as_array().expect("records");
        let id = |iri: &Json| iri.as_str().unwrap_or_default().trim_start_matches("urn:uuid:").to_owned();
        let of = |one: &&Json| {
            let about = id(&one["resourceInventoriedAs"]) == *thing && one["finished"] != true;
            about && one["resourceClassifiedAs"].to_string().contains(class)
        };
        let promise = records.iter().rev().find(of).unwrap_or_else(|| panic!("no {class} in {graph}"));
        (id(&promise["clauseOf"]), id(&promise["@id"]))
    }

    /// The event by which a thing changes hands, out or back.
    fn hands(&self, thing: &str, member: &str, out: bool, agreement: &str, promise: &str) -> Json {
        let library = crate::founded::made(&self.tools.founding["receipt"], "Organization");
        let thing = if thing == "Ladder" { &self.tools.ladder } else { &self.tools.drill };
        let (from, to) = if out { (&*library, member) } else { (member, &*library) };
        json!({"act": "record", "event": {"action": "transferCustody", "provider": from, "receiver": to,
            "resourceInventoriedAs": thing, "toResourceInventoriedAs": thing,
            "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": self.tools.piece},
            "realizationOf": agreement, "fulfills": [promise]}})
    }

    /// A member's agent.
    pub fn agent(&self, name: &str) -> String {
        let members = self.does("Ines", &["member", "list"]);
        let found = members.as_array().expect("members").iter().find(|one| one["name"] == name);
        found.unwrap_or_else(|| panic!("no {name}"))["agent"].as_str().expect("an id").to_owned()
    }

    /// Judges everything again: no difference.
    pub fn verify(&self) {
        let verified = cli(&self.data.0, None, &["verify"]).ok();
        assert!(verified.out.contains(" 0 differences"), "{}", verified.out);
    }
}
