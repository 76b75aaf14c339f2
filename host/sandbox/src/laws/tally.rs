//! Cases and laws of `tally`. Terms are those of voting theory: H. Moulin, "Condorcet's principle implies the no show
//! paradox", 1988, for the last of them.

use super::Law;
use super::draw::{Draw, Row};
use super::every::say;
use super::matching::turn;
use crate::call::Plugin;
use crate::case::{Case, Items, Verdicts};
use crate::types;

/// One vote an item: of several choices, or yes or no.
pub(super) fn polls(draw: &Draw, roles: &[String]) -> Vec<types::Poll> {
    draw.items.iter().map(|row| poll(row, draw, roles)).collect()
}

fn poll(row: &Row, draw: &Draw, roles: &[String]) -> types::Poll {
    let several = !row.word.is_multiple_of(3);
    let choices = if several { u32::from(row.word % 4) + 2 } else { 1 };
    let belongs = |bits: u8| {
        let role = |(n, role): (usize, &String)| (bits & (1 << n) != 0).then(|| role.clone());
        types::Voter { chambers: roles.iter().take(8).enumerate().filter_map(role).collect() }
    };
    let electorate = draw.ballots.iter().map(|(kind, _)| belongs(kind / 8)).collect();
    let cast = |(voter, (kind, said)): (usize, &(u8, Vec<u8>))| {
        let ballot = ballot(row.has, (*kind, said), choices, several)?;
        Some(types::Cast { voter: voter as u32, ballot })
    };
    let casts = draw.ballots.iter().enumerate().filter_map(cast).collect();
    types::Poll { choices, status_quo: several.then_some(choices - 1), electorate, casts }
}

/// What somebody says; nothing, where they say nothing. In one vote most ballots are of one form.
fn ballot(form: u8, (kind, said): (u8, &[u8]), choices: u32, several: bool) -> Option<types::Ballot> {
    let option = |n: &u8| u32::from(*n) % choices;
    let spoilt = kind % 16 == 15;
    if kind % 16 == 14 {
        return None;
    }
    if !several || spoilt {
        return Some(match kind % 5 {
            0 | 1 => types::Ballot::Yes,
            2 => types::Ballot::No,
            3 => types::Ballot::Abstain,
            _ => types::Ballot::Object,
        });
    }
    Some(match form % 3 {
        0 => types::Ballot::Approve(said.iter().map(option).collect()),
        1 => {
            let points =
                (0..choices as usize).map(|n| u32::from(said.get(n).copied().unwrap_or_default() % 6));
            types::Ballot::Score(points.collect())
        }
        _ => {
            let mut places: Vec<Vec<u32>> = Vec::new();
            for n in said {
                if !places.iter().flatten().any(|known| *known == option(n)) {
                    places.push(vec![option(n)]);
                }
            }
            types::Ballot::Rank(places)
        }
    })
}

/// What came of each vote, where something came of it.
fn outcomes(plugin: &Plugin, case: &Case) -> Result<Vec<Option<types::Outcome>>, String> {
    let (Verdicts::Count(verdicts), _) = say(plugin, case)? else { return Ok(Vec::new()) };
    let outcome = |verdict| match verdict {
        types::CountVerdict::Counted(types::Counted { outcome, .. }) => Some(outcome),
        types::CountVerdict::Unable(_) => None,
    };
    Ok(verdicts.into_iter().map(outcome).collect())
}

/// The same votes, each turned round.
fn turned(case: &Case, turn: impl Fn(&mut types::Poll)) -> Case {
    let mut turned = case.clone();
    if let Items::Polls(polls) = &mut turned.items {
        polls.iter_mut().for_each(turn);
    }
    turned
}

fn same(plugin: &Plugin, case: &Case, other: &Case, why: &str) -> Result<(), String> {
    let (one, other) = (outcomes(plugin, case)?, outcomes(plugin, other)?);
    match one.iter().zip(&other).find(|(one, other)| one != other) {
        Some((one, other)) => Err(format!("{why}, {one:?} became {other:?}")),
        None => Ok(()),
    }
}

pub(super) const CHOOSES: Law = Law {
    name: "chooses",
    says: "what comes of a vote is among the choices, with a number for each",
    holds: chooses,
};

