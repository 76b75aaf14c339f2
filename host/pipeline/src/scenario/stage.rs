//! Where a scenario is played: a network in memory, founded for it alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use governance::keys::Held;
use governance::{AmendAct, AnyAct, Command, GoverningAct, membership};
use journal::{Digest, signature};
use ledger::{Act, Link};
use policy::{RuleBook, SignedBy, Via};
use serde_json::Value as Json;
use valueflows::{
    Action, Class, Decimal, Fields, Id, Instant, Measure, Prop, Quantity, Record, Said, Value, said,
};

use super::{Given, Scenario, Step};
use crate::error::Rejection;
use crate::loans;
use crate::plugins::Memo;
use crate::rules::Rules;
use crate::simulation::{Simulated, Simulation};

/// The stewards that every scenario begins with.
const STEWARDS: [&str; 2] = ["Ines", "Jonas"];
/// Where somebody asks to join.
const DOOR: &str = "the door";
/// When every scenario begins: an ordinary Monday.
const BEGINS: Instant = Instant(1_767_600_000_000_000);

/// The founding of every scenario's network.
pub(super) struct Opening {
    command: Command,
    network: Id,
    /// The units that it writes down.
    pub units: HashMap<String, (Id, u8)>,
}

pub(super) fn opening(book: &RuleBook) -> Result<Opening, Rejection> {
    let network = Id::of_iri("urn:reflow:scenario");
    let id = command_id(0);
    let units = book.units.iter().zip(1u32..);
    let units =
        units.map(|(unit, n)| (unit.label.clone(), (Id::record(network, id, n), unit.decimals))).collect();
    let act = GoverningAct::Found {
        name: "the network".to_owned(),
        book: book.to_json()?,
        stewards: STEWARDS.map(str::to_owned).to_vec(),
        sandbox: true,
    };
    let command = Command::new(id, Id::default(), vec![AnyAct::Governing(act)]);
    Ok(Opening { command, network, units })
}

/// Ids of commands, one after the other.
fn command_id(n: u64) -> Id {
    let ms = u64::try_from(BEGINS.0 / 1_000).unwrap_or_default();
    let digest = Digest::of(&[b"reflow scenario\0", &n.to_be_bytes()]);
    let mut random = [0; 16];
    random.iter_mut().zip(digest.0).for_each(|(to, from)| *to = from);
    Id::v7(ms + n, random)
}

pub(super) struct Stage {
    simulation: Simulation,
    units: HashMap<String, (Id, u8)>,
    /// People, things and units by name.
    names: BTreeMap<String, Id>,
    network: Id,
    now: Instant,
    commands: u64,
    /// The policies that settled anything.
    pub settled: BTreeSet<String>,
}

fn wrong(problem: impl Into<String>) -> Rejection {
    Rejection::Rules(format!("a scenario: {}", problem.into()))
}

impl Stage {
    pub fn set(opening: &Opening, rules: Arc<Rules>, memo: Arc<Memo>) -> Result<Stage, Rejection> {
        let mut simulation = Simulation::new(rules, memo, opening.network, true);
        let founded = simulation.send(&opening.command, Via::Console, BEGINS)?;
        let mut names: BTreeMap<String, Id> =
            opening.units.iter().map(|(label, (id, _))| (label.clone(), *id)).collect();
        let people = founded.made.iter().filter(|record| record.class == Class::Person);
        names.extend(STEWARDS.iter().map(|name| (*name).to_owned()).zip(people.map(|record| record.id)));
        let own = founded.made.first().map(|record| record.id).unwrap_or_default();
        names.insert("the network".to_owned(), own);
        Ok(Stage {
            simulation,
            units: opening.units.clone(),
            names,
            network: own,
            now: BEGINS,
            commands: 1,
            settled: BTreeSet::new(),
        })
    }

    /// Plays it; the first step that came out differently, and how.
    pub fn play(&mut self, scenario: &Scenario) -> Result<Option<(usize, Said)>, Rejection> {
        for given in &scenario.given {
            self.give(given)?;
        }
        for (n, step) in scenario.steps.iter().enumerate() {
            if let Some(problem) = self.step(step)? {
                return Ok(Some((n + 1, problem)));
            }
        }
        Ok(None)
    }

