//! Rules in force: a compiled book with its plugins loaded and its units known.

use std::collections::HashMap;
use std::sync::Arc;

use governance::{Examined, InForce};
use policy::{Binding, CompiledBook, RuleBook};
use sandbox::{Manifest, Plugin, SettingKind, types};
use serde_json::Value as Json;
use valueflows::{Class, Decimal, Id, OwnActions, Prop, Record, Surface};

use crate::error::Rejection;

/// A binding with its plugin at hand.
pub struct Bound {
    /// The binding.
    pub binding: Binding,
    /// The plugin.
    pub plugin: Arc<Plugin>,
    /// Its settings, typed by its manifest.
    pub settings: Vec<Setting>,
    /// The actions that the rules define: the plugin is given each as the one of the nineteen that it is like.
    pub own: Arc<OwnActions>,
}

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
}

/// The rules of a network at one position.
pub struct Rules {
    /// The compiled book.
    pub compiled: Arc<CompiledBook>,
    /// The entry that enacted it.
    pub seq: u64,
    /// The hash of the book's canonical bytes.
    pub hash: String,
    /// The plugins, in binding order.
    pub bound: Vec<Bound>,
    /// The units that they count in, by label: record and decimals.
    pub units: HashMap<String, (Id, u8)>,
    /// The record of the book, where there is one.
    pub record: Option<Id>,
    /// Whether a past is only tried on them: then no price is held against the one that was shown.
    pub rehearsing: bool,
}

impl Rules {
    /// The bindings on a surface that answer for an act, in binding order.
    pub fn answering<'a>(&'a self, surface: Surface, act: &'a str) -> impl Iterator<Item = &'a Bound> {
        self.bound.iter().filter(move |bound| {
            bound.binding.surface == surface && bound.binding.acts.iter().any(|named| named == act)
        })
    }

    /// The one binding on a surface, whatever the act.
    pub fn only(&self, surface: Surface) -> Option<&Bound> {
        self.bound.iter().find(|bound| bound.binding.surface == surface)
    }

    /// The rules as an act of governing sees them.
    pub fn in_force<'a>(&'a self, examined: Option<&'a Examined>) -> InForce<'a> {
        InForce {
            digest: &self.hash,
            record: self.record,
            decisions: self.compiled.book.decisions.as_ref(),
            cases: self.compiled.book.cases.as_ref(),
            joining: self.compiled.book.joining.as_ref(),
            units: Some(&self.units),
            stuck: false,
            examined,
        }
    }

    /// These rules with another book that names no component that they do not: as where a rule change comes into
    /// force within a simulation.
    pub fn with_book(&self, record: &Record) -> Result<Rules, Rejection> {
        let gone = || Rejection::Internal("a book without rules came into force".into());
        let book = RuleBook::from_json(record.fields.document(Prop::Book).ok_or_else(gone)?)?;
        let units = Rules::units_listed(record);
        let hash = hash(&book)?;
        let compiled = match hash == self.hash {
            true => self.compiled.clone(),
            false => policy::compile_once(&book, &hash)?,
        };
        let mut bound = Vec::new();
        for binding in &book.bindings {
            let known = self.bound.iter().find(|bound| bound.binding.component == binding.component);
            let plugin = known.map(|bound| bound.plugin.clone()).ok_or_else(|| {
                Rejection::Rules(format!("the calculation `{}` is another one than before", binding.plugin))
            })?;
            let settings = type_settings(&plugin.manifest, &binding.settings, &units)?;
            bound.push(Bound { binding: binding.clone(), plugin, settings, own: compiled.own.clone() });
        }
        Ok(Rules { compiled, seq: self.seq, hash, bound, units, record: Some(record.id), ..*self })
    }

