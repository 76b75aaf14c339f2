//! Exceptions: one act, permitted once to one member although a rule is against it.
//!
//! Somebody whom the rules let says so, with a reason, a limit and an end. What stands in the way may be one of the
//! network's own rules that forbid something; then that rule is not asked for this one act. Where nothing permits
//! the act at all, the rules may have a rule of their own that reads the exception. The constitution is never
//! excepted from, and neither is whatever changes rules or memberships.
//!
//! It is used up by the first act that needs it: one that is permitted anyway leaves it standing.

use std::sync::Arc;

use ledger::act::Reader;
use ledger::{Circumstances, Key, Link, Missing, Outcome, Refusal, Stop, View};
use serde_json::{Map, Value as Json, json};
use valueflows::{BadValue, Class, Fields, Id, Instant, Measure, Part, Prop, Quantity, Record, Value};

use crate::decide::{check_name, refuse};
use crate::limits::{EXCEPTION_US_MAX, EXCEPTIONS_MAX};
use crate::membership;

/// One act about exceptions.
#[derive(Debug, Clone, PartialEq)]
pub enum ExceptionAct {
    /// Somebody is let do something once.
    Grant(Box<Grant>),
    /// It is taken back before it was used.
    Withdraw {
        /// The exception.
        exception: Id,
    },
}

/// What is permitted, to whom, and within which bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// Who may.
    pub member: Id,
    /// What, by the name of its CedarAction.
    pub act: String,
    /// The rule that is not asked this once, if one stands in the way.
    pub rule: Option<String>,
    /// The thing that it is about; anything, if none is named.
    pub thing: Option<Id>,
    /// For how many days at most, where the act is about days.
    pub days: Option<i64>,
    /// How much at most, where it is about an amount.
    pub most: Option<Measure>,
    /// Until when.
    pub until: Instant,
    /// The case that it comes of.
    pub case: Option<Id>,
    /// Why (personal part).
    pub reason: String,
}

const NAMES: [&str; 2] = ["grantException", "withdrawException"];

impl ExceptionAct {
    /// The name under which the act is written.
    pub fn name(&self) -> &'static str {
        match self {
            ExceptionAct::Grant(_) => "grantException",
            ExceptionAct::Withdraw { .. } => "withdrawException",
        }
    }

    pub(crate) fn parts(&self) -> (Json, Json) {
        match self {
            ExceptionAct::Withdraw { exception } => (json!({"exception": exception}), json!({})),
            ExceptionAct::Grant(grant) => {
                let mut fields = Fields::new();
                if let Some(most) = &grant.most {
                    fields.set(Prop::ResourceQuantity, Value::Measure(*most));
                }
                if let Some(thing) = grant.thing {
                    fields.set(Prop::ResourceInventoriedAs, Value::Ref(thing));
                }
                if let Some(days) = grant.days {
                    fields.set(Prop::Days, Value::Integer(days));
                }
                if let Some(case) = grant.case {
                    fields.set(Prop::Concerns, Value::Ref(case));
                }
                let mut books = fields.to_json(Class::Exception, Part::Books);
                if let Json::Object(map) = &mut books {
                    map.insert("member".into(), json!(grant.member));
                    map.insert("permits".into(), json!(grant.act));
                    map.insert("hasEnd".into(), json!(grant.until.0));
                    if let Some(rule) = &grant.rule {
                        map.insert("rule".into(), json!(rule));
                    }
                }
                (books, json!({"reason": grant.reason}))
            }
        }
    }

    /// Reads an act; none where the name is no name of one of these.
    pub(crate) fn from_json(name: &str, map: &Map<String, Json>) -> Option<Result<ExceptionAct, BadValue>> {
        NAMES.contains(&name).then(|| ExceptionAct::read(name, map))
    }

    fn read(name: &str, map: &Map<String, Json>) -> Result<ExceptionAct, BadValue> {
        let read = Reader(map);
        if name == "withdrawException" {
            read.only(&["exception"])?;
            return Ok(ExceptionAct::Withdraw { exception: read.id("exception")? });
        }
        let own = ["resourceInventoriedAs", "days", "resourceQuantity", "concerns"];
        read.only(&[&["member", "permits", "rule", "hasEnd", "reason"][..], &own[..]].concat())?;
        let named =
            |name: &'static str| map.get(name).map(|_| read.text(name).map(str::to_owned)).transpose();
        let bounds = map.iter().filter(|(name, _)| own.contains(&name.as_str()));
        let bounds: Map<_, _> = bounds.map(|(name, value)| (name.clone(), value.clone())).collect();
        let bounds = Fields::from_json(Class::Exception, &bounds)?;
        let most = match bounds.get(Prop::ResourceQuantity) {
            Some(Value::Measure(most)) => Some(*most),
            _ => None,
        };
        Ok(ExceptionAct::Grant(Box::new(Grant {
            member: read.id("member")?,
            act: read.text("permits")?.to_owned(),
            rule: named("rule")?,
            thing: bounds.id(Prop::ResourceInventoriedAs),
            days: bounds.integer(Prop::Days),
            most,
            until: Instant(read.integer("hasEnd")?),
            case: bounds.id(Prop::Concerns),
            reason: named("reason")?.unwrap_or_default(),
        })))
    }
}

