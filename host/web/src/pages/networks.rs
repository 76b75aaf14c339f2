//! The node's front door: its networks.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};

use crate::App;
use crate::frame::{Frame, rejected, render};

#[derive(Template)]
#[template(path = "networks.html")]
struct Page {
    frame: Frame,
    networks: Vec<String>,
}

pub async fn show(State(app): State<App>, headers: HeaderMap) -> Response {
    let frame = Frame::outside("", &headers);
    match app.node.networks().await {
        Ok(heads) => match heads.as_slice() {
            [one] => Redirect::to(&format!("/n/{}/", one.name)).into_response(),
            _ => render(&Page { frame, networks: heads.into_iter().map(|head| head.name).collect() }),
        },
        Err(error) => rejected(&frame, &error),
    }
}
