//! Laying plugins on the shelf.

use std::path::Path;
use std::sync::Arc;

use kit::package::{Package, is_package};
use pipeline::{Node, Receipt};
use serde_json::{Value as Json, json};

use crate::output::Failure;

/// Lays a package there, with its signatures, or a component without.
pub(super) async fn put(node: &Arc<Node>, path: &str) -> Result<Json, Failure> {
    let place = Path::new(path);
    let (bytes, signatures) = match is_package(place) {
        true => {
            let package = Package::open(place)?;
            (package.bytes, package.signatures)
        }
        false => (kit::read(place)?, Vec::new()),
    };
    let (manifest, component, receipt) = node.install_package(&bytes, &signatures).await?;
    let keys: Vec<&String> = signatures.iter().map(|one| &one.key).collect();
    Ok(json!({"plugin": manifest.name, "version": manifest.version, "component": component, "signedBy": keys,
              "receipt": receipt.to_json()}))
}

/// What is revoked on this node, and what is out of use in which network; once something is revoked, with a reason, or a
/// revocation is taken back, without one.
pub(super) async fn revoked(
    node: &Arc<Node>,
    change: Option<(String, Option<String>)>,
) -> Result<Json, Failure> {
    let receipt = match change {
        Some((what, Some(because))) => Some(node.revoke(&what, &because).await?),
        Some((what, None)) => Some(node.unrevoke(&what).await?),
        None => None,
    };
    let revoked = node.revocations().await?;
    let revoked: Vec<Json> = revoked
        .into_iter()
        .map(|one| json!({"what": one.what, "because": one.because, "since": one.at.0}))
        .collect();
    let mut withheld = Vec::new();
    for (network, all) in node.withheld().await? {
        for one in all {
            withheld.push(
                json!({"network": network, "plugin": one.plugin, "component": one.component, "why": one.why,
                                 "because": one.because, "instead": one.instead}),
            );
        }
    }
    Ok(json!({"revoked": revoked, "withheld": withheld, "receipt": receipt.as_ref().map(Receipt::to_json)}))
}

/// What lies on the shelf.
pub(super) async fn list(node: &Arc<Node>) -> Result<Json, Failure> {
    let all = node.on_shelf().await?.into_iter().map(|one| {
        json!({"plugin": one.manifest.name, "version": one.manifest.version, "world": one.manifest.world,
               "component": one.component, "bytes": one.bytes, "signedBy": one.signed_by, "admission": one.admission,
               "revoked": one.revoked})
    });
    Ok(Json::Array(all.collect()))
}
