//! What one answer is read from: a reader at one position, asked for many records at a time.
//!
//! Fields ask one by one; what they ask for at the same moment is collected and read together, so that a
//! page of fifty with five nested records each is a handful of statements and not two hundred and fifty.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
use async_graphql::dynamic::FieldValue;
use async_graphql::{Context, Error, ErrorExtensions};
use pipeline::acts::{Direction, Link};
use pipeline::flow::{Asked, Hop, Trail};
use pipeline::{Reader, Rejection};
use tokio::sync::{Mutex, MutexGuard};
use valueflows::{Id, OwnActions, Quantity, Record};

use crate::limits::NODES_MAX;
use crate::problem::Problem;

/// A reader, and what is asked of it.
pub(crate) struct Desk {
    loader: DataLoader<Shared, HashMapCache>,
    handed_out: AtomicUsize,
    own: Arc<OwnActions>,
}

struct Shared(Mutex<Reader>);

/// A unit whose decimals are asked for.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Decimals(Id);

/// A walk that is asked for.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Walked {
    pub start: Id,
    pub direction: Direction,
    pub first: usize,
}

/// What is one step away.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Beside(Id, Direction);

/// A record with the desk that its links are read from.
#[derive(Clone)]
pub(crate) struct Node {
    pub desk: Arc<Desk>,
    pub record: Arc<Record>,
}

/// An exact amount, whose unit is read from a desk.
#[derive(Clone)]
pub(crate) struct Amount {
    pub desk: Arc<Desk>,
    pub quantity: Quantity,
}

type Shown<T> = Result<T, Arc<Rejection>>;

impl Loader<Id> for Shared {
    type Value = Arc<Record>;
    type Error = Arc<Rejection>;

    async fn load(&self, ids: &[Id]) -> Shown<HashMap<Id, Arc<Record>>> {
        Ok(self.0.lock().await.get_many(ids).await?)
    }
}

impl Loader<Link> for Shared {
    type Value = Arc<Vec<Arc<Record>>>;
    type Error = Arc<Rejection>;

    async fn load(&self, links: &[Link]) -> Shown<HashMap<Link, Self::Value>> {
        let found = self.0.lock().await.linked_many(links).await?;
        Ok(found.into_iter().map(|(link, records)| (link, Arc::new(records))).collect())
    }
}

impl Loader<Decimals> for Shared {
    type Value = u8;
    type Error = Arc<Rejection>;

    async fn load(&self, units: &[Decimals]) -> Shown<HashMap<Decimals, u8>> {
        let mut reader = self.0.lock().await;
        let ids: Vec<Id> = units.iter().map(|unit| unit.0).collect();
        let decimals = reader.decimals_many(&ids).await?;
        Ok(decimals.into_iter().map(|(unit, decimals)| (Decimals(unit), decimals)).collect())
    }
}

impl Loader<Walked> for Shared {
    type Value = Arc<Vec<Hop>>;
    type Error = Arc<Rejection>;

    async fn load(&self, walks: &[Walked]) -> Shown<HashMap<Walked, Self::Value>> {
        let mut reader = self.0.lock().await;
        let asked = |walk: &Walked| {
            let asked = Asked { direction: walk.direction, skip: 0, first: walk.first + 1, below: None };
            (walk.start, asked)
        };
        let trails = reader.walks(&walks.iter().map(asked).collect::<Vec<_>>()).await?;
        let there: Vec<(&Walked, &Trail)> =
            walks.iter().zip(&trails).filter_map(|(walk, trail)| Some((walk, trail.as_ref()?))).collect();
        // The start is at hand already.
        let parts: Vec<_> = there.iter().map(|(_, trail)| (*trail, 1..trail.len())).collect();
        let hops = reader.hops_of(&parts).await?;
        Ok(there.iter().zip(hops).map(|((walk, _), hops)| ((*walk).clone(), Arc::new(hops))).collect())
    }
}

impl Loader<Beside> for Shared {
    type Value = Arc<Vec<Arc<Record>>>;
    type Error = Arc<Rejection>;

