//! The pages over a slow line: 400 kbit/s and 400 ms, in a real browser, on the first visit and when the style is there.
//!
//! `cargo bench -p bench --bench slow_line`; it takes Chromium, and the binary that the tests take.
#![allow(clippy::print_stdout, reason = "a bench says what it measured")]

use bench::numbers::machine;
use serde_json::json;
use tests::node::Node;
use tests::{Folder, chromium, cli};

/// What a page may take until it can be read, milliseconds: with a request for it and one for its style, two turns of
/// the line and what it carries in the rest.
const AIM_MS: u64 = 3_000;

/// The line.
const BITS: u64 = 400_000;
const LATENCY_MS: u64 = 400;

/// The pages, by path below the network's.
const PAGES: &[&str] = &[
    "",
    "board",
    "things",
    "people",
    "rules",
    "rules/stories",
    "changes",
    "journal",
    "me",
    "desk",
    "keeping",
];

fn main() {
    if let Some(why) = chromium::missing() {
        return println!("not measured: {why}");
    }
    let data = Folder::new("slow-line");
    cli(&data.0, None, &["demo", "--only-found"]).ok();
    let node = Node::serve(&data.0, None);
    let found = chromium::run(
        "slow.mjs",
        &json!({
            "base": node.base, "network": "corner-workshop", "name": "Ines", "password": "ines-demo",
            "pages": PAGES, "bits": BITS, "latency": LATENCY_MS,
        }),
    );
    let (model, cores) = machine();
    println!("{model}, {cores}");
    println!("{:<16} {:>6} {:>12} {:>12}", "page", "visit", "to read, ms", "whole, ms");
    for one in found.as_array().into_iter().flatten() {
        let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
        let number = |name: &str| one[name].as_u64().unwrap_or_default();
        let over = if number("there") > AIM_MS { "  over" } else { "" };
        let path = format!("/{}", text("path"));
        println!("{path:<16} {:>6} {:>12} {:>12}{over}", text("visit"), number("there"), number("whole"));
    }
}
