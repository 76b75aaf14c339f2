//! A network in memory: its books at a position, and commands judged on them under any rules. Nothing is read
//! and nothing is written; deadlines fall as they would have fallen.
//!
//! Rehearsals replay a network's own past under a candidate this way, and the scenarios of a rule set are told
//! this way. Every decision is the one [`judge`](crate::judge::judge), as in the lane.

use std::collections::BTreeSet;
use std::sync::Arc;

use governance::{AmendAct, AnyAct, Command, GoverningAct};
use ledger::{Act, Link, Missing, Snapshot, Stop, View};
use policy::{Ask, Scene, SignedBy, Verdict, Via};
use valueflows::{Id, Instant, NetworkId, Record};

use crate::decision::Decision;
use crate::entry::{Written, enacted, standing};
use crate::error::Rejection;
use crate::in_use::settled;
use crate::judge::{Given, Judgement, NoJudgement, judge};
use crate::limits::DEADLINES_AT_ONCE_MAX;
use crate::plugins::Memo;
use crate::rules::Rules;
use crate::task::carried_out;

/// A network in memory.
pub struct Simulation {
    rules: Arc<Rules>,
    memo: Arc<Memo>,
    view: View,
    due: BTreeSet<(Instant, Id)>,
    network: NetworkId,
    sandbox: bool,
    /// By whose key commands are taken to be signed that carry no signature: a rehearsal has no keys.
    pub signed_by: SignedBy,
}

/// What came of one command, or of one deadline.
#[derive(Debug, Clone)]
pub struct Simulated {
    /// The verdict.
    pub decision: Decision,
    /// What it made and changed, each as it was left.
    pub made: Vec<Record>,
    /// The policies that settled it, those that refused it among them.
    pub policies: Vec<String>,
}

impl Simulation {
    /// Empty books of a network under rules.
    pub fn new(rules: Arc<Rules>, memo: Arc<Memo>, network: NetworkId, sandbox: bool) -> Simulation {
        let view = View::over(Snapshot::whole());
        Simulation { rules, memo, view, due: BTreeSet::new(), network, sandbox, signed_by: SignedBy::Node }
    }

    /// Whether an agent may see a record.
    pub fn sees(&self, agent: Id, record: &Arc<Record>, now: Instant) -> Result<bool, Rejection> {
        let scene = Scene {
            network: self.network,
            sandbox: self.sandbox,
            now,
            via: Via::Session,
            signed_by: self.signed_by,
        };
        let ask = match Ask::to_see(&self.view, scene, agent, record) {
            Ok(ask) => ask,
            Err(Stop::Refused(_)) => return Ok(false),
            Err(Stop::Missing(_)) => return Err(Rejection::Internal("a simulation asked to read".into())),
        };
        Ok(self.rules.compiled.decide(&self.view, scene, &ask, &[])?.verdict == Verdict::Permit)
    }

    /// The rules that it is judged by now.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// A record as it is now.
    pub fn record(&self, id: Id) -> Option<Arc<Record>> {
        self.view.peek(id)
    }

    /// The records that answer a question about inverses, oldest first.
    pub fn linked(&self, link: Link) -> Vec<Arc<Record>> {
        self.view.linked(link).unwrap_or_default()
    }

    /// Takes an entry as it was written: no rule is asked.
    pub fn take(&mut self, written: &Written) {
        self.change(&written.made);
        let due: Vec<(Instant, Id)> = written.standing().collect();
        self.deadlines(&written.command, &due, &written.settled);
    }

    fn change(&mut self, made: &[Record]) {
        self.view.begin();
        made.iter().for_each(|record| self.view.put(record.clone()));
        self.view.land();
    }

    fn deadlines(&mut self, command: &Command, due: &[(Instant, Id)], settled: &[Id]) {
        for act in &command.acts {
            match act {
                AnyAct::Economic(Act::FallDue { commitment: of, at })
                | AnyAct::Governing(GoverningAct::Amend(AmendAct::Lapse { record: of, at })) => {
                    self.due.remove(&(*at, *of));
                }
                _ => {}
            }
        }
        if !settled.is_empty() {
            self.due.retain(|(_, id)| !settled.contains(id));
        }
        self.due.extend(due.iter().copied());
    }

    /// Carries out what falls due before an instant, in order; what came of each.
    pub fn until(&mut self, now: Instant) -> Result<Vec<(Instant, Simulated)>, Rejection> {
        let mut done = Vec::new();
        while let Some((at, id)) = self.due.first().copied().filter(|(at, _)| *at < now) {
            if done.len() >= DEADLINES_AT_ONCE_MAX {
                return Err(Rejection::CatchingUp);
            }
            let governs = self.view.peek(id).is_some_and(|record| record.class.is_governing());
            let command = carried_out(self.network, at, id, governs);
            let simulated = self.send(&command, Via::Clock, now)?;
            // One that is refused is not tried again.
            self.due.remove(&(at, id));
            done.push((at, simulated));
        }
        Ok(done)
    }

    /// Judges an entry again on the books as they are, and leaves them so.
    pub(crate) fn again(
        mut self,
        written: &Written,
        now: Instant,
        salt: &journal::Salt,
    ) -> Result<Decision, Rejection> {
        let scene = Scene {
            network: self.network,
            sandbox: self.sandbox,
            now,
            via: written.via,
            signed_by: self.signed_by,
        };
        let rulings = written.judged.get("acts").and_then(serde_json::Value::as_array);
        let given = Given { recorded: rulings.map(Vec::as_slice), seed: crate::counting::seed(salt) };
        self.view.begin();
        match judge(&self.rules, &self.memo, &mut self.view, &written.command, scene, given) {
            Ok(judgement) => Ok(judgement.decision),
            Err(no) => Err(not_judged(no)),
        }
    }

    /// Judges a command, and goes on from what it makes.
    pub fn send(&mut self, command: &Command, via: Via, now: Instant) -> Result<Simulated, Rejection> {
        let scene =
            Scene { network: self.network, sandbox: self.sandbox, now, via, signed_by: self.signed_by };
        self.view.begin();
        match judge(&self.rules, &self.memo, &mut self.view, command, scene, Given::default()) {
            Ok(Judgement { decision, made, due, settled: settled_ids, acts, .. }) => {
                if decision.is_ok() {
                    self.view.merge_layer();
                    let due: Vec<(Instant, Id)> = standing(&due, &settled_ids, &made).collect();
                    self.deadlines(command, &due, &settled_ids);
                    if let Some(book) = enacted(&made) {
                        self.rules = Arc::new(self.rules.with_book(book)?);
                    }
                }
                self.view.land();
                let policies: BTreeSet<String> = acts.iter().flat_map(settled).collect();
                let policies = policies.into_iter().collect();
                Ok(Simulated { decision, made, policies })
            }
            Err(no) => {
                self.view.land();
                Err(not_judged(no))
            }
        }
    }
}

fn not_judged(no: NoJudgement) -> Rejection {
    match no {
        NoJudgement::Missing(Missing(keys)) => {
            Rejection::Internal(format!("a simulation asked to read: {keys:?}"))
        }
        NoJudgement::NoAnswer(_) => Rejection::NoAnswer,
        NoJudgement::Broken(problem) => Rejection::Internal(problem),
    }
}
