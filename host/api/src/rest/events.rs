//! Capture of one event: the shortest way in, for a scale, a button, a script.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::Rejection;
use serde_json::{Map, Value, json};

use super::commands::answer;
use super::openapi::Endpoint;
use crate::problem::Problem;
use crate::seat::Door;

/// One event in, its receipt out.
pub const CAPTURE: Endpoint = Endpoint::post(
    "/api/v1/networks/{network}/events",
    "captureEvent",
    "Record one event; `id` makes it safe to send again, `newResource` writes down what it brings",
    "CapturedEvent",
    "Receipt",
);

pub(crate) async fn capture(
    State(door): State<Door>,
    Path(network): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let who = door.who(&network, &headers, true).await?;
    let mut command = command(&body)?;
    command.insert("agent".into(), json!(who.agent));
    let bytes = Value::Object(command).to_string();
    let command = super::commands::command(bytes.as_bytes())?;
    Ok(answer(&door.node.send(&network, command, who.via).await?))
}

/// A command around the event: its own id, if it brings one.
fn command(body: &[u8]) -> Result<Map<String, Value>, Rejection> {
    let malformed = |sentence: &str| Rejection::Malformed(sentence.to_owned());
    let Value::Object(mut event) = pipeline::parse_json(body)? else {
        return Err(malformed("an event is an object with `action` and what the action needs"));
    };
    let id = match event.remove("id") {
        Some(id) => id,
        None => json!(pipeline::node::command_id()?),
    };
    let mut act = Map::from_iter([("act".to_owned(), json!("record"))]);
    if let Some(resource) = event.remove("newResource") {
        act.insert("newResource".into(), resource);
    }
    act.insert("event".into(), Value::Object(event));
    Ok(Map::from_iter([("id".to_owned(), id), ("acts".to_owned(), json!([act]))]))
}
