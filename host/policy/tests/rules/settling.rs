//! Joining, exceptions, cases and erasure: what there is of them in the world, and who might try what.

use governance::cases::Settled;
use governance::exceptions::Grant;
use governance::{AnyAct, CaseAct, EraseAct, ExceptionAct, GoverningAct, JoinAct};
use valueflows::{Class, Id, Instant, Prop, Value};

use crate::world::*;

/// Somebody who asks to join, an exception and a case.
pub fn settling(know: Know<'_>) {
    let at = |prop| (prop, Value::Instant(Instant(0)));
    let text = |prop, text: &str| (prop, Value::Text(text.into()));
    know(
        APPLICATION,
        Class::Application,
        &[
            (Prop::Member, Value::Ref(APPLICANT)),
            text(Prop::Kind, "vouching"),
            text(Prop::Status, "waiting"),
            at(Prop::Created),
        ],
    );
    know(
        EXCEPTION,
        Class::Exception,
        &[
            (Prop::Member, Value::Ref(MEMBER)),
            (Prop::Author, Value::Ref(STEWARD)),
            text(Prop::Status, "standing"),
            at(Prop::HasBeginning),
            at(Prop::HasEnd),
        ],
    );
    know(
        CASE,
        Class::Case,
        &[
            text(Prop::Kind, "report"),
            (Prop::Author, Value::Ref(MEMBER)),
            (Prop::Parties, Value::Refs(vec![MEMBER])),
            (Prop::Assignee, Value::Ref(STEWARD)),
            text(Prop::Status, "open"),
            at(Prop::Created),
        ],
    );
}

/// Exceptions, cases and joining, as somebody might try them.
pub fn settling_acts(agent: Id) -> Vec<(&'static str, AnyAct)> {
    let join = |act| AnyAct::Governing(GoverningAct::Join(act));
    let except = |act| AnyAct::Governing(GoverningAct::Except(act));
    let case = |act| AnyAct::Governing(GoverningAct::Case(act));
    let grant = |member, act: &str| {
        except(ExceptionAct::Grant(Box::new(Grant {
            member,
            act: act.into(),
            rule: Some("settle-first".into()),
            thing: None,
            days: None,
            most: None,
            until: Instant(Instant::DAY_US),
            case: None,
            reason: "x".into(),
        })))
    };
    let statement = || String::from("x");
    vec![
        ("ask to join", join(JoinAct::Apply { name: "x".into(), answers: vec![] })),
        ("vouch for somebody", join(JoinAct::Vouch { application: APPLICATION, certificate: None })),
        ("let somebody join who asked", join(JoinAct::Accept { application: APPLICATION })),
        ("turn somebody down", join(JoinAct::Decline { application: APPLICATION, reason: "x".into() })),
        ("not want to join any more", join(JoinAct::TakeBack { application: APPLICATION })),
        ("except oneself from a rule", grant(agent, "borrow")),
        ("except another in borrowing", grant(TRAINED, "borrow")),
        ("except another in handing over", grant(TRAINED, "transferCustody")),
        ("take an exception back", except(ExceptionAct::Withdraw { exception: EXCEPTION })),
        (
            "appeal against a decision",
            case(CaseAct::Open {
                decision: Some(CHANGE),
                thing: None,
                against: vec![],
                statement: statement(),
            }),
        ),
        (
            "report another",
            case(CaseAct::Open {
                decision: None,
                thing: None,
                against: vec![TRAINED],
                statement: statement(),
            }),
        ),
        ("say something in the member's case", case(CaseAct::Say { case: CASE, statement: statement() })),
        ("hand the member's case on", case(CaseAct::Assign { case: CASE, assignee: GUARDIAN })),
        (
            "close the member's case",
            case(CaseAct::Close { case: CASE, how: Settled::Upheld, statement: statement() }),
        ),
        ("take the member's case back", case(CaseAct::Withdraw { case: CASE })),
        ("erase oneself", erase(agent)),
        ("erase the member", erase(MEMBER)),
        ("erase what is said of the saw", erase(SAW)),
    ]
}

fn erase(subject: Id) -> AnyAct {
    AnyAct::Governing(GoverningAct::Erase(Box::new(EraseAct {
        subject,
        unlawful: false,
        reason: "x".into(),
        entries: vec![],
        stripped: vec![],
        kept: vec![],
        fields: vec![],
    })))
}
