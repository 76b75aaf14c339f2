//! What the books come to: money in and out, what is there, what was promised and done, and who gave how much; each as
//! a picture with its table, and whole as a file for a spreadsheet.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::reports::{Cell, Per, Report, Sheet, Span};
use pipeline::{Reader, Rejection};
use serde::Deserialize;
use valueflows::{Class, Id, Prop};

use crate::App;
use crate::frame::{Frame, Seat, answered, rejected, seat};
use crate::limits::{SUMS_BARS_MAX, SUMS_PERIODS_MAX, SUMS_ROWS_MAX};
use crate::locale::Locale;
use crate::picture::{self, bars};
use crate::wording;

/// The four, as they are asked for.
const ALL: [&str; 4] = ["money", "stock", "promised", "given"];

/// What the question says; what it does not say, or says wrongly, is the first that there is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    of: String,
    unit: String,
    per: String,
    whose: String,
}

/// Something to choose: its value, its name, whether it is chosen.
type Choice = (String, String, bool);

#[derive(Template)]
#[template(path = "sums.html")]
struct Page<'a> {
    frame: &'a Frame,
    of: &'static str,
    units: Vec<Choice>,
    whose: Vec<Choice>,
    per: &'static str,
    columns: Vec<(String, bool)>,
    rows: Vec<Vec<Shown>>,
    more: usize,
    legend: Vec<Legend>,
    picture: Option<(usize, usize)>,
    /// The question again, for the picture and the file.
    again: String,
    file: String,
}

/// A field of the table.
struct Shown {
    text: String,
    amount: bool,
    /// Of which bar of the picture the row is.
    number: Option<usize>,
}

/// A bar of the picture of what is there: how many things of a kind are with whom they belong to, and how many not.
struct Legend {
    kind: String,
    home: usize,
    out: usize,
}

/// A report that is asked for, with what can be chosen.
struct Wanted {
    of: &'static str,
    report: Report,
    unit: String,
    units: Vec<(String, String)>,
    per: &'static str,
    whose: Id,
}

async fn wanted(reader: &mut Reader, asked: &Asked) -> Result<Wanted, Rejection> {
    let of = ALL.into_iter().find(|one| *one == asked.of).unwrap_or("money");
    let per = ["month", "day", "week", "year"].into_iter().find(|one| *one == asked.per).unwrap_or("month");
    let whose = asked.whose.parse().unwrap_or(reader.agent());
    let units: Vec<(String, String, i64)> = reader
        .every(Class::Unit)
        .await?
        .iter()
        .filter_map(|unit| {
            let label = unit.fields.text(Prop::Label)?.to_owned();
            let sign = unit.fields.text(Prop::Symbol).unwrap_or(&label).to_owned();
            Some((label, sign, unit.fields.integer(Prop::Decimals).unwrap_or_default()))
        })
        .collect();
    // Money has parts, more often than not.
    let first = units.iter().find(|(.., decimals)| *decimals == 2).or(units.first());
    let chosen = units.iter().find(|(label, ..)| *label == asked.unit).or(first);
    let unit = chosen.map(|(label, ..)| label.clone()).unwrap_or_default();
    let report = match of {
        "stock" => Report::Stock,
        "promised" => Report::PlanAndActual { plan: None },
        "given" => Report::Contributions,
        _ => {
            let per = match per {
                "day" => Per::Day,
                "week" => Per::Week,
                "year" => Per::Year,
                _ => Per::Month,
            };
            Report::CashFlow { agent: whose, unit: unit.clone(), per }
        }
    };
    let units = units.into_iter().map(|(label, sign, _)| (label, sign)).collect();
    Ok(Wanted { of, report, unit, units, per, whose })
}

/// Which columns of a report people read, in their order.
fn columns(of: &str) -> &'static [&'static str] {
    match of {
        "stock" => {
            &["name", "conformsTo", "onhandQuantity", "primaryAccountable", "custodian", "currentLocation"]
        }
        "promised" => &["what", "provider", "receiver", "promised", "done", "remaining", "due", "finished"],
        "given" => &["agent", "action", "events", "amount"],
        _ => &["period", "in", "out", "net", "balance"],
    }
}

fn cell<'a>(sheet: &Sheet, row: &'a [Cell], column: &str) -> &'a Cell {
    let at = sheet.columns.iter().position(|name| *name == column);
    at.and_then(|at| row.get(at)).unwrap_or(&Cell::Empty)
}

