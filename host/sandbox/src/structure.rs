//! What a component is made of, read without compiling or running anything of it: the manifest, and the counts that
//! bound what compiling it may cost.

use serde::{Deserialize, Serialize};
use wasmparser::{Encoding, MemoryType, Parser, Payload};

use crate::error::AdmissionError;
use crate::limits::{
    CODE_BYTES_MAX, DATA_BYTES_MAX, FUNCTIONS_MAX, LOCALS_MAX, MANIFEST_BYTES_MAX, MEMORIES_MAX,
    MEMORY_BYTES_MAX, MODULES_MAX, NESTING_MAX, TABLES_MAX,
};
use crate::manifest::{Manifest, SECTION};

/// The counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Structure {
    /// Core modules, those that wrapping adds among them.
    pub modules: u64,
    /// Functions with a body.
    pub functions: u64,
    /// Bytes of the largest of their bodies.
    pub code_bytes: u64,
    /// Locals of whichever has most.
    pub locals: u64,
    /// Bytes of data that an instance begins with.
    pub data_bytes: u64,
    /// Memories.
    pub memories: u64,
    /// Bytes of memory that an instance begins with.
    pub memory_bytes: u64,
    /// Tables.
    pub tables: u64,
    /// How deep components and modules lie in one another.
    pub nesting: u64,
}

fn unreadable(error: impl ToString) -> AdmissionError {
    AdmissionError::NotComponent(error.to_string())
}

impl Structure {
    /// Counts, or says which limit is passed.
    pub fn of(bytes: &[u8]) -> Result<Structure, AdmissionError> {
        let mut counted = Structure::default();
        let mut depth = 0u64;
        for payload in Parser::new(0).parse_all(bytes) {
            match payload.map_err(unreadable)? {
                Payload::ModuleSection { .. } => {
                    counted.modules += 1;
                    depth += 1;
                }
                Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::CodeSectionEntry(body) => {
                    counted.functions += 1;
                    counted.code_bytes = counted.code_bytes.max(body.as_bytes().len() as u64);
                    let mut locals = 0u64;
                    for some in body.get_locals_reader().map_err(unreadable)? {
                        locals += u64::from(some.map_err(unreadable)?.0);
                    }
                    counted.locals = counted.locals.max(locals);
                }
                Payload::DataSection(section) => counted.data_bytes += section.range().len() as u64,
                Payload::MemorySection(section) => {
                    for memory in section {
                        counted.memories += 1;
                        counted.memory_bytes += begins_with(&memory.map_err(unreadable)?);
                    }
                }
                Payload::TableSection(section) => counted.tables += u64::from(section.count()),
                _ => {}
            }
            counted.nesting = counted.nesting.max(depth);
        }
        counted.check().map(|()| counted)
    }

    fn check(&self) -> Result<(), AdmissionError> {
        let table = [
            ("core modules", self.modules, MODULES_MAX),
            ("functions", self.functions, FUNCTIONS_MAX),
            ("bytes of code in one function", self.code_bytes, CODE_BYTES_MAX),
            ("locals in one function", self.locals, LOCALS_MAX),
            ("bytes of data", self.data_bytes, DATA_BYTES_MAX),
            ("memories", self.memories, MEMORIES_MAX),
            ("bytes of memory to begin with", self.memory_bytes, MEMORY_BYTES_MAX as u64),
            ("tables", self.tables, TABLES_MAX),
            ("levels of components within components", self.nesting, NESTING_MAX),
        ];
        match table.into_iter().find(|(_, found, limit)| found > limit) {
            Some((what, found, limit)) => {
                Err(AdmissionError::TooComplex { what: what.to_owned(), found, limit })
            }
            None => Ok(()),
        }
    }
}

fn begins_with(memory: &MemoryType) -> u64 {
    let page = 1u64 << memory.page_size_log2.unwrap_or(16);
    memory.initial.saturating_mul(page)
}

/// Reads the manifest out of component bytes, without running anything.
pub fn manifest_of(bytes: &[u8]) -> Result<Manifest, AdmissionError> {
    let mut found = None;
    let mut depth = 0usize;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(unreadable)? {
            Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => {
                return Err(AdmissionError::NotComponent("it is a core module".into()));
            }
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::CustomSection(section) if depth == 0 && section.name() == SECTION => {
                let before = found.replace(section.data());
                if before.is_some() {
                    return Err(AdmissionError::Manifest("there are two".into()));
                }
            }
            _ => {}
        }
    }
    let section = found.ok_or_else(|| AdmissionError::Manifest("there is none".into()))?;
    if section.len() > MANIFEST_BYTES_MAX {
        return Err(AdmissionError::Manifest(format!("it is longer than {MANIFEST_BYTES_MAX} bytes")));
    }
    Manifest::parse(section).map_err(AdmissionError::Manifest)
}
