//! The desk: a tablet that stands where things change hands. Whoever stands there scans or types who somebody is and
//! what they have in their hands; what is done is done by the desk, which belongs to the network with a role of its own.
//!
//! Scanners type what they read and press Enter: each page has one field, and that is where the cursor stands.

use std::collections::HashMap;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use pipeline::acts::{AnyAct, Command, Link};
use pipeline::loans::{self, is};
use pipeline::{Reader, Receipt, Rejection, Via};
use serde::Deserialize;
use valueflows::{Action, Class, Id, Instant, Prop};

use super::thing::offer_of;
use super::things::state;
use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, answered, not_found, rejected, render, seat, trouble};
use crate::limits::{CHOICES_MAX, DESK_DAYS};
use crate::show;
use crate::wording;

#[derive(Deserialize, Default)]
pub struct Asked {
    /// What was scanned or typed.
    #[serde(default)]
    scan: String,
    /// Who stands there.
    #[serde(default)]
    who: String,
    /// The thing that they hold.
    #[serde(default)]
    thing: String,
    /// What was just done: `out` or `back`.
    #[serde(default)]
    done: String,
}

#[derive(Template)]
#[template(path = "desk.html")]
struct Page<'a> {
    frame: &'a Frame,
    who: Option<Who>,
    thing: Option<Thing>,
    /// What was scanned and fits several: kind, id, name.
    choices: Vec<(&'static str, String, String)>,
    scanned: String,
    /// What is to be said before anything else.
    says: String,
    wrong: bool,
}

pub struct Who {
    pub id: String,
    pub name: String,
    /// What they have, and until when.
    pub has: Vec<(String, String)>,
    /// What is kept for them: thing and name.
    pub waits: Vec<(String, String)>,
    /// What they owe: promise, amount, what for.
    pub owes: Vec<(String, String)>,
}

struct Thing {
    id: String,
    name: String,
    words: String,
    /// What can be done with it now.
    does: Does,
    /// Why it cannot be lent, and what to do about it.
    cannot: Option<(String, String)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Does {
    Nothing,
    /// Whom to lend it to is not known yet.
    AskWho,
    Lend,
    HandOver,
    TakeBack,
}

impl Thing {
    fn path(&self) -> &'static str {
        match self.does {
            Does::Lend => "lend",
            Does::HandOver => "out",
            Does::TakeBack => "back",
            Does::Nothing | Does::AskWho => "",
        }
    }
}

