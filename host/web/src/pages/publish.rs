//! Saying what one needs, and offering what one has.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use pipeline::acts::{Act, AnyAct};
use pipeline::{Reader, Rejection, loans};
use valueflows::{Action, Class, Decimal, Fields, Id, Measure, Prop, Record, Value};

use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, answered, not_found, rejected, render, seat};
use crate::limits::KINDS_MAX;

/// Something to choose from: its id and its name, and whether it is chosen.
pub struct Choice {
    pub id: String,
    pub name: String,
    pub chosen: bool,
}

#[derive(Template)]
#[template(path = "publish.html")]
struct Page<'a> {
    frame: &'a Frame,
    /// Whether it is a need; an offer otherwise.
    need: bool,
    form: &'a forms::Form,
    kinds: Vec<Choice>,
    /// What is wrong, by field.
    mistakes: Vec<(&'static str, String)>,
}

impl Page<'_> {
    fn said(&self, field: &str) -> &str {
        self.form.get(field).map(String::as_str).unwrap_or_default()
    }

    fn mistake(&self, field: &str) -> &str {
        self.mistakes
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, says)| says.as_str())
            .unwrap_or_default()
    }
}

/// The form for a need.
pub async fn need(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    show(&app, &network, &headers, true).await
}

/// The form for an offer.
pub async fn offer(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    show(&app, &network, &headers, false).await
}

async fn show(app: &App, network: &str, headers: &HeaderMap, need: bool) -> Response {
    let mut seat = match seat(app, network, headers, "board").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let form = forms::Form::new();
    let Seat { reader, frame, .. } = &mut seat;
    frame.act = "publish";
    let kinds = kinds(reader, "").await;
    answered(frame, kinds.map(|kinds| Some(Page { frame, need, form: &form, kinds, mistakes: Vec::new() })))
}

/// The kinds of things that the network knows.
async fn kinds(reader: &mut Reader, chosen: &str) -> Result<Vec<Choice>, Rejection> {
    let page = reader.list(Class::ResourceSpecification, 0, KINDS_MAX).await?;
    let choice = |one: Arc<Record>| Choice {
        id: one.id.to_string(),
        name: one.title(),
        chosen: one.id.to_string() == chosen,
    };
    let mut kinds: Vec<Choice> = page.records.into_iter().map(choice).collect();
    kinds.sort_by_key(|kind| kind.name.to_lowercase());
    Ok(kinds)
}

/// A need goes on the board.
pub async fn send_need(
    State(app): State<App>,
    Path(network): Path<String>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    send(&app, &network, &headers, &form, true).await
}

/// A thing is written down and offered.
pub async fn send_offer(
    State(app): State<App>,
    Path(network): Path<String>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    send(&app, &network, &headers, &form, false).await
}

async fn send(app: &App, network: &str, headers: &HeaderMap, form: &forms::Form, need: bool) -> Response {
    let mut seat = match seat(app, network, headers, "board").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let acts = match need {
        true => wanted(&seat, form),
        false => offered(&seat, form),
    };
    match acts {
        Ok(acts) => forms::send(app, seat, form, acts).await,
        Err(mistakes) => {
            let Seat { reader, frame, .. } = &mut seat;
            let chosen = form.get("kind").map(String::as_str).unwrap_or_default();
            match kinds(reader, chosen).await {
                Ok(kinds) => {
                    let page = Page { frame, need, form, kinds, mistakes };
                    (StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response()
                }
                Err(rejection) => rejected(frame, &rejection),
            }
        }
    }
}

type Mistakes = Vec<(&'static str, String)>;

fn text<'f>(form: &'f forms::Form, field: &str) -> &'f str {
    form.get(field).map(|text| text.trim()).unwrap_or_default()
}

fn named(seat: &Seat, form: &forms::Form) -> Result<String, (&'static str, String)> {
    match text(form, "name") {
        "" => Err(("name", seat.frame.t("mistake-name"))),
        name => Ok(name.to_owned()),
    }
}

/// What whole things are counted in: pieces, or else the first unit that has no parts.
fn piece(seat: &Seat) -> Option<Id> {
    let units = &seat.reader.rules().units;
    let whole = units.values().filter(|(_, decimals)| *decimals == 0).map(|(id, _)| *id).min();
    units.get("piece").map(|(id, _)| *id).or(whole)
}

fn one(unit: Id) -> Value {
    Value::Measure(Measure { value: Decimal::new(1, 0), unit })
}

