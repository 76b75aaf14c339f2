//! The shelf: components by digest, admitted once, mapped when rules name them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use sandbox::admission;
use sandbox::{Manifest, Plugin, Sandbox, Scrutiny};
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

/// The hidden sub-command under which the binary is its own admission child.
pub const ADMISSION_COMMAND: &str = "admission-child";

impl Shelf {
    /// The folder in which compiled components are kept, and what is only needed for a while.
    pub(crate) fn cache(&self) -> &std::path::Path {
        &self.cache
    }

    /// A shelf; `program` is this binary, `cache` a folder that only this node's user can write.
    pub fn new(program: PathBuf, cache: PathBuf) -> Result<Shelf, Rejection> {
        let sandbox = Sandbox::new().map_err(|error| Rejection::Internal(format!("the sandbox: {error}")))?;
        Ok(Shelf { sandbox: Arc::new(sandbox), program, cache, loaded: Mutex::default() })
    }

    /// This binary.
    pub(crate) fn program(&self) -> &std::path::Path {
        &self.program
    }

    /// Lays bytes on the shelf, if they are admitted; answers with the plugin's name and their digest.
    pub async fn put(&self, store: &Store, bytes: &[u8]) -> Result<(String, String), Rejection> {
        let digest = admission::digest(bytes);
        let plugin = self.admit(&digest, bytes, Scrutiny::Stranger)?;
        store.put_component(&digest, bytes).await?;
        Ok((plugin.manifest.name.clone(), digest))
    }

    /// A component by its digest. The bytes are held against the digest each time they are loaded.
    pub async fn get(&self, store: &Store, digest: &str) -> Result<Arc<Plugin>, Rejection> {
        if let Some(plugin) = self.loaded.lock().ok().and_then(|loaded| loaded.get(digest).cloned()) {
            return Ok(plugin);
        }
        let bytes = self.bytes(store, digest).await?;
        self.admit(digest, &bytes, Scrutiny::Known)
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

    fn admit(&self, digest: &str, bytes: &[u8], scrutiny: Scrutiny) -> Result<Arc<Plugin>, Rejection> {
        let path = self.cache.join(self.sandbox.artefact_name(digest));
        let known = path.exists().then(|| Manifest::of(bytes)).transpose()?;
        let mapped = known.and_then(|manifest| Plugin::load(&self.sandbox, manifest, digest, &path).ok());
        let plugin = match mapped {
            Some(plugin) => plugin,
            None => {
                let program = self.program.clone();
                let admitted = tokio::task::block_in_place(|| {
                    admission::admit_in_child(&program, ADMISSION_COMMAND, bytes, scrutiny)
                })?;
                // Several nodes may share the folder: each writes beside, and puts the whole in its place.
                let new = path.with_extension(format!("new-{}", std::process::id()));
                let written = std::fs::create_dir_all(&self.cache)
                    .and_then(|()| std::fs::write(&new, &admitted.artefact))
                    .and_then(|()| std::fs::rename(&new, &path));
                written
                    .map_err(|error| Rejection::Internal(format!("the cache of compiled rules: {error}")))?;
                Plugin::load(&self.sandbox, admitted.manifest, digest, &path)?
            }
        };
        let plugin = Arc::new(plugin);
        if let Ok(mut loaded) = self.loaded.lock() {
            loaded.insert(digest.to_owned(), plugin.clone());
        }
        Ok(plugin)
    }
}
