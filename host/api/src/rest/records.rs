//! Records of any class: each judged for its reader, a page at a time.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use valueflows::Class;

use super::openapi::Endpoint;
use super::{Paging, id, nothing};
use crate::cursor;
use crate::problem::Problem;
use crate::seat::Door;
use crate::wire;

/// The records of a class, oldest first.
pub const LIST: Endpoint = Endpoint::get(
    "/api/v1/networks/{network}/records/{class}",
    "records",
    "The records of a class that you may see, oldest first",
    "Records",
)
.paged();

pub(crate) async fn list(
    State(door): State<Door>,
    Path((network, class)): Path<(String, String)>,
    Query(paging): Query<Paging>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let mut reader = door.seat(&network, &headers).await?.reader;
    let class = named(&class)?;
    let name = format!("{network}/{}", class.as_str());
    let (after, limit) = paging.of(&name)?;
    let page = reader.list(class, after, limit).await?;
    let mut items = Vec::with_capacity(page.records.len());
    for record in &page.records {
        items.push(wire::record(&mut reader, record).await?);
    }
    Ok(Json(json!({"items": items, "next": page.next.map(|key| cursor::after(&name, key))})))
}

/// One record.
pub const ONE: Endpoint = Endpoint::get(
    "/api/v1/networks/{network}/records/{class}/{id}",
    "record",
    "A record as it stands now",
    "Record",
);

pub(crate) async fn one(
    State(door): State<Door>,
    Path((network, class, record)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let mut reader = door.seat(&network, &headers).await?.reader;
    let (class, id) = (named(&class)?, id(&record)?);
    let found = reader.get(id).await?;
    let record = found.filter(|record| record.class == class).ok_or_else(nothing)?;
    Ok(Json(wire::record(&mut reader, &record).await?))
}

pub(crate) fn named(class: &str) -> Result<Class, Problem> {
    Class::parse(class)
        .map_err(|error| Problem::new(StatusCode::NOT_FOUND, "unknown-class", error.to_string()))
}
