//! Subscriptions on the wire: server-sent events, as the "distinct connections" mode of GraphQL over SSE has
//! them: `next` with an answer, `complete` at the end. An event's id is the position to go on from.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_graphql::Response as Answer;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, BoxStream, StreamExt};
use identity::rate::Asker;

use super::subscription::Position;
use crate::limits::{STREAM_ALIVE_MS, STREAMS_MAX, STREAMS_OF_ONE_MAX};
use crate::problem::Problem;

/// Who follows, and how often.
#[derive(Debug, Default)]
pub(crate) struct Streams(Mutex<HashMap<Asker, usize>>);

/// A place among those who follow; given back when it is dropped.
pub(crate) struct Place {
    streams: Arc<Streams>,
    asker: Asker,
}

impl Streams {
    /// A place for one more stream.
    pub fn take(self: &Arc<Streams>, asker: Asker) -> Result<Place, Problem> {
        let full = |sentence: &str| Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-streams", sentence);
        let Ok(mut open) = self.0.lock() else { return Err(full("no stream can be opened now")) };
        if open.values().sum::<usize>() >= STREAMS_MAX {
            return Err(full("this node has as many streams open as it keeps; try again later"));
        }
        let own = open.entry(asker.clone()).or_default();
        if *own >= STREAMS_OF_ONE_MAX {
            return Err(full("you have as many streams open as one may; close one"));
        }
        *own += 1;
        Ok(Place { streams: self.clone(), asker })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Ok(mut open) = self.streams.0.lock() else { return };
        if let Some(own) = open.get_mut(&self.asker) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                open.remove(&self.asker);
            }
        }
    }
}

/// The position that a broken stream goes on from.
pub(crate) fn resume(headers: &HeaderMap) -> Option<u64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

/// Whether the answer is wanted as a stream.
pub(crate) fn is_wanted(headers: &HeaderMap) -> bool {
    let accept = headers.get(axum::http::header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/event-stream"))
}

/// Answers as server-sent events.
pub(crate) fn respond(answers: BoxStream<'static, Answer>, position: Position, place: Place) -> Response {
    let next = answers.map(move |answer| {
        // The place is held as long as the stream is.
        let _ = &place;
        let data = serde_json::to_string(&answer).unwrap_or_default();
        Event::default().event("next").id(position.get().to_string()).data(data)
    });
    let complete = stream::once(async { Event::default().event("complete").data("{}") });
    let alive = KeepAlive::new().interval(Duration::from_millis(STREAM_ALIVE_MS));
    Sse::new(next.chain(complete).map(Ok::<_, Infallible>)).keep_alive(alive).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_streams_and_no_more() {
        let streams = Arc::new(Streams::default());
        let askers = (STREAMS_MAX / STREAMS_OF_ONE_MAX) as i64;
        let mut places = Vec::new();
        for n in 0..askers {
            places.extend((0..STREAMS_OF_ONE_MAX).filter_map(|_| streams.take(Asker::Account(n)).ok()));
        }
        assert_eq!(places.len(), STREAMS_MAX);
        assert_eq!(
            streams.take(Asker::Account(askers)).err().map(|problem| problem.code()),
            Some("too-many-streams")
        );
        places.pop();
        assert!(streams.take(Asker::Account(askers)).is_ok(), "whoever leaves makes room");
    }
}
