//! The questions about acts of governing: memberships, and changes of the rules.

use std::sync::Arc;

use cedar_policy::Entity;
use governance::{AmendAct, MemberAct, StopAct};
use ledger::{Stop, View};
use valueflows::{Class, Id, Prop, Record};

use super::{Ask, Attr};
use crate::scene::{Principal, Scene};

impl Ask {
    pub(super) fn member(&mut self, act: &MemberAct) {
        if let Some(role) = act.role() {
            self.put("role", Attr::Text(role.to_owned()));
        }
        if let MemberAct::Suspend { until, .. } = act {
            self.put("until", Attr::Instant(*until));
        }
        self.resource = ("Agent", act.member().to_string());
        self.agents.push(act.member());
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
