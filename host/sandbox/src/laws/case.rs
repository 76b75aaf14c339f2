//! A case: what a plugin is asked, in the shape that its manifest gives it. What its needs find is what the books would
//! find: rows of the need's class that point at what the item names.

use serde::{Deserialize, Serialize};
use valueflows::Surface;

use super::draw::{Draw, Row};
use super::found::found;
use super::tables::Tables;
use crate::manifest::{Manifest, SettingKind, SettingSpec};
use crate::types;

/// What somebody could ask at this instant: the morning of a day in 2027.
pub(super) const NOW: i64 = 1_800_000_000_000_000;
pub(super) const DAY_US: i64 = 86_400_000_000;
/// Words that rules of this program know their records by.
const WORDS: [&str; 7] = ["loan", "return", "fee", "deposit", "late-fee", "dangerous", "other"];
/// Acts that policies know.
const ACTS: [&str; 4] = ["borrow", "transferCustody", "work", "raise"];
const ACTIONS: [types::Action; 6] = [
    types::Action::TransferCustody,
    types::Action::Transfer,
    types::Action::Work,
    types::Action::Produce,
    types::Action::Use,
    types::Action::Consume,
];

/// What a plugin is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// What is known.
    pub context: types::Context,
    /// What is asked.
    pub items: Items,
    /// How a law turns the case round.
    pub twist: u8,
}

/// The items of a world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "one a world, described in wit/")]
pub enum Items {
    Acts(Vec<types::Act>),
    Deals(Vec<types::Deal>),
    Causes(Vec<types::Cause>),
    Asks(Vec<types::Ask>),
    Polls(Vec<types::Poll>),
}

/// What an item names, by kind.
#[derive(Debug, Clone, Default)]
pub(super) struct Named {
    pub principal: Vec<u32>,
    pub provider: Vec<u32>,
    pub receiver: Vec<u32>,
    pub stock: Vec<u32>,
    pub agreement: Vec<u32>,
    pub spec: Vec<u32>,
}

/// A number as a row of so many; a quarter of them point nowhere, zero among them.
pub(super) fn row(n: u8, of: usize) -> Option<u32> {
    (!n.is_multiple_of(4) && of > 0).then(|| u32::from(n / 4) % of as u32)
}

/// The same where something has to be pointed at; the first, where there is any.
pub(super) fn some_row(n: u8, of: usize) -> u32 {
    row(n | 1, of).unwrap_or_default()
}

pub(super) fn at(row: &Row, n: usize, bit: u8) -> Option<i64> {
    let days = row.days.get(n).copied().unwrap_or_default();
    (row.has & (1 << bit) != 0).then_some(NOW + i64::from(days) * DAY_US)
}

pub(super) fn action(n: u8) -> types::Action {
    pick(&ACTIONS, n).unwrap_or(types::Action::Cite)
}

impl Case {
    pub(crate) fn of(manifest: &Manifest, draw: &Draw) -> Case {
        let mut context = Tables { draw, words: &words(manifest) }.context();
        context.settings = settings(manifest, draw);
        if manifest.world == Surface::Tally || manifest.answers(crate::Answering::Allocate) {
            context.seed = vec![draw.twist; 32];
        }
        let (items, named) = items(manifest, draw, &context);
        let found = manifest.needs.iter().map(|need| found(&context, need, &named)).collect();
        context.found = found;
        Case { context, items, twist: draw.twist }
    }

    /// The same with one item alone, and what was found for it.
    pub(crate) fn alone(&self, n: usize) -> Case {
        let mut one = self.clone();
        for found in &mut one.context.found {
            let at = |n: usize| found.starts.get(n).map_or(0, |start| *start as usize);
            let rows = found.rows.get(at(n)..at(n + 1)).unwrap_or_default().to_vec();
            let cut = if found.cut.contains(&(n as u32)) { vec![0] } else { Vec::new() };
            *found = types::Found { need: found.need.clone(), starts: vec![0, rows.len() as u32], rows, cut };
        }
        fn nth<T: Clone>(items: &[T], n: usize) -> Vec<T> {
            items.get(n).cloned().into_iter().collect()
        }
        one.items = match &self.items {
            Items::Acts(items) => Items::Acts(nth(items, n)),
            Items::Deals(items) => Items::Deals(nth(items, n)),
            Items::Causes(items) => Items::Causes(nth(items, n)),
            Items::Asks(items) => Items::Asks(nth(items, n)),
            Items::Polls(items) => Items::Polls(nth(items, n)),
        };
        one
    }

