//! The journal as its readers see it: back from a position, a page at a time, and on from one, as it grows.
//!
//! The journal is its own outbox. Whoever follows it keeps one number, the position up to which it has
//! read; nothing is queued for it, so a slow reader costs nobody anything and misses nothing.

use std::sync::Arc;

use tokio::sync::watch;
use valueflows::{Class, Record};

use crate::decision::Receipt;
use crate::entry::Written;
use crate::error::Rejection;
use crate::limits::{FEED_ENTRIES, SCAN_ROWS_MAX};
use crate::node::Node;
use crate::reader::Reader;

/// What is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feed {
    /// New records of a class.
    Made(Class),
    /// Decisions.
    Decisions,
}

/// One thing that somebody follows.
#[derive(Debug, Clone)]
pub enum News {
    /// A record as it was made.
    Made(Arc<Record>),
    /// A decision.
    Decision(Box<(Receipt, Written)>),
}

impl Node {
    /// How far a network's journal has come, as far as this process knows: a hint to look again.
    pub async fn follow(&self, network: i64) -> watch::Receiver<u64> {
        self.positions.lock().await.entry(network).or_default().subscribe()
    }

    /// Notes that a network's journal has grown.
    pub(crate) async fn grown(&self, network: i64, seq: u64) {
        if let Some(position) = self.positions.lock().await.get(&network) {
            // Heard of by two ways, of which neither may take it back.
            position.send_if_modified(|known| {
                let grew = seq > *known;
                *known = seq.max(*known);
                grew
            });
        }
    }
}

impl Reader {
    /// The visible news after a position, in the order of the journal, and the position up to which it
    /// was read: the journal's end, or earlier where there is more than one reading takes.
    pub async fn news(&mut self, feed: Feed, after: u64) -> Result<(Vec<(u64, News)>, u64), Rejection> {
        let (mut news, mut upto) = (Vec::new(), after);
        let from = after.saturating_add(1);
        for (entry, hash) in self.node.store.entries_from(&self.head, from, FEED_ENTRIES).await? {
            upto = entry.seq;
            let written = Written::of(&entry)?;
            match feed {
                Feed::Decisions => {
                    if self.sees_written(&written).await? {
                        let receipt = crate::lane::receipt(&self.head, &written, (entry.seq, entry.at, hash));
                        news.push((entry.seq, News::Decision(Box::new((receipt, written)))));
                    }
                }
                Feed::Made(class) => {
                    let made = |record: &Record| record.class == class && record.version == 1;
                    let made: Vec<Arc<Record>> =
                        written.made.into_iter().filter(made).map(Arc::new).collect();
                    let seen = self.visible(&made).await?;
                    let made = made.into_iter().zip(seen).filter(|(_, seen)| *seen);
                    news.extend(made.map(|(record, _)| (entry.seq, News::Made(record))));
                }
            }
        }
        Ok((news, upto))
    }

    /// The newest entries that the reader may see the decision of, back from a position.
    pub async fn entries_back(
        &mut self,
        seq: u64,
        limit: usize,
    ) -> Result<Vec<(Receipt, Written)>, Rejection> {
        let mut found = Vec::new();
        let mut at = seq.min(self.head.seq);
        let mut scanned = 0;
        while at > 0 && found.len() < limit && scanned < SCAN_ROWS_MAX {
            // As many as are still wanted: an entry of a thousand acts is not read for nothing.
            let wanted = limit.saturating_sub(found.len()).clamp(8, 100);
            let entries = self.node.store.entries_back(&self.head, at, wanted as i64).await?;
            for (entry, hash) in entries {
                scanned += 1;
                at = entry.seq.saturating_sub(1);
                let written = Written::of(&entry)?;
                let mine = self.sees_written(&written).await?;
                if mine && found.len() < limit {
                    found.push((
                        crate::lane::receipt(&self.head, &written, (entry.seq, entry.at, hash)),
                        written,
                    ));
                }
            }
        }
        Ok(found)
    }
}
