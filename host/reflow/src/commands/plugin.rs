//! `reflow plugin`: the author's desk.

mod about;
pub mod replaying;
pub mod shelf;
mod trying;

use std::path::{Path, PathBuf};

use kit::{Broken, Desk, Law};
use pipeline::Rejection;
use sandbox::Scrutiny;
use serde_json::json;
use valueflows::Surface;

use super::{network_name, waiting};
use crate::cli::{Cli, Language, Network, Plugin, Target, World};
use crate::output::{Failure, say};

/// Runs the desk's commands.
pub async fn run(cli: &Cli, plugin: &Plugin) -> Result<(), Failure> {
    match plugin {
        Plugin::New { folder, world, lang } => new(cli, folder, *world, *lang),
        Plugin::Build { folders, target } => build(cli, folders, target),
        Plugin::Test { plugin, target } => about::test(cli, &opened(cli, plugin, target)?),
        Plugin::Laws { plugin, cases, seed, again, target } => {
            let desk = opened(cli, plugin, target)?;
            match again {
                Some(file) => try_again(cli, &desk, file),
                None => laws(cli, &desk, *seed, *cases),
            }
        }
        Plugin::Inspect { plugin } => about::inspect(cli, plugin),
        Plugin::Bench { plugin, target } => about::bench(cli, &opened(cli, plugin, target)?),
        Plugin::Diff { old, new, cases, target } => {
            about::diff(cli, &opened(cli, old, target)?, &opened(cli, new, target)?, *cases)
        }
        Plugin::Try { plugin, binding, target } => trying::run(cli, (plugin, target), binding).await,
        Plugin::Pack { plugin, into, target } => shelf::pack(cli, (plugin, target), into),
        Plugin::Sign { package } => shelf::sign(cli, package),
        Plugin::Publish { package, to } => shelf::publish(cli, package, to).await,
        Plugin::Install(named) => shelf::install(cli, named).await,
        Plugin::Bind { named, binding, title, because } => {
            shelf::bind(cli, named, binding, (title.as_deref(), because.as_deref())).await
        }
        Plugin::Pause { plugin, hours, because } => {
            let (name, plugin, because) = (network_name(cli)?, Some(plugin.clone()), because.clone());
            super::operate::run(cli, &Network::Pause { name, plugin, hours: *hours, because }).await
        }
        Plugin::List => shelf::list(cli).await,
        Plugin::Revoke { what, because, undo } => {
            shelf::revoke(cli, what.as_deref(), because.as_deref(), *undo).await
        }
        Plugin::Replay { receipt, with, target } => {
            replaying::run(cli, receipt, with.as_deref().map(|with| (with, target)))
        }
        Plugin::Admit { file } => admit(cli, file),
    }
}

fn new(cli: &Cli, folder: &Path, world: World, language: Language) -> Result<(), Failure> {
    let surface = match world {
        World::Access => Surface::Access,
        World::Pricing => Surface::Pricing,
        World::Duties => Surface::Duties,
        World::Matching => Surface::Matching,
        World::Tally => Surface::Tally,
    };
    let language = match language {
        Language::Rust => kit::Language::Rust,
        Language::Js => kit::Language::Js,
    };
    let written = kit::new(folder, surface, language)?;
    let shown = folder.display();
    let own = |path: &&PathBuf| !path.starts_with(folder.join("vendor"));
    let document = json!({"folder": folder, "world": surface.as_str(), "files": written});
    say(cli.json, &document, || {
        let files: String =
            written.iter().filter(own).map(|path| format!("  {}\n", path.display())).collect();
        format!(
            "made `{shown}`, a rule of the world `{}` that builds and does what its examples say:\n{files}\nnext:\n  \
             cd {shown}\n  reflow plugin test     builds it, and tries the examples\n  reflow plugin laws     what must hold \
             for every rule of this world\nthen change the rule; README.md goes on from there",
            surface.as_str()
        )
    });
    Ok(())
}

fn build(cli: &Cli, folders: &[PathBuf], target: &Target) -> Result<(), Failure> {
    let into = into(cli)?;
    let target = std::path::absolute(&target.target)?;
    for folder in folders {
        let bar = waiting(cli, format!("building `{}`", folder.display()));
        let built = kit::build(folder, &target);
        bar.finish_and_clear();
        let built = built?;
        let path = into.join(format!("{}.wasm", built.manifest.name));
        // An unchanged component keeps its file, and whoever watches it keeps its peace.
        if std::fs::read(&path).ok().as_deref() != Some(&built.component) {
            std::fs::write(&path, &built.component)?;
        }
        let (name, bytes) = (&built.manifest.name, built.component.len());
        let document = json!({"plugin": name, "component": built.digest, "bytes": bytes, "file": path});
        say(cli.json, &document, || {
            format!("built {name} ({bytes} bytes) {}\n  {}", built.digest, path.display())
        });
    }
    Ok(())
}

