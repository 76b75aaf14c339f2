//! GraphQL at `/graphql`: the same records, decisions and acts as everywhere, under the names of vf-graphql.
//!
//! The schema is made from the property table and is one for all networks; whose books a question is about
//! follows from who asks it. A question is bounded before it is read ([`bounds`]), answered from one reader
//! ([`desk`]), and what it changes is a command like any other ([`mutation`]).
//!
//! Invariants:
//! - a record reaches an answer only through a reader, which judged it for whoever asks;
//! - fields that ask for the same kind of thing at the same moment are read in one statement;
//! - one body is one question: there are no batches;
//! - a subscriber is a position, never a queue.

mod bounds;
mod computed;
mod connection;
mod decisions;
mod desk;
mod filters;
mod flow;
mod inputs;
mod inverses;
mod mutation;
mod names;
mod playground;
mod query;
mod quotes;
mod records;
mod scalars;
mod session;
pub(crate) mod stream;
mod subscription;
mod verbs;

use std::time::Duration;

use async_graphql::dynamic::{Schema, SchemaError};
use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Variables};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use pipeline::Rejection;
use serde_json::{Value as Json, json};
use tower_http::limit::RequestBodyLimitLayer;

use crate::limits::{QUESTION_BODY_BYTES_MAX, QUESTION_MS_MAX};
use crate::problem::Problem;
use crate::seat::Door;
use session::Session;
use subscription::{Position, Start};

/// The schema: one for all networks.
pub fn schema() -> Result<Schema, SchemaError> {
    let mut schema = Schema::build("Query", Some("Mutation"), Some("Subscription"));
    for register in [
        scalars::register,
        records::register,
        connection::register,
        filters::register,
        quotes::register,
        decisions::register,
        query::register,
        inputs::register,
        mutation::register,
        subscription::register,
    ] {
        schema = register(schema);
    }
    schema.register(decisions::made()).finish()
}

/// The endpoints.
pub(crate) fn router() -> Router<Door> {
    Router::new()
        .route("/graphql", get(playground::show).post(answer))
        .route("/graphql/ask", axum::routing::post(playground::ask))
        .route("/graphql/schema.graphql", get(definition))
        .layer(RequestBodyLimitLayer::new(QUESTION_BODY_BYTES_MAX))
        .layer(axum::middleware::map_response(only_errors))
}

/// The schema in its own language.
async fn definition(State(door): State<Door>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], door.schema.sdl()).into_response()
}

/// The books' time at which a question is asked.
#[derive(Clone, Copy)]
pub(crate) struct Now(pub valueflows::Instant);

/// A question as it comes in a body.
pub(crate) struct Question {
    pub query: String,
    pub operation: Option<String>,
    pub variables: Json,
}

impl Question {
    /// Reads a body: one object, never a list of them.
    fn read(body: &[u8]) -> Result<Question, Problem> {
        let json = pipeline::parse_json(body)?;
        let Json::Object(mut map) = json else {
            return Err(Problem::malformed(
                "a body is one question: an object with `query`; there are no batches",
            ));
        };
        let known = ["query", "operationName", "variables", "extensions"];
        if let Some(other) = map.keys().find(|name| !known.contains(&name.as_str())) {
            let other: String = other.chars().take(64).collect();
            return Err(Problem::malformed(format!("`{other}` is no part of a question")));
        }
        let Some(Json::String(query)) = map.remove("query") else {
            return Err(Problem::malformed("`query` is the question, a text"));
        };
        let operation = match map.remove("operationName") {
            None | Some(Json::Null) => None,
            Some(Json::String(name)) => Some(name),
            Some(_) => return Err(Problem::malformed("`operationName` is a text")),
        };
        let variables = match map.remove("variables") {
            None | Some(Json::Null) => json!({}),
            Some(variables @ Json::Object(_)) => variables,
            Some(_) => return Err(Problem::malformed("`variables` is an object")),
        };
        Ok(Question { query, operation, variables })
    }

    /// A request that keeps within bounds, and what it does.
    fn request(self) -> Result<(Request, OperationType), Problem> {
        let variables = Variables::from_json(self.variables);
        let (document, kind) = bounds::read(&self.query, self.operation.as_deref(), &variables)
            .map_err(|(code, sentence)| Problem::new(StatusCode::BAD_REQUEST, code, sentence))?;
        let mut request = Request::new(self.query).variables(variables);
        request.set_parsed_query(document);
        if let Some(operation) = self.operation {
            request = request.operation_name(operation);
        }
        Ok((request, kind))
    }
}

async fn answer(State(door): State<Door>, headers: HeaderMap, body: Bytes) -> Response {
    match heard(&door, &headers, &body).await {
        Ok(response) => response,
        Err(problem) => errors(&problem),
    }
}

