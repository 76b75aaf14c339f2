//! Turns of processes that write one journal. Each would decide what another one's commit throws away; instead
//! they take turns of some milliseconds, in which one of them writes as if it were alone.
//!
//! Nothing depends on it: the commit compares and swaps as ever, and whoever never loses a head never asks.

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::db::{Engine, Store, Tx};
use crate::error::StoreError;
use crate::limits::TURNS_MAX;
use crate::sql::Sql;

/// Statements of this file.
pub const SQL: &[Sql] = &[TAKE];

// Those who wait are served in the order in which they came.
const TAKE: Sql = Sql::both(
    "turn.take",
    "SELECT CAST($1 AS BIGINT)",
    "SELECT 1 FROM pg_advisory_xact_lock(7426, CAST($1 AS INT))",
);

/// Whoever has a turn writes by other connections meanwhile: some must be left.
static TURNS: Semaphore = Semaphore::const_new(TURNS_MAX);

/// A turn; it ends when this is dropped or given back.
pub struct Turn {
    tx: Tx,
    _place: SemaphorePermit<'static>,
}

impl Store {
    /// Waits for a turn at a journal; none where there is only one writer, or too many are had.
    pub async fn turn(&self, network: i64) -> Result<Option<Turn>, StoreError> {
        let (Engine::Postgres(_), Ok(place)) = (&self.engine, TURNS.try_acquire()) else { return Ok(None) };
        let mut tx = self.begin().await?;
        tx.execute(&TAKE, vec![network.into()]).await?;
        Ok(Some(Turn { tx, _place: place }))
    }
}

impl Turn {
    /// Lets the next one write.
    pub async fn give_back(self) -> Result<(), StoreError> {
        self.tx.commit().await
    }
}
