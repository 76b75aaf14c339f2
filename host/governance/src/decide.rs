//! `decide` for the acts of governing.

use serde_json::{Value as Json, json};

use ledger::{Circumstances, Key, Outcome, Refusal, Stop, View};
use valueflows::{Class, Fields, Id, Instant, Prop, Record, Value};

use crate::act::{AnyAct, GoverningAct};
use crate::amendment::{self, AmendAct, InForce};
use crate::limits::{ADVANCE_US_MAX, ROLES_MAX, STEWARDS_MAX};
use crate::membership::{self, MEMBER, STEWARD};
use crate::stops;
use crate::{cases, delegation, erasure, exceptions, joining, keys, withholding};

/// Decides one act of either kind, under the rules in force.
pub fn decide(
    view: &View,
    act: &AnyAct,
    with: &mut Circumstances,
    rules: &InForce<'_>,
) -> Result<Outcome, Stop> {
    match act {
        AnyAct::Economic(act) => ledger::decide(view, act, with),
        AnyAct::Governing(act) => match act {
            GoverningAct::Found { name, book, stewards, .. } => found(name, book, stewards, with, rules),
            GoverningAct::FoundNetwork { name, stewards, sandbox, begins, .. } => {
                found_network(name, stewards, *sandbox, *begins, with)
            }
            GoverningAct::AdoptNetwork { name, head, .. } => adopt_network(name, head, with),
            GoverningAct::MoveNetwork { to } => move_network(to),
            GoverningAct::Shelve { plugin, component, .. } => shelve(plugin, component),
            GoverningAct::Admit { name, roles, place } => admit(view, name, roles, *place, with),
            GoverningAct::AdmitAgent { agent, roles } => admit_agent(view, *agent, roles, with),
            GoverningAct::Train { member, training } => train(view, *member, training),
            GoverningAct::Delegate { delegator, delegate, acts, until } => {
                delegation::delegate(view, (*delegator, *delegate), acts, *until, with)
            }
            GoverningAct::Revoke { delegation } => delegation::revoke(view, *delegation),
            GoverningAct::Member(act) => membership::decide(view, act, with),
            GoverningAct::Key(act) => keys::decide(view, act, with),
            GoverningAct::Join(act) => joining::decide(view, act, with, rules.joining),
            GoverningAct::Stop(act) => stops::decide(view, act, with),
            GoverningAct::Withhold(act) => withholding::decide(view, act, with, rules),
            GoverningAct::Except(act) => exceptions::decide(view, act, with),
            GoverningAct::Case(act) => cases::decide(view, act, with, rules.cases),
            GoverningAct::Erase(act) => erasure::decide(view, act),
            GoverningAct::Amend(AmendAct::Lapse { record, .. }) => lapse(view, *record, with, rules),
            GoverningAct::Amend(act) => amendment::decide(view, act, with, rules),
            GoverningAct::AdvanceClock { by_us } => advance(*by_us),
        },
    }
}

/// The keys that an act names itself.
pub fn first_keys(act: &AnyAct) -> Vec<Key> {
    match act {
        AnyAct::Economic(act) => ledger::first_keys(act),
        AnyAct::Governing(
            GoverningAct::Train { member, .. } | GoverningAct::AdmitAgent { agent: member, .. },
        ) => {
            vec![Key::Record(*member), Key::Linked(membership::link(*member))]
        }
        AnyAct::Governing(GoverningAct::Delegate { delegator, delegate, .. }) => [*delegator, *delegate]
            .into_iter()
            .flat_map(|agent| [Key::Record(agent), Key::Linked(membership::link(agent))])
            .collect(),
        AnyAct::Governing(GoverningAct::Revoke { delegation }) => vec![Key::Record(*delegation)],
        AnyAct::Governing(GoverningAct::Admit { place: Some(place), .. }) => vec![Key::Record(*place)],
        AnyAct::Governing(GoverningAct::Member(act)) => membership::first_keys(act),
        AnyAct::Governing(GoverningAct::Key(act)) => keys::first_keys(act),
        AnyAct::Governing(GoverningAct::Join(act)) => joining::first_keys(act),
        AnyAct::Governing(GoverningAct::Stop(act)) => stops::first_keys(act),
        AnyAct::Governing(GoverningAct::Except(act)) => exceptions::first_keys(act),
        AnyAct::Governing(GoverningAct::Case(act)) => cases::first_keys(act),
        AnyAct::Governing(GoverningAct::Erase(act)) => erasure::first_keys(act),
        AnyAct::Governing(GoverningAct::Amend(act)) => amendment::first_keys(act),
        AnyAct::Governing(_) => Vec::new(),
    }
}

