//! What goes along when a network or a whole node is carried elsewhere, beside its journal.

use std::collections::BTreeMap;

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
    /// Its second step at the door, if it has one: the secret, and since when.
    pub factor: Option<(Vec<u8>, Instant)>,
    /// The digests of its codes on paper.
    pub recovery: Vec<Vec<u8>>,
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
pub const SQL: &[Sql] =
    &[ACCOUNTS, RECOVERY, TOKENS, COMPONENTS, ADD_ACCOUNTS, ADD_FACTORS, ADD_RECOVERY, ADD_TOKENS];

const ACCOUNTS: Sql = Sql::same(
    "carry.accounts",
    "SELECT a.name, a.password, a.agent, a.created, f.secret, COALESCE(f.since, 0) FROM account AS a \
     LEFT JOIN factor AS f ON f.account = a.key AND f.since > 0 WHERE a.network = $1 ORDER BY a.name",
);
const RECOVERY: Sql = Sql::same(
    "carry.recovery",
    "SELECT a.name, r.digest FROM recovery AS r JOIN account AS a ON a.key = r.account \
     WHERE a.network = $1 ORDER BY a.name, r.digest",
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
const ADD_FACTORS: Sql = Sql::both(
    "carry.add_factors",
    "INSERT INTO factor (account, secret, since, step) \
     SELECT a.key, unhex(q.value ->> 1), q.value ->> 2, 0 FROM json_each($2) AS q \
     JOIN account AS a ON a.network = $1 AND a.name = q.value ->> 0 WHERE TRUE ON CONFLICT (account) DO NOTHING",
    "INSERT INTO factor (account, secret, since, step) \
     SELECT a.key, decode(q.value ->> 1, 'hex'), CAST(q.value ->> 2 AS BIGINT), 0 \
     FROM json_array_elements(CAST($2 AS json)) AS q(value) \
     JOIN account AS a ON a.network = $1 AND a.name = q.value ->> 0 ON CONFLICT (account) DO NOTHING",
);
const ADD_RECOVERY: Sql = Sql::both(
    "carry.add_recovery",
    "INSERT INTO recovery (account, digest) SELECT a.key, unhex(q.value ->> 1) FROM json_each($2) AS q \
     JOIN account AS a ON a.network = $1 AND a.name = q.value ->> 0 WHERE TRUE ON CONFLICT DO NOTHING",
    "INSERT INTO recovery (account, digest) SELECT a.key, decode(q.value ->> 1, 'hex') \
     FROM json_array_elements(CAST($2 AS json)) AS q(value) \
     JOIN account AS a ON a.network = $1 AND a.name = q.value ->> 0 ON CONFLICT DO NOTHING",
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
        let read = |row: &Row| -> Result<CarriedAccount, StoreError> {
            Ok(CarriedAccount {
                name: row.text(0)?,
                password: row.text(1)?,
                agent: row.id(2)?,
                created: Instant(row.int(3)?),
                factor: match row.int(5)? {
                    0 => None,
                    since => Some((row.bytes(4)?, Instant(since))),
                },
                recovery: Vec::new(),
            })
        };
        let mut codes: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
        for row in self.fetch(&RECOVERY, &[network.into()]).await? {
            codes.entry(row.text(0)?).or_default().push(row.bytes(1)?);
        }
        let rows = self.fetch(&ACCOUNTS, &[network.into()]).await?;
        let with_codes = |row: &Row| -> Result<CarriedAccount, StoreError> {
            let account = read(row)?;
            let recovery = codes.remove(&account.name).unwrap_or_default();
            Ok(CarriedAccount { recovery, ..account })
        };
        rows.iter().map(with_codes).collect()
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
        let factor = |one: &CarriedAccount| {
            let (secret, since) = one.factor.as_ref()?;
            Some(json!([one.name, journal::hex(secret), since.0]))
        };
        let factors: Json = accounts.iter().filter_map(factor).collect();
        let codes = |one: &CarriedAccount| -> Vec<Json> {
            one.recovery.iter().map(|digest| json!([one.name, journal::hex(digest)])).collect()
        };
        let recovery: Json = accounts.iter().flat_map(codes).collect();
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
        self.execute(&ADD_FACTORS, &[network.into(), Arg::Text(factors.to_string())]).await?;
        self.execute(&ADD_RECOVERY, &[network.into(), Arg::Text(recovery.to_string())]).await?;
        self.execute(&ADD_TOKENS, &[network.into(), Arg::Text(tokens.to_string())]).await.map(drop)
    }
}
