//! The cookie that a session is known by, and the one that says for whom somebody acts.

use valueflows::Id;

use crate::{SESSION_US, Session, line};

const NAME: &str = "reflow=";
const ACTING: &str = "reflow-for=";
const AWAY: &str = "reflow-away=";

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

/// The delegation by which somebody acts for somebody else in a network, among a request's cookies.
pub fn acting(cookies: &str) -> Option<Id> {
    cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix(ACTING)?.parse().ok())
}

/// What a browser is told to keep, or to forget, of that.
pub fn act(network: &str, delegation: Option<Id>) -> String {
    let value = delegation.map(|id| id.to_string()).unwrap_or_default();
    let seconds = if delegation.is_some() { SESSION_US / 1_000_000 } else { 0 };
    told(ACTING, &value, &format!("/n/{network}"), seconds)
}

/// What a browser keeps while somebody is away at another service, or forgets once they are back. It comes back with them:
/// a strict one would not.
pub fn away(kept: Option<&str>) -> String {
    let seconds = if kept.is_some() { 600 } else { 0 };
    told(AWAY, kept.unwrap_or_default(), "/signed-in-through", seconds).replace("=Strict", "=Lax")
}

/// What it kept.
pub fn back(cookies: &str) -> Option<String> {
    cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix(AWAY).map(str::to_owned))
}

fn set(token: &str, seconds: i64) -> String {
    told(NAME, token, "/", seconds)
}

/// A browser that came by an encrypted line shows the cookie on no other.
fn told(name: &str, value: &str, path: &str, seconds: i64) -> String {
    let secure = if line::current().is_some_and(|line| line.secure) { "; Secure" } else { "" };
    format!("{name}{value}; Path={path}; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}
