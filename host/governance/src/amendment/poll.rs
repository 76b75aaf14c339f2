//! The vote: who may, what they say, and what it comes to.

use std::collections::{BTreeMap, HashSet};

use ledger::{Circumstances, Link, Outcome, Stop, View};
use serde_json::{Value as Json, json};
use valueflows::limits::DOCUMENT_BYTES_MAX;
use valueflows::{Class, Fields, Id, Instant, Prop, Record, Value};

use super::{InForce, Status, days, existing, moved, proxy, refuse, risk_of, rivals, standing};
use crate::decisions::{Breaker, Decision};
use crate::limits::VOTERS_MAX;
use crate::tally::{
    Ballot, Cast, Counted, Counting, Form, Method, Outcome as Came, Question, Rule, Tally, Voter, tally_with,
    with_proxies,
};

/// What is needed to count a vote again, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    /// The way of deciding.
    pub decision: Decision,
    /// Who might vote.
    pub voters: Vec<Voter>,
    /// What was said, proxies' ballots among it.
    pub casts: Vec<Cast>,
    /// The amendments that are voted on together; none where it is one alone.
    pub options: Vec<Id>,
}

/// Fixes what is asked and who may answer, and begins the vote: on this, and on what stands instead of it.
pub(super) fn freeze(
    view: &View,
    id: Id,
    with: &mut Circumstances,
    rules: &InForce<'_>,
) -> Result<Outcome, Stop> {
    let (mut named, _) = standing(view, id, &[Status::Sponsored])?;
    if named.fields.text(Prop::Base) != Some(rules.digest) {
        return Err(refuse(
            "superseded",
            "the rules have changed since this was written: it would undo what was decided meanwhile",
            "Write it anew on the rules as they are now.",
        ));
    }
    let discussed = |one: &Record, way: &Decision| {
        let begun = one.fields.instant(Prop::HasBeginning).unwrap_or(with.now);
        begun.plus_us(days(way.discussion_days))
    };
    // What is not ready by now is not in this vote.
    let ready = |one: &Record, way: &Decision| {
        Status::of(one) == Some(Status::Sponsored)
            && one.fields.text(Prop::Base) == Some(rules.digest)
            && discussed(one, way) <= with.now
            && problems(one) == 0
    };
    let (mut group, decision) = rivals::together(view, &named, rules, &ready)?;
    let until = discussed(&named, &decision);
    if until > with.now {
        let left = (until.0 - with.now.0).div_euclid(Instant::DAY_US) + 1;
        return Err(refuse(
            "still-discussed",
            format!("a change like this is discussed for {} days at least", decision.discussion_days),
            if left > 1 { "Wait until they are over." } else { "Wait until tomorrow." },
        ));
    }
    let mut waits = decision.waiting_days.max(examined(view, &mut named, rules)?);
    for one in &mut group {
        if one.id == named.id {
            one.clone_from(&named);
        }
        // The others were looked at when they were written down, and are again when they come into force.
        let report = one.fields.document(Prop::Report);
        let own = report.and_then(|report| report.get("waitsDays")).and_then(Json::as_u64);
        waits = waits.max(own.and_then(|days| u32::try_from(days).ok()).unwrap_or_default());
        one.fields.set(Prop::Frozen, Value::Instant(with.now));
        one.fields.remove(Prop::Holds);
    }
    open(view, group, &fixed(Decision { waiting_days: waits, ..decision }, rules), with)
}

/// A way of deciding as a vote is begun by it: what exactly counts is written down. What is not there counts nothing when
/// the vote closes.
pub(super) fn fixed(mut decision: Decision, rules: &InForce<'_>) -> Decision {
    if let Method::Counted(counted) = &mut decision.rule.method {
        counted.exactly = rules.counters.and_then(|counters| counters.get(&counted.by)).cloned();
    }
    decision
}

