//! Holding up what was accepted: it goes on by itself, or when everybody says so.

use tests::Folder;
use tests::town::{Town, edited};

const TITLE: &str = "Two euros";

/// A change of a setting that a clerk holds up, for ten days.
fn held_up(name: &str) -> (Town, Folder) {
    let place = Folder::new(&format!("{name}-rules"));
    let setting = "breaker = \"as-it-is\"\nreview-days = 365\n\n[decisions.rule]";
    let veto = "veto = { roles = [\"clerk\"], days = 10, overridden = \"parameter\" }\n\n[decisions.rule]";
    let with_veto = setting.replace("\n[decisions.rule]", veto);
    let rules = edited(&place, "clerks", "charter.toml", &[(setting, &with_veto)]);
    let library = std::path::Path::new(&rules).join("library.cedar");
    let text = std::fs::read_to_string(&library).expect("a rule set");
    let guardian = "principal in Role::\"guardian\", action == Action::\"vetoAmendment\"";
    assert!(text.contains(guardian));
    std::fs::write(&library, text.replace(guardian, &guardian.replace("guardian", "clerk")))
        .expect("written");
    let town = Town::found_under(name, std::path::Path::new(&rules));
    town.does("Ines", &["member", "grant", "Kofi", "clerk"]);
    town.to_the_vote("Amara", TITLE, &["--set", "deposit.late-day=2.00 EUR"]);
    town.vote(TITLE, "yes", &["Amara", "Ines", "Jonas"]);
    town.days(6);
    assert_eq!(town.stands(TITLE), "waiting");
    assert_eq!(town.refused("Amara", &["amendment", "veto", TITLE, "--because", "no"]), "not-permitted");
    town.does("Kofi", &["amendment", "veto", TITLE, "--because", "let us think again"]);
    assert_eq!(town.stands(TITLE), "vetoed");
    (town, place)
}

#[test]
fn it_goes_on_by_itself() {
    let (town, _rules) = held_up("held-up");
    let founded = town.rules();
    town.days(9);
    assert_eq!((&*town.stands(TITLE), town.rules()), ("vetoed", founded.clone()), "for ten days");
    town.days(2);
    assert_eq!((&*town.stands(TITLE), town.rules()), ("waiting", founded.clone()), "and then it waits again");
    town.days(3);
    assert_eq!(town.stands(TITLE), "enacted");
    assert_ne!(town.rules(), founded);
    town.verify();
}

#[test]
fn everybody_says_that_it_goes_on() {
    let (mut town, _rules) = held_up("overridden");
    let founded = town.rules();
    town.does("Amara", &["amendment", "override", TITLE]);
    assert_eq!(town.stands(TITLE), "voting");
    town.vote(TITLE, "yes", &["Amara", "Ines", "Jonas"]);
    town.days(6);
    assert_eq!((&*town.stands(TITLE), town.rules()), ("waiting", founded.clone()));
    assert_eq!(town.refused("Kofi", &["amendment", "veto", TITLE, "--because", "still"]), "vetoed-before");
    town.days(3);
    assert_eq!(town.stands(TITLE), "enacted");
    assert_ne!(town.rules(), founded);
    town.verify();
    town.close();
    tests::cli(&town.data.0, None, &["rebuild"]).ok();
    town.verify();
}
