//! Memberships: who belongs, in which roles, with which training.

use std::sync::Arc;

use ledger::{Link, Missing, View};
use valueflows::{Class, Id, Prop, Record};

/// The role of those who keep a network running; founding gives it to its first stewards.
pub const STEWARD: &str = "steward";
/// The role of everybody who was admitted.
pub const MEMBER: &str = "member";

/// The question whose answer is an agent's membership.
pub fn link(agent: Id) -> Link {
    Link { class: Class::Membership, prop: Prop::Member, target: agent, open: true }
}

/// An agent's membership, if there is one.
pub fn of(view: &View, agent: Id) -> Result<Option<Arc<Record>>, Missing> {
    Ok(view.linked(link(agent))?.into_iter().next())
}
