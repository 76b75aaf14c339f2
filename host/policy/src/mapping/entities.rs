//! Records and facts as Cedar's entities.

use std::collections::{HashMap, HashSet};

use cedar_policy::{Entity, RestrictedExpression};
use valueflows::{FactGroup, FactValue, Id, Kind, Property, Record, Value};

use super::{agent_uid, strings, uid};
use crate::agents::datetime;
use crate::error::BookError;
use crate::schema::type_name;

pub(super) fn record_entity(record: &Record) -> Result<Entity, BookError> {
    let mut attributes = HashMap::new();
    let shown = |row: &&Property| !row.personal && !matches!(row.kind, Kind::Terms | Kind::Document);
    for row in record.class.properties().iter().filter(shown) {
        let value = match record.fields.get(row.prop) {
            Some(value) => cedar_value(row, value)?,
            None if row.card == valueflows::Card::Many => RestrictedExpression::new_set([]),
            None => continue,
        };
        attributes.insert(row.prop.as_str().to_owned(), value);
    }
    let uid = uid(type_name(record.class), &record.id.to_string())?;
    Entity::new(uid, attributes, HashSet::new()).map_err(|error| BookError::Engine(error.to_string()))
}

fn cedar_value(row: &Property, value: &Value) -> Result<RestrictedExpression, BookError> {
    let reference = |id: &Id| {
        let kind = match row.kind {
            Kind::Ref(valueflows::Target::One(class)) => type_name(class),
            _ => "Agent",
        };
        uid(kind, &id.to_string()).map(RestrictedExpression::new_entity_uid)
    };
    Ok(match value {
        Value::Text(text) => RestrictedExpression::new_string(text.clone()),
        Value::Flag(flag) => RestrictedExpression::new_bool(*flag),
        Value::Integer(n) => RestrictedExpression::new_long(*n),
        Value::Instant(at) => datetime(*at),
        Value::Action(action) => RestrictedExpression::new_string(action.as_str().to_owned()),
        Value::Ref(id) => reference(id)?,
        Value::Texts(texts) => strings(texts),
        Value::Refs(ids) => {
            RestrictedExpression::new_set(ids.iter().map(reference).collect::<Result<Vec<_>, _>>()?)
        }
        Value::Quantity(quantity) => RestrictedExpression::new_record([
            ("amount".to_owned(), RestrictedExpression::new_long(quantity.amount)),
            (
                "unit".to_owned(),
                RestrictedExpression::new_entity_uid(uid("Unit", &quantity.unit.to_string())?),
            ),
        ])
        .map_err(|error| BookError::Engine(error.to_string()))?,
        Value::Measure(_) | Value::Terms(_) | Value::Document(_) => {
            return Err(BookError::Engine("a value that policies cannot read".to_owned()));
        }
    })
}

pub(super) fn fact_entity(group: &FactGroup, values: &[FactValue]) -> Result<Entity, BookError> {
    let mut attributes = HashMap::new();
    for (spec, value) in group.facts.iter().zip(values) {
        let value = match value {
            FactValue::Absent => continue,
            FactValue::Number(n) => RestrictedExpression::new_long(*n),
            FactValue::Flag(flag) => RestrictedExpression::new_bool(*flag),
            FactValue::Text(text) => RestrictedExpression::new_string(text.clone()),
            FactValue::Instant(at) => datetime(*at),
            FactValue::Amount { amount, unit } => RestrictedExpression::new_record([
                ("amount".to_owned(), RestrictedExpression::new_long(*amount)),
                ("unit".to_owned(), RestrictedExpression::new_string(unit.clone())),
            ])
            .map_err(|error| BookError::Engine(error.to_string()))?,
            FactValue::Agents(ids) => RestrictedExpression::new_set(
                ids.iter()
                    .map(|id| agent_uid(*id).map(RestrictedExpression::new_entity_uid))
                    .collect::<Result<Vec<_>, _>>()?,
            ),
        };
        attributes.insert(spec.name.clone(), value);
    }
    let uid = uid(&format!("{}::Facts", group.group), "facts")?;
    Entity::new(uid, attributes, HashSet::new()).map_err(|error| BookError::Engine(error.to_string()))
}
