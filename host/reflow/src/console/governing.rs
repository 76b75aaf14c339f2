//! What the console asks about rules and how they change.

use std::sync::Arc;

use pipeline::Node;
use serde_json::{Value as Json, json};

use super::reader;
use crate::output::Failure;

pub(super) async fn amendments(
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

pub(super) async fn tally(
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

/// The rules in force, or those that were so many changes before them.
pub(super) async fn book(node: &Arc<Node>, network: &str, back: usize) -> Result<Json, Failure> {
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
