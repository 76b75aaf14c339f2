//! Records as JSON-LD that is taken in again: under their IRIs, instants in UTC, lists in order.
//!
//! A resource that things have happened to is told of twice: what it came to before, and, after the events,
//! what it comes to now. What was before is what is now less what the events told of did, by the action
//! table; the reader of the file goes the same way and must arrive at the same end.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};
use valueflows::limits::{DEGREE_DECIMALS, UNIT_DECIMALS_DEFAULT};
use valueflows::property::{HOUSE, IN_ORDER, STATED, VF};
use valueflows::{
    Card, Class, Id, Instant, Kind, NO_UNIT, OwnActions, Prop, Property, Quantity, Record, Value,
};

use crate::times;

/// What is told of.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// Records as they stand now, in the order in which they were written down.
    pub records: Vec<Record>,
    /// Resources as they were when they were first written down.
    pub first: HashMap<Id, Record>,
    /// Records that only came with the founding of the network: they are told of where something points at
    /// them.
    pub founding: HashSet<Id>,
    /// The actions that the network's rules define.
    pub own: Arc<OwnActions>,
}

struct Writing<'a> {
    by_id: HashMap<Id, &'a Record>,
    book: &'a Book,
    /// What the events told of did to each resource: accounting, onhand.
    done: HashMap<Id, BTreeMap<Prop, i64>>,
}

/// The whole of a book as one document.
pub fn document(book: &Book) -> Json {
    let by_id: HashMap<Id, &Record> = book.records.iter().map(|record| (record.id, record)).collect();
    let mut writing = Writing { by_id, book, done: HashMap::new() };
    let events = || book.records.iter().filter(|record| record.class == Class::EconomicEvent);
    for event in events() {
        writing.count(event);
    }
    let pointed: HashSet<Id> = book
        .records
        .iter()
        .filter(|record| IN_ORDER.contains(&record.class) && !book.founding.contains(&record.id))
        .flat_map(|record| record.points_at())
        .collect();
    let told = |record: &&Record| !book.founding.contains(&record.id) || pointed.contains(&record.id);
    let mut graph = Vec::new();
    for class in IN_ORDER {
        let of_class = book.records.iter().filter(|record| record.class == class).filter(told);
        match class {
            Class::EconomicResource => {
                for record in outermost_first(of_class.collect()) {
                    graph.push(writing.before(record));
                }
            }
            _ => graph.extend(of_class.map(|record| writing.record(record, |_| true))),
        }
    }
    let resources = book.records.iter().filter(|record| record.class == Class::EconomicResource);
    for record in resources.filter(told).filter(|record| writing.done.contains_key(&record.id)) {
        let after = writing.record(record, |prop| STATED.contains(&prop));
        graph.push(after);
    }
    json!({"@context": {"@vocab": VF, "reflow": HOUSE}, "@graph": graph})
}

/// A container stands before what it contains; otherwise the order stays.
fn outermost_first(records: Vec<&Record>) -> Vec<&Record> {
    let here: HashSet<Id> = records.iter().map(|record| record.id).collect();
    let mut placed: HashSet<Id> = HashSet::new();
    let mut left = records;
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let before = left.len();
        left.retain(|record| {
            let container = record.fields.id(Prop::ContainedIn).filter(|id| here.contains(id));
            let ready = container.is_none_or(|id| placed.contains(&id));
            if ready {
                placed.insert(record.id);
                order.push(*record);
            }
            !ready
        });
        if left.len() == before {
            // The ledger lets no circle in; if there were one, it is told of as it stands.
            order.append(&mut left);
        }
    }
    order
}

