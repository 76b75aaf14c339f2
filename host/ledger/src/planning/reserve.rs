//! What a plan sets aside has to be there, and not be set aside already.

use valueflows::{Class, Fields, Id, Prop, Quantity, Record};

use super::for_flow;
use super::supply::{amount, promised, takes};
use crate::check;
use crate::decide::Circumstances;
use crate::error::{Refusal, Stop};
use crate::view::{Key, Link, View};

/// Refuses a planned flow or promise that takes more of a resource than nobody has spoken for.
pub(crate) fn check(view: &View, class: Class, fields: &Fields, with: &Circumstances) -> Result<(), Stop> {
    let (Some(_), Some(resource)) = (fields.id(Prop::PlannedWithin), fields.id(Prop::ResourceInventoriedAs))
    else {
        return Ok(());
    };
    let known = check::of_class(view, Prop::ResourceInventoriedAs, resource, Class::EconomicResource)?;
    let Some(owner) = known.fields.id(Prop::PrimaryAccountable) else { return Ok(()) };
    let mut fields = fields.clone();
    fields.set(Prop::Finished, valueflows::Value::Flag(false));
    let flow = Record::new(with.command, class, fields);
    let (true, Some(wanted)) = (takes(&flow, owner, &with.actions), amount(&flow)) else { return Ok(()) };
    let there = known.fields.quantity(Prop::OnhandQuantity).unwrap_or(Quantity { amount: 0, ..wanted });
    let spoken = spoken_for(view, (resource, owner, wanted.unit), flow.fields.ids(Prop::Satisfies), with)?;
    let free = there.amount.saturating_sub(spoken);
    match there.unit == wanted.unit && wanted.amount > free {
        true => Err(Refusal::NotEnough { have: free.max(0), want: wanted.amount }.into()),
        false => Ok(()),
    }
}

/// How much of a resource open promises and plans still take, but for those that are satisfied now.
fn spoken_for(
    view: &View,
    (resource, owner, unit): (Id, Id, Id),
    satisfied: &[Id],
    with: &Circumstances,
) -> Result<i64, Stop> {
    let about = |class| Link { class, prop: Prop::ResourceInventoriedAs, target: resource, open: true };
    let links = [about(Class::Intent), about(Class::Commitment)];
    view.require(&links.map(Key::Linked))?;
    let mut flows = Vec::new();
    for link in links {
        flows.extend(view.linked(link)?.into_iter().filter(|flow| takes(flow, owner, &with.actions)));
    }
    flows.retain(|flow| !satisfied.contains(&flow.id));
    let process = |flow: &Record| flow.fields.id(Prop::InputOf);
    let keys = flows.iter().flat_map(|flow| {
        let promises = Some(for_flow(Class::Commitment, flow)).filter(|_| flow.class == Class::Intent);
        let links = [Some(for_flow(Class::EconomicEvent, flow)), promises].into_iter().flatten();
        links.map(Key::Linked).chain(process(flow).map(Key::Record)).collect::<Vec<_>>()
    });
    view.require(&keys.collect::<Vec<_>>())?;
    let mut spoken = 0_i64;
    for flow in &flows {
        if let Some(process) = process(flow)
            && view.record(process)?.is_some_and(|process| !process.is_open())
        {
            continue;
        }
        let events = view.linked(for_flow(Class::EconomicEvent, flow))?;
        let done = crate::done(flow, events.iter().map(|event| &**event)).map_or(0, |(_, done)| done.amount);
        let promises = match flow.class {
            Class::Intent => view.linked(for_flow(Class::Commitment, flow))?,
            _ => Vec::new(),
        };
        let promised = promises.iter().map(|promise| promised(promise)).fold(0, i64::saturating_add);
        let left = amount(flow).filter(|left| left.unit == unit).map_or(0, |left| left.amount);
        spoken = spoken.saturating_add(left.saturating_sub(done).saturating_sub(promised).max(0));
    }
    Ok(spoken)
}
