//! Rule sets in folders: checked, and compared in words with what is at stake.

use std::path::Path;

use serde_json::json;
use tests::{Folder, cli, copy, root};

/// The tool library's rules in a folder of their own.
fn library(place: &Folder, name: &str) -> std::path::PathBuf {
    let folder = place.join(name);
    copy(&root().join("policies/tool-library"), &folder);
    folder
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(file).expect("a rule set");
    assert!(text.contains(from), "{} says `{from}`", file.display());
    std::fs::write(file, text.replacen(from, to, 1)).expect("a rule set");
}

#[test]
fn a_rule_set_is_checked_before_anybody_lives_by_it() {
    let place = Folder::new("ruleset-check");
    let folder = library(&place, "mine");
    let path = folder.display().to_string();
    let check = || cli(&place.0, None, &["--json", "ruleset", "check", &path]);
    let good = check().ok().json();
    assert_eq!(good["name"], "tool-library");
    assert!(good["policies"].as_array().is_some_and(|list| list.len() > 5), "{good}");
    let file = folder.join("library.cedar");
    let whole = std::fs::read_to_string(&file).expect("policies");
    for (more, says) in [
        ("permit (principal, action, resource);", "@id"),
        ("@id(\"x\") permit (principal, action == Action::\"lend\", resource);", "lend"),
        ("@id(\"x\") permit (principal, action, resource) when { context.standing > 1 };", "standing"),
        ("@id(\"x\") permit (principal, action", "library.cedar"),
    ] {
        std::fs::write(&file, format!("{whole}\n{more}")).expect("policies");
        let refused = check();
        assert_eq!(refused.status, 1, "{more}: {}", refused.out);
        assert!(refused.out.contains(says), "{more}: {}", refused.out);
    }
    assert!(!place.join("reflow.sqlite").exists(), "looking makes nothing");
}

#[test]
fn a_difference_is_said_in_words_with_what_is_at_stake() {
    let place = Folder::new("ruleset-diff");
    let old = library(&place, "old");
    // File, what is edited into what, how much is at stake, what is said.
    let edits: &[[&str; 5]] = &[
        [
            "charter.toml",
            "late-day = \"1.50 EUR\"",
            "late-day = \"2.00 EUR\"",
            "parameter",
            "1.50 EUR becomes 2.00 EUR",
        ],
        ["charter.toml", "symbol = \"€\"", "symbol = \"EUR\"", "parameter", "is written EUR"],
        ["charter.toml", "decimals = 0", "decimals = 3", "constitution", "counts in other parts"],
        [
            "charter.toml",
            "acts = [\"transferCustody\", \"fallDue\"]",
            "acts = [\"fallDue\"]",
            "rule",
            "No longer: the calculation",
        ],
        ["charter.toml", "personal = [\"place\"]", "personal = []", "rule", "reads nothing about people"],
        [
            "library.cedar",
            "context.standing.unpaid.amount > 0",
            "context.standing.unpaid.amount > 500",
            "rule",
            "Changed: Settle open fees",
        ],
    ];
    for (n, [file, from, to, risk, says]) in edits.iter().enumerate() {
        let new = library(&place, &format!("new-{n}"));
        edit(&new.join(file), from, to);
        let (old, new) = (old.display().to_string(), new.display().to_string());
        let found = cli(&place.0, None, &["--json", "ruleset", "diff", &old, &new]).ok().json();
        assert_eq!(found["risk"], *risk, "{from}: {found}");
        let first = found["differences"][0]["says"].as_str().unwrap_or_default().to_owned();
        assert!(found.to_string().contains(says), "{from}: {first}");
        // The way back is a difference too, with as much at stake.
        let back = cli(&place.0, None, &["--json", "ruleset", "diff", &new, &old]).ok().json();
        assert_eq!(back["risk"], *risk, "{from}: {back}");
        let none = cli(&place.0, None, &["ruleset", "diff", &new, &new]).ok();
        assert!(none.out.contains("no difference"), "{}", none.out);
    }
    // Who belongs is more than a rule, whatever else the change says of itself.
    let new = library(&place, "membership");
    let policy = "@id(\"open-door\") @title(\"Anybody admits anybody\") @why(\"x\")\n\
        permit (principal in Role::\"member\", action == Action::\"admit\", resource is Network);";
    let file = new.join("library.cedar");
    let text = std::fs::read_to_string(&file).expect("policies");
    std::fs::write(&file, format!("{text}\n{policy}")).expect("policies");
    let (old, new) = (old.display().to_string(), new.display().to_string());
    let found = cli(&place.0, None, &["--json", "ruleset", "diff", &old, &new]).ok().json();
    assert_eq!(found["risk"], "membership", "{found}");
    assert_eq!(found["differences"][0]["says"], "New: Anybody admits anybody.");
}

#[test]
fn what_a_rule_set_says_of_itself_is_played_and_every_rule_is_noticed() {
    let place = Folder::new("ruleset-test");
    let run = |args: &[&str]| cli(&place.0, None, &[&["--json", "ruleset"], args].concat());
    for (name, least) in [("tool-library", 30), ("open-books", 2)] {
        let played = run(&["test", &format!("policies/{name}")]).ok().json();
        assert!(played["scenarios"].as_array().is_some_and(|all| all.len() >= least), "{name}: {played}");
        let changed = run(&["mutate", &format!("policies/{name}")]).ok().json();
        assert_eq!(changed["missed"], 0, "{name}: {changed}");
    }
    // A scenario that says something else than the rules fails, and says how; nothing is mutated then.
    let folder = library(&place, "mine");
    let path = folder.display().to_string();
    edit(&folder.join("scenarios/borrowing.toml"), "amount = \"3.00 EUR\"", "amount = \"4.00 EUR\"");
    let failed = run(&["test", &path]);
    assert_eq!(failed.status, 1);
    assert!(failed.out.contains("owes 3.00 EUR, and should owe 4.00 EUR"), "{}", failed.out);
    assert_eq!(run(&["mutate", &path]).status, 1);
    assert!(!place.join("reflow.sqlite").exists(), "trying makes nothing here");
}

