//! Exact numbers: decimals as they are written, quantities as they are kept, instants.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::QuantityError;
use crate::id::Id;
use crate::limits::{DECIMAL_CHARS_MAX, NUMBER_BOUND};

/// A decimal exactly as somebody wrote it: `mantissa` / 10^`scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    mantissa: i64,
    scale: u8,
}

/// What a command says about an amount: a decimal and the id of its unit, before the unit is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Measure {
    /// The number as written.
    pub value: Decimal,
    /// The unit's record, or [`NO_UNIT`].
    pub unit: Id,
}

/// The unit of an amount that names none, as the specification lets an amount do: it has six decimals, and is one unit
/// with no other, so that it never mixes with a stock that has one.
pub const NO_UNIT: Id = Id([0; 16]);

/// What the books keep: whole smallest parts of a unit, magnitude below 2^53.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// Smallest parts of the unit.
    pub amount: i64,
    /// The unit's record, or [`NO_UNIT`].
    pub unit: Id,
}

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// Microseconds in a day.
    pub const DAY_US: i64 = 86_400_000_000;
    /// Microseconds in a minute.
    pub const MINUTE_US: i64 = 60_000_000;

    /// The same instant, rounded down to the minute: all a plugin sees of the time.
    pub fn minute(self) -> Instant {
        Instant(self.0.div_euclid(Self::MINUTE_US).saturating_mul(Self::MINUTE_US))
    }

    /// Later by `us` microseconds; far ends saturate.
    pub fn plus_us(self, us: i64) -> Instant {
        Instant(self.0.saturating_add(us))
    }
}

impl Decimal {
    /// A decimal from whole parts at a scale.
    pub fn new(mantissa: i64, scale: u8) -> Decimal {
        Decimal { mantissa, scale }
    }

    /// Whole smallest parts at `decimals`, exact or refused.
    pub fn in_scale(&self, decimals: u8) -> Result<i64, QuantityError> {
        let mut mantissa = self.mantissa;
        let mut scale = self.scale;
        while scale > decimals && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        if scale > decimals {
            return Err(QuantityError::TooManyDigits { value: self.to_string(), decimals });
        }
        10i64
            .checked_pow(u32::from(decimals - scale))
            .and_then(|factor| mantissa.checked_mul(factor))
            .filter(|amount| amount.abs() < NUMBER_BOUND)
            .ok_or_else(|| QuantityError::TooLarge(self.to_string()))
    }
}

impl Measure {
    /// The quantity this means in a unit of so many decimals.
    pub fn in_unit(&self, decimals: u8) -> Result<Quantity, QuantityError> {
        Ok(Quantity { amount: self.value.in_scale(decimals)?, unit: self.unit })
    }
}

impl Quantity {
    /// The sum, if both are of one unit and it can be kept exactly.
    pub fn plus(self, other: Quantity) -> Result<Quantity, QuantityError> {
        if self.unit != other.unit {
            return Err(QuantityError::TwoUnits);
        }
        let amount = self
            .amount
            .checked_add(other.amount)
            .filter(|amount| amount.abs() < NUMBER_BOUND)
            .ok_or_else(|| QuantityError::TooLarge(format!("{} + {}", self.amount, other.amount)))?;
        Ok(Quantity { amount, unit: self.unit })
    }

    /// The same amount with the other sign.
    pub fn negated(self) -> Quantity {
        Quantity { amount: -self.amount, unit: self.unit }
    }

    /// The decimal that people read, given the unit's decimals.
    pub fn decimal(&self, decimals: u8) -> Decimal {
        Decimal { mantissa: self.amount, scale: decimals }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = self.mantissa.unsigned_abs().to_string();
        let scale = usize::from(self.scale);
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

impl FromStr for Decimal {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Decimal, QuantityError> {
        let shown = || text.chars().take(DECIMAL_CHARS_MAX).collect::<String>();
        let bad = || QuantityError::NotDecimal(shown());
        if text.len() > DECIMAL_CHARS_MAX {
            return Err(bad());
        }
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
        let pointed = rest.contains('.');
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(fraction) || (pointed && fraction.is_empty()) {
            return Err(bad());
        }
        let mantissa =
            format!("{whole}{fraction}").parse::<i64>().map_err(|_| QuantityError::TooLarge(shown()))?;
        let scale = u8::try_from(fraction.len()).map_err(|_| bad())?;
        Ok(Decimal { mantissa: if negative { -mantissa } else { mantissa }, scale })
    }
}
