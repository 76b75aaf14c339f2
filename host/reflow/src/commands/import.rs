//! Taking in files. A file is taken whole or not at all: it is planned, judged whole without writing
//! anything, and only then sent, a command for every thousand acts. Ids follow from the file, so a second
//! run goes on where the first stopped, and a third finds that nothing is left to do.

use std::collections::HashMap;
use std::path::Path;

use indicatif::ProgressBar;
use interchange::table::Table;
use interchange::{Fault, Known, Note, Part, Place, Plan, Step};
use serde_json::{Value as Json, json};
use valueflows::{Class, Fields, Id, Part as Side};

use super::{agent_name, ask, network_name};
use crate::cli::{Cli, Import};
use crate::console::{Acting, Request};
use crate::output::{Failure, say};

/// What came of one file.
struct Report {
    file: String,
    records: usize,
    commands: Vec<Json>,
    parts: usize,
    stored: usize,
    notes: Vec<Note>,
    faults: Vec<Fault>,
    remedy: Option<String>,
}

/// Takes in files, one after the other; what one is refused for keeps no other out.
pub async fn run(cli: &Cli, import: &Import) -> Result<(), Failure> {
    let table = table(import)?;
    let mut reports = Vec::new();
    for file in &import.files {
        reports.push(take(cli, file, &table, import.dry_run).await?);
    }
    let documents: Vec<Json> = reports.iter().map(|report| report.document(import.dry_run)).collect();
    let refused = reports.iter().filter(|report| !report.faults.is_empty()).count();
    say(cli.json, &json!({"files": documents}), || {
        reports.iter().map(|report| report.lines(import.dry_run)).collect::<Vec<_>>().join("\n")
    });
    match refused {
        0 => Ok(()),
        // The document has said it all.
        _ if cli.json => std::process::exit(1),
        n => Err(Failure::refused(
            "not-imported",
            format!("{n} of {} files {} not taken", reports.len(), if n == 1 { "was" } else { "were" }),
            "Mend the lines above and run it again; what was taken already is found again.",
        )),
    }
}

async fn take(cli: &Cli, path: &Path, table: &Option<Sheet>, dry_run: bool) -> Result<Report, Failure> {
    let mut report = Report {
        file: path.display().to_string(),
        records: 0,
        commands: Vec::new(),
        parts: 0,
        stored: 0,
        notes: Vec::new(),
        faults: Vec::new(),
        remedy: None,
    };
    let bytes = std::fs::read(path)
        .map_err(|error| Failure::Unreachable(format!("`{}`: {error}", path.display())))?;
    let planned = match table {
        None => plan_graph(cli, &bytes).await?,
        Some((table, columns)) => plan_table(cli, &bytes, *table, columns).await?,
    };
    let (plan, here) = match planned {
        Ok(planned) => planned,
        Err(faults) => {
            report.faults = faults;
            return Ok(report);
        }
    };
    let Plan { parts, notes } = plan;
    report.notes = notes;
    report.parts = parts.len();
    let steps = parts.iter().flat_map(|part| &part.steps);
    report.records = steps.map(|step| step.makes() as usize).sum();
    let commands: Vec<Json> = parts.iter().map(|part| command(part, &here)).collect();
    let request = Request::Rehearse { network: network_name(cli)?, commands: commands.clone() };
    let came = ask(cli, request).await?;
    report.stored =
        came.get("stored").and_then(Json::as_u64).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    if let Some(refused) = came.get("refused").filter(|refused| !refused.is_null()) {
        report.refused(refused, &parts);
        return Ok(report);
    }
    if !dry_run {
        send(cli, &commands, &mut report).await?;
    }
    Ok(report)
}

/// Which table, and under which headers its columns stand.
type Sheet = (Table, HashMap<String, String>);

/// A plan with what the node said about what is there, or why there is none.
type Planned = Result<(Plan, Json), Vec<Fault>>;

async fn plan_graph(cli: &Cli, bytes: &[u8]) -> Result<Planned, Failure> {
    let graph = match interchange::read(bytes) {
        Ok(graph) => graph,
        Err(faults) => return Ok(Err(faults)),
    };
    let iris = graph.nodes.iter().filter_map(|node| node.iri.clone()).collect();
    let (network, agent) = (network_name(cli)?, agent_name(cli)?);
    let here = ask(cli, Request::Elsewhere { network, agent, iris, names: false }).await?;
    Ok(interchange::plan(bytes, &graph, &place(&here)?).map(|plan| (plan, here)))
}

async fn plan_table(
    cli: &Cli,
    bytes: &[u8],
    table: Table,
    columns: &HashMap<String, String>,
) -> Result<Planned, Failure> {
    let (network, agent) = (network_name(cli)?, agent_name(cli)?);
    let request =
        |iris| Request::Elsewhere { network: network.clone(), agent: agent.clone(), iris, names: true };
    let mut here = ask(cli, request(Vec::new())).await?;
    // Loans that were taken in before are known by what they are called elsewhere.
    let iris = interchange::table::loans(bytes, table, columns, &place(&here)?);
    if !iris.is_empty() {
        here = ask(cli, request(iris)).await?;
    }
    Ok(interchange::table::plan(bytes, table, columns, &place(&here)?).map(|plan| (plan, here)))
}

