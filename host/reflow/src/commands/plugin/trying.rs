//! `reflow plugin try`: a copy of a sandbox with a plugin bound, and what its past comes to there.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::cli::{Binding, Cli, Target};
use crate::commands::waiting;
use crate::commands::{ask, network_name, rows, text};
use crate::console::{Request, Trying};
use crate::output::{Failure, say};

/// How many decisions are shown one by one.
const SHOWN_MAX: usize = 12;

/// Builds it, where it is a folder, and tries it.
pub async fn run(cli: &Cli, (plugin, target): (&Path, &Target), how: &Binding) -> Result<(), Failure> {
    let network = network_name(cli)?;
    let component = component(cli, plugin, target)?;
    let request = Request::Try(trying(network.clone(), &component, how)?);
    let bar = waiting(cli, format!("living through the past of `{network}` again"));
    let reply = ask(cli, request).await;
    bar.finish_and_clear();
    let reply = reply?;
    say(cli.json, &reply, || lines(&reply));
    Ok(())
}

/// The file of a component: itself, or what is built of a folder.
pub fn component(cli: &Cli, plugin: &Path, target: &Target) -> Result<PathBuf, Failure> {
    if !plugin.is_dir() {
        return Ok(plugin.to_owned());
    }
    let bar = waiting(cli, format!("building `{}`", plugin.display()));
    let built = kit::build(plugin, &std::path::absolute(&target.target)?);
    bar.finish_and_clear();
    let built = built?;
    let path = super::into(cli)?.join(format!("{}.wasm", built.manifest.name));
    std::fs::write(&path, &built.component)?;
    Ok(path)
}

/// What is bound, and how, as the node is asked.
pub fn trying(network: String, component: &Path, how: &Binding) -> Result<Trying, Failure> {
    Ok(Trying {
        network,
        component: std::path::absolute(component)?.display().to_string(),
        instead: how.instead.clone(),
        acts: how.acts.clone(),
        settings: how.settings.clone(),
        policies: how.policies.iter().map(|path| read(path)).collect::<Result<_, _>>()?,
    })
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::Unreachable(format!("`{}`: {error}", path.display())))
}

/// Decisions that came out differently, one by one.
fn flips(reply: &Json, title: &str, name: &str) -> String {
    let all = rows(reply.get(name).unwrap_or(&Json::Null));
    let shown = all.iter().take(SHOWN_MAX).map(|flip| {
        let seq = flip.get("seq").and_then(Json::as_u64).unwrap_or_default();
        format!("  entry {seq}, {}, {}: {}\n", text(flip, "name"), text(flip, "act"), text(flip, "sentence"))
    });
    let count = reply.get(format!("{name}Count")).and_then(Json::as_u64).unwrap_or_default();
    let more = match count.saturating_sub(SHOWN_MAX as u64) {
        0 => String::new(),
        more => format!("  and {more} more (`--json` has more of them)\n"),
    };
    match all.is_empty() {
        true => String::new(),
        false => format!("{title}\n{}{more}", shown.collect::<String>()),
    }
}

/// How it is bound, in a line.
fn bound(bound: &Json) -> String {
    let acts: Vec<&str> =
        rows(bound.get("acts").unwrap_or(&Json::Null)).iter().filter_map(Json::as_str).collect();
    let place = match bound.get("instead").and_then(Json::as_str) {
        Some(instead) if instead == text(bound, "plugin") => "in the place of the one bound there".to_owned(),
        Some(instead) => format!("in the place of `{instead}`"),
        None => "beside what is bound already".to_owned(),
    };
    let to = if acts.is_empty() { String::new() } else { format!(", asked about {}", acts.join(", ")) };
    format!("`{}` bound {place}{to}", text(bound, "plugin"))
}

fn lines(reply: &Json) -> String {
    let (there, of) = (text(reply, "network"), text(reply, "of"));
    let how = reply.get("bound").unwrap_or(&Json::Null);
    let list = |name: &str| rows(reply.get(name).unwrap_or(&Json::Null));
    let count = |name: &str| reply.get(name).and_then(Json::as_u64).unwrap_or_default();
    let counts = [
        (count("same"), "came to the same"),
        (count("refusedCount"), "are refused now"),
        (count("allowedCount"), "are not refused any more"),
        (count("following"), "are about what is not there now"),
        (count("leftOut"), "are about the rules themselves, or cannot be sent again, and were left out"),
    ];
    let counted = counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("  {n} {what}\n"));
    let not_permitted = |flip: &Json| flip.get("code").and_then(Json::as_str) == Some("not-permitted");
    let hint = match text(how, "world") == "duties" && list("refused").iter().any(not_permitted) {
        true => {
            "what follows is an act of the rule itself, which some policy has to permit: bring one with `--policy FILE`\n"
        }
        false => "",
    };
    let promises = list("promises").iter().map(|row| {
        format!("  {}: {} before, {} now\n", text(row, "what"), text(row, "before"), text(row, "now"))
    });
    let promised: String = promises.collect();
    [
        format!("founded `{there}`, a copy of `{of}`, with {}\n", bound(how)),
        format!("{} commands were sent again:\n{}", count("sent"), counted.collect::<String>()),
        flips(reply, "refused now:", "refused"),
        flips(reply, "not refused any more; it was because:", "allowed"),
        hint.to_owned(),
        if promised.is_empty() { String::new() } else { format!("promised in all:\n{promised}") },
        format!(
            "whoever signs in to `{of}` signs in to it too, and `reflow may THING --network {there} --as NAME` asks it"
        ),
    ]
    .concat()
}
