//! Planning: from what is wanted to what has to be done, by when and with what. Pure.
//!
//! [`plan`] explodes demands along recipes: what is in stock or coming anyway is set aside first, by the dates at which things
//! are wanted; for the rest a process is planned backward from when it is needed, and so on for what that takes. Then it looks
//! forward from now: what cannot be ready in time is late, and the longest chain is what decides when it is. The answer is a
//! [`Draft`]: nothing is written by it. [`acts`] turns it into ordinary acts, which are judged and decided as all are.
//!
//! Invariants:
//! - a flow takes no more than there is, and nothing is set aside twice;
//! - what a process takes is at least what its recipe says for what it makes: amounts are rounded up to the unit's smallest part;
//! - the same records, demands and time give the same draft.
//!
//! Source: ValueFlows 1.0, "dependent demand", "recipes" and "plans".

pub mod acts;
mod explode;
mod recipes;
pub mod replan;
pub(crate) mod reserve;
mod supply;
mod times;

use std::collections::HashMap;

use thiserror::Error;
use valueflows::{Action, Class, Fields, Id, Instant, Prop, Quantity, Record};

use crate::view::Link;

pub use explode::plan;
pub use recipes::{Exchange, Flow, Process, Recipes, span_us};
pub use supply::{Lot, LotOf, Supply};

/// A kind of thing, at a stage and in a state where that matters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kind {
    /// Its specification.
    pub spec: Id,
    /// The process specification that it has been through last.
    pub stage: Option<Id>,
    /// Its state, such as `pass`.
    pub state: Option<String>,
}

impl Kind {
    /// A kind whose stage and state do not matter.
    pub fn of(spec: Id) -> Kind {
        Kind { spec, stage: None, state: None }
    }

    /// The kind that a flow is of.
    pub fn in_flow(fields: &Fields) -> Option<Kind> {
        fields.id(Prop::ResourceConformsTo).map(|spec| Kind::at(spec, fields))
    }

    /// A kind at the stage and in the state that some values name.
    fn at(spec: Id, fields: &Fields) -> Kind {
        Kind { spec, stage: fields.id(Prop::Stage), state: fields.text(Prop::State).map(str::to_owned) }
    }

    /// Whether something of this kind is what is wanted: of a stage or state only where that is asked for.
    pub fn serves(&self, wanted: &Kind) -> bool {
        self.spec == wanted.spec
            && wanted.stage.is_none_or(|stage| self.stage == Some(stage))
            && (wanted.state.is_none() || self.state == wanted.state)
    }
}

/// What a planned thing is called: a recipe's process without a name is called after its kind.
pub fn name_of<'a>(find: impl Fn(Id) -> Option<&'a Record>, id: Id) -> Option<String> {
    let record = find(id)?;
    let kind = || find(record.fields.id(Prop::ProcessConformsTo)?);
    let named = |record: &Record| record.fields.text(Prop::Name).map(str::to_owned);
    named(record).or_else(|| kind().and_then(named))
}

/// What of a class was done or promised for a planned flow: events that keep a promise, events and promises that satisfy an intent.
pub fn for_flow(class: Class, flow: &Record) -> Link {
    let prop = if flow.class == Class::Intent { Prop::Satisfies } else { Prop::Fulfills };
    Link { class, prop, target: flow.id, open: false }
}

/// Something that is wanted at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// What.
    pub kind: Kind,
    /// How much.
    pub quantity: Quantity,
    /// By when.
    pub due: Instant,
    /// For whom, if it leaves the house.
    pub receiver: Option<Id>,
}

/// Everything that a plan is made from.
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    /// How things are made and got.
    pub recipes: &'a Recipes,
    /// What is there and what is coming.
    pub supply: Supply,
    /// What is wanted.
    pub demands: Vec<Demand>,
    /// Which recipe, process or exchange makes a specification, where there are several.
    pub choices: HashMap<Id, Id>,
    /// The books' time.
    pub now: Instant,
    /// Whether what should have been there already is planned all the same: it was wanted before its time had passed.
    pub overdue: bool,
}

/// Where something that is needed comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// It is there: the resource.
    Stock(Id),
    /// It is coming anyway: the commitment or intent of another plan, or of the past.
    Coming(Id),
    /// A process of this plan makes it.
    Made(usize),
    /// An exchange gets it.
    Got(usize),
    /// Nobody yet: somebody has to be found.
    Open,
}

/// What needs something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Needs {
    /// A process of this plan.
    Run(usize),
    /// A demand.
    Demand(usize),
    /// An exchange: what is given for what is got.
    Deal(usize),
}

/// A planned input, or what a demand gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// What happens with it.
    pub action: Action,
    /// What needs it.
    pub by: Needs,
    /// Of what kind, where it is of one.
    pub kind: Option<Kind>,
    /// How much.
    pub quantity: Option<Quantity>,
    /// How much effort.
    pub effort: Option<Quantity>,
    /// When it is needed.
    pub at: Instant,
    /// Where it comes from.
    pub source: Source,
}

