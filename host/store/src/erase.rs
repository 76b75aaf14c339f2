//! Erasing: what an erasure looks for, and what is left of it on the disk.

use ::journal::{Digest, Entry};
use serde_json::Value as Json;
use valueflows::Id;

use crate::db::{Engine, Row, Store};
use crate::error::StoreError;
use crate::limits::TRUNCATE_TRIES;
use crate::network::Head;
use crate::read::Kept;
use crate::sql::Sql;

/// Statements of this file.
pub const SQL: &[Sql] = &[
    NAMING,
    RECORDS_NAMING,
    RECORDS_OF,
    SESSIONS,
    FACTORS,
    RECOVERY,
    FEEDS,
    MAILS,
    ACCOUNTS,
    INVITATIONS,
    TOKENS,
];

// Ids stand in both parts as people write them; whoever is erased is looked for in the whole journal, which an index
// would have to hold for everybody all the time.
const NAMING: Sql = Sql::same(
    "entry.naming",
    "SELECT seq, at, command, hash, format, books, books_salt, personal, personal_salt, personal_commitment \
     FROM entry WHERE network = $1 AND personal IS NOT NULL AND (books LIKE $2 OR personal LIKE $2) ORDER BY seq",
);
const RECORDS_NAMING: Sql = Sql::same(
    "record.naming",
    "SELECT key, id, class, version, books, personal FROM record \
     WHERE network = $1 AND personal IS NOT NULL AND (id = $2 OR books LIKE $3 OR personal LIKE $3) ORDER BY key",
);
const RECORDS_OF: Sql = Sql::both(
    "record.of_entries",
    "SELECT key, id, class, version, books, personal FROM record WHERE network = $1 AND personal IS NOT NULL \
     AND seq IN (SELECT value FROM json_each($2)) ORDER BY key",
    "SELECT key, id, class, version, books, personal FROM record WHERE network = $1 AND personal IS NOT NULL \
     AND seq = ANY (ARRAY (SELECT CAST(t.value AS BIGINT) FROM json_array_elements_text(CAST($2 AS json)) AS t(value))) \
     ORDER BY key",
);
/// What hangs on somebody's account goes before it.
macro_rules! of_account {
    ($table:literal) => {
        Sql::same(
            concat!($table, ".forget"),
            concat!(
                "DELETE FROM ",
                $table,
                " WHERE account IN (SELECT key FROM account WHERE network = $1 AND agent = $2)"
            ),
        )
    };
}

const SESSIONS: Sql = of_account!("session");
const FACTORS: Sql = of_account!("factor");
const RECOVERY: Sql = of_account!("recovery");
const FEEDS: Sql = of_account!("feed");
const MAILS: Sql = of_account!("mail");
const TIES: Sql = of_account!("tie");
const PASSKEYS: Sql = of_account!("passkey");
const CEREMONIES: Sql = of_account!("ceremony");
const ACCOUNTS: Sql = Sql::same("account.forget", "DELETE FROM account WHERE network = $1 AND agent = $2");
// A used one of the first kind may hold anybody's name; one that gave an account back names whose it was, and has to be
// remembered: otherwise it could be made again.
const INVITATIONS: Sql = Sql::same(
    "invitation.forget",
    "DELETE FROM invitation WHERE network = $1 AND (agent = $2 OR inviter = $2 OR (used > 0 AND kind = 0))",
);
const TOKENS: Sql = Sql::same("token.forget", "DELETE FROM token WHERE network = $1 AND agent = $2");

/// What PostgreSQL is told, each outside a transaction.
const REWRITE: [&str; 15] = [
    "VACUUM (FULL) entry",
    "VACUUM (FULL) record",
    "VACUUM (FULL) link",
    "VACUUM (FULL) account",
    "VACUUM (FULL) session",
    "VACUUM (FULL) factor",
    "VACUUM (FULL) recovery",
    "VACUUM (FULL) feed",
    "VACUUM (FULL) mail",
    "VACUUM (FULL) tie",
    "VACUUM (FULL) passkey",
    "VACUUM (FULL) ceremony",
    "VACUUM (FULL) blob",
    "VACUUM (FULL) token",
    "VACUUM (FULL) invitation",
];

fn like(id: Id) -> String {
    format!("%{id}%")
}

impl Store {
    /// The entries with a personal part that name an id in either part, oldest first.
    pub async fn entries_naming(&self, head: &Head, id: Id) -> Result<Vec<(Entry, Digest)>, StoreError> {
        let rows = self.fetch(&NAMING, &[head.key.into(), like(id).as_str().into()]).await?;
        rows.iter().map(|row| crate::journal::entry(row, head.network)).collect()
    }

    /// The records with a personal part that are an id, or name it.
    pub async fn records_naming(&self, head: &Head, id: Id) -> Result<Vec<Kept>, StoreError> {
        let args = [head.key.into(), id.0.as_slice().into(), like(id).as_str().into()];
        self.fetch(&RECORDS_NAMING, &args).await?.iter().map(kept).collect()
    }

    /// The records with a personal part that are as one of these entries left them.
    pub async fn records_of(&self, head: &Head, entries: &[u64]) -> Result<Vec<Kept>, StoreError> {
        let list = Json::from(entries.to_vec()).to_string();
        self.fetch(&RECORDS_OF, &[head.key.into(), list.as_str().into()]).await?.iter().map(kept).collect()
    }

    /// Forgets the accounts of an agent, with the sessions and tokens that came of them.
    pub async fn forget_accounts(&self, head: &Head, agent: Id) -> Result<(), StoreError> {
        for sql in [
            &SESSIONS,
            &FACTORS,
            &RECOVERY,
            &FEEDS,
            &MAILS,
            &TIES,
            &PASSKEYS,
            &CEREMONIES,
            &TOKENS,
            &INVITATIONS,
            &ACCOUNTS,
        ] {
            self.execute(sql, &[head.key.into(), agent.0.as_slice().into()]).await?;
        }
        Ok(())
    }

    /// Writes the database anew, so that nothing is left of what was in it: on SQLite the file and its log, on
    /// PostgreSQL the tables. What PostgreSQL's own log and anybody's backups hold is not in this program's hands.
    pub async fn rewrite(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite { writer, .. } => {
                sqlx::raw_sql("VACUUM").execute(writer).await?;
                for _ in 0..TRUNCATE_TRIES {
                    let row = sqlx::query_as::<_, (i64, i64, i64)>("PRAGMA wal_checkpoint(TRUNCATE)");
                    // Somebody who still reads the old file keeps it: they are done in a moment.
                    if row.fetch_one(writer).await?.0 == 0 {
                        return Ok(());
                    }
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                }
                Err(StoreError::Away("somebody reads for so long that the log cannot be cut".into()))
            }
            Engine::Postgres(pool) => {
                for sql in REWRITE {
                    sqlx::raw_sql(sql).execute(pool).await?;
                }
                Ok(())
            }
        }
    }
}

fn kept(row: &Row) -> Result<Kept, StoreError> {
    crate::read::kept(row)
}
