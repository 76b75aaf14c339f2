//! A case: what a plugin is asked, in the shape that its manifest gives it. What its needs find is what the books would
//! find: rows of the need's class that point at what the item names.

use valueflows::Surface;

use super::draw::{Draw, Row};
use super::tables::Tables;
use crate::case::{Case, Items};
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
    pub(super) fn of(manifest: &Manifest, draw: &Draw) -> Case {
        let mut context = Tables { draw, words: &words(manifest) }.context();
        context.settings = settings(manifest, draw);
        if manifest.world == Surface::Tally || manifest.answers(crate::Answering::Allocate) {
            context.seed = vec![draw.twist; 32];
        }
        let items = items(manifest, draw, &context);
        let mut case = Case { context, items, twist: draw.twist };
        case.find(manifest);
        case
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

fn items(manifest: &Manifest, draw: &Draw, context: &types::Context) -> Items {
    let each = draw.items.iter();
    match manifest.world {
        Surface::Access => Items::Acts(each.map(|row| act(row, context)).collect()),
        Surface::Pricing => Items::Deals(each.map(|row| deal(row, context)).collect()),
        Surface::Duties => Items::Causes(each.filter_map(|row| cause(row, context)).collect()),
        Surface::Matching => Items::Asks(super::matching::asks(manifest, each, context)),
        Surface::Tally => Items::Polls(super::tally::polls(draw, &words_of_chambers(manifest, context))),
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

fn act(row: &Row, context: &types::Context) -> types::Act {
    let [p, r, s, k, a, w] = row.points;
    let (agents, units) = (context.agents.len(), context.units.len());
    let quantity = |amount: Option<(i64, u8)>| {
        amount.map(|(amount, unit)| types::Quantity { amount, unit: some_row(unit, units) })
    };
    types::Act {
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
    }
}

fn deal(row: &Row, context: &types::Context) -> types::Deal {
    let [p, r, s, k, ..] = row.points;
    let agents = context.agents.len();
    types::Deal {
        provider: some_row(p, agents),
        receiver: some_row(r, agents),
        stock: self::row(s, context.stocks.len()),
        spec: self::row(k, context.specs.len()),
        quantity: row
            .amount
            .map(|(amount, unit)| types::Quantity { amount, unit: some_row(unit, context.units.len()) }),
        begins: NOW,
        ends: NOW + i64::from(row.days[0].unsigned_abs()) * DAY_US,
    }
}

/// Nothing, where nothing has happened that anything could follow from.
fn cause(row: &Row, context: &types::Context) -> Option<types::Cause> {
    let [of, ..] = row.points;
    let some = |len: usize| (len > 0).then(|| some_row(of, len));
    if row.word.is_multiple_of(3) {
        return some(context.events.len()).map(types::Cause::Happened);
    }
    let promise = some(context.commitments.len())?;
    let late_us = i64::from(row.days[0].unsigned_abs()) * DAY_US;
    Some(match (row.word % 3, context.commitments.get(promise as usize)?.due) {
        (1, Some(due)) => types::Cause::FellDue(types::Fallen { promise, at: due + late_us }),
        _ => types::Cause::Promised(promise),
    })
}
