//! Laws of every world, and those of `access` and `duties`.

use super::Law;
use super::draw::draws;
use crate::call::Plugin;
use crate::case::{Case, Items, Verdicts};
use crate::limits::{ANSWER_LIST_MAX, FIT_CASES};
use crate::types;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// What a plugin says to a case, and the fuel that it took.
pub(super) fn say(plugin: &Plugin, case: &Case) -> Result<(Verdicts, u64), String> {
    plugin.ask(case).map_err(|error| format!("it gave no answer ({})", error.class.as_str()))
}

pub(super) fn takes_settings(plugin: &Plugin, case: &Case) -> Result<(), String> {
    match plugin.check_settings(&case.context.settings, &case.context.units) {
        Ok(None) => Ok(()),
        Ok(Some(reason)) => Err(format!("its own check turns these settings away: `{}`", reason.code)),
        Err(error) => Err(format!("its own check gave no answer ({})", error.class.as_str())),
    }
}

pub(super) fn answers(plugin: &Plugin, case: &Case) -> Result<(), String> {
    say(plugin, case).map(drop)
}

pub(super) fn same_again(plugin: &Plugin, case: &Case) -> Result<(), String> {
    match say(plugin, case)? == say(plugin, case)? {
        true => Ok(()),
        false => Err("asked the same again, it said something else, or burnt other fuel".to_owned()),
    }
}

pub(super) fn alone_as_among_others(plugin: &Plugin, case: &Case) -> Result<(), String> {
    let (together, _) = say(plugin, case)?;
    for n in 0..case.len() {
        let (alone, _) = say(plugin, &case.alone(n))?;
        if together.nth(n) != alone {
            return Err(format!("about item {n} it said something else alone than among others"));
        }
    }
    Ok(())
}

pub(super) fn says_why(plugin: &Plugin, case: &Case) -> Result<(), String> {
    let (verdicts, _) = say(plugin, case)?;
    let mut codes: Vec<String> = Vec::new();
    let mut note = |reason: types::Reason| codes.push(reason.code);
    match verdicts {
        Verdicts::Gate(verdicts) => verdicts.into_iter().for_each(|verdict| match verdict {
            types::GateVerdict::Refused(refusal) => note(refusal.because),
            types::GateVerdict::Facts(_) | types::GateVerdict::Unable(_) => {}
        }),
        Verdicts::Quote(verdicts) => verdicts.into_iter().for_each(|verdict| match verdict {
            types::QuoteVerdict::Refused(because) => note(because),
            types::QuoteVerdict::Quoted(_) | types::QuoteVerdict::Unable(_) => {}
        }),
        Verdicts::Duty(_) => {}
        Verdicts::Match(verdicts) => verdicts.into_iter().for_each(|verdict| match verdict {
            types::MatchVerdict::Ranking(ranking) => {
                ranking.into_iter().for_each(|ranked| note(ranked.because));
            }
            types::MatchVerdict::Why(because) => note(because),
            types::MatchVerdict::Allocated(allocation) => {
                allocation.grants.into_iter().for_each(|grant| note(grant.because));
                allocation.left.into_iter().for_each(|left| note(left.because));
            }
            types::MatchVerdict::Unable(_) => {}
        }),
        Verdicts::Count(verdicts) => verdicts.into_iter().for_each(|verdict| match verdict {
            types::CountVerdict::Counted(counted) => counted.because.into_iter().for_each(&mut note),
            types::CountVerdict::Unable(_) => {}
        }),
    }
    match codes.into_iter().find(|code| !plugin.manifest.reasons.contains_key(code)) {
        Some(code) => Err(format!("it gave the reason `{code}`, which its manifest does not have")),
        None => Ok(()),
    }
}

pub(super) const FACTS: Law = Law {
    name: "facts",
    says: "it gives every fact that its manifest declares, each of its type",
    holds: facts,
};

fn facts(plugin: &Plugin, case: &Case) -> Result<(), String> {
    let (Verdicts::Gate(verdicts), _) = say(plugin, case)? else { return Ok(()) };
    let specs = plugin.manifest.facts.as_ref().map(|group| group.facts.as_slice()).unwrap_or_default();
    for verdict in verdicts {
        let values = match verdict {
            types::GateVerdict::Facts(values) => values,
            types::GateVerdict::Refused(refusal) => refusal.facts,
            types::GateVerdict::Unable(_) => continue,
        };
        if values.len() != specs.len() {
            return Err(format!("it gave {} facts instead of {}", values.len(), specs.len()));
        }
        for (spec, value) in specs.iter().zip(&values) {
            if !fits(spec, value, &case.context) {
                return Err(format!("the fact `{}` is {value:?}", spec.name));
            }
        }
    }
    Ok(())
}

