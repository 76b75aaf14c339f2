//! Records as they go out and acts as they come in: the vocabulary's names, times as RFC 3339, amounts as
//! decimals with their unit. A record is put together from the property table; nothing here knows a
//! property by name.
//!
//! What comes in may name an action in camelCase or kebab-case and a time with its offset; the books have
//! one way to write each, and that is what a command holds once it is through this door.

use jiff::Timestamp;
use pipeline::{Reader, Rejection};
use serde_json::{Map, Value as Json, json};
use valueflows::limits::DEGREE_DECIMALS;
use valueflows::{
    Action, Class, Decimal, Instant, Kind, NO_UNIT, Part, Prop, Property, Quantity, Record, Value,
};

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
    let number = quantity.decimal(decimals).to_string();
    Ok(match quantity.unit == NO_UNIT {
        true => json!({"hasNumericalValue": number}),
        false => json!({"hasNumericalValue": number, "hasUnit": quantity.unit}),
    })
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

/// A time as people write it, in the books' own way.
pub fn instant(text: &str) -> Option<Instant> {
    text.parse::<Timestamp>().ok().map(|at| Instant(at.as_microsecond()))
}

/// Rewrites the acts of a command as the books write them; what it cannot read it leaves, for the reader of
/// commands to refuse.
pub fn inward(command: &mut Json) {
    let acts = command.get_mut("acts").and_then(Json::as_array_mut);
    for act in acts.into_iter().flatten() {
        act_inward(act);
    }
}

/// The same for one act.
pub fn act_inward(act: &mut Json) {
    let class = act.get("class").and_then(Json::as_str).and_then(Class::named);
    let named = act.get("act").and_then(Json::as_str).map(str::to_owned);
    let Json::Object(act) = act else { return };
    for (name, value) in act.iter_mut() {
        match (name.as_str(), named.as_deref()) {
            ("event", _) => fields_inward(Class::EconomicEvent, value),
            ("newResource", _) => fields_inward(Class::EconomicResource, value),
            ("proposal", _) => fields_inward(Class::Proposal, value),
            ("intents", _) => {
                value.as_array_mut().into_iter().flatten().for_each(|one| fields_inward(Class::Intent, one));
            }
            ("fields", Some("commit")) => fields_inward(Class::Commitment, value),
            ("fields", _) => class.into_iter().for_each(|class| fields_inward(class, value)),
            ("until" | "hasEnd", _) => time_inward(value),
            ("quote", _) => value.get_mut("expires").into_iter().for_each(time_inward),
            _ => {}
        }
    }
}

fn time_inward(value: &mut Json) {
    if let Some(at) = value.as_str().and_then(instant) {
        *value = json!(at.0);
    }
}

fn fields_inward(class: Class, fields: &mut Json) {
    let Json::Object(fields) = fields else { return };
    for (name, value) in fields.iter_mut() {
        let row = Prop::named(name).and_then(|prop| Property::of(class, prop));
        let text = value.as_str().map(str::to_owned);
        match (row.map(|row| row.kind), text) {
            (Some(Kind::Instant), _) => time_inward(value),
            (Some(Kind::Action), Some(text)) => {
                if let Ok(action) = Action::named(&text) {
                    *value = json!(action.as_str());
                }
            }
            (Some(Kind::Millionths), Some(text)) => {
                let degrees = text.parse::<Decimal>().ok();
                if let Some(degrees) = degrees.and_then(|degrees| degrees.in_scale(DEGREE_DECIMALS).ok()) {
                    *value = json!(degrees);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_in_is_rewritten_as_the_books_write_it() {
        let at = instant("2027-01-31T12:00:00+01:00").map(|at| at.0);
        assert_eq!(at, Some(1_801_393_200_000_000));
        let table = [
            (
                json!({"act": "record", "event": {"action": "transfer-custody", "hasPointInTime": "2027-01-31T12:00:00+01:00"}}),
                json!({"act": "record", "event": {"action": "transferCustody", "hasPointInTime": at}}),
            ),
            (
                json!({"act": "publish", "proposal": {"hasEnd": "2027-01-31T11:00:00Z"}, "intents": [{"action": "deliver-service"}]}),
                json!({"act": "publish", "proposal": {"hasEnd": at}, "intents": [{"action": "deliverService"}]}),
            ),
            (
                json!({"act": "accept", "until": "2027-01-31T11:00:00Z", "quote": {"expires": "2027-01-31T11:00:00Z"}}),
                json!({"act": "accept", "until": at, "quote": {"expires": at}}),
            ),
            (
                json!({"act": "define", "class": "SpatialThing", "fields": {"lat": "-12.5", "name": "raise"}}),
                json!({"act": "define", "class": "SpatialThing", "fields": {"lat": -12_500_000, "name": "raise"}}),
            ),
            // What it cannot read is left for the reader of commands.
            (
                json!({"act": "commit", "fields": {"due": "tomorrow", "action": "-work", "hasEnd": 7}}),
                json!({"act": "commit", "fields": {"due": "tomorrow", "action": "-work", "hasEnd": 7}}),
            ),
            (json!("nothing"), json!("nothing")),
        ];
        for (mut act, wanted) in table {
            act_inward(&mut act);
            assert_eq!(act, wanted);
        }
    }
}
