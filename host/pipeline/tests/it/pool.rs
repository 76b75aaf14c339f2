//! The threads that judge: bounded for each network, in turn between networks, and not to be broken.

use std::sync::{Arc, Mutex};

use pipeline::limits::{KNOWN_MAX, POOL_QUEUE_MAX};
use pipeline::pool::Pool;
use pipeline::{Node, Via};
use tests::root;

use crate::home::{Start, id, under};

/// Keeps the pool's one thread until it is let go.
struct Gate(std::sync::mpsc::Sender<()>);

fn hold(pool: &Arc<Pool>, network: i64) -> (Gate, tokio::task::JoinHandle<()>) {
    let (sender, receiver) = std::sync::mpsc::channel();
    let (taken, begun) = std::sync::mpsc::channel();
    let pool = pool.clone();
    let job = move || {
        taken.send(()).unwrap();
        receiver.recv().unwrap();
    };
    let task = tokio::spawn(async move { pool.run(network, job).await.unwrap() });
    tokio::task::block_in_place(|| begun.recv().unwrap());
    (Gate(sender), task)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_network_waits_behind_itself() {
    let pool = Arc::new(Pool::new(1).unwrap());
    let (gate, held) = hold(&pool, 1);
    let order: Arc<Mutex<Vec<i64>>> = Arc::default();
    let mut jobs = Vec::new();
    for network in std::iter::repeat_n(1, POOL_QUEUE_MAX).chain([2]) {
        let note = order.clone();
        let mut job = Box::pin({
            let pool = pool.clone();
            async move { pool.run(network, move || note.lock().unwrap().push(network)).await }
        });
        // Polled once, it stands in the queue.
        assert!(futures_poll(&mut job).is_none());
        jobs.push(job);
    }
    let turned_away = pool.run(1, || ()).await.unwrap_err();
    assert_eq!(turned_away.code(), "busy");
    gate.0.send(()).unwrap();
    held.await.unwrap();
    for job in jobs {
        job.await.unwrap();
    }
    let order = order.lock().unwrap();
    assert_eq!(order.len(), POOL_QUEUE_MAX + 1);
    assert!(order.iter().position(|network| *network == 2) <= Some(1), "{order:?}");
}

/// Polls a future once.
fn futures_poll<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::Pin::new(future).poll(&mut context) {
        std::task::Poll::Ready(done) => Some(done),
        std::task::Poll::Pending => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_panics_ends_alone() {
    let pool = Pool::new(1).unwrap();
    let lost = pool.run(1, || -> u32 { panic!("on purpose") }).await.unwrap_err();
    assert_eq!(lost.code(), "internal");
    assert_eq!(pool.run(1, || 7).await.unwrap(), 7);
}

/// More than a lane keeps in mind: it forgets, reads again, and decides the same.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_lane_forgets_it_reads_again() {
    let start = under(&root().join("policies/open-books")).await;
    let node = start.open().await;
    let lane = node.lane("one").await.unwrap();
    let acts = |count: usize| (0..count).map(|_| start.registering(start.steward, "")).collect::<Vec<_>>();
    let command = |n: u64| pipeline::acts::Command::new(id(n), start.steward, acts(900));
    let answers: Vec<_> = (0..8).map(|n| lane.queue(command(n), Via::Console).unwrap()).collect();
    for answer in answers {
        answer.await.unwrap().decision.unwrap();
    }
    let head = node.head("one").await.unwrap();
    assert!(head.next_key as usize > KNOWN_MAX, "{} records are not enough to be forgotten", head.next_key);
    same(&node, &start).await;
    node.close().await;
}

async fn same(node: &Arc<Node>, start: &Start) {
    let head = node.head("one").await.unwrap();
    let scratch = start.folder.join("scratch.sqlite");
    let verified = node.verify(&head, &scratch, &|_| {}).await.unwrap();
    assert_eq!(verified.difference, None);
}
