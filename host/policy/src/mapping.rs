//! From an act to a question for Cedar: principal, action, resource, context, entities.

mod entities;
mod governing;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use cedar_policy::{Context, Entity, EntityId, EntityTypeName, EntityUid, Request, RestrictedExpression};
use governance::{AnyAct, GoverningAct, membership};
use ledger::{Act, Key, Refusal, Stop, View};
use valueflows::{Class, FactGroup, FactValue, Fields, Id, Instant, NetworkId, Prop, Record};

use crate::agents::{agent_entity, datetime};
use crate::error::BookError;
use crate::scene::{Principal, Scene};
use crate::schema::type_name;
use entities::{fact_entity, record_entity};

/// A value in a context, before it becomes Cedar's.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Attr {
    Text(String),
    Texts(Vec<String>),
    Long(i64),
    Flag(bool),
    Agent(Id),
    Agents(Vec<Id>),
    Record(Class, Id),
    Instant(Instant),
}

/// A question for Cedar, with the records that policies may look at.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Who.
    pub principal: Principal,
    /// The CedarAction's name.
    pub action: String,
    resource: (&'static str, String),
    context: BTreeMap<&'static str, Attr>,
    agents: Vec<Id>,
    records: Vec<Arc<Record>>,
    decision_of: Option<Id>,
    made_up: Vec<Entity>,
}

impl Ask {
    /// The question about one act.
    pub fn about(view: &View, scene: Scene, principal: Principal, act: &AnyAct) -> Result<Ask, Stop> {
        let mut ask = Ask::blank(principal, act.name(), scene.network);
        match act {
            AnyAct::Economic(act) => ask.economic(view, scene, act)?,
            AnyAct::Governing(GoverningAct::Admit { roles, .. } | GoverningAct::AdmitAgent { roles, .. }) => {
                "admit".clone_into(&mut ask.action);
                ask.put("roles", Attr::Texts(roles.clone()));
            }
            AnyAct::Governing(GoverningAct::Train { member, training }) => {
                ask.put("training", Attr::Text(training.clone()));
                ask.resource = ("Agent", member.to_string());
                ask.agents.push(*member);
            }
            AnyAct::Governing(GoverningAct::FoundNetwork { sandbox, .. }) => {
                ask.put("sandbox", Attr::Flag(*sandbox))
            }
            AnyAct::Governing(GoverningAct::Shelve { plugin, component, .. }) => {
                ask.put("plugin", Attr::Text(plugin.clone()));
                ask.put("component", Attr::Text(component.clone()));
            }
            AnyAct::Governing(GoverningAct::Delegate { delegator, delegate, acts, .. }) => {
                ask.put("acts", Attr::Texts(acts.clone()));
                ask.put_agent("delegate", Some(*delegate));
                ask.resource = ("Agent", delegator.to_string());
                ask.agents.push(*delegator);
            }
            AnyAct::Governing(GoverningAct::Revoke { delegation }) => {
                ask.about_id(view, Prop::Delegate, *delegation, Class::Delegation)?;
            }
            AnyAct::Governing(GoverningAct::Member(act)) => ask.member(view, act)?,
            AnyAct::Governing(GoverningAct::Key(act)) => ask.key(view, act)?,
            AnyAct::Governing(GoverningAct::Join(act)) => ask.join(view, act)?,
            AnyAct::Governing(GoverningAct::Stop(act)) => ask.stop(view, act)?,
            AnyAct::Governing(GoverningAct::Except(act)) => ask.except(view, act)?,
            AnyAct::Governing(GoverningAct::Case(act)) => ask.case(view, act)?,
            AnyAct::Governing(GoverningAct::Amend(act)) => ask.amend(view, scene, act)?,
            AnyAct::Governing(GoverningAct::Erase(act)) => {
                let record = view.record(act.subject)?;
                let record = record.ok_or(Refusal::Dangling { prop: "subject", id: act.subject })?;
                ask.about_record(&record);
            }
            // Whoever may begin a network here may let one begin that was carried here.
            AnyAct::Governing(GoverningAct::AdoptNetwork { sandbox, .. }) => {
                ask.action = "foundNetwork".to_owned();
                ask.put("sandbox", Attr::Flag(*sandbox));
            }
            AnyAct::Governing(
                GoverningAct::Found { .. }
                | GoverningAct::MoveNetwork { .. }
                | GoverningAct::Withhold(_)
                | GoverningAct::AdvanceClock { .. },
            ) => {}
        }
        ask.close(view, scene)
    }

