//! What went wrong, as RFC 9457 problems.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pipeline::Rejection;
use serde_json::json;

/// A problem: status, stable code, one sentence, and how long to wait before asking again.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    sentence: String,
    wait_s: Option<u64>,
}

impl Problem {
    /// A problem that waiting does not mend.
    pub fn new(status: StatusCode, code: &'static str, sentence: impl Into<String>) -> Problem {
        let wait_s = (status == StatusCode::SERVICE_UNAVAILABLE).then_some(1);
        Problem { status, code, sentence: sentence.into(), wait_s }
    }

    /// Bytes or parameters that are not what is asked for.
    pub fn malformed(sentence: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, "malformed", sentence)
    }

    /// An account that asks too often, with the seconds to wait.
    pub fn too_often(wait_s: u64) -> Problem {
        let sentence = format!("this account asks too often; there is room again in {wait_s} s");
        let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-often", sentence);
        Problem { wait_s: Some(wait_s), ..problem }
    }
}

impl Problem {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Whether whoever asks was not recognised.
    pub fn is_unauthorized(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
    }

    /// Seconds to wait before asking again, where that helps.
    pub fn wait_s(&self) -> Option<u64> {
        self.wait_s
    }

    /// The one sentence.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }

    /// What a rejection looks like from outside.
    pub fn of(rejection: &Rejection) -> Problem {
        let status = match rejection {
            Rejection::Malformed(_) => StatusCode::BAD_REQUEST,
            Rejection::Conflict(_) => StatusCode::CONFLICT,
            Rejection::NoNetwork(_) | Rejection::NoAgent(_) => StatusCode::NOT_FOUND,
            Rejection::TooManyRefusals | Rejection::TooMuchToday(_) => StatusCode::TOO_MANY_REQUESTS,
            Rejection::Elsewhere(_) => StatusCode::GONE,
            Rejection::TooLarge(_)
            | Rejection::TooMuchToRead
            | Rejection::Unsigned(_)
            | Rejection::Revoked(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Rejection::Busy | Rejection::CatchingUp | Rejection::NoAnswer | Rejection::Away => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Rejection::Full | Rejection::NetworkFull(_) => StatusCode::INSUFFICIENT_STORAGE,
            Rejection::Internal(_) | Rejection::Rules(_) | Rejection::Admission(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        // What is inside stays inside; the operator's log has it.
        let sentence = match status == StatusCode::INTERNAL_SERVER_ERROR {
            true => {
                tracing::error!(%rejection, "a door failed");
                "this node failed; its log says how".to_owned()
            }
            false => rejection.to_string(),
        };
        Problem::new(status, rejection.code(), sentence)
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Problem {
        Problem::of(&rejection)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": format!("urn:reflow:problem:{}", self.code), "title": self.sentence,
            "status": self.status.as_u16(),
        });
        // Under which the operator's log has the rest.
        if let (Some(line), Some(members)) = (identity::line::current(), body.as_object_mut()) {
            members.insert("instance".into(), format!("urn:reflow:request:{}", line.id).into());
        }
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(wait_s) = self.wait_s {
            headers.insert(header::RETRY_AFTER, wait_s.into());
        }
        response
    }
}

/// Whatever a layer or an extractor refuses in words of its own becomes a problem like all others.
pub async fn only_problems(response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let said = kind.is_some_and(|kind| kind.starts_with("application/"));
    if said || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (code, sentence) = match status {
        StatusCode::PAYLOAD_TOO_LARGE => ("body-too-large", "the body is too large; split it up"),
        StatusCode::METHOD_NOT_ALLOWED => {
            ("method-not-allowed", "this endpoint takes another method; see /api/v1/openapi.json")
        }
        StatusCode::BAD_REQUEST => {
            ("malformed", "a parameter is not what this endpoint takes; see /api/v1/openapi.json")
        }
        StatusCode::REQUEST_TIMEOUT => ("too-slow", "the request came too slowly; send it again"),
        StatusCode::SERVICE_UNAVAILABLE => ("busy", "no answer in time; try again in a moment"),
        _ => ("failed", "this did not work; see /api/v1/openapi.json"),
    };
    Problem::new(status, code, sentence).into_response()
}
