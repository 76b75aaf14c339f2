//! Until it is voted on: writing a change down, anew, wanting it discussed, taking it back.

use ledger::{Circumstances, Missing, Outcome, Stop, View};
use serde_json::Value as Json;
use valueflows::{Class, Fields, Id, Prop, Record, Value};

use super::{Examined, InForce, Status, decisions, is_recovery, moved, over, refuse, standing, way};
use crate::act::GoverningAct;
use crate::decisions::Risk;
use crate::limits::{SPONSORS_MAX, VERSIONS_MAX};
use crate::membership;

pub(super) fn draft(
    (title, note): (&str, &str),
    book: Option<&Json>,
    effects: &[Json],
    with: &mut Circumstances,
    rules: &InForce<'_>,
) -> Result<Outcome, Stop> {
    crate::decide::check_name(title)?;
    let mut outcome = Outcome::default();
    let mut fields = Fields::new()
        .with(Prop::Name, Value::Text(title.to_owned()))
        .with(Prop::Author, Value::Ref(with.agent))
        .with(Prop::Base, Value::Text(rules.digest.to_owned()))
        .with(Prop::Created, Value::Instant(with.now));
    if !note.is_empty() {
        fields.set(Prop::Note, Value::Text(note.to_owned()));
    }
    let mut risk = None;
    if let Some(book) = book {
        let (candidate, examined) = written_down(book, with, rules)?;
        describe(&mut fields, &candidate, examined);
        risk = examined.risk;
        outcome.records.push(candidate);
    }
    if !effects.is_empty() {
        risk = risk.max(Some(Risk::Membership));
        if check_effects(effects)? {
            fields.set(Prop::Holds, Value::Ref(with.network));
        }
        fields.set(Prop::Effects, Value::document(Json::Array(effects.to_vec())));
    }
    let Some(risk) = risk else {
        return Err(refuse(
            "no-change",
            "this changes nothing: the rules in force say the same",
            "Change something, and send it again.",
        ));
    };
    fields.set(Prop::Risk, Value::Text(risk.code().to_owned()));
    let needs_others = decisions(rules)?.of(risk).sponsors > 0;
    let status = if needs_others { Status::Draft } else { Status::Sponsored };
    fields.set(Prop::Status, Value::Text(status.code().to_owned()));
    if !needs_others {
        fields.set(Prop::HasBeginning, Value::Instant(with.now));
    }
    outcome.records.push(Record::new(with.next_id(), Class::Amendment, fields));
    Ok(outcome)
}

/// A rule book as a record, and what came of looking at it.
pub(super) fn written_down<'a>(
    book: &Json,
    with: &mut Circumstances,
    rules: &InForce<'a>,
) -> Result<(Record, &'a Examined), Stop> {
    let unread = || {
        refuse("unreadable-rules", "these rules cannot be read", "Check them with `reflow ruleset check`.")
    };
    let examined = rules.examined.ok_or_else(unread)?;
    let name = book.get("name").and_then(Json::as_str).ok_or_else(unread)?;
    if book.to_string().len() > valueflows::limits::DOCUMENT_BYTES_MAX {
        return Err(refuse(
            "unreadable-rules",
            "these rules are longer than anybody could read: more than a megabyte",
            "Leave out what can be left out.",
        ));
    }
    let fields = Fields::new()
        .with(Prop::Name, Value::Text(name.to_owned()))
        .with(Prop::Digest, Value::Text(examined.digest.clone()))
        .with(Prop::Book, Value::document(book.clone()))
        .with(Prop::Created, Value::Instant(with.now));
    Ok((Record::new(with.next_id(), Class::RuleBook, fields), examined))
}

fn describe(fields: &mut Fields, candidate: &Record, examined: &Examined) {
    let mut versions = fields.ids(Prop::Versions).to_vec();
    versions.push(candidate.id);
    fields.set(Prop::Candidate, Value::Ref(candidate.id));
    fields.set(Prop::Versions, Value::Refs(versions));
    fields.set(Prop::Report, Value::document(examined.report.clone()));
}

/// Whether acts that an amendment would carry out can be that; answers whether one of them takes a membership
/// away.
fn check_effects(effects: &[Json]) -> Result<bool, Stop> {
    let mut takes_away = false;
    for effect in effects {
        let act = GoverningAct::of_json(effect).map_err(|bad| Stop::Refused(bad.into()))?;
        if !act.may_follow() {
            return Err(refuse(
                "not-an-effect",
                format!("`{}` is nothing that a vote carries out", act.name()),
                "Leave it out; a vote can give roles, take them, suspend, and end memberships.",
            ));
        }
        takes_away |= act.takes_away();
    }
    Ok(takes_away)
}

