//! Economic events: the action table applied to resources, and promises kept by events.

use valueflows::action::{
    AccountableEffect, ContainedEffect, CreateResource, EventQuantity, InputOutput, LocationEffect,
    QuantityEffect, Row, StageEffect, StateEffect,
};
use valueflows::{Action, Class, Fields, Id, Prop, Quantity, Record, Value};

use crate::check;
use crate::decide::{Circumstances, Outcome, shape};
use crate::error::{Refusal, Stop};
use crate::view::{Key, Link, View};

/// The events that keep a promise.
pub(crate) fn keeping(commitment: Id) -> Link {
    Link { class: Class::EconomicEvent, prop: Prop::Fulfills, target: commitment, open: false }
}

/// The keys that an event names itself.
pub(crate) fn keys(event: &Fields) -> Vec<Key> {
    let kept = event.ids(Prop::Fulfills).iter().map(|id| Key::Linked(keeping(*id)));
    check::keys(event).into_iter().chain(kept).collect()
}

/// The resources that an event changes: what it is about, and what it goes to.
struct Touched {
    from: Option<Record>,
    to: Option<Record>,
    /// Both sides are one resource, kept in `from`.
    same: bool,
    created: Option<Id>,
}

pub(crate) fn record(
    view: &View,
    event: &Fields,
    resource: Option<&Fields>,
    with: &mut Circumstances,
) -> Result<Outcome, Stop> {
    let mut event = check::settle(view, Class::EconomicEvent, event)?;
    event.set(Prop::Created, Value::Instant(with.now));
    if [Prop::HasBeginning, Prop::HasEnd, Prop::HasPointInTime].iter().all(|prop| event.get(*prop).is_none())
    {
        event.set(Prop::HasPointInTime, Value::Instant(with.now));
    }
    happened(view, event, resource, with)
}

/// What an event does, once its values are as they will be written down.
pub(crate) fn happened(
    view: &View,
    mut event: Fields,
    resource: Option<&Fields>,
    with: &mut Circumstances,
) -> Result<Outcome, Stop> {
    let action = event.action().ok_or_else(|| shape("an event needs an action"))?;
    let row = action.row();
    check_event(row, &event, with)?;
    let event_id = with.next_id();
    let mut touched = touched(view, row, &mut event, resource, with)?;
    units_agree(&event, &touched)?;
    hands_agree(row, &event, &touched)?;
    apply(view, row, &event, &mut touched)?;

    let mut outcome = Outcome::default();
    for promise in kept_promises(view, &event, action)? {
        outcome.change(promise);
    }
    outcome.make(Record::new(event_id, Class::EconomicEvent, event));
    for record in [touched.from, touched.to].into_iter().flatten() {
        match touched.created == Some(record.id) {
            true => outcome.make(record),
            false => outcome.change(record),
        }
    }
    Ok(outcome)
}

fn check_event(row: &Row, event: &Fields, with: &Circumstances) -> Result<(), Stop> {
    check::times(event, with.now)?;
    let not_for = |problem| Err(Refusal::NotForAction { action: row.label, problem }.into());
    let effort = event.quantity(Prop::EffortQuantity);
    let quantity = event.quantity(Prop::ResourceQuantity);
    match row.event_quantity {
        EventQuantity::Effort if quantity.is_some() => return not_for("counts effort only, not a resource"),
        EventQuantity::Resource if effort.is_some() => return not_for("counts a resource only, not effort"),
        EventQuantity::Effort if effort.is_none() => return not_for("needs an `effortQuantity`"),
        EventQuantity::Resource if quantity.is_none() => return not_for("needs a `resourceQuantity`"),
        _ => {}
    }
    let (input, output) = (event.id(Prop::InputOf).is_some(), event.id(Prop::OutputOf).is_some());
    match row.input_output {
        InputOutput::Input if output => return not_for("is an input, so it cannot be `outputOf` a process"),
        InputOutput::Output if input => return not_for("is an output, so it cannot be `inputOf` a process"),
        InputOutput::None if input || output => return not_for("belongs to no process"),
        _ => {}
    }
    if event.get(Prop::ToResourceInventoriedAs).is_some() && !takes_second_resource(row) {
        return not_for("has no second resource");
    }
    // A correction carries the difference, which may be negative; nothing else may.
    if event.id(Prop::Corrects).is_none() {
        check::not_negative(quantity)?;
        check::not_negative(effort)?;
    }
    Ok(())
}

