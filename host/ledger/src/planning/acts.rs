//! A draft as acts: the plan, its processes, what they take and make, what is promised to others, and what somebody has to be
//! found for, which goes on the board. Each act is judged by itself; they stand or fall together.

use std::collections::{HashMap, HashSet};

use valueflows::limits::UNIT_DECIMALS_DEFAULT;
use valueflows::{
    Action, Class, Decimal, Fields, Id, Instant, Measure, NetworkId, Prop, Quantity, Record, Value,
};

use super::{Demand, Draft, Input, Kind, Needs, Output, Run, Source, name_of};
use crate::act::Act;
use crate::limits::INTENTS_MAX;

/// What it takes to write a draft down.
pub struct Writing<'a> {
    /// The network.
    pub network: NetworkId,
    /// The command that the acts will be: their records are called after it.
    pub command: Id,
    /// Whose plan it is.
    pub agent: Id,
    /// What it is called.
    pub name: &'a str,
    /// The records that it was made from: recipes, specifications, units.
    pub records: &'a HashMap<Id, &'a Record>,
}

impl Writing<'_> {
    fn name(&self, id: Id) -> Option<String> {
        name_of(|id| self.records.get(&id).copied(), id)
    }

    fn measure(&self, quantity: Quantity) -> Value {
        let decimals = self.records.get(&quantity.unit).map_or(UNIT_DECIMALS_DEFAULT, |unit| unit.decimals());
        Value::Measure(Measure { value: Decimal::new(quantity.amount, decimals), unit: quantity.unit })
    }

    /// Amounts as whoever asks for an act says them.
    fn measured(&self, fields: &mut Fields) {
        for prop in [Prop::ResourceQuantity, Prop::EffortQuantity] {
            if let Some(quantity) = fields.quantity(prop) {
                fields.set(prop, self.measure(quantity));
            }
        }
    }
}

fn of_kind(mut fields: Fields, kind: &Kind) -> Fields {
    fields.set(Prop::ResourceConformsTo, Value::Ref(kind.spec));
    if let Some(stage) = kind.stage {
        fields.set(Prop::Stage, Value::Ref(stage));
    }
    if let Some(state) = &kind.state {
        fields.set(Prop::State, Value::Text(state.clone()));
    }
    fields
}

/// The classification of a flow by which a promise to somebody else is kept: what is wanted is said by the promise.
pub(super) const PROMISED: &str = "promised";

/// What of a draft stands in the books already.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// The plan itself.
    pub plan: Option<Id>,
    /// The processes, by the numbers of their runs, with all their flows.
    pub runs: HashMap<usize, Id>,
    /// Inputs of demands, by their numbers.
    pub inputs: HashSet<usize>,
    /// Inputs of demands that are promised already, by their numbers.
    pub promised: HashSet<usize>,
}

/// The acts that write a draft down, but for what stands already, in order. What refers to a record of the same command comes after it, and nothing refers to
/// what comes after the first promise: rules may add records of their own from there on.
pub fn acts(draft: &Draft, demands: &[Demand], with: &Writing, kept: &Kept) -> Vec<Act> {
    let mut made = 0;
    let mut next = || {
        let id = Id::record(with.network, with.command, made);
        made += 1;
        id
    };
    let mut acts = Vec::new();
    let plan = kept.plan.unwrap_or_else(|| {
        acts.push(Act::Define { class: Class::Plan, fields: of_plan(demands, with) });
        next()
    });
    let mut processes = Vec::with_capacity(draft.runs.len());
    for (n, run) in draft.runs.iter().enumerate() {
        processes.push(kept.runs.get(&n).copied().unwrap_or_else(|| {
            acts.push(Act::Define { class: Class::Process, fields: process(run, plan, with) });
            next()
        }));
    }
    for output in draft.outputs.iter().filter(|output| !kept.runs.contains_key(&output.of)) {
        if let (Some(run), Some(id)) = (draft.runs.get(output.of), processes.get(output.of)) {
            let fields = made_by((run, *id), output, plan, with);
            acts.push(Act::Define { class: Class::Intent, fields });
        }
    }
    let (mut promised, mut open) = (Vec::new(), Vec::new());
    for (n, input) in draft.inputs.iter().enumerate() {
        let (at, stands) = match input.by {
            Needs::Run(run) => {
                (draft.runs.get(run).map_or(input.at, Run::begins), kept.runs.contains_key(&run))
            }
            _ => (input.at, kept.inputs.contains(&n)),
        };
        if stands {
            continue;
        }
        let mut fields = flow_of(input, with.agent);
        fields.extend(planned(plan, at));
        with.measured(&mut fields);
        if let Needs::Run(run) = input.by
            && let Some(process) = processes.get(run)
        {
            fields.set(Prop::InputOf, Value::Ref(*process));
        }
        let demand = match input.by {
            Needs::Demand(of) => demands.get(of).filter(|demand| demand.receiver.is_some()),
            _ => None,
        };
        if let Some(demand) = demand {
            if !kept.promised.contains(&n) {
                promised.push(promise(fields.clone(), demand, plan, with));
            }
            fields.set(Prop::ResourceClassifiedAs, Value::Texts(vec![PROMISED.to_owned()]));
        }
        match (is_open(input), demand) {
            (true, _) => open.push((input, fields)),
            (false, Some(_)) if !kept.promised.contains(&n) => {}
            // What a demand gets is set aside, too: it is made for that and for nothing else.
            (false, _) => acts.push(Act::Define { class: Class::Intent, fields }),
        }
    }
    acts.extend(promised.into_iter().map(|fields| Act::Commit { fields }));
    acts.extend(requests(&open, with));
    acts
}

