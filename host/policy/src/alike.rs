//! Whether a policy looks at the record that is asked about, beyond what kind of record it is. Where none does, all
//! records of a kind are seen alike, and one question answers for all of them.
//!
//! It is read off the policy's JSON form. What cannot be read off counts as looked at, so a wrong guess costs time and
//! never an answer.

use cedar_policy::{EntityTypeName, Policy, PolicySet, ResourceConstraint};
use serde_json::Value as Json;

/// What is known of an expression without evaluating it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Known {
    /// Its value, if it is always the same for a kind of record.
    always: Option<bool>,
    /// Whether evaluating it may look at the record.
    looks: bool,
}

const LOOKS: Known = Known { always: None, looks: true };

/// Whether one of these policies looks at the record, where it is asked about one of a type.
pub(crate) fn looks_at_resource(policies: &PolicySet, kind: &EntityTypeName) -> bool {
    policies.policies().any(|policy| looks(policy, kind))
}

fn looks(policy: &Policy, kind: &EntityTypeName) -> bool {
    let by_scope = match policy.resource_constraint() {
        ResourceConstraint::Any | ResourceConstraint::Is(_) => false,
        ResourceConstraint::Eq(_) | ResourceConstraint::In(_) | ResourceConstraint::IsIn(..) => true,
    };
    let Ok(json) = policy.to_json() else { return true };
    let conditions = json.get("conditions").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    by_scope || any_looks(conditions, &kind.to_string())
}

/// Conditions are evaluated in their order, up to one that does not hold.
fn any_looks(conditions: &[Json], kind: &str) -> bool {
    for condition in conditions {
        let Some(body) = condition.get("body") else { return true };
        let known = look(body, kind);
        if known.looks {
            return true;
        }
        let holds = condition.get("kind").and_then(Json::as_str) == Some("when");
        if known.always.is_some_and(|always| always != holds) {
            return false;
        }
    }
    false
}

fn look(expr: &Json, kind: &str) -> Known {
    let Some((operator, operand)) = expr.as_object().and_then(|map| map.iter().next()) else { return LOOKS };
    let of = |name: &str| operand.get(name).map_or(LOOKS, |part| look(part, kind));
    match operator.as_str() {
        "Var" if operand == "resource" => LOOKS,
        "Var" => Known { always: None, looks: false },
        "Value" => Known { always: operand.as_bool(), looks: false },
        "&&" => both(of("left"), of("right"), false),
        "||" => both(of("left"), of("right"), true),
        "!" => {
            let arg = of("arg");
            Known { always: arg.always.map(|always| !always), ..arg }
        }
        "is" if operand.get("in").is_none() && is_resource(operand.get("left")) => {
            let named = operand.get("entity_type").and_then(Json::as_str);
            Known { always: named.map(|named| named == kind), looks: named.is_none() }
        }
        "if-then-else" => match (of("if"), of("then"), of("else")) {
            (Known { looks: true, .. }, ..) => LOOKS,
            (Known { always: Some(true), .. }, then, _) => then,
            (Known { always: Some(false), .. }, _, otherwise) => otherwise,
            (_, then, otherwise) => Known { always: None, looks: then.looks || otherwise.looks },
        },
        _ => Known { always: None, looks: mentions_resource(expr) },
    }
}

/// Of `&&` and `||`: the right side is evaluated where the left one is not already what settles it.
fn both(left: Known, right: Known, settles: bool) -> Known {
    if left.looks || left.always == Some(settles) {
        return left;
    }
    let always = match left.always {
        Some(_) => right.always,
        None => right.always.filter(|always| *always == settles),
    };
    Known { always, looks: right.looks }
}

fn is_resource(expr: Option<&Json>) -> bool {
    expr.and_then(|expr| expr.get("Var")).is_some_and(|var| var == "resource")
}

/// Whether an expression may come upon the record: it stands in it, or something is looked at that is only at hand where
/// it is the record that is asked about, such as whoever a delegation names (`context.delegation.delegate.organization`).
fn mentions_resource(json: &Json) -> bool {
    let far = [".", "has", "in", "is"].iter().filter_map(|operator| json.get(operator)?.get("left"));
    match json {
        _ if far.into_iter().any(|left| steps(left) > 1) => true,
        Json::Object(map) => is_resource(Some(json)) || map.values().any(mentions_resource),
        Json::Array(list) => list.iter().any(mentions_resource),
        _ => false,
    }
}

/// How many attributes one after the other.
fn steps(expr: &Json) -> usize {
    expr.get(".").and_then(|access| access.get("left")).map_or(0, |left| 1 + steps(left))
}
