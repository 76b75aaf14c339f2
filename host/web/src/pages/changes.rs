//! Rule changes: what is discussed and voted on, what came of it, and writing one down.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::acts::tally::Tally;
use pipeline::acts::{AmendAct, AnyAct, Ballot, GoverningAct};
use pipeline::{Reader, Rejection};
use serde_json::Value as Json;
use valueflows::{Class, Id, Instant};

use crate::App;
use crate::forms;
use crate::frame::{Frame, Seat, answered, not_found, seat};
use crate::locale::Locale;
use crate::wording;

struct Row {
    id: String,
    title: String,
    is: String,
    open: bool,
    /// Whether the reader's vote is missing.
    votes: bool,
}

#[derive(Template)]
#[template(path = "changes.html")]
struct List<'a> {
    frame: &'a Frame,
    rows: Vec<Row>,
}

/// The rule changes of a network.
pub async fn list(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "changes").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let l = seat.frame.locale.clone();
    let rows = rows(&mut seat.reader, &l).await;
    answered(&seat.frame, rows.map(|rows| Some(List { frame: &seat.frame, rows })))
}

async fn rows(reader: &mut Reader, l: &Locale) -> Result<Vec<Row>, Rejection> {
    let mut rows = Vec::new();
    for amendment in reader.amendments().await?.into_iter().rev() {
        let stands = reader.amendment(&amendment).await?;
        rows.push(Row {
            id: amendment.id.to_string(),
            title: amendment.title(),
            is: stands_at(l, &stands),
            open: amendment.is_open(),
            votes: votes(&stands),
        });
    }
    Ok(rows)
}

/// Whether a vote is open in which the reader's is missing.
pub(super) fn votes(stands: &Json) -> bool {
    let open = stands.get("status").and_then(Json::as_str) == Some("voting");
    let missing = stands.get("vote").is_some_and(|vote| {
        vote.get("mayVote") == Some(&Json::Bool(true)) && vote.get("own").is_none_or(Json::is_null)
    });
    open && missing
}

pub(super) fn text(json: &Json, name: &str) -> String {
    json.get(name).and_then(Json::as_str).unwrap_or_default().to_owned()
}

pub(super) fn texts(json: &Json, name: &str) -> Vec<String> {
    let list = json.get(name).and_then(Json::as_array);
    list.into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}

/// Where a change stands, and until when, or when it is looked at again.
fn stands_at(l: &Locale, stands: &Json) -> String {
    let status = text(stands, "status");
    let is = wording::status(l, &status);
    let Some(due) = stands.get("due").and_then(Json::as_i64).map(|at| l.deadline(Instant(at))) else {
        return is;
    };
    let said = l.put("is", is).put("due", due);
    if status == "enacted" { said.t("is-review") } else { said.t("is-until") }
}

#[derive(Template)]
#[template(path = "change.html")]
struct Change<'a> {
    frame: &'a Frame,
    id: String,
    title: String,
    note: String,
    author: String,
    sponsors: Vec<String>,
    is: String,
    stake: String,
    decided_by: String,
    differences: Vec<String>,
    does: Vec<String>,
    problems: Vec<String>,
    /// What came of trying it, before the vote began.
    tried: Vec<String>,
    /// Whether nobody sees another's vote before it has closed.
    sealed: bool,
    /// Instead of which other change it is.
    instead_of: String,
    /// How one chooses between several, and what there is to choose from; nothing where it is yes or no.
    how: &'static str,
    choices: Vec<String>,
    reason: String,
    /// Where a vote is or was: so many could, so many did, so many have to.
    vote: Option<(u64, u64, u64)>,
    own: String,
    result: Vec<String>,
    /// What the reader can do: a path, a label, and whether it asks for a reason.
    steps: Vec<(&'static str, &'static str, bool)>,
    votes: bool,
    has_rules: bool,
    failed: Vec<String>,
}

/// One rule change.
pub async fn show(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "changes").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Ok(id) = id.parse::<Id>() else { return not_found(&seat.frame) };
    let Seat { reader, frame, .. } = &mut seat;
    let page = change(reader, frame, id).await;
    answered(frame, page)
}