/// As far as a picture goes, a float is exact enough.
fn number(sheet: &Sheet, row: &[Cell], column: &str) -> f64 {
    match cell(sheet, row, column) {
        Cell::Number(text) => text.parse().unwrap_or_default(),
        _ => 0.0,
    }
}

fn text(sheet: &Sheet, row: &[Cell], column: &str) -> String {
    match cell(sheet, row, column) {
        Cell::Text(text) => text.clone(),
        _ => String::new(),
    }
}

/// The rows that a page shows, in the order in which its picture has them: the newest periods, what is open before what is
/// done, whoever gave most often first.
fn in_order(of: &str, sheet: &mut Sheet) {
    let mut rows = std::mem::take(&mut sheet.rows);
    match of {
        "money" => {
            rows.reverse();
            rows.truncate(SUMS_PERIODS_MAX);
        }
        "promised" => {
            rows.reverse();
            rows.sort_by_key(|row| cell(sheet, row, "finished") == &Cell::Flag(true));
        }
        "given" => rows.sort_by_key(|row| std::cmp::Reverse(number(sheet, row, "events") as u64)),
        _ => {}
    }
    sheet.rows = rows;
}

/// Lying bars, one a row of the table; or, of what is there, one a kind: what is with its owner and what is not.
fn lengths(of: &str, sheet: &Sheet) -> Vec<(f64, f64)> {
    let rows = sheet.rows.iter().take(SUMS_BARS_MAX);
    match of {
        "given" => rows.map(|row| (number(sheet, row, "events"), 0.0)).collect(),
        "promised" => rows
            .map(|row| {
                let promised = number(sheet, row, "promised");
                let done = if promised > 0.0 { number(sheet, row, "done") / promised } else { 0.0 };
                (done.clamp(0.0, 1.0), 1.0 - done.clamp(0.0, 1.0))
            })
            .collect(),
        _ => kinds(sheet).into_iter().map(|(_, at_home, out)| (at_home as f64, out as f64)).collect(),
    }
}

/// How many things of each kind are with whom they belong to, and how many with others; the most frequent kinds first.
fn kinds(sheet: &Sheet) -> Vec<(String, usize, usize)> {
    let mut counted: HashMap<String, (usize, usize)> = HashMap::new();
    for row in &sheet.rows {
        let (home, out) = counted.entry(text(sheet, row, "conformsTo")).or_default();
        let (owner, holder) = (text(sheet, row, "primaryAccountable"), text(sheet, row, "custodian"));
        match holder.is_empty() || owner == holder {
            true => *home += 1,
            false => *out += 1,
        }
    }
    let mut kinds: Vec<_> = counted.into_iter().map(|(kind, (home, out))| (kind, home, out)).collect();
    kinds.sort_by(|a, b| (b.1 + b.2).cmp(&(a.1 + a.2)).then_with(|| a.0.cmp(&b.0)));
    kinds.truncate(SUMS_BARS_MAX);
    kinds
}

fn drawn(of: &str, sheet: &Sheet) -> Option<Vec<u8>> {
    if of != "money" {
        return bars::lying(&lengths(of, sheet));
    }
    // The oldest on the left.
    let periods = sheet.rows.iter().rev();
    let amounts = periods
        .map(|row| (number(sheet, row, "in"), number(sheet, row, "out"), number(sheet, row, "balance")));
    bars::standing(&amounts.collect::<Vec<_>>())
}

/// A field in words.
fn shown(l: &Locale, column: &str, cell: &Cell, (per, sign): (&str, &str)) -> Shown {
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
                "year" => 4,
                "month" => 7,
                _ => text.len(),
            };
            plain(text.get(..length).unwrap_or(text).to_owned())
        }
        Cell::Text(text) => plain(text.clone()),
    }
}

/// The table of a page: headings, and whether amounts stand under them; rows as far as a page shows them, and how many more there are.
type Table = (Vec<(String, bool)>, Vec<Vec<Shown>>, usize);

