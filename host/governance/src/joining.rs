//! Joining: how somebody from outside comes to belong, as the rules of the network have it.
//!
//! | way | what it takes |
//! |---|---|
//! | open | asking |
//! | application | answers to the network's questions, and somebody whom the rules let say yes |
//! | vouching | so many members who vouch |
//! | certification | somebody with a role named for it who says what one can do |
//!
//! Whoever has asked is an agent of the network with the role `applicant` and no other, until they belong or are
//! turned down. Where the rules have a probation, they belong with the role named for it first, and are members when
//! it ends.

mod act;

use ledger::{Circumstances, Key, Link, Outcome, Refusal, Stop, View};
use serde::{Deserialize, Serialize};
use valueflows::{Class, Fields, Id, Instant, Prop, Record, Said, Value, said};

use crate::amendment;
use crate::decide::{check_name, refuse};
use crate::limits::{ANSWER_BYTES_MAX, APPLICATION_DAYS, DAYS_MAX, QUESTIONS_MAX, ROLES_MAX};
use crate::membership::{self, MEMBER};

pub use act::JoinAct;

/// The role of somebody who has asked to join.
pub const APPLICANT: &str = "applicant";

/// How somebody comes to belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// By asking.
    Open,
    /// Somebody says yes.
    Application,
    /// Members vouch.
    Vouching,
    /// Somebody certifies.
    Certification,
}

impl Way {
    /// As it stands in records.
    pub fn code(self) -> &'static str {
        match self {
            Way::Open => "open",
            Way::Application => "application",
            Way::Vouching => "vouching",
            Way::Certification => "certification",
        }
    }
}

/// The rules of joining.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Joining {
    /// How.
    pub way: Way,
    /// What is asked; every question has to be answered.
    #[serde(default)]
    pub questions: Vec<String>,
    /// How many have to vouch, or to certify.
    #[serde(default)]
    pub vouchers: u32,
    /// The roles of which one is needed to vouch or certify; any member may vouch where none is named.
    #[serde(default)]
    pub voucher_roles: Vec<String>,
    /// For how many days somebody is on probation.
    #[serde(default)]
    pub probation_days: u32,
    /// The role that they have meanwhile, instead of `member`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probation_role: Option<String>,
}

impl Joining {
    /// What is wrong with them, a sentence each.
    pub fn problems(&self) -> Vec<Said> {
        let mut problems = Vec::new();
        let mut note = |problem: Said| problems.push(Said { says: format!("joining: {problem}"), ..problem });
        let vouched = matches!(self.way, Way::Vouching | Way::Certification);
        if vouched != (self.vouchers > 0) || self.vouchers as usize > QUESTIONS_MAX {
            note(said!(
                "joining-vouchers",
                "`vouchers` says how many vouch or certify, from 1 to 16, and stands only where they do"
            ));
        }
        if self.way == Way::Certification && self.voucher_roles.is_empty() {
            note(said!("joining-certifies", "whoever certifies has a role: name it in `voucher-roles`"));
        }
        if self.questions.len() > QUESTIONS_MAX || self.questions.iter().any(|one| one.trim().is_empty()) {
            note(said!("joining-questions", "there are at most 16 questions, and each asks something"));
        }
        if (self.probation_days > 0) != self.probation_role.is_some() || self.probation_days > DAYS_MAX {
            note(said!("joining-probation", "a probation has both `probation-days` and `probation-role`"));
        }
        if [MEMBER, APPLICANT, membership::STEWARD]
            .iter()
            .any(|role| self.probation_role.as_deref() == Some(role))
        {
            note(said!("joining-probation-role", "the role of a probation is one of its own"));
        }
        problems
    }

    /// In words.
    pub fn words(&self) -> String {
        let some = |n: u32| if n == 1 { "one".to_owned() } else { n.to_string() };
        let of = match self.voucher_roles.is_empty() {
            true => "members".to_owned(),
            false => format!("of those with the role {}", self.voucher_roles.join(" or ")),
        };
        let way = match self.way {
            Way::Open => "Whoever asks belongs.".to_owned(),
            Way::Application => "Whoever asks belongs when somebody says yes.".to_owned(),
            Way::Vouching => {
                format!("Whoever asks belongs when {} {of} vouch for them.", some(self.vouchers))
            }
            Way::Certification => {
                format!("Whoever asks belongs when {} {of} certify what they can do.", some(self.vouchers))
            }
        };
        match &self.probation_role {
            None => way,
            Some(role) => format!("{way} For {} days they are a {role} first.", self.probation_days),
        }
    }
}

/// The open application of somebody.
pub fn link(agent: Id) -> Link {
    Link { class: Class::Application, prop: Prop::Member, target: agent, open: true }
}