/// How much was found that keeps an amendment from coming into force.
fn problems(amendment: &Record) -> usize {
    let report = amendment.fields.document(Prop::Report);
    report.and_then(|report| report.get("problems")?.as_array()).map_or(0, Vec::len)
}

/// Looks at what an amendment would make of the rules, and notes it; for how many days it waits at least.
fn examined(view: &View, amendment: &mut Record, rules: &InForce<'_>) -> Result<u32, Stop> {
    if amendment.fields.id(Prop::Candidate).is_none() {
        return Ok(0);
    }
    let examined = rules.examined.filter(|examined| {
        // What is looked at is what the record names.
        super::candidate(view, amendment)
            .is_ok_and(|one| one.is_some_and(|one| one.fields.text(Prop::Digest) == Some(&*examined.digest)))
    });
    let examined = examined.ok_or_else(|| {
        refuse("unreadable-rules", "these rules cannot be read any more", "Write them anew.")
    })?;
    if let Some(problem) = examined.problems.first() {
        return Err(refuse(
            "unsafe-rules",
            problem.clone(),
            "Write the change anew so that this cannot happen.",
        ));
    }
    amendment.fields.set(Prop::Report, Value::document(examined.report.clone()));
    Ok(examined.waits_days)
}

/// Begins a vote about amendments: those who belong now, and have for long enough, may vote.
pub(super) fn open(
    view: &View,
    amendments: Vec<Record>,
    decision: &Decision,
    with: &mut Circumstances,
) -> Result<Outcome, Stop> {
    let mut voters = Vec::new();
    for membership in view.all(Class::Membership)? {
        let roles = membership.fields.texts(Prop::Roles);
        let since = membership.fields.instant(Prop::HasBeginning);
        let Some(member) = membership.fields.id(Prop::Member) else { continue };
        if membership.is_open() && decision.may_vote(roles, since, with.now) {
            voters.push(Voter { id: member, chambers: chambers(decision, roles) });
        }
    }
    let heads = voters.len() as u64;
    if voters.is_empty() || decision.quorum(heads) > heads {
        return Err(refuse(
            "nobody-can-decide",
            format!("{heads} could vote on this, and it takes {}", decision.quorum(heads).max(1)),
            "Wait until more people have belonged for long enough, or change how this is decided.",
        ));
    }
    let list = written(&voters);
    if voters.len() > VOTERS_MAX || list.to_string().len() > DOCUMENT_BYTES_MAX {
        return Err(refuse(
            "too-many-voters",
            format!("at most {VOTERS_MAX} people vote on one question"),
            "Change who votes on it.",
        ));
    }
    let closes = with.now.plus_us(days(decision.vote_days));
    let options: Vec<Id> = amendments.iter().map(|amendment| amendment.id).collect();
    let first = options.first().copied().unwrap_or_default();
    let mut fields = Fields::new()
        .with(Prop::Concerns, Value::Ref(first))
        .with(Prop::Decision, Value::document(serde_json::to_value(decision).unwrap_or_default()))
        .with(Prop::Voters, Value::document(list))
        .with(Prop::Created, Value::Instant(with.now))
        .with(Prop::Due, Value::Instant(closes));
    if options.len() > 1 {
        fields.set(Prop::Options, Value::Refs(options));
    }
    let poll = Record::new(with.next_id(), Class::Poll, fields);
    let begun = amendments.into_iter().map(|amendment| {
        let mut amendment = moved(amendment, Status::Voting);
        amendment.fields.set(Prop::Poll, Value::Ref(poll.id));
        amendment.fields.set(Prop::Due, Value::Instant(closes));
        amendment
    });
    let begun: Vec<Record> = begun.collect();
    let records = std::iter::once(poll).chain(begun).collect();
    // One of them stands for all: when it closes, they all do.
    Ok(Outcome { deadlines: vec![(closes, first)], records, settled: Vec::new() })
}

