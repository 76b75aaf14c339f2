//! One batch, one transaction: the head first, then rows.

use std::sync::Arc;

use ::journal::{Checkpoint, Digest, Entry};
use serde_json::{Value as Json, json};
use valueflows::{Id, Instant, Part, Record};

use crate::commit::Statement;
use crate::db::{Arg, Store};
use crate::error::StoreError;
use crate::network::Head;
use crate::read::{hex, kind};
use crate::sql::Sql;

/// One record as it is after an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its dense key.
    pub key: i64,
    /// The entry.
    pub seq: u64,
    /// The record as the books knew it before the batch; its links are taken away.
    pub before: Option<Arc<Record>>,
    /// The record as it is now.
    pub after: Record,
}

/// Everything that one transaction writes.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The head that the batch was decided on.
    pub old: Head,
    /// The head afterwards.
    pub new: Head,
    /// The entries, with their hashes, oldest first.
    pub entries: Vec<(Entry, Digest)>,
    /// The records, the last state of each.
    pub changes: Vec<Change>,
    /// Deadlines that begin to stand, and still do at its end.
    pub deadlines: Vec<(Instant, Id)>,
    /// Deadlines that were carried out.
    pub carried_out: Vec<(Instant, Id)>,
    /// Promises whose deadlines no longer stand.
    pub settled: Vec<Id>,
    /// The entries whose personal part goes.
    pub erased: Vec<u64>,
    /// The checkpoint over it all, with its signed note; several where several batches are written again.
    pub checkpoints: Vec<(Checkpoint, String)>,
}

/// Statements of this file.
pub const SQL: &[Sql] = &[
    MOVE_HEAD,
    ENTRIES,
    RECORDS,
    REVISE,
    UNLINK,
    LINKS,
    DEADLINES,
    CARRY_OUT,
    SETTLE,
    ERASE,
    CHECKPOINTS,
    CLEAR_RECORDS,
    CLEAR_LINKS,
    CLEAR_DEADLINES,
];

