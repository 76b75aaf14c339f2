//! The line somebody came in by: from where, whether anybody could listen in, and the number under which the
//! log keeps what happened to the request.
//!
//! A door sets it for as long as it answers; whoever needs it asks [`current`].

use std::net::IpAddr;

/// How somebody came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// From where, as far as it can be believed.
    pub client: IpAddr,
    /// Whether it is encrypted on the whole way to the browser.
    pub secure: bool,
    /// The node's own address as whoever came knows it: scheme and host, nothing behind.
    pub origin: String,
    /// The request's id: 32 hexadecimal digits, those of its trace.
    pub id: String,
}

impl Line {
    /// A request's id, from random bytes.
    pub fn fresh_id(random: [u8; 16]) -> String {
        journal::hex(&random)
    }
}

tokio::task_local! {
    static LINE: Line;
}

/// Answers somebody who came by a line.
pub async fn by<T>(line: Line, answer: impl Future<Output = T>) -> T {
    LINE.scope(line, answer).await
}

/// The line of whoever is being answered; none outside of a door.
pub fn current() -> Option<Line> {
    LINE.try_with(Line::clone).ok()
}
