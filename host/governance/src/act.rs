//! The acts of governing, and any act at all.

use ledger::Act;
use ledger::act::Reader;
use serde_json::{Map, Value as Json, json};
use valueflows::{BadValue, Fields, Id, Part, Prop, Value};

/// One act of governing.
#[derive(Debug, Clone, PartialEq)]
pub enum GoverningAct {
    /// A network begins: its name, its rules (the whole RuleBook as it will be hashed), its stewards.
    Found {
        /// The network's name, which is also its own agent's name.
        name: String,
        /// The RuleBook in JSON.
        book: Json,
        /// The first stewards' names (personal part).
        stewards: Vec<String>,
        /// Whether it may run on a simulated clock and be acted in from the console.
        sandbox: bool,
    },
    /// Somebody becomes a member.
    Admit {
        /// Their name (personal part).
        name: String,
        /// Their roles.
        roles: Vec<String>,
        /// Where they are, as a place's record.
        place: Option<Id>,
    },
    /// A member has learnt to handle something dangerous.
    Train {
        /// The member.
        member: Id,
        /// The training's tag.
        training: String,
    },
    /// A sandbox's clock moves.
    AdvanceClock {
        /// By how many microseconds.
        by_us: i64,
    },
}

/// Any act.
#[derive(Debug, Clone, PartialEq)]
pub enum AnyAct {
    /// Of the books.
    Economic(Act),
    /// Of governing.
    Governing(GoverningAct),
}

impl GoverningAct {
    /// The name under which the act is written.
    pub fn name(&self) -> &'static str {
        match self {
            GoverningAct::Found { .. } => "found",
            GoverningAct::Admit { .. } => "admit",
            GoverningAct::Train { .. } => "train",
            GoverningAct::AdvanceClock { .. } => "advanceClock",
        }
    }

    fn to_json(&self, part: Part) -> Json {
        let (mut books, personal) = match self {
            GoverningAct::Found { name, book, stewards, sandbox } => (
                json!({"name": name, "book": book, "sandbox": sandbox, "stewardCount": stewards.len()}),
                json!({"stewards": stewards}),
            ),
            GoverningAct::Admit { name, roles, place } => {
                let mut personal = Fields::new().with(Prop::Name, Value::Text(name.clone()));
                if let Some(place) = place {
                    personal.set(Prop::PrimaryLocation, Value::Ref(*place));
                }
                (json!({"roles": roles}), personal.to_json(valueflows::Class::Person, Part::Personal))
            }
            GoverningAct::Train { member, training } => {
                (json!({"member": member.to_string(), "training": training}), json!({}))
            }
            GoverningAct::AdvanceClock { by_us } => (json!({"by": by_us}), json!({})),
        };
        match (part, &mut books, personal) {
            (Part::Personal, _, personal) => return personal,
            (Part::Whole, Json::Object(books), Json::Object(personal)) => books.extend(personal),
            _ => {}
        }
        if let Json::Object(map) = &mut books {
            map.insert("act".into(), json!(self.name()));
        }
        books
    }

    fn from_json(name: &str, map: &Map<String, Json>) -> Result<GoverningAct, BadValue> {
        let read = Reader(map);
        match name {
            "found" => {
                read.only(&["name", "book", "stewards", "sandbox", "stewardCount"])?;
                let flag = map.get("sandbox").and_then(Json::as_bool);
                Ok(GoverningAct::Found {
                    name: read.text("name")?.to_owned(),
                    book: map.get("book").cloned().ok_or(BadValue::Missing { class: "act", name: "book" })?,
                    stewards: read.texts("stewards")?,
                    sandbox: flag.ok_or(BadValue::Missing { class: "act", name: "sandbox" })?,
                })
            }
            "admit" => {
                read.only(&["name", "roles", "primaryLocation"])?;
                let place = match map.get("primaryLocation") {
                    None => None,
                    Some(_) => Some(read.id("primaryLocation")?),
                };
                Ok(GoverningAct::Admit {
                    name: read.text("name")?.to_owned(),
                    roles: read.texts("roles")?,
                    place,
                })
            }
            "train" => {
                read.only(&["member", "training"])?;
                Ok(GoverningAct::Train {
                    member: read.id("member")?,
                    training: read.text("training")?.to_owned(),
                })
            }
            "advanceClock" => {
                read.only(&["by"])?;
                Ok(GoverningAct::AdvanceClock { by_us: read.integer("by")? })
            }
            other => Err(BadValue::UnknownProperty { class: "act", name: other.chars().take(64).collect() }),
        }
    }
}

impl AnyAct {
    /// The name under which the act is written.
    pub fn name(&self) -> &'static str {
        match self {
            AnyAct::Economic(act) => act.name(),
            AnyAct::Governing(act) => act.name(),
        }
    }

    /// The act in JSON, in one of its parts.
    pub fn to_json(&self, part: Part) -> Json {
        match self {
            AnyAct::Economic(act) => act.to_json(part),
            AnyAct::Governing(act) => act.to_json(part),
        }
    }

    /// Reads any act.
    pub fn from_json(json: &Json) -> Result<AnyAct, BadValue> {
        let wrong =
            BadValue::WrongShape { name: "acts", wanted: "a list of acts, each an object with `act`" };
        let map = json.as_object().ok_or(wrong.clone())?;
        let name = map.get("act").and_then(Json::as_str).ok_or(wrong)?;
        match Act::from_json(name, map) {
            Some(act) => act.map(AnyAct::Economic),
            None => GoverningAct::from_json(name, map).map(AnyAct::Governing),
        }
    }
}
