//! The manifest: what a plugin is, what it may read, what it answers. It is one custom section of the
//! component, so that the component's digest covers it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use valueflows::{Action, Class, FactGroup, Prop, Property, Surface};
use wasmparser::{Encoding, Payload};

use crate::error::AdmissionError;
use crate::limits::{
    FUEL_BASE, FUEL_PER_ITEM, INTERPRETED_FUEL_BASE, INTERPRETED_FUEL_PER_ITEM, MANIFEST_BYTES_MAX,
    MANIFEST_LIST_MAX, NEED_DAYS_MAX, NEED_ROWS_MAX,
};
use crate::structure;

/// The custom section's name.
pub const SECTION: &str = "reflow:manifest";

/// A plugin's manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The world it answers on.
    pub world: Surface,
    /// What it does, in a line.
    pub title: Title,
    /// Its licence.
    pub licence: String,
    /// The facts it gives, on `access`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<FactGroup>,
    /// What it reads beside what an item names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
    /// Its settings.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, SettingSpec>,
    /// Its reason codes, with texts by language; `{0}` is the first parameter.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reasons: BTreeMap<String, BTreeMap<String, String>>,
    /// The personal values it asks for: `place`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub personal: Vec<String>,
    /// What it answers on `matching`; to rank is what is answered where nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answering>,
    /// How much fuel its calls may take, where that is not what compiled code takes.
    #[serde(default, skip_serializing_if = "FuelClass::is_compiled")]
    pub fuel: FuelClass,
    /// The laws that it claims to keep beside those that every plugin of its world keeps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub laws: Vec<Claim>,
}

/// How much fuel the calls of a plugin may take. It is part of the manifest, so that everybody sees it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FuelClass {
    /// Compiled to WebAssembly.
    #[default]
    Compiled,
    /// An interpreter and what it interprets: some forty times as much for the same work.
    Interpreted,
}

impl FuelClass {
    fn is_compiled(&self) -> bool {
        *self == FuelClass::Compiled
    }

    /// The fuel of a call about so many items.
    pub fn fuel(self, items: usize) -> u64 {
        let (base, per_item) = match self {
            FuelClass::Compiled => (FUEL_BASE, FUEL_PER_ITEM),
            FuelClass::Interpreted => (INTERPRETED_FUEL_BASE, INTERPRETED_FUEL_PER_ITEM),
        };
        base.saturating_add(per_item.saturating_mul(items as u64))
    }
}

/// What a plugin of `matching` can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answering {
    /// To put offers in order for somebody.
    Rank,
    /// Why an offer stands where it stands.
    WhyNot,
    /// To bring offers and needs together in a round.
    Allocate,
}

/// A law that a plugin may claim, and is then held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Claim {
    /// A tally: who of the same chambers says what makes no difference.
    Anonymous,
    /// A tally: which choice is which makes no difference.
    Neutral,
    /// A tally: more support never harms a choice. A price: a longer or larger deal never costs less.
    Monotone,
    /// A tally: nobody is better off for having stayed away.
    NoShow,
    /// A price: there may be lines below nothing, as discounts are.
    Negative,
}

impl Claim {
    /// As manifests have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Claim::Anonymous => "anonymous",
            Claim::Neutral => "neutral",
            Claim::Monotone => "monotone",
            Claim::NoShow => "no-show",
            Claim::Negative => "negative",
        }
    }

    fn is_of(self, world: Surface) -> bool {
        match self {
            Claim::Anonymous | Claim::Neutral | Claim::NoShow => world == Surface::Tally,
            Claim::Monotone => matches!(world, Surface::Tally | Surface::Pricing),
            Claim::Negative => world == Surface::Pricing,
        }
    }
}

/// A data need: records that point at something the item names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// For people.
    pub name: String,
    /// `Commitment`, `EconomicEvent`, `Intent`, `Agreement`, `EconomicResource` or `Membership`.
    pub class: String,
    /// The property with which they point.
    pub by: String,
    /// What they point at.
    pub of: Anchor,
    /// Only those not finished.
    #[serde(default)]
    pub open: bool,
    /// Only those of one of these actions of the nineteen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<String>,
    /// Only those classified so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classified: Option<String>,
    /// Only those of so many days, up to now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// The most rows for one item; of more the newest stay, and the plugin is told.
    pub most: u32,
}

/// What an item names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Anchor {
    /// Who acts.
    Principal,
    /// Who gives.
    Provider,
    /// Who gets.
    Receiver,
    /// The thing.
    Stock,
    /// The agreement.
    Agreement,
    /// The kind of thing.
    Spec,
}

/// A setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingSpec {
    /// Its type.
    pub kind: SettingKind,
    /// For people.
    pub title: Title,
    /// A sentence more for whoever has to choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Title>,
    /// The least number, or amount in whole units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<i64>,
    /// The greatest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub greatest: Option<i64>,
    /// The texts that there are to choose from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// What it is where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Json>,
    /// What it was called in versions before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
}

/// A line for people: one text, or one for each language, English among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Title {
    /// The same for everybody.
    One(String),
    /// By language.
    By(BTreeMap<String, String>),
}

