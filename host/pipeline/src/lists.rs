//! Lists under the same rules as single records: judged row by row, counted only afterwards, and read
//! many at a time, so that a page costs a few statements however many rows it has.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ledger::{Key, Link, Missing, Stop};
use policy::Ask;
use store::Kept;
use valueflows::{Class, Filter, Id, Record};

use crate::error::Rejection;
use crate::limits::{READ_ROUNDS_MAX, SCAN_CHUNK_ROWS, SCAN_ROWS_MAX};
use crate::reader::Reader;

/// A page of a list.
#[derive(Debug)]
pub struct Page {
    /// The visible records.
    pub records: Vec<Arc<Record>>,
    /// Where the next page begins, if there may be more.
    pub next: Option<i64>,
}

/// Which way a list is read, and from which key; the row with that key is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Oldest first.
    After(i64),
    /// Newest first.
    Before(i64),
}

/// A stretch of a list: the visible rows with their keys, in the order in which they were read.
#[derive(Debug, Default)]
pub struct Stretch {
    /// Keys and records.
    pub rows: Vec<(i64, Arc<Record>)>,
    /// The key to go on from, if there may be more that way. It may lie behind the last row: rows that
    /// were looked at and left out are not looked at again.
    pub next: Option<i64>,
}

impl Reader {
    /// The records that the reader may see, of those that are there.
    pub async fn get_many(&mut self, ids: &[Id]) -> Result<HashMap<Id, Arc<Record>>, Rejection> {
        let keys: Vec<Key> = ids.iter().map(|id| Key::Record(*id)).collect();
        self.know_all(&keys).await?;
        let mut records = Vec::new();
        for id in ids {
            records.extend(self.raw(*id).await?);
        }
        let seen = self.visible(&records).await?;
        Ok(records.into_iter().zip(seen).filter(|(_, seen)| *seen).map(|(one, _)| (one.id, one)).collect())
    }

    /// The decimals of units; see [`Reader::decimals`].
    pub async fn decimals_many(&mut self, units: &[Id]) -> Result<Vec<(Id, u8)>, Rejection> {
        let keys: Vec<Key> = units.iter().map(|id| Key::Record(*id)).collect();
        self.know_all(&keys).await?;
        let mut decimals = Vec::with_capacity(units.len());
        for unit in units {
            decimals.push((*unit, self.decimals(*unit).await?));
        }
        Ok(decimals)
    }

    /// The visible records that point at something, for several questions at once.
    pub async fn linked_many(
        &mut self,
        links: &[Link],
    ) -> Result<HashMap<Link, Vec<Arc<Record>>>, Rejection> {
        let keys: Vec<Key> = links.iter().map(|link| Key::Linked(*link)).collect();
        self.know_all(&keys).await?;
        let mut found: Vec<(Link, Arc<Record>)> = Vec::new();
        for link in links {
            let records = self.view.linked(*link).map_err(unread)?;
            found.extend(records.into_iter().map(|record| (*link, record)));
        }
        let records: Vec<Arc<Record>> = found.iter().map(|(_, record)| record.clone()).collect();
        let seen = self.visible(&records).await?;
        let mut answers: HashMap<Link, Vec<Arc<Record>>> =
            links.iter().map(|link| (*link, Vec::new())).collect();
        for ((link, record), _) in found.into_iter().zip(seen).filter(|(_, seen)| *seen) {
            answers.entry(link).or_default().push(record);
        }
        Ok(answers)
    }

    /// The visible records that point at something.
    pub async fn linked(&mut self, link: Link) -> Result<Vec<Arc<Record>>, Rejection> {
        Ok(self.linked_many(&[link]).await?.remove(&link).unwrap_or_default())
    }

    /// The visible history of a thing, oldest first.
    pub async fn trace(&mut self, thing: Id) -> Result<Vec<Arc<Record>>, Rejection> {
        let events = loop {
            match ledger::trace::trace(&self.view, thing) {
                Ok(events) => break events,
                Err(missing) => self.know(missing).await?,
            }
        };
        let seen = self.visible(&events).await?;
        Ok(events.into_iter().zip(seen).filter(|(_, seen)| *seen).map(|(event, _)| event).collect())
    }

