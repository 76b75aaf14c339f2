//! What a plugin is shown: the records its manifest asked for, as rows without ids.
//!
//! Rows stand in the order of the records' ids, which is that of the commands' times: a fair, stable
//! order that a plugin may break ties with.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use ledger::{Key, Link, Missing, View};
use sandbox::{Anchor, types};
use valueflows::{Action, Class, Id, Instant, NO_UNIT, Prop, Quantity, Record};

use crate::rules::{Bound, SettingValue, wire};

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
    /// An event or a promise or an offer that the item is about.
    pub about: Option<Id>,
}

impl Anchors {
    fn of(&self, anchor: Anchor) -> Option<Id> {
        match anchor {
            Anchor::Principal => self.principal,
            Anchor::Provider => self.provider,
            Anchor::Receiver => self.receiver,
            Anchor::Stock => self.stock,
            Anchor::Agreement => self.agreement,
        }
    }

    fn ids(&self) -> impl Iterator<Item = Id> {
        [self.principal, self.provider, self.receiver, self.stock, self.agreement, self.about]
            .into_iter()
            .flatten()
    }
}

/// The input of one call, and where each record and unit stands in it.
#[derive(Debug)]
pub struct Input {
    /// What the plugin gets.
    pub context: types::Context,
    rows: HashMap<Id, u32>,
    units: Vec<Id>,
    agents: Vec<Id>,
    stocks: Vec<Id>,
    agreements: Vec<Id>,
}

