//! What came of a command: done, or why not and what to do.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::{Reader, Refused, Rejection};
use serde_json::Value as Json;
use valueflows::Id;

use crate::App;
use crate::frame::{Frame, Seat, answered, not_found, seat};
use crate::locale::Locale;
use crate::wording;

struct Reason {
    policy: String,
    title: String,
    remedy: String,
    because: Vec<String>,
    /// What would have to be different.
    instead: Vec<String>,
}

struct No {
    sentence: String,
    remedy: String,
    code: String,
    reasons: Vec<Reason>,
}

#[derive(Template)]
#[template(path = "why.html")]
struct Page {
    frame: Frame,
    command: String,
    /// Whether the reader can appeal against it here.
    appeals: bool,
    asked: String,
    refused: Option<No>,
    facts: Vec<String>,
    follows: Vec<String>,
    permits: String,
    /// Whether it takes a key that the reader has.
    signs: bool,
    /// By whose key it is signed.
    signed_by: String,
    when: String,
    seq: u64,
}

pub async fn show(
    State(app): State<App>,
    Path((network, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "journal").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Ok(id) = id.parse() else { return not_found(&seat.frame) };
    let page = page(&mut seat, id).await;
    answered(&seat.frame, page)
}

async fn page(seat: &mut Seat, command: Id) -> Result<Option<Page>, Rejection> {
    let frame = seat.frame.clone();
    let l = frame.locale.clone();
    let reader = &mut seat.reader;
    let Some((receipt, written)) = reader.decision(command).await? else { return Ok(None) };
    let mut asked = Vec::new();
    for act in &written.command.acts {
        asked.push(wording::act(reader, &l, act).await?);
    }
    let mut follows = Vec::new();
    for record in &written.made {
        follows.extend(wording::follows(reader, &l, record).await?);
    }
    let title = |id: &str| reader.rules().compiled.says_in(id, "title", l.tag()).unwrap_or(id).to_owned();
    // A rule that permitted several acts is named once.
    let mut named: Vec<String> = Vec::new();
    for rule in list(&written.judged, "policies").iter().filter_map(Json::as_str).map(title) {
        if !named.contains(&rule) {
            named.push(rule);
        }
    }
    let own = written.command.agent == reader.agent();
    let unsigned = |refused: &Refused| {
        let because = refused.reasons.iter().flat_map(|reason| &reason.because);
        because.into_iter().any(|test| test.contains("context.signedBy"))
    };
    let signs = own && written.command.signed.is_none() && receipt.decision.as_ref().is_err_and(unsigned);
    let signs = signs && super::signing::key_of(seat).await?.is_some();
    let reader = &mut seat.reader;
    Ok(Some(Page {
        frame,
        command: command.to_string(),
        appeals: own && reader.rules().compiled.book.cases.is_some(),
        asked: asked.join("; "),
        refused: receipt.decision.as_ref().err().map(|refused| no(reader, &l, refused)),
        facts: list(&written.judged, "facts").iter().map(Json::to_string).collect(),
        follows,
        permits: named.join(", "),
        signs,
        signed_by: super::signing::in_words(&l, receipt.signed_by.as_str()),
        when: l.moment(receipt.at),
        seq: receipt.seq,
    }))
}

/// Everything under a name in the rulings of an entry's acts.
fn list(judged: &Json, name: &str) -> Vec<Json> {
    let acts = judged.get("acts").and_then(Json::as_array);
    let lists = acts.into_iter().flatten().filter_map(|act| act.get(name).and_then(Json::as_array));
    lists.flatten().cloned().collect()
}

fn no(reader: &Reader, l: &Locale, refused: &Refused) -> No {
    let says = |id: &str, what: &str| {
        reader.rules().compiled.says_in(id, what, l.tag()).unwrap_or_default().to_owned()
    };
    let reasons = refused.reasons.iter().map(|reason| Reason {
        title: match says(&reason.policy, "title") {
            title if title.is_empty() => reason.policy.clone(),
            title => title,
        },
        remedy: match reason.effect.as_str() {
            "forbid" => says(&reason.policy, "remedy"),
            _ => says(&reason.policy, "why"),
        },
        policy: reason.policy.clone(),
        because: reason.because.clone(),
        instead: reason.instead.iter().map(|one| wording::instead(l, one)).collect(),
    });
    // At most three reasons on top; all of them stand in the journal.
    let (sentence, remedy) = wording::refused(reader, l, refused);
    No { sentence, remedy, code: refused.code.clone(), reasons: reasons.take(3).collect() }
}
