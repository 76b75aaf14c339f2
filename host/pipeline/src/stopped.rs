//! What is held still while a command is judged.

use governance::stops::{self, Stopped};
use ledger::{Missing, View};
use policy::Scene;
use std::sync::Arc;
use valueflows::{Prop, Record};

use crate::decision::Refused;
use crate::halt::Halt;
use crate::judge::NoJudgement;
use crate::rules::{Bound, Gone};

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

    /// Refuses what a plugin has a say in that is paused, or out of use.
    pub fn let_answer<'a>(&self, found: Result<&'a Bound, &Gone>) -> Result<&'a Bound, Halt> {
        let bound = found.map_err(unavailable)?;
        match self.plugins.iter().find(|(name, _)| *name == bound.binding.plugin) {
            None => Ok(bound),
            Some((name, record)) => Err(refused(
                "plugin-paused",
                &format!("the calculation \"{name}\" is paused for safety"),
                record,
            )),
        }
    }
}

/// What comes of asking a calculation that is out of use.
fn unavailable(gone: &Gone) -> Halt {
    Halt::Refused(Refused {
        by: "plugin",
        code: "plugin-unavailable".to_owned(),
        sentence: format!("the calculation \"{}\" is out of use: {}", gone.binding.plugin, gone.because),
        remedy: "A rule change that binds another version mends this: ask a steward to write one down. Whoever runs this \
                 node can put it in use again."
            .to_owned(),
        reasons: Vec::new(),
    })
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
