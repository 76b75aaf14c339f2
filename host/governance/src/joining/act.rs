//! The acts by which somebody comes to belong.

use ledger::act::Reader;
use serde_json::{Map, Value as Json, json};
use valueflows::{BadValue, Id};

/// One step of joining.
#[derive(Debug, Clone, PartialEq)]
pub enum JoinAct {
    /// Somebody at the door asks to join.
    Apply {
        /// Their name (personal part).
        name: String,
        /// Their answers to the network's questions, in order (personal part).
        answers: Vec<String>,
    },
    /// Somebody vouches for them, or certifies what they can do.
    Vouch {
        /// The application.
        application: Id,
        /// What they can do, where that is what it takes.
        certificate: Option<String>,
    },
    /// Somebody says yes.
    Accept {
        /// The application.
        application: Id,
    },
    /// Somebody says no.
    Decline {
        /// The application.
        application: Id,
        /// Why (personal part).
        reason: String,
    },
    /// Whoever asked does not want to any more.
    TakeBack {
        /// The application.
        application: Id,
    },
}

const NAMES: [&str; 5] = ["apply", "vouch", "acceptApplication", "declineApplication", "withdrawApplication"];

impl JoinAct {
    /// The name under which the act is written.
    pub fn name(&self) -> &'static str {
        match self {
            JoinAct::Apply { .. } => "apply",
            JoinAct::Vouch { .. } => "vouch",
            JoinAct::Accept { .. } => "acceptApplication",
            JoinAct::Decline { .. } => "declineApplication",
            JoinAct::TakeBack { .. } => "withdrawApplication",
        }
    }

    /// The application that it is about, if it is there already.
    pub fn application(&self) -> Option<Id> {
        match self {
            JoinAct::Apply { .. } => None,
            JoinAct::Vouch { application, .. }
            | JoinAct::Accept { application }
            | JoinAct::Decline { application, .. }
            | JoinAct::TakeBack { application } => Some(*application),
        }
    }

    pub(crate) fn parts(&self) -> (Json, Json) {
        match self {
            JoinAct::Apply { name, answers } => (json!({}), json!({"name": name, "answers": answers})),
            JoinAct::Vouch { application, certificate: None }
            | JoinAct::Accept { application }
            | JoinAct::TakeBack { application } => (json!({"application": application}), json!({})),
            JoinAct::Vouch { application, certificate: Some(certificate) } => {
                (json!({"application": application, "certificate": certificate}), json!({}))
            }
            JoinAct::Decline { application, reason } => {
                (json!({"application": application}), json!({"reason": reason}))
            }
        }
    }

    /// Reads an act; none where the name is no name of one of these.
    pub(crate) fn from_json(name: &str, map: &Map<String, Json>) -> Option<Result<JoinAct, BadValue>> {
        NAMES.contains(&name).then(|| JoinAct::read(name, map))
    }

    fn read(name: &str, map: &Map<String, Json>) -> Result<JoinAct, BadValue> {
        let read = Reader(map);
        let text = |name: &'static str| map.get(name).map(|_| read.text(name).map(str::to_owned)).transpose();
        if name == "apply" {
            read.only(&["name", "answers"])?;
            return Ok(JoinAct::Apply {
                name: text("name")?.unwrap_or_default(),
                answers: read.texts("answers")?,
            });
        }
        let application = read.id("application")?;
        match name {
            "vouch" => {
                read.only(&["application", "certificate"])?;
                Ok(JoinAct::Vouch { application, certificate: text("certificate")? })
            }
            "declineApplication" => {
                read.only(&["application", "reason"])?;
                Ok(JoinAct::Decline { application, reason: text("reason")?.unwrap_or_default() })
            }
            _ => {
                read.only(&["application"])?;
                Ok(match name {
                    "acceptApplication" => JoinAct::Accept { application },
                    _ => JoinAct::TakeBack { application },
                })
            }
        }
    }
}
