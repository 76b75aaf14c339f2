//! When a thing was out: the past year and the weeks to come as a picture, with the same in words.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::acts::Link;
use pipeline::loans::is;
use pipeline::{Reader, Rejection};
use valueflows::{Action, Class, Id, Instant, Prop, Record};

use crate::App;
use crate::frame::{Seat, not_found, rejected, seat};
use crate::locale::Locale;
use crate::picture::{self, Day};

/// Days of the past that are shown.
const PAST: i64 = 364;
/// Days to come.
const COMING: i64 = 28;

/// When a thing was with somebody whom it does not belong to.
pub struct Year {
    /// The weekday of the first day, 0 for Monday.
    first_weekday: usize,
    days: Vec<Day>,
}

impl Year {
    /// On how many days of the past year it was out.
    pub fn out(&self) -> usize {
        self.days.iter().filter(|day| **day == Day::So).count()
    }
}

/// The past year of a thing whose events are known, oldest first, and what is promised of the weeks to come.
pub async fn year(
    reader: &mut Reader,
    l: &Locale,
    (thing, events): (&Record, &[Arc<Record>]),
) -> Result<Year, Rejection> {
    let now = reader.time();
    let owner = thing.fields.id(Prop::PrimaryAccountable);
    // From when to when somebody else had it; open at the end where they have it still.
    let mut spans: Vec<(Instant, Option<Instant>)> = Vec::new();
    for event in events {
        let at = event.fields.instant(Prop::HasPointInTime).or(event.fields.instant(Prop::Created));
        let hands = event.fields.action() == Some(Action::TransferCustody);
        let Some(at) = at.filter(|_| hands) else { continue };
        if let Some(last) = spans.last_mut().filter(|last| last.1.is_none()) {
            last.1 = Some(at);
        }
        if event.fields.id(Prop::Receiver) != owner {
            spans.push((at, None));
        }
    }
    let link =
        Link { class: Class::Commitment, prop: Prop::ResourceInventoriedAs, target: thing.id, open: true };
    let promises = reader.linked(link).await?;
    let back = promises.iter().find(|promise| is(promise, "return"));
    let due = back.and_then(|promise| promise.fields.instant(Prop::Due));
    let day = |n: i64| now.plus_us(n * Instant::DAY_US);
    let span = |n: i64| (day(n), day(n + 1));
    let days = (-PAST..COMING).map(|n| {
        let (begins, ends) = span(n);
        let out = spans.iter().any(|(from, to)| *from < ends && to.is_none_or(|to| to >= begins));
        match (n <= 0, out) {
            (true, true) => Day::So,
            (false, true) if due.is_some_and(|due| begins < due) => Day::Soon,
            _ => Day::Plain,
        }
    });
    let first = l.civil(day(-PAST)).map_or(0, |date| date.weekday().to_monday_zero_offset());
    Ok(Year { first_weekday: usize::try_from(first).unwrap_or_default(), days: days.collect() })
}

/// The picture.
pub async fn show(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "things").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    let Ok(id) = id.parse::<Id>() else { return not_found(frame) };
    let found = async {
        let thing = reader.get(id).await?.filter(|thing| thing.class == Class::EconomicResource);
        match thing {
            Some(thing) => {
                let events = reader.trace(id).await?;
                year(reader, &frame.locale, (&thing, &events)).await.map(Some)
            }
            None => Ok(None),
        }
    };
    match found.await {
        Ok(Some(year)) => picture::answer(picture::calendar(year.first_weekday, &year.days)),
        Ok(None) => not_found(frame),
        Err(rejection) => rejected(frame, &rejection),
    }
}