fn table(l: &Locale, wanted: &Wanted, sheet: &Sheet) -> Table {
    let names = columns(wanted.of);
    let amounts = |name: &str| sheet.rows.iter().any(|row| matches!(cell(sheet, row, name), Cell::Number(_)));
    let headings =
        names.iter().map(|name| (l.put("column", *name).t("sums-column"), amounts(name))).collect();
    let numbered = matches!(wanted.of, "promised" | "given");
    let row = |(nth, row): (usize, &Vec<Cell>)| {
        let unit = text(sheet, row, "unit");
        let sign = wanted.units.iter().find(|(label, _)| *label == unit).map_or(&*unit, |(_, sign)| sign);
        let mut shown: Vec<Shown> =
            names.iter().map(|name| shown(l, name, cell(sheet, row, name), (wanted.per, sign))).collect();
        if let Some(first) = shown.first_mut() {
            first.number = Some(nth + 1).filter(|_| numbered && nth < SUMS_BARS_MAX);
            // What is about no thing is a payment, or whatever it was that was done.
            if first.text.is_empty() {
                first.text = match text(sheet, row, "action").as_str() {
                    "transfer" => l.t("sums-payment"),
                    "" => l.t("sums-no-kind"),
                    action => wording::deed(l, action),
                };
            }
        }
        shown
    };
    let rows: Vec<Vec<Shown>> = sheet.rows.iter().take(SUMS_ROWS_MAX).enumerate().map(row).collect();
    let more = sheet.rows.len().saturating_sub(rows.len());
    (headings, rows, more)
}

/// The kinds that the picture of what is there has bars for.
fn legend(l: &Locale, of: &str, sheet: &Sheet) -> Vec<Legend> {
    if of != "stock" {
        return Vec::new();
    }
    let named = |kind: String| if kind.is_empty() { l.t("sums-no-kind") } else { kind };
    kinds(sheet).into_iter().map(|(kind, home, out)| Legend { kind: named(kind), home, out }).collect()
}

/// The page.
pub async fn show(
    State(app): State<App>,
    Path(network): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "journal").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    let page = page(reader, frame, &asked).await;
    answered(frame, page.map(Some))
}

async fn page<'a>(reader: &mut Reader, frame: &'a Frame, asked: &Asked) -> Result<Page<'a>, Rejection> {
    let wanted = wanted(reader, asked).await?;
    let mut sheet = reader.sheet(&wanted.report, Span::default()).await?;
    in_order(wanted.of, &mut sheet);
    let l = &frame.locale;
    let (columns, rows, more) = table(l, &wanted, &sheet);
    let mut whose = Vec::new();
    if wanted.of == "money" {
        for class in [Class::Organization, Class::Person] {
            for agent in reader.every(class).await?.iter().take(SUMS_ROWS_MAX) {
                whose.push((agent.id.to_string(), agent.title(), agent.id == wanted.whose));
            }
        }
    }
    let legend = legend(l, wanted.of, &sheet);
    let height = match wanted.of {
        "money" => bars::HEIGHT_PX,
        of => bars::lying_height(lengths(of, &sheet).len()),
    };
    let (question, file) = wanted.questions(&frame.network);
    let units = wanted.units.into_iter().map(|(label, sign)| {
        let chosen = label == wanted.unit;
        (label, sign, chosen)
    });
    Ok(Page {
        frame,
        of: wanted.of,
        units: units.collect(),
        whose,
        per: wanted.per,
        picture: (!sheet.rows.is_empty()).then_some((bars::WIDTH_PX, height)),
        columns,
        rows,
        more,
        legend,
        again: question,
        file,
    })
}

impl Wanted {
    /// The question again for the picture, and where the whole table is.
    fn questions(&self, network: &str) -> (String, String) {
        let whose = self.whose.to_string();
        let encoded = |said: &[(&str, &str)]| serde_urlencoded::to_string(said).unwrap_or_default();
        let again = encoded(&[("of", self.of), ("unit", &self.unit), ("per", self.per), ("whose", &whose)]);
        let (report, said) = match self.of {
            "stock" => ("stock", String::new()),
            "promised" => ("plan-and-actual", String::new()),
            "given" => ("contributions", String::new()),
            _ => ("cash-flow", encoded(&[("unit", &self.unit), ("per", self.per), ("agent", &whose)])),
        };
        (again, format!("/api/v1/networks/{network}/reports/{report}?format=csv&{said}"))
    }
}

/// The picture.
pub async fn picture(
    State(app): State<App>,
    Path(network): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "journal").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    let drawn = async {
        let wanted = wanted(reader, &asked).await?;
        let mut sheet = reader.sheet(&wanted.report, Span::default()).await?;
        in_order(wanted.of, &mut sheet);
        Ok::<_, Rejection>(drawn(wanted.of, &sheet))
    };
    match drawn.await {
        Ok(drawn) => picture::secret(drawn),
        Err(rejection) => rejected(frame, &rejection),
    }
}
