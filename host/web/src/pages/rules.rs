//! The rules in force, as a booklet.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use pipeline::acts::Risk;

use crate::App;
use crate::frame::{Frame, rejected, render, seat};

struct Rule {
    title: String,
    why: String,
    remedy: String,
    text: String,
    protected: bool,
    /// Whether it has a say in what the reader does.
    mine: bool,
}

struct Helper {
    title: String,
    settings: Vec<(String, String)>,
    exactly: String,
}

#[derive(Template)]
#[template(path = "rules.html")]
struct Page<'a> {
    frame: &'a Frame,
    title: &'a str,
    seq: u64,
    rules: Vec<Rule>,
    helpers: Vec<Helper>,
    hash: &'a str,
    /// The charter in plain words: whether a part is a heading, and its text.
    charter: Vec<(bool, String)>,
    /// Who looks into cases, and how somebody comes to belong.
    house: Vec<String>,
    /// How each kind of change is decided.
    ways: Vec<(&'static str, String)>,
}

/// The text of the charter that counts, part by part. It is written in Markdown, of which headings and paragraphs
/// are kept.
fn charter(book: &pipeline::RuleBook) -> Vec<(bool, String)> {
    let text = book.charter.iter().find(|text| text.authoritative).or(book.charter.first());
    let parts = text.map(|text| text.text.split("\n\n")).into_iter().flatten();
    let plain = |part: &str| part.replace("**", "").split_whitespace().collect::<Vec<_>>().join(" ");
    parts
        .map(|part| match part.trim().strip_prefix('#') {
            Some(heading) => (true, plain(heading.trim_start_matches('#'))),
            None => (false, plain(part)),
        })
        .filter(|(_, text)| !text.is_empty())
        .collect()
}

fn house(book: &pipeline::RuleBook) -> Vec<String> {
    let joining = book.joining.iter().map(|joining| joining.words());
    joining.chain(book.cases.iter().map(|cases| cases.words())).collect()
}

pub async fn show(State(app): State<App>, Path(network): Path<String>, headers: HeaderMap) -> Response {
    let mut seat = match seat(&app, &network, &headers, "rules").await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    let mine = match seat.reader.standing_rules(None).await {
        Ok(standing) => standing.into_iter().filter(|rule| rule.mine).map(|rule| rule.id),
        Err(rejection) => return rejected(&seat.frame, &rejection),
    };
    let mine: std::collections::HashSet<String> = mine.collect();
    let rules = seat.reader.rules();
    let says =
        |id: &str, annotation: &str| rules.compiled.says(id, annotation).unwrap_or_default().to_owned();
    let listed = rules.compiled.book.policies.iter().map(|policy| Rule {
        title: match says(&policy.id, "title") {
            title if title.is_empty() => policy.id.clone(),
            title => title,
        },
        why: says(&policy.id, "why"),
        remedy: says(&policy.id, "remedy"),
        text: policy.text.clone(),
        protected: policy.protected,
        mine: mine.contains(&policy.id),
    });
    let helpers = rules.bound.iter().map(|bound| {
        let titles = &bound.plugin.manifest.settings;
        let settings = bound.binding.settings.as_object().into_iter().flatten();
        Helper {
            title: bound.plugin.manifest.title.clone(),
            settings: settings
                .map(|(name, value)| {
                    let title = titles.get(name).map_or(name.clone(), |spec| spec.title.clone());
                    (title, value.as_str().map_or_else(|| value.to_string(), str::to_owned))
                })
                .collect(),
            exactly: format!("{} {}", bound.binding.plugin, bound.binding.component),
        }
    });
    let page = Page {
        frame: &seat.frame,
        title: &rules.compiled.book.title,
        seq: rules.seq,
        rules: listed.collect(),
        helpers: helpers.collect(),
        hash: &rules.hash,
        house: house(&rules.compiled.book),
        charter: charter(&rules.compiled.book),
        ways: rules
            .compiled
            .book
            .decisions
            .iter()
            .flat_map(|all| Risk::ALL.map(|risk| (risk.as_str(), all.of(risk).words())))
            .collect(),
    };
    render(&page)
}
