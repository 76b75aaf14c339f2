//! The rule book as a value: what is hashed, enacted and kept.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use governance::{CaseRules, Decisions, Joining};
use valueflows::{FactGroup, OwnAction, Surface};

use crate::error::BookError;
use crate::limits::{BINDINGS_MAX, POLICIES_MAX, POLICY_BYTES_MAX};
use crate::notices::NoticeText;
use crate::place::Place;
use crate::trust::Trust;

/// One plugin at work in a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Binding {
    /// The plugin's name, as its manifest gives it.
    pub plugin: String,
    /// The surface it answers on.
    pub surface: Surface,
    /// The digest of the component's bytes, manifest included, in hexadecimal.
    pub component: String,
    /// Its settings, typed by the manifest when the book is compiled.
    pub settings: Json,
    /// The CedarActions it answers for, by name.
    pub acts: Vec<String>,
    /// The facts it gives, if it gives any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<FactGroup>,
    /// The personal properties it may read, as far as its manifest asks for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub personal: Vec<String>,
}

/// One policy of the book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyText {
    /// The value of its `@id`.
    pub id: String,
    /// Cedar text, comments and all.
    pub text: String,
    /// Whether it stands in the protected layer.
    pub protected: bool,
}

/// A unit that the rules count in; founding writes it down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitSpec {
    /// Its label, by which settings name it.
    pub label: String,
    /// Its sign on pages.
    pub symbol: String,
    /// Its decimals.
    pub decimals: u8,
}

/// The rules of a network, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleBook {
    /// The rule set's name.
    pub name: String,
    /// What it is, in a sentence.
    pub title: String,
    /// The generation of host code that judges under it.
    pub semantics: u32,
    /// The units that its settings use.
    pub units: Vec<UnitSpec>,
    /// The actions that it defines beside the nineteen. Later books keep them as they are: events name them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<OwnAction>,
    /// The Cedar schema, as generated when the book was made.
    pub schema: String,
    /// The policies, protected layer included, in the order of their ids.
    pub policies: Vec<PolicyText>,
    /// The plugins.
    pub bindings: Vec<Binding>,
    /// How these rules are changed, if they say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decisions: Option<Decisions>,
    /// Who looks into cases, if they say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cases: Option<CaseRules>,
    /// How somebody comes to belong who asks to, if they say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joining: Option<Joining>,
    /// Where the network is, if it says so; else it lives by UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Whose plugins may be bound, if they say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust: Option<Trust>,
    /// The rules that they were made from, if they say so.
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "forkedFrom")]
    pub forked_from: Option<Lineage>,
    /// What they mean, in plain words, by language; one of them counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charter: Vec<CharterText>,
    /// What members are told of what waits for them, as the network says it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<NoticeText>,
    /// What happens under them, as the community tells it: the scenarios that every change is tried on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<ScenarioText>,
}

/// Where rules come from: others, as they were then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lineage {
    /// Their name.
    pub name: String,
    /// The digest of their book, in hexadecimal.
    pub digest: String,
}

/// A file of scenarios.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioText {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The rules in plain words, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CharterText {
    /// The language, as in `en` or `pt-BR`.
    pub language: String,
    /// Whether this is the text that counts where two say different things.
    pub authoritative: bool,
    /// The text.
    pub text: String,
}

impl RuleBook {
    /// A book of policy files without plugins; see [`RuleBook::with`] for the rest.
    pub fn new(name: &str, files: &[(&str, &str)]) -> Result<RuleBook, BookError> {
        RuleBook::with((name, name), Vec::new(), files, &[], Vec::new())
    }

    /// A book of units, policy files, protected files and bindings; the schema is generated.
    pub fn with(
        (name, title): (&str, &str),
        units: Vec<UnitSpec>,
        files: &[(&str, &str)],
        protected: &[(&str, &str)],
        bindings: Vec<Binding>,
    ) -> Result<RuleBook, BookError> {
        let mut policies = Vec::new();
        for (layer, files) in [(false, files), (true, protected)] {
            for (file, text) in files {
                policies.extend(crate::compile::split(file, text, layer)?);
            }
        }
        policies.sort_by(|a, b| a.id.cmp(&b.id));
        if let Some([one, _]) = policies.array_windows().find(|[a, b]| a.id == b.id) {
            let problem = format!("two policies are called `{}`", one.id);
            return Err(BookError::Id { file: name.to_owned(), problem });
        }
        if policies.len() > POLICIES_MAX {
            return Err(BookError::TooMuch(format!("a book holds at most {POLICIES_MAX} policies")));
        }
        if let Some(long) = policies.iter().find(|policy| policy.text.len() > POLICY_BYTES_MAX) {
            return Err(BookError::TooMuch(format!("`{}` is longer than {POLICY_BYTES_MAX} bytes", long.id)));
        }
        if bindings.len() > BINDINGS_MAX {
            return Err(BookError::TooMuch(format!("a book binds at most {BINDINGS_MAX} plugins")));
        }
        let schema = crate::schema::generate(&bindings, &[]);
        Ok(RuleBook {
            name: name.to_owned(),
            title: title.to_owned(),
            semantics: crate::gate::SEMANTICS,
            units,
            actions: Vec::new(),
            schema,
            policies,
            bindings,
            decisions: None,
            cases: None,
            joining: None,
            place: None,
            trust: None,
            forked_from: None,
            charter: Vec::new(),
            notices: Vec::new(),
            scenarios: Vec::new(),
        })
    }

    /// The same book with actions of its own, of which its policies can speak.
    pub fn defining(mut self, actions: Vec<OwnAction>) -> RuleBook {
        self.schema = crate::schema::generate(&self.bindings, &actions);
        self.actions = actions;
        self
    }

    /// The book as it stands in a founding entry.
    pub fn to_json(&self) -> Result<Json, BookError> {
        serde_json::to_value(self).map_err(|error| BookError::Shape(error.to_string()))
    }

    /// Reads a book from an entry.
    pub fn from_json(json: &Json) -> Result<RuleBook, BookError> {
        RuleBook::deserialize(json).map_err(|error| BookError::Shape(error.to_string()))
    }

    /// The bindings on a surface that answer for an act, in binding order.
    pub fn bound<'a>(&'a self, surface: Surface, act: &'a str) -> impl Iterator<Item = &'a Binding> {
        self.bindings.iter().filter(move |binding| {
            binding.surface == surface && binding.acts.iter().any(|bound| bound == act)
        })
    }
}
