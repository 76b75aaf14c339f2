//! What is there and what is coming, less what is spoken for.

use std::collections::HashMap;

use valueflows::action::QuantityEffect;
use valueflows::{Class, Id, Instant, OwnActions, Prop, Quantity, Record};

use super::Kind;
use crate::promise::is_let_off;
use crate::round::left_of;

/// What a lot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LotOf {
    /// A resource.
    Stock(Id),
    /// A commitment or an intent whose outcome is on its way.
    Coming(Id),
    /// What is left over of an output of this plan.
    Made(usize),
}

/// So much of a kind, from some time on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    /// What it is.
    pub of: LotOf,
    /// Its kind.
    pub kind: Kind,
    /// The unit it is counted in.
    pub unit: Id,
    /// How much of it nobody has spoken for, smallest parts.
    pub free: i64,
    /// From when on it is there.
    pub ready: Instant,
    /// Until when it is good.
    pub good_until: Option<Instant>,
}

/// Lots, found by what they are of.
#[derive(Debug, Clone, Default)]
pub struct Supply {
    lots: Vec<Lot>,
    by_spec: HashMap<Id, Vec<usize>>,
}

impl Supply {
    /// One more lot.
    pub fn add(&mut self, lot: Lot) {
        self.by_spec.entry(lot.kind.spec).or_default().push(self.lots.len());
        self.lots.push(lot);
    }

    /// All lots.
    pub fn lots(&self) -> &[Lot] {
        &self.lots
    }

    /// What an agent can plan with, among some records: what is there and theirs, and what comes to them from promises and
    /// plans that are open; less what open promises and plans take. Of each of those so much may be done already, smallest parts.
    pub fn of<'a>(
        records: impl IntoIterator<Item = &'a Record>,
        agent: Id,
        actions: &OwnActions,
        done: &HashMap<Id, i64>,
    ) -> Supply {
        let mut all: Vec<&Record> = records.into_iter().collect();
        all.sort_by_key(|record| record.id);
        let by_id: HashMap<Id, &Record> = all.iter().map(|record| (record.id, *record)).collect();
        let left = left(&all, done);
        let over = |record: &&&Record| {
            let process = record.fields.id(Prop::InputOf).or(record.fields.id(Prop::OutputOf));
            process.and_then(|id| by_id.get(&id)).is_some_and(|process| !process.is_open())
        };
        let open: Vec<&Record> = all
            .iter()
            .filter(|record| matches!(record.class, Class::Commitment | Class::Intent) && record.is_open())
            .filter(|record| !over(record))
            .copied()
            .collect();
        let mut supply = Supply::default();
        for record in all.iter().filter(|record| record.class == Class::EconomicResource) {
            supply.stock(record, agent, &by_id);
        }
        let amount = |record: &Record| {
            amount(record).map(|quantity| Quantity {
                amount: left.get(&record.id).copied().unwrap_or_default(),
                ..quantity
            })
        };
        for record in &open {
            supply.coming(record, amount(record), (agent, &by_id, actions));
        }
        let claims: Vec<&Record> =
            open.iter().filter(|record| takes(record, agent, actions)).copied().collect();
        // Whoever names a resource has it, whatever else there is.
        let (named, others): (Vec<&Record>, Vec<&Record>) =
            claims.into_iter().partition(|record| record.fields.id(Prop::ResourceInventoriedAs).is_some());
        named.into_iter().chain(others).for_each(|record| supply.spoken_for(record, amount(record), &by_id));
        supply
    }

    fn stock(&mut self, record: &Record, agent: Id, by_id: &HashMap<Id, &Record>) {
        let fields = &record.fields;
        let (Some(spec), Some(there)) = (fields.id(Prop::ConformsTo), fields.quantity(Prop::OnhandQuantity))
        else {
            return;
        };
        let holder = fields.id(Prop::Custodian).or(fields.id(Prop::PrimaryAccountable));
        if fields.id(Prop::PrimaryAccountable) != Some(agent) || holder != Some(agent) {
            return;
        }
        let lot = fields.id(Prop::OfBatchLot).and_then(|id| by_id.get(&id));
        self.add(Lot {
            of: LotOf::Stock(record.id),
            kind: Kind::at(spec, fields),
            unit: there.unit,
            free: there.amount.max(0),
            ready: Instant(i64::MIN),
            good_until: lot.and_then(|lot| lot.fields.instant(Prop::ExpirationDate)),
        });
    }

    fn coming(
        &mut self,
        record: &Record,
        left: Option<Quantity>,
        (agent, by_id, actions): (Id, &HashMap<Id, &Record>, &OwnActions),
    ) {
        let fields = &record.fields;
        let gives = fields.id(Prop::OutputOf).is_some()
            || fields.id(Prop::Receiver) == Some(agent) && record.class == Class::Commitment;
        let increments = fields
            .action()
            .and_then(|action| actions.row(action).ok())
            .is_some_and(|row| !matches!(row.onhand, QuantityEffect::None | QuantityEffect::Decrement));
        let Some(kind) = Kind::in_flow(fields).filter(|_| gives && increments) else { return };
        let Some(quantity) = left else { return };
        let Some(ready) = when(record, by_id) else { return };
        self.add(Lot {
            of: LotOf::Coming(record.id),
            kind,
            unit: quantity.unit,
            free: quantity.amount.max(0),
            ready,
            good_until: None,
        });
    }

    /// Takes off what an open promise or plan takes.
    fn spoken_for(&mut self, record: &Record, left: Option<Quantity>, by_id: &HashMap<Id, &Record>) {
        let Some(quantity) = left else { return };
        if let Some(resource) = record.fields.id(Prop::ResourceInventoriedAs) {
            if let Some(lot) =
                self.lots.iter_mut().find(|lot| lot.of == LotOf::Stock(resource) && lot.unit == quantity.unit)
            {
                lot.free = lot.free.saturating_sub(quantity.amount).max(0);
            }
            return;
        }
        let Some(kind) = Kind::in_flow(&record.fields) else { return };
        let at = when(record, by_id).unwrap_or(Instant(i64::MAX));
        let plan = record.fields.id(Prop::PlannedWithin);
        let mut left = quantity.amount;
        // What its own plan makes was made for it, late or not; then what else is coming in time, then what is there: what was
        // coming when it was planned may have come meanwhile.
        let turn = |lot: &Lot| match lot.of {
            LotOf::Coming(id) => {
                let of = by_id.get(&id).and_then(|one| one.fields.id(Prop::PlannedWithin));
                match plan.is_some() && of == plan {
                    true => Some(0),
                    false => Some(1).filter(|_| lot.ready <= at),
                }
            }
            LotOf::Stock(_) => Some(2),
            LotOf::Made(_) => None,
        };
        let serves = |lot: &&Lot| lot.unit == quantity.unit && lot.kind.serves(&kind);
        let found = self.by_spec.get(&kind.spec).into_iter().flatten();
        let mut found: Vec<(u8, usize)> =
            found.filter_map(|n| Some((turn(self.lots.get(*n).filter(serves)?)?, *n))).collect();
        found.sort_unstable();
        for (_, n) in found {
            if let Some(lot) = self.lots.get_mut(n) {
                let taken = left.min(lot.free);
                lot.free -= taken;
                left -= taken;
            }
        }
    }

    /// Sets aside up to so much of a kind, for a time: what goes off first, then what is there, then what comes first.
    pub(super) fn take(&mut self, wanted: &Kind, unit: Id, at: Instant, most: i64) -> Vec<(LotOf, i64)> {
        let mut fits: Vec<usize> = self.by_spec.get(&wanted.spec).cloned().unwrap_or_default();
        fits.retain(|n| {
            self.lots.get(*n).is_some_and(|lot| {
                lot.free > 0
                    && lot.unit == unit
                    && lot.kind.serves(wanted)
                    && lot.ready <= at
                    && lot.good_until.is_none_or(|until| at <= until)
            })
        });
        fits.sort_by_key(|n| {
            self.lots.get(*n).map(|lot| (lot.good_until.unwrap_or(Instant(i64::MAX)), lot.ready, *n))
        });
        let mut left = most;
        let mut taken = Vec::new();
        for n in fits {
            let Some(lot) = self.lots.get_mut(n).filter(|_| left > 0) else { continue };
            let part = left.min(lot.free);
            lot.free -= part;
            left -= part;
            taken.push((lot.of, part));
        }
        taken
    }
}

