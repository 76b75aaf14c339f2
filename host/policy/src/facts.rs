//! How facts look to Cedar.

use valueflows::FactKind;

/// The Cedar type of a fact.
pub fn cedar_type(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Number => "Long",
        FactKind::Flag => "Bool",
        FactKind::Text => "String",
        FactKind::Amount => "{ amount: Long, unit: String }",
        FactKind::Instant => "datetime",
        FactKind::Agents => "Set<Agent>",
    }
}
