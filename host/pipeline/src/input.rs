//! What a plugin is shown: the records its manifest asked for, as rows without ids.
//!
//! Rows stand in the order of the records' ids, which is that of the commands' times: a fair, stable
//! order that a plugin may break ties with.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use ledger::{Key, Missing, View};
use sandbox::{Anchor, types};
use valueflows::{Class, Id, Instant, Measure, Prop, Quantity, Record};

use crate::needs::needs;
use crate::rules::Bound;
use crate::tables::Tables;

/// What an item names, from which needs start.
#[derive(Debug, Clone, Copy, Default)]
pub struct Anchors {
    /// Who acts.
    pub principal: Option<Id>,
    /// Who gives.
    pub provider: Option<Id>,
    /// Who gets.
    pub receiver: Option<Id>,
    /// The thing.
    pub stock: Option<Id>,
    /// The agreement.
    pub agreement: Option<Id>,
    /// The kind of thing.
    pub spec: Option<Id>,
    /// The offer that is accepted.
    pub offer: Option<Id>,
    /// An event or a promise or an offer that the item is about.
    pub about: Option<Id>,
}

impl Anchors {
    pub(crate) fn of(&self, anchor: Anchor) -> Option<Id> {
        match anchor {
            Anchor::Principal => self.principal,
            Anchor::Provider => self.provider,
            Anchor::Receiver => self.receiver,
            Anchor::Stock => self.stock,
            Anchor::Agreement => self.agreement,
            Anchor::Spec => self.spec,
        }
    }

    fn ids(self) -> impl Iterator<Item = Id> {
        let parties = [self.principal, self.provider, self.receiver];
        let things = [self.stock, self.agreement, self.spec, self.offer, self.about];
        parties.into_iter().chain(things).flatten()
    }

    /// As components see it that were built before items named offers and kinds of things.
    fn older(self) -> Anchors {
        Anchors { spec: None, offer: None, ..self }
    }
}

/// What one item of a call names: all of it is at hand, and what its needs find is found from each.
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// What it names; several, where it names several of a kind.
    pub anchors: Vec<Anchors>,
    /// The units of the amounts that it says itself.
    pub units: Vec<Id>,
}

impl From<Anchors> for Item {
    fn from(anchors: Anchors) -> Item {
        Item { anchors: vec![anchors], units: Vec::new() }
    }
}

/// The input of one call, and where each record and unit stands in it.
#[derive(Debug)]
pub struct Input {
    /// What the plugin gets.
    pub context: types::Context,
    pub(crate) rows: HashMap<Id, u32>,
    pub(crate) units: Vec<Id>,
    pub(crate) agents: Vec<Id>,
    pub(crate) stocks: Vec<Id>,
    pub(crate) specs: Vec<Id>,
    pub(crate) agreements: Vec<Id>,
}

impl Input {
    /// The row of a record in the table of its kind.
    pub fn row(&self, id: Id) -> u32 {
        self.rows.get(&id).copied().unwrap_or(u32::MAX)
    }

    /// The row of a record that may not be there at all.
    pub fn row_of(&self, id: Option<Id>) -> Option<u32> {
        id.and_then(|id| self.rows.get(&id)).copied()
    }

    /// An amount as plugins read it; none where its unit is not at hand, or it has more digits than the unit.
    pub fn measured(&self, measure: &Measure) -> Option<types::Quantity> {
        let row = self.units.iter().position(|unit| *unit == measure.unit)?;
        let scale = self.context.units.get(row)?.scale;
        let amount = measure.value.in_scale(scale).ok()?;
        Some(types::Quantity { amount, unit: u32::try_from(row).ok()? })
    }

    /// The same of what the books hold.
    pub fn counted(&self, quantity: Quantity) -> Option<types::Quantity> {
        let row = self.units.iter().position(|unit| *unit == quantity.unit)?;
        Some(types::Quantity { amount: quantity.amount, unit: u32::try_from(row).ok()? })
    }

    /// The exact quantity that an answer means; `None` for a unit that is not there or a number
    /// beyond the books.
    pub fn quantity(&self, quantity: &types::Quantity) -> Option<Quantity> {
        let unit = *self.units.get(quantity.unit as usize)?;
        let fits = quantity.amount.abs() < valueflows::limits::NUMBER_BOUND;
        fits.then_some(Quantity { amount: quantity.amount, unit })
    }

    /// The label of a unit's row.
    pub fn unit_label(&self, row: u32) -> Option<String> {
        self.context.units.get(row as usize).map(|unit| unit.label.clone())
    }

