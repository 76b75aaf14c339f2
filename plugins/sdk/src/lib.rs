//! All that a plugin author needs beside `wit/`: the bindings of every world and a few helpers that
//! take the indices out of rule code.
//!
//! A plugin implements one `Guest` trait and calls the matching `export!`:
//! `sdk::access::export!(Mine with_types_in sdk::access)`.

/// World `access`: facts and vetoes.
pub mod access {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "access",
        pub_export_macro: true,
        default_bindings_module: "sdk::access",
        generate_all,
    });
    pub use exports::reflow::plugin::gate::*;
}

/// World `pricing`: quotes.
pub mod pricing {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "pricing",
        pub_export_macro: true,
        default_bindings_module: "sdk::pricing",
        with: { "reflow:plugin/types@0.1.0": crate::types },
    });
    pub use exports::reflow::plugin::pricer::*;
}

/// World `duties`: what follows.
pub mod duties {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "duties",
        pub_export_macro: true,
        default_bindings_module: "sdk::duties",
        with: { "reflow:plugin/types@0.1.0": crate::types },
    });
    pub use exports::reflow::plugin::obliger::*;
}

/// World `matching`: ranking.
pub mod matching {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "matching",
        pub_export_macro: true,
        default_bindings_module: "sdk::matching",
        with: { "reflow:plugin/types@0.1.0": crate::types },
    });
    pub use exports::reflow::plugin::matcher::*;
}

/// The types that all worlds share.
pub mod types {
    pub use crate::access::reflow::plugin::types::*;
}

pub use types::*;

/// Microseconds in a day.
pub const DAY_US: i64 = 86_400_000_000;

impl Context {
    /// The rows of need `need` (in the manifest's order) for item `item`.
    pub fn found(&self, need: usize, item: usize) -> &[u32] {
        let Some(found) = self.found.get(need) else { return &[] };
        let at = |n: usize| found.starts.get(n).map(|start| *start as usize);
        match (at(item), at(item + 1)) {
            (Some(start), Some(end)) => found.rows.get(start..end).unwrap_or_default(),
            _ => &[],
        }
    }

    /// The commitments that need `need` found for item `item`.
    pub fn commitments_found(&self, need: usize, item: usize) -> impl Iterator<Item = &Commitment> {
        self.found(need, item).iter().filter_map(|row| self.commitments.get(*row as usize))
    }

    /// A setting by its name.
    pub fn setting(&self, name: &str) -> &Value {
        const ABSENT: &Value = &Value::Absent;
        self.settings.iter().find(|setting| setting.name == name).map_or(ABSENT, |setting| &setting.value)
    }

    /// A whole-number setting; the host has checked that it is there and a number.
    pub fn number(&self, name: &str) -> i64 {
        match self.setting(name) {
            Value::Number(n) => *n,
            _ => 0,
        }
    }

    /// An amount setting.
    pub fn amount(&self, name: &str) -> Option<Quantity> {
        match self.setting(name) {
            Value::Amount(quantity) => Some(*quantity),
            _ => None,
        }
    }
}

impl Commitment {
    /// Whether it is classified so.
    pub fn is(&self, class: &str) -> bool {
        self.classes.iter().any(|own| own == class)
    }
}

impl Place {
    /// Metres to another place as the crow flies, in whole numbers only: good to one part in two
    /// hundred for the distances at which somebody fetches a ladder.
    pub fn metres(&self, other: &Place) -> i64 {
        // 111,195 metres a degree, in millionths; a parallel shrinks with the cosine of its latitude.
        let north = i64::from(self.lat - other.lat) * 111_195 / 1_000_000;
        let middle = (i64::from(self.lat) + i64::from(other.lat)) / 2;
        let east = i64::from(self.long - other.long) * 111_195 / 1_000_000 * cosine_ppm(middle) / 1_000_000;
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

/// A reason without parameters.
pub fn because(code: &str) -> Reason {
    Reason { code: code.to_owned(), params: Vec::new() }
}
