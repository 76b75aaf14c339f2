//! Who may what: every rule set, every role, every act, as a text that a change of rules shows in.

use std::fmt::Write;

use policy::{Ask, CompiledBook, Principal, RuleBook, Scene, Verdict, Via, compile};
use valueflows::Id;
use valueflows::action::ROWS;

use crate::world::*;

/// The rule sets that are shipped, those of the node itself among them.
fn shipped() -> Vec<(&'static str, CompiledBook)> {
    let plain = |folder: &str, file: &str| {
        let (own, protected) =
            (read(&format!("policies/{folder}/{file}")), read("policies/protected/protected.cedar"));
        let book = RuleBook::with(
            (folder, folder),
            Vec::new(),
            &[(file, &own)],
            &[("protected.cedar", &protected)],
            Vec::new(),
        );
        compile(&book.unwrap()).unwrap()
    };
    vec![
        ("tool-library", library()),
        ("open-books", plain("open-books", "open.cedar")),
        ("node", plain("node", "node.cedar")),
    ]
}

/// Everybody by themselves; the member by a key to a delegation, and by somebody whom they let; and a calculation.
fn principals(people: &[(&'static str, Id)]) -> Vec<(&'static str, Id, Principal, Scene)> {
    let agent = |id| Principal::Agent(id);
    let mut all: Vec<_> = people.iter().map(|(who, id)| (*who, *id, agent(*id), scene())).collect();
    let by = |via| Scene { via, ..scene() };
    all.push(("the member's token", MEMBER, agent(MEMBER), by(Via::Token(TRUST))));
    all.push(("whoever the member let", MEMBER, agent(MEMBER), by(Via::Delegate(TRUST))));
    all.push(("a calculation", MEMBER, Principal::Plugin("loan-duties".into()), by(Via::Plugin)));
    all
}

/// Every rule set, every role, every act, every class to be seen: the whole grid, held as text.
#[test]
fn the_authorisation_grid_is_as_it_was() {
    let view = view();
    let mut grid = String::new();
    let people = [
        ("member", MEMBER),
        ("trained member", TRAINED),
        ("steward", STEWARD),
        ("guardian", GUARDIAN),
        ("clerk", CLERK),
        ("suspended steward", SUSPENDED),
        ("newcomer", NEWCOMER),
        ("applicant", APPLICANT),
        ("stranger", STRANGER),
    ];
    for (name, book) in shipped() {
        let facts = if name == "tool-library" { facts(0, None) } else { Vec::new() };
        for (who, agent, principal, scene) in principals(&people) {
            for (what, act) in acts(agent) {
                let ask = Ask::about(&view, scene, principal.clone(), &act).unwrap();
                let asked = if ask.action == "borrow" { &facts[..] } else { &[] };
                let ruling = book.decide(&view, scene, &ask, asked).unwrap();
                assert!(ruling.erred.is_empty(), "{name}: {who} {what}: {ruling:?}");
                let verdict = if ruling.verdict == Verdict::Permit { "may    " } else { "may not" };
                writeln!(grid, "{name}: {who} {verdict} {what}: {}", ruling.policies.join(", ")).unwrap();
            }
            if matches!(principal, Principal::Plugin(_)) {
                continue;
            }
            for (what, id) in [
                ("the saw", SAW),
                ("a rule change", CHANGE),
                ("the member's closed ballot", BALLOT),
                ("a member", TRAINED),
                ("a loan", LOAN),
                ("a debt", DEBT),
                ("an offer", OFFER),
                ("a kind of thing", SPEC),
                ("a delegation", TRUST),
                ("whose vote counts", PROXY),
                ("a suspended rule", STOP),
                ("an application to join", APPLICATION),
                ("an exception", EXCEPTION),
                ("a case", CASE),
            ] {
                let record = view.record(id).unwrap().unwrap();
                let ask = Ask::to_see(&view, scene, agent, &record).unwrap();
                let seen = book.decide(&view, scene, &ask, &[]).unwrap();
                let verdict = if seen.verdict == Verdict::Permit { "may    " } else { "may not" };
                writeln!(grid, "{name}: {who} {verdict} see {what}").unwrap();
            }
        }
    }
    if std::env::var_os("REFLOW_UPDATE").is_some() {
        std::fs::write(root().join("host/policy/tests/grid.txt"), &grid).unwrap();
    }
    assert_eq!(grid, read("host/policy/tests/grid.txt"), "run with REFLOW_UPDATE=1 if the change is meant");
}

/// Every act that Cedar is asked about has a row in the grid; the list of those that have none may only shrink.
#[test]
fn every_act_is_in_the_grid() {
    // A group of acts, and reading, which has rows of its own.
    const GAPS: [&str; 2] = ["record", "see"];
    let view = view();
    let asked = acts(MEMBER)
        .into_iter()
        .map(|(_, act)| Ask::about(&view, scene(), Principal::Agent(MEMBER), &act).unwrap().action);
    let asked: std::collections::BTreeSet<String> = asked.collect();
    let known =
        ROWS.iter().map(|row| row.action.as_str()).chain(policy::schema::ACTS.iter().map(|spec| spec.name));
    let missing: Vec<&str> =
        known.filter(|act| !asked.contains(*act)).filter(|act| !GAPS.contains(act)).collect();
    assert_eq!(missing, Vec::<&str>::new(), "acts that nobody tries in the grid");
    let filled: Vec<&&str> = GAPS.iter().filter(|act| asked.contains(**act)).collect();
    assert!(filled.is_empty(), "in the grid now, so no gap any more: {filled:?}");
}
