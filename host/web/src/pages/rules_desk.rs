//! Writing rules on a page: one rule's text at a time, looked at, formatted, tried on the network's stories and on its
//! newest past, and then written down as a rule change, or into one that its author has written down already.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use pipeline::acts::{AmendAct, AnyAct, Command, GoverningAct, Status};
use pipeline::drafting::{Looked, formatted, with_rule};
use pipeline::{Reader, Rejection, RuleBook};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Semaphore;
use valueflows::{Class, Id, Prop};

use super::changes::{text, tried};
use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, answered, rejected, render, seat, trouble};
use crate::wording;

/// Rules are compiled, played and judged by one at a time: each takes a core for about a second.
pub static TRYING: Semaphore = Semaphore::const_new(1);

/// The id under which a rule is written that has none yet.
const NEW: &str = "new";

/// What a new rule begins as.
const BEGUN: &str = "@id(\"my-rule\")\n@title(\"What it says, in a line\")\n@why(\"Why somebody is refused by it.\")\n\
                     @remedy(\"What they can do.\")\nforbid (principal, action == Action::\"borrow\", resource)\nwhen { context.days > 28 };\n";

#[derive(Deserialize, Default)]
pub struct Into {
    /// A change that is being written already.
    #[serde(default)]
    into: String,
}

struct Row {
    id: String,
    title: String,
    forbids: bool,
}

#[derive(Template)]
#[template(path = "rules_desk.html")]
struct List<'a> {
    frame: &'a Frame,
    into: String,
    rows: Vec<Row>,
}

/// What was found of a rule as it is written now.
struct Found {
    stake: String,
    differences: Vec<String>,
    problems: Vec<String>,
    tried: Vec<String>,
}

#[derive(Template)]
#[template(path = "rule_edit.html")]
struct Edit<'a> {
    frame: &'a Frame,
    id: String,
    written: String,
    form: &'a forms::Form,
    /// Changes of the reader's own into which it could go: id, title, whether it is chosen.
    drafts: Vec<(String, String, bool)>,
    mistake: String,
    found: Option<Found>,
}

impl Edit<'_> {
    fn said(&self, field: &str) -> &str {
        self.form.get(field).map(|text| text.trim()).unwrap_or_default()
    }

    fn lines(&self) -> usize {
        self.written.lines().count().clamp(12, 40)
    }
}

/// The reader's own changes that are still being written: id and title.
async fn drafts(reader: &mut Reader) -> Result<Vec<(Id, String)>, Rejection> {
    let me = Some(reader.agent());
    let mine = |status| matches!(status, Some(Status::Draft | Status::Sponsored | Status::Superseded));
    let all = reader.amendments().await?.into_iter();
    let own = all.filter(|one| one.fields.id(Prop::Author) == me && mine(Status::of(one)));
    Ok(own.map(|one| (one.id, one.title())).collect())
}

/// The rules that are begun with: those of a change that is being written, or those in force.
async fn base(reader: &mut Reader, into: &str) -> Result<RuleBook, Rejection> {
    if let Ok(id) = into.parse::<Id>()
        && drafts(reader).await?.iter().any(|(known, _)| *known == id)
        && let Some(amendment) = reader.get(id).await?
        && let Some(book) = reader.book_of(&amendment).await?
    {
        return Ok(book);
    }
    Ok(reader.rules().compiled.book.clone())
}

/// The network's own rules, to choose one from.
pub async fn list(
    State(app): State<App>,
    Path(network): Path<String>,
    Query(Into { into }): Query<Into>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "changes").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    let book = match base(reader, &into).await {
        Ok(book) => book,
        Err(rejection) => return rejected(frame, &rejection),
    };
    let standing = match reader.standing_rules(None).await {
        Ok(standing) => standing,
        Err(rejection) => return rejected(frame, &rejection),
    };
    let compiled = &reader.rules().compiled;
    let own = book.policies.iter().filter(|policy| !policy.protected);
    let rows = own.map(|policy| {
        let title = compiled.says_in(&policy.id, "title", frame.locale.tag());
        // One that is only in a change has no title yet that anybody voted on.
        Row {
            id: policy.id.clone(),
            title: title.unwrap_or(&policy.id).to_owned(),
            forbids: standing.iter().any(|rule| rule.id == policy.id && rule.effect == "forbid"),
        }
    });
    render(&List { frame, into, rows: rows.collect() })
}

/// One rule's text.
pub async fn show(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    Query(Into { into }): Query<Into>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "changes").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    let form = forms::Form::from([("into".to_owned(), into.clone())]);
    let page = async {
        let book = base(reader, &into).await?;
        let rule = book.policies.into_iter().find(|policy| policy.id == id && !policy.protected);
        let written = match rule {
            Some(policy) => formatted(&policy.text).unwrap_or(policy.text),
            None if id == NEW => BEGUN.to_owned(),
            None => return Ok(None),
        };
        edit(reader, frame, &id, (written, &form)).await.map(Some)
    };
    answered(frame, page.await)
}

