//! Committing: batches of several lanes in one transaction where there is one writer, each in its own where
//! there are many.
//!
//! What a batch sends is made ready by whoever sends it. On SQLite one task owns the writer: it takes every
//! batch that is ready, never waits for one, and puts them to disk together. A batch that cannot be written
//! (its head has moved, a row is refused) is taken back alone; what the disk refuses is refused to all.

use sqlx::sqlite::SqlitePool;
use tokio::sync::{mpsc, oneshot};

use crate::batch::Batch;
use crate::db::{Arg, Engine, Store, Tx};
use crate::error::StoreError;
use crate::limits::{GROUP_LEN_MAX, WRITES_WAITING_MAX};
use crate::retry::Tries;
use crate::sql::Sql;

/// Statements of this file.
pub const SQL: &[Sql] = &[SAVEPOINT, RELEASE, BACK];

const SAVEPOINT: Sql = Sql::same("commit.savepoint", "SAVEPOINT batch");
const RELEASE: Sql = Sql::same("commit.release", "RELEASE SAVEPOINT batch");
const BACK: Sql = Sql::same("commit.back", "ROLLBACK TO SAVEPOINT batch");

/// One statement, ready to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    pub sql: &'static Sql,
    pub args: Vec<Arg>,
    /// Whether it must touch exactly one row, the head that the batch was decided on.
    pub moves_head: bool,
}

/// Batches that stand or fall together, and who waits for them.
pub(crate) struct Writes {
    statements: Vec<Statement>,
    answer: oneshot::Sender<Result<(), StoreError>>,
}

impl Store {
    /// Writes a batch, all or nothing; a network's first batch also brings its head.
    pub async fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.commit_all(std::slice::from_ref(batch)).await
    }

    /// Writes batches of several networks in one transaction, in their order.
    pub async fn commit_all(&self, batches: &[Batch]) -> Result<(), StoreError> {
        let statements: Vec<Statement> = batches.iter().flat_map(Batch::statements).collect();
        match &self.engine {
            Engine::Postgres(_) => {
                let mut tries = Tries::default();
                loop {
                    let outcome = self.write(statements.clone()).await;
                    if !tries.again(&outcome).await {
                        return outcome;
                    }
                }
            }
            Engine::Sqlite { writes, .. } => {
                let away = || StoreError::Away("the database is closed".into());
                let (answer, heard) = oneshot::channel();
                writes.send(Writes { statements, answer }).await.map_err(|_| away())?;
                heard.await.map_err(|_| away())?
            }
        }
    }
}

impl Store {
    async fn write(&self, statements: Vec<Statement>) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        all(&mut tx, statements).await?;
        tx.commit().await
    }
}

impl Tx {
    /// Sends a statement that was made ready.
    pub(crate) async fn send(&mut self, statement: Statement) -> Result<(), StoreError> {
        let touched = self.execute(statement.sql, statement.args).await?;
        match statement.moves_head && touched != 1 {
            true => Err(StoreError::HeadLost),
            false => Ok(()),
        }
    }
}

/// Starts the task that owns SQLite's writer.
pub(crate) fn start(writer: SqlitePool) -> mpsc::Sender<Writes> {
    let (sender, mut waiting) = mpsc::channel::<Writes>(WRITES_WAITING_MAX);
    tokio::spawn(async move {
        while let Some(first) = waiting.recv().await {
            let mut group = vec![first];
            while group.len() < GROUP_LEN_MAX
                && let Ok(next) = waiting.try_recv()
            {
                group.push(next);
            }
            let (lists, answers): (Vec<_>, Vec<_>) =
                group.into_iter().map(|writes| (writes.statements, writes.answer)).unzip();
            let outcomes = match together(&writer, lists).await {
                Ok(outcomes) => outcomes,
                Err(error) => answers.iter().map(|_| Err(error.again())).collect(),
            };
            for (answer, outcome) in answers.into_iter().zip(outcomes) {
                drop(answer.send(outcome));
            }
        }
    });
    sender
}

/// Writes what several lanes have ready in one transaction; an outcome each.
async fn together(
    writer: &SqlitePool,
    lists: Vec<Vec<Statement>>,
) -> Result<Vec<Result<(), StoreError>>, StoreError> {
    let mut tx = Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?);
    // One alone needs no savepoint: what takes it back takes everything back.
    if lists.len() == 1 {
        for statement in lists.into_iter().flatten() {
            tx.send(statement).await?;
        }
        tx.commit().await?;
        return Ok(vec![Ok(())]);
    }
    let mut outcomes = Vec::with_capacity(lists.len());
    for list in lists {
        tx.execute(&SAVEPOINT, Vec::new()).await?;
        let outcome = all(&mut tx, list).await;
        match &outcome {
            Ok(()) => {}
            Err(StoreError::HeadLost | StoreError::Constraint(_)) => {
                tx.execute(&BACK, Vec::new()).await?;
            }
            Err(error) => return Err(error.again()),
        }
        tx.execute(&RELEASE, Vec::new()).await?;
        outcomes.push(outcome);
    }
    tx.commit().await?;
    Ok(outcomes)
}

async fn all(tx: &mut Tx, list: Vec<Statement>) -> Result<(), StoreError> {
    for statement in list {
        tx.send(statement).await?;
    }
    Ok(())
}