    /// A stretch of the records of some classes that a filter holds for.
    pub async fn stretch(
        &mut self,
        classes: &[Class],
        way: Way,
        limit: usize,
        filter: &Filter,
    ) -> Result<Stretch, Rejection> {
        let mut stretch = Stretch::default();
        let mut at = way;
        let mut scanned = 0;
        loop {
            let wanted = limit.saturating_sub(stretch.rows.len()).saturating_add(1);
            let rows = self.rows(classes, at, wanted.min(SCAN_CHUNK_ROWS)).await?;
            let Some((last, _)) = rows.last() else { return Ok(stretch) };
            let last = *last;
            scanned += rows.len();
            let held: Vec<(i64, Arc<Record>)> =
                rows.into_iter().filter(|(_, record)| filter.holds(record)).collect();
            let records: Vec<Arc<Record>> = held.iter().map(|(_, record)| record.clone()).collect();
            let seen = self.visible(&records).await?;
            for (row, _) in held.into_iter().zip(seen).filter(|(_, seen)| *seen) {
                if stretch.rows.len() == limit {
                    stretch.next = stretch.rows.last().map(|(key, _)| *key);
                    return Ok(stretch);
                }
                stretch.rows.push(row);
            }
            if scanned >= SCAN_ROWS_MAX {
                stretch.next = Some(last);
                return Ok(stretch);
            }
            at = match at {
                Way::After(_) => Way::After(last),
                Way::Before(_) => Way::Before(last),
            };
        }
    }

    /// The next rows of some classes together, in the order of their keys.
    async fn rows(
        &mut self,
        classes: &[Class],
        way: Way,
        limit: usize,
    ) -> Result<Vec<(i64, Arc<Record>)>, Rejection> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut kept: Vec<Kept> = Vec::new();
        for class in classes {
            kept.extend(match way {
                Way::After(key) => self.node.store.list(&self.head, *class, key, most).await?,
                Way::Before(key) => self.node.store.list_back(&self.head, *class, key, most).await?,
            });
        }
        match way {
            Way::After(_) => kept.sort_by_key(|row| row.key),
            Way::Before(_) => kept.sort_by_key(|row| std::cmp::Reverse(row.key)),
        }
        // Beyond the limit a class may have rows that were not fetched.
        kept.truncate(limit);
        let mut rows = Vec::with_capacity(kept.len());
        for Kept { key, record } in kept {
            let id = record.id;
            self.view.snapshot_mut().know(id, Some(record));
            rows.extend(self.view.record(id).map_err(unread)?.map(|record| (key, record)));
        }
        Ok(rows)
    }

    /// A page of the records of a class, oldest first, after a key (0 for the first page).
    pub async fn list(&mut self, class: Class, after: i64, limit: usize) -> Result<Page, Rejection> {
        let Stretch { rows, next } = self.stretch(&[class], Way::After(after), limit, &Filter::All).await?;
        Ok(Page { records: rows.into_iter().map(|(_, record)| record).collect(), next })
    }

    /// A page of the records of a class, newest first, before a key.
    pub async fn list_back(&mut self, class: Class, before: i64, limit: usize) -> Result<Page, Rejection> {
        let Stretch { rows, next } = self.stretch(&[class], Way::Before(before), limit, &Filter::All).await?;
        Ok(Page { records: rows.into_iter().map(|(_, record)| record).collect(), next })
    }

    /// How many records of a class the reader may see.
    pub async fn count(&mut self, class: Class) -> Result<usize, Rejection> {
        let mut count = 0;
        let mut after = 0;
        loop {
            let page = self.list(class, after, 500).await?;
            count += page.records.len();
            match page.next {
                Some(next) => after = next,
                None => return Ok(count),
            }
        }
    }

    /// Which of these the reader may see, in their order; one round of reading serves them all.
    pub async fn visible(&mut self, records: &[Arc<Record>]) -> Result<Vec<bool>, Rejection> {
        let mut verdicts: Vec<Option<bool>> = vec![None; records.len()];
        for _ in 0..READ_ROUNDS_MAX {
            let mut wanted: HashSet<Key> = HashSet::new();
            for (verdict, record) in verdicts.iter_mut().zip(records) {
                if verdict.is_some() {
                    continue;
                }
                if let Some(alike) = self.alike.get(&record.class) {
                    *verdict = Some(*alike);
                    continue;
                }
                match Ask::to_see(&self.view, self.scene(), self.agent, record) {
                    Ok(ask) => {
                        let allowed = self.allowed(&ask)?;
                        *verdict = Some(allowed);
                        // One question answers for all of them, where no rule looks at one.
                        if self.rules.compiled.is_seen_alike(record.class) {
                            self.alike.insert(record.class, allowed);
                        }
                    }
                    Err(Stop::Missing(Missing(keys))) => wanted.extend(keys),
                    Err(Stop::Refused(_)) => *verdict = Some(false),
                }
            }
            if wanted.is_empty() {
                break;
            }
            self.know(Missing(wanted.into_iter().collect())).await?;
        }
        Ok(verdicts.into_iter().map(|verdict| verdict.unwrap_or(false)).collect())
    }

    /// Reads the keys that are not known yet.
    async fn know_all(&mut self, keys: &[Key]) -> Result<(), Rejection> {
        match self.view.require(keys) {
            Ok(()) => Ok(()),
            Err(missing) => self.know(missing).await,
        }
    }
}

fn unread(_: Missing) -> Rejection {
    Rejection::Internal("a record that was read is gone".to_owned())
}
