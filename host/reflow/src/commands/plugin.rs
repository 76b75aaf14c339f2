//! `reflow plugin build` and `reflow plugin admit`.

use std::path::Path;

use pipeline::Rejection;
use sandbox::Scrutiny;
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
        Plugin::Admit { file } => admit(cli, file),
    }
}

/// What any node does before a component lies on its shelf, done here to see what comes of it.
fn admit(cli: &Cli, file: &Path) -> Result<(), Failure> {
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::Unreachable(format!("`{}`: {error}", file.display())))?;
    let program = std::env::current_exe()?;
    let admitted =
        sandbox::admit_in_child(&program, pipeline::shelf::ADMISSION_COMMAND, &bytes, Scrutiny::Stranger)
            .map_err(Rejection::from)?;
    let (manifest, found) = (&admitted.manifest, &admitted.findings);
    let document = json!({
        "plugin": manifest.name, "version": manifest.version, "world": manifest.world, "component": admitted.digest,
        "bytes": bytes.len(), "structure": found.structure, "extraExports": found.extra_exports,
        "fuelEmpty": found.fuel_empty,
    });
    say(cli.json, &document, || {
        let counts = &found.structure;
        let extra = match found.extra_exports.as_slice() {
            [] => String::new(),
            names => format!("\n  it also exports what nobody calls: {}", names.join(", ")),
        };
        format!(
            "`{} {}` would be admitted, for the world `{}`: {}\n  {} bytes, {} functions; an empty batch takes {} of fuel{extra}",
            manifest.name,
            manifest.version,
            manifest.world.as_str(),
            admitted.digest,
            bytes.len(),
            counts.functions,
            found.fuel_empty.unwrap_or_default(),
        )
    });
    Ok(())
}
