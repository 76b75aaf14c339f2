//! The working end of a lane.
//!
//! It takes what is queued and never waits to fill a batch. Before anything else it carries out what
//! has fallen due, each deadline an entry of its own; while more is due than one batch carries,
//! commands are told to come back.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use governance::{AnyAct, Command, GoverningAct};
use journal::Digest;
use ledger::Act;
use policy::Via;
use store::{Head, StoreError};
use tokio::sync::{mpsc, oneshot};
use valueflows::{Id, Instant};

use crate::decision::Receipt;
use crate::entry::Written;
use crate::error::Rejection;
use crate::lane::{Answer, Note, Waiting, receipt};
use crate::limits::{BATCH_ACTS_MAX, BATCH_BYTES_MAX, DEADLINES_MAX, HEAD_LOST_MAX, REFUSALS_PER_DAY_MAX};
use crate::meter::{self, Stage};
use crate::node::{Node, now, random, time};
use crate::own;
use crate::run::{Job, Ran, run};

/// An act after which the next command must see new circumstances ends its batch.
fn is_barrier(command: &Command) -> bool {
    command.acts.iter().any(|act| matches!(act, AnyAct::Governing(GoverningAct::AdvanceClock { .. })))
}

pub(crate) struct Task {
    node: Arc<Node>,
    network: i64,
    notes: mpsc::Receiver<Note>,
    refusals: HashMap<Id, u32>,
    day: i64,
    /// Where the journal stood when this lane last looked; another node may have written since, which
    /// the commit finds out.
    head: Option<Head>,
    /// The earliest deadline, as far as it is known.
    due: Option<Option<Instant>>,
    /// Whether more is due than the last batch of deadlines carried.
    behind: bool,
}

/// Why a batch was not written.
enum Failure {
    /// Another node wrote first.
    Lost,
    /// The database refused a row.
    Poisoned(String),
    Rejected(Rejection),
}

impl From<Rejection> for Failure {
    fn from(rejection: Rejection) -> Failure {
        Failure::Rejected(rejection)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        match error {
            StoreError::HeadLost => Failure::Lost,
            StoreError::Constraint(problem) => Failure::Poisoned(problem),
            other => Failure::Rejected(other.into()),
        }
    }
}

impl From<Failure> for Rejection {
    fn from(failure: Failure) -> Rejection {
        match failure {
            Failure::Lost => Rejection::Busy,
            Failure::Poisoned(problem) => Rejection::Internal(format!("a row was refused: {problem}")),
            Failure::Rejected(rejection) => rejection,
        }
    }
}

impl Task {
    pub fn new(node: Arc<Node>, network: i64, notes: mpsc::Receiver<Note>) -> Task {
        Task { node, network, notes, refusals: HashMap::new(), day: 0, head: None, due: None, behind: false }
    }

    pub async fn live(mut self) {
        // What the operator does to the node is written together with what follows from it elsewhere.
        let acts_max = if self.network == own::KEY { 1 } else { BATCH_ACTS_MAX };
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
                        if !ends && acts < acts_max && bytes < BATCH_BYTES_MAX {
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
            if self.behind {
                match self.notes.try_recv() {
                    Ok(Note::Command(waiting)) => drop(waiting.answer.send(Err(Rejection::CatchingUp))),
                    Ok(finish) => return Some(finish),
                    Err(mpsc::error::TryRecvError::Disconnected) => return None,
                    Err(mpsc::error::TryRecvError::Empty) => self.clock_alone().await,
                }
                continue;
            }
            let wait = self.until_due().await;
            tokio::select! {
                note = self.notes.recv() => return note,
                () = tokio::time::sleep(wait) => {
                    // Another node may have written; look again.
                    (self.head, self.due) = (None, None);
                    self.clock_alone().await;
                }
            }
        }
    }

    async fn clock_alone(&mut self) {
        if let Err(rejection) = self.clock().await {
            tracing::error!(%rejection, "deadlines could not be carried out");
            self.behind = false;
        }
    }

