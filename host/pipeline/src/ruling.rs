//! What is noted of how an act was judged: one object an act, which stands in the entry.

use serde_json::{Value as Json, json};

use crate::rules::Bound;

/// Notes something.
pub(crate) fn put(ruling: &mut Json, name: &str, value: Json) {
    if let Json::Object(map) = ruling {
        map.insert(name.to_owned(), value);
    }
}

/// Notes one more of several.
pub(crate) fn push(ruling: &mut Json, name: &str, value: Json) {
    if let Json::Object(map) = ruling
        && let Json::Array(list) = map.entry(name).or_insert_with(|| json!([]))
    {
        list.push(value);
    }
}

/// A call, as a receipt keeps it: which plugin, what it took, the digest of what it saw, what it said.
pub(crate) fn call(bound: &Bound, fuel: u64, input: journal::Digest, name: &str, said: Json) -> Json {
    json!({"plugin": bound.binding.plugin, "fuel": fuel, "input": crate::plugins::short(&input), name: said})
}
