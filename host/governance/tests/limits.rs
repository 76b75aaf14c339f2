//! Every limit of governing bites: what is one too many is refused by its own code, and what is just enough is not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use governance::limits::*;
use governance::{AnyAct, CaseRules, Decisions, Examined, InForce, Joining, Risk, decide};
use ledger::{Circumstances, Refusal, Signer, Snapshot, Stop, View};
use serde_json::{Value as Json, json};
use valueflows::{Class, Fields, Id, Instant, Prop, Record, Value};

const NETWORK: Id = Id([50; 16]);
const INES: Id = Id([1; 16]);
const AMARA: Id = Id([2; 16]);
const NOW: Instant = Instant(1_000_000_000_000_000);
const DAY: i64 = Instant::DAY_US;

fn membership(n: u32, member: Id, roles: &[&str]) -> Record {
    let roles = roles.iter().map(|role| (*role).to_owned()).collect();
    let fields = Fields::new()
        .with(Prop::Member, Value::Ref(member))
        .with(Prop::Roles, Value::Texts(roles))
        .with(Prop::HasBeginning, Value::Instant(Instant(0)));
    Record::new(Id::record(NETWORK, member, n), Class::Membership, fields)
}

fn decisions() -> Decisions {
    let way =
        json!({"rule": {"method": "ranked"}, "voters": ["member"], "vote-days": 1, "breaker": "as-it-is"});
    let all = json!({"parameter": way, "rule": way, "membership": way, "constitution": way});
    serde_json::from_value(all).unwrap()
}

/// Ines the steward, Amara, and whatever else there is.
fn world(more: Vec<Record>) -> View {
    let person = |id| Record::new(id, Class::Person, Fields::new());
    let own = [
        person(INES),
        person(AMARA),
        membership(1, INES, &["member", "steward"]),
        membership(2, AMARA, &["member"]),
    ];
    let mut view = View::over(Snapshot::whole());
    view.begin();
    own.into_iter().chain(more).for_each(|record| view.put(record));
    view.land();
    view
}

/// What comes of an act by Amara: nothing, or the code of the refusal.
fn came(view: &View, act: Json) -> String {
    came_signed(view, act, None)
}

/// The same, signed with a key.
fn came_signed(view: &View, act: Json, signer: Option<Signer>) -> String {
    let act = match AnyAct::from_json(&act) {
        Ok(act) => act,
        Err(bad) => return format!("malformed: {bad}"),
    };
    let (decisions, joining) = (
        decisions(),
        Joining {
            way: governance::joining::Way::Vouching,
            questions: vec!["Why?".into()],
            vouchers: 2,
            voucher_roles: Vec::new(),
            probation_days: 0,
            probation_role: None,
        },
    );
    let cases = CaseRules { assignees: vec!["steward".into()], days: 7 };
    let examined = Examined {
        digest: "d".into(),
        risk: Some(Risk::Parameter),
        problems: Vec::new(),
        waits_days: 0,
        report: json!({}),
    };
    let rules = InForce {
        withheld: &[],
        digest: "base",
        decisions: Some(&decisions),
        cases: Some(&cases),
        joining: Some(&joining),
        counters: None,
        counting: None,
        examined: Some(&examined),
        ..InForce::default()
    };
    let mut with = Circumstances {
        network: NETWORK,
        command: Id([9; 16]),
        agent: AMARA,
        now: NOW,
        made: 0,
        quoted: Vec::new(),
        granted: Vec::new(),
        signer,
        generation: ledger::WHOLE,
        actions: Default::default(),
    };
    match decide(view, &act, &mut with, &rules) {
        Ok(_) => String::new(),
        Err(Stop::Refused(Refusal::Governing { code, .. })) => code.to_owned(),
        Err(Stop::Refused(other)) => other.to_string(),
        Err(Stop::Missing(missing)) => panic!("a whole world misses {missing:?}"),
    }
}

fn in_days(days: i64) -> i64 {
    NOW.plus_us(days * DAY).0
}

