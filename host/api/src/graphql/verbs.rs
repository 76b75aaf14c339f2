//! What can be done, one row each: the field's name, its arguments, the act that they become, and what its
//! answer holds. The root of mutations and the acts of `perform` are both read from here.

use async_graphql::dynamic::{InputValue, TypeRef};
use serde_json::{Map, Value as Json, json};
use valueflows::Class;

use super::inputs::{self, given, take};
use super::names;

/// Something that can be done.
pub(crate) struct Verb {
    /// The field's name.
    pub name: String,
    /// What it asks for.
    pub arguments: Vec<(String, TypeRef)>,
    /// The classes of which its answer shows what was made, by field name.
    pub shows: Vec<Class>,
    /// The act.
    pub act: Box<dyn Fn(Json) -> Result<Json, String> + Send + Sync>,
    /// For readers of the schema.
    pub doc: &'static str,
}

fn verb(
    name: impl Into<String>,
    arguments: &[(&str, TypeRef)],
    shows: &[Class],
    doc: &'static str,
    act: impl Fn(Json) -> Result<Json, String> + Send + Sync + 'static,
) -> Verb {
    let arguments = arguments.iter().map(|(name, kind)| ((*name).to_owned(), kind.clone())).collect();
    Verb { name: name.into(), arguments, shows: shows.to_vec(), act: Box::new(act), doc }
}

impl Verb {
    /// Its arguments as input values.
    pub fn inputs(&self) -> impl Iterator<Item = InputValue> + '_ {
        self.arguments.iter().map(|(name, kind)| InputValue::new(name, kind.clone()))
    }
}

