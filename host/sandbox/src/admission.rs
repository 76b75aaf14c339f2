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
use wasmparser::{Validator, WasmFeatures};
use wasmtime::component::Component;
use wasmtime::component::types::ComponentItem;

use crate::call::Plugin;
use crate::child::{self, ChildError};
use crate::engine::Sandbox;
use crate::error::{AdmissionError, CallError};
use crate::laws::{self, Held};
use crate::limits::{
    ARTEFACT_BYTES_MAX, COMPILE_CPU_S_MAX, COMPILE_FILE_BYTES_MAX, COMPILE_SPACE_BYTES_MAX,
    COMPILE_WALL_S_MAX, COMPONENT_BYTES_MAX, LAW_CASES, TWO_ENGINES_CASES,
};
use crate::manifest::Manifest;
use crate::structure::Structure;

/// An admitted component.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// The digest of its bytes, in hexadecimal.
    pub digest: String,
    /// Its manifest.
    pub manifest: Manifest,
    /// What was found on the way.
    pub findings: Findings,
    /// What the child compiled.
    pub artefact: Vec<u8>,
}

/// What admission found of a component beside that it may be called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// What it is made of.
    pub structure: Structure,
    /// What it exports beside the interface of its world; nobody calls it.
    pub extra_exports: Vec<String>,
    /// Fuel for an empty batch; nothing, where it was not tried.
    pub fuel_empty: Option<u64>,
    /// The laws that it was held to, and what it burns; nothing, where it was not tried.
    pub held: Option<Held>,
}

/// How closely admission looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Scrutiny {
    /// At a stranger: all of it.
    Stranger,
    /// At what lies in this node's database already and is compiled again, by another engine or because its artefact was
    /// lost: what has since become a reason to turn a stranger away does not take a network's rules from it.
    Known,
}

/// What the child says before the artefact.
#[derive(Serialize, Deserialize)]
enum Report {
    Admitted { digest: String, manifest: Box<Manifest>, findings: Findings },
    Refused(AdmissionError),
}

