//! Looking forward: when everything can be there, what is late, and what decides it.

use std::collections::HashMap;

use valueflows::{Id, Instant};

use super::supply::LotOf;
use super::{Demand, Draft, Met, Needs, Source, Supply};

/// Fills in the earliest times of a draft, how its demands come out, and its critical chains.
pub(super) fn settle(draft: &mut Draft, demands: &[Demand], supply: &Supply, now: Instant) {
    let coming: HashMap<Id, Instant> = supply
        .lots()
        .iter()
        .filter_map(|lot| match lot.of {
            LotOf::Coming(id) => Some((id, lot.ready)),
            _ => None,
        })
        .collect();
    // For each process and each demand, what it waits for: the process that makes it, or the time at which it comes.
    let maker = |draft: &Draft, output: usize| draft.outputs.get(output).map(|output| output.of);
    let mut waits: Vec<Vec<usize>> = vec![Vec::new(); draft.runs.len()];
    let mut comes: Vec<Instant> = vec![now; draft.runs.len()];
    let mut serves: Vec<Vec<usize>> = vec![Vec::new(); draft.runs.len()];
    let mut wanted: Vec<(Vec<usize>, Instant)> = vec![(Vec::new(), now); demands.len()];
    for input in &draft.inputs {
        let (made, at) = match &input.source {
            Source::Made(output) => (maker(draft, *output), now),
            Source::Coming(id) => (None, coming.get(id).copied().unwrap_or(now)),
            _ => (None, now),
        };
        match input.by {
            Needs::Run(run) => {
                if let Some(made) = made {
                    waits.iter_mut().skip(run).take(1).for_each(|waits| waits.push(made));
                    serves.iter_mut().skip(made).take(1).for_each(|serves| serves.push(run));
                }
                comes.iter_mut().skip(run).take(1).for_each(|comes| *comes = (*comes).max(at));
            }
            Needs::Demand(demand) => {
                if let Some((runs, comes)) = wanted.get_mut(demand) {
                    runs.extend(made);
                    *comes = (*comes).max(at);
                }
            }
            // What is given in an exchange does not hold up what is got.
            Needs::Deal(_) => {}
        }
    }
    let last = forward(draft, &waits, &serves, &comes);
    for (demand, (runs, comes)) in demands.iter().zip(&wanted) {
        let ends = |run: &usize| draft.runs.get(*run).map(|run| run.earliest.plus_us(run.duration_us));
        let decides = runs.iter().max_by_key(|run| ends(run)).copied();
        let ready = decides.as_ref().and_then(ends).map_or(*comes, |ends| ends.max(*comes));
        let late_us = ready.0.saturating_sub(demand.due.0).max(0);
        draft.met.push(Met { ready, late_us });
        // The chain that decides: from the process that ends last to the one that waits for nothing.
        let mut at = decides;
        while let Some(run) = at.and_then(|n| draft.runs.get_mut(n)) {
            run.critical = true;
            at = at.and_then(|n| last.get(n).copied().flatten());
        }
    }
}

/// The earliest time of each process, those first that wait for nothing; and for each, which one it waits for longest.
fn forward(
    draft: &mut Draft,
    waits: &[Vec<usize>],
    serves: &[Vec<usize>],
    comes: &[Instant],
) -> Vec<Option<usize>> {
    let mut left: Vec<usize> = waits.iter().map(Vec::len).collect();
    let mut ready: Vec<usize> =
        (0..waits.len()).filter(|n| waits.get(*n).is_some_and(Vec::is_empty)).collect();
    let mut last = vec![None; waits.len()];
    while let Some(n) = ready.pop() {
        let ends = |run: &usize| draft.runs.get(*run).map(|run| run.earliest.plus_us(run.duration_us));
        let longest = waits.get(n).into_iter().flatten().max_by_key(|run| ends(run)).copied();
        let comes = comes.get(n).copied().unwrap_or(Instant(0));
        let waited = longest.as_ref().and_then(ends);
        if waited.is_some_and(|waited| waited >= comes) {
            last.iter_mut().skip(n).take(1).for_each(|last| *last = longest);
        }
        if let Some(run) = draft.runs.get_mut(n) {
            run.earliest = waited.map_or(comes, |waited| waited.max(comes));
        }
        for served in serves.get(n).into_iter().flatten() {
            if let Some(left) = left.get_mut(*served) {
                *left = left.saturating_sub(1);
                if *left == 0 {
                    ready.push(*served);
                }
            }
        }
    }
    last
}
