//! When nobody could change the rules any more: whoever runs the node brings other rules, everybody is told, and
//! any member can say no while there is time.

use ledger::{Circumstances, Outcome, Stop};
use serde_json::Value as Json;
use valueflows::{Class, Fields, Instant, Prop, Record, Value};

use super::draft::written_down;
use super::{InForce, Status, days, refuse};
use crate::decisions::Risk;
use crate::limits::{DORMANT_DAYS, RECOVERY_DAYS};

/// Whether an amendment is such a recovery: no vote leads to it.
pub fn is_recovery(amendment: &Record) -> bool {
    amendment.fields.flag(Prop::Recovery)
}

pub(super) fn recover(
    book: &Json,
    reason: &str,
    quiet_since: Instant,
    with: &mut Circumstances,
    rules: &InForce<'_>,
) -> Result<Outcome, Stop> {
    if reason.trim().is_empty() {
        return Err(refuse("no-reason", "whoever brings other rules says why", "Give a reason."));
    }
    let dormant = quiet_since.plus_us(days(DORMANT_DAYS)) <= with.now;
    if rules.decisions.is_some() && !dormant && !rules.stuck {
        return Err(refuse(
            "not-dormant",
            format!(
                "somebody did something here within the last {DORMANT_DAYS} days, and members can change their rules themselves"
            ),
            "Ask them to: `reflow amendment new`.",
        ));
    }
    let (candidate, examined) = written_down(book, with, rules)?;
    if let Some(problem) = examined.problems.first() {
        return Err(refuse("unsafe-rules", problem.clone(), "Bring rules with which this cannot happen."));
    }
    let until = with.now.plus_us(days(RECOVERY_DAYS));
    let fields = Fields::new()
        .with(Prop::Name, Value::Text("Recovery of a network that nobody could change any more".to_owned()))
        .with(Prop::Note, Value::Text(reason.to_owned()))
        .with(Prop::Author, Value::Ref(with.agent))
        .with(Prop::Status, Value::Text(Status::Waiting.code().to_owned()))
        .with(Prop::Risk, Value::Text(Risk::Constitution.code().to_owned()))
        .with(Prop::Candidate, Value::Ref(candidate.id))
        .with(Prop::Versions, Value::Refs(vec![candidate.id]))
        .with(Prop::Base, Value::Text(rules.digest.to_owned()))
        .with(Prop::Report, Value::document(examined.report.clone()))
        .with(Prop::Created, Value::Instant(with.now))
        .with(Prop::Frozen, Value::Instant(with.now))
        .with(Prop::Due, Value::Instant(until))
        .with(Prop::Recovery, Value::Flag(true));
    let amendment = Record::new(with.next_id(), Class::Amendment, fields);
    Ok(Outcome {
        deadlines: vec![(until, amendment.id)],
        records: vec![candidate, amendment],
        settled: Vec::new(),
    })
}
