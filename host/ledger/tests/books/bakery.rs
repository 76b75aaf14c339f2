//! A network's recipes and stock by name, and plans in words.

use ledger::planning::{Demand, Draft, Kind, Needs, PlanError, Problem, Recipes, Source, Supply, plan};
use std::collections::HashMap;
use valueflows::{Action, Class, Fields, Id, Instant, OwnActions, Prop, Quantity, Record, Value};

/// What, how much of it, and in how many hours.
pub type Wish = (&'static str, i64, i64);

pub const PIECE: Id = Id([1; 16]);
pub const HOUR: Id = Id([2; 16]);
pub const US: Id = Id([3; 16]);
pub const H: i64 = 3_600_000_000;
pub const NOW: Instant = Instant(1_000 * 24 * H);

/// Records by what they are called, in the order in which they are named.
#[derive(Debug, Default)]
pub struct World {
    pub names: Vec<String>,
    pub records: Vec<Record>,
}

impl World {
    pub fn new() -> World {
        let unit = |id, label: &str, decimals| {
            let fields = Fields::new()
                .with(Prop::Label, Value::Text(label.to_owned()))
                .with(Prop::Decimals, Value::Integer(decimals));
            Record::new(id, Class::Unit, fields)
        };
        World { names: Vec::new(), records: vec![unit(PIECE, "piece", 0), unit(HOUR, "hour", 2)] }
    }

    pub fn id(&mut self, name: &str) -> Id {
        let at = self.names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        let mut id = [16; 16];
        id[..8].copy_from_slice(&(at as u64 + (16 << 56)).to_be_bytes());
        Id(id)
    }

    pub fn add(&mut self, name: &str, class: Class, fields: Fields) -> Id {
        let id = self.id(name);
        self.records.push(Record::new(id, class, fields));
        id
    }

    /// `bread 10 <- flour 4, salt 1; work baker 2h`: a process that takes so many hours, and its flows.
    pub fn recipe(
        &mut self,
        name: &str,
        hours: i64,
        classes: &[&str],
        made: &[(&str, i64)],
        takes: &[(&str, i64)],
    ) {
        let duration = Value::Quantity(Quantity { amount: hours * 100, unit: HOUR });
        let classes = classes.iter().map(|class| (*class).to_owned()).collect();
        let fields = Fields::new()
            .with(Prop::Name, Value::Text(name.to_owned()))
            .with(Prop::HasDuration, duration)
            .with(Prop::ProcessClassifiedAs, Value::Texts(classes));
        let process = self.add(name, Class::RecipeProcess, fields);
        for (prop, flows) in [(Prop::RecipeOutputOf, made), (Prop::RecipeInputOf, takes)] {
            for (n, (what, amount)) in flows.iter().enumerate() {
                let (action, what) = match (prop, what.split_once(' ')) {
                    (_, Some((action, what))) => (Action::named(action).unwrap(), what),
                    (Prop::RecipeOutputOf, None) => (Action::Produce, *what),
                    (_, None) => (Action::Consume, *what),
                };
                let mut flow = self.flow(action, what, *amount);
                flow.set(prop, Value::Ref(process));
                self.add(&format!("{name} {prop:?} {n}"), Class::RecipeFlow, flow);
            }
        }
    }

    /// A flow of a kind: `gown:washed!pass` is one of a stage and in a state.
    pub fn flow(&mut self, action: Action, what: &str, amount: i64) -> Fields {
        let kind = self.kind(what);
        let mut fields = Fields::new()
            .with(Prop::Action, Value::Action(action))
            .with(Prop::ResourceConformsTo, Value::Ref(kind.spec));
        match action {
            Action::Work => fields
                .set(Prop::EffortQuantity, Value::Quantity(Quantity { amount: amount * 100, unit: HOUR })),
            _ => fields.set(Prop::ResourceQuantity, Value::Quantity(Quantity { amount, unit: PIECE })),
        }
        if let Some(stage) = kind.stage {
            fields.set(Prop::Stage, Value::Ref(stage));
        }
        if let Some(state) = kind.state {
            fields.set(Prop::State, Value::Text(state));
        }
        fields
    }

    pub fn kind(&mut self, what: &str) -> Kind {
        let (what, state) =
            what.split_once('!').map_or((what, None), |(what, state)| (what, Some(state.to_owned())));
        let (spec, stage) = what.split_once(':').map_or((what, None), |(spec, stage)| (spec, Some(stage)));
        Kind { spec: self.id(spec), stage: stage.map(|stage| self.id(stage)), state }
    }

    pub fn stock(&mut self, name: &str, what: &str, amount: i64) -> Id {
        let kind = self.kind(what);
        let mut fields = Fields::new()
            .with(Prop::ConformsTo, Value::Ref(kind.spec))
            .with(Prop::PrimaryAccountable, Value::Ref(US))
            .with(Prop::OnhandQuantity, Value::Quantity(Quantity { amount, unit: PIECE }));
        if let Some(stage) = kind.stage {
            fields.set(Prop::Stage, Value::Ref(stage));
        }
        self.add(name, Class::EconomicResource, fields)
    }

    pub fn set(&mut self, name: &str, prop: Prop, value: Value) {
        let id = self.id(name);
        self.records.iter_mut().find(|record| record.id == id).unwrap().fields.set(prop, value);
    }

    pub fn supply(&self) -> Supply {
        Supply::of(&self.records, US, &OwnActions::default(), &HashMap::new())
    }

    pub fn plan(
        &mut self,
        wanted: &[(&str, i64, i64)],
        choices: &[(&str, &str)],
    ) -> Result<Draft, PlanError> {
        let recipes = Recipes::of(&self.records)?;
        let demands = wanted
            .iter()
            .map(|(what, amount, hours)| Demand {
                kind: self.kind(what),
                quantity: Quantity { amount: *amount, unit: PIECE },
                due: NOW.plus_us(hours * H),
                receiver: None,
            })
            .collect();
        let choices = choices.iter().map(|(spec, by)| (self.id(spec), self.id(by))).collect();
        plan(Problem { recipes: &recipes, supply: self.supply(), demands, choices, now: NOW, overdue: false })
    }

    pub fn name(&self, id: Id) -> String {
        let at = u64::from_be_bytes(id.0[..8].try_into().unwrap()) - (16 << 56);
        self.names[at as usize].clone()
    }

    /// A draft in words: each process with when it begins and ends, hours from now, and what it takes from where.
    pub fn told(&self, draft: &Draft) -> Vec<String> {
        let hours = |at: Instant| (at.0 - NOW.0) / H;
        let inputs = |by: Needs| {
            let of_it = draft.inputs.iter().filter(move |input| input.by == by);
            let told = of_it.map(|input| {
                let amount =
                    input.quantity.or(input.effort).map(|quantity| quantity.amount).unwrap_or_default();
                let what = input.kind.as_ref().map(|kind| self.name(kind.spec)).unwrap_or_default();
                let from = match &input.source {
                    Source::Stock(id) | Source::Coming(id) => self.name(*id),
                    Source::Made(output) => self.name(draft.runs[draft.outputs[*output].of].recipe),
                    Source::Got(deal) => self.name(draft.deals[*deal].recipe),
                    Source::Open => "nobody".to_owned(),
                };
                format!("{amount} {what} of {from}")
            });
            told.collect::<Vec<_>>().join(", ")
        };
        let runs = draft.runs.iter().enumerate().map(|(n, run)| {
            let (begins, ends) = (hours(run.begins()), hours(run.ends()));
            let times = if run.times == 1 { String::new() } else { format!(" x{}", run.times) };
            let critical = if run.critical { "*" } else { "" };
            format!("{}{times} {begins}-{ends}{critical}: {}", self.name(run.recipe), inputs(Needs::Run(n)))
        });
        let met = draft.met.iter().enumerate().map(|(n, met)| {
            let late = if met.late_us > 0 { format!(", {} late", met.late_us / H) } else { String::new() };
            format!("wanted: {}{late}", inputs(Needs::Demand(n)))
        });
        let deals = draft
            .deals
            .iter()
            .enumerate()
            .map(|(n, deal)| format!("{}: for {}", self.name(deal.recipe), inputs(Needs::Deal(n))));
        runs.chain(deals).chain(met).collect()
    }
}

pub fn bakery() -> World {
    let mut world = World::new();
    world.recipe("bake", 3, &[], &[("bread", 10)], &[("dough", 5), ("work baker", 2)]);
    world.recipe("knead", 1, &[], &[("dough", 1)], &[("flour", 2), ("salt", 1)]);
    world
}
