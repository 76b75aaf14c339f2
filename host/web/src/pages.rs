//! The pages, a file each.

pub mod board;
pub mod borrow;
pub mod journal;
pub mod loans;
pub mod networks;
pub mod people;
pub mod rules;
pub mod sign_in;
pub mod thing;
pub mod things;
pub mod why;

use axum::http::header;
use axum::response::IntoResponse;

/// The one stylesheet.
pub async fn style() -> impl IntoResponse {
    let css = include_str!("../assets/style.css");
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")], css)
}
