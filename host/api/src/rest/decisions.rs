//! Decisions: what was asked, what came of it, and why; as far as the reader may know.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use pipeline::Receipt;
use serde::Deserialize;
use serde_json::{Value, json};

use super::decided;
use super::openapi::Endpoint;
use crate::limits::PAGE_LEN_MAX;
use crate::problem::Problem;
use crate::seat::Door;
use crate::wire;

/// The newest first.
pub const LIST: Endpoint = Endpoint::get(
    "/api/v1/networks/{network}/decisions",
    "decisions",
    "The decisions that you may see, newest first",
    "Decisions",
)
.with_query(&[("before", "A position of the journal"), ("limit", "How many at most")]);

/// Which stretch of the journal.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stretch {
    before: Option<u64>,
    limit: Option<usize>,
}

pub(crate) async fn list(
    State(door): State<Door>,
    Path(network): Path<String>,
    Query(stretch): Query<Stretch>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let mut reader = door.seat(&network, &headers).await?.reader;
    let from = stretch.before.map_or(u64::MAX, |seq| seq.saturating_sub(1));
    let limit = stretch.limit.unwrap_or(PAGE_LEN_MAX).clamp(1, PAGE_LEN_MAX);
    let found = reader.entries_back(from, limit).await?;
    let next = found.last().map(|(receipt, _)| receipt.seq).filter(|seq| *seq > 1 && found.len() == limit);
    let items: Vec<Value> = found.iter().map(|(receipt, written)| summary(receipt, written)).collect();
    Ok(Json(json!({"items": items, "next": next})))
}

fn summary(receipt: &Receipt, written: &pipeline::entry::Written) -> Value {
    let acts: Vec<&str> = written.command.acts.iter().map(|act| act.name()).collect();
    json!({
        "command": receipt.command, "position": receipt.seq, "time": wire::time(receipt.at),
        "agent": written.command.agent, "via": written.via.as_str(), "acts": acts,
        "verdict": if receipt.decision.is_ok() { "permit" } else { "refuse" },
        "code": receipt.decision.as_ref().err().map(|refused| &refused.code),
        "sentence": receipt.decision.as_ref().err().map(|refused| &refused.sentence),
    })
}

/// One decision with its explanation.
pub const ONE: Endpoint = Endpoint::get(
    "/api/v1/networks/{network}/decisions/{command}",
    "decision",
    "A decision and why it was taken",
    "Decision",
);

pub(crate) async fn one(
    State(door): State<Door>,
    Path(command): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let (reader, receipt, written) = decided(&door, command, &headers).await?;
    let mut decision = summary(&receipt, &written);
    let says = |policy: &str, what: &str| reader.rules().compiled.says(policy, what).map(str::to_owned);
    let refused = receipt.decision.as_ref().err();
    let reasons: Vec<Value> = refused
        .into_iter()
        .flat_map(|refused| &refused.reasons)
        .map(|reason| {
            json!({
                "policy": reason.policy, "effect": reason.effect, "because": reason.because,
                "title": says(&reason.policy, "title"), "why": says(&reason.policy, "why"),
                "remedy": says(&reason.policy, "remedy"),
            })
        })
        .collect();
    if let Value::Object(map) = &mut decision {
        map.insert("remedy".into(), json!(refused.map(|refused| &refused.remedy)));
        map.insert("refusedBy".into(), json!(refused.map(|refused| refused.by)));
        map.insert("reasons".into(), Value::Array(reasons));
        map.insert("rules".into(), json!(receipt.book));
        map.insert("judged".into(), written.judged);
    }
    Ok(Json(decision))
}

/// The receipt of a command.
pub const RECEIPT: Endpoint = Endpoint::get(
    "/api/v1/networks/{network}/receipts/{command}",
    "receipt",
    "The receipt of a command",
    "Receipt",
);

pub(crate) async fn receipt(
    State(door): State<Door>,
    Path(command): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let (_, receipt, _) = decided(&door, command, &headers).await?;
    Ok(Json(receipt.to_json()))
}
