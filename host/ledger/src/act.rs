//! The economic acts: what can be asked of the books.

use serde_json::{Map, Value as Json, json};
use valueflows::{BadValue, Class, Fields, Id, Instant, OwnActions, Part, Prop, Property};

use crate::error::Refusal;

/// The quote that an acceptance names: price shown is price committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteRef {
    /// Digest over component, settings, deal, lines and expiry, in hexadecimal.
    pub digest: String,
    /// Until when it holds.
    pub expires: Instant,
}

/// One economic act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Writes down something that events can point at: a unit, a place, a specification, a process,
    /// an organisation.
    Define {
        /// What class.
        class: Class,
        /// Its values.
        fields: Fields,
    },
    /// Records an economic event, with the resource that it creates, if it creates one.
    Record {
        /// The event's values.
        event: Fields,
        /// The new resource's values.
        resource: Option<Fields>,
    },
    /// Publishes an offer or a request.
    Publish {
        /// The proposal's values.
        proposal: Fields,
        /// Its intents.
        intents: Vec<Fields>,
    },
    /// Accepts an offered thing for a time, at a quoted price.
    Accept {
        /// The offer's intent.
        intent: Id,
        /// Who will have the thing.
        receiver: Id,
        /// Until when.
        until: Instant,
        /// The quote that was shown, where the network quotes prices.
        quote: Option<QuoteRef>,
    },
    /// Takes back an acceptance before anything was handed over.
    Withdraw {
        /// The agreement.
        agreement: Id,
    },
    /// Promises something.
    Commit {
        /// The commitment's values.
        fields: Fields,
    },
    /// Writes down what somebody may ask for, because of an event.
    Claim {
        /// The claim's values.
        fields: Fields,
    },
    /// Lets somebody off what they promised.
    Waive {
        /// The commitment.
        commitment: Id,
        /// Why, in words (personal part).
        reason: String,
    },
    /// Mends what describes a record, if it is still at the version that was seen.
    Revise {
        /// What class it is of.
        class: Class,
        /// The record.
        record: Id,
        /// The version that was seen.
        version: u32,
        /// What is set.
        fields: Fields,
        /// What is taken away.
        clear: Vec<Prop>,
    },
    /// Writes down what is reported from elsewhere, not witnessed here.
    Report {
        /// What class.
        class: Class,
        /// Its values, with the IRI that it has elsewhere.
        fields: Fields,
    },
    /// Says what a resource comes to at this point of a report: what the books do not know is taken, what
    /// they know must agree.
    State {
        /// The resource.
        resource: Id,
        /// What it comes to.
        fields: Fields,
    },
    /// Shares out what is offered among those who need it, as the network's rules say.
    Allocate {
        /// Intents of those who give.
        offers: Vec<Id>,
        /// Intents of those who get.
        needs: Vec<Id>,
    },
    /// The clock's own act: a promise has fallen due.
    FallDue {
        /// The promise.
        commitment: Id,
        /// The instant at which it fell due.
        at: Instant,
    },
}

