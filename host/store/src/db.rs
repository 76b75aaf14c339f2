//! One way to send a statement, whichever engine is behind it.

use sqlx::postgres::{PgArguments, PgPool, PgRow};
use sqlx::sqlite::{SqliteArguments, SqlitePool, SqliteRow};
use sqlx::{Arguments, Postgres, Row as _, SqlSafeStr, Sqlite, Transaction};
use tokio::sync::mpsc;

use crate::commit::Writes;
use crate::error::StoreError;
use crate::limits::UNCONFIRMED_EXIT;
use crate::retry::Tries;
use crate::sql::Sql;

/// A database, opened.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) engine: Engine,
}

#[derive(Debug, Clone)]
pub(crate) enum Engine {
    /// One writer, a few readers.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
        writes: mpsc::Sender<Writes>,
    },
    Postgres(PgPool),
}

/// A parameter.
#[derive(Debug, Clone)]
pub enum Arg {
    /// A whole number.
    Int(i64),
    /// A whole number or nothing.
    OptInt(Option<i64>),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Text.
    Text(String),
}

impl From<i64> for Arg {
    fn from(n: i64) -> Arg {
        Arg::Int(n)
    }
}

impl From<&[u8]> for Arg {
    fn from(bytes: &[u8]) -> Arg {
        Arg::Bytes(bytes.to_vec())
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Arg {
        Arg::Text(text.to_owned())
    }
}

/// A row of an answer.
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

macro_rules! getter {
    ($(#[$doc:meta])* $name:ident -> $kind:ty) => {
        $(#[$doc])*
        pub fn $name(&self, column: usize) -> Result<$kind, StoreError> {
            match self {
                Row::Sqlite(row) => row.try_get(column),
                Row::Postgres(row) => row.try_get(column),
            }
            .map_err(|error| StoreError::Corrupt { table: "answer", problem: error.to_string() })
        }
    };
}

impl Row {
    getter! { /// A whole number.
    int -> i64 }
    getter! { /// A whole number or nothing.
    opt_int -> Option<i64> }
    getter! { /// Bytes.
    bytes -> Vec<u8> }
    getter! { /// Bytes or nothing.
    opt_bytes -> Option<Vec<u8>> }
    getter! { /// Text.
    text -> String }
    getter! { /// Text or nothing.
    opt_text -> Option<String> }

    /// Sixteen bytes.
    pub fn id(&self, column: usize) -> Result<valueflows::Id, StoreError> {
        let bytes = self.bytes(column)?;
        let bytes = bytes.try_into().map_err(|_| StoreError::Corrupt {
            table: "answer",
            problem: "an id that is not sixteen bytes long".into(),
        })?;
        Ok(valueflows::Id(bytes))
    }
}

macro_rules! arguments {
    ($kind:ty, $args:expr) => {{
        let mut arguments = <$kind>::default();
        for arg in $args {
            match arg {
                Arg::Int(n) => arguments.add(n),
                Arg::OptInt(n) => arguments.add(n),
                Arg::Bytes(bytes) => arguments.add(bytes),
                Arg::Text(text) => arguments.add(text),
            }
            .map_err(|error| StoreError::Away(error.to_string()))?;
        }
        arguments
    }};
}

/// A transaction.
pub enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

impl Store {
    /// Whether the database is embedded.
    pub fn is_embedded(&self) -> bool {
        matches!(self.engine, Engine::Sqlite { .. })
    }

    /// Connections to the database: open, and open without anything to do.
    pub fn connections(&self) -> (u32, usize) {
        match &self.engine {
            Engine::Sqlite { writer, readers, .. } => {
                (writer.size() + readers.size(), writer.num_idle() + readers.num_idle())
            }
            Engine::Postgres(pool) => (pool.size(), pool.num_idle()),
        }
    }

    /// Opens a transaction that writes.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(match &self.engine {
            // A deferred transaction would find the lock taken only when it is too late to wait.
            Engine::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Engine::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Sends a statement outside a transaction; how many rows it touched.
    pub async fn execute(&self, sql: &Sql, args: &[Arg]) -> Result<u64, StoreError> {
        let mut tries = Tries::default();
        loop {
            let outcome = self.execute_once(sql, args.to_vec()).await;
            if !tries.again(&outcome).await {
                return outcome;
            }
        }
    }

    async fn execute_once(&self, sql: &Sql, args: Vec<Arg>) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let rows = tx.execute(sql, args).await?;
        tx.commit().await?;
        Ok(rows)
    }

    /// Asks for rows.
    pub async fn fetch(&self, sql: &Sql, args: &[Arg]) -> Result<Vec<Row>, StoreError> {
        Ok(match &self.engine {
            Engine::Sqlite { readers, .. } => {
                let arguments = arguments!(SqliteArguments, args.iter().cloned());
                let rows = sqlx::query_with(sql.sqlite, arguments).fetch_all(readers).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Engine::Postgres(pool) => {
                let arguments = arguments!(PgArguments, args.iter().cloned());
                let rows = sqlx::query_with(sql.postgres, arguments).fetch_all(pool).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// Asks for the first row, if there is one.
    pub async fn fetch_one(&self, sql: &Sql, args: &[Arg]) -> Result<Option<Row>, StoreError> {
        Ok(self.fetch(sql, args).await?.into_iter().next())
    }

    /// Has the engine read and plan a statement without running it.
    pub async fn prepare(&self, sql: &Sql) -> Result<(), StoreError> {
        use sqlx::Executor;
        match &self.engine {
            Engine::Sqlite { readers, .. } => {
                drop(readers.acquire().await?.prepare(sql.sqlite.into_sql_str()).await?)
            }
            Engine::Postgres(pool) => drop(pool.acquire().await?.prepare(sql.postgres.into_sql_str()).await?),
        }
        Ok(())
    }

    /// Closes every connection.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Sends a statement; how many rows it touched.
    pub async fn execute(&mut self, sql: &Sql, args: Vec<Arg>) -> Result<u64, StoreError> {
        Ok(match self {
            Tx::Sqlite(tx) => {
                let arguments = arguments!(SqliteArguments, args);
                sqlx::query_with(sql.sqlite, arguments).execute(&mut **tx).await?.rows_affected()
            }
            Tx::Postgres(tx) => {
                let arguments = arguments!(PgArguments, args);
                sqlx::query_with(sql.postgres, arguments).execute(&mut **tx).await?.rows_affected()
            }
        })
    }

    /// Makes it all true at once.
    pub async fn commit(self) -> Result<(), StoreError> {
        let committed = match self {
            Tx::Sqlite(tx) => tx.commit().await,
            Tx::Postgres(tx) => tx.commit().await,
        };
        let outcome = committed.map_err(StoreError::from);
        if let Err(error @ StoreError::Unconfirmed(_)) = &outcome {
            // The system forgets what it could not write, and the next attempt would be confirmed without it.
            // Nobody was answered; who begins again reads what is really there.
            tracing::error!(%error, "this node stops: look at its disk before it is started again");
            std::process::exit(UNCONFIRMED_EXIT);
        }
        outcome
    }
}
