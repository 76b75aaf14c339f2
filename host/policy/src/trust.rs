//! Whose plugins a network binds: keys that it trusts, and how many of them have to have signed a component that a rule
//! change brings. Where it says nothing, whatever lies on its node's shelf can be bound.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use valueflows::{Said, said};

/// Whom a network trusts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trust {
    /// How many of the keys have to have signed a component.
    pub needed: usize,
    /// The keys, Ed25519 as multikeys (`z6Mk…`), by what people call whoever holds them.
    pub keys: BTreeMap<String, String>,
}

/// Most keys that a network trusts.
const KEYS_MAX: usize = 32;

impl Trust {
    /// What is wrong with it.
    pub fn problem(&self) -> Option<Said> {
        let is_key = |key: &str| {
            key.starts_with("z6Mk") && key.len() < 64 && key.chars().all(|c| c.is_ascii_alphanumeric())
        };
        if let Some((name, _)) = self.keys.iter().find(|(_, key)| !is_key(key)) {
            return Some(said!(
                "trust-key",
                "trust: the key of `{}` is no Ed25519 key, which begins with `z6Mk`",
                name
            ));
        }
        let mut keys: Vec<&String> = self.keys.values().collect();
        keys.sort();
        keys.dedup();
        if keys.len() < self.keys.len() {
            return Some(said!("trust-twice", "trust: one key has two names"));
        }
        if self.needed == 0 || self.needed > keys.len() || keys.len() > KEYS_MAX {
            return Some(said!(
                "trust-needed",
                "trust: `needed` is at least one, and no more than there are keys: else nothing could be bound any more"
            ));
        }
        None
    }

    /// How many of the keys are among those that have signed something.
    pub fn signed_by(&self, signers: &[String]) -> usize {
        self.keys.values().filter(|key| signers.contains(key)).count()
    }

    /// It in words.
    pub fn words(&self) -> String {
        let names: Vec<&str> = self.keys.keys().map(String::as_str).collect();
        format!("{} of {}", self.needed, names.join(", "))
    }
}
