//! How long whoever comes to a lane now would wait, as far as those show who are being served.
//!
//! A queue that is bounded in length still makes people wait for minutes when the database has become slow. Who
//! would wait for longer than anybody looks at a screen is told to come back instead.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::limits::QUEUE_MS_MAX;

/// When the batch that a lane is at was begun, and how long its first command had waited by then.
#[derive(Default)]
pub(crate) struct Pace(Mutex<Option<(Instant, Duration)>>);

impl Pace {
    /// The lane begins to serve somebody who came at that moment.
    pub fn begin(&self, came: Instant) {
        let now = Instant::now();
        self.set(Some((now, now.saturating_duration_since(came))));
    }

    /// The lane has nothing to do.
    pub fn rest(&self) {
        self.set(None);
    }

    fn set(&self, pace: Option<(Instant, Duration)>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = pace;
    }

    /// Whether there is no use in waiting.
    pub fn is_hopeless(&self) -> bool {
        let pace = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = |(began, waited): (Instant, Duration)| began.elapsed() + waited;
        pace.is_some_and(|pace| waits(pace) > Duration::from_millis(QUEUE_MS_MAX))
    }
}
