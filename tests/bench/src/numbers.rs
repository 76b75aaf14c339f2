//! Medians, spreads, the machine, and the table.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use serde_json::{Value as Json, json};

/// A median with its spread.
#[derive(Debug, Clone, Copy)]
pub struct Median {
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

/// The median of a few runs.
pub fn median(mut runs: Vec<f64>) -> Median {
    runs.sort_by(f64::total_cmp);
    let at = |n: usize| runs.get(n).copied().unwrap_or_default();
    Median { median: at(runs.len() / 2), low: at(0), high: at(runs.len().saturating_sub(1)) }
}

/// One line of the table, and of the document.
pub fn line(rows: &mut Vec<Json>, name: &str, value: Median, unit: &str, more: &str) {
    println!("{name:<58} {:>12.1} {unit:<9} [{:.1} .. {:.1}]  {more}", value.median, value.low, value.high);
    rows.push(json!({"row": name, "median": value.median, "low": value.low, "high": value.high, "unit": unit, "note": more}));
}

/// How many 4 KiB writes with fdatasync the disk does in two seconds, and the median of one, ms.
pub fn fsync_probe(folder: &Path) -> (f64, f64) {
    let Ok(mut file) = std::fs::File::create(folder.join("probe")) else { return (0.0, 0.0) };
    let block = [7u8; 4096];
    let (begin, mut times) = (Instant::now(), Vec::new());
    while begin.elapsed().as_secs_f64() < 2.0 {
        let one = Instant::now();
        if file.write_all(&block).and_then(|()| file.sync_data()).is_err() {
            break;
        }
        times.push(one.elapsed().as_secs_f64() * 1_000.0);
    }
    let rate = times.len() as f64 / begin.elapsed().as_secs_f64();
    (rate, median(times).median)
}

/// Processor and compiler.
pub fn machine() -> (String, String) {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .unwrap_or("unknown")
        .trim_start_matches([' ', '\t', ':']);
    let cores = cpu.lines().filter(|line| line.starts_with("processor")).count();
    let rustc = std::process::Command::new("rustc").arg("--version").output();
    let rustc =
        rustc.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    (format!("{model}, {cores} cores"), rustc)
}
