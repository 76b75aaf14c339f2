//! One thing: how it stands, the next act, its history.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::acts::{Act, AnyAct, Command, Link};
use pipeline::blobs::Change;
use pipeline::{Reader, Refused, Rejection};
use valueflows::{Class, Id, Instant, Prop, Record};

use crate::App;
use crate::frame::{Frame, Seat, answered, not_found, seat};
use crate::limits::{BOARD_LEN, DAYS_DEFAULT};
use crate::locale::Locale;
use crate::pages::papers::{Listed, listed};
use crate::pages::things::state;
use crate::wording;

struct Step {
    when: String,
    text: String,
}

#[derive(Template)]
#[template(path = "thing.html")]
struct Page {
    frame: Frame,
    name: String,
    state: String,
    /// Who it belongs to and whom it is with: id (nothing where nobody) and name.
    owner: (String, String),
    holder: (String, String),
    kind: String,
    training: String,
    tag: String,
    id: String,
    note: String,
    /// Whether it has a picture, and whether the reader could give it another.
    photo: bool,
    photographs: bool,
    papers: Vec<Listed>,
    /// Whether it is the reader's, and the offer by which it stands on the board.
    mine: bool,
    offer: Option<String>,
    /// Whether somebody looks into what is reported.
    cases: bool,
    borrow: Option<String>,
    /// Why it stands on the reader's board where it stands.
    there: String,
    /// Why not, and what to do about it.
    cannot: Option<(String, String)>,
    loan: Option<String>,
    trace: Vec<Step>,
    /// Through whose hands it has gone, by the numbers in the picture; nobody, where there is nothing to see.
    hands: Vec<String>,
    hands_size: (usize, usize),
    /// On how many days of the past year it was out.
    out: usize,
    may: Vec<String>,
    /// What the reader may not do, why not, and what to do about it.
    may_not: Vec<(String, String, String)>,
}

pub async fn show(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "things").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Ok(id) = id.parse() else { return not_found(&seat.frame) };
    let page = page(&mut seat, id).await;
    answered(&seat.frame, page)
}

async fn page(seat: &mut Seat, id: Id) -> Result<Option<Page>, Rejection> {
    let frame = Frame { act: "borrow", ..seat.frame.clone() };
    let reader = &mut seat.reader;
    let Some(thing) = reader.get(id).await?.filter(|thing| thing.class == Class::EconomicResource) else {
        return Ok(None);
    };
    let l = frame.locale.clone();
    let standing = state(reader, &l, &thing).await?;
    let spec = match thing.fields.id(Prop::ConformsTo) {
        Some(spec) => reader.get(spec).await?,
        None => None,
    };
    let events = reader.trace(id).await?;
    let mut page = Page {
        frame,
        name: thing.title(),
        state: standing.words,
        owner: named(reader, &l, &thing, Prop::PrimaryAccountable).await?,
        holder: named(reader, &l, &thing, Prop::Custodian).await?,
        kind: spec.as_ref().map(|spec| spec.title()).unwrap_or_default(),
        training: spec.map(|spec| spec.fields.texts(Prop::RequiresTraining).join(", ")).unwrap_or_default(),
        tag: thing.fields.text(Prop::TrackingIdentifier).unwrap_or_default().to_owned(),
        id: id.to_string(),
        note: thing.fields.text(Prop::Note).unwrap_or_default().to_owned(),
        photo: thing.fields.text(Prop::Image).is_some_and(|image| image.starts_with("ni:///")),
        photographs: photographs(reader, &thing).await?,
        papers: listed(&l, &thing),
        mine: thing.fields.id(Prop::PrimaryAccountable) == Some(reader.agent()),
        offer: None,
        cases: reader.rules().compiled.book.cases.is_some(),
        borrow: None,
        there: String::new(),
        cannot: None,
        loan: standing.agreement.map(|agreement| agreement.to_string()),
        trace: Vec::new(),
        hands: Vec::new(),
        hands_size: (0, 0),
        out: super::calendar::year(reader, &l, (&thing, &events)).await?.out(),
        may: Vec::new(),
        may_not: Vec::new(),
    };
    might(reader, &l, &thing, &mut page).await?;
    let offer = offer_of(reader, id).await?;
    page.offer = offer.as_ref().map(|offer| offer.id.to_string());
    if let Some(offer) = offer.as_ref().filter(|_| !page.mine) {
        page.there = reader.why_there(offer.id, BOARD_LEN, l.tag()).await?.unwrap_or_default();
    }
    if let Some(offer) = offer.filter(|_| standing.free && !page.mine) {
        match would_borrow(reader, offer.id, DAYS_DEFAULT).await? {
            Some(refused) => page.cannot = Some(wording::refused(reader, &l, &refused)),
            None => page.borrow = Some(offer.id.to_string()),
        }
    }
    let hands = super::hands::Hands::of(events.iter().map(AsRef::as_ref));
    if hands.is_shown() {
        (page.hands, page.hands_size) = (super::hands::names(reader, &hands).await?, hands.size());
    }
    for event in events.into_iter().rev() {
        let when = event.fields.instant(Prop::HasPointInTime).or(event.fields.instant(Prop::Created));
        let text = wording::event(reader, &l, &event).await?;
        page.trace.push(Step { when: when.map(|at| l.moment(at)).unwrap_or_default(), text });
    }
    Ok(Some(page))
}

