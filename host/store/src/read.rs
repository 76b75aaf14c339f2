//! Reading by need: all open keys of a batch in one statement per kind.

use ledger::{Key, Link};
use serde_json::{Value as Json, json};
use valueflows::{Class, Fields, Id, Instant, Record};

use crate::db::{Row, Store};
use crate::error::StoreError;
use crate::limits::READ_ROWS_MAX;
use crate::network::Head;
use crate::sql::Sql;

/// A record with its dense key.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The key.
    pub key: i64,
    /// The record.
    pub record: Record,
}

/// What was found.
#[derive(Debug, Default)]
pub struct ReadSet {
    /// Answers to record keys.
    pub records: Vec<(Id, Option<Kept>)>,
    /// Answers to questions about inverses, oldest record first; the records stand in `records` too.
    pub links: Vec<(Link, Vec<Id>)>,
    /// All records of a class, oldest first; they stand in `records` too.
    pub classes: Vec<(Class, Vec<Id>)>,
}

/// Statements of this file.
pub const SQL: &[Sql] = &[BY_ID, LINKED, NEWEST, LINKED_COUNT, LIST, LIST_BACK, DUE, DUE_BUT, NEXT_DUE];

const BY_ID: Sql = Sql::both(
    "record.by_id",
    // Left to itself, SQLite would walk the network's whole table.
    "SELECT key, id, class, version, books, personal FROM record INDEXED BY record_id \
     WHERE network = $1 AND id IN (SELECT unhex(value) FROM json_each($2))",
    "SELECT key, id, class, version, books, personal FROM record \
     WHERE network = $1 AND id = ANY (ARRAY (SELECT decode(t.value, 'hex') FROM json_array_elements_text(CAST($2 AS json)) AS t(value)))",
);
// Both engines are told the order: questions, links, records. Left to itself PostgreSQL, as long as it has not
// counted a young network's rows, would rather read all of them.
// Each question is [number, target, kind, from, to]: `from..=to` of `open` is 1..=1 or 0..=1.
const LINKED: Sql = Sql::both(
    "link.find",
    "SELECT r.key, r.id, r.class, r.version, r.books, r.personal, CAST(q.value ->> 0 AS BIGINT) AS n \
     FROM json_each($2) AS q \
     CROSS JOIN link AS l ON l.network = $1 AND l.target = unhex(q.value ->> 1) AND l.kind = q.value ->> 2 \
          AND l.open BETWEEN q.value ->> 3 AND 1 \
     CROSS JOIN record AS r ON r.network = $1 AND r.key = l.source \
     ORDER BY n, r.key LIMIT $3",
    "SELECT r.key, r.id, r.class, r.version, r.books, r.personal, CAST(q.value ->> 0 AS BIGINT) AS n \
     FROM json_array_elements(CAST($2 AS json)) AS q(value) \
     CROSS JOIN LATERAL (SELECT source FROM link WHERE network = $1 AND target = decode(q.value ->> 1, 'hex') \
          AND kind = CAST(q.value ->> 2 AS BIGINT) AND open BETWEEN CAST(q.value ->> 3 AS BIGINT) AND 1 OFFSET 0) AS l \
     CROSS JOIN LATERAL (SELECT key, id, class, version, books, personal FROM record \
          WHERE network = $1 AND key = l.source OFFSET 0) AS r \
     ORDER BY n, r.key LIMIT $3",
);
// The same of questions whose newest $4 records are the answer, so that the oldest of a long life are not walked through.
// What is asked so has no end: all of it is open.
const NEWEST: Sql = Sql::both(
    "link.newest",
    "SELECT r.key, r.id, r.class, r.version, r.books, r.personal, CAST(q.value ->> 0 AS BIGINT) AS n \
     FROM json_each($2) AS q \
     CROSS JOIN link AS l ON l.network = $1 AND l.target = unhex(q.value ->> 1) AND l.kind = q.value ->> 2 \
          AND l.open = 1 AND l.source >= COALESCE((SELECT source FROM link WHERE network = $1 \
          AND target = unhex(q.value ->> 1) AND kind = q.value ->> 2 AND open = 1 \
          ORDER BY source DESC LIMIT 1 OFFSET $4 - 1), 0) \
     CROSS JOIN record AS r ON r.network = $1 AND r.key = l.source \
     ORDER BY n, r.key LIMIT $3",
    "SELECT r.key, r.id, r.class, r.version, r.books, r.personal, CAST(q.value ->> 0 AS BIGINT) AS n \
     FROM json_array_elements(CAST($2 AS json)) AS q(value) \
     CROSS JOIN LATERAL (SELECT source FROM link WHERE network = $1 AND target = decode(q.value ->> 1, 'hex') \
          AND kind = CAST(q.value ->> 2 AS BIGINT) AND open = 1 ORDER BY source DESC LIMIT $4) AS l \
     CROSS JOIN LATERAL (SELECT key, id, class, version, books, personal FROM record \
          WHERE network = $1 AND key = l.source OFFSET 0) AS r \
     ORDER BY n, r.key LIMIT $3",
);
const LINKED_COUNT: Sql = Sql::same(
    "link.count",
    "SELECT COUNT(*) FROM link WHERE network = $1 AND target = $2 AND kind = $3 AND open >= $4",
);
const LIST: Sql = Sql::same(
    "record.list",
    "SELECT key, id, class, version, books, personal FROM record \
     WHERE network = $1 AND class = $2 AND key > $3 ORDER BY key LIMIT $4",
);
const LIST_BACK: Sql = Sql::same(
    "record.list_back",
    "SELECT key, id, class, version, books, personal FROM record \
     WHERE network = $1 AND class = $2 AND key < $3 ORDER BY key DESC LIMIT $4",
);
const DUE: Sql = Sql::same(
    "deadline.due",
    "SELECT due, commitment FROM deadline WHERE network = $1 AND due < $2 ORDER BY due, commitment LIMIT $3",
);
const DUE_BUT: Sql = Sql::same(
    "deadline.due_but",
    "SELECT deadline.due, deadline.commitment FROM deadline \
     JOIN record ON record.network = deadline.network AND record.id = deadline.commitment \
     WHERE deadline.network = $1 AND deadline.due < $2 AND record.class <> $4 \
     ORDER BY deadline.due, deadline.commitment LIMIT $3",
);
const NEXT_DUE: Sql =
    Sql::same("deadline.next", "SELECT CAST(MIN(due) AS BIGINT) FROM deadline WHERE network = $1");

