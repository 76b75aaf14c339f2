//! What is found out about a plugin: its examples, its statement, its cost, what differs from another.

use std::path::Path;

use kit::Desk;
use serde_json::{Value as Json, json};

use crate::cli::Cli;
use crate::output::{Failure, say};

/// The examples that its author wrote down.
pub fn test(cli: &Cli, desk: &Desk) -> Result<(), Failure> {
    let tried = desk.examples()?;
    let name = &desk.plugin.manifest.name;
    if tried.is_empty() {
        let sentence = format!("`{name}` has no examples");
        return Err(Failure::refused("no-examples", sentence, "Write some down in `tests/examples.toml`."));
    }
    let wrong = tried.iter().filter(|one| one.differs.is_some()).count();
    let rows: Vec<Json> = tried
        .iter()
        .map(|one| {
            json!({"file": one.file, "says": one.says, "said": one.said, "fuel": one.fuel, "differs": one.differs})
        })
        .collect();
    if !cli.json {
        for one in &tried {
            match &one.differs {
                None => println!("  as it says  {}", one.says),
                Some(how) => println!("  DIFFERENT   {} ({})\n              {how}", one.says, one.file),
            }
        }
    }
    if wrong > 0 {
        return Err(Failure::Refused {
            code: "different".into(),
            sentence: format!("{wrong} of {} examples of `{name}` come out differently", tried.len()),
            remedy: "Mend the rule, or the example.".into(),
            detail: Box::new(json!(rows)),
        });
    }
    let document = json!({"plugin": name, "component": desk.plugin.digest, "examples": rows});
    say(cli.json, &document, || match tried.len() {
        1 => "the one example comes out as it says".to_owned(),
        many => format!("all {many} examples come out as they say"),
    });
    Ok(())
}

/// What people are told about it.
pub fn inspect(cli: &Cli, path: &Path) -> Result<(), Failure> {
    let told = kit::statement(path, "en")?;
    let manifest = &told.manifest;
    let component = told.component.as_ref().map(|(digest, bytes)| json!({"digest": digest, "bytes": bytes}));
    let document = json!({
        "manifest": manifest, "component": component, "decides": told.decides, "reads": told.reads,
        "answers": told.answers, "settings": told.settings, "claims": told.claims,
    });
    say(cli.json, &document, || {
        let list = |title: &str, lines: Vec<String>| match lines.is_empty() {
            true => String::new(),
            false => {
                format!("{title}\n{}", lines.iter().map(|line| format!("  {line}\n")).collect::<String>())
            }
        };
        let reasons = manifest.reasons.iter().map(|(code, texts)| {
            let says = texts.get("en").or(texts.values().next()).map_or("", String::as_str);
            let languages: Vec<&str> = texts.keys().map(String::as_str).collect();
            format!("{code}: {says} ({})", languages.join(", "))
        });
        let head = match &told.component {
            Some((digest, bytes)) => format!("{digest}, {bytes} bytes"),
            None => "not built yet: `reflow plugin build`".to_owned(),
        };
        [
            format!(
                "{} {}, {}\n{}\n{head}\n\n",
                manifest.name,
                manifest.version,
                manifest.licence,
                manifest.title.says("en")
            ),
            format!("it {}\n", told.decides),
            match manifest.fuel {
                sandbox::FuelClass::Compiled => String::new(),
                sandbox::FuelClass::Interpreted => {
                    "it is interpreted: a call may take some forty times what a compiled rule's may\n"
                        .to_owned()
                }
            },
            list("it reads, and nothing else:", told.reads.clone()),
            list("policies can read of it:", told.answers.clone()),
            list("its settings:", told.settings.clone()),
            list("its reasons:", reasons.collect()),
            list("it claims, and is held to:", told.claims.iter().map(|line| (*line).to_owned()).collect()),
        ]
        .concat()
    });
    Ok(())
}

/// What a call costs.
pub fn bench(cli: &Cli, desk: &Desk) -> Result<(), Failure> {
    let bar = crate::commands::waiting(cli, format!("measuring `{}`", desk.plugin.manifest.name));
    let costs = kit::bench(&desk.plugin, &[1, 10, 100, 500]);
    bar.finish_and_clear();
    let costs = costs.map_err(|error| {
        Failure::refused("no-answer", error.to_string(), "See which law it breaks: `reflow plugin laws`.")
    })?;
    let rows: Vec<Json> = costs
        .iter()
        .map(|cost| json!({"items": cost.items, "microseconds": cost.least_us, "fuel": cost.fuel}))
        .collect();
    let document =
        json!({"plugin": desk.plugin.manifest.name, "component": desk.plugin.digest, "calls": rows});
    say(cli.json, &document, || {
        let line = |cost: &kit::Cost| format!("{:>7} {:>14} {:>14}\n", cost.items, cost.least_us, cost.fuel);
        let table: String = costs.iter().map(line).collect();
        let node = if cfg!(debug_assertions) {
            "\nthis `reflow` is not an optimised one: its times say little, its fuel is exact"
        } else {
            ""
        };
        format!(
            "  items   microseconds           fuel\n{table}a fresh instance for each call, the least of many{node}"
        )
    });
    Ok(())
}

/// What differs between two.
pub fn diff(cli: &Cli, old: &Desk, new: &Desk, cases: u32) -> Result<(), Failure> {
    let bar = crate::commands::waiting(cli, "asking both".to_owned());
    let differs = kit::differ(&old.plugin, &new.plugin, cases);
    bar.finish_and_clear();
    let differs = differs?;
    let manifest: Vec<Json> =
        differs.manifest.iter().map(|(at, old, new)| json!({"at": at, "old": old, "new": new})).collect();
    let smallest = differs
        .smallest
        .as_ref()
        .map(|found| json!({"case": found.case, "old": found.old, "new": found.new}));
    let document = json!({
        "old": old.plugin.digest, "new": new.plugin.digest, "manifest": manifest, "cases": differs.cases,
        "different": differs.different, "smallest": smallest, "fuelOld": differs.fuel.0, "fuelNew": differs.fuel.1,
    });
    say(cli.json, &document, || {
        let shown = |value: &Option<Json>| value.as_ref().map_or("nothing".to_owned(), Json::to_string);
        let lines = differs.manifest.iter();
        let lines: String =
            lines.map(|(at, old, new)| format!("  {at}: {} → {}\n", shown(old), shown(new))).collect();
        let says = match lines.is_empty() {
            true => "both say the same of themselves\n".to_owned(),
            false => format!("what they say of themselves:\n{lines}"),
        };
        let answers = match &differs.smallest {
            None => format!("both answer {} cases alike", differs.cases),
            Some(found) => format!(
                "of {} cases {} are answered differently; in the smallest\n  before: {}\n  now:    {}\n  \
                 (`--json` has the whole case)",
                differs.cases, differs.different, found.old, found.new
            ),
        };
        format!("{says}{answers}\nfuel of all: {} before, {} now", differs.fuel.0, differs.fuel.1)
    });
    Ok(())
}
