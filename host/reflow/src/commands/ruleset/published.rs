//! Rule sets in registries: one file under a name and a version, and the signatures of those who stand for it.

use std::path::{Path, PathBuf};

use kit::Package;
use kit::package::{Kind, Label};
use pipeline::{Charter, bundle};
use serde_json::{Value as Json, json};

use super::Opened;
use crate::cli::{Cli, Wanted};
use crate::commands::{key, registry};
use crate::console::governing::scratch;
use crate::output::{Failure, say};

/// Puts a rule set and its components into a registry, signed with `--key`.
pub async fn publish(cli: &Cli, from: &Path, version: &str, to: &Path) -> Result<(), Failure> {
    let (charter, bytes) = packed(cli, from)?;
    let label = Label::new(Kind::Rules, &charter.book.name, version)?;
    let mut package = Package::fetched(label, bytes, Vec::new())?;
    if let Some(file) = &cli.key {
        package.sign(&key::of_file(file)?);
    }
    let there = registry::publish(cli, package, to).await?;
    say(cli.json, &shown(&there, &charter, None)?, || {
        let Label { name, version, .. } = &there.label;
        format!(
            "published {name} {version} ({})\n  {}\nnext: `reflow ruleset fetch {name}@{version} --from {}`",
            there.digest,
            registry::signed_by(&there),
            to.display()
        )
    });
    Ok(())
}

/// The one file of a rule set: packed here, where it is a folder.
fn packed(cli: &Cli, from: &Path) -> Result<(Charter, Vec<u8>), Failure> {
    if from.is_file() {
        return Ok((Opened::new(cli, from)?.charter()?, Kind::Rules.read(from)?));
    }
    let file = scratch().with_extension("tar.gz");
    let _ = std::fs::remove_file(&file);
    let packed = bundle::pack(from, &cli.plugins, &file).map_err(Failure::from);
    let bytes = packed.and_then(|charter| Ok((charter, Kind::Rules.read(&file)?)));
    let _ = std::fs::remove_file(&file);
    bytes
}

/// Fetches a rule set as one file, if it is what is wanted.
pub async fn fetch(cli: &Cli, wanted: &Wanted) -> Result<(), Failure> {
    let package = registry::fetch(cli, Kind::Rules, &wanted.name, &wanted.from).await?;
    let Label { name, version, .. } = &package.label;
    if let Some(digest) = wanted.digest.as_ref().filter(|digest| **digest != package.digest) {
        return Err(Failure::refused(
            "bad-package",
            format!("`{name}@{version}` is {}, and not {digest}", package.digest),
            "Ask whoever told you that digest, and take nothing else.",
        ));
    }
    let signed = |key: &&String| package.signatures.iter().any(|one| one.key == **key);
    if let Some(key) = wanted.signed_by.iter().find(|key| !signed(key)) {
        return Err(Failure::refused(
            "not-signed",
            format!("`{name}@{version}` is not signed by {key}; it is {}", registry::signed_by(&package)),
            "Ask whoever has that key to publish it with their signature, too.",
        ));
    }
    let charter = Opened::new(cli, &package.file())?.charter()?;
    if charter.book.name != *name {
        let label = Label { name: charter.book.name, ..package.label.clone() };
        return Err(registry::mislabelled(&format!("{}/{name}", wanted.from.display()), &label));
    }
    let file = wanted.into.clone().unwrap_or_else(|| PathBuf::from(format!("{name}-{version}.tar.gz")));
    written(&file, &package.bytes)?;
    say(cli.json, &shown(&package, &charter, Some(&file))?, || {
        let from = match &charter.book.forked_from {
            Some(from) => format!("  made from {} ({})\n", from.name, from.digest),
            None => String::new(),
        };
        let (signed, file) = (registry::signed_by(&package), file.display());
        format!(
            "fetched {name} {version} ({}) into `{file}`\n{from}  {signed}\nnext: `reflow ruleset check {file}`; a network \
             founded with `--rules {file}` lives by it, and `reflow amendment new TITLE --rules {file}` brings it to a vote",
            package.digest
        )
    });
    Ok(())
}

/// What is there already stays, unless it is the same.
fn written(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    match std::fs::read(file) {
        Ok(known) if known == bytes => Ok(()),
        Ok(_) => Err(Failure::Usage(format!(
            "`{}` is there already and is something else; choose another with `--into FILE`",
            file.display()
        ))),
        Err(_) => Ok(std::fs::write(file, bytes)?),
    }
}

fn shown(package: &Package, charter: &Charter, file: Option<&Path>) -> Result<Json, Failure> {
    let keys: Vec<&String> = package.signatures.iter().map(|one| &one.key).collect();
    let Label { name, version, .. } = &package.label;
    let hash = pipeline::rules::hash(&charter.book)?;
    Ok(json!({"name": name, "version": version, "digest": package.digest, "hash": hash, "signedBy": keys,
              "forkedFrom": charter.book.forked_from, "file": file}))
}
