//! A lane: one task a network, strictly in order.
//!
//! It takes what is queued and never waits to fill a batch. Before anything else it carries out what
//! has fallen due, each deadline an entry of its own.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use governance::{AnyAct, Command, GoverningAct};
use journal::Digest;
use ledger::Act;
use policy::Via;
use store::{Head, StoreError};
use tokio::sync::{mpsc, oneshot};
use valueflows::{Id, Instant, Part};

use crate::decision::Receipt;
use crate::entry::Written;
use crate::error::Rejection;
use crate::limits::{
    BATCH_ACTS_MAX, BATCH_BYTES_MAX, DEADLINES_MAX, HEAD_LOST_MAX, QUEUE_LEN_MAX, REFUSALS_PER_DAY_MAX,
};
use crate::meter::{self, Stage};
use crate::node::{Node, now, random};
use crate::run::{Job, Ran, run};

/// What a command's sender gets.
pub type Answer = Result<Receipt, Rejection>;

struct Waiting {
    command: Command,
    via: Via,
    bytes: usize,
    answer: oneshot::Sender<Answer>,
}

enum Note {
    Command(Box<Waiting>),
    Finish(oneshot::Sender<()>),
}

/// The sending end of a lane.
#[derive(Clone)]
pub struct Lane {
    queue: mpsc::Sender<Note>,
}

impl Lane {
    /// Starts the lane of a network.
    pub fn start(node: Arc<Node>, network: i64) -> Lane {
        let (queue, notes) = mpsc::channel(QUEUE_LEN_MAX);
        let task = Task { node, network, notes, refusals: HashMap::new(), day: 0 };
        tokio::spawn(task.live());
        Lane { queue }
    }

    /// Whether the lane still takes commands.
    pub fn is_open(&self) -> bool {
        !self.queue.is_closed()
    }

    /// Sends a command and waits for its answer.
    pub async fn send(&self, command: Command, via: Via) -> Answer {
        self.queue(command, via)?.await
    }

    /// Puts a command into the queue; the answer comes later.
    pub fn queue(
        &self,
        command: Command,
        via: Via,
    ) -> Result<impl Future<Output = Answer> + use<>, Rejection> {
        check(&command)?;
        let bytes = command.to_json(Part::Whole).to_string().len();
        let (answer, heard) = oneshot::channel();
        let waiting = Waiting { command, via, bytes, answer };
        self.queue.try_send(Note::Command(Box::new(waiting))).map_err(|_| Rejection::Busy)?;
        Ok(async move { heard.await.map_err(|_| Rejection::Away)? })
    }

    /// Lets the lane finish what it has.
    pub async fn finish(&self) {
        let (done, heard) = oneshot::channel();
        if self.queue.send(Note::Finish(done)).await.is_ok() {
            let _ = heard.await;
        }
    }
}

/// Acts that nobody sends: founding comes before a network has a lane, falling due is the clock's.
fn check(command: &Command) -> Result<(), Rejection> {
    let own = |act: &AnyAct| {
        matches!(act, AnyAct::Governing(GoverningAct::Found { .. }) | AnyAct::Economic(Act::FallDue { .. }))
    };
    match command.acts.iter().find(|act| own(act)) {
        Some(act) => Err(Rejection::Malformed(format!("`{}` cannot be sent", act.name()))),
        None => Ok(()),
    }
}

/// An act after which the next command must see new circumstances ends its batch.
fn is_barrier(command: &Command) -> bool {
    command.acts.iter().any(|act| matches!(act, AnyAct::Governing(GoverningAct::AdvanceClock { .. })))
}

struct Task {
    node: Arc<Node>,
    network: i64,
    notes: mpsc::Receiver<Note>,
    refusals: HashMap<Id, u32>,
    day: i64,
}

impl Task {
    async fn live(mut self) {
        loop {
            let Some(first) = self.next().await else { break };
            let mut batch = Vec::new();
            let mut done = None;
            let (mut acts, mut bytes) = (0, 0);
            let mut note = Some(first);
            while let Some(one) = note.take() {
                match one {
                    Note::Finish(sender) => done = Some(sender),
                    Note::Command(waiting) => {
                        acts += waiting.command.acts.len();
                        bytes += waiting.bytes;
                        let ends = is_barrier(&waiting.command);
                        batch.push(*waiting);
                        if !ends && acts < BATCH_ACTS_MAX && bytes < BATCH_BYTES_MAX {
                            note = self.notes.try_recv().ok();
                        }
                    }
                }
            }
            self.serve(batch).await;
            if let Some(done) = done {
                let _ = done.send(());
                break;
            }
        }
    }

