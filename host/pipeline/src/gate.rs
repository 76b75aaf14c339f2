//! Where acts of governing meet the rules that they bring: what a candidate would be, and what an accepted
//! amendment carries out.

use std::sync::{Arc, LazyLock};

use governance::amendment::{self, Status};
use governance::{AmendAct, AnyAct, Examined, ExceptionAct, GoverningAct, InForce, StopAct};
use ledger::{Act, Circumstances, Outcome, Stop, View};
use policy::{Ask, BookError, PolicyText, Principal, Scene, Standpoint};
use serde_json::{Value as Json, json};
use valueflows::{Class, Id, Prop, Record};

use crate::charter::PROTECTED;
use crate::decision::Refused;
use crate::halt::Halt;
use crate::rules::Rules;

/// The forbids that every network of this program carries, one by one.
pub(crate) static CARRIED: LazyLock<Vec<PolicyText>> =
    LazyLock::new(|| policy::split("protected.cedar", PROTECTED, true).unwrap_or_default());

/// What this program's gate is: what it looks at candidates with. Another program's may come to something else, so
/// a receipt names it, and what it came to.
pub(crate) static VERSION: LazyLock<String> = LazyLock::new(|| {
    let parts = [policy::schema::generate(&[], &[]), PROTECTED.to_owned(), policy::engine_version()];
    let digest = journal::Digest::of(&parts.each_ref().map(|part| part.as_bytes()));
    digest.to_string().chars().take(16).collect()
});

/// What an act would make of the rules; none where it makes nothing of them. What it came to is noted in the
/// ruling. `recorded` is what an entry that is judged again has noted: where another program's gate came to it, it
/// is taken by value, as what a plugin said would be.
pub(crate) fn examined(
    view: &View,
    rules: &Rules,
    act: &AnyAct,
    who: (Id, Scene),
    recorded: Option<&Json>,
    ruling: &mut Json,
) -> Result<Option<Examined>, Halt> {
    let elsewhere = recorded.filter(|recorded| !is_current(recorded));
    let outcome = match elsewhere {
        Some(recorded) => told(recorded),
        None => looked_at(view, rules, act, who),
    };
    let noted = match (&outcome, elsewhere) {
        (_, Some(recorded)) => Some(recorded.clone()),
        (Ok(None) | Err(Halt::Missing(_) | Halt::NoAnswer(_) | Halt::Broken(_)), None) => None,
        (Ok(Some(examined)), None) => Some(note(examined)),
        (Err(Halt::Refused(refused)), None) => {
            Some(json!({"version": *VERSION, "unreadable": refused.sentence}))
        }
    };
    if let (Some(noted), Json::Object(ruling)) = (noted, ruling) {
        ruling.insert("gate".to_owned(), noted);
    }
    outcome
}

/// Puts what the trial of a rule change found into the report that goes with it to the vote.
pub(crate) fn with_trial(
    examined: Option<Examined>,
    act: &AnyAct,
    trial: Option<Json>,
    ruling: &mut Json,
) -> Option<Examined> {
    let freezes = matches!(act, AnyAct::Governing(GoverningAct::Amend(AmendAct::Freeze { .. })));
    let (Some(mut examined), Some(trial), true) = (examined.clone(), trial, freezes) else {
        return examined;
    };
    if let (Json::Object(report), Json::Object(ruling)) = (&mut examined.report, ruling) {
        report.insert("trial".to_owned(), trial.clone());
        ruling.insert("trial".to_owned(), trial);
    }
    Some(examined)
}

/// Whether what an entry has noted was found by this program's gate.
pub(crate) fn is_current(recorded: &Json) -> bool {
    recorded.get("version").and_then(Json::as_str) == Some(&**VERSION)
}

fn note(examined: &Examined) -> Json {
    json!({
        "version": *VERSION, "digest": examined.digest, "risk": examined.risk, "problems": examined.problems,
        "waits": examined.waits_days, "report": examined.report,
    })
}

/// What another program's gate came to, as an entry has it.
fn told(recorded: &Json) -> Result<Option<Examined>, Halt> {
    if let Some(sentence) = recorded.get("unreadable").and_then(Json::as_str) {
        return Err(unreadable(sentence.to_owned()));
    }
    let part = |name: &str| recorded.get(name).cloned().unwrap_or_default();
    let broken = |error: serde_json::Error| Halt::Broken(error.to_string());
    Ok(Some(Examined {
        digest: part("digest").as_str().unwrap_or_default().to_owned(),
        risk: serde_json::from_value(part("risk")).map_err(broken)?,
        problems: serde_json::from_value(part("problems")).map_err(broken)?,
        waits_days: serde_json::from_value(part("waits")).map_err(broken)?,
        report: part("report"),
    }))
}