    fn named(&self, name: &str) -> Result<Id, Rejection> {
        // Whom a case goes to follows from the rules; a scenario need not know.
        if let Some(case) = name.strip_suffix("'s assignee") {
            let case = self.simulation.record(self.named(case)?);
            let assignee = case.and_then(|case| case.fields.id(Prop::Assignee));
            return assignee.ok_or_else(|| wrong(format!("nobody looks into `{name}`")));
        }
        self.names.get(name).copied().ok_or_else(|| wrong(format!("nobody and nothing is called `{name}`")))
    }

    fn send(&mut self, agent: Id, acts: Vec<AnyAct>, via: Via) -> Result<Simulated, Rejection> {
        self.simulation.until(self.now)?;
        let command = Command::new(command_id(self.commands), agent, acts);
        self.commands += 1;
        let simulated = self.simulation.send(&command, via, self.now)?;
        self.settled.extend(simulated.policies.iter().cloned());
        Ok(simulated)
    }

    /// Writes down what is there, whoever may write it.
    fn write(&mut self, agent: Id, act: AnyAct, class: Class) -> Result<Id, Rejection> {
        let simulated = self.send(agent, vec![act], Via::Clock)?;
        simulated
            .decision
            .map_err(|refused| wrong(format!("what is given makes no sense: {}", refused.sentence)))?;
        let made = simulated.made.iter().find(|record| record.class == class);
        made.map(|record| record.id).ok_or_else(|| wrong(format!("no {} was written down", class.as_str())))
    }

    fn give(&mut self, given: &Given) -> Result<(), Rejection> {
        let steward = self.named(STEWARDS[0])?;
        if let Some(name) = &given.member {
            let act = GoverningAct::Admit { name: name.clone(), roles: given.roles.clone(), place: None };
            let person = self.write(steward, AnyAct::Governing(act), Class::Person)?;
            self.names.insert(name.clone(), person);
            for training in &given.training {
                let act = GoverningAct::Train { member: person, training: training.clone() };
                self.write(steward, AnyAct::Governing(act), Class::Membership)?;
            }
        }
        if let Some(name) = &given.thing {
            self.thing(name, given)?;
        }
        Ok(())
    }

    fn thing(&mut self, name: &str, given: &Given) -> Result<(), Rejection> {
        let steward = self.named(STEWARDS[0])?;
        let owner = given.owner.as_ref().map_or(Ok(self.network), |owner| self.named(owner))?;
        let unit = self.units.get("piece").ok_or_else(|| wrong("things are counted in `piece`"))?.0;
        let one = || Value::Measure(Measure { value: Decimal::new(1, 0), unit });
        let mut spec = Fields::new().with(Prop::Name, Value::Text(name.to_owned()));
        if !given.needs.is_empty() {
            spec.set(Prop::RequiresTraining, Value::Texts(given.needs.clone()));
        }
        if given.dangerous {
            spec.set(Prop::ResourceClassifiedAs, Value::Texts(vec!["dangerous".to_owned()]));
        }
        let act = AnyAct::Economic(Act::Define { class: Class::ResourceSpecification, fields: spec });
        let spec = self.write(steward, act, Class::ResourceSpecification)?;
        let resource = Fields::new()
            .with(Prop::Name, Value::Text(name.to_owned()))
            .with(Prop::ConformsTo, Value::Ref(spec));
        let event = loans::event(Action::Raise, owner, owner, one());
        let act = AnyAct::Economic(Act::Record { event, resource: Some(resource) });
        let thing = self.write(steward, act, Class::EconomicResource)?;
        let intent = Fields::new()
            .with(Prop::Action, Value::Action(Action::TransferCustody))
            .with(Prop::Provider, Value::Ref(owner))
            .with(Prop::ResourceInventoriedAs, Value::Ref(thing))
            .with(Prop::ResourceQuantity, one());
        let proposal = Fields::new()
            .with(Prop::Name, Value::Text(name.to_owned()))
            .with(Prop::Purpose, Value::Text("offer".to_owned()));
        let act = AnyAct::Economic(Act::Publish { proposal, intents: vec![intent] });
        self.write(steward, act, Class::Intent)?;
        self.names.insert(name.to_owned(), thing);
        Ok(())
    }

