//! Laws of `pricing`.

use std::collections::BTreeMap;

use super::Law;
use super::every::{is_amount, say};
use crate::call::Plugin;
use crate::case::{Case, Items, Verdicts};
use crate::limits::ANSWER_LIST_MAX;
use crate::manifest::Claim;
use crate::types;

const DAY_US: i64 = 86_400_000_000;

pub(super) const AMOUNTS: Law = Law {
    name: "amounts",
    says: "every line is of a unit and for a payee that is there, exact, and takes nothing off nothing",
    holds: amounts,
};

fn amounts(plugin: &Plugin, case: &Case) -> Result<(), String> {
    let (Verdicts::Quote(verdicts), _) = say(plugin, case)? else { return Ok(()) };
    let negative = plugin.manifest.laws.contains(&Claim::Negative);
    for lines in verdicts.iter().filter_map(quoted) {
        if lines.len() > ANSWER_LIST_MAX {
            return Err(format!("it quotes {} lines at once", lines.len()));
        }
        for line in lines {
            if !is_amount(&line.quantity, &case.context) {
                return Err(format!("the line `{}` is of a unit that is not there, or too large", line.code));
            }
            if line.quantity.amount < 0 && !negative {
                return Err(format!(
                    "the line `{}` is below nothing, and `laws` does not say `negative`",
                    line.code
                ));
            }
            if line.payee.is_some_and(|payee| payee as usize >= case.context.agents.len()) {
                return Err(format!("the line `{}` is for somebody who is not there", line.code));
            }
        }
        if let Some((_, sum)) = sums(lines).into_iter().find(|(_, sum)| *sum < 0) {
            return Err(format!("what is to be paid to one payee in one unit comes to {sum}"));
        }
    }
    Ok(())
}

fn quoted(verdict: &types::QuoteVerdict) -> Option<&[types::Line]> {
    match verdict {
        types::QuoteVerdict::Quoted(lines) => Some(lines),
        types::QuoteVerdict::Refused(_) | types::QuoteVerdict::Unable(_) => None,
    }
}

/// What is to be paid of each kind, to each payee, in each unit.
fn sums(lines: &[types::Line]) -> BTreeMap<(u8, Option<u32>, u32), i64> {
    let mut sums = BTreeMap::new();
    for line in lines {
        *sums.entry((line.kind as u8, line.payee, line.quantity.unit)).or_default() += line.quantity.amount;
    }
    sums
}

pub(super) const MONOTONE: Law =
    Law { name: "monotone", says: "for longer, or for more, it never asks for less", holds: monotone };

fn monotone(plugin: &Plugin, case: &Case) -> Result<(), String> {
    let Items::Deals(deals) = &case.items else { return Ok(()) };
    let mut more = case.clone();
    let grown = deals.iter().map(|deal| types::Deal {
        ends: deal.ends + i64::from(case.twist % 30 + 1) * DAY_US,
        quantity: deal
            .quantity
            .map(|quantity| types::Quantity { amount: quantity.amount * 2 + 1, ..quantity }),
        ..*deal
    });
    more.items = Items::Deals(grown.collect());
    let (Verdicts::Quote(less), Verdicts::Quote(more)) = (say(plugin, case)?.0, say(plugin, &more)?.0) else {
        return Ok(());
    };
    for (less, more) in less.iter().zip(&more) {
        let (Some(less), Some(more)) = (quoted(less), quoted(more)) else { continue };
        let after = sums(more);
        if let Some((_, sum)) =
            sums(less).iter().find(|(key, sum)| after.get(*key).copied().unwrap_or_default() < **sum)
        {
            return Err(format!(
                "something that came to {sum} costs less when it is for longer, or for more"
            ));
        }
    }
    Ok(())
}
