//! A dry run for outsiders: Cedar as this node runs it, on what the sender brings. Open only where the
//! operator says so.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::openapi::Endpoint;
use crate::problem::Problem;
use crate::seat::Door;

/// Policies, schema, entities and requests in; decisions, reasons and errors out.
pub const DECIDE: Endpoint = Endpoint::post(
    "/api/v1/dry-run/decide",
    "dryRunDecide",
    "Decide requests under policies that you bring; nothing of any network is read",
    "DryRun",
    "DryRunOutcome",
);

pub(crate) async fn decide(
    State(door): State<Door>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    if !door.dry_run {
        let sentence =
            "the operator of this node has not opened dry runs; it is started with `--dry-run` for that";
        return Err(Problem::new(StatusCode::FORBIDDEN, "dry-run-closed", sentence));
    }
    door.dry_runner(&headers).await?;
    let unreadable = |sentence| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "cannot-be-read", sentence);
    Ok(Json(door.node.dry_run(&body)?.map_err(unreadable)?))
}
