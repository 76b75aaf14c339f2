//! Rebuilding: everything that follows from a journal, written again from its after-images. No rule
//! is run.

use std::collections::HashMap;

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
                let written =
                    Written::read(&entry.body()?).map_err(|error| Rejection::Internal(error.to_string()))?;
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

struct State {
    head: Head,
    keys: HashMap<Id, i64>,
    records: HashMap<Id, Record>,
    changed: HashMap<Id, usize>,
}

impl State {
    fn new(head: &Head) -> State {
        let head = Head { next_key: 1, ..head.clone() };
        State { head, keys: HashMap::new(), records: HashMap::new(), changed: HashMap::new() }
    }

    fn batch(&mut self) -> Batch {
        self.changed.clear();
        Batch {
            old: self.head.clone(),
            new: self.head.clone(),
            entries: Vec::new(),
            changes: Vec::new(),
            deadlines: Vec::new(),
            carried_out: Vec::new(),
            settled: Vec::new(),
            checkpoint: None,
        }
    }

    fn take(&mut self, batch: &mut Batch, written: &Written, seq: u64) {
        apply(batch, &mut self.head, &mut self.changed, &mut self.keys, &self.records, written, seq);
    }

    fn settle(&mut self, batch: &Batch) {
        for change in &batch.changes {
            self.records.insert(change.after.id, change.after.clone());
        }
    }
}
