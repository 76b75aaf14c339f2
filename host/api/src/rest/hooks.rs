//! Webhooks: what a point of sale or a chat bridge sends, signed. Each is a command like any other, in the name and within
//! the delegation of the token that the hook belongs to.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use identity::hook::{self, Signed};
use identity::rate::Asker;
use pipeline::{Rejection, Via};
use serde_json::{Value, json};

use super::commands::answer;
use super::openapi::Endpoint;
use crate::problem::Problem;
use crate::seat::Door;
use crate::wire;

/// Signed acts in, a receipt out.
pub const SEND: Endpoint = Endpoint::post(
    "/api/v1/networks/{network}/hooks/{hook}",
    "sendHook",
    "Send acts signed as Standard Webhooks are (webhook-id, webhook-timestamp, webhook-signature): one message is one command",
    "Acts",
    "Receipt",
)
.for_anybody();

/// The address of a hook.
pub fn path(network: &str, hook: &str) -> String {
    SEND.path.replace("{network}", network).replace("{hook}", hook)
}

fn unsigned() -> Problem {
    let sentence = "this is not signed by whoever this hook belongs to, or not now: send webhook-id, \
                    webhook-timestamp and webhook-signature with the secret that came with the token";
    Problem::new(StatusCode::UNAUTHORIZED, "bad-signature", sentence)
}

pub(crate) async fn send(
    State(door): State<Door>,
    Path((network, hook)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let signed = Signed {
        id: said("webhook-id"),
        timestamp: said("webhook-timestamp"),
        signature: said("webhook-signature"),
    };
    let found = hook::sender(door.node.store(), &hook, signed, &body, pipeline::now()).await;
    let found = found.map_err(|error| Rejection::Internal(error.to_string()))?;
    let (token, id) = found.ok_or_else(unsigned)?;
    let head = door.node.head(&network).await?;
    if token.network != head.key || token.expires <= pipeline::node::time(&head) {
        return Err(unsigned());
    }
    door.rates.ask.take(Asker::Token(hook.into_bytes()), pipeline::now()).map_err(Problem::too_often)?;
    let mut json = pipeline::parse_json(&body)?;
    wire::inward(&mut json);
    let acts = match &mut json {
        Value::Object(map) if map.len() == 1 => map.remove("acts"),
        _ => None,
    };
    let acts =
        acts.ok_or_else(|| Problem::malformed("a message is an object with `acts` and nothing else"))?;
    let command = pipeline::read_command(&json!({"id": id, "agent": token.agent, "acts": acts}))?;
    Ok(answer(&door.node.send(&network, command, Via::Token(token.delegation)).await?))
}
