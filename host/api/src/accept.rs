//! The accept loop: what stands between the network and any handler.
//!
//! Whoever connects has to send a head in time, a body that does not stall, and read the answer. There
//! is room for so many connections; when all is taken, whoever has waited longest without asking for
//! anything makes room, so that a crowd that only stands in the door keeps nobody out.
//!
//! Invariants:
//! - memory is bounded by connections times their buffers, whatever the other side does;
//! - a stop lets requests under way finish, for so long;
//! - limits count connections and seconds, never addresses: behind Tor or a proxy everybody has one.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::AbortHandle;
use tokio_io_timeout::TimeoutStream;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

use crate::limits::{
    ANSWER_MS_MAX, BODY_STALL_MS_MAX, CONNECTIONS_MAX, DRAIN_MS_MAX, HEAD_BYTES_MAX, HEAD_MS_MAX,
    WRITE_STALL_MS_MAX,
};
use crate::outside::{self, Outside, Way};
use crate::tls::Tls;

/// Where people come in: a port, the certificate it shows, and what is known of the world before it.
pub struct Entrance {
    /// The port.
    pub listener: TcpListener,
    /// Its certificate, if its lines are encrypted.
    pub tls: Option<Tls>,
    /// The world.
    pub outside: Arc<Outside>,
}

/// What a connection needs to know.
#[derive(Clone)]
struct Hall {
    doors: TowerToHyperService<Router>,
    tls: Option<Tls>,
}

/// Serves a router until `stop` is done, then lets what is under way finish.
pub async fn serve(entrance: Entrance, router: Router, stop: impl Future<Output = ()>) {
    let Entrance { listener, tls, outside } = entrance;
    let hall = Hall { doors: TowerToHyperService::new(dressed(router, outside)), tls };
    let graceful = GracefulShutdown::new();
    let mut crowd = Crowd { room: Arc::new(Semaphore::new(CONNECTIONS_MAX)), fresh: VecDeque::new() };
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => crowd.admit((stream, peer), &hall, &graceful).await,
            Err(error) => {
                tracing::warn!(%error, "nobody could be let in");
                // Out of descriptors, most likely: some are given back within moments.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    let drained = tokio::time::timeout(Duration::from_millis(DRAIN_MS_MAX), graceful.shutdown()).await;
    if drained.is_err() {
        tracing::warn!("some answers were cut off: they took too long");
    }
}

/// What every answer carries, and how long any may take.
fn dressed(router: Router, outside: Arc<Outside>) -> Router {
    let header = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    router
        .layer(header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::X_FRAME_OPTIONS, "DENY"))
        .layer(header(header::REFERRER_POLICY, "same-origin"))
        .layer(header(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(header(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
        .layer(header(
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), interest-cohort=()",
        ))
        .layer(RequestBodyTimeoutLayer::new(Duration::from_millis(BODY_STALL_MS_MAX)))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_millis(ANSWER_MS_MAX),
        ))
        .layer(axum::middleware::from_fn_with_state(outside, outside::arrive))
}

/// Those who are connected.
struct Crowd {
    room: Arc<Semaphore>,
    /// Those who had not asked for anything when last looked at, longest waiting first.
    fresh: VecDeque<(Arc<AtomicBool>, AbortHandle)>,
}

impl Crowd {
    async fn admit(
        &mut self,
        (stream, peer): (TcpStream, SocketAddr),
        hall: &Hall,
        graceful: &GracefulShutdown,
    ) {
        let gone = |(asked, task): &(Arc<AtomicBool>, AbortHandle)| {
            asked.load(Ordering::Relaxed) || task.is_finished()
        };
        while self.fresh.front().is_some_and(gone) {
            self.fresh.pop_front();
        }
        let Some(place) = self.place().await else {
            tracing::warn!("turned away: every connection is busy");
            // Whoever comes by an encrypted line could not read this.
            let _ = hall.tls.is_none().then(|| stream.try_write(
                b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            ));
            return;
        };
        let asked = Arc::new(AtomicBool::new(false));
        let way = Way { peer, tls: hall.tls.is_some() };
        let visit = Visit { way, doors: hall.doors.clone(), asked: asked.clone(), place };
        let task = tokio::spawn(visit.begin(stream, hall.tls.clone(), graceful.watcher()));
        self.fresh.push_back((asked, task.abort_handle()));
    }

    /// A place, if need be that of whoever has waited longest without asking for anything.
    async fn place(&mut self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = self.room.clone().try_acquire_owned() {
            return Some(place);
        }
        while let Some((asked, task)) = self.fresh.pop_front() {
            if asked.load(Ordering::Relaxed) || task.is_finished() {
                continue;
            }
            task.abort();
            return self.room.clone().acquire_owned().await.ok();
        }
        None
    }
}

/// One connection, from its first byte to its end.
struct Visit {
    way: Way,
    doors: TowerToHyperService<Router>,
    asked: Arc<AtomicBool>,
    place: OwnedSemaphorePermit,
}

impl Visit {
    async fn begin(self, stream: TcpStream, tls: Option<Tls>, watcher: Watcher) {
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(Duration::from_millis(WRITE_STALL_MS_MAX)));
        let stream = Box::pin(stream);
        let Some(tls) = tls else { return self.talk(stream, watcher).await };
        let shaken =
            tokio::time::timeout(Duration::from_millis(HEAD_MS_MAX), tls.acceptor().accept(stream)).await;
        match shaken {
            Ok(Ok(stream)) => self.talk(stream, watcher).await,
            Ok(Err(error)) => tracing::debug!(%error, "no encrypted line came about"),
            Err(_) => tracing::debug!("no encrypted line came about in time"),
        }
    }

    async fn talk(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, watcher: Watcher) {
        let Visit { way, doors, asked, place } = self;
        let service = service_fn(move |mut request: Request<Incoming>| {
            asked.store(true, Ordering::Relaxed);
            request.extensions_mut().insert(way);
            doors.call(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(Duration::from_millis(HEAD_MS_MAX))
            .max_buf_size(HEAD_BYTES_MAX)
            .serve_connection(TokioIo::new(stream), service);
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection ended early");
        }
        drop(place);
    }
}
