//! Plans, as whoever plans sees the books: recipes, stock and promises are read at one position, the draft is made from them,
//! and it becomes acts that go down the lane like all others. Nothing is set aside before they are in the books: whoever comes
//! first has it, and a plan on what is gone meanwhile is refused whole.

use std::collections::HashMap;
use std::sync::Arc;

use governance::AnyAct;
use ledger::Link;
use ledger::planning::acts::{Writing, acts};
use ledger::planning::{Demand, Draft, PlanError, Problem, Recipes, Supply, plan};
use valueflows::{Class, Id, Prop, Quantity, Record};

use crate::error::Rejection;
use crate::limits::REPORT_ROWS;
use crate::reader::Reader;

/// What a plan is made from.
const CLASSES: [Class; 12] = [
    Class::Unit,
    Class::ResourceSpecification,
    Class::ProcessSpecification,
    Class::Recipe,
    Class::RecipeProcess,
    Class::RecipeExchange,
    Class::RecipeFlow,
    Class::EconomicResource,
    Class::BatchLotRecord,
    Class::Process,
    Class::Commitment,
    Class::Intent,
];

/// A plan that is not written down yet.
#[derive(Debug, Clone)]
pub struct Planned {
    /// What it comes to.
    pub draft: Draft,
    /// What is wanted.
    pub demands: Vec<Demand>,
    /// The command that would write it down.
    pub command: Id,
    /// Its acts.
    pub acts: Vec<AnyAct>,
    /// The records that it was made from.
    pub records: HashMap<Id, Arc<Record>>,
}

impl Planned {
    /// What something is called that it was made from.
    pub fn name(&self, id: Id) -> String {
        let kind = |record: &Arc<Record>| self.records.get(&record.fields.id(Prop::ProcessConformsTo)?);
        match self.records.get(&id) {
            Some(record) if record.fields.text(Prop::Name).is_none() => {
                kind(record).unwrap_or(record).title()
            }
            Some(record) => record.title(),
            None => id.short(),
        }
    }
}

impl Reader {
    /// Plans what is wanted for an agent: of what is theirs, and of what comes to them.
    pub async fn plan(
        &mut self,
        (name, agent): (&str, Id),
        demands: Vec<Demand>,
        choices: HashMap<Id, Id>,
    ) -> Result<Result<Planned, PlanError>, Rejection> {
        let mut all: Vec<Arc<Record>> = Vec::new();
        for class in CLASSES {
            all.extend(self.every(class).await?);
        }
        let command = crate::node::command_id()?;
        let records = || all.iter().map(|record| &**record);
        let supply = Supply::of(records(), agent, &self.rules().compiled.own);
        let recipes = match Recipes::of(records()) {
            Ok(recipes) => recipes,
            Err(error) => return Ok(Err(error)),
        };
        let problem =
            Problem { recipes: &recipes, supply, demands: demands.clone(), choices, now: self.time() };
        let draft = match plan(problem) {
            Ok(draft) => draft,
            Err(error) => return Ok(Err(error)),
        };
        let by_id: HashMap<Id, &Record> = records().map(|record| (record.id, record)).collect();
        let with = Writing { network: self.head().network, command, agent, name, records: &by_id };
        let acts = acts(&draft, &demands, &with).into_iter().map(AnyAct::Economic).collect();
        let records = all.iter().map(|record| (record.id, record.clone())).collect();
        Ok(Ok(Planned { draft, demands, command, acts, records }))
    }
}

/// A planned flow, and what became of it.
#[derive(Debug, Clone)]
pub struct Stands {
    /// The intent or the commitment.
    pub flow: Arc<Record>,
    /// How much of it was done, in what it is counted in.
    pub done: Option<Quantity>,
    /// What was promised for it.
    pub promised: Vec<Arc<Record>>,
}

/// How a plan stands, as a reader sees it.
#[derive(Debug, Clone)]
pub struct PlanStands {
    /// The plan.
    pub plan: Arc<Record>,
    /// Its processes, in the order in which they begin.
    pub processes: Vec<Arc<Record>>,
    /// Its flows, those of no process included.
    pub flows: Vec<Stands>,
}

impl Reader {
    /// A plan by its name or id: of several, the newest.
    pub async fn plan_named(&mut self, name: &str) -> Result<Option<Arc<Record>>, Rejection> {
        let plans = self.every(Class::Plan).await?;
        let is_it = |plan: &&Arc<Record>| plan.title() == name || plan.id.to_string() == name;
        Ok(plans.iter().rev().find(is_it).cloned())
    }

    /// How a plan stands.
    pub async fn plan_stands(&mut self, plan: Arc<Record>) -> Result<PlanStands, Rejection> {
        let within = |class| Link { class, prop: Prop::PlannedWithin, target: plan.id, open: false };
        let mut processes = self.linked(within(Class::Process)).await?;
        processes.sort_by_key(|process| (process.fields.instant(Prop::HasBeginning), process.id));
        let mut flows = self.linked(within(Class::Intent)).await?;
        flows.extend(self.linked(within(Class::Commitment)).await?);
        let by = |class, flow: &Record| {
            let prop = if flow.class == Class::Intent { Prop::Satisfies } else { Prop::Fulfills };
            Link { class, prop, target: flow.id, open: false }
        };
        let mut stands = Vec::with_capacity(flows.len());
        for some in flows.chunks(REPORT_ROWS) {
            let links: Vec<Link> = some
                .iter()
                .flat_map(|flow| [by(Class::EconomicEvent, flow), by(Class::Commitment, flow)])
                .collect();
            let mut found = self.linked_many(&links).await?;
            for flow in some {
                let promised = match flow.class {
                    Class::Intent => found.remove(&by(Class::Commitment, flow)).unwrap_or_default(),
                    _ => Vec::new(),
                };
                let events = found.remove(&by(Class::EconomicEvent, flow)).unwrap_or_default();
                let done = ledger::done(flow, events.iter().map(|event| &**event)).map(|(_, done)| done);
                stands.push(Stands { flow: flow.clone(), done, promised });
            }
        }
        Ok(PlanStands { plan, processes, flows: stands })
    }
}
