//! The networks of this node.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::openapi::Endpoint;
use crate::problem::Problem;
use crate::seat::Door;
use crate::wire;

/// Every network, for anybody: what one can sign in to.
pub const LIST: Endpoint =
    Endpoint::get("/api/v1/networks", "networks", "The networks of this node", "Networks").for_anybody();

pub(crate) async fn list(State(door): State<Door>) -> Result<Json<Value>, Problem> {
    let heads = door.node.networks().await?;
    let networks: Vec<Value> = heads
        .iter()
        .map(|head| json!({"name": head.name, "id": head.network, "sandbox": head.sandbox}))
        .collect();
    Ok(Json(json!({"items": networks})))
}

/// One network, for its members.
pub const ONE: Endpoint = Endpoint::get(
    "/api/v1/networks/{network}",
    "network",
    "A network and where its journal stands",
    "Network",
);

pub(crate) async fn one(
    State(door): State<Door>,
    Path(network): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let seat = door.seat(&network, &headers).await?;
    let (head, rules) = (seat.reader.head(), seat.reader.rules());
    Ok(Json(json!({
        "name": head.name, "id": head.network, "sandbox": head.sandbox, "time": wire::time(seat.reader.time()),
        "position": head.seq, "hash": head.hash.to_string(), "root": head.frontier.root().to_string(),
        "rules": {"name": rules.compiled.book.name, "hash": rules.hash}, "you": seat.who.agent,
    })))
}
