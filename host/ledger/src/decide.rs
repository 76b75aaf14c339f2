//! The one door of the ledger: an act in, records or a refusal out.

use std::sync::Arc;

use valueflows::{Class, Id, Instant, NetworkId, OwnActions, Prop, Quantity, Record};

use crate::act::Act;
use crate::error::{Refusal, Stop};
use crate::round::{self, Granted};
use crate::view::{Key, Link, View};
use crate::{claim, define, event, loan, report, revise};

/// A line of a quote, as the pricing plugin gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotedLine {
    /// The plugin's name for it.
    pub code: String,
    /// When it falls to be paid.
    pub kind: LineKind,
    /// How much.
    pub quantity: Quantity,
    /// Who gets it, if not whoever gives the thing.
    pub payee: Option<Id>,
}

/// What a line of a quote asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// Paid once, for good.
    Fee,
    /// Paid on taking, given back on bringing.
    Deposit,
    /// Not paid now: a rate that later duties use.
    Rate,
}

/// Everything about an act that is not in the act: who, when, and the ids that come next.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// The network.
    pub network: NetworkId,
    /// The command that the act belongs to.
    pub command: Id,
    /// On whose behalf it was sent.
    pub agent: Id,
    /// The books' time.
    pub now: Instant,
    /// How many records the command has made so far: the next id's number.
    pub made: u32,
    /// The lines of the quote that the act accepts.
    pub quoted: Vec<QuotedLine>,
    /// What the act shares out, as the plugin said.
    pub granted: Vec<Granted>,
    /// The key that the command is signed with, if it is.
    pub signer: Option<Signer>,
    /// The generation of host code that the network's rules were written for: what came later does not hold there.
    pub generation: u32,
    /// The actions that the network's rules define beside the nineteen.
    pub actions: Arc<OwnActions>,
}

/// The key that a command is signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The public key, as text.
    pub key: String,
    /// The SHA-256 of that text, in hexadecimal.
    pub digest: String,
}

impl Circumstances {
    /// Whether the whole of ValueFlows holds.
    pub(crate) fn is_whole(&self) -> bool {
        self.generation >= crate::WHOLE
    }

    /// The id of the next record.
    pub fn next_id(&mut self) -> Id {
        let id = Id::record(self.network, self.command, self.made);
        self.made += 1;
        id
    }
}

/// What an act changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// New and changed records, whole, at their new versions, in order.
    pub records: Vec<Record>,
    /// Promises that fall due, and when: on the instant itself nothing is late, just after it is.
    pub deadlines: Vec<(Instant, Id)>,
    /// Promises whose deadlines no longer stand.
    pub settled: Vec<Id>,
}

impl Outcome {
    /// Takes in a new record.
    pub(crate) fn make(&mut self, record: Record) {
        if let (Class::Commitment, Some(due)) = (record.class, record.fields.instant(Prop::Due)) {
            self.deadlines.push((due, record.id));
        }
        self.records.push(record);
    }

    /// Takes in a changed record: one version up. A finished promise has no deadline any more.
    pub(crate) fn change(&mut self, mut record: Record) {
        record.version += 1;
        if record.class == Class::Commitment && !record.is_open() {
            self.settled.push(record.id);
        }
        self.records.push(record);
    }

    /// Takes in a promise that is open again: what undid it makes it due.
    pub(crate) fn reopen(&mut self, mut record: Record) {
        record.version += 1;
        if let Some(due) = record.fields.instant(Prop::Due) {
            self.deadlines.push((due, record.id));
        }
        self.records.push(record);
    }
}

/// Decides one act on what the view knows.
pub fn decide(view: &View, act: &Act, with: &mut Circumstances) -> Result<Outcome, Stop> {
    // Whoever asks rules first has to ask this before them; here it holds for everybody.
    act.check_actions(&with.actions)?;
    match act {
        Act::Define { class, fields } => define::define(view, *class, fields, with),
        Act::Record { event, resource } => event::record(view, event, resource.as_ref(), with),
        Act::Publish { proposal, intents } => define::publish(view, proposal, intents, with),
        Act::Accept { intent, receiver, until, .. } => loan::accept(view, *intent, *receiver, *until, with),
        Act::Withdraw { agreement } => loan::withdraw(view, *agreement),
        Act::Commit { fields } => loan::commit(view, fields, with),
        Act::Claim { fields } => claim::claim(view, fields, with),
        Act::Waive { commitment, reason } => loan::waive(view, *commitment, reason, with),
        Act::FallDue { commitment, .. } => loan::fall_due(view, *commitment),
        Act::Allocate { offers, needs } => round::allocate(view, offers, needs, with),
        Act::Report { class, fields } => report::report(view, *class, fields, with),
        Act::State { resource, fields } => report::state(view, *resource, fields),
        Act::Revise { class, record, version, fields, clear } => {
            revise::revise(view, (*class, *record, *version), fields, clear)
        }
    }
}

/// The keys that an act names itself: the first round of reading.
pub fn first_keys(act: &Act) -> Vec<Key> {
    let record = |id: &Id| Key::Record(*id);
    match act {
        Act::Define { fields, .. } | Act::Commit { fields } | Act::Claim { fields } => {
            crate::check::keys(fields)
        }
        Act::Record { event, resource } => {
            let resource = resource.iter().flat_map(crate::check::keys);
            event::keys(event).into_iter().chain(resource).collect()
        }
        Act::Report { class, fields } => {
            event::keys(fields).into_iter().chain(report::elsewhere(*class, fields)).collect()
        }
        Act::State { resource, fields } => {
            crate::check::keys(fields).into_iter().chain([record(resource)]).collect()
        }
        Act::Publish { proposal, intents } => {
            intents.iter().chain([proposal]).flat_map(crate::check::keys).collect()
        }
        Act::Accept { intent, receiver, .. } => vec![record(intent), record(receiver)],
        Act::Revise { record: id, fields, .. } => {
            crate::check::keys(fields).into_iter().chain([record(id)]).collect()
        }
        Act::Withdraw { agreement } => {
            vec![
                record(agreement),
                Key::Linked(loan::clauses(*agreement)),
                Key::Linked(loan::reciprocal(*agreement)),
            ]
        }
        Act::Waive { commitment, .. } | Act::FallDue { commitment, .. } => vec![record(commitment)],
        Act::Allocate { offers, needs } => offers.iter().chain(needs).map(record).collect(),
    }
}

/// The open promises to hand over one thing.
pub fn promises_of(thing: Id) -> Link {
    Link { class: Class::Commitment, prop: Prop::ResourceInventoriedAs, target: thing, open: true }
}

/// Refuses with a sentence about the act's own shape.
pub(crate) fn shape(sentence: &str) -> Stop {
    Stop::Refused(Refusal::Shape(sentence.to_owned()))
}
