//! Second steps at the door: secrets that codes follow from, and codes on paper. Not journaled.

use valueflows::Instant;

use crate::db::{Arg, Store};
use crate::error::StoreError;
use crate::sql::Sql;

/// The second step of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// What its codes follow from.
    pub secret: Vec<u8>,
    /// Since when it is asked for; none while it is only being set up.
    pub since: Option<Instant>,
}

/// Statements of this file.
pub const SQL: &[Sql] =
    &[BEGIN, GET, CONFIRM, STEP, DROP, DROP_CODES, ADD_CODES, USE_CODE, CODES, DROP_NAMED, DROP_CODES_NAMED];

// One that counts is not replaced by one that is being set up.
const BEGIN: Sql = Sql::same(
    "factor.begin",
    "INSERT INTO factor (account, secret, since, step) VALUES ($1, $2, 0, 0) \
     ON CONFLICT (account) DO UPDATE SET secret = $2, step = 0 WHERE factor.since = 0",
);
const GET: Sql = Sql::same("factor.get", "SELECT secret, since FROM factor WHERE account = $1");
const CONFIRM: Sql =
    Sql::same("factor.confirm", "UPDATE factor SET since = $2, step = $3 WHERE account = $1 AND since = 0");
const STEP: Sql = Sql::same("factor.step", "UPDATE factor SET step = $2 WHERE account = $1 AND step < $2");
const DROP: Sql = Sql::same("factor.drop", "DELETE FROM factor WHERE account = $1");
const DROP_CODES: Sql = Sql::same("recovery.drop", "DELETE FROM recovery WHERE account = $1");
const ADD_CODES: Sql = Sql::both(
    "recovery.add",
    "INSERT INTO recovery (account, digest) SELECT $1, unhex(q.value) FROM json_each($2) AS q",
    "INSERT INTO recovery (account, digest) SELECT $1, decode(q.value, 'hex') \
     FROM json_array_elements_text(CAST($2 AS json)) AS q(value)",
);
const USE_CODE: Sql = Sql::same("recovery.use", "DELETE FROM recovery WHERE account = $1 AND digest = $2");
const CODES: Sql =
    Sql::same("recovery.count", "SELECT CAST(COUNT(*) AS BIGINT) FROM recovery WHERE account = $1");
pub(crate) const DROP_NAMED: Sql = Sql::same(
    "factor.drop_named",
    "DELETE FROM factor WHERE account IN (SELECT key FROM account WHERE network = $1 AND name = $2)",
);
pub(crate) const DROP_CODES_NAMED: Sql = Sql::same(
    "recovery.drop_named",
    "DELETE FROM recovery WHERE account IN (SELECT key FROM account WHERE network = $1 AND name = $2)",
);

impl Store {
    /// Begins to set a second step up; one that counts already stays.
    pub async fn begin_factor(&self, account: i64, secret: &[u8]) -> Result<(), StoreError> {
        self.execute(&BEGIN, &[account.into(), secret.into()]).await.map(drop)
    }

    /// The second step of an account.
    pub async fn factor(&self, account: i64) -> Result<Option<Factor>, StoreError> {
        let Some(row) = self.fetch_one(&GET, &[account.into()]).await? else { return Ok(None) };
        let since = row.int(1)?;
        Ok(Some(Factor { secret: row.bytes(0)?, since: (since != 0).then_some(Instant(since)) }))
    }

    /// From now on it is asked for; whether it was being set up.
    pub async fn confirm_factor(&self, account: i64, now: Instant, step: i64) -> Result<bool, StoreError> {
        Ok(self.execute(&CONFIRM, &[account.into(), now.0.into(), step.into()]).await? == 1)
    }

    /// Uses the code of a step of time; whether it was not used yet, nor a later one.
    pub async fn use_step(&self, account: i64, step: i64) -> Result<bool, StoreError> {
        Ok(self.execute(&STEP, &[account.into(), step.into()]).await? == 1)
    }

    /// Nobody is asked for it any more, and its codes on paper are void.
    pub async fn drop_factor(&self, account: i64) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.execute(&DROP, vec![account.into()]).await?;
        tx.execute(&DROP_CODES, vec![account.into()]).await?;
        tx.commit().await
    }

    /// Codes on paper, by digest in hexadecimal; those from before are void.
    pub async fn put_recovery(&self, account: i64, digests: &[String]) -> Result<(), StoreError> {
        let list = serde_json::json!(digests).to_string();
        let mut tx = self.begin().await?;
        tx.execute(&DROP_CODES, vec![account.into()]).await?;
        tx.execute(&ADD_CODES, vec![account.into(), Arg::Text(list)]).await?;
        tx.commit().await
    }

    /// Uses one up; whether there was such a one.
    pub async fn use_recovery(&self, account: i64, digest: &[u8]) -> Result<bool, StoreError> {
        Ok(self.execute(&USE_CODE, &[account.into(), digest.into()]).await? == 1)
    }

    /// How many are left.
    pub async fn recovery_left(&self, account: i64) -> Result<i64, StoreError> {
        self.fetch_one(&CODES, &[account.into()]).await?.map_or(Ok(0), |row| row.int(0))
    }
}
