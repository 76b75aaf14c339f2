//! Stops: what is held still for a while beside the rules. Each is an entry, has a reason and an end, and ends by
//! itself.
//!
//! The operator may pause a network or one of its plugins, for safety; nobody is asked, and everybody is told. Those
//! whom the rules let may suspend one `forbid` of the network for three days at the most: only ever so that more
//! is possible for a while, and never one of the protected layer.

use ledger::act::Reader;
use ledger::{Circumstances, Key, Link, Missing, Outcome, Refusal, Stop, View};
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;
use valueflows::{BadValue, Class, Fields, Id, Instant, NetworkId, Prop, Record, Value};

use crate::decide::refuse;
use crate::limits::STOP_US_MAX;

/// What is held still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// Everything but what the clock does.
    Network,
    /// A plugin: whatever it has a say in is refused.
    Plugin(String),
    /// A rule that forbids something: it forbids nothing for a while.
    Rule(String),
}

impl Stopped {
    fn kind(&self) -> &'static str {
        match self {
            Stopped::Network => "network",
            Stopped::Plugin(_) => "plugin",
            Stopped::Rule(_) => "rule",
        }
    }

    fn subject(&self) -> &str {
        match self {
            Stopped::Network => "",
            Stopped::Plugin(name) | Stopped::Rule(name) => name,
        }
    }

    fn of(kind: &str, subject: &str) -> Option<Stopped> {
        Some(match kind {
            "network" => Stopped::Network,
            "plugin" => Stopped::Plugin(subject.to_owned()),
            "rule" => Stopped::Rule(subject.to_owned()),
            _ => return None,
        })
    }
}

/// An act of stopping.
#[derive(Debug, Clone, PartialEq)]
pub enum StopAct {
    /// The operator pauses something, for safety.
    Pause {
        /// The network or a plugin.
        what: Stopped,
        /// Until when; three days at the most.
        until: Instant,
        /// Why (personal part).
        reason: String,
    },
    /// The operator ends a pause before its time.
    Resume {
        /// The pause.
        stop: Id,
    },
    /// Somebody whom the rules let suspends a rule.
    SuspendRule {
        /// The rule's id.
        policy: String,
        /// Until when; three days at the most.
        until: Instant,
        /// Why (personal part).
        reason: String,
    },
    /// Such a suspension ends before its time.
    RestoreRule {
        /// The suspension.
        stop: Id,
    },
}

const NAMES: [&str; 4] = ["pause", "resume", "suspendRule", "restoreRule"];

impl StopAct {
    /// The name under which the act is written.
    pub fn name(&self) -> &'static str {
        match self {
            StopAct::Pause { .. } => "pause",
            StopAct::Resume { .. } => "resume",
            StopAct::SuspendRule { .. } => "suspendRule",
            StopAct::RestoreRule { .. } => "restoreRule",
        }
    }

    /// Whether it is the operator's, and nobody is asked.
    pub fn is_operators(&self) -> bool {
        matches!(self, StopAct::Pause { .. } | StopAct::Resume { .. })
    }

    /// The stop that it ends, if it ends one.
    pub fn ends(&self) -> Option<Id> {
        match self {
            StopAct::Resume { stop } | StopAct::RestoreRule { stop } => Some(*stop),
            _ => None,
        }
    }

    pub(crate) fn parts(&self) -> (Json, Json) {
        match self {
            StopAct::Pause { what, until, reason } => (
                json!({"kind": what.kind(), "subject": what.subject(), "hasEnd": until.0}),
                json!({"reason": reason}),
            ),
            StopAct::SuspendRule { policy, until, reason } => {
                (json!({"policy": policy, "hasEnd": until.0}), json!({"reason": reason}))
            }
            StopAct::Resume { stop } | StopAct::RestoreRule { stop } => (json!({"stop": stop}), json!({})),
        }
    }

    /// Reads an act; none where the name is no name of one of these.
    pub(crate) fn from_json(name: &str, map: &Map<String, Json>) -> Option<Result<StopAct, BadValue>> {
        NAMES.contains(&name).then(|| StopAct::read(name, map))
    }

    fn read(name: &str, map: &Map<String, Json>) -> Result<StopAct, BadValue> {
        let read = Reader(map);
        let until = || read.integer("hasEnd").map(Instant);
        let reason =
            || map.get("reason").map_or(Ok(String::new()), |_| read.text("reason").map(str::to_owned));
        match name {
            "pause" => {
                read.only(&["kind", "subject", "hasEnd", "reason"])?;
                let wrong = BadValue::WrongShape { name: "kind", wanted: "`network` or `plugin`" };
                let what = Stopped::of(read.text("kind")?, read.text("subject")?).ok_or(wrong)?;
                Ok(StopAct::Pause { what, until: until()?, reason: reason()? })
            }
            "suspendRule" => {
                read.only(&["policy", "hasEnd", "reason"])?;
                let policy = read.text("policy")?.to_owned();
                Ok(StopAct::SuspendRule { policy, until: until()?, reason: reason()? })
            }
            name => {
                read.only(&["stop"])?;
                let stop = read.id("stop")?;
                Ok(if name == "resume" { StopAct::Resume { stop } } else { StopAct::RestoreRule { stop } })
            }
        }
    }
}

