//! Looking at rules that nobody has written down yet: what would differ, what is wrong with them, what becomes of the
//! stories that the network tells and of its own newest past. The same looks as those before a vote, and nothing is
//! written.

use ledger::View;
use policy::RuleBook;
use serde_json::{Value as Json, json};
use valueflows::Record;

use crate::error::Rejection;
use crate::gate;
use crate::halt::Halt;
use crate::limits::{DRAFT_ENTRIES, READ_ROUNDS_MAX};
use crate::reader::Reader;
use crate::trial;

pub use policy::draft::{formatted, with_rule};

/// What was found of a book.
#[derive(Debug, Clone, PartialEq)]
pub struct Looked {
    /// Differences, risk, problems: as they stand in an amendment's report.
    pub report: Json,
    /// What its scenarios come to under it.
    pub stories: Json,
    /// What the newest past would have come to.
    pub past: Json,
}

impl Reader {
    /// Looks at a book; the sentence where it cannot be read as one.
    pub async fn looked_at(&mut self, book: &RuleBook) -> Result<Result<Looked, String>, Rejection> {
        let written = book.to_json()?;
        let report = match self.report(&written).await? {
            Ok(report) => report,
            Err(sentence) => return Ok(Err(sentence)),
        };
        let stories = trial::told(&self.node, book, book).await;
        let past = match self.what_if(book, DRAFT_ENTRIES, &|_| {}).await {
            Ok(found) => found,
            Err(rejection) => json!({"failed": rejection.to_string()}),
        };
        Ok(Ok(Looked { report, stories, past }))
    }

    async fn report(&mut self, book: &Json) -> Result<Result<Json, String>, Rejection> {
        let who = (self.agent(), self.scene(), false);
        for _ in 0..READ_ROUNDS_MAX {
            let view: &View = &self.view;
            let found = tokio::task::block_in_place(|| gate::report(view, &self.rules, book, who));
            match found {
                Ok(report) => return Ok(Ok(report)),
                Err(Halt::Refused(refused)) => return Ok(Err(refused.sentence)),
                Err(Halt::Missing(missing)) => self.know(missing).await?,
                Err(Halt::NoAnswer(_)) => return Err(Rejection::NoAnswer),
                Err(Halt::Broken(problem)) => return Err(Rejection::Internal(problem)),
            }
        }
        Err(Rejection::TooMuchToRead)
    }

    /// The rules that an amendment brings; none where it brings none.
    pub async fn book_of(&mut self, amendment: &Record) -> Result<Option<RuleBook>, Rejection> {
        match self.candidate_of(amendment).await? {
            Some(book) => Ok(Some(RuleBook::from_json(&book)?)),
            None => Ok(None),
        }
    }
}
