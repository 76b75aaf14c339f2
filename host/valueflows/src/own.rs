//! Actions that a network's rules define beside the nineteen.
//!
//! The specification leaves it to communities to add actions by saying what they do. An own action is *like* one of
//! the nineteen: what makes a flow, whether it goes into a process or comes out of one, what it pairs with, whether it
//! brings a new resource, what it puts into what, is that one's, so that track and trace, calculations and other
//! networks follow it; what it counts and changes may differ, column by column.
//!
//! ```
//! use valueflows::own::{OwnAction, OwnActions};
//! let glean = r#"{"label": "glean", "like": "produce", "accounting-effect": "notApplicable"}"#;
//! let glean: OwnAction = serde_json::from_str(glean).unwrap();
//! let actions = OwnActions::new(&[glean]).unwrap();
//! let row = actions.row(valueflows::Action::parse("glean").unwrap()).unwrap();
//! assert_eq!((row.accounting.as_str(), row.onhand.as_str()), ("notApplicable", "increment"));
//! ```

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::action::{
    AccountableEffect, Action, CreateResource, EventQuantity, LocationEffect, QuantityEffect, Row,
    StageEffect, StateEffect,
};
use crate::error::BadValue;
use crate::limits::{LABEL_BYTES_MAX, OWN_ACTIONS_MAX, TEXT_BYTES_MAX};

/// The name of an own action: a small letter, then letters and digits, as the nineteen are written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    text: [u8; LABEL_BYTES_MAX],
    len: u8,
}

impl Label {
    /// Reads a name; none where it could not be one.
    pub fn parse(text: &str) -> Option<Label> {
        let bytes = text.as_bytes();
        let named = bytes.first()?.is_ascii_lowercase() && bytes.iter().all(u8::is_ascii_alphanumeric);
        let mut label = Label { text: [0; LABEL_BYTES_MAX], len: u8::try_from(bytes.len()).ok()? };
        label.text.get_mut(..bytes.len()).filter(|_| named)?.copy_from_slice(bytes);
        Some(label)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        let written = self.text.get(..usize::from(self.len)).unwrap_or_default();
        std::str::from_utf8(written).unwrap_or_default()
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

/// An own action, as a network's rules say it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OwnAction {
    /// Its name, as in `glean`.
    pub label: String,
    /// The one of the nineteen that it is a kind of.
    pub like: String,
    /// What it means, in a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What differs from that one, each by the ontology's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_quantity: Option<String>,
    /// On the quantity that somebody accounts for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accounting_effect: Option<String>,
    /// On the quantity that is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub onhand_effect: Option<String>,
    /// On where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location_effect: Option<String>,
    /// On whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accountable_effect: Option<String>,
    /// On the stage that it has reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage_effect: Option<String>,
    /// On the state that it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_effect: Option<String>,
}

impl OwnAction {
    /// Its row of the table, or what is wrong with it.
    pub fn row(&self) -> Result<Row, String> {
        let wrong = |problem: String| format!("the action `{}` {problem}", self.label.escape_debug());
        let action = Action::parse(&self.label).ok().filter(|action| action.is_own()).ok_or_else(|| {
            wrong(format!(
                "needs another name: a small letter, then letters and digits, at most {LABEL_BYTES_MAX} in all, and \
                 none of the nineteen"
            ))
        })?;
        if self.note.len() > TEXT_BYTES_MAX {
            return Err(wrong(format!("has a note of more than {TEXT_BYTES_MAX} bytes")));
        }
        let like = Action::parse(&self.like).ok().and_then(Action::row).ok_or_else(|| {
            wrong(format!("is like `{}`, which is none of the nineteen", self.like.escape_debug()))
        })?;
        let row = Row {
            action,
            event_quantity: or(&self.event_quantity, like.event_quantity, EventQuantity::parse)
                .map_err(wrong)?,
            accounting: or(&self.accounting_effect, like.accounting, QuantityEffect::parse).map_err(wrong)?,
            onhand: or(&self.onhand_effect, like.onhand, QuantityEffect::parse).map_err(wrong)?,
            location: or(&self.location_effect, like.location, LocationEffect::parse).map_err(wrong)?,
            accountable: or(&self.accountable_effect, like.accountable, AccountableEffect::parse)
                .map_err(wrong)?,
            stage: or(&self.stage_effect, like.stage, StageEffect::parse).map_err(wrong)?,
            state: or(&self.state_effect, like.state, StateEffect::parse).map_err(wrong)?,
            ..*like
        };
        match contradiction(&row) {
            Some(problem) => Err(wrong(problem.to_owned())),
            None => Ok(row),
        }
    }
}

fn or<T>(said: &Option<String>, like: T, parse: fn(&str) -> Option<T>) -> Result<T, String> {
    match said {
        None => Ok(like),
        Some(word) => parse(word).ok_or_else(|| format!("has no such effect as `{}`", word.escape_debug())),
    }
}

/// What an effect asks for that the flow does not have.
fn contradiction(row: &Row) -> Option<&'static str> {
    let two = |effect| matches!(effect, QuantityEffect::DecrementIncrement | QuantityEffect::IncrementTo);
    let goes_to = two(row.accounting)
        || two(row.onhand)
        || row.location == LocationEffect::UpdateTo
        || row.accountable == AccountableEffect::UpdateTo
        || row.state == StateEffect::UpdateTo;
    let brings_new = row.location == LocationEffect::New || row.accountable == AccountableEffect::New;
    let counts = row.accounting != QuantityEffect::None || row.onhand != QuantityEffect::None;
    if goes_to && row.create_resource != CreateResource::OptionalTo {
        return Some("changes what a thing goes to, which what it is like does not have");
    }
    if brings_new && row.create_resource == CreateResource::None {
        return Some("says what a new thing gets, where what it is like brings none");
    }
    if counts && row.event_quantity == EventQuantity::Effort {
        return Some("changes a quantity, and counts effort only");
    }
    None
}

/// The own actions of a network, each with what it does.
#[derive(Debug, Clone, Default)]
pub struct OwnActions {
    rows: Vec<Row>,
}

impl OwnActions {
    /// Reads what rules say, or says what is wrong.
    pub fn new(actions: &[OwnAction]) -> Result<OwnActions, String> {
        if actions.len() > OWN_ACTIONS_MAX {
            return Err(format!("rules define at most {OWN_ACTIONS_MAX} actions of their own"));
        }
        let mut rows: Vec<Row> = Vec::with_capacity(actions.len());
        for action in actions {
            let row = action.row()?;
            if rows.iter().any(|known| known.action == row.action) {
                return Err(format!("the action `{}` is there twice", action.label));
            }
            rows.push(row);
        }
        Ok(OwnActions { rows })
    }

    /// What an action does, one of the nineteen or of these.
    pub fn row(&self, action: Action) -> Result<&Row, BadValue> {
        let known = action.row().or_else(|| self.rows.iter().find(|row| row.action == action));
        known.ok_or_else(|| BadValue::UnknownAction(action.as_str().to_owned()))
    }

    /// Which of the nineteen it is or is like; one that nobody defines any more is read as what changes nothing.
    pub fn like(&self, action: Action) -> Action {
        self.row(action).map_or(Action::Cite, |row| row.like)
    }

    /// These, in the order in which the rules say them.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter()
    }
}
