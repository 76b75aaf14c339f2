//! The journal, as far as its reader may see it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::{Reader, Rejection};
use serde::Deserialize;

use crate::App;
use crate::frame::{Frame, Seat, rejected, render, seat};
use crate::limits::JOURNAL_LEN;
use crate::locale::Locale;
use crate::wording;

/// An entry, as it stands in a list.
pub struct Entry {
    pub when: String,
    pub seq: u64,
    pub command: String,
    pub text: String,
    pub refused: bool,
}

#[derive(Template)]
#[template(path = "journal.html")]
struct Page<'a> {
    frame: &'a Frame,
    entries: Vec<Entry>,
    before: Option<u64>,
}

#[derive(Deserialize)]
pub struct From {
    before: Option<u64>,
}

pub async fn show(
    State(app): State<App>,
    Path(network): Path<String>,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "journal").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    match entries(reader, &frame.locale, from.before, JOURNAL_LEN).await {
        Ok(entries) => {
            let before =
                entries.last().map(|entry| entry.seq).filter(|seq| *seq > 1 && entries.len() == JOURNAL_LEN);
            render(&Page { frame, entries, before })
        }
        Err(rejection) => rejected(frame, &rejection),
    }
}

/// The newest so many entries before one, as far as somebody sees them.
pub async fn entries(
    reader: &mut Reader,
    l: &Locale,
    before: Option<u64>,
    most: usize,
) -> Result<Vec<Entry>, Rejection> {
    let from = before.map_or(u64::MAX, |seq| seq.saturating_sub(1));
    let mut entries = Vec::new();
    for (receipt, written) in reader.entries_back(from, most).await? {
        let text = match written.command.acts.first() {
            Some(act) => wording::act(reader, l, act).await?,
            None => String::new(),
        };
        entries.push(Entry {
            when: l.moment(receipt.at),
            seq: receipt.seq,
            command: receipt.command.to_string(),
            text,
            refused: receipt.decision.is_err(),
        });
    }
    Ok(entries)
}