    /// One step; what came out differently.
    fn step(&mut self, step: &Step) -> Result<Option<Said>, Rejection> {
        if let Some(days) = step.wait_days {
            self.now = self.now.plus_us(days.saturating_mul(Instant::DAY_US));
            self.simulation.until(self.now)?;
        }
        let acts = self.acts(step)?;
        if let Some(acts) = acts {
            let who = step.r#as.as_deref().ok_or_else(|| wrong("a step says who does it: `as`"))?;
            // Whoever asks to join is nobody yet: the network asks for them.
            let (who, via) = if who == DOOR { ("the network", Via::Door) } else { (who, Via::Session) };
            self.simulation.signed_by = signed_by(step)?;
            let simulated = self.send(self.named(who)?, acts, via)?;
            self.simulation.signed_by = SignedBy::Node;
            if let Some(problem) = came_of(step, &simulated) {
                return Ok(Some(problem));
            }
            if let Some(name) = &step.makes {
                let made = main_record(&simulated.made)
                    .ok_or_else(|| wrong(format!("nothing that could be `{name}`")))?;
                self.names.insert(name.clone(), made);
                let asked = simulated.made.iter().find(|record| record.class == Class::Application);
                if let Some(application) = asked {
                    self.names.insert(format!("{name}'s application"), application.id);
                }
            }
            if let Some(problem) = step.costs.as_ref().and_then(|costs| self.cost(costs, &simulated)) {
                return Ok(Some(problem));
            }
        }
        self.is_the_case(step)
    }

    /// What somebody does in a step, if anybody does anything.
    fn acts(&self, step: &Step) -> Result<Option<Vec<AnyAct>>, Rejection> {
        if let Some(thing) = &step.borrow {
            let receiver = step.r#for.as_ref().or(step.r#as.as_ref());
            let receiver = self.named(receiver.map(String::as_str).unwrap_or_default())?;
            let until = self.now.plus_us(step.days.unwrap_or(7).saturating_mul(Instant::DAY_US));
            let intent = self.pointing(Class::Intent, self.named(thing)?).map(|intent| intent.id);
            let intent = intent.ok_or_else(|| wrong(format!("nobody offers `{thing}`")))?;
            let act = Act::Accept { intent, receiver, until, quote: None };
            return Ok(Some(vec![AnyAct::Economic(act)]));
        }
        for (named, acts) in [
            (&step.hand_over, loans::handing_over as fn(&[Arc<Record>], Id, &HashMap<Id, u8>) -> Vec<AnyAct>),
            (&step.take_back, loans::taking_back),
        ] {
            if let Some(thing) = named {
                let agreement = self.agreement(thing)?;
                return Ok(Some(acts(&self.promises(agreement), agreement, &self.decimals())));
            }
        }
        if let Some(thing) = &step.call_off {
            let agreement = self.agreement(thing)?;
            return Ok(Some(vec![AnyAct::Economic(Act::Withdraw { agreement })]));
        }
        if let Some(member) = &step.pay_for {
            let owed = self.owed(self.named(member)?);
            let decimals = self.decimals();
            return Ok(Some(owed.iter().filter_map(|promise| loans::paying(promise, &decimals)).collect()));
        }
        if let Some(member) = &step.waive_for {
            let owed = self.owed(self.named(member)?);
            let waive = |promise: &Arc<Record>| {
                AnyAct::Economic(Act::Waive { commitment: promise.id, reason: "let go".to_owned() })
            };
            return Ok(Some(owed.iter().map(waive).collect()));
        }
        if step.sets.is_some() || step.drops_rule.is_some() {
            let book = self.changed_rules(step)?;
            let title = "a rule change".to_owned();
            let draft = AmendAct::Draft {
                title,
                note: String::new(),
                book: Some(book),
                effects: Vec::new(),
                instead_of: None,
            };
            return Ok(Some(vec![AnyAct::Governing(GoverningAct::Amend(draft))]));
        }
        match &step.act {
            None => Ok(None),
            Some(json) => {
                let act = AnyAct::from_json(&self.resolved(json)?).map_err(|bad| wrong(bad.to_string()))?;
                Ok(Some(vec![act]))
            }
        }
    }

