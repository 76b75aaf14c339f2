//! Records as plugins read them: rows of primitives, a table a kind, in the order of the records' ids.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use ledger::{Key, Missing, View};
use sandbox::types;
use valueflows::{Action, Class, Id, Instant, NO_UNIT, Prop, Quantity, Record};

use crate::input::Input;
use crate::needs::Found;
use crate::rules::Bound;
use crate::settings::wire;
use sandbox::actions::action;

pub(crate) struct Tables<'a> {
    bound: &'a Bound,
    records: &'a [Arc<Record>],
    rows: HashMap<Id, u32>,
    places: HashMap<Id, types::Place>,
    unit_ids: Vec<Id>,
    unit_rows: Vec<types::Unit>,
}

impl<'a> Tables<'a> {
    pub(crate) fn new(records: &'a [Arc<Record>], bound: &'a Bound, place: bool) -> Tables<'a> {
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

    /// Every unit that a quantity, a setting or an item names, in the order of their ids.
    pub(crate) fn units(&mut self, view: &View, said: impl Iterator<Item = Id>) -> Result<(), Missing> {
        let mut ids: BTreeSet<Id> = self
            .records
            .iter()
            .flat_map(|record| {
                let terms = record.fields.terms().iter().map(|term| term.quantity.unit);
                record.fields.units().chain(terms).collect::<Vec<_>>()
            })
            .collect();
        if !self.bound.plugin.is_older() {
            ids.extend(said);
        }
        ids.extend(self.bound.settings.iter().filter_map(|setting| setting.value.unit()));
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
        if self.records.iter().any(|record| record.fields.is_unitless()) {
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
        action(record.fields.action().map_or(Action::Cite, |action| self.bound.home.own.like(action)))
    }

    fn place(&self, record: &Record, prop: Prop) -> Option<types::Place> {
        record.fields.id(prop).and_then(|id| self.places.get(&id)).copied()
    }

    pub(crate) fn write(self, now: Instant, needs: &[Found]) -> Input {
        const AGENTS: [Class; 3] = [Class::Person, Class::Organization, Class::Agent];
        let ids = |classes: &[Class]| self.of(classes).map(|record| record.id).collect::<Vec<_>>();
        let (agents, stocks) = (ids(&AGENTS), ids(&[Class::EconomicResource]));
        let (specs, agreements) = (ids(&[Class::ResourceSpecification]), ids(&[Class::Agreement]));
        let found = needs.iter().zip(&self.bound.plugin.manifest.needs).map(|(found, need)| types::Found {
            need: need.name.clone(),
            starts: found.starts.clone(),
            rows: found.rows.iter().filter_map(|id| self.rows.get(id)).copied().collect(),
            cut: found.cut.clone(),
        });
        let setting = |setting| wire(setting, |unit| self.unit_row(unit), |id| self.rows.get(&id).copied());
        let agent = |record: &Arc<Record>| types::Agent {
            organization: record.class == Class::Organization,
            place: self.place(record, Prop::PrimaryLocation),
        };
        let context = types::Context {
            now: now.minute().0,
            day: self.bound.home.day(now.minute()),
            seed: Vec::new(),
            locale: self.bound.home.locale.clone(),
            settings: self.bound.settings.iter().map(setting).collect(),
            units: self.unit_rows.clone(),
            agents: self.of(&AGENTS).map(agent).collect(),
            memberships: self.of(&[Class::Membership]).map(|record| self.membership(record)).collect(),
            specs: self.of(&[Class::ResourceSpecification]).map(|record| spec(record)).collect(),
            stocks: self.of(&[Class::EconomicResource]).map(|record| self.stock(record)).collect(),
            agreements: self.of(&[Class::Agreement]).map(|record| self.agreement(record)).collect(),
            commitments: self.of(&[Class::Commitment]).map(|record| self.commitment(record)).collect(),
            events: self.of(&[Class::EconomicEvent]).map(|record| self.event(record)).collect(),
            intents: self.of(&[Class::Intent]).map(|record| self.intent(record)).collect(),
            found: found.collect(),
        };
        Input { context, rows: self.rows, units: self.unit_ids, agents, stocks, specs, agreements }
    }

    fn membership(&self, record: &Record) -> types::Membership {
        types::Membership {
            member: self.reference(record, Prop::Member).unwrap_or(u32::MAX),
            roles: record.fields.texts(Prop::Roles).to_vec(),
            since: micros(record, Prop::HasBeginning).unwrap_or_default(),
            finished: !record.is_open(),
        }
    }

    /// The first of some references that the record has.
    fn first(&self, record: &Record, props: [Prop; 2]) -> Option<u32> {
        let [first, second] = props;
        match self.bound.plugin.is_older() {
            true => self.reference(record, first),
            false => self.reference(record, first).or_else(|| self.reference(record, second)),
        }
    }

    fn stock(&self, record: &Record) -> types::Stock {
        types::Stock {
            name: record.title(),
            spec: self.reference(record, Prop::ConformsTo),
            accountable: self.reference(record, Prop::PrimaryAccountable),
            custodian: self.reference(record, Prop::Custodian),
            onhand: self.quantity(record.fields.quantity(Prop::OnhandQuantity)),
            accounting: self.quantity(record.fields.quantity(Prop::AccountingQuantity)),
            classes: record.fields.texts(Prop::ClassifiedAs).to_vec(),
            state: record.fields.text(Prop::State).map(str::to_owned),
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
            spec: self.reference(record, Prop::ResourceConformsTo),
            quantity: self.quantity(record.fields.quantity(Prop::ResourceQuantity)),
            effort: self.quantity(record.fields.quantity(Prop::EffortQuantity)),
            classes: record.fields.texts(Prop::ResourceClassifiedAs).to_vec(),
            agreement: self.first(record, [Prop::ClauseOf, Prop::ReciprocalClauseOf]),
            begins: micros(record, Prop::HasBeginning),
            ends: micros(record, Prop::HasEnd),
            due: micros(record, Prop::Due),
            created: micros(record, Prop::Created).unwrap_or_default(),
            finished: !record.is_open(),
        }
    }

    fn event(&self, record: &Record) -> types::Event {
        types::Event {
            action: self.action(record),
            provider: self.reference(record, Prop::Provider),
            receiver: self.reference(record, Prop::Receiver),
            stock: self.reference(record, Prop::ResourceInventoriedAs),
            spec: self.reference(record, Prop::ResourceConformsTo),
            quantity: self.quantity(record.fields.quantity(Prop::ResourceQuantity)),
            effort: self.quantity(record.fields.quantity(Prop::EffortQuantity)),
            classes: record.fields.texts(Prop::ResourceClassifiedAs).to_vec(),
            agreement: self.first(record, [Prop::RealizationOf, Prop::ReciprocalRealizationOf]),
            at: micros(record, Prop::HasPointInTime).or(micros(record, Prop::Created)).unwrap_or_default(),
        }
    }

    fn intent(&self, record: &Record) -> types::Intent {
        types::Intent {
            action: self.action(record),
            provider: self.reference(record, Prop::Provider),
            receiver: self.reference(record, Prop::Receiver),
            stock: self.reference(record, Prop::ResourceInventoriedAs),
            spec: self.reference(record, Prop::ResourceConformsTo),
            quantity: self.quantity(record.fields.quantity(Prop::ResourceQuantity)),
            available: self.quantity(record.fields.quantity(Prop::AvailableQuantity)),
            effort: self.quantity(record.fields.quantity(Prop::EffortQuantity)),
            classes: record.fields.texts(Prop::ResourceClassifiedAs).to_vec(),
            begins: micros(record, Prop::HasBeginning),
            ends: micros(record, Prop::HasEnd),
            due: micros(record, Prop::Due),
            finished: !record.is_open(),
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
