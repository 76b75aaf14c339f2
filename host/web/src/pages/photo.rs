//! A thing's picture: sent as a photograph, kept as a picture without anything else in it, shown to whoever may see the
//! thing.

use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use pipeline::{Reader, Rejection, Via};
use tokio::sync::Semaphore;
use valueflows::{Class, Id};

use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, not_found, problem, rejected, seat, trouble};
use crate::photo::{Unusable, cleaned};

/// Photographs unpacked at once: each may take a quarter of a gigabyte.
static UNPACKING: Semaphore = Semaphore::const_new(1);

/// A photograph is sent, or the picture is to go.
pub async fn send(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
    upload: Multipart,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "things").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let (form, photo) = match fields(upload).await {
        Ok(read) => read,
        Err(status) => {
            let frame = &seat.frame;
            let (title, says) = (frame.t("problem-title"), frame.t("photo-too-large"));
            return problem(frame, status, &title, &says, &frame.t("photo-remedy"));
        }
    };
    if let Some(response) = forms::foreign(&seat.frame, &form) {
        return response;
    }
    let Ok(id) = id.parse::<Id>() else { return not_found(&seat.frame) };
    let command = form.get("command").and_then(|text| text.parse::<Id>().ok());
    let Some(command) = command else { return trouble(&seat.frame, StatusCode::BAD_REQUEST, "problem-form") };
    let Seat { reader, frame, .. } = &mut seat;
    let bytes = match form.contains_key("remove") {
        true => None,
        false => match picture(photo).await {
            Ok(bytes) => Some(bytes),
            Err(why) => {
                let key = if why == Unusable::TooLarge { "photo-too-large" } else { "photo-unknown" };
                let (title, says) = (frame.t("problem-title"), frame.t(key));
                return problem(
                    frame,
                    StatusCode::UNPROCESSABLE_ENTITY,
                    &title,
                    &says,
                    &frame.t("photo-remedy"),
                );
            }
        },
    };
    let done = async {
        // A form that is sent twice says the same of the same version, also when the first has changed it.
        if let Some((receipt, _)) = reader.decision(command).await? {
            return Ok(Some(receipt));
        }
        let Some(thing) = thing(reader, id).await? else { return Ok(None) };
        let who = (command, reader.agent(), reader.via());
        app.node.picture(&network, who, &thing, bytes).await.map(Some)
    };
    match done.await {
        Ok(Some(receipt)) if receipt.decision.is_ok() => {
            Redirect::to(&format!("/n/{network}/things/{id}")).into_response()
        }
        Ok(Some(receipt)) => Redirect::to(&format!("/n/{network}/why/{}", receipt.command)).into_response(),
        Ok(None) => not_found(frame),
        Err(rejection) => rejected(frame, &rejection),
    }
}

async fn picture(photo: Vec<u8>) -> Result<Vec<u8>, Unusable> {
    let _turn = UNPACKING.acquire().await;
    tokio::task::block_in_place(|| cleaned(&photo))
}

async fn thing(reader: &mut Reader, id: Id) -> Result<Option<std::sync::Arc<valueflows::Record>>, Rejection> {
    Ok(reader.get(id).await?.filter(|thing| thing.class == Class::EconomicResource))
}

async fn fields(mut upload: Multipart) -> Result<(forms::Form, Vec<u8>), StatusCode> {
    let (mut form, mut photo) = (forms::Form::new(), Vec::new());
    while let Some(field) = upload.next_field().await.map_err(|error| error.status())? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|error| error.status())?;
        match name.as_str() {
            "photo" => photo = bytes.to_vec(),
            _ => drop(form.insert(name, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    Ok((form, photo))
}

/// The picture, for whoever may see the thing.
pub async fn show(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "things").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    shown(&app, &mut seat.reader, &seat.frame, &id).await
}

/// The same for whoever only scanned the thing's code.
pub async fn story(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let frame = Frame::outside(&network, &headers);
    match app.node.reader(&network, Id::default(), Via::Door).await {
        Ok(mut reader) => shown(&app, &mut reader, &frame, &id).await,
        Err(rejection) => rejected(&frame, &rejection),
    }
}

async fn shown(app: &App, reader: &mut Reader, frame: &Frame, id: &str) -> Response {
    let Ok(id) = id.parse::<Id>() else { return not_found(frame) };
    let found = async {
        let Some(thing) = thing(reader, id).await? else { return Ok(None) };
        app.node.picture_of(reader.head().key, &thing).await
    };
    match found.await {
        Ok(Some(bytes)) => {
            let kept =
                [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, max-age=3600")];
            (kept, bytes).into_response()
        }
        Ok(None) => not_found(frame),
        Err(rejection) => rejected(frame, &rejection),
    }
}
