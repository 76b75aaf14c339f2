//! Trying commands out before they are sent: judged one after the other as the lane would judge them, each
//! on what those before it made, and nothing written.

use std::collections::HashMap;
use std::sync::Arc;

use governance::Command;
use policy::Via;
use serde_json::Value as Json;
use valueflows::{Class, Id, Prop, Record};

use crate::acts::Link;
use crate::decision::Refused;
use crate::entry::Written;
use crate::error::Rejection;
use crate::limits::IRIS_AT_ONCE;
use crate::node::{Node, random, time};
use crate::reader::Reader;
use crate::run::{Job, Known, Ran, run};

/// What came of trying.
#[derive(Debug, Clone, PartialEq)]
pub struct Rehearsal {
    /// How many of the commands are in the journal already.
    pub stored: usize,
    /// The first that would be refused: which command, which act of it, and why.
    pub refused: Option<(usize, usize, Refused)>,
}

impl Node {
    /// Judges commands in order, as if they were sent now; those in the journal already are passed over.
    pub async fn rehearse(
        self: &Arc<Node>,
        network: &str,
        commands: &[Command],
        via: Via,
    ) -> Result<Rehearsal, Rejection> {
        let head = self.head(network).await?;
        let rules = self.rules(&head).await?;
        let ids: Vec<Id> = commands.iter().map(|command| command.id).collect();
        let mut stored: HashMap<Id, Command> = HashMap::new();
        for (entry, _) in self.store.entries_of(&head, &ids).await? {
            let written = Written::of(&entry)?;
            if let Err(refused) = written.decision() {
                let at = ids.iter().position(|id| *id == entry.command).unwrap_or_default();
                return Ok(Rehearsal { stored: 0, refused: Some((at, act_of(&written), refused)) });
            }
            stored.insert(entry.command, written.command);
        }
        let (mut jobs, mut numbers) = (Vec::new(), Vec::new());
        for (n, command) in commands.iter().enumerate() {
            match stored.get(&command.id) {
                Some(known) if known == command => {}
                Some(_) => return Err(Rejection::Conflict(command.id)),
                None => {
                    let salts = (random()?, random()?);
                    jobs.push(Job {
                        command: command.clone(),
                        via,
                        now: time(&head),
                        salts,
                        recorded: None,
                        engine: None,
                    });
                    numbers.push(n);
                }
            }
        }
        let (_, Ran { answers, written, .. }) =
            run(&self.court(&rules), Known::default(), &head, jobs).await?;
        for ((answer, written), n) in answers.into_iter().zip(&written).zip(numbers) {
            if let Err(refused) = answer?.decision {
                return Ok(Rehearsal { stored: stored.len(), refused: Some((n, act_of(written), refused)) });
            }
        }
        Ok(Rehearsal { stored: stored.len(), refused: None })
    }
}

/// The act of a refused command that was refused.
fn act_of(written: &Written) -> usize {
    let act = written.judged.get("acts").and_then(|acts| acts.get(0)).and_then(|act| act.get("act"));
    act.and_then(Json::as_u64).and_then(|act| usize::try_from(act).ok()).unwrap_or_default()
}

impl Reader {
    /// The visible records that have these IRIs elsewhere, or are meant by them: `urn:uuid:` and an id.
    pub async fn elsewhere(&mut self, iris: &[String]) -> Result<HashMap<String, Arc<Record>>, Rejection> {
        let mut found = HashMap::new();
        for some in iris.chunks(IRIS_AT_ONCE) {
            let own = |iri: &String| iri.strip_prefix("urn:uuid:").and_then(|id| id.parse::<Id>().ok());
            let ids: Vec<Id> = some.iter().filter_map(own).collect();
            let by_id = self.get_many(&ids).await?;
            let link = |iri: &String, class| Link {
                class,
                prop: Prop::SameAs,
                target: Id::of_iri(iri),
                open: false,
            };
            let links: Vec<Link> =
                some.iter().flat_map(|iri| Class::ALL.iter().map(move |class| link(iri, *class))).collect();
            let by_link = self.linked_many(&links).await?;
            for iri in some {
                let linked = Class::ALL.iter().filter_map(|class| by_link.get(&link(iri, *class))).flatten();
                let known = own(iri).and_then(|id| by_id.get(&id)).into_iter().chain(linked).next();
                found.extend(known.map(|record| (iri.clone(), record.clone())));
            }
        }
        Ok(found)
    }
}
