//! How things are made and got: the network's recipes, found by what they make.

use std::collections::{HashMap, HashSet};

use valueflows::{Action, Class, Id, Prop, Quantity, Record};

use super::{Kind, PlanError};

/// The classification of a recipe's process that is done as a whole, once or several times, one after another.
const BATCH: &str = "batch";

/// A flow of a recipe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// What happens.
    pub action: Action,
    /// Of what kind; work may be of none.
    pub kind: Option<Kind>,
    /// How much.
    pub quantity: Option<Quantity>,
    /// How much effort.
    pub effort: Option<Quantity>,
}

/// A process of a recipe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Its record.
    pub id: Id,
    /// How long it takes, microseconds.
    pub duration_us: i64,
    /// Whether it is done as a whole, as often as it takes.
    pub is_batch: bool,
    /// What goes in.
    pub inputs: Vec<Flow>,
    /// What comes out.
    pub outputs: Vec<Flow>,
}

/// An exchange of a recipe: so much of one thing for so much of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Its record.
    pub id: Id,
    /// What is got.
    pub clauses: Vec<Flow>,
    /// What is given for it.
    pub reciprocal: Vec<Flow>,
}

/// What makes something: the number of a process or an exchange, and of its flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Maker {
    Process(usize, usize),
    Exchange(usize, usize),
}

/// A recipe as a whole: what it is for, and the processes that belong to it.
#[derive(Debug, Clone)]
struct Whole {
    id: Id,
    output: Id,
    includes: HashSet<Id>,
}

/// All recipes of a network.
#[derive(Debug, Clone, Default)]
pub struct Recipes {
    processes: Vec<Process>,
    exchanges: Vec<Exchange>,
    wholes: Vec<Whole>,
    makers: HashMap<Id, Vec<Maker>>,
    /// Specifications of which one is as good as another only where it is made for the purpose.
    bespoke: HashSet<Id>,
}

/// How long an amount of time is, microseconds, by the name of its unit; none where it is none, or none of a fixed length.
pub fn span_us(amount: i64, decimals: u8, unit: &str) -> Option<i64> {
    let second: i128 = 1_000_000;
    let one = match unit {
        "second" | "secondTime" | "s" => second,
        "minute" | "minuteTime" | "min" => 60 * second,
        "hour" | "h" => 3_600 * second,
        "day" | "d" => 86_400 * second,
        "week" => 7 * 86_400 * second,
        _ => return None,
    };
    let parts = 10i128.checked_pow(u32::from(decimals))?;
    i64::try_from(i128::from(amount).checked_mul(one)?.checked_div(parts)?).ok()
}

impl Recipes {
    /// The recipes among some records; units, specifications and flows are found among them, too.
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Result<Recipes, PlanError> {
        let mut all: Vec<&Record> = records.into_iter().collect();
        // Ids stand in the order in which things were made.
        all.sort_by_key(|record| record.id);
        let of_class = |class| all.iter().copied().filter(move |record: &&Record| record.class == class);
        let units: HashMap<Id, &Record> = of_class(Class::Unit).map(|unit| (unit.id, unit)).collect();
        let mut recipes = Recipes::default();
        let mut numbers = HashMap::new();
        for record in of_class(Class::RecipeProcess) {
            numbers.insert(record.id, recipes.processes.len());
            recipes.processes.push(process(record, &units)?);
        }
        let mut deals = HashMap::new();
        for record in of_class(Class::RecipeExchange) {
            deals.insert(record.id, recipes.exchanges.len());
            recipes.exchanges.push(Exchange { id: record.id, clauses: Vec::new(), reciprocal: Vec::new() });
        }
        for record in of_class(Class::RecipeFlow) {
            recipes.take(record, &numbers, &deals, &all);
        }
        for record in of_class(Class::Recipe) {
            if let Some(output) = record.fields.id(Prop::PrimaryOutput) {
                let includes = record.fields.ids(Prop::RecipeIncludes).iter().copied().collect();
                recipes.wholes.push(Whole { id: record.id, output, includes });
            }
        }
        let own = |record: &&Record| {
            matches!(record.fields.get(Prop::Substitutable), Some(valueflows::Value::Flag(false)))
        };
        recipes.bespoke =
            of_class(Class::ResourceSpecification).filter(own).map(|record| record.id).collect();
        recipes.index();
        Ok(recipes)
    }

