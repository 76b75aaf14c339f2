//! Track and trace as a reader sees it: the walk goes over everything that was recorded, and each step of it is
//! judged for the reader. What may not be seen is a sealed step, not an end.
//!
//! The graph is a view that follows the journal: whoever asks brings it up to the position that they read at.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::num::NonZeroUsize;
use std::sync::Arc;

use ledger::flow::{Direction, Graph, Happened, Kind, Mark, Step, Walk};
use lru::LruCache;
use serde::Deserialize;
use store::{FlowRow, Head, Store};
use tokio::sync::{Mutex, RwLock};
use valueflows::{Action, Class, Id, OwnActions, Record};

use crate::error::Rejection;
use crate::limits::{FLOW_ROWS, FLOW_STEPS_MAX, FLOWS_KEPT};
use crate::node::Node;
use crate::reader::Reader;
use crate::rules::Rules;

/// The graphs of the networks that are asked about.
pub(crate) struct Flows(Mutex<LruCache<i64, Arc<RwLock<Followed>>>>);

impl Default for Flows {
    fn default() -> Flows {
        Flows(Mutex::new(LruCache::new(NonZeroUsize::new(FLOWS_KEPT).unwrap_or(NonZeroUsize::MIN))))
    }
}

/// A network's graph, and how far it has followed.
#[derive(Default)]
struct Followed {
    graph: Graph,
    /// The key of each number, rising.
    keys: Vec<i64>,
    seq: u64,
}

/// What an event, or a thing, says of itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said<'a> {
    action: Option<&'a str>,
    resource_inventoried_as: Option<&'a str>,
    to_resource_inventoried_as: Option<&'a str>,
    input_of: Option<&'a str>,
    output_of: Option<&'a str>,
    #[serde(borrow)]
    tracking_identifier: Option<std::borrow::Cow<'a, str>>,
    of_batch_lot: Option<&'a str>,
}

impl Said<'_> {
    fn marks(&self) -> Vec<Mark> {
        let mark = |kind: &str, text: &str| {
            let mut hasher = DefaultHasher::new();
            (kind, text).hash(&mut hasher);
            hasher.finish()
        };
        let tracked = self.tracking_identifier.as_deref().map(|text| mark("tracked", text));
        tracked.into_iter().chain(self.of_batch_lot.map(|lot| mark("lot", lot))).collect()
    }

    fn named(&self) -> impl Iterator<Item = Id> + '_ {
        let named =
            [self.resource_inventoried_as, self.to_resource_inventoried_as, self.input_of, self.output_of];
        named.into_iter().flatten().filter_map(|text| text.parse().ok())
    }
}

fn said(row: &FlowRow) -> Result<Said<'_>, Rejection> {
    serde_json::from_str(&row.books).map_err(|error| Rejection::Internal(format!("{}: {error}", row.id)))
}

impl Followed {
    /// Takes in what was recorded since, up to a position.
    async fn follow(&mut self, store: &Store, head: &Head, own: &OwnActions) -> Result<(), Rejection> {
        if self.seq >= head.seq {
            return Ok(());
        }
        let first = self.keys.is_empty();
        let mut ids: HashMap<Id, u32> = HashMap::new();
        let mut waiting: VecDeque<(u32, FlowRow)> = VecDeque::new();
        let known = self.keys.last().copied().unwrap_or_default();
        let mut after = known;
        loop {
            let rows = store.flow_rows(head, after, FLOW_ROWS).await?;
            let Some(last) = rows.last() else { break };
            after = last.key;
            if !first {
                self.look_up(store, head, &rows, &mut ids).await?;
            }
            for row in rows {
                self.take(row, own, &mut ids, &mut waiting)?;
            }
            self.connect(&ids, &mut waiting, false)?;
        }
        self.connect(&ids, &mut waiting, true)?;
        if first {
            self.graph.settle();
        } else if store.flow_mended(head, self.seq).await? {
            self.mark_anew(store, head, known).await?;
        }
        self.seq = head.seq;
        Ok(())
    }

