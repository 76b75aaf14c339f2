//! A folder for a new plugin: a rule of its world that builds, keeps the laws and does what its examples say, with all that
//! it needs beside it. The interface and the SDK are in this program.

use std::path::{Path, PathBuf};

use valueflows::Surface;

use crate::{KitError, write};

/// The interface, as this program has it.
pub(crate) const WIT: &str = include_str!("../../../wit/plugin.wit");

/// What a plugin is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Rust.
    Rust,
    /// JavaScript.
    Js,
}

macro_rules! sdk {
    ($($name:literal),* $(,)?) => {
        &[$((concat!("vendor/sdk/src/", $name), include_str!(concat!("../../../plugins/sdk/src/", $name)))),*]
    };
}

/// The SDK's sources.
const SDK: &[(&str, &str)] =
    sdk!["lib.rs", "asked.rs", "facts.rs", "lot.rs", "place.rs", "quantity.rs", "reason.rs", "worlds.rs"];
/// The SDK of JavaScript.
const SDK_JS: &str = include_str!("../../../plugins/sdk/js/sdk.js");
/// The versions that the plugins of this program are built with.
const LOCK: &str = include_str!("../../../plugins/Cargo.lock");
/// The workspace of those plugins, which says how the SDK's one dependency is taken.
const WORKSPACE: &str = include_str!("../../../plugins/Cargo.toml");

/// What the manifest of an interpreted rule says beside.
const INTERPRETED: &str =
    "# An interpreter takes some forty times as much for the same work.\nfuel = \"interpreted\"\n";

struct Template {
    manifest: &'static str,
    rust: &'static str,
    js: &'static str,
    examples: &'static str,
    /// A policy to try it with.
    policy: Option<&'static str>,
    /// What it does, in half a sentence.
    what: &'static str,
    /// What there is to see when it is tried on the demo.
    trying: &'static str,
}

macro_rules! template {
    ($world:literal, $what:literal, $trying:literal $(, $policy:literal)?) => {
        Template {
            manifest: include_str!(concat!("../templates/", $world, "/plugin.toml")),
            rust: include_str!(concat!("../templates/", $world, "/lib.rs.txt")),
            js: include_str!(concat!("../templates/", $world, "/rule.js")),
            examples: include_str!(concat!("../templates/", $world, "/examples.toml")),
            policy: None$(.or(Some(include_str!(concat!("../templates/", $world, $policy)))))?,
            what: $what,
            trying: $trying,
        }
    };
}

fn template(world: Surface) -> Template {
    match world {
        Surface::Access => template!(
            "access",
            "facts about an act that the network's policies can read, and perhaps a refusal.",
            "As it stands the rule lets nobody borrow more than three things within sixty days. On the demo, try it with \
             `--set most=1`: loans of whoever had borrowed something shortly before come out differently. The other way is \
             a policy that reads its fact: `--set most=1000 --policy policy.cedar`.",
            "/policy.cedar"
        ),
        Surface::Pricing => template!(
            "pricing",
            "what a deal costs, in lines.",
            "A network asks one rule for its prices: say whose place this one takes. On the demo, try it with \
             `--instead deposit --set day=\"1.00 EUR\"`, and ask what a loan costs: `reflow quote THING --days 3`."
        ),
        Surface::Duties => template!(
            "duties",
            "what follows from what has happened: promises.",
            "A promise that no policy lets this rule make is refused, together with the act that it would have followed from: \
             `policy.cedar` lets it. On the demo try it with \
             `--acts transferCustody --set work=\"0.50 hour\" --policy policy.cedar`.",
            "/policy.cedar"
        ),
        Surface::Matching => template!(
            "matching",
            "which offers are shown first, and why.",
            "A network asks one rule for the order of its board: on the demo, try it with `--instead nearest`."
        ),
        Surface::Tally => template!(
            "tally",
            "what comes of a vote.",
            "A tally counts where the rules about changing rules name it: `decisions` in the network's `charter.toml`."
        ),
    }
}