    /// The question whether what an act tells of elsewhere may be written down at all: it stands before the
    /// question about the act that it tells of. None where those are one question, or nothing is told.
    pub fn to_report(
        view: &View,
        scene: Scene,
        principal: Principal,
        act: &AnyAct,
    ) -> Result<Option<Ask>, Stop> {
        let AnyAct::Economic(Act::Report {
            class: class @ (Class::EconomicEvent | Class::Commitment), ..
        }) = act
        else {
            return Ok(None);
        };
        let mut ask = Ask::blank(principal, "report", scene.network);
        ask.put("class", Attr::Text(class.as_str().to_owned()));
        ask.close(view, scene).map(Some)
    }

    /// The question whether an agent may see a record.
    pub fn to_see(view: &View, scene: Scene, agent: Id, record: &Arc<Record>) -> Result<Ask, Stop> {
        let mut ask = Ask::blank(Principal::Agent(agent), "see", scene.network);
        ask.about_record(record);
        ask.close(view, scene)
    }

    /// The question whether an agent may see the network at all.
    pub fn to_see_network(view: &View, scene: Scene, agent: Id) -> Result<Ask, Stop> {
        Ask::blank(Principal::Agent(agent), "see", scene.network).close(view, scene)
    }

    /// The question whether an agent may see how another's command was judged.
    pub fn to_see_decision(view: &View, scene: Scene, agent: Id, of: Id, command: Id) -> Result<Ask, Stop> {
        let mut ask = Ask::blank(Principal::Agent(agent), "see", scene.network);
        ask.resource = ("Decision", command.to_string());
        ask.decision_of = Some(of);
        ask.agents.push(of);
        ask.close(view, scene)
    }

    /// The same question, with an exception that somebody has.
    pub fn with_exception(&self, exception: &Arc<Record>) -> Ask {
        let mut ask = self.clone();
        ask.put("exception", Attr::Record(exception.class, exception.id));
        ask.records.push(exception.clone());
        ask
    }

    /// What an exception is compared with: the thing that it is about, and the days that it is for.
    pub fn bounds(&self) -> (Option<Id>, Option<i64>) {
        let thing =
            (self.resource.0 == type_name(Class::EconomicResource)).then(|| self.resource.1.parse().ok());
        let days = match self.context.get("days") {
            Some(Attr::Long(days)) => Some(*days),
            _ => None,
        };
        (thing.flatten(), days)
    }

    fn blank(principal: Principal, action: &str, network: NetworkId) -> Ask {
        let agents = match &principal {
            Principal::Agent(id) => vec![*id],
            Principal::Plugin(_) => Vec::new(),
        };
        Ask {
            principal,
            action: action.to_owned(),
            resource: ("Network", network.to_string()),
            context: BTreeMap::new(),
            agents,
            records: Vec::new(),
            decision_of: None,
            made_up: Vec::new(),
        }
    }

    fn put(&mut self, name: &'static str, value: Attr) {
        self.context.insert(name, value);
    }

    fn put_agent(&mut self, name: &'static str, id: Option<Id>) {
        if let Some(id) = id {
            self.put(name, Attr::Agent(id));
            self.agents.push(id);
        }
    }

    fn about_record(&mut self, record: &Arc<Record>) {
        self.resource = (type_name(record.class), record.id.to_string());
        if record.class.is_agent() { self.agents.push(record.id) } else { self.records.push(record.clone()) }
    }

