//! Memberships: who belongs, in which roles, until when; with which training; suspended or not.
//!
//! A role may have a term: then the clock takes it back. Whoever is suspended belongs, and has no role until the
//! suspension ends by itself. A membership that has ended stays in the books, finished.

mod act;

use std::sync::Arc;

use ledger::{Circumstances, Key, Link, Missing, Outcome, Refusal, Stop, View};
use serde_json::{Map, Value as Json, json};
use valueflows::{Class, Id, Instant, Prop, Record, Value};

use crate::decide::{check_name, refuse};
use crate::limits::{RESTORE_US, ROLES_MAX, SUSPENSION_US_MAX, TERM_US_MAX};

pub use act::MemberAct;

/// The role of those who keep a network running; founding gives it to its first stewards.
pub const STEWARD: &str = "steward";
/// The role of everybody who was admitted.
pub const MEMBER: &str = "member";
/// The only role of somebody who is suspended, as rules see it.
pub const SUSPENDED: &str = "suspended";

/// The question whose answer is an agent's membership.
pub fn link(agent: Id) -> Link {
    Link { class: Class::Membership, prop: Prop::Member, target: agent, open: true }
}

/// An agent's membership, if there is one.
pub fn of(view: &View, agent: Id) -> Result<Option<Arc<Record>>, Missing> {
    Ok(view.linked(link(agent))?.into_iter().next())
}

/// The roles that somebody has as rules see them: none but one while suspended.
pub fn roles(membership: &Record) -> Vec<String> {
    match membership.fields.instant(Prop::Suspended) {
        Some(_) => vec![SUSPENDED.to_owned()],
        None => membership.fields.texts(Prop::Roles).to_vec(),
    }
}

/// How often somebody has been suspended before: rules let it be for longer each time.
pub fn suspensions(membership: &Record) -> i64 {
    membership.fields.integer(Prop::Suspensions).unwrap_or_default()
}

/// The keys that an act names itself.
pub(crate) fn first_keys(act: &MemberAct) -> Vec<Key> {
    let member = act.member();
    vec![Key::Record(member), Key::Linked(link(member))]
}

/// Why nobody is admitted just now.
pub(crate) fn held(amendment: &Record) -> Stop {
    let title = amendment.title();
    refuse(
        "admission-held",
        format!(
            "nobody is admitted while it is open who may vote on \"{title}\", which would end somebody's membership"
        ),
        "Wait until that vote begins; whoever is admitted then cannot tip it.",
    )
}

/// Decides what becomes of a membership.
pub(crate) fn decide(view: &View, act: &MemberAct, with: &Circumstances) -> Result<Outcome, Stop> {
    let Some(membership) = of(view, act.member())? else {
        return Err(refuse(
            "no-member",
            "that is nobody who belongs to this network",
            "See who its members are.",
        ));
    };
    let mut membership = Record::clone(&membership);
    membership.version += 1;
    let mut outcome = Outcome::default();
    match act {
        MemberAct::GrantRole { role, until, .. } => {
            grant(&mut membership, role, *until, with.now)?;
            outcome.deadlines.extend(until.map(|until| (until, membership.id)));
        }
        MemberAct::EndRole { role, .. } => end_role(&mut membership, role)?,
        MemberAct::Suspend { until, reason, .. } => {
            let longest = with.now.plus_us(SUSPENSION_US_MAX);
            if *until <= with.now || *until > longest {
                return Err(refuse("bad-span", "a suspension ends within a year", "Say until when."));
            }
            if reason.trim().is_empty() {
                return Err(refuse("no-reason", "whoever suspends somebody says why", "Give a reason."));
            }
            membership.fields.set(Prop::Suspended, Value::Instant(*until));
            let before = suspensions(&membership);
            membership.fields.set(Prop::Suspensions, Value::Integer(before + 1));
            outcome.deadlines.push((*until, membership.id));
        }
        MemberAct::Reinstate { .. } => {
            if membership.fields.remove(Prop::Suspended).is_none() {
                return Err(Refusal::Settled.into());
            }
        }
        MemberAct::Restore { member } => restore(&mut membership, *member, with)?,
        MemberAct::End { .. } | MemberAct::Leave { .. } => {
            if matches!(act, MemberAct::Leave { .. }) {
                nothing_open(view, act.member())?;
            }
            membership.fields.set(Prop::Finished, Value::Flag(true));
            outcome.settled.push(membership.id);
        }
    }
    outcome.records.push(membership);
    Ok(outcome)
}

/// How many have to say that it is a member who asks to be let in again.
pub const RESTORERS: usize = 2;

/// Who has said that it is this member who asks to be let in again, and when the last of them said it; nobody, if that
/// was too long ago for it to count.
pub fn restorers(membership: &Record, now: Instant) -> (Vec<Id>, Option<Instant>) {
    let said = membership.fields.instant(Prop::Restored);
    let said = said.filter(|said| now <= said.plus_us(RESTORE_US));
    match said {
        Some(_) => (membership.fields.ids(Prop::RestoredBy).to_vec(), said),
        None => (Vec::new(), None),
    }
}

/// One more says so. What two have said is over; whoever says it then begins anew.
fn restore(membership: &mut Record, member: Id, with: &Circumstances) -> Result<(), Stop> {
    if with.agent == member {
        return Err(refuse(
            "own-access",
            "nobody says of themselves that it is them who asks",
            "Ask two people who know you and whom the rules let do it.",
        ));
    }
    let (mut by, _) = restorers(membership, with.now);
    if by.len() >= RESTORERS {
        by.clear();
    }
    if by.contains(&with.agent) {
        return Err(refuse(
            "said-already",
            "you have said so already",
            "Ask somebody else who knows them: two people have to say it.",
        ));
    }
    by.push(with.agent);
    membership.fields.set(Prop::RestoredBy, Value::Refs(by));
    membership.fields.set(Prop::Restored, Value::Instant(with.now));
    Ok(())
}