    /// How long until somebody has to look: never a spin, and never long past a change of the system's
    /// clock. A sandbox's clock does not move by itself.
    async fn until_due(&mut self) -> Duration {
        const LONGEST: Duration = Duration::from_secs(60);
        let due = match self.head().await {
            Ok(head) if !head.sandbox => self.next_due(&head).await.ok().flatten(),
            _ => None,
        };
        let Some(due) = due else { return LONGEST };
        let us = u64::try_from(due.0.saturating_sub(now().0).saturating_add(1)).unwrap_or_default();
        Duration::from_micros(us).clamp(Duration::from_millis(50), LONGEST)
    }

    async fn head(&mut self) -> Result<Head, Rejection> {
        if let Some(head) = &self.head {
            return Ok(head.clone());
        }
        let head = self.node.store.head(self.network).await?;
        let head = head.ok_or_else(|| Rejection::NoNetwork(self.network.to_string()))?;
        self.head = Some(head.clone());
        self.due = None;
        Ok(head)
    }

    async fn next_due(&mut self, head: &Head) -> Result<Option<Instant>, Rejection> {
        if let Some(due) = self.due {
            return Ok(due);
        }
        let due = self.node.store.next_due(head).await?;
        self.due = Some(due);
        Ok(due)
    }

    async fn serve(&mut self, batch: Vec<Waiting>) {
        if let Err(rejection) = self.clock().await {
            tracing::warn!(%rejection, "deadlines first, but they could not be carried out");
            return refuse_all(batch, &rejection);
        }
        if self.behind {
            return refuse_all(batch, &Rejection::CatchingUp);
        }
        let mut waiting = batch;
        waiting.retain_mut(|one| self.quota(one));
        self.answer(waiting).await;
    }

    /// Answers every command: from the journal if it is there already, otherwise decided and committed;
    /// decided again when another node wrote first, one by one when the database refused a row.
    async fn answer(&mut self, mut waiting: Vec<Waiting>) {
        for _ in 0..HEAD_LOST_MAX {
            waiting = self.known(waiting).await;
            if waiting.is_empty() {
                return;
            }
            let jobs: Vec<(Command, Via)> =
                waiting.iter().map(|one| (one.command.clone(), one.via)).collect();
            match self.together(&jobs).await {
                Ok(answers) => {
                    // Whoever moves a sandbox's clock hears of it when what fell due has its entries.
                    if waiting.iter().any(|one| is_barrier(&one.command)) {
                        self.clock_alone().await;
                    }
                    return self.tell(waiting, answers);
                }
                Err(Failure::Lost) => {}
                Err(Failure::Poisoned(problem)) if waiting.len() > 1 => {
                    tracing::error!(problem, "a row was refused; the batch is run one command at a time");
                    for one in waiting {
                        Box::pin(self.answer(vec![one])).await;
                    }
                    return;
                }
                Err(failure) => return refuse_all(waiting, &failure.into()),
            }
        }
        refuse_all(waiting, &Rejection::Busy);
    }

    fn tell(&mut self, waiting: Vec<Waiting>, answers: Vec<Answer>) {
        for (one, answer) in waiting.into_iter().zip(answers) {
            if let Ok(Receipt { decision: Err(_), .. }) = &answer {
                *self.refusals.entry(one.command.agent).or_default() += 1;
            }
            // A sender who has gone away finds the stored answer under the command's id.
            let _ = one.answer.send(answer);
        }
    }

