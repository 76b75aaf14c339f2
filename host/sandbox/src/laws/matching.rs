//! Cases and laws of `matching`.

use std::collections::BTreeMap;

use super::Law;
use super::draw::Row;
use super::every::say;
use super::made_up::some_row;
use crate::call::Plugin;
use crate::case::{Case, Items, Verdicts};
use crate::manifest::{Answering, Manifest};
use crate::types;

/// What is asked, of what the manifest says that it answers.
pub(super) fn asks<'a>(
    manifest: &Manifest,
    rows: impl Iterator<Item = &'a Row>,
    context: &types::Context,
) -> Vec<types::Ask> {
    let answers = [Answering::Rank, Answering::WhyNot, Answering::Allocate];
    let asked: Vec<Answering> = answers.into_iter().filter(|asked| manifest.answers(*asked)).collect();
    let one = |row: &Row| {
        let all = 0..context.intents.len() as u32;
        let kept = |n: &u32| row.points.get(*n as usize % 6).is_none_or(|bits| bits % 4 != 0);
        let candidates: Vec<u32> = all.clone().filter(kept).collect();
        let most = u32::from(row.word % 8) + 1;
        let wish = types::Wish { seeker: some_row(row.points[0], context.agents.len()), candidates, most };
        match asked.get(usize::from(row.has) % asked.len().max(1)) {
            Some(Answering::WhyNot) => {
                let about = some_row(row.points[1], context.intents.len());
                types::Ask::WhyNot(types::Doubt { wish, about })
            }
            Some(Answering::Allocate) => {
                let gives =
                    |n: &u32| context.intents.get(*n as usize).is_some_and(|one| one.provider.is_some());
                let (offers, needs) = all.partition(gives);
                types::Ask::Allocate(types::Round { offers, needs })
            }
            Some(Answering::Rank) | None => types::Ask::Rank(wish),
        }
    };
    rows.map(one).collect()
}

pub(super) const FEASIBLE: Law = Law {
    name: "feasible",
    says: "it ranks candidates alone, each once, and no more than were asked for",
    holds: feasible,
};

fn feasible(plugin: &Plugin, case: &Case) -> Result<(), String> {
    for (wish, ranking) in rankings(plugin, case)? {
        if ranking.len() > wish.most as usize {
            return Err(format!("it ranked {} of at most {}", ranking.len(), wish.most));
        }
        let mut seen = std::collections::BTreeSet::new();
        for candidate in &ranking {
            if !wish.candidates.contains(candidate) {
                return Err(format!("it ranked row {candidate}, which is no candidate"));
            }
            if !seen.insert(*candidate) {
                return Err(format!("it ranked row {candidate} twice"));
            }
        }
    }
    Ok(())
}

/// What it said of what was asked, each with the question.
fn said<T>(
    plugin: &Plugin,
    case: &Case,
    of: fn(types::MatchVerdict, &types::Ask) -> Option<T>,
) -> Result<Vec<T>, String> {
    let (Verdicts::Match(verdicts), Items::Asks(asks)) = (say(plugin, case)?.0, &case.items) else {
        return Ok(Vec::new());
    };
    Ok(verdicts.into_iter().zip(asks).filter_map(|(verdict, ask)| of(verdict, ask)).collect())
}

/// What it ranked, by wish.
fn rankings(plugin: &Plugin, case: &Case) -> Result<Vec<(types::Wish, Vec<u32>)>, String> {
    said(plugin, case, |verdict, ask| match (verdict, ask) {
        (types::MatchVerdict::Ranking(ranking), types::Ask::Rank(wish)) => {
            Some((wish.clone(), ranking.into_iter().map(|ranked| ranked.candidate).collect()))
        }
        _ => None,
    })
}

pub(super) const STABLE: Law = Law {
    name: "stable",
    says: "in whatever order the candidates are named, it ranks them in the same",
    holds: stable,
};

