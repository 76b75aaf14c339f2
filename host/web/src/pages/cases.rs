//! Cases: appeals and reports, what is said in them, and how they end.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::acts::{AnyAct, CaseAct, ExceptionAct, GoverningAct, Grant, Settled};
use pipeline::{Reader, Refused, Rejection};
use serde_json::Value as Json;
use valueflows::{Class, Id, Instant, Prop, Record};

use super::changes::text;
use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, answered, not_found, seat};
use crate::locale::Locale;
use crate::wording;

/// For how many days an exception stands that is made with a case.
const EXCEPTION_DAYS: i64 = 14;

struct Row {
    id: String,
    what: String,
    is: String,
    due: String,
    mine: bool,
}

/// An exception, in a sentence.
struct Excepted {
    text: String,
    open: bool,
}

#[derive(Template)]
#[template(path = "cases.html")]
struct List<'a> {
    frame: &'a Frame,
    rows: Vec<Row>,
    exceptions: Vec<Excepted>,
    ways: String,
}

/// The cases that somebody sees, and the exceptions that were made.
pub async fn list(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "rules").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let l = seat.frame.locale.clone();
    let found = all(&mut seat.reader, &l).await;
    let list =
        found.map(|(rows, exceptions, ways)| Some(List { frame: &seat.frame, rows, exceptions, ways }));
    answered(&seat.frame, list)
}

async fn all(reader: &mut Reader, l: &Locale) -> Result<(Vec<Row>, Vec<Excepted>, String), Rejection> {
    let mut rows = Vec::new();
    for case in reader.every(Class::Case).await?.into_iter().rev() {
        let stands = reader.case(&case).await?;
        rows.push(Row {
            id: case.id.to_string(),
            what: what(l, &stands),
            is: is(l, &stands),
            due: due(l, &stands),
            mine: stands.get("isMine") == Some(&Json::Bool(true)),
        });
    }
    let mut exceptions = Vec::new();
    for exception in reader.every(Class::Exception).await?.into_iter().rev() {
        let stands = reader.exception(&exception).await?;
        let until = exception.fields.instant(Prop::HasEnd).map(|at| l.day(at)).unwrap_or_default();
        let said = l.put("who", text(&stands, "member")).put("status", text(&stands, "status"));
        let said = said.put("act", text(&stands, "permits")).put("until", until);
        let said = said.put("thing", text(&stands, "thing")).put("about", u64::from(has(&stands, "thing")));
        let said = said.put("rule", text(&stands, "title")).put("although", u64::from(has(&stands, "title")));
        let text = said.put("reason", text(&stands, "reason")).put("by", text(&stands, "by")).t("exception");
        exceptions.push(Excepted { text, open: exception.is_open() });
    }
    let cases = reader.rules().compiled.book.cases.as_ref();
    let ways = cases.map(|cases| wording::case_rules(l, cases)).unwrap_or_default();
    Ok((rows, exceptions, ways))
}

/// Whether a document says something there.
fn has(json: &Json, name: &str) -> bool {
    json.get(name).and_then(Json::as_str).is_some_and(|text| !text.is_empty())
}

fn what(l: &Locale, stands: &Json) -> String {
    l.put("kind", text(stands, "kind")).put("author", text(stands, "author")).t("case-what")
}

/// Where a case stands, in words.
fn is(l: &Locale, stands: &Json) -> String {
    l.put("status", text(stands, "status")).t("case-status")
}

fn due(l: &Locale, stands: &Json) -> String {
    stands.get("due").and_then(Json::as_i64).map(|at| l.day(Instant(at))).unwrap_or_default()
}

struct Said {
    by: String,
    when: String,
    says: String,
}

#[derive(Template)]
#[template(path = "case.html")]
struct Page {
    frame: Frame,
    id: String,
    what: String,
    is: String,
    due: String,
    open: bool,
    parties: String,
    about: String,
    assignee: String,
    /// The decision that it is about: its sentence, and where it is explained to whoever it was made about.
    against: Option<(String, Option<String>)>,
    said: Vec<Said>,
    mine: bool,
    author: bool,
    /// Who would be excepted, if closing it can make an exception.
    excepts: String,
}

/// One case.
pub async fn show(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "rules").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Ok(id) = id.parse() else { return not_found(&seat.frame) };
    let page = page(&mut seat, id).await;
    answered(&seat.frame, page)
}

