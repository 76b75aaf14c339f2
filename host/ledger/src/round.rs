//! Sharing out: offers and needs of one round, brought together at once. Who gets how much is said by the network's rules;
//! here stands that nothing is given that is not offered, and what is left afterwards. The promises are acts of their own.

use valueflows::{Class, Id, Prop, Quantity, Record, Value};

use crate::check;
use crate::decide::{Circumstances, Outcome};
use crate::error::{Refusal, Stop};
use crate::limits::ROUND_LEN_MAX;
use crate::view::View;

/// So much of an offer goes to a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Granted {
    /// The offer's intent.
    pub offer: Id,
    /// The need's intent.
    pub need: Id,
    /// How much.
    pub quantity: Quantity,
}

/// What is left of what an intent is about, and whether that is an amount of things or of effort.
pub fn left_of(intent: &Record) -> Option<(Prop, Quantity)> {
    let amount = |prop| intent.fields.quantity(prop);
    let (prop, whole) = match (amount(Prop::ResourceQuantity), amount(Prop::EffortQuantity)) {
        (Some(things), _) => (Prop::ResourceQuantity, things),
        (None, Some(effort)) => (Prop::EffortQuantity, effort),
        (None, None) => return None,
    };
    Some((prop, amount(Prop::AvailableQuantity).unwrap_or(whole)))
}

fn bad(sentence: &'static str) -> Stop {
    Refusal::BadRound(sentence).into()
}

/// The intents of a round: open, each once, of an amount of one unit.
fn intents(view: &View, ids: &[Id], give: bool) -> Result<Vec<(Record, Quantity)>, Stop> {
    if ids.is_empty() {
        return Err(bad(if give { "nothing is offered" } else { "nobody needs anything" }));
    }
    if ids.len() > ROUND_LEN_MAX {
        return Err(bad("there are too many at once"));
    }
    let mut found: Vec<(Record, Quantity)> = Vec::with_capacity(ids.len());
    for id in ids {
        let intent = check::of_class(view, Prop::Satisfies, *id, Class::Intent)?;
        let parties =
            (intent.fields.id(Prop::Provider).is_some(), intent.fields.id(Prop::Receiver).is_some());
        if parties != (give, !give) {
            return Err(bad(if give { "one of these is no offer" } else { "one of these is no need" }));
        }
        if !intent.is_open() {
            return Err(bad("one of these is not open any more"));
        }
        if found.iter().any(|(known, _)| known.id == *id) {
            return Err(bad("one of these is named twice"));
        }
        let (_, left) = left_of(&intent).ok_or_else(|| bad("one of these does not say how much"))?;
        found.push((Record::clone(&*intent), left));
    }
    Ok(found)
}

pub(crate) fn allocate(
    view: &View,
    offers: &[Id],
    needs: &[Id],
    with: &Circumstances,
) -> Result<Outcome, Stop> {
    let (mut offers, mut needs) = (intents(view, offers, true)?, intents(view, needs, false)?);
    let units = offers.iter().chain(&needs).map(|(_, left)| left.unit);
    if units.collect::<std::collections::BTreeSet<_>>().len() > 1 {
        return Err(bad("these are counted in several units"));
    }
    for Granted { offer, need, quantity } in &with.granted {
        let given = offers.iter_mut().find(|(intent, _)| intent.id == *offer);
        let got = needs.iter_mut().find(|(intent, _)| intent.id == *need);
        let (Some((_, given)), Some((_, got))) = (given, got) else {
            return Err(bad("something is granted that is not in the round"));
        };
        if quantity.unit != given.unit || quantity.amount <= 0 || quantity.amount > given.amount {
            return Err(bad("more is granted than is offered"));
        }
        given.amount -= quantity.amount;
        got.amount = (got.amount - quantity.amount).max(0);
    }
    let mut outcome = Outcome::default();
    for (mut intent, left) in offers.into_iter().chain(needs) {
        if left_of(&intent).is_some_and(|(_, before)| before == left) {
            continue;
        }
        intent.fields.set(Prop::AvailableQuantity, Value::Quantity(left));
        if left.amount == 0 {
            intent.fields.set(Prop::Finished, Value::Flag(true));
        }
        outcome.change(intent);
    }
    Ok(outcome)
}
