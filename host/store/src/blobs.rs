//! What goes with a record but stands in no journal: pictures and papers, each under the name that the record's personal
//! part gives it, which is the digest of its bytes. No decision reads them.

use valueflows::Id;

use crate::db::{Row, Store};
use crate::error::StoreError;
use crate::sql::Sql;

/// A picture or a paper as it is carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// Of which record.
    pub record: Id,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Statements of this file.
pub const SQL: &[Sql] = &[PUT, GET, SIZE, DROP, SWEEP, NEXT];

const PUT: Sql = Sql::same(
    "blob.put",
    "INSERT INTO blob (network, record, name, size, bytes) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
);
const GET: Sql = Sql::same(
    "blob.get",
    "SELECT record, name, bytes FROM blob WHERE network = $1 AND record = $2 AND name = $3",
);
const SIZE: Sql = Sql::same(
    "blob.size",
    "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM blob WHERE network = $1 AND NOT (record = $2 AND name = $3)",
);
const DROP: Sql = Sql::same("blob.drop", "DELETE FROM blob WHERE network = $1 AND record = $2 AND name = $3");
const SWEEP: Sql = Sql::same(
    "blob.sweep",
    "DELETE FROM blob WHERE network = $1 AND NOT EXISTS (SELECT 1 FROM record AS r \
     WHERE r.network = blob.network AND r.id = blob.record AND r.personal IS NOT NULL)",
);
const NEXT: Sql = Sql::same(
    "blob.next",
    "SELECT record, name, bytes FROM blob WHERE network = $1 AND (record > $2 OR (record = $2 AND name > $3)) \
     ORDER BY record, name LIMIT 1",
);

impl Store {
    /// Keeps what goes with a record.
    pub async fn put_blob(&self, network: i64, one: &Blob) -> Result<(), StoreError> {
        let size = i64::try_from(one.bytes.len()).unwrap_or(i64::MAX);
        let args = [
            network.into(),
            one.record.0.as_slice().into(),
            one.name.as_str().into(),
            size.into(),
            one.bytes.as_slice().into(),
        ];
        self.execute(&PUT, &args).await.map(drop)
    }

    /// What goes with a record under a name.
    pub async fn blob(&self, network: i64, record: Id, name: &str) -> Result<Option<Blob>, StoreError> {
        let args = [network.into(), record.0.as_slice().into(), name.into()];
        self.fetch_one(&GET, &args).await?.as_ref().map(blob).transpose()
    }

    /// How many bytes of it a network has; perhaps one aside.
    pub async fn blob_bytes(&self, network: i64, but: Option<(Id, &str)>) -> Result<i64, StoreError> {
        let (record, name) = but.unwrap_or_default();
        let args = [network.into(), record.0.as_slice().into(), name.into()];
        self.fetch_one(&SIZE, &args).await?.map_or(Ok(0), |row| row.int(0))
    }

    /// Throws one away.
    pub async fn drop_blob(&self, network: i64, record: Id, name: &str) -> Result<(), StoreError> {
        self.execute(&DROP, &[network.into(), record.0.as_slice().into(), name.into()]).await.map(drop)
    }

    /// Throws those of records away whose personal part is gone.
    pub async fn sweep_blobs(&self, network: i64) -> Result<(), StoreError> {
        self.execute(&SWEEP, &[network.into()]).await.map(drop)
    }

    /// The next one after another: they are carried one at a time.
    pub async fn blob_after(&self, network: i64, record: Id, name: &str) -> Result<Option<Blob>, StoreError> {
        let args = [network.into(), record.0.as_slice().into(), name.into()];
        self.fetch_one(&NEXT, &args).await?.as_ref().map(blob).transpose()
    }
}

fn blob(row: &Row) -> Result<Blob, StoreError> {
    Ok(Blob { record: row.id(0)?, name: row.text(1)?, bytes: row.bytes(2)? })
}
