//! The members of a network, as far as the reader may see them.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};
use valueflows::{Class, Prop};

use super::Paging;
use super::openapi::Endpoint;
use crate::cursor;
use crate::problem::Problem;
use crate::seat::Door;
use crate::wire;

/// Its members, oldest first.
pub const LIST: Endpoint =
    Endpoint::get("/api/v1/networks/{network}/members", "members", "The members, oldest first", "Members")
        .paged();

pub(crate) async fn list(
    State(door): State<Door>,
    Path(network): Path<String>,
    Query(paging): Query<Paging>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let mut reader = door.seat(&network, &headers).await?.reader;
    let name = format!("{network}/members");
    let (after, limit) = paging.of(&name)?;
    let page = reader.list(Class::Membership, after, limit).await?;
    let mut items = Vec::new();
    for membership in page.records {
        let Some(agent) = membership.fields.id(Prop::Member) else { continue };
        let title = reader.title(agent).await?;
        items.push(json!({
            "agent": agent, "name": title, "membership": membership.id,
            "roles": membership.fields.texts(Prop::Roles), "training": membership.fields.texts(Prop::Training),
            "since": membership.fields.instant(Prop::HasBeginning).map(wire::time),
        }));
    }
    Ok(Json(json!({"items": items, "next": page.next.map(|key| cursor::after(&name, key))})))
}