    /// The rules in force with other settings, or without a rule.
    fn changed_rules(&self, step: &Step) -> Result<Json, Rejection> {
        let mut book = self.simulation.rules().compiled.book.clone();
        for (place, value) in step.sets.iter().flatten() {
            let (plugin, setting) =
                place.split_once('.').ok_or_else(|| wrong("`sets` names plugin.setting"))?;
            let binding = book.bindings.iter_mut().find(|binding| binding.plugin == plugin);
            let settings = binding.and_then(|binding| binding.settings.as_object_mut());
            let known = settings.and_then(|settings| settings.get_mut(setting));
            *known.ok_or_else(|| wrong(format!("there is no setting `{place}`")))? = value.clone();
        }
        if let Some(id) = &step.drops_rule {
            book.policies.retain(|policy| policy.id != *id);
        }
        Ok(book.to_json()?)
    }

    /// An act with ids where it has names: `$Amara` is whoever is called that.
    fn resolved(&self, json: &Json) -> Result<Json, Rejection> {
        Ok(match json {
            Json::String(text) => match text.strip_prefix('$') {
                Some(days) if days.starts_with("day+") => {
                    let days: i64 =
                        days.trim_start_matches("day+").parse().map_err(|_| wrong("`$day+3` is a time"))?;
                    Json::from(self.now.plus_us(days.saturating_mul(Instant::DAY_US)).0)
                }
                Some(name) => match made_up_key(name) {
                    Some(key) => Json::from(key),
                    None => Json::from(self.named(name)?.to_string()),
                },
                None => json.clone(),
            },
            Json::Array(list) => list.iter().map(|one| self.resolved(one)).collect::<Result<_, _>>()?,
            Json::Object(map) => {
                let members = map.iter().map(|(name, value)| Ok((name.clone(), self.resolved(value)?)));
                Json::Object(members.collect::<Result<_, Rejection>>()?)
            }
            plain => plain.clone(),
        })
    }

    fn decimals(&self) -> HashMap<Id, u8> {
        self.units.values().copied().collect()
    }

    fn pointing(&self, class: Class, thing: Id) -> Option<Arc<Record>> {
        let link = Link { class, prop: Prop::ResourceInventoriedAs, target: thing, open: true };
        self.simulation.linked(link).into_iter().next_back()
    }

    fn agreement(&self, thing: &str) -> Result<Id, Rejection> {
        let agreement = self.pointing(Class::Agreement, self.named(thing)?);
        agreement.map(|one| one.id).ok_or_else(|| wrong(format!("`{thing}` is lent to nobody")))
    }

    fn promises(&self, agreement: Id) -> Vec<Arc<Record>> {
        let link = |prop| Link { class: Class::Commitment, prop, target: agreement, open: false };
        [Prop::ClauseOf, Prop::ReciprocalClauseOf]
            .into_iter()
            .flat_map(|prop| self.simulation.linked(link(prop)))
            .collect()
    }

    /// Open promises to pay.
    fn owed(&self, by: Id) -> Vec<Arc<Record>> {
        let link = Link { class: Class::Commitment, prop: Prop::Provider, target: by, open: true };
        let pays = |promise: &Arc<Record>| {
            promise.fields.action().is_some_and(|action| action.as_str() == "transfer")
        };
        self.simulation.linked(link).into_iter().filter(pays).collect()
    }

    fn shown(&self, quantity: Quantity) -> String {
        let unit = self.units.iter().find(|(_, (id, _))| *id == quantity.unit);
        unit.map_or_else(
            || quantity.amount.to_string(),
            |(label, (_, decimals))| format!("{} {label}", quantity.decimal(*decimals)),
        )
    }

    fn cost(&self, costs: &BTreeMap<String, String>, simulated: &Simulated) -> Option<Said> {
        let agreement = simulated.made.iter().find(|record| record.class == Class::Agreement)?;
        let terms: BTreeMap<String, String> = agreement
            .fields
            .terms()
            .iter()
            .map(|term| (term.code.clone(), self.shown(term.quantity)))
            .collect();
        let differs = costs.iter().find(|(code, amount)| terms.get(*code) != Some(amount));
        differs.map(|(code, amount)| {
            let found = terms.get(code).map_or("nothing", String::as_str);
            said!("costs", "`{}` is {}, and should be {}", code, found, amount)
        })
    }

