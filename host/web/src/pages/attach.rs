//! What is sent as a file to go with a thing, and what goes with it already.

use axum::extract::multipart::Multipart;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use pipeline::blobs::Change;
use pipeline::{Reader, Rejection};
use std::sync::Arc;
use valueflows::{Class, Id, Record};

use crate::App;
use crate::forms::{self, Form};
use crate::frame::{Frame, Seat, not_found, problem, rejected, trouble};

/// What says why a file is not taken, and what says what to do.
pub type Why = (&'static str, &'static str);

/// A form with a file.
pub struct Sent {
    pub form: Form,
    pub bytes: Vec<u8>,
    /// What the file was called where it comes from.
    pub called: String,
}

/// Reads a form with a file, as far as it is as long as it may be.
async fn read(mut upload: Multipart) -> Result<Sent, StatusCode> {
    let mut sent = Sent { form: Form::new(), bytes: Vec::new(), called: String::new() };
    while let Some(field) = upload.next_field().await.map_err(|error| error.status())? {
        let name = field.name().unwrap_or_default().to_owned();
        let called = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await.map_err(|error| error.status())?;
        match called {
            Some(called) => (sent.called, sent.bytes) = (called, bytes.to_vec()),
            None => drop(sent.form.insert(name, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    Ok(sent)
}

/// A form with a file that was made for this session, or what is answered instead: `why` says why a file is too large.
pub async fn sent(frame: &Frame, upload: Multipart, why: Why) -> Result<Sent, Response> {
    let sent = read(upload).await.map_err(|status| unusable(frame, status, why))?;
    match forms::foreign(frame, &sent.form) {
        Some(response) => Err(response),
        None => Ok(sent),
    }
}

/// What is said of a file that is not what it should be.
pub fn unusable(frame: &Frame, status: StatusCode, (why, remedy): Why) -> Response {
    problem(frame, status, &frame.t("problem-title"), &frame.t(why), &frame.t(remedy))
}

/// The thing, if it is one and the reader may see it.
pub async fn thing(reader: &mut Reader, id: &str) -> Result<Option<Arc<Record>>, Rejection> {
    let Ok(id) = id.parse::<Id>() else { return Ok(None) };
    Ok(reader.get(id).await?.filter(|thing| thing.class == Class::EconomicResource))
}

/// Changes what goes with a thing, and goes back to it.
pub async fn attach(app: &App, seat: &mut Seat, id: &str, form: &Form, change: Change) -> Response {
    let Seat { reader, frame, .. } = seat;
    let command = form.get("command").and_then(|text| text.parse::<Id>().ok());
    let Some(command) = command else { return trouble(frame, StatusCode::BAD_REQUEST, "problem-form") };
    let done = async {
        // A form that is sent twice says the same of the same version, also when the first has changed it.
        if let Some((receipt, _)) = reader.decision(command).await? {
            return Ok(Some(receipt));
        }
        let Some(thing) = thing(reader, id).await? else { return Ok(None) };
        let who = (command, reader.agent(), reader.via());
        app.node.attach(&frame.network, who, &thing, &change).await.map(Some)
    };
    let network = &frame.network;
    match done.await {
        Ok(Some(receipt)) if receipt.decision.is_ok() => {
            Redirect::to(&format!("/n/{network}/things/{id}")).into_response()
        }
        Ok(Some(receipt)) => Redirect::to(&format!("/n/{network}/why/{}", receipt.command)).into_response(),
        Ok(None) => not_found(frame),
        Err(rejection) => rejected(frame, &rejection),
    }
}
