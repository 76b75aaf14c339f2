//! What a plan sets aside has to be there, and not be set aside already.

use valueflows::{Class, Fields, Prop, Quantity, Record};

use super::supply::{amount, takes};
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
    let links = [Class::Intent, Class::Commitment].map(|class| Link {
        class,
        prop: Prop::ResourceInventoriedAs,
        target: resource,
        open: true,
    });
    view.require(&links.map(Key::Linked))?;
    let there = known.fields.quantity(Prop::OnhandQuantity).unwrap_or(Quantity { amount: 0, ..wanted });
    let mut free = there.amount;
    for link in links {
        let spoken = view.linked(link)?;
        let taken = spoken
            .iter()
            .filter(|record| takes(record, owner, &with.actions))
            .filter_map(|record| amount(record));
        free = taken
            .filter(|taken| taken.unit == wanted.unit)
            .fold(free, |free, taken| free.saturating_sub(taken.amount));
    }
    match there.unit == wanted.unit && wanted.amount > free {
        true => Err(Refusal::NotEnough { have: free.max(0), want: wanted.amount }.into()),
        false => Ok(()),
    }
}
