//! Who *may*: Cedar over the books. Pure.
//!
//! A [`RuleBook`] is one immutable value: generated schema, the network's policies, a protected layer
//! of `forbid`s, plugin bindings. [`CompiledBook::decide`] asks Cedar with only the policies that can
//! apply to the request's types, and [`explain`] says in the policies' own words why not.
//!
//! Invariants:
//! - strict validation without a single warning is the door: a book that does not pass is no book;
//! - an erring `forbid` refuses, an erring `permit` does not apply, and both are reported;
//! - the protected layer holds `forbid`s only, and is evaluated in the same call;
//! - nothing here knows the store, the sandbox or HTTP, and nothing reads a personal property.
//!
//! ```
//! use policy::{RuleBook, compile};
//! let book = RuleBook::new("quiet", &[("nobody.cedar", "@id(\"x\") permit(principal, action == Action::\"see\", resource);")]).unwrap();
//! assert!(compile(&book).is_ok());
//! ```

mod agents;
mod alike;
pub mod book;
pub mod compile;
pub mod diff;
pub mod draft;
pub mod error;
pub mod examine;
pub mod explain;
pub mod facts;
pub mod gate;
pub mod limits;
mod lockout;
pub mod mapping;
mod nesting;
mod notices;
pub mod outside;
mod place;
pub mod scene;
pub mod schema;
mod slice;
mod stack;
mod trust;

pub use book::{Binding, CharterText, Lineage, PolicyText, RuleBook, ScenarioText, UnitSpec};
pub use compile::{CompiledBook, compile, compile_once, split};
pub use error::BookError;
pub use examine::{Standpoint, examine, is_stuck};
pub use explain::{Reason, explain};
pub use gate::{Facts, Ruling, Verdict, engine_version};
pub use mapping::Ask;
pub use notices::{NOTICES, NoticeText};
pub use place::{BadPlace, Place};
pub use scene::{Principal, Scene, SignedBy, Via};
pub use trust::Trust;