async fn page(seat: &mut Seat, id: Id) -> Result<Option<Page>, Rejection> {
    let frame = seat.frame.clone();
    let l = frame.locale.clone();
    let reader = &mut seat.reader;
    let Some(case) = reader.get(id).await?.filter(|case| case.class == Class::Case) else {
        return Ok(None);
    };
    let stands = reader.case(&case).await?;
    let list = |name: &str| stands.get(name).and_then(Json::as_array).cloned().unwrap_or_default();
    let statements = list("statements");
    let said = statements.iter().map(|one| Said {
        by: text(one, "by"),
        when: one.get("at").and_then(Json::as_i64).map(|at| l.day(Instant(at))).unwrap_or_default(),
        says: text(one, "says"),
    });
    let refused = stands.get("decided").and_then(|receipt| receipt.get("refused"));
    let names: Vec<String> = list("parties").iter().filter_map(Json::as_str).map(str::to_owned).collect();
    let excepts = match exception(reader, &case, "x").await? {
        Some(_) => text(&stands, "author"),
        None => String::new(),
    };
    let flag = |name: &str| stands.get(name) == Some(&Json::Bool(true));
    Ok(Some(Page {
        id: id.to_string(),
        what: what(&l, &stands),
        is: is(&l, &stands),
        due: due(&l, &stands),
        open: case.is_open(),
        parties: names.join(", "),
        about: text(&stands, "about"),
        assignee: text(&stands, "assignee"),
        against: refused
            .map(|refused| (text(refused, "sentence"), flag("isAuthor").then(|| text(&stands, "decision")))),
        said: said.collect(),
        mine: flag("isMine"),
        author: flag("isAuthor"),
        excepts,
        frame,
    }))
}

/// The exception that would put an appeal right: the act once, without the rule that refused it.
async fn exception(
    reader: &mut Reader,
    case: &Record,
    reason: &str,
) -> Result<Option<ExceptionAct>, Rejection> {
    let Some(author) = case.fields.id(Prop::Author) else { return Ok(None) };
    let Some((receipt, written)) = reader.appealed(case).await? else { return Ok(None) };
    let Err(refused) = receipt.decision else { return Ok(None) };
    let asked = written.command.acts.iter().find_map(pipeline::settling::excepted_as);
    let (Some((act, thing)), true) = (asked, written.command.agent == author) else { return Ok(None) };
    let thing = match thing {
        Some(offer) => {
            reader.get(offer).await?.and_then(|offer| offer.fields.id(Prop::ResourceInventoriedAs))
        }
        None => None,
    };
    Ok(Some(ExceptionAct::Grant(Box::new(Grant {
        member: author,
        act: act.to_owned(),
        rule: liftable(reader, &refused),
        thing,
        days: None,
        most: None,
        until: reader.time().plus_us(EXCEPTION_DAYS * Instant::DAY_US),
        case: Some(case.id),
        reason: reason.to_owned(),
    }))))
}

fn liftable(reader: &Reader, refused: &Refused) -> Option<String> {
    let named = refused.reasons.iter().map(|reason| &reason.policy);
    named.into_iter().find(|policy| reader.rules().compiled.may_be_suspended(policy)).cloned()
}

/// What somebody does about a case, or begins one with.
pub async fn send(
    State(app): State<App>,
    Path((network, id, step)): Path<(String, String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "rules").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let statement = form.get("says").map(|text| text.trim().to_owned()).unwrap_or_default();
    let Ok(case) = id.parse::<Id>() else { return not_found(&seat.frame) };
    let mut acts = Vec::new();
    let act = match &*step {
        // The id is the decision's then.
        "appeal" => CaseAct::Open { decision: Some(case), thing: None, against: Vec::new(), statement },
        "say" => CaseAct::Say { case, statement },
        "withdraw" => CaseAct::Withdraw { case },
        "close" => {
            let how = match form.get("how").map(String::as_str) {
                Some("upheld") => Settled::Upheld,
                Some("reversed" | "excepted") => Settled::Reversed,
                Some("mediated") => Settled::Mediated,
                _ => return not_found(&seat.frame),
            };
            if form.get("how").is_some_and(|how| how == "excepted") {
                match excepted(&mut seat.reader, case, &statement).await {
                    Ok(Some(act)) => acts.push(AnyAct::Governing(GoverningAct::Except(act))),
                    Ok(None) => return not_found(&seat.frame),
                    Err(rejection) => return crate::frame::rejected(&seat.frame, &rejection),
                }
            }
            CaseAct::Close { case, how, statement }
        }
        _ => return not_found(&seat.frame),
    };
    acts.insert(0, AnyAct::Governing(GoverningAct::Case(act)));
    forms::send(&app, seat, &form, acts).await
}

async fn excepted(reader: &mut Reader, case: Id, reason: &str) -> Result<Option<ExceptionAct>, Rejection> {
    match reader.get(case).await? {
        Some(case) => exception(reader, &case, reason).await,
        None => Ok(None),
    }
}

/// Reports something.
pub async fn report(
    State(app): State<App>,
    Path(network): Path<String>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "rules").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let said = |name: &str| form.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    let against = match named(&mut seat.reader, &said("against")).await {
        Ok(against) => against,
        Err(rejection) => return crate::frame::rejected(&seat.frame, &rejection),
    };
    let thing = said("thing").parse().ok();
    let act = CaseAct::Open { decision: None, thing, against, statement: said("says") };
    forms::send(&app, seat, &form, vec![AnyAct::Governing(GoverningAct::Case(act))]).await
}

/// The member of a name; nobody where there is none of that name.
async fn named(reader: &mut Reader, name: &str) -> Result<Vec<Id>, Rejection> {
    if name.is_empty() {
        return Ok(Vec::new());
    }
    for membership in reader.every(Class::Membership).await? {
        let Some(member) = membership.fields.id(Prop::Member) else { continue };
        if membership.is_open() && reader.title(member).await? == name {
            return Ok(vec![member]);
        }
    }
    Err(Rejection::NoAgent(name.to_owned()))
}
