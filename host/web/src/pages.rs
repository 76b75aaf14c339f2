//! The pages, a file each.

pub mod attach;
pub mod audit;
pub mod board;
pub mod borrow;
pub mod calendar;
pub mod cases;
pub mod changes;
pub mod delegations;
pub mod desk;
pub mod edit;
pub mod feed;
pub mod flows;
pub mod found;
pub mod hands;
pub mod home;
pub mod invite;
pub mod joining;
pub mod journal;
pub mod keeping;
pub mod keys;
pub mod label;
pub mod language;
pub mod let_back;
pub mod letters;
pub mod loans;
pub mod me;
pub mod need;
pub mod networks;
pub mod operator;
pub mod papers;
pub mod passkeys;
pub mod people;
pub mod photo;
pub mod printed;
pub mod publish;
pub mod rounds;
pub mod rule;
pub mod rules;
pub mod rules_desk;
pub mod second_step;
pub mod settings;
pub mod sign_in;
pub mod signing;
pub mod stock;
pub mod stories;
pub mod sums;
pub mod tables;
pub mod thing;
pub mod things;
pub mod through;
pub mod used;
pub mod what_if;
pub mod why;

use axum::http::header;
use axum::response::IntoResponse;

/// The one stylesheet.
const STYLE: &str = include_str!("../assets/style.css");

/// What changes in the stylesheet's address when the stylesheet changes, so that a browser may keep it
/// for as long as it likes (FNV-1a, 64 bits).
pub fn style_mark() -> String {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", STYLE.bytes().fold(0xcbf2_9ce4_8422_2325, mix))
}

/// Serves it.
pub async fn style() -> impl IntoResponse {
    let keep = "public, max-age=31536000, immutable";
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, keep)], STYLE)
}