#[test]
fn spans_have_ends() {
    let view = world(Vec::new());
    let role = |days| json!({"act": "grantRole", "member": AMARA, "role": "clerk", "hasEnd": in_days(days)});
    let suspend = |days| json!({"act": "suspend", "member": AMARA, "hasEnd": in_days(days), "reason": "x"});
    let except = |days| json!({"act": "grantException", "member": AMARA, "permits": "borrow", "hasEnd": in_days(days), "reason": "x"});
    let trust = |days| json!({"act": "delegate", "delegator": AMARA, "delegate": INES, "acts": ["see"], "hasEnd": in_days(days)});
    let proxy =
        |days| json!({"act": "appointProxy", "delegate": INES, "topics": [], "hasEnd": in_days(days)});
    let (ten_years, year, month) = (TERM_US_MAX / DAY, SUSPENSION_US_MAX / DAY, EXCEPTION_US_MAX / DAY);
    type Span<'a> = (&'a str, &'a dyn Fn(i64) -> Json, i64);
    let table: [Span<'_>; 5] = [
        ("a role", &role, ten_years),
        ("a suspension", &suspend, year),
        ("an exception", &except, month),
        ("a delegation", &trust, DELEGATION_US_MAX / DAY),
        ("whose vote counts", &proxy, DELEGATION_US_MAX / DAY),
    ];
    for (what, act, longest) in table {
        assert_eq!(came(&view, act(longest)), "", "{what}, just as long as it may be");
        assert_ne!(came(&view, act(longest + 1)), "", "{what}, a day too long");
        assert_ne!(came(&view, act(0)), "", "{what} that ends now");
    }
}

#[test]
fn what_one_says_of_who_asks_counts_for_a_week() {
    for (before, comes_to) in [(RESTORE_US, "said-already"), (RESTORE_US + 1, "")] {
        let mut said = membership(1, INES, &["member", "steward"]);
        said.fields.set(Prop::RestoredBy, Value::Refs(vec![AMARA]));
        said.fields.set(Prop::Restored, Value::Instant(NOW.plus_us(-before)));
        let view = world(vec![said]);
        assert_eq!(came(&view, json!({"act": "restoreAccess", "member": INES})), comes_to, "{before}");
    }
}

fn key(letter: &str) -> String {
    format!("z6Mk{}", letter.repeat(44))
}

/// A membership with a key, whose guardians these are.
fn keyed(guardians: Vec<Id>, needed: i64) -> Record {
    let mut keyed = membership(1, INES, &["member", "steward"]);
    keyed.fields.set(Prop::PublicKey, Value::Text(key("a")));
    keyed.fields.set(Prop::NextKey, Value::Text("0".repeat(64)));
    keyed.fields.set(Prop::KeyHeld, Value::Text("own".into()));
    keyed.fields.set(Prop::Guardians, Value::Refs(guardians));
    keyed.fields.set(Prop::GuardiansNeeded, Value::Integer(needed));
    keyed
}

#[test]
fn guardians_are_others_who_belong_each_once_and_enough_of_them() {
    let many: Vec<Id> = (0..=GUARDIANS_MAX).map(|n| Id([100 + n as u8; 16])).collect();
    let members = many.iter().map(|id| membership(u32::from(id.0[0]), *id, &["member"]));
    let view = world(members.collect());
    let enrol = |guardians: &[Id], needed: usize| {
        let act = json!({"act": "enrolKey", "key": key("a"), "next": "0".repeat(64), "held": "own",
                         "guardians": guardians, "needed": needed});
        came_signed(&view, act, Some(Signer { key: key("a"), digest: "x".into() }))
    };
    for (guardians, needed, goes) in [
        (&many[..GUARDIANS_MAX], GUARDIANS_MAX, true),
        (&many[..], 1, false),
        (&many[..2], 2, true),
        (&many[..2], 3, false),
        (&many[..2], 0, false),
        (&[][..], 0, true),
        (&[][..], 1, false),
        (&[INES, INES][..], 1, false),
        (&[AMARA][..], 1, false),
        (&[Id([99; 16])][..], 1, false),
    ] {
        let came = enrol(guardians, needed);
        assert_eq!(came.is_empty(), goes, "{needed} of {}: {came}", guardians.len());
    }
}

#[test]
fn a_lost_key_is_given_back_by_those_who_were_named_within_a_week() {
    let pair = json!({"key": key("b"), "next": "1".repeat(64), "held": "own"});
    let recover = |of: Id| {
        let mut act = json!({"act": "recoverKey", "member": of});
        act.as_object_mut().expect("an act").extend(pair.as_object().expect("a pair").clone());
        act
    };
    let others = Id([90; 16]);
    let named = |who| world(vec![keyed(vec![who], 1)]);
    assert_eq!(came(&named(AMARA), recover(INES)), "");
    assert_eq!(came(&named(others), recover(INES)), "not-a-guardian");
    assert_eq!(came(&named(AMARA), recover(AMARA)), "own-key");
    assert_eq!(came(&world(Vec::new()), recover(INES)), "no-key");
    for (before, comes_to) in [(RESTORE_US, "said-already"), (RESTORE_US + 1, "")] {
        let mut said = keyed(Vec::new(), 0);
        let text = format!("{}.{}.own", key("b"), "1".repeat(64));
        said.fields.set(Prop::NewKey, Value::Text(text));
        said.fields.set(Prop::NewKeyBy, Value::Refs(vec![AMARA]));
        said.fields.set(Prop::NewKeySaid, Value::Instant(NOW.plus_us(-before)));
        assert_eq!(came(&world(vec![said]), recover(INES)), comes_to, "{before}");
    }
}

