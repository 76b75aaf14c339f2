//! The words of notices: what members are told of what waits for them, as the network says it. A rule set brings them as
//! `notices.en.ftl`, `notices.de.ftl` and so on ([Fluent](https://projectfluent.org)); what it does not say is said in the
//! node's own words.
//!
//! ```
//! use policy::NoticeText;
//! let says = |text: &str| NoticeText { language: "en".into(), text: text.into() }.problem();
//! assert_eq!(says("needs-return = Bring { $thing } home, { $due }.\n"), None);
//! assert_eq!(says("needs-fee = You owe { $sum }.\n").unwrap(), "`needs-fee` knows nothing of `$sum`, but of `$amount`");
//! ```

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use serde::{Deserialize, Serialize};

use crate::limits::{NOTICES_BRACKETS_MAX, NOTICES_BYTES_MAX};

/// Every notice that a network can say in its own words, and what can be put into it.
pub const NOTICES: [(&str, &[&str]); 12] = [
    ("needs-return", &["thing", "due"]),
    ("needs-fee", &["amount"]),
    ("needs-hand-over", &["who", "thing"]),
    ("needs-vote", &["title", "due"]),
    ("needs-review", &["title", "due"]),
    ("needs-case", &["due"]),
    ("needs-applications", &["count"]),
    ("needs-matched", &["need", "count"]),
    ("mail-subject", &["network", "count"]),
    ("printed-has", &["thing", "due"]),
    ("printed-waits", &["thing"]),
    ("printed-owes", &["amount"]),
];

/// The words of notices in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeText {
    /// The language, as in `en` or `pt-BR`.
    pub language: String,
    /// The messages.
    pub text: String,
}

impl NoticeText {
    /// What is wrong with them, in a sentence.
    pub fn problem(&self) -> Option<String> {
        if self.text.len() > NOTICES_BYTES_MAX {
            return Some(format!("they are longer than {NOTICES_BYTES_MAX} bytes"));
        }
        // The parser goes down the native stack with each bracket, of whatever message it is.
        if self.text.matches(['{', '(']).count() > NOTICES_BRACKETS_MAX {
            return Some(format!("they have more than {NOTICES_BRACKETS_MAX} brackets"));
        }
        match parser::parse(self.text.as_str()) {
            Err((_, errors)) => Some(errors.first().map_or_else(String::new, ToString::to_string)),
            Ok(resource) => resource.body.iter().find_map(entry),
        }
    }
}

fn entry(entry: &Entry<&str>) -> Option<String> {
    let message = match entry {
        Entry::Message(message) => message,
        Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => return None,
        Entry::Term(term) => {
            return Some(format!("`-{}` is a term; notices are messages only", term.id.name));
        }
        Entry::Junk { content } => return Some(format!("`{}` is no message", content.trim())),
    };
    let name = message.id.name;
    let Some((_, known)) = NOTICES.iter().find(|(notice, _)| *notice == name) else {
        let all: Vec<&str> = NOTICES.iter().map(|(notice, _)| *notice).collect();
        return Some(format!("there is no notice `{name}`, but {}", all.join(", ")));
    };
    if !message.attributes.is_empty() {
        return Some(format!("`{name}` has attributes; a notice is one sentence"));
    }
    match &message.value {
        Some(value) => pattern(value, known).map(|what| format!("`{name}` {what}")),
        None => Some(format!("`{name}` says nothing")),
    }
}

fn pattern(value: &Pattern<&str>, known: &[&str]) -> Option<String> {
    value.elements.iter().find_map(|element| match element {
        PatternElement::TextElement { .. } => None,
        PatternElement::Placeable { expression } => placed(expression, known),
    })
}

fn placed(expression: &Expression<&str>, known: &[&str]) -> Option<String> {
    match expression {
        Expression::Inline(inline) => put(inline, known),
        Expression::Select { selector, variants } => put(selector, known)
            .or_else(|| variants.iter().find_map(|variant| pattern(&variant.value, known))),
    }
}

fn put(inline: &InlineExpression<&str>, known: &[&str]) -> Option<String> {
    match inline {
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => None,
        InlineExpression::VariableReference { id } if known.contains(&id.name) => None,
        InlineExpression::VariableReference { id } => {
            Some(format!("knows nothing of `${}`, but of `${}`", id.name, known.join("`, `$")))
        }
        InlineExpression::Placeable { expression } => placed(expression, known),
        _ => Some("uses functions or other messages; a notice puts in what it is given".to_owned()),
    }
}