    async fn load(&self, starts: &[Beside]) -> Shown<HashMap<Beside, Self::Value>> {
        let asked: Vec<(Id, Direction)> = starts.iter().map(|one| (one.0, one.1)).collect();
        let found = self.0.lock().await.beside(&asked).await?;
        Ok(starts.iter().zip(found).map(|(one, records)| (one.clone(), Arc::new(records))).collect())
    }
}

impl Desk {
    /// A desk over a reader.
    pub fn new(reader: Reader) -> Arc<Desk> {
        let own = reader.rules().compiled.own.clone();
        let shared = Shared(Mutex::new(reader));
        let loader = DataLoader::with_cache(shared, tokio::spawn, HashMapCache::default());
        Arc::new(Desk { loader, handed_out: AtomicUsize::new(0), own })
    }

    /// The actions that the network's rules define.
    pub fn own(&self) -> &OwnActions {
        &self.own
    }

    /// The reader itself, for what is not asked by many fields at once.
    pub async fn reader(&self) -> MutexGuard<'_, Reader> {
        self.loader.loader().0.lock().await
    }

    /// A record that the reader may see.
    pub async fn record(self: &Arc<Desk>, id: Id) -> Result<Option<Node>, Error> {
        match self.loader.load_one(id).await.map_err(failed)? {
            Some(record) => self.node(record).map(Some),
            None => Ok(None),
        }
    }

    /// The records of a list, those that the reader may see, in their order.
    pub async fn records(self: &Arc<Desk>, ids: &[Id]) -> Result<Vec<Node>, Error> {
        let found = self.loader.load_many(ids.iter().copied()).await.map_err(failed)?;
        ids.iter().filter_map(|id| found.get(id)).map(|record| self.node(record.clone())).collect()
    }

    /// The records that point at something, oldest first.
    pub async fn linked(&self, link: Link) -> Result<Arc<Vec<Arc<Record>>>, Error> {
        Ok(self.loader.load_one(link).await.map_err(failed)?.unwrap_or_default())
    }

    /// The steps of a walk, but for its start.
    pub async fn walk(&self, walk: Walked) -> Result<Arc<Vec<Hop>>, Error> {
        Ok(self.loader.load_one(walk).await.map_err(failed)?.unwrap_or_default())
    }

    /// What is one step away from a record, in a direction.
    pub async fn beside(&self, start: Id, direction: Direction) -> Result<Arc<Vec<Arc<Record>>>, Error> {
        Ok(self.loader.load_one(Beside(start, direction)).await.map_err(failed)?.unwrap_or_default())
    }

    /// The decimals of a unit.
    pub async fn decimals(&self, unit: Id) -> Result<u8, Error> {
        let decimals = self.loader.load_one(Decimals(unit)).await.map_err(failed)?;
        decimals.ok_or_else(|| Error::new("a unit is gone"))
    }

    /// Hands out a record; an answer holds so many at most.
    pub fn node(self: &Arc<Desk>, record: Arc<Record>) -> Result<Node, Error> {
        if self.handed_out.fetch_add(1, Ordering::Relaxed) >= NODES_MAX {
            let sentence = format!("an answer holds {NODES_MAX} records at most; ask for smaller pages");
            return Err(coded("answer-too-large", sentence));
        }
        Ok(Node { desk: self.clone(), record })
    }
}

/// The value of a field that may be null: what went wrong with it is said beside the answer, and the other
/// fields keep theirs.
pub(crate) fn or_null<'a>(
    ctx: &Context<'_>,
    value: Result<Option<FieldValue<'a>>, Error>,
) -> Result<Option<FieldValue<'a>>, Error> {
    value.or_else(|error| {
        ctx.add_error(ctx.set_error_path(error.into_server_error(ctx.item.pos)));
        Ok(None)
    })
}

/// An error with its stable code.
pub(crate) fn coded(code: &'static str, sentence: impl Into<String>) -> Error {
    Error::new(sentence.into()).extend_with(|_, extensions| extensions.set("code", code))
}

/// A rejection in the words of every door.
pub(crate) fn failed(rejection: Arc<Rejection>) -> Error {
    Problem::of(&rejection).into()
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Error {
        coded(problem.code(), problem.sentence())
    }
}
