//! Hostile bytes for every reader: what is kept under `corpora` is read in each test run, with a thousand
//! made-up inputs beside it; `cargo bolero test NAME` looks for new ones by coverage.
//!
//! Invariant: whatever the bytes, a reader answers or refuses; it does not die, hang or take memory that
//! the bytes do not account for.
