//! What the processes of one database share: secrets, the keys of other nodes, and who does what only one
//! process should do.

use valueflows::Instant;

use crate::db::Store;
use crate::error::StoreError;
use crate::sql::Sql;

/// The secret from which those of webhooks follow.
pub const HOOKS: &str = "hooks";

/// Statements of this file.
pub const SQL: &[Sql] = &[PUT, GET, SIGNERS, ADD_SIGNER, LEASE, LEASES, GIVE_BACK, RETIRE, RETIRED];

const PUT: Sql =
    Sql::same("secret.put", "INSERT INTO secret (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING");
const GET: Sql = Sql::same("secret.get", "SELECT value FROM secret WHERE name = $1");
const SIGNERS: Sql =
    Sql::same("signer.list", "SELECT public FROM signer WHERE network = $1 ORDER BY public LIMIT 1000");
const ADD_SIGNER: Sql = Sql::same(
    "signer.add",
    "INSERT INTO signer (network, public) VALUES ($1, $2) ON CONFLICT (network, public) DO NOTHING",
);
// Whoever holds it holds it on; anybody else has it only once it has run out.
const LEASE: Sql = Sql::same(
    "lease.take",
    "INSERT INTO lease (name, holder, until) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE \
     SET holder = excluded.holder, until = excluded.until WHERE lease.holder = excluded.holder OR lease.until < $4",
);
const LEASES: Sql = Sql::same("lease.count", "SELECT CAST(COUNT(*) AS BIGINT) FROM lease WHERE until > $1");
const RETIRE: Sql = Sql::same("meta.retire", "INSERT INTO meta (name, value) VALUES ('retired', $1)");
const RETIRED: Sql = Sql::same("meta.retired", "SELECT value FROM meta WHERE name = 'retired'");
const GIVE_BACK: Sql = Sql::same("lease.give_back", "DELETE FROM lease WHERE name = $1 AND holder = $2");

impl Store {
    /// The secret of a name: the one that is kept, or else this one, which is kept from here on. Two
    /// processes that ask at once get the same.
    pub async fn secret(&self, name: &str, fresh: &[u8]) -> Result<Vec<u8>, StoreError> {
        if let Some(kept) = self.known_secret(name).await? {
            return Ok(kept);
        }
        self.execute(&PUT, &[name.into(), fresh.into()]).await?;
        let gone = || StoreError::Corrupt { table: "secret", problem: format!("`{name}` was not kept") };
        self.known_secret(name).await?.ok_or_else(gone)
    }

    /// The secret of a name, if one is kept.
    pub async fn known_secret(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.fetch_one(&GET, &[name.into()]).await?.map(|row| row.bytes(0)).transpose()
    }

    /// Public keys of other nodes that signed a network's checkpoints before it came here.
    pub async fn signers(&self, network: i64) -> Result<Vec<[u8; 32]>, StoreError> {
        let wrong = |_| StoreError::Corrupt { table: "signer", problem: "a key of another length".into() };
        let rows = self.fetch(&SIGNERS, &[network.into()]).await?;
        rows.iter().map(|row| row.bytes(0)?.try_into().map_err(wrong)).collect()
    }

    /// Notes the public key of another node.
    pub async fn add_signer(&self, network: i64, public: &[u8; 32]) -> Result<(), StoreError> {
        self.execute(&ADD_SIGNER, &[network.into(), public.as_slice().into()]).await.map(drop)
    }

    /// Takes a lease, or holds it on, until an instant; whether it is held. Nothing rests on it that the
    /// heads of journals do not guard.
    pub async fn lease(
        &self,
        name: &str,
        holder: &str,
        now: Instant,
        until: Instant,
    ) -> Result<bool, StoreError> {
        let args = [name.into(), holder.into(), until.0.into(), now.0.into()];
        Ok(self.execute(&LEASE, &args).await? == 1)
    }

    /// Gives a lease back before it runs out.
    pub async fn give_back(&self, name: &str, holder: &str) -> Result<(), StoreError> {
        self.execute(&GIVE_BACK, &[name.into(), holder.into()]).await.map(drop)
    }

    /// How many leases are held: none, where no process serves from this database.
    pub async fn leases(&self, now: Instant) -> Result<i64, StoreError> {
        self.fetch_one(&LEASES, &[now.0.into()]).await?.map_or(Ok(0), |row| row.int(0))
    }

    /// Notes that this database is served no more, and why.
    pub async fn retire(&self, because: &str) -> Result<(), StoreError> {
        self.execute(&RETIRE, &[because.into()]).await.map(drop)
    }

    /// Refuses a database that is served no more.
    pub async fn check_not_retired(&self) -> Result<(), StoreError> {
        match self.fetch_one(&RETIRED, &[]).await? {
            Some(row) => Err(StoreError::Retired(row.text(0)?)),
            None => Ok(()),
        }
    }
}
