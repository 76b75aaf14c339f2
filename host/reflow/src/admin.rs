//! What the operator's programs ask, on a listener of its own: is it alive, is it ready, how much.

use std::fmt::Write;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use pipeline::Node;
use pipeline::meter;

/// The routes.
pub fn router(node: Arc<Node>) -> Router {
    Router::new()
        .route("/livez", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(node)
}

async fn ready(State(node): State<Arc<Node>>) -> impl IntoResponse {
    match node.store().positions().await {
        Ok(_) => (StatusCode::OK, "ready\n".to_owned()),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")),
    }
}

/// In the text format of Prometheus.
async fn metrics(State(node): State<Arc<Node>>) -> impl IntoResponse {
    let mut text = String::new();
    let mut family = |name: &str, kind: &str, help: &str, rows: &[(String, f64)]| {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for (labels, value) in rows {
            let _ = writeln!(text, "{name}{labels} {value}");
        }
    };
    let one = |value: f64| vec![(String::new(), value)];
    family(
        "reflow_leader",
        "gauge",
        "Whether this process does what one is enough for.",
        &one(f64::from(u8::from(node.leads()))),
    );
    family(
        "reflow_database_retries_total",
        "counter",
        "Transactions that the database ended in favour of another.",
        &one(store::retry::retried() as f64),
    );
    let (open, idle) = node.store().connections();
    let connections = [("open", f64::from(open)), ("idle", idle as f64)];
    family(
        "reflow_database_connections",
        "gauge",
        "Connections to the database.",
        &connections.map(|(state, n)| (format!("{{state=\"{state}\"}}"), n)),
    );
    family("reflow_resident_bytes", "gauge", "Memory of this process.", &one(resident_bytes()));
    let stages = ["read", "facts", "policy", "decide", "write"].iter().zip(meter::spent());
    let stages: Vec<_> =
        stages.map(|(name, ns)| (format!("{{stage=\"{name}\"}}"), ns as f64 / 1e9)).collect();
    family("reflow_stage_seconds_total", "counter", "Where the time of commands went.", &stages);
    let answers = ["permitted", "refused", "rejected"].iter().zip(meter::answered());
    let answers: Vec<_> = answers.map(|(name, n)| (format!("{{answer=\"{name}\"}}"), n as f64)).collect();
    family("reflow_commands_total", "counter", "Commands by what came of them.", &answers);
    match node.store().networks().await {
        Ok(heads) => {
            // Networks' names are small letters, digits and hyphens: nothing to escape.
            let rows = |value: &dyn Fn(&store::Head) -> i64| -> Vec<(String, f64)> {
                heads
                    .iter()
                    .map(|head| (format!("{{network=\"{}\"}}", head.name), value(head) as f64))
                    .collect()
            };
            family("reflow_entries", "gauge", "Entries of a journal.", &rows(&|head| head.seq as i64));
            family("reflow_records", "gauge", "Records.", &rows(&|head| head.next_key - 1));
            family("reflow_journal_bytes", "gauge", "Bytes of a journal.", &rows(&|head| head.usage.bytes));
            family(
                "reflow_day_entries",
                "gauge",
                "Entries of the last day that had any.",
                &rows(&|head| head.usage.day_entries),
            );
            family(
                "reflow_day_plugin_microseconds",
                "gauge",
                "What plugins took on that day.",
                &rows(&|head| head.usage.day_plugin_us),
            );
        }
        Err(error) => tracing::warn!(%error, "the networks' numbers are left out"),
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}

fn resident_bytes() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').nth(1)?.parse::<f64>().ok());
    pages.unwrap_or_default() * rustix::param::page_size() as f64
}
