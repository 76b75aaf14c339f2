//! Founding a network by a link that the operator gave: which rules, what it is called, who keeps it.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use identity::IdentityError;
use identity::invitation::{self, Invitation};
use pipeline::{BadPlace, Place, Receipt, Rejection};
use valueflows::{Class, Id};

use crate::App;
use crate::forms;
use crate::frame::{
    Frame, identity_in_words, not_found, problem, rejected, rejection_in_words, render, too_often, trouble,
};
use crate::limits::STEWARDS_MAX;
use crate::wording;

#[derive(Template)]
#[template(path = "found.html")]
struct Page<'a> {
    frame: &'a Frame,
    token: &'a str,
    form: &'a forms::Form,
    /// The rule sets on the shelf: name and title.
    charters: Vec<(String, String)>,
    /// What is wrong, by field.
    mistakes: Vec<(&'static str, String)>,
}

impl Page<'_> {
    fn said(&self, field: &str) -> &str {
        said(self.form, field)
    }

    fn mistake(&self, field: &str) -> &str {
        self.mistakes
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, says)| says.as_str())
            .unwrap_or_default()
    }

    fn chosen(&self, name: &str, first: &bool) -> bool {
        let said = self.said("charter");
        said == name || (said.is_empty() && *first)
    }
}

fn said<'f>(form: &'f forms::Form, field: &str) -> &'f str {
    form.get(field).map(|text| text.trim()).unwrap_or_default()
}

#[derive(Template)]
#[template(path = "founded.html")]
struct Founded {
    frame: Frame,
    name: String,
    /// The other stewards, each with the link by which they come in.
    others: Vec<(String, String)>,
}

async fn standing(app: &App, frame: &Frame, token: &str) -> Result<Invitation, Response> {
    let found = invitation::find(app.node.store(), token).await.map_err(|error| {
        tracing::warn!(%error, "a link was not looked up");
        trouble(frame, StatusCode::SERVICE_UNAVAILABLE, "problem-away")
    })?;
    let gone = |key: &str| {
        let title = frame.t("found-gone-title");
        problem(frame, StatusCode::GONE, &title, &frame.t(key), &frame.t("found-gone-remedy"))
    };
    match found.filter(|one| one.network == pipeline::own::KEY && one.agent.is_none()) {
        None => Err(not_found(frame)),
        Some(one) if one.used.is_some() => Err(gone("found-used")),
        Some(one) if one.expires <= pipeline::now() => Err(gone("invited-expired")),
        Some(one) => Ok(one),
    }
}

/// The form.
pub async fn show(State(app): State<App>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let frame = Frame::outside("", &headers);
    if let Err(response) = standing(&app, &frame, &token).await {
        return response;
    }
    again(&app, &frame, &token, &forms::Form::new(), Vec::new()).await
}

