//! REST under `/api/v1`: an endpoint a file, each with its row of the OpenAPI document beside it.

pub mod commands;
pub mod decisions;
pub mod dry_run;
pub mod events;
pub mod export;
pub mod flow;
pub mod hooks;
pub mod members;
pub mod networks;
pub mod openapi;
pub mod quotes;
pub mod records;
pub mod reports;
pub mod rules;
pub mod tokens;
pub mod vocabulary;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{delete, get, post};
use pipeline::entry::Written;
use pipeline::{Reader, Receipt};
use serde::Deserialize;
use valueflows::Id;

use crate::limits::PAGE_LEN_MAX;
use crate::problem::Problem;
use crate::seat::Door;

/// The endpoints.
pub(crate) fn router() -> Router<Door> {
    Router::new()
        .route(networks::LIST.path, get(networks::list))
        .route(networks::ONE.path, get(networks::one))
        .route(members::LIST.path, get(members::list))
        .route(rules::ONE.path, get(rules::one))
        .route(decisions::LIST.path, get(decisions::list))
        .route(decisions::ONE.path, get(decisions::one))
        .route(decisions::RECEIPT.path, get(decisions::receipt))
        .route(commands::SEND.path, post(commands::send))
        .route(commands::TO_SIGN.path, post(commands::to_sign))
        .route(commands::ONE.path, get(commands::one))
        .route(hooks::SEND.path, post(hooks::send))
        .route(events::CAPTURE.path, post(events::capture))
        .route(records::LIST.path, get(records::list))
        .route(records::ONE.path, get(records::one))
        .route(export::FILE.path, get(export::file))
        .route(flow::TRACE.path, get(flow::trace))
        .route(flow::TRACK.path, get(flow::track))
        .route(vocabulary::TABLES.path, get(vocabulary::tables))
        .route(reports::ONE.path, get(reports::one))
        .route(quotes::ONE.path, get(quotes::one))
        .route(tokens::NEW.path, post(tokens::new).get(tokens::list))
        .route(tokens::END.path, delete(tokens::end))
        .route(dry_run::DECIDE.path, post(dry_run::decide))
        .route(openapi::DOCUMENT.path, get(openapi::show))
}

/// Which page of a list.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Paging {
    /// The `next` of the page before.
    after: Option<String>,
    /// How many at most.
    limit: Option<usize>,
}

impl Paging {
    /// The key after which the page begins, and how many it holds at most.
    fn of(&self, list: &str) -> Result<(i64, usize), Problem> {
        let key = match &self.after {
            None => 0,
            Some(cursor) => crate::cursor::key(list, cursor).ok_or_else(|| {
                let sentence =
                    "`after` is no cursor of this list; take the `next` of a page of the same list";
                Problem::new(StatusCode::BAD_REQUEST, "bad-cursor", sentence)
            })?,
        };
        Ok((key, self.limit.unwrap_or(PAGE_LEN_MAX).clamp(1, PAGE_LEN_MAX)))
    }
}

/// An id in a path.
fn id(text: &str) -> Result<Id, Problem> {
    text.parse().map_err(|error| Problem::malformed(format!("`{}`: {error}", short(text))))
}

/// What the reader gave, cut to what an answer may repeat.
fn short(text: &str) -> String {
    text.chars().take(64).collect()
}

/// What is not there, or not for this reader; the two are not told apart.
fn nothing() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not-found", "there is nothing here that you may see")
}

/// A command's decision, with whoever reads it, if they may know.
async fn decided(
    door: &Door,
    (network, command): (String, String),
    headers: &HeaderMap,
) -> Result<(Reader, Receipt, Written), Problem> {
    let mut reader = door.seat(&network, headers).await?.reader;
    let found = reader.decision(id(&command)?).await?;
    let (receipt, written) = found.ok_or_else(nothing)?;
    Ok((reader, receipt, written))
}