async fn change<'a>(reader: &mut Reader, frame: &'a Frame, id: Id) -> Result<Option<Change<'a>>, Rejection> {
    let found = reader.get(id).await?.filter(|record| record.class == Class::Amendment);
    let Some(amendment) = found else { return Ok(None) };
    let stands = reader.amendment(&amendment).await?;
    let own_amendment = amendment.fields.id(valueflows::Prop::Author) == Some(reader.agent());
    let status = text(&stands, "status");
    let l = &frame.locale;
    let way = stands.get("way").and_then(|way| serde_json::from_value(way.clone()).ok());
    let vote = stands.get("vote").filter(|vote| vote.is_object());
    let number = |vote: &Json, name: &str| vote.get(name).and_then(Json::as_u64).unwrap_or_default();
    let may_vote = vote.is_some_and(|vote| vote.get("mayVote") == Some(&Json::Bool(true)));
    let differences = stands.get("differences").and_then(Json::as_array);
    let mut does = Vec::new();
    for effect in stands.get("effects").and_then(Json::as_array).into_iter().flatten() {
        does.push(effect_in_words(reader, l, effect).await?);
    }
    Ok(Some(Change {
        id: id.to_string(),
        title: amendment.title(),
        note: text(&stands, "note"),
        author: text(&stands, "author"),
        sponsors: texts(&stands, "sponsors"),
        is: stands_at(l, &stands),
        stake: l.put("risk", text(&stands, "risk")).t("risk"),
        decided_by: way.map(|way| wording::decision(l, &way)).unwrap_or_default(),
        differences: differences
            .into_iter()
            .flatten()
            .map(|one| wording::difference(reader, l, one))
            .collect(),
        does,
        problems: wording::problems(l, &stands),
        tried: stands.get("trial").map(|trial| tried(l, trial)).unwrap_or_default(),
        sealed: vote.and_then(|vote| vote.get("sealed")) == Some(&Json::Bool(true)),
        instead_of: text(&stands, "insteadOf"),
        how: how(&stands),
        choices: choices(l, &stands),
        failed: texts(&stands, "failed"),
        reason: text(&stands, "reason"),
        vote: vote.map(|vote| (number(vote, "couldVote"), number(vote, "voted"), number(vote, "takes"))),
        own: vote.map(|vote| text(vote, "own")).unwrap_or_default(),
        result: result(reader, l, &stands),
        steps: steps(&status, own_amendment, amendment.fields.flag(valueflows::Prop::Recovery)),
        votes: status == "voting" && may_vote,
        has_rules: stands.get("book").is_some_and(Json::is_string),
        frame,
    }))
}

/// How one chooses between several changes; nothing where it is yes or no.
fn how(stands: &Json) -> &'static str {
    // Where a calculation counts, its way of deciding says what a ballot says.
    let method = stands.get("method");
    match method.and_then(|method| method.pointer("/counted/ballot")).or(method) {
        Some(Json::String(method)) if method == "approval" => "approval",
        Some(Json::String(method)) if method == "ranked" => "ranked",
        Some(Json::Object(method)) if method.contains_key("score") => "score",
        _ => "",
    }
}

/// What there is to choose from: the changes that are voted on together, and things as they are.
fn choices(l: &Locale, stands: &Json) -> Vec<String> {
    if how(stands).is_empty() {
        return Vec::new();
    }
    let mut choices = texts(stands, "options");
    if choices.is_empty() {
        choices.push(text(stands, "title"));
    }
    choices.push(l.t("vote-as-it-is"));
    choices
}

/// What a voter says on the form.
fn choice(form: &forms::Form) -> Option<Ballot> {
    let field = |n: usize| form.get(&format!("option-{n}")).map(|text| text.trim());
    // As many as the form had: a field for each.
    let count: usize = form.get("options").and_then(|count| count.parse().ok()).unwrap_or_default();
    let numbers = || (0..count.min(64)).map(|n| field(n).and_then(|text| text.parse::<u32>().ok()));
    Some(match form.get("choice").map(String::as_str)? {
        "yes" => Ballot::Yes,
        "no" => Ballot::No,
        "abstain" => Ballot::Abstain,
        "object" => Ballot::Object,
        "approval" => Ballot::Approve((0..count.min(64)).filter(|n| field(*n).is_some()).collect()),
        "score" => Ballot::Score(numbers().map(Option::unwrap_or_default).collect()),
        "ranked" => {
            let mut places: std::collections::BTreeMap<u32, Vec<usize>> = Default::default();
            for (n, place) in numbers().enumerate() {
                // What has no place comes last.
                if let Some(place) = place {
                    places.entry(place).or_default().push(n);
                }
            }
            Ballot::Rank(places.into_values().collect())
        }
        _ => return None,
    })
}

