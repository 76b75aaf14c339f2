//! `reflow verify` and `reflow rebuild`.

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use store::Head;

use crate::cli::Cli;
use crate::home::Home;
use crate::output::{Failure, say};

fn bar(head: &Head, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(head.seq);
    if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:40}] {pos}/{len} entries, {eta} left") {
        bar.set_style(style);
    }
    bar.set_message(format!("{what} {}", head.name));
    bar
}

async fn heads(cli: &Cli, node: &pipeline::Node) -> Result<Vec<Head>, Failure> {
    match &cli.network {
        Some(name) => Ok(vec![node.head(name).await?]),
        None => Ok(node.store().networks().await?),
    }
}

/// Judges every journal again and compares everything.
pub async fn run(cli: &Cli) -> Result<(), Failure> {
    let home = Home::existing(&cli.data)?;
    // Verification only reads; a running node may go on.
    let node = home.node(cli).await?;
    let scratch = home.path("verify");
    let (mut entries, mut decisions, mut erased, mut older) = (0, 0, 0, 0);
    for head in heads(cli, &node).await? {
        let _ = std::fs::remove_dir_all(&scratch);
        std::fs::create_dir_all(&scratch)?;
        let bar = bar(&head, "verifying");
        let outcome =
            node.verify(&head, &scratch.join("scratch.sqlite"), &|done| bar.set_position(done)).await;
        bar.finish_and_clear();
        let _ = std::fs::remove_dir_all(&scratch);
        let verified = outcome?;
        entries += verified.entries;
        decisions += verified.decisions;
        erased += verified.erased;
        older += verified.older;
        if let Some(difference) = verified.difference {
            return Err(Failure::Refused {
                code: "different".into(),
                sentence: format!(
                    "DIFFERENT in `{}` after {} entries: {difference}",
                    head.name, verified.entries
                ),
                remedy: "Keep this copy as it is, and compare it with a backup.".into(),
                detail: Box::new(
                    json!({"network": head.name, "entries": verified.entries, "difference": difference}),
                ),
            });
        }
    }
    let document = json!({"entries": entries, "decisions": decisions, "erased": erased, "older": older, "differences": 0});
    say(cli.json, &document, || {
        let erased = if erased > 0 { format!(" ({erased} erased)") } else { String::new() };
        let older = match older {
            0 => String::new(),
            older => format!(" ({older} in which an earlier program looked at new rules)"),
        };
        format!("verified: {entries} entries, {decisions} decisions, 0 differences{erased}{older}")
    });
    Ok(())
}

/// Writes every table again from the journal.
pub async fn rebuild(cli: &Cli) -> Result<(), Failure> {
    let mut home = Home::existing(&cli.data)?;
    if !home.lock()? {
        return Err(Failure::refused(
            "already-running",
            "a node is running on this folder",
            "Stop it first; rebuilding needs the folder for itself.",
        ));
    }
    let node = home.node(cli).await?;
    let mut entries = 0;
    for head in heads(cli, &node).await? {
        let bar = bar(&head, "rebuilding");
        entries += node.rebuild(&head, &|done| bar.set_position(done)).await?;
        bar.finish_and_clear();
    }
    node.close().await;
    say(cli.json, &json!({"entries": entries}), || format!("rebuilt from {entries} entries"));
    Ok(())
}