impl Title {
    /// It in a language, or else in English.
    pub fn says(&self, language: &str) -> &str {
        match self {
            Title::One(text) => text,
            Title::By(texts) => texts.get(language).or(texts.get("en")).map_or("", String::as_str),
        }
    }

    fn has_english(&self) -> bool {
        match self {
            Title::One(_) => true,
            Title::By(texts) => texts.contains_key("en"),
        }
    }
}

/// The type of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingKind {
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
    /// A text.
    Text,
    /// An amount, written `20.00 EUR`: a decimal and a unit's label.
    Amount,
    /// A unit, by its label.
    Unit,
    /// Somebody, by their id.
    Agent,
    /// A kind of thing, by its id.
    Spec,
}

impl SettingKind {
    /// As manifests have it.
    pub fn as_str(self) -> &'static str {
        match self {
            SettingKind::Number => "number",
            SettingKind::Flag => "flag",
            SettingKind::Text => "text",
            SettingKind::Amount => "amount",
            SettingKind::Unit => "unit",
            SettingKind::Agent => "agent",
            SettingKind::Spec => "spec",
        }
    }

    /// What somebody typed, as rules have it; a text, where it is not of this kind.
    pub fn typed(self, text: &str) -> Json {
        match self {
            SettingKind::Number => text.parse::<i64>().map_or_else(|_| Json::from(text), Json::from),
            SettingKind::Flag => text.parse::<bool>().map_or_else(|_| Json::from(text), Json::from),
            _ => Json::from(text),
        }
    }

    /// What to write for it.
    pub fn written(self) -> &'static str {
        match self {
            SettingKind::Number => "a whole number",
            SettingKind::Flag => "true or false",
            SettingKind::Text => "a text",
            SettingKind::Amount => "an amount in a unit of these rules, such as `20.00 EUR`",
            SettingKind::Unit => "the label of a unit of these rules, such as `EUR`",
            SettingKind::Agent => "the id of a member or an organisation",
            SettingKind::Spec => "the id of a kind of thing",
        }
    }
}

