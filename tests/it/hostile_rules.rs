//! Plugins that loop, trap, eat or lie, and rules that err: the command is refused with a class, nothing
//! is recorded but the decision, and the next request is answered.

use std::path::Path;

use serde_json::{Value as Json, json};
use tests::http::Browser;
use tests::node::{Node, cli_with};
use tests::{Folder, cli, plugins};

const RULES: &str = r#"
@id("members") permit (principal in Role::"member", action, resource);
"#;

fn rules(folder: &Path, name: &str, charter: &str, policies: &str) -> String {
    let rules = folder.join(format!("rules-{name}"));
    std::fs::create_dir_all(&rules).expect("a folder for rules");
    let units = "[[units]]\nlabel = \"piece\"\nsymbol = \"pc\"\ndecimals = 0\n";
    let charter = format!("name = \"{name}\"\ntitle = \"A test.\"\n{units}{charter}");
    std::fs::write(rules.join("charter.toml"), charter + &tests::decisions())
        .expect("the charter is written");
    std::fs::write(rules.join("rules.cedar"), policies).expect("the rules are written");
    rules.display().to_string()
}

/// Founds a network under rules; the founding document, or the failure.
fn found(data: &Path, name: &str, rules: &str) -> tests::Outcome {
    cli(data, None, &["--json", "network", "new", name, "--rules", rules, "--sandbox", "--steward", "Ines"])
}

/// Somebody writes down a thing; the outcome.
fn raise(data: &Path, network: &str, founding: &Json) -> tests::Outcome {
    let made = founding["receipt"]["made"].as_array().expect("made").clone();
    let of = |class: &str| made.iter().find(|row| row[0] == class).expect("made at founding")[1].clone();
    let acts = json!([{"act": "record",
        "event": {"action": "raise", "provider": of("Person"), "receiver": of("Person"),
                  "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": of("Unit")}},
        "newResource": {"name": "Thing"}}]);
    cli_with(data, None, &["--network", network, "--as", "Ines", "--json", "act", "-"], &acts.to_string())
}

