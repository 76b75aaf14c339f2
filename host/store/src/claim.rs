//! Holding the head of a journal while a batch is decided on it: nodes that write one journal take turns then,
//! instead of deciding what one of them throws away.
//!
//! Nothing depends on it: the commit compares and swaps as ever. It is worth its wait only where a head was lost
//! to another process, so whoever never loses one never asks for it.

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::batch::Batch;
use crate::db::{Engine, Store, Tx};
use crate::error::StoreError;
use crate::limits::CLAIMS_MAX;
use crate::sql::Sql;

/// Statements of this file.
pub const SQL: &[Sql] = &[HOLD];

const HOLD: Sql = Sql::both(
    "claim.hold",
    "SELECT seq FROM network WHERE key = $1",
    "SELECT seq FROM network WHERE key = $1 FOR UPDATE",
);

/// Who holds one reads by other connections meanwhile: some must be left.
static CLAIMS: Semaphore = Semaphore::const_new(CLAIMS_MAX);

/// A head that nobody else moves until this is committed or dropped.
pub struct Claim {
    tx: Tx,
    _turn: SemaphorePermit<'static>,
}

impl Store {
    /// Waits for a head and holds it; none where there is only one writer, or too many are held.
    pub async fn claim(&self, network: i64) -> Result<Option<Claim>, StoreError> {
        let (Engine::Postgres(_), Ok(turn)) = (&self.engine, CLAIMS.try_acquire()) else { return Ok(None) };
        let mut tx = self.begin().await?;
        tx.execute(&HOLD, vec![network.into()]).await?;
        Ok(Some(Claim { tx, _turn: turn }))
    }
}

impl Claim {
    /// Writes batches in the transaction that holds the head.
    pub async fn commit_all(mut self, batches: &[Batch]) -> Result<(), StoreError> {
        for statement in batches.iter().flat_map(Batch::statements) {
            self.tx.send(statement).await?;
        }
        self.tx.commit().await
    }
}
