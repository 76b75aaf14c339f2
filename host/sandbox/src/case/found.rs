//! What needs find among the rows of a case: what the books would find.

use valueflows::{Class, Prop};

use super::Named;
use crate::actions::action_back;
use crate::manifest::{Anchor, Need};
use crate::types;
use valueflows::Instant;

/// What a need finds for each item: the rows of its class that point with its property at what the item names.
pub(super) fn find(context: &types::Context, need: &Need, named: &[Named]) -> types::Found {
    let mut found =
        types::Found { need: need.name.clone(), starts: vec![0], rows: Vec::new(), cut: Vec::new() };
    for (n, item) in named.iter().enumerate() {
        let targets = match need.of {
            Anchor::Principal => &item.principal,
            Anchor::Provider => &item.provider,
            Anchor::Receiver => &item.receiver,
            Anchor::Stock => &item.stock,
            Anchor::Agreement => &item.agreement,
            Anchor::Spec => &item.spec,
        };
        let rows: Vec<u32> = pointing(context, need, targets);
        if rows.len() > need.most as usize {
            found.cut.push(n as u32);
        }
        let skipped = rows.len().saturating_sub(need.most as usize);
        found.rows.extend(rows.into_iter().skip(skipped));
        found.starts.push(found.rows.len() as u32);
    }
    found
}

fn pointing(context: &types::Context, need: &Need, targets: &[u32]) -> Vec<u32> {
    let Some((class, prop)) = need.resolve() else { return Vec::new() };
    let parties =
        |provider: Option<u32>, receiver: Option<u32>, stock: Option<u32>, spec: Option<u32>, agreement| {
            match prop {
                Prop::Provider => provider,
                Prop::Receiver => receiver,
                Prop::ResourceInventoriedAs => stock,
                Prop::ResourceConformsTo => spec,
                Prop::ClauseOf | Prop::ReciprocalClauseOf | Prop::RealizationOf => agreement,
                _ => None,
            }
        };
    let since = need.days.map(|days| context.now - i64::from(days) * Instant::DAY_US);
    let asked = |action: types::Action, classes: &[String], at: i64| {
        let named =
            |name: &String| valueflows::Action::named(name).is_ok_and(|named| named == action_back(action));
        (need.actions.is_empty() || need.actions.iter().any(named))
            && need.classified.as_ref().is_none_or(|class| classes.contains(class))
            && since.is_none_or(|since| at >= since)
    };
    fn rows<T>(table: &[T], points: impl Fn(&T) -> Option<u32>, targets: &[u32]) -> Vec<u32> {
        let hits =
            table.iter().enumerate().filter(|(_, one)| points(one).is_some_and(|row| targets.contains(&row)));
        hits.map(|(n, _)| n as u32).collect()
    }
    match class {
        Class::Commitment => rows(
            &context.commitments,
            |one| {
                let fits = !(need.open && one.finished) && asked(one.action, &one.classes, one.created);
                parties(one.provider, one.receiver, one.stock, one.spec, one.agreement).filter(|_| fits)
            },
            targets,
        ),
        Class::EconomicEvent => rows(
            &context.events,
            |one| {
                let fits = asked(one.action, &one.classes, one.at);
                parties(one.provider, one.receiver, one.stock, one.spec, one.agreement).filter(|_| fits)
            },
            targets,
        ),
        Class::Intent => rows(
            &context.intents,
            |one| {
                let fits = !(need.open && one.finished) && asked(one.action, &one.classes, context.now);
                parties(one.provider, one.receiver, one.stock, one.spec, None).filter(|_| fits)
            },
            targets,
        ),
        Class::Membership => rows(
            &context.memberships,
            |one| Some(one.member).filter(|_| !(need.open && one.finished)),
            targets,
        ),
        Class::EconomicResource => rows(
            &context.stocks,
            |one| match prop {
                Prop::PrimaryAccountable => one.accountable,
                Prop::Custodian => one.custodian,
                Prop::ConformsTo => one.spec,
                _ => None,
            },
            targets,
        ),
        _ => rows(&context.agreements, |one| parties(one.provider, one.receiver, None, None, None), targets),
    }
}
