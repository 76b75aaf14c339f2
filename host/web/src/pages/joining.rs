//! Asking to join, and who has asked.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use identity::IdentityError;
use pipeline::acts::{AnyAct, GoverningAct, JoinAct};
use pipeline::{Reader, Rejection};
use serde_json::Value as Json;
use valueflows::{Class, Id};

use super::changes::text;
use crate::App;
use crate::forms;
use crate::frame::{
    Frame, answered, identity_in_words, not_found, problem, rejected, render, seat, too_often,
};
use crate::locale::Locale;
use crate::wording;

#[derive(Template)]
#[template(path = "join.html")]
struct Ask<'a> {
    frame: &'a Frame,
    name: &'a str,
    problem: &'a str,
    ways: &'a str,
    /// The questions, each with what was answered so far.
    questions: Vec<(String, String)>,
}

/// The form for whoever wants to join.
pub async fn ask(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let frame = Frame::visiting(&app, &network, &headers).await;
    match app.node.joining(&network).await {
        Ok(Some(joining)) => {
            let questions = joining.questions.iter().map(|one| (one.clone(), String::new())).collect();
            render(&Ask {
                frame: &frame,
                name: "",
                problem: "",
                ways: &wording::joining_rules(&frame.locale, &joining),
                questions,
            })
        }
        Ok(None) => closed(&frame),
        Err(rejection) => rejected(&frame, &rejection),
    }
}

fn closed(frame: &Frame) -> Response {
    problem(
        frame,
        StatusCode::NOT_FOUND,
        &frame.t("not-here-title"),
        &frame.t("join-closed"),
        &frame.t("join-closed-remedy"),
    )
}

/// Somebody asks.
pub async fn send(
    State(app): State<App>,
    Path(network): Path<String>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let frame = Frame::visiting(&app, &network, &headers).await;
    let joining = match app.node.joining(&network).await {
        Ok(Some(joining)) => joining,
        Ok(None) => return closed(&frame),
        Err(rejection) => return rejected(&frame, &rejection),
    };
    let said = |name: &str| form.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    let (name, password) = (said("name"), form.get("password").cloned().unwrap_or_default());
    let answers: Vec<String> = (0..joining.questions.len()).map(|n| said(&format!("answer-{n}"))).collect();
    let again = |status: StatusCode, problem: &str| {
        let questions = joining.questions.iter().cloned().zip(answers.iter().cloned()).collect();
        let page = Ask {
            frame: &frame,
            name: &name,
            problem,
            ways: &wording::joining_rules(&frame.locale, &joining),
            questions,
        };
        (status, render(&page)).into_response()
    };
    match enter(&app, &network, (&name, &password), &answers).await {
        Ok(cookie) => {
            ([(header::SET_COOKIE, cookie)], Redirect::to(&format!("/n/{network}/joining"))).into_response()
        }
        Err(No::Often(wait_s)) => too_often(&frame, wait_s),
        Err(No::Identity(IdentityError::Store(error))) => rejected(&frame, &Rejection::from(error)),
        Err(No::Identity(error)) => again(StatusCode::CONFLICT, &identity_in_words(&frame, &error)),
        Err(No::Refused(sentence)) => again(StatusCode::UNPROCESSABLE_ENTITY, &sentence),
        Err(No::Rejected(rejection)) => rejected(&frame, &rejection),
    }
}

enum No {
    Often(u64),
    Identity(IdentityError),
    Refused(String),
    Rejected(Rejection),
}

/// Asks for somebody, and gives them an account to look how far it has come. The account's name is taken first:
/// nobody asks twice because a name was.
async fn enter(
    app: &App,
    network: &str,
    (name, password): (&str, &str),
    answers: &[String],
) -> Result<String, No> {
    let head = app.node.head(network).await.map_err(No::Rejected)?;
    app.rates.join.take(head.key, pipeline::now()).map_err(No::Often)?;
    let store = app.node.store();
    identity::check_new(store, head.key, (name, password)).await.map_err(No::Identity)?;
    let receipt = app.node.apply(network, name.to_owned(), answers.to_vec()).await.map_err(No::Rejected)?;
    if let Err(refused) = receipt.decision {
        return Err(No::Refused(format!("{}. {}", refused.sentence, refused.remedy)));
    }
    let person = receipt.made.iter().find(|(class, ..)| class == Class::Person.as_str());
    let person = person.map(|(_, id, _)| *id).unwrap_or_default();
    let who = (name, password);
    identity::add_account(store, head.key, who, person, pipeline::now()).await.map_err(No::Identity)?;
    let secret = pipeline::node::random().map_err(No::Rejected)?;
    let session = identity::sign_in_new(store, head.key, who, secret, pipeline::now()).await;
    Ok(identity::cookie::keep(&session.map_err(No::Identity)?))
}