/// What the reader may do with a thing, and what not.
async fn might(
    reader: &mut Reader,
    l: &Locale,
    thing: &Arc<Record>,
    page: &mut Page,
) -> Result<(), Rejection> {
    for might in reader.might(thing).await? {
        match might.refused {
            None => page.may.push(might_in_words(l, &might.what)),
            // What the books themselves rule out is no rule's doing, and no news.
            Some(refused) if refused.by == "ledger" => {}
            Some(refused) => {
                let (sentence, remedy) = wording::refused(reader, l, &refused);
                page.may_not.push((might_in_words(l, &might.what), sentence, remedy));
            }
        }
    }
    Ok(())
}

/// Whether the reader could give a thing another picture.
async fn photographs(reader: &mut Reader, thing: &Record) -> Result<bool, Rejection> {
    let acts = vec![Change::Picture(Some(b"x".to_vec())).act(thing)];
    let command = Command::new(pipeline::node::command_id()?, reader.agent(), acts);
    Ok(reader.would(&command).await?.is_ok())
}

async fn named(
    reader: &mut Reader,
    l: &Locale,
    thing: &Record,
    prop: Prop,
) -> Result<(String, String), Rejection> {
    match thing.fields.id(prop) {
        Some(id) => Ok((id.to_string(), reader.title(id).await?)),
        None => Ok((String::new(), l.t("nobody"))),
    }
}

/// What somebody might do: the words are the catalogue's, by those that the books have for it.
fn might_in_words(l: &Locale, what: &str) -> String {
    l.put("act", what.replace(' ', "-")).put("what", what).t("might")
}

/// The open offer of a thing.
pub async fn offer_of(reader: &mut Reader, thing: Id) -> Result<Option<Arc<Record>>, Rejection> {
    let link = Link { class: Class::Intent, prop: Prop::ResourceInventoriedAs, target: thing, open: true };
    Ok(reader.linked(link).await?.into_iter().find(|intent| intent.fields.id(Prop::Provider).is_some()))
}

/// Why borrowing would be refused now; `None` when nothing but the price is left to settle.
pub async fn would_borrow(reader: &mut Reader, intent: Id, days: i64) -> Result<Option<Refused>, Rejection> {
    let until = reader.time().plus_us(days.saturating_mul(Instant::DAY_US));
    let act = Act::Accept { intent, receiver: reader.agent(), until, quote: None };
    let command = Command::new(pipeline::node::command_id()?, reader.agent(), vec![AnyAct::Economic(act)]);
    Ok(reader.would(&command).await?.err().filter(|refused| refused.code != "quote-missing"))
}
