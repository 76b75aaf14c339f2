//! Writing a change of settings down: what the calculations count with, and where the network is.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use pipeline::acts::{AmendAct, AnyAct, GoverningAct};
use pipeline::rules::Bound;
use pipeline::settings::{self, Mistake};
use pipeline::{Place, RuleBook, Rules, SettingKind, SettingSpec};
use serde_json::Value as Json;

use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, rejected, render, seat};
use crate::locale::Locale;

/// A setting, as its plugin's manifest describes it.
struct Setting {
    /// The name of the form's field.
    field: String,
    title: String,
    help: String,
    value: String,
    /// `number`, `choice`, or `text`.
    kind: &'static str,
    least: String,
    greatest: String,
    /// What there is to choose from: as it is sent, and as it is said.
    choices: Vec<(String, String)>,
    /// What is wrong with what was typed.
    mistake: String,
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
    let rules = seat.reader.rules();
    let book = &rules.compiled.book;
    let named = |bound: &&Bound| book.bindings.iter().any(|one| one.component == bound.binding.component);
    let settings = rules.bound.iter().filter(named).flat_map(|bound| {
        let all = bound.plugin.manifest.settings.iter();
        all.map(move |(name, spec)| described(&seat.frame, rules, bound, (name, spec), form))
    });
    let place = rules.compiled.book.place.clone();
    let place = place.unwrap_or_else(|| Place { name: String::new(), zone: "UTC".into() });
    render(&New { frame: &seat.frame, form, settings: settings.collect(), place, mistake })
}

/// A setting with its bounds and its choices, and what is wrong with what was typed.
fn described(
    frame: &Frame,
    rules: &Rules,
    bound: &Bound,
    (name, spec): (&str, &SettingSpec),
    form: &forms::Form,
) -> Setting {
    let (l, field) = (&frame.locale, format!("{}.{name}", bound.binding.plugin));
    let now = bound.binding.settings.get(name).or(spec.default.as_ref()).cloned().unwrap_or_default();
    let typed = form.get(&field).map(|said| spec.kind.typed(said.trim()));
    let mistake = typed.and_then(|typed| settings::read(spec, &typed, &rules.units).err());
    let mut units: Vec<&String> = rules.units.keys().collect();
    units.sort();
    let same = |text: &String| (text.clone(), text.clone());
    let choices = match spec.kind {
        SettingKind::Flag => {
            ["true", "false"].map(|flag| (flag.to_owned(), l.put("flag", flag).t("setting-flag"))).into()
        }
        SettingKind::Unit => units.into_iter().map(same).collect(),
        _ => spec.choices.iter().map(same).collect::<Vec<_>>(),
    };
    let whole = |bound: Option<i64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
    Setting {
        title: spec.title.says(l.tag()).to_owned(),
        help: spec.help.as_ref().map(|help| help.says(l.tag()).to_owned()).unwrap_or_default(),
        value: shown(&now),
        kind: match spec.kind {
            SettingKind::Number => "number",
            _ if !choices.is_empty() => "choice",
            _ => "text",
        },
        least: whole(spec.least),
        greatest: whole(spec.greatest),
        choices,
        mistake: mistake.map(|mistake| in_words(l, &mistake)).unwrap_or_default(),
        field,
    }
}

/// What is wrong with a setting, in the reader's words.
fn in_words(l: &Locale, mistake: &Mistake) -> String {
    let (why, bound) = match mistake {
        Mistake::Kind(kind) => (kind.as_str(), String::new()),
        Mistake::Least(least) => ("least", least.to_string()),
        Mistake::Greatest(most) => ("greatest", most.to_string()),
        Mistake::Choices(choices) => ("choices", choices.clone()),
    };
    l.put("why", why).put("bound", bound).t("setting-mistake")
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
    if !set(seat.reader.rules(), &mut book, &form) {
        let page = form_page(&seat, &form, ("", String::new()));
        return (StatusCode::UNPROCESSABLE_ENTITY, page).into_response();
    }
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

/// Puts what a form says into a book's settings, by what their manifests say that they are. Whether all of it can be.
fn set(rules: &Rules, book: &mut RuleBook, form: &forms::Form) -> bool {
    let mut right = true;
    for binding in &mut book.bindings {
        // What stands in for something has the settings that it had before; there is nothing to set.
        let at_work = |bound: &&Bound| bound.binding.component == binding.component;
        let Some(bound) = rules.bound.iter().find(at_work) else { continue };
        for (name, spec) in &bound.plugin.manifest.settings {
            let field = format!("{}.{name}", binding.plugin);
            let Some(said) = form.get(&field).map(|said| said.trim()) else { continue };
            let value = spec.kind.typed(said);
            right &= settings::read(spec, &value, &rules.units).is_ok();
            let known = binding.settings.get(name).or(spec.default.as_ref());
            if known.is_none_or(|known| shown(known) != said)
                && let Some(settings) = binding.settings.as_object_mut()
            {
                settings.insert(name.clone(), value);
            }
        }
    }
    right
}
