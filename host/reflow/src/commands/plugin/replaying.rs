//! `reflow receipt export` and `reflow plugin replay`: a decision in one file, and its rules in code asked again.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use kit::shown;
use pipeline::Rejection;
use pipeline::plugins::{input_of, short};
use pipeline::receipts::{Call, DecisionFile};
use sandbox::{Case, Plugin, Sandbox, Scrutiny, Verdicts};
use serde_json::{Value as Json, json};

use super::opened;
use crate::cli::{Cli, Target};
use crate::commands::{ask, network_name, rows, text};
use crate::console::Request;
use crate::output::{Failure, say};

/// Writes the file of a decision. It is JSON whether `--json` asks for it or not.
pub async fn export(cli: &Cli, decision: &str, output: Option<&Path>) -> Result<(), Failure> {
    let request = Request::Receipt {
        network: network_name(cli)?,
        agent: cli.agent.clone(),
        decision: decision.to_owned(),
    };
    let file = ask(cli, request).await?;
    let Some(path) = output else {
        println!("{file}");
        return Ok(());
    };
    std::fs::write(path, file.to_string())
        .map_err(|error| Failure::Unreachable(format!("`{}`: {error}", path.display())))?;
    let calls = rows(file.get("calls").unwrap_or(&Json::Null));
    let mut names: Vec<String> = calls.iter().map(|call| text(call, "plugin")).collect();
    names.dedup();
    let asked = if names.is_empty() {
        "it asked no rule in code".to_owned()
    } else {
        format!("it asked {}", names.join(", "))
    };
    eprintln!("`{}`: {asked}; ask again with `reflow plugin replay {0}`", path.display());
    Ok(())
}

/// A call, asked again.
struct Again<'a> {
    call: &'a Call,
    said: Result<(Verdicts, u64), String>,
    /// Whether it is the plugin that was asked then.
    own: bool,
    /// Whether it is by the engine of then: another one counts fuel differently.
    engine: bool,
    then: Json,
    now: Json,
}

/// Holds a file against itself, and asks its plugins again.
pub fn run(cli: &Cli, file: &Path, with: Option<(&Path, &Target)>) -> Result<(), Failure> {
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::Unreachable(format!("`{}`: {error}", file.display())))?;
    let receipt = DecisionFile::read(&bytes).map_err(|problem| {
        let sentence = format!("`{}` is not to be trusted: {problem}", file.display());
        Failure::refused("not-genuine", sentence, "Ask for it again.")
    })?;
    let other = with.map(|(path, target)| opened(cli, path, target)).transpose()?;
    let plugins = components(&receipt)?;
    let mut again = Vec::new();
    for call in &receipt.calls {
        let own = plugins.get(&call.component).ok_or_else(|| {
            let sentence = format!("the component of `{}` is not in the file", call.plugin);
            Failure::refused("not-genuine", sentence, "Ask for it again.")
        })?;
        if input_of(own, &call.case).map(|digest| short(&digest)).as_ref() != Some(&call.input) {
            let sentence = format!("`{}` was asked something else than the file says", call.plugin);
            return Err(Failure::refused("not-genuine", sentence, "Ask for it again."));
        }
        let fits = |plugin: &&Plugin| plugin.manifest.world == own.manifest.world;
        let plugin = other.as_ref().map(|desk| &desk.plugin).filter(fits);
        again.push(one(call, own, plugin, receipt.engine.as_deref()));
    }
    let differ = again.iter().filter(|one| !one.same()).count();
    let document = json!({
        "network": receipt.network.0, "seq": receipt.seq, "verdict": receipt.verdict,
        "log": {"size": receipt.log.0, "key": receipt.log.1},
        "calls": again.iter().map(Again::document).collect::<Vec<_>>(), "different": differ,
    });
    let own_differs = again.iter().any(|one| one.own && !one.same());
    if !own_differs {
        say(cli.json, &document, || lines(&receipt, &again));
        return Ok(());
    }
    if !cli.json {
        println!("{}", lines(&receipt, &again));
    }
    Err(Failure::Refused {
        code: "different".into(),
        sentence: format!("DIFFERENT: {differ} of {} answers are not what they were", again.len()),
        remedy: "Keep this file as it is, and ask the network about it.".into(),
        detail: Box::new(document),
    })
}

