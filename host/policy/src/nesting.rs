//! How deeply a Cedar text nests, counted before Cedar reads it. Its parser and its validator go down the
//! native stack with each bracket and each operator: a few hundred brackets end the process, some hundred
//! operators in a row let the validator give up without saying so, and each `if` within an `if` doubles its
//! work.

use std::iter::Peekable;
use std::str::Chars;

use crate::error::BookError;
use crate::limits::{IFS_MAX, NESTING_MAX, OPERATORS_MAX};

/// What one policy has, as far as it was read.
#[derive(Default)]
struct Count {
    depth: usize,
    operators: usize,
    ifs: usize,
}

/// Refuses a text in which a policy nests deeper than any rule needs. What stands in strings and comments
/// does not count.
pub(crate) fn check(file: &str, text: &str) -> Result<(), BookError> {
    let mut letters = text.chars().peekable();
    let mut count = Count::default();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => pass_string(&mut letters),
            '/' if letters.peek() == Some(&'/') => drop(letters.find(|letter| *letter == '\n')),
            '(' | '[' | '{' => count.depth += 1,
            ')' | ']' | '}' => count.depth = count.depth.saturating_sub(1),
            ';' => count = Count::default(),
            '.' | '!' | '-' | '+' | '*' | '<' | '>' => count.operators += 1,
            '&' | '|' | '=' if letters.peek() == Some(&letter) => {
                letters.next();
                count.operators += 1;
            }
            letter if letter.is_alphabetic() || letter == '_' => count.word(letter, &mut letters),
            _ => {}
        }
        if let Some(problem) = count.problem() {
            return Err(BookError::Unreadable { file: file.to_owned(), problem });
        }
    }
    Ok(())
}

fn pass_string(letters: &mut Peekable<Chars<'_>>) {
    while let Some(inside) = letters.next() {
        match inside {
            '\\' => drop(letters.next()),
            '"' => return,
            _ => {}
        }
    }
}

impl Count {
    fn word(&mut self, first: char, letters: &mut Peekable<Chars<'_>>) {
        let mut word = String::from(first);
        while let Some(letter) = letters.next_if(|letter| letter.is_alphanumeric() || *letter == '_') {
            word.push(letter);
        }
        match word.as_str() {
            "if" => self.ifs += 1,
            "in" | "has" | "like" | "is" => self.operators += 1,
            _ => {}
        }
    }

    fn problem(&self) -> Option<String> {
        let split = "split the condition into several";
        if self.depth > NESTING_MAX {
            return Some(format!("brackets are nested more than {NESTING_MAX} deep; {split}"));
        }
        if self.operators > OPERATORS_MAX {
            return Some(format!("a policy has more than {OPERATORS_MAX} operators; {split}"));
        }
        (self.ifs > IFS_MAX).then(|| format!("a policy has more than {IFS_MAX} times `if`; {split}"))
    }
}