const MOVE_HEAD: Sql = Sql::same(
    "network.move_head",
    "UPDATE network SET seq = $3, head = $4, clock = $5, book_seq = $6, next_key = $7, peaks = $8, \
     state = $9, bytes = $10, day = $11, day_entries = $12, day_plugin = $13 WHERE key = $1 AND seq = $2 AND state = $14",
);
const ENTRIES: Sql = Sql::both(
    "entry.insert",
    "INSERT INTO entry (network, seq, at, command, hash, format, books, books_salt, personal, personal_salt, personal_commitment) \
     SELECT $1, q.value ->> 0, q.value ->> 1, unhex(q.value ->> 2), unhex(q.value ->> 3), q.value ->> 4, q.value ->> 5, \
     unhex(q.value ->> 6), q.value ->> 7, unhex(q.value ->> 8), unhex(q.value ->> 9) FROM json_each($2) AS q WHERE TRUE",
    "INSERT INTO entry (network, seq, at, command, hash, format, books, books_salt, personal, personal_salt, personal_commitment) \
     SELECT $1, CAST(q.value ->> 0 AS BIGINT), CAST(q.value ->> 1 AS BIGINT), decode(q.value ->> 2, 'hex'), \
     decode(q.value ->> 3, 'hex'), CAST(q.value ->> 4 AS BIGINT), q.value ->> 5, decode(q.value ->> 6, 'hex'), q.value ->> 7, \
     decode(q.value ->> 8, 'hex'), decode(q.value ->> 9, 'hex') FROM json_array_elements(CAST($2 AS json)) AS q(value)",
);
const RECORDS: Sql = Sql::both(
    "record.insert",
    "INSERT INTO record (network, key, id, class, version, seq, books, personal) \
     SELECT $1, q.value ->> 0, unhex(q.value ->> 1), q.value ->> 2, q.value ->> 3, q.value ->> 4, q.value ->> 5, q.value ->> 6 \
     FROM json_each($2) AS q WHERE TRUE",
    "INSERT INTO record (network, key, id, class, version, seq, books, personal) \
     SELECT $1, CAST(q.value ->> 0 AS BIGINT), decode(q.value ->> 1, 'hex'), CAST(q.value ->> 2 AS BIGINT), \
     CAST(q.value ->> 3 AS BIGINT), CAST(q.value ->> 4 AS BIGINT), q.value ->> 5, q.value ->> 6 \
     FROM json_array_elements(CAST($2 AS json)) AS q(value)",
);
// An upsert, since an UPDATE joined to a list would walk the network's whole table on SQLite.
const REVISE: Sql = Sql::both(
    "record.revise",
    "INSERT INTO record (network, key, id, class, version, seq, books, personal) \
     SELECT $1, q.value ->> 0, unhex(q.value ->> 1), q.value ->> 2, q.value ->> 3, q.value ->> 4, q.value ->> 5, q.value ->> 6 \
     FROM json_each($2) AS q WHERE TRUE ON CONFLICT (network, key) DO UPDATE SET \
     version = excluded.version, seq = excluded.seq, books = excluded.books, personal = excluded.personal",
    "INSERT INTO record (network, key, id, class, version, seq, books, personal) \
     SELECT $1, CAST(q.value ->> 0 AS BIGINT), decode(q.value ->> 1, 'hex'), CAST(q.value ->> 2 AS BIGINT), \
     CAST(q.value ->> 3 AS BIGINT), CAST(q.value ->> 4 AS BIGINT), q.value ->> 5, q.value ->> 6 \
     FROM json_array_elements(CAST($2 AS json)) AS q(value) ON CONFLICT (network, key) DO UPDATE SET \
     version = excluded.version, seq = excluded.seq, books = excluded.books, personal = excluded.personal",
);
const UNLINK: Sql = Sql::both(
    "link.delete",
    "DELETE FROM link WHERE network = $1 AND (target, kind, open, source) IN \
     (SELECT unhex(q.value ->> 0), q.value ->> 1, q.value ->> 2, q.value ->> 3 FROM json_each($2) AS q)",
    "DELETE FROM link WHERE ctid = ANY (ARRAY (SELECT l.at FROM json_array_elements(CAST($2 AS json)) AS q(value) \
     CROSS JOIN LATERAL (SELECT ctid AS at FROM link WHERE network = $1 AND target = decode(q.value ->> 0, 'hex') \
     AND kind = CAST(q.value ->> 1 AS BIGINT) AND open = CAST(q.value ->> 2 AS BIGINT) \
     AND source = CAST(q.value ->> 3 AS BIGINT) OFFSET 0) AS l))",
);
const LINKS: Sql = Sql::both(
    "link.insert",
    "INSERT INTO link (network, target, kind, open, source) \
     SELECT $1, unhex(q.value ->> 0), q.value ->> 1, q.value ->> 2, q.value ->> 3 FROM json_each($2) AS q WHERE TRUE",
    "INSERT INTO link (network, target, kind, open, source) \
     SELECT $1, decode(q.value ->> 0, 'hex'), CAST(q.value ->> 1 AS BIGINT), CAST(q.value ->> 2 AS BIGINT), \
     CAST(q.value ->> 3 AS BIGINT) FROM json_array_elements(CAST($2 AS json)) AS q(value)",
);
const DEADLINES: Sql = Sql::both(
    "deadline.insert",
    "INSERT INTO deadline (network, due, commitment) \
     SELECT $1, q.value ->> 0, unhex(q.value ->> 1) FROM json_each($2) AS q WHERE TRUE",
    "INSERT INTO deadline (network, due, commitment) \
     SELECT $1, CAST(q.value ->> 0 AS BIGINT), decode(q.value ->> 1, 'hex') \
     FROM json_array_elements(CAST($2 AS json)) AS q(value)",
);
const CARRY_OUT: Sql = Sql::both(
    "deadline.carry_out",
    "DELETE FROM deadline WHERE network = $1 AND (due, commitment) IN \
     (SELECT q.value ->> 0, unhex(q.value ->> 1) FROM json_each($2) AS q)",
    "DELETE FROM deadline WHERE ctid = ANY (ARRAY (SELECT d.at FROM json_array_elements(CAST($2 AS json)) AS q(value) \
     CROSS JOIN LATERAL (SELECT ctid AS at FROM deadline WHERE network = $1 AND due = CAST(q.value ->> 0 AS BIGINT) \
     AND commitment = decode(q.value ->> 1, 'hex') OFFSET 0) AS d))",
);
const SETTLE: Sql = Sql::both(
    "deadline.settle",
    "DELETE FROM deadline INDEXED BY deadline_commitment \
     WHERE network = $1 AND commitment IN (SELECT unhex(q.value) FROM json_each($2) AS q)",
    "DELETE FROM deadline WHERE network = $1 AND commitment = ANY (ARRAY \
     (SELECT decode(q.value, 'hex') FROM json_array_elements_text(CAST($2 AS json)) AS q(value)))",
);
const ERASE: Sql = Sql::both(
    "entry.erase",
    "UPDATE entry SET personal = NULL, personal_salt = NULL \
     WHERE network = $1 AND seq IN (SELECT value FROM json_each($2))",
    "UPDATE entry SET personal = NULL, personal_salt = NULL WHERE network = $1 AND seq = ANY (ARRAY \
     (SELECT CAST(t.value AS BIGINT) FROM json_array_elements_text(CAST($2 AS json)) AS t(value)))",
);
const CHECKPOINTS: Sql = Sql::both(
    "checkpoint.insert",
    "INSERT INTO checkpoint (network, size, root, note) \
     SELECT $1, q.value ->> 0, unhex(q.value ->> 1), q.value ->> 2 FROM json_each($2) AS q WHERE TRUE",
    "INSERT INTO checkpoint (network, size, root, note) \
     SELECT $1, CAST(q.value ->> 0 AS BIGINT), decode(q.value ->> 1, 'hex'), q.value ->> 2 \
     FROM json_array_elements(CAST($2 AS json)) AS q(value)",
);