impl Input {
    /// The row of a record in the table of its kind.
    pub fn row(&self, id: Id) -> u32 {
        self.rows.get(&id).copied().unwrap_or(u32::MAX)
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

    /// The agreement in a row.
    pub fn agreement(&self, row: u32) -> Option<Id> {
        self.agreements.get(row as usize).copied()
    }
}

/// Gathers what a call for these items may see, and writes it as rows.
pub fn build(view: &View, bound: &Bound, now: Instant, items: &[Anchors]) -> Result<Input, Missing> {
    let needs = needs(view, bound, items)?;
    let roots =
        items.iter().flat_map(Anchors::ids).chain(needs.iter().flat_map(|need| need.rows.iter().copied()));
    let place =
        bound.plugin.manifest.wants("place") && bound.binding.personal.iter().any(|name| name == "place");
    let records = closure(view, roots.collect(), place)?;
    let mut tables = Tables::new(&records, bound, place);
    tables.units(view, &records)?;
    Ok(tables.write(now, &needs))
}

/// The questions that a plugin's needs ask about an item.
pub fn links<'a>(bound: &'a Bound, item: &'a Anchors) -> impl Iterator<Item = Link> + 'a {
    bound.plugin.manifest.needs.iter().filter_map(|need| {
        let (class, prop) = need.resolve()?;
        Some(Link { class, prop, target: item.of(need.of)?, open: need.open })
    })
}

/// The rows that one need found, for all items.
struct Found {
    starts: Vec<u32>,
    rows: Vec<Id>,
    cut: Vec<u32>,
}

fn needs(view: &View, bound: &Bound, items: &[Anchors]) -> Result<Vec<Found>, Missing> {
    let keys: Vec<Key> = items.iter().flat_map(|item| links(bound, item)).map(Key::Linked).collect();
    view.require(&keys)?;
    let mut found = Vec::new();
    for need in &bound.plugin.manifest.needs {
        let mut one = Found { starts: vec![0], rows: Vec::new(), cut: Vec::new() };
        for (item, anchors) in items.iter().enumerate() {
            if let Some(((class, prop), target)) = need.resolve().zip(anchors.of(need.of)) {
                let mut ids = view.linked_ids(Link { class, prop, target, open: need.open })?;
                if ids.len() > need.most as usize {
                    ids.truncate(need.most as usize);
                    one.cut.push(item as u32);
                }
                one.rows.extend(ids);
            }
            one.starts.push(one.rows.len() as u32);
        }
        found.push(one);
    }
    Ok(found)
}

/// What a record shows of other records.
fn shown(record: &Record, place: bool) -> Vec<Id> {
    let props: &[Prop] = match record.class {
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

fn closure(view: &View, roots: BTreeSet<Id>, place: bool) -> Result<Vec<Arc<Record>>, Missing> {
    let mut known: HashMap<Id, Arc<Record>> = HashMap::new();
    let mut open: Vec<Id> = roots.into_iter().collect();
    while !open.is_empty() {
        view.require(&open.iter().map(|id| Key::Record(*id)).collect::<Vec<_>>())?;
        let mut next = BTreeSet::new();
        for id in open {
            if let Some(record) = view.record(id)? {
                next.extend(shown(&record, place));
                known.insert(id, record);
            }
        }
        open = next.into_iter().filter(|id| !known.contains_key(id)).collect();
    }
    let mut records: Vec<Arc<Record>> = known.into_values().collect();
    records.sort_by_key(|record| record.id);
    Ok(records)
}

struct Tables<'a> {
    bound: &'a Bound,
    records: &'a [Arc<Record>],
    rows: HashMap<Id, u32>,
    places: HashMap<Id, types::Place>,
    unit_ids: Vec<Id>,
    unit_rows: Vec<types::Unit>,
}

impl<'a> Tables<'a> {
    fn new(records: &'a [Arc<Record>], bound: &'a Bound, place: bool) -> Tables<'a> {
        let mut counts: HashMap<u8, u32> = HashMap::new();
        let mut rows = HashMap::new();
        for record in records {
            let count = counts.entry(table_of(record.class)).or_default();
            rows.insert(record.id, *count);
            *count += 1;
        }
        let places = records.iter().filter(|record| place && record.class == Class::SpatialThing).filter_map(
            |record| {
                let degrees = |prop| record.fields.integer(prop).and_then(|n| i32::try_from(n).ok());
                Some((record.id, types::Place { lat: degrees(Prop::Lat)?, long: degrees(Prop::Long)? }))
            },
        );
        Tables { bound, records, rows, places: places.collect(), unit_ids: Vec::new(), unit_rows: Vec::new() }
    }

    /// Every unit that a quantity or a setting names, in the order of their ids.
    fn units(&mut self, view: &View, records: &[Arc<Record>]) -> Result<(), Missing> {
        let mut ids: BTreeSet<Id> = records
            .iter()
            .flat_map(|record| {
                let terms = record.fields.terms().iter().map(|term| term.quantity.unit);
                record.fields.units().chain(terms).collect::<Vec<_>>()
            })
            .collect();
        for setting in &self.bound.settings {
            if let SettingValue::Amount { unit, .. } = &setting.value {
                ids.insert(*unit);
            }
        }
        view.require(&ids.iter().map(|id| Key::Record(*id)).collect::<Vec<_>>())?;
        for id in ids {
            let unit = view.record(id)?;
            let fields = unit.as_ref().map(|unit| &unit.fields);
            let scale =
                fields.and_then(|fields| fields.integer(Prop::Decimals)).and_then(|n| u8::try_from(n).ok());
            self.unit_ids.push(id);
            self.unit_rows.push(types::Unit {
                label: fields.and_then(|fields| fields.text(Prop::Label)).unwrap_or_default().to_owned(),
                scale: scale.unwrap_or(valueflows::limits::UNIT_DECIMALS_DEFAULT),
            });
        }
        // An amount that names no unit is of a unit without a name.
        if records.iter().any(|record| record.fields.is_unitless()) {
            self.unit_ids.push(NO_UNIT);
            let scale = valueflows::limits::UNIT_DECIMALS_DEFAULT;
            self.unit_rows.push(types::Unit { label: String::new(), scale });
        }
        Ok(())
    }

    fn unit_row(&self, id: Id) -> u32 {
        self.unit_ids.iter().position(|unit| *unit == id).map_or(u32::MAX, |row| row as u32)
    }

    fn reference(&self, record: &Record, prop: Prop) -> Option<u32> {
        record.fields.id(prop).and_then(|id| self.rows.get(&id)).copied()
    }

    fn quantity(&self, quantity: Option<Quantity>) -> Option<types::Quantity> {
        quantity
            .map(|quantity| types::Quantity { amount: quantity.amount, unit: self.unit_row(quantity.unit) })
    }

    fn of(&self, classes: &[Class]) -> impl Iterator<Item = &'a Arc<Record>> {
        self.records.iter().filter(move |record| classes.contains(&record.class))
    }

