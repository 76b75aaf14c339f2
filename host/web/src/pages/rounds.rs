//! Rounds: what could be shared out among those who need it, and what was promised in rounds.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::rounds::Round;
use pipeline::{Reader, Rejection};
use valueflows::{Id, Prop, Quantity, Record};

use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, answered, not_found, rejected, seat};
use crate::limits::PAGE_LEN;

struct Row {
    kind: String,
    unit: String,
    name: String,
    offered: String,
    needed: String,
}

struct Promise {
    who: String,
    to: String,
    amount: String,
    what: String,
}

#[derive(Template)]
#[template(path = "rounds.html")]
struct Page<'a> {
    frame: &'a Frame,
    shares: bool,
    rounds: Vec<Row>,
    promises: Vec<Promise>,
}

/// The page.
pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "board").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    answered(frame, page(reader, frame).await.map(Some))
}

async fn page<'a>(reader: &mut Reader, frame: &'a Frame) -> Result<Page<'a>, Rejection> {
    let mut rounds = Vec::new();
    for round in reader.rounds().await? {
        rounds.push(Row {
            kind: round.kind.to_string(),
            unit: round.unit.to_string(),
            offered: amount(reader, Quantity { amount: Round::sum(&round.offers), unit: round.unit }).await?,
            needed: amount(reader, Quantity { amount: Round::sum(&round.needs), unit: round.unit }).await?,
            name: round.name,
        });
    }
    let mut promises = Vec::new();
    for promise in reader.promised_in_rounds(PAGE_LEN).await? {
        promises.push(promised(reader, &promise).await?);
    }
    Ok(Page { frame, shares: reader.rules().sharing().is_some(), rounds, promises })
}

async fn promised(reader: &mut Reader, promise: &Record) -> Result<Promise, Rejection> {
    let fields = &promise.fields;
    let quantity = fields.quantity(Prop::ResourceQuantity).or(fields.quantity(Prop::EffortQuantity));
    let party = |prop| fields.id(prop).unwrap_or_default();
    let kind = fields.id(Prop::ResourceConformsTo);
    Ok(Promise {
        who: reader.title(party(Prop::Provider)).await?,
        to: reader.title(party(Prop::Receiver)).await?,
        amount: match quantity {
            Some(quantity) => amount(reader, quantity).await?,
            None => String::new(),
        },
        what: match kind {
            Some(kind) => reader.title(kind).await?,
            None => String::new(),
        },
    })
}

async fn amount(reader: &mut Reader, quantity: Quantity) -> Result<String, Rejection> {
    let decimals = reader.decimals(quantity.unit).await?;
    Ok(format!("{} {}", quantity.decimal(decimals), reader.title(quantity.unit).await?))
}

/// A round is held.
pub async fn share_out(
    State(app): State<App>,
    Path(network): Path<String>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "board").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let named = |name: &str| form.get(name).and_then(|id| id.parse::<Id>().ok());
    let (kind, unit) = (named("kind"), named("unit"));
    let rounds = match seat.reader.rounds().await {
        Ok(rounds) => rounds,
        Err(rejection) => return rejected(&seat.frame, &rejection),
    };
    let found = rounds.into_iter().find(|round| Some(round.kind) == kind && Some(round.unit) == unit);
    match found {
        Some(round) => forms::send(&app, seat, &form, vec![round.act()]).await,
        None => not_found(&seat.frame),
    }
}
