//! Every difference between two books is found, and none where there is none.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use policy::diff::{Risk, between, risk};
use policy::{Binding, NoticeText, RuleBook, UnitSpec, compile};
use serde_json::json;
use valueflows::{OwnAction, Surface};

fn binding(plugin: &str, surface: Surface, acts: &[&str]) -> Binding {
    Binding {
        plugin: plugin.into(),
        surface,
        component: "0".repeat(64),
        settings: json!({"days": 7}),
        acts: acts.iter().map(|act| (*act).to_owned()).collect(),
        facts: None,
        personal: vec!["place".into()],
    }
}

fn notices(fee: &str) -> NoticeText {
    NoticeText { language: "en".into(), text: format!("needs-fee = {fee}\n") }
}

fn book() -> RuleBook {
    let units = vec![UnitSpec { label: "EUR".into(), symbol: "€".into(), decimals: 2 }];
    let own = "@id(\"see\") @title(\"Members see\") permit (principal in Role::\"member\", action == Action::\"see\", resource);";
    let protected = "@id(\"never\") forbid (principal, action == Action::\"waive\", resource);";
    let duties = |name| binding(name, Surface::Duties, &["borrow"]);
    let bindings = vec![duties("first"), duties("second"), duties("second")];
    let files = [("own.cedar", own)];
    let book = RuleBook::with(("x", "X."), units, &files, &[("p.cedar", protected)], bindings).unwrap();
    book.defining(vec![action("glean")])
}

fn action(label: &str) -> OwnAction {
    OwnAction { label: label.into(), like: "produce".into(), ..OwnAction::default() }
}

#[test]
fn every_difference_is_found() {
    type Edit = fn(&mut RuleBook);
    assert_eq!(between(&compile(&book()).unwrap(), &compile(&book()).unwrap()), []);
    let table: &[(Edit, Risk)] = &[
        (|book| book.name = "y".into(), Risk::Parameter),
        (|book| book.title = "Y.".into(), Risk::Parameter),
        (|book| book.notices.push(notices("You owe { $amount }.")), Risk::Parameter),
        (|book| book.semantics += 1, Risk::Constitution),
        (|book| book.schema.push_str("\nentity More;\n"), Risk::Constitution),
        (|book| book.units[0].symbol = "EUR".into(), Risk::Parameter),
        (|book| book.units[0].decimals = 3, Risk::Constitution),
        (|book| book.policies[1].text.push_str(" // more"), Risk::Rule),
        (|book| book.policies[0].text.push_str(" // more"), Risk::Constitution),
        (|book| drop(book.policies.remove(0)), Risk::Constitution),
        (|book| drop(book.policies.remove(1)), Risk::Rule),
        (|book| book.policies[0].protected = false, Risk::Constitution),
        (|book| book.bindings[0].component = "1".repeat(64), Risk::Rule),
        (|book| book.bindings[0].personal.clear(), Risk::Rule),
        (|book| book.bindings[0].acts.push("waive".into()), Risk::Rule),
        (|book| book.bindings[0].settings = json!({"days": 8}), Risk::Parameter),
        (|book| book.bindings[2].settings = json!({"days": 8}), Risk::Parameter),
        (|book| book.bindings[0].settings = json!({}), Risk::Parameter),
        (|book| drop(book.bindings.pop()), Risk::Rule),
        (|book| book.actions[0].note = "Take up what was left.".into(), Risk::Parameter),
        (|book| book.actions[0].like = "raise".into(), Risk::Constitution),
        (|book| book.bindings.swap(0, 1), Risk::Rule),
    ];
    // A unit that comes harms nothing; one that goes takes the meaning of amounts along.
    let (mut without, whole) = (book(), compile(&book()).unwrap());
    without.units.clear();
    let without = compile(&without).unwrap();
    assert_eq!(risk(&between(&whole, &without)), Some(Risk::Constitution));
    assert_eq!(risk(&between(&without, &whole)), Some(Risk::Rule));
    // So with an action, for the sake of the events that name it.
    let without = compile(&book().defining(Vec::new())).unwrap();
    assert_eq!(risk(&between(&whole, &without)), Some(Risk::Constitution));
    assert_eq!(risk(&between(&without, &whole)), Some(Risk::Rule));
    for (n, (edit, wanted)) in table.iter().enumerate() {
        let mut other = book();
        edit(&mut other);
        assert_ne!(other, book(), "row {n} changes something");
        let (old, new) = (compile(&book()).unwrap(), compile(&other).unwrap());
        assert_eq!(risk(&between(&old, &new)), Some(*wanted), "row {n}: {:?}", between(&old, &new));
        assert_eq!(risk(&between(&new, &old)), Some(*wanted), "row {n}, backwards");
    }
}

#[test]
fn words_of_notices_that_cannot_be_said_are_no_part_of_a_book() {
    for (wrong, why) in [
        (vec![notices("{ $sum }")], "knows nothing of `$sum`"),
        (vec![notices("One."), notices("Two.")], "there twice"),
    ] {
        let problem = compile(&RuleBook { notices: wrong, ..book() }).map(drop).unwrap_err().to_string();
        assert!(problem.contains("in `en`") && problem.contains(why), "{problem}");
    }
}
