//! The gate: slices decide as the whole set does, the schema is what authors read, who may what is a
//! grid that a change of rules shows in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[path = "rules/alike.rs"]
mod alike;
#[path = "rules/grid.rs"]
mod grid;
#[path = "rules/settling.rs"]
mod settling;
#[path = "rules/world.rs"]
mod world;

use policy::{Ask, CompiledBook, Principal, RuleBook, Scene, Verdict, Via, compile, explain};
use proptest::prelude::*;
use valueflows::{Action, Class, FactGroup, FactValue, Fields, Id, Instant, Prop, Record, Value};

use world::*;

#[test]
fn the_schema_that_authors_read_is_the_one_that_is_used() {
    let schema = policy::schema::generate(&[], &[]);
    if std::env::var_os("REFLOW_UPDATE").is_some() {
        std::fs::write(root().join("policies/schema.cedarschema"), &schema).unwrap();
    }
    assert_eq!(
        schema,
        read("policies/schema.cedarschema"),
        "run with REFLOW_UPDATE=1 if the change is meant"
    );
}

#[test]
fn a_refusal_names_policies_and_what_settled_it() {
    let (book, view) = (library(), view());
    let why = |agent, facts: &[(FactGroup, Vec<FactValue>)]| {
        let (_, act) =
            acts(agent).into_iter().find(|(name, _)| *name == "borrow the saw for oneself").unwrap();
        let ask = Ask::about(&view, scene(), Principal::Agent(agent), &act).unwrap();
        let ruling = book.decide(&view, scene(), &ask, facts).unwrap();
        explain(&book, &view, scene(), (&ask, facts), &ruling).unwrap()
    };
    let untrained = why(MEMBER, &facts(0, None));
    assert_eq!(untrained[0].policy, "training-first");
    assert!(untrained[0].because.iter().any(|test| test.contains("training")), "{untrained:?}");
    let late: Vec<String> =
        why(TRAINED, &facts(1, Some(150))).into_iter().map(|reason| reason.policy).collect();
    assert_eq!(late, ["bring-back-first", "settle-first"]);
    let stranger = why(STRANGER, &facts(0, None));
    assert!(
        stranger.iter().all(|reason| reason.effect == "forbid" || !reason.because.is_empty()),
        "{stranger:?}"
    );
}

const SCOPES: &[&str] = &[
    "principal",
    "principal in Role::\"member\"",
    "principal in Role::\"steward\"",
    "principal is Agent",
    "principal is Plugin",
];
const ACTIONS: &[&str] = &[
    "action",
    "action == Action::\"borrow\"",
    "action == Action::\"raise\"",
    "action in Action::\"record\"",
    "action in [Action::\"lower\", Action::\"admit\", Action::\"transferCustody\"]",
];
const RESOURCES: &[&str] = &["resource", "resource is EconomicResource", "resource is Network"];
const WHENS: &[&str] = &[
    "",
    "when { context.via == \"session\" }",
    "when { context.via == \"console\" }",
    "unless { context.now < datetime(\"1980-01-01\") }",
];

/// What every act of every kind of agent comes to under the tool library's rules.
fn rulings() -> Vec<String> {
    let (book, view) = (library(), view());
    let mut rulings = Vec::new();
    for agent in [MEMBER, STEWARD, STRANGER] {
        for (what, act) in acts(agent) {
            let ask = Ask::about(&view, scene(), Principal::Agent(agent), &act).unwrap();
            rulings.push(format!("{agent} {what}: {:?}", book.decide(&view, scene(), &ask, &[]).unwrap()));
        }
    }
    rulings
}

