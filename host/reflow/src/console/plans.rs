//! Plans: from names to what is wanted, and from a draft to words.

use std::collections::HashMap;
use std::sync::Arc;

use ledger::Link;
use ledger::planning::{Demand, Input, Kind, Needs, PlanError, Source};
use pipeline::planning::{Planned, Replanned};
use pipeline::{Node, Reader};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use valueflows::limits::UNIT_DECIMALS_DEFAULT;
use valueflows::{Class, Decimal, Id, Instant, Part, Prop, Quantity, Record};

use crate::output::Failure;

/// What is asked about plans.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum PlanAsked {
    /// What one would be, and the acts that write it down.
    New(Planning),
    /// What one would be if it were made again, and the acts that change it.
    Again { network: String, agent: String, of: Option<String>, name: String, choices: Vec<(String, String)> },
    /// How one stands.
    Stands { network: String, agent: Option<String>, name: String },
}

/// A plan that somebody asks for, in their words.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Planning {
    pub network: String,
    pub agent: String,
    pub of: Option<String>,
    pub name: String,
    pub wanted: Vec<WantedThing>,
    pub choices: Vec<(String, String)>,
}

/// Something that is wanted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WantedThing {
    pub what: String,
    pub stage: Option<String>,
    pub state: Option<String>,
    pub amount: String,
    /// A time, or a span from now.
    pub due: String,
    pub to: Option<String>,
}

/// Names of a class, for whoever may see them.
struct Names(HashMap<String, Arc<Record>>);

impl Names {
    async fn of(reader: &mut Reader, classes: &[Class]) -> Result<Names, Failure> {
        let mut names = HashMap::new();
        for class in classes {
            for record in reader.every(*class).await? {
                // Of several of one name, the oldest.
                names.entry(record.title().to_owned()).or_insert(record);
            }
        }
        Ok(Names(names))
    }

    fn find(&self, name: &str, what: &str) -> Result<&Record, Failure> {
        let by_id = || name.parse::<Id>().ok().and_then(|id| self.0.values().find(|record| record.id == id));
        self.0.get(name).or_else(by_id).map(|record| &**record).ok_or_else(|| {
            Failure::refused(
                "unknown-name",
                format!("there is no {what} called `{name}`"),
                "Look at how it is spelt.",
            )
        })
    }
}

/// Answers what is asked about plans.
pub(super) async fn answer(node: &Arc<Node>, asked: PlanAsked) -> Result<Json, Failure> {
    match asked {
        PlanAsked::New(planning) => draft(node, planning).await,
        PlanAsked::Again { network, agent, of, name, choices } => {
            let planner = super::agent_named(node, &network, of.as_deref().unwrap_or(&agent)).await?;
            let mut reader = super::reader(node, &network, Some(&agent)).await?;
            again(&mut reader, (&name, planner), &choices).await
        }
        PlanAsked::Stands { network, agent, name } => stands(node, &network, agent.as_deref(), &name).await,
    }
}

/// Drafts a plan: what it comes to, and the acts that write it down.
async fn draft(node: &Arc<Node>, asked: Planning) -> Result<Json, Failure> {
    let acting = asked.of.as_deref().unwrap_or(&asked.agent);
    let agent = super::agent_named(node, &asked.network, acting).await?;
    let mut reader = super::reader(node, &asked.network, Some(&asked.agent)).await?;
    let specs = Names::of(&mut reader, &[Class::ResourceSpecification]).await?;
    let stages = Names::of(&mut reader, &[Class::ProcessSpecification]).await?;
    let mut demands = Vec::new();
    for wanted in &asked.wanted {
        let spec = specs.find(&wanted.what, "kind of thing")?;
        let stage = wanted.stage.as_deref().map(|stage| stages.find(stage, "kind of process")).transpose()?;
        let receiver = match &wanted.to {
            Some(name) => Some(super::agent_named(node, &asked.network, name).await?),
            None => None,
        };
        demands.push(Demand {
            kind: Kind { spec: spec.id, stage: stage.map(|stage| stage.id), state: wanted.state.clone() },
            quantity: amount(&mut reader, spec, &wanted.amount).await?,
            due: due(&reader, &wanted.due)?,
            receiver,
        });
    }
    let choices = chosen(&mut reader, &asked.choices).await?;
    match reader.plan((&asked.name, agent), demands, choices).await? {
        Ok(planned) => told(&mut reader, planned).await,
        Err(error) => Err(no_plan(&mut reader, error).await?),
    }
}

