//! How far it is.

use crate::types::Place;

impl Place {
    /// Metres to another place as the crow flies, in whole numbers only: good to one part in two hundred for the
    /// distances at which somebody fetches a ladder.
    pub fn metres(&self, other: &Place) -> i64 {
        // 111,195 metres a degree, in millionths; a parallel shrinks with the cosine of its latitude.
        let north = (i64::from(self.lat) - i64::from(other.lat)) * 111_195 / 1_000_000;
        let middle = (i64::from(self.lat) + i64::from(other.lat)) / 2;
        let around = i64::from(self.long) - i64::from(other.long);
        let east = around * 111_195 / 1_000_000 * cosine_ppm(middle) / 1_000_000;
        (north * north + east * east).isqrt()
    }
}

/// The cosine of millionths of a degree, in millionths: four terms of its series.
fn cosine_ppm(micro_degrees: i64) -> i64 {
    let x = micro_degrees * 17_453 / 1_000_000; // millionths of a radian
    let square = x * x / 1_000_000;
    let mut term = 1_000_000;
    let mut sum = term;
    for n in 1..5 {
        term = -term * square / 1_000_000 / ((2 * n - 1) * 2 * n);
        sum += term;
    }
    sum
}
