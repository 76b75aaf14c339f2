//! Admission: from a stranger's bytes to something that may be called.
//!
//! Everything that reads or compiles the bytes happens in a child process of the same binary, with
//! limits on processor time, address space and wall clock: compiling hostile code may hang or eat
//! memory, and no engine promises otherwise.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wasmparser::{Encoding, Parser, Payload, Validator, WasmFeatures};
use wasmtime::component::types::ComponentItem;

use crate::call::Plugin;
use crate::child::{self, ChildError};
use crate::engine::Sandbox;
use crate::error::AdmissionError;
use crate::limits::{
    ARTEFACT_BYTES_MAX, COMPILE_CPU_S_MAX, COMPILE_FILE_BYTES_MAX, COMPILE_SPACE_BYTES_MAX,
    COMPILE_WALL_S_MAX, COMPONENT_BYTES_MAX, MANIFEST_BYTES_MAX,
};
use crate::manifest::{Manifest, SECTION};

/// An admitted component.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// The digest of its bytes, in hexadecimal.
    pub digest: String,
    /// Its manifest.
    pub manifest: Manifest,
    /// What the child compiled.
    pub artefact: Vec<u8>,
}

/// What the child says before the artefact.
#[derive(Serialize, Deserialize)]
enum Report {
    Admitted { digest: String, manifest: Box<Manifest> },
    Refused(String, Vec<String>),
}

/// The digest of component bytes, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads the manifest out of component bytes, without running anything.
pub fn manifest_of(bytes: &[u8]) -> Result<Manifest, AdmissionError> {
    let mut found = None;
    let mut depth = 0usize;
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(|error| AdmissionError::NotComponent(error.to_string()))?;
        match payload {
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

/// Admits bytes in this very process: for the child, and for tests of single checks.
pub fn admit(sandbox: &Arc<Sandbox>, bytes: &[u8]) -> Result<(Admitted, Plugin), AdmissionError> {
    if bytes.len() > COMPONENT_BYTES_MAX {
        return Err(AdmissionError::TooLarge { bytes: bytes.len(), limit: COMPONENT_BYTES_MAX });
    }
    Validator::new_with_features(WasmFeatures::default())
        .validate_all(bytes)
        .map_err(|error| AdmissionError::NotComponent(error.to_string()))?;
    let manifest = manifest_of(bytes)?;
    let component = sandbox.compile(bytes).map_err(|error| AdmissionError::Compile(format!("{error:#}")))?;
    let engine = sandbox.engine();
    for (name, item) in component.component_type().imports(engine) {
        let only_types = match &item.ty {
            ComponentItem::ComponentInstance(instance) => {
                instance.exports(engine).all(|(_, item)| matches!(item.ty, ComponentItem::Type(_)))
            }
            ComponentItem::Type(_) => true,
            _ => false,
        };
        if !only_types {
            return Err(AdmissionError::Imports(name.to_owned()));
        }
    }
    let digest = digest(bytes);
    let plugin = Plugin::link(sandbox, manifest.clone(), &digest, &component)?;
    plugin.instantiate_only().map_err(|error| AdmissionError::Compile(error.to_string()))?;
    let artefact = component.serialize().map_err(|error| AdmissionError::Compile(error.to_string()))?;
    Ok((Admitted { digest, manifest, artefact }, plugin))
}

/// Admits bytes in a child process: `program` is this binary, `argument` its hidden sub-command.
pub fn admit_in_child(program: &Path, argument: &str, bytes: &[u8]) -> Result<Admitted, AdmissionError> {
    admit_within(program, argument, bytes, Duration::from_secs(COMPILE_WALL_S_MAX))
}

/// The same with another limit of wall clock.
pub fn admit_within(
    program: &Path,
    argument: &str,
    bytes: &[u8],
    wall: Duration,
) -> Result<Admitted, AdmissionError> {
    if bytes.len() > COMPONENT_BYTES_MAX {
        return Err(AdmissionError::TooLarge { bytes: bytes.len(), limit: COMPONENT_BYTES_MAX });
    }
    let answer = child::ask(program, argument, bytes, (wall, ARTEFACT_BYTES_MAX));
    let (status, answer) = answer.map_err(|error| match error {
        ChildError::Io(problem) => AdmissionError::Child(problem),
        ChildError::TooMuch(_) => AdmissionError::Compile("it compiles into too much code".into()),
        ChildError::TooSlow(_) => AdmissionError::Compile(error.to_string()),
    })?;
    read_answer(&answer).unwrap_or_else(|| {
        Err(AdmissionError::Compile(format!("the child ended with {status} before it had an answer")))
    })
}

fn read_answer(answer: &[u8]) -> Option<Result<Admitted, AdmissionError>> {
    let (length, rest) = answer.split_first_chunk::<8>()?;
    let (report, artefact) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    Some(match serde_json::from_slice(report).ok()? {
        Report::Admitted { digest, manifest } => {
            Ok(Admitted { digest, manifest: *manifest, artefact: artefact.to_vec() })
        }
        Report::Refused(kind, words) => Err(refusal(&kind, words)),
    })
}

fn refusal(kind: &str, words: Vec<String>) -> AdmissionError {
    let mut words = words.into_iter();
    let mut next = || words.next().unwrap_or_default();
    match kind {
        "not-component" => AdmissionError::NotComponent(next()),
        "manifest" => AdmissionError::Manifest(next()),
        "imports" => AdmissionError::Imports(next()),
        "world" => AdmissionError::World { world: next(), problem: next() },
        _ => AdmissionError::Compile(next()),
    }
}

fn report(error: &AdmissionError) -> Report {
    let (kind, words) = match error {
        AdmissionError::NotComponent(why) => ("not-component", vec![why.clone()]),
        AdmissionError::Manifest(why) => ("manifest", vec![why.clone()]),
        AdmissionError::Imports(name) => ("imports", vec![name.clone()]),
        AdmissionError::World { world, problem } => ("world", vec![world.clone(), problem.clone()]),
        other => ("compile", vec![other.to_string()]),
    };
    Report::Refused(kind.to_owned(), words)
}

/// The child's whole life: limits on, bytes in, report and artefact out. Returns its exit status.
pub fn child_main() -> u8 {
    let limited = child::limit_self(COMPILE_CPU_S_MAX, COMPILE_SPACE_BYTES_MAX, COMPILE_FILE_BYTES_MAX);
    let mut bytes = Vec::new();
    let cap = COMPONENT_BYTES_MAX as u64 + 1;
    if !limited || std::io::stdin().lock().take(cap).read_to_end(&mut bytes).is_err() {
        return 3;
    }
    let outcome = Sandbox::new()
        .map_err(|error| AdmissionError::Compile(error.to_string()))
        .and_then(|sandbox| admit(&Arc::new(sandbox), &bytes).map(|(admitted, _)| admitted));
    let (report, artefact) = match outcome {
        Ok(admitted) => (
            Report::Admitted { digest: admitted.digest, manifest: Box::new(admitted.manifest) },
            admitted.artefact,
        ),
        Err(error) => (report(&error), Vec::new()),
    };
    let Ok(report) = serde_json::to_vec(&report) else { return 3 };
    let mut out = std::io::stdout().lock();
    let written = out
        .write_all(&(report.len() as u64).to_le_bytes())
        .and_then(|()| out.write_all(&report))
        .and_then(|()| out.write_all(&artefact))
        .and_then(|()| out.flush());
    if written.is_ok() { 0 } else { 3 }
}
