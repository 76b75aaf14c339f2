//! Signing in and out.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use identity::IdentityError;

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
}

pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let frame = Frame::visiting(&app, &network, &headers).await;
    match app.node.joining(&network).await {
        Ok(joining) => render(&Page { frame: &frame, name: "", problem: "", joins: joining.is_some() }),
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
        Ok(session) => {
            let cookie = identity::cookie::keep(&session);
            ([(header::SET_COOKIE, cookie)], Redirect::to(&format!("/n/{network}/"))).into_response()
        }
        Err(error @ (IdentityError::NotYou | IdentityError::BadName)) => {
            let joins = app.node.joining(&network).await.is_ok_and(|joining| joining.is_some());
            let page =
                Page { frame: &frame, name: who.0, problem: &identity_in_words(&frame, &error), joins };
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