fn planned(plan: Id, due: Instant) -> Fields {
    Fields::new().with(Prop::Due, Value::Instant(due)).with(Prop::PlannedWithin, Value::Ref(plan))
}

fn made_by((run, process): (&Run, Id), output: &Output, plan: Id, with: &Writing) -> Fields {
    of_kind(planned(plan, run.ends()).with(Prop::Action, Value::Action(output.action)), &output.kind)
        .with(Prop::ResourceQuantity, with.measure(output.quantity))
        .with(Prop::OutputOf, Value::Ref(process))
        .with(Prop::Receiver, Value::Ref(with.agent))
}

fn of_plan(demands: &[Demand], with: &Writing) -> Fields {
    let due = demands.iter().map(|demand| demand.due).max().unwrap_or(Instant(0));
    Fields::new().with(Prop::Name, Value::Text(with.name.to_owned())).with(Prop::Due, Value::Instant(due))
}

pub(super) fn is_open(input: &Input) -> bool {
    matches!(input.source, Source::Open | Source::Got(_))
}

fn process(run: &Run, plan: Id, with: &Writing) -> Fields {
    let mut fields = Fields::new()
        .with(Prop::HasBeginning, Value::Instant(run.begins()))
        .with(Prop::HasEnd, Value::Instant(run.ends()))
        .with(Prop::PlannedWithin, Value::Ref(plan))
        .with(Prop::InScopeOf, Value::Ref(with.agent));
    let recipe = with.records.get(&run.recipe);
    let based = recipe.and_then(|recipe| recipe.fields.id(Prop::ProcessConformsTo));
    if let Some(name) = with.name(run.recipe) {
        fields.set(Prop::Name, Value::Text(name));
    }
    if let Some(based) = based {
        fields.set(Prop::BasedOn, Value::Ref(based));
    }
    fields
}

/// What an input is, whenever it is and whatever process it is of: what is provided for is the planner's to give, and what is
/// not theirs to get.
pub(super) fn flow_of(input: &Input, agent: Id) -> Fields {
    let party = if is_open(input) { Prop::Receiver } else { Prop::Provider };
    let mut fields =
        Fields::new().with(Prop::Action, Value::Action(input.action)).with(party, Value::Ref(agent));
    if let Some(kind) = &input.kind {
        fields = of_kind(fields, kind);
    }
    for (prop, quantity) in [(Prop::ResourceQuantity, input.quantity), (Prop::EffortQuantity, input.effort)] {
        if let Some(quantity) = quantity {
            fields.set(prop, Value::Quantity(quantity));
        }
    }
    if let Source::Stock(resource) = input.source {
        fields.set(Prop::ResourceInventoriedAs, Value::Ref(resource));
    }
    fields
}

fn promise(fields: Fields, demand: &Demand, plan: Id, with: &Writing) -> Fields {
    let receiver = demand.receiver.unwrap_or(with.agent);
    fields
        .with(Prop::Provider, Value::Ref(with.agent))
        .with(Prop::Receiver, Value::Ref(receiver))
        .with(Prop::IndependentDemandOf, Value::Ref(plan))
}

/// What somebody has to be found for, one request for each kind and each action.
fn requests(open: &[(&Input, Fields)], with: &Writing) -> Vec<Act> {
    let mut groups: Vec<(Action, Option<Id>, Vec<Fields>)> = Vec::new();
    for (input, fields) in open {
        let spec = input.kind.as_ref().map(|kind| kind.spec);
        let known = groups
            .iter_mut()
            .find(|(action, of, group)| *action == input.action && *of == spec && group.len() < INTENTS_MAX);
        match known {
            Some((_, _, group)) => group.push(fields.clone()),
            None => groups.push((input.action, spec, vec![fields.clone()])),
        }
    }
    let name = |action: Action, spec: Option<Id>| {
        let what = spec.and_then(|spec| with.name(spec)).unwrap_or_else(|| action.as_str().to_owned());
        format!("{}: {what}", with.name)
    };
    let request = |(action, spec, intents): (Action, Option<Id>, Vec<Fields>)| Act::Publish {
        proposal: Fields::new()
            .with(Prop::Purpose, Value::Text("request".to_owned()))
            .with(Prop::Name, Value::Text(name(action, spec))),
        intents,
    };
    groups.into_iter().map(request).collect()
}
