//! Signing with a key of one's own: what is signed, as text, and a field for the signature. A browser that holds the
//! key and runs scripts fills it by itself; anybody else signs with a program and types it in.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use pipeline::acts::{AnyAct, Command, Held, Signed, keys};
use pipeline::signed::ToSign;
use pipeline::{Rejection, Via};
use valueflows::Id;

use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, not_found, rejected, render, seat, trouble};
use crate::locale::Locale;
use crate::wording;

/// The only page-made script: it makes and uses a key that a browser holds. Every page works without it.
const SCRIPT: &str = include_str!("../../assets/key.js");

/// Where a page may run it.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";

/// Serves it.
pub async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], SCRIPT)
}

/// A page on which the script may run.
pub fn with_script(page: Response) -> Response {
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], page).into_response()
}

#[derive(Template)]
#[template(path = "sign.html")]
struct Page<'a> {
    frame: &'a Frame,
    /// Where the form goes.
    to: String,
    /// What is asked, in words.
    asked: Vec<String>,
    text: String,
    key: String,
    /// Whether it is the next key of a file of keys, or the one in use.
    next: bool,
    /// What the form said so far, and what goes with the signature.
    fields: Vec<(String, String)>,
    mistake: String,
}

/// What is to be signed, and by which key.
pub struct Wanted {
    /// Where the form goes.
    pub to: String,
    /// What is asked.
    pub acts: Vec<AnyAct>,
    /// The key that signs.
    pub key: String,
    /// Whether that is the next one.
    pub next: bool,
    /// Where to go on to.
    pub then: String,
}

fn field<'a>(form: &'a forms::Form, name: &str) -> &'a str {
    form.get(name).map(|text| text.trim()).unwrap_or_default()
}

/// Asks for a signature; sends what was signed once there is one.
pub async fn ask(app: &App, seat: Seat, form: &forms::Form, wanted: Wanted) -> Response {
    if let Some(response) = forms::foreign(&seat.frame, form) {
        return response;
    }
    let Ok(id) = field(form, "command").parse::<Id>() else {
        return trouble(&seat.frame, StatusCode::BAD_REQUEST, "problem-form");
    };
    // Nobody signs for somebody else.
    if seat.reader.via() != Via::Session {
        return trouble(&seat.frame, StatusCode::FORBIDDEN, "sign-own-hand");
    }
    let mut seat = seat;
    let Seat { reader, frame, .. } = &mut seat;
    let command = Command::new(id, reader.agent(), wanted.acts.clone());
    let salt = match pipeline::signed::salt(field(form, "salt")).map_or_else(pipeline::node::random, Ok) {
        Ok(salt) => salt,
        Err(rejection) => return rejected(frame, &rejection),
    };
    let to_sign = match ToSign::of(reader.head().network, &command, salt) {
        Ok(to_sign) => to_sign,
        Err(error) => return rejected(frame, &Rejection::Internal(error.to_string())),
    };
    let signature: String = field(form, "signature").split_whitespace().collect();
    let signed = to_sign.clone().signed(wanted.key.clone(), signature.to_lowercase());
    let read = Signed::from_json(&signed.to_json(valueflows::Part::Whole));
    if let (Ok(signed), false) = (read, signature.is_empty()) {
        let command = Command { signed: Some(signed), ..command };
        let network = frame.network.clone();
        return match app.node.send(&network, command, Via::Session).await {
            Ok(receipt) if receipt.decision.is_ok() && !wanted.then.is_empty() => {
                Redirect::to(&wanted.then).into_response()
            }
            Ok(receipt) => Redirect::to(&format!("/n/{network}/why/{}", receipt.command)).into_response(),
            Err(rejection) => rejected(frame, &rejection),
        };
    }
    let mut asked = Vec::new();
    for act in &wanted.acts {
        match wording::act(reader, &frame.locale, act).await {
            Ok(words) => asked.push(words),
            Err(rejection) => return rejected(frame, &rejection),
        }
    }
    let mut fields: Vec<(String, String)> = form.clone().into_iter().collect();
    fields.retain(|(name, _)| !["signature", "salt"].contains(&name.as_str()));
    fields.extend(to_sign.salt.clone().map(|salt| ("salt".to_owned(), salt)));
    fields.sort();
    let mistake = if signature.is_empty() { String::new() } else { frame.t("sign-cut") };
    let status = if signature.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let Wanted { to, key, next, .. } = wanted;
    let page = render(&Page { frame, to, asked, text: to_sign.text, key, next, fields, mistake });
    (status, with_script(page)).into_response()
}

/// What was refused, once more, with a signature.
pub async fn again(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "journal").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Ok(id) = id.parse::<Id>() else { return not_found(&seat.frame) };
    let found = match seat.reader.decision(id).await {
        Ok(found) => found,
        Err(rejection) => return rejected(&seat.frame, &rejection),
    };
    let own = found.filter(|(receipt, written)| {
        receipt.decision.is_err() && written.command.agent == seat.reader.agent()
    });
    let key = match key_of(&mut seat).await {
        Ok(key) => key,
        Err(rejection) => return rejected(&seat.frame, &rejection),
    };
    let (Some((_, written)), Some((key, _))) = (own, key) else { return not_found(&seat.frame) };
    let to = format!("/n/{network}/why/{id}/with-key");
    let wanted = Wanted { to, acts: written.command.acts, key, next: false, then: String::new() };
    ask(&app, seat, &form, wanted).await
}

/// The key that the reader signs with, and where it is held.
pub async fn key_of(seat: &mut Seat) -> Result<Option<(String, Held)>, Rejection> {
    let membership = seat.reader.membership().await?;
    Ok(membership.as_deref().and_then(keys::of).map(|(key, held)| (key.to_owned(), held)))
}

/// By whose key something is signed, in words.
pub fn in_words(l: &Locale, by: &str) -> String {
    l.put("by", by).t("signed-by")
}
