//! Keys of one's own: a member signs what they do, and the node that keeps their books cannot act in their name.
//!
//! A key stands in the membership with the digest of the one after it, so whoever steals the key that is used cannot
//! change it: only the next one can. Whoever has lost both is given another by people they named beforehand, or, if
//! they named none, by two whom the rules let. Every one of these acts is an entry of the journal, so the key that an
//! old entry was signed with is found at its place.

mod act;

use ledger::{Circumstances, Key, Outcome, Refusal, Stop, View};
use valueflows::{Fields, Id, Instant, Prop, Record, Value};

use crate::decide::refuse;
use crate::limits::{GUARDIANS_MAX, RESTORE_US};
use crate::membership;

pub use act::{Held, KeyAct, KeyPair};

/// The keys that an act names itself.
pub(crate) fn first_keys(act: &KeyAct) -> Vec<Key> {
    let named = act.member().into_iter().chain(act.guardians().iter().copied());
    named.flat_map(|agent| [Key::Record(agent), Key::Linked(membership::link(agent))]).collect()
}

/// The key that a member signs with, and where it is held; none where the node acts for them.
pub fn of(membership: &Record) -> Option<(&str, Held)> {
    let held = membership.fields.text(Prop::KeyHeld).and_then(Held::parse)?;
    Some((membership.fields.text(Prop::PublicKey)?, held))
}

/// How many have to say that a member has lost their key, and who; two of those whom the rules let, where the member
/// named nobody.
pub fn guardians(membership: &Record) -> (&[Id], usize) {
    let named = membership.fields.ids(Prop::Guardians);
    let needed = membership.fields.integer(Prop::GuardiansNeeded).and_then(|n| usize::try_from(n).ok());
    (named, needed.filter(|_| !named.is_empty()).unwrap_or(membership::RESTORERS))
}

/// The key that somebody is to have instead of a lost one, and who has said so; none, if that is too long ago.
pub fn said(membership: &Record, now: Instant) -> Option<(KeyPair, Vec<Id>)> {
    let fields = &membership.fields;
    fields.instant(Prop::NewKeySaid).filter(|said| now <= said.plus_us(RESTORE_US))?;
    let pair = fields.text(Prop::NewKey)?.parse().ok()?;
    Some((pair, fields.ids(Prop::NewKeyBy).to_vec()))
}

/// Decides what becomes of somebody's key.
pub(crate) fn decide(view: &View, act: &KeyAct, with: &Circumstances) -> Result<Outcome, Stop> {
    let about = act.member().unwrap_or(with.agent);
    let Some(membership) = membership::of(view, about)? else {
        return Err(refuse(
            "no-member",
            "that is nobody who belongs to this network",
            "See who its members are.",
        ));
    };
    let mut membership = Record::clone(&membership);
    membership.version += 1;
    match act {
        KeyAct::Enrol { pair, guardians, needed } => {
            if membership.fields.text(Prop::NextKey).is_some() {
                return Err(refuse(
                    "key-there",
                    "you have a key here already",
                    "Change it to the next one; if that is lost, ask your guardians.",
                ));
            }
            signed_with(with, &pair.key)?;
            name_guardians(view, &mut membership.fields, guardians, *needed, with)?;
            take(&mut membership.fields, pair, with.now);
        }
        KeyAct::Rotate { pair } => {
            signed_with(with, &pair.key)?;
            let digest = with.signer.as_ref().map(|signer| signer.digest.as_str());
            if digest.is_none() || membership.fields.text(Prop::NextKey) != digest {
                return Err(refuse(
                    "not-the-next-key",
                    "this is not the key that was named as the next one",
                    "Use the next key that you kept; if it is lost, ask your guardians.",
                ));
            }
            take(&mut membership.fields, pair, with.now);
        }
        KeyAct::NameGuardians { guardians, needed } => {
            let own = of(&membership).map(|(key, _)| key.to_owned());
            signed_with(with, &own.unwrap_or_default())?;
            name_guardians(view, &mut membership.fields, guardians, *needed, with)?;
        }
        KeyAct::Recover { member, pair } => recover(&mut membership, *member, pair, with)?,
    }
    Ok(Outcome { records: vec![membership], ..Outcome::default() })
}