/// What is still to come of each flow: less what was done of it, and of an intent less what was promised for it.
fn left(all: &[&Record], done: &HashMap<Id, i64>) -> HashMap<Id, i64> {
    let mut kept: HashMap<Id, i64> = done.clone();
    for promise in all.iter().filter(|record| record.class == Class::Commitment) {
        for intent in promise.fields.ids(Prop::Satisfies) {
            let sum = kept.entry(*intent).or_default();
            *sum = sum.saturating_add(promised(promise));
        }
    }
    let flows = all.iter().filter(|record| matches!(record.class, Class::Commitment | Class::Intent));
    flows
        .filter_map(|flow| {
            let whole = amount(flow)?.amount;
            Some((flow.id, whole.saturating_sub(kept.get(&flow.id).copied().unwrap_or_default()).max(0)))
        })
        .collect()
}

/// What a promise is good for: nothing where it was let off.
pub(super) fn promised(promise: &Record) -> i64 {
    let counts = !is_let_off(promise);
    promise.fields.quantity(Prop::ResourceQuantity).filter(|_| counts).map_or(0, |quantity| quantity.amount)
}

/// What something is about in all: of what an intent offers, what is left of it.
pub(super) fn amount(record: &Record) -> Option<Quantity> {
    match record.class {
        Class::Intent => {
            left_of(record).filter(|(prop, _)| *prop == Prop::ResourceQuantity).map(|(_, left)| left)
        }
        _ => record.fields.quantity(Prop::ResourceQuantity),
    }
}

/// When something is to happen: by itself, or by the process that it belongs to.
fn when(record: &Record, by_id: &HashMap<Id, &Record>) -> Option<Instant> {
    let fields = &record.fields;
    let own =
        [Prop::Due, Prop::HasPointInTime, Prop::HasEnd].into_iter().find_map(|prop| fields.instant(prop));
    let process = |prop, time| fields.id(prop).and_then(|id| by_id.get(&id)?.fields.instant(time));
    own.or_else(|| process(Prop::OutputOf, Prop::HasEnd))
        .or_else(|| process(Prop::InputOf, Prop::HasBeginning))
}

/// Whether an open promise or plan takes something that the agent could plan with.
pub(super) fn takes(record: &Record, agent: Id, actions: &OwnActions) -> bool {
    let fields = &record.fields;
    let planned = matches!(record.class, Class::Commitment | Class::Intent) && record.is_open();
    let row = fields.action().and_then(|action| actions.row(action).ok());
    let decrements = row.is_some_and(|row| {
        matches!(row.onhand, QuantityEffect::Decrement | QuantityEffect::DecrementIncrement)
    });
    // An offer takes nothing: whoever accepts it does.
    let bound = record.class == Class::Commitment || fields.id(Prop::PlannedWithin).is_some();
    let given = bound && fields.id(Prop::Provider) == Some(agent);
    planned && decrements && (fields.id(Prop::InputOf).is_some() || given)
}
