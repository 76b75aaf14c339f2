//! Where a command's time goes: nanoseconds by stage since the process began. Read by the bench.

use std::sync::atomic::{AtomicU64, Ordering};

/// A stage of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading by need.
    Read,
    /// Plugins: facts, quotes, duties.
    Facts,
    /// Cedar.
    Policy,
    /// The ledger.
    Decide,
    /// The transaction.
    Write,
}

static SPENT: [AtomicU64; 5] = [const { AtomicU64::new(0) }; 5];

/// A running stage; what it took is noted when it is dropped.
pub struct Timer(Stage, std::time::Instant);

/// Starts a stage.
#[expect(clippy::disallowed_methods, reason = "measured, never decided upon")]
pub fn start(stage: Stage) -> Timer {
    Timer(stage, std::time::Instant::now())
}

impl Drop for Timer {
    fn drop(&mut self) {
        let ns = u64::try_from(self.1.elapsed().as_nanos()).unwrap_or(u64::MAX);
        if let Some(spent) = SPENT.get(self.0 as usize) {
            spent.fetch_add(ns, Ordering::Relaxed);
        }
    }
}

static ANSWERED: [AtomicU64; 3] = [const { AtomicU64::new(0) }; 3];

/// What came of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// It was carried out.
    Permitted,
    /// It was refused, in writing.
    Refused,
    /// It was not taken.
    Rejected,
}

/// Counts an answer.
pub fn answer(answered: Answered) {
    if let Some(count) = ANSWERED.get(answered as usize) {
        count.fetch_add(1, Ordering::Relaxed);
    }
}

/// Answers since the process began: permitted, refused, rejected.
pub fn answered() -> [u64; 3] {
    ANSWERED.each_ref().map(|count| count.load(Ordering::Relaxed))
}

/// Nanoseconds by stage: read, facts, policy, decide, write.
pub fn spent() -> [u64; 5] {
    SPENT.each_ref().map(|spent| spent.load(Ordering::Relaxed))
}
