//! `reflow plan`: from what is wanted to what has to be done.

use serde_json::{Value as Json, json};

use super::{agent_name, ask, key, network_name, rows, text};
use crate::cli::{Cli, NewPlan, Plan};
use crate::console::{Acting, PlanAsked, Planning, Request, WantedThing};
use crate::output::{Failure, say};

/// Does what was asked.
pub async fn run(cli: &Cli, plan: &Plan) -> Result<(), Failure> {
    match plan {
        Plan::New(new) => make(cli, new).await,
        Plan::Replan { name, choices, dry_run } => {
            let choices = choices.iter().map(|said| choice(said)).collect::<Result<_, _>>()?;
            let (network, agent, of) = (network_name(cli)?, agent_name(cli)?, cli.in_name_of.clone());
            let asked = PlanAsked::Again { network, agent, of, name: name.clone(), choices };
            write(cli, asked, (name, *dry_run)).await
        }
        Plan::Show { name } => {
            let network = network_name(cli)?;
            let asked = PlanAsked::Stands { network, agent: cli.agent.clone(), name: name.clone() };
            let plan = ask(cli, Request::Plan(asked)).await?;
            say(cli.json, &plan, || standing(&plan));
            Ok(())
        }
    }
}

async fn make(cli: &Cli, new: &NewPlan) -> Result<(), Failure> {
    let planning = Planning {
        network: network_name(cli)?,
        agent: agent_name(cli)?,
        of: cli.in_name_of.clone(),
        name: new.name.clone(),
        wanted: new.wanted.iter().map(|said| wanted(said, new)).collect::<Result<_, _>>()?,
        choices: new.choices.iter().map(|said| choice(said)).collect::<Result<_, _>>()?,
    };
    write(cli, PlanAsked::New(planning), (&new.name, new.dry_run)).await
}

/// Has a draft made, and writes it down where it is not only looked at.
async fn write(cli: &Cli, asked: PlanAsked, (name, dry_run): (&str, bool)) -> Result<(), Failure> {
    let (network, agent, of) = (network_name(cli)?, agent_name(cli)?, cli.in_name_of.clone());
    let mut draft = ask(cli, Request::Plan(asked)).await?;
    let acts = draft.as_object_mut().and_then(|draft| draft.remove("acts")).unwrap_or_default();
    let acts = acts.as_array().cloned().unwrap_or_default();
    if dry_run {
        say(cli.json, &draft, || {
            format!("{}\n{}nothing is written down: that was a dry run", drafted(&draft), changed(&draft))
        });
        return Ok(());
    }
    if acts.is_empty() {
        say(cli.json, &json!({"receipt": null, "plan": draft}), || "nothing changes".to_owned());
        return Ok(());
    }
    let id = text(&draft, "command").parse().ok();
    let receipt = key::act(cli, Acting { network, agent, of, acts, id, signed: None }).await?;
    say(cli.json, &json!({"receipt": receipt, "plan": draft}), || {
        format!("{}\n{}next: `reflow plan show \"{name}\"`", drafted(&draft), changed(&draft))
    });
    Ok(())
}

/// What changes in a plan that is made again, in words; nothing of a new one.
fn changed(draft: &Json) -> String {
    let Some(changes) = draft.get("changes") else { return String::new() };
    let of = |name: &str| rows(changes.get(name).unwrap_or(&Json::Null));
    let moved = of("moved").iter().map(|one| {
        let (from, to) = (moment(draft, one, "from"), moment(draft, one, "to"));
        format!("moved: {} from {from} to {to}\n", text(one, "process"))
    });
    let named = |name: &'static str, word: &'static str| {
        of(name).iter().filter_map(Json::as_str).map(move |process| format!("{word}: {process}\n"))
    };
    let tell = of("tell")
        .iter()
        .map(|one| format!("tell {}, who has promised {}\n", text(one, "who"), text(one, "what")));
    moved.chain(named("dropped", "not done any more")).chain(named("new", "new")).chain(tell).collect()
}

/// `NAME:STAGE!STATE=AMOUNT@TIME`.
fn wanted(said: &str, new: &NewPlan) -> Result<WantedThing, Failure> {
    let bad = || Failure::Usage(format!("`{said}` does not say what and how much: write `NAME=AMOUNT`"));
    let (what, rest) = said.rsplit_once('=').ok_or_else(bad)?;
    let (amount, due) = match rest.split_once('@') {
        Some((amount, due)) => (amount, Some(due.to_owned())),
        None => (rest, new.due.clone()),
    };
    let due = due.ok_or_else(|| Failure::Usage(format!("say by when `{what}` is wanted, with `--due`")))?;
    let (what, state) = what.split_once('!').map_or((what, None), |(what, state)| (what, Some(state)));
    let (what, stage) = what.split_once(':').map_or((what, None), |(what, stage)| (what, Some(stage)));
    Ok(WantedThing {
        what: what.to_owned(),
        stage: stage.map(str::to_owned),
        state: state.map(str::to_owned),
        amount: amount.to_owned(),
        due,
        to: new.to.clone(),
    })
}

