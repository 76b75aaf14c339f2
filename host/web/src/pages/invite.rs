//! Inviting somebody, and coming in by an invitation.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use identity::IdentityError;
use identity::invitation::{self, Invitation};
use pipeline::acts::{AnyAct, Command, GoverningAct, Link};
use pipeline::{Reader, Rejection, Via};
use valueflows::{Class, Id, Prop};

use crate::App;
use crate::forms;
use crate::frame::{
    Frame, Seat, answered, identity_in_words, not_found, problem, rejected, render, seat, too_often, trouble,
};
use crate::picture;
use crate::wording;

/// The roles that whoever is invited comes in with.
const ROLES: &[&str] = &["member"];

struct Open {
    command: String,
    name: String,
    by: String,
    until: String,
}

#[derive(Template)]
#[template(path = "invite.html")]
struct Page {
    frame: Frame,
    /// Why the reader cannot invite anybody, and what to do about it.
    cannot: Option<(String, String)>,
    open: Vec<Open>,
    /// A link that was just made: itself, its token, whom it is for, and until when.
    made: Option<Made>,
}

struct Made {
    link: String,
    token: String,
    name: String,
    until: String,
}

fn admitting(name: &str) -> AnyAct {
    let roles = ROLES.iter().map(|role| (*role).to_owned()).collect();
    AnyAct::Governing(GoverningAct::Admit { name: name.to_owned(), roles, place: None })
}

/// What stands in the way of letting somebody in.
pub async fn stands_in_the_way(
    reader: &mut Reader,
    frame: &Frame,
) -> Result<Option<(String, String)>, Rejection> {
    let command = Command::new(pipeline::node::command_id()?, reader.agent(), vec![admitting("x")]);
    let refused = reader.would(&command).await?.err();
    Ok(refused.map(|refused| wording::refused(reader, &frame.locale, &refused)))
}

/// Making one, and those that are open.
pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "people").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let page = page(&app, &mut seat, None).await.map(Some);
    answered(&seat.frame, page)
}

async fn page(app: &App, seat: &mut Seat, made: Option<Made>) -> Result<Page, Rejection> {
    let Seat { reader, frame, .. } = seat;
    let cannot = stands_in_the_way(reader, frame).await?;
    let mut open = Vec::new();
    if cannot.is_none() {
        for one in app.node.store().invitations(reader.head().key, pipeline::now()).await? {
            open.push(Open {
                command: one.command.to_string(),
                by: reader.title(one.by).await?,
                until: frame.locale.day(one.expires),
                name: one.name,
            });
        }
    }
    Ok(Page { frame: frame.clone(), cannot, open, made })
}

/// Makes one. What the link opens is said again by the rules when it is used.
pub async fn make(
    State(app): State<App>,
    Path(network): Path<String>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "people").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    if let Some(response) = forms::foreign(&seat.frame, &form) {
        return response;
    }
    match made(&app, &mut seat, &form).await {
        Ok(made) => {
            let page = page(&app, &mut seat, made).await.map(Some);
            answered(&seat.frame, page)
        }
        Err(rejection) => rejected(&seat.frame, &rejection),
    }
}

async fn made(app: &App, seat: &mut Seat, form: &forms::Form) -> Result<Option<Made>, Rejection> {
    let Seat { reader, frame, .. } = seat;
    if stands_in_the_way(reader, frame).await?.is_some() {
        return Ok(None);
    }
    let name = form.get("name").map(|name| name.trim().chars().take(100).collect::<String>());
    let agent = form.get("agent").and_then(|id| id.parse::<Id>().ok());
    if let Some(agent) = agent
        && !lacks_account(app, reader, agent).await?
    {
        return Ok(None);
    }
    let name = match agent {
        Some(agent) => reader.title(agent).await?,
        None => name.unwrap_or_default(),
    };
    let now = pipeline::now();
    let one = Invitation {
        network: reader.head().key,
        command: pipeline::node::command_id()?,
        by: reader.agent(),
        agent,
        name: name.clone(),
        expires: now.plus_us(invitation::STANDS_US),
        used: None,
        gives_back: false,
    };
    let token = issue(app, &one).await?;
    let link = address(&frame.network, &token);
    Ok(Some(Made { link, token, name, until: frame.locale.deadline(one.expires) }))
}