fn takes_second_resource(row: &Row) -> bool {
    row.create_resource == CreateResource::OptionalTo || row.contained == ContainedEffect::Update
}

fn touched(
    view: &View,
    row: &Row,
    event: &mut Fields,
    resource: Option<&Fields>,
    with: &mut Circumstances,
) -> Result<Touched, Stop> {
    let load = |event: &Fields, prop| match event.id(prop) {
        Some(id) => check::existing(view, prop, id).map(|record| Some(Record::clone(&record))),
        None => Ok(None),
    };
    let mut from = load(event, Prop::ResourceInventoriedAs)?;
    let mut to = load(event, Prop::ToResourceInventoriedAs)?;
    let mut created = None;
    if let Some(fields) = resource {
        let slot = match row.create_resource {
            CreateResource::Optional => Prop::ResourceInventoriedAs,
            CreateResource::OptionalTo => Prop::ToResourceInventoriedAs,
            CreateResource::None => {
                return Err(
                    Refusal::NotForAction { action: row.label, problem: "creates no resource" }.into()
                );
            }
        };
        if event.get(slot).is_some() {
            return Err(shape("an event either names a resource or brings a new one"));
        }
        let new = new_resource(view, fields, event, with)?;
        event.set(slot, Value::Ref(new.id));
        created = Some(new.id);
        if slot == Prop::ResourceInventoriedAs { from = Some(new) } else { to = Some(new) }
    }
    let same = matches!((&from, &to), (Some(from), Some(to)) if from.id == to.id);
    if same {
        to = None;
    }
    // The container of `combine` is named, not changed.
    if row.contained == ContainedEffect::Update {
        to = None;
    }
    Ok(Touched { from, to, same, created })
}

fn new_resource(
    view: &View,
    fields: &Fields,
    event: &Fields,
    with: &mut Circumstances,
) -> Result<Record, Stop> {
    let mut fields = check::settle(view, Class::EconomicResource, fields)?;
    let economic = [
        Prop::AccountingQuantity,
        Prop::OnhandQuantity,
        Prop::PrimaryAccountable,
        Prop::Custodian,
        Prop::Stage,
        Prop::State,
        Prop::ContainedIn,
    ];
    if let Some(prop) = economic.into_iter().find(|prop| fields.get(*prop).is_some()) {
        return Err(
            Refusal::Shape(format!("`{}` of a resource comes from events alone", prop.as_str())).into()
        );
    }
    if fields.get(Prop::ConformsTo).is_none()
        && let Some(spec) = event.get(Prop::ResourceConformsTo)
    {
        fields.set(Prop::ConformsTo, spec.clone());
    }
    if let Some(quantity) = event.quantity(Prop::ResourceQuantity) {
        let nothing = Value::Quantity(Quantity { amount: 0, unit: quantity.unit });
        fields.set(Prop::AccountingQuantity, nothing.clone());
        fields.set(Prop::OnhandQuantity, nothing);
    }
    Ok(Record::new(with.next_id(), Class::EconomicResource, fields))
}

fn units_agree(event: &Fields, touched: &Touched) -> Result<(), Refusal> {
    let Some(quantity) = event.quantity(Prop::ResourceQuantity) else { return Ok(()) };
    let counted = [&touched.from, &touched.to].into_iter().flatten();
    let mut units = counted.filter_map(|record| record.fields.quantity(Prop::AccountingQuantity));
    match units.any(|known| known.unit != quantity.unit) {
        true => Err(Refusal::WrongUnit { prop: Prop::ResourceQuantity.as_str() }),
        false => Ok(()),
    }
}

