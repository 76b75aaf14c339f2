//! Letters by mail: where to, ending them, and the links in them.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use identity::mail::{self, What};
use pipeline::Rejection;

use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, rejected, render, seat, too_often, trouble};

#[derive(Template)]
#[template(path = "letter.html")]
struct Page<'a> {
    frame: &'a Frame,
    /// What the button does; nothing, where it is done.
    what: &'static str,
    link: String,
}

/// Somebody says where they are written to, or that they are not any more.
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
    let Some(post) = &app.post else { return StatusCode::NOT_FOUND.into_response() };
    let back = Redirect::to(&format!("/n/{network}/me/feed")).into_response();
    if step == "end" {
        return match app.node.store().drop_mail(account.key).await {
            Ok(()) => back,
            Err(error) => rejected(&frame, &error.into()),
        };
    }
    let typed = form.get("address").map(String::as_str).unwrap_or_default();
    let Some(address) = mail::address(typed) else {
        return trouble(&frame, StatusCode::UNPROCESSABLE_ENTITY, "mail-no-address");
    };
    if let Err(wait_s) = app.rates.letters.take(account.key, pipeline::now()) {
        return too_often(&frame, wait_s);
    }
    let asked = async {
        app.node.store().put_mail(account.key, address, frame.locale.tag()).await?;
        post.ask(&app.node, &frame, (account.key, address)).await
    };
    match asked.await {
        Ok(true) => back,
        Ok(false) => rejected(&frame, &Rejection::Busy),
        Err(rejection) => rejected(&frame, &rejection),
    }
}

fn what(step: &str) -> Option<(What, &'static str)> {
    match step {
        "confirm" => Some((What::Confirm, "confirm")),
        "end" => Some((What::End, "end")),
        _ => None,
    }
}

/// What a link in a letter is for. Mail programs open links by themselves: nothing is done yet.
pub async fn show(
    Path((network, step, link)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let frame = Frame::outside(&network, &headers);
    match what(&step) {
        Some((_, what)) => render(&Page { frame: &frame, what, link }),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Does it. Mail programs do so too, where somebody ends their letters there.
pub async fn follow(
    State(app): State<App>,
    Path((network, step, link)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let frame = Frame::outside(&network, &headers);
    let Some((what, _)) = what(&step) else { return StatusCode::NOT_FOUND.into_response() };
    match mail::follow(app.node.store(), what, &link, pipeline::now()).await {
        Ok(true) => render(&Page { frame: &frame, what: "", link }),
        Ok(false) => trouble(&frame, StatusCode::GONE, "mail-link-void"),
        Err(error) => rejected(&frame, &Rejection::Internal(error.to_string())),
    }
}
