//! Who is at the door: the frame that every page stands in.

use askama::Template;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use identity::rate::Asker;
use pipeline::acts::Stopped;
use pipeline::{Reader, Rejection, Via};
use valueflows::{Prop, Record};

use crate::App;
use crate::show;

/// What the base template shows.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// The network's name.
    pub network: String,
    /// Which page of the navigation this is.
    pub here: &'static str,
    /// The reader's name; nobody when empty.
    pub me: String,
    /// The word that forms carry.
    pub word: String,
    /// A fresh command id for the page's form.
    pub command: String,
    /// Whether this is a sandbox.
    pub sandbox: bool,
    /// The books' date, in words.
    pub today: String,
    /// What everybody has to know: what is paused and why, which rule is suspended.
    pub notices: Vec<String>,
}

impl Frame {
    /// Whether somebody is signed in.
    pub fn signed_in(&self) -> bool {
        !self.me.is_empty()
    }
}

/// Somebody signed in, with what they may read.
pub struct Seat {
    /// What they may read.
    pub reader: Reader,
    /// The frame of their pages.
    pub frame: Frame,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct Problem<'a> {
    frame: &'a Frame,
    title: &'a str,
    sentence: &'a str,
    remedy: &'a str,
    /// Under which the operator's log has the rest, where something is wrong here.
    number: String,
}

/// A page that says what went wrong.
pub fn problem(frame: &Frame, status: StatusCode, title: &str, sentence: &str, remedy: &str) -> Response {
    let line = status.is_server_error().then(identity::line::current).flatten();
    let page =
        Problem { frame, title, sentence, remedy, number: line.map(|line| line.id).unwrap_or_default() };
    (status, render(&page)).into_response()
}

/// A template as an answer.
pub fn render(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// A page, or that there is nothing here for this reader, or what went wrong.
pub fn answered<T: Template>(frame: &Frame, page: Result<Option<T>, Rejection>) -> Response {
    match page {
        Ok(Some(page)) => render(&page),
        Ok(None) => not_found(frame),
        Err(rejection) => rejected(frame, &rejection),
    }
}

/// A rejection as a page.
pub fn rejected(frame: &Frame, rejection: &Rejection) -> Response {
    let status = match rejection {
        Rejection::Malformed(_) | Rejection::NoAgent(_) => StatusCode::BAD_REQUEST,
        Rejection::Conflict(_) => StatusCode::CONFLICT,
        Rejection::NoNetwork(_) => StatusCode::NOT_FOUND,
        Rejection::Busy | Rejection::CatchingUp | Rejection::Away | Rejection::NoAnswer => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        Rejection::TooManyRefusals | Rejection::TooMuchToday(_) => StatusCode::TOO_MANY_REQUESTS,
        Rejection::Elsewhere(_) => StatusCode::GONE,
        Rejection::TooLarge(_) | Rejection::TooMuchToRead => StatusCode::UNPROCESSABLE_ENTITY,
        Rejection::Full | Rejection::NetworkFull(_) => StatusCode::INSUFFICIENT_STORAGE,
        Rejection::Internal(_) | Rejection::Rules(_) | Rejection::Admission(_) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    };
    let sentence = match rejection {
        Rejection::Internal(_) | Rejection::Rules(_) | Rejection::Admission(_) => {
            tracing::error!(%rejection, "a page failed");
            "Something went wrong on our side.".to_owned()
        }
        other => other.to_string(),
    };
    problem(frame, status, "That did not work", &sentence, "Try again, and tell a steward if it goes on.")
}

/// Somebody asks faster than anybody can read.
pub fn too_often(frame: &Frame, wait_s: u64) -> Response {
    let sentence = format!("That was too often. There is room again in {wait_s} seconds.");
    let mut response = problem(
        frame,
        StatusCode::TOO_MANY_REQUESTS,
        "Too often",
        &sentence,
        "Wait a little, then try again.",
    );
    response.headers_mut().insert(header::RETRY_AFTER, wait_s.into());
    response
}

/// What is not there, or not for this reader.
pub fn not_found(frame: &Frame) -> Response {
    problem(
        frame,
        StatusCode::NOT_FOUND,
        "Not here",
        "There is nothing here that you may see.",
        "Check the address, or look on the board.",
    )
}

/// The session's token in the request's cookies.
pub fn token(headers: &HeaderMap) -> Option<String> {
    identity::cookie::find(headers.get(header::COOKIE)?.to_str().ok()?)
}

/// What is held still, and why.
async fn notices(app: &App, head: &pipeline::Head) -> Result<Vec<String>, Rejection> {
    let stops = app.node.stops(head).await?;
    let one = |(what, record): (Stopped, std::sync::Arc<Record>)| {
        let reason = record.fields.text(Prop::Reason).unwrap_or_default().to_owned();
        let until = record.fields.instant(Prop::HasEnd).map(show::moment).unwrap_or_default();
        match what {
            Stopped::Network => format!("Everything here is paused until {until}: {reason}"),
            Stopped::Plugin(name) => format!("What \"{name}\" calculates is paused until {until}: {reason}"),
            Stopped::Rule(id) => format!("The rule \"{id}\" is suspended until {until}: {reason}"),
        }
    };
    Ok(stops.into_iter().map(one).collect())
}

/// Whoever is signed in to the network, or where to go instead.
pub async fn seat(
    app: &App,
    network: &str,
    headers: &HeaderMap,
    here: &'static str,
) -> Result<Seat, Response> {
    let outside = Frame { network: network.to_owned(), ..Frame::default() };
    let head = app.node.head(network).await.map_err(|rejection| rejected(&outside, &rejection))?;
    let sign_in = || Redirect::to(&format!("/n/{network}/sign-in")).into_response();
    let token = token(headers).ok_or_else(sign_in)?;
    let account = identity::account_of(app.node.store(), &token, pipeline::now()).await;
    let account = account.map_err(|error| {
        problem(
            &outside,
            StatusCode::SERVICE_UNAVAILABLE,
            "That did not work",
            &error.to_string(),
            "Try again in a moment.",
        )
    })?;
    let account = account.filter(|account| account.network == head.key).ok_or_else(sign_in)?;
    app.rates
        .ask
        .take(Asker::Account(account.key), pipeline::now())
        .map_err(|wait_s| too_often(&outside, wait_s))?;
    let opened = app.node.reader(network, account.agent, Via::Session).await;
    let mut reader = opened.map_err(|rejection| rejected(&outside, &rejection))?;
    let me = reader.me().await.map_err(|rejection| rejected(&outside, &rejection))?;
    let name = me.and_then(|me| me.fields.text(Prop::Name).map(str::to_owned)).unwrap_or(account.name);
    let command = pipeline::node::command_id().map_err(|rejection| rejected(&outside, &rejection))?;
    let frame = Frame {
        here,
        me: name,
        word: identity::form_word(&token),
        command: command.to_string(),
        sandbox: head.sandbox,
        today: show::day(reader.time()),
        notices: notices(app, &head).await.map_err(|rejection| rejected(&outside, &rejection))?,
        ..outside
    };
    Ok(Seat { reader, frame })
}
