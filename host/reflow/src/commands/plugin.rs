//! `reflow plugin build` and `reflow plugin check`.

use serde_json::json;

use crate::cli::{Cli, Plugin};
use crate::output::{Failure, say};

/// Runs the desk's commands.
pub fn run(cli: &Cli, plugin: &Plugin) -> Result<(), Failure> {
    match plugin {
        Plugin::Build { folders, target } => {
            std::fs::create_dir_all(&cli.plugins)?;
            let target = std::path::absolute(target)?;
            for folder in folders {
                let built = kit::build(folder, &target).map_err(|error| {
                    Failure::refused("not-built", error.to_string(), "Mend it and build again.")
                })?;
                let path = cli.plugins.join(format!("{}.wasm", built.manifest.name));
                // An unchanged component keeps its file, and whoever watches it keeps its peace.
                if std::fs::read(&path).ok().as_deref() != Some(&built.component) {
                    std::fs::write(&path, &built.component)?;
                }
                let document = json!({"plugin": built.manifest.name, "component": built.digest, "bytes": built.component.len()});
                say(cli.json, &document, || {
                    format!(
                        "built {} ({} bytes) {}",
                        built.manifest.name,
                        built.component.len(),
                        built.digest
                    )
                });
            }
            Ok(())
        }
        Plugin::Check { file } => {
            let bytes = std::fs::read(file)
                .map_err(|error| Failure::Unreachable(format!("`{}`: {error}", file.display())))?;
            let program = std::env::current_exe()?;
            let admitted = sandbox::admit_in_child(&program, pipeline::shelf::ADMISSION_COMMAND, &bytes)
                .map_err(|error| {
                    Failure::refused("not-admitted", error.to_string(), "Nothing was installed.")
                })?;
            let document = json!({"plugin": admitted.manifest.name, "component": admitted.digest});
            say(cli.json, &document, || {
                format!("`{}` would be admitted: {}", admitted.manifest.name, admitted.digest)
            });
            Ok(())
        }
    }
}