/// The keys that an act names itself.
pub(crate) fn first_keys(act: &JoinAct) -> Vec<Key> {
    act.application().map(Key::Record).into_iter().collect()
}

pub(crate) fn decide(
    view: &View,
    act: &JoinAct,
    with: &mut Circumstances,
    rules: Option<&Joining>,
) -> Result<Outcome, Stop> {
    let rules = rules.ok_or_else(|| {
        refuse(
            "no-way-to-join",
            "the rules of this network do not say how somebody asks to join",
            "Ask a member to admit you.",
        )
    })?;
    match act {
        JoinAct::Apply { name, answers } => apply(view, (name, answers), with, rules),
        JoinAct::Vouch { application, certificate } => {
            vouch(view, *application, certificate.as_deref(), with, rules)
        }
        JoinAct::Accept { application } => {
            if rules.vouchers > 0 {
                return Err(refuse(
                    "takes-vouchers",
                    format!("joining takes {} who vouch or certify", rules.vouchers),
                    "Vouch for them, if you know them.",
                ));
            }
            let application = existing(view, *application)?;
            accepted(view, application, with, rules)
        }
        JoinAct::Decline { application, reason } => {
            if reason.trim().is_empty() {
                return Err(refuse("no-reason", "whoever turns somebody down says why", "Give a reason."));
            }
            let mut application = existing(view, *application)?;
            application.fields.set(Prop::Reason, Value::Text(reason.clone()));
            turned_down(view, application, "declined", with.now)
        }
        JoinAct::TakeBack { application } => {
            turned_down(view, existing(view, *application)?, "withdrawn", with.now)
        }
    }
}

fn existing(view: &View, id: Id) -> Result<Record, Stop> {
    match view.record(id)? {
        Some(record) if record.class == Class::Application && record.is_open() => Ok(Record::clone(&record)),
        Some(record) if record.class == Class::Application => Err(Refusal::Settled.into()),
        Some(record) => Err(Refusal::WrongClass { prop: "application", found: record.class.as_str() }.into()),
        None => Err(Refusal::Dangling { prop: "application", id }.into()),
    }
}

fn apply(
    view: &View,
    (name, answers): (&str, &[String]),
    with: &mut Circumstances,
    rules: &Joining,
) -> Result<Outcome, Stop> {
    check_name(name)?;
    let answered = answers.len() == rules.questions.len()
        && answers.iter().all(|answer| !answer.trim().is_empty() && answer.len() <= ANSWER_BYTES_MAX);
    if !answered {
        return Err(refuse(
            "unanswered",
            format!("whoever wants to join answers {} questions", rules.questions.len()),
            "Answer each of them, in at most 4,096 characters.",
        ));
    }
    let person = with.next_id();
    let fields = Fields::new().with(Prop::Name, Value::Text(name.to_owned()));
    let person_record = Record::new(person, Class::Person, fields);
    let membership = Fields::new()
        .with(Prop::Member, Value::Ref(person))
        .with(Prop::Roles, Value::Texts(vec![APPLICANT.to_owned()]))
        .with(Prop::Training, Value::Texts(Vec::new()))
        .with(Prop::HasBeginning, Value::Instant(with.now));
    let membership = Record { version: 0, ..Record::new(with.next_id(), Class::Membership, membership) };
    let due = with.now.plus_us(i64::from(APPLICATION_DAYS) * Instant::DAY_US);
    let questions = rules.questions.iter().zip(answers);
    let said = questions.map(|(question, answer)| serde_json::json!([question, answer])).collect();
    let mut fields = Fields::new()
        .with(Prop::Member, Value::Ref(person))
        .with(Prop::Kind, Value::Text(rules.way.code().to_owned()))
        .with(Prop::Status, Value::Text("waiting".to_owned()))
        .with(Prop::Created, Value::Instant(with.now));
    if !answers.is_empty() {
        fields.set(Prop::Answers, Value::document(said));
    }
    let mut application = Record { version: 0, ..Record::new(with.next_id(), Class::Application, fields) };
    if rules.way == Way::Open {
        let mut outcome = belongs(view, application, membership, with, rules)?;
        outcome.records.insert(0, person_record);
        return Ok(outcome);
    }
    application.fields.set(Prop::Due, Value::Instant(due));
    let id = application.id;
    let records = vec![person_record, bumped(membership), bumped(application)];
    Ok(Outcome { deadlines: vec![(due, id)], records, ..Outcome::default() })
}

fn bumped(mut record: Record) -> Record {
    record.version += 1;
    record
}

