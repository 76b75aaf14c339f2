//! What is PostgreSQL's alone: the pool, and the lock under which one node migrates.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::db::{Engine, Store, Tx};
use crate::error::StoreError;
use crate::limits::{ACQUIRE_MS, CONNECTIONS_MAX, HOLD_MS};
use crate::sql::Sql;

const LOCK: Sql =
    Sql::both("schema.lock", "SELECT 1", "SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock(7305219)");

impl Store {
    /// Opens a pool to an address `postgres://…`.
    pub async fn open_postgres(address: &str) -> Result<Store, StoreError> {
        let options =
            PgConnectOptions::from_str(address).map_err(|_| StoreError::Address(address.to_owned()))?;
        // Every statement here looks a short list of keys up in an index. PostgreSQL takes each list for a
        // hundred rows, and would rather read whole tables than look so many up.
        let options =
            options.options(["hashjoin", "mergejoin", "seqscan"].map(|way| (format!("enable_{way}"), "off")));
        // A process that stands still, or was cut off, in the middle of a transaction keeps others out for
        // so long and no longer.
        let options = options.options([
            ("idle_in_transaction_session_timeout", HOLD_MS.to_string()),
            ("lock_timeout", HOLD_MS.to_string()),
            ("tcp_keepalives_idle", "5".to_owned()),
            ("tcp_keepalives_interval", "2".to_owned()),
            ("tcp_keepalives_count", "3".to_owned()),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS_MAX)
            .acquire_timeout(Duration::from_millis(ACQUIRE_MS))
            .connect_with(options)
            .await?;
        Ok(Store { engine: Engine::Postgres(pool) })
    }

    pub(crate) async fn lock_schema(&self, tx: &mut Tx) -> Result<(), StoreError> {
        match tx {
            // SQLite's writer is alone already.
            Tx::Sqlite(_) => Ok(()),
            Tx::Postgres(_) => tx.script(&LOCK).await,
        }
    }
}
