//! Private addresses under which members' notices are read, by digest. Not journaled, and not carried elsewhere: there the
//! address would be another one anyway.

use crate::accounts::{Account, account_of};
use crate::db::Store;
use crate::error::StoreError;
use crate::sql::Sql;

/// Statements of this file.
pub const SQL: &[Sql] = &[PUT, DROP, HAS, ACCOUNT];

const PUT: Sql = Sql::same(
    "feed.put",
    "INSERT INTO feed (account, digest) VALUES ($1, $2) ON CONFLICT (account) DO UPDATE SET digest = $2",
);
const DROP: Sql = Sql::same("feed.drop", "DELETE FROM feed WHERE account = $1");
const HAS: Sql = Sql::same("feed.has", "SELECT CAST(COUNT(*) AS BIGINT) FROM feed WHERE account = $1");
const ACCOUNT: Sql = Sql::same(
    "feed.account",
    "SELECT a.key, a.network, a.name, a.password, a.agent FROM feed AS f JOIN account AS a ON a.key = f.account \
     WHERE f.digest = $1",
);

impl Store {
    /// Keeps the address under which an account's notices are read, by digest; one from before is void.
    pub async fn put_feed(&self, account: i64, digest: &[u8]) -> Result<(), StoreError> {
        self.execute(&PUT, &[account.into(), digest.into()]).await.map(drop)
    }

    /// There is none any more.
    pub async fn drop_feed(&self, account: i64) -> Result<(), StoreError> {
        self.execute(&DROP, &[account.into()]).await.map(drop)
    }

    /// Whether there is one.
    pub async fn has_feed(&self, account: i64) -> Result<bool, StoreError> {
        Ok(self.fetch_one(&HAS, &[account.into()]).await?.map_or(Ok(0), |row| row.int(0))? > 0)
    }

    /// The account whose notices are read under an address.
    pub async fn account_of_feed(&self, digest: &[u8]) -> Result<Option<Account>, StoreError> {
        self.fetch_one(&ACCOUNT, &[digest.into()]).await?.as_ref().map(account_of).transpose()
    }
}