fn shape(sentence: &str) -> Stop {
    Stop::Refused(Refusal::Shape(sentence.to_owned()))
}

/// A time that governing has set passes: of an amendment, or of a membership.
fn lapse(view: &View, id: Id, with: &mut Circumstances, rules: &InForce<'_>) -> Result<Outcome, Stop> {
    match view.record(id)? {
        Some(record) if record.class == Class::Membership => {
            let probation = rules.joining.and_then(|joining| joining.probation_role.as_deref());
            Ok(membership::lapse(&record, with.now, probation))
        }
        Some(record) if record.class == Class::Exception => Ok(exceptions::lapse(&record)),
        Some(record) if record.class == Class::Case => cases::lapse(view, &record, with.now, rules.cases),
        Some(record) if record.class == Class::Application => joining::lapse(view, &record, with.now),
        _ => amendment::decide(view, &AmendAct::Lapse { record: id, at: with.now }, with, rules),
    }
}

/// A refusal of governing: code, sentence, remedy.
pub(crate) fn refuse(code: &'static str, sentence: impl Into<String>, remedy: &'static str) -> Stop {
    Stop::Refused(Refusal::Governing { code, sentence: sentence.into(), remedy })
}

pub(crate) fn check_name(name: &str) -> Result<(), Stop> {
    match name.trim().is_empty() || name.len() > 200 {
        true => Err(shape("a name has from 1 to 200 characters")),
        false => Ok(()),
    }
}

fn found(
    name: &str,
    book: &Json,
    stewards: &[String],
    with: &mut Circumstances,
    rules: &InForce<'_>,
) -> Result<Outcome, Stop> {
    check_name(name)?;
    if stewards.is_empty() || stewards.len() > STEWARDS_MAX {
        return Err(shape("a network is founded with one steward at least and 64 at most"));
    }
    let mut records = vec![Record::new(
        with.next_id(),
        Class::Organization,
        Fields::new().with(Prop::Name, Value::Text(name.to_owned())),
    )];
    for unit in book.get("units").and_then(Json::as_array).into_iter().flatten() {
        let text = |name| unit.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let decimals = unit.get("decimals").and_then(Json::as_i64).filter(|n| (0..=9).contains(n));
        let decimals = decimals.ok_or_else(|| shape("a unit has from 0 to 9 decimals"))?;
        let fields = Fields::new()
            .with(Prop::Label, Value::Text(text("label")))
            .with(Prop::Symbol, Value::Text(text("symbol")))
            .with(Prop::Decimals, Value::Integer(decimals));
        records.push(Record::new(with.next_id(), Class::Unit, fields));
    }
    for steward in stewards {
        check_name(steward)?;
        records.extend(person(steward, &[MEMBER.to_owned(), STEWARD.to_owned()], None, with));
    }
    // Books of the first two generations had no record of their own.
    if book.get("semantics").and_then(Json::as_i64).is_some_and(|semantics| semantics >= 3) {
        records.push(founding_book(book, rules, &records, with));
    }
    Ok(Outcome { records, ..Outcome::default() })
}

