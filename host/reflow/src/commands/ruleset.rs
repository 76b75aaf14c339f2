//! `reflow ruleset`: a rule set in a folder, before any network lives by it.

mod published;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pipeline::{Charter, Node, bundle, scenario};
use policy::{CompiledBook, diff};
use serde_json::json;

use super::{absolute, ask, rows, text};
use crate::cli::{Cli, Ruleset};
use crate::console::Request;
use crate::console::governing::scratch;
use crate::home::Home;
use crate::output::{Failure, say};

/// Does what was asked.
pub async fn run(cli: &Cli, ruleset: &Ruleset) -> Result<(), Failure> {
    match ruleset {
        Ruleset::Check { folder } => check(cli, folder),
        Ruleset::Test { folder } => test(cli, folder).await,
        Ruleset::Mutate { folder } => mutate(cli, folder).await,
        Ruleset::Lock { folder } => lock(cli, folder),
        Ruleset::Pack { folder, file } => pack(cli, folder, file),
        Ruleset::Publish { from, version, to } => published::publish(cli, from, version, to).await,
        Ruleset::Fetch(wanted) => published::fetch(cli, wanted).await,
        Ruleset::New { folder, from } => new(cli, folder, from),
        Ruleset::Install { folder } => install(cli, folder).await,
        Ruleset::Diff { from, to } => difference(cli, from, to),
    }
}

/// A rule set, unpacked where it is one file: its folder, and where its plugins lie.
struct Opened {
    folder: PathBuf,
    plugins: PathBuf,
    scratch: Option<PathBuf>,
}

impl Opened {
    fn new(cli: &Cli, from: &Path) -> Result<Opened, Failure> {
        if !from.is_file() {
            return Ok(Opened { folder: from.to_owned(), plugins: cli.plugins.clone(), scratch: None });
        }
        let folder = scratch();
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)?;
        let opened = Opened { plugins: folder.join("plugins"), scratch: Some(folder.clone()), folder };
        bundle::unpack(from, &opened.folder)?;
        Ok(opened)
    }

    fn charter(&self) -> Result<Charter, Failure> {
        Ok(Charter::read(&self.folder, &self.plugins)?)
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.scratch.iter().for_each(|folder| drop(std::fs::remove_dir_all(folder)));
    }
}

fn read(cli: &Cli, folder: &Path) -> Result<CompiledBook, Failure> {
    let charter = Opened::new(cli, folder)?.charter()?;
    policy::compile(&charter.book).map_err(|error| pipeline::Rejection::from(error).into())
}

/// A node of its own for a rule set that is tried: nothing of any other node is read or written.
async fn trial(cli: &Cli, charter: &Charter) -> Result<(Arc<Node>, PathBuf), Failure> {
    let folder = scratch().with_extension("trial");
    let _ = std::fs::remove_dir_all(&folder);
    let home = Home::open(&folder)?;
    let store = store::Store::open_sqlite(&home.path("reflow.sqlite")).await?;
    store.migrate().await?;
    let node = home.node_over(store, cli).await?;
    for bytes in &charter.components {
        node.shelf().put(node.store(), bytes).await?;
    }
    Ok((node, folder))
}

/// Plays the scenarios of a rule set.
async fn test(cli: &Cli, from: &Path) -> Result<(), Failure> {
    let opened = Opened::new(cli, from)?;
    let charter = opened.charter()?;
    let scenarios = scenario::read(&opened.folder)?;
    let (node, folder) = trial(cli, &charter).await?;
    let told = node.play(&charter.book, &scenarios).await;
    node.close().await;
    let _ = std::fs::remove_dir_all(folder);
    let told = told?;
    let requests = requests(&opened.folder, &charter)?;
    let of_cedar = requests.as_ref().map_or(0, |tests| tests.len());
    let failed = told.iter().filter(|one| one.failed.is_some()).count()
        + requests.iter().flatten().filter(|one| one.1.is_some()).count();
    let document = json!({
        "scenarios": told.iter().map(|one| json!({
            "name": one.name, "because": one.because,
            "failed": one.failed.as_ref().map(|(step, how)| json!({"step": step, "how": how.says})),
        })).collect::<Vec<_>>(),
        "requests": requests.iter().flatten().map(|(name, failed)| json!({"name": name, "failed": failed})).collect::<Vec<_>>(),
        "failed": failed,
    });
    let mut text = String::new();
    for one in &told {
        match &one.failed {
            None => text.push_str(&format!("ok      {}\n", one.name)),
            Some((step, how)) => {
                text.push_str(&format!("FAILED  {}\n  step {step}: {how}\n  {}\n", one.name, one.because));
            }
        }
    }
    for (name, failed) in requests.iter().flatten() {
        match failed {
            None => text.push_str(&format!("ok      {name}\n")),
            Some(how) => text.push_str(&format!("FAILED  {name}\n  {how}\n")),
        }
    }
    let all = told.len() + of_cedar;
    text.push_str(&format!(
        "{} scenarios and {of_cedar} requests: {} as they say, {failed} not",
        told.len(),
        all - failed
    ));
    match failed {
        0 => {
            say(cli.json, &document, || text);
            Ok(())
        }
        _ => {
            if !cli.json {
                println!("{text}");
            }
            Err(Failure::Refused {
                code: "scenario-failed".into(),
                sentence: format!("{failed} of {all} came out differently than they say"),
                remedy: "Change the rules, or what the scenario says.".into(),
                detail: Box::new(document),
            })
        }
    }
}

