//! Building a rule in JavaScript: an interpreter and its source in one component, by `componentize-qjs`, at the version that
//! the folder's lock file names. Two builds of one source may differ in a byte, and answer alike.

use std::path::Path;
use std::process::{Command, Stdio};

use sandbox::Manifest;
use valueflows::Surface;

use crate::{Built, KitError, read, seal, write};

/// Where the builder lies, once it is installed.
const BUILDER: &str = "node_modules/componentize-qjs/cli.mjs";

pub(crate) fn build(manifest: Manifest, folder: &Path) -> Result<Built, KitError> {
    if !folder.join(BUILDER).exists() {
        run("npm", folder, &["ci", "--no-audit", "--no-fund", "--silent"], &manifest)?;
    }
    let json = serde_json::to_string(&manifest)
        .map_err(|error| KitError::Wrap(manifest.name.clone(), error.to_string()))?;
    write(&folder.join("target/js/manifest.js"), &format!("export default {json};\n"))?;
    let (world, interface) = (manifest.world.as_str(), interface(manifest.world));
    let main = format!(
        "import {{ {world} }} from \"../../vendor/sdk.js\";\nimport rule from \"../../src/rule.js\";\n\
         import manifest from \"./manifest.js\";\n\nexport const {interface} = {world}(rule, manifest);\n"
    );
    write(&folder.join("target/js/main.js"), &main)?;
    let out = folder.join("target/js/rule.wasm");
    let _ = std::fs::remove_file(&out);
    let arguments = [
        BUILDER,
        "--wit",
        "wit/plugin.wit",
        "--world",
        world,
        "--js",
        "target/js/main.js",
        "--module-root",
        ".",
        "--stub-wasi",
        "--sync",
        "--output",
        "target/js/rule.wasm",
    ];
    run("node", folder, &arguments, &manifest)?;
    seal(manifest, read(&out)?)
}

fn interface(world: Surface) -> &'static str {
    match world {
        Surface::Access => "gate",
        Surface::Pricing => "pricer",
        Surface::Duties => "obliger",
        Surface::Matching => "matcher",
        Surface::Tally => "counter",
    }
}

fn run(
    program: &'static str,
    folder: &Path,
    arguments: &[&str],
    manifest: &Manifest,
) -> Result<(), KitError> {
    // What it says when all is well is nobody's business here, and standard output is one document.
    let status = Command::new(program).args(arguments).current_dir(folder).stdout(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(KitError::NoNode(program)),
        _ => Err(KitError::Compiler(program, manifest.name.clone())),
    }
}