/// Makes the folder; answers with the files that it wrote. A folder with anything in it is left alone.
pub fn new(folder: &Path, world: Surface, language: Language) -> Result<Vec<PathBuf>, KitError> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let fits = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= 40
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !fits || name.ends_with('-') || name == "sdk" {
        return Err(KitError::New(format!(
            "`{name}` is no name for a plugin: small letters, digits and hyphens, as in `fair-turns`"
        )));
    }
    if std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(KitError::New(format!("there is something in `{}` already", folder.display())));
    }
    let template = template(world);
    let filled = |text: &str| fill(text, &name, (world, language), &template);
    let licence = "licence = \"MIT OR Apache-2.0\"\n";
    let manifest = match language {
        Language::Rust => template.manifest.to_owned(),
        Language::Js => template.manifest.replace(licence, &format!("{licence}{INTERPRETED}")),
    };
    let mut files: Vec<(String, String)> = vec![
        ("plugin.toml".into(), filled(&manifest)),
        ("tests/examples.toml".into(), filled(template.examples)),
        ("README.md".into(), filled(include_str!("../templates/README.md.txt"))),
        ("wit/plugin.wit".into(), WIT.to_owned()),
        (".gitignore".into(), "/target\n/node_modules\n".to_owned()),
    ];
    files.extend(template.policy.map(|text| ("policy.cedar".to_owned(), filled(text))));
    match language {
        Language::Rust => {
            files.push(("src/lib.rs".into(), filled(template.rust)));
            files.push(("Cargo.toml".into(), filled(include_str!("../templates/rust/Cargo.toml.txt"))));
            files.push(("Cargo.lock".into(), lock()?));
            files.push(("vendor/sdk/Cargo.toml".into(), sdk_manifest()?));
            files.extend(SDK.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
        }
        Language::Js => {
            files.push(("src/rule.js".into(), filled(template.js)));
            files.push(("vendor/sdk.js".into(), SDK_JS.to_owned()));
            files.push(("package.json".into(), filled(include_str!("../templates/js/package.json"))));
            files.push((
                "package-lock.json".into(),
                filled(include_str!("../templates/js/package-lock.json")),
            ));
        }
    }
    files.sort();
    let written = files.iter().map(|(path, text)| write(&folder.join(path), text));
    written.collect()
}

fn fill(text: &str, name: &str, (world, language): (Surface, Language), template: &Template) -> String {
    let words = name.split('-').map(|word| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_ascii_uppercase() + rest
    });
    let group: String = words.collect();
    let (first, rest) = group.split_at_checked(1).unwrap_or_default();
    let facts = first.to_ascii_lowercase() + rest;
    let (source, vendor, about) = match language {
        Language::Rust => (
            "src/lib.rs",
            "`vendor/sdk/` | what every rule in Rust is written with; its documentation stands in `vendor/sdk/src/lib.rs`",
            "",
        ),
        Language::Js => (
            "src/rule.js",
            "`vendor/sdk.js` | what every rule in JavaScript is written with, and what it does about numbers, errors and lots",
            "- JavaScript is interpreted: a call takes some twelve times as long as in Rust, and forty times the fuel. Two builds of \
             one source may differ in a byte: whoever has only the source cannot show that a digest is its. In Rust they can.\n",
        ),
    };
    let each = [
        ("{{TRYING}}", template.trying),
        ("{{WHAT}}", template.what),
        ("{{ABOUT}}", about),
        ("{{SOURCE}}", source),
        ("{{VENDOR}}", vendor),
        ("{{WORLD}}", world.as_str()),
        ("{{GROUP}}", &group),
        ("{{FACTS}}", &facts),
        ("{{NAME}}", name),
    ];
    each.iter().fold(text.to_owned(), |text, (mark, said)| text.replace(mark, said))
}

/// A part of this program's own files that is not as it should be.
fn broken(problem: impl std::fmt::Display) -> KitError {
    KitError::New(format!("this program's own template is broken: {problem}"))
}

fn sdk_manifest() -> Result<String, KitError> {
    let workspace: toml::Table = toml::from_str(WORKSPACE).map_err(broken)?;
    let bindgen = workspace.get("workspace").and_then(|it| it.get("dependencies")?.get("wit-bindgen"));
    let bindgen = bindgen.ok_or_else(|| broken("no wit-bindgen"))?;
    let dependency = format!("wit-bindgen = {}\n", inline(bindgen));
    Ok(include_str!("../templates/rust/sdk.toml.txt").to_owned() + &dependency)
}

/// A value of TOML in one line.
fn inline(value: &toml::Value) -> String {
    match value {
        toml::Value::Table(table) => {
            let members: Vec<String> =
                table.iter().map(|(name, value)| format!("{name} = {}", inline(value))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        // Texts, numbers and lists of these are written in JSON as in TOML.
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}

/// The lock file without the plugins of this program: cargo adds the new one itself, and asks nobody for versions.
fn lock() -> Result<String, KitError> {
    let lock: toml::Table = toml::from_str(LOCK).map_err(broken)?;
    let packages = lock.get("package").and_then(toml::Value::as_array).ok_or_else(|| broken("no lock"))?;
    let mut text = format!("version = {}\n", lock.get("version").map(inline).unwrap_or_default());
    let foreign = packages.iter().filter_map(toml::Value::as_table).filter(|one| one.contains_key("source"));
    for package in foreign {
        text.push_str("\n[[package]]\n");
        for (name, value) in package {
            text.push_str(&format!("{name} = {}\n", inline(value)));
        }
    }
    Ok(text)
}
