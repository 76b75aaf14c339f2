//! Signing in through another service, where the operator has named one; and tying who one is there to one's account.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use identity::oidc::{self, Back, For, OidcError};
use identity::{Entered, IdentityError, cookie};
use pipeline::Rejection;
use serde::Deserialize;

use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, rejected, render, seat, trouble};

/// Whoever comes from elsewhere has no session until a page of this node sends them on: browsers give strict cookies to
/// nobody who is sent from another place.
#[derive(Template)]
#[template(path = "through.html")]
struct Page<'a> {
    frame: &'a Frame,
    name: &'a str,
    /// Where it goes on.
    on: String,
    says: &'static str,
}

/// The way there, to sign in.
pub async fn go(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let frame = Frame::visiting(&app, &network, &headers).await;
    match app.node.head(&network).await {
        Ok(_) => way(&app, &frame, &network, For::SignIn).await,
        Err(rejection) => rejected(&frame, &rejection),
    }
}

/// The way there, to tie who one is there to one's account here.
pub async fn tie(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    match seat(&app, &network, &headers, "me").await {
        Ok(Seat { frame, account, .. }) => way(&app, &frame, &network, For::Tie(account.key)).await,
        Err(response) => response,
    }
}

async fn way(app: &App, frame: &Frame, network: &str, what: For) -> Response {
    let Some(provider) = &app.through else { return StatusCode::NOT_FOUND.into_response() };
    let random = || pipeline::node::random::<32>();
    let gone = async {
        let random = [random()?, random()?, random()?, random()?];
        let went = provider.go(app.node.store(), (network, what), random, pipeline::now()).await;
        Ok::<_, Rejection>(went)
    };
    match gone.await {
        Ok(Ok(way)) => {
            let headers = [(header::SET_COOKIE, cookie::away(Some(&way.kept)))];
            (headers, Redirect::to(&way.url)).into_response()
        }
        Ok(Err(error)) => strayed(frame, &error),
        Err(rejection) => rejected(frame, &rejection),
    }
}

fn strayed(frame: &Frame, error: &OidcError) -> Response {
    let (status, word) = match error {
        OidcError::Strayed => (StatusCode::BAD_REQUEST, "through-strayed"),
        OidcError::Busy => (StatusCode::SERVICE_UNAVAILABLE, "problem-away"),
        OidcError::Provider(_) | OidcError::Identity(_) => {
            tracing::warn!(%error, "nobody signs in through the other service");
            (StatusCode::BAD_GATEWAY, "through-away")
        }
    };
    trouble(frame, status, word)
}

#[derive(Deserialize)]
pub struct Returned {
    code: Option<String>,
    state: Option<String>,
}

/// The way back.
pub async fn back(State(app): State<App>, Query(returned): Query<Returned>, headers: HeaderMap) -> Response {
    let nowhere = Frame::outside("", &headers);
    let Some(provider) = &app.through else { return StatusCode::NOT_FOUND.into_response() };
    let cookies = headers.get(header::COOKIE).and_then(|cookies| cookies.to_str().ok()).unwrap_or_default();
    let kept = cookie::back(cookies).unwrap_or_default();
    let (Some(code), Some(state)) = (returned.code, returned.state) else {
        // Somebody said no there: that is no error of anybody's.
        return strayed(&nowhere, &OidcError::Strayed);
    };
    let came = provider.back(app.node.store(), &kept, (&code, &state), pipeline::now()).await;
    let came = match came {
        Ok(came) => came,
        Err(error) => return strayed(&nowhere, &error),
    };
    let frame = Frame::visiting(&app, &came.network, &headers).await;
    let mut answer = match came.what {
        For::SignIn => enter(&app, &frame, &provider.name, &came).await,
        For::Tie(account) => tied(&app, &frame, &provider.name, &came, account).await,
    };
    if let Ok(over) = cookie::away(None).parse() {
        answer.headers_mut().append(header::SET_COOKIE, over);
    }
    answer
}

async fn enter(app: &App, frame: &Frame, name: &str, came: &Back) -> Response {
    let (store, now) = (app.node.store(), pipeline::now());
    let entered = async {
        let head = app.node.head(&came.network).await?;
        Ok::<_, Rejection>(oidc::sign_in(store, head.key, came, pipeline::node::random()?, now).await)
    };
    match entered.await {
        Ok(Ok(Entered::In(session))) => {
            let on = format!("/n/{}/", came.network);
            let page = render(&Page { frame, name, on, says: "through-in" });
            ([(header::SET_COOKIE, cookie::keep(&session))], page).into_response()
        }
        Ok(Ok(Entered::Code(account))) => super::sign_in::ask(app, frame, &account).await,
        Ok(Err(IdentityError::NotYou)) => {
            let on = format!("/n/{}/sign-in", came.network);
            (StatusCode::FORBIDDEN, render(&Page { frame, name, on, says: "through-unknown" }))
                .into_response()
        }
        Ok(Err(error)) => strayed(frame, &error.into()),
        Err(rejection) => rejected(frame, &rejection),
    }
}

async fn tied(app: &App, frame: &Frame, name: &str, came: &Back, account: i64) -> Response {
    let done = async {
        let head = app.node.head(&came.network).await?;
        Ok::<_, Rejection>(oidc::tie(app.node.store(), head.key, came, account).await)
    };
    match done.await {
        Ok(Ok(tied)) => {
            let says = if tied { "through-tied" } else { "through-anothers" };
            let on = format!("/n/{}/me", came.network);
            render(&Page { frame, name, on, says })
        }
        Ok(Err(error)) => strayed(frame, &error.into()),
        Err(rejection) => rejected(frame, &rejection),
    }
}

/// Nobody there is whoever this is any more.
pub async fn untie(
    State(app): State<App>,
    Path(network): Path<String>,
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
    match app.node.store().untie(seat.account.key).await {
        Ok(()) => Redirect::to(&format!("/n/{network}/me")).into_response(),
        Err(error) => rejected(&seat.frame, &error.into()),
    }
}

/// What one's own page says of it: the service's name, and whether one is tied there.
pub async fn standing(app: &App, account: i64) -> Result<Option<(String, bool)>, Rejection> {
    let Some(provider) = &app.through else { return Ok(None) };
    Ok(Some((provider.name.clone(), app.node.store().has_tie(account).await?)))
}