/// The chambers' roles that somebody has.
fn chambers(decision: &Decision, roles: &[String]) -> Vec<String> {
    match &decision.rule.method {
        Method::Chambers { chambers } => {
            let own = chambers.iter().map(|chamber| &chamber.role).filter(|role| roles.contains(role));
            own.cloned().collect()
        }
        Method::Counted(counted) => {
            counted.chambers.iter().filter(|role| roles.contains(role)).cloned().collect()
        }
        _ => Vec::new(),
    }
}

/// Voters as a poll keeps them: an id, or a list of an id and chambers.
fn written(voters: &[Voter]) -> Json {
    let one = |voter: &Voter| match voter.chambers.is_empty() {
        true => json!(voter.id),
        false => {
            std::iter::once(json!(voter.id)).chain(voter.chambers.iter().map(|role| json!(role))).collect()
        }
    };
    voters.iter().map(one).collect()
}

fn read_voters(list: &Json) -> Option<Vec<Voter>> {
    let text = |json: &Json| json.as_str().map(str::to_owned);
    let one = |json: &Json| match json {
        Json::Array(parts) => {
            let mut parts = parts.iter().map(text);
            Some(Voter { id: parts.next()??.parse().ok()?, chambers: parts.collect::<Option<_>>()? })
        }
        other => Some(Voter { id: text(other)?.parse().ok()?, chambers: Vec::new() }),
    };
    list.as_array()?.iter().map(one).collect()
}

impl Poll {
    /// Reads a poll's record.
    pub fn read(record: &Record) -> Option<Poll> {
        let decision = serde_json::from_value(record.fields.document(Prop::Decision)?.clone()).ok()?;
        let voters = read_voters(record.fields.document(Prop::Voters)?)?;
        let casts = match record.fields.document(Prop::Casts) {
            None => Vec::new(),
            Some(casts) => serde_json::from_value(casts.clone()).ok()?,
        };
        Some(Poll { decision, voters, casts, options: record.fields.ids(Prop::Options).to_vec() })
    }
}

/// What is asked of voters about so many changes: the changes come first, things as they are last.
fn question(method: &Method, changes: usize) -> Question {
    let changes = changes.max(1);
    match method.form() {
        Form::YesOrNo => Question::yes_or_no(),
        Form::Approval | Form::Score { .. } | Form::Ranked => {
            Question { options: changes + 1, status_quo: Some(changes) }
        }
    }
}

/// What a vote on so many changes comes to, the tie broken as the way of deciding says; with what a calculation made of
/// it, where one counts.
pub fn count(
    decision: &Decision,
    (voters, casts): (&[Voter], &[Cast]),
    changes: usize,
    counting: Option<&Counting>,
) -> Tally {
    let by = |rule: &Rule| tally_with(rule, &question(&rule.method, changes), (voters, casts), counting);
    let first = by(&decision.rule);
    match (&first.outcome, &decision.breaker) {
        (Came::Tied(_), Breaker::Count(rule)) => by(rule),
        _ => first,
    }
}

/// The poll of an amendment that is being voted on.
fn polled(view: &View, id: Id) -> Result<(Record, Record, Poll), Stop> {
    let (amendment, _) = standing(view, id, &[Status::Voting])?;
    let unread = || refuse("wrong-status", "nobody knows who may vote on this", "");
    let poll = amendment.fields.id(Prop::Poll).ok_or_else(unread)?;
    let poll = existing(view, poll, Class::Poll, "poll")?;
    let read = Poll::read(&poll).ok_or_else(unread)?;
    Ok((amendment, poll, read))
}

fn ballot_id(poll: Id, voter: Id) -> Id {
    Id::record(poll, voter, 0)
}

