//! Packages: a component, and signatures beside it over what it is.
//!
//! What is signed is a text of four lines, so that any tool can show it and any Ed25519 key can sign it:
//!
//! ```text
//! reflow plugin
//! fair-turns
//! 0.2.0
//! 5d0c…e1
//! ```

use serde::{Deserialize, Serialize};

use crate::manifest::Manifest;

/// A signature over a package.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The public key, Ed25519 as a multikey (`z6Mk…`).
    pub key: String,
    /// The signature, 128 hexadecimal digits.
    pub signature: String,
}

/// What is signed of a component: that it is this plugin, in this version.
pub fn statement(manifest: &Manifest, digest: &str) -> String {
    signed_text("plugin", &manifest.name, &manifest.version, digest)
}

/// What is signed of something of a kind: that these bytes are it, under this name and version.
pub fn signed_text(kind: &str, name: &str, version: &str, digest: &str) -> String {
    format!("reflow {kind}\n{name}\n{version}\n{digest}\n")
}
