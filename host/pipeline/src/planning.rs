//! Plans, as whoever plans sees the books: recipes, stock and promises are read at one position, the draft is made from them,
//! and it becomes acts that go down the lane like all others. Nothing is set aside before they are in the books: whoever comes
//! first has it, and a plan on what is gone meanwhile is refused whole.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use governance::AnyAct;
use governance::limits::ACTS_MAX;
use ledger::Link;
use ledger::planning::acts::{Kept, Writing, acts};
use ledger::planning::replan::{Changes, Standing};
use ledger::planning::{Demand, Draft, PlanError, Problem, Recipes, Run, Supply, for_flow, name_of, plan};
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
        let title = || self.records.get(&id).map_or_else(|| id.short(), |record| record.title());
        name_in(&self.records, id).unwrap_or_else(title)
    }
}

/// What a plan is made from, and how much of each open flow is done.
struct Ground {
    records: HashMap<Id, Arc<Record>>,
    done: HashMap<Id, i64>,
}

/// A plan that is made again, and not written down yet.
#[derive(Debug, Clone)]
pub struct Replanned {
    /// What it comes to.
    pub planned: Planned,
    /// What stays, moves and makes way.
    pub changes: Changes,
    /// Who promised something for what changes.
    pub told: Vec<(Id, Arc<Record>)>,
}

impl Reader {
    /// Plans what is wanted for an agent: of what is theirs, and of what comes to them.
    pub async fn plan(
        &mut self,
        (name, agent): (&str, Id),
        demands: Vec<Demand>,
        choices: HashMap<Id, Id>,
    ) -> Result<Result<Planned, PlanError>, Rejection> {
        let from = self.planned_from().await?;
        let drafted = self.drafted(&from, (agent, &demands), choices, None);
        match drafted {
            Ok(draft) => {
                self.written((name, agent), demands, (draft, from.records), &Kept::default()).map(sized)
            }
            Err(error) => Ok(Err(error)),
        }
    }

    /// Plans again what a plan is for, of what there is now: what has begun stays.
    pub async fn replan(
        &mut self,
        plan: Arc<Record>,
        agent: Id,
        choices: HashMap<Id, Id>,
    ) -> Result<Result<Replanned, PlanError>, Rejection> {
        let stands = self.plan_stands(plan.clone()).await?;
        let begun = self.begun(&stands.processes).await?;
        let open = |record: &&Arc<Record>| record.is_open();
        let free = |process: &&Arc<Record>| process.is_open() && !begun.contains(&process.id);
        let standing = Standing {
            processes: stands.processes.iter().filter(free).map(|process| &**process).collect(),
            flows: stands.flows.iter().map(|one| &one.flow).filter(open).map(|flow| &**flow).collect(),
        };
        let done: HashMap<Id, i64> = stands
            .flows
            .iter()
            .map(|one| (one.flow.id, one.done.map(|done| done.amount).unwrap_or_default()))
            .collect();
        let demands = standing.demands(&|flow: &Record| done.get(&flow.id).copied().unwrap_or_default());
        if demands.is_empty() {
            return Ok(Err(PlanError::Nothing));
        }
        let from = self.planned_from().await?;
        // What the plan is for takes nothing from itself.
        let unnamed = |flow: &Record| flow.fields.id(Prop::ResourceInventoriedAs).is_none();
        let promises = standing.flows.iter().filter(|flow| flow.class == Class::Commitment && unnamed(flow));
        let loose: HashSet<Id> =
            standing.loose().into_iter().chain(promises.map(|promise| promise.id)).collect();
        let draft = match self.drafted(&from, (agent, &demands), choices, Some(&loose)) {
            Ok(draft) => draft,
            Err(error) => return Ok(Err(error)),
        };
        let name = |run: &Run| name_in(&from.records, run.recipe);
        let mut changes = standing.against(&draft, &demands, agent, &name);
        changes.kept.plan = Some(plan.id);
        let mut planned =
            self.written((plan.title().as_str(), agent), demands, (draft, from.records), &changes.kept)?;
        let moves = changes.acts.iter().cloned().map(AnyAct::Economic);
        planned.acts = moves.chain(std::mem::take(&mut planned.acts)).collect();
        let touched: HashSet<Id> = changes.touched.iter().copied().collect();
        let promised = stands.flows.iter().filter(|one| touched.contains(&one.flow.id));
        let told = promised
            .flat_map(|one| one.promised.iter())
            .filter(|promise| promise.is_open())
            .filter_map(|promise| Some((promise.fields.id(Prop::Provider)?, promise.clone())))
            .collect();
        Ok(sized(planned).map(|planned| Replanned { planned, changes, told }))
    }

