//! The gate: what a rule book would be, seen from the one in force. A function of both and of who belongs.
//!
//! It says what differs and how much is at stake, which calculations which rules trust, what can never apply,
//! and everything for which the book must not come into force: above all that nobody could change it any more.
//! Every plugin counts as failing here: acts of governing call none.

use std::collections::BTreeSet;
use std::sync::Arc;

use cedar_policy::{Effect, PolicyId, PrincipalConstraint, ResourceConstraint};
use governance::{CaseRules, Examined, Joining, Risk};
use serde_json::{Value as Json, json};
use valueflows::{Id, OwnAction, Record, said};

use crate::book::{PolicyText, RuleBook};
use crate::compile::{CompiledBook, compile_once};
use crate::diff;
use crate::error::BookError;
use crate::gate::SEMANTICS;
use crate::lockout;
use crate::place::Place;
use crate::scene::Scene;
use crate::schema;
use crate::trust::Trust;

/// From where a book is looked at.
pub struct Standpoint<'a> {
    /// The book in force.
    pub current: &'a CompiledBook,
    /// The forbids that every network of this program carries.
    pub carried: &'a [PolicyText],
    /// The memberships that stand.
    pub members: &'a [Arc<Record>],
    /// Whoever wrote the change down.
    pub author: Id,
    /// Where and when.
    pub scene: Scene,
    /// Whether it was taken in before, perhaps by an earlier program: then it may be of that program's generation,
    /// as the books are by which many networks live.
    pub accepted: bool,
}

/// Looks at a book as it stands in an act; an error where it cannot be read as a book at all.
pub fn examine(from: &Standpoint<'_>, book: &Json, digest: String) -> Result<Examined, BookError> {
    let book = RuleBook::from_json(book)?;
    let mut problems = Vec::new();
    if book.semantics > SEMANTICS || (book.semantics < SEMANTICS && !from.accepted) {
        problems.push(said!(
            "generation",
            "these rules were written for another generation of the program ({} instead of {})",
            book.semantics,
            SEMANTICS
        ));
    }
    // The schema follows from the plugins; whoever could write one could make rules mean anything.
    if !from.accepted && book.schema != schema::generate(&book.bindings, &book.actions) {
        return Err(BookError::Shape("its schema is not the one that its plugins lead to".to_owned()));
    }
    let candidate = compile_once(&book, &digest)?;
    for carried in from.carried {
        if !from.accepted && !book.policies.contains(carried) {
            problems.push(said!(
                "not-carried",
                "\"{}\" is missing: every network here carries it",
                carried.id
            ));
        }
    }
    for kept in &from.current.book.actions {
        let now = book.actions.iter().find(|one| one.label == kept.label).map(OwnAction::row);
        if now != Some(kept.row()) {
            problems.push(said!(
                "action-not-kept",
                "the action \"{}\" is gone or does something else: events name it, so it stays as it is",
                kept.label
            ));
        }
    }
    match &book.decisions {
        None => problems.push(said!("no-decisions", "they do not say how they are changed")),
        Some(decisions) => {
            problems.extend(decisions.problems());
            problems.extend(lockout::problems(&candidate, decisions, from)?);
        }
    }
    problems.extend(book.cases.iter().flat_map(CaseRules::problems));
    problems.extend(book.joining.iter().flat_map(Joining::problems));
    problems.extend(book.place.iter().filter_map(Place::problem).map(|bad| bad.said()));
    problems.extend(book.trust.iter().filter_map(Trust::problem));
    let differences = diff::between(from.current, &candidate);
    let current = from.current.book.decisions.as_ref();
    let waits_days = match (current, &book.decisions) {
        (Some(old), Some(new)) => old.longest_wait_shortened(new),
        _ => 0,
    };
    let risk = diff::risk(&differences);
    // For other languages, in the same order; nothing where there is nothing.
    let wrong: Vec<Json> =
        problems.iter().map(|problem| json!({"what": problem.what, "with": problem.with})).collect();
    let problems: Vec<String> = problems.into_iter().map(|problem| problem.says).collect();
    let mut report = json!({
        "differences": differences,
        "risk": risk.map(Risk::code),
        "problems": problems,
        "waitsDays": waits_days,
        "trusts": trusts(&candidate),
        "unconditional": unconditional(&candidate),
    });
    if let (Json::Object(report), false) = (&mut report, wrong.is_empty()) {
        report.insert("wrong".to_owned(), wrong.into());
    }
    Ok(Examined { digest, risk, problems, waits_days, report })
}

/// Whether members could not change the rules in force any more, whoever they are.
pub fn is_stuck(from: &Standpoint<'_>) -> Result<bool, BookError> {
    match &from.current.book.decisions {
        None => Ok(true),
        Some(decisions) => Ok(!lockout::problems(from.current, decisions, from)?.is_empty()),
    }
}

/// Which rules read what which calculation says: they are only as good as it is.
fn trusts(book: &CompiledBook) -> Json {
    let mut found = Vec::new();
    for binding in &book.book.bindings {
        let Some(group) = &binding.facts else { continue };
        let named = format!("context.{}", group.context_name());
        let reads = |text: &str| {
            text.match_indices(&named).any(|(at, _)| {
                let after = text.get(at + named.len()..).and_then(|rest| rest.chars().next());
                !after.is_some_and(|next| next.is_alphanumeric() || next == '_')
            })
        };
        for policy in book.book.policies.iter().filter(|policy| reads(&policy.text)) {
            found.push(json!({"policy": policy.id, "plugin": binding.plugin}));
        }
    }
    Json::Array(found)
}

/// Permits that hold for everybody, about everything, whatever else is the case.
fn unconditional(book: &CompiledBook) -> BTreeSet<String> {
    let open = |policy: &&cedar_policy::Policy| {
        policy.effect() == Effect::Permit
            && policy.principal_constraint() == PrincipalConstraint::Any
            && policy.resource_constraint() == ResourceConstraint::Any
            && !policy.has_non_scope_constraint()
    };
    let all = book.book.policies.iter().filter_map(|policy| book.policies.policy(&PolicyId::new(&policy.id)));
    all.filter(open).map(|policy| policy.id().to_string()).collect()
}