    /// How many items there are.
    pub(crate) fn len(&self) -> usize {
        match &self.items {
            Items::Acts(items) => items.len(),
            Items::Deals(items) => items.len(),
            Items::Causes(items) => items.len(),
            Items::Asks(items) => items.len(),
            Items::Polls(items) => items.len(),
        }
    }
}

/// The words that records and voters are classified by: the manifest's own among them.
fn words(manifest: &Manifest) -> Vec<String> {
    let own = manifest.needs.iter().filter_map(|need| need.classified.clone());
    let choices = manifest.settings.values().flat_map(|spec| spec.choices.iter().cloned());
    own.chain(choices).chain(WORDS.iter().map(|word| (*word).to_owned())).collect()
}

pub(super) fn word(words: &[String], n: u8) -> String {
    words.get(usize::from(n) % words.len().max(1)).cloned().unwrap_or_default()
}

fn pick<T: Copy>(list: &[T], n: u8) -> Option<T> {
    list.get(usize::from(n) % list.len().max(1)).copied()
}

/// Settings within the bounds of the manifest. Amounts are mostly of one unit, as those of real rules are.
fn settings(manifest: &Manifest, draw: &Draw) -> Vec<types::Setting> {
    let usual = draw.settings.first().map_or(0, |(_, n)| *n);
    let drawn = draw.settings.iter().cycle().skip(1);
    let each = manifest.settings.iter().zip(drawn);
    let value = |spec: &SettingSpec, n: i64, of: u8| {
        let unit = some_row(if of % 16 == 1 { of } else { usual.max(1) }, draw.scales.len());
        let scale = draw.scales.get(unit as usize).copied().unwrap_or_default();
        let one = if spec.kind == SettingKind::Amount { 10i64.pow(u32::from(scale)) } else { 1 };
        let least = spec.least.unwrap_or(0).saturating_mul(one);
        let greatest = spec.greatest.unwrap_or(1_000_000).saturating_mul(one);
        let within = least + n.rem_euclid((greatest - least).max(0).saturating_add(1));
        match spec.kind {
            SettingKind::Number => types::Value::Number(within),
            SettingKind::Amount => types::Value::Amount(types::Quantity { amount: within, unit }),
            SettingKind::Flag => types::Value::YesNo(of % 2 == 1),
            SettingKind::Unit => types::Value::Unit(unit),
            SettingKind::Agent => types::Value::Agent(some_row(of, draw.agents.len())),
            SettingKind::Spec => row(of, draw.specs.len()).map_or(types::Value::Absent, types::Value::Spec),
            SettingKind::Text => types::Value::Text(match spec.choices.is_empty() {
                true => pick(&WORDS, of).unwrap_or_default().to_owned(),
                false => word(&spec.choices, of),
            }),
        }
    };
    each.map(|((name, spec), (n, of))| types::Setting { name: name.clone(), value: value(spec, *n, *of) })
        .collect()
}

fn items(manifest: &Manifest, draw: &Draw, context: &types::Context) -> (Items, Vec<Named>) {
    let each = draw.items.iter();
    match manifest.world {
        Surface::Access => {
            let (items, named) = each.map(|row| act(row, context)).unzip();
            (Items::Acts(items), named)
        }
        Surface::Pricing => {
            let (items, named) = each.map(|row| deal(row, context)).unzip();
            (Items::Deals(items), named)
        }
        Surface::Duties => {
            let (items, named) = each.filter_map(|row| cause(row, context)).unzip();
            (Items::Causes(items), named)
        }
        Surface::Matching => super::matching::asks(manifest, each, context),
        Surface::Tally => {
            let polls = super::tally::polls(draw, &words_of_chambers(manifest, context));
            let named = polls.iter().map(|_| Named::default()).collect();
            (Items::Polls(polls), named)
        }
    }
}

/// The roles that a tally may know: those that its settings name.
fn words_of_chambers(manifest: &Manifest, context: &types::Context) -> Vec<String> {
    let named = context.settings.iter().filter_map(|setting| match &setting.value {
        types::Value::Text(text) => Some(text.clone()),
        _ => None,
    });
    named.chain(words(manifest)).take(4).collect()
}

