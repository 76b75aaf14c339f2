//! Signing in and out.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use identity::{Account, Entered, IdentityError, Session, factor};

use super::passkeys;
use crate::App;
use crate::forms;
use crate::frame::{Frame, identity_in_words, rejected, render, seat, token, too_often, trouble};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Page<'a> {
    frame: &'a Frame,
    name: &'a str,
    problem: &'a str,
    /// Whether somebody can ask to join.
    joins: bool,
    /// Another service through which somebody can sign in, by name.
    through: Option<&'a str>,
    /// Whether somebody could sign in with a passkey here.
    passkeys: bool,
}

pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let frame = Frame::visiting(&app, &network, &headers).await;
    match app.node.joining(&network).await {
        Ok(joining) => {
            let through = app.through.as_ref().map(|provider| provider.name.as_str());
            render(&Page {
                frame: &frame,
                name: "",
                problem: "",
                joins: joining.is_some(),
                through,
                passkeys: passkeys::can(),
            })
        }
        Err(rejection) => rejected(&frame, &rejection),
    }
}

pub async fn send(
    State(app): State<App>,
    Path(network): Path<String>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let frame = Frame::visiting(&app, &network, &headers).await;
    let head = match app.node.head(&network).await {
        Ok(head) => head,
        Err(rejection) => return rejected(&frame, &rejection),
    };
    let said = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    // Longer names are nobody's, and would only be remembered for nothing.
    let name = said("name").trim().chars().take(identity::FIELD_BYTES_MAX).collect::<String>();
    let name = (head.key, name.to_lowercase());
    if let Err(wait_s) = app.rates.sign_in.take(name, pipeline::now()) {
        return too_often(&frame, wait_s);
    }
    let secret = match pipeline::node::random() {
        Ok(secret) => secret,
        Err(rejection) => return rejected(&frame, &rejection),
    };
    let who = (said("name").trim(), said("password"));
    match identity::sign_in(app.node.store(), head.key, who, secret, pipeline::now()).await {
        Ok(Entered::In(session)) => let_in(&network, &session),
        Ok(Entered::Code(account)) => ask(&app, &frame, &account).await,
        Err(error @ (IdentityError::NotYou | IdentityError::BadName)) => {
            let joins = app.node.joining(&network).await.is_ok_and(|joining| joining.is_some());
            let through = app.through.as_ref().map(|provider| provider.name.as_str());
            let problem = &identity_in_words(&frame, &error);
            let page =
                Page { frame: &frame, name: who.0, problem, joins, through, passkeys: passkeys::can() };
            (StatusCode::UNAUTHORIZED, render(&page)).into_response()
        }
        Err(error) => {
            tracing::warn!(%error, "nobody can sign in");
            trouble(&frame, StatusCode::SERVICE_UNAVAILABLE, "problem-away")
        }
    }
}

pub fn let_in(network: &str, session: &Session) -> Response {
    let cookie = identity::cookie::keep(session);
    ([(header::SET_COOKIE, cookie)], Redirect::to(&format!("/n/{network}/"))).into_response()
}

#[derive(Template)]
#[template(path = "sign_in_code.html")]
struct Code<'a> {
    frame: &'a Frame,
    /// What says that the first step is done.
    pending: &'a str,
    problem: &'a str,
}

/// Whoever knows the password is asked for a code too.
pub async fn ask(app: &App, frame: &Frame, account: &Account) -> Response {
    let fresh = match pipeline::node::random() {
        Ok(fresh) => fresh,
        Err(rejection) => return rejected(frame, &rejection),
    };
    match factor::pending(app.node.store(), account, fresh, pipeline::now()).await {
        Ok(pending) => render(&Code { frame, pending: &pending, problem: "" }),
        Err(error) => {
            tracing::warn!(%error, "nobody can sign in");
            trouble(frame, StatusCode::SERVICE_UNAVAILABLE, "problem-away")
        }
    }
}

/// The second step.
pub async fn code(
    State(app): State<App>,
    Path(network): Path<String>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let frame = Frame::visiting(&app, &network, &headers).await;
    let head = match app.node.head(&network).await {
        Ok(head) => head,
        Err(rejection) => return rejected(&frame, &rejection),
    };
    let said = |name: &str| form.get(name).map(|text| text.trim()).unwrap_or_default();
    let (store, now) = (app.node.store(), pipeline::now());
    let account = match factor::waiting(store, head.key, said("pending"), now).await {
        Ok(Some(account)) => account,
        // Too late: the first step again.
        Ok(None) => return Redirect::to(&format!("/n/{network}/sign-in")).into_response(),
        Err(error) => {
            tracing::warn!(%error, "nobody can sign in");
            return trouble(&frame, StatusCode::SERVICE_UNAVAILABLE, "problem-away");
        }
    };
    if let Err(wait_s) = app.rates.sign_in.take((head.key, account.name.to_lowercase()), now) {
        return too_often(&frame, wait_s);
    }
    let secret = match pipeline::node::random() {
        Ok(secret) => secret,
        Err(rejection) => return rejected(&frame, &rejection),
    };
    match factor::sign_in(store, account, said("code"), secret, now).await {
        Ok(session) => let_in(&network, &session),
        Err(error @ IdentityError::BadCode) => {
            let problem = identity_in_words(&frame, &error);
            let page = Code { frame: &frame, pending: said("pending"), problem: &problem };
            (StatusCode::UNAUTHORIZED, render(&page)).into_response()
        }
        Err(error) => {
            tracing::warn!(%error, "nobody can sign in");
            trouble(&frame, StatusCode::SERVICE_UNAVAILABLE, "problem-away")
        }
    }
}

pub async fn leave(
    State(app): State<App>,
    Path(network): Path<String>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let seat = match seat(&app, &network, &headers, "").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    if form.get("word") == Some(&seat.frame.word)
        && let Some(token) = token(&headers)
        && let Err(error) = identity::sign_out(app.node.store(), &token).await
    {
        tracing::warn!(%error, "nobody can sign out");
        return trouble(&seat.frame, StatusCode::SERVICE_UNAVAILABLE, "problem-away");
    }
    ([(header::SET_COOKIE, identity::cookie::forget())], Redirect::to(&format!("/n/{network}/sign-in")))
        .into_response()
}
