//! Rejections: what never becomes an entry.

use thiserror::Error;

/// Why a command was not taken at all. Nothing was recorded and nothing has changed.
#[derive(Debug, Error)]
pub enum Rejection {
    /// Bytes that are no command.
    #[error("{0}")]
    Malformed(String),
    /// The id was used for another command.
    #[error("the id `{0}` belongs to another command; use a new one")]
    Conflict(valueflows::Id),
    /// No such network.
    #[error("there is no network `{0}` on this node; see `reflow network list`")]
    NoNetwork(String),
    /// No such agent.
    #[error("nobody called `{0}` belongs to this network; see `reflow member list`")]
    NoAgent(String),
    /// So much has fallen due that it has to be carried out first.
    #[error("the network is catching up with what has fallen due; try again in a moment")]
    CatchingUp,
    /// The lane is full.
    #[error("the network is busy; try again in a moment")]
    Busy,
    /// Too many refusals.
    #[error("too many refused commands today; look at the explanations of the earlier ones")]
    TooManyRefusals,
    /// What it would write is larger than an entry may be.
    #[error("this would make {0}; split it up")]
    TooLarge(journal::JournalError),
    /// More would have to be read than one command may read.
    #[error("this would have to read too much at once; split it up")]
    TooMuchToRead,
    /// A plugin was cut off by the wall clock or ran out of stack: no decision was made.
    #[error("a rule of this network gave no answer in time; try again, and tell a steward if it goes on")]
    NoAnswer,
    /// The database is away.
    #[error("the database is away; nothing was lost, try again in a moment")]
    Away,
    /// The network does not live here.
    #[error("this network {0}; here its books are only read")]
    Elsewhere(&'static str),
    /// What the operator lets a network use is used up.
    #[error("this network has used up {0}; tell the operator of this node")]
    NetworkFull(&'static str),
    /// What the operator lets a network use in a day is used up.
    #[error("this network has used up {0} for today; try again tomorrow, or tell the operator of this node")]
    TooMuchToday(&'static str),
    /// The disk is full.
    #[error("the disk of this node is full; nothing was lost, tell its operator")]
    Full,
    /// Something that should not be possible.
    #[error("this node found something that should not be: {0}")]
    Internal(String),
    /// Rules that cannot be used.
    #[error("{0}")]
    Rules(String),
    /// A component that too few have signed whom a network trusts.
    #[error("{0}")]
    Unsigned(String),
    /// A component that the operator has revoked.
    #[error("{0}")]
    Revoked(String),
    /// A component that was not admitted.
    #[error(transparent)]
    Admission(#[from] sandbox::AdmissionError),
}

impl Rejection {
    /// The same rejection for one more sender.
    pub(crate) fn again(&self) -> Rejection {
        match self {
            Rejection::Full => Rejection::Full,
            Rejection::Busy => Rejection::Busy,
            Rejection::CatchingUp => Rejection::CatchingUp,
            Rejection::TooMuchToRead => Rejection::TooMuchToRead,
            Rejection::NoAnswer => Rejection::NoAnswer,
            Rejection::Elsewhere(how) => Rejection::Elsewhere(how),
            Rejection::NetworkFull(what) => Rejection::NetworkFull(what),
            Rejection::TooMuchToday(what) => Rejection::TooMuchToday(what),
            Rejection::Away => Rejection::Away,
            Rejection::Conflict(id) => Rejection::Conflict(*id),
            Rejection::Rules(sentence) => Rejection::Rules(sentence.clone()),
            Rejection::Unsigned(sentence) => Rejection::Unsigned(sentence.clone()),
            Rejection::Revoked(sentence) => Rejection::Revoked(sentence.clone()),
            other => Rejection::Internal(other.to_string()),
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Rejection::Malformed(_) => "malformed",
            Rejection::Conflict(_) => "command-id-conflict",
            Rejection::NoNetwork(_) => "unknown-network",
            Rejection::NoAgent(_) => "unknown-agent",
            Rejection::CatchingUp => "catching-up",
            Rejection::Busy => "busy",
            Rejection::TooManyRefusals => "too-many-refusals",
            Rejection::TooLarge(_) => "too-large",
            Rejection::TooMuchToRead => "too-much-to-read",
            Rejection::NoAnswer => "no-answer",
            Rejection::Away => "database-away",
            Rejection::Elsewhere(_) => "network-elsewhere",
            Rejection::NetworkFull(_) => "network-full",
            Rejection::TooMuchToday(_) => "too-much-today",
            Rejection::Full => "disk-full",
            Rejection::Internal(_) => "internal",
            Rejection::Rules(_) => "bad-rules",
            Rejection::Unsigned(_) => "unsigned-plugin",
            Rejection::Revoked(_) => "revoked-plugin",
            Rejection::Admission(error) => error.code(),
        }
    }
}

impl From<store::StoreError> for Rejection {
    fn from(error: store::StoreError) -> Rejection {
        match error {
            store::StoreError::Full => Rejection::Full,
            // Others were preferred as often as is tried.
            store::StoreError::Again(_) => Rejection::Busy,
            store::StoreError::TooMuch(_) => Rejection::TooMuchToRead,
            store::StoreError::Away(_) | store::StoreError::HeadLost => {
                tracing::warn!(error = %error, "the database does not answer");
                Rejection::Away
            }
            other => Rejection::Internal(other.to_string()),
        }
    }
}

impl From<policy::BookError> for Rejection {
    fn from(error: policy::BookError) -> Rejection {
        Rejection::Rules(error.to_string())
    }
}

impl From<journal::JournalError> for Rejection {
    fn from(error: journal::JournalError) -> Rejection {
        if let journal::JournalError::TooLarge { .. } = error {
            return Rejection::TooLarge(error);
        }
        Rejection::Internal(error.to_string())
    }
}
