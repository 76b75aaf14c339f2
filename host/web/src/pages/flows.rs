//! What moved between whom of late: a picture of bands from those who gave to those who got, and the same as a table.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::{Reader, Rejection};
use valueflows::{Action, Class, Id, Prop};

use crate::App;
use crate::frame::{Frame, Seat, answered, rejected, seat};
use crate::limits::{FLOWS_EVENTS_MAX, FLOWS_MAX};
use crate::picture::canvas::{Canvas, INK, kind};
use crate::picture::{self};

/// Points of the picture.
const WIDTH_PX: usize = 640;
const HEIGHT_PX: usize = 360;
const SIDE_PX: usize = 48;
const GAP_PX: usize = 10;

/// Who gave to whom, how often: by their places among givers and getters.
#[derive(Debug, Clone, Default)]
struct Flows {
    givers: Vec<Id>,
    getters: Vec<Id>,
    /// Giver, getter, how often; the most often first.
    bands: Vec<(usize, usize, usize)>,
    /// How many there were that are in no band.
    others: usize,
}

struct Row {
    from: usize,
    to: usize,
    giver: String,
    getter: String,
    count: usize,
}

#[derive(Template)]
#[template(path = "flows.html")]
struct Page<'a> {
    frame: &'a Frame,
    rows: Vec<Row>,
    others: usize,
    size: (usize, usize),
}

fn place(list: &mut Vec<Id>, one: Id) -> usize {
    list.iter().position(|known| *known == one).unwrap_or_else(|| {
        list.push(one);
        list.len() - 1
    })
}

/// What moved of late, as far as the reader may see it.
async fn flows(reader: &mut Reader) -> Result<Flows, Rejection> {
    let mut counted: HashMap<(Id, Id), usize> = HashMap::new();
    let own = reader.rules().compiled.own.clone();
    for event in reader.list_back(Class::EconomicEvent, i64::MAX, FLOWS_EVENTS_MAX).await?.records {
        let moves = matches!(
            event.fields.action().map(|action| own.like(action)),
            Some(
                Action::Transfer
                    | Action::TransferCustody
                    | Action::TransferAllRights
                    | Action::DeliverService
            )
        );
        let both = event.fields.id(Prop::Provider).zip(event.fields.id(Prop::Receiver));
        if let Some(both) = both.filter(|(from, to)| moves && from != to) {
            *counted.entry(both).or_default() += 1;
        }
    }
    let mut counted: Vec<_> = counted.into_iter().collect();
    counted.sort_by(|((a, b), n), ((c, d), m)| m.cmp(n).then(a.cmp(c)).then(b.cmp(d)));
    let mut flows =
        Flows { others: counted.iter().skip(FLOWS_MAX).map(|(_, n)| n).sum(), ..Flows::default() };
    for ((from, to), count) in counted.into_iter().take(FLOWS_MAX) {
        let band = (place(&mut flows.givers, from), place(&mut flows.getters, to), count);
        flows.bands.push(band);
    }
    Ok(flows)
}

impl Flows {
    /// Where each side's blocks begin, and how tall one that moved once is.
    fn blocks(&self, side: impl Fn(&(usize, usize, usize)) -> usize, many: usize) -> (Vec<usize>, f64) {
        let all: usize = self.bands.iter().map(|band| band.2).sum();
        let gaps = GAP_PX * many.saturating_sub(1);
        let unit = HEIGHT_PX.saturating_sub(gaps) as f64 / all.max(1) as f64;
        let mut tops = Vec::new();
        let mut y = 0.0;
        for one in 0..many {
            tops.push(y as usize);
            let count: usize = self.bands.iter().filter(|band| side(band) == one).map(|band| band.2).sum();
            y += count as f64 * unit + GAP_PX as f64;
        }
        (tops, unit)
    }

    fn picture(&self) -> Option<Vec<u8>> {
        let mut canvas = Canvas::new(WIDTH_PX, HEIGHT_PX);
        let (mut left, left_unit) = self.blocks(|band| band.0, self.givers.len());
        let (mut right, right_unit) = self.blocks(|band| band.1, self.getters.len());
        let unit = left_unit.min(right_unit);
        let numbered = |canvas: &mut Canvas, tops: &[usize], x: usize| {
            for (n, top) in tops.iter().enumerate() {
                canvas.number((x, *top), n + 1);
            }
        };
        numbered(&mut canvas, &left, 2);
        numbered(&mut canvas, &right, WIDTH_PX - SIDE_PX + 16);
        for (from, to, count) in &self.bands {
            let thick = ((*count as f64 * unit) as usize).max(2);
            let ends = left.get(*from).copied().zip(right.get(*to).copied());
            let Some((from_y, to_y)) = ends else { continue };
            canvas.band(
                (SIDE_PX, WIDTH_PX - SIDE_PX),
                (from_y, to_y),
                thick.saturating_sub(1).max(1),
                kind(*from),
            );
            for (tops, at) in [(&mut left, *from), (&mut right, *to)] {
                if let Some(top) = tops.get_mut(at) {
                    *top += thick;
                }
            }
        }
        canvas.rectangle((SIDE_PX - 3, 0), (3, HEIGHT_PX), INK);
        canvas.rectangle((WIDTH_PX - SIDE_PX, 0), (3, HEIGHT_PX), INK);
        canvas.png()
    }
}

/// The page.
pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "journal").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    let page = async {
        let found = flows(reader).await?;
        let mut rows = Vec::new();
        for (from, to, count) in &found.bands {
            let ends = found.givers.get(*from).copied().zip(found.getters.get(*to).copied());
            let Some((giver, getter)) = ends else { continue };
            rows.push(Row {
                from: from + 1,
                to: to + 1,
                giver: reader.title(giver).await?,
                getter: reader.title(getter).await?,
                count: *count,
            });
        }
        Ok(Some(Page { frame, rows, others: found.others, size: (WIDTH_PX, HEIGHT_PX) }))
    };
    let page = page.await;
    answered(frame, page)
}

/// The picture.
pub async fn picture(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "journal").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    match flows(&mut seat.reader).await {
        Ok(flows) => picture::secret(flows.picture()),
        Err(rejection) => rejected(&seat.frame, &rejection),
    }
}
