//! Canonical bytes: one way to write a value (JCS, RFC 8785), and a reader that refuses what could
//! be read in two ways.

use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::error::JournalError;
use crate::limits::JSON_DEPTH_MAX;

/// The canonical bytes of a value.
pub fn bytes(value: &Value) -> Result<Vec<u8>, JournalError> {
    let mut out = Vec::with_capacity(1_024);
    match write(value, &mut out) {
        Some(()) => Ok(out),
        None => bytes_of_any(value),
    }
}

/// What a journal holds, nearly always: names in ASCII, whole numbers below 2^53. The order of such names
/// and the form of such numbers are the plain ones, and each value is written as it is met.
fn write(value: &Value, out: &mut Vec<u8>) -> Option<()> {
    match value {
        Value::Object(map) => {
            let mut members: Vec<(&String, &Value)> = map.iter().collect();
            if !members.iter().all(|(name, _)| name.is_ascii()) {
                return None;
            }
            members.sort_unstable_by_key(|(name, _)| *name);
            out.push(b'{');
            for (n, (name, value)) in members.into_iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                serde_json::to_writer(&mut *out, name).ok()?;
                out.push(b':');
                write(value, out)?;
            }
            out.push(b'}');
        }
        Value::Array(list) => {
            out.push(b'[');
            for (n, value) in list.iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                write(value, out)?;
            }
            out.push(b']');
        }
        Value::Number(number) if number.as_i64().is_none_or(|n| n.unsigned_abs() >= 1 << 53) => return None,
        plain => serde_json::to_writer(out, plain).ok()?,
    }
    Some(())
}

/// The canonical bytes of any value at all, by the library that the ones above are held against.
pub fn bytes_of_any(value: &Value) -> Result<Vec<u8>, JournalError> {
    serde_json_canonicalizer::to_vec(value).map_err(|error| JournalError::NotCanonical(error.to_string()))
}

/// Reads JSON strictly: no duplicate keys, no floats, no numbers beyond 2^53, bounded depth.
pub fn parse(bytes: &[u8]) -> Result<Value, JournalError> {
    let refuse = |error: serde_json::Error| JournalError::NotCanonical(error.to_string());
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth: JSON_DEPTH_MAX }.deserialize(&mut reader).map_err(refuse)?;
    reader.end().map_err(refuse)?;
    Ok(value)
}

#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Strict, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Strict { depth }),
            None => Err(E::custom(format!("nested deeper than {JSON_DEPTH_MAX} levels"))),
        }
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without fractions (write decimals as text)")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E: serde::de::Error>(self, n: i64) -> Result<Value, E> {
        if n.abs() < 1 << 53 { Ok(n.into()) } else { Err(E::custom("number beyond 2^53; write it as text")) }
    }

    fn visit_u64<E: serde::de::Error>(self, n: u64) -> Result<Value, E> {
        self.visit_i64(i64::try_from(n).map_err(|_| E::custom("number beyond 2^53; write it as text"))?)
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let deeper = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = seq.next_element_seed(deeper)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let deeper = self.deeper()?;
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("the key `{key}` stands twice")));
            }
            let value = access.next_value_seed(deeper)?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}