impl Act {
    /// The name under which the act is written.
    pub fn name(&self) -> &'static str {
        match self {
            Act::Define { .. } => "define",
            Act::Record { .. } => "record",
            Act::Publish { .. } => "publish",
            Act::Accept { .. } => "accept",
            Act::Withdraw { .. } => "withdraw",
            Act::Commit { .. } => "commit",
            Act::Claim { .. } => "claim",
            Act::Waive { .. } => "waive",
            Act::Revise { .. } => "revise",
            Act::Report { .. } => "report",
            Act::State { .. } => "state",
            Act::FallDue { .. } => "fallDue",
            Act::Allocate { .. } => "allocate",
        }
    }

    /// The values of each record that it writes or mends.
    fn described(&self) -> Vec<&Fields> {
        match self {
            Act::Define { fields, .. }
            | Act::Commit { fields }
            | Act::Claim { fields }
            | Act::Revise { fields, .. }
            | Act::Report { fields, .. }
            | Act::State { fields, .. } => vec![fields],
            Act::Record { event, resource } => std::iter::once(event).chain(resource).collect(),
            Act::Publish { proposal, intents } => std::iter::once(proposal).chain(intents).collect(),
            Act::Accept { .. }
            | Act::Withdraw { .. }
            | Act::Waive { .. }
            | Act::Allocate { .. }
            | Act::FallDue { .. } => Vec::new(),
        }
    }

    /// Refuses an action that is none of the nineteen and that the network's rules do not define.
    pub fn check_actions(&self, known: &OwnActions) -> Result<(), Refusal> {
        let named = self.described().into_iter().filter_map(Fields::action);
        named
            .map(|action| known.row(action))
            .find_map(Result::err)
            .map_or(Ok(()), |unknown| Err(unknown.into()))
    }

    /// The act in JSON, in one of its parts.
    pub fn to_json(&self, part: Part) -> Json {
        let fields = |class, fields: &Fields| fields.to_json(class, part);
        let mut map = match self {
            Act::State { resource, fields: values } => {
                let mut json = json!({"fields": fields(Class::EconomicResource, values)});
                if let (Json::Object(map), true) = (&mut json, part != Part::Personal) {
                    map.insert("resource".into(), json!(resource));
                }
                json
            }
            Act::Define { class, fields: values } | Act::Report { class, fields: values } => {
                json!({"class": class.as_str(), "fields": fields(*class, values)})
            }
            Act::Record { event, resource } => {
                let mut json = json!({"event": fields(Class::EconomicEvent, event)});
                if let (Some(resource), Json::Object(map)) = (resource, &mut json) {
                    map.insert("newResource".into(), fields(Class::EconomicResource, resource));
                }
                json
            }
            Act::Publish { proposal, intents } => json!({
                "proposal": fields(Class::Proposal, proposal),
                "intents": intents.iter().map(|intent| fields(Class::Intent, intent)).collect::<Vec<_>>(),
            }),
            Act::Accept { intent, receiver, until, quote } => {
                let mut json = json!({
                    "intent": intent.to_string(), "receiver": receiver.to_string(), "until": until.0,
                });
                if let (Some(quote), Json::Object(map)) = (quote, &mut json) {
                    map.insert("quote".into(), json!({"digest": quote.digest, "expires": quote.expires.0}));
                }
                json
            }
            Act::Withdraw { agreement } => json!({"agreement": agreement.to_string()}),
            Act::Commit { fields: values } => json!({"fields": fields(Class::Commitment, values)}),
            Act::Claim { fields: values } => json!({"fields": fields(Class::Claim, values)}),
            Act::Waive { commitment, reason } => match part {
                Part::Books => json!({"commitment": commitment.to_string()}),
                Part::Personal => json!({"reason": reason}),
                Part::Whole => json!({"commitment": commitment.to_string(), "reason": reason}),
            },
            Act::Revise { class, record, version, fields: values, clear } => {
                let mut json = json!({"fields": fields(*class, values)});
                if let (Json::Object(map), true) = (&mut json, part != Part::Personal) {
                    map.insert("class".into(), json!(class.as_str()));
                    map.insert("record".into(), json!(record));
                    map.insert("version".into(), json!(version));
                    if !clear.is_empty() {
                        map.insert("clear".into(), clear.iter().map(|prop| json!(prop.as_str())).collect());
                    }
                }
                json
            }
            Act::FallDue { commitment, at } => json!({"commitment": commitment.to_string(), "at": at.0}),
            Act::Allocate { offers, needs } => json!({"offers": offers, "needs": needs}),
        };
        if part != Part::Personal
            && let Json::Object(map) = &mut map
        {
            map.insert("act".into(), json!(self.name()));
        }
        map
    }

    /// Reads an act whose name is one of this room's; `None` for any other name.
    pub fn from_json(name: &str, map: &Map<String, Json>) -> Option<Result<Act, BadValue>> {
        let read = Reader(map);
        Some(match name {
            "define" => read.described().map(|(class, fields)| Act::Define { class, fields }),
            "report" => read.described().map(|(class, fields)| Act::Report { class, fields }),
            "state" => read.only(&["resource", "fields"]).and_then(|()| {
                let fields = read.fields("fields", Class::EconomicResource)?;
                Ok(Act::State { resource: read.id("resource")?, fields })
            }),
            "record" => read.record(),
            "publish" => read.publish(),
            "accept" => read.accept(),
            "withdraw" => read
                .only(&["agreement"])
                .and_then(|()| Ok(Act::Withdraw { agreement: read.id("agreement")? })),
            "commit" => read
                .only(&["fields"])
                .and_then(|()| Ok(Act::Commit { fields: read.fields("fields", Class::Commitment)? })),
            "claim" => read
                .only(&["fields"])
                .and_then(|()| Ok(Act::Claim { fields: read.fields("fields", Class::Claim)? })),
            "waive" => read.only(&["commitment", "reason"]).and_then(|()| {
                Ok(Act::Waive { commitment: read.id("commitment")?, reason: read.text("reason")?.to_owned() })
            }),
            "revise" => read.revise(),
            "allocate" => read
                .only(&["offers", "needs"])
                .and_then(|()| Ok(Act::Allocate { offers: read.ids("offers")?, needs: read.ids("needs")? })),
            "fallDue" => read.only(&["commitment", "at"]).and_then(|()| {
                Ok(Act::FallDue { commitment: read.id("commitment")?, at: Instant(read.integer("at")?) })
            }),
            _ => return None,
        })
    }
}

/// Reads the members of an act's object, refusing strangers among them.
pub struct Reader<'a>(pub &'a Map<String, Json>);

impl<'a> Reader<'a> {
    /// Refuses members other than these (and `act` itself).
    pub fn only(&self, names: &[&str]) -> Result<(), BadValue> {
        match self.0.keys().find(|key| *key != "act" && !names.contains(&key.as_str())) {
            Some(name) => {
                Err(BadValue::UnknownProperty { class: "act", name: name.chars().take(64).collect() })
            }
            None => Ok(()),
        }
    }

