//! The one place where a transaction is tried again: PostgreSQL ended it in favour of another (serialization
//! failure 40001, deadlock 40P01), which says nothing about what was asked.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::error::StoreError;
use crate::limits::{RETRY_MAX, RETRY_WAIT_MS};

static RETRIED: AtomicU64 = AtomicU64::new(0);

/// How often something was tried again since the process began.
pub fn retried() -> u64 {
    RETRIED.load(Ordering::Relaxed)
}

/// The attempts at one transaction.
#[derive(Default)]
pub(crate) struct Tries(u64);

impl Tries {
    /// Whether what came of an attempt asks for another, and has not asked too often; waits before it says so.
    pub async fn again<T>(&mut self, outcome: &Result<T, StoreError>) -> bool {
        let Err(StoreError::Again(problem)) = outcome else { return false };
        if self.0 >= RETRY_MAX {
            return false;
        }
        self.0 += 1;
        let count = RETRIED.fetch_add(1, Ordering::Relaxed);
        tracing::info!(problem, "the database ended a transaction in favour of another");
        // Those who met each other must not meet again: the count tells them apart.
        tokio::time::sleep(Duration::from_millis(RETRY_WAIT_MS * (self.0 + count % 7))).await;
        true
    }
}