/// Who gives must hold what is handed over and own what is given away.
fn hands_agree(row: &Row, event: &Fields, touched: &Touched) -> Result<(), Refusal> {
    let (Some(from), Some(provider)) = (&touched.from, event.id(Prop::Provider)) else { return Ok(()) };
    if touched.created == Some(from.id) {
        return Ok(());
    }
    let owner = from.fields.id(Prop::PrimaryAccountable);
    let holder = from.fields.id(Prop::Custodian).or(owner);
    let gives_away = row.accountable == AccountableEffect::UpdateTo;
    let hands_over = row.onhand == QuantityEffect::DecrementIncrement;
    if gives_away && owner.is_some_and(|owner| owner != provider) {
        return Err(Refusal::NotOwned(from.title()));
    }
    if hands_over && holder.is_some_and(|holder| holder != provider) {
        return Err(Refusal::NotHeld(from.title()));
    }
    Ok(())
}

fn apply(view: &View, row: &Row, event: &Fields, touched: &mut Touched) -> Result<(), Stop> {
    quantities(row, event, touched)?;
    let created = touched.created;
    let receiver = event.get(Prop::Receiver).or_else(|| event.get(Prop::Provider)).cloned();
    let stage = stage_of(view, row, event)?;
    let state = event.get(Prop::State).cloned();
    let location = event.get(Prop::ToLocation).cloned();
    let container = event.get(Prop::ToResourceInventoriedAs).cloned();
    let same = touched.same;
    for (is_from, record) in [(true, touched.from.as_mut()), (false, touched.to.as_mut())] {
        let Some(record) = record else { continue };
        // With one resource on both sides it is the from-side and the to-side at once.
        let is_to = !is_from || same;
        let is_new = created == Some(record.id);
        let hit = |here: bool, prop, value: &Option<Value>, record: &mut Record| {
            if let (true, Some(value)) = (here, value) {
                record.fields.set(prop, value.clone());
            }
        };
        let place = match row.location {
            LocationEffect::New => is_new,
            LocationEffect::Update => is_from,
            LocationEffect::UpdateTo => is_to,
            LocationEffect::None => false,
        };
        hit(place, Prop::CurrentLocation, &location, record);
        let owns = match row.accountable {
            AccountableEffect::New => is_new,
            AccountableEffect::UpdateTo => is_to,
            AccountableEffect::None => false,
        };
        hit(owns, Prop::PrimaryAccountable, &receiver, record);
        hit(holds(row, event, is_from, is_to, is_new), Prop::Custodian, &receiver, record);
        hit(row.stage == StageEffect::Update && is_from, Prop::Stage, &stage, record);
        let stated = match row.state {
            StateEffect::Update => is_from,
            StateEffect::UpdateTo => is_to,
            StateEffect::None => false,
        };
        hit(stated, Prop::State, &state, record);
        match row.contained {
            ContainedEffect::Update if is_from => hit(true, Prop::ContainedIn, &container, record),
            ContainedEffect::Remove if is_from => drop(record.fields.remove(Prop::ContainedIn)),
            _ => {}
        }
    }
    Ok(())
}

/// Who holds a thing is a house term: whoever receives it with the onhand quantity. Bringing a thing
/// to somebody for work (`pickup`, `accept` and their pairs) hands it over when the parties differ.
fn holds(row: &Row, event: &Fields, is_from: bool, is_to: bool, is_new: bool) -> bool {
    let moves = matches!(row.action, Action::Pickup | Action::Dropoff | Action::Accept | Action::Modify);
    let parties_differ = event.get(Prop::Provider) != event.get(Prop::Receiver);
    is_new
        || (row.onhand == QuantityEffect::DecrementIncrement && is_to)
        || (moves && is_from && parties_differ && event.get(Prop::Receiver).is_some())
}

fn stage_of(view: &View, row: &Row, event: &Fields) -> Result<Option<Value>, Stop> {
    match (row.stage, event.id(Prop::OutputOf)) {
        (StageEffect::Update, Some(process)) => {
            let process = check::existing(view, Prop::OutputOf, process)?;
            Ok(process.fields.get(Prop::BasedOn).cloned())
        }
        _ => Ok(None),
    }
}

