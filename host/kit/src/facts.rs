//! The facts that source code has, held against those of `plugin.toml`: the SDK's `facts!` writes them into the module.

use sandbox::Manifest;
use valueflows::{FactGroup, FactKind, FactSpec};
use wasmparser::{Parser, Payload};

/// The custom section that `facts!` writes.
const SECTION: &str = "reflow:facts";

/// What differs between the facts of a module and those of its manifest; nothing, where the source declares none, as that
/// of another language than Rust.
pub(crate) fn differ(manifest: &Manifest, module: &[u8]) -> Option<String> {
    let found = Parser::new(0).parse_all(module).find_map(|payload| match payload {
        Ok(Payload::CustomSection(section)) if section.name() == SECTION => Some(section.data().to_vec()),
        _ => None,
    })?;
    let written = String::from_utf8_lossy(&found).into_owned();
    let declared = manifest.facts.as_ref().map(text).unwrap_or_default();
    (written != declared).then(|| {
        format!("the source says `{written}`, and `plugin.toml` says `{declared}`: make them the same, in one order")
    })
}

/// Facts as `facts!` writes them.
fn text(group: &FactGroup) -> String {
    let fact = |fact: &FactSpec| {
        let kind = match fact.kind {
            FactKind::Number => "i64",
            FactKind::Flag => "bool",
            FactKind::Text => "String",
            FactKind::Amount => "Quantity",
            FactKind::Instant => "At",
            FactKind::Agents => "Agents",
        };
        match fact.optional {
            true => format!(";{}:Option<{kind}>", fact.name),
            false => format!(";{}:{kind}", fact.name),
        }
    };
    std::iter::once(group.group.clone()).chain(group.facts.iter().map(fact)).collect()
}
