//! What can go wrong with the store.

use thiserror::Error;

/// What can go wrong with the store.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database does not answer.
    #[error("the database does not answer: {0}")]
    Away(String),
    /// There is no space left.
    #[error("the disk is full")]
    Full,
    /// Another node has written since the batch was read.
    #[error("the journal has moved on")]
    HeadLost,
    /// The disk did not confirm what was written: nobody knows any more what is on it.
    #[error("the disk did not confirm what was written: {0}")]
    Unconfirmed(String),
    /// The database ended the transaction in favour of another.
    #[error("the database ended this in favour of another: {0}")]
    Again(String),
    /// A row that must not be there is, or the other way round.
    #[error("a constraint of the database refused a row: {0}")]
    Constraint(String),
    /// Data that should not exist.
    #[error("table `{table}` holds a row that cannot be: {problem}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// The database was made by a newer program.
    #[error("the database has schema {found}, this program knows {known}; use a newer program")]
    NewerSchema {
        /// In the database.
        found: i64,
        /// In the program.
        known: i64,
    },
    /// The database is served no more.
    #[error("this database is served no more: {0}; use the one that it went to")]
    Retired(String),
    /// An address that names no database.
    #[error("`{0}` is no database; give a path, or postgres://…")]
    Address(String),
    /// More rows than one batch may read.
    #[error("more than {0} records would have to be read")]
    TooMuch(usize),
}

impl StoreError {
    /// The same error for one more who waits.
    pub(crate) fn again(&self) -> StoreError {
        match self {
            StoreError::Full => StoreError::Full,
            StoreError::HeadLost => StoreError::HeadLost,
            StoreError::Constraint(problem) => StoreError::Constraint(problem.clone()),
            other => StoreError::Away(other.to_string()),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        match &error {
            sqlx::Error::Database(database) => {
                let code = database.code().unwrap_or_default();
                // SQLite 13 and PostgreSQL 53100: no space left.
                if code == "13" || code == "53100" {
                    StoreError::Full
                } else if code == "1034" || code == "1290" {
                    // SQLite: fsync of a file, or of its folder, failed.
                    StoreError::Unconfirmed(database.message().to_owned())
                } else if code == "40001" || code == "40P01" {
                    StoreError::Again(database.message().to_owned())
                } else if database.is_unique_violation()
                    || database.is_check_violation()
                    || database.is_foreign_key_violation()
                {
                    StoreError::Constraint(database.message().to_owned())
                } else {
                    StoreError::Away(database.message().to_owned())
                }
            }
            other => StoreError::Away(other.to_string()),
        }
    }
}
