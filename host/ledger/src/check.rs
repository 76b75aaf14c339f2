//! Checks that every act's values pass: references, times, exact quantities.

use std::sync::Arc;

use valueflows::limits::UNIT_DECIMALS_DEFAULT;
use valueflows::{Class, Fields, Id, Instant, Kind, NO_UNIT, Prop, Property, Quantity, Record, Value};

use crate::error::{Refusal, Stop, is_ahead};
use crate::view::{Key, View};

/// The keys that values name: everything they point at, and their units.
pub(crate) fn keys(fields: &Fields) -> Vec<Key> {
    fields.refs().map(|(_, id)| Key::Record(id)).chain(fields.units().map(Key::Record)).collect()
}

/// The values with every measure made exact, once all they point at is there and of the right class.
pub(crate) fn settle(view: &View, class: Class, fields: &Fields) -> Result<Fields, Stop> {
    fields.complete(class)?;
    // What was only reported says so, and nothing else does.
    let of_reports = [Prop::Reported, Prop::SameAs, Prop::Assumed];
    if let Some(prop) = of_reports.into_iter().find(|prop| fields.get(*prop).is_some()) {
        return Err(Refusal::Shape(format!("`{}` comes with what is reported alone", prop.as_str())).into());
    }
    if fields.get(Prop::SignedBy).is_some() {
        return Err(Refusal::Shape("`signedBy` is found out, and not said".to_owned()).into());
    }
    settle_some(view, class, fields)
}

/// The same for some of the values of a record.
pub(crate) fn settle_some(view: &View, class: Class, fields: &Fields) -> Result<Fields, Stop> {
    view.require(&keys(fields))?;
    for (prop, id) in fields.refs() {
        let found = existing(view, prop, id)?;
        match Property::of(class, prop).map(|row| row.kind) {
            Some(Kind::Ref(target)) if target.takes(found.class) => {}
            _ => return Err(Refusal::WrongClass { prop: prop.as_str(), found: found.class.as_str() }.into()),
        }
    }
    let mut settled = Fields::new();
    for (prop, value) in fields.iter() {
        let value = match value {
            Value::Measure(measure) => {
                let decimals = decimals_of(view, prop, measure.unit)?;
                Value::Quantity(measure.in_unit(decimals)?)
            }
            Value::Quantity(_) => {
                return Err(crate::decide::shape("amounts are given with hasNumericalValue and hasUnit"));
            }
            other => other.clone(),
        };
        settled.set(prop, value);
    }
    Ok(settled)
}

/// A record that must be there.
pub(crate) fn existing(view: &View, prop: Prop, id: Id) -> Result<Arc<Record>, Stop> {
    view.record(id)?.ok_or_else(|| Refusal::Dangling { prop: prop.as_str(), id }.into())
}

/// A record that must be there and of one class.
pub(crate) fn of_class(view: &View, prop: Prop, id: Id, class: Class) -> Result<Arc<Record>, Stop> {
    let record = existing(view, prop, id)?;
    if record.class == class {
        Ok(record)
    } else {
        Err(Refusal::WrongClass { prop: prop.as_str(), found: record.class.as_str() }.into())
    }
}

fn decimals_of(view: &View, prop: Prop, unit: Id) -> Result<u8, Stop> {
    if unit == NO_UNIT {
        return Ok(UNIT_DECIMALS_DEFAULT);
    }
    Ok(of_class(view, prop, unit, Class::Unit)?.decimals())
}

/// Either one point in time, or a beginning and a later end; none of them ahead of the books.
pub(crate) fn times(fields: &Fields, now: Instant) -> Result<(), Refusal> {
    let at = |prop| fields.instant(prop);
    let (begin, end, point) = (at(Prop::HasBeginning), at(Prop::HasEnd), at(Prop::HasPointInTime));
    if point.is_some() && (begin.is_some() || end.is_some()) {
        return Err(Refusal::Times("a point in time and a span together"));
    }
    if let (Some(begin), Some(end)) = (begin, end)
        && end < begin
    {
        return Err(Refusal::Times("the end lies before the beginning"));
    }
    if [begin, end, point].into_iter().flatten().any(|at| is_ahead(at, now)) {
        return Err(Refusal::Times("what has happened cannot lie in the future"));
    }
    Ok(())
}

/// A promise's or offer's times: only their order matters.
pub(crate) fn planned_times(fields: &Fields) -> Result<(), Refusal> {
    match (fields.instant(Prop::HasBeginning), fields.instant(Prop::HasEnd)) {
        (Some(begin), Some(end)) if end < begin => Err(Refusal::Times("the end lies before the beginning")),
        _ => Ok(()),
    }
}

/// Refuses less than nothing.
pub(crate) fn not_negative(quantity: Option<Quantity>) -> Result<(), Refusal> {
    match quantity {
        Some(quantity) if quantity.amount < 0 => Err(Refusal::NotEnough { have: 0, want: quantity.amount }),
        _ => Ok(()),
    }
}

/// Refuses amounts of less than nothing; what may fall below it (`stockFloor`) says so.
pub(crate) fn no_negatives(fields: &Fields) -> Result<(), Refusal> {
    let counted = fields.iter().filter(|(prop, _)| *prop != Prop::StockFloor);
    counted.map(|(prop, _)| fields.quantity(prop)).try_for_each(not_negative)
}
