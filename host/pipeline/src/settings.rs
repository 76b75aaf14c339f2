//! Settings: from what a charter says to what a plugin reads, by its manifest's schema.

use std::collections::{BTreeMap, HashMap};

use sandbox::{CallError, Manifest, Plugin, SettingKind, SettingSpec, types};
use serde_json::Value as Json;
use thiserror::Error;
use valueflows::{Decimal, Id};

use crate::error::Rejection;

/// A typed setting.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// Its value; amounts with the unit's record.
    pub value: SettingValue,
}

/// The value of a setting.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the kinds are described at `SettingKind`")]
pub enum SettingValue {
    Number(i64),
    Flag(bool),
    Text(String),
    Amount { amount: i64, unit: Id },
    Unit(Id),
    Agent(Id),
    Spec(Id),
}

impl SettingValue {
    /// The record that it names, which is then at hand.
    pub(crate) fn names(&self) -> Option<Id> {
        match self {
            SettingValue::Agent(id) | SettingValue::Spec(id) => Some(*id),
            _ => None,
        }
    }

    /// The unit that it names.
    pub(crate) fn unit(&self) -> Option<Id> {
        match self {
            SettingValue::Amount { unit, .. } | SettingValue::Unit(unit) => Some(*unit),
            _ => None,
        }
    }
}

/// What is wrong with a setting of a plugin.
fn wrong(plugin: &str, name: &str, problem: &str) -> Rejection {
    Rejection::Rules(format!("the setting `{name}` of the plugin `{plugin}` {problem}"))
}

/// Types settings by the manifest, or says which one does not fit. Where nothing is said, the manifest's own word counts.
pub fn type_settings(
    manifest: &Manifest,
    settings: &Json,
    units: &HashMap<String, (Id, u8)>,
) -> Result<Vec<Setting>, Rejection> {
    let nothing = serde_json::Map::new();
    let given = settings.as_object().unwrap_or(&nothing);
    let formerly = |spec: &SettingSpec| spec.was.as_ref().and_then(|name| given.get(name));
    let known = |name: &String| {
        let was = |spec: &SettingSpec| spec.was.as_ref() == Some(name);
        manifest.settings.contains_key(name) || manifest.settings.values().any(was)
    };
    if let Some(stranger) = given.keys().find(|name| !known(name)) {
        return Err(wrong(&manifest.name, stranger, "is not one of its settings"));
    }
    manifest
        .settings
        .iter()
        .map(|(name, spec)| {
            let wrong = |problem: &str| wrong(&manifest.name, name, problem);
            let json = given.get(name).or_else(|| formerly(spec)).or(spec.default.as_ref());
            let json = json.ok_or_else(|| wrong("is missing"))?;
            let value = read(spec, json, units).map_err(|mistake| wrong(&mistake.to_string()))?;
            Ok(Setting { name: name.clone(), value })
        })
        .collect()
}

/// A setting in the type that the manifest has for it.
fn value(kind: SettingKind, json: &Json, units: &HashMap<String, (Id, u8)>) -> Option<SettingValue> {
    Some(match kind {
        SettingKind::Number => {
            SettingValue::Number(json.as_i64().filter(|n| n.abs() < valueflows::limits::NUMBER_BOUND)?)
        }
        SettingKind::Flag => SettingValue::Flag(json.as_bool()?),
        SettingKind::Text => SettingValue::Text(json.as_str()?.to_owned()),
        SettingKind::Amount => amount(json.as_str()?, units)?,
        SettingKind::Unit => SettingValue::Unit(units.get(json.as_str()?)?.0),
        SettingKind::Agent => SettingValue::Agent(json.as_str()?.parse().ok()?),
        SettingKind::Spec => SettingValue::Spec(json.as_str()?.parse().ok()?),
    })
}

/// What is wrong with the value of a setting.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Mistake {
    /// It is of another kind.
    #[error("must be {}", .0.written())]
    Kind(SettingKind),
    /// It is less than the manifest lets it be; amounts in whole units.
    #[error("must be at least {0}")]
    Least(i64),
    /// It is more.
    #[error("must be at most {0}")]
    Greatest(i64),
    /// It is none of the choices.
    #[error("must be one of {0}")]
    Choices(String),
}