/// Which recipe makes what, by their names.
async fn chosen(reader: &mut Reader, said: &[(String, String)]) -> Result<HashMap<Id, Id>, Failure> {
    let specs = Names::of(reader, &[Class::ResourceSpecification]).await?;
    let makers = Names::of(reader, &[Class::Recipe, Class::RecipeProcess, Class::RecipeExchange]).await?;
    let mut choices = HashMap::new();
    for (what, by) in said {
        choices.insert(specs.find(what, "kind of thing")?.id, makers.find(by, "recipe")?.id);
    }
    Ok(choices)
}

async fn plan_named(reader: &mut Reader, name: &str) -> Result<Arc<Record>, Failure> {
    let found = reader.plan_named(name).await?;
    found.ok_or_else(|| {
        let sentence = format!("there is no plan called `{name}`");
        Failure::refused("unknown-plan", sentence, "Look at how it is spelt.")
    })
}

/// Drafts a plan again: what moves, what makes way, what is new, and who has to know.
async fn again(
    reader: &mut Reader,
    (name, agent): (&str, Id),
    choices: &[(String, String)],
) -> Result<Json, Failure> {
    let plan = plan_named(reader, name).await?;
    let choices = chosen(reader, choices).await?;
    let Replanned { planned, changes, told: promised } = match reader.replan(plan, agent, choices).await? {
        Ok(replanned) => replanned,
        Err(PlanError::Nothing) => {
            let sentence = format!("nothing that `{name}` is for is left to do");
            return Err(Failure::refused("plan-of-nothing", sentence, "See `reflow plan show`."));
        }
        Err(error) => return Err(no_plan(reader, error).await?),
    };
    let (mut moved, mut dropped, mut who) = (Vec::new(), Vec::new(), Vec::new());
    for (process, from, to) in &changes.moved {
        moved.push(json!({"process": reader.title(*process).await?, "from": from.0, "to": to.0}));
    }
    for process in &changes.dropped {
        dropped.push(reader.title(*process).await?);
    }
    for (provider, promise) in &promised {
        let what = match promise.fields.id(Prop::ResourceConformsTo) {
            Some(what) => reader.title(what).await?,
            None => promise.fields.action().map(|action| action.as_str().to_owned()).unwrap_or_default(),
        };
        who.push(json!({"who": reader.title(*provider).await?, "what": what, "promise": promise.id}));
    }
    let runs = changes.new.iter().filter_map(|n| planned.draft.runs.get(*n));
    let new: Vec<String> = runs.map(|run| planned.name(run.recipe)).collect();
    let changes = json!({"moved": moved, "dropped": dropped, "new": new, "tell": who});
    let mut document = told(reader, planned).await?;
    if let Json::Object(map) = &mut document {
        map.insert("changes".to_owned(), changes);
    }
    Ok(document)
}

/// An amount, in the unit that is said with it (`8 wheel`), or in the one that the kind of thing is counted in.
async fn amount(reader: &mut Reader, spec: &Record, text: &str) -> Result<Quantity, Failure> {
    let (number, label) =
        text.split_once(' ').map_or((text, None), |(number, label)| (number, Some(label.trim())));
    let unit = match label {
        Some(label) => Names::of(reader, &[Class::Unit]).await?.find(label, "unit")?.id,
        None => counted_in(reader, spec).await?.ok_or_else(|| {
            let sentence = format!("nobody has said in which unit `{}` is counted", spec.title());
            Failure::refused("no-unit", sentence, "Say it with the amount, as in `8 piece`.")
        })?,
    };
    let decimals = reader.decimals(unit).await?;
    let bad = |error: valueflows::QuantityError| Failure::Usage(format!("`{text}` is no amount: {error}"));
    let amount = number.parse::<Decimal>().and_then(|decimal| decimal.in_scale(decimals)).map_err(bad)?;
    Ok(Quantity { amount, unit })
}