#[test]
fn lists_have_ends() {
    let exceptions = |count: usize| -> Vec<Record> {
        let one = |n: usize| {
            let fields = Fields::new()
                .with(Prop::Member, Value::Ref(AMARA))
                .with(Prop::HasEnd, Value::Instant(Instant(in_days(1))));
            Record::new(Id::record(NETWORK, AMARA, 100 + n as u32), Class::Exception, fields)
        };
        (0..count).map(one).collect()
    };
    let except = json!({"act": "grantException", "member": AMARA, "permits": "borrow", "hasEnd": in_days(1), "reason": "x"});
    assert_eq!(came(&world(exceptions(EXCEPTIONS_MAX - 1)), except.clone()), "");
    assert_eq!(came(&world(exceptions(EXCEPTIONS_MAX)), except), "too-many-exceptions");

    let case = |said: usize| -> Vec<Record> {
        let said: Vec<Json> = (0..said).map(|_| json!({"by": AMARA, "at": 1, "says": "x"})).collect();
        let fields = Fields::new()
            .with(Prop::Parties, Value::Refs(vec![AMARA]))
            .with(Prop::Statements, Value::document(Json::Array(said)));
        vec![Record::new(Id([70; 16]), Class::Case, fields)]
    };
    let say = json!({"act": "sayInCase", "case": Id([70; 16]), "statement": "x"});
    assert_eq!(came(&world(case(STATEMENTS_MAX - 1)), say.clone()), "");
    assert_eq!(came(&world(case(STATEMENTS_MAX)), say.clone()), "too-much-said");
    let long = json!({"act": "sayInCase", "case": Id([70; 16]), "statement": "x".repeat(valueflows::limits::TEXT_BYTES_MAX + 1)});
    assert_ne!(came(&world(case(0)), long), "");

    let many: Vec<Id> = (0..PARTIES_MAX as u8).map(|n| Id([100 + n; 16])).collect();
    let members: Vec<Record> = many.iter().map(|id| membership(3, *id, &["member"])).collect();
    let open = |against: &[Id]| json!({"act": "openCase", "against": against, "statement": "x"});
    assert_eq!(came(&world(members.clone()), open(&many[1..])), "");
    assert_ne!(came(&world(members), open(&many)), "");
}

