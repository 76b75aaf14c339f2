//! What is SQLite's alone: the file, its pragmas, one writer.

use std::path::Path;
use std::time::Duration;

use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::commit;
use crate::db::{Engine, Store, Tx};
use crate::error::StoreError;
use crate::limits::{ACQUIRE_MS, BUSY_MS, READERS_MAX, ROWS_AHEAD};
use crate::sql::Sql;

impl Store {
    /// Opens or makes a database file: write-ahead log, every commit on disk before it is answered.
    pub async fn open_sqlite(path: &Path) -> Result<Store, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            // An entry has about 1,500 bytes: two to a page of four kilobytes, but five to one of eight.
            .page_size(8_192)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_millis(BUSY_MS))
            .pragma("cache_size", "-65536")
            .pragma("temp_store", "memory")
            .row_buffer_size(ROWS_AHEAD)
            .statement_cache_capacity(128);
        let pool = |max| {
            // When the disk is full SQLite ends the transaction by itself, and the rollback that follows fails:
            // the connection believes for ever that it stands in one. It is thrown away.
            SqlitePoolOptions::new()
                .max_connections(max)
                .acquire_timeout(Duration::from_millis(ACQUIRE_MS))
                .before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
        };
        let writer = pool(1).connect_with(options.clone()).await?;
        let readers =
            pool(READERS_MAX).connect_with(options.read_only(true).create_if_missing(false)).await?;
        let writes = commit::start(writer.clone());
        Ok(Store { engine: Engine::Sqlite { writer, readers, writes } })
    }

    /// Opens a database file and changes nothing in it, not even its schema.
    pub async fn open_sqlite_read_only(path: &Path) -> Result<Store, StoreError> {
        if !path.exists() {
            return Err(StoreError::Address(path.display().to_string()));
        }
        let options = SqliteConnectOptions::new().filename(path).read_only(true);
        let pool = SqlitePoolOptions::new().max_connections(READERS_MAX).connect_with(options).await?;
        let writes = commit::start(pool.clone());
        Ok(Store { engine: Engine::Sqlite { writer: pool.clone(), readers: pool, writes } })
    }
}

impl Tx {
    /// Sends several statements in one text.
    pub(crate) async fn script(&mut self, sql: &Sql) -> Result<(), StoreError> {
        match self {
            Tx::Sqlite(tx) => sqlx::raw_sql(sql.sqlite).execute(&mut **tx).await.map(|_| ())?,
            Tx::Postgres(tx) => sqlx::raw_sql(sql.postgres).execute(&mut **tx).await.map(|_| ())?,
        }
        Ok(())
    }
}
