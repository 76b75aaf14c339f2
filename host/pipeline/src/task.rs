//! The working end of a lane.
//!
//! It takes what is queued and never waits to fill a batch. Before anything else it carries out what
//! has fallen due, each deadline an entry of its own; while more is due than one batch carries,
//! commands are told to come back.

mod clock;
mod doors;
mod turns;
mod withhold;

pub(crate) use clock::carried_out;

use std::collections::HashMap;
use std::sync::Arc;

use governance::{AnyAct, Command, GoverningAct};
use policy::Via;
use store::{Head, StoreError};
use tokio::sync::{mpsc, oneshot};
use tracing::Instrument;
use valueflows::{Id, Instant};

use crate::decision::Receipt;
use crate::entry::Written;
use crate::error::Rejection;
use crate::flight::Flight;
use crate::lane::{Answer, Note, Waiting, receipt, refuse_all};
use crate::limits::{BATCH_ACTS_MAX, BATCH_BYTES_MAX, BATCH_PLUGIN_US_MAX, HEAD_LOST_MAX};
use crate::node::{Node, random, time};
use crate::own;
use crate::pace::Pace;
use crate::run::{Job, Known, Ran, run};
use crate::task::turns::Turns;

/// An act after which the next command must see new circumstances ends its batch.
fn is_barrier(command: &Command) -> bool {
    use GoverningAct::{AdvanceClock, MoveNetwork};
    command.acts.iter().any(|act| matches!(act, AnyAct::Governing(AdvanceClock { .. } | MoveNetwork { .. })))
}

pub(crate) struct Task {
    node: Arc<Node>,
    network: i64,
    notes: mpsc::Receiver<Note>,
    /// What those see who come.
    pace: Arc<Pace>,
    refusals: HashMap<Id, u32>,
    day: i64,
    /// Where the journal stands when all that is being written is written; another node may have written
    /// since this lane last looked, which the commit finds out.
    head: Option<Head>,
    /// The earliest deadline, as far as it is known.
    due: Option<Option<Instant>>,
    /// What is known of the books at that head.
    known: Known,
    /// The batch that is being written while the next one is decided.
    flight: Option<Flight>,
    /// What plugins take for an act, microseconds: a running mean.
    plugin_us: u64,
    /// Whether more is due than the last batch of deadlines carried.
    behind: bool,
    /// Whether promises that have fallen due wait for a calculation.
    held: bool,
    /// The rules, and the revocations, for which it is known that everything out of use is withheld.
    looked_at: Option<(u64, u64)>,
    /// Whose turn it is, where another node writes here too.
    turns: Turns,
}

/// What was queued.
#[derive(Default)]
struct Gathered {
    batch: Vec<Waiting>,
    /// Who waits for the end, if somebody does.
    done: Option<oneshot::Sender<()>>,
    /// Who wants to know that what is out of use is withheld.
    looks: Vec<oneshot::Sender<Result<(), Rejection>>>,
}

/// Why a batch was not written.
pub(crate) enum Failure {
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
    pub fn new(node: Arc<Node>, network: i64, notes: mpsc::Receiver<Note>, pace: Arc<Pace>) -> Task {
        Task {
            node,
            network,
            notes,
            pace,
            refusals: HashMap::new(),
            day: 0,
            head: None,
            due: None,
            known: Known::default(),
            flight: None,
            plugin_us: 0,
            behind: false,
            held: false,
            looked_at: None,
            turns: Turns::default(),
        }
    }

    pub async fn live(mut self) {
        self.begin().await;
        loop {
            let Some(first) = self.next().await else { break };
            let Gathered { batch, done, looks } = self.gather(first);
            let span = tracing::info_span!("batch", network = self.network, commands = batch.len());
            for one in &batch {
                span.follows_from(&one.span);
            }
            if let Some(first) = batch.first() {
                self.pace.begin(first.came);
            }
            self.serve(batch).instrument(span).await;
            self.pace.rest();
            for look in looks {
                let looked = self.clock().await;
                let _ = look.send(looked);
            }
            if let Some(done) = done {
                self.land().await;
                let _ = done.send(());
                return;
            }
        }
        self.land().await;
    }

    /// What is queued behind a note, up to a batch.
    fn gather(&mut self, first: Note) -> Gathered {
        // What the operator does to the node is written together with what follows from it elsewhere.
        let acts_max = if self.network == own::KEY { 1 } else { BATCH_ACTS_MAX };
        let mut gathered = Gathered::default();
        let (mut acts, mut bytes) = (0, 0);
        let mut note = Some(first);
        while let Some(one) = note.take() {
            match one {
                Note::Finish(sender) => gathered.done = Some(sender),
                Note::Look(sender) => gathered.looks.push(sender),
                Note::Command(waiting) => {
                    acts += waiting.command.acts.len();
                    bytes += waiting.bytes;
                    let ends = is_barrier(&waiting.command);
                    gathered.batch.push(*waiting);
                    let quick = acts as u64 * self.plugin_us < BATCH_PLUGIN_US_MAX;
                    if !ends && quick && acts < acts_max && bytes < BATCH_BYTES_MAX {
                        note = self.notes.try_recv().ok();
                    }
                }
            }
        }
        gathered
    }

