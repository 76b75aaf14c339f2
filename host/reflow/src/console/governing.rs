//! What the console asks about rules and how they change.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pipeline::{Charter, Node, bundle};
use serde_json::{Value as Json, json};

use super::{Request, reader};
use crate::output::Failure;

/// Does what the console asks about rules.
pub(super) async fn carry_out(node: &Arc<Node>, request: Request) -> Result<Json, Failure> {
    match request {
        Request::Amendments { network, agent, which } => {
            amendments(node, &network, agent.as_deref(), which.as_deref()).await
        }
        Request::WhatIf { network, agent, amendment, book, last } => {
            let reader = reader(node, &network, agent.as_deref()).await?;
            what_if(reader, (amendment, book), last).await
        }
        Request::Tally { network, agent, which } => {
            tally(node, &network, agent.as_deref(), &which).await
        }
        Request::Time { network } => {
            let head = node.head(&network).await?;
            Ok(json!({"now": pipeline::node::time(&head).0}))
        }
        Request::Book { network, back } => book(node, &network, back).await,
        Request::Install { rules, plugins } => {
            let charter = charter(&rules, &plugins)?;
            let receipt = node.install(&charter).await?;
            let bound = charter.book.bindings.iter();
            let components: Vec<Json> = bound
                .map(|binding| json!({"plugin": binding.plugin, "component": binding.component}))
                .collect();
            Ok(json!({"components": components, "receipt": receipt.to_json()}))
        }
        _ => Err(Failure::Unreachable("that is nothing about rules".into())),
    }
}

/// A rule set from a folder, or from one file.
pub(super) fn charter(rules: &str, plugins: &str) -> Result<Charter, Failure> {
    Ok(bundle::read(Path::new(rules), Path::new(plugins), &scratch())?)
}

/// A folder of this process to unpack into.
pub(crate) fn scratch() -> PathBuf {
    std::env::temp_dir().join(format!("reflow-rules-{}", std::process::id()))
}

async fn amendments(
    node: &Arc<Node>,
    network: &str,
    agent: Option<&str>,
    which: Option<&str>,
) -> Result<Json, Failure> {
    let mut reader = reader(node, network, agent).await?;
    let found = match which {
        None => reader.amendments().await?,
        Some(name) => vec![named(&mut reader, name).await?],
    };
    let mut list = Vec::with_capacity(found.len());
    for amendment in found {
        list.push(reader.amendment(&amendment).await?);
    }
    Ok(Json::Array(list))
}

async fn named(reader: &mut pipeline::Reader, name: &str) -> Result<Arc<valueflows::Record>, Failure> {
    let found = reader.amendment_named(name).await?;
    found.ok_or_else(|| {
        Failure::refused(
            "unknown-amendment",
            format!("there is no rule change `{name}` that you can see"),
            "See `reflow amendment list`.",
        )
    })
}

async fn tally(
    node: &Arc<Node>,
    network: &str,
    agent: Option<&str>,
    which: &str,
) -> Result<Json, Failure> {
    let mut reader = reader(node, network, agent).await?;
    let amendment = named(&mut reader, which).await?;
    reader.tally(&amendment).await?.ok_or_else(|| {
        Failure::refused("not-counted", format!("`{which}` has no vote that has closed"), "Wait until it closes.")
    })
}

/// What the past would have been under other rules.
async fn what_if(
    mut reader: pipeline::Reader,
    (amendment, book): (Option<String>, Option<Json>),
    last: u64,
) -> Result<Json, Failure> {
    let book = match (amendment, book) {
        (Some(name), _) => {
            let amendment = named(&mut reader, &name).await?;
            reader.candidate_of(&amendment).await?
        }
        (None, book) => book,
    };
    let book = book.ok_or_else(|| {
        Failure::refused("no-rules", "this rule change changes no rules", "Name one that does, or a folder.")
    })?;
    let book = policy::RuleBook::from_json(&book).map_err(pipeline::Rejection::from)?;
    Ok(reader.what_if(&book, last, &|_| {}).await?)
}

/// The rules in force, or those that were so many changes before them.
async fn book(node: &Arc<Node>, network: &str, back: usize) -> Result<Json, Failure> {
    let head = node.head(network).await?;
    let rules = node.rules(&head).await?;
    let now = json!({"digest": rules.hash, "seq": rules.seq, "book": rules.compiled.book.to_json().map_err(pipeline::Rejection::from)?});
    if back == 0 {
        return Ok(now);
    }
    let before = node.books_before(&head).await?;
    let found = before.len().checked_sub(back).and_then(|at| before.get(at));
    let (digest, book) = found.ok_or_else(|| {
        Failure::refused("no-such-rules", "there are no rules so far back", "See `reflow amendment list`.")
    })?;
    Ok(json!({"digest": digest, "book": book}))
}
