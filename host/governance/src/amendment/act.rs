//! The acts by which a network changes its own rules.

use ledger::act::Reader;
use serde_json::{Map, Value as Json, json};
use valueflows::{BadValue, Id, Instant, Part};

use crate::limits::EFFECTS_MAX;
use crate::tally::Ballot;

/// One act of changing the rules.
#[derive(Debug, Clone, PartialEq)]
pub enum AmendAct {
    /// Somebody writes down a change: other rules, or acts that are carried out if it is accepted.
    Draft {
        /// What it is called.
        title: String,
        /// Why (personal part).
        note: String,
        /// The rules as they would be, whole.
        book: Option<Json>,
        /// What would be done besides: acts of governing.
        effects: Vec<Json>,
        /// The change instead of which this is written down: both are voted on together, and one comes of it.
        instead_of: Option<Id>,
    },
    /// Its author writes it anew while it is discussed; the versions before are kept.
    Redraft {
        /// The amendment.
        amendment: Id,
        /// Why (personal part).
        note: String,
        /// The rules as they would be, whole.
        book: Json,
    },
    /// Somebody else wants it discussed.
    Sponsor {
        /// The amendment.
        amendment: Id,
    },
    /// Nothing of it changes any more, who may vote is fixed, and the vote begins.
    Freeze {
        /// The amendment.
        amendment: Id,
    },
    /// Somebody votes, or votes differently than before.
    Cast {
        /// The amendment.
        amendment: Id,
        /// What they say (personal part: it stays closed where the vote is).
        choice: Ballot,
        /// Why (personal part).
        note: String,
    },
    /// A clerk enters somebody's ballot from paper; a second clerk has to enter the same.
    Enter {
        /// The amendment.
        amendment: Id,
        /// Whose ballot it is.
        voter: Id,
        /// What it says (personal part).
        choice: Ballot,
    },
    /// A guardian holds up what was accepted.
    Veto {
        /// The amendment.
        amendment: Id,
        /// Why (personal part).
        reason: String,
    },
    /// The network is asked whether a veto stands.
    Override {
        /// The amendment.
        amendment: Id,
    },
    /// Its author takes it back.
    Withdraw {
        /// The amendment.
        amendment: Id,
    },
    /// A change that is due for review stays.
    Renew {
        /// The amendment.
        amendment: Id,
    },
    /// Whoever runs the node brings other rules to a network that nobody could change any more.
    Recover {
        /// The rules, whole.
        book: Json,
        /// Why (personal part).
        reason: String,
        /// Since when nobody did anything, as the journal has it.
        quiet_since: Instant,
    },
    /// Somebody lets another's ballot count for them when they do not vote.
    AppointProxy {
        /// Whose ballot.
        delegate: Id,
        /// About which kinds of change; all, if none is named.
        topics: Vec<String>,
        /// Until when.
        until: Instant,
    },
    /// And does so no more.
    EndProxy {
        /// The proxy.
        proxy: Id,
    },
    /// A time that governing has set passes: the clock's act.
    Lapse {
        /// Of what.
        record: Id,
        /// The time.
        at: Instant,
    },
}

