//! Entries and checkpoints.

use ::journal::{Checkpoint, Digest, Entry, Salt};
use valueflows::{Id, Instant, NetworkId};

use crate::db::{Row, Store};
use crate::error::StoreError;
use crate::limits::PAGE_ROWS_MAX;
use crate::network::Head;
use crate::sql::Sql;

/// Statements of this file.
pub const SQL: &[Sql] = &[FROM, BACK, BY_COMMANDS, HASHES, CHECKPOINTS];

const FROM: Sql = Sql::same(
    "entry.from",
    "SELECT seq, at, command, hash, format, books, books_salt, personal, personal_salt, personal_commitment \
     FROM entry WHERE network = $1 AND seq >= $2 ORDER BY seq LIMIT $3",
);
const BACK: Sql = Sql::same(
    "entry.back",
    "SELECT seq, at, command, hash, format, books, books_salt, personal, personal_salt, personal_commitment \
     FROM entry WHERE network = $1 AND seq <= $2 ORDER BY seq DESC LIMIT $3",
);
const BY_COMMANDS: Sql = Sql::both(
    "entry.by_commands",
    "SELECT seq, at, command, hash, format, books, books_salt, personal, personal_salt, personal_commitment \
     FROM entry INDEXED BY entry_command WHERE network = $1 AND command IN (SELECT unhex(value) FROM json_each($2))",
    "SELECT seq, at, command, hash, format, books, books_salt, personal, personal_salt, personal_commitment \
     FROM entry WHERE network = $1 AND command = ANY (ARRAY \
     (SELECT decode(t.value, 'hex') FROM json_array_elements_text(CAST($2 AS json)) AS t(value)))",
);
const HASHES: Sql =
    Sql::same("entry.hashes", "SELECT hash FROM entry WHERE network = $1 AND seq <= $2 ORDER BY seq");
const CHECKPOINTS: Sql = Sql::same(
    "checkpoint.list",
    "SELECT size, root, note FROM checkpoint WHERE network = $1 AND size >= $2 ORDER BY size LIMIT $3",
);

impl Store {
    /// Entries from a position on, with the hash stored beside each, oldest first. `previous` of the
    /// first one is left for the caller, who knows the hash before it.
    pub async fn entries_from(
        &self,
        head: &Head,
        seq: u64,
        limit: i64,
    ) -> Result<Vec<(Entry, Digest)>, StoreError> {
        let args = [head.key.into(), (seq as i64).into(), limit.min(PAGE_ROWS_MAX).into()];
        self.fetch(&FROM, &args).await?.iter().map(|row| entry(row, head.network)).collect()
    }

    /// Entries back from a position, newest first.
    pub async fn entries_back(
        &self,
        head: &Head,
        seq: u64,
        limit: i64,
    ) -> Result<Vec<(Entry, Digest)>, StoreError> {
        let args = [head.key.into(), (seq as i64).into(), limit.min(PAGE_ROWS_MAX).into()];
        self.fetch(&BACK, &args).await?.iter().map(|row| entry(row, head.network)).collect()
    }

    /// The entries of commands, those that have one.
    pub async fn entries_of(&self, head: &Head, commands: &[Id]) -> Result<Vec<(Entry, Digest)>, StoreError> {
        let list: serde_json::Value = commands.iter().map(|id| crate::read::hex(*id)).collect();
        let rows = self.fetch(&BY_COMMANDS, &[head.key.into(), list.to_string().as_str().into()]).await?;
        rows.iter().map(|row| entry(row, head.network)).collect()
    }

    /// The entry of a command, if it has one.
    pub async fn entry_of(&self, head: &Head, command: Id) -> Result<Option<(Entry, Digest)>, StoreError> {
        Ok(self.entries_of(head, &[command]).await?.into_iter().next())
    }

    /// The hashes of the first `size` entries: the leaves of the Merkle log.
    pub async fn entry_hashes(&self, head: &Head, size: u64) -> Result<Vec<Digest>, StoreError> {
        let rows = self.fetch(&HASHES, &[head.key.into(), (size as i64).into()]).await?;
        rows.iter().map(|row| digest(&row.bytes(0)?)).collect()
    }

    /// Checkpoints that cover at least `size` entries, smallest first.
    pub async fn checkpoints_from(
        &self,
        head: &Head,
        size: u64,
        limit: i64,
    ) -> Result<Vec<(Checkpoint, String)>, StoreError> {
        let args = [head.key.into(), (size as i64).into(), limit.min(PAGE_ROWS_MAX).into()];
        let rows = self.fetch(&CHECKPOINTS, &args).await?;
        rows.iter()
            .map(|row| {
                let size = u64::try_from(row.int(0)?).unwrap_or_default();
                let root = digest(&row.bytes(1)?)?;
                Ok((Checkpoint { network: head.network, size, root }, row.text(2)?))
            })
            .collect()
    }
}

fn digest(bytes: &[u8]) -> Result<Digest, StoreError> {
    Digest::from_slice(bytes)
        .ok_or_else(|| StoreError::Corrupt { table: "entry", problem: "a hash of another length".into() })
}

fn salt(bytes: Vec<u8>) -> Result<Salt, StoreError> {
    bytes
        .try_into()
        .map_err(|_| StoreError::Corrupt { table: "entry", problem: "a salt of another length".into() })
}

pub(crate) fn entry(row: &Row, network: NetworkId) -> Result<(Entry, Digest), StoreError> {
    let personal = match (row.opt_text(7)?, row.opt_bytes(8)?) {
        (Some(text), Some(bytes)) => Some((text.into_bytes(), salt(bytes)?)),
        _ => None,
    };
    let entry = Entry {
        network,
        seq: u64::try_from(row.int(0)?).unwrap_or_default(),
        at: Instant(row.int(1)?),
        previous: Digest::default(),
        books: row.text(5)?.into_bytes(),
        books_salt: salt(row.bytes(6)?)?,
        personal,
        personal_commitment: row.opt_bytes(9)?.map(|bytes| digest(&bytes)).transpose()?.unwrap_or_default(),
        format: u32::try_from(row.int(4)?).unwrap_or_default(),
        command: row.id(2)?,
    };
    Ok((entry, digest(&row.bytes(3)?)?))
}
