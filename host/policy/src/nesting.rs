//! How deeply a Cedar text nests brackets. Cedar's parser goes down a level of the native stack with each,
//! and a few hundred of them end the process; so they are counted first.

use crate::error::BookError;
use crate::limits::NESTING_MAX;

/// Refuses a text that nests deeper than any rule needs. What stands in strings and comments does not
/// count.
pub(crate) fn check(file: &str, text: &str) -> Result<(), BookError> {
    let too_deep = || BookError::Unreadable {
        file: file.to_owned(),
        problem: format!(
            "brackets are nested more than {NESTING_MAX} deep; split the condition into several"
        ),
    };
    let mut letters = text.chars().peekable();
    let mut depth = 0usize;
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                while let Some(inside) = letters.next() {
                    match inside {
                        '\\' => drop(letters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '/' if letters.peek() == Some(&'/') => drop(letters.find(|letter| *letter == '\n')),
            '(' | '[' | '{' => {
                depth += 1;
                if depth > NESTING_MAX {
                    return Err(too_deep());
                }
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}
