//! Taking in a table: pasted from a spreadsheet or as a file, tried first, taken whole or not at all.

use std::collections::HashMap;

use askama::Template;
use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use interchange::table::Table;
use interchange::{Fault, Note, Plan, Step};
use pipeline::acts::Command;
use pipeline::{Reader, Rejection};

use crate::App;
use crate::forms::{self, Form};
use crate::frame::{Frame, Seat, problem, rejected, render, seat};
use crate::{take_in, wording};

/// The tables that can be taken in.
const TABLES: [&str; 5] = ["members", "things", "loans", "balances", FILE];
/// What is no table: ValueFlows as JSON-LD, in JSON or YAML.
const FILE: &str = "valueflows";

#[derive(Template)]
#[template(path = "tables.html")]
struct Page<'a> {
    frame: &'a Frame,
    table: &'a str,
    text: &'a str,
    faults: Vec<Fault>,
    remedy: String,
    notes: Vec<String>,
    /// What would come of it, or came of it; nothing before it was tried.
    came: String,
    /// Whether it would be taken as it stands.
    good: bool,
    taken: bool,
}

/// The form.
pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    match seat(&app, &network, &headers, "people").await {
        Ok(seat) => render(&page(&seat.frame, "members", "")),
        Err(response) => response,
    }
}

fn page<'a>(frame: &'a Frame, table: &'a str, text: &'a str) -> Page<'a> {
    let (faults, notes, remedy, came) = (Vec::new(), Vec::new(), String::new(), String::new());
    Page { frame, table, text, faults, remedy, notes, came, good: false, taken: false }
}

/// Tries it, or takes it in.
pub async fn send(
    State(app): State<App>,
    Path(network): Path<String>,
    headers: HeaderMap,
    upload: Multipart,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "people").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let form = match fields(upload).await {
        Ok(form) => form,
        Err(status) => {
            let (title, says) = (seat.frame.t("problem-title"), seat.frame.t("tables-too-large"));
            return problem(&seat.frame, status, &title, &says, &seat.frame.t("tables-too-large-remedy"));
        }
    };
    let said = |field: &str| form.get(field).map(String::as_str).unwrap_or_default();
    if let Some(response) = forms::foreign(&seat.frame, &form) {
        return response;
    }
    let table = TABLES.into_iter().find(|name| *name == said("table")).unwrap_or("members");
    let text = if said("file").trim().is_empty() { said("text") } else { said("file") };
    let go = form.contains_key("go");
    let text = if table == FILE { text.to_owned() } else { comma_separated(text) };
    match tried(&app, &mut seat, table, &text, go).await {
        Ok(tried) => {
            let status = match tried.faults.is_empty() {
                true => StatusCode::OK,
                false => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let Tried { faults, remedy, notes, came, taken } = tried;
            let good = faults.is_empty() && !taken;
            let page = Page { faults, remedy, notes, came, good, taken, ..page(&seat.frame, table, &text) };
            (status, render(&page)).into_response()
        }
        Err(rejection) => rejected(&seat.frame, &rejection),
    }
}

/// The fields of the form. What is in no letters that everybody has now is read as old spreadsheets write it.
async fn fields(mut upload: Multipart) -> Result<Form, StatusCode> {
    let mut form = Form::new();
    while let Some(field) = upload.next_field().await.map_err(|error| error.status())? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|error| error.status())?;
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
            Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
        };
        form.insert(name, text);
    }
    Ok(form)
}

/// What is pasted from a spreadsheet has tabs between its columns, and some write semicolons: the first line says.
fn comma_separated(text: &str) -> String {
    let head = text.lines().next().unwrap_or_default();
    let Some(sign) = ['\t', ';'].into_iter().find(|sign| head.contains(*sign) && !head.contains(',')) else {
        return text.to_owned();
    };
    let quoted = |cell: &str| match cell.contains([',', '"']) && !cell.starts_with('"') {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.to_owned(),
    };
    let lines = text.lines().map(|line| line.split(sign).map(quoted).collect::<Vec<_>>().join(","));
    lines.collect::<Vec<_>>().join("\n")
}

#[derive(Default)]
struct Tried {
    faults: Vec<Fault>,
    remedy: String,
    notes: Vec<String>,
    came: String,
    taken: bool,
}

/// What a table, or a file of ValueFlows, comes to.
async fn planned(
    reader: &mut Reader,
    table: &str,
    text: &str,
) -> Result<Result<Plan, Vec<Fault>>, Rejection> {
    let bytes = text.as_bytes();
    if table == FILE {
        let graph = match interchange::read(bytes) {
            Ok(graph) => graph,
            Err(faults) => return Ok(Err(faults)),
        };
        let iris: Vec<String> = graph.nodes.iter().filter_map(|node| node.iri.clone()).collect();
        let place = take_in::place(reader, &iris).await?;
        return Ok(interchange::plan(bytes, &graph, &place));
    }
    let kind = Table::named(table).unwrap_or(Table::Members);
    let columns = HashMap::new();
    let mut place = take_in::place(reader, &[]).await?;
    let iris = interchange::table::loans(bytes, kind, &columns, &place);
    if !iris.is_empty() {
        place = take_in::place(reader, &iris).await?;
    }
    Ok(interchange::table::plan(bytes, kind, &columns, &place))
}

async fn tried(app: &App, seat: &mut Seat, table: &str, text: &str, go: bool) -> Result<Tried, Rejection> {
    let Seat { reader, frame, .. } = seat;
    let mut tried = Tried::default();
    let Plan { parts, notes } = match planned(reader, table, text).await? {
        Ok(plan) => plan,
        Err(faults) => return Ok(Tried { faults, ..tried }),
    };
    let noted =
        |note: &Note| format!("{}: {}", note.line, wording::said(&frame.locale, "table-note", &note.text));
    tried.notes = notes.iter().map(noted).collect();
    let agent = reader.agent();
    let commands: Vec<Command> = parts.iter().map(|part| take_in::command(part, agent)).collect();
    let came = app.node.rehearse(&frame.network, &commands, reader.via()).await?;
    if let Some((at, act, refused)) = came.refused {
        let (sentence, remedy) = wording::refused(reader, &frame.locale, &refused);
        let line = parts.get(at).and_then(|part| part.steps.get(act)).map_or(0, Step::line);
        tried.faults.push(Fault::new(line, sentence));
        tried.remedy = remedy;
        return Ok(tried);
    }
    let rows = match table {
        FILE => parts.iter().flat_map(|part| &part.steps).map(|step| step.makes() as usize).sum(),
        _ => text.lines().filter(|line| !line.trim().is_empty()).count().saturating_sub(1),
    };
    if came.stored == commands.len() {
        tried.came = frame.t("tables-known");
        tried.taken = true;
    } else if go {
        for command in commands {
            app.node.send(&frame.network, command, reader.via()).await?;
        }
        tried.came = frame.put("rows", rows).t("tables-taken");
        tried.taken = true;
    } else {
        tried.came = frame.put("rows", rows).t("tables-good");
    }
    Ok(tried)
}
