//! Calling a plugin: a fresh instance, typed, bounded, dropped.

use std::path::Path;
use std::sync::Arc;

use valueflows::Surface;
use wasmtime::Trap;

use crate::bindings::{access, duties, matching, pricing};
use crate::engine::{Guard, Sandbox};
use crate::error::{AdmissionError, CallError, FailureClass};
use crate::limits::ITEMS_MAX;
use crate::manifest::Manifest;
use crate::types;

/// A component, linked once to its world and ready for calls.
pub struct Plugin {
    /// What it says of itself.
    pub manifest: Manifest,
    /// The digest of its bytes, in hexadecimal.
    pub digest: String,
    sandbox: Arc<Sandbox>,
    world: World,
}

enum World {
    Access(access::AccessPre<Guard>),
    Pricing(pricing::PricingPre<Guard>),
    Duties(duties::DutiesPre<Guard>),
    Matching(matching::MatchingPre<Guard>),
}

/// An answer, and the fuel it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T> {
    /// One verdict an item.
    pub verdicts: Vec<T>,
    /// Fuel used; comparable under one profile only.
    pub fuel: u64,
}

macro_rules! surface {
    ($(#[$doc:meta])* $method:ident, $variant:ident, $interface:ident, $call:ident, $item:ty, $verdict:ty) => {
        $(#[$doc])*
        pub fn $method(
            &self,
            context: &types::Context,
            items: &[$item],
        ) -> Result<Answer<$verdict>, CallError> {
            let World::$variant(pre) = &self.world else {
                return Err(self.fail(FailureClass::WrongShape, "it is bound to another world than its own"));
            };
            if items.len() > ITEMS_MAX {
                return Err(self.fail(FailureClass::TooLarge, "too many items in one call"));
            }
            let (mut store, fuel) = self.sandbox.store(items.len()).map_err(|error| self.trapped(&error, false))?;
            let outcome = pre
                .instantiate(&mut store)
                .and_then(|instance| instance.$interface().$call(&mut store, context, items));
            let verdicts = outcome.map_err(|error| self.trapped(&error, store.data().refused_memory))?;
            if verdicts.len() != items.len() {
                return Err(self.fail(FailureClass::WrongShape, "it did not answer once for each item"));
            }
            let left = store.get_fuel().unwrap_or_default();
            Ok(Answer { verdicts, fuel: fuel.saturating_sub(left) })
        }
    };
}

impl Plugin {
    /// Maps an artefact of this node's own making and links it to its world.
    pub fn load(
        sandbox: &Arc<Sandbox>,
        manifest: Manifest,
        digest: &str,
        artefact: &Path,
    ) -> Result<Plugin, AdmissionError> {
        let component = sandbox.map(artefact).map_err(|error| AdmissionError::Compile(error.to_string()))?;
        Plugin::link(sandbox, manifest, digest, &component)
    }

    pub(crate) fn link(
        sandbox: &Arc<Sandbox>,
        manifest: Manifest,
        digest: &str,
        component: &wasmtime::component::Component,
    ) -> Result<Plugin, AdmissionError> {
        let misfit = |error: wasmtime::Error| AdmissionError::World {
            world: manifest.world.as_str().to_owned(),
            problem: format!("{error:#}"),
        };
        let pre = sandbox.linker().instantiate_pre(component).map_err(misfit)?;
        let world = match manifest.world {
            Surface::Access => World::Access(access::AccessPre::new(pre).map_err(misfit)?),
            Surface::Pricing => World::Pricing(pricing::PricingPre::new(pre).map_err(misfit)?),
            Surface::Duties => World::Duties(duties::DutiesPre::new(pre).map_err(misfit)?),
            Surface::Matching => World::Matching(matching::MatchingPre::new(pre).map_err(misfit)?),
        };
        Ok(Plugin { manifest, digest: digest.to_owned(), sandbox: sandbox.clone(), world })
    }

    surface! { /// Facts or vetoes about acts.
    judge, Access, reflow_plugin_gate, call_judge, types::Act, types::GateVerdict }
    surface! { /// Prices of deals.
    quote, Pricing, reflow_plugin_pricer, call_quote, types::Deal, types::QuoteVerdict }
    surface! { /// Duties that follow.
    oblige, Duties, reflow_plugin_obliger, call_oblige, types::Cause, types::DutyVerdict }
    surface! { /// Offers in order.
    rank, Matching, reflow_plugin_matcher, call_rank, types::Wish, types::RankVerdict }

    /// Instantiate, typed call, drop, with nothing of ours around it but what the engine itself needs:
    /// what the bench holds [`Plugin::judge`] against.
    pub fn judge_bare(&self, context: &types::Context, items: &[types::Act]) -> wasmtime::Result<usize> {
        let World::Access(pre) = &self.world else { return Ok(0) };
        let mut store = wasmtime::Store::new(self.sandbox.engine(), Guard::default());
        store.set_fuel(u64::MAX)?;
        store.set_epoch_deadline(u64::MAX / 2);
        let instance = pre.instantiate(&mut store)?;
        Ok(instance.reflow_plugin_gate().call_judge(&mut store, context, items)?.len())
    }

    /// Instantiates and drops, as the floor that a call is measured against.
    pub fn instantiate_only(&self) -> Result<(), CallError> {
        let (mut store, _) = self.sandbox.store(0).map_err(|error| self.trapped(&error, false))?;
        let outcome = match &self.world {
            World::Access(pre) => pre.instantiate(&mut store).map(drop),
            World::Pricing(pre) => pre.instantiate(&mut store).map(drop),
            World::Duties(pre) => pre.instantiate(&mut store).map(drop),
            World::Matching(pre) => pre.instantiate(&mut store).map(drop),
        };
        outcome.map_err(|error| self.trapped(&error, false))
    }

    /// The interface that its world exports, without the version.
    pub(crate) fn interface(&self) -> &'static str {
        match &self.world {
            World::Access(_) => "reflow:plugin/gate@",
            World::Pricing(_) => "reflow:plugin/pricer@",
            World::Duties(_) => "reflow:plugin/obliger@",
            World::Matching(_) => "reflow:plugin/matcher@",
        }
    }

    /// Asks nothing, and takes the fuel that it took; an answer to what was not asked is no answer.
    pub(crate) fn answer_nothing(&self) -> Result<u64, CallError> {
        let nothing = types::Context {
            now: 0,
            settings: Vec::new(),
            units: Vec::new(),
            agents: Vec::new(),
            specs: Vec::new(),
            stocks: Vec::new(),
            agreements: Vec::new(),
            commitments: Vec::new(),
            events: Vec::new(),
            intents: Vec::new(),
            found: Vec::new(),
        };
        Ok(match &self.world {
            World::Access(_) => self.judge(&nothing, &[])?.fuel,
            World::Pricing(_) => self.quote(&nothing, &[])?.fuel,
            World::Duties(_) => self.oblige(&nothing, &[])?.fuel,
            World::Matching(_) => self.rank(&nothing, &[])?.fuel,
        })
    }

    /// A failure of this plugin.
    pub fn fail(&self, class: FailureClass, detail: &str) -> CallError {
        CallError { plugin: self.manifest.name.clone(), class, detail: detail.to_owned() }
    }

    fn trapped(&self, error: &wasmtime::Error, refused_memory: bool) -> CallError {
        let class = match error.downcast_ref::<Trap>() {
            _ if refused_memory => FailureClass::Memory,
            Some(Trap::OutOfFuel) => FailureClass::Fuel,
            Some(Trap::Interrupt) => FailureClass::Time,
            Some(Trap::StackOverflow) => FailureClass::Stack,
            Some(_) => FailureClass::Trap,
            None if format!("{error:#}").contains("fuel allocated for hostcalls") => FailureClass::TooLarge,
            None => FailureClass::WrongShape,
        };
        self.fail(class, &format!("{error:#}"))
    }
}
