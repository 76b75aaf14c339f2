//! Laying plugins on the shelf.

use std::path::Path;
use std::sync::Arc;

use kit::package::{Package, is_package};
use pipeline::Node;
use serde_json::{Value as Json, json};

use crate::output::Failure;

/// Lays a package there, with its signatures, or a component without.
pub(super) async fn put(node: &Arc<Node>, path: &str) -> Result<Json, Failure> {
    let place = Path::new(path);
    let (bytes, signatures) = match is_package(place) {
        true => {
            let package = Package::open(place)?;
            (package.component, package.signatures)
        }
        false => (kit::read(place)?, Vec::new()),
    };
    let (manifest, component, receipt) = node.install_package(&bytes, &signatures).await?;
    let keys: Vec<&String> = signatures.iter().map(|one| &one.key).collect();
    Ok(json!({"plugin": manifest.name, "version": manifest.version, "component": component, "signedBy": keys,
              "receipt": receipt.to_json()}))
}
