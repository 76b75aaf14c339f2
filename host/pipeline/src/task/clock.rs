//! What falls due: carried out before anything else, each deadline an entry of its own.

use std::time::Duration;

use governance::{AmendAct, AnyAct, Command, GoverningAct, stops};
use journal::Digest;
use ledger::{Act, Key};
use policy::schema::FALL_DUE;
use policy::{Binding, Via};
use store::{Head, State, Store};
use valueflows::{Class, Id, Instant, NetworkId, Prop};

use super::{Failure, Task};
use crate::decision::Receipt;
use crate::error::Rejection;
use crate::limits::{DEADLINES_MAX, HEAD_LOST_MAX};
use crate::node::{Node, now, time};

impl Task {
    pub(super) async fn clock_alone(&mut self) {
        if let Err(rejection) = self.clock().await {
            tracing::error!(%rejection, "deadlines could not be carried out");
            self.behind = false;
        }
    }

    /// How long until somebody has to look: never a spin, and never long past a change of the system's
    /// clock. A sandbox's clock does not move by itself.
    pub(super) async fn until_due(&mut self) -> Duration {
        const LONGEST: Duration = Duration::from_secs(60);
        // What waits for a calculation is due all the time.
        const HELD: Duration = Duration::from_secs(5);
        let shortest = if self.held { HELD } else { Duration::from_millis(50) };
        let due = match self.head().await {
            Ok(head) if !head.sandbox && head.state == State::Live => {
                self.next_due(&head).await.ok().flatten()
            }
            _ => None,
        };
        let Some(due) = due else { return LONGEST };
        let us = u64::try_from(due.0.saturating_sub(now().0).saturating_add(1)).unwrap_or_default();
        Duration::from_micros(us).clamp(shortest, LONGEST)
    }

    pub(super) async fn next_due(&mut self, head: &Head) -> Result<Option<Instant>, Rejection> {
        if let Some(due) = self.due {
            return Ok(due);
        }
        self.land().await;
        let due = self.node.store.next_due(head).await?;
        self.due = Some(due);
        Ok(due)
    }

    /// Carries out what has fallen due, in due order, and what falls due because of it; after so many,
    /// it notes that more is due and lets the lane breathe.
    pub(super) async fn clock(&mut self) -> Result<(), Rejection> {
        let (mut carried, mut lost) = (0, 0);
        loop {
            let head = self.head().await?;
            if head.state != State::Live {
                self.behind = false;
                return Ok(());
            }
            if self.put_out_of_use(&head).await? {
                continue;
            }
            let at = time(&head);
            if self.next_due(&head).await?.is_none_or(|due| due >= at) {
                self.behind = false;
                return Ok(());
            }
            if self.flight.is_some() {
                self.land().await;
                continue;
            }
            // A promise that falls due would be refused for good: it waits until the calculation answers again. What
            // governing has set does not: votes close, and rules change, whatever a calculation does.
            self.held = holds_clock(&self.node, &head, at).await?;
            let (store, most) = (&self.node.store, DEADLINES_MAX as i64);
            let due = match self.held {
                true => store.due_but(&head, at, most, Class::Commitment).await?,
                false => store.due(&head, at, most).await?,
            };
            if due.is_empty() {
                self.behind = false;
                return Ok(());
            }
            let jobs = jobs_of(&self.node.store, &head, due).await?;
            match self.deadlines(&jobs).await {
                Ok(()) => carried += jobs.len(),
                Err(Failure::Lost) if lost < HEAD_LOST_MAX => lost += 1,
                Err(failure) => return Err(failure.into()),
            }
            if carried >= DEADLINES_MAX {
                let head = self.head().await?;
                self.behind = !self.held && self.next_due(&head).await?.is_some_and(|due| due < at);
                return Ok(());
            }
        }
    }

    async fn deadlines(&mut self, jobs: &[(Command, Via)]) -> Result<(), Failure> {
        let mut answers = Vec::new();
        match self.together(jobs).await {
            Err(Failure::Poisoned(problem)) if jobs.len() > 1 => {
                tracing::error!(problem, "a row was refused; deadlines are carried out one at a time");
                for job in jobs {
                    answers.extend(self.together(std::slice::from_ref(job)).await?);
                }
            }
            outcome => answers = outcome?,
        }
        for answer in answers {
            if let Receipt { decision: Err(refused), seq, .. } = answer? {
                tracing::error!(seq, code = refused.code, "a deadline was refused and is not tried again");
            }
        }
        Ok(())
    }
}

/// Whether a calculation that has a say in what falls due is paused, or out of use.
async fn holds_clock(node: &Node, head: &Head, at: Instant) -> Result<bool, Rejection> {
    let rules = node.rules(head).await?;
    let has_a_say = |binding: &Binding| binding.acts.iter().any(|act| act == FALL_DUE);
    if rules.gone.iter().any(|gone| has_a_say(&gone.binding)) {
        return Ok(true);
    }
    let link = stops::link(head.network);
    let set = node.store.read(head, &[Key::Linked(link)]).await?;
    let paused = |name: &str| {
        set.records.iter().filter_map(|(_, kept)| kept.as_ref()).any(|kept| {
            let fields = &kept.record.fields;
            let stands = fields.instant(Prop::HasEnd).is_some_and(|end| at <= end);
            stands && fields.text(Prop::Kind) == Some("plugin") && fields.text(Prop::Subject) == Some(name)
        })
    };
    Ok(rules.bound.iter().any(|bound| has_a_say(&bound.binding) && paused(&bound.binding.plugin)))
}

/// What the clock does about what has fallen due: as many as go into one batch. What governing has set goes
/// alone, since after it other rules may be in force.
async fn jobs_of(
    store: &Store,
    head: &Head,
    due: Vec<(Instant, Id)>,
) -> Result<Vec<(Command, Via)>, Rejection> {
    let keys: Vec<Key> = due.iter().map(|(_, id)| Key::Record(*id)).collect();
    let set = store.read(head, &keys).await?;
    let is_governing = |id: &Id| {
        let found = set.records.iter().find(|(known, _)| known == id).and_then(|(_, kept)| kept.as_ref());
        found.is_some_and(|kept| kept.record.class.is_governing())
    };
    let mut jobs = Vec::new();
    for (at, id) in due {
        let governs = is_governing(&id);
        if governs && !jobs.is_empty() {
            break;
        }
        jobs.push((carried_out(head.network, at, id, governs), Via::Clock));
        if governs {
            break;
        }
    }
    Ok(jobs)
}

/// The clock's command for a deadline; its id follows from what it is about, so that no deadline can
/// be carried out twice.
pub(crate) fn carried_out(network: NetworkId, at: Instant, of: Id, governs: bool) -> Command {
    let digest = Digest::of(&[b"reflow deadline\0", &network.0, &of.0, &at.0.to_be_bytes()]);
    let acts = vec![match governs {
        true => AnyAct::Governing(GoverningAct::Amend(AmendAct::Lapse { record: of, at })),
        false => AnyAct::Economic(Act::FallDue { commitment: of, at }),
    }];
    Command::new(Id::from_digest(&digest.0), network, acts)
}