async fn again(
    app: &App,
    frame: &Frame,
    token: &str,
    form: &forms::Form,
    mistakes: Vec<(&'static str, String)>,
) -> Response {
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    match app.node.store().charters().await {
        Ok(charters) => (status, render(&Page { frame, token, form, charters, mistakes })).into_response(),
        Err(error) => rejected(frame, &Rejection::from(error)),
    }
}

/// The network is founded.
pub async fn send(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let mut frame = Frame::outside("", &headers);
    let one = match standing(&app, &frame, &token).await {
        Ok(one) => one,
        Err(response) => return response,
    };
    if let Err(wait_s) = app.rates.join.take(pipeline::own::KEY, pipeline::now()) {
        return too_often(&frame, wait_s);
    }
    let name = said(&form, "name").to_lowercase().replace([' ', '_'], "-");
    let stewards = stewards(&form);
    let mistakes = mistakes(&app, &frame, &form, (&name, &stewards)).await;
    let mistakes = match mistakes {
        Ok(mistakes) => mistakes,
        Err(rejection) => return rejected(&frame, &rejection),
    };
    if !mistakes.is_empty() {
        return again(&app, &frame, &token, &form, mistakes).await;
    }
    let (charter, sandbox) = (said(&form, "charter"), form.contains_key("sandbox"));
    let place = Place::read(said(&form, "place"), said(&form, "zone")).unwrap_or_default();
    let named = (name.as_str(), place);
    let founded = app.node.found_from_shelf(one.command, named, charter, &stewards, sandbox).await;
    let receipt = match founded {
        Ok(Some(Ok(receipt))) => receipt,
        Ok(Some(Err(refused))) => {
            let says = format!("{} {}", wording::capital(&refused.sentence), refused.remedy);
            return again(&app, &frame, &token, &form, vec![("name", says)]).await;
        }
        Ok(None) => {
            return again(&app, &frame, &token, &form, vec![("charter", frame.t("found-no-charter"))]).await;
        }
        Err(rejection) => {
            let says = rejection_in_words(&frame, &rejection);
            return again(&app, &frame, &token, &form, vec![("name", says)]).await;
        }
    };
    if let Err(error) = invitation::spend(app.node.store(), &token, pipeline::now()).await {
        return rejected(&frame, &Rejection::from(error));
    }
    frame.network.clone_from(&name);
    match come_in(&app, &frame, &receipt, (&stewards, said(&form, "password"))).await {
        Ok((cookie, others)) => {
            let page = render(&Founded { frame, name, others });
            (AppendHeaders([(header::SET_COOKIE, cookie)]), page).into_response()
        }
        Err(rejection) => rejected(&frame, &rejection),
    }
}

/// What is wrong with a place, at the field where it was typed.
pub fn place_mistake(frame: &Frame, bad: &BadPlace) -> (&'static str, String) {
    match bad {
        BadPlace::Name => ("place", frame.t("place-name-mistake")),
        BadPlace::Zone(_) => ("zone", frame.t("place-zone-mistake")),
    }
}

/// The founder first, then a name a line.
fn stewards(form: &forms::Form) -> Vec<String> {
    let others = said(form, "others").lines().map(str::trim).filter(|name| !name.is_empty());
    let mut all: Vec<String> = Vec::new();
    for name in [said(form, "me")].into_iter().filter(|name| !name.is_empty()).chain(others) {
        if !all.iter().any(|known| known == name) {
            all.push(name.to_owned());
        }
    }
    all
}

async fn mistakes(
    app: &App,
    frame: &Frame,
    form: &forms::Form,
    (name, stewards): (&str, &[String]),
) -> Result<Vec<(&'static str, String)>, Rejection> {
    let mut found = Vec::new();
    let proper = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > 60 || !name.chars().all(proper) {
        found.push(("name", frame.t("found-name-mistake")));
    } else if app.node.store().network_by_name(name).await?.is_some() || name == pipeline::own::NAME {
        found.push(("name", frame.put("name", name).t("found-name-taken")));
    }
    if said(form, "charter").is_empty() {
        found.push(("charter", frame.t("found-no-charter")));
    }
    if let Err(bad) = Place::read(said(form, "place"), said(form, "zone")) {
        found.push(place_mistake(frame, &bad));
    }
    if said(form, "me").is_empty() {
        found.push(("me", frame.t("mistake-name-person")));
    }
    if said(form, "password").is_empty() || said(form, "password").len() > identity::FIELD_BYTES_MAX {
        found.push(("password", identity_in_words(frame, &IdentityError::BadName)));
    }
    if stewards.len() < 2 && !form.contains_key("sandbox") {
        found.push(("others", frame.t("found-two-stewards")));
    }
    if stewards.len() > STEWARDS_MAX {
        found.push(("others", frame.put("most", STEWARDS_MAX).t("found-many-stewards")));
    }
    Ok(found)
}

/// The founder gets an account and is signed in; the others get links.
async fn come_in(
    app: &App,
    frame: &Frame,
    receipt: &Receipt,
    (stewards, password): (&[String], &str),
) -> Result<(String, Vec<(String, String)>), Rejection> {
    let store = app.node.store();
    let head = app.node.head(&frame.network).await?;
    let people = receipt.made.iter().filter(|(class, ..)| class == Class::Person.as_str());
    let people: Vec<Id> = people.map(|(_, id, _)| *id).collect();
    let now = pipeline::now();
    let broken = |error: IdentityError| Rejection::Internal(error.to_string());
    let (Some(founder), Some(name)) = (people.first(), stewards.first()) else {
        return Err(Rejection::Internal("a founding without anybody".into()));
    };
    let who = (name.as_str(), password);
    identity::add_account(store, head.key, who, *founder, now).await.map_err(broken)?;
    let session = identity::sign_in_new(store, head.key, who, pipeline::node::random()?, now).await;
    let cookie = identity::cookie::keep(&session.map_err(broken)?);
    let mut others = Vec::new();
    for (agent, name) in people.iter().zip(stewards).skip(1) {
        let one = Invitation {
            network: head.key,
            command: pipeline::node::command_id()?,
            by: *founder,
            agent: Some(*agent),
            name: name.clone(),
            expires: now.plus_us(invitation::STANDS_US),
            used: None,
            gives_back: false,
        };
        let token = super::invite::issue(app, &one).await?;
        others.push((name.clone(), super::invite::address(&frame.network, &token)));
    }
    Ok((cookie, others))
}
