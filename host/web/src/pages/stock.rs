//! Stock-take: the codes of a shelf are scanned one after the other, and what the books say of it stands beside.

use std::collections::HashSet;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use pipeline::{Reader, Rejection};
use valueflows::{Class, Id, Prop};

use super::desk::{Found, find, known};
use super::things::state;
use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, answered, rejected, render, seat};
use crate::limits::STOCK_MAX;

struct Line {
    id: String,
    name: String,
    words: String,
}

#[derive(Template)]
#[template(path = "stock.html")]
struct Page<'a> {
    frame: &'a Frame,
    /// Whose things, and which of them is chosen.
    owners: Vec<(String, String, bool)>,
    codes: String,
    mistake: String,
    found: Option<Taken>,
}

/// What came of it.
#[derive(Default)]
struct Taken {
    here: Vec<Line>,
    missing: Vec<Line>,
    /// Here, though the books say otherwise.
    surprising: Vec<Line>,
    unknown: Vec<String>,
}

impl Taken {
    fn parts(&self) -> [(&'static str, &[Line]); 3] {
        [("stock-missing", &self.missing), ("stock-surprising", &self.surprising), ("stock-here", &self.here)]
    }
}

/// The form.
pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "desk").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    let page = owners(reader, None).await.map(|owners| {
        Some(Page { frame, owners, codes: String::new(), mistake: String::new(), found: None })
    });
    answered(frame, page)
}

/// Whoever has things here, those with the most first.
async fn owners(reader: &mut Reader, chosen: Option<Id>) -> Result<Vec<(String, String, bool)>, Rejection> {
    let mut counted: Vec<(Id, usize)> = Vec::new();
    for thing in reader.every(Class::EconomicResource).await? {
        let Some(owner) = thing.fields.id(Prop::PrimaryAccountable) else { continue };
        match counted.iter_mut().find(|(known, _)| *known == owner) {
            Some((_, count)) => *count += 1,
            None => counted.push((owner, 1)),
        }
    }
    counted.sort_by_key(|(owner, count)| (std::cmp::Reverse(*count), *owner));
    let mut owners = Vec::new();
    for (owner, _) in counted {
        owners.push((owner.to_string(), reader.title(owner).await?, chosen == Some(owner)));
    }
    Ok(owners)
}

/// Holds what was scanned against the books. Nothing is written down: what to do about it is for people to say.
pub async fn take(
    State(app): State<App>,
    Path(network): Path<String>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "desk").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    if let Some(response) = forms::foreign(&seat.frame, &form) {
        return response;
    }
    let codes = form.get("codes").cloned().unwrap_or_default();
    let owner = form.get("owner").and_then(|owner| owner.parse::<Id>().ok());
    let Seat { reader, frame, .. } = &mut seat;
    let lines: Vec<&str> = codes.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mistake = match lines.len() {
        0 => frame.t("stock-nothing"),
        n if n > STOCK_MAX => frame.put("most", STOCK_MAX).t("stock-much"),
        _ => String::new(),
    };
    let status = if mistake.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = async {
        let owners = owners(reader, owner).await?;
        let found = match mistake.is_empty() {
            true => Some(taken(reader, frame, &lines, owner).await?),
            false => None,
        };
        Ok::<_, Rejection>(Page { frame, owners, codes: codes.clone(), mistake, found })
    };
    match page.await {
        Ok(page) => (status, render(&page)).into_response(),
        Err(rejection) => rejected(frame, &rejection),
    }
}

async fn taken(
    reader: &mut Reader,
    frame: &Frame,
    lines: &[&str],
    owner: Option<Id>,
) -> Result<Taken, Rejection> {
    let l = &frame.locale;
    let mut taken = Taken::default();
    let mut seen: HashSet<Id> = HashSet::new();
    let known = known(reader).await?;
    for line in lines {
        match find(reader, &known, line).await? {
            Found::Thing(id) => drop(seen.insert(id)),
            _ => taken.unknown.push((*line).chars().take(80).collect()),
        }
    }
    for thing in reader.every(Class::EconomicResource).await? {
        let scanned = seen.contains(&thing.id);
        if !scanned && owner.is_some() && thing.fields.id(Prop::PrimaryAccountable) != owner {
            continue;
        }
        let standing = state(reader, l, &thing).await?;
        // What is promised to somebody is still on the shelf.
        let holder = thing.fields.id(Prop::Custodian);
        let here = holder.is_none() || holder == thing.fields.id(Prop::PrimaryAccountable);
        let line = Line { id: thing.id.to_string(), name: thing.title(), words: standing.words };
        match (scanned, here) {
            (true, true) => taken.here.push(line),
            (true, false) => taken.surprising.push(line),
            (false, true) => taken.missing.push(line),
            (false, false) => {}
        }
    }
    Ok(taken)
}
