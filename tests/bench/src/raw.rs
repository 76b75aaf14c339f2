//! Raw insert: exactly the batches that the path wrote, with the same statements, committed again to a
//! copy of the database as it was before.

use std::time::Instant;

use store::{Batch, Head, Store};

/// The batches that took a journal from one head to another, as their checkpoints bound them.
pub async fn batches(node: &pipeline::Node, from: &Head, to: &Head) -> Vec<Batch> {
    let ends: Vec<u64> = checkpoints(node.store(), from, to).await;
    node.batches(from, &ends).await.expect("the journal reads")
}

async fn checkpoints(store: &Store, from: &Head, to: &Head) -> Vec<u64> {
    let mut ends = Vec::new();
    let mut at = from.seq + 1;
    while at <= to.seq {
        let page = store.checkpoints_from(to, at, 1_000).await.expect("checkpoints");
        let Some((last, _)) = page.last() else { break };
        at = last.size + 1;
        ends.extend(page.iter().map(|(checkpoint, _)| checkpoint.size));
    }
    ends
}

/// Commits them; events a second.
pub async fn commit(store: &Store, batches: &[Batch], events: usize) -> f64 {
    let begin = Instant::now();
    for batch in batches {
        store.commit(batch).await.expect("a raw commit");
    }
    events as f64 / begin.elapsed().as_secs_f64()
}

/// What the path wrote, counted: the rows and bytes that raw insert writes again.
#[derive(Debug, Default, Clone, Copy)]
pub struct Written {
    events: usize,
    batches: usize,
    entries: usize,
    records: usize,
    revised: usize,
    links: usize,
    bytes: usize,
}

impl Written {
    /// Counts batches that so many events came to.
    pub fn add(&mut self, batches: &[Batch], events: usize) {
        self.events += events;
        self.batches += batches.len();
        for batch in batches {
            self.entries += batch.entries.len();
            for (entry, _) in &batch.entries {
                self.bytes += entry.books.len() + entry.personal.as_ref().map_or(0, |part| part.0.len());
            }
            for change in &batch.changes {
                let record = &change.after;
                self.bytes += record.fields.to_json(record.class, valueflows::Part::Whole).to_string().len();
                match change.before {
                    Some(_) => self.revised += 1,
                    None => {
                        self.records += 1;
                        self.links += record.links().count();
                    }
                }
            }
        }
    }

    /// Rows and bytes an event.
    pub fn an_event(&self) -> String {
        let each = |n: usize| n as f64 / self.events.max(1) as f64;
        format!(
            "rows an event: entries {:.2}, records {:.2}, revised {:.2}, links {:.2}; {:.0} bytes; {:.1} events a commit",
            each(self.entries),
            each(self.records),
            each(self.revised),
            each(self.links),
            each(self.bytes),
            self.events as f64 / self.batches.max(1) as f64
        )
    }
}