/// The rules that a network is founded under, as a record like those that come after them.
fn founding_book(book: &Json, rules: &InForce<'_>, made: &[Record], with: &mut Circumstances) -> Record {
    let units = made.iter().filter(|record| record.class == Class::Unit).map(|unit| {
        let fields = &unit.fields;
        json!([fields.text(Prop::Label), unit.id, fields.integer(Prop::Decimals)])
    });
    let name = book.get("name").and_then(Json::as_str).unwrap_or_default();
    let fields = Fields::new()
        .with(Prop::Name, Value::Text(name.to_owned()))
        .with(Prop::Digest, Value::Text(rules.digest.to_owned()))
        .with(Prop::Book, Value::document(book.clone()))
        .with(Prop::Units, Value::document(units.collect()))
        .with(Prop::Created, Value::Instant(with.now))
        .with(Prop::HasBeginning, Value::Instant(with.now));
    Record::new(with.next_id(), Class::RuleBook, fields)
}

/// Founders of anything but a sandbox are two at least, so that no single person can be locked out or
/// lock others out.
fn found_network(
    name: &str,
    stewards: &[String],
    sandbox: bool,
    begins: Option<Instant>,
    with: &mut Circumstances,
) -> Result<Outcome, Stop> {
    check_network_name(name)?;
    if stewards.len() < 2 && !sandbox {
        return Err(shape(
            "a network needs at least two stewards; name another with `--steward`, or try it out with `--sandbox`",
        ));
    }
    if begins.is_some() && !sandbox {
        return Err(shape("only a sandbox's clock begins when its founder says"));
    }
    let fields = Fields::new().with(Prop::Name, Value::Text(name.to_owned()));
    let network = Record::new(with.next_id(), Class::Organization, fields);
    Ok(Outcome { records: vec![network], ..Outcome::default() })
}

/// The node's own books get a record of it, as they do of one that is founded here.
fn adopt_network(name: &str, head: &str, with: &mut Circumstances) -> Result<Outcome, Stop> {
    check_network_name(name)?;
    check_digest(head, "a network arrives with the 64 hexadecimal digits of its newest entry's hash")?;
    let fields = Fields::new().with(Prop::Name, Value::Text(name.to_owned()));
    let network = Record::new(with.next_id(), Class::Organization, fields);
    Ok(Outcome { records: vec![network], ..Outcome::default() })
}

/// Only the fact: what ends the books here is that nothing is taken in any more.
fn move_network(to: &str) -> Result<Outcome, Stop> {
    match to.len() > 200 {
        true => Err(shape("where a network goes is said in at most 200 characters")),
        false => Ok(Outcome::default()),
    }
}

fn check_digest(text: &str, sentence: &str) -> Result<(), Stop> {
    match text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => Ok(()),
        false => Err(shape(sentence)),
    }
}

fn check_network_name(name: &str) -> Result<(), Stop> {
    let fits = !name.is_empty()
        && name.len() <= 63
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !name.starts_with('-');
    match fits {
        true => Ok(()),
        false => Err(shape(&format!(
            "`{name}` cannot be a network's name; use small letters, digits and hyphens, at most 63"
        ))),
    }
}

/// Only the fact that it was laid there: what lies on a shelf has no effect.
fn shelve(plugin: &str, component: &str) -> Result<Outcome, Stop> {
    check_name(plugin)?;
    check_digest(component, "a component is named by the 64 hexadecimal digits of its digest")?;
    Ok(Outcome::default())
}

fn admit(
    view: &View,
    name: &str,
    roles: &[String],
    place: Option<Id>,
    with: &mut Circumstances,
) -> Result<Outcome, Stop> {
    check_name(name)?;
    may_come_in(view, roles, with)?;
    if let Some(place) = place {
        match view.record(place)? {
            Some(record) if record.class == Class::SpatialThing => {}
            Some(record) => {
                let refusal = Refusal::WrongClass {
                    prop: Prop::PrimaryLocation.as_str(),
                    found: record.class.as_str(),
                };
                return Err(refusal.into());
            }
            None => return Err(Refusal::Dangling { prop: Prop::PrimaryLocation.as_str(), id: place }.into()),
        }
    }
    Ok(Outcome { records: person(name, roles, place, with).into(), ..Outcome::default() })
}