fn choice(said: &str) -> Result<(String, String), Failure> {
    let (what, by) = said.split_once('=').ok_or_else(|| {
        Failure::Usage(format!("`{said}` does not say what is made by what: write `NAME=RECIPE`"))
    })?;
    Ok((what.to_owned(), by.to_owned()))
}

/// A draft in words: what is done when, with what; what is late; what nobody provides yet.
fn drafted(draft: &Json) -> String {
    let processes = rows(draft.get("processes").unwrap_or(&Json::Null));
    let name = |n: usize| processes.get(n).map(|process| text(process, "process")).unwrap_or_default();
    let mut lines: Vec<String> = Vec::new();
    for process in processes {
        let mark = if process.get("critical") == Some(&json!(true)) { "*" } else { " " };
        let makes = rows(process.get("makes").unwrap_or(&Json::Null)).iter().map(line);
        let times = match process.get("times").and_then(Json::as_i64) {
            Some(times) if times > 1 => format!(", {times} times"),
            _ => String::new(),
        };
        lines.push(format!(
            "{mark} {} to {}  {}{times}: {}",
            moment(draft, process, "begins"),
            moment(draft, process, "ends"),
            text(process, "process"),
            makes.collect::<Vec<_>>().join(", ")
        ));
        lines.extend(rows(process.get("takes").unwrap_or(&Json::Null)).iter().map(|one| taken(one, name)));
    }
    for demand in rows(draft.get("demands").unwrap_or(&Json::Null)) {
        let late = match demand.get("late").and_then(Json::as_i64) {
            Some(late) if late > 0 => format!(", LATE: ready {}", moment(draft, demand, "ready")),
            _ => String::new(),
        };
        lines.push(format!("wanted by {}: {}{late}", moment(draft, demand, "due"), line(demand)));
        lines.extend(rows(demand.get("from").unwrap_or(&Json::Null)).iter().map(|one| taken(one, name)));
    }
    let open = rows(draft.get("open").unwrap_or(&Json::Null));
    if !open.is_empty() {
        lines.push(format!("{} needs that nobody provides yet go on the board", open.len()));
    }
    lines.join("\n")
}

fn line(one: &Json) -> String {
    let amount = [text(one, "amount"), text(one, "effort")].into_iter().find(|text| !text.is_empty());
    match text(one, "what") {
        what if what.is_empty() => format!("{} of {}", amount.unwrap_or_default(), text(one, "action")),
        what => format!("{} {what}", amount.unwrap_or_default()),
    }
}

fn taken(one: &Json, process: impl Fn(usize) -> String) -> String {
    let from = one.get("from").cloned().unwrap_or_default();
    let made = from.get("process").and_then(Json::as_u64).and_then(|n| usize::try_from(n).ok());
    let from = match made {
        Some(n) => format!("made by {}", process(n)),
        None if from.get("name").is_some() => format!("from {}", text(&from, "name")),
        None if from.get("exchange").is_some() => format!("got by {}", text(&from, "exchange")),
        None if from.get("coming").is_some() => "coming anyway".to_owned(),
        None => "nobody yet".to_owned(),
    };
    format!("      {}: {from}", line(one))
}

/// A time where the network lives.
fn moment(of: &Json, one: &Json, name: &str) -> String {
    let at = one.get(name).and_then(Json::as_i64).and_then(|us| jiff::Timestamp::from_microsecond(us).ok());
    let zone = jiff::tz::TimeZone::get(&text(of, "zone")).unwrap_or(jiff::tz::TimeZone::UTC);
    at.map(|at| at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

/// How a plan stands, in words.
fn standing(plan: &Json) -> String {
    let mut lines = vec![format!("{}, wanted by {}", text(plan, "name"), moment(plan, plan, "due"))];
    let is = |one: &Json, name: &str| one.get(name) == Some(&json!(true));
    for process in rows(plan.get("processes").unwrap_or(&Json::Null)) {
        let mark = match () {
            () if is(process, "dropped") => "not ",
            () if is(process, "finished") => "done",
            () if is(process, "late") => "LATE",
            () => "    ",
        };
        let (begins, ends) = (moment(plan, process, "begins"), moment(plan, process, "ends"));
        lines.push(format!("{mark} {begins} to {ends}  {}", text(process, "process")));
        lines.extend(rows(process.get("flows").unwrap_or(&Json::Null)).iter().map(stands));
    }
    let others = rows(plan.get("others").unwrap_or(&Json::Null));
    lines.extend(others.iter().map(|one| format!("wanted: {}: {} done", line(one), text(one, "done"))));
    lines.join("\n")
}

fn stands(one: &Json) -> String {
    let is = |name: &str| one.get(name) == Some(&json!(true));
    let who: Vec<String> = rows(one.get("promisedBy").unwrap_or(&Json::Null))
        .iter()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    let by = match who.is_empty() {
        false => format!(", promised by {}", who.join(", ")),
        true if is("needed") => ", nobody yet".to_owned(),
        true => String::new(),
    };
    let way = if is("input") { "takes" } else { "makes" };
    format!("       {way} {}: {} done{by}", line(one), text(one, "done"))
}