async fn heard(door: &Door, headers: &HeaderMap, body: &[u8]) -> Result<Response, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/json") {
        let sentence = "send the question as `application/json`";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", sentence));
    }
    let (request, kind) = Question::read(body)?.request()?;
    let session = Session::open(door, headers, kind == OperationType::Mutation).await?;
    if kind == OperationType::Subscription {
        return follow(session, request, headers).await;
    }
    let (status, answer) = execute(session, request).await?;
    Ok((status, axum::Json(answer)).into_response())
}

/// Executes a question; a mutation that takes too long is answered under its command's id later.
pub(crate) async fn execute(session: Session, request: Request) -> Result<(StatusCode, Json), Problem> {
    let desk = session.desk().await?;
    let (position, now) = {
        let reader = desk.reader().await;
        (reader.head().seq, Now(reader.time()))
    };
    let schema = session.door.schema.clone();
    let executed = schema.execute(request.data(desk).data(session).data(now));
    let answer = within(Duration::from_millis(QUESTION_MS_MAX), executed).await?;
    // A question that could not be executed at all has no data.
    let status =
        match answer.data == async_graphql::Value::Null && answer.errors.iter().all(|e| e.path.is_empty()) {
            true if !answer.errors.is_empty() => StatusCode::BAD_REQUEST,
            _ => StatusCode::OK,
        };
    let mut json = serde_json::to_value(&answer)
        .map_err(|error| Problem::from(Rejection::Internal(error.to_string())))?;
    // What the check of the question itself says has no code of its own.
    let errors = json.get_mut("errors").and_then(Json::as_array_mut);
    for error in errors.into_iter().flatten().filter_map(Json::as_object_mut) {
        error.entry("extensions").or_insert_with(|| json!({"code": "not-in-schema"}));
    }
    if let Json::Object(map) = &mut json {
        map.insert("extensions".into(), json!({"position": position}));
    }
    Ok((status, json))
}

/// An answer, if it comes in time.
async fn within<T>(limit: Duration, answer: impl Future<Output = T>) -> Result<T, Problem> {
    tokio::time::timeout(limit, answer).await.map_err(|_| {
        let sentence = "this takes too long to answer; ask for less at once";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too-slow", sentence)
    })
}

/// Looks at a body as the door does, and executes it for nobody: every argument is read, and nothing answers,
/// since there is nobody whose books it could be. What tests of hostile input drive.
pub async fn for_nobody(schema: &Schema, body: &[u8]) -> Result<String, String> {
    let (request, _) =
        Question::read(body).and_then(Question::request).map_err(|problem| problem.sentence().to_owned())?;
    let answer = schema.execute(request.data(Now(valueflows::Instant(0)))).await;
    serde_json::to_string(&answer).map_err(|error| error.to_string())
}

async fn follow(session: Session, request: Request, headers: &HeaderMap) -> Result<Response, Problem> {
    if !stream::is_wanted(headers) {
        let sentence = "a subscription is answered as a stream: send `Accept: text/event-stream`";
        return Err(Problem::new(StatusCode::NOT_ACCEPTABLE, "stream-only", sentence));
    }
    let place = session.door.streams.take(session.asker())?;
    let position = Position::default();
    let schema = session.door.schema.clone();
    let (now, end) = session.now().await?;
    let start = Start { resume: stream::resume(headers), end };
    let request = request.data(position.clone()).data(start).data(session).data(Now(now));
    Ok(stream::respond(schema.execute_stream(request), position, place))
}

/// A problem as this protocol says it.
fn errors(problem: &Problem) -> Response {
    let body = json!({"errors": [{"message": problem.sentence(), "extensions": {"code": problem.code()}}]});
    let mut response = (problem.status(), axum::Json(body)).into_response();
    if let Some(wait_s) = problem.wait_s() {
        response.headers_mut().insert(header::RETRY_AFTER, wait_s.into());
    }
    response
}

/// What a layer refuses in words of its own is said as this protocol says it.
async fn only_errors(response: Response) -> Response {
    match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let sentence = format!("a body has at most {QUESTION_BODY_BYTES_MAX} bytes; split it up");
            errors(&Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", sentence))
        }
        _ => response,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_that_never_comes_is_given_up() {
        let never = within(Duration::from_millis(1), std::future::pending::<()>()).await;
        let problem = never.expect_err("it never comes");
        assert_eq!((problem.status().as_u16(), problem.code(), problem.wait_s()), (503, "too-slow", Some(1)));
        assert!(matches!(within(Duration::from_secs(60), std::future::ready(7)).await, Ok(7)));
    }
}
