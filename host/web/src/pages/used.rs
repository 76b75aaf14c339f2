//! How often each rule was used.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value as Json;

use super::changes::text;
use crate::App;
use crate::frame::{Frame, answered, seat};

/// How many of the newest entries are looked at.
pub const LAST: u64 = 400;

struct Row {
    title: String,
    in_force: bool,
    counts: [u64; 4],
}

#[derive(Template)]
#[template(path = "used.html")]
struct Page<'a> {
    frame: &'a Frame,
    commands: u64,
    refused: u64,
    rows: Vec<Row>,
    unused: Vec<String>,
}

/// The table.
pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "rules").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let found = seat.reader.rules_in_use(LAST).await;
    answered(&seat.frame, found.map(|found| Some(page(&seat.frame, &found))))
}

fn page<'a>(frame: &'a Frame, found: &Json) -> Page<'a> {
    let number = |json: &Json, name: &str| json.get(name).and_then(Json::as_u64).unwrap_or_default();
    let (mut rows, mut unused) = (Vec::new(), Vec::new());
    for row in found.get("rules").and_then(Json::as_array).into_iter().flatten() {
        let counts = ["decided", "refused", "excepted", "appealed"].map(|name| number(row, name));
        let in_force = row.get("inForce") == Some(&Json::Bool(true));
        match counts == [0; 4] {
            true => unused.push(text(row, "title")),
            false => rows.push(Row { title: text(row, "title"), in_force, counts }),
        }
    }
    Page { frame, commands: number(found, "commands"), refused: number(found, "refused"), rows, unused }
}