    /// The numbers of what the rows name and what was there before them.
    async fn look_up(
        &self,
        store: &Store,
        head: &Head,
        rows: &[FlowRow],
        ids: &mut HashMap<Id, u32>,
    ) -> Result<(), Rejection> {
        let mut wanted = Vec::new();
        for row in rows.iter().filter(|row| row.class == Class::EconomicEvent) {
            wanted.extend(said(row)?.named().filter(|id| !ids.contains_key(id)));
        }
        wanted.sort_unstable();
        wanted.dedup();
        for some in wanted.chunks(FLOW_ROWS as usize / 4) {
            for (id, key) in store.keys_of(head, some).await? {
                if let Ok(number) = self.keys.binary_search(&key) {
                    ids.insert(id, number as u32);
                }
            }
        }
        Ok(())
    }

    fn take(
        &mut self,
        row: FlowRow,
        own: &OwnActions,
        ids: &mut HashMap<Id, u32>,
        waiting: &mut VecDeque<(u32, FlowRow)>,
    ) -> Result<(), Rejection> {
        let said = said(&row)?;
        let number = match row.class {
            Class::EconomicResource => self.graph.resource(&said.marks()),
            Class::Process => self.graph.process(),
            _ => {
                let action = said.action.and_then(|action| Action::parse(action).ok());
                let Some(action) = action else {
                    return Err(Rejection::Internal(format!("event {} has no action", row.id)));
                };
                self.graph.happening(own.like(action))
            }
        };
        self.keys.push(row.key);
        match row.class {
            Class::EconomicEvent => waiting.push_back((number, row)),
            _ => drop(ids.insert(row.id, number)),
        }
        Ok(())
    }

    /// Connects events in their order. One that names what is not there yet waits with all that follow it: a thing is
    /// written down after the event that makes it.
    fn connect(
        &mut self,
        ids: &HashMap<Id, u32>,
        waiting: &mut VecDeque<(u32, FlowRow)>,
        last: bool,
    ) -> Result<(), Rejection> {
        while let Some((event, row)) = waiting.front() {
            let said = said(row)?;
            let number = |text: Option<&str>| ids.get(&text?.parse::<Id>().ok()?).copied();
            let Some(Kind::Event(action)) = self.graph.kind(*event) else {
                return Err(Rejection::Internal(format!("event {} is none", row.id)));
            };
            let happened = Happened {
                action,
                about: number(said.resource_inventoried_as),
                to: number(said.to_resource_inventoried_as),
                input_of: number(said.input_of),
                output_of: number(said.output_of),
            };
            if !last && said.named().any(|id| !ids.contains_key(&id)) {
                return Ok(());
            }
            self.graph.connect(*event, happened);
            waiting.pop_front();
        }
        Ok(())
    }

    /// Somebody mended by what things are told apart.
    async fn mark_anew(&mut self, store: &Store, head: &Head, upto: i64) -> Result<(), Rejection> {
        let mut after = 0;
        loop {
            let rows = store.flow_changed(head, self.seq, after, FLOW_ROWS).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.key;
            for row in rows.iter().filter(|row| row.key <= upto) {
                if let Ok(number) = self.keys.binary_search(&row.key) {
                    self.graph.mark(number as u32, &said(row)?.marks());
                }
            }
        }
    }
}

/// A page of a walk, before it is looked at who may see what.
#[derive(Debug, Clone)]
pub struct Trail {
    /// Its steps, and under which key each is kept.
    steps: Vec<(Step, i64)>,
    /// The place of the first of them in the whole walk.
    pub first: usize,
    /// Whether there are more.
    pub more: bool,
    /// The books that were walked over: how many things, processes and events there were. The next page is asked of
    /// the same.
    pub below: u32,
}

