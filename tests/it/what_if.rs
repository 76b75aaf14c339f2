//! What a past would have been under other rules is what it is where they are put in force and the same is done again.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use tests::founded::id_of;
use tests::town::{Town, edited};
use tests::{Folder, copy, root};

/// Something that somebody does: who, the number of its id, what.
type Done = (&'static str, u32, Json);

/// The library's rules, changed in hours; and those with one rule more and one less.
fn rules(place: &Folder) -> (std::path::PathBuf, std::path::PathBuf) {
    let (now, then) = (place.join("now"), place.join("then"));
    copy(&root().join("policies/tool-library"), &now);
    let charter = std::fs::read_to_string(now.join("charter.toml")).expect("a charter");
    let quick = charter
        .replace("sponsors = 1", "sponsors = 0")
        .replace("quorum = { share = \"1/3\" }", "quorum = { heads = 1 }");
    let quick = quick
        .replace("discussion-days = 4", "discussion-days = 0")
        .replace("vote-days = 7", "vote-days = 1")
        .replace("waiting-days = 4", "waiting-days = 1");
    std::fs::write(now.join("charter.toml"), quick).expect("a charter");
    copy(&now, &then);
    let policies = std::fs::read_to_string(then.join("library.cedar")).expect("policies");
    let at = policies.find("@id(\"settle-first\")").expect("a rule");
    let end = at + policies[at..].find(";").expect("its end") + 1;
    let closed = "@id(\"ladder-stays\") @title(\"The ladder stays\") @why(\"The ladder is broken.\")\n\
        forbid (principal, action == Action::\"borrow\", resource) when { resource has name && resource.name == \"Ladder\" };";
    std::fs::write(then.join("library.cedar"), format!("{}{closed}{}", &policies[..at], &policies[end..]))
        .expect("policies");
    (now, then)
}

/// A loan from the offer to the way home, or as far as it comes; what is sent on the way.
struct Loan<'a> {
    town: &'a Town,
    who: &'static str,
    thing: &'static str,
}

impl Loan<'_> {
    fn accept(&self, n: u32, days: i64) -> Done {
        let quote = self.town.does(self.who, &["quote", self.thing, "--days", &days.to_string()]);
        let accept = json!([{"act": "accept", "intent": quote["intent"], "receiver": self.town.agent(self.who),
            "until": quote["until"], "quote": {"digest": quote["digest"], "expires": quote["expires"]}}]);
        (self.who, n, accept)
    }
}

#[test]
fn what_would_have_been_is_what_is() {
    let place = Folder::new("what-if-rules");
    let (now, then) = rules(&place);
    let mut town = Town::found_under("what-if", &now);
    let other = town.copied("what-if-enacted");
    let candidate = then.display().to_string();

    // Here nothing changes for ten days; there the candidate comes into force meanwhile.
    town.days(10);
    other.does("Amara", &["amendment", "new", "both", "--rules", &candidate]);
    other.does("Amara", &["amendment", "freeze", "both"]);
    other.vote("both", "yes", &["Amara", "Kofi"]);
    [2, 2, 6].into_iter().for_each(|days| other.days(days));
    assert_eq!(other.stands("both"), "enacted", "{}", other.amendment("both"));

    // What is done here is done there at the same instant, word for word.
    let mut verdicts: Vec<(String, bool, bool)> = Vec::new();
    let mut both = |(who, n, acts): Done| {
        let id = id_of(n);
        let pair = (town.command(who, &id, &acts), other.command(who, &id, &acts));
        verdicts.push((id, pair.0, pair.1));
    };
    let drill = Loan { town: &town, who: "Kofi", thing: "Hammer drill" };
    let ladder = Loan { town: &town, who: "Amara", thing: "Ladder" };
    both(drill.accept(1, 1));
    both(("Ines", 2, town.handing_over("Hammer drill", "Kofi")));
    both(ladder.accept(3, 7));
    both(("Ines", 4, town.handing_over("Ladder", "Amara")));
    [&town, &other].into_iter().for_each(|town| town.days(3));
    both(("Ines", 5, town.taking_back("Hammer drill", "Kofi")));
    both(drill.accept(6, 2));
    let saw = Loan { town: &town, who: "Amara", thing: "Chainsaw" };
    both(saw.accept(7, 2));

    let seen = town.does("Ines", &["what-if", "--candidate", &candidate, "--last", "8"]);
    let commands = |list: &str| -> BTreeSet<String> {
        let flips = seen[list].as_array().expect("a list").iter();
        flips.map(|flip| flip["command"].as_str().expect("an id").to_owned()).collect()
    };
    let differ = |was: bool| -> BTreeSet<String> {
        let flips = verdicts.iter().filter(|(_, here, there)| *here == was && *there != was);
        flips.map(|(id, ..)| id.clone()).collect()
    };
    assert_eq!(commands("wouldHaveBeenAllowed"), differ(false), "{seen}");
    assert!(commands("wouldHaveBeenRefused").is_subset(&differ(true)), "{seen}");
    let following = seen["following"].as_u64().expect("a number") as usize;
    assert_eq!(
        commands("wouldHaveBeenRefused").len() + following,
        differ(true).len(),
        "{seen}\n{verdicts:?}"
    );
    assert_eq!(
        (differ(true).len(), differ(false).len()),
        (2, 1),
        "the ladder and its hand-over; the second drill"
    );
    town.verify();
    other.verify();
}

#[test]
fn a_found_mistake_becomes_drafts_of_corrections() {
    let town = Town::found("corrections");
    town.lend("Amara", "Hammer drill", 3);
    town.days(6);
    town.acts("Ines", &town.taking_back("Hammer drill", "Amara"));
    let place = Folder::new("corrections-rules");
    let rules =
        edited(&place, "cheaper", "charter.toml", &[("late-day = \"1.50 EUR\"", "late-day = \"0.50 EUR\"")]);
    let folder = place.join("drafts");
    let written = folder.display().to_string();
    let asked = ["what-if", "--candidate", &rules, "--corrections", &written];
    let seen = town.does("Ines", &asked);
    let amara = seen["agents"].as_array().expect("agents").iter().find(|row| row["name"] == "Amara");
    let lost = amara.expect("she would have paid less")["shown"].as_str().expect("an amount").to_owned();
    assert_eq!(lost, "3.00 EUR", "{seen}");
    let drafts: Vec<_> =
        std::fs::read_dir(&folder).expect("a folder").map(|one| one.expect("one").path()).collect();
    assert_eq!(drafts.len(), 1, "what the library would have lost is no draft: {drafts:?}");
    let draft = drafts[0].display().to_string();
    assert!(draft.ends_with("0001-Amara.json"), "{draft}");
    assert_eq!(town.run("Ines", &asked).status, 3, "drafts are not written over");
    // Whoever may, sends it as it is: the network pays back.
    assert_ne!(town.run("Amara", &["act", &draft]).status, 0);
    town.run("Ines", &["act", &draft]).ok();
    town.verify();
}