impl Need {
    /// The class and property, if the store can answer for them.
    pub fn resolve(&self) -> Option<(Class, Prop)> {
        let class = Class::named(&self.class)?;
        let prop = Prop::named(&self.by)?;
        let usable = matches!(
            class,
            Class::Commitment
                | Class::EconomicEvent
                | Class::Intent
                | Class::Agreement
                | Class::EconomicResource
                | Class::Membership
        );
        (usable && Property::of(class, prop)?.linked).then_some((class, prop))
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

impl Need {
    fn check(&self) -> Result<(), String> {
        let name = &self.name;
        let Some((class, _)) = self.resolve() else {
            return Err(format!(
                "the need `{name}` asks for `{}` by `{}`, which is not kept",
                self.class, self.by
            ));
        };
        if self.most == 0 || self.most > NEED_ROWS_MAX {
            return Err(format!("the need `{name}` must ask for 1 to {NEED_ROWS_MAX} rows"));
        }
        let named = |action: &String| matches!(Action::named(action), Ok(known) if known.place().is_some());
        if let Some(other) = self.actions.iter().find(|action| !named(action)) {
            return Err(format!(
                "the need `{name}` asks for `{other}`, which is none of the nineteen actions"
            ));
        }
        let acts = matches!(class, Class::Commitment | Class::EconomicEvent | Class::Intent);
        if !acts && (!self.actions.is_empty() || self.classified.is_some()) {
            return Err(format!("the need `{name}`: a `{}` has no action, and no class", self.class));
        }
        match self.days {
            Some(days) if days == 0 || days > NEED_DAYS_MAX => {
                Err(format!("the need `{name}` must look back 1 to {NEED_DAYS_MAX} days"))
            }
            _ => Ok(()),
        }
    }
}

impl SettingSpec {
    fn check(&self, name: &str) -> Result<(), String> {
        let bounded = self.least.is_some() || self.greatest.is_some();
        if bounded && !matches!(self.kind, SettingKind::Number | SettingKind::Amount) {
            return Err(format!("the setting `{name}` is bounded, and neither a number nor an amount"));
        }
        if self.least.zip(self.greatest).is_some_and(|(least, greatest)| least > greatest) {
            return Err(format!("the setting `{name}` must be at least more than it may be at most"));
        }
        if !self.choices.is_empty() && self.kind != SettingKind::Text {
            return Err(format!("the setting `{name}` has choices, and is no text"));
        }
        match self.choices.len() > MANIFEST_LIST_MAX {
            true => Err(format!("the setting `{name}` has more than {MANIFEST_LIST_MAX} choices")),
            false => Ok(()),
        }
    }
}

impl Manifest {
    /// Reads it out of component bytes, without running anything.
    pub fn of(bytes: &[u8]) -> Result<Manifest, AdmissionError> {
        if !bytes.starts_with(b"\0asm") {
            return Err(AdmissionError::NotComponent("it does not begin as WebAssembly does".into()));
        }
        let mut found = None;
        structure::each(bytes, |nesting, payload| match payload {
            Payload::Version { encoding: Encoding::Module, .. } if nesting == 0 => {
                Err(AdmissionError::NotComponent("it is a core module".into()))
            }
            Payload::CustomSection(section) if nesting == 0 && section.name() == SECTION => {
                match found.replace(section.data()) {
                    Some(_) => Err(AdmissionError::Manifest("there are two".into())),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        })?;
        let section = found.ok_or_else(|| AdmissionError::Manifest("there is none".into()))?;
        if section.len() > MANIFEST_BYTES_MAX {
            return Err(AdmissionError::Manifest(format!("it is longer than {MANIFEST_BYTES_MAX} bytes")));
        }
        Manifest::parse(section).map_err(AdmissionError::Manifest)
    }

    /// Reads a manifest and checks it, or says what is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Manifest, String> {
        let manifest: Manifest = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        manifest.check()?;
        Ok(manifest)
    }

    /// Checks what its types cannot say.
    pub fn check(&self) -> Result<(), String> {
        if !is_name(&self.name) {
            return Err(format!("`{}` is not a name of letters, digits and hyphens", self.name));
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
        if self.version.is_empty() || self.version.len() > 64 || !self.version.chars().all(fits) {
            return Err(format!("`{}` is no version, such as `0.1.0`", self.version));
        }
        let helps = self.settings.values().filter_map(|spec| spec.help.as_ref());
        let titles = std::iter::once(&self.title).chain(self.settings.values().map(|spec| &spec.title));
        if titles.chain(helps).any(|title| !title.has_english()) {
            return Err("a title that is said in several languages is said in English (`en`) too".to_owned());
        }
        let facts = self.facts.as_ref().map(|group| group.facts.len()).unwrap_or_default();
        if [self.needs.len(), self.settings.len(), facts].iter().any(|len| *len > MANIFEST_LIST_MAX) {
            return Err(format!("more than {MANIFEST_LIST_MAX} needs, settings or facts"));
        }
        self.check_facts()?;
        self.needs.iter().try_for_each(Need::check)?;
        self.settings.iter().try_for_each(|(name, spec)| spec.check(name))?;
        if let Some(law) = self.laws.iter().find(|law| !law.is_of(self.world)) {
            return Err(format!("`{}` is no law of the world `{}`", law.as_str(), self.world.as_str()));
        }
        if !self.answers.is_empty() && self.world != Surface::Matching {
            return Err("`answers` belongs to the world `matching`".to_owned());
        }
        match self.personal.iter().find(|name| *name != "place") {
            Some(other) => {
                Err(format!("`{other}` is not a personal value that plugins can ask for; only `place` is"))
            }
            None => Ok(()),
        }
    }

    fn check_facts(&self) -> Result<(), String> {
        let Some(group) = &self.facts else { return Ok(()) };
        let name_fits = |name: &str| is_name(name) && !name.contains('-');
        if self.world != Surface::Access {
            return Err("facts belong to the world `access`".to_owned());
        }
        if !name_fits(&group.group) || !group.group.starts_with(|c: char| c.is_ascii_uppercase()) {
            return Err(format!("the fact group `{}` must start with a capital letter", group.group));
        }
        match group.facts.iter().find(|fact| !name_fits(&fact.name)) {
            Some(fact) => Err(format!("`{}` is not a name that policies can read", fact.name)),
            None => Ok(()),
        }
    }

    /// Whether it can be asked something on `matching`.
    pub fn answers(&self, what: Answering) -> bool {
        self.answers.contains(&what) || (self.answers.is_empty() && what == Answering::Rank)
    }

    /// What a setting is called in a language, if it is one.
    pub fn setting_title(&self, name: &str, language: &str) -> Option<&str> {
        self.settings.get(name).map(|spec| spec.title.says(language))
    }

    /// A reason that stands in the books in English, in another language: what the plugin put in is found by where the
    /// text of its code has it. None where the language has no text for it, or the sentence is of another one.
    pub fn reason_in(&self, language: &str, code: &str, sentence: &str) -> Option<String> {
        let texts = self.reasons.get(code)?;
        let (english, wanted) = (texts.get("en")?, texts.get(language)?);
        let mut put_in: Vec<(&str, &str)> = Vec::new();
        let (mut text, mut rest) = (english.as_str(), sentence);
        while let Some((before, from)) = text.split_once('{') {
            let (place, after) = from.split_once('}')?;
            rest = rest.strip_prefix(before)?;
            let until = after.split('{').next().unwrap_or_default();
            let end = if after.is_empty() { rest.len() } else { rest.find(until)? };
            let (value, behind) = rest.split_at(end);
            put_in.push((place, value));
            (text, rest) = (after, behind);
        }
        if text != rest {
            return None;
        }
        let fill = |text: String, (place, value): &(&str, &str)| text.replace(&format!("{{{place}}}"), value);
        Some(put_in.iter().fold(wanted.clone(), fill))
    }

    /// Whether it asks for a personal value.
    pub fn wants(&self, name: &str) -> bool {
        self.personal.iter().any(|wanted| wanted == name)
    }
}
