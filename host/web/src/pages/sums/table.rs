//! A report as a table that people read: some of its columns, in words, the rows that a page has room for.

use pipeline::reports::{Cell, Per, Sheet};

use super::{Sum, Wanted};
use crate::limits::{SUMS_BARS_MAX, SUMS_PERIODS_MAX, SUMS_ROWS_MAX};
use crate::locale::Locale;
use crate::wording;

/// A table of a page.
pub struct Table {
    /// Its headings, and whether amounts stand under them.
    pub columns: Vec<(String, bool)>,
    /// Its rows, as far as a page shows them.
    pub rows: Vec<Vec<Shown>>,
    /// How many more there are.
    pub more: usize,
}

/// A field of it.
pub struct Shown {
    pub text: String,
    pub amount: bool,
    /// Of which bar of the picture the row is.
    pub number: Option<usize>,
}

/// Which columns of a report people read, in their order.
fn columns(of: Sum) -> &'static [&'static str] {
    match of {
        Sum::Money => &["period", "in", "out", "net", "balance"],
        Sum::Stock => {
            &["name", "conformsTo", "onhandQuantity", "primaryAccountable", "custodian", "currentLocation"]
        }
        Sum::Promised => {
            &["what", "provider", "receiver", "promised", "done", "remaining", "due", "finished"]
        }
        Sum::Given => &["agent", "action", "events", "amount"],
    }
}

/// What stands in a row under a column.
pub fn cell<'a>(sheet: &Sheet, row: &'a [Cell], column: &str) -> &'a Cell {
    let at = sheet.columns.iter().position(|name| *name == column);
    at.and_then(|at| row.get(at)).unwrap_or(&Cell::Empty)
}

/// The same, where it is words.
pub fn text<'a>(sheet: &Sheet, row: &'a [Cell], column: &str) -> &'a str {
    match cell(sheet, row, column) {
        Cell::Text(text) => text,
        _ => "",
    }
}

/// The same, where it is an amount. As far as a picture goes, a float is exact enough.
pub fn number(sheet: &Sheet, row: &[Cell], column: &str) -> f64 {
    match cell(sheet, row, column) {
        Cell::Number(text) => text.parse().unwrap_or_default(),
        _ => 0.0,
    }
}

/// The rows of a report as page and picture have them: the newest periods, the newest promises with what is open before
/// what is done, whoever gave most often first.
pub fn in_order(of: Sum, mut sheet: Sheet) -> Sheet {
    let mut rows = std::mem::take(&mut sheet.rows);
    match of {
        Sum::Money => {
            rows.reverse();
            rows.truncate(SUMS_PERIODS_MAX);
        }
        Sum::Promised => {
            rows.reverse();
            rows.sort_by_key(|row| cell(&sheet, row, "finished") == &Cell::Flag(true));
        }
        Sum::Given => rows.sort_by_key(|row| std::cmp::Reverse(number(&sheet, row, "events") as u64)),
        Sum::Stock => {}
    }
    Sheet { rows, ..sheet }
}

/// A report in words.
pub fn table(l: &Locale, wanted: &Wanted, sheet: &Sheet) -> Table {
    let names = columns(wanted.of);
    let amounts = |name: &str| sheet.rows.iter().any(|row| matches!(cell(sheet, row, name), Cell::Number(_)));
    let heading = |name: &&'static str| (l.put("column", *name).t("sums-column"), amounts(name));
    let row = |(nth, row): (usize, &Vec<Cell>)| {
        let unit = text(sheet, row, "unit");
        let sign = wanted.units.iter().find(|(label, _)| label == unit).map_or(unit, |(_, sign)| sign);
        let mut shown: Vec<Shown> =
            names.iter().map(|name| shown(l, name, cell(sheet, row, name), (wanted.per, sign))).collect();
        if let Some(first) = shown.first_mut() {
            let of_a_bar = matches!(wanted.of, Sum::Promised | Sum::Given) && nth < SUMS_BARS_MAX;
            first.number = of_a_bar.then_some(nth + 1);
            if first.text.is_empty() {
                first.text = about_no_thing(l, text(sheet, row, "action"));
            }
        }
        shown
    };
    let rows: Vec<Vec<Shown>> = sheet.rows.iter().take(SUMS_ROWS_MAX).enumerate().map(row).collect();
    Table {
        columns: names.iter().map(heading).collect(),
        more: sheet.rows.len().saturating_sub(rows.len()),
        rows,
    }
}

/// What is about no thing is a payment, or whatever it was that was done.
fn about_no_thing(l: &Locale, action: &str) -> String {
    match action {
        "transfer" => l.t("sums-payment"),
        action => wording::deed(l, action),
    }
}

/// A field in words.
fn shown(l: &Locale, column: &str, cell: &Cell, (per, sign): (Per, &str)) -> Shown {
    let plain = |text: String| Shown { text, amount: false, number: None };
    match cell {
        Cell::Empty => plain(String::new()),
        Cell::Number(number) => {
            let sign = if column == "events" { "" } else { sign };
            let text = format!("{}\u{a0}{sign}", l.decimal(number)).trim_end().to_owned();
            Shown { text, amount: true, number: None }
        }
        Cell::Time(at) => plain(l.day(*at)),
        Cell::Flag(flag) => plain(l.put("done", if *flag { "yes" } else { "no" }).t("sums-done")),
        Cell::Text(text) if column == "action" => plain(wording::deed(l, text)),
        // The first day of a period; of a month and a year, no more than that.
        Cell::Text(text) if column == "period" => {
            let length = match per {
                Per::Year => 4,
                Per::Month => 7,
                Per::Week | Per::Day => text.len(),
            };
            plain(text.get(..length).unwrap_or(text).to_owned())
        }
        Cell::Text(text) => plain(text.clone()),
    }
}
