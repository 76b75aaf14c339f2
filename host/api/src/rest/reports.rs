//! Reports from the books: as JSON, and as a table for a spreadsheet.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pipeline::reports::{Cell, Per, Report, Sheet, Span};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use valueflows::Instant;

use super::openapi::Endpoint;
use super::{id, short};
use crate::problem::Problem;
use crate::seat::Door;
use crate::wire;

/// A report.
pub const ONE: Endpoint = Endpoint::get(
    "/api/v1/networks/{network}/reports/{report}",
    "report",
    "A report from the books as you may see them: `stock`, `cash-flow`, `plan-and-actual` or `contributions`",
    "Report",
)
.with_query(&[
    ("format", "`json`, or `csv` for a spreadsheet"),
    ("from", "Only what happened at or after this time"),
    ("to", "Only what happened before this time"),
    ("per", "Of the cash flow: `day`, `week`, `month` or `year`"),
    ("unit", "Of the cash flow: the label of the unit that is counted, such as EUR"),
    ("agent", "Of the cash flow: whose, by id; your own if not said"),
    ("plan", "Of plan and actual: which plan, by id; every promise if not said"),
]);

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Json,
    Csv,
}

/// What the question says.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Asked {
    format: Format,
    from: Option<String>,
    to: Option<String>,
    per: Option<String>,
    unit: Option<String>,
    agent: Option<String>,
    plan: Option<String>,
}

pub(crate) async fn one(
    State(door): State<Door>,
    Path((network, report)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut reader = door.seat(&network, &headers).await?.reader;
    let at = |text: &Option<String>| text.as_deref().map(instant).transpose();
    let span = Span { from: at(&asked.from)?, to: at(&asked.to)? };
    let report = match report.as_str() {
        "stock" => Report::Stock,
        "contributions" => Report::Contributions,
        "plan-and-actual" => Report::PlanAndActual { plan: asked.plan.as_deref().map(id).transpose()? },
        "cash-flow" => Report::CashFlow {
            agent: asked.agent.as_deref().map(id).transpose()?.unwrap_or(reader.agent()),
            unit: asked.unit.clone().ok_or_else(|| {
                Problem::malformed("a cash flow is counted in a `unit`; give its label, such as EUR")
            })?,
            per: match asked.per.as_deref() {
                None => Per::default(),
                Some(name) => Per::parse(name).ok_or_else(|| {
                    Problem::malformed(format!(
                        "`{}` is no period; ask for `day`, `week`, `month` or `year`",
                        short(name)
                    ))
                })?,
            },
        },
        other => {
            let sentence = format!(
                "there is no report `{}`; there are `stock`, `cash-flow`, `plan-and-actual` and `contributions`",
                short(other)
            );
            return Err(Problem::new(StatusCode::NOT_FOUND, "unknown-report", sentence));
        }
    };
    let sheet = reader.sheet(&report, span).await?;
    Ok(match asked.format {
        Format::Json => axum::Json(document(&sheet, reader.head().seq)).into_response(),
        Format::Csv => {
            let text = interchange::sheet::csv(sheet.columns, &plain(&sheet));
            ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response()
        }
    })
}

fn instant(text: &str) -> Result<Instant, Problem> {
    wire::instant(text).ok_or_else(|| {
        Problem::malformed(format!("`{}` is no time such as 2027-01-31T00:00:00+01:00", short(text)))
    })
}

fn document(sheet: &Sheet, position: u64) -> Value {
    let rows = sheet.rows.iter().map(|row| {
        let cells = sheet.columns.iter().zip(row).map(|(name, cell)| {
            let value = match cell {
                Cell::Empty => Value::Null,
                Cell::Text(text) | Cell::Number(text) => json!(text),
                Cell::Time(at) => wire::time(*at),
                Cell::Flag(flag) => json!(flag),
            };
            ((*name).to_owned(), value)
        });
        Value::Object(cells.collect::<Map<_, _>>())
    });
    json!({"columns": sheet.columns, "rows": rows.collect::<Vec<_>>(), "position": position})
}

/// The cells as text, and whether somebody wrote it.
fn plain(sheet: &Sheet) -> Vec<Vec<(String, bool)>> {
    let cell = |cell: &Cell| match cell {
        Cell::Empty => (String::new(), false),
        Cell::Text(text) => (text.clone(), true),
        Cell::Number(number) => (number.clone(), false),
        Cell::Time(at) => (wire::time(*at).as_str().unwrap_or_default().to_owned(), false),
        Cell::Flag(flag) => (flag.to_string(), false),
    };
    sheet.rows.iter().map(|row| row.iter().map(cell).collect()).collect()
}