impl Trail {
    /// How many steps it has.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// One step of a walk, as its reader sees it.
#[derive(Debug, Clone)]
pub struct Hop {
    /// Its place in the whole walk.
    pub place: usize,
    /// What is there; nothing where the reader may not see it.
    pub record: Option<Arc<Record>>,
    /// From which step it was come to, by its place in the whole walk.
    pub from: Option<u32>,
    /// How many steps from the start.
    pub depth: u32,
    /// Whether only a sign leads there, where what happened is not recorded.
    pub by_mark: bool,
}

/// What page of a walk.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// Which way.
    pub direction: Direction,
    /// How many steps are left out.
    pub skip: usize,
    /// How many are wanted.
    pub first: usize,
    /// The books as they were when there were so many things, processes and events in them; as they are, if not said.
    pub below: Option<u32>,
}

/// A network's graph, brought up to a position.
async fn followed(node: &Node, head: &Head, rules: &Rules) -> Result<Arc<RwLock<Followed>>, Rejection> {
    let followed = {
        let mut flows = node.flows.0.lock().await;
        flows.get_or_insert(head.key, Default::default).clone()
    };
    let seq = followed.read().await.seq;
    if seq < head.seq {
        // Whoever asked may go away meanwhile; what was begun for them is done for the next.
        let (store, head, own) = (node.store.clone(), head.clone(), rules.compiled.own.clone());
        let mut behind = followed.clone().write_owned().await;
        let catching_up = async move {
            // What fails halfway is made anew with the next question.
            let mut followed = std::mem::take(&mut *behind);
            followed.follow(&store, &head, &own).await?;
            *behind = followed;
            Ok(())
        };
        let caught_up = tokio::spawn(catching_up).await;
        caught_up.map_err(|error| Rejection::Internal(error.to_string())).flatten()?;
    }
    Ok(followed)
}

impl Reader {
    /// Walks from a thing, a process or an event. None where there is none that the reader may see.
    pub async fn walk(&mut self, start: Id, asked: Asked) -> Result<Option<Trail>, Rejection> {
        Ok(self.walks(&[(start, asked)]).await?.pop().flatten())
    }

    /// The same from several at once, in their order.
    pub async fn walks(&mut self, starts: &[(Id, Asked)]) -> Result<Vec<Option<Trail>>, Rejection> {
        let flows = [Class::EconomicResource, Class::Process, Class::EconomicEvent];
        if starts.iter().any(|(_, asked)| asked.skip.saturating_add(asked.first) > FLOW_STEPS_MAX) {
            return Err(Rejection::TooMuchToRead);
        }
        let ids: Vec<Id> = starts.iter().map(|(id, _)| *id).collect();
        let seen = self.get_many(&ids).await?;
        let keys = self.node.store.keys_of(&self.head, &ids).await?;
        let wanted: Vec<Option<(i64, Asked)>> = starts
            .iter()
            .map(|(id, asked)| {
                seen.get(id).filter(|record| flows.contains(&record.class))?;
                Some((*keys.get(id)?, *asked))
            })
            .collect();
        let followed = followed(&self.node, &self.head, &self.rules).await?.read_owned().await;
        let next_key = self.head.next_key;
        let walk = move || wanted.into_iter().map(|wanted| followed.trail(wanted?, next_key)).collect();
        tokio::task::spawn_blocking(walk).await.map_err(|error| Rejection::Internal(error.to_string()))
    }