fn quantities(row: &Row, event: &Fields, touched: &mut Touched) -> Result<(), Stop> {
    let Some(quantity) = event.quantity(Prop::ResourceQuantity) else { return Ok(()) };
    let effects = [(Prop::AccountingQuantity, row.accounting), (Prop::OnhandQuantity, row.onhand)];
    for (prop, effect) in effects {
        let signed = |sign: i64| if sign < 0 { quantity.negated() } else { quantity };
        let (on_from, on_to) = effect.signs();
        let (on_from, on_to) = (on_from.map(signed), on_to.map(signed));
        if touched.same {
            // Out and in again: nothing changes, but there must have been enough to go out.
            let from = touched.from.as_ref();
            shift(&mut from.cloned(), prop, on_from)?;
            continue;
        }
        shift(&mut touched.from, prop, on_from)?;
        shift(&mut touched.to, prop, on_to)?;
    }
    Ok(())
}

fn shift(record: &mut Option<Record>, prop: Prop, by: Option<Quantity>) -> Result<(), Stop> {
    let (Some(record), Some(by)) = (record, by) else { return Ok(()) };
    // What was only pointed at has a stock that nobody knows: it stays so, and has no floor.
    let Some(have) = record.fields.quantity(prop) else { return Ok(()) };
    let sum = have.plus(by)?;
    if sum.amount < 0 {
        return Err(Refusal::NotEnough { have: have.amount, want: -by.amount }.into());
    }
    record.fields.set(prop, Value::Quantity(sum));
    Ok(())
}

/// The promises that the event keeps, finished where nothing is left to do.
fn kept_promises(view: &View, event: &Fields, action: Action) -> Result<Vec<Record>, Stop> {
    let ids = event.ids(Prop::Fulfills);
    view.require(&ids.iter().map(|id| Key::Linked(keeping(*id))).collect::<Vec<_>>())?;
    let mut kept = Vec::new();
    for id in ids {
        let mut promise = Record::clone(&*check::existing(view, Prop::Fulfills, *id)?);
        match (promise.is_open(), event.flag(Prop::Reported)) {
            (true, _) => {}
            // A report may name its promises as they ended.
            (false, true) => continue,
            (false, false) => return Err(Refusal::Settled.into()),
        }
        let not_that = |why| Stop::from(Refusal::NotThatPromise(why));
        if promise.fields.action() != Some(action) {
            return Err(not_that("another action was promised"));
        }
        // What comes back goes to the thing that it left.
        let things = [Prop::ResourceInventoriedAs, Prop::ToResourceInventoriedAs];
        let promised = [
            (Prop::Provider, &[Prop::Provider][..]),
            (Prop::Receiver, &[Prop::Receiver]),
            (Prop::ResourceInventoriedAs, &things),
        ];
        for (prop, named) in promised {
            let kept = |promised: Id| named.iter().any(|prop| event.id(*prop) == Some(promised));
            if promise.fields.id(prop).is_some_and(|promised| !kept(promised)) {
                return Err(not_that("other people or another thing were promised"));
            }
        }
        if is_kept(view, &promise, event)? {
            promise.fields.set(Prop::Finished, Value::Flag(true));
        }
        kept.push(promise);
    }
    Ok(kept)
}

/// Whether this event, with those before it, comes to what was promised: in things, or else in effort.
fn is_kept(view: &View, promise: &Record, event: &Fields) -> Result<bool, Stop> {
    let counted = [Prop::ResourceQuantity, Prop::EffortQuantity];
    let promised = counted.into_iter().find_map(|prop| Some((prop, promise.fields.quantity(prop)?)));
    let Some((prop, promised)) = promised else { return Ok(true) };
    let mut done = event.quantity(prop).unwrap_or(Quantity { amount: 0, unit: promised.unit });
    for earlier in view.linked(keeping(promise.id))? {
        if let Some(quantity) = earlier.fields.quantity(prop) {
            done = done.plus(quantity)?;
        }
    }
    if done.unit != promised.unit {
        return Err(Refusal::WrongUnit { prop: prop.as_str() }.into());
    }
    Ok(done.amount >= promised.amount)
}