fn number(json: &Json, name: &str) -> u64 {
    json.get(name).and_then(Json::as_u64).unwrap_or_default()
}

/// What came of trying a change, in sentences.
pub(super) fn tried(l: &Locale, trial: &Json) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(past) = trial.get("past").filter(|past| past.is_object()) {
        let failed = u64::from(past.get("failed").is_some());
        let said_of = l.put("failed", failed).put("words", what_if_words(l, past));
        said.push(said_of.t("tried-past"));
    }
    let Some(told) = trial.get("before").filter(|told| told.is_object()) else { return said };
    let (played, differ) = (number(told, "played"), number(told, "differ"));
    said.push(l.put("played", played).put("differ", differ).t("tried-stories"));
    for one in told.get("different").and_then(Json::as_array).into_iter().flatten() {
        let how = wording::told(l, "story-came", one, &text(one, "how"));
        said.push(l.put("name", text(one, "name")).put("how", how).t("tried-story"));
    }
    said
}

/// What a what-if came to.
pub(super) fn what_if_words(l: &Locale, found: &Json) -> String {
    let said = l.put("refused", number(found, "refused")).put("allowed", number(found, "allowed"));
    said.put("following", number(found, "following")).t("what-if-words")
}

/// What came of the vote, in sentences.
fn result(reader: &Reader, l: &Locale, stands: &Json) -> Vec<String> {
    let tally = stands.get("tally").and_then(|tally| serde_json::from_value::<Tally>(tally.clone()).ok());
    let Some(mut tally) = tally else { return texts(stands, "result") };
    for because in &mut tally.because {
        because.says = wording::reason(reader, l, (&because.code, &because.says));
    }
    let mut options = texts(stands, "options");
    if options.len() > 1 {
        options.push(l.t("vote-as-it-is"));
    }
    wording::tally(l, &tally, &options)
}

/// What can be done where a change stands, and whether it takes a reason; the rules say who may.
fn steps(status: &str, own: bool, recovery: bool) -> Vec<(&'static str, &'static str, bool)> {
    match (status, own) {
        ("draft", false) => vec![("sponsor", "step-sponsor", false)],
        ("draft" | "superseded", true) => vec![("withdraw", "step-withdraw", false)],
        ("sponsored", true) => {
            vec![("freeze", "step-freeze", false), ("withdraw", "step-withdraw", false)]
        }
        ("sponsored", false) => vec![("sponsor", "step-sponsor-too", false)],
        ("voting", true) => vec![("withdraw", "step-withdraw", false)],
        ("waiting", _) if recovery => vec![("withdraw", "step-keep", false)],
        ("waiting", _) => vec![("veto", "step-veto", true)],
        ("vetoed", _) => vec![("override", "step-override", false)],
        ("review-due", _) => vec![("renew", "step-renew", false)],
        _ => Vec::new(),
    }
}

/// An act that a vote carries out, in words.
async fn effect_in_words(reader: &mut Reader, l: &Locale, effect: &Json) -> Result<String, Rejection> {
    match GoverningAct::of_json(effect) {
        Ok(act) => wording::act(reader, l, &AnyAct::Governing(act)).await,
        Err(_) => Ok(l.t("effect-unknown")),
    }
}

/// What somebody does about a change.
pub async fn send(
    State(app): State<App>,
    Path((network, id, step)): Path<(String, String, String)>,
    headers: HeaderMap,
    Form(form): Form<forms::Form>,
) -> Response {
    let seat = match seat(&app, &network, &headers, "changes").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let said = |name: &str| form.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    let Ok(amendment) = id.parse::<Id>() else { return not_found(&seat.frame) };
    let act = match &*step {
        "sponsor" => AmendAct::Sponsor { amendment },
        "freeze" => AmendAct::Freeze { amendment },
        "withdraw" => AmendAct::Withdraw { amendment },
        "override" => AmendAct::Override { amendment },
        "renew" => AmendAct::Renew { amendment },
        "veto" => AmendAct::Veto { amendment, reason: said("reason") },
        "vote" => {
            let Some(choice) = choice(&form) else { return not_found(&seat.frame) };
            AmendAct::Cast { amendment, choice, note: said("note") }
        }
        _ => return not_found(&seat.frame),
    };
    forms::send(&app, seat, &form, vec![AnyAct::Governing(GoverningAct::Amend(act))]).await
}
