//! Packages in a folder: a component, and the signatures over it. A registry is a folder of them by name and version; what
//! lies there under a version stays what it is.
//!
//! ```text
//!   REGISTRY/fair-turns/0.2.0/plugin.wasm
//!                             signatures.json    [{"key": "z6Mk…", "signature": "…"}]
//! ```

use std::path::{Path, PathBuf};

use journal::signature::{self, AgentKey};
use sandbox::Manifest;
use sandbox::package::{Signature, statement};

use crate::{KitError, read};

const COMPONENT: &str = "plugin.wasm";
const SIGNATURES: &str = "signatures.json";

/// A package, opened.
#[derive(Debug, Clone)]
pub struct Package {
    /// Where it lies.
    pub folder: PathBuf,
    /// What its component says of itself.
    pub manifest: Manifest,
    /// The component's digest.
    pub digest: String,
    /// Its bytes.
    pub component: Vec<u8>,
    /// The signatures that came with it; each of them holds.
    pub signatures: Vec<Signature>,
}

fn wrong(package: &Path, problem: impl std::fmt::Display) -> KitError {
    KitError::Package { path: package.display().to_string(), problem: problem.to_string() }
}

/// Whether a path is a package.
pub fn is_package(path: &Path) -> bool {
    path.join(COMPONENT).is_file()
}

impl Package {
    /// Puts a component into a registry, unsigned. The same bytes under the same version change nothing, others are refused.
    pub fn pack(component: Vec<u8>, registry: &Path) -> Result<Package, KitError> {
        let manifest = Manifest::of(&component)?;
        let folder = registry.join(&manifest.name).join(&manifest.version);
        let digest = sandbox::admission::digest(&component);
        if is_package(&folder) {
            let known = Package::open(&folder)?;
            return match known.digest == digest {
                true => Ok(known),
                false => Err(wrong(
                    &folder,
                    "it holds other bytes, and a version stays what it is: give the new one another",
                )),
            };
        }
        let package = Package { folder, manifest, digest, component, signatures: Vec::new() };
        package.write()?;
        Ok(package)
    }

    /// Opens a package. A signature that does not hold is an error.
    pub fn open(folder: &Path) -> Result<Package, KitError> {
        if !is_package(folder) {
            return Err(wrong(folder, "there is no package; make one with `reflow plugin pack`"));
        }
        let component = read(&folder.join(COMPONENT))?;
        let manifest = Manifest::of(&component)?;
        let digest = sandbox::admission::digest(&component);
        let signatures: Vec<Signature> = match std::fs::read(folder.join(SIGNATURES)) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| wrong(folder, error))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(wrong(folder, error)),
        };
        let text = statement(&manifest, &digest);
        for Signature { key, signature } in &signatures {
            signature::check(key, text.as_bytes(), signature)
                .map_err(|error| wrong(folder, format!("the signature of `{key}` does not hold: {error}")))?;
        }
        Ok(Package { folder: folder.to_owned(), manifest, digest, component, signatures })
    }

    /// Finds a package in a registry: the newest, where no version is said.
    pub fn find(registry: &Path, name: &str, version: Option<&str>) -> Result<Package, KitError> {
        let folder = registry.join(name);
        let version = match version {
            Some(version) => version.to_owned(),
            None => {
                let versions = std::fs::read_dir(&folder).into_iter().flatten().flatten();
                let names = versions.map(|entry| entry.file_name().to_string_lossy().into_owned());
                let newest = newest(names.filter(|name| is_package(&folder.join(name))));
                newest.ok_or_else(|| wrong(&folder, "there is no version of it"))?
            }
        };
        Package::open(&folder.join(version))
    }

    /// One that came from elsewhere, put into a folder. What lay there of it before makes way: it was only fetched, too.
    pub fn fetched(
        component: Vec<u8>,
        signatures: Vec<Signature>,
        registry: &Path,
    ) -> Result<Package, KitError> {
        let manifest = Manifest::of(&component)?;
        let folder = registry.join(&manifest.name).join(&manifest.version);
        let digest = sandbox::admission::digest(&component);
        Package { folder: folder.clone(), manifest, digest, component, signatures }.write()?;
        Package::open(&folder)
    }

    /// Signs it; what this key has signed already stays as it is.
    pub fn sign(&mut self, key: &AgentKey) -> Result<(), KitError> {
        let public = key.public();
        if self.signatures.iter().all(|known| known.key != public) {
            let signature = key.sign(statement(&self.manifest, &self.digest).as_bytes());
            self.signatures.push(Signature { key: public, signature });
        }
        self.write()
    }

    /// Puts it into another registry, with its signatures and those that lie there already.
    pub fn publish(&self, registry: &Path) -> Result<Package, KitError> {
        let mut there = Package::pack(self.component.clone(), registry)?;
        for signature in &self.signatures {
            if !there.signatures.contains(signature) {
                there.signatures.push(signature.clone());
            }
        }
        there.write()?;
        Ok(there)
    }

    /// The component first: whoever finds signatures finds what they are over.
    fn write(&self) -> Result<(), KitError> {
        let failed = |error: std::io::Error| wrong(&self.folder, error);
        std::fs::create_dir_all(&self.folder).map_err(failed)?;
        let text =
            serde_json::to_string_pretty(&self.signatures).map_err(|error| wrong(&self.folder, error))?;
        for (name, bytes) in [(COMPONENT, &*self.component), (SIGNATURES, text.as_bytes())] {
            let beside = self.folder.join(format!("{name}.new"));
            std::fs::write(&beside, bytes).map_err(failed)?;
            std::fs::rename(&beside, self.folder.join(name)).map_err(failed)?;
        }
        Ok(())
    }
}

/// The newest of some versions, those left out that are none.
pub fn newest(versions: impl IntoIterator<Item = String>) -> Option<String> {
    let is_version = |version: &String| version.starts_with(|c: char| c.is_ascii_digit());
    versions.into_iter().filter(is_version).max_by_key(|version| order(version))
}

/// How versions stand in order: number by number, and what is not finished yet before what is.
fn order(version: &str) -> (Vec<u64>, bool, String) {
    let version = version.split('+').next().unwrap_or_default();
    let (numbers, rest) = version.split_once('-').unwrap_or((version, ""));
    let numbers = numbers.split('.').map(|number| number.parse().unwrap_or_default()).collect();
    (numbers, rest.is_empty(), rest.to_owned())
}
