//! Calling a plugin: a fresh instance, typed, bounded, dropped.

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use valueflows::Surface;
use wasmtime::Trap;
use wasmtime::component::InstancePre;

use crate::bindings::{access, duties, matching, pricing, tally};
use crate::draft::{self, Older};
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
    Tally(tally::TallyPre<Guard>),
    /// Built before the interface was frozen.
    Older(draft::World),
}

impl World {
    fn of(surface: Surface, pre: InstancePre<Guard>) -> wasmtime::Result<World> {
        Ok(match surface {
            Surface::Access => World::Access(access::AccessPre::new(pre)?),
            Surface::Pricing => World::Pricing(pricing::PricingPre::new(pre)?),
            Surface::Duties => World::Duties(duties::DutiesPre::new(pre)?),
            Surface::Matching => World::Matching(matching::MatchingPre::new(pre)?),
            Surface::Tally => World::Tally(tally::TallyPre::new(pre)?),
        })
    }
}

/// What it is told that is asked on another world than its own, or in words that it has not got.
pub(crate) fn elsewhere() -> wasmtime::Error {
    wasmtime::Error::msg("it is asked what its world has no words for")
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
            if items.len() > ITEMS_MAX {
                return Err(self.fail(FailureClass::TooLarge, "too many items in one call"));
            }
            let fuel = self.manifest.fuel.fuel(items.len());
            let mut store = self.sandbox.store(fuel).map_err(|error| self.trapped(&error, false))?;
            let outcome = match &self.world {
                World::$variant(pre) => pre
                    .instantiate(&mut store)
                    .and_then(|instance| instance.$interface().$call(&mut store, context, items)),
                World::Older(older) => older.$method(&mut store, context, items),
                _ => Err(elsewhere()),
            };
            let verdicts = outcome.map_err(|error| self.trapped(&error, store.data().refused_memory))?;
            if verdicts.len() != items.len() {
                return Err(self.fail(FailureClass::WrongShape, "it did not answer once for each item"));
            }
            let left = store.get_fuel().unwrap_or_default();
            Ok(Answer { verdicts, fuel: fuel.saturating_sub(left) })
        }
    };
}

