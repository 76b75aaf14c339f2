//! Why a rule book is no rule book.

use thiserror::Error;

/// What is wrong with a rule book.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BookError {
    /// A policy that Cedar cannot read.
    #[error("`{file}` cannot be read as Cedar: {problem}")]
    Unreadable {
        /// The file.
        file: String,
        /// Cedar's words.
        problem: String,
    },
    /// A policy without an `@id`, or two with one.
    #[error("`{file}`: {problem}; give each policy an `@id` of its own")]
    Id {
        /// The file.
        file: String,
        /// What is wrong.
        problem: String,
    },
    /// A policy that strict validation does not pass, warnings included.
    #[error("the rules do not pass validation: {0}")]
    Invalid(String),
    /// Words of notices that cannot be said.
    #[error("the words of notices in `{language}`: {problem}")]
    Notices {
        /// The language.
        language: String,
        /// What is wrong with them.
        problem: String,
    },
    /// A permit in the protected layer.
    #[error("`{0}` is a permit; the protected layer holds `forbid`s only")]
    PermitInProtectedLayer(String),
    /// A template: the prover cannot read links.
    #[error("`{0}` is a template; write static policies")]
    Template(String),
    /// Two plugins where exactly one must answer.
    #[error("`{act}` is bound to two plugins on `{surface}`; bind exactly one")]
    TwoBindings {
        /// The act.
        act: String,
        /// The surface.
        surface: &'static str,
    },
    /// A binding to an act that does not exist or that plugins must not answer.
    #[error("`{0}` cannot be answered by a plugin; acts that change rules, keys and roles call none")]
    NotBindable(String),
    /// What counts votes answers about no act.
    #[error("`{plugin}` counts votes, and says nothing about `{act}`; leave out its `acts`")]
    CountsNoAct {
        /// The plugin.
        plugin: String,
        /// The act.
        act: String,
    },
    /// A way of deciding is counted by a plugin that is not bound.
    #[error("the votes are counted by `{0}`, and no plugin of that name is bound that counts votes")]
    NothingCounts(String),
    /// An action that cannot be defined like that.
    #[error("actions of these rules' own: {0}")]
    Action(String),
    /// Too much of something.
    #[error("{0}")]
    TooMuch(String),
    /// A book that is not written as one.
    #[error("the rule book is not readable: {0}")]
    Shape(String),
    /// A failure inside Cedar that is not the author's.
    #[error("the rules could not be prepared: {0}")]
    Engine(String),
}