/// The digest of component bytes, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of a component's file. Of one that is too large, no more is read than shows that.
pub fn read(path: &Path) -> std::io::Result<Result<Vec<u8>, AdmissionError>> {
    let file = std::fs::File::open(path)?;
    let said = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    let mut bytes = Vec::new();
    file.take(COMPONENT_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    match bytes.len() > COMPONENT_BYTES_MAX {
        true => {
            Ok(Err(AdmissionError::TooLarge { bytes: said.max(bytes.len()), limit: COMPONENT_BYTES_MAX }))
        }
        false => Ok(Ok(bytes)),
    }
}

/// Admits bytes in this very process: for the child, and for tests of single checks.
pub fn admit(
    sandbox: &Arc<Sandbox>,
    bytes: &[u8],
    scrutiny: Scrutiny,
) -> Result<(Admitted, Plugin), AdmissionError> {
    if bytes.len() > COMPONENT_BYTES_MAX {
        return Err(AdmissionError::TooLarge { bytes: bytes.len(), limit: COMPONENT_BYTES_MAX });
    }
    // What is no component is said before what is wrong with one.
    let manifest = Manifest::of(bytes);
    Validator::new_with_features(WasmFeatures::default())
        .validate_all(bytes)
        .map_err(|error| AdmissionError::NotComponent(error.to_string()))?;
    let manifest = manifest?;
    let structure = Structure::of(bytes)?;
    if scrutiny == Scrutiny::Stranger {
        structure.check()?;
    }
    let component = sandbox.compile(bytes).map_err(|error| AdmissionError::Compile(format!("{error:#}")))?;
    imports_nothing(sandbox, &component)?;
    let digest = digest(bytes);
    let plugin = Plugin::link(sandbox, manifest.clone(), &digest, &component)?;
    if scrutiny == Scrutiny::Stranger && plugin.is_older() {
        return Err(AdmissionError::Older);
    }
    let failed = |error: CallError| AdmissionError::Trial(error.to_string());
    plugin.instantiate_only().map_err(failed)?;
    let findings = Findings {
        structure,
        extra_exports: extra_exports(sandbox, &component, &plugin),
        fuel_empty: match scrutiny {
            Scrutiny::Stranger => Some(plugin.answer_nothing().map_err(failed)?),
            Scrutiny::Known => None,
        },
        held: match scrutiny {
            Scrutiny::Stranger => {
                let seed = laws::seed(&digest);
                let mut held = laws::hold(&plugin, (seed, LAW_CASES), |_| ()).map_err(AdmissionError::Law)?;
                if alike(&plugin, bytes, seed)? {
                    held.laws.push(laws::TWO_ENGINES.to_owned());
                }
                Some(held)
            }
            Scrutiny::Known => None,
        },
    };
    let artefact = component.serialize().map_err(|error| AdmissionError::Compile(error.to_string()))?;
    Ok((Admitted { digest, manifest, findings, artefact }, plugin))
}

/// Whether an interpreter says the same as what was compiled for this machine, at the same cost: a decision is judged again on
/// other machines, years later. Not asked where this program has no interpreter.
fn alike(plugin: &Plugin, bytes: &[u8], seed: u64) -> Result<bool, AdmissionError> {
    let failed = |error: wasmtime::Error| AdmissionError::Compile(format!("{error:#}"));
    let Ok(other) = Sandbox::interpreting() else { return Ok(false) };
    let other = Arc::new(other);
    let component = other.compile(bytes).map_err(failed)?;
    let other = Plugin::link(&other, plugin.manifest.clone(), &plugin.digest, &component)?;
    laws::alike((plugin, &other), (seed, TWO_ENGINES_CASES)).map_err(AdmissionError::Law)?;
    Ok(true)
}

/// At the top level, since what wrapping nests inside imports from what stands beside it.
fn imports_nothing(sandbox: &Sandbox, component: &Component) -> Result<(), AdmissionError> {
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
    Ok(())
}

fn extra_exports(sandbox: &Sandbox, component: &Component, plugin: &Plugin) -> Vec<String> {
    let exported = component.component_type();
    let names = exported.exports(sandbox.engine()).map(|(name, _)| name.to_owned());
    names.filter(|name| !name.starts_with(plugin.interface())).collect()
}

/// Admits bytes in a child process: `program` is this binary, `argument` its hidden sub-command.
pub fn admit_in_child(
    program: &Path,
    argument: &str,
    bytes: &[u8],
    scrutiny: Scrutiny,
) -> Result<Admitted, AdmissionError> {
    admit_within(program, argument, (bytes, scrutiny), Duration::from_secs(COMPILE_WALL_S_MAX))
}

/// The same with another limit of wall clock.
pub fn admit_within(
    program: &Path,
    argument: &str,
    (bytes, scrutiny): (&[u8], Scrutiny),
    wall: Duration,
) -> Result<Admitted, AdmissionError> {
    if bytes.len() > COMPONENT_BYTES_MAX {
        return Err(AdmissionError::TooLarge { bytes: bytes.len(), limit: COMPONENT_BYTES_MAX });
    }
    let asked = [&[scrutiny as u8], bytes].concat();
    let answer = child::ask(program, argument, &asked, (wall, ARTEFACT_BYTES_MAX));
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
        Report::Admitted { digest, manifest, findings } => {
            Ok(Admitted { digest, manifest: *manifest, findings, artefact: artefact.to_vec() })
        }
        Report::Refused(error) => Err(error),
    })
}

/// The child's whole life: limits on, bytes in, report and artefact out. Returns its exit status.
pub fn child_main() -> u8 {
    let limited = child::limit_self(COMPILE_CPU_S_MAX, COMPILE_SPACE_BYTES_MAX, COMPILE_FILE_BYTES_MAX);
    let mut bytes = Vec::new();
    let cap = COMPONENT_BYTES_MAX as u64 + 2;
    if !limited || std::io::stdin().lock().take(cap).read_to_end(&mut bytes).is_err() {
        return 3;
    }
    // Nothing at all is no component either, and said so in order.
    let (first, bytes) = bytes.split_first().map_or((None, &bytes[..]), |(first, rest)| (Some(*first), rest));
    let scrutiny = match first {
        Some(known) if known == Scrutiny::Known as u8 => Scrutiny::Known,
        _ => Scrutiny::Stranger,
    };
    let outcome = Sandbox::new()
        .map_err(|error| AdmissionError::Compile(error.to_string()))
        .and_then(|sandbox| admit(&Arc::new(sandbox), bytes, scrutiny).map(|(admitted, _)| admitted));
    let (report, artefact) = match outcome {
        Ok(admitted) => (
            Report::Admitted {
                digest: admitted.digest,
                manifest: Box::new(admitted.manifest),
                findings: admitted.findings,
            },
            admitted.artefact,
        ),
        Err(error) => (Report::Refused(error), Vec::new()),
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
