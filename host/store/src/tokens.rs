//! Tokens: keys to delegations, kept as digests; not journaled, never part of a decision. What a token
//! opens is said by the delegation that it is a key to.

use valueflows::{Id, Instant};

use crate::db::{Row, Store};
use crate::error::StoreError;
use crate::sql::Sql;

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The network's key.
    pub network: i64,
    /// The account that made it.
    pub account: i64,
    /// In whose name it acts.
    pub agent: Id,
    /// The delegation.
    pub delegation: Id,
    /// What its maker calls it.
    pub name: String,
    /// Until when it opens anything at all, by the books' time of its network.
    pub expires: Instant,
}

/// Statements of this file.
pub const SQL: &[Sql] = &[ADD, FIND, LIST, DROP, SWEEP];

const ADD: Sql = Sql::same(
    "token.add",
    "INSERT INTO token (digest, network, account, agent, delegation, name, expires) VALUES ($1, $2, $3, $4, $5, $6, $7)",
);
const FIND: Sql = Sql::same(
    "token.find",
    "SELECT network, account, agent, delegation, name, expires FROM token WHERE digest = $1",
);
const LIST: Sql = Sql::same(
    "token.list",
    "SELECT network, account, agent, delegation, name, expires FROM token WHERE account = $1 AND expires > $2 \
     ORDER BY expires, delegation LIMIT 1000",
);
const DROP: Sql = Sql::same("token.drop", "DELETE FROM token WHERE network = $1 AND delegation = $2");
const SWEEP: Sql = Sql::same("token.sweep", "DELETE FROM token WHERE network = $1 AND expires <= $2");

impl Store {
    /// Keeps a token under its digest; sweeps those of its network that have expired.
    pub async fn add_token(&self, digest: &[u8], token: &Token, now: Instant) -> Result<(), StoreError> {
        self.execute(&SWEEP, &[token.network.into(), now.0.into()]).await?;
        let args = [
            digest.into(),
            token.network.into(),
            token.account.into(),
            token.agent.0.as_slice().into(),
            token.delegation.0.as_slice().into(),
            token.name.as_str().into(),
            token.expires.0.into(),
        ];
        self.execute(&ADD, &args).await.map(drop)
    }

    /// The token under a digest, expired or not: which network's time it ends by is known only then.
    pub async fn token(&self, digest: &[u8]) -> Result<Option<Token>, StoreError> {
        self.fetch_one(&FIND, &[digest.into()]).await?.as_ref().map(token).transpose()
    }

    /// The tokens that an account made.
    pub async fn tokens(&self, account: i64, now: Instant) -> Result<Vec<Token>, StoreError> {
        self.fetch(&LIST, &[account.into(), now.0.into()]).await?.iter().map(token).collect()
    }

    /// Throws away the tokens of a delegation.
    pub async fn drop_tokens(&self, network: i64, delegation: Id) -> Result<u64, StoreError> {
        self.execute(&DROP, &[network.into(), delegation.0.as_slice().into()]).await
    }
}

fn token(row: &Row) -> Result<Token, StoreError> {
    Ok(Token {
        network: row.int(0)?,
        account: row.int(1)?,
        agent: row.id(2)?,
        delegation: row.id(3)?,
        name: row.text(4)?,
        expires: Instant(row.int(5)?),
    })
}
