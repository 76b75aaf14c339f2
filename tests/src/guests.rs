//! Built plugins with another manifest: one component stands for many.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::{Folder, plugins};

const SECTION: &[u8] = b"reflow:manifest";

/// The header of a custom section with so many bytes behind it.
fn header(length: usize) -> Vec<u8> {
    let mut bytes = vec![0];
    let mut left = length;
    while left > 0x7f {
        bytes.push((left & 0x7f) as u8 | 0x80);
        left >>= 7;
    }
    bytes.push(left as u8);
    bytes
}

/// Writes a built plugin into a folder, under a name of its own, with its manifest edited.
pub fn edited(folder: &Path, plugin: &str, name: &str, edit: impl FnOnce(&mut Json)) -> PathBuf {
    let built =
        std::fs::read(plugins().join(format!("{plugin}.wasm"))).expect("the tests' plugins are built");
    // The manifest is the last section: a header, the length of the name, the name, the text.
    let at = built.windows(SECTION.len()).rposition(|bytes| bytes == SECTION).expect("a manifest");
    let begins = at - 1 - header(built.len() - at + 1).len();
    let mut manifest: Json =
        serde_json::from_slice(&built[at + SECTION.len()..]).expect("a manifest is JSON");
    manifest["name"] = name.into();
    edit(&mut manifest);
    let section = [&[SECTION.len() as u8], SECTION, manifest.to_string().as_bytes()].concat();
    let path = folder.join(format!("{name}.wasm"));
    let whole = [&built[..begins], &header(section.len()), &section].concat();
    std::fs::write(&path, whole).expect("it is written");
    path
}

/// A shipped plugin under another version, in a folder; the file.
pub fn version(folder: &Path, plugin: &str, version: &str) -> String {
    let work = Folder::new("version");
    let file = edited(&work.0, plugin, plugin, |manifest| manifest["version"] = Json::from(version));
    let to = folder.join(format!("{plugin}-{version}.wasm"));
    crate::copy(&file, &to);
    to.display().to_string()
}