impl Writing<'_> {
    /// Notes what an event did to the resources that it names.
    fn count(&mut self, event: &Record) {
        let Some(action) = event.fields.action() else { return };
        let Some(quantity) = event.fields.quantity(Prop::ResourceQuantity) else {
            for prop in [Prop::ResourceInventoriedAs, Prop::ToResourceInventoriedAs] {
                if let Some(id) = event.fields.id(prop) {
                    self.done.entry(id).or_default();
                }
            }
            return;
        };
        let Ok(row) = self.book.own.row(action) else { return };
        let from = event.fields.id(Prop::ResourceInventoriedAs);
        let to = event.fields.id(Prop::ToResourceInventoriedAs);
        for (prop, effect) in [(Prop::AccountingQuantity, row.accounting), (Prop::OnhandQuantity, row.onhand)]
        {
            let (on_from, on_to) = effect.signs();
            // The container of `combine` is named, not changed.
            let to = to.filter(|_| row.contained != valueflows::action::ContainedEffect::Update);
            for (id, by) in [(from, on_from), (to, on_to)] {
                let Some(id) = id else { continue };
                *self.done.entry(id).or_default().entry(prop).or_default() +=
                    by.unwrap_or(0) * quantity.amount;
            }
        }
    }

    /// A resource before the events told of.
    fn before(&self, record: &Record) -> Json {
        let Some(done) = self.done.get(&record.id) else { return self.record(record, |_| true) };
        let mut before = self.book.first.get(&record.id).unwrap_or(record).clone();
        // How it is described is told of as it is now.
        for row in record.class.properties().iter().filter(|row| !STATED.contains(&row.prop)) {
            match record.fields.get(row.prop) {
                Some(value) => before.fields.set(row.prop, value.clone()),
                None => drop(before.fields.remove(row.prop)),
            }
        }
        for prop in [Prop::AccountingQuantity, Prop::OnhandQuantity] {
            let now = record.fields.quantity(prop);
            let by = done.get(&prop).copied().unwrap_or_default();
            match now {
                Some(Quantity { amount, unit }) => {
                    before.fields.set(prop, Value::Quantity(Quantity { amount: amount - by, unit }))
                }
                None => drop(before.fields.remove(prop)),
            }
        }
        self.record(&before, |_| true)
    }

    fn record(&self, record: &Record, which: impl Fn(Prop) -> bool) -> Json {
        let mut map = Map::new();
        map.insert("@id".into(), json!(self.iri(record.id)));
        map.insert("@type".into(), json!(record.class.as_str()));
        let assumed = record.fields.texts(Prop::Assumed);
        for row in record.class.properties() {
            let left_out = matches!(row.prop, Prop::SameAs | Prop::Reported | Prop::Assumed | Prop::SignedBy)
                || assumed.iter().any(|prop| prop == row.prop.as_str());
            let Some(value) = record.fields.get(row.prop).filter(|_| !left_out && which(row.prop)) else {
                continue;
            };
            if let Some(value) = self.value(row, value) {
                map.insert(name(row), value);
            }
        }
        Json::Object(map)
    }

    /// The IRI under which a record was first known; a unit is its label.
    fn iri(&self, id: Id) -> String {
        let Some(record) = self.by_id.get(&id) else { return format!("urn:uuid:{id}") };
        let text = match record.class {
            Class::Unit => record.fields.text(Prop::Label),
            _ => record.fields.text(Prop::SameAs),
        };
        text.map_or_else(|| format!("urn:uuid:{id}"), str::to_owned)
    }

    fn value(&self, row: &Property, value: &Value) -> Option<Json> {
        Some(match value {
            Value::Text(text) => json!(text),
            Value::Flag(flag) => json!(flag),
            Value::Integer(n) if row.kind == Kind::Millionths => {
                json!(valueflows::Decimal::new(*n, DEGREE_DECIMALS).to_string())
            }
            Value::Integer(n) => json!(n),
            Value::Instant(Instant(us)) => json!(times::write(Instant(*us))?),
            // What the rules define is no word of the vocabulary.
            Value::Action(action) if action.is_own() => json!(format!("reflow:{action}")),
            Value::Action(action) => json!(action.as_str()),
            Value::Ref(id) => json!(self.iri(*id)),
            Value::Texts(texts) if !texts.is_empty() => json!(texts),
            Value::Refs(ids) if !ids.is_empty() => ids.iter().map(|id| json!(self.iri(*id))).collect(),
            Value::Texts(_) | Value::Refs(_) => return None,
            Value::Quantity(quantity) => self.amount(*quantity),
            Value::Terms(terms) if row.card == Card::Many && !terms.is_empty() => terms
                .iter()
                .map(|term| json!({"code": term.code, "quantity": self.amount(term.quantity)}))
                .collect(),
            // Rule books and votes are the network's own and stay in its journal.
            Value::Terms(_) | Value::Measure(_) | Value::Document(_) => return None,
        })
    }

    fn amount(&self, quantity: Quantity) -> Json {
        let unit = self.by_id.get(&quantity.unit);
        let decimals = unit.and_then(|unit| unit.fields.integer(Prop::Decimals));
        let decimals = decimals.and_then(|n| u8::try_from(n).ok()).unwrap_or(UNIT_DECIMALS_DEFAULT);
        let number = quantity.decimal(decimals).to_string();
        match quantity.unit == NO_UNIT {
            true => json!({"hasNumericalValue": number}),
            false => json!({"hasNumericalValue": number, "hasUnit": self.iri(quantity.unit)}),
        }
    }
}

/// What a property is called in a file: its own name, or a house name with its prefix.
fn name(row: &Property) -> String {
    match row.iri().strip_prefix(HOUSE) {
        Some(local) => format!("reflow:{local}"),
        None => row.prop.as_str().to_owned(),
    }
}
