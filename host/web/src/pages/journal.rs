//! The journal, as far as its reader may see it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::Rejection;
use serde::Deserialize;

use crate::App;
use crate::frame::{Frame, Seat, rejected, render, seat};
use crate::limits::JOURNAL_LEN;
use crate::{show, wording};

struct Entry {
    when: String,
    seq: u64,
    command: String,
    text: String,
    refused: bool,
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
    match entries(&mut seat, from.before).await {
        Ok(entries) => {
            let before =
                entries.last().map(|entry| entry.seq).filter(|seq| *seq > 1 && entries.len() == JOURNAL_LEN);
            render(&Page { frame: &seat.frame, entries, before })
        }
        Err(rejection) => rejected(&seat.frame, &rejection),
    }
}

async fn entries(seat: &mut Seat, before: Option<u64>) -> Result<Vec<Entry>, Rejection> {
    let from = before.map_or(u64::MAX, |seq| seq.saturating_sub(1));
    let reader = &mut seat.reader;
    let mut entries = Vec::new();
    for (receipt, written) in reader.entries_back(from, JOURNAL_LEN).await? {
        let text = match written.command.acts.first() {
            Some(act) => wording::act(reader, act).await?,
            None => String::new(),
        };
        entries.push(Entry {
            when: show::moment(receipt.at),
            seq: receipt.seq,
            command: receipt.command.to_string(),
            text,
            refused: receipt.decision.is_err(),
        });
    }
    Ok(entries)
}
