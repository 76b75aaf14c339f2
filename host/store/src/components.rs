//! The shelf: component bytes under their digests. Lying there has no effect.

use crate::db::Store;
use crate::error::StoreError;
use crate::sql::Sql;

/// Statements of this file.
pub const SQL: &[Sql] = &[PUT, GET];

const PUT: Sql = Sql::same(
    "component.put",
    "INSERT INTO component (digest, bytes) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING",
);
const GET: Sql = Sql::same("component.get", "SELECT bytes FROM component WHERE digest = $1");

impl Store {
    /// Lays a component on the shelf.
    pub async fn put_component(&self, digest: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.execute(&PUT, &[digest.into(), bytes.into()]).await.map(drop)
    }

    /// Takes a component from the shelf.
    pub async fn component(&self, digest: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.fetch_one(&GET, &[digest.into()]).await?.map(|row| row.bytes(0)).transpose()
    }
}
