//! The vocabulary: what a ReflowOS node keeps books about, as plain values.
//!
//! Everything here is ValueFlows 1.0 as far as a loan needs it, plus a handful of house terms that
//! the specification leaves out on purpose (membership, custody, price terms). A record is a class,
//! an id and values by property; one table, [`property::PROPERTIES`], says what each class may
//! carry, and every codec, column, Cedar attribute and data need is read from it.
//!
//! Invariants:
//! - nothing here knows a clock, a random source, SQL, HTTP or a rule;
//! - a quantity is whole smallest parts of its unit, never a float;
//! - a value that does not fit its property is refused, never bent.
//!
//! ```
//! use valueflows::{Action, Decimal};
//! assert_eq!(Action::parse("transferCustody").unwrap().row().unwrap().onhand.as_str(), "decrementIncrement");
//! assert_eq!("1.50".parse::<Decimal>().unwrap().in_scale(2).unwrap(), 150);
//! ```

pub mod action;
pub mod error;
pub mod facts;
pub mod fields;
pub mod filter;
pub mod id;
pub mod limits;
pub mod own;
pub mod property;
pub mod quantity;
pub mod record;
pub mod said;
pub mod surface;
pub mod value;

pub use action::Action;
pub use error::{BadValue, QuantityError};
pub use facts::{FactGroup, FactKind, FactSpec, FactValue};
pub use fields::Fields;
pub use filter::Filter;
pub use id::{Id, NetworkId};
pub use own::{OwnAction, OwnActions};
pub use property::{Card, Class, Kind, Prop, Property, Target};
pub use quantity::{Decimal, Instant, Measure, NO_UNIT, Quantity};
pub use record::{Part, Record};
pub use said::Said;
pub use surface::Surface;
pub use value::{Term, Value};
