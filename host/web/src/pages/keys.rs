//! A key of one's own: beginning to sign, changing to the next key, naming who gives another, and giving one.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use pipeline::acts::{AnyAct, Command, GoverningAct, KeyAct, KeyPair, Link, keys};
use pipeline::{Reader, Rejection};
use valueflows::{Class, Id, Instant, Prop};

use super::desk::{self, Found};
use super::signing::{self, Wanted};
use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, not_found, rejected, render, seat};

#[derive(Template)]
#[template(path = "key.html")]
struct Page<'a> {
    frame: &'a Frame,
    /// The key in use; nothing, where there is none.
    key: String,
    held: &'static str,
    since: String,
    /// Whether one is named at all: then it changes to the next, and a new one is given.
    named: bool,
    /// Who gives another, and how many of them it takes.
    guardians: String,
    needed: usize,
    /// What was typed.
    shown: String,
    typed: String,
    mistake: String,
}

async fn page<'a>(reader: &mut Reader, frame: &'a Frame) -> Result<Page<'a>, Rejection> {
    let mut page = Page {
        frame,
        key: String::new(),
        held: "",
        since: String::new(),
        named: false,
        guardians: String::new(),
        needed: 0,
        shown: String::new(),
        typed: String::new(),
        mistake: String::new(),
    };
    let Some(membership) = reader.membership().await? else { return Ok(page) };
    page.named = membership.fields.text(Prop::NextKey).is_some();
    if let Some((key, held)) = keys::of(&membership) {
        (page.key, page.held) = (key.to_owned(), held.as_str());
    }
    page.since = membership.fields.instant(Prop::KeySince).map(|at| frame.locale.day(at)).unwrap_or_default();
    let (guardians, needed) = keys::guardians(&membership);
    let mut names = Vec::new();
    for guardian in guardians {
        names.push(reader.title(*guardian).await?);
    }
    (page.guardians, page.needed) = (names.join("\n"), needed);
    Ok(page)
}

/// How it stands.
pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "me").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    match page(reader, frame).await {
        Ok(page) => signing::with_script(render(&page)),
        Err(rejection) => rejected(frame, &rejection),
    }
}

/// The people whose names stand in a field, one a line; or the name that says nothing here.
async fn people(reader: &mut Reader, typed: &str) -> Result<Result<Vec<Id>, String>, Rejection> {
    let mut found = Vec::new();
    let names: Vec<&str> = typed.lines().map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Ok(Ok(found));
    }
    let known = desk::known(reader).await?;
    for name in names {
        match desk::find(reader, &known, name).await? {
            Found::Person(id) => found.push(id),
            _ => return Ok(Err(name.to_owned())),
        }
    }
    Ok(Ok(found))
}

/// What one of the forms asks for, and the key that signs it.
async fn asked(
    seat: &mut Seat,
    step: &str,
    form: &forms::Form,
) -> Result<Result<(KeyAct, String), String>, Rejection> {
    let typed = |name: &str| form.get(name).map(|text| text.trim()).unwrap_or_default();
    let frame = seat.frame.clone();
    let pair = typed("shown").parse::<KeyPair>();
    if step == "rotate" {
        return Ok(match pair {
            Ok(pair) => Ok((KeyAct::Rotate { pair: pair.clone() }, pair.key)),
            Err(_) => Err(frame.t("key-shown-wrong")),
        });
    }
    let guardians = match people(&mut seat.reader, typed("guardians")).await? {
        Ok(guardians) => guardians,
        Err(name) => return Ok(Err(frame.put("name", name).t("key-nobody"))),
    };
    let most = u32::try_from(guardians.len()).unwrap_or(u32::MAX);
    let needed = typed("needed").parse().unwrap_or(most).clamp(most.min(1), most);
    if step == "guardians" {
        let key = signing::key_of(seat).await?.map(|(key, _)| key).unwrap_or_default();
        return Ok(Ok((KeyAct::NameGuardians { guardians, needed }, key)));
    }
    Ok(match pair {
        Ok(pair) => Ok((KeyAct::Enrol { pair: pair.clone(), guardians, needed }, pair.key)),
        Err(_) => Err(frame.t("key-shown-wrong")),
    })
}

/// A form: what it says is shown to be signed first.
pub async fn send(
    State(app): State<App>,
    Path((network, step)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "me").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    if !["enrol", "rotate", "guardians"].contains(&step.as_str()) {
        return not_found(&seat.frame);
    }
    let (act, key) = match asked(&mut seat, &step, &form).await {
        Ok(Ok(asked)) => asked,
        Ok(Err(mistake)) => {
            let Seat { reader, frame, .. } = &mut seat;
            let typed = |name: &str| form.get(name).cloned().unwrap_or_default();
            return match page(reader, frame).await {
                Ok(page) => {
                    let page = Page { shown: typed("shown"), typed: typed("guardians"), mistake, ..page };
                    let page = signing::with_script(render(&page));
                    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
                }
                Err(rejection) => rejected(frame, &rejection),
            };
        }
        Err(rejection) => return rejected(&seat.frame, &rejection),
    };
    let wanted = Wanted {
        to: format!("/n/{network}/me/key/{step}"),
        acts: vec![AnyAct::Governing(GoverningAct::Key(act))],
        key,
        next: step == "rotate",
        then: format!("/n/{network}/me/key"),
    };
    signing::ask(&app, seat, &form, wanted).await
}

/// How it stands with somebody who may have lost their key.
#[derive(Default)]
pub struct Lost {
    /// Who has said so, and which key they are to have.
    pub said_by: Vec<String>,
    pub shown: String,
    /// Whether the reader could say so too.
    pub may: bool,
}

/// What there is of it on somebody's page.
pub async fn lost(reader: &mut Reader, member: Id) -> Result<Lost, Rejection> {
    let link = Link { class: Class::Membership, prop: Prop::Member, target: member, open: true };
    let membership = reader.linked(link).await?.into_iter().next();
    let Some(membership) = membership.filter(|one| one.fields.text(Prop::NextKey).is_some()) else {
        return Ok(Lost::default());
    };
    let mut lost = Lost::default();
    let now: Instant = reader.time();
    let said = keys::said(&membership, now);
    // Any key does to ask whether one could say so at all.
    let any = format!("z6Mk{}.{}.own", "a".repeat(44), "0".repeat(64));
    let pair = said.as_ref().map(|(pair, _)| pair.clone()).or_else(|| any.parse().ok());
    if let Some((pair, by)) = said {
        lost.shown = pair.to_string();
        for one in by {
            lost.said_by.push(reader.title(one).await?);
        }
    }
    let Some(pair) = pair else { return Ok(lost) };
    let act = AnyAct::Governing(GoverningAct::Key(KeyAct::Recover { member, pair }));
    let command = Command::new(pipeline::node::command_id()?, reader.agent(), vec![act]);
    lost.may = reader.would(&command).await?.is_ok();
    Ok(lost)
}

/// Somebody says that a member lost their key, and which one they are to have.
pub async fn give(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let seat = match seat(&app, &network, &headers, "people").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Ok(member) = id.parse::<Id>() else { return not_found(&seat.frame) };
    let Ok(pair) = form.get("shown").map(|text| text.trim()).unwrap_or_default().parse::<KeyPair>() else {
        return crate::frame::trouble(&seat.frame, StatusCode::UNPROCESSABLE_ENTITY, "key-shown-wrong");
    };
    let act = AnyAct::Governing(GoverningAct::Key(KeyAct::Recover { member, pair }));
    forms::send_and(&app, seat, &form, vec![act], &format!("/n/{network}/people/{member}")).await
}
