//! The shelf: components by digest, admitted once, mapped when rules name them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use sandbox::admission::{self, Findings};
use sandbox::{Manifest, Plugin, Sandbox, Scrutiny};
use serde_json::{Value as Json, json};
use store::Store;

use crate::error::Rejection;

/// Components ready to be called.
pub struct Shelf {
    /// The engine.
    pub sandbox: Arc<Sandbox>,
    program: PathBuf,
    cache: PathBuf,
    loaded: Mutex<HashMap<String, Arc<Plugin>>>,
}

/// What was laid on the shelf.
#[derive(Debug, Clone)]
pub struct Laid {
    /// The plugin's name.
    pub plugin: String,
    /// The component's digest.
    pub component: String,
    /// What admission found of it.
    pub admission: Option<Json>,
}

/// A plugin, and what was found of it where it was looked at anew.
type Admitted = (Arc<Plugin>, Option<Findings>);

/// The hidden sub-command under which the binary is its own admission child.
pub const ADMISSION_COMMAND: &str = "admission-child";

impl Shelf {
    /// The folder in which compiled components are kept, and what is only needed for a while.
    pub(crate) fn cache(&self) -> &Path {
        &self.cache
    }

    /// A shelf; `program` is this binary, `cache` a folder that only this node's user can write.
    pub fn new(program: PathBuf, cache: PathBuf) -> Result<Shelf, Rejection> {
        let sandbox = Sandbox::new().map_err(|error| Rejection::Internal(format!("the sandbox: {error}")))?;
        Ok(Shelf { sandbox: Arc::new(sandbox), program, cache, loaded: Mutex::default() })
    }

    /// This binary.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    /// Lays bytes on the shelf, if they are admitted.
    pub async fn put(&self, store: &Store, bytes: &[u8]) -> Result<Laid, Rejection> {
        let component = admission::digest(bytes);
        let (plugin, findings) = self.admit(&component, bytes, Scrutiny::Stranger)?;
        store.put_component(&component, bytes).await?;
        let admission = findings.map(|found| self.record(&found));
        Ok(Laid { plugin: plugin.manifest.name.clone(), component, admission })
    }

    /// What the journal keeps of an admission: by what engine, what it is made of, the laws that it was held to, from which
    /// seed anybody can try them again, and what it burns.
    fn record(&self, found: &Findings) -> Json {
        let held = found.held.as_ref().map(|held| {
            json!({"laws": held.laws, "cases": held.cases, "seed": format!("{:016x}", held.seed),
                   "fuelBase": held.fuel_base, "fuelPerItem": held.fuel_per_item})
        });
        json!({"engine": self.sandbox.profile(), "structure": found.structure, "extraExports": found.extra_exports,
               "fuelEmpty": found.fuel_empty, "held": held})
    }

    /// A component by its digest. The bytes are held against the digest each time they are loaded.
    pub async fn get(&self, store: &Store, digest: &str) -> Result<Arc<Plugin>, Rejection> {
        if let Some(plugin) = self.loaded.lock().ok().and_then(|loaded| loaded.get(digest).cloned()) {
            return Ok(plugin);
        }
        let bytes = self.bytes(store, digest).await?;
        Ok(self.admit(digest, &bytes, Scrutiny::Known)?.0)
    }

    /// The bytes under a digest, checked.
    pub async fn bytes(&self, store: &Store, digest: &str) -> Result<Vec<u8>, Rejection> {
        let bytes = store.component(digest).await?;
        let bytes =
            bytes.ok_or_else(|| Rejection::Rules(format!("the component `{digest}` is not on the shelf")))?;
        match admission::digest(&bytes) == digest {
            true => Ok(bytes),
            false => Err(Rejection::Rules(format!(
                "the component `{digest}` is not what it was: its bytes have changed"
            ))),
        }
    }

    fn admit(&self, digest: &str, bytes: &[u8], scrutiny: Scrutiny) -> Result<Admitted, Rejection> {
        let path = self.cache.join(self.sandbox.artefact_name(digest));
        let record = path.with_extension("json");
        let found: Option<Findings> =
            std::fs::read(&record).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        // What was compiled without a close look is no reason to leave it out.
        let looked_at =
            scrutiny == Scrutiny::Known || found.as_ref().is_some_and(|found| found.held.is_some());
        let known = (looked_at && path.exists()).then(|| Manifest::of(bytes)).transpose()?;
        let mapped = known.and_then(|manifest| Plugin::load(&self.sandbox, manifest, digest, &path).ok());
        let (plugin, findings) = match mapped {
            Some(plugin) => (plugin, found),
            None => {
                let program = self.program.clone();
                let admitted = tokio::task::block_in_place(|| {
                    admission::admit_in_child(&program, ADMISSION_COMMAND, bytes, scrutiny)
                })?;
                // Several nodes may share the folder: each writes beside, and puts the whole in its place.
                let put = |path: &Path, bytes: &[u8]| {
                    let new = path.with_extension(format!("new-{}", std::process::id()));
                    std::fs::write(&new, bytes).and_then(|()| std::fs::rename(&new, path))
                };
                let findings = serde_json::to_vec(&admitted.findings).unwrap_or_default();
                std::fs::create_dir_all(&self.cache)
                    .and_then(|()| put(&path, &admitted.artefact))
                    .and_then(|()| put(&record, &findings))
                    .map_err(|error| Rejection::Internal(format!("the cache of compiled rules: {error}")))?;
                let plugin = Plugin::load(&self.sandbox, admitted.manifest, digest, &path)?;
                (plugin, Some(admitted.findings))
            }
        };
        let plugin = Arc::new(plugin);
        if let Ok(mut loaded) = self.loaded.lock() {
            loaded.insert(digest.to_owned(), plugin.clone());
        }
        Ok((plugin, findings))
    }
}
