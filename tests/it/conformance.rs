//! What other systems' clients expect: npm's reference schema of ValueFlows finds no difference but those that are
//! listed, each with its reason.

use std::collections::BTreeSet;

use serde_json::json;
use tests::{chromium, root, skip};

#[test]
fn the_reference_schema_finds_the_listed_differences_alone() {
    const NAME: &str = "the_reference_schema_finds_the_listed_differences_alone";
    if let Some(why) = chromium::missing_package("@valueflows/vf-graphql") {
        return skip(NAME, why);
    }
    let read = |path: &str| std::fs::read_to_string(root().join(path)).expect("a file of the project");
    let found = chromium::run("conformance.mjs", &json!({"schema": read("host/api/schema.graphql")}));
    let found: BTreeSet<String> =
        found.as_array().expect("a list").iter().filter_map(|one| one.as_str().map(str::to_owned)).collect();
    let listed = read("tests/conformance/vf-graphql-differences.txt");
    let mut reason = false;
    let mut known = BTreeSet::new();
    for line in listed.lines() {
        match line {
            "" => reason = false,
            line if line.starts_with('#') => reason = true,
            line => {
                assert!(reason, "`{line}` stands without a reason");
                known.insert(line.to_owned());
            }
        }
    }
    let new: Vec<&String> = found.difference(&known).collect();
    let gone: Vec<&String> = known.difference(&found).collect();
    assert!(new.is_empty() && gone.is_empty(), "not listed: {new:#?}\nlisted, and no difference: {gone:#?}");
}

/// Everything in single quotation marks of code on a line.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Every source of tests in the project, as one text.
fn sources() -> String {
    fn add(folder: &std::path::Path, all: &mut String) {
        for entry in std::fs::read_dir(folder).expect("a folder").filter_map(Result::ok) {
            let path = entry.path();
            match path.is_dir() {
                true if !path.ends_with("target") => add(&path, all),
                false if path.extension().is_some_and(|end| end == "rs") => {
                    all.push_str(&std::fs::read_to_string(&path).expect("a file"));
                }
                _ => {}
            }
        }
    }
    let mut all = String::new();
    add(&root().join("host"), &mut all);
    add(&root().join("tests"), &mut all);
    all
}

/// `host/valueflows/README.md` names each computed field that is served, with a test that there is.
#[test]
fn the_page_of_the_vocabulary_is_complete() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).expect("a file of the project");
    let page = read("host/valueflows/README.md");
    let schema = read("host/api/schema.graphql");
    let of_type = |name: &str| {
        let start = schema.find(&format!("\ntype {name} ")).unwrap_or_else(|| panic!("no type {name}"));
        let end = schema[start..].find("\n}").expect("its end") + start;
        &schema[start..end]
    };
    let part =
        page.split("## Computed fields").nth(1).and_then(|part| part.split("\n## ").next()).expect("a part");
    let mut named = BTreeSet::new();
    for line in part.lines().filter(|line| line.starts_with("| ") && line.contains('`')) {
        let cell = line.split(" | ").next().expect("a cell");
        let field = quoted(cell).next().expect("a field");
        let classes = cell.trim_start_matches("| ").split('`').next().expect("classes").trim();
        for class in classes.split(", ") {
            let fields = of_type(class);
            let there = [":", "("].iter().any(|end| fields.contains(&format!("\t{field}{end}")));
            assert!(there, "{class} has no `{field}`");
            named.insert((class.to_owned(), field.to_owned()));
        }
    }
    let inverses = read("host/api/src/graphql/inverses.rs");
    let mut count = 0;
    for line in inverses
        .lines()
        .filter(|line| line.trim_end().ends_with("true;") || line.trim_end().ends_with("false;"))
    {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [class, name, _, _, _] = words[..] {
            let field = name.trim_matches('"').to_owned();
            assert!(named.contains(&(class.to_owned(), field)), "the page does not name {class} {name}");
            count += 1;
        }
    }
    assert!(count > 60, "{count}");
    let sources = sources();
    let tests = quoted(&page).filter(|text| text.contains("::") && !text.contains(' '));
    for test in tests {
        let name = test.rsplit("::").next().expect("a name");
        assert!(sources.contains(&format!("fn {name}(")), "there is no test {test}");
    }
}
