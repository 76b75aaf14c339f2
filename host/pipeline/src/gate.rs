//! Where acts of governing meet the rules that they bring: what a candidate would be, and what an accepted
//! amendment carries out.

use std::sync::{Arc, LazyLock};

use governance::amendment::{self, Status};
use governance::{AmendAct, AnyAct, Examined, GoverningAct, InForce};
use ledger::{Circumstances, Outcome, Stop, View};
use policy::{BookError, PolicyText, Scene, Standpoint};
use serde_json::Value as Json;
use valueflows::{Class, Id, Prop, Record};

use crate::charter::PROTECTED;
use crate::decision::Refused;
use crate::halt::Halt;
use crate::rules::Rules;

/// The forbids that every network of this program carries, one by one.
static CARRIED: LazyLock<Vec<PolicyText>> =
    LazyLock::new(|| policy::split("protected.cedar", PROTECTED, true).unwrap_or_default());

/// What an act would make of the rules, looked at; none where it makes nothing of them.
pub(crate) fn examined(
    view: &View,
    rules: &Rules,
    act: &AnyAct,
    (agent, scene): (Id, Scene),
) -> Result<Option<Examined>, Halt> {
    let AnyAct::Governing(GoverningAct::Amend(act)) = act else { return Ok(None) };
    match act {
        AmendAct::Draft { book: Some(book), .. } => look(view, rules, book, agent, scene),
        AmendAct::Redraft { amendment, book, .. } => {
            let author = view.record(*amendment)?.and_then(|record| record.fields.id(Prop::Author));
            look(view, rules, book, author.unwrap_or(agent), scene)
        }
        AmendAct::Freeze { amendment } | AmendAct::Lapse { record: amendment, .. } => {
            let Some(amendment) = view.record(*amendment)? else { return Ok(None) };
            // The clock looks at the rules again when they are about to come into force, and not before.
            let looks = matches!(act, AmendAct::Freeze { .. })
                || (amendment.class == Class::Amendment && Status::of(&amendment) == Some(Status::Waiting));
            if !looks {
                return Ok(None);
            }
            let Some(candidate) = amendment::candidate(view, &amendment)? else { return Ok(None) };
            let author = amendment.fields.id(Prop::Author).unwrap_or(agent);
            match candidate.fields.document(Prop::Book) {
                None => Ok(None),
                Some(book) => match look(view, rules, book, author, scene) {
                    // What was a book when it was written down and is none any more stops the amendment alone.
                    Err(Halt::Refused(_)) => Ok(None),
                    other => other,
                },
            }
        }
        _ => Ok(None),
    }
}

fn look(view: &View, rules: &Rules, book: &Json, author: Id, scene: Scene) -> Result<Option<Examined>, Halt> {
    let members: Vec<Arc<Record>> = view.all(Class::Membership)?;
    let broken = |error: journal::JournalError| Halt::Broken(error.to_string());
    let digest = journal::Digest::of(&[&journal::canonical::bytes(book).map_err(broken)?]);
    let from =
        Standpoint { current: &rules.compiled, carried: &CARRIED, members: &members, author, scene };
    match policy::examine(&from, book, digest.to_string()) {
        Ok(examined) => Ok(Some(examined)),
        Err(BookError::Engine(problem)) => Err(Halt::Broken(problem)),
        Err(error) => Err(Halt::Refused(Refused {
            by: "ledger",
            code: "unreadable-rules".to_owned(),
            sentence: error.to_string(),
            remedy: "Check the rules with `reflow ruleset check`, and send them again.".to_owned(),
            reasons: Vec::new(),
        })),
    }
}

/// What comes into force with an amendment carries out what it says, all of it or nothing: where one act cannot
/// be, the amendment has failed and the rules stay as they are.
pub(crate) fn with_effects(
    view: &mut View,
    act: &AnyAct,
    outcome: Outcome,
    with: &mut Circumstances,
    rules: &InForce<'_>,
) -> Result<Outcome, Halt> {
    let AnyAct::Governing(GoverningAct::Amend(AmendAct::Lapse { record, .. })) = act else {
        return Ok(outcome);
    };
    let effects = amendment::effects(&outcome);
    if effects.is_empty() {
        return Ok(outcome);
    }
    let made = with.made;
    view.open_layer();
    let carried_out = carry_out(view, effects, outcome, with, rules);
    view.drop_layer();
    match carried_out {
        Ok(outcome) => Ok(outcome),
        Err(Stop::Missing(missing)) => Err(Halt::Missing(missing)),
        Err(Stop::Refused(refusal)) => {
            with.made = made;
            match view.record(*record)? {
                Some(before) => Ok(amendment::fail(&before, &[refusal.to_string()])),
                None => Err(Halt::Broken("an amendment that is not there came into force".to_owned())),
            }
        }
    }
}

fn carry_out(
    view: &mut View,
    effects: Vec<GoverningAct>,
    outcome: Outcome,
    with: &mut Circumstances,
    rules: &InForce<'_>,
) -> Result<Outcome, Stop> {
    let mut whole = Outcome::default();
    let take = |view: &mut View, whole: &mut Outcome, outcome: Outcome| {
        outcome.records.iter().for_each(|record| view.put(record.clone()));
        whole.records.extend(outcome.records);
        whole.deadlines.extend(outcome.deadlines);
        whole.settled.extend(outcome.settled);
    };
    take(view, &mut whole, outcome);
    for effect in effects {
        let act = AnyAct::Governing(effect);
        view.require(&governance::first_keys(&act))?;
        let outcome = governance::decide(view, &act, with, rules)?;
        take(view, &mut whole, outcome);
    }
    Ok(whole)
}
