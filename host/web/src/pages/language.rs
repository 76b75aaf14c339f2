//! Choosing a language.

use axum::extract::Path;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};

use crate::frame::LANGUAGE;
use crate::locale::Locale;

/// For how long a browser keeps the choice, seconds: a year.
const KEPT_S: u32 = 365 * 24 * 60 * 60;

/// Keeps a language in a cookie, and goes back to where the reader was. What it sends back to is a path of this node,
/// whatever the header says.
pub async fn choose(Path(tag): Path<String>, headers: HeaderMap) -> Response {
    let known = Locale::languages().map(|(tag, _)| tag).find(|known| *known == tag);
    let tag = known.unwrap_or(Locale::default().tag());
    let cookie = format!("{LANGUAGE}{tag}; Path=/; HttpOnly; SameSite=Lax; Max-Age={KEPT_S}");
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    ([(header::SET_COOKIE, cookie)], Redirect::to(&path_of(referer))).into_response()
}

/// The path and query of an address; the front door where there is none.
fn path_of(address: &str) -> String {
    let rest = address.split_once("://").map_or("", |(_, rest)| rest);
    let path = rest.find('/').map_or("/", |at| rest.get(at..).unwrap_or("/"));
    // Two strokes would be another host.
    format!("/{}", path.trim_start_matches(['/', '\\']))
}
