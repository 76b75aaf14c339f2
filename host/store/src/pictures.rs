//! Pictures: one of a record, under the name that the record's personal part gives it, which is the digest of its bytes.
//! No journal holds them, and no decision reads them.

use valueflows::Id;

use crate::db::{Row, Store};
use crate::error::StoreError;
use crate::sql::Sql;

/// A picture as it is carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
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
    "picture.put",
    "INSERT INTO picture (network, record, name, size, bytes) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (network, record) DO UPDATE SET name = $3, size = $4, bytes = $5",
);
const GET: Sql =
    Sql::same("picture.get", "SELECT record, name, bytes FROM picture WHERE network = $1 AND record = $2");
const SIZE: Sql = Sql::same(
    "picture.size",
    "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM picture WHERE network = $1 AND record <> $2",
);
const DROP: Sql = Sql::same("picture.drop", "DELETE FROM picture WHERE network = $1 AND record = $2");
const SWEEP: Sql = Sql::same(
    "picture.sweep",
    "DELETE FROM picture WHERE network = $1 AND NOT EXISTS (SELECT 1 FROM record AS r \
     WHERE r.network = picture.network AND r.id = picture.record AND r.personal IS NOT NULL)",
);
const NEXT: Sql = Sql::same(
    "picture.next",
    "SELECT record, name, bytes FROM picture WHERE network = $1 AND record > $2 ORDER BY record LIMIT 1",
);

impl Store {
    /// Keeps a picture of a record; the one before it is gone.
    pub async fn put_picture(&self, network: i64, one: &Picture) -> Result<(), StoreError> {
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

    /// The picture of a record.
    pub async fn picture(&self, network: i64, record: Id) -> Result<Option<Picture>, StoreError> {
        let args = [network.into(), record.0.as_slice().into()];
        self.fetch_one(&GET, &args).await?.as_ref().map(picture).transpose()
    }

    /// How many bytes of pictures a network has; perhaps that of one record aside.
    pub async fn picture_bytes(&self, network: i64, but: Option<Id>) -> Result<i64, StoreError> {
        let args = [network.into(), but.unwrap_or_default().0.as_slice().into()];
        self.fetch_one(&SIZE, &args).await?.map_or(Ok(0), |row| row.int(0))
    }

    /// Throws the picture of a record away.
    pub async fn drop_picture(&self, network: i64, record: Id) -> Result<(), StoreError> {
        self.execute(&DROP, &[network.into(), record.0.as_slice().into()]).await.map(drop)
    }

    /// Throws those of records away whose personal part is gone.
    pub async fn sweep_pictures(&self, network: i64) -> Result<(), StoreError> {
        self.execute(&SWEEP, &[network.into()]).await.map(drop)
    }

    /// The picture of the next record after one: they are carried one at a time.
    pub async fn picture_after(&self, network: i64, record: Id) -> Result<Option<Picture>, StoreError> {
        let args = [network.into(), record.0.as_slice().into()];
        self.fetch_one(&NEXT, &args).await?.as_ref().map(picture).transpose()
    }
}

fn picture(row: &Row) -> Result<Picture, StoreError> {
    Ok(Picture { record: row.id(0)?, name: row.text(1)?, bytes: row.bytes(2)? })
}