    fn get(&self, name: &'static str) -> Result<&'a Json, BadValue> {
        self.0.get(name).ok_or(BadValue::Missing { class: "act", name })
    }

    /// An id.
    pub fn id(&self, name: &'static str) -> Result<Id, BadValue> {
        self.text(name)?.parse()
    }

    /// A text.
    pub fn text(&self, name: &'static str) -> Result<&'a str, BadValue> {
        let text = self.get(name)?.as_str().ok_or(BadValue::WrongShape { name, wanted: "a text" })?;
        if text.len() > valueflows::limits::TEXT_BYTES_MAX {
            return Err(BadValue::TooLong { name, limit: valueflows::limits::TEXT_BYTES_MAX });
        }
        Ok(text)
    }

    /// A whole number.
    pub fn integer(&self, name: &'static str) -> Result<i64, BadValue> {
        self.get(name)?
            .as_i64()
            .filter(|n| n.abs() < valueflows::limits::NUMBER_BOUND)
            .ok_or(BadValue::WrongShape { name, wanted: "a whole number below 2^53" })
    }

    /// A list of texts; none is an empty list.
    pub fn texts(&self, name: &'static str) -> Result<Vec<String>, BadValue> {
        let wrong = BadValue::WrongShape { name, wanted: "a list of texts" };
        let Some(list) = self.0.get(name) else { return Ok(Vec::new()) };
        let list = list.as_array().ok_or(wrong.clone())?;
        if list.len() > valueflows::limits::LIST_LEN_MAX {
            return Err(BadValue::TooLong { name, limit: valueflows::limits::LIST_LEN_MAX });
        }
        list.iter().map(|item| item.as_str().map(str::to_owned).ok_or(wrong.clone())).collect()
    }

    /// A list of ids; none is an empty list.
    pub fn ids(&self, name: &'static str) -> Result<Vec<Id>, BadValue> {
        self.texts(name)?.iter().map(|text| text.parse()).collect()
    }

    /// The values of a record.
    pub fn fields(&self, name: &'static str, class: Class) -> Result<Fields, BadValue> {
        object(name, self.get(name)?).and_then(|map| Fields::from_json(class, map))
    }

    fn described(&self) -> Result<(Class, Fields), BadValue> {
        self.only(&["class", "fields"])?;
        let class = Class::parse(self.text("class")?)?;
        Ok((class, self.fields("fields", class)?))
    }

    fn revise(&self) -> Result<Act, BadValue> {
        self.only(&["class", "record", "version", "fields", "clear"])?;
        let class = Class::parse(self.text("class")?)?;
        let version = u32::try_from(self.integer("version")?)
            .map_err(|_| BadValue::WrongShape { name: "version", wanted: "the number of a version" })?;
        let fields = match self.0.get("fields") {
            None => Fields::new(),
            Some(_) => self.fields("fields", class)?,
        };
        let clear = self.texts("clear")?;
        let clear = clear.iter().map(|name| {
            let row = Prop::named(name).and_then(|prop| Property::of(class, prop));
            row.map(|row| row.prop).ok_or_else(|| BadValue::UnknownProperty {
                class: class.as_str(),
                name: name.chars().take(64).collect(),
            })
        });
        Ok(Act::Revise {
            class,
            record: self.id("record")?,
            version,
            fields,
            clear: clear.collect::<Result<_, _>>()?,
        })
    }

    fn record(&self) -> Result<Act, BadValue> {
        self.only(&["event", "newResource"])?;
        let event = self.fields("event", Class::EconomicEvent)?;
        let resource = match self.0.get("newResource") {
            None => None,
            Some(_) => Some(self.fields("newResource", Class::EconomicResource)?),
        };
        Ok(Act::Record { event, resource })
    }

    fn publish(&self) -> Result<Act, BadValue> {
        self.only(&["proposal", "intents"])?;
        let intents = self.get("intents")?.as_array();
        let intents = intents.ok_or(BadValue::WrongShape { name: "intents", wanted: "a list of intents" })?;
        if intents.len() > crate::limits::INTENTS_MAX {
            return Err(BadValue::TooLong { name: "intents", limit: crate::limits::INTENTS_MAX });
        }
        let intents = intents
            .iter()
            .map(|intent| object("intents", intent).and_then(|map| Fields::from_json(Class::Intent, map)))
            .collect::<Result<_, _>>()?;
        Ok(Act::Publish { proposal: self.fields("proposal", Class::Proposal)?, intents })
    }

    fn accept(&self) -> Result<Act, BadValue> {
        self.only(&["intent", "receiver", "until", "quote"])?;
        let quote = match self.0.get("quote") {
            None => None,
            Some(quote) => {
                let quote = Reader(object("quote", quote)?);
                quote.only(&["digest", "expires"])?;
                Some(QuoteRef {
                    digest: quote.text("digest")?.to_owned(),
                    expires: Instant(quote.integer("expires")?),
                })
            }
        };
        let until = Instant(self.integer("until")?);
        Ok(Act::Accept { intent: self.id("intent")?, receiver: self.id("receiver")?, until, quote })
    }
}

fn object<'a>(name: &'static str, json: &'a Json) -> Result<&'a Map<String, Json>, BadValue> {
    json.as_object().ok_or(BadValue::WrongShape { name, wanted: "an object" })
}
