//! The gate: slices decide as the whole set does, the schema is what authors read, who may what is a
//! grid that a change of rules shows in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use governance::{AnyAct, GoverningAct};
use ledger::{Act, Link, Snapshot, View};
use policy::{Ask, CompiledBook, Principal, RuleBook, Scene, Verdict, Via, compile, explain};
use proptest::prelude::*;
use std::fmt::Write;
use std::path::PathBuf;
use valueflows::{
    Action, Class, FactGroup, FactKind, FactSpec, FactValue, Fields, Id, Instant, NetworkId, Prop, Record,
    Surface, Value,
};

const NETWORK: NetworkId = Id([50; 16]);
const LIBRARY: Id = Id([51; 16]);
const MEMBER: Id = Id([52; 16]);
const TRAINED: Id = Id([53; 16]);
const STEWARD: Id = Id([54; 16]);
const STRANGER: Id = Id([55; 16]);
const SAW: Id = Id([60; 16]);
const OWN: Id = Id([61; 16]);
const SPEC: Id = Id([62; 16]);
const OFFER: Id = Id([63; 16]);
const DEBT: Id = Id([64; 16]);
const LOAN: Id = Id([65; 16]);

fn root() -> PathBuf {
    let here = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap());
    here.join("../..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

fn standing() -> FactGroup {
    let fact = |name: &str, kind, optional| FactSpec { name: name.into(), kind, optional };
    FactGroup {
        group: "Standing".into(),
        facts: vec![
            fact("overdue", FactKind::Number, false),
            fact("unpaid", FactKind::Amount, true),
            fact("clear", FactKind::Flag, false),
        ],
    }
}

/// The tool library's own rules, with the facts that they read.
fn library() -> CompiledBook {
    let binding = policy::Binding {
        plugin: "standing".into(),
        surface: Surface::Access,
        component: "0".repeat(64),
        settings: serde_json::json!({}),
        acts: vec!["borrow".into()],
        facts: Some(standing()),
        personal: Vec::new(),
    };
    let own = read("policies/tool-library/library.cedar");
    let constitution = read("policies/tool-library/constitution.cedar");
    let protected = read("policies/protected/protected.cedar");
    let book = RuleBook::with(
        ("library", "A library."),
        Vec::new(),
        &[("library.cedar", &own)],
        &[("protected.cedar", &protected), ("constitution.cedar", &constitution)],
        vec![binding],
    );
    compile(&book.unwrap()).unwrap()
}

fn view() -> View {
    let mut snapshot = Snapshot::default();
    let mut know = |id, class, fields: &[(Prop, Value)]| {
        let fields: Fields = fields.iter().cloned().collect();
        snapshot.know(id, Some(Record::new(id, class, fields)));
    };
    know(LIBRARY, Class::Organization, &[]);
    for agent in [MEMBER, TRAINED, STEWARD, STRANGER] {
        know(agent, Class::Person, &[]);
    }
    let membership = |agent: Id| Id([agent.0[0] + 100; 16]);
    for (agent, roles, training) in [
        (MEMBER, vec!["member"], vec![]),
        (TRAINED, vec!["member"], vec!["chainsaw"]),
        (STEWARD, vec!["member", "steward"], vec![]),
    ] {
        let texts = |list: Vec<&str>| Value::Texts(list.into_iter().map(str::to_owned).collect());
        know(
            membership(agent),
            Class::Membership,
            &[
                (Prop::Member, Value::Ref(agent)),
                (Prop::Roles, texts(roles)),
                (Prop::Training, texts(training)),
            ],
        );
    }
    know(
        SPEC,
        Class::ResourceSpecification,
        &[(Prop::RequiresTraining, Value::Texts(vec!["chainsaw".into()]))],
    );
    know(
        SAW,
        Class::EconomicResource,
        &[(Prop::PrimaryAccountable, Value::Ref(LIBRARY)), (Prop::ConformsTo, Value::Ref(SPEC))],
    );
    know(OWN, Class::EconomicResource, &[(Prop::PrimaryAccountable, Value::Ref(MEMBER))]);
    know(
        OFFER,
        Class::Intent,
        &[
            (Prop::Action, Value::Action(Action::TransferCustody)),
            (Prop::Provider, Value::Ref(LIBRARY)),
            (Prop::ResourceInventoriedAs, Value::Ref(SAW)),
        ],
    );
    know(
        DEBT,
        Class::Commitment,
        &[
            (Prop::Action, Value::Action(Action::Transfer)),
            (Prop::Provider, Value::Ref(MEMBER)),
            (Prop::Receiver, Value::Ref(LIBRARY)),
        ],
    );
    know(
        LOAN,
        Class::Agreement,
        &[(Prop::Provider, Value::Ref(LIBRARY)), (Prop::Receiver, Value::Ref(MEMBER))],
    );
    for agent in [LIBRARY, MEMBER, TRAINED, STEWARD, STRANGER] {
        let link = Link { class: Class::Membership, prop: Prop::Member, target: agent, open: true };
        let member = [MEMBER, TRAINED, STEWARD].contains(&agent);
        snapshot.know_links(link, if member { vec![membership(agent)] } else { Vec::new() });
    }
    View::over(snapshot)
}

fn scene() -> Scene {
    Scene { network: NETWORK, sandbox: true, now: Instant(0), via: Via::Session }
}

fn event(action: Action, thing: Option<Id>, from: Id, to: Id) -> Fields {
    let mut fields = Fields::new()
        .with(Prop::Action, Value::Action(action))
        .with(Prop::Provider, Value::Ref(from))
        .with(Prop::Receiver, Value::Ref(to));
    if let Some(thing) = thing {
        fields.set(Prop::ResourceInventoriedAs, Value::Ref(thing));
    }
    fields
}

fn record(event: Fields, new: bool) -> AnyAct {
    AnyAct::Economic(Act::Record { event, resource: new.then(Fields::new) })
}

fn offer(agent: Id, thing: Id) -> AnyAct {
    let intent = Fields::new()
        .with(Prop::Provider, Value::Ref(agent))
        .with(Prop::ResourceInventoriedAs, Value::Ref(thing));
    let proposal = Fields::new().with(Prop::Purpose, Value::Text("offer".into()));
    AnyAct::Economic(Act::Publish { proposal, intents: vec![intent] })
}

fn borrow(receiver: Id) -> AnyAct {
    AnyAct::Economic(Act::Accept { intent: OFFER, receiver, until: Instant(Instant::DAY_US), quote: None })
}

/// Acts that somebody might try, on their own behalf.
fn acts(agent: Id) -> Vec<(&'static str, AnyAct)> {
    let raise = |from, to| record(event(Action::Raise, None, from, to), true);
    let hand = |thing, from, to| record(event(Action::TransferCustody, Some(thing), from, to), false);
    let admit = GoverningAct::Admit { name: "x".into(), roles: vec!["steward".into()], place: None };
    let mut acts = vec![
        ("borrow the saw for oneself", borrow(agent)),
        ("borrow the saw for somebody else", borrow(TRAINED)),
        ("write down a thing of one's own", raise(agent, agent)),
        ("write down a thing of the library's", raise(LIBRARY, LIBRARY)),
        ("offer the library's saw", offer(agent, SAW)),
        ("offer the member's own thing", offer(agent, OWN)),
        ("hand over the library's saw", hand(SAW, LIBRARY, agent)),
        ("hand over the member's own thing", hand(OWN, MEMBER, TRAINED)),
        ("write off the library's saw", record(event(Action::Lower, Some(SAW), LIBRARY, LIBRARY), false)),
        ("waive the member's debt", AnyAct::Economic(Act::Waive { commitment: DEBT, reason: "x".into() })),
        ("report what happened elsewhere", report(Class::Process, Fields::new())),
        (
            "report a promise made elsewhere",
            report(Class::Commitment, event(Action::Transfer, None, agent, LIBRARY)),
        ),
        (
            "report a hand-over of the past",
            report(Class::EconomicEvent, event(Action::TransferCustody, Some(SAW), LIBRARY, agent)),
        ),
        ("rename the library's saw", rename(Class::EconomicResource, SAW)),
        ("rename the member's own thing", rename(Class::EconomicResource, OWN)),
        ("rename the member", rename(Class::Person, MEMBER)),
        ("call off the member's loan", AnyAct::Economic(Act::Withdraw { agreement: LOAN })),
        (
            "promise something",
            AnyAct::Economic(Act::Commit { fields: event(Action::Transfer, None, agent, LIBRARY) }),
        ),
        ("write down a unit", AnyAct::Economic(Act::Define { class: Class::Unit, fields: Fields::new() })),
        ("admit somebody", AnyAct::Governing(admit)),
        (
            "train oneself",
            AnyAct::Governing(GoverningAct::Train { member: agent, training: "chainsaw".into() }),
        ),
        ("delegate in one's own name", delegate(agent)),
        ("delegate in another's name", delegate(if agent == MEMBER { TRAINED } else { MEMBER })),
        ("move the clock", AnyAct::Governing(GoverningAct::AdvanceClock { by_us: 1 })),
    ];
    acts.sort_by_key(|(name, _)| *name);
    acts
}

fn report(class: Class, fields: Fields) -> AnyAct {
    AnyAct::Economic(Act::Report { class, fields })
}

fn rename(class: Class, record: Id) -> AnyAct {
    let fields = Fields::new().with(Prop::Name, Value::Text("x".into()));
    AnyAct::Economic(Act::Revise { class, record, version: 1, fields, clear: vec![] })
}

fn delegate(delegator: Id) -> AnyAct {
    let acts = vec!["raise".to_owned()];
    AnyAct::Governing(GoverningAct::Delegate { delegator, delegate: TRAINED, acts, until: Instant(1 << 50) })
}

fn facts(overdue: i64, unpaid: Option<i64>) -> Vec<(FactGroup, Vec<FactValue>)> {
    let unpaid = unpaid.map_or(FactValue::Absent, |amount| FactValue::Amount { amount, unit: "EUR".into() });
    vec![(standing(), vec![FactValue::Number(overdue), unpaid, FactValue::Flag(overdue == 0)])]
}

/// Every act and every role: the whole grid, held as text.
#[test]
fn the_authorisation_grid_is_as_it_was() {
    let (book, view) = (library(), view());
    let mut grid = String::new();
    for (who, agent) in
        [("member", MEMBER), ("trained member", TRAINED), ("steward", STEWARD), ("stranger", STRANGER)]
    {
        for (what, act) in acts(agent) {
            let ask = Ask::about(&view, scene(), Principal::Agent(agent), &act).unwrap();
            let ruling = book.decide(&view, scene(), &ask, &facts(0, None)).unwrap();
            assert!(ruling.erred.is_empty(), "{who} {what}: {ruling:?}");
            let verdict = if ruling.verdict == Verdict::Permit { "may    " } else { "may not" };
            writeln!(grid, "{who} {verdict} {what}: {}", ruling.policies.join(", ")).unwrap();
        }
        let thing = view.record(SAW).unwrap().unwrap();
        let ask = Ask::to_see(&view, scene(), agent, &thing).unwrap();
        let seen = book.decide(&view, scene(), &ask, &[]).unwrap();
        writeln!(
            grid,
            "{who} {} see the saw",
            if seen.verdict == Verdict::Permit { "may    " } else { "may not" }
        )
        .unwrap();
    }
    if std::env::var_os("REFLOW_UPDATE").is_some() {
        std::fs::write(root().join("host/policy/tests/grid.txt"), &grid).unwrap();
    }
    assert_eq!(grid, read("host/policy/tests/grid.txt"), "run with REFLOW_UPDATE=1 if the change is meant");
}

#[test]
fn the_schema_that_authors_read_is_the_one_that_is_used() {
    let schema = policy::schema::generate(&[]);
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
    fn slices_decide_as_the_whole_set(picks in proptest::collection::vec((any::<bool>(), 0usize..5, 0usize..5, 0usize..3, 0usize..4), 1..14)) {
        let text: String = picks.iter().enumerate().map(|(n, (permit, p, a, r, w))| {
            let effect = if *permit { "permit" } else { "forbid" };
            format!("@id(\"p{n}\") {effect} ({}, {}, {}) {};\n", SCOPES[*p], ACTIONS[*a], RESOURCES[*r], WHENS[*w])
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
