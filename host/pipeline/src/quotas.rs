//! What the operator lets a network use of the node. None of it is part of a decision: whoever is turned
//! away finds nothing written.

use std::collections::HashMap;

use store::{Head, State};
use valueflows::Instant;

use crate::error::Rejection;
use crate::limits::PICTURES_BYTES_MAX;
use crate::node::{Node, now};
use crate::run::Ran;

/// How much one network may use; nothing said is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Quota {
    /// Bytes of journal.
    pub bytes: Option<i64>,
    /// Records.
    pub records: Option<i64>,
    /// Entries a day.
    pub entries_a_day: Option<i64>,
    /// What plugins may take in a day, milliseconds.
    pub plugin_ms_a_day: Option<i64>,
    /// Bytes of pictures and papers; 256 MiB, if nothing is said.
    pub pictures: Option<i64>,
}

/// How much each network may use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Quotas {
    /// Every network that is not named.
    pub each: Quota,
    /// Those that are, by name on this node.
    pub named: HashMap<String, Quota>,
}

fn today() -> i64 {
    now().0.div_euclid(Instant::DAY_US)
}

/// Entries of today, and what plugins took today, microseconds.
fn used_today(head: &Head) -> (i64, i64) {
    let usage = &head.usage;
    if usage.day == today() { (usage.day_entries, usage.day_plugin_us) } else { (0, 0) }
}

impl Quota {
    /// How many bytes of pictures and papers, in any case.
    pub fn pictures_most(&self) -> i64 {
        self.pictures.unwrap_or(PICTURES_BYTES_MAX)
    }
}

impl Quotas {
    /// How much a network may use, by its name.
    fn of(&self, network: &str) -> &Quota {
        self.named.get(network).unwrap_or(&self.each)
    }

    /// Whether a network still takes commands.
    pub(crate) fn check(&self, head: &Head) -> Result<(), Rejection> {
        match head.state {
            State::Live => {}
            State::Moved => return Err(Rejection::Elsewhere("has moved to another node")),
            State::Copy => return Err(Rejection::Elsewhere("lives on another node")),
            State::Arriving => return Err(Rejection::Elsewhere("has not arrived here yet")),
        }
        // The node's own books are the operator's.
        if head.key == crate::own::KEY {
            return Ok(());
        }
        let quota = self.of(&head.name);
        let over = |limit: Option<i64>, used: i64| limit.is_some_and(|limit| used >= limit);
        let (entries, plugin_us) = used_today(head);
        match () {
            () if over(quota.bytes, head.usage.bytes) => Err(Rejection::NetworkFull("its room on this node")),
            () if over(quota.records, head.next_key - 1) => {
                Err(Rejection::NetworkFull("the number of records it may have"))
            }
            () if over(quota.entries_a_day, entries) => Err(Rejection::TooMuchToday("its entries")),
            () if over(quota.plugin_ms_a_day, plugin_us / 1_000) => {
                Err(Rejection::TooMuchToday("the time its rules may take"))
            }
            () => Ok(()),
        }
    }
}

impl Node {
    /// How much a network may use.
    pub fn quota(&self, network: &str) -> Quota {
        *self.quotas.of(network)
    }

    /// How much it uses: in all, and today.
    pub async fn usage(&self, head: &Head) -> Result<Quota, Rejection> {
        let (entries, plugin_us) = used_today(head);
        Ok(Quota {
            bytes: Some(head.usage.bytes),
            records: Some(head.next_key - 1),
            entries_a_day: Some(entries),
            plugin_ms_a_day: Some(plugin_us / 1_000),
            pictures: Some(self.store.blob_bytes(head.key, None).await?),
        })
    }
}

/// Counts what a batch uses.
pub(crate) fn count(ran: &mut Ran) {
    let usage = &mut ran.batch.new.usage;
    if usage.day != today() {
        (usage.day, usage.day_entries, usage.day_plugin_us) = (today(), 0, 0);
    }
    usage.bytes += ran.batch.entries.iter().map(|(entry, _)| entry.size() as i64).sum::<i64>();
    usage.day_entries += ran.batch.entries.len() as i64;
    usage.day_plugin_us += i64::try_from(ran.plugin_us).unwrap_or(i64::MAX / 2);
}
