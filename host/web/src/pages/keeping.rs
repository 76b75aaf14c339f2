//! What stewards look after: who belongs and who asks to, what calculates and whether it answers, what is held still,
//! what the network uses of the node.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use pipeline::{Quota, Reader, Rejection};
use serde_json::Value as Json;
use valueflows::Class;

use super::used::LAST;
use crate::App;
use crate::frame::{Frame, Seat, answered, seat, trouble};
use crate::limits::PAGE_LEN;
use crate::wording;

/// A calculation that is at work.
struct Calculation {
    name: String,
    version: String,
    title: String,
    acts: String,
    /// Of the newest entries, how many it gave no answer to.
    failed: u64,
}

/// Something that is counted, and how much of it there may be.
pub struct Gauge {
    /// What, in words.
    pub what: String,
    /// How much.
    pub used: i64,
    /// How much there may be; nothing where nobody set a limit.
    pub most: Option<i64>,
    /// The same in words.
    pub words: String,
}

#[derive(Template)]
#[template(path = "keeping.html")]
struct Page<'a> {
    frame: &'a Frame,
    members: usize,
    waiting: usize,
    joins: bool,
    cases: bool,
    calculations: Vec<Calculation>,
    /// What is out of use, in words.
    withheld: Vec<String>,
    /// How many of the newest entries the counts of failures are about.
    looked_at: u64,
    gauges: Vec<Gauge>,
}

/// The page.
pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "keeping").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    match frame.keeps() {
        true => answered(frame, page(&app, reader, frame).await.map(Some)),
        false => trouble(frame, StatusCode::FORBIDDEN, "problem-stewards"),
    }
}

async fn page<'a>(app: &App, reader: &mut Reader, frame: &'a Frame) -> Result<Page<'a>, Rejection> {
    let mut waiting = 0;
    for application in reader.list_back(Class::Application, i64::MAX, PAGE_LEN).await?.records {
        waiting += usize::from(application.is_open());
    }
    let used = reader.rules_in_use(LAST).await?;
    let number = |json: Option<&Json>| json.and_then(Json::as_u64).unwrap_or_default();
    let failures = used.get("failures");
    let (rules, language) = (reader.rules(), frame.locale.tag());
    let calculations = rules.bound.iter().map(|bound| {
        let manifest = &bound.plugin.manifest;
        Calculation {
            failed: number(failures.and_then(|failures| failures.get(&bound.binding.plugin))),
            name: manifest.name.clone(),
            version: manifest.version.clone(),
            title: manifest.title.says(language).to_owned(),
            acts: bound.binding.acts.join(", "),
        }
    });
    let (calculations, cases) = (calculations.collect(), rules.compiled.book.cases.is_some());
    let withheld = rules.withheld.iter().map(|one| wording::out_of_use(&frame.locale, one)).collect();
    let joins = rules.compiled.book.joining.is_some();
    let looked_at = number(used.get("to")).saturating_sub(number(used.get("from"))) + 1;
    let gauges = gauges(frame, app.node.quota(&frame.network), app.node.usage(reader.head()).await?);
    let members = reader.count(Class::Membership).await?;
    Ok(Page { frame, members, waiting, joins, cases, calculations, withheld, looked_at, gauges })
}

/// What a network uses, and how much it may: what an operator can limit.
pub fn gauges(frame: &Frame, quota: Quota, used: Quota) -> Vec<Gauge> {
    let l = &frame.locale;
    let rows = [
        ("bytes", used.bytes, quota.bytes),
        ("records", used.records, quota.records),
        ("entries", used.entries_a_day, quota.entries_a_day),
        ("plugins", used.plugin_ms_a_day, quota.plugin_ms_a_day),
        ("pictures", used.pictures, Some(quota.pictures_most())),
    ];
    let one = |(kind, used, most): (&str, Option<i64>, Option<i64>)| {
        let used = used.unwrap_or_default();
        // In kilobytes and seconds: nobody reads bytes.
        let scaled = |n: i64| if matches!(kind, "bytes" | "plugins" | "pictures") { n / 1_000 } else { n };
        let said = l.put("kind", kind).put("used", scaled(used));
        let words = match most {
            Some(most) => said.put("most", scaled(most)).t("gauge-of"),
            None => said.t("gauge"),
        };
        Gauge { what: l.put("kind", kind).t("gauge-what"), used: used.max(0), most, words }
    };
    rows.into_iter().map(one).collect()
}

impl Page<'_> {
    fn failing(&self) -> bool {
        self.calculations.iter().any(|one| one.failed > 0)
    }
}