    /// The agent in a row.
    pub fn agent(&self, row: u32) -> Option<Id> {
        self.agents.get(row as usize).copied()
    }

    /// The thing in a row.
    pub fn stock(&self, row: u32) -> Option<Id> {
        self.stocks.get(row as usize).copied()
    }

    /// The kind of thing in a row.
    pub fn spec(&self, row: u32) -> Option<Id> {
        self.specs.get(row as usize).copied()
    }

    /// The agreement in a row.
    pub fn agreement(&self, row: u32) -> Option<Id> {
        self.agreements.get(row as usize).copied()
    }
}

/// Gathers what a call for these items may see, and writes it as rows.
pub fn build(view: &View, bound: &Bound, now: Instant, items: &[Item]) -> Result<Input, Missing> {
    let older = bound.plugin.is_older();
    let needs = needs(view, bound, now, items)?;
    let named = items.iter().flat_map(|item| &item.anchors);
    let named = named.flat_map(|anchors| if older { anchors.older() } else { *anchors }.ids());
    let settings = bound.settings.iter().filter_map(|setting| setting.value.names());
    let roots = named.chain(needs.iter().flat_map(|need| need.rows.iter().copied())).chain(settings);
    let place =
        bound.plugin.manifest.wants("place") && bound.binding.personal.iter().any(|name| name == "place");
    let records = closure(view, roots.collect(), (place, older))?;
    let mut tables = Tables::new(&records, bound, place);
    tables.units(view, items.iter().flat_map(|item| item.units.iter().copied()))?;
    Ok(tables.write(now, &needs))
}

/// What a record shows of other records.
fn shown(record: &Record, (place, older): (bool, bool)) -> Vec<Id> {
    let props: &[Prop] = match record.class {
        Class::Commitment if !older => &[
            Prop::Provider,
            Prop::Receiver,
            Prop::ResourceInventoriedAs,
            Prop::ResourceConformsTo,
            Prop::ClauseOf,
            Prop::ReciprocalClauseOf,
        ],
        Class::EconomicEvent if !older => &[
            Prop::Provider,
            Prop::Receiver,
            Prop::ResourceInventoriedAs,
            Prop::ResourceConformsTo,
            Prop::RealizationOf,
            Prop::ReciprocalRealizationOf,
        ],
        Class::Intent if !older => {
            &[Prop::Provider, Prop::Receiver, Prop::ResourceInventoriedAs, Prop::ResourceConformsTo]
        }
        Class::Membership => &[Prop::Member],
        Class::EconomicResource => {
            &[Prop::ConformsTo, Prop::PrimaryAccountable, Prop::Custodian, Prop::CurrentLocation]
        }
        Class::Commitment => &[Prop::Provider, Prop::Receiver, Prop::ResourceInventoriedAs, Prop::ClauseOf],
        Class::EconomicEvent => {
            &[Prop::Provider, Prop::Receiver, Prop::ResourceInventoriedAs, Prop::RealizationOf]
        }
        Class::Agreement => &[Prop::Provider, Prop::Receiver],
        Class::Intent => &[Prop::Provider, Prop::Receiver, Prop::ResourceInventoriedAs],
        Class::Person | Class::Organization | Class::Agent => &[Prop::PrimaryLocation],
        _ => &[],
    };
    let is_place = |prop: Prop| matches!(prop, Prop::CurrentLocation | Prop::PrimaryLocation);
    props
        .iter()
        .filter(|prop| place || !is_place(**prop))
        .filter_map(|prop| record.fields.id(*prop))
        .collect()
}

fn closure(view: &View, roots: BTreeSet<Id>, as_asked: (bool, bool)) -> Result<Vec<Arc<Record>>, Missing> {
    let mut known: HashMap<Id, Arc<Record>> = HashMap::new();
    let mut open: Vec<Id> = roots.into_iter().collect();
    while !open.is_empty() {
        view.require(&open.iter().map(|id| Key::Record(*id)).collect::<Vec<_>>())?;
        let mut next = BTreeSet::new();
        for id in open {
            if let Some(record) = view.record(id)? {
                next.extend(shown(&record, as_asked));
                known.insert(id, record);
            }
        }
        open = next.into_iter().filter(|id| !known.contains_key(id)).collect();
    }
    let mut records: Vec<Arc<Record>> = known.into_values().collect();
    records.sort_by_key(|record| record.id);
    Ok(records)
}
