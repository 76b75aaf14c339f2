//! What a plugin said, in names instead of row numbers.

use sandbox::{Manifest, Verdicts, actions, types};
use serde_json::{Map, Value as Json, json};

use super::names::Names;

/// Every verdict.
pub(super) fn verdicts(manifest: &Manifest, names: &Names, verdicts: Verdicts) -> Vec<Json> {
    match verdicts {
        Verdicts::Gate(verdicts) => verdicts.iter().map(|verdict| gate(manifest, names, verdict)).collect(),
        Verdicts::Quote(verdicts) => verdicts.iter().map(|verdict| quote(names, verdict)).collect(),
        Verdicts::Duty(verdicts) => verdicts.iter().map(|verdict| duty(names, verdict)).collect(),
        Verdicts::Match(verdicts) => verdicts.iter().map(|verdict| matched(names, verdict)).collect(),
        Verdicts::Count(verdicts) => verdicts.iter().map(|verdict| counted(names, verdict)).collect(),
    }
}

fn instant(us: i64) -> Json {
    match jiff::Timestamp::from_microsecond(us) {
        Ok(at) => json!(at.to_string()),
        Err(_) => json!(format!("{us} µs, which is no instant")),
    }
}

fn value(names: &Names, value: &types::Value) -> Json {
    match value {
        types::Value::Absent => json!({"absent": true}),
        types::Value::YesNo(flag) => json!(flag),
        types::Value::Number(n) => json!(n),
        types::Value::Text(text) => json!(text),
        types::Value::Amount(quantity) => json!(names.written(*quantity)),
        types::Value::Instant(at) => instant(*at),
        types::Value::Agent(row) => json!(names.name("agents", *row)),
        types::Value::Agents(rows) => rows.iter().map(|row| json!(names.name("agents", *row))).collect(),
        types::Value::Stock(row) => json!(names.name("stocks", *row)),
        types::Value::Spec(row) => json!(names.name("specs", *row)),
        types::Value::Unit(row) => {
            let unit = names.units.get(*row as usize).map(|(label, _)| label.clone());
            json!(unit.unwrap_or_else(|| format!("row {row} of no units")))
        }
    }
}

/// A reason under a name, with its parameters where it has some.
fn because(names: &Names, under: &str, reason: &types::Reason) -> Map<String, Json> {
    let mut map = Map::new();
    map.insert(under.to_owned(), json!(reason.code));
    if !reason.params.is_empty() {
        map.insert("with".to_owned(), reason.params.iter().map(|param| value(names, param)).collect());
    }
    map
}

fn facts(manifest: &Manifest, names: &Names, values: &[types::Value]) -> Json {
    let declared = manifest.facts.iter().flat_map(|group| &group.facts).map(|fact| fact.name.clone());
    let beyond = (0..).map(|n| format!("fact {n} that is not declared"));
    declared.chain(beyond).zip(values).map(|(name, one)| (name, value(names, one))).collect()
}

fn gate(manifest: &Manifest, names: &Names, verdict: &types::GateVerdict) -> Json {
    match verdict {
        types::GateVerdict::Facts(values) => json!({"facts": facts(manifest, names, values)}),
        types::GateVerdict::Refused(refusal) => {
            let mut map = because(names, "refused", &refusal.because);
            map.insert("facts".to_owned(), facts(manifest, names, &refusal.facts));
            Json::Object(map)
        }
        types::GateVerdict::Unable(reason) => Json::Object(because(names, "unable", reason)),
    }
}

fn quote(names: &Names, verdict: &types::QuoteVerdict) -> Json {
    let line = |line: &types::Line| {
        let kind = match line.kind {
            types::LineKind::Fee => "fee",
            types::LineKind::Deposit => "deposit",
            types::LineKind::Rate => "rate",
        };
        let mut map = json!({"code": line.code, "kind": kind, "quantity": names.written(line.quantity)});
        if let (Some(payee), Json::Object(map)) = (line.payee, &mut map) {
            map.insert("payee".to_owned(), json!(names.name("agents", payee)));
        }
        map
    };
    match verdict {
        types::QuoteVerdict::Quoted(lines) => json!({"quoted": lines.iter().map(line).collect::<Vec<_>>()}),
        types::QuoteVerdict::Refused(reason) => Json::Object(because(names, "refused", reason)),
        types::QuoteVerdict::Unable(reason) => Json::Object(because(names, "unable", reason)),
    }
}

