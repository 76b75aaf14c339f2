//! `reflow ruleset`: a rule set in a folder, before any network lives by it.

use std::path::Path;

use pipeline::Charter;
use policy::{CompiledBook, diff};
use serde_json::json;

use crate::cli::{Cli, Ruleset};
use crate::output::{Failure, say};

/// Does what was asked.
pub fn run(cli: &Cli, ruleset: &Ruleset) -> Result<(), Failure> {
    match ruleset {
        Ruleset::Check { folder } => check(cli, folder),
        Ruleset::Diff { from, to } => difference(cli, from, to),
    }
}

fn read(cli: &Cli, folder: &Path) -> Result<CompiledBook, Failure> {
    let charter = Charter::read(folder, &cli.plugins)?;
    policy::compile(&charter.book).map_err(|error| pipeline::Rejection::from(error).into())
}

/// Whether a network could live by it, and what it holds.
fn check(cli: &Cli, folder: &Path) -> Result<(), Failure> {
    let compiled = read(cli, folder)?;
    let book = &compiled.book;
    let hash = pipeline::rules::hash(book)?;
    let protected = book.policies.iter().filter(|policy| policy.protected).count();
    let own: Vec<_> = book.policies.iter().filter(|policy| !policy.protected).collect();
    let title = |id: &str| compiled.says(id, "title").unwrap_or(id).to_owned();
    let document = json!({
        "name": book.name, "title": book.title, "hash": hash, "protected": protected,
        "policies": own.iter().map(|policy| json!({
            "id": policy.id, "title": title(&policy.id), "acts": compiled.acts_of(&policy.id),
        })).collect::<Vec<_>>(),
        "plugins": book.bindings.iter().map(|binding| json!({
            "plugin": binding.plugin, "surface": binding.surface, "acts": binding.acts,
            "component": binding.component,
        })).collect::<Vec<_>>(),
    });
    say(cli.json, &document, || {
        let mut text = format!("{}: {}\n", book.name, book.title);
        for policy in &own {
            text.push_str(&format!("  {}  ({})\n", title(&policy.id), policy.id));
        }
        for binding in &book.bindings {
            text.push_str(&format!("  calculates {} for {}\n", binding.plugin, binding.acts.join(", ")));
        }
        text.push_str(&format!("  and {protected} rules that every network here carries\nrules {hash}"));
        text
    });
    Ok(())
}

/// What would change for a network that goes from one to the other, and how much is at stake.
fn difference(cli: &Cli, from: &Path, to: &Path) -> Result<(), Failure> {
    let differences = diff::between(&read(cli, from)?, &read(cli, to)?);
    let risk = diff::risk(&differences);
    say(cli.json, &json!({"risk": risk, "differences": differences}), || match risk {
        None => "no difference".to_owned(),
        Some(risk) => {
            let lines = differences.iter().map(|one| format!("{}  ({})\n", one.says, one.risk.as_str()));
            format!("{}at stake: {}", lines.collect::<String>(), risk.as_str())
        }
    });
    Ok(())
}
