//! What is larger than a door lets through is answered with a page: browsers show nothing of an answer to what they are
//! still sending, so what comes is taken and thrown away, up to a bound.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt;
use tokio::time::timeout;

use crate::frame::{Frame, problem};
use crate::limits::{THROWN_AWAY_BYTES_MAX, THROWN_AWAY_WAIT_S};

/// Lets through what is not larger than a limit, in bytes, as far as it says itself how large it is: the body's own limit
/// sees to what does not.
pub async fn answer(State(limit): State<usize>, request: Request, next: Next) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok()).unwrap_or_default();
    if length <= limit {
        return next.run(request).await;
    }
    let frame = Frame::outside("", request.headers());
    if length <= THROWN_AWAY_BYTES_MAX {
        let mut body = request.into_body();
        // Whoever only says that something comes is not waited for.
        while let Ok(Some(Ok(_))) = timeout(Duration::from_secs(THROWN_AWAY_WAIT_S), body.frame()).await {}
    }
    let most = u64::try_from(limit >> 10).unwrap_or_default();
    let (title, sentence) = (frame.t("problem-title"), frame.put("most", most).t("problem-too-large"));
    problem(&frame, StatusCode::PAYLOAD_TOO_LARGE, &title, &sentence, &frame.t("problem-too-large-remedy"))
}