/// A ballot's place: the poll, and what was cast there before. Refuses whoever may not vote, and whoever is late.
fn place(view: &View, id: Id, voter: Id, now: Instant) -> Result<(Record, Poll, Option<Record>), Stop> {
    let (_, poll, read) = polled(view, id)?;
    if poll.fields.instant(Prop::Due).is_some_and(|closes| closes < now) {
        return Err(refuse("vote-closed", "this vote has closed", "Look at what came of it."));
    }
    if !read.voters.iter().any(|known| known.id == voter) {
        return Err(refuse(
            "not-a-voter",
            "who may vote on this was fixed when the vote began, and this is nobody of them",
            "Take part in the next one: join the discussion while a change is still a draft.",
        ));
    }
    let before = view.record(ballot_id(poll.id, voter))?.map(|record| Record::clone(&record));
    Ok((poll, read, before))
}

fn ballot(
    (poll, read, before): (Record, Poll, Option<Record>),
    voter: Id,
    (choice, note): (&Ballot, &str),
    entered_by: Vec<Id>,
    now: Instant,
) -> Record {
    let sealed = read.decision.sealed;
    let mut fields = Fields::new()
        .with(Prop::Concerns, Value::Ref(poll.id))
        .with(Prop::Voter, Value::Ref(voter))
        .with(Prop::Sealed, Value::Flag(sealed))
        .with(Prop::Created, Value::Instant(now))
        .with(
            if sealed { Prop::SealedChoice } else { Prop::Choice },
            Value::document(json!([choice.to_json()])),
        );
    if !note.is_empty() {
        fields.set(Prop::Note, Value::Text(note.to_owned()));
    }
    if !entered_by.is_empty() {
        fields.set(Prop::EnteredBy, Value::Refs(entered_by));
    }
    let version = before.map_or(0, |before| before.version) + 1;
    Record { id: ballot_id(poll.id, voter), class: Class::Ballot, version, fields }
}

/// What a ballot's record says.
fn said(ballot: &Record) -> Option<Ballot> {
    let choice = ballot.fields.document(Prop::Choice).or(ballot.fields.document(Prop::SealedChoice))?;
    Ballot::from_json(choice.get(0)?).ok()
}

pub(super) fn cast(
    view: &View,
    id: Id,
    (choice, note): (&Ballot, &str),
    with: &Circumstances,
) -> Result<Outcome, Stop> {
    let place = place(view, id, with.agent, with.now)?;
    let ballot = ballot(place, with.agent, (choice, note), Vec::new(), with.now);
    Ok(Outcome { records: vec![ballot], ..Outcome::default() })
}

/// From paper: two clerks have to enter the same before it counts, and nobody's own ballot is replaced.
pub(super) fn enter(
    view: &View,
    id: Id,
    (voter, choice): (Id, &Ballot),
    with: &Circumstances,
) -> Result<Outcome, Stop> {
    let place = place(view, id, voter, with.now)?;
    let mut clerks = Vec::new();
    if voter == with.agent {
        return Err(refuse(
            "own-ballot",
            "nobody enters a ballot of their own",
            "Vote yourself, or ask a clerk.",
        ));
    }
    if let Some(before) = &place.2 {
        clerks = before.fields.ids(Prop::EnteredBy).to_vec();
        match clerks[..] {
            [] => {
                return Err(refuse("has-voted", "this member has voted themselves", "Leave the paper out."));
            }
            [one] if one != with.agent && said(before).as_ref() == Some(choice) => {}
            [one] if one == with.agent => clerks.clear(),
            [_] => {
                return Err(refuse(
                    "clerks-differ",
                    "the other clerk has entered something else for this member",
                    "Look at the paper together; whoever was wrong enters it again.",
                ));
            }
            _ => return Err(refuse("has-voted", "this ballot has been entered by two clerks", "Leave it.")),
        }
    }
    clerks.push(with.agent);
    let ballot = ballot(place, voter, (choice, ""), clerks, with.now);
    Ok(Outcome { records: vec![ballot], ..Outcome::default() })
}

/// A vote that a calculation counts: what it is asked. Voters stand in the order of their ids, and say one thing each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToCount {
    /// By what.
    pub counted: Counted,
    /// What was asked.
    pub question: Question,
    /// Who might vote.
    pub voters: Vec<Voter>,
    /// What they said.
    pub casts: Vec<Cast>,
}