/// What a scan means.
pub enum Found {
    /// Somebody.
    Person(Id),
    /// Something.
    Thing(Id),
    /// Several people or things: kind, id, name.
    Several(Vec<(&'static str, String, String)>),
    /// Nothing that is known here.
    Nothing,
}

/// The id that an address or a code ends in.
fn id_in(text: &str) -> Option<Id> {
    let last = text.trim_end_matches('/').rsplit('/').next()?;
    last.split(['?', '#']).next()?.parse().ok()
}

/// What is known by a number on a label, or by a name.
#[derive(Default)]
pub struct Known {
    /// Kind, id, name.
    names: Vec<(&'static str, Id, String)>,
    tags: HashMap<String, Id>,
}

/// Reads it, once for however many scans.
pub async fn known(reader: &mut Reader) -> Result<Known, Rejection> {
    let mut known = Known::default();
    for thing in reader.every(Class::EconomicResource).await? {
        if let Some(tag) = thing.fields.text(Prop::TrackingIdentifier) {
            known.tags.insert(tag.to_lowercase(), thing.id);
        }
        known.names.push(("thing", thing.id, thing.title()));
    }
    for person in reader.every(Class::Person).await? {
        known.names.push(("who", person.id, person.title()));
    }
    Ok(known)
}

impl Known {
    /// What a number or a name means, or how a name begins.
    fn find(&self, text: &str) -> Found {
        let wanted = text.to_lowercase();
        if wanted.is_empty() {
            return Found::Nothing;
        }
        if let Some(thing) = self.tags.get(&wanted) {
            return Found::Thing(*thing);
        }
        let lower: Vec<_> = self.names.iter().map(|one| (one, one.2.to_lowercase())).collect();
        let whole: Vec<_> = lower.iter().filter(|(_, name)| *name == wanted).collect();
        let begins: Vec<_> = lower.iter().filter(|(_, name)| name.starts_with(&wanted)).collect();
        let found = if whole.len() == 1 { whole } else { begins };
        match found.as_slice() {
            [] => Found::Nothing,
            [(("who", id, _), _)] => Found::Person(*id),
            [((_, id, _), _)] => Found::Thing(*id),
            several => {
                let several = several.iter().take(CHOICES_MAX);
                let one = |((kind, id, name), _): &&(&(&'static str, Id, String), String)| {
                    (*kind, id.to_string(), name.clone())
                };
                Found::Several(several.map(one).collect())
            }
        }
    }
}

/// What a scan means: a code's address, an id, a label's number, a name or how it begins.
pub async fn find(reader: &mut Reader, known: &Known, text: &str) -> Result<Found, Rejection> {
    let text = text.trim();
    let Some(id) = id_in(text) else { return Ok(known.find(text)) };
    Ok(match reader.get(id).await?.map(|record| record.class) {
        Some(Class::Person | Class::Organization) => Found::Person(id),
        Some(Class::EconomicResource) => Found::Thing(id),
        _ => Found::Nothing,
    })
}

/// The desk.
pub async fn show(
    State(app): State<App>,
    Path(network): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "desk").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    if !asked.scan.is_empty() {
        // Only ids go on: whatever else stands in an address stays out of the next.
        let (who, held) = (asked.who.parse::<Id>().ok(), asked.thing.parse::<Id>().ok());
        let to = |who: Option<Id>, thing: Option<Id>| {
            let text = |id: Option<Id>| id.map(|id| id.to_string()).unwrap_or_default();
            let next = format!("/n/{network}/desk?who={}&thing={}", text(who), text(thing));
            Redirect::to(&next).into_response()
        };
        let found = async {
            let known = known(reader).await?;
            find(reader, &known, &asked.scan).await
        };
        match found.await {
            Ok(Found::Person(id)) => return to(Some(id), held),
            Ok(Found::Thing(id)) => return to(who, Some(id)),
            Ok(Found::Several(choices)) => {
                return answered(frame, page(reader, frame, &asked, choices).await.map(Some));
            }
            Ok(Found::Nothing) => {
                let says = frame.put("text", asked.scan.as_str()).t("desk-unknown");
                let page = page(reader, frame, &asked, Vec::new()).await;
                return match page {
                    Ok(page) => {
                        let page = Page { says, wrong: true, scanned: asked.scan.clone(), ..page };
                        (StatusCode::NOT_FOUND, render(&page)).into_response()
                    }
                    Err(rejection) => rejected(frame, &rejection),
                };
            }
            Err(rejection) => return rejected(frame, &rejection),
        }
    }
    answered(frame, page(reader, frame, &asked, Vec::new()).await.map(Some))
}

async fn page<'a>(
    reader: &mut Reader,
    frame: &'a Frame,
    asked: &Asked,
    choices: Vec<(&'static str, String, String)>,
) -> Result<Page<'a>, Rejection> {
    let who = asked.who.parse::<Id>().ok();
    let thing = asked.thing.parse::<Id>().ok();
    let says = match asked.done.as_str() {
        "out" => frame.t("desk-done-out"),
        "back" => frame.t("desk-done-back"),
        "paid" => frame.t("desk-done-paid"),
        _ => String::new(),
    };
    Ok(Page {
        frame,
        who: match who {
            Some(id) => somebody(reader, frame, id).await?,
            None => None,
        },
        thing: match thing {
            Some(id) => something(reader, frame, id, who).await?,
            None => None,
        },
        choices,
        scanned: String::new(),
        says,
        wrong: false,
    })
}

/// How it stands with somebody, as far as the reader may see.
pub async fn somebody(reader: &mut Reader, frame: &Frame, id: Id) -> Result<Option<Who>, Rejection> {
    let (l, now) = (&frame.locale, reader.time());
    if reader.get(id).await?.is_none_or(|record| !record.class.is_agent()) {
        return Ok(None);
    }
    let mut who = Who {
        id: id.to_string(),
        name: reader.title(id).await?,
        has: Vec::new(),
        waits: Vec::new(),
        owes: Vec::new(),
    };
    for prop in [Prop::Provider, Prop::Receiver] {
        let link = Link { class: Class::Commitment, prop, target: id, open: true };
        for promise in reader.linked(link).await? {
            let thing = promise.fields.id(Prop::ResourceInventoriedAs);
            let name = match thing {
                Some(thing) => reader.title(thing).await?,
                None => String::new(),
            };
            if prop == Prop::Provider && is(&promise, "return") {
                let due = promise.fields.instant(Prop::Due);
                who.has.push((name, due.map(|due| l.due(due, now)).unwrap_or_default()));
            } else if prop == Prop::Receiver && is(&promise, "loan") {
                who.waits.push((thing.map(|thing| thing.to_string()).unwrap_or_default(), name));
            } else if prop == Prop::Provider && (is(&promise, "fee") || is(&promise, "late-fee")) {
                let quantity = promise.fields.quantity(Prop::ResourceQuantity);
                let Some(quantity) = quantity else { continue };
                let amount = show::amount(reader, l, quantity).await?;
                who.owes.push((promise.id.to_string(), amount));
            }
        }
    }
    Ok(Some(who))
}

async fn something(
    reader: &mut Reader,
    frame: &Frame,
    id: Id,
    who: Option<Id>,
) -> Result<Option<Thing>, Rejection> {
    let l = &frame.locale;
    let Some(thing) = reader.get(id).await?.filter(|thing| thing.class == Class::EconomicResource) else {
        return Ok(None);
    };
    let standing = state(reader, l, &thing).await?;
    let mut shown = Thing {
        id: id.to_string(),
        name: thing.title(),
        words: standing.words,
        does: Does::Nothing,
        cannot: None,
    };
    let promises =
        Link { class: Class::Commitment, prop: Prop::ResourceInventoriedAs, target: id, open: true };
    for promise in reader.linked(promises).await? {
        if promise.fields.action() == Some(Action::TransferCustody) {
            shown.does = if is(&promise, "return") { Does::TakeBack } else { Does::HandOver };
            return Ok(Some(shown));
        }
    }
    let Some(offer) = offer_of(reader, id).await?.filter(|_| standing.free) else { return Ok(Some(shown)) };
    let Some(who) = who else {
        shown.does = Does::AskWho;
        return Ok(Some(shown));
    };
    let until = reader.time().plus_us(DESK_DAYS * Instant::DAY_US);
    let act = loans::borrow(reader, offer.id, who, until).await?;
    let command = Command::new(pipeline::node::command_id()?, reader.agent(), vec![act]);
    match reader.would(&command).await? {
        Ok(_) => shown.does = Does::Lend,
        Err(refused) => shown.cannot = Some(wording::refused(reader, l, &refused)),
    }
    Ok(Some(shown))
}

/// What the desk does: lends and hands over, hands over what was kept, takes back, takes a payment.
pub async fn send(
    State(app): State<App>,
    Path((network, step)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "desk").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    if let Some(response) = forms::foreign(&seat.frame, &form) {
        return response;
    }
    let id = |name: &str| form.get(name).and_then(|text| text.parse::<Id>().ok());
    let Some(command) = id("command") else {
        return trouble(&seat.frame, StatusCode::BAD_REQUEST, "problem-form");
    };
    let days = form.get("days").and_then(|days| days.trim().parse::<i64>().ok()).unwrap_or(DESK_DAYS);
    let Seat { reader, frame, .. } = &mut seat;
    // Sent twice: what it came to the first time.
    let last = if step == "lend" { handing_over(command) } else { command };
    let known = match reader.decision(last).await {
        Ok(known) => known.map(|(receipt, _)| receipt),
        Err(rejection) => return rejected(frame, &rejection),
    };
    let done = match (step.as_str(), id("thing"), id("who")) {
        _ if known.is_some() => Ok(known),
        ("lend", Some(thing), Some(who)) => lend(&app, reader, frame, command, (thing, who, days)).await,
        (step @ ("out" | "back"), Some(thing), _) => {
            hands(&app, reader, frame, command, (thing, step == "back")).await
        }
        ("paid", Some(promise), _) => match loans::pay(reader, promise).await {
            Ok(acts) if acts.is_empty() => Ok(None),
            Ok(acts) => put(&app, (frame, (reader.agent(), reader.via())), command, acts).await.map(Some),
            Err(rejection) => Err(rejection),
        },
        _ => return not_found(frame),
    };
    match done {
        Ok(Some(receipt)) if receipt.decision.is_ok() => {
            let done = match step.as_str() {
                "back" => "back",
                "paid" => "paid",
                _ => "out",
            };
            let who = id("who").map(|who| who.to_string()).unwrap_or_default();
            Redirect::to(&format!("/n/{network}/desk?who={who}&done={done}")).into_response()
        }
        Ok(Some(receipt)) => Redirect::to(&format!("/n/{network}/why/{}", receipt.command)).into_response(),
        Ok(None) => not_found(frame),
        Err(rejection) => rejected(frame, &rejection),
    }
}

async fn put(
    app: &App,
    (frame, (agent, via)): (&Frame, (Id, Via)),
    id: Id,
    acts: Vec<AnyAct>,
) -> Result<Receipt, Rejection> {
    app.node.send(&frame.network, Command::new(id, agent, acts), via).await
}

/// The agreement under which a thing is out or kept for somebody.
async fn agreement(reader: &mut Reader, thing: Id, out: bool) -> Result<Option<Id>, Rejection> {
    let link =
        Link { class: Class::Commitment, prop: Prop::ResourceInventoriedAs, target: thing, open: true };
    let promises = reader.linked(link).await?;
    let class = if out { "return" } else { "loan" };
    let found = promises.iter().find(|promise| is(promise, class));
    Ok(found.and_then(|promise| promise.fields.id(Prop::ClauseOf)))
}

async fn hands(
    app: &App,
    reader: &mut Reader,
    frame: &Frame,
    command: Id,
    (thing, back): (Id, bool),
) -> Result<Option<Receipt>, Rejection> {
    let Some(agreement) = agreement(reader, thing, back).await? else { return Ok(None) };
    let acts = match back {
        true => loans::take_back(reader, agreement).await?,
        false => loans::hand_over(reader, agreement).await?,
    };
    put(app, (frame, (reader.agent(), reader.via())), command, acts).await.map(Some)
}

/// The id of the second of two commands.
fn handing_over(command: Id) -> Id {
    Id::from_digest(&identity::digest(&format!("reflow desk\0{command}")))
}

/// Two commands: the loan is agreed, and what it promises is handed over. The second one's id follows from the first's,
/// so that a form sent twice is both of them once.
async fn lend(
    app: &App,
    reader: &mut Reader,
    frame: &Frame,
    command: Id,
    (thing, who, days): (Id, Id, i64),
) -> Result<Option<Receipt>, Rejection> {
    let Some(offer) = offer_of(reader, thing).await? else { return Ok(None) };
    let until = reader.time().plus_us(days.clamp(1, 366) * Instant::DAY_US);
    let act = loans::borrow(reader, offer.id, who, until).await?;
    let receipt = put(app, (frame, (reader.agent(), reader.via())), command, vec![act]).await?;
    if receipt.decision.is_err() {
        return Ok(Some(receipt));
    }
    let mut fresh = app.node.reader(&frame.network, reader.agent(), reader.via()).await?;
    hands(app, &mut fresh, frame, handing_over(command), (thing, false)).await
}