/// Reads the value of a setting by the manifest: its kind, its bounds, its choices.
pub fn read(
    spec: &SettingSpec,
    json: &Json,
    units: &HashMap<String, (Id, u8)>,
) -> Result<SettingValue, Mistake> {
    let value = value(spec.kind, json, units).ok_or(Mistake::Kind(spec.kind))?;
    match bound(spec, &value, units) {
        Some(mistake) => Err(mistake),
        None => Ok(value),
    }
}

/// What is beyond the bounds that the manifest sets; those of an amount are in whole units.
fn bound(spec: &SettingSpec, value: &SettingValue, units: &HashMap<String, (Id, u8)>) -> Option<Mistake> {
    let (number, one) = match value {
        SettingValue::Number(n) => (*n, 1),
        SettingValue::Amount { amount, unit } => {
            let decimals = units.values().find(|(id, _)| id == unit).map_or(0, |(_, decimals)| *decimals);
            (*amount, 10_i64.checked_pow(u32::from(decimals)).unwrap_or(1))
        }
        SettingValue::Text(text) if !spec.choices.is_empty() && !spec.choices.contains(text) => {
            return Some(Mistake::Choices(spec.choices.join(", ")));
        }
        _ => return None,
    };
    let beyond = |bound: i64, is_beyond: fn(i64, i64) -> bool| is_beyond(number, bound.saturating_mul(one));
    if let Some(least) = spec.least.filter(|least| beyond(*least, |number, least| number < least)) {
        return Some(Mistake::Least(least));
    }
    spec.greatest.filter(|most| beyond(*most, |number, most| number > most)).map(Mistake::Greatest)
}

fn amount(text: &str, units: &HashMap<String, (Id, u8)>) -> Option<SettingValue> {
    let (number, label) = text.split_once(' ')?;
    let (unit, decimals) = units.get(label)?;
    let amount = number.parse::<Decimal>().ok()?.in_scale(*decimals).ok()?;
    Some(SettingValue::Amount { amount, unit: *unit })
}

/// Asks the plugin itself what is wrong with settings that are each of their type: two of them may not go together.
pub(crate) fn check(
    plugin: &Plugin,
    settings: &[Setting],
    units: &HashMap<String, (Id, u8)>,
) -> Result<(), Rejection> {
    // Units stand in the order of their labels, since some may have no record yet.
    let labels: BTreeMap<&str, u8> =
        units.iter().map(|(label, (_, decimals))| (label.as_str(), *decimals)).collect();
    let row = |id: Id| {
        let label = units.iter().find(|(_, (unit, _))| *unit == id).map(|(label, _)| label.as_str());
        let row = label.and_then(|label| labels.keys().position(|known| *known == label));
        row.and_then(|row| u32::try_from(row).ok()).unwrap_or(u32::MAX)
    };
    // Somebody or something that is named is there, and who it is stays with the host.
    let settings: Vec<types::Setting> =
        settings.iter().map(|setting| wire(setting, row, |_| Some(0))).collect();
    let rows: Vec<types::Unit> = labels
        .iter()
        .map(|(label, scale)| types::Unit { label: (*label).to_owned(), scale: *scale })
        .collect();
    let found = plugin.check_settings(&settings, &rows);
    match found.map_err(|error: CallError| Rejection::Rules(error.to_string()))? {
        None => Ok(()),
        Some(reason) => Err(Rejection::Rules(format!(
            "the settings of the plugin `{}` do not go together: {}",
            plugin.manifest.name,
            crate::gathered::text(&plugin.manifest, &rows, &reason)
        ))),
    }
}

/// A setting as the plugin sees it, given where units and records stand.
pub(crate) fn wire(
    setting: &Setting,
    unit_row: impl Fn(Id) -> u32,
    row: impl Fn(Id) -> Option<u32>,
) -> types::Setting {
    let value = match &setting.value {
        SettingValue::Number(n) => types::Value::Number(*n),
        SettingValue::Flag(flag) => types::Value::YesNo(*flag),
        SettingValue::Text(text) => types::Value::Text(text.clone()),
        SettingValue::Unit(unit) => types::Value::Unit(unit_row(*unit)),
        SettingValue::Agent(id) => row(*id).map_or(types::Value::Absent, types::Value::Agent),
        SettingValue::Spec(id) => row(*id).map_or(types::Value::Absent, types::Value::Spec),
        SettingValue::Amount { amount, unit } => {
            types::Value::Amount(types::Quantity { amount: *amount, unit: unit_row(*unit) })
        }
    };
    types::Setting { name: setting.name.clone(), value }
}
