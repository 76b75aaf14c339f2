//! Loans: handing over, taking back, calling off, payments.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::acts::{Act, AnyAct};
use pipeline::loans::{self, is};
use pipeline::{Reader, Rejection};
use std::sync::Arc;
use valueflows::{Action, Class, Id, Prop, Record};

use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, not_found, rejected, render, seat};
use crate::limits::PAGE_LEN;
use crate::locale::Locale;
use crate::show;

struct Button {
    path: &'static str,
    label: String,
    plain: bool,
}

struct Loan {
    agreement: String,
    thing: String,
    name: String,
    borrower: String,
    state: String,
    late: bool,
    acts: Vec<Button>,
}

struct Fee {
    id: String,
    who: String,
    to: String,
    amount: String,
    what: String,
    mine: bool,
}

#[derive(Template)]
#[template(path = "loans.html")]
struct Page {
    frame: Frame,
    loans: Vec<Loan>,
    fees: Vec<Fee>,
    summary: String,
}

pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "loans").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    match page(&mut seat).await {
        Ok(page) => render(&page),
        Err(rejection) => rejected(&seat.frame, &rejection),
    }
}

async fn page(seat: &mut Seat) -> Result<Page, Rejection> {
    let keeps = seat.frame.keeps();
    let l = seat.frame.locale.clone();
    let reader = &mut seat.reader;
    let mut loans = Vec::new();
    let mut fees = Vec::new();
    let mut before = i64::MAX;
    // Newest first; what is open is nearly always new.
    loop {
        let page = reader.list_back(Class::Commitment, before, PAGE_LEN).await?;
        for promise in page.records.iter().filter(|promise| promise.is_open()) {
            if promise.fields.action() == Some(Action::TransferCustody) {
                loans.extend(loan(reader, &l, promise, keeps).await?);
            } else if is(promise, "late-fee") || is(promise, "fee") {
                fees.extend(fee(reader, &l, promise, keeps).await?);
            }
        }
        match page.next {
            Some(next) if loans.len() + fees.len() < PAGE_LEN => before = next,
            _ => break,
        }
    }
    let summary = l.put("count", loans.len()).t("loans-summary");
    Ok(Page { frame: seat.frame.clone(), loans, fees, summary })
}

async fn loan(
    reader: &mut Reader,
    l: &Locale,
    promise: &Arc<Record>,
    keeps: bool,
) -> Result<Option<Loan>, Rejection> {
    let (Some(agreement), Some(thing)) =
        (promise.fields.id(Prop::ClauseOf), promise.fields.id(Prop::ResourceInventoriedAs))
    else {
        return Ok(None);
    };
    let out = is(promise, "return");
    let (giver, taker) = (promise.fields.id(Prop::Provider), promise.fields.id(Prop::Receiver));
    let (borrower, owner) = if out { (giver, taker) } else { (taker, giver) };
    let me = Some(reader.agent());
    let due = promise.fields.instant(Prop::Due);
    let now = reader.time();
    let state = match (out, due) {
        (true, Some(due)) => l.put("due", l.due(due, now)).t("loan-out-until"),
        (true, None) => l.t("loan-out"),
        (false, _) => l.t("loan-promised"),
    };
    let mut acts = Vec::new();
    let mut button = |path, label, plain| acts.push(Button { path, label, plain });
    if keeps || owner == me {
        match out {
            true => button("take-back", l.t("loan-take-back"), false),
            false => button("hand-over", l.t("loan-hand-over"), false),
        }
    }
    if !out && (keeps || owner == me || borrower == me) {
        button("withdraw", l.t("loan-call-off"), true);
    }
    let borrower = match borrower {
        Some(borrower) => reader.title(borrower).await?,
        None => String::new(),
    };
    Ok(Some(Loan {
        agreement: agreement.to_string(),
        thing: thing.to_string(),
        name: reader.title(thing).await?,
        borrower,
        late: due.is_some_and(|due| due < now),
        state,
        acts,
    }))
}

async fn fee(
    reader: &mut Reader,
    l: &Locale,
    promise: &Arc<Record>,
    keeps: bool,
) -> Result<Option<Fee>, Rejection> {
    let (Some(from), Some(to), Some(quantity)) = (
        promise.fields.id(Prop::Provider),
        promise.fields.id(Prop::Receiver),
        promise.fields.quantity(Prop::ResourceQuantity),
    ) else {
        return Ok(None);
    };
    let thing = match promise.fields.id(Prop::ClauseOf) {
        Some(agreement) => {
            match reader.get(agreement).await?.and_then(|a| a.fields.id(Prop::ResourceInventoriedAs)) {
                Some(thing) => reader.title(thing).await?,
                None => String::new(),
            }
        }
        None => String::new(),
    };
    let since = promise.fields.instant(Prop::Created).map(|at| l.day(at)).unwrap_or_default();
    let kind = if is(promise, "late-fee") { "late" } else { "fee" };
    Ok(Some(Fee {
        id: promise.id.to_string(),
        who: reader.title(from).await?,
        to: reader.title(to).await?,
        amount: show::amount(reader, l, quantity).await?,
        what: l.put("kind", kind).put("thing", thing).put("since", since).t("fee-what"),
        mine: keeps || to == reader.agent(),
    }))
}

type Target = Path<(String, String)>;

macro_rules! door {
    ($(#[$doc:meta])* $name:ident, |$seat:ident, $id:ident, $form:ident| $acts:expr) => {
        $(#[$doc])*
        pub async fn $name(
            State(app): State<App>,
            Path((network, id)): Target,
            headers: HeaderMap,
            Form($form): Form<forms::Form>,
        ) -> Response {
            let mut seat_ = match seat(&app, &network, &headers, "loans").await {
                Ok(seat) => seat,
                Err(response) => return response,
            };
            let Ok($id) = id.parse::<Id>() else { return not_found(&seat_.frame) };
            let $seat = &mut seat_;
            let acts: Result<Vec<AnyAct>, Rejection> = $acts;
            match acts {
                Ok(acts) if acts.is_empty() => not_found(&seat_.frame),
                Ok(acts) => forms::send(&app, seat_, &$form, acts).await,
                Err(rejection) => rejected(&seat_.frame, &rejection),
            }
        }
    };
}

door! { /// The thing changes hands, the deposit with it.
hand_over, |seat, id, form| loans::hand_over(&mut seat.reader, id).await }
door! { /// The thing comes back, the deposit goes back.
take_back, |seat, id, form| loans::take_back(&mut seat.reader, id).await }
door! { /// A payment was made.
paid, |seat, id, form| loans::pay(&mut seat.reader, id).await }
door! { /// A payment is let go.
waive, |_seat, id, form| {
    let reason = form.get("reason").cloned().unwrap_or_default();
    Ok(vec![AnyAct::Economic(Act::Waive { commitment: id, reason })])
} }
door! { /// A loan is called off.
withdraw, |_seat, id, form| Ok(vec![AnyAct::Economic(Act::Withdraw { agreement: id })]) }
