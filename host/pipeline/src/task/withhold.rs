//! What is out of use is withheld before anything is judged by it: at the start, when rules come into force, and when
//! something is revoked.

use store::{Head, State};

use super::{Failure, Task};
use crate::error::Rejection;
use crate::limits::HEAD_LOST_MAX;

impl Task {
    /// Looks once, before anybody asks.
    pub(super) async fn begin(&mut self) {
        for _ in 0..HEAD_LOST_MAX {
            let looked = match self.head().await {
                Ok(head) if head.state == State::Live => self.put_out_of_use(&head).await,
                Ok(_) => return,
                Err(rejection) => Err(rejection),
            };
            match looked {
                Ok(true) => {}
                Ok(false) => return,
                Err(rejection) => {
                    return tracing::error!(%rejection, network = self.network, "what is out of use was not looked for");
                }
            }
        }
    }

    /// Withholds what is out of use of the rules in force; whether the journal has grown by it.
    pub(super) async fn put_out_of_use(&mut self, head: &Head) -> Result<bool, Rejection> {
        let seen = (head.book_seq, self.node.told.changed());
        if self.looked_at == Some(seen) || self.network == crate::own::KEY {
            return Ok(false);
        }
        let Some(command) = self.node.withholding(head).await? else {
            self.looked_at = Some(seen);
            return Ok(false);
        };
        self.land().await;
        match self.together(std::slice::from_ref(&command)).await {
            // Another node wrote first; it is looked at again.
            Ok(_) | Err(Failure::Lost) => Ok(true),
            Err(failure) => Err(failure.into()),
        }
    }
}
