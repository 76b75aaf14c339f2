//! Writing a change of settings down: what the calculations count with, and where the network is.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use pipeline::acts::{AmendAct, AnyAct, GoverningAct};
use pipeline::{Place, RuleBook};
use serde_json::Value as Json;

use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, rejected, render, seat};

struct Setting {
    /// The name of the form's field.
    field: String,
    title: String,
    value: String,
}

#[derive(Template)]
#[template(path = "change_new.html")]
struct New<'a> {
    frame: &'a Frame,
    form: &'a forms::Form,
    settings: Vec<Setting>,
    place: Place,
    /// What is wrong with the place: at which field, and what.
    mistake: (&'static str, String),
}

impl New<'_> {
    /// What was typed, or what is in force.
    fn said<'s>(&'s self, field: &str, otherwise: &'s str) -> &'s str {
        self.form.get(field).map_or(otherwise, |said| said.trim())
    }
}

fn form_page(seat: &Seat, form: &forms::Form, mistake: (&'static str, String)) -> Response {
    let language = seat.frame.locale.tag();
    let settings = seat.reader.rules().bound.iter().flat_map(|bound| {
        let manifest = &bound.plugin.manifest;
        let all = bound.binding.settings.as_object().into_iter().flatten();
        all.map(move |(name, value)| Setting {
            field: format!("{}.{name}", bound.binding.plugin),
            title: manifest.setting_title(name, language).unwrap_or(name).to_owned(),
            value: shown(value),
        })
    });
    let place = seat.reader.rules().compiled.book.place.clone();
    let place = place.unwrap_or_else(|| Place { name: String::new(), zone: "UTC".into() });
    render(&New { frame: &seat.frame, form, settings: settings.collect(), place, mistake })
}

/// The form for writing a change of settings down.
pub async fn new(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    match seat(&app, &network, &headers, "changes").await {
        Ok(seat) => form_page(&seat, &forms::Form::new(), ("", String::new())),
        Err(response) => response,
    }
}

fn shown(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Writes a change of settings down.
pub async fn draft(
    State(app): State<App>,
    Path(network): Path<String>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let seat = match seat(&app, &network, &headers, "changes").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let mut book = seat.reader.rules().compiled.book.clone();
    set(&mut book, &form);
    let said = |name: &str| form.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    if form.contains_key("zone") {
        match Place::read(&said("place"), &said("zone")) {
            // Who says nothing else has always lived by it.
            Ok(Some(place)) if place.name.is_empty() && place.zone == "UTC" => book.place = None,
            Ok(place) => book.place = place,
            Err(bad) => {
                let page = form_page(&seat, &form, super::found::place_mistake(&seat.frame, &bad));
                return (StatusCode::UNPROCESSABLE_ENTITY, page).into_response();
            }
        }
    }
    let book = match book.to_json() {
        Ok(book) => book,
        Err(error) => return rejected(&seat.frame, &error.into()),
    };
    let act = AmendAct::Draft {
        title: said("title"),
        note: said("note"),
        book: Some(book),
        effects: Vec::new(),
        instead_of: None,
    };
    forms::send(&app, seat, &form, vec![AnyAct::Governing(GoverningAct::Amend(act))]).await
}

/// Puts what a form says into a book's settings; a value that was a number or yes/no stays one if it can.
fn set(book: &mut RuleBook, form: &forms::Form) {
    for binding in &mut book.bindings {
        let Some(settings) = binding.settings.as_object_mut() else { continue };
        for (name, value) in settings {
            let field = format!("{}.{name}", binding.plugin);
            let Some(said) = form.get(&field).map(|said| said.trim()) else { continue };
            if said != shown(value) {
                *value = match value {
                    Json::String(_) => Json::from(said),
                    _ => serde_json::from_str(said).unwrap_or_else(|_| Json::from(said)),
                };
            }
        }
    }
}
