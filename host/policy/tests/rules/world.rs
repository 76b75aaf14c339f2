//! A library with people, things and a rule change: what the rules are tried on.

use governance::tally::Ballot;
use governance::{AmendAct, AnyAct, GoverningAct, KeyAct, MemberAct, StopAct};
use ledger::{Act, Link, Snapshot, View};
use policy::{CompiledBook, RuleBook, Scene, Via, compile};
use std::path::PathBuf;
use valueflows::action::ROWS;
use valueflows::{
    Action, Class, FactGroup, FactKind, FactSpec, FactValue, Fields, Id, Instant, NetworkId, Prop, Record,
    Surface, Value,
};

pub const NETWORK: NetworkId = Id([50; 16]);
pub const LIBRARY: Id = Id([51; 16]);
pub const MEMBER: Id = Id([52; 16]);
pub const TRAINED: Id = Id([53; 16]);
pub const STEWARD: Id = Id([54; 16]);
pub const STRANGER: Id = Id([55; 16]);
pub const SAW: Id = Id([60; 16]);
pub const OWN: Id = Id([61; 16]);
pub const SPEC: Id = Id([62; 16]);
pub const OFFER: Id = Id([63; 16]);
pub const DEBT: Id = Id([64; 16]);
pub const LOAN: Id = Id([65; 16]);
pub const CHANGE: Id = Id([66; 16]);
pub const PROXY: Id = Id([67; 16]);
pub const STOP: Id = Id([68; 16]);
pub const BALLOT: Id = Id([69; 16]);
pub const TRUST: Id = Id([71; 16]);
pub const GUARDIAN: Id = Id([56; 16]);
pub const CLERK: Id = Id([57; 16]);
pub const SUSPENDED: Id = Id([58; 16]);

pub const APPLICANT: Id = Id([59; 16]);
pub const NEWCOMER: Id = Id([49; 16]);
pub const APPLICATION: Id = Id([72; 16]);
pub const EXCEPTION: Id = Id([73; 16]);
pub const CASE: Id = Id([74; 16]);

pub fn root() -> PathBuf {
    let here = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap());
    here.join("../..")
}

pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

