//! What the console asks about rules and how they change.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pipeline::acts::{AmendAct, GoverningAct, StopAct, Stopped};
use pipeline::{Charter, Node, Receipt, bundle};
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
        Request::Tally { network, agent, which } => tally(node, &network, agent.as_deref(), &which).await,
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
            Ok(json!({"components": components, "receipt": receipt.map(|receipt| receipt.to_json())}))
        }
        Request::Pause { network, plugin, hours, reason } => {
            let what = plugin.map_or(Stopped::Network, Stopped::Plugin);
            let now = pipeline::node::time(&node.head(&network).await?);
            let until = now.plus_us(hours.saturating_mul(60 * valueflows::Instant::MINUTE_US));
            operated(
                node.operate(&network, GoverningAct::Stop(StopAct::Pause { what, until, reason })).await?,
            )
        }
        Request::Resume { network, plugin } => {
            let mut ended = Vec::new();
            for stop in node.pauses(&network, plugin.as_deref()).await? {
                ended.push(operated(
                    node.operate(&network, GoverningAct::Stop(StopAct::Resume { stop })).await?,
                )?);
            }
            match ended.is_empty() {
                true => {
                    Err(Failure::refused("not-paused", format!("`{network}` is not paused"), "Leave it."))
                }
                false => Ok(Json::Array(ended)),
            }
        }
        Request::Recover { network, rules, plugins, reason } => {
            let charter = charter(&rules, &plugins)?;
            if !charter.components.is_empty() {
                node.install(&charter).await?;
            }
            let quiet_since = node.quiet_since(&node.head(&network).await?).await?;
            let book = charter.book.to_json().map_err(pipeline::Rejection::from)?;
            let act = AmendAct::Recover { book, reason, quiet_since };
            operated(node.operate(&network, GoverningAct::Amend(act)).await?)
        }
        _ => Err(Failure::Unreachable("that is nothing about rules".into())),
    }
}

/// What came of an act of the operator.
fn operated(receipt: Receipt) -> Result<Json, Failure> {
    match &receipt.decision {
        Ok(()) => Ok(receipt.to_json()),
        Err(refused) => Err(Failure::Refused {
            code: refused.code.clone(),
            sentence: refused.sentence.clone(),
            remedy: refused.remedy.clone(),
            detail: Box::new(receipt.to_json()),
        }),
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

async fn tally(node: &Arc<Node>, network: &str, agent: Option<&str>, which: &str) -> Result<Json, Failure> {
    let mut reader = reader(node, network, agent).await?;
    let amendment = named(&mut reader, which).await?;
    reader.tally(&amendment).await?.ok_or_else(|| {
        Failure::refused(
            "not-counted",
            format!("`{which}` has no vote that has closed"),
            "Wait until it closes.",
        )
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

/// A link by which somebody founds a network, as a path behind the node's address.
pub async fn founding_link(node: &Arc<Node>, name: String) -> Result<String, Failure> {
    let now = pipeline::now();
    let (command, by) = (pipeline::node::command_id()?, node.operator().await?);
    let one = identity::invitation::founding(pipeline::own::KEY, command, by, name, now);
    let (secret, fresh) = (pipeline::node::random()?, pipeline::node::random()?);
    let token = identity::invitation::issue(node.store(), &one, secret, fresh, now).await;
    let token = token.map_err(|error| Failure::Unreachable(error.to_string()))?;
    Ok(format!("/found/{token}"))
}