/// A planned output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// What happens.
    pub action: Action,
    /// The process.
    pub of: usize,
    /// What kind of thing.
    pub kind: Kind,
    /// How much, what is left over included.
    pub quantity: Quantity,
    /// How much of it nothing needs.
    pub left: i64,
}

/// A planned process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The recipe's process.
    pub recipe: Id,
    /// How often it is done: once, but for what is done in batches.
    pub times: i64,
    /// The demand for which it was planned first.
    pub demand: usize,
    /// The latest time at which it may begin, for everything to be in time.
    pub latest: Instant,
    /// The earliest time at which everything that it needs can be there.
    pub earliest: Instant,
    /// How long it takes, microseconds.
    pub duration_us: i64,
    /// Whether it is on the chain that decides when its demand is met.
    pub critical: bool,
}

impl Run {
    /// When it begins as planned: as late as may be, or as early as can be where that is too late.
    pub fn begins(&self) -> Instant {
        self.latest.max(self.earliest)
    }

    /// When it ends as planned.
    pub fn ends(&self) -> Instant {
        self.begins().plus_us(self.duration_us)
    }

    /// How much later it could begin, microseconds; below nothing, it is too late by so much.
    pub fn slack_us(&self) -> i64 {
        self.latest.0.saturating_sub(self.earliest.0)
    }
}

/// A planned exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// The recipe's exchange.
    pub recipe: Id,
    /// What is got.
    pub kind: Kind,
    /// How much of it.
    pub quantity: Quantity,
    /// When it is needed.
    pub at: Instant,
}

/// How a demand comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Met {
    /// When all of it can be there.
    pub ready: Instant,
    /// How much later than it is wanted that is, microseconds.
    pub late_us: i64,
}

/// A plan that nobody has written down yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// What is done; whatever makes something for another stands after it, or before it where it makes it for both.
    pub runs: Vec<Run>,
    /// What is needed.
    pub inputs: Vec<Input>,
    /// What comes out.
    pub outputs: Vec<Output>,
    /// What is exchanged.
    pub deals: Vec<Deal>,
    /// For each demand, how it comes out.
    pub met: Vec<Met>,
}

impl Draft {
    /// What nobody provides yet.
    pub fn open(&self) -> impl Iterator<Item = &Input> {
        self.inputs.iter().filter(|input| input.source == Source::Open)
    }
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlanError {
    /// Nothing is wanted.
    #[error("nothing is wanted: say what, how much of it and by when")]
    Nothing,
    /// A demand of nothing, or of less.
    #[error("a demand has to be of more than nothing")]
    NoAmount,
    /// What is wanted should have been there already.
    #[error("what is wanted by a time that has passed cannot be planned")]
    Past,
    /// A thing that is made from itself.
    #[error("`{0}` is needed to make itself: give one of its recipes another input, or have some in stock")]
    Cycle(Id),
    /// A recipe's flow without an amount.
    #[error("the recipe's process `{0}` does not say how much of something it takes or makes")]
    NoQuantity(Id),
    /// A recipe in another unit than what is wanted.
    #[error("`{0}` is wanted in another unit than its recipe makes it in")]
    Unit(Id),
    /// A process whose duration is in no unit of time.
    #[error("the recipe's process `{0}` takes a time that is in no unit of time, such as `hour`")]
    NoTime(Id),
    /// A choice that makes no such thing.
    #[error("`{choice}` does not make `{spec}`")]
    NotMadeBy {
        /// What was chosen.
        choice: Id,
        /// What should be made.
        spec: Id,
    },
    /// Too many processes, or too large a number.
    #[error("this plan is too large: make it of fewer demands at once")]
    TooLarge,
}

impl PlanError {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            PlanError::Nothing | PlanError::NoAmount => "plan-of-nothing",
            PlanError::Past => "plan-for-the-past",
            PlanError::Cycle(_) => "plan-cycle",
            PlanError::NoQuantity(_) | PlanError::Unit(_) | PlanError::NoTime(_) => "plan-recipe",
            PlanError::NotMadeBy { .. } => "plan-choice",
            PlanError::TooLarge => "plan-too-large",
        }
    }

    /// The records that its sentence names by their ids: whoever shows it knows what they are called.
    pub fn names(&self) -> Vec<Id> {
        match self {
            PlanError::Cycle(id)
            | PlanError::NoQuantity(id)
            | PlanError::Unit(id)
            | PlanError::NoTime(id) => vec![*id],
            PlanError::NotMadeBy { choice, spec } => vec![*choice, *spec],
            PlanError::Nothing | PlanError::NoAmount | PlanError::Past | PlanError::TooLarge => Vec::new(),
        }
    }
}