/// Tests by name, each with what came out differently.
type Outcomes = Vec<(String, Option<String>)>;

/// The tests of a rule set in the format of `cedar run-tests`, each with what came out differently.
fn requests(folder: &Path, charter: &Charter) -> Result<Option<Outcomes>, Failure> {
    let path = folder.join("tests.json");
    if !path.is_file() {
        return Ok(None);
    }
    let tests = pipeline::parse_json(&std::fs::read(&path)?)?;
    let results = policy::outside::run_tests(&charter.book, tests);
    Ok(Some(results.map_err(|error| pipeline::Rejection::Rules(format!("`{}`: {error}", path.display())))?))
}

/// Drops and turns around each rule, and says which scenario noticed.
async fn mutate(cli: &Cli, from: &Path) -> Result<(), Failure> {
    let opened = Opened::new(cli, from)?;
    let charter = opened.charter()?;
    let scenarios = scenario::read(&opened.folder)?;
    let (node, folder) = trial(cli, &charter).await?;
    let mutants = node.mutate(&charter.book, &scenarios).await;
    node.close().await;
    let _ = std::fs::remove_dir_all(folder);
    let mutants = mutants?;
    let missed = mutants.iter().filter(|one| one.caught_by.is_none()).count();
    let document = json!({
        "mutants": mutants.iter().map(|one| json!({
            "policy": one.policy, "how": one.how, "caughtBy": one.caught_by,
        })).collect::<Vec<_>>(),
        "missed": missed,
    });
    say(cli.json, &document, || {
        let lines = mutants.iter().map(|one| match &one.caught_by {
            Some(by) => format!("caught  {} {}: {by}\n", one.policy, one.how),
            None => format!("MISSED  {} {}: no scenario came out differently\n", one.policy, one.how),
        });
        format!(
            "{}{} changed rules, {missed} that no scenario noticed",
            lines.collect::<String>(),
            mutants.len()
        )
    });
    Ok(())
}

fn pack(cli: &Cli, folder: &Path, file: &Path) -> Result<(), Failure> {
    let charter = bundle::pack(folder, &cli.plugins, file)?;
    let hash = pipeline::rules::hash(&charter.book)?;
    let document = json!({"name": charter.book.name, "hash": hash, "file": file, "components": charter.components.len()});
    say(cli.json, &document, || {
        format!(
            "packed `{}` with {} components into `{}`\nrules {hash}",
            charter.book.name,
            charter.components.len(),
            file.display()
        )
    });
    Ok(())
}

/// A copy of a rule set under a name of its own, to be changed.
fn new(cli: &Cli, folder: &Path, from: &Path) -> Result<(), Failure> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if folder.exists() {
        return Err(Failure::Usage(format!(
            "`{}` is there already; choose another folder",
            folder.display()
        )));
    }
    let opened = Opened::new(cli, from)?;
    let book = opened.charter()?.book;
    let (digest, old) = (pipeline::rules::hash(&book)?, book.name);
    copy(&opened.folder, folder)?;
    let charter = folder.join("charter.toml");
    let text = std::fs::read_to_string(&charter)?;
    std::fs::write(&charter, forked(&text, (&old, &digest), &name))?;
    let document = json!({"folder": folder, "from": old, "digest": digest});
    say(cli.json, &document, || {
        let folder = folder.display();
        format!(
            "`{folder}` begins as `{old}`\nnext: change it, then `reflow ruleset test {folder}` and `reflow ruleset diff {} {folder}`",
            from.display()
        )
    });
    Ok(())
}

