//! Rule changes as people and programs read them.

use governance::amendment::{Poll, Status};
use governance::tally::{Counting, Outcome, Quorum, Tally};
use governance::{Decision, Risk};
use ledger::Link;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use valueflows::{Class, Id, Prop, Record};

use crate::error::Rejection;
use crate::reader::Reader;

/// What somebody needs to count a vote again: an electorate, what was said, and how it is counted.
pub const TALLY_FORMAT: &str = "reflow tally 1";

impl Reader {
    /// The rule changes that the reader may see, oldest first.
    pub async fn amendments(&mut self) -> Result<Vec<Arc<Record>>, Rejection> {
        self.every(Class::Amendment).await
    }

    /// A rule change by its id, the beginning of it, or its title; of several with one title the newest.
    pub async fn amendment_named(&mut self, name: &str) -> Result<Option<Arc<Record>>, Rejection> {
        if let Ok(id) = name.parse::<Id>() {
            return Ok(self.get(id).await?.filter(|record| record.class == Class::Amendment));
        }
        let all = self.amendments().await?;
        let titled = all.iter().rev().find(|one| one.title() == name).cloned();
        Ok(titled.or_else(|| {
            all.iter().rev().find(|one| name.len() >= 8 && one.id.to_string().starts_with(name)).cloned()
        }))
    }

    /// The rules as a rule change would make them.
    pub async fn candidate_of(&mut self, amendment: &Record) -> Result<Option<Json>, Rejection> {
        let Some(id) = amendment.fields.id(Prop::Candidate) else { return Ok(None) };
        let book = self.get(id).await?;
        Ok(book.and_then(|book| book.fields.document(Prop::Book).cloned()))
    }

    /// A rule change as a document.
    pub async fn amendment(&mut self, amendment: &Record) -> Result<Json, Rejection> {
        let fields = &amendment.fields;
        let status = Status::of(amendment);
        let risk = fields.text(Prop::Risk).and_then(Risk::parse);
        let author = match fields.id(Prop::Author) {
            Some(author) => self.title(author).await?,
            None => String::new(),
        };
        let mut sponsors = Vec::new();
        for sponsor in fields.ids(Prop::Sponsors).to_vec() {
            sponsors.push(self.title(sponsor).await?);
        }
        let rules = self.rules.clone();
        let way =
            risk.and_then(|risk| rules.compiled.book.decisions.as_ref().map(|all| all.of(risk).clone()));
        let poll = match fields.id(Prop::Poll) {
            Some(poll) => self.get(poll).await?,
            None => None,
        };
        let read = poll.as_ref().and_then(|poll| Poll::read(poll));
        let decided_by = read.as_ref().map(|poll| poll.decision.clone()).or(way);
        let report = fields.document(Prop::Report);
        let candidate = match fields.id(Prop::Candidate) {
            Some(id) => self.get(id).await?,
            None => None,
        };
        let time = |prop| fields.instant(prop).map(|at| at.0);
        let instead_of = |prop| fields.text(prop).unwrap_or_default();
        Ok(json!({
            "id": amendment.id, "title": amendment.title(), "note": fields.text(Prop::Note), "author": author,
            "status": fields.text(Prop::Status), "is": status.map(Status::words),
            "open": amendment.is_open(), "risk": risk.map(Risk::code), "stake": risk.map(Risk::as_str),
            "differences": report.and_then(|report| report.get("differences")),
            "problems": report.and_then(|report| report.get("problems")),
            "wrong": report.and_then(|report| report.get("wrong")),
            "failed": report.and_then(|report| report.get("failed")),
            "trial": report.and_then(|report| report.get("trial")),
            "report": report,
            "effects": fields.document(Prop::Effects), "sponsors": sponsors,
            "versions": fields.ids(Prop::Versions).len(), "base": instead_of(Prop::Base),
            "candidate": candidate.as_ref().and_then(|book| book.fields.text(Prop::Digest)),
            "book": fields.id(Prop::Candidate), "reason": fields.text(Prop::Reason),
            "created": time(Prop::Created), "discussedSince": time(Prop::HasBeginning),
            "frozen": time(Prop::Frozen), "due": time(Prop::Due),
            "decidedBy": decided_by.as_ref().map(Decision::words),
            "insteadOf": match fields.id(Prop::InsteadOf) {
                Some(first) => Some(self.title(first).await?),
                None => None,
            },
            "options": match &read {
                Some(poll) => self.options(poll).await?,
                None => Vec::new(),
            },
            "method": decided_by.as_ref().map(|decision| &decision.rule.method),
            "vote": match (&poll, &read) {
                (Some(record), Some(poll)) => Some(self.vote(record, poll).await?),
                _ => None,
            },
            "result": fields.document(Prop::Result).and_then(|result| result.get("words")),
            "tally": fields.document(Prop::Result).and_then(|result| result.get("tally")),
            "way": decided_by,
        }))
    }

