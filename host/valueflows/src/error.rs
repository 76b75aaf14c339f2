//! What can be wrong with a value, in words that say what to do.

use thiserror::Error;

/// A value that does not fit its property.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadValue {
    /// The name is no property of the class.
    #[error("`{class}` has no property `{name}`; leave it out or check its spelling")]
    UnknownProperty {
        /// The class that was written.
        class: &'static str,
        /// What was given.
        name: String,
    },
    /// The value has another shape than the property.
    #[error("`{name}` must be {wanted}")]
    WrongShape {
        /// The property.
        name: &'static str,
        /// What would fit.
        wanted: &'static str,
    },
    /// A required property is missing.
    #[error("`{class}` needs `{name}`; add it")]
    Missing {
        /// The class that was written.
        class: &'static str,
        /// The property.
        name: &'static str,
    },
    /// Text or list over its limit.
    #[error("`{name}` is longer than {limit}; shorten it")]
    TooLong {
        /// The property.
        name: &'static str,
        /// The limit, in bytes or members.
        limit: usize,
    },
    /// Not one of the nineteen actions, nor of those that the network's rules define.
    #[error(
        "`{0}` is not an action of ValueFlows, nor one of this network's own; use one of the nineteen, such as `transferCustody` or `produce`"
    )]
    UnknownAction(String),
    /// Not a class that this node knows.
    #[error("`{0}` is not a class that this node keeps")]
    UnknownClass(String),
    /// Not an identifier.
    #[error("`{0}` is not an identifier; write 32 hexadecimal digits with hyphens")]
    BadId(String),
    /// A number that the books cannot hold.
    #[error(transparent)]
    Quantity(#[from] QuantityError),
}

/// A number that the books cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QuantityError {
    /// Not a plain decimal.
    #[error("`{0}` is not a decimal number; write digits with at most one point, such as `12.5`")]
    NotDecimal(String),
    /// More digits than the unit has.
    #[error("`{value}` has more than the {decimals} decimals of its unit; write fewer, nothing is rounded")]
    TooManyDigits {
        /// What was given.
        value: String,
        /// What the unit fixes.
        decimals: u8,
    },
    /// 2^53 smallest parts or more.
    #[error("`{0}` is too large to be kept exactly; the limit is 2^53 smallest parts of the unit")]
    TooLarge(String),
    /// Two units in one sum.
    #[error("quantities in two different units cannot be added; convert one first")]
    TwoUnits,
}
