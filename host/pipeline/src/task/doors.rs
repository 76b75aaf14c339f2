//! Who is let in before anything is judged.

use governance::Command;
use valueflows::Instant;

use super::Task;
use crate::error::Rejection;
use crate::lane::Waiting;
use crate::limits::REFUSALS_PER_DAY_MAX;
use crate::node::now;

impl Task {
    /// Turns away whoever brings rules that this node could not live by.
    pub(super) async fn with_sound_books(&mut self, waiting: Vec<Waiting>) -> Vec<Waiting> {
        let brings = |one: &Waiting| {
            one.command.acts.iter().any(|act| matches!(act.name(), "draftAmendment" | "redraftAmendment"))
        };
        if !waiting.iter().any(brings) {
            return waiting;
        }
        let mut sound = Vec::with_capacity(waiting.len());
        for one in waiting {
            match self.check_books(&one.command).await {
                Ok(()) => sound.push(one),
                Err(rejection) => one.tell(Err(rejection)),
            }
        }
        sound
    }

    async fn check_books(&mut self, command: &Command) -> Result<(), Rejection> {
        let head = self.head().await?;
        let rules = self.node.rules(&head).await?;
        self.node.check_books(command, &rules).await
    }

    /// Whether the sender may still be refused in writing today.
    pub(super) fn quota(&mut self, one: &mut Waiting) -> bool {
        let today = now().0.div_euclid(Instant::DAY_US);
        if today != self.day {
            self.day = today;
            self.refusals.clear();
        }
        if self.refusals.get(&one.command.agent).is_none_or(|count| *count < REFUSALS_PER_DAY_MAX) {
            return true;
        }
        one.turn_away(Rejection::TooManyRefusals);
        false
    }
}