struct Row {
    id: String,
    is: String,
    open: bool,
    answers: Vec<(String, String)>,
    vouched: String,
    reason: String,
    /// What can be done: the step, its words, and whether it takes a reason.
    steps: Vec<(&'static str, &'static str, bool)>,
}

#[derive(Template)]
#[template(path = "joining.html")]
struct List<'a> {
    frame: &'a Frame,
    rows: Vec<Row>,
    ways: String,
}

/// Those who have asked, as far as somebody sees them.
pub async fn list(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "people").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let joining = seat.reader.rules().compiled.book.joining.clone();
    let l = seat.frame.locale.clone();
    let ways = joining.map(|joining| wording::joining_rules(&l, &joining)).unwrap_or_default();
    let rows = rows(&mut seat.reader, &l).await;
    answered(&seat.frame, rows.map(|rows| Some(List { frame: &seat.frame, rows, ways })))
}

async fn rows(reader: &mut Reader, l: &Locale) -> Result<Vec<Row>, Rejection> {
    let mut rows = Vec::new();
    for application in reader.every(Class::Application).await?.into_iter().rev() {
        let stands = reader.application(&application).await?;
        let pairs = stands.get("answers").and_then(Json::as_array).cloned().unwrap_or_default();
        let part = |pair: &Json, n: usize| pair.get(n).and_then(Json::as_str).unwrap_or_default().to_owned();
        let names = stands.get("vouchers").and_then(Json::as_array).cloned().unwrap_or_default();
        let names: Vec<&str> = names.iter().filter_map(Json::as_str).collect();
        let takes = stands.get("takes").and_then(Json::as_u64).unwrap_or_default();
        let flag = |name: &str| stands.get(name) == Some(&Json::Bool(true));
        let steps = match (application.is_open(), flag("isMine"), takes) {
            (false, ..) => Vec::new(),
            (_, true, _) => vec![("withdraw", "step-application-withdraw", false)],
            (_, _, 0) => vec![
                ("accept", "step-application-accept", false),
                ("decline", "step-application-decline", true),
            ],
            _ if flag("vouched") => vec![("decline", "step-application-decline", true)],
            _ => vec![
                ("vouch", "step-application-vouch", false),
                ("decline", "step-application-decline", true),
            ],
        };
        rows.push(Row {
            id: application.id.to_string(),
            is: l
                .put("status", text(&stands, "status"))
                .put("who", text(&stands, "name"))
                .t("application-status"),
            open: application.is_open(),
            answers: pairs.iter().map(|pair| (part(pair, 0), part(pair, 1))).collect(),
            vouched: match takes {
                0 => String::new(),
                takes => {
                    let said = l.put("takes", takes).put("so-far", names.len());
                    said.put("names", names.join(", ")).t("application-vouched")
                }
            },
            reason: text(&stands, "reason"),
            steps,
        });
    }
    Ok(rows)
}

/// What somebody does about an application.
pub async fn answer(
    State(app): State<App>,
    Path((network, id, step)): Path<(String, String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let seat = match seat(&app, &network, &headers, "people").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Ok(application) = id.parse::<Id>() else { return not_found(&seat.frame) };
    let said = |name: &str| form.get(name).map(|text| text.trim().to_owned());
    let act = match &*step {
        "vouch" => {
            let certificate = said("certificate").filter(|text| !text.is_empty());
            JoinAct::Vouch { application, certificate }
        }
        "accept" => JoinAct::Accept { application },
        "decline" => JoinAct::Decline { application, reason: said("reason").unwrap_or_default() },
        "withdraw" => JoinAct::TakeBack { application },
        _ => return not_found(&seat.frame),
    };
    forms::send(&app, seat, &form, vec![AnyAct::Governing(GoverningAct::Join(act))]).await
}
