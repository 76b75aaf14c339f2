//! Packages in a folder: a plugin's component or a whole rule set, and the signatures over it. A registry is a folder of them
//! by name and version; what lies there under a version stays what it is.
//!
//! ```text
//!   REGISTRY/fair-turns/0.2.0/plugin.wasm
//!                             signatures.json    [{"key": "z6Mk…", "signature": "…"}]
//!   REGISTRY/tool-library/1.0.0/rules.tar.gz
//!                               signatures.json
//! ```

use std::io::Read as _;
use std::path::{Path, PathBuf};

use journal::signature::{self, AgentKey};
use sandbox::Manifest;
use sandbox::package::{Signature, signed_text};

use crate::{KitError, read};

/// Longest packed rule set: two dozen interpreted components.
const RULES_BYTES_MAX: usize = 64 << 20;
const SIGNATURES: &str = "signatures.json";

/// What a package holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A plugin's component, which says itself what it is called.
    Plugin,
    /// A rule set with its components, in one file.
    Rules,
}

impl Kind {
    fn file(self) -> &'static str {
        match self {
            Kind::Plugin => "plugin.wasm",
            Kind::Rules => "rules.tar.gz",
        }
    }

    /// How many bytes one of it has at the most.
    pub fn bytes_max(self) -> usize {
        match self {
            Kind::Plugin => sandbox::limits::COMPONENT_BYTES_MAX,
            Kind::Rules => RULES_BYTES_MAX,
        }
    }

    /// Reads a file that is to hold one. Of one that is too large, no more is read than shows that.
    pub fn read(self, path: &Path) -> Result<Vec<u8>, KitError> {
        if self == Kind::Plugin {
            return read(path);
        }
        let mut bytes = Vec::new();
        let most = self.bytes_max();
        let file = std::fs::File::open(path).map_err(|error| wrong(path, error))?;
        file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(|error| wrong(path, error))?;
        match bytes.len() > most {
            true => Err(wrong(path, format!("it has more than {most} bytes, and no {} does", self.noun()))),
            false => Ok(bytes),
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Kind::Plugin => "plugin",
            Kind::Rules => "rule set",
        }
    }
}

/// What a package is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// What it holds.
    pub kind: Kind,
    /// The name of the plugin or the rule set.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Label {
    /// A name and a version: both are parts of paths and addresses.
    pub fn new(kind: Kind, name: &str, version: &str) -> Result<Label, KitError> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '_');
        let plain = |text: &str| text.len() <= 64 && text.chars().all(fits);
        let bad = |problem: &str| KitError::Package {
            path: format!("{name}@{version}"),
            problem: problem.to_owned(),
        };
        if !plain(version) || !version.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(bad("that is no version, such as `0.1.0`"));
        }
        if !plain(name) || !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return Err(bad("its name has to be one of letters, digits and hyphens"));
        }
        Ok(Label { kind, name: name.to_owned(), version: version.to_owned() })
    }

    /// What a component says of itself.
    pub fn of_plugin(component: &[u8]) -> Result<Label, KitError> {
        let manifest = Manifest::of(component)?;
        Label::new(Kind::Plugin, &manifest.name, &manifest.version)
    }

    fn statement(&self, digest: &str) -> String {
        signed_text(self.kind.noun(), &self.name, &self.version, digest)
    }

    fn folder(&self, registry: &Path) -> PathBuf {
        registry.join(&self.name).join(&self.version)
    }
}

/// A package, opened.
#[derive(Debug, Clone)]
pub struct Package {
    /// Where it lies.
    pub folder: PathBuf,
    /// What it is called.
    pub label: Label,
    /// The digest of what it holds.
    pub digest: String,
    /// What it holds: a component's bytes, or a packed rule set's.
    pub bytes: Vec<u8>,
    /// The signatures that came with it; each of them holds.
    pub signatures: Vec<Signature>,
}

fn wrong(package: &Path, problem: impl std::fmt::Display) -> KitError {
    KitError::Package { path: package.display().to_string(), problem: problem.to_string() }
}

/// Whether a path is a package of a plugin.
pub fn is_package(path: &Path) -> bool {
    path.join(Kind::Plugin.file()).is_file()
}

impl Package {
    /// Puts something into a registry, unsigned. The same bytes under the same version change nothing, others are refused.
    pub fn pack(label: Label, bytes: Vec<u8>, registry: &Path) -> Result<Package, KitError> {
        let folder = label.folder(registry);
        let other = [Kind::Plugin, Kind::Rules].into_iter().find(|kind| *kind != label.kind);
        if other.is_some_and(|other| folder.join(other.file()).is_file()) {
            return Err(wrong(&folder, "it holds something of another kind: give this one another name"));
        }
        let digest = sandbox::admission::digest(&bytes);
        if folder.join(label.kind.file()).is_file() {
            let known = Package::read(&folder, label)?;
            return match known.digest == digest {
                true => Ok(known),
                false => Err(wrong(
                    &folder,
                    "it holds other bytes, and a version stays what it is: give the new one another",
                )),
            };
        }
        let package = Package { folder, label, digest, bytes, signatures: Vec::new() };
        package.write()?;
        Ok(package)
    }

