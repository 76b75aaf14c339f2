//! A second step at the door: setting it up, codes on paper, letting it go.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use identity::factor::{self, Setup};
use identity::{Account, IdentityError};
use pipeline::Rejection;

use crate::App;
use crate::forms;
use crate::frame::{
    Frame, Seat, answered, identity_in_words, not_found, rejected, render, seat, too_often, trouble,
};
use crate::picture;

#[derive(Template)]
#[template(path = "second_step.html")]
struct Page<'a> {
    frame: &'a Frame,
    /// Since when it is asked for; nothing where it is not.
    since: String,
    /// Codes on paper that are left.
    left: u64,
    /// What is being set up: signs to type, in groups.
    typed: Option<String>,
    /// Codes on paper that were just made.
    codes: Vec<String>,
    mistake: String,
}

/// Where it stands.
pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let seat = match seat(&app, &network, &headers, "me").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { frame, account, .. } = seat;
    let page = page(&app, (&frame, &account), Vec::new(), String::new()).await.map(Some);
    answered(&frame, page)
}

fn broken(error: IdentityError) -> Rejection {
    match error {
        IdentityError::Store(error) => Rejection::from(error),
        other => Rejection::Internal(other.to_string()),
    }
}

async fn page<'a>(
    app: &App,
    (frame, account): (&'a Frame, &Account),
    codes: Vec<String>,
    mistake: String,
) -> Result<Page<'a>, Rejection> {
    let store = app.node.store();
    let since = store.factor(account.key).await?.and_then(|factor| factor.since);
    let setup = factor::setup(store, account, &frame.network).await.map_err(broken)?;
    let left = store.recovery_left(account.key).await?;
    Ok(Page {
        frame,
        since: since.map(|at| frame.locale.day(at)).unwrap_or_default(),
        left: u64::try_from(left).unwrap_or_default(),
        typed: setup.map(|setup| grouped(&setup)),
        codes,
        mistake,
    })
}

/// In groups of four: nobody types thirty-two signs in a row.
fn grouped(setup: &Setup) -> String {
    let signs: Vec<char> = setup.typed.chars().collect();
    signs.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// The same as a picture that a telephone reads.
pub async fn code(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let seat = match seat(&app, &network, &headers, "me").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    match factor::setup(app.node.store(), &seat.account, &network).await {
        Ok(Some(setup)) => picture::secret(picture::qr(&setup.address)),
        Ok(None) => not_found(&seat.frame),
        Err(error) => rejected(&seat.frame, &broken(error)),
    }
}

/// What can be done about it.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    Begin,
    Confirm,
    Codes,
    Off,
}

/// One step of setting it up or letting it go. Whoever only found a screen that somebody left does none of it: each asks
/// for the password or for a code.
pub async fn send(
    State(app): State<App>,
    Path((network, step)): Path<(String, String)>,
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
    let step = match step.as_str() {
        "begin" => Step::Begin,
        "confirm" => Step::Confirm,
        "codes" => Step::Codes,
        "off" => Step::Off,
        _ => return not_found(&seat.frame),
    };
    let name = (seat.account.network, seat.account.name.to_lowercase());
    if let Err(wait_s) = app.rates.sign_in.take(name, pipeline::now()) {
        return too_often(&seat.frame, wait_s);
    }
    let Seat { frame, account, token, .. } = seat;
    let (status, codes, mistake) = match done(&app, (&account, &token), step, &form).await {
        Ok(codes) if codes.is_empty() => {
            return Redirect::to(&format!("/n/{network}/me/second-step")).into_response();
        }
        Ok(codes) => (StatusCode::OK, codes, String::new()),
        Err(IdentityError::Store(error)) => return rejected(&frame, &Rejection::from(error)),
        Err(IdentityError::NotYou) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Vec::new(), frame.t("me-password-wrong"))
        }
        Err(IdentityError::Hasher(error)) => {
            tracing::warn!(%error, "a second step was not set up");
            return trouble(&frame, StatusCode::SERVICE_UNAVAILABLE, "problem-away");
        }
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Vec::new(), identity_in_words(&frame, &error)),
    };
    match page(&app, (&frame, &account), codes, mistake).await {
        Ok(page) => (status, render(&page)).into_response(),
        Err(rejection) => rejected(&frame, &rejection),
    }
}

async fn done(
    app: &App,
    (account, token): (&Account, &str),
    step: Step,
    form: &forms::Form,
) -> Result<Vec<String>, IdentityError> {
    let store = app.node.store();
    let said = |field: &str| form.get(field).map(|text| text.trim()).unwrap_or_default();
    let random = |_: Rejection| IdentityError::Hasher("no randomness".into());
    if step == Step::Confirm {
        let bytes: [u8; factor::CODES * 10] = pipeline::node::random().map_err(random)?;
        let codes = factor::confirm(store, account, said("code"), &bytes, pipeline::now()).await?;
        // Whoever came in by the password alone does not stay.
        identity::sign_out_elsewhere(store, account.key, token).await?;
        return Ok(codes);
    }
    identity::check_password(account, said("password")).await?;
    match step {
        Step::Begin => {
            let secret = pipeline::node::random().map_err(random)?;
            factor::begin(store, account, secret).await.map(|()| Vec::new())
        }
        Step::Codes => {
            let bytes: [u8; factor::CODES * 10] = pipeline::node::random().map_err(random)?;
            match store.factor(account.key).await?.and_then(|factor| factor.since) {
                Some(_) => factor::renew_codes(store, account, &bytes).await,
                None => Ok(Vec::new()),
            }
        }
        Step::Off | Step::Confirm => Ok(store.drop_factor(account.key).await.map(|()| Vec::new())?),
    }
}