    fn economic(&mut self, view: &View, scene: Scene, act: &Act) -> Result<(), Stop> {
        match act {
            Act::Record { event, resource } => self.event(view, event, (resource.is_some(), false)),
            Act::Report { class: Class::EconomicEvent, fields } => self.event(view, fields, (false, true)),
            Act::Report { class: Class::Commitment, fields } => self.promise(fields, true),
            Act::Report { class, .. } => {
                self.put("class", Attr::Text(class.as_str().to_owned()));
                Ok(())
            }
            Act::State { .. } => {
                "report".clone_into(&mut self.action);
                self.put("class", Attr::Text(Class::EconomicResource.as_str().to_owned()));
                Ok(())
            }
            Act::Define { class, .. } => {
                self.put("class", Attr::Text(class.as_str().to_owned()));
                Ok(())
            }
            Act::Publish { proposal, intents } => {
                self.put("purpose", Attr::Text(proposal.text(Prop::Purpose).unwrap_or_default().to_owned()));
                let first = intents.first();
                self.put_agent("provider", first.and_then(|intent| intent.id(Prop::Provider)));
                self.put_agent("receiver", first.and_then(|intent| intent.id(Prop::Receiver)));
                match first.and_then(|intent| intent.id(Prop::ResourceInventoriedAs)) {
                    Some(thing) => {
                        self.about_id(view, Prop::ResourceInventoriedAs, thing, Class::EconomicResource)
                    }
                    None => Ok(()),
                }
            }
            Act::Accept { intent, receiver, until, .. } => {
                "borrow".clone_into(&mut self.action);
                let offer = existing(view, Prop::Satisfies, *intent, Class::Intent)?;
                let days = until.0.saturating_sub(scene.now.0).max(0);
                let days = days.div_euclid(Instant::DAY_US) + i64::from(days.rem_euclid(Instant::DAY_US) > 0);
                self.put("days", Attr::Long(days));
                self.put_agent("provider", offer.fields.id(Prop::Provider));
                self.put_agent("receiver", Some(*receiver));
                match offer.fields.id(Prop::ResourceInventoriedAs) {
                    Some(thing) => {
                        self.about_id(view, Prop::ResourceInventoriedAs, thing, Class::EconomicResource)
                    }
                    None => Err(Refusal::BadOffer("this offers no single thing that could be lent").into()),
                }
            }
            Act::Allocate { .. } => Ok(()),
            Act::Withdraw { agreement } => self.about_id(view, Prop::ClauseOf, *agreement, Class::Agreement),
            Act::Commit { fields } => self.promise(fields, false),
            Act::Claim { fields } => {
                let action = fields.action().map(|action| action.to_string()).unwrap_or_default();
                self.put("action", Attr::Text(action));
                self.put_agent("provider", fields.id(Prop::Provider));
                self.put_agent("receiver", fields.id(Prop::Receiver));
                if let Some(event) = fields.id(Prop::TriggeredBy) {
                    let event = existing(view, Prop::TriggeredBy, event, Class::EconomicEvent)?;
                    self.put("triggeredBy", Attr::Record(event.class, event.id));
                    self.records.push(event);
                }
                Ok(())
            }
            Act::Revise { class, record, fields, clear, .. } => {
                let named = fields.iter().map(|(prop, _)| prop).chain(clear.iter().copied());
                self.put("properties", Attr::Texts(named.map(|prop| prop.as_str().to_owned()).collect()));
                self.about_id(view, Prop::Corrects, *record, *class)
            }
            Act::Waive { commitment, .. } | Act::FallDue { commitment, .. } => {
                self.about_id(view, Prop::Fulfills, *commitment, Class::Commitment)
            }
        }
    }

    fn promise(&mut self, fields: &Fields, reported: bool) -> Result<(), Stop> {
        "commit".clone_into(&mut self.action);
        let action = fields.action().map(|action| action.to_string()).unwrap_or_default();
        self.put("action", Attr::Text(action));
        self.put("reported", Attr::Flag(reported));
        self.put_agent("provider", fields.id(Prop::Provider));
        self.put_agent("receiver", fields.id(Prop::Receiver));
        Ok(())
    }

