//! The journal, as far as its reader may see it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use pipeline::acts::{AnyAct, GoverningAct};
use pipeline::entry::Written;
use pipeline::{Reader, Receipt, Rejection};
use serde::Deserialize;

use crate::App;
use crate::frame::{Frame, Seat, rejected, render, seat};
use crate::limits::{JOURNAL_LEN, JOURNAL_SCANNED_MAX, JOURNAL_TABLE_MAX};
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
    /// Which are shown: `all`, `mine`, `refused`, or those about `rules`.
    show: &'static str,
}

#[derive(Deserialize)]
pub struct From {
    before: Option<u64>,
    show: Option<String>,
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
    let show = ["mine", "refused", "rules"].into_iter().find(|show| from.show.as_deref() == Some(*show));
    let show = show.unwrap_or("all");
    let Seat { reader, frame, .. } = &mut seat;
    match filtered(reader, &frame.locale, from.before, show).await {
        Ok((entries, before)) => render(&Page { frame, entries, before, show }),
        Err(rejection) => rejected(frame, &rejection),
    }
}

/// A page of those that are asked for, and from where the next one goes on: what was looked through and left out is
/// not looked through again.
async fn filtered(
    reader: &mut Reader,
    l: &Locale,
    before: Option<u64>,
    show: &str,
) -> Result<(Vec<Entry>, Option<u64>), Rejection> {
    if show == "all" {
        let entries = entries(reader, l, before, JOURNAL_LEN).await?;
        let full = entries.len() == JOURNAL_LEN;
        let next = entries.last().map(|entry| entry.seq).filter(|seq| *seq > 1 && full);
        return Ok((entries, next));
    }
    let from = before.map_or(u64::MAX, |seq| seq.saturating_sub(1));
    let looked = reader.entries_back(from, JOURNAL_SCANNED_MAX).await?;
    let mut next = looked.last().map(|(receipt, _)| receipt.seq).filter(|seq| *seq > 1);
    let mut found = Vec::new();
    for (receipt, written) in looked {
        let wanted = match show {
            "mine" => written.command.agent == reader.agent(),
            "refused" => receipt.decision.is_err(),
            _ => written.command.acts.iter().any(about_rules),
        };
        if wanted {
            let seq = receipt.seq;
            found.push(entry(reader, l, &receipt, &written).await?);
            if found.len() == JOURNAL_LEN {
                next = (seq > 1).then_some(seq);
                break;
            }
        }
    }
    Ok((found, next))
}

/// Whether an act changes rules, or who belongs and in which role.
fn about_rules(act: &AnyAct) -> bool {
    matches!(act, AnyAct::Governing(act) if !matches!(act, GoverningAct::Case(_) | GoverningAct::AdvanceClock { .. }))
}

/// An entry as it stands in a list.
async fn entry(
    reader: &mut Reader,
    l: &Locale,
    receipt: &Receipt,
    written: &Written,
) -> Result<Entry, Rejection> {
    let text = match written.command.acts.first() {
        Some(act) => wording::act(reader, l, act).await?,
        None => String::new(),
    };
    Ok(Entry {
        when: l.moment(receipt.at),
        seq: receipt.seq,
        command: receipt.command.to_string(),
        text,
        refused: receipt.decision.is_err(),
    })
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
        entries.push(entry(reader, l, &receipt, &written).await?);
    }
    Ok(entries)
}

/// What somebody may see of the journal, as a table to keep: the newest first.
pub async fn table(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "journal").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    match entries(reader, &frame.locale, None, JOURNAL_TABLE_MAX).await {
        Ok(entries) => {
            let mut text = String::from("entry,when,what,refused,command\n");
            for one in entries {
                let cells = [one.seq.to_string(), one.when, one.text, one.refused.to_string(), one.command];
                let cells = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
                text.push_str(&cells.join(","));
                text.push('\n');
            }
            let name = format!("attachment; filename=\"{network}-journal.csv\"");
            let kind = "text/csv; charset=utf-8".to_owned();
            ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], text).into_response()
        }
        Err(rejection) => rejected(frame, &rejection),
    }
}
