//! Export: the network, or a part of it, as JSON-LD that another node, or an empty sandbox, takes in.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use interchange::export::{Book, document};
use pipeline::whole::{Section, Whole};
use serde::Deserialize;
use tokio::sync::Semaphore;
use valueflows::{Class, Filter, Id};

use super::openapi::Endpoint;
use super::records::named;
use super::{id, nothing};
use crate::limits::EXPORTS_MAX;
use crate::problem::Problem;
use crate::seat::Door;

/// What you may see, as a file.
pub const FILE: Endpoint = Endpoint::get(
    "/api/v1/networks/{network}/export",
    "export",
    "What you may see as one JSON-LD document: everything, one class with what it points at, or the history of one thing",
    "Export",
)
.answering("application/ld+json")
.with_query(&[("class", "Only one class, such as `Proposal`"), ("resource", "Only the history of one thing, by its id")]);

/// Which part.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Part {
    class: Option<String>,
    resource: Option<String>,
}

pub(crate) async fn file(
    State(door): State<Door>,
    Path(network): Path<String>,
    Query(part): Query<Part>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // Each reads the whole journal; whoever comes third waits.
    static ROOM: Semaphore = Semaphore::const_new(EXPORTS_MAX);
    let _place = ROOM.acquire().await.map_err(|_| nothing())?;
    let mut reader = door.seat(&network, &headers).await?.reader;
    let section = match (&part.class, &part.resource) {
        (None, None) => Section::All,
        (Some(class), None) => Section::Class(named(class)?, Filter::All),
        (None, Some(thing)) => {
            let thing: Id = id(thing)?;
            reader
                .get(thing)
                .await?
                .filter(|one| one.class == Class::EconomicResource)
                .ok_or_else(nothing)?;
            Section::History(thing)
        }
        (Some(_), Some(_)) => return Err(Problem::malformed("give `class` or `resource`, not both")),
    };
    let own = reader.rules().compiled.own.clone();
    let Whole { records, first, founding } = reader.whole(&section).await?;
    let document = document(&Book { records, first, founding, own });
    Ok(([(header::CONTENT_TYPE, "application/ld+json")], document.to_string()).into_response())
}
