//! `reflow plugin try`: a copy of a sandbox with a plugin bound, and what its past comes to there.

use std::path::Path;

use serde_json::Value as Json;

use super::{not_opened, waiting};
use crate::cli::{Cli, Target};
use crate::commands::{ask, network_name, rows, text};
use crate::console::{Request, Trying};
use crate::output::{Failure, say};

/// How many decisions are shown one by one.
const SHOWN_MAX: usize = 12;

/// Builds it, where it is a folder, and tries it.
pub async fn run(
    cli: &Cli,
    (plugin, target): (&Path, &Target),
    (instead, acts, settings): (Option<&str>, &[String], &[String]),
) -> Result<(), Failure> {
    let network = network_name(cli)?;
    let component = match plugin.is_dir() {
        false => plugin.to_owned(),
        true => {
            let bar = waiting(cli, format!("building `{}`", plugin.display()));
            let built = kit::build(plugin, &std::path::absolute(&target.target)?);
            bar.finish_and_clear();
            let built = built.map_err(not_opened)?;
            std::fs::create_dir_all(&cli.plugins)?;
            let path = cli.plugins.join(format!("{}.wasm", built.manifest.name));
            std::fs::write(&path, &built.component)?;
            path
        }
    };
    let request = Request::Try(Trying {
        network: network.clone(),
        component: std::path::absolute(&component)?.display().to_string(),
        instead: instead.map(str::to_owned),
        acts: acts.to_vec(),
        settings: settings.to_vec(),
    });
    let bar = waiting(cli, format!("living through the past of `{network}` again"));
    let reply = ask(cli, request).await;
    bar.finish_and_clear();
    let reply = reply?;
    say(cli.json, &reply, || lines(&reply));
    Ok(())
}

fn lines(reply: &Json) -> String {
    let count = |name: &str| reply.get(name).and_then(Json::as_u64).unwrap_or_default();
    let bound = reply.get("bound").unwrap_or(&Json::Null);
    let acts: Vec<&str> =
        rows(bound.get("acts").unwrap_or(&Json::Null)).iter().filter_map(Json::as_str).collect();
    let place = match bound.get("instead").and_then(Json::as_str) {
        Some(instead) if instead == text(bound, "plugin") => "in the place of the one bound there".to_owned(),
        Some(instead) => format!("in the place of `{instead}`"),
        None => "beside what is bound already".to_owned(),
    };
    let to = if acts.is_empty() { String::new() } else { format!(", asked about {}", acts.join(", ")) };
    let flips = |title: &str, name: &str| {
        let all = rows(reply.get(name).unwrap_or(&Json::Null));
        let shown = all.iter().take(SHOWN_MAX).map(|flip| {
            let seq = flip.get("seq").and_then(Json::as_u64).unwrap_or_default();
            format!(
                "  entry {seq}, {}, {}: {}\n",
                text(flip, "name"),
                text(flip, "act"),
                text(flip, "sentence")
            )
        });
        let more = match all.len().saturating_sub(SHOWN_MAX) {
            0 => String::new(),
            more => format!("  and {more} more (`--json` has them)\n"),
        };
        match all.is_empty() {
            true => String::new(),
            false => format!("{title}\n{}{more}", shown.collect::<String>()),
        }
    };
    let refused = rows(reply.get("refused").unwrap_or(&Json::Null)).len();
    let allowed = rows(reply.get("allowed").unwrap_or(&Json::Null)).len();
    let there = text(reply, "network");
    format!(
        "founded `{there}`, a copy of `{}`, with `{}` bound {place}{to}\n{} commands were sent again: {} came to the same, \
         {refused} are refused now, {allowed} are not any more, {} could not be without these; {} about the rules \
         themselves were left out\n{}{}whoever signs in to `{}` signs in there too\nnext: `reflow may THING --network \
         {there} --as NAME`, or look at its pages",
        text(reply, "of"),
        text(bound, "plugin"),
        count("sent"),
        count("same"),
        count("following"),
        count("leftOut"),
        flips("refused now:", "refused"),
        flips("not refused any more; it was because:", "allowed"),
        text(reply, "of"),
    )
}