    fn event(&mut self, view: &View, event: &Fields, (creates, reported): (bool, bool)) -> Result<(), Stop> {
        if let Some(action) = event.action() {
            action.as_str().clone_into(&mut self.action);
        }
        self.put("creates", Attr::Flag(creates));
        self.put("reported", Attr::Flag(reported));
        self.put("fulfills", Attr::Flag(!event.ids(Prop::Fulfills).is_empty()));
        self.put_agent("provider", event.id(Prop::Provider));
        self.put_agent("receiver", event.id(Prop::Receiver));
        let (from, to) = (event.id(Prop::ResourceInventoriedAs), event.id(Prop::ToResourceInventoriedAs));
        if let Some(spec) = event.id(Prop::ResourceConformsTo) {
            let spec = existing(view, Prop::ResourceConformsTo, spec, Class::ResourceSpecification)?;
            self.put("spec", Attr::Record(spec.class, spec.id));
            self.records.push(spec);
        }
        if let (Some(_), Some(to)) = (from, to) {
            let to = existing(view, Prop::ToResourceInventoriedAs, to, Class::EconomicResource)?;
            self.put("to", Attr::Record(to.class, to.id));
            self.records.push(to);
        }
        match from.or(to) {
            Some(thing) => self.about_id(view, Prop::ResourceInventoriedAs, thing, Class::EconomicResource),
            None => Ok(()),
        }
    }

    fn about_id(&mut self, view: &View, prop: Prop, id: Id, class: Class) -> Result<(), Stop> {
        let record = existing(view, prop, id, class)?;
        self.about_record(&record);
        Ok(())
    }

    /// Reads what the named records point at: specifications of things, memberships of agents.
    fn close(mut self, view: &View, scene: Scene) -> Result<Ask, Stop> {
        if let Some(delegation) = scene.via.delegation() {
            let delegation = existing(view, Prop::Delegate, delegation, Class::Delegation)?;
            self.put("delegation", Attr::Record(delegation.class, delegation.id));
            self.records.push(delegation);
        }
        self.agents.sort();
        self.agents.dedup();
        let mut keys: Vec<Key> = Vec::new();
        for agent in &self.agents {
            keys.extend([Key::Record(*agent), Key::Linked(membership::link(*agent))]);
        }
        let specs: Vec<Id> =
            self.records.iter().filter_map(|record| record.fields.id(Prop::ConformsTo)).collect();
        keys.extend(specs.iter().map(|id| Key::Record(*id)));
        view.require(&keys)?;
        for spec in specs {
            self.records.extend(view.record(spec)?);
        }
        // Everything the entities are made of counts as read.
        for agent in &self.agents {
            if view.record(*agent)?.is_none() {
                return Err(Refusal::Dangling { prop: Prop::Member.as_str(), id: *agent }.into());
            }
            membership::of(view, *agent)?;
        }
        Ok(self)
    }