    /// The processes in which something has happened already.
    async fn begun(&mut self, processes: &[Arc<Record>]) -> Result<HashSet<Id>, Rejection> {
        let mut begun = HashSet::new();
        for some in processes.chunks(REPORT_ROWS) {
            let links = some.iter().flat_map(|process| {
                [Prop::InputOf, Prop::OutputOf].map(|prop| Link {
                    class: Class::EconomicEvent,
                    prop,
                    target: process.id,
                    open: false,
                })
            });
            let found = self.linked_many(&links.collect::<Vec<_>>()).await?;
            begun.extend(
                found.into_iter().filter(|(_, events)| !events.is_empty()).map(|(link, _)| link.target),
            );
        }
        Ok(begun)
    }

    /// Everything that a plan is made from.
    async fn planned_from(&mut self) -> Result<Ground, Rejection> {
        let mut records = HashMap::new();
        for class in CLASSES {
            records.extend(self.every(class).await?.into_iter().map(|record| (record.id, record)));
        }
        let is_flow = |record: &&Arc<Record>| matches!(record.class, Class::Intent | Class::Commitment);
        let flows: Vec<Arc<Record>> =
            records.values().filter(is_flow).filter(|record| record.is_open()).cloned().collect();
        let events = self.for_flows(Class::EconomicEvent, &flows).await?;
        let done = flows.iter().filter_map(|flow| Some((flow.id, done_of(flow, &events)?.amount))).collect();
        Ok(Ground { records, done })
    }

    /// What of a class was done or promised for each flow.
    async fn for_flows(
        &mut self,
        class: Class,
        flows: &[Arc<Record>],
    ) -> Result<HashMap<Id, Vec<Arc<Record>>>, Rejection> {
        let mut all = HashMap::new();
        for some in flows.chunks(REPORT_ROWS) {
            let links: Vec<Link> = some.iter().map(|flow| for_flow(class, flow)).collect();
            all.extend(self.linked_many(&links).await?.into_iter().map(|(link, found)| (link.target, found)));
        }
        Ok(all)
    }

    /// A draft of what is wanted; where a plan is made again, without what of it makes way.
    fn drafted(
        &self,
        from: &Ground,
        (agent, demands): (Id, &[Demand]),
        choices: HashMap<Id, Id>,
        again: Option<&HashSet<Id>>,
    ) -> Result<Draft, PlanError> {
        let makes_way = |record: &&Record| again.is_some_and(|loose| loose.contains(&record.id));
        let all = || from.records.values().map(|record| &**record).filter(|record| !makes_way(record));
        let supply = Supply::of(all(), agent, &self.rules().compiled.own, &from.done);
        let recipes = Recipes::of(all())?;
        let (demands, now, overdue) = (demands.to_vec(), self.time(), again.is_some());
        plan(Problem { recipes: &recipes, supply, demands, choices, now, overdue })
    }

    fn written(
        &self,
        (name, agent): (&str, Id),
        demands: Vec<Demand>,
        (draft, records): (Draft, HashMap<Id, Arc<Record>>),
        kept: &Kept,
    ) -> Result<Planned, Rejection> {
        let command = crate::node::command_id()?;
        let by_id: HashMap<Id, &Record> = records.iter().map(|(id, record)| (*id, &**record)).collect();
        let with = Writing { network: self.head().network, command, agent, name, records: &by_id };
        let acts = acts(&draft, &demands, &with, kept).into_iter().map(AnyAct::Economic).collect();
        Ok(Planned { draft, demands, command, acts, records })
    }
}

/// A plan is one command, and stands or falls as a whole.
fn sized(planned: Planned) -> Result<Planned, PlanError> {
    if planned.acts.len() > ACTS_MAX { Err(PlanError::TooLarge) } else { Ok(planned) }
}

/// How much of a flow was done.
fn done_of(flow: &Record, events: &HashMap<Id, Vec<Arc<Record>>>) -> Option<Quantity> {
    let events = events.get(&flow.id).into_iter().flatten();
    ledger::done(flow, events.map(|event| &**event)).map(|(_, done)| done)
}

fn name_in(records: &HashMap<Id, Arc<Record>>, id: Id) -> Option<String> {
    name_of(|id| records.get(&id).map(|record| &**record), id)
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
        let events = self.for_flows(Class::EconomicEvent, &flows).await?;
        let mut promises = self.for_flows(Class::Commitment, &flows).await?;
        let stands = flows.into_iter().map(|flow| {
            let (done, promised) = (done_of(&flow, &events), promises.remove(&flow.id).unwrap_or_default());
            Stands { flow, done, promised }
        });
        let flows = stands.collect();
        Ok(PlanStands { plan, processes, flows })
    }
}
