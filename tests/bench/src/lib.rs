//! What the bench is made of: a library to load, batches to write again raw, numbers to print.
#![allow(clippy::disallowed_methods, reason = "a bench measures time")]

pub mod library;
pub mod numbers;
pub mod raw;