/// What a calculation would be asked if a vote closed now; nothing where none counts it, or no vote is going on.
pub fn to_count(view: &View, id: Id, now: Instant) -> Result<Option<ToCount>, Stop> {
    let Some(record) = view.record(id)? else { return Ok(None) };
    if record.class != Class::Amendment || Status::of(&record) != Some(Status::Voting) {
        return Ok(None);
    }
    let (amendment, poll, read) = polled(view, id)?;
    let Method::Counted(counted) = &read.decision.rule.method else { return Ok(None) };
    let casts = said_by_all(view, &amendment, (&poll, &read), now)?;
    let mut voters = read.voters.clone();
    voters.sort_by_key(|voter| voter.id);
    let is_voter = |cast: &&Cast| voters.binary_search_by_key(&cast.voter, |voter| voter.id).is_ok();
    let said: BTreeMap<Id, Cast> =
        casts.iter().filter(is_voter).map(|cast| (cast.voter, cast.clone())).collect();
    let question = question(&read.decision.rule.method, read.options.len());
    let casts = said.into_values().collect();
    Ok(Some(ToCount { counted: counted.clone(), question, voters, casts }))
}

/// The vote has closed: everything is counted, and written down so that anybody can count it again.
pub(super) fn close(
    view: &View,
    id: Id,
    with: &Circumstances,
    rules: &InForce<'_>,
) -> Result<(Vec<Record>, Record, Tally), Stop> {
    let (amendment, mut poll, read) = polled(view, id)?;
    let casts = said_by_all(view, &amendment, (&poll, &read), with.now)?;
    let mut options = Vec::new();
    for id in &read.options {
        options.push(existing(view, *id, Class::Amendment, "options")?);
    }
    if options.is_empty() {
        options.push(amendment);
    }
    let counting = rules.counting.and_then(|counting| counting.as_ref().ok());
    let tally = count(&read.decision, (&read.voters, &casts), options.len(), counting);
    poll.fields.set(Prop::Casts, Value::document(serde_json::to_value(&casts).unwrap_or_default()));
    poll.fields.set(Prop::Result, Value::document(result(&tally, &options)));
    poll.fields.set(Prop::Finished, Value::Flag(true));
    poll.version += 1;
    Ok((options, poll, tally))
}

/// What was said, by those who vote themselves and by those whose vote counts for others.
fn said_by_all(
    view: &View,
    amendment: &Record,
    (poll, read): (&Record, &Poll),
    now: Instant,
) -> Result<Vec<Cast>, Stop> {
    let link = Link { class: Class::Ballot, prop: Prop::Concerns, target: poll.id, open: true };
    let counts = |ballot: &Record| ballot.fields.ids(Prop::EnteredBy).len() != 1;
    let mut casts: Vec<Cast> = Vec::new();
    for ballot in view.linked(link)? {
        if let (Some(voter), Some(choice), true) =
            (ballot.fields.id(Prop::Voter), said(&ballot), counts(&ballot))
        {
            casts.push(Cast { voter, ballot: choice });
        }
    }
    casts.sort_by_key(|cast| cast.voter);
    let electorate: HashSet<Id> = read.voters.iter().map(|voter| voter.id).collect();
    let proxies = proxy::standing(view, &electorate, risk_of(amendment), now)?;
    Ok(with_proxies(&read.voters, &casts, &proxies))
}

/// The outcome with its numbers and its words.
pub(super) fn result(tally: &Tally, options: &[Record]) -> Json {
    let titles: Vec<String> = match options {
        [_] => vec!["the change".to_owned()],
        several => several.iter().map(Record::title).collect(),
    };
    let names: Vec<&str> = titles.iter().map(String::as_str).chain(["as it is"]).collect();
    json!({"tally": tally, "words": tally.words(&names)})
}
