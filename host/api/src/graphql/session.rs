//! Who asks, and where what they ask is read.

use std::sync::Arc;

use async_graphql::Error;
use axum::http::HeaderMap;
use identity::rate::Asker;
use pipeline::acts::Command;
use pipeline::{Receipt, Rejection};
use serde_json::Value as Json;
use valueflows::Instant;

use super::desk::{Desk, failed};
use crate::problem::Problem;
use crate::seat::{Door, Who};

/// Somebody at this door, with the network that they belong to.
#[derive(Clone)]
pub(crate) struct Session {
    pub door: Door,
    pub who: Who,
    asker: Asker,
    network: Arc<str>,
    headers: Arc<HeaderMap>,
}

impl Session {
    /// Whoever sends these headers; one that changes something shows that no other site made it do so.
    pub async fn open(door: &Door, headers: &HeaderMap, acts: bool) -> Result<Session, Problem> {
        let ((who, head), asker) = door.anybody(headers, acts).await?;
        let network = Arc::from(head.name.as_str());
        Ok(Session { door: door.clone(), who, asker, network, headers: Arc::new(headers.clone()) })
    }

    /// The network's name.
    pub fn network(&self) -> &str {
        &self.network
    }

    /// Whom streams are counted for.
    pub fn asker(&self) -> Asker {
        self.asker.clone()
    }

    /// Where an answer is read: at the journal's end as it is now.
    pub async fn desk(&self) -> Result<Arc<Desk>, Problem> {
        let reader = self.door.node.reader(&self.network, self.who.agent, self.who.via).await?;
        Ok(Desk::new(reader))
    }

    /// The books' time, and how far the journal has come.
    pub async fn now(&self) -> Result<(Instant, u64), Problem> {
        let head = self.door.node.head(&self.network).await?;
        Ok((pipeline::node::time(&head), head.seq))
    }

    /// Whether they would still be let in.
    pub async fn still_stands(&self) -> Result<bool, Problem> {
        match self.door.recognise(&self.headers, false).await {
            Ok(((who, _), _)) => Ok((who.agent, who.network) == (self.who.agent, self.who.network)),
            Err(problem) if problem.is_unauthorized() => Ok(false),
            Err(problem) => Err(problem),
        }
    }

    /// Sends acts as one command of theirs; answers when it is in the journal, refused or not.
    pub async fn send(&self, id: Option<&str>, acts: Vec<Json>) -> Result<Receipt, Error> {
        let rejected = |rejection: Rejection| failed(rejection.into());
        let id = match id {
            Some(id) => id.to_owned(),
            None => pipeline::node::command_id().map_err(rejected)?.to_string(),
        };
        let mut command = serde_json::json!({"id": id, "agent": self.who.agent, "acts": acts});
        crate::wire::inward(&mut command);
        let command: Command = pipeline::read_command(&command).map_err(rejected)?;
        self.door.node.send(&self.network, command, self.who.via).await.map_err(rejected)
    }
}