pub fn standing() -> FactGroup {
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
pub fn library() -> CompiledBook {
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

pub fn view() -> View {
    let mut snapshot = Snapshot::default();
    let mut know = |id, class, fields: &[(Prop, Value)]| {
        let fields: Fields = fields.iter().cloned().collect();
        snapshot.know(id, Some(Record::new(id, class, fields)));
    };
    know(LIBRARY, Class::Organization, &[]);
    for agent in [MEMBER, TRAINED, STEWARD, STRANGER, GUARDIAN, CLERK, SUSPENDED, APPLICANT, NEWCOMER] {
        know(agent, Class::Person, &[]);
    }
    let membership = |agent: Id| Id([agent.0[0] + 100; 16]);
    for (agent, roles, training) in [
        (MEMBER, vec!["member"], vec![]),
        (TRAINED, vec!["member"], vec!["chainsaw"]),
        (STEWARD, vec!["member", "steward"], vec![]),
        (GUARDIAN, vec!["guardian", "member"], vec![]),
        (CLERK, vec!["clerk", "member"], vec![]),
        (SUSPENDED, vec!["member", "steward"], vec![]),
        (APPLICANT, vec!["applicant"], vec![]),
        (NEWCOMER, vec!["newcomer"], vec![]),
    ] {
        let texts = |list: Vec<&str>| Value::Texts(list.into_iter().map(str::to_owned).collect());
        know(
            membership(agent),
            Class::Membership,
            &[
                (Prop::Member, Value::Ref(agent)),
                (Prop::Roles, texts(roles)),
                (Prop::Training, texts(training)),
                match agent == SUSPENDED {
                    true => (Prop::Suspended, Value::Instant(Instant(1 << 50))),
                    false => (Prop::HasBeginning, Value::Instant(Instant(0))),
                },
            ],
        );
    }
    books(&mut know);
    changing(&mut know);
    for agent in
        [LIBRARY, MEMBER, TRAINED, STEWARD, STRANGER, GUARDIAN, CLERK, SUSPENDED, APPLICANT, NEWCOMER]
    {
        let link = Link { class: Class::Membership, prop: Prop::Member, target: agent, open: true };
        let member = ![LIBRARY, STRANGER].contains(&agent);
        snapshot.know_links(link, if member { vec![membership(agent)] } else { Vec::new() });
    }
    View::over(snapshot)
}

pub type Know<'a> = &'a mut dyn FnMut(Id, Class, &[(Prop, Value)]);

/// Things, an offer, a debt and a loan.
fn books(know: Know<'_>) {
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
}

/// A rule change and what belongs to one.
fn changing(know: Know<'_>) {
    know(
        CHANGE,
        Class::Amendment,
        &[
            (Prop::Name, Value::Text("x".into())),
            (Prop::Author, Value::Ref(MEMBER)),
            (Prop::Status, Value::Text("voting".into())),
            (Prop::Risk, Value::Text("rule".into())),
            (Prop::Base, Value::Text(String::new())),
            (Prop::Created, Value::Instant(Instant(0))),
        ],
    );
    let times =
        [(Prop::HasBeginning, Value::Instant(Instant(0))), (Prop::HasEnd, Value::Instant(Instant(1)))];
    let parties = [(Prop::Delegator, Value::Ref(MEMBER)), (Prop::Delegate, Value::Ref(TRAINED))];
    let within = [
        (Prop::Acts, Value::Texts(vec!["publish".into(), "raise".into()])),
        (Prop::HasBeginning, Value::Instant(Instant(0))),
        (Prop::HasEnd, Value::Instant(Instant(Instant::DAY_US))),
    ];
    know(TRUST, Class::Delegation, &[&parties[..], &within].concat());
    know(PROXY, Class::Proxy, &[&parties[..], &times].concat());
    let stop = [
        (Prop::Kind, Value::Text("rule".into())),
        (Prop::Author, Value::Ref(STEWARD)),
        (Prop::Holds, Value::Ref(NETWORK)),
    ];
    know(STOP, Class::Stop, &[&stop[..], &times].concat());
    let ballot = [
        (Prop::Concerns, Value::Ref(CHANGE)),
        (Prop::Voter, Value::Ref(MEMBER)),
        (Prop::Sealed, Value::Flag(true)),
        (Prop::Created, Value::Instant(Instant(0))),
    ];
    know(BALLOT, Class::Ballot, &ballot);
    crate::settling::settling(know);
}

pub fn scene() -> Scene {
    Scene {
        network: NETWORK,
        sandbox: true,
        now: Instant(0),
        via: Via::Session,
        signed_by: policy::SignedBy::Node,
    }
}

pub fn event(action: Action, thing: Option<Id>, from: Id, to: Id) -> Fields {
    let mut fields = Fields::new()
        .with(Prop::Action, Value::Action(action))
        .with(Prop::Provider, Value::Ref(from))
        .with(Prop::Receiver, Value::Ref(to));
    if let Some(thing) = thing {
        fields.set(Prop::ResourceInventoriedAs, Value::Ref(thing));
    }
    fields
}

pub fn record(event: Fields, new: bool) -> AnyAct {
    AnyAct::Economic(Act::Record { event, resource: new.then(Fields::new) })
}

pub fn offer(agent: Id, thing: Id) -> AnyAct {
    let intent = Fields::new()
        .with(Prop::Provider, Value::Ref(agent))
        .with(Prop::ResourceInventoriedAs, Value::Ref(thing));
    let proposal = Fields::new().with(Prop::Purpose, Value::Text("offer".into()));
    AnyAct::Economic(Act::Publish { proposal, intents: vec![intent] })
}

pub fn borrow(receiver: Id) -> AnyAct {
    AnyAct::Economic(Act::Accept { intent: OFFER, receiver, until: Instant(Instant::DAY_US), quote: None })
}

/// Acts that somebody might try, on their own behalf.
pub fn acts(agent: Id) -> Vec<(&'static str, AnyAct)> {
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
        (
            "claim something from the library",
            AnyAct::Economic(Act::Claim { fields: event(Action::Transfer, None, LIBRARY, agent) }),
        ),
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
            "share out what is offered",
            AnyAct::Economic(Act::Allocate { offers: vec![OFFER], needs: Vec::new() }),
        ),
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
        ("end the member's delegation", AnyAct::Governing(GoverningAct::Revoke { delegation: TRUST })),
        ("move the clock", AnyAct::Governing(GoverningAct::AdvanceClock { by_us: 1 })),
    ];
    acts.extend(of_the_operator());
    acts.extend(governing(agent));
    acts.extend(crate::settling::settling_acts(agent));
    // Whatever happens to a thing, each of the nineteen.
    let of_saw = |action: Action| record(event(action, Some(SAW), LIBRARY, agent), false);
    acts.extend(ROWS.iter().map(|row| (row.action.as_str(), of_saw(row.action))));
    acts.sort_by_key(|(name, _)| *name);
    acts
}