#[test]
fn a_rule_set_is_carried_in_one_file() {
    let place = Folder::new("ruleset-pack");
    let file = |name: &str| place.join(name).display().to_string();
    let run = |args: &[&str]| cli(&place.0, None, &[&["--json", "ruleset"], args].concat());
    let packed = ["one", "two"].map(|name| {
        run(&["pack", "policies/tool-library", &file(name)]).ok();
        std::fs::read(file(name)).expect("a file")
    });
    assert_eq!(packed[0], packed[1], "packed twice, it is the same file");
    assert_eq!(run(&["pack", "policies/tool-library", &file("one")]).status, 1, "nothing is written over");
    let (here, there) = (run(&["check", "policies/tool-library"]).ok(), run(&["check", &file("one")]).ok());
    assert_eq!(here.json()["hash"], there.json()["hash"], "and the same rules");
    std::fs::write(file("cut"), &packed[0][..packed[0].len() / 2]).expect("a file");
    assert_eq!(run(&["check", &file("cut")]).status, 1, "half a file is no rule set");
    // Laid on the shelf, it changes no rules.
    let installed = run(&["install", &file("one")]).ok().json();
    assert_eq!(installed["components"].as_array().map(Vec::len), Some(4), "{installed}");
    run(&["new", &file("mine"), "--from", &file("one")]).ok();
    let differs = run(&["diff", "policies/tool-library", &file("mine")]).ok().json();
    assert_eq!(differs["risk"], "parameter", "{differs}");
    // What members are told is part of it: a word less, a word that cannot be said, and the file has it all.
    let notices = place.join("mine").join("notices.en.ftl");
    std::fs::write(&notices, "needs-fee = Pay { $amount }.\n").expect("a file");
    let differs = run(&["diff", "policies/tool-library", &file("mine")]).ok();
    assert!(
        differs.out.contains("What members are told in \\\"en\\\" reads differently."),
        "{}",
        differs.out
    );
    std::fs::write(&notices, "needs-fee = Pay { $sum }.\n").expect("a file");
    let refused = run(&["check", &file("mine")]);
    assert_eq!(refused.status, 1);
    let said = format!("{}{}", refused.out, refused.err);
    assert!(said.contains("`needs-fee` knows nothing of `$sum`, but of `$amount`"), "{said}");
}

#[test]
fn a_rule_set_says_what_it_was_made_from_and_which_components_it_has() {
    let place = Folder::new("ruleset-lock");
    let file = |name: &str| place.join(name).display().to_string();
    let own = Folder::new("ruleset-lock-plugins");
    tests::copy(&tests::plugins(), &own.0);
    let plugins = own.join("plugins").display().to_string();
    let run =
        |args: &[&str]| cli(&place.0, None, &[&["--json", "--plugins", &plugins, "ruleset"], args].concat());
    let origin = run(&["check", "policies/tool-library"]).ok().json();
    let made = run(&["new", &file("mine"), "--from", "policies/tool-library"]).ok().json();
    assert_eq!(made["digest"], origin["hash"]);
    let own_rules = run(&["check", &file("mine")]).ok().json();
    assert_eq!(own_rules["forkedFrom"], json!({"name": "tool-library", "digest": origin["hash"]}));
    // Made from that again, it names that one and no other.
    run(&["new", &file("theirs"), "--from", &file("mine")]).ok();
    let theirs = run(&["check", &file("theirs")]).ok().json();
    assert_eq!(theirs["forkedFrom"], json!({"name": "mine", "digest": own_rules["hash"]}));
    let differs = run(&["diff", &file("mine"), &file("theirs")]).ok().json();
    assert!(differs.to_string().contains("were made from \\\"mine\\\""), "{differs}");
    // Locked, it has these components and no others; a lock is not written over by what does not read.
    assert_eq!(run(&["lock", &file("mine")]).ok().json()["locked"], 4);
    let locked = std::fs::read_to_string(place.join("mine/plugins.lock")).expect("a lock");
    run(&["check", &file("mine")]).ok();
    let newer = tests::guests::version(&own.0, "deposit", "0.2.0");
    std::fs::copy(newer, own.join("plugins/deposit.wasm")).expect("another component");
    let refused = run(&["check", &file("mine")]);
    assert_eq!(refused.status, 1);
    assert!(refused.out.contains("`deposit` is not what `plugins.lock` names (0.1.0)"), "{}", refused.out);
    std::fs::write(own.join("plugins/nearest.wasm"), "no component").expect("nonsense");
    assert_eq!(run(&["lock", &file("mine")]).status, 1);
    assert_eq!(std::fs::read_to_string(place.join("mine/plugins.lock")).expect("a lock"), locked);
    tests::copy(&tests::plugins().join("nearest.wasm"), &own.join("plugins/nearest.wasm"));
    run(&["lock", &file("mine")]).ok();
    run(&["check", &file("mine")]).ok();
    // It goes along in the file.
    run(&["pack", &file("mine"), &file("packed")]).ok();
    run(&["check", &file("packed")]).ok();
    std::fs::write(place.join("mine/plugins.lock"), "[[plugin]]\nname = 1\n").expect("nonsense");
    assert_eq!(run(&["check", &file("mine")]).status, 1);
}
