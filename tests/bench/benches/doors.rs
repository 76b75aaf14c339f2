//! The doors, side by side: a page of fifty things with five records behind each over GraphQL and over REST,
//! and the same list in short books and in long ones.
//!
//! `cargo bench -p bench --bench doors -- [--runs 3] [--prefill 100000]`
#![allow(clippy::disallowed_methods, reason = "a bench measures time")]

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use bench::door::Door;
use bench::library::{Library, NETWORK, node};
use bench::numbers::{Median, line, machine};
use serde_json::{Value as Json, json};
use store::Store;
use tests::Folder;
use tests::http::Browser;

/// Times that each question is asked.
const TIMES: usize = 100;

fn number(name: &str, default: usize) -> usize {
    let args: Vec<String> = std::env::args().collect();
    let at = args.iter().position(|arg| arg == name);
    at.and_then(|at| args.get(at + 1)).and_then(|text| text.parse().ok()).unwrap_or(default)
}

const QUESTION: &str = "{ economicResources(first: 50) { edges { node { id name
    conformsTo { name } primaryAccountable { name } custodian { name } currentLocation { name }
    onhandQuantity { hasNumericalValue hasUnit { label } } } } } }";

fn at(path: &str) -> String {
    format!("/api/v1/networks/{NETWORK}{path}")
}

/// Milliseconds that each of many calls takes, sorted.
fn times(mut call: impl FnMut()) -> Vec<f64> {
    call();
    let mut times: Vec<f64> = (0..TIMES)
        .map(|_| {
            let begin = Instant::now();
            call();
            begin.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times
}

/// The middle one, with the one that five of a hundred exceed as the upper end.
fn spread(times: &[f64]) -> Median {
    let at = |part: f64| times.get((times.len() as f64 * part) as usize).copied().unwrap_or_default();
    Median { median: at(0.5), low: at(0.0), high: at(0.95) }
}

/// The page over REST: the list, and each record behind it once.
fn over_rest(browser: &Browser) -> usize {
    let (_, page) = browser.ask(&at("/records/EconomicResource?limit=50"));
    let mut asked = 1;
    let mut seen = HashSet::new();
    let behind = [
        ("conformsTo", "ResourceSpecification"),
        ("primaryAccountable", "Person"),
        ("custodian", "Person"),
        ("currentLocation", "SpatialThing"),
        ("unit", "Unit"),
    ];
    for thing in page["items"].as_array().expect("items") {
        for (name, class) in behind {
            let id = if name == "unit" { &thing["onhandQuantity"]["hasUnit"] } else { &thing[name] };
            let Some(id) = id.as_str() else { continue };
            if seen.insert(id.to_owned()) {
                assert_eq!(browser.ask(&at(&format!("/records/{class}/{id}"))).0, 200, "{class}");
                asked += 1;
            }
        }
    }
    asked
}

async fn lists(browser: &Arc<Browser>, rows: &mut Vec<Json>, events: usize) {
    let asked = browser.clone();
    let taken = tokio::task::spawn_blocking(move || {
        let graphql = times(|| {
            let question = "{ economicEvents(last: 50) { edges { cursor node { action { id } created } } } }";
            asked.data("", question, &json!({}));
        });
        let rest = times(|| assert_eq!(asked.ask(&at("/records/EconomicEvent?limit=50")).0, 200));
        (graphql, rest)
    });
    let (graphql, rest) = taken.await.expect("asked");
    let note = "upper end: p95";
    line(rows, &format!("a page of events over GraphQL, {events} events"), spread(&graphql), "ms", note);
    line(rows, &format!("a page of events over REST, {events} events"), spread(&rest), "ms", note);
}

#[tokio::main]
async fn main() {
    let (cpu, rustc) = machine();
    println!("{cpu}; {rustc}\n");
    let folder = Folder::new("bench-doors");
    std::fs::create_dir_all(&folder.0).expect("a folder");
    let store = Store::open_sqlite(&folder.join("doors.sqlite")).await.expect("a store");
    store.migrate().await.expect("a schema");
    let node = node(store, &folder.0, tests::binary());
    let library = Arc::new(Library::found(node.clone()).await);
    library.things(50).await;
    let door = Door::open(&library).await;
    let browser = Arc::new(Browser::with_token(&door.base, &door.token));
    let mut rows = Vec::new();
    for _ in 0..number("--runs", 3) {
        let asked = browser.clone();
        let (graphql, rest, count) = tokio::task::spawn_blocking(move || {
            let graphql = times(|| drop(asked.data("", QUESTION, &json!({}))));
            let mut count = 0;
            let rest = times(|| count = over_rest(&asked));
            (graphql, rest, count)
        })
        .await
        .expect("asked");
        line(
            &mut rows,
            "50 things, 5 records behind each, over GraphQL",
            spread(&graphql),
            "ms",
            "1 request",
        );
        line(&mut rows, "the same over REST", spread(&rest), "ms", &format!("{count} requests"));
    }
    library.burst(10, 100).await;
    lists(&browser, &mut rows, 1_000).await;
    let more = number("--prefill", 100_000).saturating_sub(1_000) / 100;
    for _ in 0..more / 10 {
        library.burst(10, 100).await;
    }
    lists(&browser, &mut rows, 1_000 + more / 10 * 1_000).await;
    node.close().await;
}
