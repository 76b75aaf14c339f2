//! The stories that a network tells of its rules, each with what becomes of it under the rules in force.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use pipeline::scenario::Told;
use pipeline::{CompiledBook, Rejection, RuleBook};
use valueflows::Said;

use super::rules_desk::TRYING;
use crate::App;
use crate::frame::{Frame, Seat, answered, seat};
use crate::limits::STORIES_KEPT_MAX;
use crate::locale::Locale;
use crate::wording;

struct Story {
    name: String,
    because: String,
    /// How it came out where it came out differently: the step, and what happened.
    failed: Option<(usize, String)>,
    /// The rules that had a say in it: id and title.
    rules: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "stories.html")]
struct Page<'a> {
    frame: &'a Frame,
    stories: Vec<Story>,
    differ: usize,
}

/// What came of stories before, by the rules' digest: it follows from the rules alone.
static TOLD: Mutex<VecDeque<(String, Arc<Vec<Told>>)>> = Mutex::new(VecDeque::new());

/// What becomes of the stories under the rules in force.
async fn told(app: &App, hash: String, book: &RuleBook) -> Result<Arc<Vec<Told>>, Rejection> {
    let kept = |hash: &str| {
        let kept = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(of, _)| of == hash).map(|(_, told)| told.clone())
    };
    if let Some(told) = kept(&hash) {
        return Ok(told);
    }
    let _turn = TRYING.acquire().await;
    if let Some(told) = kept(&hash) {
        return Ok(told);
    }
    let told = Arc::new(app.node.stories(book).await?);
    let mut kept = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    kept.truncate(STORIES_KEPT_MAX - 1);
    kept.push_front((hash, told.clone()));
    Ok(told)
}

/// The page. Each story is played on books of its own, which takes a moment; nothing is written.
pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "rules").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    let compiled = reader.rules().compiled.clone();
    let hash = reader.rules().hash.clone();
    let page = told(&app, hash, &compiled.book).await.map(|told| {
        let title = |id: &String| {
            let said = compiled.says_in(id, "title", frame.locale.tag());
            said.map(|title| (id.clone(), title.to_owned()))
        };
        let stories: Vec<Story> = told
            .iter()
            .map(|one| Story {
                rules: one.policies.iter().filter_map(title).collect(),
                name: one.name.clone(),
                because: one.because.clone(),
                failed: one
                    .failed
                    .as_ref()
                    .map(|(step, how)| (*step, differs(&compiled, &frame.locale, how))),
            })
            .collect();
        let differ = stories.iter().filter(|one| one.failed.is_some()).count();
        Some(Page { frame, stories, differ })
    });
    answered(frame, page)
}

/// What came out differently. Where a rule refused it, in that rule's own words.
fn differs(compiled: &CompiledBook, l: &Locale, how: &Said) -> String {
    let mut how = how.clone();
    if let ("refused", Some(rule)) = (how.what, how.with.get(2))
        && let Some(why) = compiled.says_in(rule, "why", l.tag())
        && let Some(sentence) = how.with.get_mut(1)
    {
        *sentence = why.to_owned();
    }
    wording::capital(&wording::said(l, "story-came", &how))
}