fn chooses(plugin: &Plugin, case: &Case) -> Result<(), String> {
    let (Verdicts::Count(verdicts), Items::Polls(polls)) = (say(plugin, case)?.0, &case.items) else {
        return Ok(());
    };
    for (verdict, poll) in verdicts.into_iter().zip(polls) {
        let types::CountVerdict::Counted(counted) = verdict else { continue };
        let there = |row: &u32| *row < poll.choices;
        let chosen = match &counted.outcome {
            types::Outcome::Accepted(row) => there(row),
            types::Outcome::Tied(rows) => !rows.is_empty() && rows.iter().all(there),
            types::Outcome::Rejected | types::Outcome::NoQuorum => true,
        };
        if !chosen {
            return Err(format!("{:?} of {} choices", counted.outcome, poll.choices));
        }
        let exact = |n: &i64| (0..valueflows::limits::NUMBER_BOUND).contains(n);
        if counted.numbers.len() != poll.choices as usize || !counted.numbers.iter().all(exact) {
            return Err(format!("the numbers {:?} of {} choices", counted.numbers, poll.choices));
        }
    }
    Ok(())
}

pub(super) const ORDER: Law =
    Law { name: "order", says: "in whatever order the ballots come, the same comes of them", holds: order };

fn order(plugin: &Plugin, case: &Case) -> Result<(), String> {
    let other = turned(case, |poll| turn(&mut poll.casts, case.twist));
    same(plugin, case, &other, "with the ballots in another order")
}

pub(super) const ANONYMOUS: Law = Law {
    name: "anonymous",
    says: "who of the same chambers says what makes no difference",
    holds: anonymous,
};

fn anonymous(plugin: &Plugin, case: &Case) -> Result<(), String> {
    let other = turned(case, |poll| {
        let chambers =
            |cast: &types::Cast| poll.electorate.get(cast.voter as usize).map(|voter| &voter.chambers);
        // Two who are alike say each what the other said.
        let pair = (0..poll.casts.len()).flat_map(|a| (a + 1..poll.casts.len()).map(move |b| (a, b)));
        let alike =
            pair.filter(|(a, b)| poll.casts.get(*a).map(chambers) == poll.casts.get(*b).map(chambers));
        let alike: Vec<(usize, usize)> = alike.collect();
        if let Some((a, b)) = alike.get(usize::from(case.twist) % alike.len().max(1)) {
            let said: Vec<types::Ballot> = poll.casts.iter().map(|cast| cast.ballot.clone()).collect();
            for (to, from) in [(*a, *b), (*b, *a)] {
                if let (Some(cast), Some(ballot)) = (poll.casts.get_mut(to), said.get(from)) {
                    cast.ballot = ballot.clone();
                }
            }
        }
    });
    same(plugin, case, &other, "with two voters' ballots exchanged")
}

pub(super) const NEUTRAL: Law =
    Law { name: "neutral", says: "which choice is which makes no difference", holds: neutral };

fn neutral(plugin: &Plugin, case: &Case) -> Result<(), String> {
    let name = |row: u32, of: u32| (row + u32::from(case.twist)) % of.max(1);
    let other = turned(case, |poll| {
        let of = poll.choices;
        poll.status_quo = poll.status_quo.map(|row| name(row, of));
        for cast in &mut poll.casts {
            match &mut cast.ballot {
                types::Ballot::Approve(rows) => rows.iter_mut().for_each(|row| *row = name(*row, of)),
                types::Ballot::Rank(places) => {
                    places.iter_mut().flatten().for_each(|row| *row = name(*row, of));
                }
                types::Ballot::Score(points) => {
                    points.rotate_right(usize::from(case.twist) % of.max(1) as usize)
                }
                _ => {}
            }
        }
    });
    let Items::Polls(polls) = &case.items else { return Ok(()) };
    let (one, other) = (outcomes(plugin, case)?, outcomes(plugin, &other)?);
    for ((one, other), poll) in one.into_iter().zip(other).zip(polls) {
        let renamed = one.clone().map(|one| match one {
            types::Outcome::Accepted(row) => types::Outcome::Accepted(name(row, poll.choices)),
            types::Outcome::Tied(rows) => {
                types::Outcome::Tied(sorted(rows.into_iter().map(|row| name(row, poll.choices)).collect()))
            }
            other => other,
        });
        let other = other.map(|other| match other {
            types::Outcome::Tied(rows) => types::Outcome::Tied(sorted(rows)),
            other => other,
        });
        if renamed != other {
            return Err(format!(
                "with the choices in another order, {one:?} became {other:?} and not {renamed:?}"
            ));
        }
    }
    Ok(())
}

