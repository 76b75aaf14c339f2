//! The threads that judge: a fixed number, a bounded queue for each network, and turns between networks.
//!
//! Whatever runs a network's rules runs here and nowhere else, so that rules that take long keep a thread
//! and not the doors. A network that has much to judge waits behind itself: threads take one job of each
//! network in turn, and a long job comes back in slices.

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::error::Rejection;
use crate::limits::POOL_QUEUE_MAX;

type Job = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Queues {
    /// What each network waits for; no empty ones.
    waiting: HashMap<i64, VecDeque<Job>>,
    /// Whose turn it is, each network once.
    turns: VecDeque<i64>,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    queues: Mutex<Queues>,
    ready: Condvar,
}

impl Shared {
    fn queues(&self) -> MutexGuard<'_, Queues> {
        // Jobs run outside the lock, so a poisoned one holds whole queues.
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Option<Job> {
        let mut queues = self.queues();
        loop {
            if let Some(network) = queues.turns.pop_front() {
                let job = queues.waiting.get_mut(&network).and_then(VecDeque::pop_front);
                match queues.waiting.get(&network) {
                    Some(rest) if !rest.is_empty() => queues.turns.push_back(network),
                    _ => drop(queues.waiting.remove(&network)),
                }
                if job.is_some() {
                    return job;
                }
                continue;
            }
            if queues.closed {
                return None;
            }
            queues = self.ready.wait(queues).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// The threads.
pub struct Pool {
    shared: Arc<Shared>,
}

impl Pool {
    /// As many threads as are asked for.
    pub fn new(threads: usize) -> Result<Pool, Rejection> {
        let pool = Pool { shared: Arc::default() };
        for n in 0..threads.max(1) {
            let shared = pool.shared.clone();
            let live = move || {
                while let Some(job) = shared.next() {
                    // A job that panics loses its answer, which its sender hears; the thread goes on.
                    let _ = catch_unwind(AssertUnwindSafe(job));
                }
            };
            std::thread::Builder::new()
                .name(format!("judge-{n}"))
                .spawn(live)
                .map_err(|error| Rejection::Internal(format!("no thread to judge on: {error}")))?;
        }
        Ok(pool)
    }

    /// Runs a job in its network's turn.
    pub async fn run<T: Send + 'static>(
        &self,
        network: i64,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Rejection> {
        let (answer, heard) = oneshot::channel();
        let job: Job = Box::new(move || drop(answer.send(job())));
        self.queue(network, job)?;
        heard.await.map_err(|_| Rejection::Internal("a judge stopped in the middle".into()))
    }

    fn queue(&self, network: i64, job: Job) -> Result<(), Rejection> {
        let mut queues = self.shared.queues();
        let waiting = queues.waiting.entry(network).or_default();
        if waiting.len() >= POOL_QUEUE_MAX {
            return Err(Rejection::Busy);
        }
        waiting.push_back(job);
        if waiting.len() == 1 {
            queues.turns.push_back(network);
        }
        drop(queues);
        self.shared.ready.notify_one();
        Ok(())
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.queues().closed = true;
        self.shared.ready.notify_all();
    }
}
