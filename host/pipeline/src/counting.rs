//! Votes that a calculation of the rules counts. What it gets are numbers: who somebody is stays here, and voters stand in
//! the order of their ids.
//!
//! A calculation that gives no answer fails the change that was voted on, and nothing else.

use governance::amendment;
use governance::tally::{Ballot, Cast, Counter, Counting, Outcome, Question, Reason, Voter};
use governance::{AmendAct, AnyAct, GoverningAct};
use journal::Digest;
use ledger::{Missing, Snapshot, View};
use sandbox::{CallError, FailureClass, types};
use serde_json::{Value as Json, json};
use valueflows::limits::NUMBER_BOUND;
use valueflows::{Instant, Surface};

use crate::gathered;
use crate::halt::Halt;
use crate::input::{self, Input};
use crate::plugins::Memo;
use crate::rules::{Bound, Rules};
use crate::ruling::{call, put};
use crate::stopped::Stops;

/// What the bound calculation makes of a vote that closes, or why it makes nothing of it; nothing where none counts. What
/// it came to is noted in the ruling.
pub(crate) fn of(
    rules: &Rules,
    memo: &Memo,
    view: &View,
    (act, (now, seed), stopped): (&AnyAct, (Instant, [u8; 32]), &Stops),
    ruling: &mut Json,
) -> Result<Option<Result<Counting, String>>, Halt> {
    let AnyAct::Governing(GoverningAct::Amend(AmendAct::Lapse { record, .. })) = act else { return Ok(None) };
    let Some(asked) = amendment::to_count(view, *record, now)? else { return Ok(None) };
    let name = &asked.counted.by;
    let named = |bound: &&Bound| bound.binding.surface == Surface::Tally && bound.binding.plugin == *name;
    let bound = rules.bound.iter().find(named);
    if let Some(gone) = rules.gone.iter().find(|gone| gone.binding.plugin == *name) {
        let because = &gone.because;
        return Ok(Some(Err(format!("the calculation `{name}` that was to count is out of use: {because}"))));
    }
    let Some(bound) = bound.filter(|_| rules.counters.get(name) == asked.counted.exactly.as_ref()) else {
        return Ok(Some(Err(format!(
            "the calculation `{name}` that was to count has been replaced meanwhile"
        ))));
    };
    if stopped.let_answer(Ok(bound)).is_err() {
        return Ok(Some(Err(format!("the calculation `{name}` that was to count is paused for safety"))));
    }
    let input = input_of(view, bound, now, seed)?;
    let mut by = Calculation { memo, bound, input, ruling };
    match by.count(&asked.question, &asked.voters, &asked.casts) {
        Ok(counting) => Ok(Some(Ok(counting))),
        Err(error) => failed(error).map(Err).map(Some),
    }
}

fn input_of(view: &View, bound: &Bound, now: Instant, seed: [u8; 32]) -> Result<Input, Missing> {
    let mut input = input::build(view, bound, now, &[])?;
    input.context.seed = seed.to_vec();
    Ok(input)
}

/// A calculation of the rules as what counts a vote; what it came to is noted in a ruling.
pub struct Calculation<'a> {
    memo: &'a Memo,
    bound: &'a Bound,
    input: Input,
    ruling: &'a mut Json,
}

impl<'a> Calculation<'a> {
    /// One that needs to know nothing of the books.
    pub fn new(memo: &'a Memo, bound: &'a Bound, ruling: &'a mut Json) -> Result<Calculation<'a>, Missing> {
        let view = View::over(Snapshot::whole());
        let input = input_of(&view, bound, Instant(0), [0; 32])?;
        Ok(Calculation { memo, bound, input, ruling })
    }
}

impl Counter for Calculation<'_> {
    type Error = CallError;

    fn count(
        &mut self,
        question: &Question,
        electorate: &[Voter],
        casts: &[Cast],
    ) -> Result<Counting, CallError> {
        let told = self.memo.count(self.bound, &self.input, poll(question, electorate, casts))?;
        let counted = counted(self.bound, &self.input, question, told.verdict);
        let noted = match &counted {
            Ok(counting) => json!(counting),
            Err(error) => json!({"failed": error.class.as_str()}),
        };
        put(self.ruling, "tally", call(self.bound, told.fuel, told.input, "counted", noted));
        counted
    }
}

