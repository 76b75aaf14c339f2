//! The doors for programs: REST under `/api/v1`, described at `/api/v1/openapi.json`, and GraphQL at `/graphql`.
//!
//! A handler recognises who asks ([`seat`]), turns bytes into a command or a question, and answers
//! with a document; anything else is an RFC 9457 problem. Reading is judged record by record like
//! acting; a session acts for its own agent only.
//!
//! Invariant: nothing here knows rules, SQL or plugins; bytes become a command and go the one way.

pub mod accept;
pub mod cursor;
pub mod graphql;
pub mod limits;
pub mod outside;
mod problem;
pub mod rest;
mod seat;
pub mod tls;
mod wire;

use std::sync::Arc;

use async_graphql::dynamic::SchemaError;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use identity::rate::Rates;
use pipeline::Node;
use tower_http::limit::RequestBodyLimitLayer;

use outside::Base;
use problem::Problem;
use seat::Door;

/// The endpoints of a node; `dry_run` opens Cedar to those who bring their own policies, `base` is its address.
pub fn router(
    node: Arc<Node>,
    rates: Arc<Rates>,
    dry_run: bool,
    base: Option<Base>,
) -> Result<Router, SchemaError> {
    let schema = graphql::schema()?;
    let router = Router::new()
        .merge(rest::router())
        .route("/api/{*rest}", axum::routing::any(nowhere))
        .layer(RequestBodyLimitLayer::new(limits::BODY_BYTES_MAX))
        .layer(axum::middleware::map_response(problem::only_problems))
        .merge(graphql::router())
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .with_state(Door { node, rates, dry_run, base, schema, streams: Arc::default() });
    Ok(router)
}

/// Whether the database answers.
async fn ready(State(door): State<Door>) -> Response {
    match door.node.store().networks().await {
        Ok(_) => "ready\n".into_response(),
        Err(error) => Problem::from(pipeline::Rejection::from(error)).into_response(),
    }
}

async fn nowhere() -> Problem {
    let sentence = "there is no such endpoint; see /api/v1/openapi.json";
    Problem::new(StatusCode::NOT_FOUND, "unknown-endpoint", sentence)
}
