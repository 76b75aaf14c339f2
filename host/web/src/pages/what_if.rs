//! What would have come of the last months if a rule change had been in force.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::{Reader, Rejection};
use serde_json::Value as Json;
use valueflows::{Class, Id, Instant};

use super::changes::{text, what_if_words};
use crate::App;
use crate::frame::{Frame, Seat, answered, not_found, seat};

/// On so many of the newest entries a change is tried.
const LAST: u64 = 1_000;

#[derive(Template)]
#[template(path = "what_if.html")]
struct Page<'a> {
    frame: &'a Frame,
    id: String,
    title: String,
    judged: u64,
    same: u64,
    words: String,
    refused: Vec<String>,
    allowed: Vec<String>,
    people: Vec<(String, String)>,
    things: Vec<(String, String)>,
    hidden: u64,
}

pub async fn show(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "changes").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Ok(id) = id.parse::<Id>() else { return not_found(&seat.frame) };
    let Seat { reader, frame, .. } = &mut seat;
    let page = page(reader, frame, id).await;
    answered(frame, page)
}

async fn page<'a>(reader: &mut Reader, frame: &'a Frame, id: Id) -> Result<Option<Page<'a>>, Rejection> {
    let found = reader.get(id).await?.filter(|record| record.class == Class::Amendment);
    let Some(amendment) = found else { return Ok(None) };
    let Some(found) = reader.what_if_of(&amendment, LAST).await? else { return Ok(None) };
    let number = |json: &Json, name: &str| json.get(name).and_then(Json::as_u64).unwrap_or_default();
    let list = |name: &str| found.get(name).and_then(Json::as_array).cloned().unwrap_or_default();
    let flips = |name: &str| -> Vec<String> {
        let one = |flip: &Json| {
            let at = flip
                .get("at")
                .and_then(Json::as_i64)
                .map(|at| frame.locale.day(Instant(at)))
                .unwrap_or_default();
            let said = frame.put("who", text(flip, "name")).put("day", at);
            said.put("sentence", text(flip, "sentence")).t("what-if-flip")
        };
        list(name).iter().map(one).collect()
    };
    let amounts = |name: &str| -> Vec<(String, String)> {
        list(name).iter().map(|row| (text(row, "name"), text(row, "shown"))).collect()
    };
    let (refused, allowed) = (flips("wouldHaveBeenRefused"), flips("wouldHaveBeenAllowed"));
    let shown = (refused.len() + allowed.len()) as u64;
    let coverage = found.get("coverage").cloned().unwrap_or_default();
    Ok(Some(Page {
        id: id.to_string(),
        title: amendment.title(),
        judged: number(&coverage, "judged"),
        same: number(&coverage, "same"),
        words: what_if_words(&frame.locale, &found),
        hidden: (number(&found, "refused") + number(&found, "allowed")).saturating_sub(shown),
        refused,
        allowed,
        people: amounts("agents"),
        things: amounts("things"),
        frame,
    }))
}
