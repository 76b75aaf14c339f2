//! A component on the author's desk: opened in this very process, since it is the author's own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sandbox::laws::{self, Broken, Held, Law};
use sandbox::{Plugin, Sandbox, Scrutiny, admission};

use crate::example::{self, Tried};
use crate::{KitError, build, read};

/// A component, ready to be asked.
pub struct Desk {
    /// The plugin.
    pub plugin: Plugin,
    /// Where it lies: a file, or the folder of its source.
    place: PathBuf,
}

/// The bytes of a component: of a file, or of the folder of a plugin, which is built first.
fn component(path: &Path, target: &Path) -> Result<Vec<u8>, KitError> {
    if path.is_dir() {
        return build(path, target).map(|built| built.component);
    }
    read(path)
}

impl Desk {
    /// Opens a component, or the folder of a plugin.
    pub fn open(path: &Path, target: &Path) -> Result<Desk, KitError> {
        let component = component(path, target)?;
        let sandbox = Arc::new(Sandbox::new().map_err(|error| KitError::Sandbox(error.to_string()))?);
        let (_, plugin) = admission::admit(&sandbox, &component, Scrutiny::Known)?;
        Ok(Desk { plugin, place: path.to_owned() })
    }

    /// Holds it to its laws; each is told as it holds. `seed` is that of admission where none is given.
    pub fn laws(&self, seed: Option<u64>, cases: u32, tried: impl FnMut(&Law)) -> Result<Held, Box<Broken>> {
        let seed = seed.unwrap_or_else(|| laws::seed(&self.plugin.digest));
        laws::hold(&self.plugin, (seed, cases), tried)
    }

    /// Tries the examples of its folder, where there are some: those of the folder of its source, or that the component
    /// lies in.
    pub fn examples(&self) -> Result<Vec<Tried>, KitError> {
        let folder =
            if self.place.is_dir() { &*self.place } else { self.place.parent().unwrap_or(Path::new(".")) };
        example::all(&self.plugin, folder)
    }

    /// Where a case that breaks a law is written down: beside the component, or in the folder of its source.
    pub fn broken_path(&self, broken: &Broken) -> PathBuf {
        let name = format!("{}.{}.json", self.plugin.manifest.name, broken.law);
        if self.place.is_dir() { self.place.join(name) } else { self.place.with_file_name(name) }
    }
}
