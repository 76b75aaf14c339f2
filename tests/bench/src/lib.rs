//! What the bench is made of: a library to load, its doors, load, batches to write again raw, numbers to print.
#![allow(clippy::disallowed_methods, reason = "a bench measures time")]

pub mod asked;
pub mod door;
pub mod library;
pub mod load;
pub mod numbers;
pub mod raw;
