//! Who is known elsewhere as whom: digests of what another service says of them. Not journaled.

use crate::accounts::{Account, account_of};
use crate::db::Store;
use crate::error::StoreError;
use crate::sql::Sql;

/// Statements of this file.
pub const SQL: &[Sql] = &[TIE, TIED, UNTIE, HAS];

// Whoever is tied there is nobody else here.
const TIE: Sql = Sql::same(
    "tie.put",
    "INSERT INTO tie (network, subject, account) VALUES ($1, $2, $3) ON CONFLICT (network, subject) \
     DO UPDATE SET account = excluded.account WHERE tie.account = excluded.account",
);
const TIED: Sql = Sql::same(
    "tie.account",
    "SELECT a.key, a.network, a.name, a.password, a.agent FROM tie AS t JOIN account AS a ON a.key = t.account \
     WHERE t.network = $1 AND t.subject = $2",
);
const UNTIE: Sql = Sql::same("tie.drop", "DELETE FROM tie WHERE account = $1");
const HAS: Sql = Sql::same("tie.has", "SELECT CAST(COUNT(*) AS BIGINT) FROM tie WHERE account = $1");

impl Store {
    /// Ties somebody elsewhere to an account; false, if they are tied to another.
    pub async fn tie(&self, network: i64, subject: &[u8], account: i64) -> Result<bool, StoreError> {
        Ok(self.execute(&TIE, &[network.into(), subject.into(), account.into()]).await? == 1)
    }

    /// The account that somebody elsewhere is tied to.
    pub async fn tied(&self, network: i64, subject: &[u8]) -> Result<Option<Account>, StoreError> {
        let row = self.fetch_one(&TIED, &[network.into(), subject.into()]).await?;
        row.as_ref().map(account_of).transpose()
    }

    /// Nobody elsewhere is tied to an account any more.
    pub async fn untie(&self, account: i64) -> Result<(), StoreError> {
        self.execute(&UNTIE, &[account.into()]).await.map(drop)
    }

    /// Whether somebody elsewhere is tied to an account.
    pub async fn has_tie(&self, account: i64) -> Result<bool, StoreError> {
        Ok(self.fetch_one(&HAS, &[account.into()]).await?.map_or(Ok(0), |row| row.int(0))? > 0)
    }
}
