//! A small world of books: two people, a unit, a place, processes, and whatever a test records in it.

use std::sync::{Arc, LazyLock};

use ledger::{Act, Circumstances, Outcome, QuotedLine, Snapshot, Stop, View, decide};
use valueflows::action::Row;
use valueflows::{
    Action, Class, Decimal, Fields, Id, Instant, Measure, OwnAction, OwnActions, Prop, Quantity, Record,
    Value,
};

pub const UNIT: Id = Id([1; 16]);
pub const HOUR: Id = Id([2; 16]);
pub const INES: Id = Id([3; 16]);
pub const JONAS: Id = Id([4; 16]);
pub const PLACE: Id = Id([5; 16]);
pub const YARD: Id = Id([6; 16]);
pub const STAGE: Id = Id([7; 16]);
pub const PROCESS: Id = Id([8; 16]);

pub struct World {
    pub view: View,
    made: u8,
    pub generation: u32,
    /// What was quoted for the next act.
    pub quoted: Vec<QuotedLine>,
    /// What a round grants.
    pub granted: Vec<ledger::round::Granted>,
}

impl World {
    pub fn new() -> World {
        let mut view = View::over(Snapshot::whole());
        let mut put = |id, class, fields| view.put(Record::new(id, class, fields));
        for (id, label) in [(UNIT, "piece"), (HOUR, "hour")] {
            let fields = Fields::new()
                .with(Prop::Label, Value::Text(label.into()))
                .with(Prop::Decimals, Value::Integer(0));
            put(id, Class::Unit, fields);
        }
        put(INES, Class::Person, Fields::new());
        put(JONAS, Class::Person, Fields::new());
        put(PLACE, Class::SpatialThing, Fields::new());
        put(YARD, Class::SpatialThing, Fields::new());
        put(STAGE, Class::ProcessSpecification, Fields::new());
        put(PROCESS, Class::Process, Fields::new().with(Prop::BasedOn, Value::Ref(STAGE)));
        World { view, made: 0, generation: ledger::WHOLE, quoted: Vec::new(), granted: Vec::new() }
    }

    /// Puts a record there.
    pub fn put(&mut self, class: Class, fields: Fields) -> Id {
        self.made += 1;
        let id = Id([100 + self.made; 16]);
        self.view.put(Record::new(id, class, fields));
        id
    }

    /// So many pieces of somebody's.
    pub fn stock(&mut self, owner: Id, amount: i64) -> Id {
        let quantity = Value::Quantity(Quantity { amount, unit: UNIT });
        let fields = Fields::new()
            .with(Prop::AccountingQuantity, quantity.clone())
            .with(Prop::OnhandQuantity, quantity)
            .with(Prop::PrimaryAccountable, Value::Ref(owner))
            .with(Prop::Custodian, Value::Ref(owner));
        self.put(Class::EconomicResource, fields)
    }

    /// Judges an act, and takes what comes of it into the books.
    pub fn act(&mut self, act: &Act) -> Result<Outcome, Stop> {
        self.made += 1;
        let mut with = Circumstances {
            network: Id::default(),
            command: Id([200 + self.made % 50, self.made, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
            agent: INES,
            now: Instant(1_000_000),
            made: 0,
            quoted: std::mem::take(&mut self.quoted),
            granted: std::mem::take(&mut self.granted),
            signer: None,
            generation: self.generation,
            actions: own(),
        };
        let outcome = decide(&self.view, act, &mut with)?;
        outcome.records.iter().for_each(|record| self.view.put(record.clone()));
        Ok(outcome)
    }

    pub fn record(&mut self, event: Fields) -> Result<Outcome, Stop> {
        self.act(&Act::Record { event, resource: None })
    }

    pub fn get(&self, id: Id) -> Fields {
        self.view.record(id).unwrap().unwrap().fields.clone()
    }

    /// Accounting and onhand.
    pub fn amounts(&self, id: Id) -> (i64, i64) {
        let fields = self.get(id);
        let amount = |prop| fields.quantity(prop).unwrap().amount;
        (amount(Prop::AccountingQuantity), amount(Prop::OnhandQuantity))
    }
}

pub fn measure(amount: i64, unit: Id) -> Value {
    Value::Measure(Measure { value: Decimal::new(amount, 0), unit })
}

/// An event from Ines to Jonas.
pub fn event(action: Action, amount: i64) -> Fields {
    let (prop, unit) = match action {
        Action::Work => (Prop::EffortQuantity, HOUR),
        _ => (Prop::ResourceQuantity, UNIT),
    };
    Fields::new()
        .with(Prop::Action, Value::Action(action))
        .with(Prop::Provider, Value::Ref(INES))
        .with(Prop::Receiver, Value::Ref(JONAS))
        .with(prop, measure(amount, unit))
}

/// The event that an outcome made.
pub fn event_of(outcome: &Outcome) -> Record {
    outcome.records.iter().find(|record| record.class == Class::EconomicEvent).unwrap().clone()
}

/// The code of a refusal.
pub fn code<T: std::fmt::Debug>(answer: Result<T, Stop>) -> &'static str {
    match answer {
        Err(Stop::Refused(refusal)) => refusal.code(),
        other => panic!("not refused: {other:?}"),
    }
}

/// Actions that the rules of this network define.
pub fn own() -> Arc<OwnActions> {
    static OWN: LazyLock<Arc<OwnActions>> = LazyLock::new(|| {
        let like = |label: &str, like: &str| OwnAction {
            label: label.into(),
            like: like.into(),
            ..OwnAction::default()
        };
        let none = || Some("notApplicable".to_owned());
        let defined = [
            OwnAction { accounting_effect: none(), ..like("glean", "produce") },
            OwnAction {
                location_effect: none(),
                state_effect: Some("update".into()),
                ..like("lend", "transferCustody")
            },
            OwnAction { accountable_effect: none(), ..like("pool", "transfer") },
            OwnAction { accounting_effect: none(), ..like("mislay", "lower") },
            OwnAction { onhand_effect: none(), ..like("promiseCopy", "copy") },
            OwnAction {
                onhand_effect: Some("notApplicable".into()),
                event_quantity: Some("both".into()),
                ..like("fetch", "pickup")
            },
        ];
        Arc::new(OwnActions::new(&defined).unwrap())
    });
    OWN.clone()
}

/// What an action does, one of the nineteen or of these.
pub fn row(action: Action) -> Row {
    *own().row(action).unwrap()
}