async fn edit<'a>(
    reader: &mut Reader,
    frame: &'a Frame,
    id: &str,
    (written, form): (String, &'a forms::Form),
) -> Result<Edit<'a>, Rejection> {
    let chosen = form.get("into").cloned().unwrap_or_default();
    let drafts = drafts(reader).await?.into_iter();
    let drafts = drafts.map(|(id, title)| {
        let id = id.to_string();
        let is = id == chosen;
        (id, title, is)
    });
    let drafts = drafts.collect();
    Ok(Edit { frame, id: id.to_owned(), written, form, drafts, mistake: String::new(), found: None })
}

/// Looks at it, formats it, or writes it down.
pub async fn send(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "changes").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    if let Some(response) = forms::foreign(&seat.frame, &form) {
        return response;
    }
    let Seat { reader, frame, .. } = &mut seat;
    let said = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let written = said("rule").replace("\r\n", "\n");
    let step = said("do");
    if step == "write" {
        match write(&app, reader, frame, &id, (&written, &form)).await {
            Ok(Done::There(response)) => return response,
            Ok(Done::Not(mistake)) => return again(reader, frame, &id, (written, &form), mistake).await,
            Err(rejection) => return rejected(frame, &rejection),
        }
    }
    let shown = match formatted(&written) {
        Ok(pretty) if step == "format" => pretty,
        Ok(_) => written.clone(),
        Err(error) => return again(reader, frame, &id, (written, &form), error.to_string()).await,
    };
    let _turn = TRYING.acquire().await;
    let looked = match with_base(reader, said("into"), &id, &written).await {
        Ok(Ok(book)) => reader.looked_at(&book).await,
        Ok(Err(mistake)) => Ok(Err(mistake)),
        Err(rejection) => Err(rejection),
    };
    match looked {
        Ok(Ok(looked)) => {
            let found = found(reader, frame, &looked);
            let page = edit(reader, frame, &id, (shown, &form)).await;
            answered(frame, page.map(|page| Some(Edit { found: Some(found), ..page })))
        }
        Ok(Err(mistake)) => again(reader, frame, &id, (shown, &form), mistake).await,
        Err(rejection) => rejected(frame, &rejection),
    }
}

async fn again(
    reader: &mut Reader,
    frame: &Frame,
    id: &str,
    typed: (String, &forms::Form),
    mistake: String,
) -> Response {
    match edit(reader, frame, id, typed).await {
        Ok(page) => (StatusCode::UNPROCESSABLE_ENTITY, render(&Edit { mistake, ..page })).into_response(),
        Err(rejection) => rejected(frame, &rejection),
    }
}

/// The rules as they would be; what is wrong with the text, where something is.
async fn with_base(
    reader: &mut Reader,
    into: &str,
    id: &str,
    written: &str,
) -> Result<Result<RuleBook, String>, Rejection> {
    let base = base(reader, into).await?;
    Ok(with_rule(&base, id, written).map_err(|error| error.to_string()))
}

fn found(reader: &Reader, frame: &Frame, looked: &Looked) -> Found {
    let l = &frame.locale;
    let differences = looked.report.get("differences").and_then(serde_json::Value::as_array);
    let trial = json!({"past": looked.past, "before": looked.stories});
    Found {
        stake: l.put("risk", text(&looked.report, "risk")).t("risk"),
        differences: differences
            .into_iter()
            .flatten()
            .map(|one| wording::difference(reader, l, one))
            .collect(),
        problems: wording::problems(l, &looked.report),
        tried: tried(l, &trial),
    }
}

enum Done {
    There(Response),
    Not(String),
}

/// Writes it down: as a change of its own, or into one of the reader's.
async fn write(
    app: &App,
    reader: &mut Reader,
    frame: &Frame,
    id: &str,
    (written, form): (&str, &forms::Form),
) -> Result<Done, Rejection> {
    let said = |name: &str| form.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    let Some(command) = said("command").parse::<Id>().ok() else {
        return Ok(Done::There(trouble(frame, StatusCode::BAD_REQUEST, "problem-form")));
    };
    let book = match with_base(reader, &said("into"), id, written).await? {
        Ok(book) => book.to_json()?,
        Err(mistake) => return Ok(Done::Not(mistake)),
    };
    let into = said("into").parse::<Id>().ok();
    let (title, note) = (said("title"), said("note"));
    if into.is_none() && title.is_empty() {
        return Ok(Done::Not(frame.t("rule-edit-no-title")));
    }
    let act = match into {
        Some(amendment) => AmendAct::Redraft { amendment, book, note },
        None => AmendAct::Draft { title, note, book: Some(book), effects: Vec::new(), instead_of: None },
    };
    let acts = vec![AnyAct::Governing(GoverningAct::Amend(act))];
    let command = Command::new(command, reader.agent(), acts);
    let receipt = match app.node.send(&frame.network, command, reader.via()).await {
        Ok(receipt) => receipt,
        Err(Rejection::Rules(mistake)) => return Ok(Done::Not(mistake)),
        Err(rejection) => return Err(rejection),
    };
    let made = receipt.made.iter().find(|(class, ..)| class == Class::Amendment.as_str());
    let next = match (receipt.decision.is_ok(), made) {
        (true, Some((_, amendment, _))) => format!("/n/{}/changes/{amendment}", frame.network),
        _ => format!("/n/{}/why/{}", frame.network, receipt.command),
    };
    Ok(Done::There(Redirect::to(&next).into_response()))
}
