//! Rejections as RFC 9457 problems.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use pipeline::Rejection;
use serde_json::json;

/// A rejection as a problem document.
pub fn problem(rejection: &Rejection) -> Response {
    let status = match rejection {
        Rejection::Malformed(_) => StatusCode::BAD_REQUEST,
        Rejection::Conflict(_) => StatusCode::CONFLICT,
        Rejection::NoNetwork(_) | Rejection::NoAgent(_) => StatusCode::NOT_FOUND,
        Rejection::TooManyRefusals => StatusCode::TOO_MANY_REQUESTS,
        Rejection::TooLarge(_) | Rejection::TooMuchToRead => StatusCode::UNPROCESSABLE_ENTITY,
        Rejection::Busy | Rejection::CatchingUp | Rejection::NoAnswer | Rejection::Away => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        Rejection::Full => StatusCode::INSUFFICIENT_STORAGE,
        Rejection::Internal(_) | Rejection::Rules(_) | Rejection::Admission(_) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    };
    let sentence = match rejection {
        // What is inside stays inside; the operator's log has it.
        Rejection::Internal(_) | Rejection::Rules(_) | Rejection::Admission(_) => {
            "this node failed; its log says how".to_owned()
        }
        other => other.to_string(),
    };
    let mut response = say(status, rejection.code(), &sentence);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, axum::http::HeaderValue::from_static("1"));
    }
    response
}

/// A problem document.
pub fn say(status: StatusCode, code: &str, sentence: &str) -> Response {
    let body =
        json!({"type": format!("urn:reflow:problem:{code}"), "title": sentence, "status": status.as_u16()});
    let kind = axum::http::HeaderValue::from_static("application/problem+json");
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
