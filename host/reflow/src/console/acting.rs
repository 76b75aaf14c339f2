//! Acts that are asked for at the console: sent, or only made ready to be signed.

use std::sync::Arc;

use pipeline::acts::{AnyAct, Command, Signed, keys};
use pipeline::signed::ToSign;
use pipeline::{Node, Rejection, Via};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use valueflows::{BadValue, Id};

use super::{agent_named, decided};
use crate::output::Failure;

/// Acts on behalf of somebody, by name; perhaps in the name of somebody else, who has delegated it to them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Acting {
    pub network: String,
    pub agent: String,
    pub of: Option<String>,
    pub acts: Vec<Json>,
    pub id: Option<Id>,
    /// The signature, as it stands in a command.
    pub signed: Option<Json>,
}

async fn command(node: &Arc<Node>, acting: &Acting) -> Result<(Command, Via), Failure> {
    let malformed = |error: BadValue| Rejection::Malformed(error.to_string());
    let agent = agent_named(node, &acting.network, &acting.agent).await?;
    let acts: Result<Vec<AnyAct>, _> = acting.acts.iter().map(AnyAct::from_json).collect();
    let id = acting.id.map_or_else(pipeline::node::command_id, Ok)?;
    let mut command = Command::new(id, agent, acts.map_err(malformed)?);
    command.signed = acting.signed.as_ref().map(Signed::from_json).transpose().map_err(malformed)?;
    let Some(of) = &acting.of else { return Ok((command, Via::Console)) };
    let of = agent_named(node, &acting.network, of).await?;
    let via = node.delegation(&acting.network, (of, agent), &command.acts).await?;
    let via = via.ok_or_else(|| {
        Failure::refused(
            "not-delegated",
            "nobody has let you act in their name here".to_owned(),
            "Ask them for `reflow delegation new`.",
        )
    })?;
    Ok((Command { agent: of, ..command }, via))
}

/// Sends them; a refusal is a failure with its receipt.
pub(super) async fn act(node: &Arc<Node>, acting: &Acting) -> Result<Json, Failure> {
    let (command, via) = command(node, acting).await?;
    Ok(decided(node.send(&acting.network, command, via).await?)?.to_json())
}

/// The text to sign, and what goes with the command beside the signature.
pub(super) async fn to_sign(node: &Arc<Node>, acting: &Acting) -> Result<Json, Failure> {
    let (command, _) = command(node, acting).await?;
    let head = node.head(&acting.network).await?;
    let to_sign = ToSign::of(head.network, &command, pipeline::node::random()?)?;
    let mut document = to_sign.to_json();
    if let Json::Object(map) = &mut document {
        map.insert("id".to_owned(), json!(command.id));
    }
    Ok(document)
}

/// The key that somebody signs with, and where it is held.
pub(super) async fn key_of(node: &Arc<Node>, network: &str, agent: &str) -> Result<Json, Failure> {
    let agent = agent_named(node, network, agent).await?;
    let mut reader = node.reader(network, agent, Via::Console).await?;
    let membership = reader.membership().await?;
    Ok(match membership.as_deref().and_then(keys::of) {
        Some((key, held)) => json!({"key": key, "held": held.as_str()}),
        None => json!({}),
    })
}
