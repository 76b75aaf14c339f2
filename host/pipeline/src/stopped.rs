//! What is held still while a command is judged.

use governance::stops::{self, Stopped};
use ledger::{Missing, View};
use policy::Scene;
use std::sync::Arc;
use valueflows::{Prop, Record};

use crate::decision::Refused;
use crate::halt::Halt;
use crate::judge::NoJudgement;
use crate::rules::Bound;

/// What is held still.
#[derive(Default)]
pub(crate) struct Stops {
    network: Option<Arc<Record>>,
    plugins: Vec<(String, Arc<Record>)>,
    /// Rules that forbid nothing for a while, by their ids.
    pub rules: Vec<String>,
}

impl From<Missing> for NoJudgement {
    fn from(missing: Missing) -> NoJudgement {
        NoJudgement::Missing(missing)
    }
}

impl Stops {
    /// What is held still at the time of a command.
    pub fn standing(view: &View, scene: Scene) -> Result<Stops, Missing> {
        let mut stopped = Stops::default();
        for (what, record) in stops::standing(view, scene.network, scene.now)? {
            match what {
                Stopped::Network => stopped.network = Some(record),
                Stopped::Plugin(name) => stopped.plugins.push((name, record)),
                Stopped::Rule(id) => stopped.rules.push(id),
            }
        }
        Ok(stopped)
    }

    /// Refuses while the whole network is paused.
    pub fn let_through(&self) -> Result<(), Halt> {
        match &self.network {
            None => Ok(()),
            Some(record) => Err(refused("paused", "this network is paused for safety", record)),
        }
    }

    /// Refuses what a paused plugin has a say in.
    pub fn let_answer(&self, bound: &Bound) -> Result<(), Halt> {
        match self.plugins.iter().find(|(name, _)| *name == bound.binding.plugin) {
            None => Ok(()),
            Some((name, record)) => Err(refused(
                "plugin-paused",
                &format!("the calculation \"{name}\" is paused for safety"),
                record,
            )),
        }
    }
}

fn refused(code: &str, sentence: &str, record: &Record) -> Halt {
    let reason = record.fields.text(Prop::Reason).unwrap_or("no reason is written down any more");
    Halt::Refused(Refused {
        by: "ledger",
        code: code.to_owned(),
        sentence: format!("{sentence}: {reason}"),
        remedy: "It ends by itself within three days; ask whoever runs this node.".to_owned(),
        reasons: Vec::new(),
    })
}