/// A small number for a class and a property: part of the stored format of a schema version.
pub(crate) fn kind(class: Class, prop: valueflows::Prop) -> i64 {
    class.code() * 1_000 + prop.code()
}

pub(crate) fn hex(id: Id) -> String {
    ::journal::hex(&id.0)
}

impl Store {
    /// Answers every key, or says that it would be too much.
    pub async fn read(&self, head: &Head, keys: &[Key]) -> Result<ReadSet, StoreError> {
        let mut ids = Vec::new();
        let (mut links, mut newest) = (Vec::new(), Vec::new());
        let mut classes = Vec::new();
        for key in keys {
            match key {
                Key::Record(id) => ids.push(*id),
                Key::Linked(link) if link.newest().is_some() => newest.push(*link),
                Key::Linked(link) => links.push(*link),
                Key::All(class) => classes.push(*class),
            }
        }
        let mut set = ReadSet::default();
        if !ids.is_empty() {
            self.read_records(head, &ids, &mut set).await?;
        }
        if !links.is_empty() {
            self.read_links(head, &LINKED, &links, &mut set).await?;
        }
        if !newest.is_empty() {
            self.read_links(head, &NEWEST, &newest, &mut set).await?;
        }
        for class in classes {
            let rows = self.list(head, class, 0, READ_ROWS_MAX as i64 + 1).await?;
            set.classes.push((class, rows.iter().map(|kept| kept.record.id).collect()));
            set.records.extend(rows.into_iter().map(|kept| (kept.record.id, Some(kept))));
        }
        if set.records.len() > READ_ROWS_MAX {
            return Err(StoreError::TooMuch(READ_ROWS_MAX));
        }
        Ok(set)
    }

    async fn read_records(&self, head: &Head, ids: &[Id], set: &mut ReadSet) -> Result<(), StoreError> {
        let list: Json = ids.iter().map(|id| hex(*id)).collect();
        let rows = self.fetch(&BY_ID, &[head.key.into(), list.to_string().as_str().into()]).await?;
        let mut found = std::collections::HashMap::new();
        for row in &rows {
            let kept = kept(row)?;
            found.insert(kept.record.id, kept);
        }
        set.records.extend(ids.iter().map(|id| (*id, found.remove(id))));
        Ok(())
    }

