//! Files in and out: ValueFlows as JSON-LD, by term, in YAML or JSON; and tables of members, things, loans
//! and balances, as people keep them, in CSV.
//!
//! A file is read in three steps that are values: a [`tree`] with lines, a [`graph`] of records, a [`plan`]
//! of acts. Who may take what in, and whether it makes sense in the books, is decided where every act is.
//!
//! Invariants:
//! - nothing is fetched: the official context is known by heart, and no other one is looked up;
//! - a file is taken whole, or refused with lines and reasons;
//! - the same file makes the same commands, wherever and however often it is read;
//! - memory is bounded by the file: nothing in it is repeated by reference.
//!
//! ```
//! let file = b"'@type': Unit\nlabel: hour\n";
//! let graph = interchange::graph::read(&interchange::tree::read(file).unwrap()).unwrap();
//! assert_eq!(graph.nodes[0].class, valueflows::Class::Unit);
//! ```

pub mod context;
pub mod error;
pub mod export;
pub mod graph;
pub mod limits;
pub mod papers;
pub mod plan;
pub mod sheet;
pub mod table;
pub mod times;
pub mod tree;
mod vocabulary;

pub use error::{Fault, Note, Remark};
pub use graph::Graph;
pub use plan::{Known, Part, Place, Plan, Step, plan};

/// Reads a file's records.
pub fn read(file: &[u8]) -> Result<Graph, Vec<Fault>> {
    let tree = tree::read(file).map_err(|fault| vec![fault])?;
    graph::read(&tree)
}
