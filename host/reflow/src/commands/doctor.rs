//! `reflow doctor`: is everything there that this node needs?

use serde_json::{Value as Json, json};

use crate::cli::Cli;
use crate::home::Home;
use crate::output::{Failure, say};

/// Whether a network's books are what its journal says: what `reflow verify` finds.
async fn books(
    home: &Home,
    node: &pipeline::Node,
    head: &store::Head,
) -> Result<Result<String, String>, Failure> {
    let scratch = home.path("doctor");
    let _ = std::fs::remove_dir_all(&scratch);
    std::fs::create_dir_all(&scratch)?;
    let verified = node.verify(head, &scratch.join("scratch.sqlite"), &|_| {}).await;
    let _ = std::fs::remove_dir_all(&scratch);
    Ok(match verified {
        Ok(verified) => match verified.difference {
            None => Ok(format!("{} decisions judged again, all the same", verified.decisions)),
            Some(difference) => Err(difference),
        },
        Err(rejection) => Err(rejection.to_string()),
    })
}

/// Looks, and says what to do about what is missing.
pub async fn run(cli: &Cli, quick: bool) -> Result<(), Failure> {
    let mut checks: Vec<(String, Result<String, String>)> = Vec::new();
    let mut home = Home::existing(&cli.data)?;
    checks.push(("data folder".into(), Ok(cli.data.display().to_string())));
    let running = !home.lock()?;
    checks.push(("node".into(), Ok(if running { "running" } else { "not running" }.into())));
    match home.node(cli).await {
        Err(Failure::Unreachable(problem) | Failure::Usage(problem)) => {
            checks.push(("database".into(), Err(problem)))
        }
        Err(Failure::Refused { sentence, .. }) => checks.push(("database".into(), Err(sentence))),
        Ok(node) => {
            let version = node.store().schema_version().await?;
            checks.push(("database".into(), Ok(format!("schema {version}"))));
            checks.push(("sandbox".into(), Ok(format!("profile {}", node.shelf().sandbox.profile()))));
            for head in node.store().networks().await? {
                let name = format!("network `{}`", head.name);
                let outcome = match node.rules(&head).await {
                    Ok(rules) => Ok(format!(
                        "{} entries, {} rules, {} plugins",
                        head.seq,
                        rules.compiled.book.policies.len(),
                        rules.bound.len()
                    )),
                    Err(rejection) => Err(rejection.to_string()),
                };
                let usable = outcome.is_ok();
                checks.push((name, outcome));
                if head.state == store::State::Arriving {
                    let sentence = "it is not whole yet: take its file in again with `reflow network adopt`";
                    checks.push((format!("arrival of `{}`", head.name), Err(sentence.into())));
                } else if usable && !quick {
                    checks.push((format!("books of `{}`", head.name), books(&home, &node, &head).await?));
                }
            }
        }
    }
    let wrong = checks.iter().filter(|(_, outcome)| outcome.is_err()).count();
    let document: Vec<Json> = checks
        .iter()
        .map(|(name, outcome)| json!({"check": name, "ok": outcome.is_ok(), "says": outcome.clone().unwrap_or_else(|problem| problem)}))
        .collect();
    say(cli.json, &Json::Array(document), || {
        checks
            .iter()
            .map(|(name, outcome)| match outcome {
                Ok(says) => format!("ok     {name}: {says}\n"),
                Err(says) => format!("WRONG  {name}: {says}\n"),
            })
            .collect()
    });
    match wrong {
        0 => Ok(()),
        n => Err(Failure::refused(
            "unwell",
            format!("{n} of {} checks found something wrong", checks.len()),
            "See the lines marked WRONG.",
        )),
    }
}
