//! Packages in a registry of container images: `oci://HOST/PATH`, a repository for each plugin, a tag for each version.

use std::path::{Path, PathBuf};

use egress::{EgressError, Repository, Web};
use kit::package::{Package, newest};
use kit::{KitError, oci};

use crate::cli::Cli;
use crate::output::Failure;

/// Longest component or list of signatures.
const BLOB_BYTES_MAX: usize = sandbox::limits::COMPONENT_BYTES_MAX;
/// What signs somebody in at a registry: `NAME:PASSWORD`.
const LOGIN: &str = "REFLOW_REGISTRY_LOGIN";

/// The place that an address names, where it names a registry of that kind.
pub fn of(address: &Path) -> Option<String> {
    Some(address.to_str()?.strip_prefix("oci://")?.trim_end_matches('/').to_owned())
}

fn failed(error: EgressError) -> Failure {
    match error {
        EgressError::BadServer(_) | EgressError::Closed => Failure::Usage(error.to_string()),
        EgressError::Refused(_) => {
            Failure::refused("registry-refused", error.to_string(), "Ask whoever keeps that registry.")
        }
        other => Failure::Unreachable(format!("the registry: {other}")),
    }
}

fn repository(cli: &Cli, place: &str, plugin: &str) -> Result<Repository, Failure> {
    let login = std::env::var(LOGIN).ok();
    let login =
        login.and_then(|login| login.split_once(':').map(|(name, word)| (name.to_owned(), word.to_owned())));
    let web = Web::new(cli.mode, None).map_err(failed)?;
    Repository::new(web, &format!("{place}/{plugin}"), login).map_err(failed)
}

/// Puts a package there, with its signatures and those that lie there already. A version stays what it is.
pub async fn publish(cli: &Cli, package: &Package, place: &str) -> Result<(), Failure> {
    let manifest = &package.manifest;
    let there = repository(cli, place, &manifest.name)?;
    let config = oci::config(manifest, &package.component);
    let bytes = oci::package(manifest, &config, &package.component);
    match there.manifest(&manifest.version).await.map_err(failed)? {
        Some(known) if oci::layer(&known, false)? == oci::layer(&bytes, false)? => {}
        Some(_) => {
            return Err(Failure::refused(
                "bad-package",
                format!("`{}@{}` lies there with other bytes", manifest.name, manifest.version),
                "A version stays what it is: give the new one another.",
            ));
        }
        None => {
            for blob in [&*config, &package.component] {
                there.put_blob(blob).await.map_err(failed)?;
            }
            there.put_manifest(&manifest.version, oci::MANIFEST, bytes.clone()).await.map_err(failed)?;
        }
    }
    let mut signatures = package.signatures.clone();
    if let Some(known) = signed(&there, &bytes).await? {
        let known: Vec<sandbox::package::Signature> =
            serde_json::from_slice(&known).map_err(|error| Failure::Unreachable(error.to_string()))?;
        let new = |one: &sandbox::package::Signature| !package.signatures.contains(one);
        signatures.extend(known.into_iter().filter(new));
    }
    if signatures.is_empty() {
        return Ok(());
    }
    let list = serde_json::to_vec(&signatures).map_err(|error| Failure::Unreachable(error.to_string()))?;
    for blob in [oci::EMPTY, &*list] {
        there.put_blob(blob).await.map_err(failed)?;
    }
    let artefact = oci::signatures(&bytes, &list);
    let digest = egress::oci::digest(&artefact);
    there.put_manifest(&digest, oci::MANIFEST, artefact.clone()).await.map_err(failed)?;
    let (tag, index) = (oci::referrers_tag(&bytes), oci::referrers(&artefact));
    there.put_manifest(&tag, oci::INDEX, index).await.map_err(failed)
}

/// The signatures over a package that lie there.
async fn signed(there: &Repository, package: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
    let Some(index) = there.manifest(&oci::referrers_tag(package)).await.map_err(failed)? else {
        return Ok(None);
    };
    let Some(artefact) = oci::signatures_in(&index)? else { return Ok(None) };
    let Some(artefact) = there.manifest(&artefact).await.map_err(failed)? else { return Ok(None) };
    Ok(Some(there.blob(&oci::layer(&artefact, true)?, BLOB_BYTES_MAX).await.map_err(failed)?))
}

/// Fetches a package, the newest where no version is said; its folder, below the data folder. Its signatures hold, or it is
/// an error.
pub async fn fetch(cli: &Cli, place: &str, name: &str, version: Option<&str>) -> Result<PathBuf, Failure> {
    let there = repository(cli, place, name)?;
    let version = match version {
        Some(version) => version.to_owned(),
        None => newest(there.tags().await.map_err(failed)?).ok_or_else(|| none(place, name))?,
    };
    let manifest = there.manifest(&version).await.map_err(failed)?.ok_or_else(|| none(place, name))?;
    let component = there.blob(&oci::layer(&manifest, false)?, BLOB_BYTES_MAX).await.map_err(failed)?;
    let signatures = match signed(&there, &manifest).await? {
        Some(list) => {
            serde_json::from_slice(&list).map_err(|error| Failure::Unreachable(error.to_string()))?
        }
        None => Vec::new(),
    };
    let package = Package::fetched(component, signatures, &cli.data.join("packages"))?;
    match package.manifest.name == name && package.manifest.version == version {
        true => Ok(std::path::absolute(&package.folder)?),
        false => Err(KitError::Package {
            path: format!("{place}/{name}@{version}"),
            problem: format!("it is `{}@{}`", package.manifest.name, package.manifest.version),
        }
        .into()),
    }
}

fn none(place: &str, name: &str) -> Failure {
    let sentence = format!("there is no such version of `{name}` at `{place}`");
    Failure::refused("unknown-package", sentence, "Look at its name and version once more.")
}
