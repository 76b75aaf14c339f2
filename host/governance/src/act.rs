//! The acts of governing, and any act at all.

use ledger::Act;
use ledger::act::Reader;
use serde_json::{Map, Value as Json, json};
use valueflows::{BadValue, Fields, Id, Instant, Part, Prop, Value};

use crate::amendment::AmendAct;
use crate::cases::CaseAct;
use crate::erasure::EraseAct;
use crate::exceptions::ExceptionAct;
use crate::joining::JoinAct;
use crate::keys::KeyAct;
use crate::membership::MemberAct;
use crate::stops::StopAct;
use crate::withholding::WithholdAct;

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
    /// A network begins on this node: an act of the node's own network. Its founding entry follows from
    /// this act and is written in the same transaction.
    FoundNetwork {
        /// The new network's name on this node.
        name: String,
        /// Its RuleBook in JSON.
        book: Json,
        /// Its first stewards' names (personal part).
        stewards: Vec<String>,
        /// Whether it is a sandbox.
        sandbox: bool,
        /// Where a sandbox's clock begins; now, if nothing is said.
        begins: Option<Instant>,
    },
    /// A network that was carried here from another node begins to live on this one: an act of the node's
    /// own network. Its books arrived before, and begin to answer in the same transaction.
    AdoptNetwork {
        /// Its name on this node.
        name: String,
        /// The network.
        network: Id,
        /// The newest entry that it arrived with.
        seq: u64,
        /// That entry's hash, in hexadecimal.
        head: String,
        /// Whether it is a sandbox.
        sandbox: bool,
        /// Whether it may only be read here: it lives on elsewhere.
        copy: bool,
    },
    /// The network leaves this node: the last entry of its books here. The operator's act, which no rule
    /// of the network is asked about; the entry says that it happened.
    MoveNetwork {
        /// Where to, in the operator's words.
        to: String,
    },
    /// A component is laid on the node's shelf, where it has no effect until rules name it: an act of
    /// the node's own network.
    Shelve {
        /// The plugin's name, as its manifest gives it.
        plugin: String,
        /// The digest of the component's bytes, in hexadecimal.
        component: String,
        /// By which keys it is signed, each with its signature; what they are worth is for whoever binds it to say.
        signatures: Vec<(String, String)>,
        /// What admission found of it, where it was looked at anew.
        admission: Option<Json>,
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
    /// An organisation or a device that is written down already becomes a member.
    AdmitAgent {
        /// Which.
        agent: Id,
        /// Its roles.
        roles: Vec<String>,
    },
    /// A member has learnt to handle something dangerous.
    Train {
        /// The member.
        member: Id,
        /// The training's tag.
        training: String,
    },
    /// Somebody lets somebody (perhaps a program of their own) act in their name, within bounds.
    Delegate {
        /// In whose name.
        delegator: Id,
        /// Who may.
        delegate: Id,
        /// Which acts, by the names of their CedarActions; `record` stands for every economic event.
        acts: Vec<String>,
        /// Until when.
        until: Instant,
    },
    /// A delegation ends before its time.
    Revoke {
        /// The delegation.
        delegation: Id,
    },
    /// Somebody's membership changes: roles, suspension, leaving.
    Member(MemberAct),
    /// A member signs what they do, changes the key or is given another.
    Key(KeyAct),
    /// Somebody asks to join, and is answered.
    Join(JoinAct),
    /// Something is held still for a while.
    Stop(StopAct),
    /// A component is taken out of use.
    Withhold(WithholdAct),
    /// Somebody is let do something once.
    Except(ExceptionAct),
    /// Somebody thinks that something was wrong.
    Case(CaseAct),
    /// The network changes its own rules.
    Amend(AmendAct),
    /// What is personal about somebody, or in a record, is erased.
    Erase(Box<EraseAct>),
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
            GoverningAct::FoundNetwork { .. } => "foundNetwork",
            GoverningAct::AdoptNetwork { .. } => "adoptNetwork",
            GoverningAct::MoveNetwork { .. } => "moveNetwork",
            GoverningAct::Shelve { .. } => "shelve",
            GoverningAct::Admit { .. } => "admit",
            GoverningAct::AdmitAgent { .. } => "admitAgent",
            GoverningAct::Train { .. } => "train",
            GoverningAct::Delegate { .. } => "delegate",
            GoverningAct::Revoke { .. } => "revoke",
            GoverningAct::Member(act) => act.name(),
            GoverningAct::Key(act) => act.name(),
            GoverningAct::Join(act) => act.name(),
            GoverningAct::Stop(act) => act.name(),
            GoverningAct::Withhold(act) => act.name(),
            GoverningAct::Except(act) => act.name(),
            GoverningAct::Case(act) => act.name(),
            GoverningAct::Erase(act) => act.name(),
            GoverningAct::Amend(act) => act.name(),
            GoverningAct::AdvanceClock { .. } => "advanceClock",
        }
    }

    /// Reads an act of governing, and no other.
    pub fn of_json(json: &Json) -> Result<GoverningAct, BadValue> {
        let wrong = BadValue::WrongShape { name: "effects", wanted: "a list of acts of governing" };
        match AnyAct::from_json(json)? {
            AnyAct::Governing(act) => Ok(act),
            AnyAct::Economic(_) => Err(wrong),
        }
    }

    /// Whether a vote may carry it out: what it says of memberships, and nothing else.
    pub fn may_follow(&self) -> bool {
        use GoverningAct::{Admit, AdmitAgent, Train};
        matches!(self, Admit { .. } | AdmitAgent { .. } | Train { .. })
            || matches!(self, GoverningAct::Member(act) if act.may_follow())
            || matches!(self, GoverningAct::Join(JoinAct::Accept { .. } | JoinAct::Decline { .. }))
    }

    /// Whether it is the operator's alone: no rule is asked, nobody else sends it, and the entry says that it
    /// happened.
    pub fn is_operators(&self) -> bool {
        match self {
            GoverningAct::MoveNetwork { .. }
            | GoverningAct::Amend(AmendAct::Recover { .. })
            | GoverningAct::Withhold(_) => true,
            GoverningAct::Erase(act) => act.unlawful,
            GoverningAct::Stop(act) => act.is_operators(),
            _ => false,
        }
    }

    /// Whether only the node itself sends it, whoever asked for it: it says what the node has found in the journal.
    pub fn is_composed(&self) -> bool {
        self.is_operators() || matches!(self, GoverningAct::Erase(_))
    }

    /// Whether it takes somebody's membership away, for good or for a time.
    pub fn takes_away(&self) -> bool {
        matches!(self, GoverningAct::Member(MemberAct::Suspend { .. } | MemberAct::End { .. }))
    }

    fn to_json(&self, part: Part) -> Json {
        let parts = match self {
            GoverningAct::Found { name, book, stewards, sandbox } => (
                json!({"name": name, "book": book, "sandbox": sandbox, "stewardCount": stewards.len()}),
                json!({"stewards": stewards}),
            ),
            GoverningAct::FoundNetwork { name, book, stewards, sandbox, begins } => {
                let count = stewards.len();
                let mut books =
                    json!({"name": name, "book": book, "sandbox": sandbox, "stewardCount": count});
                if let (Json::Object(map), Some(begins)) = (&mut books, begins) {
                    map.insert("begins".into(), json!(begins.0));
                }
                (books, json!({"stewards": stewards}))
            }
            GoverningAct::AdoptNetwork { name, network, seq, head, sandbox, copy } => (
                json!({"name": name, "network": network, "seq": seq, "head": head, "sandbox": sandbox, "copy": copy}),
                json!({}),
            ),
            GoverningAct::MoveNetwork { to } => (json!({"to": to}), json!({})),
            GoverningAct::Shelve { plugin, component, signatures, admission } => {
                let mut books = json!({"plugin": plugin, "component": component});
                if let (false, Json::Object(books)) = (signatures.is_empty(), &mut books) {
                    books.insert("signatures".to_owned(), json!(signatures));
                }
                if let (Some(admission), Json::Object(books)) = (admission, &mut books) {
                    books.insert("admission".to_owned(), admission.clone());
                }
                (books, json!({}))
            }
            GoverningAct::Admit { name, roles, place } => {
                let mut personal = Fields::new().with(Prop::Name, Value::Text(name.clone()));
                if let Some(place) = place {
                    personal.set(Prop::PrimaryLocation, Value::Ref(*place));
                }
                (json!({"roles": roles}), personal.to_json(valueflows::Class::Person, Part::Personal))
            }
            GoverningAct::AdmitAgent { agent, roles } => (json!({"agent": agent, "roles": roles}), json!({})),
            GoverningAct::Train { member, training } => {
                (json!({"member": member.to_string(), "training": training}), json!({}))
            }
            GoverningAct::Delegate { delegator, delegate, acts, until } => (
                json!({"delegator": delegator, "delegate": delegate, "acts": acts, "hasEnd": until.0}),
                json!({}),
            ),
            GoverningAct::Revoke { delegation } => (json!({"delegation": delegation}), json!({})),
            GoverningAct::Member(act) => act.parts(),
            GoverningAct::Key(act) => act.parts(),
            GoverningAct::Join(act) => act.parts(),
            GoverningAct::Stop(act) => act.parts(),
            GoverningAct::Withhold(act) => act.parts(),
            GoverningAct::Except(act) => act.parts(),
            GoverningAct::Case(act) => act.parts(),
            GoverningAct::Erase(act) => act.parts(),
            GoverningAct::Amend(act) => act.parts(),
            GoverningAct::AdvanceClock { by_us } => (json!({"by": by_us}), json!({})),
        };
        part_of(self.name(), parts, part)
    }

    fn from_json(name: &str, map: &Map<String, Json>) -> Result<GoverningAct, BadValue> {
        let read = Reader(map);
        match name {
            "found" => {
                read.only(&["name", "book", "stewards", "sandbox", "stewardCount"])?;
                let (name, book, stewards, sandbox) = founding(map)?;
                Ok(GoverningAct::Found { name, book, stewards, sandbox })
            }
            "shelve" => {
                read.only(&["plugin", "component", "signatures", "admission"])?;
                let wrong =
                    BadValue::WrongShape { name: "signatures", wanted: "keys, each with its signature" };
                let signatures = match map.get("signatures") {
                    None => Vec::new(),
                    Some(list) => serde_json::from_value(list.clone()).map_err(|_| wrong)?,
                };
                Ok(GoverningAct::Shelve {
                    plugin: read.text("plugin")?.to_owned(),
                    component: read.text("component")?.to_owned(),
                    signatures,
                    admission: map.get("admission").cloned(),
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
            "admitAgent" => {
                read.only(&["agent", "roles"])?;
                Ok(GoverningAct::AdmitAgent { agent: read.id("agent")?, roles: read.texts("roles")? })
            }
            "train" => {
                read.only(&["member", "training"])?;
                Ok(GoverningAct::Train {
                    member: read.id("member")?,
                    training: read.text("training")?.to_owned(),
                })
            }
            "delegate" => {
                read.only(&["delegator", "delegate", "acts", "hasEnd"])?;
                Ok(GoverningAct::Delegate {
                    delegator: read.id("delegator")?,
                    delegate: read.id("delegate")?,
                    acts: read.texts("acts")?,
                    until: Instant(read.integer("hasEnd")?),
                })
            }
            "revoke" => {
                read.only(&["delegation"])?;
                Ok(GoverningAct::Revoke { delegation: read.id("delegation")? })
            }
            "advanceClock" => {
                read.only(&["by"])?;
                Ok(GoverningAct::AdvanceClock { by_us: read.integer("by")? })
            }
            other => GoverningAct::of_networks(other, map),
        }
    }

    /// Those by which rules change, and by which whole networks come and go.
    fn of_networks(name: &str, map: &Map<String, Json>) -> Result<GoverningAct, BadValue> {
        if let Some(act) = AmendAct::from_json(name, map) {
            return act.map(GoverningAct::Amend);
        }
        if let Some(act) = StopAct::from_json(name, map) {
            return act.map(GoverningAct::Stop);
        }
        if let Some(act) = WithholdAct::from_json(name, map) {
            return act.map(GoverningAct::Withhold);
        }
        if let Some(act) = MemberAct::from_json(name, map) {
            return act.map(GoverningAct::Member);
        }
        if let Some(act) = KeyAct::from_json(name, map) {
            return act.map(GoverningAct::Key);
        }
        if let Some(act) = JoinAct::from_json(name, map) {
            return act.map(GoverningAct::Join);
        }
        if let Some(act) = ExceptionAct::from_json(name, map) {
            return act.map(GoverningAct::Except);
        }
        if let Some(act) = CaseAct::from_json(name, map) {
            return act.map(GoverningAct::Case);
        }
        if let Some(act) = EraseAct::from_json(name, map) {
            return act.map(|act| GoverningAct::Erase(Box::new(act)));
        }
        let read = Reader(map);
        match name {
            "foundNetwork" => {
                read.only(&["name", "book", "stewards", "sandbox", "stewardCount", "begins"])?;
                let (name, book, stewards, sandbox) = founding(map)?;
                let begins = match map.get("begins") {
                    None => None,
                    Some(_) => Some(Instant(read.integer("begins")?)),
                };
                Ok(GoverningAct::FoundNetwork { name, book, stewards, sandbox, begins })
            }
            "adoptNetwork" => {
                read.only(&["name", "network", "seq", "head", "sandbox", "copy"])?;
                let seq = read.integer("seq")?;
                Ok(GoverningAct::AdoptNetwork {
                    name: read.text("name")?.to_owned(),
                    network: read.id("network")?,
                    seq: u64::try_from(seq)
                        .map_err(|_| BadValue::WrongShape { name: "seq", wanted: "a position" })?,
                    head: read.text("head")?.to_owned(),
                    sandbox: flag(map, "sandbox")?,
                    copy: flag(map, "copy")?,
                })
            }
            "moveNetwork" => {
                read.only(&["to"])?;
                Ok(GoverningAct::MoveNetwork { to: read.text("to")?.to_owned() })
            }
            other => Err(BadValue::UnknownProperty { class: "act", name: other.chars().take(64).collect() }),
        }
    }
}

/// One part of an act, of its books and its personal part.
pub(crate) fn part_of(name: &str, (mut books, personal): (Json, Json), part: Part) -> Json {
    match (part, &mut books, personal) {
        (Part::Personal, _, personal) => return personal,
        (Part::Whole, Json::Object(books), Json::Object(personal)) => books.extend(personal),
        _ => {}
    }
    if let Json::Object(map) = &mut books {
        map.insert("act".into(), json!(name));
    }
    books
}

/// What both founding acts say: name, book, stewards, sandbox.
fn founding(map: &Map<String, Json>) -> Result<(String, Json, Vec<String>, bool), BadValue> {
    let missing = |name| BadValue::Missing { class: "act", name };
    let read = Reader(map);
    Ok((
        read.text("name")?.to_owned(),
        map.get("book").cloned().ok_or(missing("book"))?,
        read.texts("stewards")?,
        flag(map, "sandbox")?,
    ))
}

fn flag(map: &Map<String, Json>, name: &'static str) -> Result<bool, BadValue> {
    map.get(name).and_then(Json::as_bool).ok_or(BadValue::Missing { class: "act", name })
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