pub(super) fn redraft(
    view: &View,
    id: Id,
    note: &str,
    book: &Json,
    with: &mut Circumstances,
    rules: &InForce<'_>,
) -> Result<Outcome, Stop> {
    let at = [Status::Draft, Status::Sponsored, Status::Superseded];
    let (mut amendment, status) = standing(view, id, &at)?;
    if amendment.fields.ids(Prop::Versions).len() >= VERSIONS_MAX {
        return Err(refuse(
            "too-many-versions",
            format!("this rule change has been written anew {VERSIONS_MAX} times"),
            "Take it back, and begin a new one.",
        ));
    }
    let (candidate, examined) = written_down(book, with, rules)?;
    let own = amendment.fields.document(Prop::Effects).map(|_| Risk::Membership);
    let Some(risk) = examined.risk.max(own) else {
        return Err(refuse("no-change", "this changes nothing", "Change something, and send it again."));
    };
    describe(&mut amendment.fields, &candidate, examined);
    amendment.fields.set(Prop::Base, Value::Text(rules.digest.to_owned()));
    amendment.fields.set(Prop::Risk, Value::Text(risk.code().to_owned()));
    if !note.is_empty() {
        amendment.fields.set(Prop::Note, Value::Text(note.to_owned()));
    }
    // Whoever wanted the last version discussed has not seen this one; it needs the time again that it takes.
    let wanted = amendment.fields.ids(Prop::Sponsors).len() as u64;
    let enough = wanted >= u64::from(decisions(rules)?.of(risk).sponsors);
    let status = if enough { Status::Sponsored } else { Status::Draft }.min_of(status);
    match status {
        Status::Draft => drop(amendment.fields.remove(Prop::HasBeginning)),
        _ => amendment.fields.set(Prop::HasBeginning, Value::Instant(with.now)),
    }
    Ok(Outcome { records: vec![candidate, moved(amendment, status)], ..Outcome::default() })
}

impl Status {
    /// Where a change stands that was written anew: not further than it was.
    fn min_of(self, was: Status) -> Status {
        if was == Status::Draft { Status::Draft } else { self }
    }
}

pub(super) fn sponsor(
    view: &View,
    id: Id,
    with: &Circumstances,
    rules: &InForce<'_>,
) -> Result<Outcome, Stop> {
    let (mut amendment, status) = standing(view, id, &[Status::Draft, Status::Sponsored])?;
    let mut sponsors = amendment.fields.ids(Prop::Sponsors).to_vec();
    if amendment.fields.id(Prop::Author) == Some(with.agent) {
        return Err(refuse(
            "own-amendment",
            "whoever wrote a change down cannot be the other who wants it discussed",
            "Ask somebody else.",
        ));
    }
    if sponsors.contains(&with.agent) || sponsors.len() >= SPONSORS_MAX as usize {
        return Err(refuse(
            "already-sponsored",
            "that is written down already",
            "Wait for others, or for the vote.",
        ));
    }
    sponsors.push(with.agent);
    let enough = sponsors.len() as u64 >= u64::from(way(&amendment, rules)?.sponsors);
    amendment.fields.set(Prop::Sponsors, Value::Refs(sponsors));
    let begins = enough && status == Status::Draft;
    if begins {
        amendment.fields.set(Prop::HasBeginning, Value::Instant(with.now));
    }
    let status = if begins { Status::Sponsored } else { status };
    Ok(Outcome { records: vec![moved(amendment, status)], ..Outcome::default() })
}

/// Its author takes it back; and any member says no to rules that whoever runs the node brought.
pub(super) fn withdraw(view: &View, id: Id, with: &Circumstances) -> Result<Outcome, Stop> {
    let at = [Status::Draft, Status::Sponsored, Status::Voting, Status::Superseded, Status::Waiting];
    let (amendment, status) = standing(view, id, &at)?;
    if status == Status::Waiting && !is_recovery(&amendment) {
        return Err(refuse(
            "decided",
            "this has been decided, and is not taken back",
            "Write down another change.",
        ));
    }
    if status == Status::Voting && in_company(view, &amendment)? {
        return Err(refuse(
            "voted-together",
            "this is voted on together with others, and cannot be taken out of the vote",
            "Vote for another of them, or for things as they are.",
        ));
    }
    if is_recovery(&amendment) && membership::of(view, with.agent)?.is_none() {
        return Err(refuse("no-member", "only members say no to this", "Ask a member."));
    }
    Ok(Outcome { settled: vec![id], records: vec![over(amendment, Status::Withdrawn)], ..Outcome::default() })
}

/// Whether it is voted on together with others.
fn in_company(view: &View, amendment: &Record) -> Result<bool, Missing> {
    let Some(poll) = amendment.fields.id(Prop::Poll) else { return Ok(false) };
    Ok(view.record(poll)?.is_some_and(|poll| poll.fields.ids(Prop::Options).len() > 1))
}