const CLEAR_RECORDS: Sql = Sql::same("record.clear", "DELETE FROM record WHERE network = $1");
const CLEAR_LINKS: Sql = Sql::same("link.clear", "DELETE FROM link WHERE network = $1");
const CLEAR_DEADLINES: Sql = Sql::same("deadline.clear", "DELETE FROM deadline WHERE network = $1");

impl Batch {
    /// A batch on a head that writes nothing yet.
    pub fn on(head: &Head) -> Batch {
        Batch {
            old: head.clone(),
            new: head.clone(),
            entries: Vec::new(),
            changes: Vec::new(),
            deadlines: Vec::new(),
            carried_out: Vec::new(),
            settled: Vec::new(),
            erased: Vec::new(),
            checkpoints: Vec::new(),
        }
    }
}

impl Batch {
    /// What is sent to write the batch, in order: the head first, which must still stand where it stood.
    pub(crate) fn statements(&self) -> Vec<Statement> {
        let key = self.old.key;
        let mut list = Vec::with_capacity(10);
        if self.old.seq == 0 {
            list.push(crate::network::insert(&self.old));
        }
        list.push(self.move_head());
        let entries = self.entries.iter().map(|(entry, hash)| entry_row(entry, hash)).collect();
        list.extend(rows(key, &ENTRIES, entries));
        list.extend(self.derived());
        list.extend(rows(key, &ERASE, self.erased.iter().map(|seq| json!(seq)).collect()));
        let point = |(point, note): &(Checkpoint, String)| json!([point.size, point.root.to_string(), note]);
        list.extend(rows(key, &CHECKPOINTS, self.checkpoints.iter().map(point).collect()));
        list
    }

