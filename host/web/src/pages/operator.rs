//! What whoever runs the node looks after: its networks and what they use, links that found others, pauses. It is a page
//! of the node's own network, for its one steward.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use identity::invitation;
use pipeline::acts::{GoverningAct, StopAct, Stopped};
use pipeline::{Head, Rejection, own};
use valueflows::Instant;

use super::keeping::{Gauge, gauges};
use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, answered, not_found, rejected, render, seat, trouble};

/// Hours of a pause; longer than three days is none.
const HOURS_MAX: i64 = 72;

struct Network {
    name: String,
    state: String,
    sandbox: bool,
    entries: u64,
    /// Since when nobody has done anything.
    quiet: String,
    gauges: Vec<Gauge>,
    /// Whether it is paused, or some of it.
    paused: bool,
}

#[derive(Template)]
#[template(path = "operator.html")]
struct Page<'a> {
    frame: &'a Frame,
    version: &'static str,
    networks: Vec<Network>,
    /// The rule sets on the shelf: name and title.
    charters: Vec<(String, String)>,
    components: usize,
    /// A link that was just made.
    link: String,
    mistake: String,
}

/// Whoever runs the node; nobody else knows that there is such a page.
async fn operator(app: &App, headers: &HeaderMap) -> Result<Seat, Response> {
    let seat = seat(app, own::NAME, headers, "operator").await?;
    match app.node.operator().await {
        Ok(operator) if operator == seat.account.agent => Ok(seat),
        Ok(_) => Err(not_found(&seat.frame)),
        Err(rejection) => Err(rejected(&seat.frame, &rejection)),
    }
}

/// The page.
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Response {
    match operator(&app, &headers).await {
        Ok(Seat { frame, .. }) => {
            let page = page(&app, &frame, String::new(), String::new()).await;
            answered(&frame, page.map(Some))
        }
        Err(response) => response,
    }
}

async fn page<'a>(app: &App, frame: &'a Frame, link: String, mistake: String) -> Result<Page<'a>, Rejection> {
    let mut networks = Vec::new();
    for head in app.node.networks().await? {
        networks.push(network(app, frame, &head).await?);
    }
    let store = app.node.store();
    Ok(Page {
        frame,
        version: env!("CARGO_PKG_VERSION"),
        networks,
        charters: store.charters().await?,
        components: store.components().await?.len(),
        link,
        mistake,
    })
}

async fn network(app: &App, frame: &Frame, head: &Head) -> Result<Network, Rejection> {
    let l = &frame.locale;
    Ok(Network {
        name: head.name.clone(),
        state: l.put("state", head.state.as_str()).t("operator-network-state"),
        sandbox: head.sandbox,
        entries: head.seq,
        quiet: l.moment(app.node.quiet_since(head).await?),
        gauges: gauges(frame, app.node.quota(&head.name), app.node.usage(head).await?),
        paused: !app.node.pauses(&head.name, None).await?.is_empty(),
    })
}

/// What whoever runs the node does here.
pub async fn send(
    State(app): State<App>,
    axum::extract::Path(step): axum::extract::Path<String>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let seat = match operator(&app, &headers).await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    if let Some(response) = forms::foreign(&seat.frame, &form) {
        return response;
    }
    let Seat { frame, .. } = seat;
    let done = match step.as_str() {
        "link" => link(&app).await.map(Done::Link),
        "pause" => pause(&app, &form).await,
        "resume" => resume(&app, &form).await,
        _ => return not_found(&frame),
    };
    match done {
        Ok(Done::Link(link)) => answered(&frame, page(&app, &frame, link, String::new()).await.map(Some)),
        Ok(Done::There) => Redirect::to("/n/node/operator").into_response(),
        Ok(Done::Not(sentence)) => match page(&app, &frame, String::new(), sentence).await {
            Ok(page) => (StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response(),
            Err(rejection) => rejected(&frame, &rejection),
        },
        Err(Rejection::NoNetwork(_)) => trouble(&frame, StatusCode::NOT_FOUND, "problem-form"),
        Err(rejection) => rejected(&frame, &rejection),
    }
}

enum Done {
    There,
    Link(String),
    Not(String),
}

/// A link by which somebody founds a network.
async fn link(app: &App) -> Result<String, Rejection> {
    let (command, by) = (pipeline::node::command_id()?, app.node.operator().await?);
    let one = invitation::founding(own::KEY, command, by, String::new(), pipeline::now());
    let token = super::invite::issue(app, &one).await?;
    let origin = identity::line::current().map(|line| line.origin).unwrap_or_default();
    Ok(format!("{origin}/found/{token}"))
}

async fn pause(app: &App, form: &forms::Form) -> Result<Done, Rejection> {
    let said = |name: &str| form.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    let hours = said("hours").parse::<i64>().unwrap_or_default().clamp(1, HOURS_MAX);
    let until = pipeline::node::time(&app.node.head(&said("network")).await?);
    let until = until.plus_us(hours.saturating_mul(60 * Instant::MINUTE_US));
    let act = StopAct::Pause { what: Stopped::Network, until, reason: said("reason") };
    let receipt = app.node.operate(&said("network"), GoverningAct::Stop(act)).await?;
    Ok(match receipt.decision {
        Ok(()) => Done::There,
        Err(refused) => {
            Done::Not(format!("{} {}", crate::wording::capital(&refused.sentence), refused.remedy))
        }
    })
}

async fn resume(app: &App, form: &forms::Form) -> Result<Done, Rejection> {
    let network = form.get("network").map(|text| text.trim().to_owned()).unwrap_or_default();
    for stop in app.node.pauses(&network, None).await? {
        app.node.operate(&network, GoverningAct::Stop(StopAct::Resume { stop })).await?;
    }
    Ok(Done::There)
}