#[test]
fn rule_changes_have_ends() {
    let amendment = |id: u8, status: &str, more: Fields| {
        let mut fields = Fields::new()
            .with(Prop::Name, Value::Text("x".into()))
            .with(Prop::Author, Value::Ref(AMARA))
            .with(Prop::Status, Value::Text(status.into()))
            .with(Prop::Risk, Value::Text("parameter".into()))
            .with(Prop::Base, Value::Text("base".into()))
            .with(Prop::Created, Value::Instant(NOW))
            .with(Prop::HasBeginning, Value::Instant(NOW));
        fields.extend(more);
        Record::new(Id([id; 16]), Class::Amendment, fields)
    };
    let first = Id([60; 16]);
    let versions = |count: usize| {
        let ids = (0..count).map(|n| Id::record(NETWORK, first, n as u32)).collect();
        world(vec![amendment(60, "draft", Fields::new().with(Prop::Versions, Value::Refs(ids)))])
    };
    let book = json!({"name": "x"});
    let again = json!({"act": "redraftAmendment", "amendment": first, "note": "", "book": book});
    assert_eq!(came(&versions(VERSIONS_MAX - 1), again.clone()), "");
    assert_eq!(came(&versions(VERSIONS_MAX), again), "too-many-versions");

    let draft = |effects: usize, text: usize| {
        let effects: Vec<Json> =
            (0..effects).map(|_| json!({"act": "grantRole", "member": INES, "role": "clerk"})).collect();
        json!({"act": "draftAmendment", "title": "x", "note": "", "effects": effects,
               "book": {"name": "x", "text": "x".repeat(text)}})
    };
    let view = world(Vec::new());
    assert_eq!(came(&view, draft(EFFECTS_MAX, 0)), "");
    assert!(came(&view, draft(EFFECTS_MAX + 1, 0)).starts_with("malformed"));
    let most = valueflows::limits::DOCUMENT_BYTES_MAX;
    assert_eq!(came(&view, draft(0, most - 100)), "");
    assert_eq!(came(&view, draft(0, most)), "unreadable-rules");

    let rivals = |count: u8| {
        let of = Fields::new().with(Prop::InsteadOf, Value::Ref(first));
        let others = (0..count).map(|n| amendment(61 + n, "draft", of.clone()));
        world(std::iter::once(amendment(60, "draft", Fields::new())).chain(others).collect())
    };
    let instead =
        json!({"act": "draftAmendment", "title": "x", "note": "", "book": book, "insteadOf": first});
    assert_eq!(came(&rivals(RIVALS_MAX as u8 - 1), instead.clone()), "");
    assert_eq!(came(&rivals(RIVALS_MAX as u8), instead), "too-many-rivals");

    let town = |count: usize| {
        let people =
            (0..count).map(|n| membership(7, Id::record(NETWORK, AMARA, 1_000 + n as u32), &["member"]));
        let effect = json!([{"act": "grantRole", "member": INES, "role": "clerk"}]);
        let about = Fields::new().with(Prop::Effects, Value::document(effect));
        world(people.chain([amendment(60, "sponsored", about)]).collect())
    };
    let freeze = json!({"act": "freezeAmendment", "amendment": first});
    // Ines and Amara are two of them.
    assert_eq!(came(&town(VOTERS_MAX - 2), freeze.clone()), "");
    assert_eq!(came(&town(VOTERS_MAX - 1), freeze), "too-many-voters");
}

#[test]
fn what_rules_say_of_joining_and_cases_has_ends() {
    let joining = |questions: usize, vouchers: u32, days: u32| Joining {
        way: governance::joining::Way::Vouching,
        questions: vec!["Why?".into(); questions],
        vouchers,
        voucher_roles: Vec::new(),
        probation_days: days,
        probation_role: (days > 0).then(|| "newcomer".into()),
    };
    let most = QUESTIONS_MAX;
    assert_eq!(joining(most, most as u32, DAYS_MAX).problems(), []);
    for wrong in [
        joining(most + 1, 1, 0),
        joining(1, most as u32 + 1, 0),
        joining(1, 1, DAYS_MAX + 1),
        joining(1, 0, 0),
    ] {
        assert_eq!(wrong.problems().len(), 1, "{wrong:?}");
    }
    let cases = |days| CaseRules { assignees: vec!["steward".into()], days };
    assert_eq!(cases(CASE_DAYS_MAX).problems(), []);
    assert_eq!((cases(CASE_DAYS_MAX + 1).problems().len(), cases(0).problems().len()), (1, 1));
    assert_eq!(CaseRules { assignees: Vec::new(), days: 1 }.problems().len(), 1);
}

#[test]
fn an_erasure_takes_so_much_at_once() {
    let view = world(vec![Record::new(Id([70; 16]), Class::EconomicResource, Fields::new())]);
    let erase = |entries: usize| {
        let entries: Vec<usize> = (1..=entries).collect();
        json!({"act": "erase", "subject": Id([70; 16]), "reason": "x", "entries": entries, "stripped": [], "kept": []})
    };
    assert_eq!(came(&view, erase(ERASED_ENTRIES_MAX)), "");
    assert!(came(&view, erase(ERASED_ENTRIES_MAX + 1)).contains("too much to be erased"));
    let things = |count: usize| -> Vec<Id> {
        (0..count).map(|n| Id::record(NETWORK, INES, 10_000 + n as u32)).collect()
    };
    let thing = |id: &Id| Record::new(*id, Class::EconomicResource, Fields::new());
    let view = world(things(ERASED_RECORDS_MAX + 1).iter().map(thing).collect());
    let records = |count: usize| {
        let stripped: Vec<Json> = things(count).iter().map(|id| json!([id, 1])).collect();
        json!({"act": "erase", "subject": things(1)[0], "reason": "x", "entries": [], "stripped": stripped, "kept": []})
    };
    assert_eq!(came(&view, records(ERASED_RECORDS_MAX)), "");
    assert!(came(&view, records(ERASED_RECORDS_MAX + 1)).contains("too much to be erased"));
}
