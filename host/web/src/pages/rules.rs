//! The rules in force, as a booklet: plain words first, what machines read behind them.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::acts::{Risk, Status};
use pipeline::{Reader, Rejection, RuleBook};
use serde::Deserialize;
use valueflows::Prop;

use crate::App;
use crate::frame::{Frame, Seat, answered, seat};
use crate::locale::Locale;
use crate::wording;

struct Rule {
    title: String,
    why: String,
    remedy: String,
    id: String,
    protected: bool,
    /// Whether it forbids rather than permits.
    forbids: bool,
    /// Whether it has a say in what the reader does.
    mine: bool,
}

struct Helper {
    title: String,
    settings: Vec<(String, String)>,
    exactly: String,
}

/// Who decided the rules in force, if it was a vote: the change, its title, and what came of it.
struct Decided {
    id: String,
    title: String,
}

#[derive(Template)]
#[template(path = "rules.html")]
struct Page<'a> {
    frame: &'a Frame,
    title: String,
    since: String,
    seq: u64,
    decided: Option<Decided>,
    /// The act that is asked about; nothing where it is all of them.
    about: String,
    rules: Vec<Rule>,
    helpers: Vec<Helper>,
    /// What is out of use, in words.
    withheld: Vec<String>,
    hash: String,
    /// The charter in plain words: whether a part is a heading, and its text.
    charter: Vec<(bool, String)>,
    /// The language of the charter that is shown, and of the one that counts where that is another.
    charter_language: String,
    charter_counts: String,
    /// Who looks into cases, and how somebody comes to belong.
    house: Vec<String>,
    /// How each kind of change is decided.
    ways: Vec<(String, String)>,
}

#[derive(Deserialize)]
pub struct Asked {
    act: Option<String>,
}

/// The booklet, or what has a say in one act.
pub async fn show(
    State(app): State<App>,
    Path(network): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let mut seat = match seat(&app, &network, &headers, "rules").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let Seat { reader, frame, .. } = &mut seat;
    let page = page(reader, frame, asked.act.as_deref()).await;
    answered(frame, page.map(Some))
}

async fn page<'a>(reader: &mut Reader, frame: &'a Frame, act: Option<&str>) -> Result<Page<'a>, Rejection> {
    let standing = reader.standing_rules(act).await?;
    let seq = reader.rules().seq;
    let enacted = reader.entries_back(seq, 1).await?.into_iter().find(|(receipt, _)| receipt.seq == seq);
    // What is out of use is noted by an entry of its own; the rules are in force for longer.
    let record = match reader.rules().record {
        Some(record) => reader.get(record).await?,
        None => None,
    };
    let begun = record.and_then(|record| record.fields.instant(Prop::HasBeginning));
    let since = begun.or(enacted.map(|(receipt, _)| receipt.at));
    let since = since.map(|at| frame.locale.day(at)).unwrap_or_default();
    let decided = decided(reader).await?;
    let rules = reader.rules();
    let l = &frame.locale;
    let book = &rules.compiled.book;
    let says =
        |id: &str, what: &str| rules.compiled.says_in(id, what, l.tag()).unwrap_or_default().to_owned();
    let listed = standing.into_iter().map(|rule| Rule {
        title: match says(&rule.id, "title") {
            title if title.is_empty() => rule.title,
            title => title,
        },
        why: says(&rule.id, "why"),
        remedy: says(&rule.id, "remedy"),
        protected: rule.protected,
        id: rule.id,
        forbids: rule.effect == "forbid",
        mine: rule.mine,
    });
    let (charter_language, charter_counts, charter) = charter(l, book);
    Ok(Page {
        frame,
        title: book.title.clone(),
        since,
        seq,
        decided,
        about: act.unwrap_or_default().to_owned(),
        rules: listed.collect(),
        helpers: helpers(reader, frame.locale.tag()),
        withheld: reader.rules().withheld.iter().map(|one| wording::out_of_use(&frame.locale, one)).collect(),
        hash: rules.hash.to_string(),
        house: house(l, book),
        charter,
        charter_language,
        charter_counts,
        ways: ways(l, book),
    })
}

/// The newest change that came into force; none where the rules are those of the founding.
async fn decided(reader: &mut Reader) -> Result<Option<Decided>, Rejection> {
    let amendments = reader.amendments().await?;
    let in_force = |one: &&std::sync::Arc<valueflows::Record>| {
        matches!(Status::of(one), Some(Status::Enacted | Status::ReviewDue))
            && one.fields.id(valueflows::Prop::Candidate).is_some()
    };
    let newest = amendments.iter().rev().find(in_force);
    Ok(newest.map(|one| Decided { id: one.id.to_string(), title: one.title() }))
}

/// The charter in the reader's language if there is one, else the text that counts; it is written in Markdown, of
/// which headings and paragraphs are kept.
fn charter(l: &Locale, book: &RuleBook) -> (String, String, Vec<(bool, String)>) {
    let counts = book.charter.iter().find(|text| text.authoritative).or(book.charter.first());
    let shown = book.charter.iter().find(|text| text.language == l.tag()).or(counts);
    let parts = shown.map(|text| text.text.split("\n\n")).into_iter().flatten();
    let plain = |part: &str| part.replace("**", "").split_whitespace().collect::<Vec<_>>().join(" ");
    let parts = parts.map(|part| match part.trim().strip_prefix('#') {
        Some(heading) => (true, plain(heading.trim_start_matches('#'))),
        None => (false, plain(part)),
    });
    let language = shown.map(|text| text.language.clone()).unwrap_or_default();
    let other = counts.map(|text| text.language.clone()).filter(|counts| *counts != language);
    (language, other.unwrap_or_default(), parts.filter(|(_, text)| !text.is_empty()).collect())
}

fn house(l: &Locale, book: &RuleBook) -> Vec<String> {
    let joining = book.joining.iter().map(|joining| wording::joining_rules(l, joining));
    joining.chain(book.cases.iter().map(|cases| wording::case_rules(l, cases))).collect()
}

fn ways(l: &Locale, book: &RuleBook) -> Vec<(String, String)> {
    let all = book.decisions.iter();
    let each = all.flat_map(|all| Risk::ALL.map(|risk| (risk, all.of(risk))));
    each.map(|(risk, way)| (l.put("risk", risk.code()).t("risk"), wording::decision(l, way))).collect()
}

fn helpers(reader: &Reader, language: &str) -> Vec<Helper> {
    let bound = reader.rules().bound.iter().map(|bound| {
        let manifest = &bound.plugin.manifest;
        let settings = bound.binding.settings.as_object().into_iter().flatten();
        let settings = settings.map(|(name, value)| {
            let title = manifest.setting_title(name, language).unwrap_or(name).to_owned();
            (title, value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        });
        Helper {
            title: bound.plugin.manifest.title.says(language).to_owned(),
            settings: settings.collect(),
            exactly: format!("{} {}", bound.binding.plugin, bound.binding.component),
        }
    });
    let gone = reader.rules().gone.iter().map(|gone| Helper {
        title: gone.binding.plugin.clone(),
        settings: Vec::new(),
        exactly: format!("{} {}", gone.binding.plugin, gone.binding.component),
    });
    bound.chain(gone).collect()
}