fn upper(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

/// The name of the input type of a verb among the acts of `perform`.
pub(crate) fn params(verb: &Verb) -> String {
    format!("{}Params", upper(&verb.name))
}

/// The name of what a verb answers with.
pub(crate) fn response(shows: &[Class]) -> String {
    match shows.first() {
        Some(class) if class.is_agent() => "AgentResponse".to_owned(),
        Some(class) => format!("{}Response", class.as_str()),
        None => "CommandResponse".to_owned(),
    }
}

/// All of them.
pub(crate) fn all() -> Vec<Verb> {
    let mut all: Vec<Verb> = inputs::DEFINED.iter().map(|class| define(*class)).collect();
    all.extend(inputs::mendable().map(update));
    all.extend(economic());
    all.extend(governing());
    all
}

/// What vf-graphql calls the argument that holds a record of a class.
fn argument(class: Class) -> String {
    match class {
        Class::AgentRelationship => "relationship".to_owned(),
        other => names::one(other),
    }
}

fn define(class: Class) -> Verb {
    let argument = argument(class);
    let name = format!("create{}", class.as_str());
    let kind = TypeRef::named_nn(inputs::create(class));
    verb(name, &[(&argument.clone(), kind)], &[class], "Write it down.", move |mut input| {
        let fields = given(take(&mut input, &argument).unwrap_or_default());
        Ok(json!({"act": "define", "class": class.as_str(), "fields": fields}))
    })
}

fn update(class: Class) -> Verb {
    let argument = match class {
        Class::EconomicResource => "resource".to_owned(),
        Class::EconomicEvent => "event".to_owned(),
        other => argument(other),
    };
    let name = format!("update{}", class.as_str());
    let kind = TypeRef::named_nn(inputs::update(class));
    let doc = "Mend how it is described; null takes away.";
    verb(name, &[(&argument.clone(), kind)], &[class], doc, move |mut input| {
        inputs::revise(class, take(&mut input, &argument).unwrap_or_default())
    })
}

fn economic() -> Vec<Verb> {
    recording().into_iter().chain(lending()).collect()
}

fn recording() -> Vec<Verb> {
    let needs = |class: Class| TypeRef::named_nn(inputs::create(class));
    vec![
        verb(
            "createEconomicEvent",
            &[
                ("event", needs(Class::EconomicEvent)),
                ("newInventoriedResource", TypeRef::named(inputs::create(Class::EconomicResource))),
            ],
            &[Class::EconomicEvent, Class::EconomicResource],
            "Record what happened, with the resource that it creates, if it creates one.",
            |mut input| {
                let mut act =
                    json!({"act": "record", "event": given(take(&mut input, "event").unwrap_or_default())});
                if let (Some(resource), Json::Object(act)) =
                    (take(&mut input, "newInventoriedResource"), &mut act)
                {
                    act.insert("newResource".into(), given(resource));
                }
                Ok(act)
            },
        ),
        verb(
            "createProposal",
            &[("proposal", needs(Class::Proposal))],
            &[Class::Proposal],
            "Publish an offer or a request with its intents.",
            |mut input| {
                let mut proposal = take(&mut input, "proposal").unwrap_or_default();
                let intents = take(&mut proposal, "publishes");
                let intents = intents.as_ref().and_then(Json::as_array).into_iter().flatten();
                let intents: Vec<Json> = intents.cloned().map(given).collect();
                Ok(json!({"act": "publish", "proposal": given(proposal), "intents": intents}))
            },
        ),
        verb(
            "createCommitment",
            &[("commitment", needs(Class::Commitment))],
            &[Class::Commitment],
            "Promise something.",
            |mut input| {
                Ok(
                    json!({"act": "commit", "fields": given(take(&mut input, "commitment").unwrap_or_default())}),
                )
            },
        ),
        verb(
            "createClaim",
            &[("claim", needs(Class::Claim))],
            &[Class::Claim],
            "Write down what somebody may ask for because of an event.",
            |mut input| {
                Ok(json!({"act": "claim", "fields": given(take(&mut input, "claim").unwrap_or_default())}))
            },
        ),
    ]
}

fn lending() -> Vec<Verb> {
    let id = || TypeRef::named_nn(TypeRef::ID);
    vec![
        verb(
            "acceptOffer",
            &[
                ("intent", id()),
                ("receiver", id()),
                ("until", TypeRef::named_nn(names::DATE_TIME)),
                ("quote", TypeRef::named("QuoteRef")),
            ],
            &[Class::Agreement, Class::Commitment],
            "Accept an offered thing for a time, at the price that was quoted.",
            |input| Ok(act("accept", input)),
        ),
        verb(
            "withdrawAgreement",
            &[("agreement", id())],
            &[Class::Commitment],
            "Take back an acceptance before anything was handed over.",
            |input| Ok(act("withdraw", input)),
        ),
        verb(
            "shareOut",
            &[
                ("offers", TypeRef::named_nn_list_nn(TypeRef::ID)),
                ("needs", TypeRef::named_nn_list_nn(TypeRef::ID)),
            ],
            &[Class::Commitment, Class::Intent],
            "Share out what is offered among those who need it, as the rules of the network say.",
            |input| Ok(act("allocate", input)),
        ),
        verb(
            "waiveCommitment",
            &[("commitment", id()), ("reason", TypeRef::named_nn(TypeRef::STRING))],
            &[Class::Commitment],
            "Let somebody off what they promised.",
            |input| Ok(act("waive", input)),
        ),
    ]
}

fn governing() -> Vec<Verb> {
    let id = || TypeRef::named_nn(TypeRef::ID);
    let text = || TypeRef::named_nn(TypeRef::STRING);
    let texts = || TypeRef::named_nn_list_nn(TypeRef::STRING);
    vec![
        verb(
            "admitMember",
            &[("name", text()), ("roles", texts()), ("primaryLocation", TypeRef::named(TypeRef::ID))],
            &[Class::Person, Class::Membership],
            "Admit a member.",
            |input| Ok(act("admit", input)),
        ),
        verb(
            "recordTraining",
            &[("member", id()), ("training", text())],
            &[Class::Membership],
            "Write down that a member can handle something dangerous.",
            |input| Ok(act("train", input)),
        ),
        verb(
            "createDelegation",
            &[
                ("delegator", id()),
                ("delegate", id()),
                ("acts", texts()),
                ("hasEnd", TypeRef::named_nn(names::DATE_TIME)),
            ],
            &[Class::Delegation],
            "Let somebody, or a program of one's own, act in one's name.",
            |input| Ok(act("delegate", input)),
        ),
        verb(
            "revokeDelegation",
            &[("delegation", id())],
            &[Class::Delegation],
            "End a delegation before its time.",
            |input| Ok(act("revoke", input)),
        ),
        verb(
            "advanceClock",
            &[("seconds", TypeRef::named_nn(TypeRef::INT))],
            &[],
            "Move the clock of a sandbox.",
            |mut input| {
                let seconds = take(&mut input, "seconds").and_then(|n| n.as_i64()).unwrap_or_default();
                Ok(json!({"act": "advanceClock", "by": seconds.saturating_mul(1_000_000)}))
            },
        ),
    ]
}

/// An act whose members are the arguments.
fn act(name: &str, input: Json) -> Json {
    let mut act: Map<String, Json> = match given(input) {
        Json::Object(map) => map,
        _ => Map::new(),
    };
    act.insert("act".into(), json!(name));
    Json::Object(act)
}
