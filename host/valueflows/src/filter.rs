//! A filter: a closed boolean tree over the properties of records.
//!
//! It is data, so that a list can be narrowed the same way wherever it is read: row by row here, in SQL
//! where a store can, and later by what the rules leave open. Nothing in it depends on who reads.
//!
//! ```
//! use valueflows::{Class, Fields, Filter, Id, Prop, Record, Value};
//! let drill = Fields::new().with(Prop::Name, Value::Text("Hammer drill".into()));
//! let drill = Record::new(Id([1; 16]), Class::EconomicResource, drill);
//! assert!(Filter::Mentions("DRILL".into()).holds(&drill));
//! assert!(!Filter::Not(Box::new(Filter::All)).holds(&drill));
//! ```

use crate::action::Action;
use crate::id::Id;
use crate::property::Prop;
use crate::quantity::Instant;
use crate::record::Record;
use crate::value::Value;

/// Which records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// All of them.
    All,
    /// Those that the other leaves out.
    Not(Box<Filter>),
    /// Those for which every one holds; none holds for all.
    Every(Vec<Filter>),
    /// Those for which one at least holds; none holds for nothing.
    Any(Vec<Filter>),
    /// Those that point at a record with a property.
    Points(Prop, Id),
    /// Those that say a text, or have it in a list.
    Says(Prop, String),
    /// Those whose flag is so; an absent flag is no.
    Flag(Prop, bool),
    /// Those of an action.
    Acts(Action),
    /// Those with a time from this one on.
    From(Prop, Instant),
    /// Those with a time up to this one.
    Until(Prop, Instant),
    /// Those in whose texts these words stand, in any case.
    Mentions(String),
}

impl Filter {
    /// Whether it holds for a record.
    pub fn holds(&self, record: &Record) -> bool {
        let fields = &record.fields;
        match self {
            Filter::All => true,
            Filter::Not(other) => !other.holds(record),
            Filter::Every(all) => all.iter().all(|one| one.holds(record)),
            Filter::Any(some) => some.iter().any(|one| one.holds(record)),
            Filter::Points(prop, id) => fields.get(*prop).is_some_and(|value| value.refs().contains(id)),
            Filter::Says(prop, text) => match fields.get(*prop) {
                Some(Value::Text(said)) => said == text,
                Some(Value::Texts(said)) => said.contains(text),
                _ => false,
            },
            Filter::Flag(prop, flag) => fields.flag(*prop) == *flag,
            Filter::Acts(action) => fields.action() == Some(*action),
            Filter::From(prop, at) => fields.instant(*prop).is_some_and(|time| time >= *at),
            Filter::Until(prop, at) => fields.instant(*prop).is_some_and(|time| time <= *at),
            Filter::Mentions(words) => mentions(record, &words.to_lowercase()),
        }
    }
}

fn mentions(record: &Record, words: &str) -> bool {
    let has = |text: &String| text.to_lowercase().contains(words);
    record.fields.iter().any(|(_, value)| match value {
        Value::Text(text) => has(text),
        Value::Texts(texts) => texts.iter().any(has),
        _ => false,
    })
}
