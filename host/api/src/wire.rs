//! Records as they go out: the vocabulary's names, times as RFC 3339 in UTC, amounts as decimals with
//! their unit. A record is put together from the property table; nothing here knows a class by name.

use jiff::Timestamp;
use pipeline::{Reader, Rejection};
use serde_json::{Map, Value as Json, json};
use valueflows::{Instant, Part, Property, Quantity, Record, Value};

/// An instant in UTC.
pub fn time(at: Instant) -> Json {
    match Timestamp::from_microsecond(at.0) {
        Ok(at) => json!(at.to_string()),
        Err(_) => Json::Null,
    }
}

/// An amount with its unit, in the unit's own decimals.
pub async fn amount(reader: &mut Reader, quantity: Quantity) -> Result<Json, Rejection> {
    let decimals = reader.decimals(quantity.unit).await?;
    Ok(json!({"hasNumericalValue": quantity.decimal(decimals).to_string(), "hasUnit": quantity.unit}))
}

/// A record that its reader may see.
pub async fn record(reader: &mut Reader, record: &Record) -> Result<Json, Rejection> {
    let mut map = Map::new();
    map.insert("id".into(), json!(record.id));
    map.insert("class".into(), json!(record.class.as_str()));
    map.insert("version".into(), json!(record.version));
    let Json::Object(plain) = record.fields.to_json(record.class, Part::Whole) else {
        return Ok(Json::Object(map));
    };
    for (name, value) in plain {
        let prop = valueflows::Prop::named(&name);
        let row = prop.and_then(|prop| Property::of(record.class, prop));
        let value = match row.and_then(|row| record.fields.get(row.prop)) {
            Some(Value::Instant(at)) => time(*at),
            Some(Value::Quantity(quantity)) => amount(reader, *quantity).await?,
            _ => value,
        };
        map.insert(name, value);
    }
    Ok(Json::Object(map))
}
