//! Invitations: links that let somebody in once. Kept by the digest of their secret; not journaled: what comes of one
//! is, under the id of the command that it becomes.

use valueflows::{Id, Instant};

use crate::db::{Row, Store};
use crate::error::StoreError;
use crate::sql::Sql;

/// An invitation, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The network's key.
    pub network: i64,
    /// The command that it becomes when it is used: one id, so that it becomes one.
    pub command: Id,
    /// Who made it, and in whose name somebody is let in.
    pub by: Id,
    /// Who it is for, if they belong already and only lack a way to sign in.
    pub agent: Option<Id>,
    /// What its maker calls whoever it is for.
    pub name: String,
    /// Until when it opens anything.
    pub expires: Instant,
    /// When it was used, if it was.
    pub used: Option<Instant>,
    /// Whether it gives an account back to whoever lost their way to sign in, instead of letting somebody in who has none.
    pub gives_back: bool,
}

/// Statements of this file.
pub const SQL: &[Sql] = &[ADD, FIND, LIST, USED, USE, DROP, SWEEP];

const ADD: Sql = Sql::same(
    "invitation.add",
    "INSERT INTO invitation (digest, network, command, inviter, agent, name, expires, kind) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
);
const FIND: Sql = Sql::same(
    "invitation.find",
    "SELECT network, command, inviter, agent, name, expires, used, kind FROM invitation WHERE digest = $1",
);
const LIST: Sql = Sql::same(
    "invitation.list",
    "SELECT network, command, inviter, agent, name, expires, used, kind FROM invitation \
     WHERE network = $1 AND kind = 0 AND used = 0 AND expires > $2 ORDER BY expires, command LIMIT 1000",
);
const USED: Sql = Sql::same(
    "invitation.used",
    "SELECT CAST(COUNT(*) AS BIGINT) FROM invitation WHERE network = $1 AND command = $2 AND used > 0",
);
const USE: Sql =
    Sql::same("invitation.use", "UPDATE invitation SET used = $2 WHERE digest = $1 AND used = 0");
const DROP: Sql =
    Sql::same("invitation.drop", "DELETE FROM invitation WHERE network = $1 AND command = $2 AND used = 0");
// A used one is kept a while, so that whoever comes again is told that it was used.
const SWEEP: Sql =
    Sql::same("invitation.sweep", "DELETE FROM invitation WHERE network = $1 AND expires <= $2");

impl Store {
    /// Keeps an invitation under its digest; sweeps those of its network that ended before a time.
    pub async fn add_invitation(
        &self,
        digest: &[u8],
        one: &Invitation,
        ended_before: Instant,
    ) -> Result<(), StoreError> {
        self.execute(&SWEEP, &[one.network.into(), ended_before.0.into()]).await?;
        let none: &[u8] = &[];
        let args = [
            digest.into(),
            one.network.into(),
            one.command.0.as_slice().into(),
            one.by.0.as_slice().into(),
            one.agent.as_ref().map_or(none, |agent| agent.0.as_slice()).into(),
            one.name.as_str().into(),
            one.expires.0.into(),
            i64::from(one.gives_back).into(),
        ];
        self.execute(&ADD, &args).await.map(drop)
    }

    /// The invitation under a digest.
    pub async fn invitation(&self, digest: &[u8]) -> Result<Option<Invitation>, StoreError> {
        self.fetch_one(&FIND, &[digest.into()]).await?.as_ref().map(invitation).transpose()
    }

    /// Those of a network that can still be used.
    pub async fn invitations(&self, network: i64, now: Instant) -> Result<Vec<Invitation>, StoreError> {
        self.fetch(&LIST, &[network.into(), now.0.into()]).await?.iter().map(invitation).collect()
    }

    /// Whether one that becomes a command was used.
    pub async fn invitation_used(&self, network: i64, command: Id) -> Result<bool, StoreError> {
        let args = [network.into(), command.0.as_slice().into()];
        Ok(self.fetch_one(&USED, &args).await?.map_or(Ok(0), |row| row.int(0))? > 0)
    }

    /// Uses one; whether it could be used.
    pub async fn use_invitation(&self, digest: &[u8], now: Instant) -> Result<bool, StoreError> {
        Ok(self.execute(&USE, &[digest.into(), now.0.into()]).await? == 1)
    }

    /// Takes one back that was not used; whether there was such a one.
    pub async fn drop_invitation(&self, network: i64, command: Id) -> Result<bool, StoreError> {
        Ok(self.execute(&DROP, &[network.into(), command.0.as_slice().into()]).await? == 1)
    }
}

fn invitation(row: &Row) -> Result<Invitation, StoreError> {
    let agent = row.bytes(3)?;
    let agent: Option<[u8; 16]> = agent.try_into().ok();
    let used = row.int(6)?;
    Ok(Invitation {
        network: row.int(0)?,
        command: row.id(1)?,
        by: row.id(2)?,
        agent: agent.map(Id),
        name: row.text(4)?,
        expires: Instant(row.int(5)?),
        used: (used != 0).then_some(Instant(used)),
        gives_back: row.int(7)? == 1,
    })
}