    /// The next note; meanwhile deadlines fall on their own.
    async fn next(&mut self) -> Option<Note> {
        loop {
            let wait = match self.until_due().await {
                Some(wait) => wait,
                None => return self.notes.recv().await,
            };
            tokio::select! {
                note = self.notes.recv() => return note,
                () = tokio::time::sleep(wait) => {
                    if let Err(rejection) = self.clock().await {
                        tracing::error!(%rejection, "deadlines could not be carried out");
                    }
                }
            }
        }
    }

    /// How long until the next deadline falls; a sandbox's clock does not move by itself.
    async fn until_due(&self) -> Option<Duration> {
        let head = self.head().await.ok().filter(|head| !head.sandbox)?;
        let due = self.node.store.next_due(&head).await.ok()??;
        let us = u64::try_from(due.0.saturating_sub(now().0).saturating_add(1)).unwrap_or_default();
        // Never spin, never sleep past a change of the system's clock for long.
        Some(Duration::from_micros(us).clamp(Duration::from_millis(50), Duration::from_secs(60)))
    }

    async fn head(&self) -> Result<Head, Rejection> {
        let head = self.node.store.head(self.network).await?;
        head.ok_or_else(|| Rejection::NoNetwork(self.network.to_string()))
    }

    fn time(head: &Head) -> Instant {
        if head.sandbox { head.clock } else { head.clock.max(now()) }
    }

    async fn serve(&mut self, batch: Vec<Waiting>) {
        if let Err(rejection) = self.clock().await {
            tracing::warn!(%rejection, "deadlines first, but they could not be carried out");
            batch.into_iter().for_each(|waiting| drop(waiting.answer.send(Err(again(&rejection)))));
            return;
        }
        let mut waiting = self.known(batch).await;
        waiting.retain_mut(|one| self.quota(one));
        let moves_clock = waiting.iter().any(|one| is_barrier(&one.command));
        let jobs: Vec<(Command, Via)> = waiting.iter().map(|one| (one.command.clone(), one.via)).collect();
        let mut answers = self.commit(jobs).await;
        if moves_clock && let Err(rejection) = self.clock().await {
            tracing::error!(%rejection, "deadlines could not be carried out");
        }
        answers.reverse();
        for one in waiting {
            let answer = answers.pop().unwrap_or(Err(Rejection::Away));
            if let Ok(Receipt { decision: Err(_), .. }) = &answer {
                *self.refusals.entry(one.command.agent).or_default() += 1;
            }
            // A sender who has gone away finds the stored answer under the command's id.
            let _ = one.answer.send(answer);
        }
    }

    /// Answers those that have an entry already; gives back the others, each id once.
    async fn known(&self, batch: Vec<Waiting>) -> Vec<Waiting> {
        let ids: Vec<Id> = batch.iter().map(|one| one.command.id).collect();
        let stored = match self.stored(&ids).await {
            Ok(stored) => stored,
            Err(rejection) => {
                batch.into_iter().for_each(|one| drop(one.answer.send(Err(again(&rejection)))));
                return Vec::new();
            }
        };
        let mut fresh: Vec<Waiting> = Vec::new();
        let mut seen = HashSet::new();
        for one in batch {
            match stored.get(&one.command.id) {
                Some((command, receipt)) if *command == one.command => {
                    drop(one.answer.send(Ok(receipt.clone())))
                }
                Some(_) => drop(one.answer.send(Err(Rejection::Conflict(one.command.id)))),
                // The same id twice in one batch: whoever comes second asks again.
                None if !seen.insert(one.command.id) => drop(one.answer.send(Err(Rejection::Busy))),
                None => fresh.push(one),
            }
        }
        fresh
    }

    async fn stored(&self, ids: &[Id]) -> Result<HashMap<Id, (Command, Receipt)>, Rejection> {
        let head = self.head().await?;
        let mut stored = HashMap::new();
        for (entry, hash) in self.node.store.entries_of(&head, ids).await? {
            let written =
                Written::read(&entry.body()?).map_err(|error| Rejection::Internal(error.to_string()))?;
            let receipt = receipt(&head, &written, (entry.seq, entry.at, hash));
            stored.insert(entry.command, (written.command, receipt));
        }
        Ok(stored)
    }

    /// Whether the sender may still be refused in writing today.
    fn quota(&mut self, one: &mut Waiting) -> bool {
        let today = now().0.div_euclid(Instant::DAY_US);
        if today != self.day {
            self.day = today;
            self.refusals.clear();
        }
        if self.refusals.get(&one.command.agent).is_none_or(|count| *count < REFUSALS_PER_DAY_MAX) {
            return true;
        }
        let (unheard, _) = oneshot::channel();
        let answer = std::mem::replace(&mut one.answer, unheard);
        let _ = answer.send(Err(Rejection::TooManyRefusals));
        false
    }

