//! A rule set in a folder: `charter.toml`, policies, and the plugins that it names.

use std::path::Path;

use governance::{CaseRules, Decisions, Joining};
use policy::{Binding, CharterText, Lineage, NoticeText, Place, RuleBook, Trust, UnitSpec};
use sandbox::{Manifest, admission};
use serde::Deserialize;
use serde_json::Value as Json;
use valueflows::OwnAction;

use crate::error::Rejection;

/// The protected layer that every network of this program carries.
pub(crate) const PROTECTED: &str = include_str!("../../../policies/protected/protected.cedar");

/// The file of a rule set whose `forbid`s stand in its protected layer.
const CONSTITUTION: &str = "constitution.cedar";

/// A rule set, read: a book and the components that it names.
#[derive(Debug)]
pub struct Charter {
    /// The book.
    pub book: RuleBook,
    /// The components' bytes.
    pub components: Vec<Vec<u8>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    title: String,
    #[serde(default)]
    units: Vec<UnitSpec>,
    #[serde(default)]
    actions: Vec<OwnAction>,
    #[serde(default)]
    plugins: Vec<Named>,
    #[serde(default)]
    decisions: Option<Decisions>,
    #[serde(default)]
    cases: Option<CaseRules>,
    #[serde(default)]
    joining: Option<Joining>,
    /// Where the network is that lives by these rules, if they are one network's own.
    #[serde(default)]
    place: Option<Place>,
    /// Whose plugins may be bound.
    #[serde(default)]
    trust: Option<Trust>,
    /// The rules that they were made from.
    #[serde(default, rename = "forked-from")]
    forked_from: Option<Lineage>,
    /// The language of the charter's text that counts.
    #[serde(default)]
    authoritative: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
    /// None, where it counts votes: the ways of deciding name it.
    #[serde(default)]
    acts: Vec<String>,
    #[serde(default)]
    settings: Json,
    #[serde(default)]
    personal: Vec<String>,
}

impl Charter {
    /// Reads a rule set; its plugins are `NAME.wasm` in `plugins`.
    pub fn read(folder: &Path, plugins: &Path) -> Result<Charter, Rejection> {
        Charter::read_under(Lock::of(folder)?.as_ref(), folder, plugins)
    }

    fn read_under(lock: Option<&Lock>, folder: &Path, plugins: &Path) -> Result<Charter, Rejection> {
        let text = read(&folder.join("charter.toml"))?;
        let file: File = toml::from_str(&text).map_err(|error| {
            Rejection::Rules(format!("`{}`: {error}", folder.join("charter.toml").display()))
        })?;
        let policies = files(folder, "cedar")?;
        let files: Vec<(&str, &str)> = policies.iter().map(|(name, text)| (&**name, &**text)).collect();
        let mut bindings = Vec::new();
        let mut components = Vec::new();
        for named in file.plugins {
            let (binding, bytes) = bind(named, plugins)?;
            lock.map_or(Ok(()), |lock| lock.check(&binding))?;
            bindings.push(binding);
            components.push(bytes);
        }
        let is_own = |name: &&str| *name != CONSTITUTION;
        let (own, constitution): (Vec<_>, Vec<_>) = files.into_iter().partition(|(name, _)| is_own(name));
        let protected: Vec<_> = [("protected.cedar", PROTECTED)].into_iter().chain(constitution).collect();
        let mut book = RuleBook::with((&file.name, &file.title), file.units, &own, &protected, bindings)?
            .defining(file.actions);
        book.decisions = Some(decisions(file.decisions, folder)?);
        let house = file.cases.iter().flat_map(CaseRules::problems);
        let house = house.chain(file.joining.iter().flat_map(Joining::problems));
        if let Some(problem) = house
            .chain(file.place.iter().filter_map(Place::problem).map(|bad| bad.said()))
            .chain(file.trust.iter().filter_map(Trust::problem))
            .next()
        {
            let at = folder.join("charter.toml");
            return Err(Rejection::Rules(format!("`{}`: {problem}", at.display())));
        }
        (book.cases, book.joining, book.place) = (file.cases, file.joining, file.place);
        (book.trust, book.forked_from) = (file.trust, file.forked_from);
        book.charter = texts(folder, file.authoritative.as_deref())?;
        book.notices = notices(folder)?;
        book.scenarios = crate::scenario::texts(folder)?;
        // A book that does not compile is no book: better said now than at founding.
        policy::compile(&book)?;
        Ok(Charter { book, components })
    }
}

/// The file that says which components a rule set has exactly.
const LOCK: &str = "plugins.lock";

/// What it says; nothing, where there is none.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lock {
    #[serde(default)]
    plugin: Vec<Locked>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Locked {
    name: String,
    version: String,
    component: String,
}

impl Lock {
    fn of(folder: &Path) -> Result<Option<Lock>, Rejection> {
        let path = folder.join(LOCK);
        if !path.exists() {
            return Ok(None);
        }
        let wrong = |error: toml::de::Error| Rejection::Rules(format!("`{}`: {error}", path.display()));
        toml::from_str(&read(&path)?).map(Some).map_err(wrong)
    }

