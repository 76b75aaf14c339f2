//! Changing how something is described: what it is called, a note, the number on its label. What somebody else has changed
//! meanwhile is shown beside what was typed, and nothing is lost.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use pipeline::acts::{Act, AnyAct};
use pipeline::{Reader, Rejection};
use valueflows::{Class, Fields, Id, Prop, Record, Value};

use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, not_found, rejected, render, seat};

/// What can be changed of what, each with the longest that it can be.
fn parts(class: Class) -> &'static [(Prop, &'static str, usize)] {
    const NAME: (Prop, &str, usize) = (Prop::Name, "name", 200);
    const NOTE: (Prop, &str, usize) = (Prop::Note, "note", 4_000);
    const LABEL: (Prop, &str, usize) = (Prop::TrackingIdentifier, "label", 100);
    match class {
        Class::EconomicResource => &[NAME, NOTE, LABEL],
        Class::Person | Class::Organization | Class::Agent => &[NAME, NOTE],
        _ => &[],
    }
}

struct Part {
    field: &'static str,
    said: String,
    /// What it is now, where somebody else has changed it meanwhile.
    now: Option<String>,
    longest: usize,
}

#[derive(Template)]
#[template(path = "edit.html")]
struct Page<'a> {
    frame: &'a Frame,
    id: Id,
    title: String,
    version: u32,
    parts: Vec<Part>,
    /// Whether somebody else has changed it meanwhile.
    stale: bool,
    mistake: String,
    back: String,
}

fn now_of(record: &Record, prop: Prop) -> &str {
    record.fields.text(prop).unwrap_or_default()
}

/// Where it is shown.
fn shown_at(frame: &Frame, record: &Record) -> String {
    let folder = if record.class == Class::EconomicResource { "things" } else { "people" };
    format!("/n/{}/{folder}/{}", frame.network, record.id)
}

fn page<'a>(frame: &'a Frame, record: &Record, form: &forms::Form, mistake: String) -> Page<'a> {
    let seen = form.get("version").and_then(|text| text.parse::<u32>().ok());
    let stale = seen.is_some_and(|seen| seen != record.version);
    let part = |(prop, field, longest): &(Prop, &'static str, usize)| {
        let now = now_of(record, *prop);
        let said = form.get(*field).map_or(now, |said| said.trim()).to_owned();
        let now = (stale && said != now).then(|| now.to_owned());
        Part { field, said, now, longest: *longest }
    };
    Page {
        frame,
        id: record.id,
        title: record.title(),
        version: record.version,
        parts: parts(record.class).iter().map(part).collect(),
        stale,
        mistake,
        back: shown_at(frame, record),
    }
}

async fn found(reader: &mut Reader, id: &str) -> Result<Option<Arc<Record>>, Rejection> {
    let Ok(id) = id.parse::<Id>() else { return Ok(None) };
    Ok(reader.get(id).await?.filter(|record| !parts(record.class).is_empty()))
}

/// The form.
pub async fn show(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "things").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    match found(reader, &id).await {
        Ok(Some(record)) => render(&page(frame, &record, &forms::Form::new(), String::new())),
        Ok(None) => not_found(frame),
        Err(rejection) => rejected(frame, &rejection),
    }
}

/// Writes down what is different.
pub async fn send(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "things").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    if let Some(response) = forms::foreign(&seat.frame, &form) {
        return response;
    }
    let Seat { reader, frame, .. } = &mut seat;
    // A form that was sent before changed the version itself.
    let command = form.get("command").and_then(|text| text.parse::<Id>().ok()).unwrap_or_default();
    let known = async { Ok::<_, Rejection>((reader.decision(command).await?, found(reader, &id).await?)) };
    let (done, record) = match known.await {
        Ok((done, Some(record))) => (done.is_some(), record),
        Ok((_, None)) => return not_found(frame),
        Err(rejection) => return rejected(frame, &rejection),
    };
    let back = shown_at(frame, &record);
    if done {
        return axum::response::Redirect::to(&back).into_response();
    }
    let seen = form.get("version").and_then(|text| text.parse::<u32>().ok());
    if seen != Some(record.version) {
        return (StatusCode::CONFLICT, render(&page(frame, &record, &form, String::new()))).into_response();
    }
    let (mut fields, mut clear) = (Fields::new(), Vec::new());
    for (prop, field, longest) in parts(record.class) {
        let Some(said) = form.get(*field).map(|said| said.trim()) else { continue };
        let mistake = match () {
            () if said.chars().count() > *longest => frame.put("most", *longest).t("edit-long"),
            () if said.is_empty() && *prop == Prop::Name => frame.t("edit-no-name"),
            () => String::new(),
        };
        if !mistake.is_empty() {
            let page = page(frame, &record, &form, mistake);
            return (StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response();
        }
        match (said, now_of(&record, *prop)) {
            (said, now) if said == now => {}
            ("", _) => clear.push(*prop),
            (said, _) => fields.set(*prop, Value::Text(said.replace("\r\n", "\n"))),
        }
    }
    if fields.iter().next().is_none() && clear.is_empty() {
        return axum::response::Redirect::to(&back).into_response();
    }
    let (class, version) = (record.class, record.version);
    let act = Act::Revise { class, record: record.id, version, fields, clear };
    forms::send_and(&app, seat, &form, vec![AnyAct::Economic(act)], &back).await
}
