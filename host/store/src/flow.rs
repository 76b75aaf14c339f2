//! What track and trace are made of: things, processes and events, in the order in which they were made.

use std::collections::HashMap;

use serde_json::Value as Json;
use valueflows::{Class, Id};

use crate::db::Store;
use crate::error::StoreError;
use crate::network::Head;
use crate::read::{Kept, hex, kept};
use crate::sql::Sql;

/// Statements of this file.
pub const SQL: &[Sql] = &[ROWS, MENDED, MARKED, BY_KEY, KEYS];

// The plus signs keep both engines to the order of the keys: by class they would have to sort.
const ROWS: Sql = Sql::same(
    "flow.rows",
    "SELECT key, id, class, books FROM record \
     WHERE network = $1 AND key > $2 AND key < $3 AND +class IN (7, 8, 9) ORDER BY key LIMIT $4",
);
// Whether anybody mended how things are told apart.
const MENDED: Sql = Sql::same(
    "flow.mended",
    "SELECT COUNT(*) FROM entry WHERE network = $1 AND seq > $2 AND seq <= $3 AND books LIKE '%\"revise\"%' \
     AND (books LIKE '%trackingIdentifier%' OR books LIKE '%ofBatchLot%')",
);
const MARKED: Sql = Sql::same(
    "flow.marked",
    "SELECT key, id, class, books FROM record \
     WHERE network = $1 AND class = 7 AND key > $2 AND key < $3 AND seq > $4 ORDER BY key LIMIT $5",
);
const BY_KEY: Sql = Sql::both(
    "flow.by_key",
    "SELECT key, id, class, version, books, personal FROM record \
     WHERE network = $1 AND key IN (SELECT value FROM json_each($2))",
    "SELECT key, id, class, version, books, personal FROM record \
     WHERE network = $1 AND key = ANY (ARRAY (SELECT CAST(t.value AS BIGINT) FROM json_array_elements_text(CAST($2 AS json)) AS t(value)))",
);

const KEYS: Sql = Sql::both(
    "flow.keys",
    "SELECT id, key FROM record WHERE network = $1 AND id IN (SELECT unhex(value) FROM json_each($2))",
    "SELECT id, key FROM record \
     WHERE network = $1 AND id = ANY (ARRAY (SELECT decode(t.value, 'hex') FROM json_array_elements_text(CAST($2 AS json)) AS t(value)))",
);

/// A thing, a process or an event, unread.
#[derive(Debug, Clone)]
pub struct FlowRow {
    /// Its key: what was made later has a greater one.
    pub key: i64,
    /// Its id.
    pub id: Id,
    /// What it is.
    pub class: Class,
    /// Its values in the books, as JSON.
    pub books: String,
}

impl Store {
    /// Things, processes and events after a key, of those that were there at a position.
    pub async fn flow_rows(&self, head: &Head, after: i64, limit: i64) -> Result<Vec<FlowRow>, StoreError> {
        let args = [head.key.into(), after.into(), head.next_key.into(), limit.into()];
        self.fetch(&ROWS, &args).await?.iter().map(row).collect()
    }

    /// Whether between two positions anybody mended by what things are told apart.
    pub async fn flow_mended(&self, head: &Head, after: u64) -> Result<bool, StoreError> {
        let args = [head.key.into(), (after as i64).into(), (head.seq as i64).into()];
        let row = self.fetch_one(&MENDED, &args).await?;
        Ok(row.map(|row| row.int(0)).transpose()?.unwrap_or_default() > 0)
    }

    /// Things that were changed after a position.
    pub async fn flow_changed(
        &self,
        head: &Head,
        since: u64,
        after: i64,
        limit: i64,
    ) -> Result<Vec<FlowRow>, StoreError> {
        let args = [head.key.into(), after.into(), head.next_key.into(), (since as i64).into(), limit.into()];
        self.fetch(&MARKED, &args).await?.iter().map(row).collect()
    }

    /// Records by their keys, in the order of the keys.
    pub async fn by_keys(&self, head: &Head, keys: &[i64]) -> Result<Vec<Kept>, StoreError> {
        let list: Json = keys.iter().copied().map(Json::from).collect();
        let rows = self.fetch(&BY_KEY, &[head.key.into(), list.to_string().as_str().into()]).await?;
        let mut found = rows.iter().map(kept).collect::<Result<Vec<Kept>, _>>()?;
        found.sort_by_key(|kept| kept.key);
        Ok(found)
    }

    /// The keys of records by their ids.
    pub async fn keys_of(&self, head: &Head, ids: &[Id]) -> Result<HashMap<Id, i64>, StoreError> {
        let list: Json = ids.iter().map(|id| hex(*id)).collect();
        let rows = self.fetch(&KEYS, &[head.key.into(), list.to_string().as_str().into()]).await?;
        rows.iter().map(|row| Ok((row.id(0)?, row.int(1)?))).collect()
    }
}

fn row(row: &crate::db::Row) -> Result<FlowRow, StoreError> {
    let class = Class::from_code(row.int(2)?)
        .ok_or_else(|| StoreError::Corrupt { table: "record", problem: "an unknown class".to_owned() })?;
    Ok(FlowRow { key: row.int(0)?, id: row.id(1)?, class, books: row.text(3)? })
}
