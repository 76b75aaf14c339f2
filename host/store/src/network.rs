//! Networks and their heads.

use ::journal::{Digest, Frontier};
use valueflows::{Instant, NetworkId};

use crate::commit::Statement;
use crate::db::{Row, Store};
use crate::error::StoreError;
use crate::sql::Sql;

/// Where a network's journal stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// The network's dense key.
    pub key: i64,
    /// Its id.
    pub network: NetworkId,
    /// Its name on this node.
    pub name: String,
    /// Whether it is a sandbox.
    pub sandbox: bool,
    /// The newest entry.
    pub seq: u64,
    /// Its hash.
    pub hash: Digest,
    /// The books' time.
    pub clock: Instant,
    /// The entry that enacted the rules in force.
    pub book_seq: u64,
    /// The next record's dense key.
    pub next_key: i64,
    /// The Merkle frontier.
    pub frontier: Frontier,
    /// Whether it lives here.
    pub state: State,
    /// What it has used.
    pub usage: Usage,
}

/// Whether a network lives on this node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// It lives here.
    #[default]
    Live,
    /// It lives on another node now; its books here are only read.
    Moved,
    /// It lives on another node, and this is a copy to read.
    Copy,
    /// It is on its way here, entry by entry.
    Arriving,
}

impl State {
    const ALL: [State; 4] = [State::Live, State::Moved, State::Copy, State::Arriving];

    fn from_code(code: i64) -> Option<State> {
        State::ALL.into_iter().find(|state| *state as i64 == code)
    }

    /// As it stands in files and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Live => "live",
            State::Moved => "moved",
            State::Copy => "copy",
            State::Arriving => "arriving",
        }
    }

    /// Reads it back.
    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What a network has used of its node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Bytes of its journal.
    pub bytes: i64,
    /// The day that the next two are about, since 1970.
    pub day: i64,
    /// Entries written on that day.
    pub day_entries: i64,
    /// What plugins took on that day, microseconds.
    pub day_plugin_us: i64,
}

/// Statements of this file.
pub const SQL: &[Sql] = &[LIST, BY_NAME, BY_KEY, BY_ID, POSITIONS, INSERT];

const LIST: Sql = Sql::same(
    "network.list",
    "SELECT key, id, name, sandbox, seq, head, clock, book_seq, next_key, peaks, \
     state, bytes, day, day_entries, day_plugin FROM network ORDER BY key LIMIT 1000",
);
const BY_NAME: Sql = Sql::same(
    "network.by_name",
    "SELECT key, id, name, sandbox, seq, head, clock, book_seq, next_key, peaks, \
     state, bytes, day, day_entries, day_plugin FROM network WHERE name = $1",
);
const BY_KEY: Sql = Sql::same(
    "network.by_key",
    "SELECT key, id, name, sandbox, seq, head, clock, book_seq, next_key, peaks, \
     state, bytes, day, day_entries, day_plugin FROM network WHERE key = $1",
);
const BY_ID: Sql = Sql::same(
    "network.by_id",
    "SELECT key, id, name, sandbox, seq, head, clock, book_seq, next_key, peaks, \
     state, bytes, day, day_entries, day_plugin FROM network WHERE id = $1",
);
const POSITIONS: Sql = Sql::same("network.positions", "SELECT key, seq FROM network");
const INSERT: Sql = Sql::same(
    "network.insert",
    "INSERT INTO network (key, id, name, sandbox, seq, head, clock, book_seq, next_key, peaks, state) \
     VALUES ($1, $2, $3, $4, 0, $5, $6, 1, 1, $7, $8)",
);

impl Store {
    /// Every network of this node, oldest first.
    pub async fn networks(&self) -> Result<Vec<Head>, StoreError> {
        self.fetch(&LIST, &[]).await?.iter().map(head).collect()
    }

    /// A network by its name on this node.
    pub async fn network_by_name(&self, name: &str) -> Result<Option<Head>, StoreError> {
        self.fetch_one(&BY_NAME, &[name.into()]).await?.as_ref().map(head).transpose()
    }

    /// A network by its key.
    pub async fn head(&self, key: i64) -> Result<Option<Head>, StoreError> {
        self.fetch_one(&BY_KEY, &[key.into()]).await?.as_ref().map(head).transpose()
    }

    /// A network by its id, wherever it lives.
    pub async fn network_by_id(&self, id: NetworkId) -> Result<Option<Head>, StoreError> {
        self.fetch_one(&BY_ID, &[id.0.as_slice().into()]).await?.as_ref().map(head).transpose()
    }

    /// How far every journal has come, by network key.
    pub async fn positions(&self) -> Result<Vec<(i64, u64)>, StoreError> {
        let rows = self.fetch(&POSITIONS, &[]).await?;
        rows.iter().map(|row| Ok((row.int(0)?, u64::try_from(row.int(1)?).unwrap_or_default()))).collect()
    }

    /// The key of the next network that is founded.
    pub async fn next_network_key(&self) -> Result<i64, StoreError> {
        Ok(self.networks().await?.last().map_or(0, |head| head.key) + 1)
    }
}

impl Head {
    /// The head of a network that is about to be founded; it is written with its first entry.
    pub fn before_founding(
        (key, network): (i64, NetworkId),
        name: &str,
        sandbox: bool,
        clock: Instant,
    ) -> Head {
        Head {
            key,
            network,
            name: name.to_owned(),
            sandbox,
            seq: 0,
            hash: Digest::default(),
            clock,
            book_seq: 1,
            next_key: 1,
            frontier: Frontier::default(),
            state: State::Live,
            usage: Usage::default(),
        }
    }
}

pub(crate) fn insert(head: &Head) -> Statement {
    let args = vec![
        head.key.into(),
        head.network.0.as_slice().into(),
        head.name.as_str().into(),
        i64::from(head.sandbox).into(),
        head.hash.0.as_slice().into(),
        head.clock.0.into(),
        head.frontier.to_bytes().as_slice().into(),
        (head.state as i64).into(),
    ];
    Statement { sql: &INSERT, args, moves_head: false }
}

fn head(row: &Row) -> Result<Head, StoreError> {
    let corrupt = |problem: &str| StoreError::Corrupt { table: "network", problem: problem.to_owned() };
    let seq = u64::try_from(row.int(4)?).map_err(|_| corrupt("a negative position"))?;
    Ok(Head {
        key: row.int(0)?,
        network: row.id(1)?,
        name: row.text(2)?,
        sandbox: row.int(3)? != 0,
        seq,
        hash: Digest::from_slice(&row.bytes(5)?).ok_or_else(|| corrupt("a hash of another length"))?,
        clock: Instant(row.int(6)?),
        book_seq: u64::try_from(row.int(7)?).map_err(|_| corrupt("a negative position"))?,
        next_key: row.int(8)?,
        frontier: Frontier::from_bytes(seq, &row.bytes(9)?)
            .ok_or_else(|| corrupt("peaks that do not fit the size"))?,
        state: State::from_code(row.int(10)?).ok_or_else(|| corrupt("an unknown state"))?,
        usage: Usage {
            bytes: row.int(11)?,
            day: row.int(12)?,
            day_entries: row.int(13)?,
            day_plugin_us: row.int(14)?,
        },
    })
}
