//! One value, and how it is written in JSON.

use serde_json::{Map, Value as Json, json};

use crate::action::Action;
use crate::error::BadValue;
use crate::id::Id;
use crate::limits::{DOCUMENT_BYTES_MAX, LIST_LEN_MAX, NUMBER_BOUND, TEXT_BYTES_MAX};
use crate::property::{Card, Kind, Property};
use crate::quantity::{Decimal, Instant, Measure, NO_UNIT, Quantity};

/// One line of the price terms of an agreement, as quoted and accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The plugin's name for the line, such as `deposit` or `late-day`.
    pub code: String,
    /// The amount.
    pub quantity: Quantity,
}

/// A value of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the kinds are described in the property table")]
pub enum Value {
    Text(String),
    Flag(bool),
    Integer(i64),
    /// In a record: exact.
    Quantity(Quantity),
    /// In a command: as somebody wrote it, before its unit is known.
    Measure(Measure),
    Instant(Instant),
    Action(Action),
    Ref(Id),
    Texts(Vec<String>),
    Refs(Vec<Id>),
    Terms(Vec<Term>),
    Document(Json),
}

impl Value {
    /// The value in JSON, as it stands in journals and commands.
    pub fn to_json(&self) -> Json {
        match self {
            Value::Text(text) => json!(text),
            Value::Flag(flag) => json!(flag),
            Value::Integer(n) => json!(n),
            Value::Quantity(quantity) => quantity_json(*quantity),
            Value::Measure(Measure { value, unit }) if *unit == NO_UNIT => {
                json!({"hasNumericalValue": value.to_string()})
            }
            Value::Measure(measure) => {
                json!({"hasNumericalValue": measure.value.to_string(), "hasUnit": measure.unit.to_string()})
            }
            Value::Instant(instant) => json!(instant.0),
            Value::Action(action) => json!(action.as_str()),
            Value::Ref(id) => json!(id.to_string()),
            Value::Texts(texts) => json!(texts),
            Value::Document(document) => document.clone(),
            Value::Refs(ids) => ids.iter().map(|id| json!(id.to_string())).collect(),
            Value::Terms(terms) => terms
                .iter()
                .map(|term| json!({"code": term.code, "quantity": quantity_json(term.quantity)}))
                .collect(),
        }
    }

    /// Reads a value that fits the property, or says what would.
    pub fn from_json(property: &Property, json: &Json) -> Result<Value, BadValue> {
        let wrong = || BadValue::WrongShape { name: property.prop.as_str(), wanted: property.wanted() };
        if property.card != Card::Many {
            return one(property, json, &wrong);
        }
        let list = json.as_array().ok_or_else(wrong)?;
        if list.len() > LIST_LEN_MAX {
            return Err(BadValue::TooLong { name: property.prop.as_str(), limit: LIST_LEN_MAX });
        }
        Ok(match property.kind {
            Kind::Ref(_) => Value::Refs(
                list.iter().map(|item| item.as_str().ok_or_else(wrong)?.parse()).collect::<Result<_, _>>()?,
            ),
            Kind::Terms => {
                Value::Terms(list.iter().map(|item| term(item).ok_or_else(wrong)).collect::<Result<_, _>>()?)
            }
            _ => {
                Value::Texts(list.iter().map(|item| text(property, item, &wrong)).collect::<Result<_, _>>()?)
            }
        })
    }

    /// A document, its members in the order of their names: the same document is the same value.
    pub fn document(json: Json) -> Value {
        Value::Document(sorted(json))
    }

    /// The ids that the value points at.
    pub fn refs(&self) -> &[Id] {
        match self {
            Value::Ref(id) => std::slice::from_ref(id),
            Value::Refs(ids) => ids,
            _ => &[],
        }
    }
}

fn one(property: &Property, json: &Json, wrong: &dyn Fn() -> BadValue) -> Result<Value, BadValue> {
    Ok(match property.kind {
        Kind::Text => Value::Text(text(property, json, wrong)?),
        Kind::Flag => Value::Flag(json.as_bool().ok_or_else(wrong)?),
        Kind::Integer | Kind::Millionths => Value::Integer(whole(json).ok_or_else(wrong)?),
        Kind::Instant => Value::Instant(Instant(whole(json).ok_or_else(wrong)?)),
        Kind::Action => Value::Action(Action::parse(json.as_str().ok_or_else(wrong)?)?),
        Kind::Ref(_) => Value::Ref(json.as_str().ok_or_else(wrong)?.parse()?),
        Kind::Quantity => match json.as_object().ok_or_else(wrong)? {
            map if map.contains_key("amount") => Value::Quantity(quantity(map).ok_or_else(wrong)?),
            map => Value::Measure(measure(map)?.ok_or_else(wrong)?),
        },
        Kind::Document => Value::Document(document(property, json, wrong)?),
        Kind::Terms => return Err(wrong()),
    })
}

fn document(property: &Property, json: &Json, wrong: &dyn Fn() -> BadValue) -> Result<Json, BadValue> {
    if !json.is_object() && !json.is_array() {
        return Err(wrong());
    }
    if json.to_string().len() > DOCUMENT_BYTES_MAX {
        return Err(BadValue::TooLong { name: property.prop.as_str(), limit: DOCUMENT_BYTES_MAX });
    }
    Ok(sorted(json.clone()))
}

fn sorted(json: Json) -> Json {
    match json {
        Json::Object(map) => {
            let mut members: Vec<(String, Json)> =
                map.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            Json::Object(members.into_iter().collect())
        }
        Json::Array(list) => list.into_iter().map(sorted).collect(),
        plain => plain,
    }
}

fn text(property: &Property, json: &Json, wrong: &dyn Fn() -> BadValue) -> Result<String, BadValue> {
    let text = json.as_str().ok_or_else(wrong)?;
    if text.len() > TEXT_BYTES_MAX {
        return Err(BadValue::TooLong { name: property.prop.as_str(), limit: TEXT_BYTES_MAX });
    }
    Ok(text.to_owned())
}

fn whole(json: &Json) -> Option<i64> {
    json.as_i64().filter(|n| n.abs() < NUMBER_BOUND)
}

fn quantity_json(quantity: Quantity) -> Json {
    json!({"amount": quantity.amount, "unit": quantity.unit.to_string()})
}

fn quantity(map: &Map<String, Json>) -> Option<Quantity> {
    let amount = whole(map.get("amount")?)?;
    let unit = map.get("unit")?.as_str()?.parse().ok()?;
    (map.len() == 2).then_some(Quantity { amount, unit })
}

fn measure(map: &Map<String, Json>) -> Result<Option<Measure>, BadValue> {
    let Some(number) = map.get("hasNumericalValue") else { return Ok(None) };
    let named = map.get("hasUnit");
    let unit = match named {
        None | Some(Json::Null) => NO_UNIT,
        Some(Json::String(unit)) => unit.parse()?,
        Some(_) => return Ok(None),
    };
    // Fractions come as text: a JSON number with a point has already been through a float.
    let value: Decimal = match (number.as_str(), number.as_i64()) {
        (Some(text), _) => text.parse()?,
        (None, Some(whole)) => Decimal::new(whole, 0),
        (None, None) => return Ok(None),
    };
    Ok((map.len() == 1 + usize::from(named.is_some())).then_some(Measure { value, unit }))
}

fn term(json: &Json) -> Option<Term> {
    let map = json.as_object()?;
    let code = map.get("code")?.as_str()?.to_owned();
    Some(Term { code, quantity: quantity(map.get("quantity")?.as_object()?)? })
}