/// The components of a file: whoever wrote them is a stranger here, so they are compiled in a child that can be killed.
fn components(receipt: &DecisionFile) -> Result<BTreeMap<String, Plugin>, Failure> {
    let internal = |error: &dyn std::fmt::Display| Failure::Unreachable(format!("the sandbox: {error}"));
    let sandbox = Arc::new(Sandbox::new().map_err(|error| internal(&error))?);
    let program = std::env::current_exe()?;
    let mut plugins = BTreeMap::new();
    for (digest, bytes) in &receipt.components {
        let command = pipeline::shelf::ADMISSION_COMMAND;
        let admitted =
            sandbox::admit_in_child(&program, command, bytes, Scrutiny::Known).map_err(Rejection::from)?;
        let artefact = std::env::temp_dir().join(format!("reflow-replay-{}-{digest}", std::process::id()));
        std::fs::write(&artefact, &admitted.artefact)?;
        let plugin = Plugin::load(&sandbox, admitted.manifest, digest, &artefact);
        let _ = std::fs::remove_file(&artefact);
        plugins.insert(digest.clone(), plugin.map_err(Rejection::from)?);
    }
    Ok(plugins)
}

fn one<'a>(call: &'a Call, own: &Plugin, other: Option<&Plugin>, engine: Option<&str>) -> Again<'a> {
    let asked = other.unwrap_or(own);
    let mut case = call.case.clone();
    if other.is_some() {
        case = kit::as_asked(asked, &case);
    }
    let said = asked.ask(&case).map_err(|error| format!("it gives no answer ({})", error.class.as_str()));
    let first = |plugin: &Plugin, case: &Case, verdicts: &Verdicts| {
        shown(plugin, case, verdicts.clone()).into_iter().next().unwrap_or_default()
    };
    let now = match &said {
        Ok((verdicts, _)) => first(asked, &case, verdicts),
        Err(problem) => json!({"failed": problem}),
    };
    let engine = engine == Some(own.engine());
    Again { call, own: other.is_none(), engine, then: first(own, &call.case, &call.verdicts), now, said }
}

impl Again<'_> {
    fn same(&self) -> bool {
        match &self.said {
            Ok((verdicts, fuel)) => {
                *verdicts == self.call.verdicts && (!self.own || !self.engine || *fuel == self.call.fuel)
            }
            Err(_) => false,
        }
    }

    fn document(&self) -> Json {
        let fuel = self.said.as_ref().ok().map(|(_, fuel)| *fuel);
        json!({"plugin": self.call.plugin, "component": self.call.component, "then": self.then, "now": self.now,
               "fuelThen": self.call.fuel, "fuelNow": fuel, "same": self.same(), "byTheOneThen": self.own})
    }
}

fn lines(receipt: &DecisionFile, again: &[Again<'_>]) -> String {
    let at = jiff::Timestamp::from_microsecond(receipt.at.0)
        .map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
        .unwrap_or_default();
    let verdict = if receipt.verdict == "permit" { "permitted" } else { "refused" };
    let key: String = receipt.log.1.chars().take(16).collect();
    let mut said = format!(
        "entry {} of `{}`, {at}: {verdict}\n  it stands in a log of {} entries, signed by the key {key}…\n",
        receipt.seq, receipt.network.0, receipt.log.0
    );
    if again.is_empty() {
        said.push_str("  no rule in code was asked");
    }
    for one in again {
        let name = &one.call.plugin;
        let fuel = one.said.as_ref().map(|(_, fuel)| *fuel).unwrap_or_default();
        let line = match (one.same(), one.own) {
            (true, true) => format!("  `{name}` says the same, at the same cost of {fuel}: {}\n", one.now),
            (true, false) => format!("  instead of `{name}` it says the same: {}\n", one.now),
            (false, true) if one.then == one.now => {
                format!(
                    "  DIFFERENT  `{name}` says the same at another cost: {} then, {fuel} now\n",
                    one.call.fuel
                )
            }
            (false, _) => {
                format!("  DIFFERENT  `{name}` said {}\n             and now {} is said\n", one.then, one.now)
            }
        };
        said.push_str(&line);
    }
    said
}
