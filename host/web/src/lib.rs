//! Pages for people: forms and links, no script, readable over the slowest line.
//!
//! A page asks a [`pipeline::Reader`] for what its reader may see, and sends what a form says as a
//! command, like any other door. Rules, stores and plugins are not known here.
//!
//! Invariants:
//! - every form carries the session's word, so that no other site can send it, and the id of the
//!   command that it will become, so that sending it twice is sending it once;
//! - a page that shows a refusal says what to do about it.

mod forms;
mod frame;
pub mod letters;
pub mod limits;
pub mod locale;
mod pages;
pub mod photo;
mod picture;
mod show;
pub mod take_in;
mod too_large;
mod wording;

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::routing::{get, post};
use identity::oidc::Provider;
use identity::rate::Rates;
use pipeline::Node;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// What every handler knows.
#[derive(Clone)]
pub struct App {
    pub(crate) node: Arc<Node>,
    pub(crate) rates: Arc<Rates>,
    /// Where letters go, on a node that sends any.
    pub(crate) post: Option<letters::Post>,
    /// Another service through which people sign in, if there is one.
    pub(crate) through: Option<Arc<Provider>>,
}

/// What a node has beside its networks.
#[derive(Clone, Default)]
pub struct Beside {
    /// Where letters go.
    pub letters: Option<letters::Post>,
    /// Another service through which people sign in.
    pub through: Option<Arc<Provider>>,
}

/// A page for whoever sends more than that.
macro_rules! too_large {
    ($limit:expr) => {
        axum::middleware::from_fn_with_state($limit, too_large::answer)
    };
}

/// All pages of a node.
pub fn router(node: Arc<Node>, rates: Arc<Rates>, beside: Beside) -> Router {
    let policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    let header = |name, value: &'static str| {
        SetResponseHeaderLayer::overriding(name, axum::http::HeaderValue::from_static(value))
    };
    // A table of a few hundred rows is longer than any other form.
    let tables = Router::new()
        .route("/n/{network}/tables", get(pages::tables::show).post(pages::tables::send))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(limits::TABLE_BYTES_MAX))
        .layer(too_large!(limits::TABLE_BYTES_MAX));
    Router::new()
        .route("/", get(pages::networks::show))
        .route("/style.css", get(pages::style))
        .route("/key.js", get(pages::signing::script))
        .route("/n/{network}/", get(pages::home::show))
        .route("/n/{network}/board", get(pages::board::show))
        .route("/n/{network}/need", get(pages::publish::need).post(pages::publish::send_need))
        .route("/n/{network}/needs/{id}", get(pages::need::show))
        .route("/n/{network}/offer", get(pages::publish::offer).post(pages::publish::send_offer))
        .route("/n/{network}/lend/{id}", post(pages::publish::lend))
        .route("/n/{network}/take-off/{id}", post(pages::publish::take_off))
        .route("/n/{network}/things", get(pages::things::show))
        .route("/n/{network}/things/{id}", get(pages::thing::show))
        .route("/n/{network}/things/{id}/qr.png", get(pages::label::code))
        .route("/n/{network}/edit/{id}", get(pages::edit::show).post(pages::edit::send))
        .route("/n/{network}/things/{id}/year.png", get(pages::calendar::show))
        .route("/n/{network}/things/{id}/hands.png", get(pages::hands::show))
        .route("/n/{network}/things/{id}/label", get(pages::label::sheet))
        .route("/n/{network}/story/{id}", get(pages::label::story))
        .route("/n/{network}/borrow/{id}", get(pages::borrow::show).post(pages::borrow::send))
        .route("/n/{network}/loans", get(pages::loans::show))
        .route("/n/{network}/hand-over/{id}", post(pages::loans::hand_over))
        .route("/n/{network}/take-back/{id}", post(pages::loans::take_back))
        .route("/n/{network}/withdraw/{id}", post(pages::loans::withdraw))
        .route("/n/{network}/paid/{id}", post(pages::loans::paid))
        .route("/n/{network}/waive/{id}", post(pages::loans::waive))
        .route("/n/{network}/people", get(pages::people::show))
        .route("/n/{network}/people/{id}", get(pages::people::person))
        .route("/n/{network}/people/{id}/let-back", post(pages::let_back::say))
        .route("/n/{network}/people/{id}/way-back", post(pages::let_back::link))
        .route("/n/{network}/rules", get(pages::rules::show))
        .route("/n/{network}/rules/used", get(pages::used::show))
        .route("/n/{network}/rules/stories", get(pages::stories::show))
        .route("/n/{network}/rules/{id}", get(pages::rule::show))
        .route("/n/{network}/cases", get(pages::cases::list).post(pages::cases::report))
        .route("/n/{network}/cases/{id}", get(pages::cases::show))
        .route("/n/{network}/cases/{id}/{step}", post(pages::cases::send))
        .route("/n/{network}/changes", get(pages::changes::list))
        .route("/n/{network}/changes/new", get(pages::settings::new).post(pages::settings::draft))
        .route("/n/{network}/changes/{id}", get(pages::changes::show))
        .route("/n/{network}/changes/{id}/what-if", get(pages::what_if::show))
        .route("/n/{network}/changes/{id}/{step}", post(pages::changes::send))
        .merge(journal())
        .layer(RequestBodyLimitLayer::new(limits::FORM_BYTES_MAX))
        .layer(too_large!(limits::FORM_BYTES_MAX))
        .merge(photos())
        .merge(desk().layer(RequestBodyLimitLayer::new(limits::TABLE_BYTES_MAX)))
        .merge(taking_part().layer(RequestBodyLimitLayer::new(limits::FORM_BYTES_MAX)))
        .merge(tables)
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CONTENT_SECURITY_POLICY,
            axum::http::HeaderValue::from_static(policy),
        ))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "same-origin"))
        .with_state(App { node, rates, post: beside.letters, through: beside.through })
}

