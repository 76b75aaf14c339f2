//! What borrowing something would cost: asked before it is accepted, and named when it is.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use jiff::Timestamp;
use pipeline::acts::{Act, AnyAct};
use serde::Deserialize;
use serde_json::{Value, json};
use valueflows::{Instant, Part};

use super::openapi::Endpoint;
use super::{id, nothing};
use crate::problem::Problem;
use crate::seat::Door;
use crate::wire;

/// The price of an offer, and the act that accepts it at that price.
pub const ONE: Endpoint = Endpoint::get(
    "/api/v1/networks/{network}/quotes/{intent}",
    "quote",
    "What accepting an offer until a time would cost; `accept` is the act that takes it at this price",
    "Quote",
)
.with_query(&[("until", "Until when, with its offset: 2027-01-31T12:00:00Z")]);

/// Until when.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    until: String,
}

pub(crate) async fn one(
    State(door): State<Door>,
    Path((network, intent)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let mut reader = door.seat(&network, &headers).await?.reader;
    let until: Timestamp = asked
        .until
        .parse()
        .map_err(|_| Problem::malformed("`until` is a time with its offset, such as 2027-01-31T12:00:00Z"))?;
    let (intent, until) = (id(&intent)?, Instant(until.as_microsecond()));
    reader.get(intent).await?.ok_or_else(nothing)?;
    let receiver = reader.agent();
    let quote = match reader.quote(intent, receiver, until).await? {
        Ok(quote) => quote,
        Err(refused) => return Ok(Json(json!({"lines": [], "refused": refused.to_json()}))),
    };
    let mut lines = Vec::new();
    for line in quote.iter().flat_map(|quote| &quote.lines) {
        let kind = pipeline::quote::kind_name(line.kind);
        let amount = wire::amount(&mut reader, line.quantity).await?;
        lines.push(json!({"code": line.code, "kind": kind, "amount": amount}));
    }
    let expires = quote.as_ref().map(|quote| wire::time(quote.named.expires));
    let act = Act::Accept { intent, receiver, until, quote: quote.map(|quote| quote.named) };
    Ok(Json(json!({
        "lines": lines, "expires": expires, "accept": AnyAct::Economic(act).to_json(Part::Whole),
    })))
}
