//! The sandbox: community code in WebAssembly components, with typed worlds and hard limits.
//!
//! One constructor, [`Sandbox::new`], makes the engine, its ticker and every limit together. A
//! component comes in through [`admission`], in a child process that can be killed; from then on
//! only artefacts that this node compiled itself are mapped. Each call gets a fresh instance, dropped
//! afterwards whatever happened.
//!
//! Invariants:
//! - a component imports no function: it has no clock, no randomness, no network, no memory of others;
//! - an answer is a function of component, settings and input alone; fuel bounds it, and the
//!   wall-clock net never becomes part of it;
//! - a trap, a time-out or nonsense is an error of a named class, never an answer;
//! - nothing here knows the store, policies or HTTP.

pub mod actions;
pub mod admission;
pub mod bindings;
pub mod call;
pub mod case;
pub mod child;
mod draft;
pub mod engine;
pub mod error;
pub mod laws;
pub mod limits;
pub mod manifest;
pub mod package;
pub mod structure;

pub use admission::{Admitted, Findings, Scrutiny, admit, admit_in_child, child_main};
pub use bindings::types;
pub use call::{Answer, Plugin};
pub use case::{Case, Items, Verdicts};
pub use draft::Older;
pub use engine::Sandbox;
pub use error::{AdmissionError, CallError, FailureClass};
pub use manifest::{Anchor, Answering, Claim, FuelClass, Manifest, Need, SettingKind, SettingSpec, Title};
