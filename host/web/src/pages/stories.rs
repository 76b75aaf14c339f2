//! The stories that a network tells of its rules, each with what becomes of it under the rules in force.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::rules_desk::TRYING;
use crate::App;
use crate::frame::{Frame, Seat, answered, seat};
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

/// The page. Each story is played on books of its own, which takes a moment; nothing is written.
pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "rules").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    let _turn = TRYING.acquire().await;
    let compiled = reader.rules().compiled.clone();
    let told = app.node.stories(&compiled.book).await;
    let page = told.map(|told| {
        let title = |id: &String| {
            let said = compiled.says_in(id, "title", frame.locale.tag());
            said.map(|title| (id.clone(), title.to_owned()))
        };
        let stories: Vec<Story> = told
            .into_iter()
            .map(|one| Story {
                rules: one.policies.iter().filter_map(title).collect(),
                name: one.name,
                because: one.because,
                failed: one.failed.map(|(step, how)| (step, wording::capital(&how))),
            })
            .collect();
        let differ = stories.iter().filter(|one| one.failed.is_some()).count();
        Some(Page { frame, stories, differ })
    });
    answered(frame, page)
}
