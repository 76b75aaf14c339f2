//! Where no rule about seeing looks at a record, one answer holds for all of its kind.

use std::sync::Arc;

use policy::{Ask, RuleBook, Verdict, compile};
use proptest::prelude::*;
use valueflows::{Class, Fields, Id, Prop, Record, Value};

use crate::world::*;

/// Things that differ in whatever a rule could look at.
fn things() -> Vec<Arc<Record>> {
    let thing = |n: u8, fields: Fields| Arc::new(Record::new(Id([n; 16]), Class::EconomicResource, fields));
    let named = |name: &str| Fields::new().with(Prop::Name, Value::Text(name.into()));
    vec![
        thing(201, Fields::new()),
        thing(202, named("saw")),
        thing(203, named("saw").with(Prop::PrimaryAccountable, Value::Ref(MEMBER))),
        thing(204, named("drill").with(Prop::PrimaryAccountable, Value::Ref(STEWARD))),
    ]
}

/// Parts of conditions: whether they look at a thing.
const PARTS: [(&str, bool); 9] = [
    ("true", false),
    ("false", false),
    ("principal in Role::\"member\"", false),
    ("context.via == \"session\"", false),
    ("resource is EconomicResource", false),
    ("resource is Ballot", false),
    ("(resource is Ballot && resource.sealed)", false),
    ("(resource is EconomicResource && resource has name && resource.name == \"saw\")", true),
    (
        "(resource is EconomicResource && resource has primaryAccountable && resource.primaryAccountable == principal)",
        true,
    ),
];

#[test]
fn what_looks_at_a_record_is_told_from_what_does_not() {
    let thing = |condition: &str, unless: &str| {
        format!(
            "@id(\"p\") permit (principal, action == Action::\"see\", resource) when {{ {condition} }}{unless};"
        )
    };
    let mut table: Vec<(String, bool)> = PARTS
        .iter()
        .filter(|(part, _)| *part != "false" && !part.contains("Ballot"))
        .map(|(part, looks)| (thing(part, ""), !looks))
        .collect();
    table.extend([
        (thing("true", " unless { resource is Ballot && resource.sealed && resource.voter != principal }"), true),
        (thing("resource is Ballot || resource is EconomicResource", ""), true),
        (thing("if resource is Ballot then resource.sealed else principal.organization", ""), true),
        (thing("principal.organization || (resource is EconomicResource && resource has name)", ""), false),
        (thing("context has delegation && context.delegation.acts.contains(\"see\")", ""), true),
        // Whoever it names is at hand only where it is they who are asked about.
        (thing("context has delegation && context.delegation.delegate.organization", ""), false),
        (thing("context has delegation && context.delegation.delegate in Role::\"member\"", ""), false),
        (thing("context has delegation && context.delegation.delegate is Agent in Role::\"member\"", ""), false),
        (thing("resource is EconomicResource && resource.classifiedAs.contains(\"x\")", ""), false),
        (format!("@id(\"p\") permit (principal, action == Action::\"see\", resource == EconomicResource::\"{SAW}\");"), false),
        ("@id(\"p\") permit (principal, action == Action::\"see\", resource is Ballot) when { resource.sealed };".to_owned(), true),
        ("@id(\"p\") permit (principal, action == Action::\"borrow\", resource is EconomicResource);".to_owned(), true),
    ]);
    for (text, alike) in table {
        let book = RuleBook::new("x", &[("x.cedar", &text)]).unwrap();
        let book = compile(&book).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(book.is_seen_alike(Class::EconomicResource), alike, "{text}");
    }
}

fn condition() -> impl Strategy<Value = String> {
    let part = proptest::sample::select(PARTS.map(|(part, _)| part.to_owned()).to_vec());
    part.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            inner.clone().prop_map(|a| format!("!({a})")),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("(if {a} then {b} else {c})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    /// Whatever the policies: where things are said to be seen alike, they are.
    #[test]
    fn what_is_seen_alike_is_seen_or_not(policies in proptest::collection::vec((any::<bool>(), any::<bool>(), condition(), condition()), 1..4)) {
        let text: String = policies.iter().enumerate().map(|(n, (permit, when, first, second))| {
            let (effect, kind) = (if *permit { "permit" } else { "forbid" }, if *when { "when" } else { "unless" });
            format!("@id(\"p{n}\") {effect} (principal, action == Action::\"see\", resource) {kind} {{ {first} }} when {{ {second} }};\n")
        }).collect();
        // Some can never apply, which validation refuses.
        if let Ok(book) = RuleBook::new("random", &[("random.cedar", &text)]).and_then(|book| compile(&book)) {
            let view = view();
            for agent in [MEMBER, STEWARD, STRANGER] {
                let seen = |thing: &Arc<Record>| {
                    let ask = Ask::to_see(&view, scene(), agent, thing).unwrap();
                    book.decide(&view, scene(), &ask, &[]).unwrap().verdict == Verdict::Permit
                };
                let seen: Vec<bool> = things().iter().map(seen).collect();
                let alike = seen.iter().all(|one| *one == seen[0]);
                prop_assert!(alike || !book.is_seen_alike(Class::EconomicResource), "{seen:?} under\n{text}");
            }
        }
    }
}