    fn take(
        &mut self,
        record: &Record,
        numbers: &HashMap<Id, usize>,
        deals: &HashMap<Id, usize>,
        all: &[&Record],
    ) {
        let number =
            |prop, of: &HashMap<Id, usize>| record.fields.id(prop).and_then(|id| of.get(&id).copied());
        let Some(mut flow) = flow(record) else { return };
        if let Some(process) = number(Prop::RecipeInputOf, numbers).and_then(|n| self.processes.get_mut(n)) {
            process.inputs.push(flow.clone());
        }
        if let Some(process) = number(Prop::RecipeOutputOf, numbers).and_then(|n| self.processes.get_mut(n)) {
            // What comes out has been through the process.
            let id = process.id;
            let through = || {
                let at = all.binary_search_by_key(&id, |record| record.id).ok()?;
                all.get(at)?.fields.id(Prop::ProcessConformsTo)
            };
            if let Some(kind) = &mut flow.kind
                && kind.stage.is_none()
            {
                kind.stage = through();
            }
            process.outputs.push(flow.clone());
        }
        if let Some(deal) = number(Prop::RecipeClauseOf, deals).and_then(|n| self.exchanges.get_mut(n)) {
            deal.clauses.push(flow.clone());
        }
        if let Some(deal) =
            number(Prop::RecipeReciprocalClauseOf, deals).and_then(|n| self.exchanges.get_mut(n))
        {
            deal.reciprocal.push(flow);
        }
    }

    fn index(&mut self) {
        let mut makers: HashMap<Id, Vec<Maker>> = HashMap::new();
        for (n, process) in self.processes.iter().enumerate() {
            for (at, flow) in process.outputs.iter().enumerate() {
                if let Some(kind) = &flow.kind {
                    makers.entry(kind.spec).or_default().push(Maker::Process(n, at));
                }
            }
        }
        for (n, deal) in self.exchanges.iter().enumerate() {
            for (at, flow) in deal.clauses.iter().enumerate() {
                if let Some(kind) = &flow.kind {
                    makers.entry(kind.spec).or_default().push(Maker::Exchange(n, at));
                }
            }
        }
        self.makers = makers;
    }

    /// A process by its number.
    pub(super) fn process(&self, n: usize) -> Option<&Process> {
        self.processes.get(n)
    }

    /// An exchange by its number.
    pub(super) fn exchange(&self, n: usize) -> Option<&Exchange> {
        self.exchanges.get(n)
    }

    /// Whether any thing of a specification is as good as another.
    pub fn is_substitutable(&self, spec: Id) -> bool {
        !self.bespoke.contains(&spec)
    }

    /// What makes a kind of thing, in the order in which it was written down.
    pub(super) fn makers(&self, wanted: &Kind) -> impl Iterator<Item = Maker> {
        let all = self.makers.get(&wanted.spec).map(Vec::as_slice).unwrap_or_default();
        all.iter().copied().filter(move |maker| {
            self.flow(*maker).and_then(|flow| flow.kind.as_ref()).is_some_and(|kind| kind.serves(wanted))
        })
    }

    /// The flow by which something is made.
    pub(super) fn flow(&self, maker: Maker) -> Option<&Flow> {
        match maker {
            Maker::Process(n, at) => self.processes.get(n)?.outputs.get(at),
            Maker::Exchange(n, at) => self.exchanges.get(n)?.clauses.get(at),
        }
    }

    /// The record of what makes something.
    pub(super) fn id(&self, maker: Maker) -> Option<Id> {
        match maker {
            Maker::Process(n, _) => self.processes.get(n).map(|process| process.id),
            Maker::Exchange(n, _) => self.exchanges.get(n).map(|deal| deal.id),
        }
    }

    /// The processes of the recipe for a specification: of the one that was chosen, or of the oldest. None, where there is no
    /// recipe as a whole for it, and every process will do.
    pub(super) fn whole(&self, spec: Id, chosen: Option<Id>) -> Option<&HashSet<Id>> {
        let of_it = || self.wholes.iter().filter(move |whole| whole.output == spec);
        let found = match chosen {
            Some(id) => of_it().find(|whole| whole.id == id),
            None => of_it().next(),
        };
        found.map(|whole| &whole.includes)
    }
}

fn process(record: &Record, units: &HashMap<Id, &Record>) -> Result<Process, PlanError> {
    let duration_us = match record.fields.quantity(Prop::HasDuration) {
        None => 0,
        Some(quantity) => {
            let unit = units.get(&quantity.unit).ok_or(PlanError::NoTime(record.id))?;
            let decimals = unit.decimals();
            [Prop::OmUnitIdentifier, Prop::Label]
                .into_iter()
                .filter_map(|prop| unit.fields.text(prop))
                .find_map(|name| span_us(quantity.amount, decimals, name))
                .ok_or(PlanError::NoTime(record.id))?
        }
    };
    let is_batch = record.fields.texts(Prop::ProcessClassifiedAs).iter().any(|class| class == BATCH);
    Ok(Process { id: record.id, duration_us, is_batch, inputs: Vec::new(), outputs: Vec::new() })
}

fn flow(record: &Record) -> Option<Flow> {
    Some(Flow {
        action: record.fields.action()?,
        kind: Kind::in_flow(&record.fields),
        quantity: record.fields.quantity(Prop::ResourceQuantity),
        effort: record.fields.quantity(Prop::EffortQuantity),
    })
}