/// Which table the files are, and where its columns stand.
fn table(import: &Import) -> Result<Option<Sheet>, Failure> {
    let Some(name) = &import.table else { return Ok(None) };
    let table = Table::named(name).ok_or_else(|| {
        Failure::Usage(format!("`{name}` is no table; take members, things, loans or balances"))
    })?;
    let columns = import.columns.iter().map(|column| {
        let parts = column.split_once('=').map(|(name, header)| (name.to_owned(), header.to_owned()));
        parts.ok_or_else(|| Failure::Usage(format!("`{column}`: write it as NAME=HEADER")))
    });
    Ok(Some((table, columns.collect::<Result<_, _>>()?)))
}

/// What the node says about what the file names.
fn place(here: &Json) -> Result<Place, Failure> {
    let unread = |what: &str| Failure::Unreachable(format!("the node's answer has no {what}"));
    let known = |name: &str| -> Result<HashMap<String, Known>, Failure> {
        let map = here.get(name).and_then(Json::as_object).ok_or_else(|| unread(name))?;
        let one = |record: &Json| {
            let id = record.get("id")?.as_str()?.parse().ok()?;
            let class = Class::named(record.get("class")?.as_str()?)?;
            let fields = Fields::from_json(class, record.get("fields")?.as_object()?).ok()?;
            Some(Known { id, class, fields })
        };
        let records = map.iter().map(|(iri, record)| Some((iri.clone(), one(record)?)));
        records.collect::<Option<_>>().ok_or_else(|| unread(name))
    };
    let ids = |name: &str| -> HashMap<String, Id> {
        let map = here.get(name).and_then(Json::as_object);
        let one = |(name, id): (&String, &Json)| Some((name.clone(), id.as_str()?.parse().ok()?));
        map.into_iter().flatten().filter_map(one).collect()
    };
    let network = here.get("network").and_then(Json::as_str).and_then(|id| id.parse().ok());
    Ok(Place {
        network: network.ok_or_else(|| unread("network"))?,
        known: known("known")?,
        units: known("units")?,
        things: if here.get("things").is_some() { known("things")? } else { HashMap::new() },
        members: ids("members"),
        kinds: ids("kinds"),
        house: here.get("house").and_then(Json::as_str).and_then(|id| id.parse().ok()),
    })
}

fn command(part: &Part, here: &Json) -> Json {
    let acts = part.steps.iter().map(|step| web::take_in::act(step).to_json(Side::Whole));
    json!({"id": part.command, "agent": here.get("agent"), "acts": acts.collect::<Vec<_>>()})
}

async fn send(cli: &Cli, commands: &[Json], report: &mut Report) -> Result<(), Failure> {
    let progress = match commands.len() {
        0 | 1 => ProgressBar::hidden(),
        n => ProgressBar::new(n as u64),
    };
    for command in commands {
        let acting = Acting {
            of: None,
            network: network_name(cli)?,
            agent: command.get("agent").and_then(Json::as_str).unwrap_or_default().to_owned(),
            acts: command.get("acts").and_then(Json::as_array).cloned().unwrap_or_default(),
            id: command.get("id").and_then(Json::as_str).and_then(|id| id.parse().ok()),
            signed: None,
        };
        let receipt = super::key::act(cli, acting).await?;
        report.commands.push(json!({"command": receipt.get("command"), "position": receipt.get("seq")}));
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok(())
}

impl Report {
    /// What the rules or the ledger would refuse, at the line that it comes from.
    fn refused(&mut self, refused: &Json, parts: &[Part]) {
        let number = |name: &str| {
            let n = refused.get(name).and_then(Json::as_u64).unwrap_or_default();
            usize::try_from(n).unwrap_or_default()
        };
        let text = |name: &str| refused.get(name).and_then(Json::as_str).unwrap_or_default();
        let step = parts.get(number("command")).and_then(|part| part.steps.get(number("act")));
        let reason = format!("{} ({})", text("sentence"), text("code"));
        self.faults.push(Fault::new(step.map_or(0, Step::line), reason));
        self.remedy = Some(text("remedy").to_owned());
    }

    fn document(&self, dry_run: bool) -> Json {
        let notes = self.notes.iter();
        json!({
            "file": self.file, "taken": self.faults.is_empty() && !dry_run, "records": self.records,
            "commands": self.commands, "alreadyThere": self.stored, "remedy": self.remedy,
            "notes": notes.map(|note| json!({"line": note.line, "remark": note.remark.as_str(), "text": note.text.says}))
                .collect::<Vec<_>>(),
            "faults": self.faults.iter().map(|fault| json!({"line": fault.line, "reason": fault.reason.says}))
                .collect::<Vec<_>>(),
        })
    }

    fn lines(&self, dry_run: bool) -> String {
        let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        let head = match (self.faults.is_empty(), dry_run) {
            (false, _) => "not taken; nothing of it was kept".to_owned(),
            (true, _) if self.stored == self.parts => "is here already; nothing is added".to_owned(),
            (true, true) => format!("would be taken: {}", count(self.records, "record", "records")),
            (true, false) => format!(
                "taken: {} in {}",
                count(self.records, "record", "records"),
                count(self.commands.len(), "command", "commands")
            ),
        };
        let mut lines = vec![format!("{}: {head}", self.file)];
        for fault in &self.faults {
            lines.push(format!("  {fault}"));
        }
        if let Some(remedy) = &self.remedy {
            lines.push(format!("  {remedy}"));
        }
        for note in &self.notes {
            lines.push(format!("  line {}, {}: {}", note.line, note.remark.as_str(), note.text));
        }
        lines.join("\n") + "\n"
    }
}
