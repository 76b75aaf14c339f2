//! What a plugin costs, by how many items a call is about.

use std::time::Instant;

use sandbox::{CallError, Plugin, laws};

/// How often each call is measured; the least counts, since whatever else a machine does only adds to it.
const ROUNDS: usize = 40;
/// How many cases each number of items is measured with.
const CASES: u32 = 5;

/// What a call costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// How many items it is about.
    pub items: usize,
    /// Microseconds: the least of many calls, with a fresh instance each.
    pub least_us: u64,
    /// Fuel, in the middle of the cases; the same on every machine.
    pub fuel: u64,
}

/// Measures calls about so many items each, on cases that are made up.
#[expect(clippy::disallowed_methods, reason = "measured, never decided upon")]
pub fn bench(plugin: &Plugin, sizes: &[usize]) -> Result<Vec<Cost>, CallError> {
    let seed = laws::seed(&plugin.digest);
    // Some that are drawn are about nothing.
    let drawn = laws::cases(plugin, seed, 50 * CASES).filter(|case| !case.items.is_empty());
    let cases: Vec<_> = drawn.take(CASES as usize).collect();
    let mut costs = Vec::new();
    for items in sizes {
        let (mut least_us, mut fuels) = (u64::MAX, Vec::new());
        for case in &cases {
            let case = case.repeated(&plugin.manifest, *items);
            for _ in 0..ROUNDS {
                let begun = Instant::now();
                let (_, fuel) = plugin.ask(&case)?;
                least_us = least_us.min(u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX));
                fuels.push(fuel);
            }
        }
        fuels.sort_unstable();
        let fuel = fuels.get(fuels.len() / 2).copied().unwrap_or_default();
        costs.push(Cost { items: *items, least_us, fuel });
    }
    Ok(costs)
}