    /// What is sent for the rows that follow from the entries.
    pub(crate) fn derived(&self) -> impl Iterator<Item = Statement> + use<> {
        let key = self.old.key;
        let (old, new): (Vec<&Change>, Vec<&Change>) =
            self.changes.iter().partition(|change| change.before.is_some());
        let (gone, come) = links(&self.changes);
        let due = |(due, id): &(Instant, Id)| json!([due.0, hex(*id)]);
        // What is settled goes first: the deadlines of a batch are those that stand when it is over.
        let stands = |deadline: &&(Instant, Id)| !self.carried_out.contains(deadline);
        let lists: [(&'static Sql, Vec<Json>); 7] = [
            (&RECORDS, new.iter().map(|change| record_row(change)).collect()),
            (&REVISE, old.iter().map(|change| record_row(change)).collect()),
            (&UNLINK, gone),
            (&LINKS, come),
            (&CARRY_OUT, self.carried_out.iter().map(due).collect()),
            (&SETTLE, self.settled.iter().map(|id| json!(hex(*id))).collect()),
            (&DEADLINES, self.deadlines.iter().filter(stands).map(due).collect()),
        ];
        lists.into_iter().filter_map(move |(sql, list)| rows(key, sql, list))
    }

    fn move_head(&self) -> Statement {
        let (old, new) = (&self.old, &self.new);
        let args = vec![
            old.key.into(),
            (old.seq as i64).into(),
            (new.seq as i64).into(),
            new.hash.0.as_slice().into(),
            new.clock.0.into(),
            (new.book_seq as i64).into(),
            new.next_key.into(),
            new.frontier.to_bytes().as_slice().into(),
            (new.state as i64).into(),
            new.usage.bytes.into(),
            new.usage.day.into(),
            new.usage.day_entries.into(),
            new.usage.day_plugin_us.into(),
            (old.state as i64).into(),
        ];
        Statement { sql: &MOVE_HEAD, args, moves_head: true }
    }
}

/// A statement for a list of rows; none for none.
fn rows(key: i64, sql: &'static Sql, rows: Vec<Json>) -> Option<Statement> {
    let list = (!rows.is_empty()).then(|| Json::Array(rows).to_string())?;
    Some(Statement { sql, args: vec![key.into(), Arg::Text(list)], moves_head: false })
}

impl Store {
    /// Replaces everything that follows from a journal by these batches' rows, all or nothing. The
    /// journal itself is not touched.
    pub async fn replace_derived(&self, head: &Head, batches: &[Batch]) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        for sql in [&CLEAR_LINKS, &CLEAR_RECORDS, &CLEAR_DEADLINES] {
            tx.execute(sql, vec![head.key.into()]).await?;
        }
        for batch in batches {
            for statement in batch.derived() {
                tx.send(statement).await?;
            }
        }
        tx.commit().await
    }
}

fn entry_row(entry: &Entry, hash: &Digest) -> Json {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let personal = entry.personal.as_ref();
    let committed = entry.personal_commitment != Digest::default();
    json!([
        entry.seq,
        entry.at.0,
        hex(entry.command),
        hash.to_string(),
        entry.format,
        text(&entry.books),
        ::journal::hex(&entry.books_salt),
        personal.map(|(bytes, _)| text(bytes)),
        personal.map(|(_, salt)| ::journal::hex(salt)),
        committed.then(|| entry.personal_commitment.to_string()),
    ])
}

fn record_row(change: &Change) -> Json {
    let record = &change.after;
    let books = record.fields.to_json(record.class, Part::Books).to_string();
    let personal = record.fields.to_json(record.class, Part::Personal);
    let personal = personal.as_object().is_some_and(|map| !map.is_empty()).then(|| personal.to_string());
    json!([change.key, hex(record.id), record.class.code(), record.version, change.seq, books, personal])
}

/// The links that go and those that come; what stays is not touched.
fn links(changes: &[Change]) -> (Vec<Json>, Vec<Json>) {
    let of = |record: &Record, key: i64| -> Vec<Json> {
        let open = i64::from(record.is_open());
        let mut rows: Vec<Json> = record
            .links()
            .map(|(prop, target)| json!([hex(target), kind(record.class, prop), open, key]))
            .collect();
        rows.dedup();
        rows
    };
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    for change in changes {
        let before = change.before.as_ref().map(|record| of(record, change.key)).unwrap_or_default();
        let after = of(&change.after, change.key);
        gone.extend(before.iter().filter(|row| !after.contains(row)).cloned());
        come.extend(after.into_iter().filter(|row| !before.contains(row)));
    }
    (gone, come)
}