/// Whether somebody is a person or a device that belongs and has no way to sign in: an account is opened for nobody else, by no link.
pub async fn lacks_account(app: &App, reader: &mut Reader, agent: Id) -> Result<bool, Rejection> {
    // A desk's tablet is signed in to like somebody; an organisation acts through people.
    let kinds = [Class::Person, Class::Agent];
    let person = reader.get(agent).await?.is_some_and(|record| kinds.contains(&record.class));
    let link = Link { class: Class::Membership, prop: Prop::Member, target: agent, open: true };
    let belongs = person && !reader.linked(link).await?.is_empty();
    Ok(belongs && app.node.store().account_of_agent(reader.head().key, agent).await?.is_none())
}

/// Makes a link; what is returned goes into it, and is shown once.
pub async fn issue(app: &App, one: &Invitation) -> Result<String, Rejection> {
    let (secret, fresh) = (pipeline::node::random()?, pipeline::node::random()?);
    let token = invitation::issue(app.node.store(), one, secret, fresh, pipeline::now()).await;
    token.map_err(|error| Rejection::Internal(error.to_string()))
}

/// Where a link leads.
pub fn address(network: &str, token: &str) -> String {
    let origin = identity::line::current().map(|line| line.origin).unwrap_or_default();
    format!("{origin}/n/{network}/invited/{token}")
}

/// Takes one back.
pub async fn take_back(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "people").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    if let Some(response) = forms::foreign(&seat.frame, &form) {
        return response;
    }
    let Ok(id) = id.parse::<Id>() else { return not_found(&seat.frame) };
    let Seat { reader, frame, .. } = &mut seat;
    let done = async {
        if stands_in_the_way(reader, frame).await?.is_none() {
            app.node.store().drop_invitation(reader.head().key, id).await?;
        }
        Ok(())
    };
    match done.await {
        Ok(()) => Redirect::to(&format!("/n/{network}/invite")).into_response(),
        Err(rejection) => rejected(&seat.frame, &rejection),
    }
}

