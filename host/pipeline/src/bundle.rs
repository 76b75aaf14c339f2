//! A rule set in one file: its folder and the components that it names, to be carried to somebody else.
//!
//! The file is a `tar.gz` whose bytes follow from what is in it: packed twice, it is the same file. It holds no
//! time, no owner, no path but its own names. Reading it refuses what is too large or points elsewhere.

use std::io::Read;
use std::path::{Component, Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::charter::Charter;
use crate::error::Rejection;
use crate::limits::BUNDLE_BYTES_MAX;

/// The folder in it where components lie.
const PLUGINS: &str = "plugins";

fn failed(path: &Path, error: &dyn std::fmt::Display) -> Rejection {
    Rejection::Rules(format!("`{}`: {error}", path.display()))
}

/// Packs a rule set; it has to be one that a network could live by. Answers with what was packed.
pub fn pack(folder: &Path, plugins: &Path, to: &Path) -> Result<Charter, Rejection> {
    let charter = Charter::read(folder, plugins)?;
    let mut members: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    collect(folder, Path::new(""), &mut members)?;
    for (binding, bytes) in charter.book.bindings.iter().zip(&charter.components) {
        members.push((Path::new(PLUGINS).join(format!("{}.wasm", binding.plugin)), bytes.clone()));
    }
    members.sort();
    members.dedup();
    let file = std::fs::File::create_new(to).map_err(|error| failed(to, &error))?;
    let mut archive = tar::Builder::new(GzEncoder::new(file, Compression::best()));
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, &name, &bytes[..]).map_err(|error| failed(to, &error))?;
    }
    let finished = archive.into_inner().and_then(GzEncoder::finish).and_then(|file| file.sync_all());
    finished.map_err(|error| failed(to, &error))?;
    Ok(charter)
}

/// The files of a rule set: what reading one looks at, and what people read.
fn collect(folder: &Path, at: &Path, members: &mut Vec<(PathBuf, Vec<u8>)>) -> Result<(), Rejection> {
    let here = folder.join(at);
    for entry in std::fs::read_dir(&here).map_err(|error| failed(&here, &error))? {
        let entry = entry.map_err(|error| failed(&here, &error))?;
        let name = at.join(entry.file_name());
        let kind = entry.file_type().map_err(|error| failed(&here, &error))?;
        let known = |end: &str| ["toml", "cedar", "md", "ftl", "json", "lock"].contains(&end);
        if kind.is_dir() && at.as_os_str().is_empty() {
            collect(folder, &name, members)?;
        } else if kind.is_file() && name.extension().and_then(|end| end.to_str()).is_some_and(known) {
            members.push((name, std::fs::read(entry.path()).map_err(|error| failed(&entry.path(), &error))?));
        }
    }
    Ok(())
}

/// Unpacks a file into an empty folder: everything, or an error that says why not.
pub fn unpack(file: &Path, into: &Path) -> Result<(), Rejection> {
    let opened = std::fs::File::open(file).map_err(|error| failed(file, &error))?;
    let mut archive = tar::Archive::new(GzDecoder::new(opened).take(BUNDLE_BYTES_MAX + 1));
    let mut left = BUNDLE_BYTES_MAX;
    for entry in archive.entries().map_err(|error| failed(file, &error))? {
        let mut entry = entry.map_err(|error| failed(file, &error))?;
        let name = entry.path().map_err(|error| failed(file, &error))?.into_owned();
        let plain = entry.header().entry_type().is_file()
            && name.components().all(|part| matches!(part, Component::Normal(_)));
        left = match left.checked_sub(entry.size()) {
            Some(left) if plain => left,
            Some(_) => return Err(failed(file, &format!("`{}` is no plain file in it", name.display()))),
            None => return Err(failed(file, &format!("it holds more than {BUNDLE_BYTES_MAX} bytes"))),
        };
        let path = into.join(&name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| failed(parent, &error))?;
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(|error| failed(file, &error))?;
        std::fs::write(&path, bytes).map_err(|error| failed(&path, &error))?;
    }
    Ok(())
}

/// Reads a rule set from a folder, its plugins lying in `plugins`; or from a file that brings them along, which is
/// unpacked into `scratch` first.
pub fn read(from: &Path, plugins: &Path, scratch: &Path) -> Result<Charter, Rejection> {
    if !from.is_file() {
        return Charter::read(from, plugins);
    }
    let _ = std::fs::remove_dir_all(scratch);
    std::fs::create_dir_all(scratch).map_err(|error| failed(scratch, &error))?;
    let charter = unpack(from, scratch).and_then(|()| Charter::read(scratch, &scratch.join(PLUGINS)));
    let _ = std::fs::remove_dir_all(scratch);
    charter
}
