//! Laws of the way of a command, against real stores and the real policies and plugins.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod batching;
mod carried;
mod counting;
mod flow;
mod home;
mod lanes;
mod limits;
mod own;
mod pool;
mod resealed;
mod shelf;
