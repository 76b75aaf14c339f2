//! A batch that is being written while its lane decides the next one.

use std::collections::HashSet;
use std::sync::Arc;

use store::Batch;
use tokio::task::JoinHandle;
use tracing::Instrument;
use valueflows::Id;

use crate::error::Rejection;
use crate::lane::{Answer, Waiting};
use crate::node::Node;
use crate::task::Failure;

type Outcome = Result<(), (Failure, Vec<Waiting>)>;

/// A batch on its way. Its senders are answered when it stands, and not before.
pub(crate) struct Flight {
    ids: HashSet<Id>,
    task: JoinHandle<Outcome>,
    outcome: Option<Outcome>,
}

impl Flight {
    /// Sends a batch on its way.
    pub fn launch(node: Arc<Node>, mut batch: Batch, waiting: Vec<Waiting>, answers: Vec<Answer>) -> Flight {
        let ids = waiting.iter().map(|one| one.command.id).collect();
        let span = tracing::info_span!("write", first = batch.old.seq + 1, entries = batch.entries.len());
        let written = async move {
            batch.checkpoints = match node.sign(&batch.new) {
                Ok(checkpoint) => vec![checkpoint],
                Err(rejection) => return Err((rejection.into(), waiting)),
            };
            match node.commit(std::slice::from_ref(&batch)).await {
                Ok(()) => {
                    waiting.into_iter().zip(answers).for_each(|(one, answer)| one.tell(answer));
                    Ok(())
                }
                Err(error) => Err((error.into(), waiting)),
            }
        };
        let task = tokio::spawn(written.instrument(span));
        Flight { ids, task, outcome: None }
    }

    /// Whether it carries one of these commands.
    pub fn carries(&self, waiting: &[Waiting]) -> bool {
        waiting.iter().any(|one| self.ids.contains(&one.command.id))
    }

    /// Waits for its end; [`Flight::land`] says how it ended. Giving up waiting loses nothing.
    pub async fn over(&mut self) {
        if self.outcome.is_none() {
            let ended = (&mut self.task).await;
            let lost =
                |error: tokio::task::JoinError| Rejection::Internal(format!("a writer stopped: {error}"));
            self.outcome = Some(ended.unwrap_or_else(|error| Err((lost(error).into(), Vec::new()))));
        }
    }

    /// How it ended: if not well, with those who still wait for an answer.
    pub async fn land(mut self) -> Outcome {
        self.over().await;
        self.outcome.unwrap_or(Ok(()))
    }
}
