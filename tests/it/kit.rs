//! The author's desk, as somebody uses it who has nothing but the binary and a toolchain.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value as Json, json};
use tests::{Folder, Outcome, binary, built, cli, copy, plugins};

/// Runs the binary in a folder, as an author does: where cargo builds is shared with the other tests, and nothing is fetched.
fn desk(here: &Path, args: &[&str]) -> Outcome {
    let output = Command::new(binary())
        .current_dir(here)
        .env_remove("REFLOW_PLUGINS")
        .env("REFLOW_GUEST_TARGET", built().with_file_name("guests"))
        .env("REFLOW_CACHE", tests::compiled())
        .env("CARGO_NET_OFFLINE", "true")
        .args(args)
        .output()
        .expect("the binary runs");
    Outcome {
        status: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A new plugin of a world, in a folder of its own name.
fn new(work: &Folder, name: &str, world: &str) -> PathBuf {
    desk(&work.0, &["plugin", "new", name, "--world", world]).ok();
    work.join(name)
}

#[test]
fn a_new_plugin_of_each_world_builds_and_does_what_it_says() {
    let work = Folder::new("new-plugins");
    for world in ["access", "pricing", "duties", "matching", "tally"] {
        let name = format!("fresh-{world}");
        let here = new(&work, &name, world);
        let tried = desk(&here, &["--json", "plugin", "test"]).ok().json();
        let examples = tried["examples"].as_array().expect("examples");
        assert!(examples.len() >= 2 && examples.iter().all(|one| one["differs"].is_null()), "{tried}");
        let laws = desk(&here, &["--json", "plugin", "laws", "--cases", "48"]).ok().json();
        assert!(laws["held"]["laws"].as_array().is_some_and(|laws| laws.len() >= 6), "{laws}");
        desk(&here, &["plugin", "build"]).ok();
        let component = format!("target/plugins/{name}.wasm");
        let admitted = desk(&here, &["--json", "plugin", "admit", &component]).ok().json();
        assert_eq!(admitted["component"], laws["component"], "what is built again is the same");
        // Every line of its page that names a file names one that is there.
        let page = std::fs::read_to_string(here.join("README.md")).expect("a page");
        assert!(!page.contains("{{"), "{page}");
        for row in page.lines().filter_map(|line| line.strip_prefix("| `")) {
            let file = row.split('`').next().unwrap_or_default();
            assert!(here.join(file).exists(), "{name} has no `{file}`");
        }
    }
}

#[test]
fn a_folder_that_is_no_place_for_a_plugin_is_left_alone() {
    let work = Folder::new("no-place");
    std::fs::create_dir(work.join("taken")).expect("a folder");
    std::fs::write(work.join("taken/notes"), "mine").expect("a file");
    for (name, says) in [
        ("taken", "something in"),
        ("Capital", "no name for a plugin"),
        ("-hyphen", "no name for a plugin"),
        ("sdk", "no name for a plugin"),
        ("ends-", "no name for a plugin"),
    ] {
        let outcome = desk(&work.0, &["plugin", "new", "--world", "access", "--", name]);
        assert_eq!(outcome.status, 2, "{name}: {}{}", outcome.out, outcome.err);
        assert!(outcome.err.contains(says), "{name}: {}", outcome.err);
    }
    let left: Vec<_> = std::fs::read_dir(&work.0).expect("the folder").collect();
    assert_eq!(left.len(), 1, "nothing was made");
    let nowhere = desk(&work.0, &["plugin", "build"]);
    assert_eq!(nowhere.status, 2, "{}", nowhere.err);
    assert!(nowhere.err.contains("plugin new"), "it says what to do: {}", nowhere.err);
}

/// A built plugin in a folder, with a file of examples beside it.
fn with_examples(work: &Folder, plugin: &str, examples: &str) -> Outcome {
    std::fs::create_dir_all(work.join("tests")).expect("a folder");
    std::fs::write(work.join("tests/examples.toml"), examples).expect("examples");
    copy(&plugins().join(format!("{plugin}.wasm")), &work.0);
    desk(&work.0, &["--json", "plugin", "test", &format!("{plugin}.wasm")])
}

#[test]
fn an_example_is_held_against_what_the_rule_says() {
    let people = "units = { EUR = 2 }\n[agents.amara]\n[agents.workshop]\norganization = true\n";
    let owes = "[commitments.fee]\naction = \"transfer\"\nprovider = \"amara\"\nreceiver = \"workshop\"\n\
                quantity = \"1.50 EUR\"\nclasses = [\"fee\"]\n[commitments.back]\naction = \"transferCustody\"\n\
                provider = \"amara\"\nreceiver = \"workshop\"\ndue = \"-1d\"\n";
    let ask = |expect: &str| {
        format!(
            "{people}{owes}[[ask]]\nsays = \"it\"\nact = {{ name = \"borrow\", principal = \"amara\", receiver = \"amara\" }}\n\
             expect = {expect}\n"
        )
    };
    // What stands in the file, the exit status, and what is said.
    let table = [
        (ask("{ facts = { overdue = 1, unpaid = \"1.50 EUR\", clear = false } }"), 0, "\"differs\":null"),
        (ask("{ facts = { overdue = 1 } }"), 0, "\"differs\":null"),
        (ask("{ facts = { overdue = 2 } }"), 1, "expected facts.overdue to be 2, and it said 1"),
        (ask("{ facts = { unpaid = \"1.50 GBP\" } }"), 1, "it said \\\"1.50 EUR\\\""),
        (ask("{ facts = { late = 1 } }"), 1, "expected `facts.late`"),
        (ask("{ refused = \"late\" }"), 1, "expected `refused`"),
        (ask("[1]"), 1, "expected it to be [1]"),
        (
            ask("{ facts = { overdue = 1 } }").replace("principal = \"amara\"", "principal = \"bo\""),
            1,
            "there is no `[agents.bo]`",
        ),
        (ask("{}").replace("name = \"borrow\"", "nam = \"borrow\""), 1, "missing field `name`"),
        (ask("{}").replace("act = { name", "act = { sort = \"x\", name"), 1, "`sort` is no part of it"),
        (ask("{}").replace("1.50 EUR", "1.505 EUR"), 1, "no amount of a unit of this file"),
        (ask("{}").replace("\"-1d\"", "\"yesterday\""), 1, "is no instant"),
        (ask("{}").replace("transferCustody", "borrow"), 1, "none of the nineteen actions"),
        (ask("{}").replace("expect = {}", ""), 1, "it has no `expect`"),
        (ask("{}").replace("says", "sais"), 1, "has no `says`"),
        (format!("colour = 1\n{}", ask("{}")), 1, "`colour` is nothing that a file of examples says"),
        (format!("now = \"noon\"\n{}", ask("{}")), 1, "`now` is written as in"),
        (format!("{people}[[ask]]\n"), 1, "has no `says`"),
        (
            ask("{}").replace("says = \"it\"", "says = \"it\"\nsettings = { most = 1 }"),
            1,
            "`plugin.toml` has no setting `most`",
        ),
        ("[[ask]".to_owned(), 1, "TOML"),
    ];
    let work = Folder::new("examples");
    for (examples, status, says) in table {
        let outcome = with_examples(&work, "standing", &examples);
        assert_eq!(outcome.status, status, "{examples}\n{}{}", outcome.out, outcome.err);
        assert!(outcome.out.contains(says), "{examples}\nsays {says}?\n{}", outcome.out);
    }
    let none = Folder::new("no-examples");
    copy(&plugins().join("standing.wasm"), &none.0);
    let outcome = desk(&none.0, &["plugin", "test", "standing.wasm"]);
    assert_eq!(outcome.status, 1, "{}", outcome.err);
    assert!(outcome.err.contains("no-examples"), "{}", outcome.err);
}

#[test]
fn what_is_shipped_does_what_its_examples_say() {
    for name in tests::shipped() {
        let source = tests::root().join("plugins").join(&name);
        let work = Folder::new("shipped");
        copy(&source.join("tests"), &work.0);
        copy(&plugins().join(format!("{name}.wasm")), &work.0);
        let tried = desk(&work.0, &["--json", "plugin", "test", &format!("{name}.wasm")]).ok().json();
        assert!(tried["examples"].as_array().is_some_and(|examples| !examples.is_empty()), "{tried}");
        let page = std::fs::read_to_string(source.join("README.md")).expect("a page");
        assert!(page.len() > 200, "{name} says what it does");
        for setting in tried_settings(&name) {
            assert!(page.contains(&format!("`{setting}`")), "the page of {name} says nothing of `{setting}`");
        }
    }
}

/// The settings of a shipped plugin.
fn tried_settings(name: &str) -> Vec<String> {
    let file = plugins().join(format!("{name}.wasm")).display().to_string();
    let told = desk(Path::new("/"), &["--json", "plugin", "inspect", &file]).ok().json();
    told["manifest"]["settings"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

#[test]
fn what_people_are_told_of_a_plugin_is_read_without_running_it() {
    let told = |plugin: &str| {
        let file = plugins().join(format!("{plugin}.wasm")).display().to_string();
        let folder = tests::root().join("plugins").join(plugin).display().to_string();
        let of = |path: &str| desk(Path::new("/"), &["--json", "plugin", "inspect", path]).ok().json();
        let (built, source) = (of(&file), of(&folder));
        assert_eq!(built["manifest"], source["manifest"], "the manifest is that of the source");
        assert_eq!(source["component"], Json::Null);
        built
    };
    let nearest = told("nearest");
    assert!(nearest["reads"].to_string().contains("this is personal"), "{nearest}");
    let standing = told("standing");
    assert_eq!(
        standing["reads"][1],
        "open promises whose `provider` is whoever gets, 500 at the most, as `promises`"
    );
    assert_eq!(standing["answers"][1], "Standing.unpaid: an amount, or nothing");
    assert_eq!(told("schulze")["claims"].as_array().map(Vec::len), Some(3));
    let bytes = Folder::new("inspect");
    std::fs::write(bytes.join("x.wasm"), b"\0asm\x01\0\0\0").expect("a file");
    let outcome = desk(&bytes.0, &["plugin", "inspect", "x.wasm"]);
    assert_eq!(outcome.status, 1, "{}", outcome.err);
}

#[test]
fn two_builds_are_held_against_each_other() {
    let work = Folder::new("diff");
    let here = new(&work, "twice-seen", "pricing");
    desk(&here, &["plugin", "build"]).ok();
    copy(&here.join("target/plugins/twice-seen.wasm"), &work.join("before.wasm"));
    let before = work.join("before.wasm").display().to_string();
    let diff = || desk(&here, &["--json", "plugin", "diff", &before, "--cases", "200"]).ok().json();
    let same = diff();
    assert_eq!((&same["different"], &same["manifest"]), (&json!(0), &json!([])), "{same}");
    assert_eq!((&same["cases"], &same["fuelOld"]), (&json!(200), &same["fuelNew"]), "{same}");
    // A day more for everybody, and another title.
    let edit = |file: &str, from: &str, to: &str| {
        let text = std::fs::read_to_string(here.join(file)).expect("a file");
        assert!(text.contains(from), "{file} says `{from}`");
        std::fs::write(here.join(file), text.replace(from, to)).expect("it is written");
    };
    edit("src/lib.rs", ".times(days)", ".times(days + 1)");
    edit("plugin.toml", "a price for each day begun", "a price for each day begun, and one more");
    let other = diff();
    assert_eq!(other["manifest"][0]["at"], "title.en", "{other}");
    assert!(other["different"].as_u64().is_some_and(|n| n > 50), "{other}");
    assert!(other["smallest"]["old"]["quoted"].is_array(), "{other}");
    assert_ne!(other["smallest"]["old"], other["smallest"]["new"], "{other}");
    let tested = desk(&here, &["plugin", "test"]);
    assert_eq!(tested.status, 1, "{}", tested.out);
    assert!(tested.out.contains("DIFFERENT   a day begun is a day"), "{}", tested.out);
    let standing = plugins().join("standing.wasm").display().to_string();
    let worlds = desk(&here, &["plugin", "diff", &standing]);
    assert!(worlds.err.contains("they are asked different things"), "{}", worlds.err);
    let bench = desk(&here, &["--json", "plugin", "bench"]).ok().json();
    let fuel: Vec<u64> =
        bench["calls"].as_array().into_iter().flatten().filter_map(|call| call["fuel"].as_u64()).collect();
    assert!(fuel.len() == 4 && fuel.is_sorted() && fuel[0] > 0, "more items take more fuel: {bench}");
}

#[test]
fn a_rule_is_tried_on_a_copy_of_a_sandbox_and_decides_differently() {
    let work = Folder::new("try");
    let data = work.join("data");
    cli(
        &data,
        None,
        &[
            "demo",
            "--only-found",
            "--rules",
            &tests::root().join("policies/tool-library").display().to_string(),
        ],
    )
    .ok();
    let here = new(&work, "new-turns", "access");
    let data = data.display().to_string();
    let attempt = |more: &[&str]| {
        let args = ["--data", &data, "--json", "--network", "corner-workshop", "plugin", "try"];
        desk(&here, &[&args[..], more].concat())
    };
    // As it is bound there already, everything comes to the same.
    let standing = plugins().join("standing.wasm").display().to_string();
    let same = attempt(&[&standing]).ok().json();
    assert_eq!((&same["sent"], &same["refused"], &same["allowed"]), (&same["same"], &json!([]), &json!([])));
    assert_eq!((&same["promises"], &same["bound"]["instead"]), (&json!([]), &json!("standing")));
    assert!(same["sent"].as_u64().is_some_and(|n| n > 200), "{same}");
    // With a rule more, some of it does not, and it says why, in the rule's own words.
    let stricter = attempt(&["--set", "most=1"]).ok().json();
    let refused = stricter["refused"].as_array().expect("decisions");
    assert!(refused.len() > 3, "{stricter}");
    let says = refused[0]["sentence"].as_str().unwrap_or_default();
    assert!(says.starts_with("You have borrowed 1 things within sixty days"), "{says}");
    assert_eq!(stricter["bound"]["acts"], json!(["borrow"]), "it is asked as others of its world are");
    // A policy may read what the rule finds, instead.
    let by_policy = attempt(&["--set", "most=1000", "--policy", "policy.cedar"]).ok().json();
    assert_eq!(by_policy["refused"][0]["by"], "policy", "{by_policy}");
    // A price in the place of another: whoever paid pays what they owe there.
    let deposit = plugins().join("deposit.wasm").display().to_string();
    let dearer = attempt(&[&deposit, "--set", "deposit=30.00 EUR"]).ok().json();
    assert_eq!((&dearer["refused"], &dearer["following"]), (&json!([]), &json!(0)), "{dearer}");
    assert_eq!(dearer["promises"][0]["what"], "EUR", "{dearer}");
    // The copies are networks like any other.
    let network = stricter["network"].as_str().expect("a name").to_owned();
    assert_eq!(network, "corner-workshop-try-2");
    desk(&work.0, &["--data", &data, "verify"]).ok();
    let members = |network: &str| {
        let list =
            desk(&work.0, &["--data", &data, "--json", "--network", network, "member", "list"]).ok().json();
        list.as_array().into_iter().flatten().map(|one| one["name"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(members(&network), members("corner-workshop"));
    refusals(&here, &data);
}

/// What cannot be tried founds nothing, and says why.
fn refusals(here: &Path, data: &str) {
    let attempt = |network: &str, more: &[&str]| {
        let args = ["--data", data, "--json", "--network", network, "plugin", "try"];
        desk(here, &[&args[..], more].concat())
    };
    let rules = tests::root().join("policies/open-books").display().to_string();
    let founded =
        ["--data", data, "network", "new", "real", "--rules", &rules, "--steward", "A", "--steward", "B"];
    desk(here, &founded).ok();
    for (network, more, status, says) in [
        ("corner-workshop", vec!["--set", "most=many"], 2, "must be a whole number"),
        ("corner-workshop", vec!["--set", "many=1"], 2, "there is no setting `many`"),
        ("corner-workshop", vec!["--set", "most"], 2, "write `most=2`"),
        ("corner-workshop", vec!["--instead", "deposit"], 2, "of the world `access` is bound here"),
        ("corner-workshop", vec!["--policy", "none.cedar"], 3, "none.cedar"),
        ("corner-workshop", vec!["--policy", "plugin.toml"], 1, "cannot be read as Cedar"),
        ("real", vec!["--acts", "borrow"], 1, "is no sandbox"),
        ("real", vec![], 2, "say which acts it is asked about"),
    ] {
        let outcome = attempt(network, &more);
        assert_eq!(outcome.status, status, "{more:?}: {}{}", outcome.out, outcome.err);
        assert!(outcome.out.contains(says), "{more:?}: {}", outcome.out);
    }
    let list = desk(here, &["--data", data, "--json", "network", "list"]).ok().json();
    assert_eq!(list.as_array().map(Vec::len), Some(7), "{list}");
}

/// What makes components of JavaScript, in a plugin's folder; `false` where it is not installed.
fn with_javascript(here: &Path, test: &str) -> bool {
    let tools = built().with_file_name("javascript/node_modules");
    if !tools.join("componentize-qjs/cli.mjs").exists() {
        tests::skip(test, "componentize-qjs is not installed; `make test` installs it where there is npm");
        return false;
    }
    std::os::unix::fs::symlink(tools, here.join("node_modules")).expect("a link");
    true
}

#[test]
fn a_new_plugin_in_javascript_does_what_the_one_in_rust_does() {
    let work = Folder::new("javascript");
    for world in ["access", "pricing", "duties", "matching", "tally"] {
        let name = format!("script-{world}");
        desk(&work.0, &["plugin", "new", &name, "--world", world, "--lang", "js"]).ok();
        let here = work.join(&name);
        if !with_javascript(&here, "a_new_plugin_in_javascript_does_what_the_one_in_rust_does") {
            return;
        }
        // The examples are those of the same rule in Rust.
        desk(&here, &["plugin", "test"]).ok();
        if world == "access" {
            desk(&here, &["plugin", "build"]).ok();
            let file = format!("target/plugins/{name}.wasm");
            let admitted = desk(&here, &["--json", "plugin", "admit", &file]).ok().json();
            assert_eq!(admitted["held"]["laws"].as_array().map(Vec::len), Some(7), "{admitted}");
        }
    }
}

#[test]
fn what_goes_wrong_in_javascript_is_no_answer_and_is_said() {
    let work = Folder::new("broken-javascript");
    desk(&work.0, &["plugin", "new", "broken-js", "--world", "access", "--lang", "js"]).ok();
    let here = work.join("broken-js");
    if !with_javascript(&here, "what_goes_wrong_in_javascript_is_no_answer_and_is_said") {
        return;
    }
    for (file, to) in [("plugin.toml", "."), ("rule.js", "src"), ("examples.toml", "tests")] {
        copy(&tests::root().join("tests/data/broken-js").join(file), &here.join(to));
    }
    let tried = desk(&here, &["--json", "plugin", "test"]).ok().json();
    assert_eq!(tried["examples"].as_array().map(Vec::len), Some(25), "{tried}");
}

#[test]
fn what_a_plugin_is_built_with_and_is_not_there_is_named() {
    let work = Folder::new("bare");
    for (lang, says) in [("rust", "rustup.rs"), ("js", "node (18 or later) and npm")] {
        desk(&work.0, &["plugin", "new", lang, "--world", "access", "--lang", lang]).ok();
        let mut command = Command::new(binary());
        let output = command
            .current_dir(work.join(lang))
            .env("PATH", "/nowhere")
            .args(["plugin", "build"])
            .output()
            .expect("the binary runs");
        assert_eq!(output.status.code(), Some(1));
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(err.contains(says), "{err}");
    }
}
