//! The acts by which a membership changes.

use ledger::act::Reader;
use serde_json::{Map, Value as Json, json};
use valueflows::{BadValue, Id, Instant};

/// One change of a membership.
#[derive(Debug, Clone, PartialEq)]
pub enum MemberAct {
    /// Somebody is given a role, perhaps for a term.
    GrantRole {
        /// Who.
        member: Id,
        /// Which.
        role: String,
        /// Until when; for good, if nothing is said.
        until: Option<Instant>,
    },
    /// A role ends before its term.
    EndRole {
        /// Whose.
        member: Id,
        /// Which.
        role: String,
    },
    /// Somebody has no role for a while.
    Suspend {
        /// Who.
        member: Id,
        /// Until when; it ends by itself.
        until: Instant,
        /// Why (personal part).
        reason: String,
    },
    /// A suspension ends before its time.
    Reinstate {
        /// Whose.
        member: Id,
    },
    /// Somebody says that a member has lost their way to sign in, and that it is them who asks. Two say so.
    Restore {
        /// Who.
        member: Id,
    },
    /// Somebody else ends a membership.
    End {
        /// Whose.
        member: Id,
        /// Why (personal part).
        reason: String,
    },
    /// Somebody goes.
    Leave {
        /// Who.
        member: Id,
    },
}

const NAMES: [&str; 7] =
    ["grantRole", "endRole", "suspend", "reinstate", "restoreAccess", "endMembership", "leave"];

impl MemberAct {
    /// The name under which the act is written.
    pub fn name(&self) -> &'static str {
        match self {
            MemberAct::GrantRole { .. } => "grantRole",
            MemberAct::EndRole { .. } => "endRole",
            MemberAct::Suspend { .. } => "suspend",
            MemberAct::Reinstate { .. } => "reinstate",
            MemberAct::Restore { .. } => "restoreAccess",
            MemberAct::End { .. } => "endMembership",
            MemberAct::Leave { .. } => "leave",
        }
    }

    /// Whose membership it is about.
    pub fn member(&self) -> Id {
        match self {
            MemberAct::GrantRole { member, .. }
            | MemberAct::EndRole { member, .. }
            | MemberAct::Suspend { member, .. }
            | MemberAct::Reinstate { member }
            | MemberAct::Restore { member }
            | MemberAct::End { member, .. }
            | MemberAct::Leave { member } => *member,
        }
    }

    /// The role that it gives or ends, if it does.
    pub fn role(&self) -> Option<&str> {
        match self {
            MemberAct::GrantRole { role, .. } | MemberAct::EndRole { role, .. } => Some(role),
            _ => None,
        }
    }

    /// Whether a vote may carry it out: going is one's own, and who somebody is is said by people who know them.
    pub(crate) fn may_follow(&self) -> bool {
        !matches!(self, MemberAct::Leave { .. } | MemberAct::Restore { .. })
    }

    pub(crate) fn parts(&self) -> (Json, Json) {
        match self {
            MemberAct::GrantRole { member, role, until: Some(until) } => {
                (json!({"member": member, "role": role, "hasEnd": until.0}), json!({}))
            }
            MemberAct::GrantRole { member, role, until: None } | MemberAct::EndRole { member, role } => {
                (json!({"member": member, "role": role}), json!({}))
            }
            MemberAct::Suspend { member, until, reason } => {
                (json!({"member": member, "hasEnd": until.0}), json!({"reason": reason}))
            }
            MemberAct::End { member, reason } => (json!({"member": member}), json!({"reason": reason})),
            MemberAct::Reinstate { member } | MemberAct::Restore { member } | MemberAct::Leave { member } => {
                (json!({"member": member}), json!({}))
            }
        }
    }

    /// Reads an act; none where the name is no name of one of these.
    pub(crate) fn from_json(name: &str, map: &Map<String, Json>) -> Option<Result<MemberAct, BadValue>> {
        NAMES.contains(&name).then(|| MemberAct::read(name, map))
    }

    fn read(name: &str, map: &Map<String, Json>) -> Result<MemberAct, BadValue> {
        let read = Reader(map);
        let member = read.id("member")?;
        let reason =
            || map.get("reason").map_or(Ok(String::new()), |_| read.text("reason").map(str::to_owned));
        match name {
            "grantRole" => {
                read.only(&["member", "role", "hasEnd"])?;
                let until = map.get("hasEnd").map(|_| read.integer("hasEnd").map(Instant)).transpose()?;
                Ok(MemberAct::GrantRole { member, role: read.text("role")?.to_owned(), until })
            }
            "endRole" => {
                read.only(&["member", "role"])?;
                Ok(MemberAct::EndRole { member, role: read.text("role")?.to_owned() })
            }
            "suspend" => {
                read.only(&["member", "hasEnd", "reason"])?;
                Ok(MemberAct::Suspend { member, until: Instant(read.integer("hasEnd")?), reason: reason()? })
            }
            "endMembership" => {
                read.only(&["member", "reason"])?;
                Ok(MemberAct::End { member, reason: reason()? })
            }
            "reinstate" => {
                read.only(&["member"])?;
                Ok(MemberAct::Reinstate { member })
            }
            "restoreAccess" => {
                read.only(&["member"])?;
                Ok(MemberAct::Restore { member })
            }
            _ => {
                read.only(&["member"])?;
                Ok(MemberAct::Leave { member })
            }
        }
    }
}