/// What happened, and how it was judged.
fn journal() -> Router<App> {
    Router::new()
        .route("/n/{network}/journal", get(pages::journal::show))
        .route("/n/{network}/journal.csv", get(pages::journal::table))
        .route("/n/{network}/flows", get(pages::flows::show))
        .route("/n/{network}/sums", get(pages::sums::show))
        .route("/n/{network}/sums.png", get(pages::sums::picture))
        .route("/n/{network}/flows.png", get(pages::flows::picture))
        .route("/n/{network}/audit", get(pages::audit::show).post(pages::audit::check))
        .route("/n/{network}/why/{id}", get(pages::why::show))
}

/// Coming in, signing in, and what is one's own.
fn taking_part() -> Router<App> {
    Router::new()
        .route("/found/{token}", get(pages::found::show).post(pages::found::send))
        .route("/language/{tag}", get(pages::language::choose))
        .route("/n/{network}/sign-in", get(pages::sign_in::show).post(pages::sign_in::send))
        .route("/n/{network}/sign-in/code", post(pages::sign_in::code))
        .route("/n/{network}/sign-in/passkey", post(pages::passkeys::sign_in))
        .route("/n/{network}/me/passkeys", get(pages::passkeys::show))
        .route("/n/{network}/me/passkeys/{step}", post(pages::passkeys::send))
        .route("/passkey.js", get(pages::passkeys::script))
        .route("/n/{network}/sign-in/through", get(pages::through::go))
        .route("/signed-in-through", get(pages::through::back))
        .route("/n/{network}/me/through", get(pages::through::tie))
        .route("/n/{network}/me/through/end", post(pages::through::untie))
        .route("/n/{network}/sign-out", post(pages::sign_in::leave))
        .route("/n/{network}/me", get(pages::me::show))
        .route("/n/{network}/me/second-step", get(pages::second_step::show))
        .route("/n/{network}/me/second-step.png", get(pages::second_step::code))
        .route("/n/{network}/me/second-step/{step}", post(pages::second_step::send))
        .route("/n/{network}/me/key", get(pages::keys::show))
        .route("/n/{network}/me/key/{step}", post(pages::keys::send))
        .route("/n/{network}/people/{id}/key", post(pages::keys::give))
        .route("/n/{network}/why/{id}/with-key", post(pages::signing::again))
        .route("/n/{network}/me/feed", get(pages::feed::show))
        .route("/n/{network}/me/feed/{step}", post(pages::feed::make))
        .route("/n/{network}/feed/{token}/{language}/{file}", get(pages::feed::read))
        .route("/n/{network}/me/letters/{step}", post(pages::letters::send))
        .route("/n/{network}/letters/{step}/{link}", get(pages::letters::show).post(pages::letters::follow))
        .route("/n/{network}/people/{id}/delegate", post(pages::delegations::give))
        .route("/n/{network}/delegations/{id}/end", post(pages::delegations::end))
        .route("/n/{network}/me/act-for/{id}", post(pages::delegations::act_for))
        .route("/n/{network}/me/card.png", get(pages::me::card))
        .route("/n/{network}/me/password", post(pages::me::password))
        .route("/n/{network}/me/elsewhere", post(pages::me::elsewhere))
        .route("/n/{network}/invite", get(pages::invite::show).post(pages::invite::make))
        .route("/n/{network}/invite/{id}", post(pages::invite::take_back))
        .route("/n/{network}/invited/{token}", get(pages::invite::ask).post(pages::invite::enter))
        .route("/n/{network}/invited/{token}/qr.png", get(pages::invite::code))
        .route("/n/{network}/join", get(pages::joining::ask).post(pages::joining::send))
        .route("/n/{network}/joining", get(pages::joining::list))
        .route("/n/{network}/joining/{id}/{step}", post(pages::joining::answer))
}