/// The question whose answer are the exceptions that somebody has and has not used.
pub fn link(member: Id) -> Link {
    Link { class: Class::Exception, prop: Prop::Member, target: member, open: true }
}

/// An act that could need an exception.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Who.
    pub agent: Id,
    /// What, by the name of its CedarAction.
    pub act: &'a str,
    /// About which thing.
    pub thing: Option<Id>,
    /// For how many days.
    pub days: Option<i64>,
    /// How much.
    pub amount: Option<&'a Measure>,
    /// When.
    pub now: Instant,
}

/// The exceptions that an act could use, those that end first before the others.
pub fn standing(view: &View, wanted: &Wanted<'_>) -> Result<Vec<Arc<Record>>, Stop> {
    let mut found = Vec::new();
    for exception in view.linked(link(wanted.agent))? {
        let fields = &exception.fields;
        let about = fields.id(Prop::ResourceInventoriedAs);
        let fits = fields.instant(Prop::HasEnd).is_some_and(|ends| wanted.now <= ends)
            && fields.texts(Prop::Acts).iter().any(|act| act == wanted.act)
            && (about.is_none() || about == wanted.thing)
            && within_days(fields.integer(Prop::Days), wanted.days)
            && within(view, fields.quantity(Prop::ResourceQuantity), wanted.amount)?;
        if fits {
            found.push(exception);
        }
    }
    found.sort_by_key(|exception| (exception.fields.instant(Prop::HasEnd), exception.id));
    Ok(found)
}

fn within_days(most: Option<i64>, asked: Option<i64>) -> bool {
    most.is_none_or(|most| asked.is_some_and(|asked| asked <= most))
}

fn within(view: &View, most: Option<Quantity>, asked: Option<&Measure>) -> Result<bool, Missing> {
    let Some(most) = most else { return Ok(true) };
    let Some(asked) = asked.filter(|asked| asked.unit == most.unit) else { return Ok(false) };
    Ok(scaled(view, asked)?.is_some_and(|asked| asked.amount <= most.amount))
}

/// A measure in its unit's scale; none where it has more digits than the unit, or the unit is none.
fn scaled(view: &View, measure: &Measure) -> Result<Option<Quantity>, Missing> {
    let Some(unit) = view.record(measure.unit)?.filter(|record| record.class == Class::Unit) else {
        return Ok(None);
    };
    let decimals = unit.fields.integer(Prop::Decimals).and_then(|n| u8::try_from(n).ok());
    let scale = decimals.unwrap_or(valueflows::limits::UNIT_DECIMALS_DEFAULT);
    let amount = measure.value.in_scale(scale).ok();
    Ok(amount.map(|amount| Quantity { amount, unit: measure.unit }))
}

/// The same exception, used up.
pub fn used(exception: &Record) -> Record {
    ended(exception, "used")
}

fn ended(exception: &Record, how: &str) -> Record {
    let mut exception = exception.clone();
    exception.fields.set(Prop::Status, Value::Text(how.to_owned()));
    exception.fields.set(Prop::Finished, Value::Flag(true));
    exception.version += 1;
    exception
}