impl AmendAct {
    /// The name under which the act is written.
    pub fn name(&self) -> &'static str {
        match self {
            AmendAct::Draft { .. } => "draftAmendment",
            AmendAct::Redraft { .. } => "redraftAmendment",
            AmendAct::Sponsor { .. } => "sponsorAmendment",
            AmendAct::Freeze { .. } => "freezeAmendment",
            AmendAct::Cast { .. } => "castBallot",
            AmendAct::Enter { .. } => "enterBallot",
            AmendAct::Veto { .. } => "vetoAmendment",
            AmendAct::Override { .. } => "overrideVeto",
            AmendAct::Withdraw { .. } => "withdrawAmendment",
            AmendAct::Renew { .. } => "renewAmendment",
            AmendAct::Recover { .. } => "recoverNetwork",
            AmendAct::AppointProxy { .. } => "appointProxy",
            AmendAct::EndProxy { .. } => "endProxy",
            AmendAct::Lapse { .. } => "lapse",
        }
    }

    /// The amendment that it is about, if it is about one that is there.
    pub fn amendment(&self) -> Option<Id> {
        match self {
            AmendAct::Redraft { amendment, .. }
            | AmendAct::Sponsor { amendment }
            | AmendAct::Freeze { amendment }
            | AmendAct::Cast { amendment, .. }
            | AmendAct::Enter { amendment, .. }
            | AmendAct::Veto { amendment, .. }
            | AmendAct::Override { amendment }
            | AmendAct::Withdraw { amendment }
            | AmendAct::Renew { amendment } => Some(*amendment),
            AmendAct::Draft { .. }
            | AmendAct::Recover { .. }
            | AmendAct::AppointProxy { .. }
            | AmendAct::EndProxy { .. }
            | AmendAct::Lapse { .. } => None,
        }
    }

    /// The act in JSON, books part and personal part.
    pub(crate) fn parts(&self) -> (Json, Json) {
        match self {
            AmendAct::Draft { title, note, book, effects, instead_of } => {
                let mut books = json!({"title": title});
                if let Json::Object(map) = &mut books {
                    map.extend(book.iter().map(|book| ("book".to_owned(), book.clone())));
                    if !effects.is_empty() {
                        map.insert("effects".to_owned(), json!(effects));
                    }
                    map.extend(instead_of.map(|id| ("insteadOf".to_owned(), json!(id))));
                }
                (books, words("note", note))
            }
            AmendAct::Redraft { amendment, note, book } => {
                (json!({"amendment": amendment, "book": book}), words("note", note))
            }
            AmendAct::Cast { amendment, choice, note } => {
                let mut personal = words("note", note);
                if let Json::Object(map) = &mut personal {
                    map.insert("choice".to_owned(), choice.to_json());
                }
                (json!({"amendment": amendment}), personal)
            }
            AmendAct::Enter { amendment, voter, choice } => {
                (json!({"amendment": amendment, "voter": voter}), json!({"choice": choice.to_json()}))
            }
            AmendAct::Veto { amendment, reason } => {
                (json!({"amendment": amendment}), words("reason", reason))
            }
            AmendAct::Recover { book, reason, quiet_since } => {
                (json!({"book": book, "quietSince": quiet_since.0}), words("reason", reason))
            }
            AmendAct::AppointProxy { delegate, topics, until } => {
                (json!({"delegate": delegate, "topics": topics, "hasEnd": until.0}), json!({}))
            }
            AmendAct::EndProxy { proxy } => (json!({"proxy": proxy}), json!({})),
            AmendAct::Lapse { record, at } => (json!({"record": record, "at": at.0}), json!({})),
            AmendAct::Sponsor { amendment }
            | AmendAct::Freeze { amendment }
            | AmendAct::Override { amendment }
            | AmendAct::Withdraw { amendment }
            | AmendAct::Renew { amendment } => (json!({"amendment": amendment}), json!({})),
        }
    }

    /// Reads an act; none where the name is no name of one of these.
    pub(crate) fn from_json(name: &str, map: &Map<String, Json>) -> Option<Result<AmendAct, BadValue>> {
        let known = [
            "draftAmendment",
            "redraftAmendment",
            "sponsorAmendment",
            "freezeAmendment",
            "castBallot",
            "enterBallot",
            "vetoAmendment",
            "overrideVeto",
            "withdrawAmendment",
            "renewAmendment",
            "recoverNetwork",
            "appointProxy",
            "endProxy",
            "lapse",
        ];
        known.contains(&name).then(|| AmendAct::read(name, map))
    }

    fn read(name: &str, map: &Map<String, Json>) -> Result<AmendAct, BadValue> {
        let read = Reader(map);
        let amendment = || read.id("amendment");
        match name {
            "draftAmendment" => {
                read.only(&["title", "note", "book", "effects", "insteadOf"])?;
                let wrong = BadValue::WrongShape { name: "effects", wanted: "a list of acts" };
                let effects = match map.get("effects") {
                    None => Vec::new(),
                    Some(list) => list.as_array().cloned().ok_or(wrong)?,
                };
                if effects.len() > EFFECTS_MAX {
                    return Err(BadValue::TooLong { name: "effects", limit: EFFECTS_MAX });
                }
                let book = map.get("book").map(|_| book(map)).transpose()?;
                let title = read.text("title")?.to_owned();
                let instead_of = map.get("insteadOf").map(|_| read.id("insteadOf")).transpose()?;
                Ok(AmendAct::Draft { title, note: optional(&read, "note")?, book, effects, instead_of })
            }
            "redraftAmendment" => {
                read.only(&["amendment", "note", "book"])?;
                let note = optional(&read, "note")?;
                Ok(AmendAct::Redraft { amendment: amendment()?, note, book: book(map)? })
            }
            "castBallot" => {
                read.only(&["amendment", "choice", "note"])?;
                let note = optional(&read, "note")?;
                Ok(AmendAct::Cast { amendment: amendment()?, choice: choice(map)?, note })
            }
            "enterBallot" => {
                read.only(&["amendment", "voter", "choice"])?;
                Ok(AmendAct::Enter {
                    amendment: amendment()?,
                    voter: read.id("voter")?,
                    choice: choice(map)?,
                })
            }
            "vetoAmendment" => {
                read.only(&["amendment", "reason"])?;
                Ok(AmendAct::Veto { amendment: amendment()?, reason: optional(&read, "reason")? })
            }
            other => AmendAct::read_rest(other, map),
        }
    }

    /// Those that are not about one amendment's way to a vote.
    fn read_rest(name: &str, map: &Map<String, Json>) -> Result<AmendAct, BadValue> {
        let read = Reader(map);
        match name {
            "appointProxy" => {
                read.only(&["delegate", "topics", "hasEnd"])?;
                Ok(AmendAct::AppointProxy {
                    delegate: read.id("delegate")?,
                    topics: read.texts("topics")?,
                    until: Instant(read.integer("hasEnd")?),
                })
            }
            "recoverNetwork" => {
                read.only(&["book", "reason", "quietSince"])?;
                let quiet_since = Instant(read.integer("quietSince")?);
                Ok(AmendAct::Recover { book: book(map)?, reason: optional(&read, "reason")?, quiet_since })
            }
            "endProxy" => {
                read.only(&["proxy"])?;
                Ok(AmendAct::EndProxy { proxy: read.id("proxy")? })
            }
            "lapse" => {
                read.only(&["record", "at"])?;
                Ok(AmendAct::Lapse { record: read.id("record")?, at: Instant(read.integer("at")?) })
            }
            short => {
                read.only(&["amendment"])?;
                let amendment = read.id("amendment")?;
                Ok(match short {
                    "sponsorAmendment" => AmendAct::Sponsor { amendment },
                    "freezeAmendment" => AmendAct::Freeze { amendment },
                    "overrideVeto" => AmendAct::Override { amendment },
                    "withdrawAmendment" => AmendAct::Withdraw { amendment },
                    _ => AmendAct::Renew { amendment },
                })
            }
        }
    }

    /// The act in JSON, in one of its parts.
    pub fn to_json(&self, part: Part) -> Json {
        crate::act::part_of(self.name(), self.parts(), part)
    }
}