    /// Answers those that have an entry already; gives back the others, each id once.
    async fn known(&mut self, batch: Vec<Waiting>) -> Vec<Waiting> {
        let ids: Vec<Id> = batch.iter().map(|one| one.command.id).collect();
        let stored = match self.stored(&ids).await {
            Ok(stored) => stored,
            Err(rejection) => {
                refuse_all(batch, &rejection);
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

    async fn stored(&mut self, ids: &[Id]) -> Result<HashMap<Id, (Command, Receipt)>, Rejection> {
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

    /// Carries out what has fallen due, in due order, and what falls due because of it; after so many,
    /// it notes that more is due and lets the lane breathe.
    async fn clock(&mut self) -> Result<(), Rejection> {
        let (mut carried, mut lost) = (0, 0);
        loop {
            let head = self.head().await?;
            let at = time(&head);
            if self.next_due(&head).await?.is_none_or(|due| due >= at) {
                self.behind = false;
                return Ok(());
            }
            let due = self.node.store.due(&head, at, DEADLINES_MAX as i64).await?;
            let jobs: Vec<_> =
                due.iter().map(|(at, commitment)| (fall_due(&head, *at, *commitment), Via::Clock)).collect();
            match self.deadlines(&jobs).await {
                Ok(()) => carried += jobs.len(),
                Err(Failure::Lost) if lost < HEAD_LOST_MAX => lost += 1,
                Err(failure) => return Err(failure.into()),
            }
            if carried >= DEADLINES_MAX {
                let head = self.head().await?;
                self.behind = self.next_due(&head).await?.is_some_and(|due| due < at);
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

    /// Decides and commits a batch on the head as this lane knows it.
    async fn together(&mut self, commands: &[(Command, Via)]) -> Result<Vec<Answer>, Failure> {
        let head = self.head().await?;
        let outcome = self.write(&head, commands).await;
        match &outcome {
            Ok((_, new, same_deadlines)) => {
                self.head = Some(new.clone());
                self.due = self.due.filter(|_| *same_deadlines);
            }
            // Whatever went wrong, what is remembered may be what was wrong.
            Err(_) => (self.head, self.due) = (None, None),
        }
        outcome.map(|(answers, ..)| answers)
    }

    async fn write(
        &self,
        head: &Head,
        commands: &[(Command, Via)],
    ) -> Result<(Vec<Answer>, Head, bool), Failure> {
        let rules = self.node.rules(head).await?;
        let at = time(head);
        let jobs: Vec<Job> = commands
            .iter()
            .map(|(command, via)| {
                Ok(Job { command: command.clone(), via: *via, now: at, salts: (random()?, random()?) })
            })
            .collect::<Result<_, Rejection>>()?;
        let Ran { mut batch, answers, .. } = run(self.node.court(&rules), head, &jobs).await?;
        let new = batch.new.clone();
        let same = batch.deadlines.is_empty() && batch.carried_out.is_empty() && batch.settled.is_empty();
        if batch.entries.is_empty() {
            return Ok((answers, new, same));
        }
        batch.checkpoint = Some(self.node.sign(&batch.new)?);
        let mut batches = vec![batch];
        if self.network == own::KEY {
            let permitted = |answer: &Answer| matches!(answer, Ok(Receipt { decision: Ok(()), .. }));
            for (job, _) in jobs.iter().zip(&answers).filter(|(_, answer)| permitted(answer)) {
                batches.extend(self.node.foundings(&job.command, at).await?);
            }
        }
        let timer = meter::start(Stage::Write);
        let committed = self.node.store.commit_all(&batches).await;
        drop(timer);
        match committed {
            Ok(()) => {
                self.node.grown(self.network, new.seq).await;
                Ok((answers, new, same))
            }
            Err(error) => {
                if matches!(error, StoreError::HeadLost) {
                    tracing::info!(seq = head.seq, "another node wrote first");
                }
                Err(error.into())
            }
        }
    }
}

fn refuse_all(waiting: Vec<Waiting>, rejection: &Rejection) {
    waiting.into_iter().for_each(|one| drop(one.answer.send(Err(again(rejection)))));
}

/// The same rejection for one more sender.
fn again(rejection: &Rejection) -> Rejection {
    match rejection {
        Rejection::Full => Rejection::Full,
        Rejection::Busy => Rejection::Busy,
        Rejection::CatchingUp => Rejection::CatchingUp,
        Rejection::TooMuchToRead => Rejection::TooMuchToRead,
        Rejection::Away => Rejection::Away,
        Rejection::Rules(sentence) => Rejection::Rules(sentence.clone()),
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
