//! All things that the reader may see.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::acts::promises_of;
use pipeline::{Reader, Rejection};
use serde::Deserialize;
use valueflows::{Action, Class, Prop, Record};

use crate::App;
use crate::frame::{Frame, Seat, rejected, render, seat};
use crate::limits::PAGE_LEN;
use crate::locale::Locale;

/// One line of the list.
pub struct Line {
    pub id: String,
    pub name: String,
    pub owner: String,
    pub state: String,
}

#[derive(Template)]
#[template(path = "things.html")]
struct Page<'a> {
    frame: &'a Frame,
    things: Vec<Line>,
    count: String,
    next: Option<i64>,
}

#[derive(Deserialize)]
pub struct From {
    after: Option<i64>,
}

pub async fn show(
    State(app): State<App>,
    Path(network): Path<String>,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "things").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    match page(&mut seat, from.after.unwrap_or_default()).await {
        Ok((things, next, count)) => {
            let count = seat.frame.put("count", count).t("things-count");
            render(&Page { frame: &seat.frame, things, count, next })
        }
        Err(rejection) => rejected(&seat.frame, &rejection),
    }
}

async fn page(seat: &mut Seat, after: i64) -> Result<(Vec<Line>, Option<i64>, usize), Rejection> {
    let l = seat.frame.locale.clone();
    let reader = &mut seat.reader;
    let count = reader.count(Class::EconomicResource).await?;
    let page = reader.list(Class::EconomicResource, after, PAGE_LEN).await?;
    let mut things = Vec::new();
    for thing in page.records {
        let owner = match thing.fields.id(Prop::PrimaryAccountable) {
            Some(owner) => reader.title(owner).await?,
            None => l.t("nobody"),
        };
        let state = state(reader, &l, &thing).await?.words;
        things.push(Line { id: thing.id.to_string(), name: thing.title(), owner, state });
    }
    Ok((things, page.next, count))
}

/// How a thing stands.
pub struct Standing {
    /// In words.
    pub words: String,
    /// Whether it could be borrowed now.
    pub free: bool,
    /// The agreement under which it is out or promised.
    pub agreement: Option<valueflows::Id>,
}

/// How a thing stands: here, promised, or with somebody until a day.
pub async fn state(reader: &mut Reader, l: &Locale, thing: &Arc<Record>) -> Result<Standing, Rejection> {
    let now = reader.time();
    let promises = reader.linked(promises_of(thing.id)).await?;
    let mut custody =
        promises.iter().filter(|promise| promise.fields.action() == Some(Action::TransferCustody));
    if let Some(promise) = custody.next() {
        let agreement = promise.fields.id(Prop::ClauseOf);
        let is_return =
            promise.fields.texts(Prop::ResourceClassifiedAs).iter().any(|class| class == "return");
        let words = if is_return {
            let who = name(reader, l, promise.fields.id(Prop::Provider)).await?;
            match promise.fields.instant(Prop::Due) {
                Some(due) => l.put("who", who).put("due", l.due(due, now)).t("thing-lent-until"),
                None => l.put("who", who).t("thing-lent"),
            }
        } else {
            let who = name(reader, l, promise.fields.id(Prop::Receiver)).await?;
            l.put("who", who).t("thing-promised")
        };
        return Ok(Standing { words, free: false, agreement });
    }
    let (holder, owner) = (thing.fields.id(Prop::Custodian), thing.fields.id(Prop::PrimaryAccountable));
    Ok(match holder == owner || holder.is_none() {
        true => Standing { words: l.t("thing-here"), free: true, agreement: None },
        false => {
            let words = l.put("who", name(reader, l, holder).await?).t("thing-with");
            Standing { words, free: false, agreement: None }
        }
    })
}

async fn name(reader: &mut Reader, l: &Locale, id: Option<valueflows::Id>) -> Result<String, Rejection> {
    match id {
        Some(id) => reader.title(id).await,
        None => Ok(l.t("somebody")),
    }
}
