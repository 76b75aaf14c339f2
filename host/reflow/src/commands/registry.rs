//! Registries of packages: a folder, or one of container images (`oci://HOST/PATH`), with a repository for each plugin and
//! rule set and a tag for each version.

use std::path::Path;

use egress::{EgressError, Repository, Web};
use kit::oci;
use kit::package::{Kind, Label, Package, newest};
use sandbox::package::Signature;

use crate::cli::Cli;
use crate::output::Failure;

/// Longest list of signatures: some thousands.
const LIST_BYTES_MAX: usize = 1024 * 1024;
/// What signs somebody in at a registry: `NAME:PASSWORD`.
const LOGIN: &str = "REFLOW_REGISTRY_LOGIN";

/// The place that an address names, where it names a registry of that kind.
fn images(address: &Path) -> Option<String> {
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

/// Puts a package into a registry, with its signatures and those that lie there already. A version stays what it is.
pub async fn publish(cli: &Cli, package: Package, registry: &Path) -> Result<Package, Failure> {
    let Some(place) = images(registry) else { return Ok(package.publish(registry)?) };
    let bar = super::waiting(cli, format!("publishing to `{place}`"));
    let published = put(cli, &package, &place).await;
    bar.finish_and_clear();
    published.map(|()| package)
}

/// Finds a package in a registry: the newest, where no version is said. Its signatures hold, or it is an error. What comes from
/// a registry of images is put into a folder of the data folder.
pub async fn fetch(cli: &Cli, kind: Kind, named: &str, registry: &Path) -> Result<Package, Failure> {
    let (name, version) = match named.split_once('@') {
        Some((name, version)) => (name, Some(version)),
        None => (named, None),
    };
    let Some(place) = images(registry) else { return Ok(Package::find(registry, kind, name, version)?) };
    let bar = super::waiting(cli, format!("fetching `{named}` from `{place}`"));
    let package = get(cli, kind, &place, (name, version)).await;
    bar.finish_and_clear();
    Ok(package?.kept(&cli.data.join("packages"))?)
}

fn repository(cli: &Cli, place: &str, name: &str) -> Result<Repository, Failure> {
    let login = std::env::var(LOGIN).ok();
    let login =
        login.and_then(|login| login.split_once(':').map(|(name, word)| (name.to_owned(), word.to_owned())));
    let web = Web::new(cli.mode, None).map_err(failed)?;
    Repository::new(web, &format!("{place}/{name}"), login).map_err(failed)
}

async fn put(cli: &Cli, package: &Package, place: &str) -> Result<(), Failure> {
    let Label { kind, name, version } = &package.label;
    let there = repository(cli, place, name)?;
    let config = oci::config(package)?;
    let bytes = oci::package(package, &config)?;
    match there.manifest(version).await.map_err(failed)? {
        Some(known) if oci::held(&known, *kind)? == oci::held(&bytes, *kind)? => {}
        Some(_) => {
            return Err(Failure::refused(
                "bad-package",
                format!("`{name}@{version}` lies there with other bytes"),
                "A version stays what it is: give the new one another.",
            ));
        }
        None => {
            for blob in [&*config, &package.bytes] {
                there.put_blob(blob).await.map_err(failed)?;
            }
            there.put_manifest(version, oci::MANIFEST, bytes.clone()).await.map_err(failed)?;
        }
    }
    let mut signatures = package.signatures.clone();
    if let Some(known) = signed(&there, &bytes).await? {
        let known: Vec<Signature> =
            serde_json::from_slice(&known).map_err(|error| Failure::Unreachable(error.to_string()))?;
        let new = |one: &Signature| !package.signatures.contains(one);
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
    Ok(Some(there.blob(&oci::list(&artefact)?, LIST_BYTES_MAX).await.map_err(failed)?))
}

async fn get(
    cli: &Cli,
    kind: Kind,
    place: &str,
    (name, version): (&str, Option<&str>),
) -> Result<Package, Failure> {
    let there = repository(cli, place, name)?;
    let version = match version {
        Some(version) => version.to_owned(),
        None => newest(there.tags().await.map_err(failed)?).ok_or_else(|| none(place, name))?,
    };
    let manifest = there.manifest(&version).await.map_err(failed)?.ok_or_else(|| none(place, name))?;
    let bytes = there.blob(&oci::held(&manifest, kind)?, kind.bytes_max()).await.map_err(failed)?;
    let signatures = match signed(&there, &manifest).await? {
        Some(list) => {
            serde_json::from_slice(&list).map_err(|error| Failure::Unreachable(error.to_string()))?
        }
        None => Vec::new(),
    };
    let label = match kind {
        Kind::Plugin => Label::of_plugin(&bytes)?,
        Kind::Rules => Label::new(kind, name, &version)?,
    };
    match label.name == name && label.version == version {
        true => Ok(Package::fetched(label, bytes, signatures)?),
        false => Err(mislabelled(&format!("{place}/{name}@{version}"), &label)),
    }
}

/// Who signed a package, in words.
pub fn signed_by(package: &Package) -> String {
    match package.signatures.as_slice() {
        [] => "signed by nobody".to_owned(),
        signatures => {
            let keys: Vec<&str> = signatures.iter().map(|one| one.key.as_str()).collect();
            format!("signed by {}", keys.join(", "))
        }
    }
}

/// Something that lies under a name which it does not have.
pub fn mislabelled(place: &str, label: &Label) -> Failure {
    let problem = format!("it is `{}@{}`", label.name, label.version);
    kit::KitError::Package { path: place.to_owned(), problem }.into()
}

fn none(place: &str, name: &str) -> Failure {
    let sentence = format!("there is no such version of `{name}` at `{place}`");
    Failure::refused("unknown-package", sentence, "Look at its name and version once more.")
}
