//! Planning again: what has begun stays, what comes out as it was stays where it is or moves, and the rest makes way.

use std::collections::HashSet;

use valueflows::{Class, Fields, Id, Instant, Prop, Quantity, Record, Value};

use super::acts::{Kept, PROMISED, flow_of};
use super::{Demand, Draft, Kind, Needs, Run, Source};
use crate::act::Act;

/// A plan as it stands in the books.
#[derive(Debug, Clone)]
pub struct Standing<'a> {
    /// Its processes that are neither finished nor begun.
    pub processes: Vec<&'a Record>,
    /// Its open intents and commitments: of those processes, of what it is for, and of what has begun.
    pub flows: Vec<&'a Record>,
}

/// What is planned anew, and what is left as it is.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Processes at another time: from when, and to when they begin.
    pub moved: Vec<(Id, Instant, Instant)>,
    /// Processes that are not done any more.
    pub dropped: Vec<Id>,
    /// Flows that changed, or that are not any more: whoever promised something for them has to know.
    pub touched: Vec<Id>,
    /// The numbers of the runs of the draft that are new.
    pub new: Vec<usize>,
    /// What of the draft stands already.
    pub kept: Kept,
    /// The acts that move and drop.
    pub acts: Vec<Act>,
}

/// What a flow is, whenever it is: the same is not planned twice.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Sign {
    out: bool,
    action: String,
    kind: Option<Kind>,
    quantity: Option<(i64, Id)>,
    effort: Option<(i64, Id)>,
    resource: Option<Id>,
    given: bool,
    /// Whether it is there to keep a promise.
    promised: bool,
}

/// Whether a flow is there to keep a promise of the plan.
fn keeps(fields: &Fields) -> bool {
    fields.texts(Prop::ResourceClassifiedAs).iter().any(|class| class == PROMISED)
}

fn amount(fields: &Fields, prop: Prop) -> Option<(i64, Id)> {
    fields.quantity(prop).map(|Quantity { amount, unit }| (amount, unit))
}

fn sign(fields: &Fields) -> Sign {
    Sign {
        out: fields.id(Prop::OutputOf).is_some(),
        action: fields.action().map(|action| action.as_str().to_owned()).unwrap_or_default(),
        kind: Kind::in_flow(fields),
        quantity: amount(fields, Prop::ResourceQuantity),
        effort: amount(fields, Prop::EffortQuantity),
        resource: fields.id(Prop::ResourceInventoriedAs),
        given: fields.id(Prop::Provider).is_some(),
        promised: keeps(fields),
    }
}

