//! The questions about acts of governing: memberships, and changes of the rules.

use std::sync::Arc;

use cedar_policy::Entity;
use governance::exceptions::Grant;
use governance::{AmendAct, CaseAct, ExceptionAct, JoinAct, KeyAct, MemberAct, StopAct, keys, membership};
use ledger::{Stop, View};
use valueflows::{Class, Id, Prop, Record};

use super::{Ask, Attr};
use crate::scene::{Principal, Scene};

impl Ask {
    pub(super) fn member(&mut self, view: &View, act: &MemberAct) -> Result<(), Stop> {
        if let Some(role) = act.role() {
            self.put("role", Attr::Text(role.to_owned()));
        }
        if let MemberAct::Suspend { until, .. } = act {
            self.put("until", Attr::Instant(*until));
            let before = membership::of(view, act.member())?;
            self.put("before", Attr::Long(before.map_or(0, |before| membership::suspensions(&before))));
        }
        self.resource = ("Agent", act.member().to_string());
        self.agents.push(act.member());
        Ok(())
    }

    pub(super) fn key(&mut self, view: &View, act: &KeyAct) -> Result<(), Stop> {
        let Some(member) = act.member() else {
            "keepKey".clone_into(&mut self.action);
            return Ok(());
        };
        let membership = membership::of(view, member)?;
        let named = membership.as_deref().map_or(&[][..], |membership| keys::guardians(membership).0);
        let named_me = matches!(&self.principal, Principal::Agent(me) if named.contains(me));
        self.put("named", Attr::Flag(named_me));
        self.put("guarded", Attr::Flag(!named.is_empty()));
        self.resource = ("Agent", member.to_string());
        self.agents.push(member);
        Ok(())
    }

    pub(super) fn join(&mut self, view: &View, act: &JoinAct) -> Result<(), Stop> {
        match act.application() {
            Some(id) => self.about_id(view, Prop::Concerns, id, Class::Application),
            None => Ok(()),
        }
    }

    pub(super) fn except(&mut self, view: &View, act: &ExceptionAct) -> Result<(), Stop> {
        match act {
            ExceptionAct::Withdraw { exception } => {
                self.about_id(view, Prop::Concerns, *exception, Class::Exception)
            }
            ExceptionAct::Grant(grant) => {
                let Grant { member, act, rule, .. } = grant.as_ref();
                self.put("permits", Attr::Text(act.clone()));
                if let Some(rule) = rule {
                    self.put("rule", Attr::Text(rule.clone()));
                }
                self.resource = ("Agent", member.to_string());
                self.agents.push(*member);
                Ok(())
            }
        }
    }

    pub(super) fn case(&mut self, view: &View, act: &CaseAct) -> Result<(), Stop> {
        match act {
            CaseAct::Open { decision, against, .. } => {
                let kind = if decision.is_some() { "appeal" } else { "report" };
                self.put("kind", Attr::Text(kind.to_owned()));
                self.put("against", Attr::Agents(against.clone()));
                self.agents.extend(against);
            }
            CaseAct::Assign { assignee, .. } => self.put_agent("assignee", Some(*assignee)),
            CaseAct::Close { how, .. } => self.put("outcome", Attr::Text(how.code().to_owned())),
            CaseAct::Say { .. } | CaseAct::Withdraw { .. } => {}
        }
        match act.case() {
            Some(id) => self.about_id(view, Prop::Concerns, id, Class::Case),
            None => Ok(()),
        }
    }

    pub(super) fn stop(&mut self, view: &View, act: &StopAct) -> Result<(), Stop> {
        match act {
            StopAct::SuspendRule { policy, until, .. } => {
                self.put("policy", Attr::Text(policy.clone()));
                self.put("until", Attr::Instant(*until));
                Ok(())
            }
            StopAct::RestoreRule { stop } => self.about_id(view, Prop::Concerns, *stop, Class::Stop),
            StopAct::Pause { .. } | StopAct::Resume { .. } => Ok(()),
        }
    }

    pub(super) fn amend(&mut self, view: &View, scene: Scene, act: &AmendAct) -> Result<(), Stop> {
        self.put("sandbox", Attr::Flag(scene.sandbox));
        match act {
            AmendAct::Draft { effects, .. } => {
                let named = effects.iter().filter_map(|effect| effect.get("act")?.as_str());
                self.put("effects", Attr::Texts(named.map(str::to_owned).collect()));
            }
            AmendAct::AppointProxy { delegate, topics, .. } => {
                self.put_agent("delegate", Some(*delegate));
                self.put("topics", Attr::Texts(topics.clone()));
            }
            AmendAct::EndProxy { proxy } => self.about_id(view, Prop::Delegate, *proxy, Class::Proxy)?,
            AmendAct::Enter { voter, .. } => self.put_agent("voter", Some(*voter)),
            _ => {}
        }
        match act.amendment() {
            Some(id) => self.about_id(view, Prop::Concerns, id, Class::Amendment),
            None => Ok(()),
        }
    }

    /// A question about somebody made up: what the gate asks candidates with.
    pub(crate) fn made_up(
        (id, entity): (Id, Entity),
        scene: Scene,
        action: &str,
        amendment: Option<Record>,
    ) -> Ask {
        let mut ask = Ask::blank(Principal::Agent(id), action, scene.network);
        ask.agents.clear();
        ask.made_up.push(entity);
        ask.put("sandbox", Attr::Flag(scene.sandbox));
        if action == "draftAmendment" {
            ask.put("effects", Attr::Texts(Vec::new()));
        }
        if let Some(amendment) = amendment {
            ask.about_record(&Arc::new(amendment));
        }
        ask
    }
}