/// Whether somebody is let in just now, and with what roles.
fn may_come_in(view: &View, roles: &[String], with: &Circumstances) -> Result<(), Stop> {
    if let Some(held) = view.linked(amendment::holding(with.network))?.first() {
        return Err(membership::held(held));
    }
    match roles.len() > ROLES_MAX || roles.iter().any(|role| check_name(role).is_err()) {
        true => Err(shape("a member has at most 64 roles, each with a name")),
        false => Ok(()),
    }
}

/// Whatever is written down already belongs from now on: an organisation, a device.
fn admit_agent(view: &View, agent: Id, roles: &[String], with: &mut Circumstances) -> Result<Outcome, Stop> {
    may_come_in(view, roles, with)?;
    match view.record(agent)? {
        Some(record) if matches!(record.class, Class::Organization | Class::Agent) => {}
        Some(record) => {
            return Err(Refusal::WrongClass { prop: "agent", found: record.class.as_str() }.into());
        }
        None => return Err(Refusal::Dangling { prop: "agent", id: agent }.into()),
    }
    if membership::of(view, agent)?.is_some() {
        return Err(Refusal::Settled.into());
    }
    let membership = Record::new(with.next_id(), Class::Membership, belonging(agent, roles, with.now));
    Ok(Outcome { records: vec![membership], ..Outcome::default() })
}

/// What a new membership says.
fn belonging(member: Id, roles: &[String], now: Instant) -> Fields {
    let mut roles = roles.to_vec();
    if !roles.iter().any(|role| role == MEMBER) {
        roles.push(MEMBER.to_owned());
    }
    roles.sort();
    Fields::new()
        .with(Prop::Member, Value::Ref(member))
        .with(Prop::Roles, Value::Texts(roles))
        .with(Prop::Training, Value::Texts(Vec::new()))
        .with(Prop::HasBeginning, Value::Instant(now))
}

fn person(name: &str, roles: &[String], place: Option<Id>, with: &mut Circumstances) -> [Record; 2] {
    let id = with.next_id();
    let mut fields = Fields::new().with(Prop::Name, Value::Text(name.to_owned()));
    if let Some(place) = place {
        fields.set(Prop::PrimaryLocation, Value::Ref(place));
    }
    let membership = belonging(id, roles, with.now);
    [Record::new(id, Class::Person, fields), Record::new(with.next_id(), Class::Membership, membership)]
}

fn train(view: &View, member: Id, training: &str) -> Result<Outcome, Stop> {
    check_name(training)?;
    if view.record(member)?.is_none() {
        return Err(Refusal::Dangling { prop: Prop::Member.as_str(), id: member }.into());
    }
    let Some(membership) = membership::of(view, member)? else {
        return Err(shape("only a member can be trained here; admit them first"));
    };
    let mut membership = Record::clone(&membership);
    let mut tags = membership.fields.texts(Prop::Training).to_vec();
    if tags.iter().any(|tag| tag == training) {
        return Err(Refusal::Settled.into());
    }
    if tags.len() >= ROLES_MAX {
        return Err(shape("a member has at most 64 trainings"));
    }
    tags.push(training.to_owned());
    tags.sort();
    membership.fields.set(Prop::Training, Value::Texts(tags));
    membership.version += 1;
    Ok(Outcome { records: vec![membership], ..Outcome::default() })
}

fn advance(by_us: i64) -> Result<Outcome, Stop> {
    match (1..=ADVANCE_US_MAX).contains(&by_us) {
        true => Ok(Outcome::default()),
        false => Err(shape("a clock moves forward, by ten years at most")),
    }
}
