//! Rules that differ decide differently, and say so: a changed line of a plugin changes quote and
//! component, a changed setting changes quote and rule book.

use std::path::Path;

use serde_json::Value as Json;
use tests::{Folder, Outcome, cli, copy, plugins, root};

use crate::founded::{NETWORK, found_with};

/// Founds a library under rules and plugins; its founding document and a quote for a week.
fn quoted(name: &str, rules: &Path, plugins: Option<&Path>) -> (Json, Json) {
    let data = Folder::new(name);
    let library = match plugins {
        None => found_with(&data.0, None, rules).founding,
        Some(plugins) => {
            let (rules, plugins) = (rules.display().to_string(), plugins.display().to_string());
            let founded = cli(
                &data.0,
                None,
                &[
                    "--plugins",
                    &plugins,
                    "--json",
                    "network",
                    "new",
                    NETWORK,
                    "--rules",
                    &rules,
                    "--sandbox",
                    "--steward",
                    "Ines",
                ],
            );
            return (founded.ok().json(), Json::Null);
        }
    };
    let quote = cli(
        &data.0,
        None,
        &["--network", NETWORK, "--as", "Amara", "--json", "quote", "Hammer drill", "--days", "7"],
    );
    (library, quote.ok().json())
}

fn component<'a>(founding: &'a Json, plugin: &str) -> &'a Json {
    let components = founding["components"].as_array().expect("components");
    &components.iter().find(|one| one["plugin"] == plugin).expect("the plugin")["component"]
}

#[test]
fn a_changed_setting_changes_quote_and_rule_book() {
    let rules = Folder::new("rules");
    copy(&root().join("policies/tool-library"), &rules.join("changed"));
    let charter = std::fs::read_to_string(rules.join("changed/charter.toml")).expect("the charter");
    let changed = charter.replace("deposit = \"20.00 EUR\"", "deposit = \"25.00 EUR\"");
    assert_ne!(charter, changed);
    std::fs::write(rules.join("changed/charter.toml"), changed).expect("the charter is written");
    let (before, quote_before) = quoted("setting-a", &root().join("policies/tool-library"), None);
    let (after, quote_after) = quoted("setting-b", &rules.join("changed"), None);
    assert_ne!(before["rules"], after["rules"], "the rule book's hash changes");
    assert_eq!(component(&before, "deposit"), component(&after, "deposit"), "the component does not");
    assert_eq!(quote_before["lines"][0]["amount"], 2000);
    assert_eq!(quote_after["lines"][0]["amount"], 2500);
    assert_ne!(quote_before["digest"], quote_after["digest"]);
}

/// The plugins as they would be in somebody's checkout, with one text for another in one file.
fn checkout(name: &str, file: &str, (from, to): (&str, &str)) -> Folder {
    let work = Folder::new(name);
    for folder in ["plugins", "wit"] {
        copy(&root().join(folder), &work.join(folder));
    }
    let file = work.join(file);
    let text = std::fs::read_to_string(&file).expect("a file of a plugin");
    assert!(text.contains(from), "it says `{from}`");
    std::fs::write(&file, text.replace(from, to)).expect("it is written");
    work
}

/// Builds a plugin of such a checkout, into its folder `built`.
fn built(work: &Folder, plugin: &str) -> Outcome {
    let guests = plugins().parent().expect("the target folder").join("guests-changed").display().to_string();
    let folder = work.join("plugins").join(plugin).display().to_string();
    let out = work.join("built").display().to_string();
    cli(&work.0, None, &["--plugins", &out, "plugin", "build", &folder, "--target", &guests])
}

#[test]
fn a_changed_line_of_a_plugin_changes_its_component_and_quote() {
    let line = ("Line::deposit(\"deposit\", deposit)", "Line::deposit(\"deposit\", deposit.times(2))");
    let work = checkout("plugin", "plugins/deposit/src/lib.rs", line);
    copy(&plugins(), &work.join("built"));
    built(&work, "deposit").ok();
    let rules = root().join("policies/tool-library");
    let (before, _) = quoted("line-a", &rules, Some(&plugins()));
    let (after, _) = quoted("line-b", &rules, Some(&work.join("built")));
    assert_ne!(component(&before, "deposit"), component(&after, "deposit"), "the component's digest changes");
    assert_eq!(component(&before, "standing"), component(&after, "standing"), "the others do not");
    assert_ne!(before["rules"], after["rules"], "and with it the rule book's hash");
}

#[test]
fn facts_that_differ_from_their_manifest_are_not_built() {
    let kind = ("name = \"overdue\", kind = \"number\"", "name = \"overdue\", kind = \"flag\"");
    let work = checkout("facts", "plugins/standing/plugin.toml", kind);
    let outcome = built(&work, "standing");
    assert_eq!(outcome.status, 1, "{}{}", outcome.out, outcome.err);
    assert!(outcome.err.contains("says `Standing;overdue:bool;"), "{}{}", outcome.out, outcome.err);
}

#[test]
fn a_real_network_needs_two_stewards_and_its_clock_cannot_be_moved() {
    let data = Folder::new("real");
    let rules = root().join("policies/open-books").display().to_string();
    let new = |name: &str, stewards: &[&str]| {
        let mut args = vec!["network", "new", name, "--rules", &rules];
        stewards.iter().for_each(|steward| args.extend(["--steward", steward]));
        cli(&data.0, None, &args)
    };
    let alone = new("alone", &["Ines"]);
    assert_eq!(alone.status, 1);
    assert!(alone.err.contains("at least two stewards"), "{}", alone.err);
    new("two", &["Ines", "Jonas"]).ok();
    let again = new("two", &["Ines", "Jonas"]);
    assert_eq!(again.status, 1, "{}", again.err);
    let moved = cli(&data.0, None, &["--network", "two", "--as", "Ines", "clock", "advance", "1d"]);
    assert_eq!(moved.status, 1);
    assert!(moved.err.contains("clock of this network is the real one"), "{}", moved.err);
    assert_eq!(
        cli(&data.0, None, &["--network", "two", "clock", "advance", "1d"]).status,
        2,
        "nobody is named"
    );
    assert_eq!(
        cli(&data.0, None, &["--network", "none", "--as", "Ines", "clock", "advance", "1d"]).status,
        1
    );
    assert_eq!(cli(&data.0, None, &["frobnicate"]).status, 2);
    cli(&data.0, None, &["verify"]).ok();
    cli(&data.0, None, &["doctor"]).ok();
}
