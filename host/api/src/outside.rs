//! The world as this node sees it: its own address, the proxies it believes, and by which line each request
//! came in.
//!
//! A proxy says who came to it and whether their line was encrypted (`X-Forwarded-For`, `X-Forwarded-Proto`),
//! and of which trace the request is part (`traceparent`). Anybody can write these headers, so they count only
//! where they come from an address that the operator named.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use identity::line::{self, Line};
use ipnet::IpNet;
use tracing::{Instrument, Span, field};

/// How long a browser remembers that this node is spoken to by encrypted lines only, seconds: a year.
const STRICT_S: u32 = 31_536_000;
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const TRACE_PARENT: HeaderName = HeaderName::from_static("traceparent");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives a request's span to whoever collects traces; given what the request is part of, if that is known,
/// the id of its trace.
pub type Adopt = fn(&Span, Option<&str>) -> Option<String>;

/// What a node is told about the world.
#[derive(Default)]
pub struct Outside {
    /// Its own address there.
    pub base: Option<Base>,
    /// The proxies it believes.
    pub proxies: Vec<IpNet>,
    /// Whoever collects traces.
    pub adopt: Option<Adopt>,
}

/// The address under which people know a node: scheme and host, nothing behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(String);

impl FromStr for Base {
    type Err = String;

    fn from_str(text: &str) -> Result<Base, String> {
        let wrong = || format!("`{text}` is no base URL; write it as `https://library.example`");
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let (Some(scheme @ ("http" | "https")), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(wrong());
        };
        if authority.as_str().contains('@') || uri.query().is_some() {
            return Err(wrong());
        }
        if !matches!(uri.path(), "" | "/") {
            return Err(format!("`{text}` has a path; a node has a host name of its own"));
        }
        Ok(Base(format!("{scheme}://{authority}")))
    }
}

impl Base {
    /// Whether its lines are encrypted.
    pub fn is_secure(&self) -> bool {
        self.0.starts_with("https:")
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// By which end of the accept loop a request came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Way {
    pub peer: SocketAddr,
    pub tls: bool,
}

impl Outside {
    fn believes(&self, address: IpAddr) -> bool {
        self.proxies.iter().any(|net| net.contains(&address.to_canonical()))
    }

    /// Who is at the other end, and whether their line is encrypted all the way.
    fn line(&self, way: Way, headers: &HeaderMap) -> (IpAddr, bool) {
        let peer = way.peer.ip().to_canonical();
        let secure = way.tls || self.base.as_ref().is_some_and(Base::is_secure);
        if !self.believes(peer) {
            return (peer, secure);
        }
        // Each proxy adds whom it heard from at the end; the last that no proxy of ours added is the client.
        let said = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
        let said: Vec<&str> = said.flat_map(|value| value.split(',')).map(str::trim).collect();
        let mut client = peer;
        for text in said.into_iter().rev() {
            let Ok(address) = text.parse::<IpAddr>() else { break };
            client = address.to_canonical();
            if !self.believes(client) {
                break;
            }
        }
        let proto = headers.get(FORWARDED_PROTO).and_then(|value| value.to_str().ok());
        (client, secure || proto == Some("https"))
    }

    /// What a request is part of, as a proxy says it.
    fn parent<'a>(&self, way: Way, headers: &'a HeaderMap) -> Option<&'a str> {
        let said = headers.get(TRACE_PARENT).filter(|_| self.believes(way.peer.ip()));
        said.and_then(|value| value.to_str().ok())
    }
}

/// The trace's id in a `traceparent`: version, trace, span, flags.
fn trace_of(parent: &str) -> Option<String> {
    let id = parent.split('-').nth(1)?;
    let proper = id.len() == 32 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (proper && id.bytes().any(|byte| byte != b'0')).then(|| id.to_owned())
}

fn fresh() -> String {
    Line::fresh_id(pipeline::node::random().unwrap_or_default())
}

impl Outside {
    /// The node's address as people know it: the one that it was told, else the one that was asked for.
    fn origin(&self, secure: bool, headers: &HeaderMap) -> String {
        if let Some(Base(base)) = &self.base {
            return base.clone();
        }
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let proper = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '-' | '[' | ']');
        let host = host.filter(|host| host.chars().all(proper)).unwrap_or("localhost");
        format!("{}://{host}", if secure { "https" } else { "http" })
    }
}

/// Answers a request under an id of its own, which the log and the answer both have.
#[expect(clippy::disallowed_methods, reason = "measured, never decided upon")]
pub(crate) async fn arrive(State(outside): State<Arc<Outside>>, request: Request, next: Next) -> Response {
    let Some(way) = request.extensions().get::<Way>().copied() else {
        tracing::error!("a request came in by no door");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let span = tracing::error_span!(
        "request", id = field::Empty, method = %request.method(), path = request.uri().path()
    );
    let parent = outside.parent(way, request.headers());
    let adopted = outside.adopt.and_then(|adopt| adopt(&span, parent));
    let id = adopted.or_else(|| parent.and_then(trace_of)).unwrap_or_else(fresh);
    span.record("id", &id);
    let (client, secure) = outside.line(way, request.headers());
    let began = std::time::Instant::now();
    let line = Line { client, secure, origin: outside.origin(secure, request.headers()), id: id.clone() };
    let mut response = line::by(line, next.run(request)).instrument(span.clone()).await;
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    if secure && let Ok(strict) = HeaderValue::from_str(&format!("max-age={STRICT_S}")) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, strict);
    }
    let (status, ms) = (response.status().as_u16(), began.elapsed().as_millis());
    span.in_scope(|| tracing::info!(status, ms, %client, "answered"));
    response
}
