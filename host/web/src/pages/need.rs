//! A need: who asks for what, and what there is that would do: why this, and why not that.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::acts::Link;
use pipeline::{Reader, Rejection};
use valueflows::{Class, Id, Prop, Record};

use crate::App;
use crate::frame::{Frame, Seat, answered, not_found, seat};
use crate::limits::{DAYS_DEFAULT, MATCHES_MAX};
use crate::locale::Locale;
use crate::pages::thing::{offer_of, would_borrow};
use crate::pages::things::state;
use crate::wording;

/// A thing that would do, or would but for something.
pub struct Match {
    pub initial: String,
    pub name: String,
    pub thing: String,
    /// Where to borrow it; nothing where that is not possible.
    pub intent: Option<String>,
    /// Why it was found, or why it will not do.
    pub says: String,
    /// What would change that.
    pub remedy: String,
}

#[derive(Template)]
#[template(path = "need.html")]
struct Page<'a> {
    frame: &'a Frame,
    id: String,
    name: String,
    who: String,
    until: String,
    note: String,
    kind: String,
    mine: bool,
    open: bool,
    matches: Vec<Match>,
    others: Vec<Match>,
}

pub async fn show(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "board").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Ok(id) = id.parse() else { return not_found(&seat.frame) };
    let Seat { reader, frame, .. } = &mut seat;
    frame.act = "borrow";
    let page = page(reader, frame, id).await;
    answered(frame, page)
}

async fn page<'a>(reader: &mut Reader, frame: &'a Frame, id: Id) -> Result<Option<Page<'a>>, Rejection> {
    let l = &frame.locale;
    let Some(need) = reader.get(id).await?.filter(|one| one.class == Class::Intent) else { return Ok(None) };
    let Some(who) = need.fields.id(Prop::Receiver) else { return Ok(None) };
    let kind = match need.fields.id(Prop::ResourceConformsTo) {
        Some(kind) => reader.title(kind).await?,
        None => String::new(),
    };
    let (matches, others) = matches(reader, l, &need).await?;
    let text = |prop| need.fields.text(prop).unwrap_or_default().to_owned();
    Ok(Some(Page {
        frame,
        id: id.to_string(),
        name: need.title(),
        mine: who == reader.agent(),
        who: reader.title(who).await?,
        until: need.fields.instant(Prop::Due).map(|due| l.day(due)).unwrap_or_default(),
        note: text(Prop::Note),
        kind,
        open: need.is_open(),
        matches,
        others,
    }))
}

/// What would do for a need, and what would but for something.
pub async fn matches(
    reader: &mut Reader,
    l: &Locale,
    need: &Record,
) -> Result<(Vec<Match>, Vec<Match>), Rejection> {
    let (mut good, mut not) = (Vec::new(), Vec::new());
    for (thing, why) in found(reader, l, need).await? {
        if thing.fields.id(Prop::PrimaryAccountable) == Some(reader.agent()) {
            continue;
        }
        let Some(offer) = offer_of(reader, thing.id).await? else { continue };
        let standing = state(reader, l, &thing).await?;
        let name = thing.title();
        let mut one = Match {
            initial: name.chars().next().map(String::from).unwrap_or_default(),
            name,
            thing: thing.id.to_string(),
            intent: None,
            says: String::new(),
            remedy: String::new(),
        };
        if !standing.free {
            one.says = wording::capital(&standing.words);
            not.push(one);
            continue;
        }
        match would_borrow(reader, offer.id, DAYS_DEFAULT).await? {
            Some(refused) => {
                (one.says, one.remedy) = wording::refused(reader, l, &refused);
                not.push(one);
            }
            None => {
                one.says = why;
                one.intent = Some(offer.id.to_string());
                good.push(one);
            }
        }
    }
    Ok((good, not))
}

/// Things that a need may mean, each with why: those of its kind, else those that are called alike.
async fn found(
    reader: &mut Reader,
    l: &Locale,
    need: &Record,
) -> Result<Vec<(Arc<Record>, String)>, Rejection> {
    let mut found = Vec::new();
    if let Some(kind) = need.fields.id(Prop::ResourceConformsTo) {
        let link = Link { class: Class::EconomicResource, prop: Prop::ConformsTo, target: kind, open: false };
        let why = l.put("kind", reader.title(kind).await?).t("match-kind");
        let things = reader.linked(link).await?;
        found.extend(things.into_iter().take(MATCHES_MAX).map(|thing| (thing, why.clone())));
        return Ok(found);
    }
    let words = words(&need.title());
    for offer in reader.board(pipeline::limits::CANDIDATES_MAX, l.tag()).await? {
        let Some(thing) = offer.intent.fields.id(Prop::ResourceInventoriedAs) else { continue };
        let Some(thing) = reader.get(thing).await? else { continue };
        let shared = self::words(&thing.title()).into_iter().find(|word| words.contains(word));
        if let Some(word) = shared.filter(|_| found.len() < MATCHES_MAX) {
            let near = offer.because.map(|because| format!(" ({because})")).unwrap_or_default();
            found.push((thing, format!("{}{near}", l.put("word", word).t("match-word"))));
        }
    }
    Ok(found)
}

/// The words of a name that say something: four letters at least.
fn words(name: &str) -> Vec<String> {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= 4);
    words.map(str::to_lowercase).collect()
}