impl<'a> Standing<'a> {
    /// The flows of something: of a process, or of what the plan is for.
    fn of(&self, process: Option<Id>) -> impl Iterator<Item = &'a Record> {
        self.flows.iter().copied().filter(move |flow| {
            let of = flow.fields.id(Prop::InputOf).or(flow.fields.id(Prop::OutputOf));
            of == process
        })
    }

    /// What is planned of a process, whoever has promised it.
    fn planned_of(&self, process: Id) -> Vec<Sign> {
        let planned = self.of(Some(process)).filter(|flow| flow.class == Class::Intent);
        sorted(planned.map(|flow| sign(&flow.fields)))
    }

    /// The flows that make way: all but promises, and but those of what has begun.
    pub fn loose(&self) -> HashSet<Id> {
        let open: HashSet<Id> = self.processes.iter().map(|process| process.id).collect();
        let loose = |flow: &&&Record| {
            let of = flow.fields.id(Prop::InputOf).or(flow.fields.id(Prop::OutputOf));
            flow.class == Class::Intent && of.is_none_or(|of| open.contains(&of))
        };
        self.flows.iter().filter(loose).map(|flow| flow.id).collect()
    }

    /// What the plan is for and has not been given yet, as demands: its promises to others, and what it sets aside for itself.
    /// What has a resource of its own that is promised stays as it is.
    pub fn demands(&self, done: &dyn Fn(&Record) -> i64) -> Vec<Demand> {
        let mut demands: Vec<Demand> = Vec::new();
        for flow in self.of(None) {
            let fields = &flow.fields;
            let promised = flow.class == Class::Commitment;
            if promised && fields.id(Prop::ResourceInventoriedAs).is_some() || keeps(fields) {
                continue;
            }
            let (Some(kind), Some(quantity), Some(due)) =
                (Kind::in_flow(fields), fields.quantity(Prop::ResourceQuantity), fields.instant(Prop::Due))
            else {
                continue;
            };
            let left = quantity.amount.saturating_sub(done(flow));
            let receiver = fields.id(Prop::Receiver).filter(|_| promised);
            let same = |demand: &&mut Demand| {
                demand.kind == kind
                    && demand.due == due
                    && demand.receiver == receiver
                    && demand.quantity.unit == quantity.unit
            };
            match demands.iter_mut().find(same) {
                _ if left <= 0 => {}
                Some(demand) => demand.quantity.amount = demand.quantity.amount.saturating_add(left),
                None => demands.push(Demand {
                    kind,
                    quantity: Quantity { amount: left, ..quantity },
                    due,
                    receiver,
                }),
            }
        }
        demands
    }

    /// Holds a draft against what stands: what is the same stays, perhaps at another time; the rest makes way.
    pub fn against(
        &self,
        draft: &Draft,
        demands: &[Demand],
        agent: Id,
        names: &dyn Fn(&Run) -> Option<String>,
    ) -> Changes {
        let mut changes = Changes::default();
        let mut free: Vec<&Record> = self.processes.clone();
        for (n, run) in draft.runs.iter().enumerate() {
            let wanted = signs(draft, Needs::Run(n), agent);
            let name = names(run);
            let at = free.iter().position(|process| {
                process.fields.text(Prop::Name).map(str::to_owned) == name
                    && self.planned_of(process.id) == wanted
            });
            match at {
                Some(at) => self.keep(free.remove(at), (n, run), &mut changes),
                None => changes.new.push(n),
            }
        }
        for process in free {
            changes.dropped.push(process.id);
            for flow in self.of(Some(process.id)) {
                changes.drop(flow);
            }
            changes.acts.push(finished(process));
        }
        self.for_what(draft, demands, agent, &mut changes);
        changes
    }

    fn keep(&self, process: &Record, (n, run): (usize, &Run), changes: &mut Changes) {
        changes.kept.runs.insert(n, process.id);
        let times = [(Prop::HasBeginning, run.begins()), (Prop::HasEnd, run.ends())];
        if times.iter().all(|(prop, at)| process.fields.instant(*prop) == Some(*at)) {
            return;
        }
        let was = process.fields.instant(Prop::HasBeginning).unwrap_or(run.begins());
        changes.moved.push((process.id, was, run.begins()));
        let set = times.into_iter().fold(Fields::new(), |set, (prop, at)| set.with(prop, Value::Instant(at)));
        changes.acts.push(revised(process, set));
        for flow in self.of(Some(process.id)).filter(|flow| flow.class == Class::Intent) {
            let at = if flow.fields.id(Prop::OutputOf).is_some() { run.ends() } else { run.begins() };
            changes.touched.push(flow.id);
            changes.acts.push(revised(flow, Fields::new().with(Prop::Due, Value::Instant(at))));
        }
    }

    /// What the plan is for: promises stay; what is set aside stays where it is set aside again.
    fn for_what(&self, draft: &Draft, demands: &[Demand], agent: Id, changes: &mut Changes) {
        let mut free: Vec<&Record> = self.of(None).filter(|flow| flow.class == Class::Intent).collect();
        for (n, input) in draft.inputs.iter().enumerate() {
            let Needs::Demand(demand) = input.by else { continue };
            let promised = demands.get(demand).is_some_and(|demand| demand.receiver.is_some());
            let wanted = Sign { promised, ..sign(&flow_of(input, agent)) };
            let same = |flow: &&Record| {
                sign(&flow.fields) == wanted && flow.fields.instant(Prop::Due) == Some(input.at)
            };
            match free.iter().position(same) {
                Some(at) => {
                    free.remove(at);
                    changes.kept.inputs.insert(n);
                }
                // The promise stands; what is made for it needs no words beside it.
                None if promised && matches!(input.source, Source::Made(_) | Source::Coming(_)) => {
                    changes.kept.inputs.insert(n);
                }
                None => {}
            }
            if promised {
                changes.kept.promised.insert(n);
            }
        }
        for flow in free {
            changes.drop(flow);
        }
    }
}

impl Changes {
    fn drop(&mut self, flow: &Record) {
        if flow.class == Class::Intent {
            self.touched.push(flow.id);
            self.acts.push(finished(flow));
        }
    }
}

fn revised(record: &Record, fields: Fields) -> Act {
    Act::Revise { class: record.class, record: record.id, version: record.version, fields, clear: Vec::new() }
}

fn finished(record: &Record) -> Act {
    revised(record, Fields::new().with(Prop::Finished, Value::Flag(true)))
}

fn sorted(signs: impl Iterator<Item = Sign>) -> Vec<Sign> {
    let mut signs: Vec<Sign> = signs.collect();
    signs.sort();
    signs
}

/// What the flows of a run would be.
fn signs(draft: &Draft, by: Needs, agent: Id) -> Vec<Sign> {
    let inputs = draft.inputs.iter().filter(|input| input.by == by);
    let inputs = inputs.map(|input| sign(&flow_of(input, agent)));
    let outputs = draft.outputs.iter().filter(|output| Needs::Run(output.of) == by).map(|output| Sign {
        out: true,
        action: output.action.as_str().to_owned(),
        kind: Some(output.kind.clone()),
        quantity: Some((output.quantity.amount, output.quantity.unit)),
        effort: None,
        resource: None,
        given: false,
        promised: false,
    });
    sorted(inputs.chain(outputs))
}
