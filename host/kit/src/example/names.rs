//! Names instead of row numbers, amounts with their unit, instants as people write them.

use std::collections::BTreeMap;

use sandbox::{actions, types};
use toml::{Table, Value};
use valueflows::{Action, Decimal, Instant};

/// The names of the rows of a file, by table, each in the order of the rows.
#[derive(Debug, Clone)]
pub(super) struct Names {
    pub now: Instant,
    /// Units, with their decimals.
    pub units: Vec<(String, u8)>,
    tables: BTreeMap<&'static str, Vec<String>>,
}

/// The tables whose rows have names.
pub(super) const TABLES: [&str; 8] =
    ["agents", "specs", "stocks", "agreements", "commitments", "events", "intents", "memberships"];

impl Names {
    /// Those of a file.
    pub fn of(file: &Table, now: Instant) -> Result<Names, String> {
        let mut names = Names { now, units: Vec::new(), tables: BTreeMap::new() };
        if let Some(units) = file.get("units") {
            let units = units.as_table().ok_or("`units` are written as in `units = { EUR = 2 }`")?;
            for (label, scale) in units {
                let scale = scale.as_integer().and_then(|scale| u8::try_from(scale).ok());
                let scale = scale.ok_or_else(|| format!("the unit `{label}` is its decimals, as in `2`"))?;
                names.units.push((label.clone(), scale));
            }
            names.units.sort();
        }
        for table in TABLES {
            let rows = match file.get(table) {
                None => Vec::new(),
                Some(Value::Table(rows)) => rows.keys().cloned().collect(),
                Some(_) => return Err(format!("rows of `{table}` have names, as in `[{table}.one]`")),
            };
            let mut rows: Vec<String> = rows;
            rows.sort();
            names.tables.insert(table, rows);
        }
        Ok(names)
    }

    /// Numbers as names, for rows that nobody has named.
    pub fn numbered(context: &types::Context) -> Names {
        let lengths = [
            context.agents.len(),
            context.specs.len(),
            context.stocks.len(),
            context.agreements.len(),
            context.commitments.len(),
            context.events.len(),
            context.intents.len(),
            context.memberships.len(),
        ];
        let rows = |table: &str, len: usize| (0..len).map(|n| format!("{table}[{n}]")).collect();
        Names {
            now: Instant(context.now),
            units: context.units.iter().map(|unit| (unit.label.clone(), unit.scale)).collect(),
            tables: TABLES.into_iter().zip(lengths).map(|(table, len)| (table, rows(table, len))).collect(),
        }
    }

    /// The names of a table.
    pub fn rows(&self, table: &str) -> &[String] {
        self.tables.get(table).map(Vec::as_slice).unwrap_or_default()
    }

    /// The row of a name.
    pub fn row(&self, table: &str, name: &str) -> Result<u32, String> {
        let place = self.rows(table).iter().position(|known| known == name);
        let row = place.and_then(|row| u32::try_from(row).ok());
        row.ok_or_else(|| format!("there is no `[{table}.{name}]`"))
    }

    /// The name of a row; its number, where there is none.
    pub fn name(&self, table: &str, row: u32) -> String {
        let name = self.rows(table).get(row as usize).cloned();
        name.unwrap_or_else(|| format!("row {row} of no {table}"))
    }

    /// An instant: `2026-05-01`, `2026-05-01T10:00Z`, or so long before or after `now`: `-3d`, `+12h`, `+30m`.
    pub fn instant(&self, text: &str) -> Result<i64, String> {
        let wrong = || format!("`{text}` is no instant: write `2026-05-01T10:00Z`, `-3d` or `+12h`");
        if text.starts_with(['-', '+']) {
            let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
            let one_us = match unit {
                "d" => Instant::DAY_US,
                "h" => Instant::DAY_US / 24,
                "m" => 60_000_000,
                _ => return Err(wrong()),
            };
            let number: i64 = number.parse().map_err(|_| wrong())?;
            let by = number.checked_mul(one_us).and_then(|by| self.now.0.checked_add(by));
            return by.ok_or_else(wrong);
        }
        instant(text).map(|at| at.0).ok_or_else(wrong)
    }

    /// An amount: `20.00 EUR`.
    pub fn quantity(&self, text: &str) -> Result<types::Quantity, String> {
        let wrong = || format!("`{text}` is no amount of a unit of this file: write `20.00 EUR`");
        let (number, label) = text.split_once(' ').ok_or_else(wrong)?;
        let unit = self.units.iter().position(|(known, _)| known == label).ok_or_else(wrong)?;
        let (_, scale) = self.units.get(unit).ok_or_else(wrong)?;
        let amount = number.parse::<Decimal>().ok().and_then(|number| number.in_scale(*scale).ok());
        Ok(types::Quantity { amount: amount.ok_or_else(wrong)?, unit: unit as u32 })
    }

    /// An amount, written.
    pub fn written(&self, quantity: types::Quantity) -> String {
        match self.units.get(quantity.unit as usize) {
            Some((label, scale)) => format!("{} {label}", Decimal::new(quantity.amount, *scale)),
            None => format!("{} of no unit (row {})", quantity.amount, quantity.unit),
        }
    }
}

/// An instant that is written with its date, and perhaps its time.
pub(super) fn instant(text: &str) -> Option<Instant> {
    let with_seconds = |text: &str| text.parse::<jiff::Timestamp>().ok();
    let whole = match text.len() {
        10 => with_seconds(&format!("{text}T00:00:00Z")),
        _ => with_seconds(text).or_else(|| with_seconds(&text.replace('Z', ":00Z"))),
    };
    whole.map(|at| Instant(at.as_microsecond()))
}

/// One of the nineteen, as plugins or as the books write it.
pub(super) fn action(text: &str) -> Result<types::Action, String> {
    let known = match text {
        "raise-onhand" => Ok(Action::Raise),
        "lower-onhand" => Ok(Action::Lower),
        other => Action::named(other),
    };
    match known {
        Ok(known) if known.place().is_some() => Ok(actions::action(known)),
        _ => Err(format!("`{text}` is none of the nineteen actions, such as `transfer-custody`")),
    }
}
