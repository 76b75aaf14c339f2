//! Passkeys of accounts, and what begun ceremonies wait for. Not journaled.

use valueflows::Instant;

use crate::accounts::{Account, account_of};
use crate::db::Store;
use crate::error::StoreError;
use crate::sql::Sql;

/// Statements of this file.
pub const SQL: &[Sql] = &[ADD, LIST, CHANGE, DROP, BEGIN, SWEEP, FIND, END, OF];

const ADD: Sql = Sql::same(
    "passkey.add",
    "INSERT INTO passkey (account, id, name, body, added) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (account, id) DO NOTHING",
);
const LIST: Sql = Sql::same(
    "passkey.list",
    "SELECT id, name, body, added FROM passkey WHERE account = $1 ORDER BY added, id LIMIT 100",
);
const CHANGE: Sql =
    Sql::same("passkey.change", "UPDATE passkey SET body = $3 WHERE account = $1 AND id = $2");
const DROP: Sql = Sql::same("passkey.drop", "DELETE FROM passkey WHERE account = $1 AND id = $2");
const BEGIN: Sql = Sql::same(
    "ceremony.begin",
    "INSERT INTO ceremony (digest, account, state, until) VALUES ($1, $2, $3, $4)",
);
const SWEEP: Sql = Sql::same("ceremony.sweep", "DELETE FROM ceremony WHERE until < $1");
const FIND: Sql =
    Sql::same("ceremony.find", "SELECT account, state FROM ceremony WHERE digest = $1 AND until >= $2");
const END: Sql = Sql::same("ceremony.end", "DELETE FROM ceremony WHERE digest = $1");
const OF: Sql =
    Sql::same("passkey.account", "SELECT key, network, name, password, agent FROM account WHERE key = $1");

/// A passkey, as it is kept.
#[derive(Debug, Clone)]
pub struct KeptPasskey {
    /// Its own id.
    pub id: Vec<u8>,
    /// What its owner calls it.
    pub name: String,
    /// The public key and what counts with it, as its room writes it.
    pub body: String,
    /// Since when.
    pub added: Instant,
}

impl Store {
    /// Keeps a passkey of an account.
    pub async fn add_passkey(&self, account: i64, one: &KeptPasskey) -> Result<(), StoreError> {
        let args = [
            account.into(),
            one.id.as_slice().into(),
            one.name.as_str().into(),
            one.body.as_str().into(),
            one.added.0.into(),
        ];
        self.execute(&ADD, &args).await.map(drop)
    }

    /// The passkeys of an account, oldest first.
    pub async fn passkeys(&self, account: i64) -> Result<Vec<KeptPasskey>, StoreError> {
        let rows = self.fetch(&LIST, &[account.into()]).await?;
        rows.iter()
            .map(|row| {
                Ok(KeptPasskey {
                    id: row.bytes(0)?,
                    name: row.text(1)?,
                    body: row.text(2)?,
                    added: Instant(row.int(3)?),
                })
            })
            .collect()
    }

    /// What counts with a passkey has changed.
    pub async fn change_passkey(&self, account: i64, id: &[u8], body: &str) -> Result<(), StoreError> {
        self.execute(&CHANGE, &[account.into(), id.into(), body.into()]).await.map(drop)
    }

    /// A passkey is let go.
    pub async fn drop_passkey(&self, account: i64, id: &[u8]) -> Result<(), StoreError> {
        self.execute(&DROP, &[account.into(), id.into()]).await.map(drop)
    }

    /// Begins a ceremony; those that nobody finished are forgotten.
    pub async fn begin_ceremony(
        &self,
        digest: &[u8],
        (account, state): (i64, &str),
        now: Instant,
        until: Instant,
    ) -> Result<(), StoreError> {
        self.execute(&SWEEP, &[now.0.into()]).await?;
        self.execute(&BEGIN, &[digest.into(), account.into(), state.into(), until.0.into()]).await.map(drop)
    }

    /// Takes a ceremony up: whoever comes second finds nothing.
    pub async fn end_ceremony(
        &self,
        digest: &[u8],
        now: Instant,
    ) -> Result<Option<(Account, String)>, StoreError> {
        let row = self.fetch_one(&FIND, &[digest.into(), now.0.into()]).await?;
        let Some(row) = row else { return Ok(None) };
        let (account, state) = (row.int(0)?, row.text(1)?);
        if self.execute(&END, &[digest.into()]).await? != 1 {
            return Ok(None);
        }
        let account = self.fetch_one(&OF, &[account.into()]).await?;
        account.as_ref().map(|row| Ok((account_of(row)?, state))).transpose()
    }
}
