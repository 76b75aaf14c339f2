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
