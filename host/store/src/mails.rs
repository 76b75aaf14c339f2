//! Where members are written to, and what they have been told. Not journaled.

use valueflows::{Id, Instant};

use crate::db::Store;
use crate::error::StoreError;
use crate::sql::Sql;

/// Statements of this file.
pub const SQL: &[Sql] = &[PUT, DROP, OF, CONFIRM, LIST, TOLD];

const PUT: Sql = Sql::same(
    "mail.put",
    "INSERT INTO mail (account, address, language, confirmed, told, sent) VALUES ($1, $2, $3, 0, '', 0) \
     ON CONFLICT (account) DO UPDATE SET address = $2, language = $3, confirmed = 0, told = '', sent = 0",
);
const DROP: Sql = Sql::same("mail.drop", "DELETE FROM mail WHERE account = $1");
const OF: Sql = Sql::same("mail.of", "SELECT address, confirmed FROM mail WHERE account = $1");
const CONFIRM: Sql =
    Sql::same("mail.confirm", "UPDATE mail SET confirmed = $2 WHERE account = $1 AND address = $3");
const LIST: Sql = Sql::same(
    "mail.list",
    "SELECT m.account, a.agent, m.address, m.language, m.told, m.sent FROM mail AS m \
     JOIN account AS a ON a.key = m.account WHERE a.network = $1 AND m.confirmed > 0 AND m.account > $2 \
     ORDER BY m.account LIMIT $3",
);
const TOLD: Sql = Sql::same("mail.told", "UPDATE mail SET told = $2, sent = $3 WHERE account = $1");

/// Somebody who is written to.
#[derive(Debug, Clone)]
pub struct Reached {
    /// The account.
    pub account: i64,
    /// Whose it is.
    pub agent: Id,
    /// Where to.
    pub address: String,
    /// In which language.
    pub language: String,
    /// What they have been told of, as whoever writes noted it.
    pub told: String,
    /// When last.
    pub sent: Instant,
}

impl Store {
    /// Keeps an address, not confirmed yet; one from before is forgotten.
    pub async fn put_mail(&self, account: i64, address: &str, language: &str) -> Result<(), StoreError> {
        self.execute(&PUT, &[account.into(), address.into(), language.into()]).await.map(drop)
    }

    /// Nothing is written any more.
    pub async fn drop_mail(&self, account: i64) -> Result<(), StoreError> {
        self.execute(&DROP, &[account.into()]).await.map(drop)
    }

    /// An account's address, and whether it is confirmed.
    pub async fn mail_of(&self, account: i64) -> Result<Option<(String, bool)>, StoreError> {
        let row = self.fetch_one(&OF, &[account.into()]).await?;
        row.map(|row| Ok((row.text(0)?, row.int(1)? > 0))).transpose()
    }

    /// Whoever reads there is whose account it is; whether the address is still theirs.
    pub async fn confirm_mail(&self, account: i64, address: &str, now: Instant) -> Result<bool, StoreError> {
        Ok(self.execute(&CONFIRM, &[account.into(), now.0.into(), address.into()]).await? == 1)
    }

    /// Those of a network who are written to, after an account.
    pub async fn mails(&self, network: i64, after: i64, most: i64) -> Result<Vec<Reached>, StoreError> {
        let rows = self.fetch(&LIST, &[network.into(), after.into(), most.into()]).await?;
        rows.iter()
            .map(|row| {
                Ok(Reached {
                    account: row.int(0)?,
                    agent: row.id(1)?,
                    address: row.text(2)?,
                    language: row.text(3)?,
                    told: row.text(4)?,
                    sent: Instant(row.int(5)?),
                })
            })
            .collect()
    }

    /// Notes what somebody has been told of, and when.
    pub async fn told_by_mail(&self, account: i64, told: &str, now: Instant) -> Result<(), StoreError> {
        self.execute(&TOLD, &[account.into(), told.into(), now.0.into()]).await.map(drop)
    }
}