    /// The Cedar request and the entities beside it.
    pub(crate) fn request(
        &self,
        view: &View,
        scene: Scene,
        facts: &[(FactGroup, Vec<FactValue>)],
    ) -> Result<(Request, Vec<Entity>), BookError> {
        let engine = |error: &dyn std::fmt::Display| BookError::Engine(error.to_string());
        let mut entities = vec![
            Entity::new(
                uid("Network", &scene.network.to_string())?,
                HashMap::from([("sandbox".to_owned(), RestrictedExpression::new_bool(scene.sandbox))]),
                HashSet::new(),
            )
            .map_err(|error| engine(&error))?,
        ];
        for agent in &self.agents {
            entities.push(agent_entity(view, *agent)?);
        }
        entities.extend(self.made_up.iter().cloned());
        let mut seen = HashSet::new();
        for record in self.records.iter().filter(|record| seen.insert(record.id)) {
            entities.push(record_entity(record)?);
        }
        if let Some(agent) = self.decision_of {
            let agent = RestrictedExpression::new_entity_uid(agent_uid(agent)?);
            let attributes = HashMap::from([("agent".to_owned(), agent)]);
            let uid = uid(self.resource.0, &self.resource.1)?;
            entities.push(Entity::new(uid, attributes, HashSet::new()).map_err(|error| engine(&error))?);
        }
        let mut context = vec![
            ("now".to_owned(), datetime(scene.now)),
            ("via".to_owned(), RestrictedExpression::new_string(scene.via.as_str().to_owned())),
            ("signedBy".to_owned(), RestrictedExpression::new_string(scene.signed_by.as_str().to_owned())),
            ("act".to_owned(), RestrictedExpression::new_string(self.action.clone())),
        ];
        for (name, value) in &self.context {
            context.push(((*name).to_owned(), attr(value)?));
        }
        for (group, values) in facts {
            let entity = fact_entity(group, values)?;
            context.push((group.context_name(), RestrictedExpression::new_entity_uid(entity.uid())));
            entities.push(entity);
        }
        let principal = match &self.principal {
            Principal::Agent(id) => agent_uid(*id)?,
            Principal::Plugin(name) => uid("Plugin", name)?,
        };
        let context = Context::from_pairs(context).map_err(|error| engine(&error))?;
        let request = Request::new(
            principal,
            uid("Action", &self.action)?,
            uid(self.resource.0, &self.resource.1)?,
            context,
            None,
        )
        .map_err(|error| engine(&error))?;
        Ok((request, entities))
    }
}

fn existing(view: &View, prop: Prop, id: Id, class: Class) -> Result<Arc<Record>, Stop> {
    match view.record(id)? {
        Some(record) if record.class == class => Ok(record),
        Some(record) => Err(Refusal::WrongClass { prop: prop.as_str(), found: record.class.as_str() }.into()),
        None => Err(Refusal::Dangling { prop: prop.as_str(), id }.into()),
    }
}

/// Type names are parsed once: from text they cost five times as much.
static TYPES: LazyLock<HashMap<&'static str, EntityTypeName>> = LazyLock::new(|| {
    Class::ALL
        .iter()
        .map(|class| type_name(*class))
        .chain(["Action", "Agent", "Role", "Plugin", "Network", "Decision"])
        .filter_map(|name| Some((name, EntityTypeName::from_str(name).ok()?)))
        .collect()
});

pub(crate) fn uid(kind: &str, id: &str) -> Result<EntityUid, BookError> {
    let kind = match TYPES.get(kind) {
        Some(kind) => kind.clone(),
        None => EntityTypeName::from_str(kind).map_err(|error| BookError::Engine(error.to_string()))?,
    };
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

pub(crate) fn agent_uid(id: Id) -> Result<EntityUid, BookError> {
    uid("Agent", &id.to_string())
}

fn attr(value: &Attr) -> Result<RestrictedExpression, BookError> {
    Ok(match value {
        Attr::Text(text) => RestrictedExpression::new_string(text.clone()),
        Attr::Texts(texts) => strings(texts),
        Attr::Long(n) => RestrictedExpression::new_long(*n),
        Attr::Flag(flag) => RestrictedExpression::new_bool(*flag),
        Attr::Instant(at) => datetime(*at),
        Attr::Agent(id) => RestrictedExpression::new_entity_uid(agent_uid(*id)?),
        Attr::Agents(ids) => {
            let uids = ids.iter().map(|id| agent_uid(*id).map(RestrictedExpression::new_entity_uid));
            RestrictedExpression::new_set(uids.collect::<Result<Vec<_>, _>>()?)
        }
        Attr::Record(class, id) => {
            RestrictedExpression::new_entity_uid(uid(type_name(*class), &id.to_string())?)
        }
    })
}

pub(crate) fn strings(texts: &[String]) -> RestrictedExpression {
    RestrictedExpression::new_set(texts.iter().map(|text| RestrictedExpression::new_string(text.clone())))
}