fn vouch(
    view: &View,
    id: Id,
    certificate: Option<&str>,
    with: &mut Circumstances,
    rules: &Joining,
) -> Result<Outcome, Stop> {
    if rules.vouchers == 0 {
        return Err(refuse(
            "takes-no-vouchers",
            "nobody vouches or certifies in this network",
            "Ask somebody who may accept them.",
        ));
    }
    let mut application = existing(view, id)?;
    let own = membership::of(view, with.agent)?;
    let roles = own.map(|own| membership::roles(&own)).unwrap_or_default();
    let may = match rules.voucher_roles.is_empty() {
        true => roles.iter().any(|role| role == MEMBER),
        false => roles.iter().any(|role| rules.voucher_roles.contains(role)),
    };
    if !may {
        return Err(refuse("no-voucher", "you cannot vouch or certify here", "Ask somebody who can."));
    }
    if (rules.way == Way::Certification) != certificate.is_some() {
        return Err(match certificate {
            None => refuse("no-certificate", "whoever certifies says what", "Name what they can do."),
            Some(_) => refuse("no-certificate", "nobody certifies anything here", "Vouch for them."),
        });
    }
    let mut vouchers = application.fields.ids(Prop::Vouchers).to_vec();
    if vouchers.contains(&with.agent) {
        return Err(Refusal::Settled.into());
    }
    vouchers.push(with.agent);
    let enough = vouchers.len() >= rules.vouchers as usize;
    application.fields.set(Prop::Vouchers, Value::Refs(vouchers));
    if let Some(certificate) = certificate {
        check_name(certificate)?;
        let mut all = application.fields.texts(Prop::Training).to_vec();
        all.push(certificate.to_owned());
        all.sort();
        all.dedup();
        application.fields.set(Prop::Training, Value::Texts(all));
    }
    match enough {
        true => accepted(view, application, with, rules),
        false => Ok(Outcome { records: vec![bumped(application)], ..Outcome::default() }),
    }
}

/// Somebody belongs: as a member, or on probation first.
fn accepted(
    view: &View,
    application: Record,
    with: &mut Circumstances,
    rules: &Joining,
) -> Result<Outcome, Stop> {
    let member = application.fields.id(Prop::Member).unwrap_or_default();
    match membership::of(view, member)? {
        Some(membership) => belongs(view, application, Record::clone(&membership), with, rules),
        None => Err(refuse("no-applicant", "whoever asked has gone", "Leave it.")),
    }
}

fn belongs(
    view: &View,
    mut application: Record,
    mut membership: Record,
    with: &Circumstances,
    rules: &Joining,
) -> Result<Outcome, Stop> {
    if let Some(held) = view.linked(amendment::holding(with.network))?.first() {
        return Err(membership::held(held));
    }
    let mut outcome = Outcome::default();
    let roles = match &rules.probation_role {
        Some(role) => {
            let ends = with.now.plus_us(i64::from(rules.probation_days) * Instant::DAY_US);
            membership.fields.set(Prop::Probation, Value::Instant(ends));
            outcome.deadlines.push((ends, membership.id));
            vec![role.clone()]
        }
        None => vec![MEMBER.to_owned()],
    };
    membership.fields.set(Prop::Roles, Value::Texts(roles));
    membership.fields.set(Prop::HasBeginning, Value::Instant(with.now));
    let mut training = membership.fields.texts(Prop::Training).to_vec();
    training.extend(application.fields.texts(Prop::Training).iter().cloned());
    training.truncate(ROLES_MAX);
    membership.fields.set(Prop::Training, Value::Texts(training));
    end(&mut application, "accepted", with.now);
    outcome.settled.push(application.id);
    outcome.records = vec![bumped(membership), bumped(application)];
    Ok(outcome)
}

fn end(application: &mut Record, how: &str, now: Instant) {
    application.fields.set(Prop::Status, Value::Text(how.to_owned()));
    application.fields.set(Prop::HasEnd, Value::Instant(now));
    application.fields.set(Prop::Finished, Value::Flag(true));
    application.fields.remove(Prop::Due);
}

fn turned_down(view: &View, mut application: Record, how: &str, now: Instant) -> Result<Outcome, Stop> {
    end(&mut application, how, now);
    let member = application.fields.id(Prop::Member).unwrap_or_default();
    let mut outcome = Outcome { settled: vec![application.id], ..Outcome::default() };
    if let Some(membership) = membership::of(view, member)? {
        let mut membership = Record::clone(&membership);
        membership.fields.set(Prop::Finished, Value::Flag(true));
        outcome.records.push(bumped(membership));
    }
    outcome.records.push(bumped(application));
    Ok(outcome)
}

/// Nobody has answered in time.
pub(crate) fn lapse(view: &View, application: &Record, now: Instant) -> Result<Outcome, Stop> {
    match application.is_open() && application.fields.instant(Prop::Due).is_some_and(|due| due < now) {
        true => turned_down(view, application.clone(), "unanswered", now),
        false => Ok(Outcome::default()),
    }
}