    /// The next note; meanwhile what is being written lands, and deadlines fall on their own.
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
            if let Some(flight) = &mut self.flight {
                tokio::select! {
                    biased;
                    note = self.notes.recv() => return note,
                    () = flight.over() => drop(self.land().await),
                }
                continue;
            }
            if let Some(rest) = self.turns.rest() {
                match tokio::time::timeout(rest, self.notes.recv()).await {
                    Ok(note) => return note,
                    Err(_) => self.end_turn().await,
                }
                continue;
            }
            let wait = self.until_due().await;
            tokio::select! {
                note = self.notes.recv() => return note,
                () = tokio::time::sleep(wait) => {
                    // Another process may have written; look again. One of them carries out what falls due
                    // while nobody asks; whoever is asked does so in any case.
                    self.forget();
                    if self.node.company.leads() {
                        self.clock_alone().await;
                    }
                }
            }
        }
    }

    /// Whatever is remembered may be wrong: it is read again.
    fn forget(&mut self) {
        (self.head, self.due, self.known) = (None, None, Known::default());
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

    async fn serve(&mut self, batch: Vec<Waiting>) {
        self.take_turn().await;
        if let Err(rejection) = self.clock().await {
            tracing::warn!(%rejection, "deadlines first, but they could not be carried out");
            return refuse_all(batch, &rejection);
        }
        if self.behind {
            return refuse_all(batch, &Rejection::CatchingUp);
        }
        let mut waiting = batch;
        if let Err(rejection) = self.open().await {
            // What is in the journal is answered from it, whatever the network may still take in.
            let waiting = self.known(waiting).await;
            return refuse_all(waiting, &rejection);
        }
        waiting.retain_mut(|one| self.quota(one));
        let waiting = self.with_sound_books(waiting).await;
        let alone = self.network == own::KEY || waiting.iter().any(|one| is_barrier(&one.command));
        if alone {
            self.land().await;
            return self.answer(waiting).await;
        }
        self.answer_ahead(waiting).await;
    }

    /// Whether the network takes commands.
    async fn open(&mut self) -> Result<(), Rejection> {
        let head = self.head().await?;
        match self.node.quotas.check(&head) {
            // It may have come home since this lane last looked.
            Err(Rejection::Elsewhere(_)) => {
                self.land().await;
                self.forget();
                let head = self.head().await?;
                self.node.quotas.check(&head)
            }
            outcome => outcome,
        }
    }

    /// Decides a batch while the one before it is being written, and has it written when that stands.
    async fn answer_ahead(&mut self, waiting: Vec<Waiting>) {
        if self.flight.as_ref().is_some_and(|flight| flight.carries(&waiting)) {
            self.land().await;
        }
        let waiting = self.known(waiting).await;
        if waiting.is_empty() {
            return;
        }
        let decided = self.decide(&jobs(&waiting)).await;
        match (self.land().await, decided) {
            (true, Ok(ran)) if !ran.batch.entries.is_empty() => self.launch(ran, waiting),
            // What could not be decided on that is decided again on what stands, and says why it cannot be.
            _ => {
                self.known = Known::default();
                self.answer(waiting).await;
            }
        }
    }

    /// Sends a decided batch on its way; the lane goes on as if it stood already.
    fn launch(&mut self, ran: Ran, waiting: Vec<Waiting>) {
        let Ran { batch, answers, .. } = ran;
        self.head = Some(batch.new.clone());
        self.due = match batch.carried_out.is_empty() && batch.settled.is_empty() {
            true => self.due.map(|due| batch.deadlines.iter().map(|(at, _)| *at).chain(due).min()),
            false => None,
        };
        self.count(&waiting, &answers);
        self.flight = Some(Flight::launch(self.node.clone(), batch, waiting, answers));
    }

    /// Waits until what is being written stands; otherwise what was built on it is forgotten, and its
    /// commands are decided again. Answers whether it stood.
    async fn land(&mut self) -> bool {
        let Some(flight) = self.flight.take() else { return true };
        match flight.land().await {
            Ok(()) => {
                self.known.land();
                true
            }
            Err((failure, waiting)) => {
                self.forget();
                self.turns.lost(&failure);
                match failure {
                    Failure::Lost | Failure::Poisoned(_) => Box::pin(self.answer(waiting)).await,
                    Failure::Rejected(rejection) => refuse_all(waiting, &rejection),
                }
                false
            }
        }
    }

    /// Answers every command: from the journal if it is there already, otherwise decided and committed;
    /// decided again when another node wrote first, one by one when the database refused a row.
    async fn answer(&mut self, mut waiting: Vec<Waiting>) {
        for _ in 0..HEAD_LOST_MAX {
            waiting = self.known(waiting).await;
            if waiting.is_empty() {
                return;
            }
            match self.together(&jobs(&waiting)).await {
                Ok(answers) => {
                    // Whoever moves a sandbox's clock hears of it when what fell due has its entries.
                    if waiting.iter().any(|one| is_barrier(&one.command)) {
                        self.clock_alone().await;
                    }
                    self.count(&waiting, &answers);
                    waiting.into_iter().zip(answers).for_each(|(one, answer)| one.tell(answer));
                    return;
                }
                Err(failure @ Failure::Lost) => self.turns.lost(&failure),
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

    /// Counts refusals against those who were refused.
    fn count(&mut self, waiting: &[Waiting], answers: &[Answer]) {
        for (one, answer) in waiting.iter().zip(answers) {
            if let Ok(Receipt { decision: Err(_), .. }) = answer {
                *self.refusals.entry(one.command.agent).or_default() += 1;
            }
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
        let mut places: HashMap<Id, usize> = HashMap::new();
        for one in batch {
            let id = one.command.id;
            match stored.get(&id) {
                Some((command, receipt)) if *command == one.command => one.tell(Ok(receipt.clone())),
                Some(_) => one.tell(Err(Rejection::Conflict(id))),
                // The same id twice in one batch is one command with two who wait for it.
                None => match places.get(&id).and_then(|n| fresh.get_mut(*n)) {
                    Some(first) if first.command == one.command => first.also.extend(one.everybody()),
                    Some(_) => one.tell(Err(Rejection::Conflict(id))),
                    None => {
                        places.insert(id, fresh.len());
                        fresh.push(one);
                    }
                },
            }
        }
        fresh
    }

    async fn stored(&mut self, ids: &[Id]) -> Result<HashMap<Id, (Command, Receipt)>, Rejection> {
        let head = self.head().await?;
        let mut stored = HashMap::new();
        for (entry, hash) in self.node.store.entries_of(&head, ids).await? {
            let written = Written::of(&entry)?;
            let receipt = receipt(&head, &written, (entry.seq, entry.at, hash));
            stored.insert(entry.command, (written.command, receipt));
        }
        Ok(stored)
    }

    /// Decides and commits a batch on the head as this lane knows it, while nothing else is being written.
    async fn together(&mut self, commands: &[(Command, Via)]) -> Result<Vec<Answer>, Failure> {
        let outcome = self.write(commands).await;
        match &outcome {
            Ok(_) => self.known.land(),
            // Whatever went wrong, what is remembered may be what was wrong.
            Err(_) => self.forget(),
        }
        outcome
    }

    /// Decides a batch on the head as this lane knows it; writes nothing.
    async fn decide(&mut self, commands: &[(Command, Via)]) -> Result<Ran, Failure> {
        if self.known.is_full() {
            self.land().await;
            self.known = Known::default();
        }
        let head = self.head().await?;
        let rules = self.node.rules(&head).await?;
        let at = time(&head);
        let job = |(command, via): &(Command, Via)| {
            Ok(Job {
                command: command.clone(),
                via: *via,
                now: at,
                salts: (random()?, random()?),
                // What was found out about it before it came here goes into its ruling.
                recorded: self.node.trials.of(command.id),
                engine: None,
            })
        };
        let jobs: Vec<Job> = commands.iter().map(job).collect::<Result<_, Rejection>>()?;
        let acts: usize = commands.iter().map(|(command, _)| command.acts.len()).sum();
        let known = std::mem::take(&mut self.known);
        let span = tracing::info_span!("decide", acts);
        let (known, mut ran) = run(&self.node.court(&rules), known, &head, jobs).instrument(span).await?;
        self.known = known;
        crate::quotas::count(&mut ran);
        self.plugin_us = (7 * self.plugin_us + ran.plugin_us / acts.max(1) as u64) / 8;
        Ok(ran)
    }

    async fn write(&mut self, commands: &[(Command, Via)]) -> Result<Vec<Answer>, Failure> {
        let Ran { mut batch, answers, .. } = self.decide(commands).await?;
        let new = batch.new.clone();
        let same = batch.deadlines.is_empty() && batch.carried_out.is_empty() && batch.settled.is_empty();
        if batch.entries.is_empty() {
            return Ok(answers);
        }
        batch.checkpoints = vec![self.node.sign(&batch.new)?];
        let mut batches = vec![batch];
        if self.network == own::KEY {
            let permitted = |answer: &Answer| matches!(answer, Ok(Receipt { decision: Ok(()), .. }));
            for ((command, _), _) in commands.iter().zip(&answers).filter(|(_, answer)| permitted(answer)) {
                batches.extend(self.node.foundings(command, new.clock).await?);
            }
        }
        self.node.commit(&batches).await?;
        (self.head, self.due) = (Some(new), self.due.filter(|_| same));
        Ok(answers)
    }
}

fn jobs(waiting: &[Waiting]) -> Vec<(Command, Via)> {
    waiting.iter().map(|one| (one.command.clone(), one.via)).collect()
}
