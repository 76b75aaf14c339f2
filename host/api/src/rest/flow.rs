//! Track and trace: what something came out of, and what became of it, a page of steps at a time. The answer is sent
//! as it is read; what its reader may not see is a sealed step, and the walk goes on behind it.

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use pipeline::acts::Direction;
use pipeline::flow::{Asked, Hop, Trail};
use pipeline::{Reader, Rejection};
use serde::Deserialize;
use serde_json::{Value, json};

use super::openapi::Endpoint;
use super::{id, nothing};
use crate::cursor;
use crate::limits::{FLOW_PART, FLOW_STEPS_DEFAULT, FLOW_STEPS_MAX};
use crate::problem::Problem;
use crate::seat::Door;
use crate::wire;

const QUERY: &[(&str, &str)] = &[
    ("after", "The `next` of the page before"),
    ("limit", "How many steps at most, up to 10000"),
    (
        "shape",
        "`list`, in the order of the walk, or `tree`, each step within the one that it was come to from",
    ),
];

/// What something came out of.
pub const TRACE: Endpoint = Endpoint::get(
    "/api/v1/networks/{network}/trace/{id}",
    "trace",
    "What a thing, a process or an event came out of, step by step",
    "Trail",
)
.with_query(QUERY);

/// What became of something.
pub const TRACK: Endpoint = Endpoint::get(
    "/api/v1/networks/{network}/track/{id}",
    "track",
    "What became of a thing, a process or an event, step by step",
    "Trail",
)
.with_query(QUERY);

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Shape {
    #[default]
    List,
    Tree,
}

/// Which page, and how it is laid out.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Page {
    after: Option<String>,
    limit: Option<usize>,
    shape: Shape,
}

pub(crate) async fn trace(
    State(door): State<Door>,
    Path(path): Path<(String, String)>,
    Query(page): Query<Page>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    walk(&door, path, page, &headers, Direction::Trace).await
}

pub(crate) async fn track(
    State(door): State<Door>,
    Path(path): Path<(String, String)>,
    Query(page): Query<Page>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    walk(&door, path, page, &headers, Direction::Track).await
}

/// Steps that a cursor counts: a million, in twenty bits.
const SKIP_BITS: u32 = 20;

async fn walk(
    door: &Door,
    (network, start): (String, String),
    page: Page,
    headers: &HeaderMap,
    direction: Direction,
) -> Result<Response, Problem> {
    let mut reader = door.seat(&network, headers).await?.reader;
    let start = id(&start)?;
    let name = match direction {
        Direction::Trace => format!("{network}/trace/{start}"),
        Direction::Track => format!("{network}/track/{start}"),
    };
    let (skip, below) = match &page.after {
        None => (0, None),
        Some(_) if page.shape == Shape::Tree => {
            return Err(Problem::malformed("a tree is one page; ask for its next steps as a list"));
        }
        Some(after) => {
            let key = cursor::key(&name, after).ok_or_else(|| {
                let sentence =
                    "`after` is no cursor of this walk; take the `next` of a page of the same walk";
                Problem::new(StatusCode::BAD_REQUEST, "bad-cursor", sentence)
            })?;
            let skip = key & ((1 << SKIP_BITS) - 1);
            (usize::try_from(skip).unwrap_or_default(), u32::try_from(key >> SKIP_BITS).ok())
        }
    };
    let first = page.limit.unwrap_or(FLOW_STEPS_DEFAULT).clamp(1, FLOW_STEPS_MAX);
    let trail = reader.walk(start, Asked { direction, skip, first, below }).await?.ok_or_else(nothing)?;
    let next = (skip + trail.len()) as i64 | i64::from(trail.below) << SKIP_BITS;
    let next = trail.more.then(|| cursor::after(&name, next));
    let writing = Writing { reader, trail, shape: page.shape, next, at: 0, depth: None, done: false };
    let parts = stream::try_unfold(writing, |writing| writing.part());
    Ok(([(header::CONTENT_TYPE, "application/json")], Body::from_stream(parts)).into_response())
}

/// An answer that is being written.
struct Writing {
    reader: Reader,
    trail: Trail,
    shape: Shape,
    next: Option<String>,
    at: usize,
    /// How deep the last step of a tree stands.
    depth: Option<u32>,
    done: bool,
}

impl Writing {
    async fn part(mut self) -> Result<Option<(Bytes, Writing)>, Rejection> {
        if self.done {
            return Ok(None);
        }
        let mut text = match self.at {
            0 => format!("{{\"from\":{},\"steps\":[", self.trail.first),
            _ => String::new(),
        };
        let upto = (self.at + FLOW_PART).min(self.trail.len());
        for hop in self.reader.hops(&self.trail, self.at..upto).await? {
            self.step(&mut text, &hop).await?;
        }
        self.at = upto;
        if upto == self.trail.len() {
            self.done = true;
            for _ in 0..self.depth.map_or(0, |depth| depth + 1).min(self.nested()) {
                text.push_str("]}");
            }
            text.push_str(&format!("],\"next\":{}}}", json!(self.next)));
        }
        Ok(Some((Bytes::from(text), self)))
    }

    /// How many steps of a tree are open.
    fn nested(&self) -> u32 {
        if self.shape == Shape::Tree { u32::MAX } else { 0 }
    }

    async fn step(&mut self, text: &mut String, hop: &Hop) -> Result<(), Rejection> {
        let mut step = json!({"step": hop.place});
        if let Value::Object(map) = &mut step {
            if self.shape == Shape::List {
                map.insert("from".into(), json!(hop.from));
            }
            if hop.by_mark {
                map.insert("byMark".into(), json!(true));
            }
            match &hop.record {
                Some(record) => {
                    map.insert("record".into(), wire::record(&mut self.reader, record).await?);
                }
                None => {
                    map.insert("sealed".into(), json!(true));
                }
            }
        }
        let step = step.to_string();
        match (self.shape, self.depth) {
            (Shape::List, None) => text.push_str(&step),
            (Shape::List, Some(_)) => {
                text.push(',');
                text.push_str(&step);
            }
            (Shape::Tree, before) => {
                match before {
                    Some(before) if hop.depth <= before => {
                        for _ in hop.depth..=before {
                            text.push_str("]}");
                        }
                        text.push(',');
                    }
                    _ => {}
                }
                // Its own brace is closed once what it led to is written.
                text.push_str(step.strip_suffix('}').unwrap_or(&step));
                text.push_str(",\"steps\":[");
            }
        }
        self.depth = Some(hop.depth);
        Ok(())
    }
}
