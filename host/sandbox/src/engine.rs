//! Engine, ticker and limits, made together.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sha2::{Digest, Sha256};
use wasmtime::component::{Component, Linker};
use wasmtime::{
    Config, Engine, InstanceAllocationStrategy, OperatorCost, PoolingAllocationConfig, ResourceLimiter, Store,
};

use crate::limits::{
    FUEL_BASE, FUEL_PER_ITEM, HOSTCALL_BYTES_MAX, INSTANCES_MAX, INTERPRETED_FUEL_BASE,
    INTERPRETED_FUEL_PER_ITEM, MEMORIES_MAX, MEMORY_BYTES_MAX, STACK_BYTES_MAX, TABLE_ELEMENTS_MAX,
    TABLES_MAX, TICK_MS, TICKS_MAX,
};

/// The version of the engine, which stands beside the profile hash in receipts.
pub const ENGINE: &str = "wasmtime 48";

/// What a store carries: the limiter.
#[derive(Debug, Default)]
pub struct Guard {
    pub(crate) refused_memory: bool,
    /// Bytes of all memories.
    memory_bytes: usize,
}

impl ResourceLimiter for Guard {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.memory_bytes = self.memory_bytes.saturating_add(desired.saturating_sub(current));
        if self.memory_bytes > MEMORY_BYTES_MAX {
            // A trap, not a failed grow: what a guest's allocator makes of failure is its own affair.
            self.refused_memory = true;
            return Err(wasmtime::Error::msg("memory limit"));
        }
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        if desired > TABLE_ELEMENTS_MAX {
            self.refused_memory = true;
            return Err(wasmtime::Error::msg("table limit"));
        }
        Ok(true)
    }

    fn instances(&self) -> usize {
        16
    }

    fn tables(&self) -> usize {
        TABLES_MAX as usize
    }

    fn memories(&self) -> usize {
        MEMORIES_MAX as usize
    }
}

/// The engine with everything that bounds it.
pub struct Sandbox {
    engine: Engine,
    stop: Arc<AtomicBool>,
    profile: String,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn config(pooled: bool) -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .concurrency_support(false)
        .consume_fuel(true)
        .operator_cost(OperatorCost::default())
        .epoch_interruption(true)
        .cranelift_nan_canonicalization(true)
        .wasm_relaxed_simd(false)
        .wasm_memory64(false)
        // An interpreted rule lies beside its engine, and what goes between the two copies from memory to memory.
        .wasm_multi_memory(true)
        .wasm_tail_call(false)
        .wasm_function_references(false)
        .wasm_gc(false)
        .max_wasm_stack(STACK_BYTES_MAX)
        .memory_reservation(MEMORY_BYTES_MAX as u64)
        .memory_guard_size(64 << 10);
    if pooled {
        let mut pool = PoolingAllocationConfig::new();
        pool.total_component_instances(INSTANCES_MAX)
            .total_core_instances(INSTANCES_MAX * 4)
            .total_memories(INSTANCES_MAX * 2)
            .total_tables(INSTANCES_MAX * 2)
            .max_memory_size(MEMORY_BYTES_MAX)
            .table_elements(TABLE_ELEMENTS_MAX)
            .max_memories_per_component(MEMORIES_MAX)
            .max_memories_per_module(1);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    }
    config
}

impl Sandbox {
    /// Engine, ticker and limits. Where address space is too tight for the pool, instances are made on
    /// demand: slower, with the same answers.
    pub fn new() -> wasmtime::Result<Sandbox> {
        match Engine::new(&config(true)) {
            Ok(engine) => Sandbox::around(engine),
            Err(_) => Sandbox::around(Engine::new(&config(false))?),
        }
    }

    /// An engine that goes another way to the same answers: it interprets what the other one compiles for this machine.
    pub(crate) fn interpreting() -> wasmtime::Result<Sandbox> {
        Sandbox::around(Engine::new(config(false).target("pulley64")?)?)
    }

    fn around(engine: Engine) -> wasmtime::Result<Sandbox> {
        let stop = Arc::new(AtomicBool::new(false));
        let (ticking, stopped) = (engine.weak(), stop.clone());
        std::thread::Builder::new().name("sandbox-ticker".into()).spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(TICK_MS));
                match ticking.upgrade() {
                    Some(engine) => engine.increment_epoch(),
                    None => break,
                }
            }
        })?;
        Ok(Sandbox { engine, stop, profile: profile() })
    }

    /// The hash over configuration, limits and fuel cost table, sixteen hexadecimal digits. Fuel is
    /// compared only under an equal one.
    pub fn profile(&self) -> &str {
        &self.profile
    }

    /// The engine.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// An empty linker: there is nothing to import.
    pub(crate) fn linker(&self) -> Linker<Guard> {
        Linker::new(&self.engine)
    }

    /// A fresh store for a call with so much fuel.
    pub(crate) fn store(&self, fuel: u64) -> wasmtime::Result<Store<Guard>> {
        let mut store = Store::new(&self.engine, Guard::default());
        store.limiter(|guard| guard);
        store.set_fuel(fuel)?;
        store.set_epoch_deadline(TICKS_MAX);
        store.epoch_deadline_trap();
        store.set_hostcall_fuel(HOSTCALL_BYTES_MAX);
        Ok(store)
    }

    /// Compiles component bytes; only ever called in the admission child and in tests.
    pub(crate) fn compile(&self, bytes: &[u8]) -> wasmtime::Result<Component> {
        Component::new(&self.engine, bytes)
    }

    /// The name under which an artefact of this engine is cached: another version or configuration
    /// gives another name.
    pub fn artefact_name(&self, digest: &str) -> String {
        use std::hash::{Hash, Hasher};
        let mut hasher = std::hash::DefaultHasher::new();
        self.engine.precompile_compatibility_hash().hash(&mut hasher);
        format!("{digest}-{:016x}.cwasm", hasher.finish())
    }

    /// Maps an artefact that this node compiled itself.
    #[expect(unsafe_code, reason = "the one place: the file was written by this node's own admission")]
    pub(crate) fn map(&self, artefact: &Path) -> wasmtime::Result<Component> {
        // SAFETY: artefacts are written only by `admission`, into a folder that only the node's user
        // can write, from what its own child of the same binary compiled.
        unsafe { Component::deserialize_file(&self.engine, artefact) }
    }
}

fn profile() -> String {
    let cost = OperatorCost::default();
    let text = format!(
        "{ENGINE}; nan canonical; no relaxed simd, threads, memory64, gc; memory {MEMORY_BYTES_MAX}; \
         hostcall {HOSTCALL_BYTES_MAX}; fuel {FUEL_BASE}+{FUEL_PER_ITEM}, interpreted \
         {INTERPRETED_FUEL_BASE}+{INTERPRETED_FUEL_PER_ITEM}; {cost:?}"
    );
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
