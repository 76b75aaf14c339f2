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
