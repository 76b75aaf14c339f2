//! The page on which people who are signed in try questions: a form and its answer, without a script.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::Value as Json;

use super::session::Session;
use super::{Question, execute};
use crate::problem::Problem;
use crate::seat::{Door, form_word};

/// Questions to begin with.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "What is offered",
        "{\n  offers(first: 10) {\n    edges {\n      node {\n        name\n        publishes {\n          id\n          provider { name }\n          resourceInventoriedAs { name onhandQuantity { hasNumericalValue hasUnit { label } } }\n        }\n      }\n    }\n    pageInfo { endCursor hasNextPage }\n  }\n}",
    ),
    (
        "What happened lately",
        "{\n  economicEvents(last: 10) {\n    edges {\n      node {\n        action { id }\n        provider { name }\n        receiver { name }\n        resourceInventoriedAs { name }\n        resourceQuantity { hasNumericalValue hasUnit { label } }\n        created\n      }\n    }\n  }\n}",
    ),
    (
        "What was decided, and why",
        "{\n  decisions(first: 10) {\n    decisions {\n      position\n      time\n      agent { name }\n      acts\n      permitted\n      sentence\n      remedy\n      reasons { title because }\n    }\n  }\n}",
    ),
    (
        "Who I am",
        "{\n  myAgent {\n    id\n    name\n    ... on Person { memberships { roles training hasBeginning } }\n  }\n}",
    ),
];

#[derive(Template)]
#[template(path = "playground.html")]
struct Page {
    network: String,
    me: String,
    word: String,
    query: String,
    variables: String,
    answer: String,
    examples: &'static [(&'static str, &'static str)],
}

/// Which question to show at first.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    query: Option<String>,
    example: Option<usize>,
}

/// The page.
pub(crate) async fn show(
    State(door): State<Door>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let session = match Session::open(&door, &headers, false).await {
        Ok(session) => session,
        // The list of networks leads to where one signs in.
        Err(problem) if problem.is_unauthorized() => return Redirect::to("/").into_response(),
        Err(problem) => return problem.into_response(),
    };
    let example = asked.example.and_then(|n| EXAMPLES.get(n)).or(EXAMPLES.first());
    let query = asked.query.or(example.map(|example| example.1.to_owned())).unwrap_or_default();
    page(&session, &headers, (query, String::new()), String::new()).await
}

/// A question as the form sends it.
#[derive(Debug, Deserialize)]
pub(crate) struct Filled {
    word: String,
    query: String,
    #[serde(default)]
    variables: String,
}

/// The page with its answer.
pub(crate) async fn ask(
    State(door): State<Door>,
    mut headers: HeaderMap,
    Form(filled): Form<Filled>,
) -> Response {
    if let Ok(word) = HeaderValue::from_str(&filled.word) {
        headers.insert("x-reflow-word", word);
    }
    // The form may change something, so it always shows that it is this node's own.
    let session = match Session::open(&door, &headers, true).await {
        Ok(session) => session,
        Err(problem) if problem.is_unauthorized() => return Redirect::to("/").into_response(),
        Err(problem) => return problem.into_response(),
    };
    let answer = match answer(&session, &filled).await {
        Ok(answer) => serde_json::to_string_pretty(&answer).unwrap_or_default(),
        Err(problem) => problem.sentence().to_owned(),
    };
    page(&session, &headers, (filled.query, filled.variables), answer).await
}

async fn answer(session: &Session, filled: &Filled) -> Result<Json, Problem> {
    let variables = match filled.variables.trim() {
        "" => Json::Object(serde_json::Map::new()),
        text => pipeline::parse_json(text.as_bytes())?,
    };
    let question = Question { query: filled.query.clone(), operation: None, variables };
    let (request, _) = question.request()?;
    execute(session.clone(), request).await.map(|(_, answer)| answer)
}

async fn page(
    session: &Session,
    headers: &HeaderMap,
    (query, variables): (String, String),
    answer: String,
) -> Response {
    let me = match session.desk().await {
        Ok(desk) => desk.reader().await.me().await.ok().flatten().map(|me| me.title()),
        Err(problem) => return problem.into_response(),
    };
    let page = Page {
        network: session.network().to_owned(),
        me: me.unwrap_or_default(),
        word: form_word(headers).unwrap_or_default(),
        query,
        variables,
        answer,
        examples: EXAMPLES,
    };
    let policy =
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    match page.render() {
        Ok(html) => ([(header::CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response(),
        Err(error) => Problem::from(pipeline::Rejection::Internal(error.to_string())).into_response(),
    }
}