fn lock(cli: &Cli, folder: &Path) -> Result<(), Failure> {
    let count = pipeline::charter::lock(folder, &cli.plugins)?;
    say(cli.json, &json!({"folder": folder, "locked": count}), || {
        format!(
            "`{}` has {count} calculations, and no others from now on",
            folder.join("plugins.lock").display()
        )
    });
    Ok(())
}

/// The text of a charter under another name, with where it comes from.
fn forked(text: &str, (old, digest): (&str, &str), name: &str) -> String {
    let text = text.replacen(&format!("name = \"{old}\""), &format!("name = \"{name}\""), 1);
    let mut kept = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        match line.trim() == "[forked-from]" {
            // Where that came from stands in its own book.
            true => while lines.next_if(|line| !line.starts_with('[')).is_some() {},
            false => kept.push(line),
        }
    }
    format!("{}\n\n[forked-from]\nname = \"{old}\"\ndigest = \"{digest}\"\n", kept.join("\n").trim_end())
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &to)?,
            false => drop(std::fs::copy(entry.path(), to)?),
        }
    }
    Ok(())
}

async fn install(cli: &Cli, from: &Path) -> Result<(), Failure> {
    let request = Request::Install { rules: absolute(from), plugins: absolute(&cli.plugins) };
    let reply = ask(cli, request).await?;
    say(cli.json, &reply, || {
        let lines = reply
            .get("components")
            .map(rows)
            .unwrap_or_default()
            .iter()
            .map(|row| format!("{}  {}\n", text(row, "plugin"), text(row, "component")));
        format!(
            "on the shelf:\n{}no network lives by it: that takes `reflow amendment new TITLE --rules {}`",
            lines.collect::<String>(),
            from.display()
        )
    });
    Ok(())
}

/// Whether a network could live by it, and what it holds.
fn check(cli: &Cli, folder: &Path) -> Result<(), Failure> {
    let compiled = read(cli, folder)?;
    let book = &compiled.book;
    let hash = pipeline::rules::hash(book)?;
    let protected = book.policies.iter().filter(|policy| policy.protected).count();
    let own: Vec<_> = book.policies.iter().filter(|policy| !policy.protected).collect();
    let title = |id: &str| compiled.says(id, "title").unwrap_or(id).to_owned();
    let document = json!({
        "name": book.name, "title": book.title, "hash": hash, "protected": protected, "forkedFrom": book.forked_from,
        "policies": own.iter().map(|policy| json!({
            "id": policy.id, "title": title(&policy.id), "acts": compiled.acts_of(&policy.id),
        })).collect::<Vec<_>>(),
        "plugins": book.bindings.iter().map(|binding| json!({
            "plugin": binding.plugin, "surface": binding.surface, "acts": binding.acts,
            "component": binding.component,
        })).collect::<Vec<_>>(),
    });
    say(cli.json, &document, || {
        let mut text = format!("{}: {}\n", book.name, book.title);
        if let Some(from) = &book.forked_from {
            text.push_str(&format!("made from {} ({})\n", from.name, from.digest));
        }
        for policy in &own {
            text.push_str(&format!("  {}  ({})\n", title(&policy.id), policy.id));
        }
        for binding in &book.bindings {
            text.push_str(&format!("  calculates {} for {}\n", binding.plugin, binding.acts.join(", ")));
        }
        text.push_str(&format!("  and {protected} rules that every network here carries\nrules {hash}"));
        text
    });
    Ok(())
}

/// What would change for a network that goes from one to the other, and how much is at stake.
fn difference(cli: &Cli, from: &Path, to: &Path) -> Result<(), Failure> {
    let differences = diff::between(&read(cli, from)?, &read(cli, to)?);
    let risk = diff::risk(&differences);
    say(cli.json, &json!({"risk": risk, "differences": differences}), || match risk {
        None => "no difference".to_owned(),
        Some(risk) => {
            let lines = differences.iter().map(|one| format!("{}  ({})\n", one.says, one.risk.as_str()));
            format!("{}at stake: {}", lines.collect::<String>(), risk.as_str())
        }
    });
    Ok(())
}
