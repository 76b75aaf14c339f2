//! An act as plugins of `access` are asked about it: what it names, and what it says itself.

use governance::AnyAct;
use ledger::{Act, Missing, View};
use sandbox::types;
use valueflows::{Fields, Id, Instant, Measure, Prop, Value};

use crate::anchors::anchors;
use crate::input::{self, Input, Item};
use crate::rules::Bound;
use sandbox::actions::action;

/// The input of a call about an act, and the act as its item.
pub(crate) fn of(
    view: &View,
    bound: &Bound,
    act: &AnyAct,
    (name, agent, now): (&str, Id, Instant),
) -> Result<(Input, types::Act), Missing> {
    let anchors = anchors(view, act, agent)?;
    let offer = match anchors.offer {
        Some(offer) => view.record(offer)?,
        None => None,
    };
    let said = said(act).or(offer.as_ref().map(|offer| &offer.fields));
    let amounts = [Prop::ResourceQuantity, Prop::EffortQuantity].map(|prop| Amount::of(said?.get(prop)?));
    let units = amounts.iter().flatten().map(Amount::unit).collect();
    let input = input::build(view, bound, now, &[Item { units, ..anchors.into() }])?;
    let [quantity, effort] = amounts.map(|amount| amount.and_then(|amount| amount.shown(&input)));
    let at = |prop| said.and_then(|fields| fields.instant(prop)).map(|at| at.0);
    let taken = match act {
        AnyAct::Economic(Act::Accept { until, .. }) => Some((now.minute().0, until.0)),
        _ => None,
    };
    let like = said.and_then(Fields::action).map(|own| action(bound.home.own.like(own)));
    let item = types::Act {
        name: name.to_owned(),
        principal: input.row(agent),
        action: like,
        provider: row(&input, anchors.provider, bound),
        receiver: row(&input, anchors.receiver, bound),
        stock: row(&input, anchors.stock, bound),
        spec: input.row_of(anchors.spec),
        agreement: input.row_of(anchors.agreement),
        quantity,
        effort,
        begins: taken.map(|(begins, _)| begins).or_else(|| at(Prop::HasBeginning)),
        ends: taken.map(|(_, ends)| ends).or_else(|| at(Prop::HasEnd)),
        due: at(Prop::Due),
    };
    Ok((input, item))
}

/// Where something stands that an act names. What was built before it was absent then read a row that is nowhere.
fn row(input: &Input, id: Option<Id>, bound: &Bound) -> Option<u32> {
    match bound.plugin.is_older() {
        true => id.map(|id| input.row(id)),
        false => input.row_of(id),
    }
}

/// What an act writes down itself.
fn said(act: &AnyAct) -> Option<&Fields> {
    match act {
        AnyAct::Economic(Act::Record { event, .. }) => Some(event),
        AnyAct::Economic(Act::Commit { fields } | Act::Claim { fields } | Act::Report { fields, .. }) => {
            Some(fields)
        }
        _ => None,
    }
}

/// An amount as an act writes it, or as the books hold it.
enum Amount {
    Written(Measure),
    Held(valueflows::Quantity),
}

impl Amount {
    fn of(value: &Value) -> Option<Amount> {
        match value {
            Value::Measure(measure) => Some(Amount::Written(*measure)),
            Value::Quantity(quantity) => Some(Amount::Held(*quantity)),
            _ => None,
        }
    }

    fn unit(&self) -> Id {
        match self {
            Amount::Written(measure) => measure.unit,
            Amount::Held(quantity) => quantity.unit,
        }
    }

    fn shown(&self, input: &Input) -> Option<types::Quantity> {
        match self {
            Amount::Written(measure) => input.measured(measure),
            Amount::Held(quantity) => input.counted(*quantity),
        }
    }
}
