//! Values by property, checked against the table.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::action::Action;
use crate::error::BadValue;
use crate::id::Id;
use crate::property::{Card, Class, Prop, Property};
use crate::quantity::{Instant, NO_UNIT, Quantity};
use crate::record::Part;
use crate::value::{Term, Value};

/// The values of one record, or of what somebody asks to be recorded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields(BTreeMap<Prop, Value>);

impl Fields {
    /// No values.
    pub fn new() -> Fields {
        Fields::default()
    }

    /// The same with one more value; builder style, for hosts that write records.
    #[must_use]
    pub fn with(mut self, prop: Prop, value: Value) -> Fields {
        self.0.insert(prop, value);
        self
    }

    /// Sets or replaces a value.
    pub fn set(&mut self, prop: Prop, value: Value) {
        self.0.insert(prop, value);
    }

    /// Takes a value away.
    pub fn remove(&mut self, prop: Prop) -> Option<Value> {
        self.0.remove(&prop)
    }

    /// The value, if there is one.
    pub fn get(&self, prop: Prop) -> Option<&Value> {
        self.0.get(&prop)
    }

    /// All values, in the order of the properties.
    pub fn iter(&self) -> impl Iterator<Item = (Prop, &Value)> {
        self.0.iter().map(|(prop, value)| (*prop, value))
    }

    /// The text of a property.
    pub fn text(&self, prop: Prop) -> Option<&str> {
        match self.get(prop) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The texts of a list property; none is an empty list.
    pub fn texts(&self, prop: Prop) -> &[String] {
        match self.get(prop) {
            Some(Value::Texts(texts)) => texts,
            _ => &[],
        }
    }

    /// Whether a flag is set.
    pub fn flag(&self, prop: Prop) -> bool {
        matches!(self.get(prop), Some(Value::Flag(true)))
    }

    /// A whole number.
    pub fn integer(&self, prop: Prop) -> Option<i64> {
        match self.get(prop) {
            Some(Value::Integer(n)) => Some(*n),
            _ => None,
        }
    }

    /// The record that a property points at.
    pub fn id(&self, prop: Prop) -> Option<Id> {
        match self.get(prop) {
            Some(Value::Ref(id)) => Some(*id),
            _ => None,
        }
    }

    /// The records that a list property points at.
    pub fn ids(&self, prop: Prop) -> &[Id] {
        self.get(prop).map(Value::refs).unwrap_or_default()
    }

    /// An exact amount.
    pub fn quantity(&self, prop: Prop) -> Option<Quantity> {
        match self.get(prop) {
            Some(Value::Quantity(quantity)) => Some(*quantity),
            _ => None,
        }
    }

    /// A time.
    pub fn instant(&self, prop: Prop) -> Option<Instant> {
        match self.get(prop) {
            Some(Value::Instant(instant)) => Some(*instant),
            _ => None,
        }
    }

    /// The action.
    pub fn action(&self) -> Option<Action> {
        match self.get(Prop::Action) {
            Some(Value::Action(action)) => Some(*action),
            _ => None,
        }
    }

    /// A document.
    pub fn document(&self, prop: Prop) -> Option<&Json> {
        match self.get(prop) {
            Some(Value::Document(document)) => Some(document),
            _ => None,
        }
    }

    /// Price terms.
    pub fn terms(&self) -> &[Term] {
        match self.get(Prop::Terms) {
            Some(Value::Terms(terms)) => terms,
            _ => &[],
        }
    }

    /// Every id that any value points at, with its property.
    pub fn refs(&self) -> impl Iterator<Item = (Prop, Id)> {
        self.0.iter().flat_map(|(prop, value)| value.refs().iter().map(|id| (*prop, *id)))
    }

    /// Every unit that a quantity or measure names.
    pub fn units(&self) -> impl Iterator<Item = Id> {
        self.counted_in().filter(|unit| *unit != NO_UNIT)
    }

    /// Whether any amount names no unit.
    pub fn is_unitless(&self) -> bool {
        self.counted_in().any(|unit| unit == NO_UNIT)
    }

    fn counted_in(&self) -> impl Iterator<Item = Id> {
        self.0.values().filter_map(|value| match value {
            Value::Quantity(quantity) => Some(quantity.unit),
            Value::Measure(measure) => Some(measure.unit),
            _ => None,
        })
    }

    /// The values of one part (books or personal) as a JSON object by local name.
    pub fn to_json(&self, class: Class, part: Part) -> Json {
        Json::Object(
            self.iter()
                .filter(|(prop, _)| part.holds(class, *prop))
                .map(|(prop, value)| (prop.as_str().to_owned(), value.to_json()))
                .collect(),
        )
    }

    /// Reads the values of a class, refusing what it does not carry and what does not fit.
    ///
    /// Required properties are not asked for here: see [`Fields::complete`].
    pub fn from_json(class: Class, map: &Map<String, Json>) -> Result<Fields, BadValue> {
        let mut fields = Fields::new();
        for (name, json) in map {
            let property = Prop::named(name).and_then(|prop| Property::of(class, prop)).ok_or_else(|| {
                BadValue::UnknownProperty { class: class.as_str(), name: name.chars().take(64).collect() }
            })?;
            fields.set(property.prop, Value::from_json(property, json)?);
        }
        Ok(fields)
    }

    /// Refuses when a required property of the class is missing.
    pub fn complete(&self, class: Class) -> Result<(), BadValue> {
        match class.properties().iter().find(|row| row.card == Card::One && self.get(row.prop).is_none()) {
            Some(row) => Err(BadValue::Missing { class: class.as_str(), name: row.prop.as_str() }),
            None => Ok(()),
        }
    }

    /// Adds the values of another part, as when books and personal part meet again.
    pub fn extend(&mut self, other: Fields) {
        self.0.extend(other.0);
    }
}

impl FromIterator<(Prop, Value)> for Fields {
    fn from_iter<I: IntoIterator<Item = (Prop, Value)>>(values: I) -> Fields {
        Fields(values.into_iter().collect())
    }
}
