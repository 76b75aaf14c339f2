//! One rule: in plain words, in whose acts it has a say, how often it was used, and its exact text.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::{Reader, Rejection};
use serde_json::Value as Json;

use super::used::LAST;
use crate::App;
use crate::frame::{Frame, Seat, answered, seat};

#[derive(Template)]
#[template(path = "rule.html")]
struct Page<'a> {
    frame: &'a Frame,
    id: String,
    title: String,
    why: String,
    remedy: String,
    forbids: bool,
    protected: bool,
    mine: bool,
    acts: Vec<String>,
    /// Permitted by it, refused by it, excepted from it, appealed against it.
    counts: [u64; 4],
    text: String,
}

/// A rule by its id.
pub async fn show(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "rules").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    let page = page(reader, frame, &id).await;
    answered(frame, page)
}

async fn page<'a>(reader: &mut Reader, frame: &'a Frame, id: &str) -> Result<Option<Page<'a>>, Rejection> {
    let standing = reader.standing_rules(None).await?.into_iter().find(|rule| rule.id == id);
    let Some(rule) = standing else { return Ok(None) };
    let used = reader.rules_in_use(LAST).await?;
    let rows = used.get("rules").and_then(Json::as_array).into_iter().flatten();
    let row = rows.into_iter().find(|row| row.get("id").and_then(Json::as_str) == Some(id));
    let count = |name: &str| row.and_then(|row| row.get(name)).and_then(Json::as_u64).unwrap_or_default();
    let counts = ["decided", "refused", "excepted", "appealed"].map(count);
    let compiled = &reader.rules().compiled;
    let says = |what: &str| compiled.says_in(id, what, frame.locale.tag()).unwrap_or_default().to_owned();
    let text = compiled.book.policies.iter().find(|policy| policy.id == id);
    Ok(Some(Page {
        frame,
        id: id.to_owned(),
        title: match says("title") {
            title if title.is_empty() => rule.title,
            title => title,
        },
        why: says("why"),
        remedy: says("remedy"),
        forbids: rule.effect == "forbid",
        protected: rule.protected,
        mine: rule.mine,
        acts: rule.acts.into_iter().collect(),
        counts,
        text: text.map(|policy| policy.text.clone()).unwrap_or_default(),
    }))
}