/// Where built components go. What the configuration says is where a node's lie, which is not for whoever writes one.
pub(super) fn into(cli: &Cli) -> Result<PathBuf, Failure> {
    let into = cli.plugins_said.clone().unwrap_or_else(|| "./target/plugins".into());
    std::fs::create_dir_all(&into)?;
    Ok(into)
}

fn opened(cli: &Cli, plugin: &Path, target: &Target) -> Result<Desk, Failure> {
    let target = std::path::absolute(&target.target)?;
    let bar = waiting(cli, format!("opening `{}`", plugin.display()));
    let desk = Desk::open(plugin, &target);
    bar.finish_and_clear();
    Ok(desk?)
}

/// Every law, as it is tried; the first that is broken ends it, with the smallest case in a file.
fn laws(cli: &Cli, desk: &Desk, seed: Option<u64>, cases: u32) -> Result<(), Failure> {
    let manifest = &desk.plugin.manifest;
    let told = |law: &Law| {
        if !cli.json {
            println!("  holds  {}: {}", law.name, law.says);
        }
    };
    if !cli.json {
        println!("`{} {}`, {cases} cases a law:", manifest.name, manifest.version);
    }
    let held = desk.laws(seed, cases, told).map_err(|broken| {
        let path = desk.broken_path(&broken);
        let text = serde_json::to_string_pretty(&*broken).unwrap_or_default();
        let written = std::fs::write(&path, text + "\n");
        let remedy = match written {
            Ok(()) => format!(
                "The smallest case that breaks it lies in `{0}`: mend the rule, and try it again with `reflow plugin laws --again {0}`.",
                path.display()
            ),
            Err(error) => format!("The case could not be written to `{}`: {error}.", path.display()),
        };
        Failure::Refused {
            code: "breaks-law".into(),
            sentence: format!("it breaks the law `{}`: {}", broken.law, broken.says),
            remedy,
            detail: Box::new(json!(broken)),
        }
    })?;
    let document = json!({"plugin": manifest.name, "component": desk.plugin.digest, "held": held});
    say(cli.json, &document, || {
        format!(
            "all {} hold; a call takes {} of fuel, and {} for each item more",
            held.laws.len(),
            held.fuel_base,
            held.fuel_per_item
        )
    });
    Ok(())
}

/// One case that broke a law, asked again.
fn try_again(cli: &Cli, desk: &Desk, file: &Path) -> Result<(), Failure> {
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::Unreachable(format!("`{}`: {error}", file.display())))?;
    let broken: Broken = serde_json::from_slice(&bytes).map_err(|error| {
        Failure::Usage(format!("`{}` is no case that broke a law: {error}", file.display()))
    })?;
    match sandbox::laws::again(&desk.plugin, &broken) {
        Err(says) => Err(Failure::Refused {
            code: "breaks-law".into(),
            sentence: format!("it still breaks the law `{}`: {says}", broken.law),
            remedy: "Mend the rule, and try it again.".into(),
            detail: Box::new(json!(broken)),
        }),
        Ok(()) => {
            say(cli.json, &json!({"law": broken.law, "holds": true}), || {
                format!("the law `{}` holds in this case", broken.law)
            });
            Ok(())
        }
    }
}

/// What any node does before a component lies on its shelf, done here to see what comes of it.
fn admit(cli: &Cli, file: &Path) -> Result<(), Failure> {
    let bytes = kit::read(file)?;
    let program = std::env::current_exe()?;
    let admitted =
        sandbox::admit_in_child(&program, pipeline::shelf::ADMISSION_COMMAND, &bytes, Scrutiny::Stranger)
            .map_err(Rejection::from)?;
    let (manifest, found) = (&admitted.manifest, &admitted.findings);
    let document = json!({
        "plugin": manifest.name, "version": manifest.version, "world": manifest.world, "component": admitted.digest,
        "bytes": bytes.len(), "structure": found.structure, "extraExports": found.extra_exports,
        "fuelEmpty": found.fuel_empty, "held": found.held,
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