/// Photographs are longer than anything else that is sent here.
fn photos() -> Router<App> {
    Router::new()
        .route("/n/{network}/things/{id}/photo", post(pages::photo::send))
        .route("/n/{network}/things/{id}/photo.jpg", get(pages::photo::show))
        .route("/n/{network}/story/{id}/photo.jpg", get(pages::photo::story))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(limits::PHOTO_BYTES_MAX))
        .layer(too_large!(limits::PHOTO_BYTES_MAX))
        .merge(papers())
}

/// Papers, and a form around each.
fn papers() -> Router<App> {
    const MOST: usize = interchange::limits::PAPER_BYTES_MAX + limits::FORM_BYTES_MAX;
    Router::new()
        .route("/n/{network}/things/{id}/papers", post(pages::papers::send))
        .route("/n/{network}/things/{id}/papers/{digest}", get(pages::papers::show))
        .route("/n/{network}/story/{id}/papers/{digest}", get(pages::papers::story))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(MOST))
        .layer(too_large!(MOST))
}

/// A tablet where things change hands. A shelf's codes are longer than any other form.
fn desk() -> Router<App> {
    Router::new()
        .route("/n/{network}/keeping/printed", get(pages::printed::show))
        .route("/n/{network}/keeping", get(pages::keeping::show))
        .route("/n/node/operator", get(pages::operator::show))
        .route("/n/node/operator/{step}", post(pages::operator::send))
        .route("/n/{network}/changes/rules", get(pages::rules_desk::list))
        .route("/n/{network}/changes/rules/{id}", get(pages::rules_desk::show).post(pages::rules_desk::send))
        .route("/n/{network}/rounds", get(pages::rounds::show).post(pages::rounds::share_out))
        .route("/n/{network}/desk", get(pages::desk::show))
        .route("/n/{network}/desk/stock", get(pages::stock::show).post(pages::stock::take))
        .route("/n/{network}/desk/{step}", post(pages::desk::send))
}
