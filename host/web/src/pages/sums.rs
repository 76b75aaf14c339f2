//! What the books come to: money in and out, what is there, what was promised and done, and who gave how much; each as
//! a picture with its table, and whole as a file for a spreadsheet.

mod drawn;
mod table;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::reports::{Per, Report, Sheet, Span};
use pipeline::{Reader, Rejection};
use serde::Deserialize;
use valueflows::{Class, Id, Prop};

use crate::App;
use crate::frame::{Frame, Seat, answered, rejected, seat};
use crate::limits::SUMS_CHOICES_MAX;
use crate::picture;
use drawn::Kind;
use table::Table;

/// Which of the four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// What came in and what went out.
    Money,
    /// What is there.
    Stock,
    /// What was promised and what is done of it.
    Promised,
    /// Who gave what.
    Given,
}

impl Sum {
    const ALL: [Sum; 4] = [Sum::Money, Sum::Stock, Sum::Promised, Sum::Given];

    fn as_str(self) -> &'static str {
        match self {
            Sum::Money => "money",
            Sum::Stock => "stock",
            Sum::Promised => "promised",
            Sum::Given => "given",
        }
    }
}

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
    table: Table,
    /// The kinds that the picture of what is there has bars for.
    legend: Vec<Kind>,
    picture: Option<(usize, usize)>,
    /// The question again, for the picture.
    again: String,
    file: String,
}

/// A report that is asked for, with what can be chosen.
pub struct Wanted {
    of: Sum,
    report: Report,
    unit: String,
    /// Labels and signs.
    units: Vec<(String, String)>,
    per: Per,
    whose: Id,
}

async fn wanted(reader: &mut Reader, asked: &Asked) -> Result<Wanted, Rejection> {
    let of = Sum::ALL.into_iter().find(|one| one.as_str() == asked.of).unwrap_or(Sum::Money);
    let per = Per::parse(&asked.per).unwrap_or_default();
    let whose = asked.whose.parse().unwrap_or(reader.agent());
    let known = reader.every(Class::Unit).await?;
    let label = |unit: &&valueflows::Record| unit.fields.text(Prop::Label).unwrap_or_default().to_owned();
    let all = || known.iter().map(|unit| &**unit);
    // Money has parts, more often than not.
    let money = all().find(|unit| unit.fields.integer(Prop::Decimals) == Some(2)).or(all().next());
    let unit = all().find(|unit| label(unit) == asked.unit).or(money);
    let unit = unit.as_ref().map(label).unwrap_or_default();
    let report = match of {
        Sum::Money => Report::CashFlow { agent: whose, unit: unit.clone(), per },
        Sum::Stock => Report::Stock,
        Sum::Promised => Report::PlanAndActual { plan: None },
        Sum::Given => Report::Contributions,
    };
    let sign = |unit: &valueflows::Record| unit.fields.text(Prop::Symbol).map(str::to_owned);
    let units = all().map(|unit| (label(&unit), sign(unit).unwrap_or_else(|| label(&unit)))).collect();
    Ok(Wanted { of, report, unit, units, per, whose })
}

/// What is asked for, and the report.
async fn made(reader: &mut Reader, asked: &Asked) -> Result<(Wanted, Sheet), Rejection> {
    let wanted = wanted(reader, asked).await?;
    let sheet = reader.sheet(&wanted.report, Span::default()).await?;
    let sheet = table::in_order(wanted.of, sheet);
    Ok((wanted, sheet))
}

impl Wanted {
    /// The question again.
    fn again(&self) -> String {
        let whose = self.whose.to_string();
        let of = self.of.as_str();
        encoded(&[("of", of), ("unit", &self.unit), ("per", self.per.as_str()), ("whose", &whose)])
    }

    /// Where the whole table is.
    fn file(&self, network: &str) -> String {
        let whose = self.whose.to_string();
        let more = match self.of {
            Sum::Money => encoded(&[("unit", &self.unit), ("per", self.per.as_str()), ("agent", &whose)]),
            Sum::Stock | Sum::Promised | Sum::Given => String::new(),
        };
        format!("/api/v1/networks/{network}/reports/{}?format=csv&{more}", self.report.name())
    }

    /// Whose money can be looked at: who is chosen first, then as many as there is room for.
    async fn people(&self, reader: &mut Reader) -> Result<Vec<Choice>, Rejection> {
        let mut people = Vec::new();
        for class in [Class::Organization, Class::Person] {
            people.extend(reader.every(class).await?);
        }
        people.sort_by_key(|one| one.id != self.whose);
        people.truncate(SUMS_CHOICES_MAX);
        Ok(people.iter().map(|one| (one.id.to_string(), one.title(), one.id == self.whose)).collect())
    }
}

fn encoded(said: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(said).unwrap_or_default()
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
    let (wanted, sheet) = made(reader, asked).await?;
    let (whose, legend) = match wanted.of {
        Sum::Money => (wanted.people(reader).await?, Vec::new()),
        Sum::Stock => (Vec::new(), drawn::kinds(&sheet)),
        Sum::Promised | Sum::Given => (Vec::new(), Vec::new()),
    };
    let units = wanted.units.iter().map(|(label, sign)| (label.clone(), sign.clone(), *label == wanted.unit));
    Ok(Page {
        frame,
        of: wanted.of.as_str(),
        units: units.collect(),
        whose,
        per: wanted.per.as_str(),
        table: table::table(&frame.locale, &wanted, &sheet),
        legend,
        picture: drawn::size(wanted.of, &sheet),
        again: wanted.again(),
        file: wanted.file(&frame.network),
    })
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
    match made(&mut seat.reader, &asked).await {
        Ok((wanted, sheet)) => picture::secret(drawn::drawn(wanted.of, &sheet)),
        Err(rejection) => rejected(&seat.frame, &rejection),
    }
}