fn words(name: &str, text: &str) -> Json {
    if text.is_empty() { json!({}) } else { json!({name: text}) }
}

/// A text that need not be there; whatever was erased is not.
fn optional(read: &Reader<'_>, name: &'static str) -> Result<String, BadValue> {
    read.0.get(name).map_or(Ok(String::new()), |_| read.text(name).map(str::to_owned))
}

fn book(map: &Map<String, Json>) -> Result<Json, BadValue> {
    let book = map.get("book").filter(|book| book.is_object());
    book.cloned().ok_or(BadValue::WrongShape { name: "book", wanted: "a rule book" })
}

fn choice(map: &Map<String, Json>) -> Result<Ballot, BadValue> {
    match map.get("choice") {
        // Erased with whoever cast it.
        None => Ok(Ballot::Abstain),
        Some(json) => Ballot::from_json(json),
    }
}

impl Ballot {
    /// As it stands in journals.
    pub fn to_json(&self) -> Json {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// Reads it back: `"yes"`, `"no"`, `"abstain"`, `"object"`, `"advise"`, `{"approve": [0]}`,
    /// `{"score": [5, 0]}`, `{"rank": [[0], [1]]}`.
    pub fn from_json(json: &Json) -> Result<Ballot, BadValue> {
        let wrong = BadValue::WrongShape {
            name: "choice",
            wanted: "yes, no, abstain, object, advise, or a list of options under approve, score or rank",
        };
        if json.to_string().len() > valueflows::limits::TEXT_BYTES_MAX {
            return Err(wrong);
        }
        serde::Deserialize::deserialize(json).map_err(|_| wrong)
    }
}
