//! Why not: the policies that refuse or do not reach, each with the parts that settled it.

mod instead;

use cedar_policy::{
    EvalResult, Expression, Policy, PolicyId, PrincipalConstraint, ResourceConstraint, eval_expression, pst,
};
use ledger::View;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use std::sync::Arc;

use crate::compile::CompiledBook;
use crate::error::BookError;
use crate::gate::{Asked, Facts, Ruling};
use crate::limits::REASONS_MAX;
use crate::mapping::Ask;
use crate::scene::Scene;
use instead::Words;

/// One policy's part in a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The policy's `@id`.
    pub policy: String,
    /// `forbid` (it refuses) or `permit` (it would allow, but does not reach).
    pub effect: String,
    /// The conditions that settled it, as written: true ones of a forbid, false ones of a permit.
    pub because: Vec<String>,
    /// What would have to be different, in words: any one of these where it forbids, all where it permits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instead: Vec<String>,
}

/// The reasons of a refusal: the forbids that apply; without any, the permits that nearly did.
pub fn explain(
    book: &CompiledBook,
    view: &View,
    scene: Scene,
    (ask, facts): (&Ask, &Facts),
    ruling: &Ruling,
) -> Result<Vec<Reason>, BookError> {
    let asked = book.pose(view, scene, ask, facts)?;
    let words = Words { asked: &asked, units: &book.book.units, semantics: book.book.semantics };
    if !ruling.policies.is_empty() {
        let forbids = ruling.policies.iter().filter_map(|id| book.policies.policy(&PolicyId::new(id)));
        let reason = |policy| reason(words, policy, "forbid", true);
        return Ok(forbids.take(REASONS_MAX).map(reason).collect());
    }
    let mut permits: Vec<&Policy> = book.slice(&asked.shape).whole.policies().collect();
    permits.retain(|policy| policy.effect() == cedar_policy::Effect::Permit);
    permits.sort_by_key(|policy| policy.id().to_string());
    let mut reasons: Vec<Reason> =
        permits.iter().map(|policy| reason(words, policy, "permit", false)).collect();
    // The nearer a permit came, the more it helps to hear what was missing.
    reasons.sort_by_key(|reason| (reason.because.len(), reason.policy.clone()));
    reasons.truncate(REASONS_MAX);
    Ok(reasons)
}

fn reason(words: Words<'_>, policy: &Policy, effect: &str, wanted: bool) -> Reason {
    let asked = words.asked;
    let (mut because, mut instead, mut there) = (Vec::new(), Vec::new(), Vec::new());
    for test in scope(policy) {
        // A rule that forbids something reaches whoever it is about; to be somebody else is no advice.
        if holds(asked, &test) == Some(wanted) && !wanted {
            let role = test.strip_prefix("principal in Role::\"").and_then(|role| role.strip_suffix('"'));
            instead.extend(role.map(instead::role));
            because.push(test);
        }
    }
    for (test, (expr, is)) in conjuncts(policy) {
        // What cannot be evaluated settled it too: an error is never a yes.
        if holds(asked, &test).is_none_or(|truth| truth == wanted) {
            // Whether something is there at all is spoken of only where nothing more is to say about it.
            let said = instead::of(words, &expr, is != wanted);
            let of_being_there = matches!(expr.as_ref(), pst::Expr::HasAttr { .. });
            if of_being_there {
                there.extend(said)
            } else {
                instead.extend(said)
            }
            because.push(test);
        }
    }
    if instead.is_empty() {
        instead = there;
    }
    // Entries of the first two generations say nothing of it.
    if words.semantics < 3 {
        instead.clear();
    }
    Reason { policy: policy.id().to_string(), effect: effect.to_owned(), because, instead }
}

fn holds(asked: &Asked, test: &str) -> Option<bool> {
    let expression = Expression::from_str(test).ok()?;
    match eval_expression(&asked.request, &asked.entities, &expression) {
        Ok(EvalResult::Bool(truth)) => Some(truth),
        _ => None,
    }
}

fn scope(policy: &Policy) -> Vec<String> {
    let principal = match policy.principal_constraint() {
        PrincipalConstraint::Any => None,
        PrincipalConstraint::In(uid) => Some(format!("principal in {uid}")),
        PrincipalConstraint::Eq(uid) => Some(format!("principal == {uid}")),
        PrincipalConstraint::Is(kind) => Some(format!("principal is {kind}")),
        PrincipalConstraint::IsIn(kind, uid) => Some(format!("principal is {kind} in {uid}")),
    };
    let resource = match policy.resource_constraint() {
        ResourceConstraint::Any => None,
        ResourceConstraint::In(uid) => Some(format!("resource in {uid}")),
        ResourceConstraint::Eq(uid) => Some(format!("resource == {uid}")),
        ResourceConstraint::Is(kind) => Some(format!("resource is {kind}")),
        ResourceConstraint::IsIn(kind, uid) => Some(format!("resource is {kind} in {uid}")),
    };
    principal.into_iter().chain(resource).collect()
}

/// The conditions of a policy, each as text, and as what has to be true or false for it to hold.
fn conjuncts(policy: &Policy) -> Vec<(String, (Arc<pst::Expr>, bool))> {
    let Ok(policy) = policy.to_pst() else { return Vec::new() };
    let mut tests = Vec::new();
    for clause in policy.body().clauses() {
        match clause {
            pst::Clause::When(expr) => parts(expr, &mut tests),
            pst::Clause::Unless(expr) => tests.push((format!("!({expr})"), (expr.clone(), false))),
        }
    }
    tests
}

fn parts(expr: &Arc<pst::Expr>, tests: &mut Vec<(String, (Arc<pst::Expr>, bool))>) {
    match expr.as_ref() {
        pst::Expr::BinaryOp { op: pst::BinaryOp::And, left, right } => {
            parts(left, tests);
            parts(right, tests);
        }
        other => tests.push((other.to_string(), (expr.clone(), true))),
    }
}

impl CompiledBook {
    /// A rule's effect, and whether it could be about somebody with these roles: what it says of who, and no more.
    pub fn reaches(&self, policy: &str, agent: valueflows::Id, roles: &[String]) -> (&'static str, bool) {
        let Some(policy) = self.policies.policy(&PolicyId::new(policy)) else { return ("forbid", false) };
        let effect = match policy.effect() {
            cedar_policy::Effect::Permit => "permit",
            cedar_policy::Effect::Forbid => "forbid",
        };
        let is = |uid: &cedar_policy::EntityUid| {
            let id = uid.id().unescaped();
            match uid.type_name().to_string().as_str() {
                "Role" => roles.iter().any(|role| role == id),
                "Agent" => id == agent.to_string(),
                _ => false,
            }
        };
        let mine = match policy.principal_constraint() {
            PrincipalConstraint::Any => true,
            PrincipalConstraint::In(uid) | PrincipalConstraint::Eq(uid) => is(&uid),
            PrincipalConstraint::Is(kind) => kind.to_string() == "Agent",
            PrincipalConstraint::IsIn(kind, uid) => kind.to_string() == "Agent" && is(&uid),
        };
        (effect, mine)
    }
}
