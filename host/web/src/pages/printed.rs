//! Notices on paper, for those who have no way to read them here: what each has, what waits for them, what they owe.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::{Reader, Rejection};
use serde::Deserialize;
use valueflows::{Class, Prop};

use super::desk::{Who, somebody};
use crate::App;
use crate::frame::{Frame, Seat, answered, seat};
use crate::limits::PRINTED_LEN;

#[derive(Template)]
#[template(path = "printed.html")]
struct Page<'a> {
    frame: &'a Frame,
    people: Vec<Who>,
    /// Whether it is for those too who can sign in.
    all: bool,
    /// From where the next page goes on.
    next: Option<i64>,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    all: u8,
    #[serde(default)]
    after: i64,
}

/// The sheet, as far as whoever prints it may see what stands on it.
pub async fn show(
    State(app): State<App>,
    Path(network): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "keeping").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    let page = page(&app, reader, frame, &asked).await.map(Some);
    answered(frame, page)
}

async fn page<'a>(
    app: &App,
    reader: &mut Reader,
    frame: &'a Frame,
    asked: &Asked,
) -> Result<Page<'a>, Rejection> {
    let network = reader.head().key;
    let members = reader.list(Class::Membership, asked.after, PRINTED_LEN).await?;
    let mut people = Vec::new();
    for membership in members.records {
        let Some(member) = membership.fields.id(Prop::Member) else { continue };
        if asked.all == 0 && app.node.store().account_of_agent(network, member).await?.is_some() {
            continue;
        }
        let told = somebody(reader, frame, member).await?;
        people
            .extend(told.filter(|who| !(who.has.is_empty() && who.waits.is_empty() && who.owes.is_empty())));
    }
    Ok(Page { frame, people, all: asked.all != 0, next: members.next })
}
