//! The derived tables as lines of text, in order: what `verify` compares a rebuilt store with.

use crate::db::{Row, Store};
use crate::error::StoreError;
use crate::limits::PAGE_ROWS_MAX;
use crate::network::Head;
use crate::read::hex;
use crate::sql::Sql;

/// Statements of this file.
pub const SQL: &[Sql] = &[RECORDS, LINKS, DEADLINES, COUNT, ORPHANS];

const RECORDS: Sql = Sql::same(
    "table.records",
    "SELECT key, id, class, version, seq, books, personal FROM record WHERE network = $1 AND key > $2 ORDER BY key LIMIT $3",
);
const LINKS: Sql = Sql::same(
    "table.links",
    "SELECT target, kind, open, source FROM link WHERE network = $1 AND source > $2 AND source <= $3 \
     ORDER BY source, kind, target, open",
);
const DEADLINES: Sql = Sql::same(
    "table.deadlines",
    "SELECT due, commitment FROM deadline WHERE network = $1 AND due > $2 ORDER BY due, commitment LIMIT $3",
);
const COUNT: Sql = Sql::same("table.count", "SELECT CAST(COUNT(*) AS BIGINT) FROM record WHERE network = $1");
const ORPHANS: Sql = Sql::same(
    "table.orphans",
    "SELECT CAST(COUNT(*) AS BIGINT) FROM link WHERE network = $1 AND (source < 1 OR source >= $2)",
);

/// A row as text, and where its page ends.
pub type Line = (i64, String);

impl Store {
    /// A page of the record table after a key.
    pub async fn record_lines(&self, head: &Head, after: i64) -> Result<Vec<Line>, StoreError> {
        let rows = self.fetch(&RECORDS, &[head.key.into(), after.into(), PAGE_ROWS_MAX.into()]).await?;
        rows.iter()
            .map(|row| {
                let personal = row.opt_text(6)?.unwrap_or_default();
                let line = format!(
                    "record {} {} {} {} {} {} {personal}",
                    row.int(0)?,
                    hex(row.id(1)?),
                    row.int(2)?,
                    row.int(3)?,
                    row.int(4)?,
                    row.text(5)?,
                );
                Ok((row.int(0)?, line))
            })
            .collect()
    }

    /// The link rows of the sources in `(after, to]`.
    pub async fn link_lines(&self, head: &Head, after: i64, to: i64) -> Result<Vec<Line>, StoreError> {
        let rows = self.fetch(&LINKS, &[head.key.into(), after.into(), to.into()]).await?;
        rows.iter().map(|row| Ok((row.int(3)?, link_line(row)?))).collect()
    }

    /// All deadline rows after an instant, a page.
    pub async fn deadline_lines(&self, head: &Head, after: i64) -> Result<Vec<Line>, StoreError> {
        let rows = self.fetch(&DEADLINES, &[head.key.into(), after.into(), PAGE_ROWS_MAX.into()]).await?;
        rows.iter()
            .map(|row| Ok((row.int(0)?, format!("deadline {} {}", row.int(0)?, hex(row.id(1)?)))))
            .collect()
    }

    /// How many records a network has.
    pub async fn record_count(&self, head: &Head) -> Result<i64, StoreError> {
        self.fetch_one(&COUNT, &[head.key.into()]).await?.map_or(Ok(0), |row| row.int(0))
    }

    /// How many link rows have a source that no record can have.
    pub async fn stray_links(&self, head: &Head) -> Result<i64, StoreError> {
        self.fetch_one(&ORPHANS, &[head.key.into(), head.next_key.into()])
            .await?
            .map_or(Ok(0), |row| row.int(0))
    }
}

fn link_line(row: &Row) -> Result<String, StoreError> {
    Ok(format!("link {} {} {} {}", hex(row.id(0)?), row.int(1)?, row.int(2)?, row.int(3)?))
}
