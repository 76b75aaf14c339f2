//! The house's own rules, held: who may import whom, how long files and functions are, what is never
//! called. The lists of exceptions may only shrink.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;
use tests::root;

/// Room, and the rooms it may use besides `valueflows`.
const MAY_USE: &[(&str, &[&str])] = &[
    ("valueflows", &[]),
    ("journal", &[]),
    ("ledger", &[]),
    ("governance", &["ledger"]),
    ("policy", &["ledger", "governance"]),
    ("sandbox", &[]),
    ("store", &["ledger", "governance", "journal"]),
    ("pipeline", &["journal", "ledger", "governance", "policy", "sandbox", "store"]),
    ("interchange", &[]),
    ("identity", &["store", "journal", "egress"]),
    ("egress", &[]),
    ("kit", &["sandbox", "journal"]),
    ("api", &["pipeline", "identity", "interchange"]),
    ("web", &["pipeline", "identity", "interchange"]),
    (
        "reflow",
        &[
            "journal",
            "ledger",
            "governance",
            "policy",
            "sandbox",
            "store",
            "pipeline",
            "identity",
            "interchange",
            "kit",
            "egress",
            "api",
            "web",
        ],
    ),
    (
        "bench",
        &[
            "journal",
            "ledger",
            "governance",
            "policy",
            "sandbox",
            "store",
            "pipeline",
            "identity",
            "kit",
            "api",
            "web",
            "tests",
        ],
    ),
    ("fuzz", &[]),
    ("tests", &[]),
];

/// Room, and outside crates that it must never see.
const NEVER: &[(&str, &[&str])] = &[
    ("valueflows", &["tokio", "sqlx", "axum", "jiff", "getrandom"]),
    ("journal", &["sqlx", "cedar-policy", "wasmtime", "tokio"]),
    ("ledger", &["tokio", "sqlx", "getrandom"]),
    ("governance", &["cedar-policy", "sqlx", "wasmtime", "tokio"]),
    ("policy", &["sqlx", "wasmtime", "axum", "tokio"]),
    ("sandbox", &["sqlx", "cedar-policy", "axum"]),
    ("store", &["cedar-policy", "wasmtime", "axum"]),
    ("pipeline", &["axum", "async-graphql", "sqlx", "reqwest"]),
    ("interchange", &["tokio", "sqlx", "axum", "pipeline"]),
    ("api", &["sqlx", "wasmtime", "cedar-policy"]),
    ("web", &["sqlx", "wasmtime", "cedar-policy"]),
];

/// Files over 500 lines; none. A file may be taken off this list, none put on it.
const LONG_FILES: &[&str] = &[];
const FILE_LINES_MAX: usize = 500;

/// Functions over 70 lines; none.
const LONG_FUNCTIONS: &[&str] = &[];
const FUNCTION_LINES_MAX: usize = 70;

/// Calls that product code never makes, and why.
const FORBIDDEN: &[(&str, &str)] = &[
    ("todo!(", "unfinished work is named in the closing note, not in the code"),
    ("unimplemented!(", "unfinished work is named in the closing note, not in the code"),
    ("dbg!(", "left from debugging"),
    (".unwrap()", "say what to do instead of dying"),
    ("[ignore", "a test that does not run is no test"),
    ("sqlx::Any", "it has neither uuid, time nor JSON"),
];

#[test]
fn rooms_import_only_what_they_may() {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    let metadata: Json = serde_json::from_slice(&output.stdout).expect("cargo metadata speaks JSON");
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let never: BTreeMap<&str, &[&str]> = NEVER.iter().copied().collect();
    let mut wrong = Vec::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let room = package["name"].as_str().expect("a name");
        let Some(may) = allowed.get(room) else {
            wrong.push(format!("`{room}` is in no row of the table"));
            continue;
        };
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let name = dependency["name"].as_str().expect("a name");
            if dependency["kind"] == "dev" {
                continue;
            }
            if allowed.contains_key(name) && name != "valueflows" && !may.contains(&name) {
                wrong.push(format!("`{room}` may not use `{name}`"));
            }
            if never.get(room).is_some_and(|never| never.contains(&name)) {
                wrong.push(format!("`{room}` must never know `{name}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn sources() -> Vec<PathBuf> {
    let output =
        Command::new("git").args(["ls-files", "*.rs"]).current_dir(root()).output().expect("git ls-files");
    let files = String::from_utf8_lossy(&output.stdout).into_owned();
    let files: Vec<PathBuf> =
        files.lines().map(|line| root().join(line)).filter(|path| path.exists()).collect();
    assert!(files.len() > 50, "git knows the sources");
    files
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// Functions by their first and last line, told by indentation, which rustfmt guarantees.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let words =
            trimmed.trim_start_matches("pub ").trim_start_matches("pub(crate) ").trim_start_matches("async ");
        let Some(rest) = words.trim_start_matches("const ").strip_prefix("fn ") else { continue };
        let indent = line.len() - trimmed.len();
        let close = format!("{}}}", " ".repeat(indent));
        let length = lines[n..].iter().position(|line| *line == close).map_or(1, |end| end + 1);
        let name = rest.split(['(', '<']).next().unwrap_or_default().to_owned();
        found.push((name, length));
    }
    found
}

#[test]
fn files_and_functions_stay_short() {
    let mut wrong = Vec::new();
    for path in sources() {
        let text = std::fs::read_to_string(&path).expect("a source");
        let name = shown(&path);
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX && !LONG_FILES.contains(&name.as_str()) {
            wrong.push(format!("{name} has {lines} lines; split it by idea"));
        }
        for (function, length) in functions(&text) {
            let at = format!("{name}:{function}");
            if length > FUNCTION_LINES_MAX && !LONG_FUNCTIONS.contains(&at.as_str()) {
                wrong.push(format!("{at} has {length} lines; split it"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn forbidden_calls_stay_out() {
    let mut wrong = Vec::new();
    for path in sources() {
        let name = shown(&path);
        let product =
            (name.starts_with("host/") || name.starts_with("plugins/")) && !name.contains("/tests/");
        let text = std::fs::read_to_string(&path).expect("a source");
        for (n, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for (call, why) in FORBIDDEN.iter().filter(|_| product) {
                if code.contains(call) {
                    wrong.push(format!("{name}:{}: `{call}`: {why}", n + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_room_has_a_page_of_its_own() {
    for (room, _) in MAY_USE.iter().filter(|(room, _)| !["tests", "reflow", "bench", "fuzz"].contains(room)) {
        let text = std::fs::read_to_string(root().join(format!("host/{room}/src/lib.rs"))).expect("a room");
        assert!(text.starts_with("//! "), "host/{room} says nothing of itself");
        assert!(text.contains("Invariant"), "host/{room} states no invariant");
    }
}
