//! Schulze: of several choices, the one that no other defeats along the strongest path of duels. A duel is as strong as
//! the ballots that put its winner before its loser, and a path as its weakest duel.
//!
//! Source: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner
//! election method", 2011.

use sdk::tally::{Ballot, Counted, Outcome, Poll, Tally, Verdict};
use sdk::{Asked, because};

struct Schulze;

impl Tally for Schulze {
    fn count(poll: &Asked<Poll>) -> Verdict {
        let choices = poll.choices as usize;
        let ranks = poll.casts.iter().filter_map(|cast| match &cast.ballot {
            Ballot::Rank(places) => places_of(places, choices),
            _ => None,
        });
        let ranks: Vec<Vec<usize>> = ranks.collect();
        let paths = strongest(&ranks, choices);
        let beats = |one: usize, other: usize| paths[one][other] > paths[other][one];
        let all = 0..choices;
        let wins = |one: &usize| all.clone().filter(|other| beats(*one, *other)).count() as i64;
        let numbers: Vec<i64> = all.clone().map(|one| wins(&one)).collect();
        let unbeaten = |one: &usize| !all.clone().any(|other| beats(other, *one));
        let winners: Vec<u32> = all.clone().filter(unbeaten).map(|one| one as u32).collect();
        let (outcome, why) = match winners[..] {
            _ if ranks.is_empty() => (Outcome::Rejected, because("nobody")),
            [winner] => (Outcome::Accepted(winner), because("wins").with(numbers[winner as usize])),
            _ => (Outcome::Tied(winners.clone()), because("equal").with(winners.len() as i64)),
        };
        Verdict::Counted(Counted { outcome, numbers, because: vec![why] })
    }
}

/// The place of each choice, those that are not named in the last; none of a ballot that names one twice, or one that is
/// none.
fn places_of(places: &[Vec<u32>], choices: usize) -> Option<Vec<usize>> {
    let mut found = vec![places.len(); choices];
    for (place, named) in places.iter().enumerate() {
        for choice in named {
            let known = found.get_mut(*choice as usize)?;
            if std::mem::replace(known, place) != places.len() {
                return None;
            }
        }
    }
    Some(found)
}

/// The strength of the strongest path from each choice to each other.
fn strongest(ranks: &[Vec<usize>], choices: usize) -> Vec<Vec<usize>> {
    let before = |one: usize, other: usize| ranks.iter().filter(|places| places[one] < places[other]).count();
    let duel = |one, other| Some(before(one, other)).filter(|won| *won > before(other, one)).unwrap_or(0);
    let mut paths: Vec<Vec<usize>> =
        (0..choices).map(|one| (0..choices).map(|other| duel(one, other)).collect()).collect();
    for by in 0..choices {
        for one in 0..choices {
            for other in 0..choices {
                let detour = paths[one][by].min(paths[by][other]);
                paths[one][other] = paths[one][other].max(detour);
            }
        }
    }
    paths
}

sdk::tally!(Schulze);