fn unreadable(sentence: String) -> Halt {
    Halt::Refused(Refused {
        by: "ledger",
        code: "unreadable-rules".to_owned(),
        sentence,
        remedy: "Check the rules with `reflow ruleset check`, and send them again.".to_owned(),
        reasons: Vec::new(),
    })
}

fn looked_at(
    view: &View,
    rules: &Rules,
    act: &AnyAct,
    (agent, scene): (Id, Scene),
) -> Result<Option<Examined>, Halt> {
    let AnyAct::Governing(GoverningAct::Amend(act)) = act else { return Ok(None) };
    match act {
        AmendAct::Draft { book: Some(book), .. } => look(view, rules, book, (agent, scene, false)),
        AmendAct::Recover { book, .. } => look(view, rules, book, (agent, scene, false)),
        AmendAct::Redraft { amendment, book, .. } => {
            let author = view.record(*amendment)?.and_then(|record| record.fields.id(Prop::Author));
            look(view, rules, book, (author.unwrap_or(agent), scene, false))
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
                Some(book) => match look(view, rules, book, (author, scene, true)) {
                    // What was a book when it was written down and is none any more stops the amendment alone.
                    Err(Halt::Refused(_)) => Ok(None),
                    other => other,
                },
            }
        }
        _ => Ok(None),
    }
}

/// Refuses to bring to a vote what would do something that the constitution forbids: a vote carries out what no rule is
/// asked about, but for what every other rule stands on.
pub(crate) fn check_effects(view: &View, rules: &Rules, act: &AnyAct, scene: Scene) -> Result<(), Halt> {
    let AnyAct::Governing(GoverningAct::Amend(AmendAct::Freeze { amendment })) = act else { return Ok(()) };
    let Some(amendment) = view.record(*amendment)? else { return Ok(()) };
    let effects = amendment.fields.document(Prop::Effects).and_then(Json::as_array);
    let author = amendment.fields.id(Prop::Author).unwrap_or_default();
    for effect in effects.into_iter().flatten().filter_map(|effect| GoverningAct::of_json(effect).ok()) {
        let effect = AnyAct::Governing(effect);
        let ask = match Ask::about(view, scene, Principal::Agent(author), &effect) {
            Ok(ask) => ask,
            Err(Stop::Missing(missing)) => return Err(Halt::Missing(missing)),
            // What cannot be done fails when it is to be done, and everybody reads why.
            Err(Stop::Refused(_)) => continue,
        };
        let ruling = rules.compiled.decide(view, scene, &ask, &[])?;
        let constitution = |id: &&String| {
            let policies = &rules.compiled.book.policies;
            policies.iter().any(|policy| policy.protected && policy.id == **id)
        };
        let Some(id) = ruling.policies.iter().find(constitution) else { continue };
        let title = rules.compiled.says(id, "title").unwrap_or(id);
        return Err(Halt::Refused(Refused {
            by: "ledger",
            code: "against-constitution".to_owned(),
            sentence: format!("the constitution is against what this would do: \"{title}\""),
            remedy: "Leave it out, or change the constitution first.".to_owned(),
            reasons: Vec::new(),
        }));
    }
    Ok(())
}

/// Whether members could not change their rules any more: asked only where somebody else would.
pub(crate) fn is_stuck(view: &View, rules: &Rules, act: &AnyAct, scene: Scene) -> Result<bool, Halt> {
    if !matches!(act, AnyAct::Governing(GoverningAct::Amend(AmendAct::Recover { .. }))) {
        return Ok(false);
    }
    let members: Vec<Arc<Record>> = view.all(Class::Membership)?;
    // The operator is no member; nobody is left out.
    Ok(policy::is_stuck(&from(rules, &members, (Id::default(), scene, true)))?)
}

/// From where a book is looked at: whoever wrote it down, where and when, and whether it was taken in before.
fn from<'a>(
    rules: &'a Rules,
    members: &'a [Arc<Record>],
    (author, scene, accepted): (Id, Scene, bool),
) -> Standpoint<'a> {
    Standpoint { current: &rules.compiled, carried: &CARRIED, members, author, scene, accepted }
}

