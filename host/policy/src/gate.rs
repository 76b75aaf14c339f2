//! The gate: one question, one ruling.

use cedar_policy::{Authorizer, Decision, Effect, Entities, Entity, PolicyId, PolicySet, Request};
use ledger::View;
use valueflows::{FactGroup, FactValue};

use crate::compile::{CompiledBook, Shape};
use crate::error::BookError;
use crate::mapping::Ask;
use crate::scene::Scene;
use crate::stack::shallow;

/// The generation of host code that judges: it rises when reading, mapping, deciding, rounding or an
/// engine could change an answer.
pub const SEMANTICS: u32 = 5;

/// The engine that decides, and the generation of host code around it.
pub fn engine_version() -> String {
    format!("cedar {} semantics {SEMANTICS}", cedar_policy::get_sdk_version())
}

/// The facts of a question, by group.
pub type Facts = [(FactGroup, Vec<FactValue>)];

/// Whether.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A permit applies and no forbid does.
    Permit,
    /// A forbid applies, or no permit does, or a forbid erred.
    Refuse,
}

/// What the gate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// Whether.
    pub verdict: Verdict,
    /// The policies that settled it, in the order of their ids; none when nothing permits.
    pub policies: Vec<String>,
    /// Policies that erred, in the order of their ids; each is worth an alarm.
    pub erred: Vec<String>,
}

pub(crate) struct Asked {
    pub request: Request,
    pub entities: Entities,
    pub shape: Shape,
}

impl CompiledBook {
    pub(crate) fn pose(
        &self,
        view: &View,
        scene: Scene,
        ask: &Ask,
        facts: &Facts,
    ) -> Result<Asked, BookError> {
        // Whatever Cedar makes of values looks at the stack, too.
        shallow(|| self.posed(view, scene, ask, facts))
    }

    fn posed(&self, view: &View, scene: Scene, ask: &Ask, facts: &Facts) -> Result<Asked, BookError> {
        let (request, entities): (Request, Vec<Entity>) = ask.request(view, scene, facts)?;
        let part = |uid: Option<&cedar_policy::EntityUid>| {
            uid.cloned().ok_or_else(|| BookError::Engine("a request with an unknown part".to_owned()))
        };
        let entities = self.actions.with(&part(request.action())?, entities)?;
        let shape = Shape {
            principal: part(request.principal())?.type_name().clone(),
            action: part(request.action())?,
            resource: part(request.resource())?.type_name().clone(),
        };
        Ok(Asked { request, entities, shape })
    }

    /// Asks Cedar, with the policies that can apply.
    pub fn decide(&self, view: &View, scene: Scene, ask: &Ask, facts: &Facts) -> Result<Ruling, BookError> {
        self.decide_without(view, scene, ask, facts, &[])
    }

    /// The same, while some rules that forbid something are suspended.
    pub fn decide_without(
        &self,
        view: &View,
        scene: Scene,
        ask: &Ask,
        facts: &Facts,
        suspended: &[String],
    ) -> Result<Ruling, BookError> {
        // Books from before delegations carry no policy that keeps a token within its bounds.
        if scene.via.delegation().is_some() && self.book.semantics < 2 {
            return Ok(Ruling { verdict: Verdict::Refuse, policies: Vec::new(), erred: Vec::new() });
        }
        let asked = self.pose(view, scene, ask, facts)?;
        let slice = self.slice(&asked.shape).of_request(&asked.request, &asked.entities)?;
        if suspended.is_empty() {
            return Ok(self.rule(&asked, &slice));
        }
        let stands =
            |policy: &&cedar_policy::Policy| !suspended.iter().any(|id| policy.id() == &PolicyId::new(id));
        let rest = PolicySet::from_policies(slice.policies().filter(stands).cloned());
        let rest = rest.map_err(|error| BookError::Engine(error.to_string()))?;
        Ok(self.rule(&asked, &rest))
    }

    /// Whether a rule may be suspended: one of the network's own that forbids something.
    pub fn may_be_suspended(&self, policy: &str) -> bool {
        let own = self.book.policies.iter().any(|own| own.id == policy && !own.protected);
        let forbids =
            self.policies.policy(&PolicyId::new(policy)).is_some_and(|one| one.effect() == Effect::Forbid);
        own && forbids
    }

    /// The same with every policy of the book: what the slices are held against by a test.
    pub fn decide_unsliced(
        &self,
        view: &View,
        scene: Scene,
        ask: &Ask,
        facts: &Facts,
    ) -> Result<Ruling, BookError> {
        let asked = self.pose(view, scene, ask, facts)?;
        Ok(self.rule(&asked, &self.policies))
    }

    fn rule(&self, asked: &Asked, policies: &cedar_policy::PolicySet) -> Ruling {
        let answer = || Authorizer::new().is_authorized(&asked.request, policies, &asked.entities);
        let response = shallow(answer);
        let diagnostics = response.diagnostics();
        let mut settled: Vec<String> = diagnostics.reason().map(ToString::to_string).collect();
        let mut erred: Vec<String> = diagnostics
            .errors()
            .map(|error| match error {
                cedar_policy::AuthorizationError::PolicyEvaluationError(error) => {
                    error.policy_id().to_string()
                }
            })
            .collect();
        settled.sort();
        erred.sort();
        let is_forbid = |id: &&String| {
            self.policies.policy(&PolicyId::new(id)).is_none_or(|policy| policy.effect() == Effect::Forbid)
        };
        let erring_forbids: Vec<String> = erred.iter().filter(is_forbid).cloned().collect();
        // Cedar skips what errs, forbids included; here an erring forbid refuses.
        let (verdict, policies) = match (response.decision(), erring_forbids.is_empty()) {
            (Decision::Allow, true) => (Verdict::Permit, settled),
            (Decision::Allow, false) => (Verdict::Refuse, erring_forbids),
            (Decision::Deny, _) => (Verdict::Refuse, settled),
        };
        Ruling { verdict, policies, erred }
    }
}