/// What the operator does to the node.
fn of_the_operator() -> [(&'static str, AnyAct); 2] {
    [
        (
            "found a network",
            AnyAct::Governing(GoverningAct::FoundNetwork {
                name: "x".into(),
                book: serde_json::json!({}),
                stewards: vec![],
                sandbox: true,
                begins: None,
            }),
        ),
        (
            "lay something on the shelf",
            AnyAct::Governing(GoverningAct::Shelve {
                admission: None,
                plugin: "x".into(),
                component: "x".into(),
                signatures: vec![],
            }),
        ),
    ]
}

/// Acts of governing that somebody might try.
pub fn governing(agent: Id) -> Vec<(&'static str, AnyAct)> {
    let member = |act| AnyAct::Governing(GoverningAct::Member(act));
    let key = |member: Option<Id>| {
        let pair = format!("z6Mk{}.{}.own", "a".repeat(44), "0".repeat(64)).parse().expect("a pair");
        AnyAct::Governing(GoverningAct::Key(match member {
            Some(member) => KeyAct::Recover { member, pair },
            None => KeyAct::Rotate { pair },
        }))
    };
    let grant = |member, role: &str| MemberAct::GrantRole { member, role: role.into(), until: None };
    let (until, reason) = (Instant(Instant::DAY_US), String::from("x"));
    vec![
        ("make oneself a steward", member(grant(agent, "steward"))),
        ("make another a steward", member(grant(TRAINED, "steward"))),
        ("make another a clerk", member(grant(TRAINED, "clerk"))),
        (
            "end another's role as a clerk",
            member(MemberAct::EndRole { member: TRAINED, role: "clerk".into() }),
        ),
        (
            "suspend another for a day",
            member(MemberAct::Suspend { member: TRAINED, until, reason: reason.clone() }),
        ),
        (
            "suspend another for a month",
            member(MemberAct::Suspend {
                member: TRAINED,
                until: Instant(30 * Instant::DAY_US),
                reason: reason.clone(),
            }),
        ),
        ("end another's suspension", member(MemberAct::Reinstate { member: TRAINED })),
        ("say that another has lost their way to sign in", member(MemberAct::Restore { member: TRAINED })),
        ("say that another has lost their key", key(Some(TRAINED))),
        ("sign with a key of one's own", key(None)),
        ("end another's membership", member(MemberAct::End { member: TRAINED, reason: reason.clone() })),
        ("leave", member(MemberAct::Leave { member: agent })),
        ("have another leave", member(MemberAct::Leave { member: LIBRARY })),
    ]
    .into_iter()
    .chain(changing_rules())
    .collect()
}

/// Changes of rules that somebody might try.
fn changing_rules() -> Vec<(&'static str, AnyAct)> {
    let amend = |act| AnyAct::Governing(GoverningAct::Amend(act));
    let stop = |act| AnyAct::Governing(GoverningAct::Stop(act));
    let (until, reason) = (Instant(Instant::DAY_US), String::from("x"));
    let book = || Some(serde_json::json!({}));
    vec![
        (
            "write a rule change down",
            amend(AmendAct::Draft {
                title: "x".into(),
                note: String::new(),
                book: book(),
                effects: vec![],
                instead_of: None,
            }),
        ),
        (
            "write the member's rule change anew",
            amend(AmendAct::Redraft { amendment: CHANGE, note: String::new(), book: serde_json::json!({}) }),
        ),
        ("want the member's rule change discussed", amend(AmendAct::Sponsor { amendment: CHANGE })),
        ("begin the vote on the member's rule change", amend(AmendAct::Freeze { amendment: CHANGE })),
        ("vote", amend(AmendAct::Cast { amendment: CHANGE, choice: Ballot::Yes, note: String::new() })),
        (
            "enter a vote from paper",
            amend(AmendAct::Enter { amendment: CHANGE, voter: TRAINED, choice: Ballot::Yes }),
        ),
        (
            "hold the member's rule change up",
            amend(AmendAct::Veto { amendment: CHANGE, reason: reason.clone() }),
        ),
        ("ask everybody about a veto", amend(AmendAct::Override { amendment: CHANGE })),
        ("take the member's rule change back", amend(AmendAct::Withdraw { amendment: CHANGE })),
        ("renew the member's rule change", amend(AmendAct::Renew { amendment: CHANGE })),
        (
            "let another vote for oneself",
            amend(AmendAct::AppointProxy { delegate: TRAINED, topics: vec![], until }),
        ),
        ("end the member's proxy", amend(AmendAct::EndProxy { proxy: PROXY })),
        (
            "suspend a rule",
            stop(StopAct::SuspendRule { policy: "settle-first".into(), until, reason: reason.clone() }),
        ),
        (
            "suspend the training for dangerous tools",
            stop(StopAct::SuspendRule { policy: "training-first".into(), until, reason }),
        ),
        ("put a suspended rule in force again", stop(StopAct::RestoreRule { stop: STOP })),
    ]
}

pub fn report(class: Class, fields: Fields) -> AnyAct {
    AnyAct::Economic(Act::Report { class, fields })
}

pub fn rename(class: Class, record: Id) -> AnyAct {
    let fields = Fields::new().with(Prop::Name, Value::Text("x".into()));
    AnyAct::Economic(Act::Revise { class, record, version: 1, fields, clear: vec![] })
}

pub fn delegate(delegator: Id) -> AnyAct {
    let acts = vec!["raise".to_owned()];
    AnyAct::Governing(GoverningAct::Delegate { delegator, delegate: TRAINED, acts, until: Instant(1 << 50) })
}

pub fn facts(overdue: i64, unpaid: Option<i64>) -> Vec<(FactGroup, Vec<FactValue>)> {
    let unpaid = unpaid.map_or(FactValue::Absent, |amount| FactValue::Amount { amount, unit: "EUR".into() });
    vec![(standing(), vec![FactValue::Number(overdue), unpaid, FactValue::Flag(overdue == 0)])]
}
