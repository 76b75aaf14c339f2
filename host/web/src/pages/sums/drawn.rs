//! A report as a picture: what came in and went out side by side, everything else as lying bars.

use std::collections::HashMap;

use pipeline::reports::Sheet;

use super::Sum;
use super::table::{number, text};
use crate::limits::SUMS_BARS_MAX;
use crate::picture::bars;

/// A kind of thing: how many are with whom they belong to, and how many are not.
pub struct Kind {
    pub name: String,
    pub home: usize,
    pub out: usize,
}

/// What is there by its kinds, the most frequent first.
pub fn kinds(sheet: &Sheet) -> Vec<Kind> {
    let mut counted: HashMap<&str, (usize, usize)> = HashMap::new();
    for row in &sheet.rows {
        let (home, out) = counted.entry(text(sheet, row, "conformsTo")).or_default();
        // Two people may have one name.
        let (owner, holder) = (text(sheet, row, "primaryAccountableId"), text(sheet, row, "custodianId"));
        match holder.is_empty() || owner == holder {
            true => *home += 1,
            false => *out += 1,
        }
    }
    let kind = |(name, (home, out)): (&str, (usize, usize))| Kind { name: name.to_owned(), home, out };
    let mut kinds: Vec<Kind> = counted.into_iter().map(kind).collect();
    kinds.sort_by(|a, b| (b.home + b.out).cmp(&(a.home + a.out)).then_with(|| a.name.cmp(&b.name)));
    kinds.truncate(SUMS_BARS_MAX);
    kinds
}

/// Of each bar its two parts.
fn lengths(of: Sum, sheet: &Sheet) -> Vec<(f64, f64)> {
    let rows = sheet.rows.iter().take(SUMS_BARS_MAX);
    let done = |row| match number(sheet, row, "promised") {
        promised if promised > 0.0 => (number(sheet, row, "done") / promised).clamp(0.0, 1.0),
        _ => 0.0,
    };
    match of {
        Sum::Given => rows.map(|row| (number(sheet, row, "events"), 0.0)).collect(),
        Sum::Promised => rows.map(|row| (done(row), 1.0 - done(row))).collect(),
        Sum::Stock => kinds(sheet).iter().map(|kind| (kind.home as f64, kind.out as f64)).collect(),
        Sum::Money => Vec::new(),
    }
}

/// How large its picture is; none of nothing.
pub fn size(of: Sum, sheet: &Sheet) -> Option<(usize, usize)> {
    let height = match of {
        Sum::Money => bars::HEIGHT_PX,
        of => bars::lying_height(lengths(of, sheet).len()),
    };
    (!sheet.rows.is_empty()).then_some((bars::WIDTH_PX, height))
}

/// The picture.
pub fn drawn(of: Sum, sheet: &Sheet) -> Option<Vec<u8>> {
    if of != Sum::Money {
        return bars::lying(&lengths(of, sheet));
    }
    let amount = |row, column| number(sheet, row, column);
    // The oldest on the left.
    let periods = sheet.rows.iter().rev();
    let periods = periods.map(|row| (amount(row, "in"), amount(row, "out"), amount(row, "balance")));
    bars::standing(&periods.collect::<Vec<_>>())
}
