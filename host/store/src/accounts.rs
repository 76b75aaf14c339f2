//! Accounts and sessions: not journaled, never part of a decision.

use valueflows::{Id, Instant};

use crate::db::{Row, Store};
use crate::error::StoreError;
use crate::factors::{DROP_CODES_NAMED, DROP_NAMED};
use crate::sql::Sql;

/// An account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its key.
    pub key: i64,
    /// The network's key.
    pub network: i64,
    /// The name to sign in with.
    pub name: String,
    /// The password's hash, in PHC form.
    pub password: String,
    /// The agent it acts as.
    pub agent: Id,
}

/// Statements of this file.
pub const SQL: &[Sql] = &[
    ADD,
    BY_NAME,
    BY_KEY,
    BY_AGENT,
    RENEW,
    SET_PASSWORD,
    CLOSE_ALL,
    CLOSE_OTHERS,
    SESSIONS,
    OPEN,
    OF_SESSION,
    CLOSE,
    SWEEP,
];

const ADD: Sql = Sql::same(
    "account.add",
    "INSERT INTO account (network, name, password, agent, created) VALUES ($1, $2, $3, $4, $5)",
);
const BY_NAME: Sql = Sql::same(
    "account.by_name",
    "SELECT key, network, name, password, agent FROM account WHERE network = $1 AND name = $2",
);
const BY_KEY: Sql =
    Sql::same("account.by_key", "SELECT key, network, name, password, agent FROM account WHERE key = $1");
const BY_AGENT: Sql = Sql::same(
    "account.by_agent",
    "SELECT key, network, name, password, agent FROM account WHERE network = $1 AND agent = $2 ORDER BY key LIMIT 1",
);
const CLOSE_OTHERS: Sql =
    Sql::same("session.close_others", "DELETE FROM session WHERE account = $1 AND token <> $2");
const SESSIONS: Sql = Sql::same(
    "session.count",
    "SELECT CAST(COUNT(*) AS BIGINT) FROM session WHERE account = $1 AND expires > $2",
);
const RENEW: Sql =
    Sql::same("account.renew", "UPDATE account SET password = $3 WHERE network = $1 AND name = $2");
const SET_PASSWORD: Sql =
    Sql::same("account.set_password", "UPDATE account SET password = $2 WHERE key = $1");
const CLOSE_ALL: Sql = Sql::same(
    "session.close_all",
    "DELETE FROM session WHERE account IN (SELECT key FROM account WHERE network = $1 AND name = $2)",
);
const OPEN: Sql =
    Sql::same("session.open", "INSERT INTO session (token, account, expires) VALUES ($1, $2, $3)");
const OF_SESSION: Sql = Sql::same(
    "session.account",
    "SELECT a.key, a.network, a.name, a.password, a.agent FROM session AS s JOIN account AS a ON a.key = s.account \
     WHERE s.token = $1 AND s.expires > $2",
);
const CLOSE: Sql = Sql::same("session.close", "DELETE FROM session WHERE token = $1");
const SWEEP: Sql = Sql::same("session.sweep", "DELETE FROM session WHERE expires <= $1");

impl Store {
    /// Adds an account.
    pub async fn add_account(
        &self,
        network: i64,
        name: &str,
        password: &str,
        agent: Id,
        now: Instant,
    ) -> Result<(), StoreError> {
        let args = [network.into(), name.into(), password.into(), agent.0.as_slice().into(), now.0.into()];
        self.execute(&ADD, &args).await.map(drop)
    }

    /// An account by the name it signs in with.
    pub async fn account(&self, network: i64, name: &str) -> Result<Option<Account>, StoreError> {
        self.fetch_one(&BY_NAME, &[network.into(), name.into()]).await?.as_ref().map(account_of).transpose()
    }

    /// An account by its key.
    pub async fn account_by_key(&self, account: i64) -> Result<Option<Account>, StoreError> {
        self.fetch_one(&BY_KEY, &[account.into()]).await?.as_ref().map(account_of).transpose()
    }

    /// Gives an account another password.
    pub async fn set_password(&self, account: i64, password: &str) -> Result<(), StoreError> {
        self.execute(&SET_PASSWORD, &[account.into(), password.into()]).await.map(drop)
    }

    /// The account that acts as an agent.
    pub async fn account_of_agent(&self, network: i64, agent: Id) -> Result<Option<Account>, StoreError> {
        let args = [network.into(), agent.0.as_slice().into()];
        self.fetch_one(&BY_AGENT, &args).await?.as_ref().map(account_of).transpose()
    }

    /// Ends every session of an account but one; how many ended.
    pub async fn close_other_sessions(&self, account: i64, kept: &[u8]) -> Result<u64, StoreError> {
        self.execute(&CLOSE_OTHERS, &[account.into(), kept.into()]).await
    }

    /// In how many places somebody is signed in.
    pub async fn sessions(&self, account: i64, now: Instant) -> Result<i64, StoreError> {
        self.fetch_one(&SESSIONS, &[account.into(), now.0.into()]).await?.map_or(Ok(0), |row| row.int(0))
    }

    /// Gives an account another password, ends its sessions and lets go of its second step; whether there is such an account.
    pub async fn renew_account(&self, network: i64, name: &str, password: &str) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let touched = tx.execute(&RENEW, vec![network.into(), name.into(), password.into()]).await?;
        // Whoever is given another password has lost what they had.
        for sql in [&CLOSE_ALL, &DROP_NAMED, &DROP_CODES_NAMED] {
            tx.execute(sql, vec![network.into(), name.into()]).await?;
        }
        tx.commit().await?;
        Ok(touched == 1)
    }

    /// Opens a session under a token's digest.
    pub async fn open_session(&self, token: &[u8], account: i64, expires: Instant) -> Result<(), StoreError> {
        self.execute(&OPEN, &[token.into(), account.into(), expires.0.into()]).await.map(drop)
    }

    /// The account of a session that has not expired.
    pub async fn session_account(&self, token: &[u8], now: Instant) -> Result<Option<Account>, StoreError> {
        self.fetch_one(&OF_SESSION, &[token.into(), now.0.into()]).await?.as_ref().map(account_of).transpose()
    }

    /// Ends a session.
    pub async fn close_session(&self, token: &[u8]) -> Result<(), StoreError> {
        self.execute(&CLOSE, &[token.into()]).await.map(drop)
    }

    /// Ends every session that has expired.
    pub async fn sweep_sessions(&self, now: Instant) -> Result<u64, StoreError> {
        self.execute(&SWEEP, &[now.0.into()]).await
    }
}

pub(crate) fn account_of(row: &Row) -> Result<Account, StoreError> {
    Ok(Account {
        key: row.int(0)?,
        network: row.int(1)?,
        name: row.text(2)?,
        password: row.text(3)?,
        agent: row.id(4)?,
    })
}
