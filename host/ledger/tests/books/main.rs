//! The books from outside: what holds beyond the action table, and the laws over random histories.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![allow(clippy::arithmetic_side_effects, reason = "tests")]

mod bakery;
mod common;
mod laws;
mod newest;
mod planning;
mod rounds;
mod whole;
