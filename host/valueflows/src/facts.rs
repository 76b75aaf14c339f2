//! Facts: what plugins compute and policies read, typed by the plugin's manifest.

use crate::id::Id;
use crate::quantity::Instant;
use serde::{Deserialize, Serialize};

/// The type of one fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactKind {
    /// A whole number: Cedar `Long`.
    Number,
    /// Yes or no: Cedar `Bool`.
    Flag,
    /// Text: Cedar `String`.
    Text,
    /// An amount: Cedar record `{ amount: Long, unit: String }`, the unit by its label.
    Amount,
    /// A time: Cedar `datetime`, rounded down to milliseconds.
    Instant,
    /// Agents: Cedar `Set<Agent>`.
    Agents,
}

/// One fact as the manifest declares it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactSpec {
    /// Its name, an identifier.
    pub name: String,
    /// Its type.
    pub kind: FactKind,
    /// Whether it may be absent; policies must then write `has`.
    #[serde(default)]
    pub optional: bool,
}

/// The facts of one plugin, in the order in which it answers them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactGroup {
    /// The Cedar namespace, such as `Standing`.
    pub group: String,
    /// The facts.
    pub facts: Vec<FactSpec>,
}

/// The value of one fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the kinds are described at `FactKind`")]
pub enum FactValue {
    Absent,
    Number(i64),
    Flag(bool),
    Text(String),
    Amount { amount: i64, unit: String },
    Instant(Instant),
    Agents(Vec<Id>),
}

impl FactSpec {
    /// Whether a value fits.
    pub fn takes(&self, value: &FactValue) -> bool {
        matches!(
            (self.kind, value),
            (FactKind::Number, FactValue::Number(_))
                | (FactKind::Flag, FactValue::Flag(_))
                | (FactKind::Text, FactValue::Text(_))
                | (FactKind::Amount, FactValue::Amount { .. })
                | (FactKind::Instant, FactValue::Instant(_))
                | (FactKind::Agents, FactValue::Agents(_))
        ) || (self.optional && *value == FactValue::Absent)
    }
}

impl FactGroup {
    /// The name under which the group stands in a request's context: `Standing` as `standing`.
    pub fn context_name(&self) -> String {
        let mut letters = self.group.chars();
        letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
    }
}
