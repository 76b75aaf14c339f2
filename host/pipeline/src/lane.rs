//! A lane: one task a network, strictly in order. This is the sending end; [`crate::task`] is the other.

use std::sync::Arc;

use governance::limits::ACTS_MAX;
use governance::{AmendAct, AnyAct, Command, GoverningAct};
use journal::Digest;
use ledger::Act;
use policy::Via;
use store::Head;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tracing::Span;
use valueflows::Part;

use crate::decision::Receipt;
use crate::entry::Written;
use crate::error::Rejection;
use crate::limits::QUEUE_LEN_MAX;
use crate::meter::{self, Answered};
use crate::node::Node;
use crate::own;
use crate::pace::Pace;
use crate::task::Task;

/// What a command's sender gets.
pub type Answer = Result<Receipt, Rejection>;

pub(crate) struct Waiting {
    pub command: Command,
    pub via: Via,
    pub bytes: usize,
    pub answer: oneshot::Sender<Answer>,
    /// Others who sent the very same command while it waited.
    pub also: Vec<oneshot::Sender<Answer>>,
    /// The request that it came in with.
    pub span: Span,
    /// When it came.
    pub came: Instant,
}

impl Waiting {
    /// Answers. A sender who has gone away finds the stored answer under the command's id.
    pub fn tell(self, answer: Answer) {
        if let Err(rejection) = &answer {
            tracing::info!(parent: &self.span, command = %self.command.id, %rejection, "not taken");
        }
        meter::answer(match &answer {
            Ok(receipt) if receipt.decision.is_ok() => Answered::Permitted,
            Ok(_) => Answered::Refused,
            Err(_) => Answered::Rejected,
        });
        for other in self.also {
            let same = answer.as_ref().map(Receipt::clone).map_err(Rejection::again);
            drop(other.send(same));
        }
        drop(self.answer.send(answer));
    }

    /// Answers a sender whose command is not taken.
    pub fn turn_away(&mut self, rejection: Rejection) {
        let (unheard, _) = oneshot::channel();
        drop(std::mem::replace(&mut self.answer, unheard).send(Err(rejection)));
    }

    /// Everybody who waits.
    pub fn everybody(self) -> Vec<oneshot::Sender<Answer>> {
        std::iter::once(self.answer).chain(self.also).collect()
    }
}

pub(crate) fn refuse_all(waiting: Vec<Waiting>, rejection: &Rejection) {
    waiting.into_iter().for_each(|one| one.tell(Err(rejection.again())));
}

pub(crate) enum Note {
    Command(Box<Waiting>),
    Finish(oneshot::Sender<()>),
    /// Something may be out of use.
    Look(oneshot::Sender<Result<(), Rejection>>),
}

/// The sending end of a lane.
#[derive(Clone)]
pub struct Lane {
    network: i64,
    queue: mpsc::Sender<Note>,
    pace: Arc<Pace>,
}

impl Lane {
    /// Starts the lane of a network.
    pub fn start(node: Arc<Node>, network: i64) -> Lane {
        let (queue, notes) = mpsc::channel(QUEUE_LEN_MAX);
        let pace: Arc<Pace> = Arc::default();
        tokio::spawn(Task::new(node, network, notes, pace.clone()).live());
        Lane { network, queue, pace }
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
        self.check(&command)?;
        self.put(command, via)
    }

    /// Puts a command into the queue that only this node itself sends.
    pub(crate) fn put(
        &self,
        command: Command,
        via: Via,
    ) -> Result<impl Future<Output = Answer> + use<>, Rejection> {
        if self.pace.is_hopeless() {
            return Err(Rejection::Busy);
        }
        let bytes = command.to_json(Part::Whole).to_string().len();
        let (answer, heard) = oneshot::channel();
        let waiting = Waiting {
            command,
            via,
            bytes,
            answer,
            also: Vec::new(),
            span: Span::current(),
            came: Instant::now(),
        };
        self.queue.try_send(Note::Command(Box::new(waiting))).map_err(|_| Rejection::Busy)?;
        Ok(async move { heard.await.map_err(|_| Rejection::Away)? })
    }

    /// Withholds what is out of use, before the next command.
    pub(crate) async fn look(&self) -> Result<(), Rejection> {
        let (done, heard) = oneshot::channel();
        self.queue.send(Note::Look(done)).await.map_err(|_| Rejection::Away)?;
        heard.await.map_err(|_| Rejection::Away)?
    }

    /// Lets the lane finish what it has.
    pub async fn finish(&self) {
        let (done, heard) = oneshot::channel();
        if self.queue.send(Note::Finish(done)).await.is_ok() {
            let _ = heard.await;
        }
    }

    /// Acts that nobody sends: founding comes before a network has a lane, falling due is the clock's, and what is
    /// the operator's alone has ways of its own ([`Node::depart`], [`Node::operate`]), and so has erasing
    /// ([`Node::erase`]).
    /// What the operator does to the node goes to the node's own network and to no other.
    fn check(&self, command: &Command) -> Result<(), Rejection> {
        let nobodys = |act: &AnyAct| match act {
            AnyAct::Economic(act) => matches!(act, Act::FallDue { .. }),
            AnyAct::Governing(GoverningAct::Found { .. } | GoverningAct::Amend(AmendAct::Lapse { .. })) => {
                true
            }
            AnyAct::Governing(act) => act.is_composed(),
        };
        // However it came in: an entry with more could not be read again.
        if command.acts.is_empty() || command.acts.len() > ACTS_MAX {
            let found = command.acts.len();
            return Err(Rejection::Malformed(format!(
                "a command has 1 to {ACTS_MAX} acts, and this one {found}"
            )));
        }
        let elsewhere = |act: &AnyAct| own::is_own(act) && self.network != own::KEY;
        match command.acts.iter().find(|act| nobodys(act) || elsewhere(act)) {
            Some(act) => Err(Rejection::Malformed(format!("`{}` cannot be sent here", act.name()))),
            None => Ok(()),
        }
    }
}

/// The receipt of an entry that is there already.
pub(crate) fn receipt(
    head: &Head,
    written: &Written,
    (seq, at, entry): (u64, valueflows::Instant, Digest),
) -> Receipt {
    Receipt {
        network: head.network,
        command: written.command.id,
        seq,
        at,
        entry,
        book: written.book(),
        signed_by: written.signed_by(),
        decision: written.decision(),
        made: written.made.iter().map(|r| (r.class.as_str().to_owned(), r.id, r.version)).collect(),
    }
}
