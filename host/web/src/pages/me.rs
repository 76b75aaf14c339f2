//! What is mine: who I am here, where I am signed in, my password, my permissions to act for others.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use identity::IdentityError;
use pipeline::Rejection;
use valueflows::Prop;

use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, answered, identity_in_words, rejected, render, seat, trouble};
use crate::picture;

#[derive(Template)]
#[template(path = "me.html")]
struct Page {
    frame: Frame,
    id: String,
    roles: String,
    since: String,
    /// In how many places I am signed in, this one among them.
    sessions: u64,
    /// Who acts for whom.
    delegations: Vec<super::delegations::Standing>,
    /// Another service to sign in through, and whether I am tied there.
    through: Option<(String, bool)>,
    problem: String,
    done: String,
}

pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "me").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let page = page(&app, &mut seat).await.map(Some);
    answered(&seat.frame, page)
}

async fn page(app: &App, seat: &mut Seat) -> Result<Page, Rejection> {
    let Seat { reader, frame, account, .. } = seat;
    let l = &frame.locale;
    let membership = reader.membership().await?;
    let fields = membership.as_ref().map(|own| &own.fields);
    let since = fields.and_then(|fields| fields.instant(Prop::HasBeginning)).map(|at| l.day(at));
    let roles = fields.map(|fields| fields.texts(Prop::Roles).join(", "));
    let me = reader.agent();
    let delegations = super::delegations::standing(reader, l, me).await?;
    let sessions = app.node.store().sessions(account.key, pipeline::now()).await?;
    Ok(Page {
        frame: frame.clone(),
        id: me.to_string(),
        roles: roles.unwrap_or_default(),
        since: since.unwrap_or_default(),
        sessions: u64::try_from(sessions).unwrap_or_default(),
        delegations,
        through: super::through::standing(app, account.key).await?,
        problem: String::new(),
        done: String::new(),
    })
}

/// A code that says who somebody is: their page's address, which opens to nobody who does not belong.
pub async fn card(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    match seat(&app, &network, &headers, "me").await {
        Ok(seat) => {
            let origin = identity::line::current().map(|line| line.origin).unwrap_or_default();
            picture::answer(picture::qr(&format!("{origin}/n/{network}/people/{}", seat.reader.agent())))
        }
        Err(response) => response,
    }
}

/// Another password.
pub async fn password(
    State(app): State<App>,
    Path(network): Path<String>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "me").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    if let Some(response) = forms::foreign(&seat.frame, &form) {
        return response;
    }
    let name = (seat.account.network, seat.account.name.to_lowercase());
    if let Err(wait_s) = app.rates.sign_in.take(name, pipeline::now()) {
        return crate::frame::too_often(&seat.frame, wait_s);
    }
    let said = |field: &str| form.get(field).map(String::as_str).unwrap_or_default();
    let both = (said("old"), said("new"));
    let changed = identity::change_password(app.node.store(), &seat.account, both, &seat.token).await;
    let (status, problem, done) = match changed {
        Ok(()) => (StatusCode::OK, String::new(), seat.frame.t("me-password-changed")),
        Err(IdentityError::NotYou) => {
            (StatusCode::UNPROCESSABLE_ENTITY, seat.frame.t("me-password-wrong"), String::new())
        }
        Err(error) => {
            (StatusCode::UNPROCESSABLE_ENTITY, identity_in_words(&seat.frame, &error), String::new())
        }
    };
    match page(&app, &mut seat).await {
        Ok(page) => (status, render(&Page { problem, done, ..page })).into_response(),
        Err(rejection) => rejected(&seat.frame, &rejection),
    }
}

/// Signs out everywhere else.
pub async fn elsewhere(
    State(app): State<App>,
    Path(network): Path<String>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let seat = match seat(&app, &network, &headers, "me").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    if let Some(response) = forms::foreign(&seat.frame, &form) {
        return response;
    }
    match identity::sign_out_elsewhere(app.node.store(), seat.account.key, &seat.token).await {
        Ok(_) => Redirect::to(&format!("/n/{network}/me")).into_response(),
        Err(error) => {
            tracing::warn!(%error, "nobody can sign out");
            trouble(&seat.frame, StatusCode::SERVICE_UNAVAILABLE, "problem-away")
        }
    }
}