/// The unit of a kind of thing: its own, or else that of the recipes that make it.
async fn counted_in(reader: &mut Reader, spec: &Record) -> Result<Option<Id>, Failure> {
    if let Some(unit) = spec.fields.id(Prop::DefaultUnitOfResource) {
        return Ok(Some(unit));
    }
    let flows =
        Link { class: Class::RecipeFlow, prop: Prop::ResourceConformsTo, target: spec.id, open: false };
    let units = reader.linked(flows).await?;
    Ok(units
        .iter()
        .find_map(|flow| flow.fields.quantity(Prop::ResourceQuantity))
        .map(|quantity| quantity.unit))
}

/// A time where the network lives, or a span from now.
fn due(reader: &Reader, text: &str) -> Result<Instant, Failure> {
    if let Ok(us) = crate::commands::span_us(text) {
        return Ok(reader.time().plus_us(us));
    }
    let zone = reader.rules().home.zone.clone();
    let at = text.parse::<jiff::Timestamp>().or_else(|_| {
        text.parse::<jiff::civil::DateTime>().and_then(|at| at.to_zoned(zone)).map(|at| at.timestamp())
    });
    let at =
        at.map_err(|_| Failure::Usage(format!("`{text}` is no time; write `2026-12-05T08:00` or `8d`")))?;
    Ok(Instant(at.as_microsecond()))
}

async fn no_plan(reader: &mut Reader, error: PlanError) -> Result<Failure, Failure> {
    let mut sentence = error.to_string();
    for id in error.names() {
        sentence = sentence.replace(&id.to_string(), &reader.title(id).await?);
    }
    Ok(Failure::refused(
        error.code(),
        sentence,
        "Nothing was written down. Change what is wanted, or the recipes.",
    ))
}

/// A draft with the names of what it is about.
async fn told(reader: &mut Reader, planned: Planned) -> Result<Json, Failure> {
    let name = |id: &Id| planned.name(*id);
    let shown = |quantity: &Quantity| {
        let unit = planned.records.get(&quantity.unit);
        let decimals = unit.map_or(UNIT_DECIMALS_DEFAULT, |unit| unit.decimals());
        format!("{} {}", plain(*quantity, decimals), unit.map(|unit| unit.title()).unwrap_or_default())
    };
    let Planned { draft, demands, command, acts, .. } = &planned;
    let from = |input: &Input| match &input.source {
        Source::Stock(id) => json!({"stock": id, "name": name(id)}),
        Source::Coming(id) => json!({"coming": id}),
        Source::Made(output) => json!({"process": draft.outputs.get(*output).map(|output| output.of)}),
        Source::Got(deal) => json!({"exchange": draft.deals.get(*deal).map(|deal| name(&deal.recipe))}),
        Source::Open => json!(null),
    };
    let inputs = |by: Needs| -> Vec<Json> {
        let of_it = draft.inputs.iter().filter(|input| input.by == by);
        let told = of_it.map(|input| {
            let what = input.kind.as_ref().map(|kind| name(&kind.spec));
            json!({"action": input.action.as_str(), "what": what, "amount": input.quantity.as_ref().map(&shown),
                   "effort": input.effort.as_ref().map(&shown), "from": from(input)})
        });
        told.collect()
    };
    let runs = draft.runs.iter().enumerate().map(|(n, run)| {
        let made = draft.outputs.iter().filter(|output| output.of == n);
        let made = made.map(|output| json!({"what": name(&output.kind.spec), "amount": shown(&output.quantity)}));
        json!({"process": name(&run.recipe), "times": run.times, "begins": run.begins().0, "ends": run.ends().0,
               "slack": run.slack_us(), "critical": run.critical, "makes": made.collect::<Vec<_>>(),
               "takes": inputs(Needs::Run(n))})
    });
    let met = demands.iter().zip(&draft.met).enumerate().map(|(n, (demand, met))| {
        json!({"what": name(&demand.kind.spec), "amount": shown(&demand.quantity), "due": demand.due.0,
               "ready": met.ready.0, "late": met.late_us, "from": inputs(Needs::Demand(n))})
    });
    let open = draft.open().map(|input| {
        let what = input.kind.as_ref().map(|kind| name(&kind.spec));
        json!({"action": input.action.as_str(), "what": what, "at": input.at.0,
               "amount": input.quantity.as_ref().or(input.effort.as_ref()).map(&shown)})
    });
    let acts: Vec<Json> = acts.iter().map(|act| act.to_json(Part::Whole)).collect();
    Ok(
        json!({"command": command, "acts": acts, "processes": runs.collect::<Vec<_>>(), "demands": met.collect::<Vec<_>>(),
              "open": open.collect::<Vec<_>>(), "now": reader.time().0, "zone": zone(reader)}),
    )
}

