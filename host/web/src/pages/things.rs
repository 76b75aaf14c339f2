//! All things that the reader may see.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::acts::{Link, promises_of};
use pipeline::{Reader, Rejection};
use serde::Deserialize;
use valueflows::{Action, Class, Prop, Record};

use crate::App;
use crate::frame::{Frame, Seat, answered, seat};
use crate::limits::{OWN_THINGS_MAX, PAGE_LEN};
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
    /// Whose are shown: `all`, `mine`, or those that are `with` the reader.
    of: &'static str,
}

#[derive(Deserialize)]
pub struct From {
    after: Option<i64>,
    of: Option<String>,
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
    let of = match from.of.as_deref() {
        Some("mine") => "mine",
        Some("with") => "with",
        _ => "all",
    };
    let Seat { reader, frame, .. } = &mut seat;
    let page = page(reader, frame, of, from.after.unwrap_or_default()).await;
    answered(frame, page.map(Some))
}

async fn page<'a>(
    reader: &mut Reader,
    frame: &'a Frame,
    of: &'static str,
    after: i64,
) -> Result<Page<'a>, Rejection> {
    let l = &frame.locale;
    let me = reader.agent();
    let (records, next, count) = match of {
        "all" => {
            let count = reader.count(Class::EconomicResource).await?;
            let page = reader.list(Class::EconomicResource, after, PAGE_LEN).await?;
            (page.records, page.next, count)
        }
        of => {
            let prop = if of == "mine" { Prop::PrimaryAccountable } else { Prop::Custodian };
            let link = Link { class: Class::EconomicResource, prop, target: me, open: false };
            let own = reader.linked(link).await?;
            let count = own.len();
            (own.into_iter().rev().take(OWN_THINGS_MAX).collect(), None, count)
        }
    };
    let mut things = Vec::new();
    for thing in records {
        let owner = match thing.fields.id(Prop::PrimaryAccountable) {
            Some(owner) => reader.title(owner).await?,
            None => l.t("nobody"),
        };
        let state = state(reader, l, &thing).await?.words;
        things.push(Line { id: thing.id.to_string(), name: thing.title(), owner, state });
    }
    let count = l.put("count", count).put("of", of).t("things-count");
    Ok(Page { frame, things, count, next, of })
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
