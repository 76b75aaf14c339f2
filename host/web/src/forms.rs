//! From a form to a command.

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use pipeline::acts::{AnyAct, Command};
use valueflows::Id;

use crate::App;
use crate::frame::{Frame, Seat, rejected, trouble};

/// What a form said.
pub type Form = HashMap<String, String>;

/// What a form is answered that was not made for this session; none for one that was.
pub fn foreign(frame: &Frame, form: &Form) -> Option<Response> {
    let own = form.get("word") == Some(&frame.word);
    (!own).then(|| trouble(frame, StatusCode::FORBIDDEN, "problem-word"))
}

/// Sends a form's command; whoever had it done goes on to a page, and whoever was refused is shown why.
pub async fn send_and(app: &App, seat: Seat, form: &Form, acts: Vec<AnyAct>, then: &str) -> Response {
    if let Some(response) = foreign(&seat.frame, form) {
        return response;
    }
    let id: Result<Id, _> = form.get("command").map_or("", String::as_str).parse();
    let Ok(id) = id else { return trouble(&seat.frame, StatusCode::BAD_REQUEST, "problem-form") };
    let command = Command::new(id, seat.reader.agent(), acts);
    let network = seat.frame.network.clone();
    match app.node.send(&network, command, seat.reader.via()).await {
        Ok(receipt) if receipt.decision.is_ok() && !then.is_empty() => Redirect::to(then).into_response(),
        Ok(receipt) => Redirect::to(&format!("/n/{network}/why/{}", receipt.command)).into_response(),
        Err(rejection) => rejected(&seat.frame, &rejection),
    }
}

/// Sends a form's command and shows what came of it.
pub async fn send(app: &App, seat: Seat, form: &Form, acts: Vec<AnyAct>) -> Response {
    send_and(app, seat, form, acts, "").await
}