    /// Carries out everything that has fallen due, in due order.
    async fn clock(&self) -> Result<(), Rejection> {
        loop {
            let head = self.head().await?;
            let time = Task::time(&head);
            let due = self.node.store.due(&head, time, DEADLINES_MAX).await?;
            if due.is_empty() {
                return Ok(());
            }
            let jobs =
                due.iter().map(|(at, commitment)| (fall_due(&head, *at, *commitment), Via::Clock)).collect();
            for answer in self.commit(jobs).await {
                if let Receipt { decision: Err(refused), seq, .. } = answer? {
                    tracing::error!(
                        seq,
                        code = refused.code,
                        "a deadline was refused and is not tried again"
                    );
                }
            }
        }
    }

    /// Decides and commits; decided again when another node wrote first, one by one when a row was
    /// refused by the database.
    async fn commit(&self, jobs: Vec<(Command, Via)>) -> Vec<Answer> {
        if jobs.is_empty() {
            return Vec::new();
        }
        match self.together(&jobs).await {
            Ok(answers) => answers,
            Err(Failure::Poisoned(problem)) if jobs.len() > 1 => {
                tracing::error!(problem, "a row was refused; the batch is run one command at a time");
                let mut answers = Vec::new();
                for job in jobs {
                    match self.together(std::slice::from_ref(&job)).await {
                        Ok(one) => answers.extend(one),
                        Err(failure) => answers.push(Err(failure.into())),
                    }
                }
                answers
            }
            Err(failure) => {
                let rejection: Rejection = failure.into();
                jobs.iter().map(|_| Err(again(&rejection))).collect()
            }
        }
    }

    async fn together(&self, commands: &[(Command, Via)]) -> Result<Vec<Answer>, Failure> {
        for _ in 0..HEAD_LOST_MAX {
            let head = self.head().await?;
            let rules = self.node.rules(&head).await?;
            let time = Task::time(&head);
            let jobs: Vec<Job> = commands
                .iter()
                .map(|(command, via)| {
                    Ok(Job { command: command.clone(), via: *via, now: time, salts: (random()?, random()?) })
                })
                .collect::<Result<_, Rejection>>()?;
            let Ran { mut batch, answers, .. } = run(self.node.court(&rules), &head, &jobs).await?;
            if batch.entries.is_empty() {
                return Ok(answers);
            }
            batch.checkpoint = Some(self.node.sign(&batch.new)?);
            let timer = meter::start(Stage::Write);
            let committed = self.node.store.commit(&batch).await;
            drop(timer);
            match committed {
                Ok(()) => return Ok(answers),
                Err(StoreError::HeadLost) => tracing::info!(seq = head.seq, "another node wrote first"),
                Err(StoreError::Constraint(problem)) => return Err(Failure::Poisoned(problem)),
                Err(error) => return Err(Failure::Rejected(error.into())),
            }
        }
        Err(Failure::Rejected(Rejection::Busy))
    }
}

enum Failure {
    Rejected(Rejection),
    Poisoned(String),
}

impl From<Rejection> for Failure {
    fn from(rejection: Rejection) -> Failure {
        Failure::Rejected(rejection)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        Failure::Rejected(error.into())
    }
}

impl From<Failure> for Rejection {
    fn from(failure: Failure) -> Rejection {
        match failure {
            Failure::Rejected(rejection) => rejection,
            Failure::Poisoned(problem) => Rejection::Internal(format!("a row was refused: {problem}")),
        }
    }
}

/// The same rejection for one more sender.
fn again(rejection: &Rejection) -> Rejection {
    match rejection {
        Rejection::Full => Rejection::Full,
        Rejection::Busy => Rejection::Busy,
        Rejection::TooMuchToRead => Rejection::TooMuchToRead,
        Rejection::Away => Rejection::Away,
        other => Rejection::Internal(other.to_string()),
    }
}

/// The clock's command for a deadline; its id follows from what it is about, so that no deadline can
/// be carried out twice.
fn fall_due(head: &Head, at: Instant, commitment: Id) -> Command {
    let digest = Digest::of(&[b"reflow deadline\0", &head.network.0, &commitment.0, &at.0.to_be_bytes()]);
    let acts = vec![AnyAct::Economic(Act::FallDue { commitment, at })];
    Command { id: Id::from_digest(&digest.0), agent: head.network, acts }
}

/// The receipt of an entry that is there already.
pub(crate) fn receipt(head: &Head, written: &Written, (seq, at, entry): (u64, Instant, Digest)) -> Receipt {
    Receipt {
        network: head.network,
        command: written.command.id,
        seq,
        at,
        entry,
        book: written.book(),
        decision: written.decision(),
        made: written.made.iter().map(|r| (r.class.as_str().to_owned(), r.id, r.version)).collect(),
    }
}