    /// Whether what a step says is the case.
    fn is_the_case(&self, step: &Step) -> Result<Option<Said>, Rejection> {
        if let Some(name) = &step.owes {
            let mut sums: BTreeMap<Id, i64> = BTreeMap::new();
            for promise in self.owed(self.named(name)?) {
                if let Some(quantity) = promise.fields.quantity(Prop::ResourceQuantity) {
                    *sums.entry(quantity.unit).or_default() += quantity.amount;
                }
            }
            let owed: Vec<String> =
                sums.into_iter().map(|(unit, amount)| self.shown(Quantity { amount, unit })).collect();
            let owed = if owed.is_empty() { "nothing".to_owned() } else { owed.join(" and ") };
            let wanted = step.amount.as_deref().unwrap_or("nothing");
            if owed != wanted {
                return Ok(Some(said!("owes", "{} owes {}, and should owe {}", name, owed, wanted)));
            }
        }
        if let (Some(name), Some(thing)) = (&step.holds, &step.thing) {
            let holder =
                self.simulation.record(self.named(thing)?).and_then(|one| one.fields.id(Prop::Custodian));
            if holder != Some(self.named(name)?) {
                return Ok(Some(said!("lacks", "{} does not have `{}`, and should", name, thing)));
            }
        }
        for (what, wanted) in [(&step.sees, true), (&step.sees_not, false)] {
            let (Some(name), Some(what)) = (&step.r#as, what) else { continue };
            let record = self.simulation.record(self.named(what)?);
            let record = record.ok_or_else(|| wrong(format!("`{what}` is not there any more")))?;
            if self.simulation.sees(self.named(name)?, &record, self.now)? != wanted {
                return Ok(Some(match wanted {
                    true => said!("sees-not", "{} does not see `{}`, and should", name, what),
                    false => said!("sees", "{} sees `{}`, and should not", name, what),
                }));
            }
        }
        for (who, wanted) in [(&step.has, true), (&step.has_not, false)] {
            let (Some(name), Some(role)) = (who, &step.role) else { continue };
            let membership = self.simulation.linked(membership::link(self.named(name)?)).into_iter().next();
            let has = membership.is_some_and(|one| membership::roles(&one).contains(role));
            if has != wanted {
                return Ok(Some(match wanted {
                    true => said!("no-role", "{} has not the role `{}`, and should", name, role),
                    false => said!("role", "{} has the role `{}`, and should not", name, role),
                }));
            }
        }
        Ok(None)
    }
}

/// The record that an act is about making: the thing of an event, the person of an admission.
fn main_record(made: &[Record]) -> Option<Id> {
    let of = |class: Class| made.iter().find(move |record| record.class == class);
    let first = [Class::EconomicResource, Class::Person, Class::Amendment].into_iter().find_map(of);
    first.or(made.first()).map(|record| record.id)
}

/// What came out differently than a step says.
fn came_of(step: &Step, simulated: &Simulated) -> Option<Said> {
    match (&step.refused, &simulated.decision) {
        (None, Ok(())) => None,
        (None, Err(refused)) => {
            let mut said = said!("refused", "it was refused ({}): {}", refused.code, refused.sentence);
            // By which rule: it has its own words in other languages.
            said.with.extend(refused.reasons.first().map(|reason| reason.policy.clone()));
            Some(said)
        }
        (Some(by), Ok(())) => Some(said!("permitted", "it was permitted, and should be refused by `{}`", by)),
        (Some(by), Err(refused)) => {
            let named = refused.code == *by || refused.reasons.iter().any(|reason| reason.policy == *by);
            (!named).then(|| {
                let reasons: Vec<&str> = refused.reasons.iter().map(|reason| &*reason.policy).collect();
                let by_whom = if reasons.is_empty() { "no rule".to_owned() } else { reasons.join(", ") };
                said!(
                    "refused-by",
                    "it was refused by {} ({}), and should be by `{}`",
                    by_whom,
                    refused.code,
                    by
                )
            })
        }
    }
}

/// By whose key a step is taken to be signed.
fn signed_by(step: &Step) -> Result<SignedBy, Rejection> {
    match &step.signed {
        None => Ok(SignedBy::Node),
        Some(held) => Held::parse(held)
            .map(SignedBy::from)
            .ok_or_else(|| wrong("a step is signed with a key that is held `own` or in a `browser`")),
    }
}

/// The key that `$key 3` stands for, or what `$digest 3` says of it: nobody has its secret half.
fn made_up_key(name: &str) -> Option<String> {
    let (what, n) = name.split_once(' ')?;
    let n: u8 = n.parse().ok()?;
    let key = signature::multikey(&[n; 32]);
    match what {
        "key" => Some(key),
        "digest" => Some(signature::digest_of_key(&key)),
        _ => None,
    }
}
