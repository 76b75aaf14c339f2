//! Changing one rule of a book: its text put in the old one's place, and text in the form that everybody reads.

use cedar_policy_formatter::{Config, policies_str_to_pretty};

use crate::book::RuleBook;
use crate::compile::split;
use crate::error::BookError;
use crate::limits::POLICY_BYTES_MAX;
use crate::nesting;
use crate::stack::deep;

/// Columns of a rule as it is formatted.
const COLUMNS: usize = 100;

/// The text of a rule in the form that everybody reads; comments stay.
pub fn formatted(text: &str) -> Result<String, BookError> {
    short(text)?;
    nesting::check("rule", text)?;
    let unreadable = |problem: String| BookError::Unreadable { file: "rule".to_owned(), problem };
    let config = Config { line_width: COLUMNS, indent_width: 2 };
    deep(|| policies_str_to_pretty(text, &config).map_err(|error| unreadable(format!("{error:#}"))))
}

fn short(text: &str) -> Result<(), BookError> {
    match text.len() > POLICY_BYTES_MAX {
        true => Err(BookError::TooMuch(format!("a rule is at most {POLICY_BYTES_MAX} bytes long"))),
        false => Ok(()),
    }
}

/// A book in which one of the network's own rules reads differently; one that reads nothing is gone, and an id that no rule
/// has yet is a new one's. What stands in the protected layer is left alone.
pub fn with_rule(book: &RuleBook, id: &str, text: &str) -> Result<RuleBook, BookError> {
    short(text)?;
    let problem = |problem: &str| BookError::Id { file: "rule".to_owned(), problem: problem.to_owned() };
    if book.policies.iter().any(|policy| policy.id == id && policy.protected) {
        return Err(problem("this rule stands in the protected layer"));
    }
    let mut book = book.clone();
    book.policies.retain(|policy| policy.id != id);
    if !text.trim().is_empty() {
        let rules = split("rule", text, false)?;
        if rules.is_empty() {
            return Err(problem("there is no rule in this text"));
        }
        for rule in rules {
            if book.policies.iter().any(|policy| policy.id == rule.id) {
                return Err(problem(&format!("there is another rule called `{}`", rule.id)));
            }
            book.policies.push(rule);
        }
    }
    book.policies.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(book)
}
