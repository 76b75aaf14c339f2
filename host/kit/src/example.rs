//! Examples that an author writes down: files `tests/*.toml` beside `plugin.toml`, in names instead of row numbers.
//!
//! ```toml
//! now = "2026-05-01T10:00Z"
//! units = { EUR = 2 }
//!
//! [agents.amara]
//! [commitments.ladder-back]
//! action = "transfer-custody"
//! provider = "amara"
//! due = "-3d"
//!
//! [[ask]]
//! says = "whoever has kept something too long is not clear"
//! act = { name = "borrow", principal = "amara", receiver = "amara" }
//! expect = { facts = { clear = false } }
//! ```
//!
//! Rows stand in the order of their names, as those of the books stand in the order of their ids, and what the needs of
//! the manifest find is found among them. Whatever `expect` does not mention may be anything.

mod names;
mod read;
mod shown;

use std::path::Path;

use sandbox::{Case, Plugin, SettingKind, Verdicts, types};
use serde_json::{Value as Json, json};
use toml::{Table, Value};

use crate::KitError;
use names::Names;

/// What came of an example.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The file that it stands in, by its name.
    pub file: String,
    /// What it says that the rule does.
    pub says: String,
    /// What the rule said, in names.
    pub said: Json,
    /// The fuel that it took.
    pub fuel: u64,
    /// What is not as it should be.
    pub differs: Option<String>,
}

/// One ask of a file, ready.
struct Example {
    says: String,
    case: Case,
    names: Names,
    expect: Value,
}

fn wrong(path: &Path, problem: impl std::fmt::Display) -> KitError {
    KitError::Example { path: path.display().to_string(), problem: problem.to_string() }
}

/// Every example of a folder, tried; none, where it has no file `tests/*.toml`.
pub(crate) fn all(plugin: &Plugin, folder: &Path) -> Result<Vec<Tried>, KitError> {
    let mut files: Vec<_> = match std::fs::read_dir(folder.join("tests")) {
        Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).collect(),
        Err(_) => Vec::new(),
    };
    files.retain(|path| path.extension().is_some_and(|kind| kind == "toml"));
    files.sort();
    let mut tried = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).map_err(|error| wrong(&path, error))?;
        let table: Table = toml::from_str(&text).map_err(|error| wrong(&path, error))?;
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        for example in read::examples(&plugin.manifest, &table).map_err(|problem| wrong(&path, problem))? {
            tried.push(example.tried(plugin, file.clone()));
        }
    }
    Ok(tried)
}

/// What was said to a case whose rows have no names: an answer an item.
pub fn shown(plugin: &Plugin, case: &Case, verdicts: Verdicts) -> Vec<Json> {
    shown::verdicts(&plugin.manifest, &Names::numbered(&case.context), verdicts)
}

/// The usual value of a setting among rows that have no names.
pub(crate) fn usual_setting(
    context: &types::Context,
    kind: SettingKind,
    usual: &Json,
) -> Option<types::Value> {
    read::setting(kind, usual, &Names::numbered(context))
}

impl Example {
    fn tried(self, plugin: &Plugin, file: String) -> Tried {
        let settings = plugin.check_settings(&self.case.context.settings, &self.case.context.units);
        let (said, fuel) = match settings {
            Err(error) => (json!({"failed": error.class.as_str()}), 0),
            Ok(Some(reason)) => (json!({"settings": reason.code}), 0),
            Ok(None) => match plugin.ask(&self.case) {
                Err(error) => (json!({"failed": error.class.as_str()}), 0),
                Ok((verdicts, fuel)) => {
                    let said = shown::verdicts(&plugin.manifest, &self.names, verdicts);
                    (said.into_iter().next().unwrap_or_default(), fuel)
                }
            },
        };
        let differs = differs(&self.names, "", &self.expect, &said);
        Tried { file, says: self.says, said, fuel, differs }
    }
}

/// What differs from what is expected; whatever is not mentioned may be anything.
fn differs(names: &Names, at: &str, expected: &Value, said: &Json) -> Option<String> {
    let here = if at.is_empty() { "it" } else { at };
    let otherwise = || Some(format!("expected {here} to be {}, and it said {said}", inline(expected)));
    match (expected, said) {
        (Value::Table(expected), Json::Object(said)) => expected.iter().find_map(|(name, value)| {
            let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
            match said.get(name) {
                Some(said) => differs(names, &at, value, said),
                None => Some(format!("expected `{at}`, and it said {}", Json::Object(said.clone()))),
            }
        }),
        (Value::Array(expected), Json::Array(said)) if expected.len() == said.len() => {
            let each = expected.iter().zip(said).enumerate();
            each.into_iter().find_map(|(n, (value, said))| differs(names, &format!("{at}[{n}]"), value, said))
        }
        (Value::String(expected), Json::String(said)) => {
            let instants = (names.instant(expected), names.instant(said));
            let same = expected == said || matches!(instants, (Ok(one), Ok(other)) if one == other);
            if same { None } else { otherwise() }
        }
        (Value::Integer(expected), said) if said.as_i64() == Some(*expected) => None,
        (Value::Boolean(expected), said) if said.as_bool() == Some(*expected) => None,
        _ => otherwise(),
    }
}

/// A value in one line.
fn inline(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