/// What somebody has to see to before they go: promises on either side, and things of others that they have.
fn open_ends(member: Id) -> [Link; 6] {
    let link = |class, prop| Link { class, prop, target: member, open: true };
    [
        link(Class::Commitment, Prop::Provider),
        link(Class::Commitment, Prop::Receiver),
        link(Class::Claim, Prop::Provider),
        link(Class::Claim, Prop::Receiver),
        link(Class::EconomicResource, Prop::Custodian),
        link(Class::EconomicResource, Prop::PrimaryAccountable),
    ]
}

/// Nobody goes with something open: it would be settled by nobody.
pub(crate) fn nothing_open(view: &View, member: Id) -> Result<(), Stop> {
    let links = open_ends(member);
    view.require(&links.map(Key::Linked))?;
    let mut open = 0;
    let mut things = Vec::new();
    for link in links {
        for record in view.linked(link)? {
            let own = record.fields.id(Prop::PrimaryAccountable) == Some(member);
            let there = record.fields.quantity(Prop::OnhandQuantity).is_none_or(|on_hand| on_hand.amount > 0);
            match record.class {
                // What is owed in an account of one's own is owed by nobody else.
                Class::EconomicResource if own && owes(&record) => things.push(record.title()),
                Class::Commitment | Class::Claim => open += 1,
                _ if !own && there => things.push(record.title()),
                _ => {}
            }
        }
    }
    if open == 0 && things.is_empty() {
        return Ok(());
    }
    let things =
        if things.is_empty() { String::new() } else { format!("; still with them: {}", things.join(", ")) };
    Err(refuse(
        "something-open",
        format!("{open} promises are open{things}"),
        "Settle them, hand things over or have them waived first; then nobody is left waiting.",
    ))
}

fn owes(resource: &Record) -> bool {
    resource.fields.quantity(Prop::AccountingQuantity).is_some_and(|quantity| quantity.amount < 0)
}

/// The terms of roles: until when, by role.
fn terms(membership: &Record) -> Map<String, Json> {
    membership.fields.document(Prop::RoleTerms).and_then(Json::as_object).cloned().unwrap_or_default()
}

fn set_terms(membership: &mut Record, terms: Map<String, Json>) {
    match terms.is_empty() {
        true => drop(membership.fields.remove(Prop::RoleTerms)),
        false => membership.fields.set(Prop::RoleTerms, Value::document(Json::Object(terms))),
    }
}

fn grant(membership: &mut Record, role: &str, until: Option<Instant>, now: Instant) -> Result<(), Stop> {
    check_name(role)?;
    if role == SUSPENDED {
        return Err(refuse(
            "bad-role",
            "nobody is given that role: suspend them instead",
            "Use `member suspend`.",
        ));
    }
    if until.is_some_and(|until| until <= now || until > now.plus_us(TERM_US_MAX)) {
        return Err(refuse("bad-span", "a role's term ends within ten years", "Say until when."));
    }
    let mut roles = membership.fields.texts(Prop::Roles).to_vec();
    if !roles.iter().any(|known| known == role) {
        roles.push(role.to_owned());
        roles.sort();
    }
    if roles.len() > ROLES_MAX {
        return Err(refuse(
            "too-many-roles",
            format!("a member has at most {ROLES_MAX} roles"),
            "End one first.",
        ));
    }
    let mut terms = terms(membership);
    match until {
        Some(until) => drop(terms.insert(role.to_owned(), json!(until.0))),
        None => drop(terms.remove(role)),
    }
    set_terms(membership, terms);
    membership.fields.set(Prop::Roles, Value::Texts(roles));
    Ok(())
}

fn end_role(membership: &mut Record, role: &str) -> Result<(), Stop> {
    let mut roles = membership.fields.texts(Prop::Roles).to_vec();
    let before = roles.len();
    roles.retain(|known| known != role);
    if role == MEMBER || roles.len() == before {
        return Err(refuse(
            "no-such-role",
            format!("this member has no role `{role}` that could end"),
            "See their roles.",
        ));
    }
    let mut terms = terms(membership);
    terms.remove(role);
    set_terms(membership, terms);
    membership.fields.set(Prop::Roles, Value::Texts(roles));
    Ok(())
}

/// A time passes: roles whose term is over end, and so do a suspension and a probation.
pub(crate) fn lapse(membership: &Record, now: Instant, probation_role: Option<&str>) -> Outcome {
    let mut changed = membership.clone();
    let over = |until: i64| until < now.0;
    let ended: Vec<String> = terms(membership)
        .into_iter()
        .filter(|(_, until)| until.as_i64().is_some_and(over))
        .map(|(role, _)| role)
        .collect();
    for role in &ended {
        // It may have been given again without a term, or taken: then there is nothing to end.
        let _ = end_role(&mut changed, role);
    }
    if membership.fields.instant(Prop::Suspended).is_some_and(|until| over(until.0)) {
        changed.fields.remove(Prop::Suspended);
    }
    if membership.fields.instant(Prop::Probation).is_some_and(|until| over(until.0)) {
        changed.fields.remove(Prop::Probation);
        let mut roles = changed.fields.texts(Prop::Roles).to_vec();
        roles.retain(|role| Some(role.as_str()) != probation_role);
        roles.push(MEMBER.to_owned());
        roles.sort();
        roles.dedup();
        changed.fields.set(Prop::Roles, Value::Texts(roles));
    }
    match changed == *membership {
        true => Outcome::default(),
        false => {
            changed.version += 1;
            Outcome { records: vec![changed], ..Outcome::default() }
        }
    }
}