fn act(row: &Row, context: &types::Context) -> (types::Act, Named) {
    let [p, r, s, k, a, w] = row.points;
    let (agents, units) = (context.agents.len(), context.units.len());
    let quantity = |amount: Option<(i64, u8)>| {
        amount.map(|(amount, unit)| types::Quantity { amount, unit: some_row(unit, units) })
    };
    let act = types::Act {
        name: pick(&ACTS, row.word).unwrap_or_default().to_owned(),
        principal: some_row(w, agents),
        action: (row.has & 8 != 0).then(|| action(w)),
        provider: self::row(p, agents),
        receiver: self::row(r, agents),
        stock: self::row(s, context.stocks.len()),
        spec: self::row(k, context.specs.len()),
        agreement: self::row(a, context.agreements.len()),
        quantity: quantity(row.amount),
        effort: quantity(row.effort),
        begins: at(row, 0, 0),
        ends: at(row, 1, 1),
        due: at(row, 2, 2),
    };
    let named = Named {
        principal: vec![act.principal],
        provider: act.provider.into_iter().collect(),
        receiver: act.receiver.into_iter().collect(),
        stock: act.stock.into_iter().collect(),
        agreement: act.agreement.into_iter().collect(),
        spec: act.spec.into_iter().collect(),
    };
    (act, named)
}

fn deal(row: &Row, context: &types::Context) -> (types::Deal, Named) {
    let [p, r, s, k, _, w] = row.points;
    let agents = context.agents.len();
    let deal = types::Deal {
        provider: some_row(p, agents),
        receiver: some_row(r, agents),
        stock: self::row(s, context.stocks.len()),
        spec: self::row(k, context.specs.len()),
        quantity: row
            .amount
            .map(|(amount, unit)| types::Quantity { amount, unit: some_row(unit, context.units.len()) }),
        begins: NOW,
        ends: NOW + i64::from(row.days[0].unsigned_abs()) * DAY_US,
    };
    let named = Named {
        principal: vec![some_row(w, agents)],
        provider: vec![deal.provider],
        receiver: vec![deal.receiver],
        stock: deal.stock.into_iter().collect(),
        spec: deal.spec.into_iter().collect(),
        ..Named::default()
    };
    (deal, named)
}

/// Nothing, where nothing has happened that anything could follow from.
fn cause(row: &Row, context: &types::Context) -> Option<(types::Cause, Named)> {
    let [of, ..] = row.points;
    let promise = || (!context.commitments.is_empty()).then(|| some_row(of, context.commitments.len()));
    let (cause, parties) = match row.word % 3 {
        0 => {
            let happened = (!context.events.is_empty()).then(|| some_row(of, context.events.len()))?;
            let event = context.events.get(happened as usize)?;
            let parties = (event.provider, event.receiver, event.stock, event.spec, event.agreement);
            (types::Cause::Happened(happened), parties)
        }
        kind => {
            let row_of = promise()?;
            let made = context.commitments.get(row_of as usize)?;
            let parties = (made.provider, made.receiver, made.stock, made.spec, made.agreement);
            let late_us = i64::from(row.days[0].unsigned_abs()) * DAY_US;
            let cause = match (kind, made.due) {
                (1, Some(due)) => types::Cause::FellDue(types::Fallen { promise: row_of, at: due + late_us }),
                _ => types::Cause::Promised(row_of),
            };
            (cause, parties)
        }
    };
    let (provider, receiver, stock, spec, agreement) = parties;
    let named = Named {
        principal: provider.into_iter().collect(),
        provider: provider.into_iter().collect(),
        receiver: receiver.into_iter().collect(),
        stock: stock.into_iter().collect(),
        agreement: agreement.into_iter().collect(),
        spec: spec.into_iter().collect(),
    };
    Some((cause, named))
}

/// What a wish names: who looks, and what the candidates name.
pub(super) fn wished(wish: &types::Wish, context: &types::Context) -> Named {
    let offers = || wish.candidates.iter().filter_map(|row| context.intents.get(*row as usize));
    Named {
        principal: vec![wish.seeker],
        receiver: vec![wish.seeker],
        provider: offers().filter_map(|offer| offer.provider).collect(),
        stock: offers().filter_map(|offer| offer.stock).collect(),
        ..Named::default()
    }
}
