//! A thing's picture: sent as a photograph, kept as a picture without anything else in it, shown to whoever may see the
//! thing.

use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pipeline::blobs::Change;
use pipeline::{Reader, Via};
use tokio::sync::Semaphore;
use valueflows::{Id, Prop};

use super::attach::{Why, attach, sent, thing, unusable};
use crate::App;
use crate::frame::{Frame, not_found, rejected, seat};
use crate::photo::{Unusable, cleaned};

/// Photographs unpacked at once: each may take a quarter of a gigabyte.
static UNPACKING: Semaphore = Semaphore::const_new(1);

const TOO_LARGE: Why = ("photo-too-large", "photo-remedy");

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
    let sent = match sent(&seat.frame, upload, TOO_LARGE).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let picture = match sent.form.contains_key("remove") {
        true => None,
        false => match picture(sent.bytes).await {
            Ok(bytes) => Some(bytes),
            Err(why) => {
                let why =
                    if why == Unusable::TooLarge { TOO_LARGE } else { ("photo-unknown", "photo-remedy") };
                return unusable(&seat.frame, StatusCode::UNPROCESSABLE_ENTITY, why);
            }
        },
    };
    attach(&app, &mut seat, &id, &sent.form, Change::Picture(picture)).await
}

async fn picture(photo: Vec<u8>) -> Result<Vec<u8>, Unusable> {
    let _turn = UNPACKING.acquire().await;
    tokio::task::block_in_place(|| cleaned(&photo))
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
    let found = async {
        let Some(thing) = thing(reader, id).await? else { return Ok(None) };
        let Some(name) = thing.fields.text(Prop::Image) else { return Ok(None) };
        app.node.attached(reader.head().key, &thing, name).await
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