/// In words; no decision at all, where it could have come out otherwise on another machine.
fn failed(error: CallError) -> Result<String, Halt> {
    if error.class.is_of_the_machine() {
        return Err(Halt::NoAnswer(error));
    }
    tracing::warn!(plugin = %error.plugin, class = error.class.as_str(), detail = %error.detail, "a vote was not counted");
    Ok(format!(
        "the calculation `{}` that was to count gave no answer ({})",
        error.plugin,
        error.class.as_str()
    ))
}

/// A vote as plugins read it.
fn poll(question: &Question, electorate: &[Voter], casts: &[Cast]) -> types::Poll {
    let row = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let rows = |options: &[usize]| options.iter().map(|at| row(*at)).collect::<Vec<u32>>();
    let cast = |cast: &Cast| types::Cast {
        voter: row(electorate.binary_search_by_key(&cast.voter, |voter| voter.id).unwrap_or(usize::MAX)),
        ballot: match &cast.ballot {
            Ballot::Yes => types::Ballot::Yes,
            Ballot::No => types::Ballot::No,
            Ballot::Abstain => types::Ballot::Abstain,
            Ballot::Object => types::Ballot::Object,
            Ballot::Advise => types::Ballot::Advise,
            Ballot::Approve(options) => types::Ballot::Approve(rows(options)),
            Ballot::Score(points) => types::Ballot::Score(points.clone()),
            Ballot::Rank(places) => types::Ballot::Rank(places.iter().map(|place| rows(place)).collect()),
        },
    };
    types::Poll {
        choices: row(question.options),
        status_quo: question.status_quo.map(row),
        electorate: electorate
            .iter()
            .map(|voter| types::Voter { chambers: voter.chambers.clone() })
            .collect(),
        casts: casts.iter().map(cast).collect(),
    }
}

/// What was answered, checked: the outcome is among the options, and there is a number for each.
fn counted(
    bound: &Bound,
    input: &Input,
    question: &Question,
    verdict: types::CountVerdict,
) -> Result<Counting, CallError> {
    let wrong = |detail: &str| bound.plugin.fail(FailureClass::WrongShape, detail);
    let counted = match verdict {
        types::CountVerdict::Counted(counted) => counted,
        types::CountVerdict::Unable(reason) => return Err(gathered::unable(bound, &reason)),
    };
    let option = |row: u32| {
        let at = row as usize;
        (at < question.options).then_some(at).ok_or_else(|| wrong("it chose what nobody could choose"))
    };
    let outcome = match counted.outcome {
        types::Outcome::Rejected => Outcome::Rejected,
        types::Outcome::NoQuorum => Outcome::NoQuorum,
        types::Outcome::Accepted(row) => match option(row)? {
            // Nothing changes.
            at if question.status_quo == Some(at) => Outcome::Rejected,
            at => Outcome::Accepted(at),
        },
        types::Outcome::Tied(rows) => {
            let mut tied = rows.into_iter().map(option).collect::<Result<Vec<usize>, _>>()?;
            tied.sort_unstable();
            tied.dedup();
            Some(tied)
                .filter(|tied| !tied.is_empty())
                .map(Outcome::Tied)
                .ok_or_else(|| wrong("a tie of none"))?
        }
    };
    let number = |number: i64| u64::try_from(number).ok().filter(|_| number < NUMBER_BOUND);
    let numbers: Option<Vec<u64>> = counted.numbers.into_iter().map(number).collect();
    let numbers = numbers
        .filter(|numbers| numbers.len() == question.options)
        .ok_or_else(|| wrong("it has not a number for each option"))?;
    if counted.because.len() > sandbox::limits::ANSWER_LIST_MAX {
        return Err(bound.plugin.fail(FailureClass::TooLarge, "too many reasons"));
    }
    let said = |reason: types::Reason| {
        let because = gathered::because(bound, input, reason)?;
        Ok(Reason { code: because.reason.code, says: because.sentence })
    };
    let because = counted.because.into_iter().map(said).collect::<Result<_, CallError>>()?;
    Ok(Counting { outcome, numbers, because })
}

/// What nobody chose, of what the entry is salted with: drawn when the command is judged, and kept with its entry.
pub(crate) fn seed(salt: &[u8]) -> [u8; 32] {
    Digest::of(&[b"reflow seed\0", salt]).0
}
