//! Track and trace: what a thing came out of, and what became of it, over everything that was ever recorded.
//!
//! [`Graph`] is the books as arrays: things, processes and events as numbers in the order in which they were made, and
//! for each number what comes before it and what comes after. [`Graph::walk`] follows it as the specification's own
//! page of track and trace says (`algorithms/track.md`): depth first, along the breadcrumbs that a thing leaves from
//! event to event, through the gates that keep a thing that only passed through a process from being taken for one
//! that went into it. [`Graph::reach`] is everything that hangs together, without either.
//!
//! Where the page is silent or cannot be followed to the letter, the table in `host/valueflows/README.md` says what
//! is done and why.

mod graph;
mod walk;

pub use graph::{Direction, Graph, Happened, Kind, Mark};
pub use walk::{Step, Walk};