fn promise(names: &Names, promise: &types::Promise) -> Json {
    let mut map = Map::new();
    let mut put = |name: &str, value: Option<Json>| {
        if let Some(value) = value {
            map.insert(name.to_owned(), value);
        }
    };
    put("action", Some(json!(actions::action_back(promise.action).as_str())));
    put("provider", Some(json!(names.name("agents", promise.provider))));
    put("receiver", Some(json!(names.name("agents", promise.receiver))));
    put("stock", promise.stock.map(|row| json!(names.name("stocks", row))));
    put("spec", promise.spec.map(|row| json!(names.name("specs", row))));
    put("quantity", promise.quantity.map(|amount| json!(names.written(amount))));
    put("effort", promise.effort.map(|amount| json!(names.written(amount))));
    put("classes", (!promise.classes.is_empty()).then(|| json!(promise.classes)));
    put("agreement", promise.agreement.map(|row| json!(names.name("agreements", row))));
    put("due", promise.due.map(instant));
    Json::Object(map)
}

fn duty(names: &Names, verdict: &types::DutyVerdict) -> Json {
    let one = |duty: &types::Duty| match duty {
        types::Duty::Commit(commit) => json!({"commit": promise(names, commit)}),
        types::Duty::Again(at) => json!({"again": instant(*at)}),
    };
    match verdict {
        types::DutyVerdict::Duties(duties) => json!({"duties": duties.iter().map(one).collect::<Vec<_>>()}),
        types::DutyVerdict::Unable(reason) => Json::Object(because(names, "unable", reason)),
    }
}

fn matched(names: &Names, verdict: &types::MatchVerdict) -> Json {
    let intent = |row: u32| names.name("intents", row);
    match verdict {
        types::MatchVerdict::Ranking(ranking) => {
            let order: Vec<String> = ranking.iter().map(|ranked| intent(ranked.candidate)).collect();
            let why = |ranked: &types::Ranked| {
                (intent(ranked.candidate), Json::Object(because(names, "code", &ranked.because)))
            };
            json!({"ranking": order, "because": ranking.iter().map(why).collect::<Map<_, _>>()})
        }
        types::MatchVerdict::Why(reason) => Json::Object(because(names, "why", reason)),
        types::MatchVerdict::Allocated(allocation) => {
            let grant = |grant: &types::Grant| {
                json!({"offer": intent(grant.offer), "need": intent(grant.need),
                       "quantity": names.written(grant.quantity), "because": grant.because.code})
            };
            let left = |left: &types::Left| (intent(left.need), json!(left.because.code));
            json!({
                "grants": allocation.grants.iter().map(grant).collect::<Vec<_>>(),
                "left": allocation.left.iter().map(left).collect::<Map<_, _>>(),
            })
        }
        types::MatchVerdict::Unable(reason) => Json::Object(because(names, "unable", reason)),
    }
}

fn counted(names: &Names, verdict: &types::CountVerdict) -> Json {
    let counted = match verdict {
        types::CountVerdict::Counted(counted) => counted,
        types::CountVerdict::Unable(reason) => return Json::Object(because(names, "unable", reason)),
    };
    let mut map = match &counted.outcome {
        types::Outcome::Accepted(choice) => json!({"outcome": "accepted", "choice": choice}),
        types::Outcome::Rejected => json!({"outcome": "rejected"}),
        types::Outcome::NoQuorum => json!({"outcome": "no-quorum"}),
        types::Outcome::Tied(choices) => json!({"outcome": "tied", "choices": choices}),
    };
    if let Json::Object(map) = &mut map {
        let because = counted.because.iter().map(|reason| Json::Object(because(names, "code", reason)));
        map.insert("numbers".to_owned(), json!(counted.numbers));
        map.insert("because".to_owned(), because.collect());
    }
    map
}
