//! Exact amounts: whole smallest parts of one unit.

use std::ops::Neg;

use crate::types::Quantity;

impl Quantity {
    /// So many times as much.
    pub fn times(self, n: i64) -> Quantity {
        Quantity { amount: self.amount * n, ..self }
    }

    /// Such a share of it, as `share(15, 100)`, rounded down to a whole smallest part.
    pub fn share(self, part: i64, whole: i64) -> Quantity {
        let amount = i128::from(self.amount) * i128::from(part) / i128::from(whole);
        Quantity { amount: amount as i64, ..self }
    }

    /// It in shares by weight, which add up to it exactly: what is left over goes, a smallest part each, to the largest
    /// remainders, to the first of equal ones.
    pub fn split(self, weights: &[i64]) -> Vec<Quantity> {
        let all: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        if all <= 0 {
            return weights.iter().map(|_| Quantity { amount: 0, ..self }).collect();
        }
        let exact = |weight: &i64| i128::from(self.amount) * i128::from(*weight);
        let mut parts: Vec<i64> = weights.iter().map(|weight| exact(weight).div_euclid(all) as i64).collect();
        let mut left = self.amount - parts.iter().sum::<i64>();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|n| (-exact(&weights[*n]).rem_euclid(all), *n));
        for n in order {
            if left == 0 {
                break;
            }
            parts[n] += 1;
            left -= 1;
        }
        parts.into_iter().map(|amount| Quantity { amount, ..self }).collect()
    }

    /// The sum with another of the same unit; none of two units.
    pub fn plus(self, other: Quantity) -> Option<Quantity> {
        (self.unit == other.unit).then(|| Quantity { amount: self.amount + other.amount, ..self })
    }

    /// The sum of several: nothing at all of none, and `Err` of two units.
    pub fn sum(amounts: impl IntoIterator<Item = Quantity>) -> Result<Option<Quantity>, TwoUnits> {
        amounts.into_iter().try_fold(None, |sum: Option<Quantity>, amount| match sum {
            None => Ok(Some(amount)),
            Some(sum) => sum.plus(amount).map(Some).ok_or(TwoUnits),
        })
    }
}

impl Neg for Quantity {
    type Output = Quantity;

    fn neg(self) -> Quantity {
        Quantity { amount: -self.amount, ..self }
    }
}

/// Amounts of two units have no sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TwoUnits;