/// What is found of a book that nobody has written down yet.
pub(crate) fn report(view: &View, rules: &Rules, book: &Json, who: (Id, Scene, bool)) -> Result<Json, Halt> {
    Ok(look(view, rules, book, who)?.map(|examined| examined.report).unwrap_or_default())
}

fn look(view: &View, rules: &Rules, book: &Json, who: (Id, Scene, bool)) -> Result<Option<Examined>, Halt> {
    let members: Vec<Arc<Record>> = view.all(Class::Membership)?;
    let broken = |error: journal::JournalError| Halt::Broken(error.to_string());
    let digest = journal::Digest::of(&[&journal::canonical::bytes(book).map_err(broken)?]);
    match policy::examine(&from(rules, &members, who), book, digest.to_string()) {
        Ok(examined) => Ok(Some(examined)),
        Err(BookError::Engine(problem)) => Err(Halt::Broken(problem)),
        Err(error) => Err(unreadable(error.to_string())),
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

/// Whether somebody says no to rules that whoever runs the node brought: any member may, whatever the rules say.
pub(crate) fn is_no_to_recovery(view: &View, act: &AnyAct) -> Result<bool, Halt> {
    match act {
        AnyAct::Governing(GoverningAct::Amend(AmendAct::Withdraw { amendment })) => {
            Ok(view.record(*amendment)?.is_some_and(|record| amendment::is_recovery(&record)))
        }
        _ => Ok(false),
    }
}

/// Refuses what books of an earlier generation refused, so that they come to the same when they are judged again.
pub(crate) fn check_generation(rules: &Rules, act: &AnyAct) -> Result<(), Halt> {
    let device = matches!(act, AnyAct::Economic(Act::Define { class: Class::Agent, .. }));
    match device && rules.compiled.book.semantics < 3 {
        true => Err(ledger::not_by_itself().into()),
        false => Ok(()),
    }
}

/// Refuses an action that nobody defines, before the rules are asked: they speak of the acts that there are.
pub(crate) fn check_actions(act: &AnyAct, with: &Circumstances) -> Result<(), Halt> {
    match act {
        AnyAct::Economic(act) => Ok(act.check_actions(&with.actions).map_err(Stop::from)?),
        AnyAct::Governing(_) => Ok(()),
    }
}

/// Refuses to move a clock that is everybody's.
pub(crate) fn check_clock(act: &AnyAct, scene: Scene) -> Result<(), Halt> {
    match act {
        AnyAct::Governing(GoverningAct::AdvanceClock { .. }) if !scene.sandbox => {
            Err(Halt::Refused(Refused {
                by: "ledger",
                code: "not-a-sandbox".to_owned(),
                sentence: "only the clock of a sandbox can be moved".to_owned(),
                remedy: "Try it in a sandbox network instead.".to_owned(),
                reasons: Vec::new(),
            }))
        }
        _ => Ok(()),
    }
}

/// Refuses to suspend what is not to be suspended, and to except from what nobody is excepted from: only ever more
/// becomes possible, and nothing protected; what changes rules and memberships is asked about every time.
pub(crate) fn check_lifted(rules: &Rules, act: &AnyAct) -> Result<(), Halt> {
    let refused = |code: &str, sentence: String, remedy: &str| {
        Err(Halt::Refused(Refused {
            by: "ledger",
            code: code.to_owned(),
            sentence,
            remedy: remedy.to_owned(),
            reasons: Vec::new(),
        }))
    };
    let liftable = |policy: &str| rules.compiled.may_be_suspended(policy);
    match act {
        AnyAct::Governing(GoverningAct::Stop(StopAct::SuspendRule { policy, .. })) if !liftable(policy) => {
            refused(
                "not-suspendable",
                format!("`{policy}` is no rule of this network that forbids something"),
                "Only such a rule is suspended; everything else takes a rule change.",
            )
        }
        AnyAct::Governing(GoverningAct::Except(ExceptionAct::Grant(grant))) => {
            let rule = grant.rule.as_deref().filter(|rule| !liftable(rule));
            match rule {
                Some(rule) => refused(
                    "not-excepted",
                    format!(
                        "nobody is excepted from `{rule}`: it is no rule of this network that forbids something, or it stands in the constitution"
                    ),
                    "See which rule refused it; what stands in the constitution takes a rule change.",
                ),
                None if !rules.compiled.is_bindable(&grant.act) => refused(
                    "not-excepted",
                    format!(
                        "nobody is excepted in `{}`: it is no act of the books, or it changes rules or memberships",
                        grant.act
                    ),
                    "Name an act such as `borrow` or `transferCustody`.",
                ),
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}
