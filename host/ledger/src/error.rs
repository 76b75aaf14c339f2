//! Refusals of the ledger: a stable code, a sentence, and what to do.

use thiserror::Error;
use valueflows::{Action, BadValue, Id, Instant, QuantityError};

use crate::view::Missing;

/// Why an act makes no sense in the books.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// A value that does not fit.
    #[error(transparent)]
    Value(#[from] BadValue),
    /// A number that does not fit its unit.
    #[error(transparent)]
    Number(#[from] QuantityError),
    /// A reference to nothing.
    #[error("`{prop}` points at `{id}`, which is not in the books of this network")]
    Dangling {
        /// The property.
        prop: &'static str,
        /// The id.
        id: Id,
    },
    /// A reference to the wrong kind of thing.
    #[error("`{prop}` points at a {found}, which cannot stand there")]
    WrongClass {
        /// The property.
        prop: &'static str,
        /// What was found.
        found: &'static str,
    },
    /// Times that contradict each other.
    #[error("the times contradict each other: {0}")]
    Times(&'static str),
    /// An action with a property that it cannot have.
    #[error("`{action}` {problem}")]
    NotForAction {
        /// The action.
        action: Action,
        /// What is wrong.
        problem: &'static str,
    },
    /// Two units.
    #[error("`{prop}` is in another unit than the thing is counted in")]
    WrongUnit {
        /// The property.
        prop: &'static str,
    },
    /// Less than nothing.
    #[error("there is not enough: {have} are there and {want} are wanted")]
    NotEnough {
        /// What is there, smallest parts.
        have: i64,
        /// What is wanted, smallest parts.
        want: i64,
    },
    /// The giver does not hold the thing.
    #[error("`{0}` is not in the hands of the one who would hand it over")]
    NotHeld(String),
    /// The giver does not own the thing.
    #[error("`{0}` does not belong to the one who would give it")]
    NotOwned(String),
    /// The thing is with somebody.
    #[error("`{0}` is out on loan")]
    OnLoan(String),
    /// The thing is promised to somebody.
    #[error("`{0}` is promised to somebody already")]
    Promised(String),
    /// A promise that is kept, waived or withdrawn already.
    #[error("this promise is settled already")]
    Settled,
    /// An event that does not do what the promise says.
    #[error("the event does not keep the promise it names: {0}")]
    NotThatPromise(&'static str),
    /// Withdrawing after the thing has changed hands.
    #[error("the thing has been handed over already")]
    HandedOver,
    /// An offer with both ends, or none that can be accepted.
    #[error("{0}")]
    BadOffer(&'static str),
    /// Offers and needs cannot be brought together so.
    #[error("this cannot be shared out: {0}")]
    BadRound(&'static str),
    /// A correction that is no difference to what it corrects.
    #[error("this does not correct the event that it names: {0}")]
    BadCorrection(String),
    /// A container that cannot hold, or be moved, like that.
    #[error("{0}")]
    BadContainer(&'static str),
    /// A property that only events and promises change, or that never changes.
    #[error("`{prop}` of a {class} is not changed by itself")]
    Fixed {
        /// The class.
        class: &'static str,
        /// The property.
        prop: &'static str,
    },
    /// Somebody changed the record since it was read.
    #[error("this was changed meanwhile: you have seen version {seen}, and it is at version {now}")]
    Stale {
        /// The version that was named.
        seen: u32,
        /// The version it is at.
        now: u32,
    },
    /// Something of another place that is written down already.
    #[error("`{0}` is written down here already")]
    Known(String),
    /// A report that says something else than the books.
    #[error("`{prop}` of `{thing}` is {said} in the report and {found} in the books")]
    Differs {
        /// The resource.
        thing: String,
        /// The property.
        prop: &'static str,
        /// What the report says.
        said: String,
        /// What the books say.
        found: String,
    },
    /// What stands in the way of an act of governing.
    #[error("{sentence}")]
    Governing {
        /// The stable code.
        code: &'static str,
        /// The sentence.
        sentence: String,
        /// What to do.
        remedy: &'static str,
    },
    /// Something else about the shape of the act.
    #[error("{0}")]
    Shape(String),
}

impl Refusal {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Value(BadValue::UnknownAction(_)) => "unknown-action",
            Refusal::Value(_) | Refusal::Shape(_) => "bad-value",
            Refusal::Number(QuantityError::TooManyDigits { .. }) => "too-many-digits",
            Refusal::Number(QuantityError::TooLarge(_)) => "quantity-too-large",
            Refusal::Number(QuantityError::TwoUnits) | Refusal::WrongUnit { .. } => "wrong-unit",
            Refusal::Number(QuantityError::NotDecimal(_)) => "not-a-number",
            Refusal::Fixed { .. } => "fixed-property",
            Refusal::Stale { .. } => "stale-revision",
            Refusal::Known(_) => "already-known",
            Refusal::Differs { .. } => "report-differs",
            Refusal::Dangling { .. } => "unknown-record",
            Refusal::WrongClass { .. } => "wrong-class",
            Refusal::Times(_) => "contradicting-times",
            Refusal::NotForAction { .. } => "not-for-action",
            Refusal::NotEnough { .. } => "not-enough",
            Refusal::NotHeld(_) => "not-held",
            Refusal::NotOwned(_) => "not-owned",
            Refusal::OnLoan(_) => "on-loan",
            Refusal::Promised(_) => "already-promised",
            Refusal::Settled => "already-settled",
            Refusal::NotThatPromise(_) => "not-that-promise",
            Refusal::HandedOver => "handed-over",
            Refusal::BadOffer(_) => "bad-offer",
            Refusal::BadRound(_) => "bad-round",
            Refusal::BadCorrection(_) => "bad-correction",
            Refusal::BadContainer(_) => "bad-container",
            Refusal::Governing { code, .. } => code,
        }
    }

    /// What the reader can do.
    pub fn remedy(&self) -> &'static str {
        match self {
            Refusal::Value(_) | Refusal::Shape(_) => "Correct what the sentence names and send it again.",
            Refusal::Number(QuantityError::TooManyDigits { .. }) => "Write the amount with fewer decimals.",
            Refusal::Number(QuantityError::TooLarge(_)) => {
                "Check the amount; if it is right, use a larger unit."
            }
            Refusal::Number(_) | Refusal::WrongUnit { .. } => "Use the unit that the thing is counted in.",
            Refusal::Dangling { .. } => "Check the identifier, or record the missing thing first.",
            Refusal::WrongClass { .. } => "Point at a record of the class that the property asks for.",
            Refusal::Times(_) => {
                "Give either one point in time, or a beginning and a later end, not in the future."
            }
            Refusal::NotForAction { .. } => "Leave that property out, or use another action.",
            Refusal::NotEnough { .. } => "Record less, or correct the stock first with `raise`.",
            Refusal::NotHeld(_) => "Have it brought back first, or record who really hands it over.",
            Refusal::NotOwned(_) => "Only what belongs to the giver can be given; check the provider.",
            Refusal::OnLoan(_) => "Wait until it is brought back, or choose another one.",
            Refusal::Promised(_) => "Wait until that loan is over or withdrawn, or choose another one.",
            Refusal::Settled => "Nothing more is due here; look at the thing's history.",
            Refusal::NotThatPromise(_) => "Leave out `fulfills`, or name the promise that the event keeps.",
            Refusal::HandedOver => "Have the thing brought back instead.",
            Refusal::Fixed { .. } => {
                "Record an event, or a promise, that changes it; what happened stays as it is."
            }
            Refusal::Stale { .. } => "Look at it again, then change what you see.",
            Refusal::Known(_) => "Leave it out, or point at the record that is here.",
            Refusal::Differs { .. } => "Correct the report, or record the event that it leaves out.",
            Refusal::BadCorrection(_) => {
                "Repeat the event as it stands, and give the difference alone; to change anything else, undo it whole and record it anew."
            }
            Refusal::BadContainer(_) => {
                "Take the thing out first with `separate`, or move the container whole."
            }
            Refusal::BadOffer(_) => "Choose an open offer of something that can be lent.",
            Refusal::BadRound(_) => "Choose open offers and needs that say how much, in one unit.",
            Refusal::Governing { remedy, .. } => remedy,
        }
    }
}

/// Why `decide` did not answer with an outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// It has to read more first.
    Missing(Missing),
    /// The act makes no sense.
    Refused(Refusal),
}

impl From<Missing> for Stop {
    fn from(missing: Missing) -> Stop {
        Stop::Missing(missing)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Stop {
        Stop::Refused(refusal)
    }
}

impl From<BadValue> for Stop {
    fn from(error: BadValue) -> Stop {
        Stop::Refused(error.into())
    }
}

impl From<QuantityError> for Stop {
    fn from(error: QuantityError) -> Stop {
        Stop::Refused(error.into())
    }
}

/// Whether a point in time lies ahead of the books by more than clocks differ.
pub(crate) fn is_ahead(at: Instant, now: Instant) -> bool {
    at > now.plus_us(crate::limits::CLOCK_SKEW_US_MAX)
}
