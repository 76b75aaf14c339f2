//! The journal as a proof: where it stands, what is signed, and everything judged again.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use pipeline::{Reader, Rejection};
use tokio::sync::Semaphore;

use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, answered, seat, too_often};
use crate::limits::AUDIT_ENTRIES_MAX;

/// One at a time: it takes a processor for as long as it lasts.
static CHECKING: Semaphore = Semaphore::const_new(1);

#[derive(Template)]
#[template(path = "audit.html")]
struct Page {
    frame: Frame,
    entries: u64,
    hash: String,
    /// The newest signed note about the journal.
    note: String,
    /// Whether it can be checked from here: short enough, and the reader keeps the network.
    checks: bool,
    most: u64,
    /// What came of checking: entries, decisions, erased, and what differs, if anything does.
    found: Option<(u64, u64, u64, String)>,
}

async fn page(app: &App, reader: &mut Reader, frame: &Frame) -> Result<Page, Rejection> {
    let head = reader.head().clone();
    let keeps = frame.keeps();
    let note = app.node.store().checkpoints_from(&head, head.seq, 1).await?.pop();
    Ok(Page {
        frame: frame.clone(),
        entries: head.seq,
        hash: head.hash.to_string(),
        note: note.map(|(_, note)| note).unwrap_or_default(),
        checks: keeps && head.seq <= AUDIT_ENTRIES_MAX,
        most: AUDIT_ENTRIES_MAX,
        found: None,
    })
}

/// Where the journal stands.
pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "journal").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    let page = page(&app, reader, frame).await;
    answered(frame, page.map(Some))
}

/// Everything is judged again, in an empty store beside.
pub async fn check(
    State(app): State<App>,
    Path(network): Path<String>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "journal").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    if let Some(response) = forms::foreign(frame, &form) {
        return response;
    }
    let Ok(_turn) = CHECKING.try_acquire() else { return too_often(frame, 10).into_response() };
    let checked = async {
        let mut page = page(&app, reader, frame).await?;
        if page.checks {
            let found = app.node.verify_aside(reader.head()).await?;
            page.found =
                Some((found.entries, found.decisions, found.erased, found.difference.unwrap_or_default()));
        }
        Ok(Some(page))
    };
    let page = checked.await;
    answered(frame, page)
}