    /// Opens a package of a plugin. A signature that does not hold is an error.
    pub fn open(folder: &Path) -> Result<Package, KitError> {
        if !is_package(folder) {
            return Err(wrong(folder, "there is no package; make one with `reflow plugin pack`"));
        }
        let label = Label::of_plugin(&read(&folder.join(Kind::Plugin.file()))?)?;
        Package::read(folder, label)
    }

    fn read(folder: &Path, label: Label) -> Result<Package, KitError> {
        let bytes = label.kind.read(&folder.join(label.kind.file()))?;
        let digest = sandbox::admission::digest(&bytes);
        let signatures: Vec<Signature> = match std::fs::read(folder.join(SIGNATURES)) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| wrong(folder, error))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(wrong(folder, error)),
        };
        let package = Package { folder: folder.to_owned(), label, digest, bytes, signatures };
        package.check()?;
        Ok(package)
    }

    fn check(&self) -> Result<(), KitError> {
        let text = self.label.statement(&self.digest);
        for Signature { key, signature } in &self.signatures {
            signature::check(key, text.as_bytes(), signature).map_err(|error| {
                wrong(&self.folder, format!("the signature of `{key}` does not hold: {error}"))
            })?;
        }
        Ok(())
    }

    /// Finds a package in a registry: the newest, where no version is said.
    pub fn find(registry: &Path, kind: Kind, name: &str, version: Option<&str>) -> Result<Package, KitError> {
        let folder = registry.join(name);
        let version = match version {
            Some(version) => version.to_owned(),
            None => {
                let versions = std::fs::read_dir(&folder).into_iter().flatten().flatten();
                let names = versions.map(|entry| entry.file_name().to_string_lossy().into_owned());
                let newest = newest(names.filter(|name| folder.join(name).join(kind.file()).is_file()));
                newest.ok_or_else(|| wrong(&folder, "there is no version of it"))?
            }
        };
        match kind {
            Kind::Plugin => Package::open(&folder.join(version)),
            Kind::Rules => {
                let label = Label::new(kind, name, &version)?;
                let folder = label.folder(registry);
                match folder.join(kind.file()).is_file() {
                    true => Package::read(&folder, label),
                    false => Err(wrong(&folder, "there is no rule set")),
                }
            }
        }
    }

    /// One that came from elsewhere, whose signatures hold: it lies nowhere yet.
    pub fn fetched(label: Label, bytes: Vec<u8>, signatures: Vec<Signature>) -> Result<Package, KitError> {
        let digest = sandbox::admission::digest(&bytes);
        let folder = label.folder(Path::new(""));
        let package = Package { folder, label, digest, bytes, signatures };
        package.check()?;
        Ok(package)
    }

    /// The same, put into a registry. What lay there of it before makes way: it was only fetched, too.
    pub fn kept(self, registry: &Path) -> Result<Package, KitError> {
        let package = Package { folder: self.label.folder(registry), ..self };
        package.write()?;
        Ok(package)
    }

    /// The file in it that holds what it is about.
    pub fn file(&self) -> PathBuf {
        self.folder.join(self.label.kind.file())
    }

    /// Signs it; what this key has signed already stays as it is.
    pub fn sign(&mut self, key: &AgentKey) {
        let public = key.public();
        if self.signatures.iter().all(|known| known.key != public) {
            let signature = key.sign(self.label.statement(&self.digest).as_bytes());
            self.signatures.push(Signature { key: public, signature });
        }
    }

    /// Puts it into another registry, with its signatures and those that lie there already.
    pub fn publish(&self, registry: &Path) -> Result<Package, KitError> {
        let mut there = Package::pack(self.label.clone(), self.bytes.clone(), registry)?;
        for signature in &self.signatures {
            if !there.signatures.contains(signature) {
                there.signatures.push(signature.clone());
            }
        }
        there.write()?;
        Ok(there)
    }

    /// Writes it down where it lies. What it holds first: whoever finds signatures finds what they are over.
    pub fn write(&self) -> Result<(), KitError> {
        let failed = |error: std::io::Error| wrong(&self.folder, error);
        std::fs::create_dir_all(&self.folder).map_err(failed)?;
        let text =
            serde_json::to_string_pretty(&self.signatures).map_err(|error| wrong(&self.folder, error))?;
        for (name, bytes) in [(self.label.kind.file(), &*self.bytes), (SIGNATURES, text.as_bytes())] {
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
