//! Several processes on one database. Nothing here makes them right: the head of each journal does. Here
//! they hear of each other soon, and what one of them is enough for is done by one.
//!
//! Each process holds a lease of its own while it serves, and one of them holds the leader's. A lease that
//! is not held on runs out, so that a process that was killed, paused or cut off is no leader for long.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::error::Rejection;
use crate::limits::{HINT_MS, LEASE_MS};
use crate::node::{Node, now, random};

const LEADER: &str = "leader";

/// What a process knows of its company.
pub(crate) struct Company {
    leads: AtomicBool,
    written: Notify,
}

impl Default for Company {
    /// Alone, until somebody else is heard of.
    fn default() -> Company {
        Company { leads: AtomicBool::new(true), written: Notify::new() }
    }
}

impl Company {
    /// Whether what one process is enough for is done here.
    pub fn leads(&self) -> bool {
        self.leads.load(Ordering::Relaxed)
    }

    /// Something was written that the others would like to hear of.
    pub fn written(&self) {
        self.written.notify_one();
    }
}

/// The tasks that keep company; they end when this is dropped.
pub struct Attendance {
    node: Arc<Node>,
    holder: String,
    tasks: JoinSet<()>,
}

impl Node {
    /// Whether this process does what one process of a database is enough for.
    pub fn leads(&self) -> bool {
        self.company.leads()
    }

    /// Begins to keep company with the other processes of a database. An embedded one has none.
    pub async fn attend(self: &Arc<Node>) -> Result<Attendance, Rejection> {
        let id: [u8; 8] = random()?;
        let holder = journal::hex(&id);
        let mut tasks = JoinSet::new();
        if !self.store.is_embedded() {
            self.company.leads.store(false, Ordering::Relaxed);
            self.hold(&holder).await;
            tasks.spawn(leases(self.clone(), holder.clone()));
            tasks.spawn(listen(self.clone()));
            tasks.spawn(tell(self.clone()));
        }
        Ok(Attendance { node: self.clone(), holder, tasks })
    }

    async fn hold(&self, holder: &str) {
        let (at, until) = (now(), now().plus_us(LEASE_MS as i64 * 1_000));
        let own = self.store.lease(&format!("node-{holder}"), holder, at, until).await;
        let leads = match own {
            Ok(_) => self.store.lease(LEADER, holder, at, until).await,
            Err(error) => Err(error),
        };
        match leads {
            Ok(leads) => self.company.leads.store(leads, Ordering::Relaxed),
            // Who cannot reach the database leads nobody; the lease runs out there by itself.
            Err(error) => {
                tracing::warn!(%error, "the leases could not be held");
                self.company.leads.store(false, Ordering::Relaxed);
            }
        }
    }
}

impl Attendance {
    /// Takes leave: the others need not wait for the leases to run out.
    pub async fn leave(mut self) {
        self.tasks.shutdown().await;
        if self.node.store.is_embedded() {
            return;
        }
        for name in [LEADER.to_owned(), format!("node-{}", self.holder)] {
            if let Err(error) = self.node.store.give_back(&name, &self.holder).await {
                tracing::warn!(%error, "a lease was not given back; it runs out by itself");
            }
        }
    }
}

async fn leases(node: Arc<Node>, holder: String) {
    loop {
        tokio::time::sleep(Duration::from_millis(LEASE_MS / 3)).await;
        node.hold(&holder).await;
    }
}

/// Follows the positions of all journals, whoever writes them.
async fn listen(node: Arc<Node>) {
    let mut changes = node.store.changes();
    let mut known: HashMap<i64, u64> = HashMap::new();
    loop {
        changes.next().await;
        let Ok(positions) = node.store.positions().await else { continue };
        for (network, seq) in positions {
            match known.insert(network, seq) {
                Some(before) if before == seq => {}
                Some(_) => node.grown(network, seq).await,
                // Founded or adopted by another process: its deadlines may fall to this one.
                None => drop(node.lane_of(network).await),
            }
        }
    }
}

/// Hints at what was written here, not more often than is of use.
async fn tell(node: Arc<Node>) {
    loop {
        node.company.written.notified().await;
        if let Err(error) = node.store.hint().await {
            tracing::debug!(%error, "nobody was told");
        }
        tokio::time::sleep(Duration::from_millis(HINT_MS)).await;
    }
}
