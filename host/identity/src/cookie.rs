//! The cookie that a session is known by.

use crate::{SESSION_US, Session, line};

const NAME: &str = "reflow=";

/// The session's token among a request's cookies.
pub fn find(cookies: &str) -> Option<String> {
    cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix(NAME).map(str::to_owned))
}

/// What a browser is told to keep.
pub fn keep(session: &Session) -> String {
    set(&session.token, SESSION_US / 1_000_000)
}

/// What makes a browser forget.
pub fn forget() -> String {
    set("", 0)
}

/// A browser that came by an encrypted line shows the cookie on no other.
fn set(token: &str, seconds: i64) -> String {
    let secure = if line::current().is_some_and(|line| line.secure) { "; Secure" } else { "" };
    format!("{NAME}{token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}