/// The keys that an act names itself.
pub(crate) fn first_keys(act: &ExceptionAct) -> Vec<Key> {
    match act {
        ExceptionAct::Withdraw { exception } => vec![Key::Record(*exception)],
        ExceptionAct::Grant(grant) => {
            let named = [grant.thing, grant.case, grant.most.as_ref().map(|most| most.unit)];
            let own = [
                Key::Record(grant.member),
                Key::Linked(membership::link(grant.member)),
                Key::Linked(link(grant.member)),
            ];
            own.into_iter().chain(named.into_iter().flatten().map(Key::Record)).collect()
        }
    }
}

pub(crate) fn decide(view: &View, act: &ExceptionAct, with: &mut Circumstances) -> Result<Outcome, Stop> {
    match act {
        ExceptionAct::Grant(grant) => self::grant(view, grant, with),
        ExceptionAct::Withdraw { exception } => {
            let record = view.record(*exception)?.filter(|record| record.class == Class::Exception);
            let record = record.ok_or(Refusal::Dangling { prop: "exception", id: *exception })?;
            match record.is_open() {
                true => Ok(Outcome { records: vec![ended(&record, "withdrawn")], ..Outcome::default() }),
                false => Err(Refusal::Settled.into()),
            }
        }
    }
}

fn grant(view: &View, grant: &Grant, with: &mut Circumstances) -> Result<Outcome, Stop> {
    check_name(&grant.act)?;
    if membership::of(view, grant.member)?.is_none() {
        return Err(refuse("no-member", "exceptions are made for members", "See who its members are."));
    }
    if grant.reason.trim().is_empty() {
        return Err(refuse("no-reason", "whoever makes an exception says why", "Give a reason."));
    }
    if grant.until <= with.now || grant.until > with.now.plus_us(EXCEPTION_US_MAX) {
        return Err(refuse("bad-span", "an exception ends within 30 days", "Say until when."));
    }
    if grant.days.is_some_and(|days| days < 1) {
        return Err(refuse("bad-span", "an exception is for a day at least", "Say for how many days."));
    }
    if view.linked(link(grant.member))?.len() >= EXCEPTIONS_MAX {
        return Err(refuse(
            "too-many-exceptions",
            format!("nobody has more than {EXCEPTIONS_MAX} exceptions at once"),
            "What has to be excepted so often should be another rule: write a rule change down.",
        ));
    }
    for (id, class) in [(grant.thing, Class::EconomicResource), (grant.case, Class::Case)] {
        let Some(id) = id else { continue };
        match view.record(id)? {
            Some(record) if record.class == class => {}
            Some(record) => {
                return Err(Refusal::WrongClass { prop: class.as_str(), found: record.class.as_str() }.into());
            }
            None => return Err(Refusal::Dangling { prop: class.as_str(), id }.into()),
        }
    }
    let mut fields = Fields::new()
        .with(Prop::Member, Value::Ref(grant.member))
        .with(Prop::Acts, Value::Texts(vec![grant.act.clone()]))
        .with(Prop::Author, Value::Ref(with.agent))
        .with(Prop::Reason, Value::Text(grant.reason.clone()))
        .with(Prop::Status, Value::Text("standing".to_owned()))
        .with(Prop::HasBeginning, Value::Instant(with.now))
        .with(Prop::HasEnd, Value::Instant(grant.until));
    if let Some(rule) = &grant.rule {
        fields.set(Prop::Subject, Value::Text(rule.clone()));
    }
    if let Some(thing) = grant.thing {
        fields.set(Prop::ResourceInventoriedAs, Value::Ref(thing));
    }
    if let Some(days) = grant.days {
        fields.set(Prop::Days, Value::Integer(days));
    }
    if let Some(most) = &grant.most {
        let most = scaled(view, most)?.ok_or_else(|| {
            refuse("bad-amount", "that is no amount of a unit of this network", "Say how much at most.")
        })?;
        fields.set(Prop::ResourceQuantity, Value::Quantity(most));
    }
    if let Some(case) = grant.case {
        fields.set(Prop::Concerns, Value::Ref(case));
    }
    let exception = Record::new(with.next_id(), Class::Exception, fields);
    Ok(Outcome {
        deadlines: vec![(grant.until, exception.id)],
        records: vec![exception],
        ..Outcome::default()
    })
}

/// Its time is over: nobody used it.
pub(crate) fn lapse(exception: &Record) -> Outcome {
    match exception.is_open() {
        true => Outcome { records: vec![ended(exception, "expired")], ..Outcome::default() },
        false => Outcome::default(),
    }
}