fn wanted(seat: &Seat, form: &forms::Form) -> Result<Vec<AnyAct>, Mistakes> {
    let mut mistakes = Vec::new();
    let name = named(seat, form).map_err(|mistake| mistakes.push(mistake)).unwrap_or_default();
    let due = match text(form, "until") {
        "" => None,
        said => match seat.frame.locale.read_day(said, seat.reader.time()) {
            Some(day) if day >= seat.reader.time() => Some(day),
            Some(_) => {
                mistakes.push(("until", seat.frame.t("mistake-day-past")));
                None
            }
            None => {
                mistakes.push(("until", seat.frame.t("mistake-day")));
                None
            }
        },
    };
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let mut intent = Fields::new()
        .with(Prop::Action, Value::Action(Action::TransferCustody))
        .with(Prop::Receiver, Value::Ref(seat.reader.agent()))
        .with(Prop::Name, Value::Text(name.clone()));
    if let Ok(kind) = text(form, "kind").parse() {
        intent.set(Prop::ResourceConformsTo, Value::Ref(kind));
    }
    if let Some(due) = due {
        intent.set(Prop::Due, Value::Instant(due));
    }
    if !text(form, "note").is_empty() {
        intent.set(Prop::Note, Value::Text(text(form, "note").to_owned()));
    }
    Ok(vec![published("request", name, intent)])
}

fn published(purpose: &str, name: String, intent: Fields) -> AnyAct {
    let proposal = Fields::new()
        .with(Prop::Name, Value::Text(name))
        .with(Prop::Purpose, Value::Text(purpose.to_owned()));
    AnyAct::Economic(Act::Publish { proposal, intents: vec![intent] })
}

/// The thing is written down first; the id that it gets follows from the command.
fn offered(seat: &Seat, form: &forms::Form) -> Result<Vec<AnyAct>, Mistakes> {
    let name = named(seat, form).map_err(|mistake| vec![mistake])?;
    let me = seat.reader.agent();
    let Some(unit) = piece(seat) else { return Err(vec![("name", seat.frame.t("mistake-no-unit"))]) };
    let command: Id = text(form, "command").parse().unwrap_or_default();
    let mut thing = Fields::new().with(Prop::Name, Value::Text(name.clone()));
    if let Ok(kind) = text(form, "kind").parse() {
        thing.set(Prop::ConformsTo, Value::Ref(kind));
    }
    if !text(form, "note").is_empty() {
        thing.set(Prop::Note, Value::Text(text(form, "note").to_owned()));
    }
    if !text(form, "label").is_empty() {
        thing.set(Prop::TrackingIdentifier, Value::Text(text(form, "label").to_owned()));
    }
    let event = loans::event(Action::Raise, me, me, one(unit));
    let written = AnyAct::Economic(Act::Record { event, resource: Some(thing) });
    // The event is the command's first record, the thing its second.
    let id = Id::record(seat.reader.head().network, command, 1);
    Ok(vec![written, published("offer", name, lent(me, id, unit))])
}

fn lent(me: Id, thing: Id, unit: Id) -> Fields {
    Fields::new()
        .with(Prop::Action, Value::Action(Action::TransferCustody))
        .with(Prop::Provider, Value::Ref(me))
        .with(Prop::ResourceInventoriedAs, Value::Ref(thing))
        .with(Prop::ResourceQuantity, one(unit))
}

/// The record of a class that a form's path names.
async fn named_in_path(seat: &mut Seat, id: &str, class: Class) -> Result<Arc<Record>, Response> {
    let Ok(id) = id.parse::<Id>() else { return Err(not_found(&seat.frame)) };
    let found = seat.reader.get(id).await.map_err(|rejection| rejected(&seat.frame, &rejection))?;
    found.filter(|record| record.class == class).ok_or_else(|| not_found(&seat.frame))
}

/// A thing that somebody has already is offered.
pub async fn lend(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "board").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let record = match named_in_path(&mut seat, &id, Class::EconomicResource).await {
        Ok(record) => record,
        Err(response) => return response,
    };
    let Some(unit) = piece(&seat) else { return not_found(&seat.frame) };
    let act = published("offer", record.title(), lent(seat.reader.agent(), record.id, unit));
    forms::send(&app, seat, &form, vec![act]).await
}

/// A need or an offer comes off the board.
pub async fn take_off(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "board").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let intent = match named_in_path(&mut seat, &id, Class::Intent).await {
        Ok(record) => record,
        Err(response) => return response,
    };
    let act = Act::Revise {
        class: Class::Intent,
        record: intent.id,
        version: intent.version,
        fields: Fields::new().with(Prop::Finished, Value::Flag(true)),
        clear: Vec::new(),
    };
    forms::send(&app, seat, &form, vec![AnyAct::Economic(act)]).await
}