fn sorted(mut rows: Vec<u32>) -> Vec<u32> {
    rows.sort_unstable();
    rows
}

pub(super) const MONOTONE: Law = Law {
    name: "monotone",
    says: "whoever comes to like what was chosen better does it no harm",
    holds: monotone,
};

/// One ballot likes a choice better, and is otherwise what it was; not, where it cannot.
fn likes(ballot: &mut types::Ballot, choice: u32) {
    match ballot {
        types::Ballot::No | types::Ballot::Object => *ballot = types::Ballot::Yes,
        types::Ballot::Approve(rows) if !rows.contains(&choice) => rows.push(choice),
        types::Ballot::Score(points) => {
            if let Some(points) = points.get_mut(choice as usize) {
                *points = (*points + 1).min(5);
            }
        }
        types::Ballot::Rank(places) => {
            places.iter_mut().for_each(|place| place.retain(|row| *row != choice));
            places.retain(|place| !place.is_empty());
            places.insert(0, vec![choice]);
        }
        _ => {}
    }
}

fn monotone(plugin: &Plugin, case: &Case) -> Result<(), String> {
    let before = outcomes(plugin, case)?;
    let mut better = case.clone();
    let Items::Polls(polls) = &mut better.items else { return Ok(()) };
    for (poll, outcome) in polls.iter_mut().zip(&before) {
        let len = poll.casts.len().max(1);
        if let (Some(types::Outcome::Accepted(chosen)), Some(cast)) =
            (outcome, poll.casts.get_mut(usize::from(case.twist) % len))
        {
            likes(&mut cast.ballot, *chosen);
        }
    }
    let after = outcomes(plugin, &better)?;
    let harmed = before
        .iter()
        .zip(&after)
        .find(|(before, after)| matches!(before, Some(types::Outcome::Accepted(_))) && before != after);
    match harmed {
        Some((before, after)) => Err(format!("with one ballot more for it, {before:?} became {after:?}")),
        None => Ok(()),
    }
}

pub(super) const NO_SHOW: Law =
    Law { name: "no-show", says: "nobody is better off for having stayed away", holds: no_show };

/// How a ballot likes what comes of a vote, the less the better; nothing, where it does not say.
fn liking(ballot: &types::Ballot, outcome: Option<&types::Outcome>, poll: &types::Poll) -> Option<usize> {
    let chosen = match outcome? {
        types::Outcome::Accepted(row) => *row,
        types::Outcome::Rejected => poll.status_quo.unwrap_or(u32::MAX),
        types::Outcome::NoQuorum | types::Outcome::Tied(_) => return None,
    };
    Some(match ballot {
        types::Ballot::Yes => usize::from(chosen == u32::MAX),
        types::Ballot::No | types::Ballot::Object => usize::from(chosen != u32::MAX),
        types::Ballot::Approve(rows) => usize::from(!rows.contains(&chosen)),
        types::Ballot::Score(points) => {
            usize::MAX - points.get(chosen as usize).copied().unwrap_or_default() as usize
        }
        types::Ballot::Rank(places) => {
            places.iter().position(|place| place.contains(&chosen)).unwrap_or(places.len())
        }
        types::Ballot::Abstain | types::Ballot::Advise => return None,
    })
}

fn no_show(plugin: &Plugin, case: &Case) -> Result<(), String> {
    let Items::Polls(polls) = &case.items else { return Ok(()) };
    let absent = turned(case, |poll| {
        if !poll.casts.is_empty() {
            poll.casts.remove(usize::from(case.twist) % poll.casts.len());
        }
    });
    let (there, away) = (outcomes(plugin, case)?, outcomes(plugin, &absent)?);
    for ((there, away), poll) in there.iter().zip(&away).zip(polls) {
        let Some(cast) = poll.casts.get(usize::from(case.twist) % poll.casts.len().max(1)) else { continue };
        let how = |outcome: &Option<types::Outcome>| liking(&cast.ballot, outcome.as_ref(), poll);
        if let (Some(voted), Some(stayed)) = (how(there), how(away))
            && stayed < voted
        {
            return Err(format!("whoever said {:?} got {there:?}, and would have got {away:?}", cast.ballot));
        }
    }
    Ok(())
}
