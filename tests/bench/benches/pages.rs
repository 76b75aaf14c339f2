//! The pages: how long somebody who is signed in waits for each, in short books and in long ones.
//!
//! `cargo bench -p bench --bench pages -- [--prefill 1000000]`
#![allow(clippy::disallowed_methods, reason = "a bench measures time")]

use std::sync::Arc;
use std::time::Instant;

use bench::door::Door;
use bench::library::{Library, NETWORK, node};
use bench::numbers::{Median, line, machine};
use serde_json::Value as Json;
use store::Store;
use tests::Folder;
use tests::http::Browser;

/// Times that each page is loaded.
const TIMES: usize = 100;

/// What a page may take at the most, milliseconds: 95 of 100.
const AIM_MS: f64 = 50.0;

/// The pages, by path below the network's.
const PAGES: &[&str] = &[
    "",
    "board",
    "things",
    "loans",
    "people",
    "rules",
    "rules/used",
    "changes",
    "changes/new",
    "cases",
    "journal",
    "journal?show=refused",
    "audit",
    "need",
    "offer",
    "me",
    "invite",
    "joining",
    "tables",
    "keeping",
    "desk",
    "desk/stock",
    "rounds",
    "me/second-step",
    "me/key",
    "me/passkeys",
    "flows",
    "sums",
    "me/feed",
    "changes/rules",
    "changes/rules/new",
    "rules/stories",
];

fn number(name: &str, default: usize) -> usize {
    let args: Vec<String> = std::env::args().collect();
    let at = args.iter().position(|arg| arg == name);
    at.and_then(|at| args.get(at + 1)).and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn measured(browser: &Browser, path: &str) -> (Vec<f64>, usize) {
    let address = format!("/n/{NETWORK}/{path}");
    let mut bytes = 0;
    let mut times: Vec<f64> = (0..=TIMES)
        .map(|_| {
            let begin = Instant::now();
            let page = browser.get(&address);
            let took = begin.elapsed().as_secs_f64() * 1_000.0;
            assert_eq!(page.status, 200, "{address}: {}", page.body);
            bytes = page.body.len();
            took
        })
        .skip(1)
        .collect();
    times.sort_by(f64::total_cmp);
    (times, bytes)
}

async fn all(browser: &Arc<Browser>, rows: &mut Vec<Json>, events: usize) {
    for path in PAGES {
        let asked = browser.clone();
        let (times, bytes) =
            tokio::task::spawn_blocking(move || measured(&asked, path)).await.expect("loaded");
        let at = |part: f64| times.get((times.len() as f64 * part) as usize).copied().unwrap_or_default();
        let spread = Median { median: at(0.5), low: at(0.0), high: at(0.95) };
        let missed = if at(0.95) > AIM_MS { ", over the aim" } else { "" };
        let note = format!("upper end: p95, aim {AIM_MS} ms{missed}; {bytes} bytes");
        line(rows, &format!("/{path}, {events} events"), spread, "ms", &note);
    }
}

#[tokio::main]
async fn main() {
    let (cpu, rustc) = machine();
    println!("{cpu}; {rustc}\n");
    let folder = Folder::new("bench-pages");
    std::fs::create_dir_all(&folder.0).expect("a folder");
    let store = Store::open_sqlite(&folder.join("pages.sqlite")).await.expect("a store");
    store.migrate().await.expect("a schema");
    let node = node(store, &folder.0, tests::binary());
    let library = Arc::new(Library::found(node.clone()).await);
    library.things(50).await;
    let door = Door::open(&library).await;
    let browser = Arc::new(Browser::with_token(&door.base, &door.token));
    let mut rows = Vec::new();
    library.burst(10, 100).await;
    all(&browser, &mut rows, 1_000).await;
    let more = number("--prefill", 1_000_000).saturating_sub(1_000);
    for _ in 0..more / 1_000 {
        library.burst(100, 10).await;
    }
    all(&browser, &mut rows, 1_000 + more / 1_000 * 1_000).await;
    node.close().await;
}