    /// Whether a component is the one that was locked.
    fn check(&self, binding: &Binding) -> Result<(), Rejection> {
        let locked = self.plugin.iter().find(|locked| locked.name == binding.plugin);
        let version = match locked {
            Some(locked) if locked.component == binding.component => return Ok(()),
            Some(locked) => &*locked.version,
            None => "nothing of that name",
        };
        Err(Rejection::Rules(format!(
            "`{}` is not what `{LOCK}` names ({version}): take that one, or write down what is there with `reflow ruleset lock`",
            binding.plugin
        )))
    }
}

/// Writes down which components a rule set has exactly, as they lie in `plugins`; how many.
pub fn lock(folder: &Path, plugins: &Path) -> Result<usize, Rejection> {
    let path = folder.join(LOCK);
    let charter = Charter::read_under(None, folder, plugins)?;
    let mut text =
        "# Which components these rules have exactly: `reflow ruleset lock` wrote it.\n".to_owned();
    for (binding, bytes) in charter.book.bindings.iter().zip(&charter.components) {
        let Manifest { name, version, .. } = Manifest::of(bytes)?;
        let component = &binding.component;
        let row = format!(
            "\n[[plugin]]\nname = \"{name}\"\nversion = \"{version}\"\ncomponent = \"{component}\"\n"
        );
        text.push_str(&row);
    }
    let new = path.with_extension("lock-new");
    std::fs::write(&new, text)
        .and_then(|()| std::fs::rename(&new, &path))
        .map_err(|error| Rejection::Rules(format!("`{}`: {error}", path.display())))?;
    Ok(charter.components.len())
}

/// How the rules are changed: a network that does not say so could never change them.
fn decisions(decisions: Option<Decisions>, folder: &Path) -> Result<Decisions, Rejection> {
    let at = folder.join("charter.toml");
    let decisions = decisions.ok_or_else(|| {
        Rejection::Rules(format!(
            "`{}` does not say how these rules are changed: add `[decisions.parameter]`, `.rule`, `.membership` and \
             `.constitution`, as in policies/tool-library/charter.toml",
            at.display()
        ))
    })?;
    match decisions.problems().first() {
        None => Ok(decisions),
        Some(problem) => Err(Rejection::Rules(format!("`{}`: {problem}", at.display()))),
    }
}

/// The rules in plain words: `charter.en.md`, `charter.de.md` and so on, one of which counts.
fn texts(folder: &Path, authoritative: Option<&str>) -> Result<Vec<CharterText>, Rejection> {
    let mut texts = Vec::new();
    for (name, text) in files(folder, "md")? {
        let language = name.strip_prefix("charter.").and_then(|name| name.strip_suffix(".md"));
        let Some(language) = language.map(str::to_owned) else { continue };
        texts.push(CharterText { authoritative: authoritative == Some(&language), language, text });
    }
    match texts.iter().filter(|text| text.authoritative).count() {
        _ if texts.is_empty() => Ok(texts),
        1 => Ok(texts),
        _ => Err(Rejection::Rules(format!(
            "`{}`: say with `authoritative = \"en\"` which of its charter's texts counts",
            folder.join("charter.toml").display()
        ))),
    }
}

/// What members are told: `notices.en.ftl`, `notices.de.ftl` and so on.
fn notices(folder: &Path) -> Result<Vec<NoticeText>, Rejection> {
    let found = files(folder, "ftl")?.into_iter().filter_map(|(name, text)| {
        let language = name.strip_prefix("notices.")?.strip_suffix(".ftl")?.to_owned();
        Some(NoticeText { language, text })
    });
    Ok(found.collect())
}

fn read(path: &Path) -> Result<String, Rejection> {
    std::fs::read_to_string(path).map_err(|error| Rejection::Rules(format!("`{}`: {error}", path.display())))
}

pub(crate) fn files(folder: &Path, kind: &str) -> Result<Vec<(String, String)>, Rejection> {
    let entries = std::fs::read_dir(folder)
        .map_err(|error| Rejection::Rules(format!("`{}`: {error}", folder.display())))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| Rejection::Rules(error.to_string()))?.path();
        if path.extension().is_some_and(|extension| extension == kind) {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            files.push((name, read(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

fn bind(named: Named, plugins: &Path) -> Result<(Binding, Vec<u8>), Rejection> {
    let path = plugins.join(format!("{}.wasm", named.name));
    let bytes = admission::read(&path).map_err(|error| {
        Rejection::Rules(format!("`{}`: {error}; build the plugins with `make plugins`", path.display()))
    })??;
    let manifest = Manifest::of(&bytes)?;
    if let Some(name) = named.personal.iter().find(|name| !manifest.wants(name)) {
        return Err(Rejection::Rules(format!("the plugin `{}` does not ask for `{name}`", manifest.name)));
    }
    let binding = Binding {
        plugin: manifest.name,
        surface: manifest.world,
        component: admission::digest(&bytes),
        settings: if named.settings.is_null() { Json::Object(Default::default()) } else { named.settings },
        acts: named.acts,
        facts: manifest.facts,
        personal: named.personal,
    };
    Ok((binding, bytes))
}
