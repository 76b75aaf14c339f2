//! Passkeys: making one, letting one go, and signing in with one. They are the one thing here that a browser does only with
//! its script; everybody signs in without one, too.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use identity::passkey::{self, Begun, Kept};
use identity::{Account, IdentityError};
use pipeline::Rejection;

use super::signing::with_script;
use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, rejected, render, seat, too_often, trouble};

const SCRIPT: &str = include_str!("../../assets/passkey.js");

/// Serves it.
pub async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], SCRIPT)
}

#[derive(Template)]
#[template(path = "passkeys.html")]
struct Page<'a> {
    frame: &'a Frame,
    kept: Vec<(Kept, String)>,
    /// Whether one can be made under this address.
    can: bool,
    mistake: String,
}

#[derive(Template)]
#[template(path = "passkey_ask.html")]
struct Asked<'a> {
    frame: &'a Frame,
    /// What it is about: `make` or `get`.
    what: &'static str,
    to: String,
    begun: Begun,
    name: String,
}

fn host() -> String {
    identity::line::current().map(|line| line.origin).unwrap_or_default()
}

/// Whether somebody could sign in with one at this address.
pub fn can() -> bool {
    passkey::origin(&host())
}

fn away(frame: &Frame, error: &IdentityError) -> Response {
    tracing::warn!(%error, "no passkey");
    trouble(frame, StatusCode::SERVICE_UNAVAILABLE, "problem-away")
}

/// One's own.
pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    match seat(&app, &network, &headers, "me").await {
        Ok(Seat { frame, account, .. }) => page(&app, &frame, &account, String::new()).await,
        Err(response) => response,
    }
}

async fn page(app: &App, frame: &Frame, account: &Account, mistake: String) -> Response {
    let status = if mistake.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    match passkey::list(app.node.store(), account.key).await {
        Ok(kept) => {
            let day = |one: Kept| {
                let day = frame.locale.day(one.added);
                (one, day)
            };
            let kept = kept.into_iter().map(day).collect();
            (status, render(&Page { frame, kept, can: can(), mistake })).into_response()
        }
        Err(error) => away(frame, &error),
    }
}

/// A form of one's own page.
pub async fn send(
    State(app): State<App>,
    Path((network, step)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let seat = match seat(&app, &network, &headers, "me").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    if let Some(response) = forms::foreign(&seat.frame, &form) {
        return response;
    }
    let Seat { frame, account, .. } = seat;
    let said = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let (store, now, back) = (app.node.store(), pipeline::now(), format!("/n/{network}/me/passkeys"));
    match step.as_str() {
        "make" => make(&app, &frame, &account, (said("password"), said("name"))).await,
        "made" => {
            let asked = (said("token"), said("name"), said("answer"));
            match passkey::added(store, (account.key, &host()), asked, now).await {
                Ok(true) => Redirect::to(&back).into_response(),
                Ok(false) => page(&app, &frame, &account, frame.t("passkey-not-made")).await,
                Err(error) => away(&frame, &error),
            }
        }
        "forget" => match passkey::forget(store, account.key, said("id")).await {
            Ok(()) => Redirect::to(&back).into_response(),
            Err(error) => away(&frame, &error),
        },
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Whoever makes one shows first that it is them: an open tablet on a table makes none.
async fn make(app: &App, frame: &Frame, account: &Account, (password, name): (&str, &str)) -> Response {
    let (store, now) = (app.node.store(), pipeline::now());
    if let Err(wait_s) = app.rates.sign_in.take((account.network, account.name.to_lowercase()), now) {
        return too_often(frame, wait_s);
    }
    match identity::check_password(account, password).await {
        Ok(()) => {}
        Err(IdentityError::NotYou) => return page(app, frame, account, frame.t("me-password-wrong")).await,
        Err(error) => return away(frame, &error),
    }
    let secret = match pipeline::node::random() {
        Ok(secret) => secret,
        Err(rejection) => return rejected(frame, &rejection),
    };
    match passkey::add(store, account, &host(), secret, now).await {
        Ok(Some(begun)) => {
            let to = format!("/n/{}/me/passkeys/made", frame.network);
            with_script(render(&Asked { frame, what: "make", to, begun, name: name.to_owned() }))
        }
        Ok(None) => page(app, frame, account, frame.t("passkey-enough")).await,
        Err(error) => away(frame, &error),
    }
}

/// Signing in: whose passkey is asked for, then what the browser answers.
pub async fn sign_in(
    State(app): State<App>,
    Path(network): Path<String>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let frame = Frame::visiting(&app, &network, &headers).await;
    let said = |name: &str| form.get(name).map(|text| text.trim()).unwrap_or_default();
    let entered = async {
        let head = app.node.head(&network).await?;
        Ok::<_, Rejection>((
            head.key,
            [pipeline::node::random()?, pipeline::node::random()?, pipeline::node::random()?],
        ))
    };
    let (key, random) = match entered.await {
        Ok(entered) => entered,
        Err(rejection) => return rejected(&frame, &rejection),
    };
    let [secret, ..] = random;
    let (store, now) = (app.node.store(), pipeline::now());
    if !said("token").is_empty() {
        let asked = (said("token"), said("answer"));
        return match passkey::sign_in(store, (key, &host()), asked, secret, now).await {
            Ok(session) => super::sign_in::let_in(&network, &session),
            Err(IdentityError::NotYou) => trouble(&frame, StatusCode::UNAUTHORIZED, "passkey-not-you"),
            Err(error) => away(&frame, &error),
        };
    }
    let name = said("name").chars().take(identity::FIELD_BYTES_MAX).collect::<String>();
    if let Err(wait_s) = app.rates.sign_in.take((key, name.to_lowercase()), now) {
        return too_often(&frame, wait_s);
    }
    match passkey::ask(store, (key, &name), &host(), random, now).await {
        Ok(begun) => {
            let to = format!("/n/{network}/sign-in/passkey");
            with_script(render(&Asked { frame: &frame, what: "get", to, begun, name: String::new() }))
        }
        Err(IdentityError::BadName) => trouble(&frame, StatusCode::UNAUTHORIZED, "passkey-not-you"),
        Err(error) => away(&frame, &error),
    }
}
