//! Taking turns with other nodes that write the same journal: within its turn a lane writes as if it were alone,
//! the next batch decided while the last is written. A lane that never lost a head asks for no turn.

use std::time::Duration;

use store::Turn;
use tokio::time::Instant;

use super::{Failure, Task};
use crate::limits::{TURN_MS, TURN_REST_MS, TURNS_ALONE_MAX};

/// Whether another node writes here, and whose turn it is.
#[derive(Default)]
pub(super) struct Turns {
    /// Turns still to be taken: in so many of them nobody else may write before it is taken for alone.
    wanted: u32,
    had: Option<(Turn, Instant)>,
}

impl Turns {
    /// A batch was not written: perhaps because another node wrote first.
    pub fn lost(&mut self, failure: &Failure) {
        if matches!(failure, Failure::Lost) {
            self.wanted = TURNS_ALONE_MAX;
        }
    }

    fn is_over(&self) -> bool {
        self.had.as_ref().is_some_and(|(_, since)| since.elapsed() > Duration::from_millis(TURN_MS))
    }

    /// How long it is worth waiting within a turn for the next command; none without a turn.
    pub fn rest(&self) -> Option<Duration> {
        self.had.as_ref().map(|_| Duration::from_millis(TURN_REST_MS))
    }
}

impl Task {
    /// Waits for a turn, if another node writes here too and this one has none.
    pub(super) async fn take_turn(&mut self) {
        if self.turns.is_over() {
            self.end_turn().await;
        }
        if self.turns.had.is_some() || self.turns.wanted == 0 {
            return;
        }
        self.land().await;
        let taken = self.node.store.turn(self.network).await;
        let (turn, head) = match (taken, self.node.store.head(self.network).await) {
            (Ok(turn), Ok(head)) => (turn, head),
            // It was only for speed; whatever is wrong with the database will be met again.
            (Err(error), _) | (_, Err(error)) => return tracing::warn!(%error, "no turn"),
        };
        match head.map(|head| head.hash) == self.head.as_ref().map(|head| head.hash) {
            true => self.turns.wanted -= 1,
            false => {
                self.forget();
                self.turns.wanted = TURNS_ALONE_MAX;
            }
        }
        self.turns.had = turn.map(|turn| (turn, Instant::now()));
    }

    /// Gives a turn back, once what was written in it stands.
    pub(super) async fn end_turn(&mut self) {
        let Some((turn, _)) = self.turns.had.take() else { return };
        self.land().await;
        if let Err(error) = turn.give_back().await {
            tracing::warn!(%error, "a turn ended by itself");
        }
    }
}
