//! The door for programs. For now one endpoint: a command in, a receipt out.
//!
//! `POST /api/v1/networks/{network}/commands` takes the JSON of a command from a signed-in session
//! (its cookie, and its form word in `X-Reflow-Word`), answers with the receipt: 200 permitted, 403
//! refused by rules, 422 refused by the books; anything that is no command gets an RFC 9457 problem.
//!
//! Invariant: nothing here knows rules, SQL or plugins; bytes become a command and go the one way.

pub mod limits;
mod problem;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use pipeline::acts::Command;
use pipeline::{Node, Receipt, Rejection, Via};
use tower_http::limit::RequestBodyLimitLayer;

use problem::problem;

/// The endpoints of a node.
pub fn router(node: Arc<Node>) -> Router {
    Router::new()
        .route("/api/v1/networks/{network}/commands", post(command))
        .layer(RequestBodyLimitLayer::new(limits::BODY_BYTES_MAX))
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .with_state(node)
}

/// Whether the database answers.
async fn ready(State(node): State<Arc<Node>>) -> Response {
    match node.store().networks().await {
        Ok(_) => "ready\n".into_response(),
        Err(error) => problem(&error.into()),
    }
}

async fn command(
    State(node): State<Arc<Node>>,
    Path(network): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match take(&node, &network, &headers, &body).await {
        Ok(receipt) => answer(&receipt),
        Err(response) => response,
    }
}

async fn take(
    node: &Arc<Node>,
    network: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Receipt, Response> {
    let head = node.head(network).await.map_err(|rejection| problem(&rejection))?;
    let stranger = || {
        let sentence = "sign in first, and send the session's form word in X-Reflow-Word";
        problem::say(StatusCode::UNAUTHORIZED, "not-signed-in", sentence)
    };
    let token = cookie(headers).ok_or_else(stranger)?;
    let account = identity::account_of(node.store(), &token, pipeline::now()).await;
    let account = account
        .map_err(|error| problem::say(StatusCode::SERVICE_UNAVAILABLE, "database-away", &error.to_string()))?
        .filter(|account| account.network == head.key)
        .ok_or_else(stranger)?;
    let word = headers.get("x-reflow-word").and_then(|word| word.to_str().ok());
    if word != Some(identity::form_word(&token).as_str()) {
        return Err(stranger());
    }
    let command = pipeline::parse_command(body).map_err(|rejection| problem(&rejection))?;
    if command.agent != account.agent {
        let sentence = "a session acts for its own agent only; leave `agent` as the one you signed in as";
        return Err(problem::say(StatusCode::FORBIDDEN, "not-your-agent", sentence));
    }
    send(node, network, command).await
}

async fn send(node: &Arc<Node>, network: &str, command: Command) -> Result<Receipt, Response> {
    node.send(network, command, Via::Session).await.map_err(|rejection: Rejection| problem(&rejection))
}

fn answer(receipt: &Receipt) -> Response {
    let status = match &receipt.decision {
        Ok(()) => StatusCode::OK,
        Err(refused) if refused.by == "ledger" => StatusCode::UNPROCESSABLE_ENTITY,
        Err(_) => StatusCode::FORBIDDEN,
    };
    (status, Json(receipt.to_json())).into_response()
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix("reflow=").map(str::to_owned))
}
