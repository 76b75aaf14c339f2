//! The author's desk: from source to a component that a node admits.
//!
//! `plugin build` compiles the crate beside `plugin.toml` for `wasm32-unknown-unknown`, wraps the
//! module as a component and writes the manifest into it as one custom section, so that a single file
//! is the whole plugin and its digest covers everything. A rule in JavaScript becomes a component by `componentize-qjs`,
//! which brings an interpreter along.
//!
//! Invariant: nothing here touches a store or a running node, nor a network, but for what the compilers that it calls fetch by
//! a lock file.

mod bench;
mod desk;
mod diff;
mod example;
mod facts;
mod inspect;
mod js;
mod new;
pub mod oci;
pub mod package;

use std::path::{Path, PathBuf};
use std::process::Command;

pub use bench::{Cost, bench};
pub use desk::Desk;
pub use diff::{Different, Differs, as_asked, differ};
pub use example::{Tried, shown};
pub use inspect::{Statement, statement};
pub use new::{Language, new};
pub use package::Package;
pub use sandbox::laws::{Broken, Held, Law};

use sandbox::{AdmissionError, Manifest};
use thiserror::Error;
use wit_component::ComponentEncoder;

/// Why a plugin could not be built.
#[derive(Debug, Error)]
pub enum KitError {
    /// A file could not be read or written.
    #[error("`{path}`: {problem}")]
    File {
        /// The file.
        path: String,
        /// What happened.
        problem: String,
    },
    /// The manifest is wrong.
    #[error("`{path}`: {problem}")]
    Manifest {
        /// The file.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// An example cannot be read.
    #[error("`{path}`: {problem}")]
    Example {
        /// The file.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// A package is not as it should be.
    #[error("the package `{path}`: {problem}")]
    Package {
        /// Where it lies.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// There is no plugin in a folder.
    #[error(
        "there is no `plugin.toml` in `{0}`: go to the folder of a plugin, or make one with `reflow plugin new NAME --world access`"
    )]
    NoPlugin(String),
    /// What is compared is not of one world.
    #[error("one is of the world `{0}`, the other of `{1}`: they are asked different things")]
    Worlds(&'static str, &'static str),
    /// A folder for a new plugin cannot be made.
    #[error("{0}")]
    New(String),
    /// The compiler failed; it has said why.
    #[error("{0} could not build `{1}`; its messages stand above")]
    Compiler(&'static str, String),
    /// There is no Rust on this machine.
    #[error(
        "a rule in Rust is built with cargo, which is not here: install Rust from rustup.rs, with `rustup target add wasm32-unknown-unknown`"
    )]
    NoRust,
    /// There is no JavaScript on this machine.
    #[error(
        "a rule in JavaScript is built with node (18 or later) and npm, and `{0}` is not here: install them, or write the rule in Rust"
    )]
    NoNode(&'static str),
    /// The facts of the source are not those of the manifest.
    #[error("the facts of `{0}` differ: {1}")]
    Facts(String, String),
    /// The component is none, or does not fit its world.
    #[error(transparent)]
    Admission(#[from] AdmissionError),
    /// The engine could not be started.
    #[error("the sandbox could not be started: {0}")]
    Sandbox(String),
    /// The module does not fit its world.
    #[error("`{0}` cannot be wrapped as a component: {1}")]
    Wrap(String, String),
}

/// A built plugin.
#[derive(Debug)]
pub struct Built {
    /// Its manifest.
    pub manifest: Manifest,
    /// The component, manifest section included.
    pub component: Vec<u8>,
    /// Its digest, in hexadecimal.
    pub digest: String,
}

/// Reads the `plugin.toml` of a plugin's folder.
pub fn manifest(folder: &Path) -> Result<Manifest, KitError> {
    let path = folder.join("plugin.toml");
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => KitError::NoPlugin(folder.display().to_string()),
        _ => KitError::File { path: shown.clone(), problem: error.to_string() },
    })?;
    let manifest: Manifest = toml::from_str(&text)
        .map_err(|error| KitError::Manifest { path: shown.clone(), problem: error.to_string() })?;
    manifest.check().map_err(|problem| KitError::Manifest { path: shown, problem })?;
    Ok(manifest)
}

/// Builds the plugin in a folder; `target` is where cargo keeps its intermediate files.
pub fn build(folder: &Path, target: &Path) -> Result<Built, KitError> {
    let manifest = manifest(folder)?;
    match folder.join("Cargo.toml").exists() || !folder.join("package.json").exists() {
        true => rust(manifest, folder, target),
        false => js::build(manifest, folder),
    }
}

fn rust(manifest: Manifest, folder: &Path, target: &Path) -> Result<Built, KitError> {
    let status = Command::new("cargo")
        .args(["build", "--quiet", "--release", "--target", "wasm32-unknown-unknown", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", target)
        .status();
    match status {
        Ok(status) if status.success() => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(KitError::NoRust),
        _ => return Err(KitError::Compiler("cargo", manifest.name)),
    }
    let crate_name = manifest.name.replace('-', "_");
    let module: PathBuf = target.join(format!("wasm32-unknown-unknown/release/{crate_name}.wasm"));
    let bytes = read(&module)?;
    if let Some(problem) = facts::differ(&manifest, &bytes) {
        return Err(KitError::Facts(manifest.name, problem));
    }
    wrap(manifest, &bytes)
}

fn write(path: &Path, text: &str) -> Result<PathBuf, KitError> {
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    made.and_then(|()| std::fs::write(path, text))
        .map_err(|error| KitError::File { path: path.display().to_string(), problem: error.to_string() })?;
    Ok(path.to_owned())
}

/// The bytes of a component, or of a module: of one that is too large, no more is read than shows that.
pub fn read(path: &Path) -> Result<Vec<u8>, KitError> {
    let read = sandbox::admission::read(path);
    let bytes = read
        .map_err(|error| KitError::File { path: path.display().to_string(), problem: error.to_string() })?;
    Ok(bytes?)
}

/// Wraps a core module as a component and writes the manifest into it.
pub fn wrap(manifest: Manifest, module: &[u8]) -> Result<Built, KitError> {
    let failed = |error: &dyn std::fmt::Display| KitError::Wrap(manifest.name.clone(), error.to_string());
    let component = ComponentEncoder::default()
        .module(module)
        .map_err(|error| failed(&format!("{error:#}")))?
        .validate(true)
        .encode()
        .map_err(|error| failed(&format!("{error:#}")))?;
    seal(manifest, component)
}

/// Writes the manifest into a component.
fn seal(manifest: Manifest, mut component: Vec<u8>) -> Result<Built, KitError> {
    let json = serde_json::to_vec(&manifest)
        .map_err(|error| KitError::Wrap(manifest.name.clone(), error.to_string()))?;
    component.extend(section(sandbox::manifest::SECTION, &json));
    let digest = sandbox::admission::digest(&component);
    Ok(Built { manifest, component, digest })
}

/// One custom section, as bytes.
fn section(name: &str, data: &[u8]) -> Vec<u8> {
    let mut body = leb128(name.len());
    body.extend_from_slice(name.as_bytes());
    body.extend_from_slice(data);
    let mut bytes = vec![0];
    bytes.extend(leb128(body.len()));
    bytes.extend(body);
    bytes
}

fn leb128(mut n: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(n & 0x7f).unwrap_or_default();
        n >>= 7;
        if n == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}