/// An amount without the zeros that say nothing: those of money stay.
fn plain(quantity: Quantity, decimals: u8) -> String {
    let text = quantity.decimal(decimals).to_string();
    match decimals {
        0..=2 => text,
        _ => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
    }
}

fn zone(reader: &Reader) -> String {
    reader.rules().home.zone.iana_name().unwrap_or("UTC").to_owned()
}

/// How a plan stands: its processes with what they take and make, and what of it was done.
async fn stands(node: &Arc<Node>, network: &str, agent: Option<&str>, name: &str) -> Result<Json, Failure> {
    let mut reader = super::reader(node, network, agent).await?;
    let plan = plan_named(&mut reader, name).await?;
    let stands = reader.plan_stands(plan).await?;
    let now = reader.time();
    let (mut processes, mut others) = (Vec::new(), Vec::new());
    for process in &stands.processes {
        let fields = &process.fields;
        let (begins, ends) = (fields.instant(Prop::HasBeginning), fields.instant(Prop::HasEnd));
        let finished = fields.flag(Prop::Finished);
        let late = !finished && ends.is_some_and(|ends| ends < now);
        let (mut flows, mut touched) = (Vec::new(), false);
        for one in &stands.flows {
            let of_it = |prop| one.flow.fields.id(prop) == Some(process.id);
            if of_it(Prop::InputOf) || of_it(Prop::OutputOf) {
                touched |= one.done.is_some_and(|done| done.amount > 0);
                flows.push(flow(&mut reader, one, of_it(Prop::InputOf)).await?);
            }
        }
        // What made way for something else was finished without being done.
        let dropped = finished && !touched && !flows.is_empty();
        processes.push(json!({"id": process.id, "process": process.title(), "begins": begins.map(|at| at.0),
                              "ends": ends.map(|at| at.0), "finished": finished, "dropped": dropped, "late": late, "flows": flows}));
    }
    for one in &stands.flows {
        if [Prop::InputOf, Prop::OutputOf].iter().all(|prop| one.flow.fields.id(*prop).is_none()) {
            others.push(flow(&mut reader, one, false).await?);
        }
    }
    let due = stands.plan.fields.instant(Prop::Due).map(|at| at.0);
    Ok(
        json!({"plan": stands.plan.id, "name": stands.plan.title(), "due": due, "processes": processes, "others": others,
              "now": now.0, "zone": zone(&reader)}),
    )
}

async fn flow(reader: &mut Reader, one: &pipeline::planning::Stands, input: bool) -> Result<Json, Failure> {
    let fields = &one.flow.fields;
    let what = match fields.id(Prop::ResourceInventoriedAs).or(fields.id(Prop::ResourceConformsTo)) {
        Some(id) => reader.title(id).await?,
        None => String::new(),
    };
    let planned = fields.quantity(Prop::ResourceQuantity).or(fields.quantity(Prop::EffortQuantity));
    let (mut shown, mut done) = (None, None);
    if let Some(planned) = planned {
        let (decimals, unit) = (reader.decimals(planned.unit).await?, reader.title(planned.unit).await?);
        shown = Some(format!("{} {unit}", plain(planned, decimals)));
        done = one.done.map(|done| format!("{} {unit}", plain(done, decimals)));
    }
    let mut who = Vec::new();
    for promise in &one.promised {
        if let Some(provider) = promise.fields.id(Prop::Provider) {
            who.push(reader.title(provider).await?);
        }
    }
    let is_needed = fields.id(Prop::Provider).is_none() && input;
    Ok(
        json!({"id": one.flow.id, "action": fields.action().map(|action| action.as_str().to_owned()), "input": input,
              "what": what, "amount": shown, "done": done, "finished": !one.flow.is_open(), "needed": is_needed,
              "promisedBy": who, "due": fields.instant(Prop::Due).map(|at| at.0)}),
    )
}