    async fn read_links(
        &self,
        head: &Head,
        sql: &Sql,
        links: &[Link],
        set: &mut ReadSet,
    ) -> Result<(), StoreError> {
        let questions: Json = links
            .iter()
            .enumerate()
            .map(|(n, link)| json!([n, hex(link.target), kind(link.class, link.prop), i64::from(link.open)]))
            .collect();
        let limit = READ_ROWS_MAX as i64 + 1;
        let mut args = vec![head.key.into(), questions.to_string().as_str().into(), limit.into()];
        args.extend(links.iter().find_map(Link::newest).map(|newest| (newest as i64).into()));
        let rows = self.fetch(sql, &args).await?;
        if rows.len() > READ_ROWS_MAX {
            return Err(StoreError::TooMuch(READ_ROWS_MAX));
        }
        let mut answers: Vec<Vec<Id>> = vec![Vec::new(); links.len()];
        for row in &rows {
            let kept = kept(row)?;
            if let Some(answer) = usize::try_from(row.int(6)?).ok().and_then(|n| answers.get_mut(n)) {
                answer.push(kept.record.id);
            }
            set.records.push((kept.record.id, Some(kept)));
        }
        set.links.extend(links.iter().copied().zip(answers));
        Ok(())
    }

    /// How many records answer a question about inverses.
    pub async fn linked_count(&self, head: &Head, link: Link) -> Result<u64, StoreError> {
        let kind = kind(link.class, link.prop);
        let args =
            [head.key.into(), link.target.0.as_slice().into(), kind.into(), i64::from(link.open).into()];
        let row = self.fetch_one(&LINKED_COUNT, &args).await?;
        Ok(row.map(|row| row.int(0)).transpose()?.and_then(|n| u64::try_from(n).ok()).unwrap_or_default())
    }

    /// A page of the records of a class, oldest first, after a key.
    pub async fn list(
        &self,
        head: &Head,
        class: Class,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Kept>, StoreError> {
        let args = [head.key.into(), class.code().into(), after.into(), limit.into()];
        self.fetch(&LIST, &args).await?.iter().map(kept).collect()
    }

    /// A page of the records of a class, newest first, before a key.
    pub async fn list_back(
        &self,
        head: &Head,
        class: Class,
        before: i64,
        limit: i64,
    ) -> Result<Vec<Kept>, StoreError> {
        let args = [head.key.into(), class.code().into(), before.into(), limit.into()];
        self.fetch(&LIST_BACK, &args).await?.iter().map(kept).collect()
    }

    /// What has fallen due before an instant, in due order.
    pub async fn due(&self, head: &Head, by: Instant, limit: i64) -> Result<Vec<(Instant, Id)>, StoreError> {
        let rows = self.fetch(&DUE, &[head.key.into(), by.0.into(), limit.into()]).await?;
        rows.iter().map(|row| Ok((Instant(row.int(0)?), row.id(1)?))).collect()
    }

    /// The same without the deadlines of one class.
    pub async fn due_but(
        &self,
        head: &Head,
        by: Instant,
        limit: i64,
        class: Class,
    ) -> Result<Vec<(Instant, Id)>, StoreError> {
        let given = [head.key.into(), by.0.into(), limit.into(), class.code().into()];
        let rows = self.fetch(&DUE_BUT, &given).await?;
        rows.iter().map(|row| Ok((Instant(row.int(0)?), row.id(1)?))).collect()
    }

    /// When the next deadline falls.
    pub async fn next_due(&self, head: &Head) -> Result<Option<Instant>, StoreError> {
        let row = self.fetch_one(&NEXT_DUE, &[head.key.into()]).await?;
        Ok(row.map(|row| row.opt_int(0)).transpose()?.flatten().map(Instant))
    }
}

/// A record from a row that starts with key, id, class, version, books, personal.
pub(crate) fn kept(row: &Row) -> Result<Kept, StoreError> {
    let corrupt = |problem: String| StoreError::Corrupt { table: "record", problem };
    let id = row.id(1)?;
    let class = Class::from_code(row.int(2)?).ok_or_else(|| corrupt(format!("{id}: an unknown class")))?;
    let part = |text: &str| -> Result<Fields, StoreError> {
        let json: Json = serde_json::from_str(text).map_err(|error| corrupt(format!("{id}: {error}")))?;
        let map = json.as_object().ok_or_else(|| corrupt(format!("{id}: not an object")))?;
        Fields::from_json(class, map).map_err(|error| corrupt(format!("{id}: {error}")))
    };
    let mut fields = part(&row.text(4)?)?;
    if let Some(personal) = row.opt_text(5)? {
        fields.extend(part(&personal)?);
    }
    let version =
        u32::try_from(row.int(3)?).map_err(|_| corrupt(format!("{id}: a version beyond counting")))?;
    Ok(Kept { key: row.int(0)?, record: Record { id, class, version, fields } })
}
