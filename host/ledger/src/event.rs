//! Economic events: the action table applied to resources, and promises kept by events.

use valueflows::action::{
    AccountableEffect, ContainedEffect, CreateResource, EventQuantity, InputOutput, LocationEffect,
    QuantityEffect, Row, StageEffect, StateEffect,
};
use valueflows::{Action, Class, Fields, Id, Prop, Quantity, Record, Value};

use crate::decide::{Circumstances, Outcome, shape};
use crate::error::{Refusal, Stop};
use crate::view::{Key, View};
use crate::{check, claim, contents, correct, implied, promise, shares};

/// The keys that an event names itself.
pub(crate) fn keys(event: &Fields) -> Vec<Key> {
    let kept = event.ids(Prop::Fulfills).iter().map(|id| Key::Linked(promise::keeping(*id)));
    let settled = event.ids(Prop::Settles).iter().map(|id| Key::Linked(claim::settling(*id)));
    let corrected = event.id(Prop::Corrects).map(|id| Key::Linked(correct::corrections(id)));
    check::keys(event).into_iter().chain(kept).chain(settled).chain(corrected).collect()
}

/// The resources that an event changes: what it is about, and what it goes to.
#[derive(Clone)]
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
    let actions = with.actions.clone();
    let row = actions.row(action).map_err(Refusal::from)?;
    check_event(row, &event, with)?;
    let original = match with.is_whole() {
        true => correct::original(view, &event, resource.is_some())?,
        false => None,
    };
    let event_id = with.next_id();
    let mut touched = touched(view, row, &mut event, resource, with)?;
    units_agree(&event, &touched)?;
    let before = touched.clone();
    if original.is_some() {
        quantities(view, row, &event, &mut touched, with)?;
    } else {
        hands_agree(row, &event, &touched, with)?;
        apply(view, row, &event, &mut touched, with)?;
    }
    let inside = match with.is_whole() && original.is_none() {
        true => carried_along(view, row, &event, &before, &touched)?,
        false => Vec::new(),
    };

    let mut outcome = Outcome::default();
    let promises = promise::kept(view, &event, action, original.as_ref(), with, &mut outcome)?;
    let (claims, settled) = match with.is_whole() {
        true => claim::settled(view, &event, original.as_ref())?,
        false => Default::default(),
    };
    if with.is_whole() {
        shares::write(&mut event, &promises, &settled)?;
    }
    outcome.make(Record::new(event_id, Class::EconomicEvent, event));
    for record in [touched.from, touched.to].into_iter().flatten() {
        match touched.created == Some(record.id) {
            true => outcome.make(record),
            false => outcome.change(record),
        }
    }
    claims.into_iter().chain(inside).for_each(|record| outcome.change(record));
    Ok(outcome)
}

/// What is in the things that an event moves.
fn carried_along(
    view: &View,
    row: &Row,
    event: &Fields,
    before: &Touched,
    after: &Touched,
) -> Result<Vec<Record>, Stop> {
    let (Some(from), Some(now)) = (&before.from, &after.from) else { return Ok(Vec::new()) };
    if row.contained == ContainedEffect::Update {
        let container = event.id(Prop::ToResourceInventoriedAs);
        container.map_or(Ok(()), |container| contents::put_in(view, from, container))?;
    }
    if before.created == Some(from.id) {
        return Ok(Vec::new());
    }
    let goes = row.onhand == QuantityEffect::DecrementIncrement;
    match &after.to {
        Some(to) if goes && contents::holds_something(view, from.id)? => {
            let left = now.fields.quantity(Prop::OnhandQuantity).is_some_and(|left| left.amount > 0);
            if left {
                return Err(Refusal::BadContainer("a container with something in it goes whole").into());
            }
            contents::moved(view, from, to)
        }
        _ => contents::moved(view, from, now),
    }
}

