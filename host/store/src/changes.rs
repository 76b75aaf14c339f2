//! Hearing that another process wrote to the same database. A notification is only a hint and may be lost;
//! whoever listens looks at the positions in any case, and at the latest after a second.

use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};

use crate::db::{Engine, Store};
use crate::error::StoreError;
use crate::limits::POLL_MS;
use crate::sql::Sql;

/// Statements of this file.
pub const SQL: &[Sql] = &[HINT];

// Sent outside any batch's transaction: PostgreSQL lets those that notify commit only one after the other.
const HINT: Sql = Sql::both("changes.hint", "SELECT 1", "SELECT pg_notify('reflow', '')");

/// Somebody who listens.
pub struct Changes {
    pool: Option<PgPool>,
    listener: Option<PgListener>,
}

impl Store {
    /// Begins to listen.
    pub fn changes(&self) -> Changes {
        let pool = match &self.engine {
            Engine::Postgres(pool) => Some(pool.clone()),
            Engine::Sqlite { .. } => None,
        };
        Changes { pool, listener: None }
    }

    /// Tells the others that something was written.
    pub async fn hint(&self) -> Result<(), StoreError> {
        self.fetch(&HINT, &[]).await.map(drop)
    }
}

impl Changes {
    /// Waits until there may be something new.
    pub async fn next(&mut self) {
        let poll = Duration::from_millis(POLL_MS);
        if self.listener.is_none()
            && let Some(pool) = &self.pool
        {
            self.listener = listen(pool).await.ok();
        }
        let Some(listener) = &mut self.listener else { return tokio::time::sleep(poll).await };
        if let Ok(Err(error)) = tokio::time::timeout(poll, listener.recv()).await {
            tracing::warn!(%error, "the database no longer tells of what others write; it is asked instead");
            self.listener = None;
            tokio::time::sleep(poll).await;
        }
    }
}

async fn listen(pool: &PgPool) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen("reflow").await?;
    Ok(listener)
}
