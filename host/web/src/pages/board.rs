//! The board: what needs me, and what I can borrow.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::Rejection;
use pipeline::acts::Link;
use valueflows::{Action, Class, Prop};

use crate::App;
use crate::frame::{Frame, Seat, rejected, render, seat};
use crate::limits::BOARD_LEN;
use crate::pages::things::state;
use crate::show;

struct Offer {
    initial: String,
    name: String,
    thing: String,
    intent: String,
    owner: String,
    state: String,
    because: String,
    free: bool,
}

struct NeedsMe {
    text: String,
    link: String,
    act: &'static str,
}

#[derive(Template)]
#[template(path = "board.html")]
struct Page<'a> {
    frame: &'a Frame,
    offers: Vec<Offer>,
    needs_me: Vec<NeedsMe>,
    order: &'static str,
}

pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "board").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    match page(&mut seat).await {
        Ok((offers, needs_me)) => {
            let near = offers.iter().any(|offer| !offer.because.is_empty());
            let order = if near { "nearest first" } else { "oldest offer first" };
            render(&Page { frame: &seat.frame, offers, needs_me, order })
        }
        Err(rejection) => rejected(&seat.frame, &rejection),
    }
}

async fn page(seat: &mut Seat) -> Result<(Vec<Offer>, Vec<NeedsMe>), Rejection> {
    let needs_me = needs_me(seat).await?;
    let reader = &mut seat.reader;
    let mut offers = Vec::new();
    for offer in reader.board(BOARD_LEN).await? {
        let Some(thing) = offer.intent.fields.id(Prop::ResourceInventoriedAs) else { continue };
        let Some(thing) = reader.get(thing).await? else { continue };
        let owner = match offer.intent.fields.id(Prop::Provider) {
            Some(owner) => reader.title(owner).await?,
            None => continue,
        };
        let standing = state(reader, &thing).await?;
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
    Ok((offers, needs_me))
}

/// What I promised and have not done yet.
async fn needs_me(seat: &mut Seat) -> Result<Vec<NeedsMe>, Rejection> {
    let reader = &mut seat.reader;
    let now = reader.time();
    let link = Link { class: Class::Commitment, prop: Prop::Provider, target: reader.agent(), open: true };
    let loans = format!("/n/{}/loans", seat.frame.network);
    let mut lines = Vec::new();
    for promise in reader.linked(link).await? {
        let is =
            |class: &str| promise.fields.texts(Prop::ResourceClassifiedAs).iter().any(|own| own == class);
        if is("return") && promise.fields.action() == Some(Action::TransferCustody) {
            let thing = match promise.fields.id(Prop::ResourceInventoriedAs) {
                Some(thing) => reader.title(thing).await?,
                None => continue,
            };
            let due = promise.fields.instant(Prop::Due).map(|due| show::due(due, now)).unwrap_or_default();
            lines.push(NeedsMe { text: format!("{thing} {due}."), link: loans.clone(), act: "See the loan" });
        } else if is("late-fee") || is("fee") {
            let Some(quantity) = promise.fields.quantity(Prop::ResourceQuantity) else { continue };
            let amount = show::amount(reader, quantity).await?;
            lines.push(NeedsMe {
                text: format!("You owe {amount}."),
                link: loans.clone(),
                act: "See what for",
            });
        }
    }
    Ok(lines)
}