fn check_event(row: &Row, event: &Fields, with: &Circumstances) -> Result<(), Stop> {
    check::times(event, with.now)?;
    let not_for = |problem| Err(Refusal::NotForAction { action: row.action, problem }.into());
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
        InputOutput::OutputInput
            if with.is_whole() && input && event.id(Prop::InputOf) == event.id(Prop::OutputOf) =>
        {
            return not_for("is an input of another process than the one that it is an output of");
        }
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
                    Refusal::NotForAction { action: row.action, problem: "creates no resource" }.into()
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
fn hands_agree(row: &Row, event: &Fields, touched: &Touched, with: &Circumstances) -> Result<(), Refusal> {
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
    match with.is_whole() {
        true => implied::check(event, row, from),
        false => Ok(()),
    }
}

fn apply(
    view: &View,
    row: &Row,
    event: &Fields,
    touched: &mut Touched,
    with: &Circumstances,
) -> Result<(), Stop> {
    let before = touched.from.clone();
    quantities(view, row, event, touched, with)?;
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
        let brought = match &before {
            Some(before) if with.is_whole() => implied::changes_hands(event, row, before, record),
            Some(_) => is_brought(row, event),
            None => false,
        };
        let takes = row.onhand == QuantityEffect::DecrementIncrement && is_to;
        hit(is_new || takes || (brought && is_from), Prop::Custodian, &receiver, record);
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

/// Bringing a thing to somebody for work (`pickup`, `accept` and their pairs) hands it over when the parties differ.
fn is_brought(row: &Row, event: &Fields) -> bool {
    let moves = matches!(row.like, Action::Pickup | Action::Dropoff | Action::Accept | Action::Modify);
    let parties_differ = event.get(Prop::Provider) != event.get(Prop::Receiver);
    moves && parties_differ && event.get(Prop::Receiver).is_some()
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

fn quantities(
    view: &View,
    row: &Row,
    event: &Fields,
    touched: &mut Touched,
    with: &Circumstances,
) -> Result<(), Stop> {
    let Some(quantity) = event.quantity(Prop::ResourceQuantity) else { return Ok(()) };
    let effects = [(Prop::AccountingQuantity, row.accounting), (Prop::OnhandQuantity, row.onhand)];
    let floors = [floor(view, touched.from.as_ref(), with)?, floor(view, touched.to.as_ref(), with)?];
    for (prop, effect) in effects {
        let signed = |sign: i64| if sign < 0 { quantity.negated() } else { quantity };
        let (on_from, on_to) = effect.signs();
        let (on_from, on_to) = (on_from.map(signed), on_to.map(signed));
        if touched.same {
            // Out and in again: nothing changes, but there must have been enough to go out.
            shift(&mut touched.from.clone(), prop, on_from, floors[0])?;
            if on_from.is_none() && with.is_whole() {
                shift(&mut touched.from, prop, on_to, floors[0])?;
            }
            continue;
        }
        shift(&mut touched.from, prop, on_from, floors[0])?;
        shift(&mut touched.to, prop, on_to, floors[1])?;
    }
    Ok(())
}

/// Below what no stock of the kind falls: nothing, unless the kind says otherwise. More than nothing is a reserve;
/// less is a credit.
fn floor(view: &View, thing: Option<&Record>, with: &Circumstances) -> Result<Option<Quantity>, Stop> {
    let kind = thing.filter(|_| with.is_whole()).and_then(|thing| thing.fields.id(Prop::ConformsTo));
    let Some(kind) = kind else { return Ok(None) };
    Ok(check::existing(view, Prop::ConformsTo, kind)?.fields.quantity(Prop::StockFloor))
}

fn shift(
    record: &mut Option<Record>,
    prop: Prop,
    by: Option<Quantity>,
    floor: Option<Quantity>,
) -> Result<(), Stop> {
    let (Some(record), Some(by)) = (record, by) else { return Ok(()) };
    // What was only pointed at has a stock that nobody knows: it stays so, and has no floor.
    let Some(have) = record.fields.quantity(prop) else { return Ok(()) };
    let sum = have.plus(by)?;
    let floor = floor.filter(|floor| floor.unit == have.unit).map_or(0, |floor| floor.amount);
    if sum.amount < floor && by.amount < 0 {
        return Err(Refusal::NotEnough { have: have.amount - floor, want: -by.amount }.into());
    }
    record.fields.set(prop, Value::Quantity(sum));
    Ok(())
}