/// Whoever names a key has it: the command is signed with it.
fn signed_with(with: &Circumstances, key: &str) -> Result<(), Stop> {
    match &with.signer {
        Some(signer) if signer.key == key => Ok(()),
        _ => Err(refuse(
            "not-signed-with-it",
            "this is not signed with the key that it is about",
            "Sign it with that key.",
        )),
    }
}

fn take(fields: &mut Fields, pair: &KeyPair, now: Instant) {
    fields.set(Prop::PublicKey, Value::Text(pair.key.clone()));
    fields.set(Prop::NextKey, Value::Text(pair.next.clone()));
    fields.set(Prop::KeyHeld, Value::Text(pair.held.as_str().to_owned()));
    fields.set(Prop::KeySince, Value::Instant(now));
    for said in [Prop::NewKey, Prop::NewKeyBy, Prop::NewKeySaid] {
        fields.remove(said);
    }
}

fn name_guardians(
    view: &View,
    fields: &mut Fields,
    guardians: &[Id],
    needed: u32,
    with: &Circumstances,
) -> Result<(), Stop> {
    let shape = |sentence: String| Stop::from(Refusal::Shape(sentence));
    let most = guardians.len();
    let mut distinct = guardians.to_vec();
    distinct.sort();
    distinct.dedup();
    if most > GUARDIANS_MAX || distinct.len() < most || guardians.contains(&with.agent) {
        return Err(shape(format!("guardians are up to {GUARDIANS_MAX} others, each named once")));
    }
    let enough = if most == 0 { needed == 0 } else { (1..=most).contains(&(needed as usize)) };
    if !enough {
        return Err(shape(format!("of {most} guardians, {needed} cannot be needed")));
    }
    for guardian in guardians {
        if membership::of(view, *guardian)?.is_none() {
            return Err(refuse(
                "no-member",
                "somebody you named does not belong to this network",
                "Name members.",
            ));
        }
    }
    fields.set(Prop::Guardians, Value::Refs(guardians.to_vec()));
    fields.set(Prop::GuardiansNeeded, Value::Integer(i64::from(needed)));
    Ok(())
}

/// One more says that a member lost their key and which one they are to have.
fn recover(membership: &mut Record, member: Id, pair: &KeyPair, with: &Circumstances) -> Result<(), Stop> {
    if with.agent == member {
        return Err(refuse(
            "own-key",
            "nobody says of themselves that they have lost their key",
            "Ask your guardians.",
        ));
    }
    if membership.fields.text(Prop::NextKey).is_none() {
        return Err(refuse(
            "no-key",
            "they have no key here that could be lost",
            "They can simply name one.",
        ));
    }
    let (named, needed) = guardians(membership);
    if !named.is_empty() && !named.contains(&with.agent) {
        return Err(refuse(
            "not-a-guardian",
            "they have named others for this",
            "Tell them to ask the guardians they named.",
        ));
    }
    // Another key, or one that was named too long ago, begins anew.
    let mut by =
        said(membership, with.now).filter(|(before, _)| before == pair).map_or(Vec::new(), |(_, by)| by);
    if by.contains(&with.agent) {
        return Err(refuse(
            "said-already",
            "you have said so already",
            "Another one has to say it: the same key, letter by letter.",
        ));
    }
    by.push(with.agent);
    if by.len() >= needed {
        take(&mut membership.fields, pair, with.now);
    } else {
        membership.fields.set(Prop::NewKey, Value::Text(pair.to_string()));
        membership.fields.set(Prop::NewKeyBy, Value::Refs(by));
        membership.fields.set(Prop::NewKeySaid, Value::Instant(with.now));
    }
    Ok(())
}