    /// What is voted on together, by title.
    async fn options(&mut self, poll: &Poll) -> Result<Vec<String>, Rejection> {
        let mut titles = Vec::new();
        for option in &poll.options {
            titles.push(self.title(*option).await?);
        }
        Ok(titles)
    }

    /// How far a vote has come: in heads, and what the reader said; not what others did while it is open.
    async fn vote(&mut self, record: &Record, poll: &Poll) -> Result<Json, Rejection> {
        let link = Link { class: Class::Ballot, prop: Prop::Concerns, target: record.id, open: false };
        let heads = poll.voters.len() as u64;
        let voted = self.node.store.linked_count(&self.head, link).await?;
        let own = self.raw(Id::record(record.id, self.agent, 0)).await?;
        let own = own.as_ref().and_then(|ballot| {
            let fields = &ballot.fields;
            fields.document(Prop::Choice).or(fields.document(Prop::SealedChoice))?.get(0).cloned()
        });
        Ok(json!({
            // How many ballots counted for somebody else too: once it has closed, and of nobody in particular.
            "byProxy": (poll.casts.len() as u64).saturating_sub(voted),
            "couldVote": heads, "voted": voted, "takes": poll.decision.quorum(heads),
            "hasQuorum": !matches!(poll.decision.rule.quorum, Quorum::None),
            "closes": record.fields.instant(Prop::Due).map(|at| at.0), "closed": !record.is_open(),
            "sealed": poll.decision.sealed, "own": own,
            "mayVote": poll.voters.iter().any(|voter| voter.id == self.agent),
        }))
    }

    /// All that it takes to count a closed vote again.
    pub async fn tally(&mut self, amendment: &Record) -> Result<Option<Json>, Rejection> {
        let Some(poll) = amendment.fields.id(Prop::Poll) else { return Ok(None) };
        let Some(record) = self.get(poll).await? else { return Ok(None) };
        let Some(poll) = Poll::read(&record).filter(|_| !record.is_open()) else { return Ok(None) };
        let options = self.options(&poll).await?;
        let mut file = json!({
            "format": TALLY_FORMAT, "network": self.head.network, "amendment": amendment.id,
            "title": amendment.title(), "poll": record.id, "decision": poll.decision, "voters": poll.voters,
            "casts": poll.casts, "result": record.fields.document(Prop::Result),
        });
        if let (false, Json::Object(file)) = (options.is_empty(), &mut file) {
            file.insert("options".into(), json!(options));
        }
        Ok(Some(file))
    }
}

/// Counts again from such a file: the result that it says, and the result that it comes to. What a calculation of the
/// network's own made of the ballots is taken as it is written: only the network's journal can have it asked again.
pub fn recount(file: &Json) -> Option<(Json, Json)> {
    let part = |name: &str| file.get(name).cloned().unwrap_or_default();
    if part("format").as_str() != Some(TALLY_FORMAT) {
        return None;
    }
    let decision: Decision = serde_json::from_value(part("decision")).ok()?;
    let voters: Vec<governance::tally::Voter> = serde_json::from_value(part("voters")).ok()?;
    let casts: Vec<governance::tally::Cast> = serde_json::from_value(part("casts")).ok()?;
    let options: Vec<String> = match file.get("options") {
        None => vec!["the change".to_owned()],
        Some(options) => serde_json::from_value(options.clone()).ok()?,
    };
    let counting = counted(file.pointer("/result/tally").unwrap_or(&Json::Null));
    let tally = governance::amendment::count(&decision, (&voters, &casts), options.len(), counting.as_ref());
    let names: Vec<&str> = options.iter().map(String::as_str).chain(["as it is"]).collect();
    let again = json!({"tally": tally, "words": tally.words(&names)});
    Some((part("result"), again))
}

/// What a calculation made of ballots, as the result has it.
fn counted(tally: &Json) -> Option<Counting> {
    let tally: Tally = serde_json::from_value(tally.clone()).ok()?;
    (tally.outcome != Outcome::Uncounted).then_some(Counting {
        outcome: tally.outcome,
        numbers: tally.counts.options,
        because: tally.because,
    })
}

/// The calculation that counted, if one did.
pub fn counted_by(file: &Json) -> Option<&str> {
    file.pointer("/decision/rule/method/counted/by").and_then(Json::as_str)
}
