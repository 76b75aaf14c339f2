//! Borrowing: the price first, then the button that repeats it.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::Rejection;
use pipeline::acts::{Act, AnyAct, LineKind, QuoteRef};
use serde::Deserialize;
use valueflows::{Id, Instant, Prop};

use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, answered, not_found, seat};
use crate::limits::DAYS_DEFAULT;
use crate::pages::thing::would_borrow;
use crate::{show, wording};

struct Line {
    text: String,
    amount: String,
}

#[derive(Template)]
#[template(path = "borrow.html")]
struct Page {
    frame: Frame,
    name: String,
    intent: String,
    days: i64,
    until: String,
    until_us: i64,
    lines: Vec<Line>,
    sum: String,
    holds: String,
    digest: String,
    expires_us: i64,
    /// Why not, and what to do about it.
    cannot: Option<(String, String)>,
}

#[derive(Deserialize)]
pub struct Asked {
    days: Option<i64>,
}

pub async fn show(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "board").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Ok(id) = id.parse() else { return not_found(&seat.frame) };
    let days = asked.days.unwrap_or(DAYS_DEFAULT).clamp(1, 3_650);
    let page = page(&mut seat, id, days).await;
    answered(&seat.frame, page)
}

async fn page(seat: &mut Seat, intent: Id, days: i64) -> Result<Option<Page>, Rejection> {
    let frame = Frame { act: "borrow", ..seat.frame.clone() };
    let l = frame.locale.clone();
    let reader = &mut seat.reader;
    let Some(offer) = reader.get(intent).await? else { return Ok(None) };
    let name = match offer.fields.id(Prop::ResourceInventoriedAs) {
        Some(thing) => reader.title(thing).await?,
        None => return Ok(None),
    };
    let until = reader.time().plus_us(days.saturating_mul(Instant::DAY_US));
    let mut page = Page {
        frame,
        name,
        intent: intent.to_string(),
        days,
        until: l.day(until),
        until_us: until.0,
        lines: Vec::new(),
        sum: String::new(),
        holds: String::new(),
        digest: String::new(),
        expires_us: 0,
        cannot: would_borrow(reader, intent, days).await?.map(|no| wording::refused(reader, &l, &no)),
    };
    if page.cannot.is_some() {
        return Ok(Some(page));
    }
    let receiver = reader.agent();
    match reader.quote(intent, receiver, until).await? {
        Err(refused) => page.cannot = Some(wording::refused(reader, &l, &refused)),
        Ok(None) => {}
        Ok(Some(quote)) => {
            for line in &quote.lines {
                let amount = show::amount(reader, &l, line.quantity).await?;
                let text = match line.kind {
                    LineKind::Deposit => l.t("borrow-line-deposit"),
                    LineKind::Fee => l.t("borrow-line-fee"),
                    LineKind::Rate => l.t("borrow-line-rate"),
                };
                if line.kind == LineKind::Deposit {
                    page.sum = amount.clone();
                }
                page.lines.push(Line { text, amount });
            }
            page.holds = l.deadline(quote.named.expires);
            page.expires_us = quote.named.expires.0;
            page.digest = quote.named.digest;
        }
    }
    Ok(Some(page))
}

pub async fn send(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let seat = match seat(&app, &network, &headers, "board").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let number = |name: &str| form.get(name).and_then(|text| text.parse::<i64>().ok());
    let (Ok(intent), Some(until)) = (id.parse(), number("until")) else { return not_found(&seat.frame) };
    let digest = form.get("digest").filter(|digest| !digest.is_empty());
    let quote = digest
        .zip(number("expires"))
        .map(|(digest, expires)| QuoteRef { digest: digest.clone(), expires: Instant(expires) });
    let act = Act::Accept { intent, receiver: seat.reader.agent(), until: Instant(until), quote };
    forms::send(&app, seat, &form, vec![AnyAct::Economic(act)]).await
}