fn stable(plugin: &Plugin, case: &Case) -> Result<(), String> {
    let mut turned = case.clone();
    if let Items::Asks(asks) = &mut turned.items {
        for ask in asks {
            if let types::Ask::Rank(wish) = ask {
                turn(&mut wish.candidates, case.twist);
            }
        }
    }
    let order = |case: &Case| -> Result<Vec<Vec<u32>>, String> {
        Ok(rankings(plugin, case)?.into_iter().map(|(_, ranking)| ranking).collect())
    };
    match order(case)? == order(&turned)? {
        true => Ok(()),
        false => Err("with its candidates named in another order, it ranked them in another".to_owned()),
    }
}

/// Another order, by a number.
pub(super) fn turn<T>(list: &mut [T], twist: u8) {
    match twist % 2 {
        1 => list.reverse(),
        _ if list.is_empty() => {}
        _ => list.rotate_left(usize::from(twist / 2) % list.len()),
    }
}

pub(super) const ALLOCATES: Law = Law {
    name: "allocates",
    says: "it gives no more than is offered, of what is offered, to needs of the round, and says of each need what it gets",
    holds: allocates,
};

fn allocations(plugin: &Plugin, case: &Case) -> Result<Vec<(types::Round, types::Allocation)>, String> {
    said(plugin, case, |verdict, ask| match (verdict, ask) {
        (types::MatchVerdict::Allocated(allocation), types::Ask::Allocate(round)) => {
            Some((round.clone(), allocation))
        }
        _ => None,
    })
}

fn allocates(plugin: &Plugin, case: &Case) -> Result<(), String> {
    for (round, allocation) in allocations(plugin, case)? {
        let mut given: BTreeMap<u32, i64> = BTreeMap::new();
        for grant in &allocation.grants {
            if !round.offers.contains(&grant.offer) || !round.needs.contains(&grant.need) {
                return Err("it grants what is not in the round".to_owned());
            }
            let offer = case.context.intents.get(grant.offer as usize).and_then(|offer| offer.available);
            let Some(offer) = offer.filter(|offer| offer.unit == grant.quantity.unit) else {
                return Err(format!("it gives of offer {} in a unit that it is not offered in", grant.offer));
            };
            if grant.quantity.amount <= 0 {
                return Err(format!("it grants {} of offer {}", grant.quantity.amount, grant.offer));
            }
            let sum = given.entry(grant.offer).or_default();
            *sum += grant.quantity.amount;
            if *sum > offer.amount {
                return Err(format!("it gives {sum} of offer {}, which has {}", grant.offer, offer.amount));
            }
        }
        let served = |need: &u32| {
            allocation.grants.iter().any(|grant| grant.need == *need)
                != allocation.left.iter().any(|left| left.need == *need)
        };
        if let Some(need) = round.needs.iter().find(|need| !served(need)) {
            return Err(format!("need {need} neither gets something nor is told why not, or both"));
        }
    }
    Ok(())
}

pub(super) const ALLOCATES_STABLY: Law = Law {
    name: "allocates-stably",
    says: "in whatever order offers and needs are named, it gives the same to the same",
    holds: allocates_stably,
};

fn allocates_stably(plugin: &Plugin, case: &Case) -> Result<(), String> {
    let mut turned = case.clone();
    if let Items::Asks(asks) = &mut turned.items {
        for ask in asks {
            if let types::Ask::Allocate(round) = ask {
                turn(&mut round.offers, case.twist);
                turn(&mut round.needs, case.twist);
            }
        }
    }
    let grants = |case: &Case| -> Result<Vec<_>, String> {
        let sorted = |(_, allocation): (_, types::Allocation)| {
            let grants = allocation.grants.iter();
            let mut grants: Vec<_> =
                grants.map(|grant| (grant.offer, grant.need, grant.quantity.amount)).collect();
            grants.sort_unstable();
            grants
        };
        Ok(allocations(plugin, case)?.into_iter().map(sorted).collect())
    };
    match grants(case)? == grants(&turned)? {
        true => Ok(()),
        false => Err("with offers and needs named in another order, it gives something else".to_owned()),
    }
}