/// The link as a code, for whoever prints it. It is no secret from whoever asks: they have it.
pub async fn code(State(app): State<App>, Path((network, token)): Path<(String, String)>) -> Response {
    match invitation::find(app.node.store(), &token).await {
        Ok(Some(_)) => picture::answer(picture::qr(&address(&network, &token))),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

#[derive(Template)]
#[template(path = "invited.html")]
struct Invited<'a> {
    frame: &'a Frame,
    token: &'a str,
    name: &'a str,
    /// Whether the name is settled: whoever belongs already has one.
    settled: bool,
    /// Whether it gives an account back.
    back: bool,
    problem: &'a str,
}

/// What a link comes to: one that stands, or a page that says what is the matter.
async fn standing(app: &App, frame: &Frame, token: &str) -> Result<Invitation, Response> {
    let head = app.node.head(&frame.network).await.map_err(|rejection| rejected(frame, &rejection))?;
    let found = invitation::find(app.node.store(), token).await.map_err(|error| {
        tracing::warn!(%error, "an invitation was not looked up");
        trouble(frame, StatusCode::SERVICE_UNAVAILABLE, "problem-away")
    })?;
    let gone = |key: &str| {
        let title = frame.t("invited-gone-title");
        problem(frame, StatusCode::GONE, &title, &frame.t(key), &frame.t("invited-gone-remedy"))
    };
    // Of the node's own network: what names nobody founds networks, and lets nobody in.
    let lets_in = |one: &Invitation| one.network != pipeline::own::KEY || one.agent.is_some();
    match found.filter(|one| one.network == head.key && lets_in(one)) {
        None => Err(not_found(frame)),
        Some(one) if one.used.is_some() => Err(gone("invited-used")),
        Some(one) if one.expires <= pipeline::now() => Err(gone("invited-expired")),
        Some(one) => match one.agent {
            // Another link for the same person was quicker.
            Some(agent) if !one.gives_back && has_account(app, frame, head.key, agent).await? => {
                Err(gone("invited-used"))
            }
            _ => Ok(one),
        },
    }
}

async fn has_account(app: &App, frame: &Frame, network: i64, agent: Id) -> Result<bool, Response> {
    let found = app.node.store().account_of_agent(network, agent).await;
    found.map(|account| account.is_some()).map_err(|error| rejected(frame, &Rejection::from(error)))
}

/// The form that an invitation leads to.
pub async fn ask(
    State(app): State<App>,
    Path((network, token)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let frame = Frame::visiting(&app, &network, &headers).await;
    match standing(&app, &frame, &token).await {
        Ok(one) => render(&Invited {
            frame: &frame,
            token: &token,
            name: &one.name,
            settled: one.agent.is_some(),
            back: one.gives_back,
            problem: "",
        }),
        Err(response) => response,
    }
}

/// Somebody comes in.
pub async fn enter(
    State(app): State<App>,
    Path((network, token)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let frame = Frame::visiting(&app, &network, &headers).await;
    let one = match standing(&app, &frame, &token).await {
        Ok(one) => one,
        Err(response) => return response,
    };
    if let Err(wait_s) = app.rates.join.take(one.network, pipeline::now()) {
        return too_often(&frame, wait_s);
    }
    let said = |field: &str| form.get(field).map(|text| text.trim().to_owned()).unwrap_or_default();
    let name = if one.agent.is_some() { one.name.clone() } else { said("name") };
    let password = form.get("password").cloned().unwrap_or_default();
    let again = |status: StatusCode, problem: &str| {
        let settled = one.agent.is_some();
        let back = one.gives_back;
        let page = Invited { frame: &frame, token: &token, name: &name, settled, back, problem };
        (status, render(&page)).into_response()
    };
    match admitted(&app, &frame, &one, &token, (&name, &password)).await {
        Ok(cookie) => {
            ([(header::SET_COOKIE, cookie)], Redirect::to(&format!("/n/{network}/"))).into_response()
        }
        Err(No::Identity(IdentityError::Store(error))) => rejected(&frame, &Rejection::from(error)),
        Err(No::Identity(error)) => again(StatusCode::CONFLICT, &identity_in_words(&frame, &error)),
        Err(No::Refused(sentence)) => again(StatusCode::UNPROCESSABLE_ENTITY, &sentence),
        // The link became another command: somebody was quicker.
        Err(No::Rejected(Rejection::Conflict(_))) => {
            let title = frame.t("invited-gone-title");
            let remedy = frame.t("invited-gone-remedy");
            problem(&frame, StatusCode::GONE, &title, &frame.t("invited-used"), &remedy)
        }
        Err(No::Rejected(rejection)) => rejected(&frame, &rejection),
    }
}

enum No {
    Identity(IdentityError),
    Refused(String),
    Rejected(Rejection),
}

/// Whoever lost their way to sign in has it again: another password, no second step, and every session is over.
async fn given_back(app: &App, one: &Invitation, token: &str, password: &str) -> Result<String, No> {
    let (store, now) = (app.node.store(), pipeline::now());
    let agent = one.agent.unwrap_or_default();
    let account = store.account_of_agent(one.network, agent).await;
    let account = account.map_err(|error| No::Rejected(error.into()))?;
    let account = account.ok_or(No::Rejected(Rejection::Conflict(one.command)))?;
    let who = (account.name.as_str(), password);
    identity::check_field(password).map_err(No::Identity)?;
    if !invitation::spend(store, token, now).await.map_err(|error| No::Rejected(error.into()))? {
        return Err(No::Rejected(Rejection::Conflict(one.command)));
    }
    identity::renew_password(store, one.network, who).await.map_err(No::Identity)?;
    let secret = pipeline::node::random().map_err(No::Rejected)?;
    let session = identity::sign_in_new(store, one.network, who, secret, now).await;
    Ok(identity::cookie::keep(&session.map_err(No::Identity)?))
}

/// Lets somebody in: the inviter's command under the link's id, then the account, then the link is used up.
async fn admitted(
    app: &App,
    frame: &Frame,
    one: &Invitation,
    token: &str,
    who: (&str, &str),
) -> Result<String, No> {
    let store = app.node.store();
    if one.gives_back {
        return given_back(app, one, token, who.1).await;
    }
    identity::check_new(store, one.network, who).await.map_err(No::Identity)?;
    let agent = match one.agent {
        Some(agent) => agent,
        None => {
            let command = Command::new(one.command, one.by, vec![admitting(who.0)]);
            let sent = app.node.send(&frame.network, command, Via::Door).await;
            let receipt = sent.map_err(No::Rejected)?;
            if let Err(refused) = receipt.decision {
                return Err(No::Refused(format!(
                    "{} {}",
                    wording::capital(&refused.sentence),
                    refused.remedy
                )));
            }
            let person = receipt.made.iter().find(|(class, ..)| class == Class::Person.as_str());
            person.map(|(_, id, _)| *id).unwrap_or_default()
        }
    };
    // Of two who come at once with one link, one has spent it.
    let spent = invitation::spend(store, token, pipeline::now()).await;
    if !spent.map_err(|error| No::Rejected(Rejection::from(error)))? {
        return Err(No::Rejected(Rejection::Conflict(one.command)));
    }
    identity::add_account(store, one.network, who, agent, pipeline::now()).await.map_err(No::Identity)?;
    let secret = pipeline::node::random().map_err(No::Rejected)?;
    let session = identity::sign_in_new(store, one.network, who, secret, pipeline::now()).await;
    Ok(identity::cookie::keep(&session.map_err(No::Identity)?))
}