    /// What is one step away from each of several, and may be seen, in their order.
    pub async fn beside(&mut self, starts: &[(Id, Direction)]) -> Result<Vec<Vec<Arc<Record>>>, Rejection> {
        let ids: Vec<Id> = starts.iter().map(|(id, _)| *id).collect();
        let keys = self.node.store.keys_of(&self.head, &ids).await?;
        let followed = followed(&self.node, &self.head, &self.rules).await?;
        let mut beside: Vec<Vec<i64>> = Vec::with_capacity(starts.len());
        {
            let followed = followed.read().await;
            for (id, direction) in starts {
                let number = keys.get(id).and_then(|key| followed.keys.binary_search(key).ok());
                let steps = number.map(|number| followed.graph.step(number as u32, *direction));
                let keys = steps.into_iter().flatten().filter_map(|n| followed.keys.get(n as usize).copied());
                beside.push(keys.filter(|key| *key < self.head.next_key).take(FLOW_ROWS as usize).collect());
            }
        }
        let records = self.by_keys(beside.iter().flatten().copied().collect()).await?;
        let of = |keys: &Vec<i64>| keys.iter().filter_map(|key| records.get(key)?.clone()).collect();
        Ok(beside.iter().map(of).collect())
    }

    /// Some steps of a walk, by their places in its page, each judged for the reader.
    pub async fn hops(&mut self, trail: &Trail, part: std::ops::Range<usize>) -> Result<Vec<Hop>, Rejection> {
        Ok(self.hops_of(&[(trail, part)]).await?.pop().unwrap_or_default())
    }

    /// The same of several walks at once, in their order.
    pub async fn hops_of(
        &mut self,
        parts: &[(&Trail, std::ops::Range<usize>)],
    ) -> Result<Vec<Vec<Hop>>, Rejection> {
        let steps = |(trail, part): &(&Trail, std::ops::Range<usize>)| {
            trail.steps.get(part.clone()).unwrap_or_default().to_vec()
        };
        let pages: Vec<Vec<(Step, i64)>> = parts.iter().map(steps).collect();
        let records = self.by_keys(pages.iter().flatten().map(|(_, key)| *key).collect()).await?;
        let mut all = Vec::with_capacity(parts.len());
        for ((trail, part), page) in parts.iter().zip(pages) {
            let mut hops = Vec::with_capacity(page.len());
            for (n, (step, key)) in page.into_iter().enumerate() {
                let Some(record) = records.get(&key).cloned() else {
                    return Err(Rejection::Internal("a record that the graph names is gone".to_owned()));
                };
                let place = trail.first + part.start + n;
                hops.push(Hop { place, record, from: step.from, depth: step.depth, by_mark: step.by_mark });
            }
            all.push(hops);
        }
        Ok(all)
    }

    /// Records by their keys; nothing for those that the reader may not see.
    async fn by_keys(&mut self, mut keys: Vec<i64>) -> Result<HashMap<i64, Option<Arc<Record>>>, Rejection> {
        keys.sort_unstable();
        keys.dedup();
        let mut found = HashMap::with_capacity(keys.len());
        for some in keys.chunks(FLOW_ROWS as usize) {
            let kept = self.node.store.by_keys(&self.head, some).await?;
            let (keys, records): (Vec<i64>, Vec<Arc<Record>>) =
                kept.into_iter().map(|kept| (kept.key, Arc::new(kept.record))).unzip();
            let seen = self.visible(&records).await?;
            found.extend(
                keys.into_iter().zip(records.into_iter().zip(seen).map(|(r, seen)| seen.then_some(r))),
            );
        }
        Ok(found)
    }
}

impl Followed {
    fn trail(&self, (key, asked): (i64, Asked), next_key: i64) -> Option<Trail> {
        let start = self.keys.binary_search(&key).ok()? as u32;
        // The books may have grown since this reader began: it walks over those that it reads.
        let there = self.keys.partition_point(|key| *key < next_key) as u32;
        let below = asked.below.unwrap_or(u32::MAX).min(there);
        let steps_max = asked.skip.saturating_add(asked.first);
        let walk = Walk { start, direction: asked.direction, below, steps_max };
        let (steps, ended) = self.graph.walk(&walk);
        let page = steps.get(asked.skip..).unwrap_or_default();
        let kept = page.iter().filter_map(|step| Some((*step, *self.keys.get(step.node as usize)?)));
        Some(Trail { steps: kept.collect(), first: asked.skip, more: !ended, below })
    }
}
