//! What goes along when a network or a whole node is carried elsewhere, beside its journal.

use serde_json::{Value as Json, json};
use valueflows::{Id, Instant};

use crate::db::{Arg, Row, Store};
use crate::error::StoreError;
use crate::read::hex;
use crate::sql::Sql;

/// An account as it is carried: its key stays behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedAccount {
    /// The name to sign in with.
    pub name: String,
    /// The password's hash, in PHC form.
    pub password: String,
    /// The agent it acts as.
    pub agent: Id,
    /// When it was made.
    pub created: Instant,
}

/// A token as it is carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedToken {
    /// The digest of its secret.
    pub digest: Vec<u8>,
    /// The name of the account that made it; none where the console did.
    pub account: Option<String>,
    /// In whose name it acts.
    pub agent: Id,
    /// The delegation.
    pub delegation: Id,
    /// What its maker calls it.
    pub name: String,
    /// Until when.
    pub expires: Instant,
}

/// Statements of this file.
pub const SQL: &[Sql] = &[ACCOUNTS, TOKENS, COMPONENTS, ADD_ACCOUNTS, ADD_TOKENS];

const ACCOUNTS: Sql = Sql::same(
    "carry.accounts",
    "SELECT name, password, agent, created FROM account WHERE network = $1 ORDER BY name",
);
const TOKENS: Sql = Sql::same(
    "carry.tokens",
    "SELECT t.digest, a.name, t.agent, t.delegation, t.name, t.expires FROM token AS t \
     LEFT JOIN account AS a ON a.key = t.account WHERE t.network = $1 ORDER BY t.digest",
);
const COMPONENTS: Sql = Sql::same("carry.components", "SELECT digest FROM component ORDER BY digest");
const ADD_ACCOUNTS: Sql = Sql::both(
    "carry.add_accounts",
    "INSERT INTO account (network, name, password, agent, created) \
     SELECT $1, q.value ->> 0, q.value ->> 1, unhex(q.value ->> 2), q.value ->> 3 FROM json_each($2) AS q WHERE TRUE \
     ON CONFLICT (network, name) DO NOTHING",
    "INSERT INTO account (network, name, password, agent, created) \
     SELECT $1, q.value ->> 0, q.value ->> 1, decode(q.value ->> 2, 'hex'), CAST(q.value ->> 3 AS BIGINT) \
     FROM json_array_elements(CAST($2 AS json)) AS q(value) ON CONFLICT (network, name) DO NOTHING",
);
const ADD_TOKENS: Sql = Sql::both(
    "carry.add_tokens",
    "INSERT INTO token (digest, network, account, agent, delegation, name, expires) \
     SELECT unhex(q.value ->> 0), $1, COALESCE(a.key, 0), unhex(q.value ->> 2), unhex(q.value ->> 3), \
     q.value ->> 4, q.value ->> 5 FROM json_each($2) AS q \
     LEFT JOIN account AS a ON a.network = $1 AND a.name = q.value ->> 1 WHERE TRUE ON CONFLICT (digest) DO NOTHING",
    "INSERT INTO token (digest, network, account, agent, delegation, name, expires) \
     SELECT decode(q.value ->> 0, 'hex'), $1, COALESCE(a.key, 0), decode(q.value ->> 2, 'hex'), \
     decode(q.value ->> 3, 'hex'), q.value ->> 4, CAST(q.value ->> 5 AS BIGINT) \
     FROM json_array_elements(CAST($2 AS json)) AS q(value) \
     LEFT JOIN account AS a ON a.network = $1 AND a.name = q.value ->> 1 ON CONFLICT (digest) DO NOTHING",
);

impl Store {
    /// A network's accounts, by name.
    pub async fn carried_accounts(&self, network: i64) -> Result<Vec<CarriedAccount>, StoreError> {
        let read = |row: &Row| {
            Ok(CarriedAccount {
                name: row.text(0)?,
                password: row.text(1)?,
                agent: row.id(2)?,
                created: Instant(row.int(3)?),
            })
        };
        self.fetch(&ACCOUNTS, &[network.into()]).await?.iter().map(read).collect()
    }

    /// A network's tokens, by digest.
    pub async fn carried_tokens(&self, network: i64) -> Result<Vec<CarriedToken>, StoreError> {
        let read = |row: &Row| {
            Ok(CarriedToken {
                digest: row.bytes(0)?,
                account: row.opt_text(1)?,
                agent: row.id(2)?,
                delegation: row.id(3)?,
                name: row.text(4)?,
                expires: Instant(row.int(5)?),
            })
        };
        self.fetch(&TOKENS, &[network.into()]).await?.iter().map(read).collect()
    }

    /// The digests of all that lies on the shelf.
    pub async fn components(&self) -> Result<Vec<String>, StoreError> {
        self.fetch(&COMPONENTS, &[]).await?.iter().map(|row| row.text(0)).collect()
    }

    /// Takes in accounts and tokens that were carried here; those that are here already stay as they are.
    pub async fn take_in(
        &self,
        network: i64,
        accounts: &[CarriedAccount],
        tokens: &[CarriedToken],
    ) -> Result<(), StoreError> {
        let accounts: Json = accounts
            .iter()
            .map(|one| json!([one.name, one.password, hex(one.agent), one.created.0]))
            .collect();
        let tokens: Json = tokens
            .iter()
            .map(|one| {
                json!([
                    journal::hex(&one.digest),
                    one.account,
                    hex(one.agent),
                    hex(one.delegation),
                    one.name,
                    one.expires.0
                ])
            })
            .collect();
        self.execute(&ADD_ACCOUNTS, &[network.into(), Arg::Text(accounts.to_string())]).await?;
        self.execute(&ADD_TOKENS, &[network.into(), Arg::Text(tokens.to_string())]).await.map(drop)
    }
}
