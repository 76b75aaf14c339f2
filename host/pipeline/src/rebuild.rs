//! Rebuilding: everything that follows from a journal, written again from its after-images. No rule
//! is run.

use std::collections::HashMap;
use std::sync::Arc;

use store::{Batch, Head};
use valueflows::{Id, Record};

use crate::entry::Written;
use crate::error::Rejection;
use crate::limits::VERIFY_BATCH;
use crate::node::Node;
use crate::run::apply;

impl Node {
    /// Rebuilds a network's tables, all or nothing; answers with the number of entries. `progress` is
    /// told how many are done.
    pub async fn rebuild(&self, head: &Head, progress: &(dyn Fn(u64) + Sync)) -> Result<u64, Rejection> {
        let mut batches = Vec::new();
        let mut state = State::new(head);
        let mut seq = 0;
        while seq < head.seq {
            let entries = self.store.entries_from(head, seq + 1, VERIFY_BATCH).await?;
            if entries.is_empty() {
                return Err(Rejection::Internal(format!("entry {} is missing from the journal", seq + 1)));
            }
            let mut batch = state.batch();
            for (entry, _) in entries {
                seq = entry.seq;
                let written = Written::of(&entry)?;
                state.take(&mut batch, &written, seq);
            }
            state.settle(&batch);
            batches.push(batch);
            progress(seq);
        }
        self.store.replace_derived(head, &batches).await?;
        Ok(seq)
    }
}

impl Node {
    /// The batches that led from a head to the entries at `ends`, one an end, as they could be written
    /// again: what the bench holds the path against.
    pub async fn batches(&self, from: &Head, ends: &[u64]) -> Result<Vec<Batch>, Rejection> {
        let mut state = State::new(from);
        let mut seq = 0;
        let mut found = Vec::new();
        let last = ends.last().copied().unwrap_or_default();
        let mut batch = state.batch();
        let mut head = from.clone();
        while seq < last {
            for (entry, hash) in self.store.entries_from(from, seq + 1, VERIFY_BATCH).await? {
                seq = entry.seq;
                let written = Written::of(&entry)?;
                state.take(&mut batch, &written, seq);
                if seq > from.seq {
                    let next =
                        Head { seq, hash, clock: entry.at, next_key: state.head.next_key, ..head.clone() };
                    batch.entries.push((entry, hash));
                    head = Head { frontier: pushed(&head, hash), ..next };
                }
                if seq == from.seq || ends.contains(&seq) {
                    state.settle(&batch);
                    let mut done = std::mem::replace(&mut batch, state.batch());
                    if seq > from.seq {
                        done.old = found.last().map_or_else(|| from.clone(), |last: &Batch| last.new.clone());
                        done.new = head.clone();
                        done.checkpoints = vec![self.sign(&head)?];
                        found.push(done);
                    }
                    batch = state.batch();
                }
                if seq == last {
                    break;
                }
            }
        }
        Ok(found)
    }
}

fn pushed(head: &Head, hash: journal::Digest) -> journal::Frontier {
    let mut frontier = head.frontier.clone();
    frontier.push(hash);
    frontier
}

struct State {
    head: Head,
    keys: HashMap<Id, i64>,
    records: HashMap<Id, Arc<Record>>,
    changed: HashMap<Id, usize>,
}

impl State {
    fn new(head: &Head) -> State {
        let head = Head { next_key: 1, ..head.clone() };
        State { head, keys: HashMap::new(), records: HashMap::new(), changed: HashMap::new() }
    }

    fn batch(&mut self) -> Batch {
        self.changed.clear();
        Batch::on(&self.head)
    }

    fn take(&mut self, batch: &mut Batch, written: &Written, seq: u64) {
        let State { head, keys, records, changed } = self;
        apply(batch, head, changed, keys, &|id| records.get(&id).cloned(), written, seq);
    }

    fn settle(&mut self, batch: &Batch) {
        for change in &batch.changes {
            self.records.insert(change.after.id, Arc::new(change.after.clone()));
        }
    }
}