/// Threads have as much native stack as the machine gives them: no policy goes missing on a small one.
#[test]
fn a_small_stack_changes_nothing() {
    let wanted = rulings();
    assert!(wanted.iter().any(|ruling| ruling.contains("Permit")), "{wanted:?}");
    for kb in [160, 256, 1_024] {
        let small = std::thread::Builder::new().stack_size(kb << 10).spawn(rulings).unwrap();
        assert_eq!(small.join().unwrap(), wanted, "with {kb} KiB");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Whatever the policies, asking only those that can apply gives the answer of asking them all.
    #[test]
    fn slices_decide_as_the_whole_set(picks in proptest::collection::vec((any::<bool>(), 0usize..7, 0usize..5, 0usize..5, 0usize..4), 1..90)) {
        // Enough of them, and some name somebody or something: then they are picked by that too.
        let named = [format!("principal == Agent::\"{MEMBER}\""), format!("principal is Agent in Role::\"{}\"", "member")];
        let scopes: Vec<&str> = SCOPES.iter().copied().chain(named.iter().map(String::as_str)).collect();
        let things = [format!("resource == EconomicResource::\"{SAW}\""), format!("resource == Agent::\"{MEMBER}\"")];
        let resources: Vec<&str> = RESOURCES.iter().copied().chain(things.iter().map(String::as_str)).collect();
        let text: String = picks.iter().enumerate().map(|(n, (permit, p, a, r, w))| {
            let effect = if *permit { "permit" } else { "forbid" };
            format!("@id(\"p{n}\") {effect} ({}, {}, {}) {};\n", scopes[*p], ACTIONS[*a], resources[*r], WHENS[*w])
        }).collect();
        // Some combinations can never apply, which validation refuses; the others must agree.
        if let Ok(book) = RuleBook::new("random", &[("random.cedar", &text)]).and_then(|book| compile(&book)) {
            let view = view();
            for agent in [MEMBER, STEWARD, STRANGER] {
                for (what, act) in acts(agent) {
                    let ask = Ask::about(&view, scene(), Principal::Agent(agent), &act).unwrap();
                    let sliced = book.decide(&view, scene(), &ask, &[]).unwrap();
                    let whole = book.decide_unsliced(&view, scene(), &ask, &[]).unwrap();
                    prop_assert_eq!(sliced, whole, "{} under\n{}", what, text);
                }
            }
        }
    }
}

#[test]
fn the_protected_layer_takes_forbids_only() {
    let permit = [("p.cedar", "@id(\"x\") permit (principal, action, resource);")];
    let book = RuleBook::with(("x", "x"), Vec::new(), &[], &permit, Vec::new());
    assert!(matches!(book, Err(policy::BookError::PermitInProtectedLayer(_))));
}

#[test]
fn a_policy_nests_only_so_deep() {
    let nested = |open: &str, close: &str, n: usize, inside: &str| {
        let condition = format!("{}{inside}{}", open.repeat(n), close.repeat(n));
        format!("@id(\"a\") permit (principal, action, resource) when {{ {condition} }};")
    };
    // Text, and whether it is read: each that is not would end the process in Cedar's parser.
    let table = [
        (nested("(", ")", 60, "true"), true),
        (nested("(", ")", 5_000, "true"), false),
        (nested("[", "]", 5_000, ""), false),
        (nested("{a:", "}", 5_000, "1"), false),
        (format!("{} // {}", nested("(", ")", 1, "true"), "(".repeat(5_000)), true),
        (nested("(", ")", 1, &format!("\"{}\\\"{}\" != \"\"", "(".repeat(500), "[".repeat(500))), true),
        ("(".repeat(100_000), false),
        // Some hundred in a row, and Cedar's validator lets a policy pass that reads what is not there.
        (nested("", "", 1, &["true"; 100].join(" && ")), true),
        (nested("", "", 1, &["true"; 200].join(" && ")), false),
        (nested("principal", "", 1, &".a".repeat(1_000)), false),
        (nested("", "", 1, &format!("1 == {}", ["1"; 200].join(" + "))), false),
        // Each within another doubles the validator's work.
        (nested("if true then ", " else false", 10, "true"), true),
        (nested("if true then ", " else false", 24, "true"), false),
        (nested("if true then ", " else false", 3_000, "true"), false),
    ];
    for (text, is_read) in table {
        let book = RuleBook::new("x", &[("x.cedar", &text)]).and_then(|book| compile(&book));
        let shown: String = text.chars().take(80).collect();
        match (is_read, book) {
            (true, book) => assert!(book.is_ok(), "{shown}: {:?}", book.err()),
            (false, book) => assert!(book.unwrap_err().to_string().contains("split"), "{shown}"),
        }
    }
}

#[test]
fn a_book_is_only_so_large() {
    use policy::limits::{BINDINGS_MAX, POLICIES_MAX, POLICY_BYTES_MAX};
    let policy =
        |id: &str, rest: &str| format!("@id(\"{id}\") permit (principal, action, resource){rest};\n");
    let many: String = (0..=POLICIES_MAX).map(|n| policy(&format!("p{n}"), "")).collect();
    let padding = " ".repeat(POLICY_BYTES_MAX);
    let long = format!("@id(\"a\") permit ({padding}principal, action, resource);");
    let deep = policy("a", " when { principal.membership.member.membership.member has since }");
    let binding = library().book.bindings[0].clone();
    // Policies, bindings, and what the answer says.
    let table = [
        (many, 0, "at most"),
        (long, 0, "longer than"),
        (deep, 0, "validation"),
        (policy("a", ""), BINDINGS_MAX + 1, "at most"),
    ];
    for (text, bindings, says) in table {
        let bindings = vec![binding.clone(); bindings];
        let book = RuleBook::with(("x", "x"), Vec::new(), &[("x.cedar", &text)], &[], bindings);
        let error = book.and_then(|book| compile(&book).map(drop)).unwrap_err().to_string();
        assert!(error.contains(says), "{says}: {error}");
    }
}

#[test]
fn a_delegation_is_kept_within_its_bounds() {
    const KEY: Id = Id([70; 16]);
    let book = library();
    let mut older = library().book;
    older.semantics = 1;
    let older = compile(&older).unwrap();
    let rules = |book: &CompiledBook, of: Id, acts: &[&str], end: i64, finished: bool| {
        let fields = Fields::new()
            .with(Prop::Delegator, Value::Ref(of))
            .with(Prop::Delegate, Value::Ref(TRAINED))
            .with(Prop::Acts, Value::Texts(acts.iter().map(|act| (*act).to_owned()).collect()))
            .with(Prop::HasBeginning, Value::Instant(Instant(0)))
            .with(Prop::HasEnd, Value::Instant(Instant(end)))
            .with(Prop::Finished, Value::Flag(finished));
        let mut view = view();
        view.open_layer();
        view.put(Record::new(KEY, Class::Delegation, fields));
        let scene = Scene { via: Via::Token(KEY), ..scene() };
        let act = record(event(Action::Raise, None, MEMBER, MEMBER), true);
        let ask = Ask::about(&view, scene, Principal::Agent(MEMBER), &act).unwrap();
        book.decide(&view, scene, &ask, &[]).unwrap().verdict == Verdict::Permit
    };
    let later = 3_600_000_000;
    assert!(rules(&book, MEMBER, &["raise"], later, false));
    assert!(rules(&book, MEMBER, &["record"], later, false), "every event");
    assert!(!rules(&book, MEMBER, &["lower", "see"], later, false), "another act");
    assert!(!rules(&book, MEMBER, &["raise"], 0, false), "run out");
    assert!(!rules(&book, MEMBER, &["raise"], later, true), "revoked");
    assert!(!rules(&book, STEWARD, &["raise"], later, false), "somebody else's");
    assert!(!rules(&older, MEMBER, &["raise"], later, false), "a book from before delegations opens nothing");
}
