//! Packages as registries of container images keep them: plugins in the layout that CNCF's WebAssembly group settled on, so
//! that other tools read them too; rule sets as an artefact of one layer. Signatures are an artefact of their own that refers to
//! the package, so that more can come.
//!
//! Sources: OCI Image Specification 1.1; "Wasm OCI Artifact layout" of the CNCF TAG Runtime.

use sandbox::Manifest;
use sandbox::admission::digest;
use serde_json::{Value as Json, json};
use valueflows::Surface;

use crate::KitError;
use crate::package::{Kind, Package};

/// The media type of a manifest.
pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// The media type of a list of them.
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG: &str = "application/vnd.wasm.config.v0+json";
const COMPONENT: &str = "application/wasm";
const RULES: &str = "application/vnd.reflow.rules.v1.tar+gzip";
const SIGNATURES: &str = "application/vnd.reflow.signatures.v1+json";
/// What an artefact has as its configuration that has none.
pub const EMPTY: &[u8] = b"{}";
const EMPTY_TYPE: &str = "application/vnd.oci.empty.v1+json";

fn named(bytes: &[u8]) -> String {
    format!("sha256:{}", digest(bytes))
}

fn part(media: &str, bytes: &[u8]) -> Json {
    json!({"mediaType": media, "digest": named(bytes), "size": bytes.len()})
}

fn bytes_of(json: &Json) -> Vec<u8> {
    json.to_string().into_bytes()
}

/// The configuration of a package.
pub fn config(package: &Package) -> Result<Vec<u8>, KitError> {
    match package.label.kind {
        Kind::Plugin => Ok(of_component(&Manifest::of(&package.bytes)?, &package.bytes)),
        Kind::Rules => Ok(EMPTY.to_vec()),
    }
}

/// That of a component: the same for the same bytes, so no time of its own stands in it.
fn of_component(manifest: &Manifest, component: &[u8]) -> Vec<u8> {
    let interface = match manifest.world {
        Surface::Access => "gate",
        Surface::Pricing => "pricer",
        Surface::Duties => "obliger",
        Surface::Matching => "matcher",
        Surface::Tally => "counter",
    };
    bytes_of(&json!({
        "created": "1970-01-01T00:00:00Z", "architecture": "wasm", "os": "wasip2",
        "layerDigests": [named(component)],
        "component": {"exports": [format!("reflow:plugin/{interface}@0.1.0")], "imports": ["reflow:plugin/types@0.1.0"]},
    }))
}

/// The manifest of a package.
pub fn package(package: &Package, config: &[u8]) -> Result<Vec<u8>, KitError> {
    let (title, version) = (&package.label.name, &package.label.version);
    Ok(bytes_of(&match package.label.kind {
        Kind::Plugin => json!({
            "schemaVersion": 2, "mediaType": MANIFEST,
            "config": part(CONFIG, config), "layers": [part(COMPONENT, &package.bytes)],
            "annotations": {
                "org.opencontainers.image.title": title, "org.opencontainers.image.version": version,
                "org.opencontainers.image.licenses": Manifest::of(&package.bytes)?.licence,
            },
        }),
        Kind::Rules => json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": RULES,
            "config": part(EMPTY_TYPE, config), "layers": [part(RULES, &package.bytes)],
            "annotations": {
                "org.opencontainers.image.title": title, "org.opencontainers.image.version": version,
            },
        }),
    }))
}

/// The manifest of the signatures over a package.
pub fn signatures(package: &[u8], signatures: &[u8]) -> Vec<u8> {
    bytes_of(&json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": SIGNATURES,
        "config": part(EMPTY_TYPE, EMPTY), "layers": [part(SIGNATURES, signatures)],
        "subject": part(MANIFEST, package),
    }))
}

/// The list of what refers to a package, where a registry keeps none itself.
pub fn referrers(signatures: &[u8]) -> Vec<u8> {
    let mut one = part(MANIFEST, signatures);
    if let Json::Object(one) = &mut one {
        one.insert("artifactType".to_owned(), json!(SIGNATURES));
    }
    bytes_of(&json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [one]}))
}

/// The tag under which that list lies.
pub fn referrers_tag(package: &[u8]) -> String {
    named(package).replace(':', "-")
}

/// The one layer of a package's manifest: its digest.
pub fn held(manifest: &[u8], kind: Kind) -> Result<String, KitError> {
    match kind {
        Kind::Plugin => layer(manifest, COMPONENT, "its manifest names no component"),
        Kind::Rules => layer(manifest, RULES, "its manifest names no rule set"),
    }
}

/// The one layer of the signatures' manifest: its digest.
pub fn list(manifest: &[u8]) -> Result<String, KitError> {
    layer(manifest, SIGNATURES, "its manifest names no signatures")
}

fn layer(manifest: &[u8], wanted: &str, otherwise: &str) -> Result<String, KitError> {
    let json = read(manifest)?;
    let layers = json.get("layers").and_then(Json::as_array);
    let found = layers.into_iter().flatten().find(|layer| layer.get("mediaType") == Some(&json!(wanted)));
    digest_in(found).ok_or_else(|| wrong(otherwise))
}

/// The manifest of the signatures, by its digest, in the list of what refers to a package.
pub fn signatures_in(index: &[u8]) -> Result<Option<String>, KitError> {
    let json = read(index)?;
    let all = json.get("manifests").and_then(Json::as_array).into_iter().flatten();
    Ok(digest_in(all.into_iter().find(|one| one.get("artifactType") == Some(&json!(SIGNATURES)))))
}

fn digest_in(part: Option<&Json>) -> Option<String> {
    part?
        .get("digest")
        .and_then(Json::as_str)
        .filter(|digest| digest.starts_with("sha256:"))
        .map(str::to_owned)
}

fn read(bytes: &[u8]) -> Result<Json, KitError> {
    serde_json::from_slice(bytes).map_err(|error| wrong(&error.to_string()))
}

fn wrong(problem: &str) -> KitError {
    KitError::Package { path: "the registry".to_owned(), problem: problem.to_owned() }
}