#[test]
fn hostile_plugins_fail_closed() {
    assert!(plugins().join("hostile.wasm").exists());
    let data = Folder::new("hostile");
    // One node for all of them: what one call does to it, the next would see.
    let node = Node::serve(&data.0, None);
    // What it does, and the code of the refusal; none: it is permitted.
    let table = [
        ("calm", None),
        ("loop", Some("plugin-fuel")),
        ("trap", Some("plugin-trap")),
        ("memory", Some("plugin-memory")),
        // Running out of stack differs from machine to machine: never a decision, so not stored.
        ("stack", Some("no-answer")),
        ("flood", Some("plugin-too-large")),
        ("claim", Some("plugin-wrong-shape")),
        ("few", Some("plugin-wrong-shape")),
        ("kind", Some("plugin-wrong-shape")),
        ("absent", Some("plugin-wrong-shape")),
        ("huge", Some("plugin-wrong-shape")),
        ("none", Some("plugin-wrong-shape")),
        ("refuse", Some("not-today")),
        ("refuse-bare", Some("plugin-wrong-shape")),
        ("refuse-unsaid", Some("plugin-wrong-shape")),
        ("unable", Some("plugin-unable")),
    ];
    let live = |mode: &str| {
        let charter = format!(
            "[[plugins]]\nname = \"hostile\"\nacts = [\"raise\"]\nsettings = {{ mode = \"{mode}\" }}\n"
        );
        found(&data.0, mode, &rules(&data.0, mode, &charter, RULES)).ok().json()
    };
    let foundings = table.map(|(mode, _)| live(mode));
    let mut memory = Vec::new();
    for ((mode, code), founding) in table.iter().zip(&foundings).cycle().take(3 * table.len()) {
        let outcome = raise(&data.0, mode, founding);
        match code {
            None => assert_eq!(outcome.status, 0, "{mode}: {}{}", outcome.out, outcome.err),
            Some(code) => {
                assert_eq!(outcome.status, 1, "{mode}: {}{}", outcome.out, outcome.err);
                assert_eq!(outcome.json()["code"], *code, "{mode}: {}", outcome.out);
                assert!(!outcome.json()["remedy"].as_str().unwrap_or_default().is_empty(), "{mode}");
            }
        }
        // Whoever lives by other rules notices nothing.
        assert_eq!(raise(&data.0, "calm", &foundings[0]).status, 0, "after {mode}");
        memory.push(node.memory_kb());
    }
    let (first, last) = (memory[table.len() - 1], memory[3 * table.len() - 1]);
    assert!(last < first + (64 << 10), "memory is given back: {memory:?}");
    // Those who keep the network see which calculation fails; one that refuses has answered.
    for (mode, says) in [("unable", "some gave no answer"), ("refuse", "answered every time")] {
        let args = ["--network", mode, "member", "account", "Ines", "--password", "ines-secret"];
        cli(&data.0, None, &args).ok();
        let ines = Browser::sign_in(&node.base, mode, "Ines", "ines-secret");
        ines.get(&format!("/n/{mode}/keeping")).says("<b>hostile</b>").says(says);
    }
    let verified = cli(&data.0, None, &["verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
}

#[test]
fn nothing_is_smuggled_from_call_to_call() {
    let data = Folder::new("smuggle");
    let charter = "[[plugins]]\nname = \"hostile\"\nacts = [\"raise\"]\nsettings = { mode = \"smuggle\" }\n";
    let policies = r#"
@id("fresh") permit (principal, action == Action::"raise", resource) when { context.hostile.calm };
@id("see") permit (principal, action == Action::"see", resource);
"#;
    // Two networks that live by one component, on one node: neither sees what a call for the other left behind.
    let _node = Node::serve(&data.0, None);
    let networks = ["one", "two"].map(|name| {
        let rules = rules(&data.0, name, charter, policies);
        (name, found(&data.0, name, &rules).ok().json())
    });
    for (name, founding) in networks.iter().cycle().take(6) {
        let outcome = raise(&data.0, name, founding);
        assert_eq!(outcome.status, 0, "each call sees a fresh instance: {}", outcome.out);
    }
}

#[test]
fn what_a_policy_forbids_is_said_before_what_a_plugin_refuses() {
    let data = Folder::new("narrows");
    let charter = "[[plugins]]\nname = \"hostile\"\nacts = [\"raise\"]\nsettings = { mode = \"refuse\" }\n";
    let see = "@id(\"see\") permit (principal, action == Action::\"see\", resource);";
    let closed = format!(
        "{see}\n@id(\"no\") forbid (principal, action == Action::\"raise\", resource) when {{ context.hostile.calm }};"
    );
    // The policies are asked with the facts that came with the refusal; where they permit, it counts after them.
    let table = [("open", RULES, "not-today", Json::Null), ("closed", &closed, "forbidden", json!("no"))];
    for (name, policies, code, policy) in table {
        let founding = found(&data.0, name, &rules(&data.0, name, charter, policies)).ok().json();
        let outcome = raise(&data.0, name, &founding);
        assert_eq!((outcome.status, &outcome.json()["code"]), (1, &json!(code)), "{}", outcome.out);
        assert_eq!(outcome.json()["detail"]["refused"]["reasons"][0]["policy"], policy, "{}", outcome.out);
    }
    cli(&data.0, None, &["verify"]).ok();
}

#[test]
fn an_erring_forbid_refuses() {
    let data = Folder::new("erring");
    let overflow = "9223372036854775807 + (if context.creates then 1 else 0) > 0";
    let policies = format!(
        "{RULES}\n@id(\"errs\") forbid (principal, action == Action::\"raise\", resource) when {{ {overflow} }};"
    );
    let founding = found(&data.0, "forbid", &rules(&data.0, "forbid", "", &policies)).ok().json();
    let outcome = raise(&data.0, "forbid", &founding);
    assert_eq!(outcome.status, 1, "{}{}", outcome.out, outcome.err);
    assert_eq!(outcome.json()["detail"]["refused"]["reasons"][0]["policy"], "errs", "{}", outcome.out);
    // An erring permit only does not apply: another one may.
    let policies = format!(
        "{RULES}\n@id(\"errs\") permit (principal, action == Action::\"raise\", resource) when {{ {overflow} }};"
    );
    let founding = found(&data.0, "permit", &rules(&data.0, "permit", "", &policies)).ok().json();
    raise(&data.0, "permit", &founding).ok();
    cli(&data.0, None, &["verify"]).ok();
}

#[test]
fn rules_that_are_no_rules_found_nothing() {
    let data = Folder::new("bad-rules");
    let see =
        |rest: &str| format!("@id(\"a\") permit (principal, action == Action::\"see\", resource){rest};");
    let bind = |acts: &str, settings: &str| {
        format!("[[plugins]]\nname = \"hostile\"\nacts = [{acts}]\nsettings = {{ {settings} }}\n")
    };
    let (admit, number) = (bind("\"admit\"", "mode = \"calm\""), bind("\"raise\"", "mode = 1"));
    let (odd, odder) = (bind("\"raise\"", "mode = \"odd\""), bind("\"raise\"", "mode = \"odd-trap\""));
    let (red, bare) = (bind("\"raise\"", "mode = \"calm\", colour = \"red\""), bind("\"raise\"", ""));
    // Charter, policies, and what the answer says.
    let table: [(&str, String, &str); 15] = [
        ("", "permit (principal, action, resource);".to_owned(), "@id"),
        (
            "",
            "@id(\"a\") permit (principal, action, resource) when { context.nowhere };".to_owned(),
            "validation",
        ),
        ("", "@id(\"a\") permit (principal, action == Action::\"fly\", resource);".to_owned(), "validation"),
        ("", format!("{}{}", see(""), see("")), "a"),
        ("", "@id(\"a\") permit (principal == ?principal, action, resource);".to_owned(), "template"),
        ("", "@id(\"a\") permit (".to_owned(), "cannot be read"),
        ("", see(" when { principal.training.contains(1) }"), "validation"),
        (&admit, see(""), "cannot be answered by a plugin"),
        (&number, see(""), "must be a text"),
        (&red, see(""), "not one of its settings"),
        (&bare, see(""), "is missing"),
        (&odd, see(""), "do not go together: Not today."),
        (&odder, see(""), "the plugin `hostile` failed (trap)"),
        ("[[plugins]]\nname = \"nothing\"\nacts = []\n", see(""), "make plugins"),
        ("colour = \"red\"\n", see(""), "unknown field"),
    ];
    for (n, (charter, policies, says)) in table.iter().enumerate() {
        let name = format!("bad-{n}");
        let outcome = found(&data.0, &name, &rules(&data.0, &name, charter, policies));
        assert_eq!(outcome.status, 1, "{policies}: {}{}", outcome.out, outcome.err);
        assert!(outcome.out.contains(says), "{charter}{policies}: {}", outcome.out);
    }
    let list = cli(&data.0, None, &["--json", "network", "list"]).ok().json();
    let others = list.as_array().expect("a list").iter().filter(|row| row["own"] != true);
    assert_eq!(others.count(), 0, "nothing was founded: {list}");
}

#[test]
fn actions_that_are_none_found_nothing() {
    let data = Folder::new("bad-actions");
    let own = |label: &str, more: &str| format!("[[actions]]\nlabel = \"{label}\"\n{more}\n");
    let glean = |n: usize| own(&format!("glean{n}"), "like = \"produce\"");
    let long = |bytes: usize| format!("g{}", "l".repeat(bytes - 1));
    let table: [(String, &str); 14] = [
        (own("transfer", "like = \"move\""), "needs another name"),
        (own("Glean it", "like = \"produce\""), "needs another name"),
        (own(&long(31), "like = \"produce\""), "needs another name"),
        (own("borrow", "like = \"use\""), "the name of another act"),
        (own("record", "like = \"use\""), "the name of another act"),
        (own("glean", &format!("like = \"produce\"\nnote = \"{}\"", long(4_097))), "has a note of more than"),
        (own("glean", "like = \"consume\"\nlocation-effect = \"new\""), "brings none"),
        (own("glean", "like = \"produce\"\nevent-quantity = \"effort\""), "counts effort only"),
        (own("glean", "like = \"gather\""), "none of the nineteen"),
        (own("glean", "like = \"produce\"\nonhand-effect = \"double\""), "no such effect"),
        (own("glean", "like = \"produce\"\naccounting-effect = \"incrementTo\""), "what a thing goes to"),
        (own("glean", "like = \"produce\"\npairs-with = \"consume\""), "unknown field"),
        (glean(1).repeat(2), "there twice"),
        ((0..=64).map(glean).collect(), "at most 64"),
    ];
    let see = "@id(\"a\") permit (principal, action == Action::\"see\", resource);";
    for (n, (charter, says)) in table.iter().enumerate() {
        let name = format!("bad-{n}");
        let outcome = found(&data.0, &name, &rules(&data.0, &name, charter, see));
        assert_eq!(outcome.status, 1, "{charter}: {}{}", outcome.out, outcome.err);
        assert!(outcome.out.contains(says), "{charter}: {}", outcome.out);
    }
}

#[test]
fn what_admission_finds_is_shown_and_what_it_turns_away_has_a_remedy() {
    let data = Folder::new("admission");
    let built = |name: &str| plugins().join(name).display().to_string();
    let admit = |file: &str| cli(&data.0, None, &["--json", "plugin", "admit", file]);
    let shown = admit(&built("hostile.wasm")).ok().json();
    assert_eq!(shown["world"], "access");
    assert_eq!(shown["extraExports"], json!(["reflow:plugin/pricer@0.1.0"]));
    assert!(shown["fuelEmpty"].as_u64().is_some_and(|fuel| fuel > 0), "{shown}");
    assert!(shown["structure"]["functions"].as_u64().is_some_and(|functions| functions > 10), "{shown}");
    let readme = tests::root().join("README.md").display().to_string();
    for (file, code) in [(built("hostile-eager.wasm"), "failed-trial"), (readme, "not-a-component")] {
        let outcome = admit(&file);
        assert_eq!((outcome.status, &outcome.json()["code"]), (1, &json!(code)), "{}", outcome.out);
        assert!(
            outcome.json()["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()),
            "{}",
            outcome.out
        );
    }
    // The same at the door through which it would come in.
    let charter = "[[plugins]]\nname = \"hostile-eager\"\nacts = [\"raise\"]\n";
    let outcome = found(&data.0, "eager", &rules(&data.0, "eager", charter, RULES));
    assert_eq!(outcome.json()["code"], "failed-trial", "{}", outcome.out);
    assert!(
        outcome.json()["remedy"].as_str().is_some_and(|remedy| remedy.contains("no verdicts")),
        "{}",
        outcome.out
    );
}

#[test]
fn the_admission_child_lives_under_limits() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(tests::binary());
    let mut child =
        child.arg("admission-child").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it runs");
    let limits = format!("/proc/{}/limits", child.id());
    // What the kernel holds it to, once it has said so: seconds, bytes.
    let mut tries = 0;
    let read = |name: &str| {
        let text = std::fs::read_to_string(&limits).expect("the child lives");
        let line = text.lines().find(|line| line.starts_with(name)).expect("a limit").to_owned();
        line[name.len()..].split_whitespace().next().and_then(|soft| soft.parse::<u64>().ok())
    };
    while read("Max file size").is_none() {
        tries += 1;
        assert!(tries < 1_000_000, "no limits were set");
    }
    let set = ["Max cpu time", "Max address space", "Max file size"].map(read);
    assert_eq!(set, [Some(20), Some(8 << 30), Some(64 << 20)]);
    drop(child.stdin.take());
    assert!(child.wait().expect("it ends").success(), "nothing is no plugin, and said so in order");
}
