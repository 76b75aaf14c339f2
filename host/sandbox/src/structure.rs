//! What a component is made of, read without compiling or running anything of it: the counts that bound what compiling
//! it may cost.

use serde::{Deserialize, Serialize};
use wasmparser::{BinaryReaderError, MemoryType, Parser, Payload};

use crate::error::AdmissionError;
use crate::limits::{
    CODE_BYTES_MAX, DATA_BYTES_MAX, FUNCTIONS_MAX, LOCALS_MAX, MEMORIES_MAX, MEMORY_BYTES_MAX, MODULES_MAX,
    NESTING_MAX, TABLES_MAX,
};

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

fn unreadable(error: BinaryReaderError) -> AdmissionError {
    AdmissionError::NotComponent(error.to_string())
}

/// Goes through a component's parts, each with how deep it lies: nothing is deeper than the component itself but what is
/// in components and modules within it.
pub(crate) fn each<'a>(
    bytes: &'a [u8],
    mut look: impl FnMut(u64, Payload<'a>) -> Result<(), AdmissionError>,
) -> Result<(), AdmissionError> {
    let mut nesting = 0u64;
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(unreadable)?;
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => nesting += 1,
            Payload::End(_) => nesting = nesting.saturating_sub(1),
            _ => {}
        }
        look(nesting, payload)?;
    }
    Ok(())
}

impl Structure {
    /// Counts.
    pub fn of(bytes: &[u8]) -> Result<Structure, AdmissionError> {
        let mut counted = Structure::default();
        each(bytes, |nesting, payload| {
            counted.nesting = counted.nesting.max(nesting);
            counted.count(payload).map_err(unreadable)
        })?;
        Ok(counted)
    }

    fn count(&mut self, payload: Payload) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::ModuleSection { .. } => self.modules += 1,
            Payload::CodeSectionEntry(body) => {
                self.functions += 1;
                self.code_bytes = self.code_bytes.max(body.as_bytes().len() as u64);
                let mut locals = 0u64;
                for some in body.get_locals_reader()? {
                    locals += u64::from(some?.0);
                }
                self.locals = self.locals.max(locals);
            }
            Payload::DataSection(section) => self.data_bytes += section.range().len() as u64,
            Payload::MemorySection(section) => {
                for memory in section {
                    self.memories += 1;
                    self.memory_bytes += begins_with(&memory?);
                }
            }
            Payload::TableSection(section) => self.tables += u64::from(section.count()),
            _ => {}
        }
        Ok(())
    }

    /// Whether it is as little as is compiled, or which limit it passes.
    pub fn check(&self) -> Result<(), AdmissionError> {
        let table = [
            ("core modules", self.modules, MODULES_MAX),
            ("functions", self.functions, FUNCTIONS_MAX),
            ("bytes of code in one function", self.code_bytes, CODE_BYTES_MAX),
            ("locals in one function", self.locals, LOCALS_MAX),
            ("bytes of data", self.data_bytes, DATA_BYTES_MAX),
            ("memories", self.memories, MEMORIES_MAX.into()),
            ("bytes of memory to begin with", self.memory_bytes, MEMORY_BYTES_MAX as u64),
            ("tables", self.tables, TABLES_MAX.into()),
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
