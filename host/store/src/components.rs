//! The shelf: component bytes under their digests, and rule sets by their names. Lying there has no effect.

use crate::db::Store;
use crate::error::StoreError;
use crate::sql::Sql;

/// Statements of this file.
pub const SQL: &[Sql] = &[PUT, GET, PUT_CHARTER, CHARTERS, CHARTER];

const PUT: Sql = Sql::same(
    "component.put",
    "INSERT INTO component (digest, bytes) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING",
);
const GET: Sql = Sql::same("component.get", "SELECT bytes FROM component WHERE digest = $1");

const PUT_CHARTER: Sql = Sql::same(
    "charter.put",
    "INSERT INTO charter (name, title, book) VALUES ($1, $2, $3) \
     ON CONFLICT (name) DO UPDATE SET title = excluded.title, book = excluded.book",
);
const CHARTERS: Sql = Sql::same("charter.list", "SELECT name, title FROM charter ORDER BY name LIMIT 1000");
const CHARTER: Sql = Sql::same("charter.get", "SELECT book FROM charter WHERE name = $1");

impl Store {
    /// Lays a rule set on the shelf, in place of an earlier one of its name.
    pub async fn put_charter(&self, name: &str, title: &str, book: &str) -> Result<(), StoreError> {
        self.execute(&PUT_CHARTER, &[name.into(), title.into(), book.into()]).await.map(drop)
    }

    /// The rule sets on the shelf: names and titles.
    pub async fn charters(&self) -> Result<Vec<(String, String)>, StoreError> {
        let rows = self.fetch(&CHARTERS, &[]).await?;
        rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
    }

    /// The book of a rule set on the shelf.
    pub async fn charter(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.fetch_one(&CHARTER, &[name.into()]).await?.map(|row| row.text(0)).transpose()
    }

    /// Lays a component on the shelf.
    pub async fn put_component(&self, digest: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.execute(&PUT, &[digest.into(), bytes.into()]).await.map(drop)
    }

    /// Takes a component from the shelf.
    pub async fn component(&self, digest: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.fetch_one(&GET, &[digest.into()]).await?.map(|row| row.bytes(0)).transpose()
    }
}
