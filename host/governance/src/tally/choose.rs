//! What each method makes of ballots.

use super::{Ballot, Counts, Method, Outcome, Question, schulze};

/// The outcome, whether or not enough took part; the counts are filled in.
pub(super) fn outcome(
    method: &Method,
    question: &Question,
    ballots: &[&Ballot],
    counts: &mut Counts,
) -> Outcome {
    match method {
        Method::Approval => approval(question, ballots, counts),
        Method::Score { most } => score(*most, question, ballots, counts),
        Method::Ranked => ranked(question, ballots, counts),
        method => yes_or_no(method, ballots, counts),
    }
}

fn yes_or_no(method: &Method, ballots: &[&Ballot], counts: &mut Counts) -> Outcome {
    for ballot in ballots {
        match ballot {
            Ballot::Yes => counts.yes += 1,
            Ballot::No => counts.no += 1,
            Ballot::Object => {
                counts.no += 1;
                counts.objections += 1;
            }
            Ballot::Abstain | Ballot::Advise => counts.abstained += 1,
            Ballot::Approve(_) | Ballot::Score(_) | Ballot::Rank(_) => counts.spoilt += 1,
        }
    }
    let Counts { electorate, yes, no, objections, voted, .. } = *counts;
    let passes = match method {
        Method::Majority if yes == no => return Outcome::Tied(vec![0]),
        Method::Majority => yes > no,
        Method::Supermajority { share } => share.is_reached(yes, yes + no),
        Method::AbsoluteMajority => yes > electorate / 2,
        // Silence of everybody is not consent: somebody has to have said that they agree.
        Method::Consent => objections == 0 && yes > 0,
        Method::Consensus { minus } => no <= u64::from(*minus) && yes > no,
        Method::Lazy { objections: most } => objections <= u64::from(*most),
        Method::Advice { advisers } => voted >= u64::from(*advisers),
        Method::Approval
        | Method::Score { .. }
        | Method::Ranked
        | Method::Chambers { .. }
        | Method::Counted(_) => false,
    };
    if passes { Outcome::Accepted(0) } else { Outcome::Rejected }
}

/// The best of several by their numbers. Where nobody said anything, nothing changes.
fn best(question: &Question, numbers: Vec<u64>, counts: &mut Counts) -> Outcome {
    let most = numbers.iter().copied().max().unwrap_or_default();
    let winners: Vec<usize> = (0..).zip(&numbers).filter(|(_, n)| **n == most).map(|(at, _)| at).collect();
    counts.options = numbers;
    match (most, &winners[..]) {
        (0, _) => Outcome::Rejected,
        (_, [winner]) if question.status_quo == Some(*winner) => Outcome::Rejected,
        (_, [winner]) => Outcome::Accepted(*winner),
        _ => Outcome::Tied(winners),
    }
}

fn approval(question: &Question, ballots: &[&Ballot], counts: &mut Counts) -> Outcome {
    let mut heads = vec![0u64; question.options];
    for ballot in ballots {
        match ballot {
            Ballot::Approve(options) if options.iter().all(|option| *option < question.options) => {
                // Naming an option twice is naming it once.
                for (at, head) in heads.iter_mut().enumerate() {
                    *head += u64::from(options.contains(&at));
                }
            }
            Ballot::Abstain => counts.abstained += 1,
            _ => counts.spoilt += 1,
        }
    }
    best(question, heads, counts)
}

fn score(most: u32, question: &Question, ballots: &[&Ballot], counts: &mut Counts) -> Outcome {
    let mut sums = vec![0u64; question.options];
    for ballot in ballots {
        match ballot {
            Ballot::Score(points)
                if points.len() == question.options && points.iter().all(|points| *points <= most) =>
            {
                for (sum, points) in sums.iter_mut().zip(points) {
                    *sum += u64::from(*points);
                }
            }
            Ballot::Abstain => counts.abstained += 1,
            _ => counts.spoilt += 1,
        }
    }
    best(question, sums, counts)
}

fn ranked(question: &Question, ballots: &[&Ballot], counts: &mut Counts) -> Outcome {
    let mut duels = schulze::Duels::of(question.options);
    for ballot in ballots {
        match ballot {
            Ballot::Rank(places) if duels.count(places) => {}
            Ballot::Abstain => counts.abstained += 1,
            _ => counts.spoilt += 1,
        }
    }
    let wins = duels.wins();
    let winners = duels.winners();
    counts.options = wins;
    match &winners[..] {
        _ if duels.is_empty() => Outcome::Rejected,
        [winner] if question.status_quo == Some(*winner) => Outcome::Rejected,
        [winner] => Outcome::Accepted(*winner),
        _ => Outcome::Tied(winners),
    }
}
