//! Ways of deciding: what cannot be one, who may vote by it, and what makes deciding easier.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use governance::{Decision, Decisions};
use serde_json::{Value as Json, json};
use valueflows::Instant;

fn plain() -> Json {
    json!({"rule": {"method": "majority"}, "voters": ["member"], "vote-days": 5, "waiting-days": 4,
           "tenure-days": 30, "sponsors": 1, "breaker": "as-it-is"})
}

fn with(name: &str, value: Json) -> Json {
    let mut way = plain();
    way[name] = value;
    way
}

fn all(parameter: Json) -> Decisions {
    let ways =
        json!({"parameter": parameter, "rule": plain(), "membership": plain(), "constitution": plain()});
    serde_json::from_value(ways).unwrap()
}

#[test]
fn what_could_never_be_decided_is_no_way() {
    assert_eq!(all(plain()).problems(), []);
    let chamber = |role: &str, method: Json| json!({"role": role, "rule": {"method": method}});
    let chambers = |list: Json| json!({"method": {"chambers": {"chambers": list}}});
    let table = [
        ("voters", json!([]), "nobody may vote"),
        ("vote-days", json!(0), "a day at least"),
        ("discussion-days", json!(3_661), "longer than ten years"),
        ("sponsors", json!(65), "more sponsors"),
        ("sunset", json!(true), "needs `review-days`"),
        ("veto", json!({"roles": [], "days": 3, "overridden": "rule"}), "belongs to a role"),
        ("veto", json!({"roles": ["guardian"], "days": 91, "overridden": "rule"}), "from 1 to 90 days"),
        ("rule", chambers(json!([])), "one chamber at least"),
        ("rule", chambers(json!([chamber("elder", json!("majority"))])), "not among `voters`"),
        (
            "rule",
            chambers(json!([chamber("member", json!({"chambers": {"chambers": []}}))])),
            "none within another",
        ),
        (
            "rule",
            chambers(json!([chamber("member", json!({"counted": {"by": "ours"}}))])),
            "none within another",
        ),
        ("breaker", json!({"count": chambers(json!([]))}), "not broken by chambers"),
        ("breaker", json!({"count": {"method": {"counted": {"by": "ours"}}}}), "nor by a calculation"),
    ];
    for (name, value, says) in table {
        let problems = all(with(name, value.clone())).problems();
        assert!(problems.iter().any(|problem| problem.says.contains(says)), "{name} {value}: {problems:?}");
    }
}

#[test]
fn whoever_came_too_late_may_not_vote() {
    let way: Decision = serde_json::from_value(plain()).unwrap();
    let now = Instant(100 * Instant::DAY_US);
    let since = |days: i64| Some(now.plus_us(-days * Instant::DAY_US));
    let member = ["member".to_owned()];
    assert!(way.may_vote(&member, since(30), now), "thirty days are enough");
    assert!(!way.may_vote(&member, since(29), now), "twenty-nine are not");
    assert!(way.may_vote(&member, None, now), "whoever was always here");
    assert!(!way.may_vote(&["guest".to_owned()], since(99), now), "another role");
}

#[test]
fn what_makes_deciding_easier_waits_as_long_as_it_does_today() {
    let today = all(plain());
    let table = [
        ("waiting-days", json!(3), 4),
        ("vote-days", json!(1), 4),
        ("tenure-days", json!(0), 4),
        ("sponsors", json!(0), 4),
        ("voters", json!(["member", "guest"]), 4),
        ("rule", json!({"method": "consent"}), 4),
        ("waiting-days", json!(9), 0),
        ("sealed", json!(true), 0),
    ];
    for (name, value, waits) in table {
        let then = all(with(name, value.clone()));
        assert_eq!(today.longest_wait_shortened(&then), waits, "{name} {value}");
    }
}