    fn action(&self, record: &Record) -> types::Action {
        action(record.fields.action().map_or(Action::Cite, |action| self.bound.own.like(action)))
    }

    fn place(&self, record: &Record, prop: Prop) -> Option<types::Place> {
        record.fields.id(prop).and_then(|id| self.places.get(&id)).copied()
    }

    fn write(self, now: Instant, needs: &[Found]) -> Input {
        let ids = |classes: &[Class]| self.of(classes).map(|record| record.id).collect::<Vec<_>>();
        let agents = ids(&[Class::Person, Class::Organization, Class::Agent]);
        let (stocks, agreements) = (ids(&[Class::EconomicResource]), ids(&[Class::Agreement]));
        let found = needs
            .iter()
            .map(|need| types::Found {
                starts: need.starts.clone(),
                rows: need.rows.iter().filter_map(|id| self.rows.get(id)).copied().collect(),
                cut: need.cut.clone(),
            })
            .collect();
        let context = types::Context {
            now: now.minute().0,
            settings: self
                .bound
                .settings
                .iter()
                .map(|setting| wire(setting, |unit| self.unit_row(unit)))
                .collect(),
            units: self.unit_rows.clone(),
            agents: self
                .of(&[Class::Person, Class::Organization, Class::Agent])
                .map(|record| types::Agent {
                    organization: record.class == Class::Organization,
                    place: self.place(record, Prop::PrimaryLocation),
                })
                .collect(),
            specs: self.of(&[Class::ResourceSpecification]).map(|record| spec(record)).collect(),
            stocks: self.of(&[Class::EconomicResource]).map(|record| self.stock(record)).collect(),
            agreements: self.of(&[Class::Agreement]).map(|record| self.agreement(record)).collect(),
            commitments: self.of(&[Class::Commitment]).map(|record| self.commitment(record)).collect(),
            events: self.of(&[Class::EconomicEvent]).map(|record| self.event(record)).collect(),
            intents: self.of(&[Class::Intent]).map(|record| self.intent(record)).collect(),
            found,
        };
        Input { context, rows: self.rows, units: self.unit_ids, agents, stocks, agreements }
    }

    fn stock(&self, record: &Record) -> types::Stock {
        types::Stock {
            name: record.title(),
            spec: self.reference(record, Prop::ConformsTo),
            accountable: self.reference(record, Prop::PrimaryAccountable),
            custodian: self.reference(record, Prop::Custodian),
            onhand: self.quantity(record.fields.quantity(Prop::OnhandQuantity)),
            classes: record.fields.texts(Prop::ClassifiedAs).to_vec(),
            place: self.place(record, Prop::CurrentLocation),
        }
    }

    fn agreement(&self, record: &Record) -> types::Agreement {
        let term = |term: &valueflows::Term| types::Term {
            code: term.code.clone(),
            quantity: types::Quantity {
                amount: term.quantity.amount,
                unit: self.unit_row(term.quantity.unit),
            },
        };
        types::Agreement {
            provider: self.reference(record, Prop::Provider),
            receiver: self.reference(record, Prop::Receiver),
            created: micros(record, Prop::Created).unwrap_or_default(),
            terms: record.fields.terms().iter().map(term).collect(),
        }
    }

    fn commitment(&self, record: &Record) -> types::Commitment {
        types::Commitment {
            action: self.action(record),
            provider: self.reference(record, Prop::Provider),
            receiver: self.reference(record, Prop::Receiver),
            stock: self.reference(record, Prop::ResourceInventoriedAs),
            quantity: self.quantity(record.fields.quantity(Prop::ResourceQuantity)),
            classes: record.fields.texts(Prop::ResourceClassifiedAs).to_vec(),
            agreement: self.reference(record, Prop::ClauseOf),
            begins: micros(record, Prop::HasBeginning),
            ends: micros(record, Prop::HasEnd),
            due: micros(record, Prop::Due),
            finished: !record.is_open(),
        }
    }