    /// The units of a book that came into force, by label, as its record lists them.
    pub fn units_listed(book: &Record) -> HashMap<String, (Id, u8)> {
        let listed = book.fields.document(Prop::Units).and_then(Json::as_array);
        let one = |row: &Json| {
            let id = row.get(1)?.as_str()?.parse().ok()?;
            let decimals = row.get(2)?.as_u64().and_then(|n| u8::try_from(n).ok())?;
            Some((row.get(0)?.as_str()?.to_owned(), (id, decimals)))
        };
        listed.into_iter().flatten().filter_map(one).collect()
    }

    /// The units among an entry's records, by label.
    pub fn units_of(made: &[Record]) -> HashMap<String, (Id, u8)> {
        made.iter()
            .filter(|record| record.class == Class::Unit)
            .filter_map(|record| {
                let decimals = u8::try_from(record.fields.integer(Prop::Decimals)?).ok()?;
                Some((record.fields.text(Prop::Label)?.to_owned(), (record.id, decimals)))
            })
            .collect()
    }
}

/// The hash of a book: SHA-256 over its canonical bytes, in hexadecimal.
pub fn hash(book: &RuleBook) -> Result<String, Rejection> {
    let bytes = journal::canonical::bytes(&book.to_json()?)?;
    Ok(journal::Digest::of(&[&bytes]).to_string())
}

/// Types settings by the manifest, or says which one does not fit.
pub fn type_settings(
    manifest: &Manifest,
    settings: &Json,
    units: &HashMap<String, (Id, u8)>,
) -> Result<Vec<Setting>, Rejection> {
    let wrong = |name: &str, problem: &str| {
        Rejection::Rules(format!("the setting `{name}` of the plugin `{}` {problem}", manifest.name))
    };
    let nothing = serde_json::Map::new();
    let given = settings.as_object().unwrap_or(&nothing);
    if let Some(stranger) = given.keys().find(|name| !manifest.settings.contains_key(*name)) {
        return Err(wrong(stranger, "is not one of its settings"));
    }
    manifest
        .settings
        .iter()
        .map(|(name, spec)| {
            let json = given.get(name).ok_or_else(|| wrong(name, "is missing"))?;
            let value = match spec.kind {
                SettingKind::Number => json
                    .as_i64()
                    .filter(|n| n.abs() < valueflows::limits::NUMBER_BOUND)
                    .map(SettingValue::Number)
                    .ok_or_else(|| wrong(name, "must be a whole number"))?,
                SettingKind::Flag => json
                    .as_bool()
                    .map(SettingValue::Flag)
                    .ok_or_else(|| wrong(name, "must be true or false"))?,
                SettingKind::Text => json
                    .as_str()
                    .map(|text| SettingValue::Text(text.to_owned()))
                    .ok_or_else(|| wrong(name, "must be a text"))?,
                SettingKind::Amount => {
                    let text =
                        json.as_str().ok_or_else(|| wrong(name, "must be an amount such as `20.00 EUR`"))?;
                    amount(text, units).ok_or_else(|| {
                        wrong(name, "must be an amount in a unit of these rules, such as `20.00 EUR`")
                    })?
                }
            };
            Ok(Setting { name: name.clone(), value })
        })
        .collect()
}

fn amount(text: &str, units: &HashMap<String, (Id, u8)>) -> Option<SettingValue> {
    let (number, label) = text.split_once(' ')?;
    let (unit, decimals) = units.get(label)?;
    let amount = number.parse::<Decimal>().ok()?.in_scale(*decimals).ok()?;
    Some(SettingValue::Amount { amount, unit: *unit })
}

/// A setting as the plugin sees it, given where its unit stands.
pub(crate) fn wire(setting: &Setting, unit_row: impl Fn(Id) -> u32) -> types::Setting {
    let value = match &setting.value {
        SettingValue::Number(n) => types::Value::Number(*n),
        SettingValue::Flag(flag) => types::Value::YesNo(*flag),
        SettingValue::Text(text) => types::Value::Text(text.clone()),
        SettingValue::Amount { amount, unit } => {
            types::Value::Amount(types::Quantity { amount: *amount, unit: unit_row(*unit) })
        }
    };
    types::Setting { name: setting.name.clone(), value }
}
