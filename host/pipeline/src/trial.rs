//! The trial of a rule change: before a vote on it begins, the candidate is tried on the network's own past and on the
//! scenarios of both rule sets, and what came of it stands in the report that everybody votes on.
//!
//! It is found beside the lane, since it may take a while, and goes into the entry by value: whoever judges the
//! entry again takes it as it is, and whoever doubts it runs `reflow what-if` at that position.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use governance::{AmendAct, AnyAct, Command, GoverningAct};
use lru::LruCache;
use policy::{RuleBook, Via};
use serde_json::{Value as Json, json};
use valueflows::{Class, Id, Prop, Record};

use crate::error::Rejection;
use crate::limits::{TRIAL_ENTRIES, TRIAL_SHOWN_MAX, TRIALS_KEPT};
use crate::node::Node;
use crate::reader::Reader;
use crate::scenario::{self, Told};

/// Trials that wait for their commands, by these; a ruling for each act.
pub(crate) struct Trials(Mutex<LruCache<Id, Arc<Vec<Json>>>>);

impl Default for Trials {
    fn default() -> Trials {
        Trials(Mutex::new(LruCache::new(NonZeroUsize::new(TRIALS_KEPT).unwrap_or(NonZeroUsize::MIN))))
    }
}

impl Trials {
    /// What was found for a command.
    pub fn of(&self, command: Id) -> Option<Arc<Vec<Json>>> {
        self.0.lock().ok()?.get(&command).cloned()
    }

    fn keep(&self, command: Id, found: Vec<Json>) {
        if let Ok(mut kept) = self.0.lock() {
            kept.put(command, Arc::new(found));
        }
    }
}

impl Node {
    /// Tries what a command is about to bring to a vote, if it is about to.
    pub(crate) async fn try_out(
        self: &Arc<Node>,
        network: &str,
        command: &Command,
        via: Via,
    ) -> Result<(), Rejection> {
        let frozen = |act: &AnyAct| match act {
            AnyAct::Governing(GoverningAct::Amend(AmendAct::Freeze { amendment })) => Some(*amendment),
            _ => None,
        };
        if !command.acts.iter().any(|act| frozen(act).is_some()) || self.trials.of(command.id).is_some() {
            return Ok(());
        }
        let mut found = Vec::with_capacity(command.acts.len());
        for act in &command.acts {
            let trial = match frozen(act) {
                None => None,
                Some(id) => {
                    let mut reader = self.reader(network, command.agent, via).await?;
                    match reader.raw(id).await? {
                        // Whoever is not at that point is refused by the lane.
                        Some(amendment) if is_ready(&amendment, command.agent) => {
                            reader.trial(&amendment).await?
                        }
                        _ => None,
                    }
                }
            };
            found.push(trial.map_or_else(|| json!({}), |trial| json!({"trial": trial})));
        }
        self.trials.keep(command.id, found);
        Ok(())
    }
}

fn is_ready(amendment: &Record, agent: Id) -> bool {
    amendment.class == Class::Amendment
        && amendment.fields.text(Prop::Status) == Some("sponsored")
        && amendment.fields.id(Prop::Author) == Some(agent)
}

impl Reader {
    /// Tries what an amendment would make of the rules, if it makes anything of them.
    async fn trial(&mut self, amendment: &Record) -> Result<Option<Json>, Rejection> {
        let candidate = match amendment.fields.id(Prop::Candidate) {
            Some(id) => self.raw(id).await?,
            None => None,
        };
        let Some(book) = candidate.and_then(|book| book.fields.document(Prop::Book).cloned()) else {
            return Ok(None);
        };
        let book = RuleBook::from_json(&book)?;
        let past = match self.what_if(&book, TRIAL_ENTRIES, &|_| {}).await {
            Ok(found) => {
                let part = |name: &str| found.get(name).cloned().unwrap_or_default();
                json!({"coverage": part("coverage"), "refused": part("refused"), "allowed": part("allowed"),
                       "words": part("words"), "acts": part("acts")})
            }
            // What cannot be tried is said, and stops nothing: everybody can see that it was not.
            Err(rejection) => json!({"failed": rejection.to_string()}),
        };
        let own = told(&self.node, &book, &book).await;
        let in_force = self.rules.compiled.book.clone();
        let before = match in_force.scenarios == book.scenarios {
            true => own.clone(),
            false => told(&self.node, &in_force, &book).await,
        };
        Ok(Some(json!({"past": past, "scenarios": own, "before": before})))
    }
}

/// What the scenarios of one book come to under another.
pub(crate) async fn told(node: &Node, of: &RuleBook, under: &RuleBook) -> Json {
    let told = match scenario::written(&of.scenarios) {
        Ok(scenarios) => node.play(under, &scenarios).await,
        Err(rejection) => Err(rejection),
    };
    match told {
        Ok(told) => {
            let failed: Vec<Json> = told.iter().filter_map(differs).take(TRIAL_SHOWN_MAX).collect();
            let differ = told.iter().filter(|one| one.failed.is_some()).count();
            json!({"played": told.len(), "differ": differ, "different": failed})
        }
        Err(rejection) => json!({"failed": rejection.to_string()}),
    }
}

/// A scenario that comes out differently than it says, and which way.
fn differs(told: &Told) -> Option<Json> {
    let (step, how) = told.failed.as_ref()?;
    let is = match how.what {
        "permitted" => "wider",
        "refused" => "narrower",
        _ => "other",
    };
    Some(json!({
        "name": told.name, "because": told.because, "step": step, "how": how.says, "is": is,
        "what": how.what, "with": how.with,
    }))
}