/// The question whose answer are the stops of a network that nobody has ended.
pub fn link(network: NetworkId) -> Link {
    Link { class: Class::Stop, prop: Prop::Holds, target: network, open: true }
}

/// What is held still at an instant, with the records that say so.
pub fn standing(
    view: &View,
    network: NetworkId,
    now: Instant,
) -> Result<Vec<(Stopped, Arc<Record>)>, Missing> {
    let stands = |record: &Arc<Record>| record.fields.instant(Prop::HasEnd).is_some_and(|end| now <= end);
    let read = |record: Arc<Record>| {
        let kind = record.fields.text(Prop::Kind)?;
        Some((Stopped::of(kind, record.fields.text(Prop::Subject).unwrap_or_default())?, record))
    };
    Ok(view.linked(link(network))?.into_iter().filter(stands).filter_map(read).collect())
}

/// The keys that an act names itself.
pub(crate) fn first_keys(act: &StopAct) -> Vec<Key> {
    act.ends().map(Key::Record).into_iter().collect()
}

pub(crate) fn decide(view: &View, act: &StopAct, with: &mut Circumstances) -> Result<Outcome, Stop> {
    match act {
        StopAct::Pause { what, until, reason } => begin(view, what, *until, reason, with),
        StopAct::SuspendRule { policy, until, reason } => {
            begin(view, &Stopped::Rule(policy.clone()), *until, reason, with)
        }
        StopAct::Resume { stop } | StopAct::RestoreRule { stop } => {
            let rule = matches!(act, StopAct::RestoreRule { .. });
            let record = view.record(*stop)?.filter(|record| {
                record.class == Class::Stop && (record.fields.text(Prop::Kind) == Some("rule")) == rule
            });
            let record = record.ok_or(Refusal::Dangling { prop: "stop", id: *stop })?;
            if !record.is_open() {
                return Err(Refusal::Settled.into());
            }
            let mut record = Record::clone(&record);
            record.fields.set(Prop::Finished, Value::Flag(true));
            record.version += 1;
            Ok(Outcome { records: vec![record], ..Outcome::default() })
        }
    }
}

fn begin(
    view: &View,
    what: &Stopped,
    until: Instant,
    reason: &str,
    with: &mut Circumstances,
) -> Result<Outcome, Stop> {
    if until <= with.now || until > with.now.plus_us(STOP_US_MAX) {
        return Err(refuse("bad-span", "it ends within three days", "Say until when."));
    }
    if reason.trim().is_empty() {
        return Err(refuse("no-reason", "whoever holds something still says why", "Give a reason."));
    }
    let standing = standing(view, with.network, with.now)?;
    let same_kind = |(other, _): &&(Stopped, Arc<Record>)| match (what, other) {
        // One rule at a time: whoever needs more of them changed is writing an amendment.
        (Stopped::Rule(_), Stopped::Rule(_)) => true,
        (what, other) => what == other,
    };
    if let Some((_, other)) = standing.iter().find(same_kind) {
        let what =
            other.fields.text(Prop::Subject).filter(|subject| !subject.is_empty()).unwrap_or("the network");
        return Err(refuse(
            "stopped-already",
            format!("\"{what}\" is held still already"),
            "Wait until that ends, or end it first.",
        ));
    }
    let fields = Fields::new()
        .with(Prop::Kind, Value::Text(what.kind().to_owned()))
        .with(Prop::Subject, Value::Text(what.subject().to_owned()))
        .with(Prop::Author, Value::Ref(with.agent))
        .with(Prop::Reason, Value::Text(reason.to_owned()))
        .with(Prop::HasBeginning, Value::Instant(with.now))
        .with(Prop::HasEnd, Value::Instant(until))
        .with(Prop::Holds, Value::Ref(with.network));
    let stop = Record::new(with.next_id(), Class::Stop, fields);
    Ok(Outcome { records: vec![stop], ..Outcome::default() })
}