/// What is the same in every world, done in the one that a component is of.
macro_rules! in_world {
    ($plugin:ident, $store:ident, $call:ident $args:tt, $older:ident => $elder:expr) => {
        in_world!(@each $plugin, $store, $call $args, $older => $elder;
            Access reflow_plugin_gate, Pricing reflow_plugin_pricer, Duties reflow_plugin_obliger,
            Matching reflow_plugin_matcher, Tally reflow_plugin_counter)
    };
    (@each $plugin:ident, $store:ident, $call:ident $args:tt, $older:ident => $elder:expr;
        $($variant:ident $interface:ident),*) => {
        match &$plugin.world {
            $(World::$variant(pre) => pre
                .instantiate(&mut $store)
                .and_then(|it| in_world!(@call it.$interface(), $store, $call $args)),)*
            World::Older($older) => $elder,
        }
    };
    (@call $it:expr, $store:ident, $call:ident ($($arg:expr),*)) => {
        $it.$call(&mut $store, $($arg),*)
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
        let world = World::of(manifest.world, pre.clone()).or_else(|error| {
            // What fits the older words lies in somebody's books; whether it comes in is for `admit` to say.
            let older = draft::World::of(manifest.world, pre).and_then(Result::ok);
            older.map(World::Older).ok_or_else(|| misfit(error))
        })?;
        Ok(Plugin { manifest, digest: digest.to_owned(), sandbox: sandbox.clone(), world })
    }

    /// The hash of the profile of the engine that it runs in: fuel is compared under an equal one only.
    pub fn engine(&self) -> &str {
        self.sandbox.profile()
    }

    /// Whether it was built before the interface was frozen.
    pub fn is_older(&self) -> bool {
        matches!(self.world, World::Older(_))
    }

    /// What it is asked, as bytes: in the words in which it hears it.
    pub fn asked<T: Older>(&self, context: &types::Context, item: &T) -> [Vec<u8>; 2] {
        // Serialising plain rows cannot fail.
        fn bytes(said: &impl Serialize) -> Vec<u8> {
            serde_json::to_vec(said).unwrap_or_default()
        }
        match self.is_older() {
            true => [bytes(&draft::context(context)), bytes(&item.older())],
            false => [bytes(context), bytes(item)],
        }
    }

    surface! { /// Facts or vetoes about acts.
    judge, Access, reflow_plugin_gate, call_judge, types::Act, types::GateVerdict }
    surface! { /// Prices of deals.
    quote, Pricing, reflow_plugin_pricer, call_quote, types::Deal, types::QuoteVerdict }
    surface! { /// Duties that follow.
    oblige, Duties, reflow_plugin_obliger, call_oblige, types::Cause, types::DutyVerdict }
    surface! { /// Offers in order, why one is not among them, and who gets what in a round.
    answer, Matching, reflow_plugin_matcher, call_answer, types::Ask, types::MatchVerdict }
    surface! { /// What comes of votes.
    count, Tally, reflow_plugin_counter, call_count, types::Poll, types::CountVerdict }

    /// What it finds wrong with settings of its own types, in a code of its manifest. Whoever was built before it could
    /// be asked finds nothing.
    pub fn check_settings(
        &self,
        settings: &[types::Setting],
        units: &[types::Unit],
    ) -> Result<Option<types::Reason>, CallError> {
        let mut store =
            self.sandbox.store(self.manifest.fuel.fuel(0)).map_err(|error| self.trapped(&error, false))?;
        let outcome = in_world!(self, store, call_check_settings(settings, units), _older => Ok(None));
        outcome.map_err(|error| self.trapped(&error, store.data().refused_memory))
    }

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
        let mut store =
            self.sandbox.store(self.manifest.fuel.fuel(0)).map_err(|error| self.trapped(&error, false))?;
        let outcome = match &self.world {
            World::Access(pre) => pre.instantiate(&mut store).map(drop),
            World::Pricing(pre) => pre.instantiate(&mut store).map(drop),
            World::Duties(pre) => pre.instantiate(&mut store).map(drop),
            World::Matching(pre) => pre.instantiate(&mut store).map(drop),
            World::Tally(pre) => pre.instantiate(&mut store).map(drop),
            World::Older(older) => older.instantiate(&mut store),
        };
        outcome.map_err(|error| self.trapped(&error, false))
    }

    /// The interface that its world exports, without the version.
    pub(crate) fn interface(&self) -> &'static str {
        match self.manifest.world {
            Surface::Access => "reflow:plugin/gate@",
            Surface::Pricing => "reflow:plugin/pricer@",
            Surface::Duties => "reflow:plugin/obliger@",
            Surface::Matching => "reflow:plugin/matcher@",
            Surface::Tally => "reflow:plugin/counter@",
        }
    }

    /// Asks nothing, and takes the fuel that it took; an answer to what was not asked is no answer.
    pub(crate) fn answer_nothing(&self) -> Result<u64, CallError> {
        let nothing = types::Context::nothing();
        Ok(match self.manifest.world {
            Surface::Access => self.judge(&nothing, &[])?.fuel,
            Surface::Pricing => self.quote(&nothing, &[])?.fuel,
            Surface::Duties => self.oblige(&nothing, &[])?.fuel,
            Surface::Matching => self.answer(&nothing, &[])?.fuel,
            Surface::Tally => self.count(&nothing, &[])?.fuel,
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

impl types::Context {
    /// What is said where there is nothing to say.
    pub fn nothing() -> types::Context {
        types::Context {
            now: 0,
            day: 0,
            seed: Vec::new(),
            locale: String::new(),
            settings: Vec::new(),
            units: Vec::new(),
            agents: Vec::new(),
            memberships: Vec::new(),
            specs: Vec::new(),
            stocks: Vec::new(),
            agreements: Vec::new(),
            commitments: Vec::new(),
            events: Vec::new(),
            intents: Vec::new(),
            found: Vec::new(),
        }
    }
}