/// Whether a value is a fact of its type, about what is there.
fn fits(spec: &valueflows::FactSpec, value: &types::Value, context: &types::Context) -> bool {
    use valueflows::FactKind;
    let exact = |n: i64| n.abs() < valueflows::limits::NUMBER_BOUND;
    match (spec.kind, value) {
        (_, types::Value::Absent) => spec.optional,
        (FactKind::Number, types::Value::Number(n)) | (FactKind::Instant, types::Value::Instant(n)) => {
            exact(*n)
        }
        (FactKind::Flag, types::Value::YesNo(_)) | (FactKind::Text, types::Value::Text(_)) => true,
        (FactKind::Amount, types::Value::Amount(quantity)) => is_amount(quantity, context),
        (FactKind::Agents, types::Value::Agents(rows)) => {
            rows.iter().all(|row| (*row as usize) < context.agents.len())
        }
        _ => false,
    }
}

/// Whether an amount is one: of a unit that is there, and exact in every language.
pub(super) fn is_amount(quantity: &types::Quantity, context: &types::Context) -> bool {
    quantity.amount.abs() < valueflows::limits::NUMBER_BOUND && (quantity.unit as usize) < context.units.len()
}

pub(super) const DUTIES: Law = Law {
    name: "duties",
    says: "what it obliges to is little, about people and things that are there, and never in the past",
    holds: duties,
};

fn duties(plugin: &Plugin, case: &Case) -> Result<(), String> {
    let (Verdicts::Duty(verdicts), _) = say(plugin, case)? else { return Ok(()) };
    let (context, Items::Causes(causes)) = (&case.context, &case.items) else { return Ok(()) };
    let there = |row: Option<u32>, len: usize| row.is_none_or(|row| (row as usize) < len);
    for (verdict, cause) in verdicts.into_iter().zip(causes) {
        let types::DutyVerdict::Duties(duties) = verdict else { continue };
        if duties.len() > ANSWER_LIST_MAX {
            return Err(format!("it obliges to {} things at once", duties.len()));
        }
        for duty in duties {
            match (duty, cause) {
                (types::Duty::Again(at), types::Cause::FellDue(fallen)) if at > fallen.at => {}
                (types::Duty::Again(_), _) => {
                    return Err(
                        "it asks again where nothing fell due, or at an instant that is past".to_owned()
                    );
                }
                (types::Duty::Commit(promise), _) => {
                    let parties = [promise.provider, promise.receiver];
                    let known = parties.into_iter().all(|row| there(Some(row), context.agents.len()))
                        && there(promise.stock, context.stocks.len())
                        && there(promise.spec, context.specs.len())
                        && there(promise.agreement, context.agreements.len());
                    if !known {
                        return Err("it obliges somebody to something that is not there".to_owned());
                    }
                    let amounts = [promise.quantity, promise.effort];
                    if amounts.iter().flatten().any(|amount| !is_amount(amount, context) || amount.amount < 0)
                    {
                        return Err("it obliges to an amount that cannot be".to_owned());
                    }
                }
            }
        }
    }
    Ok(())
}

/// Fuel of a call before its first item, and of each item more, fitted to calls of one item and of all of a case.
pub(super) fn fuel(plugin: &Plugin, seed: u64) -> (u64, u64) {
    let config = Config { rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let (mut alone, mut more, mut items) = (Vec::new(), 0u64, 0u64);
    for _ in 0..FIT_CASES {
        let Ok(tree) = draws().new_tree(&mut runner) else { continue };
        let case = Case::of(&plugin.manifest, &tree.current());
        let (Ok((_, all)), Ok((_, one))) = (say(plugin, &case), say(plugin, &case.alone(0))) else {
            continue;
        };
        alone.push(one);
        more += all.saturating_sub(one);
        items += (case.len() as u64).saturating_sub(1);
    }
    alone.sort_unstable();
    let per_item = more.checked_div(items).unwrap_or_default();
    let one = alone.get(alone.len() / 2).copied().unwrap_or_default();
    (one.saturating_sub(per_item), per_item)
}
