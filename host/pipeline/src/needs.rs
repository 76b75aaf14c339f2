//! What a plugin's data needs find: rows of records that point at what an item names.

use std::collections::BTreeSet;

use ledger::{Key, Link, Missing, View};
use sandbox::Need;
use valueflows::{Action, Id, Instant, Prop, Record};

use crate::input::{Anchors, Item};
use crate::rules::Bound;

/// The questions that a plugin's needs ask about what an item names.
pub(crate) fn links<'a>(bound: &'a Bound, item: &'a Anchors) -> impl Iterator<Item = Link> + 'a {
    bound.plugin.manifest.needs.iter().filter_map(|need| link(need, item))
}

fn link(need: &Need, item: &Anchors) -> Option<Link> {
    let (class, prop) = need.resolve()?;
    Some(Link { class, prop, target: item.of(need.of)?, open: need.open })
}

/// The rows that one need found, for all items.
pub(crate) struct Found {
    pub starts: Vec<u32>,
    pub rows: Vec<Id>,
    pub cut: Vec<u32>,
}

/// The rows that each need of a plugin found, in the manifest's order.
pub(crate) fn needs(view: &View, bound: &Bound, now: Instant, items: &[Item]) -> Result<Vec<Found>, Missing> {
    let named = || items.iter().flat_map(|item| &item.anchors);
    let keys: Vec<Key> = named().flat_map(|anchors| links(bound, anchors)).map(Key::Linked).collect();
    view.require(&keys)?;
    let older = bound.plugin.is_older();
    let mut found = Vec::new();
    for need in &bound.plugin.manifest.needs {
        let mut one = Found { starts: vec![0], rows: Vec::new(), cut: Vec::new() };
        for (n, item) in items.iter().enumerate() {
            let (mut ids, mut cut) = (Vec::new(), false);
            for link in item.anchors.iter().filter_map(|anchors| link(need, anchors)) {
                let these = view.linked_ids(link)?;
                cut |= link.newest().is_some_and(|newest| these.len() >= newest)
                    && may_lack(view, since(need, now), &these)?;
                ids.extend(these);
            }
            let ids = narrowed(view, need, now, ids)?;
            let most = need.most as usize;
            if cut || ids.len() > most {
                one.cut.push(n as u32);
            }
            // Of too many, those that were built before it was said which stay were given the oldest.
            let skipped = if older { 0 } else { ids.len().saturating_sub(most) };
            let mut kept: Vec<Id> = ids.into_iter().skip(skipped).take(most).collect();
            if !older {
                kept.sort_unstable();
            }
            one.rows.extend(kept);
            one.starts.push(one.rows.len() as u32);
        }
        found.push(one);
    }
    Ok(found)
}

/// Only those that a need asks for, each once, in the order in which they were found.
fn narrowed(view: &View, need: &Need, now: Instant, ids: Vec<Id>) -> Result<Vec<Id>, Missing> {
    let mut seen = BTreeSet::new();
    let ids: Vec<Id> = ids.into_iter().filter(|id| seen.insert(*id)).collect();
    if need.actions.is_empty() && need.classified.is_none() && need.days.is_none() {
        return Ok(ids);
    }
    view.require(&ids.iter().map(|id| Key::Record(*id)).collect::<Vec<_>>())?;
    let actions: Vec<Action> = need.actions.iter().filter_map(|name| Action::named(name).ok()).collect();
    let since = since(need, now);
    let wanted = |record: &Record| {
        (actions.is_empty() || record.fields.action().is_some_and(|action| actions.contains(&action)))
            && need
                .classified
                .as_ref()
                .is_none_or(|class| record.fields.texts(Prop::ResourceClassifiedAs).contains(class))
            && since.is_none_or(|since| happened(record).is_none_or(|at| at >= since))
    };
    let mut kept = Vec::new();
    for id in ids {
        if view.record(id)?.is_some_and(|record| wanted(&record)) {
            kept.push(id);
        }
    }
    Ok(kept)
}

/// How far back a need looks.
fn since(need: &Need, now: Instant) -> Option<Instant> {
    need.days.map(|days| now.minute().plus_us(-i64::from(days) * Instant::DAY_US))
}

/// Whether something that a need asks for may stand before the newest, which were read. What this node wrote down itself has
/// its time by the books' own clock, and nothing that was written down before that happened later, but for what clocks differ.
fn may_lack(view: &View, since: Option<Instant>, newest: &[Id]) -> Result<bool, Missing> {
    let Some(since) = since else { return Ok(true) };
    view.require(&newest.iter().map(|id| Key::Record(*id)).collect::<Vec<_>>())?;
    for id in newest {
        let record = view.record(*id)?;
        let own = record.filter(|record| !record.fields.flag(Prop::Reported));
        if let Some(created) = own.and_then(|record| record.fields.instant(Prop::Created)) {
            return Ok(created.plus_us(ledger::limits::CLOCK_SKEW_US_MAX) >= since);
        }
    }
    Ok(true)
}

/// When something happened, or was written down.
fn happened(record: &Record) -> Option<Instant> {
    [Prop::HasPointInTime, Prop::Created, Prop::HasBeginning]
        .into_iter()
        .find_map(|prop| record.fields.instant(prop))
}
