//! The board: what is offered, in the order that the network's matching gives, with its reasons.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::{Reader, Rejection};
use valueflows::Prop;

use crate::App;
use crate::frame::{Frame, Seat, answered, seat};
use crate::limits::BOARD_LEN;
use crate::locale::Locale;
use crate::pages::things::state;

/// An offer, as it stands in a list.
pub struct Offer {
    pub initial: String,
    pub name: String,
    pub thing: String,
    pub intent: String,
    pub owner: String,
    pub state: String,
    pub because: String,
    pub free: bool,
}

/// What somebody asks for.
pub struct Need {
    pub id: String,
    pub name: String,
    pub who: String,
    pub until: String,
    pub mine: bool,
}

#[derive(Template)]
#[template(path = "board.html")]
struct Page<'a> {
    frame: &'a Frame,
    offers: Vec<Offer>,
    needs: Vec<Need>,
    /// Whether somebody's matching had a say in the order.
    near: bool,
}

pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "board").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    frame.act = "publish";
    let page = page(reader, frame).await;
    answered(frame, page.map(Some))
}

async fn page<'a>(reader: &mut Reader, frame: &'a Frame) -> Result<Page<'a>, Rejection> {
    let needs = needs(reader, &frame.locale, BOARD_LEN).await?;
    let offers = offers(reader, &frame.locale, BOARD_LEN).await?;
    let near = offers.iter().any(|offer| !offer.because.is_empty());
    Ok(Page { frame, offers, needs, near })
}

/// What is asked for, the newest first.
pub async fn needs(reader: &mut Reader, l: &Locale, most: usize) -> Result<Vec<Need>, Rejection> {
    let mut needs = Vec::new();
    for need in reader.needs(most).await? {
        let Some(who) = need.fields.id(Prop::Receiver) else { continue };
        needs.push(Need {
            id: need.id.to_string(),
            name: need.title(),
            who: reader.title(who).await?,
            until: need.fields.instant(Prop::Due).map(|due| l.day(due)).unwrap_or_default(),
            mine: who == reader.agent(),
        });
    }
    Ok(needs)
}

/// The first so many offers.
pub async fn offers(reader: &mut Reader, l: &Locale, most: usize) -> Result<Vec<Offer>, Rejection> {
    let mut offers = Vec::new();
    for offer in reader.board(most, l.tag()).await? {
        let Some(thing) = offer.intent.fields.id(Prop::ResourceInventoriedAs) else { continue };
        let Some(thing) = reader.get(thing).await? else { continue };
        let owner = match offer.intent.fields.id(Prop::Provider) {
            Some(owner) => reader.title(owner).await?,
            None => continue,
        };
        let standing = state(reader, l, &thing).await?;
        let name = thing.title();
        offers.push(Offer {
            initial: name.chars().next().map(String::from).unwrap_or_default(),
            name,
            thing: thing.id.to_string(),
            intent: offer.intent.id.to_string(),
            owner,
            state: standing.words,
            because: offer.because.unwrap_or_default(),
            free: standing.free,
        });
    }
    Ok(offers)
}