    fn event(&self, record: &Record) -> types::Event {
        types::Event {
            action: self.action(record),
            provider: self.reference(record, Prop::Provider),
            receiver: self.reference(record, Prop::Receiver),
            stock: self.reference(record, Prop::ResourceInventoriedAs),
            quantity: self.quantity(record.fields.quantity(Prop::ResourceQuantity)),
            agreement: self.reference(record, Prop::RealizationOf),
            at: micros(record, Prop::HasPointInTime).or(micros(record, Prop::Created)).unwrap_or_default(),
        }
    }

    fn intent(&self, record: &Record) -> types::Intent {
        types::Intent {
            action: self.action(record),
            provider: self.reference(record, Prop::Provider),
            receiver: self.reference(record, Prop::Receiver),
            stock: self.reference(record, Prop::ResourceInventoriedAs),
            quantity: self.quantity(record.fields.quantity(Prop::ResourceQuantity)),
            classes: record.fields.texts(Prop::ResourceClassifiedAs).to_vec(),
        }
    }
}

fn spec(record: &Record) -> types::Spec {
    types::Spec { name: record.title(), classes: record.fields.texts(Prop::ResourceClassifiedAs).to_vec() }
}

/// Which table a class's rows stand in; agents of both classes share one.
fn table_of(class: Class) -> u8 {
    if class.is_agent() { u8::MAX } else { class as u8 }
}

fn micros(record: &Record, prop: Prop) -> Option<i64> {
    record.fields.instant(prop).map(|at| at.0)
}

/// How plugins read one of the nineteen; a network's own action is given to them as the one that it is like.
fn action(like: Action) -> types::Action {
    match like {
        Action::Produce => types::Action::Produce,
        Action::Consume => types::Action::Consume,
        Action::Use => types::Action::Use,
        Action::Work => types::Action::Work,
        Action::Cite | Action::Own(_) => types::Action::Cite,
        Action::DeliverService => types::Action::DeliverService,
        Action::Pickup => types::Action::Pickup,
        Action::Dropoff => types::Action::Dropoff,
        Action::Accept => types::Action::Accept,
        Action::Modify => types::Action::Modify,
        Action::Combine => types::Action::Combine,
        Action::Separate => types::Action::Separate,
        Action::TransferAllRights => types::Action::TransferAllRights,
        Action::TransferCustody => types::Action::TransferCustody,
        Action::Transfer => types::Action::Transfer,
        Action::Move => types::Action::Move,
        Action::Copy => types::Action::Copy,
        Action::Raise => types::Action::RaiseOnhand,
        Action::Lower => types::Action::LowerOnhand,
    }
}

/// The action that a plugin means.
pub fn action_back(action: types::Action) -> Action {
    match action {
        types::Action::Produce => Action::Produce,
        types::Action::Consume => Action::Consume,
        types::Action::Use => Action::Use,
        types::Action::Work => Action::Work,
        types::Action::Cite => Action::Cite,
        types::Action::DeliverService => Action::DeliverService,
        types::Action::Pickup => Action::Pickup,
        types::Action::Dropoff => Action::Dropoff,
        types::Action::Accept => Action::Accept,
        types::Action::Modify => Action::Modify,
        types::Action::Combine => Action::Combine,
        types::Action::Separate => Action::Separate,
        types::Action::TransferAllRights => Action::TransferAllRights,
        types::Action::TransferCustody => Action::TransferCustody,
        types::Action::Transfer => Action::Transfer,
        types::Action::Move => Action::Move,
        types::Action::Copy => Action::Copy,
        types::Action::RaiseOnhand => Action::Raise,
        types::Action::LowerOnhand => Action::Lower,
    }
}
