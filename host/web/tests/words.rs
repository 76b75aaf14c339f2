//! The catalogues: complete, alike, used, free of machinery; dates and directions.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use valueflows::Instant;
use web::locale::Locale;

/// Words that no member should have to read, in any language.
const MACHINERY: &[&str] = &[
    "intent",
    "commitment",
    "custody",
    "wasm",
    "cedar",
    "plugin",
    "digest",
    "fuel",
    "payload",
    "json",
    "uuid",
    "null",
];

fn room() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => found.extend(files(&path, ending)),
            false if path.to_string_lossy().ends_with(ending) => found.push(path),
            false => {}
        }
    }
    found.sort();
    found
}

/// The messages of a language: key and text.
fn messages(tag: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for file in files(&room().join("words"), ".ftl") {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        if !name.starts_with(tag) {
            continue;
        }
        let text = read(&file);
        let parsed = fluent_bundle::FluentResource::try_new(text.clone());
        assert!(parsed.is_ok(), "{name}: {:?}", parsed.err().map(|(_, errors)| errors));
        let mut key = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((begun, rest)) = line.split_once(" = ").filter(|_| !line.starts_with(' ')) {
                key = begun.to_owned();
                assert!(found.insert(key.clone(), rest.to_owned()).is_none(), "{name}: `{key}` stands twice");
            } else if let Some(text) = found.get_mut(&key) {
                text.push('\n');
                text.push_str(line);
            }
        }
    }
    found
}

/// What is put into a message.
fn variables(text: &str) -> BTreeSet<&str> {
    let name = |part: &'_ str| part.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(part.len());
    text.split('$').skip(1).map(|part| &part[..name(part)]).collect()
}

/// Sources and templates, as one text.
/// A file's text, or those of all the sources of a folder.
fn beneath(path: &Path) -> Vec<String> {
    match path.is_dir() {
        true => files(path, "rs").iter().map(|path| read(path)).collect(),
        false => vec![read(path)],
    }
}

fn sources() -> String {
    let all = files(&room().join("src"), ".rs").into_iter().chain(files(&room().join("templates"), ".html"));
    all.map(|file| read(&file)).collect()
}

#[test]
fn every_language_says_all_of_it() {
    let first = messages("en");
    for (tag, _) in Locale::languages() {
        let own = messages(tag);
        let (keys, wanted): (BTreeSet<_>, BTreeSet<_>) = (own.keys().collect(), first.keys().collect());
        let missing: Vec<_> = wanted.symmetric_difference(&keys).collect();
        assert!(missing.is_empty(), "`{tag}` and `en` differ in {missing:?}");
        for (key, text) in &own {
            let (said, asked) = (variables(text), variables(&first[key]));
            assert!(
                said.is_subset(&asked) || key == "refused-by-books" || key == "might",
                "`{key}` in `{tag}` takes {said:?}, and is given {asked:?}"
            );
        }
    }
}

#[test]
fn every_message_that_is_asked_for_is_there_and_every_one_that_is_there_is_asked_for() {
    let (known, sources) = (messages("en"), sources());
    let mut asked = 0;
    for part in sources.split(".t(\"").skip(1) {
        let key = part.split('"').next().expect("a key");
        asked += 1;
        assert!(known.contains_key(key), "`{key}` is asked for, and no catalogue has it");
    }
    assert!(asked > 200, "the pages ask for {asked} messages");
    for key in known.keys() {
        let stem = key.strip_suffix("-remedy").unwrap_or(key);
        let asked = |key: &str| sources.contains(&format!("\"{key}\""));
        assert!(asked(key) || asked(stem), "nobody asks for `{key}`");
    }
}

#[test]
fn what_a_message_chooses_by_is_what_the_program_says() {
    for (key, sources) in [
        ("table-note", &["../interchange/src"][..]),
        (
            "refused-by-books",
            &["../ledger/src", "../governance/src", "../pipeline/src", "src/wording.rs"][..],
        ),
        ("rejection", &["../pipeline/src/error.rs"][..]),
        ("might", &["../pipeline/src/may.rs"][..]),
        ("amendment-status", &["../governance/src/amendment.rs"][..]),
        ("risk", &["../governance/src/decisions.rs"][..]),
        ("event", &["../valueflows/src/action.rs"][..]),
        ("deed", &["../valueflows/src/action.rs"][..]),
        ("sums-column", &["../pipeline/src/reports.rs"][..]),
        (
            "rules-problem",
            &[
                "../governance/src/cases.rs",
                "../governance/src/decisions.rs",
                "../governance/src/joining.rs",
                "../policy/src/examine.rs",
                "../policy/src/lockout.rs",
                "../policy/src/place.rs",
                "../policy/src/trust.rs",
            ],
        ),
        ("table-fault", &["../interchange/src/table.rs"][..]),
        ("story-came", &["../pipeline/src/scenario/stage.rs"][..]),
    ] {
        let source: String = sources.iter().flat_map(|source| beneath(&room().join(source))).collect();
        for (tag, _) in Locale::languages() {
            for line in messages(tag)[key].lines() {
                let line = line.trim_start();
                let Some(code) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) else {
                    continue;
                };
                // The parts of a refusal, a payment, and what the rules define are the pages' own.
                let own = ["remedy", "sentence", "pay", "own"].contains(&code);
                let said = [code.to_owned(), code.replace('-', " ")].map(|code| format!("\"{code}\""));
                assert!(own || said.iter().any(|said| source.contains(said)), "`{key}` in `{tag}`: `{code}`");
            }
        }
    }
}

/// Every code by which the books refuse something is said in every language but the one that the books are in.
#[test]
fn whatever_the_books_refuse_is_said_in_every_language() {
    let refusals =
        ["../ledger/src", "../governance/src", "../pipeline/src"].map(|one| beneath(&room().join(one)));
    let source = refusals.concat().concat();
    let mut codes: BTreeSet<&str> = BTreeSet::new();
    // What is told from elsewhere: `refuse("code", …)`, `refused(…)`, `quote_refusal(…)`, `code: "code"`; what the ledger
    // itself says: `Refusal::… => "code"`.
    let patterns =
        [("refuse(", ","), ("refused(", ","), ("_refusal(", ","), ("Refusal::", ",\n"), ("code: ", ",")];
    for (before, after) in patterns {
        for (at, _) in source.match_indices(before) {
            let rest = source[at..].split(after).next().unwrap_or_default();
            let quoted = match before {
                "Refusal::" => rest.split(" => \"").nth(1),
                _ => rest[before.len()..].trim_start().strip_prefix('"'),
            };
            codes.extend(quoted.and_then(|quoted| quoted.trim_end_matches(".to_owned()").strip_suffix('"')));
        }
    }
    codes.retain(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
    assert!(codes.len() > 60, "{codes:?}");
    for (tag, _) in Locale::languages().filter(|(tag, _)| *tag != "en") {
        let said = &messages(tag)["refused-by-books"];
        let missing: Vec<_> = codes.iter().filter(|code| !said.contains(&format!("[{code}]"))).collect();
        assert!(missing.is_empty(), "`{tag}` does not say {missing:?}");
    }
}

#[test]
fn no_machinery_in_any_language() {
    for (tag, _) in Locale::languages() {
        for (key, text) in messages(tag) {
            // What selects is not shown: variants' names, and what is put in.
            let shown: String = text
                .lines()
                .map(|line| line.trim_start().trim_start_matches('*'))
                .map(|line| {
                    line.strip_prefix('[')
                        .and_then(|rest| rest.split_once(']'))
                        .map_or(line, |(_, rest)| rest)
                })
                .collect::<Vec<_>>()
                .join(" ")
                .to_lowercase();
            let mut depth = 0;
            let shown: String = shown
                .chars()
                .filter(|c| {
                    depth += i32::from(*c == '$');
                    if !c.is_alphanumeric() && *c != '$' && *c != '-' {
                        depth = 0;
                    }
                    depth == 0
                })
                .collect();
            let said = shown.split(|c: char| !c.is_alphanumeric()).find(|word| MACHINERY.contains(word));
            assert_eq!(said, None, "`{key}` in `{tag}`: {text}");
        }
    }
}

#[test]
fn days_and_times_are_those_of_the_place() {
    // 24 Nov 2026, 23:30 UTC.
    let late = Instant(1_795_563_000_000_000);
    let english = Locale::wished(Some("en"), "");
    for (locale, day, moment) in [
        (english.clone(), "Tuesday 24 Nov 2026", "Tuesday 24 Nov 2026, 23:30 (UTC)"),
        (
            english.clone().within("Europe/Berlin"),
            "Wednesday 25 Nov 2026",
            "Wednesday 25 Nov 2026, 00:30 (Europe/Berlin)",
        ),
        (
            Locale::wished(Some("de"), "").within("Europe/Berlin"),
            "Mittwoch, 25. Nov. 2026",
            "Mittwoch, 25. Nov. 2026, 00:30 Uhr (Europe/Berlin)",
        ),
        (
            english.clone().within("America/New_York"),
            "Tuesday 24 Nov 2026",
            "Tuesday 24 Nov 2026, 18:30 (America/New_York)",
        ),
        (english.clone().within("No/Where"), "Tuesday 24 Nov 2026", "Tuesday 24 Nov 2026, 23:30 (UTC)"),
    ] {
        assert_eq!(locale.day(late), day);
        assert_eq!(locale.deadline(late), moment);
    }
    let berlin = english.within("Europe/Berlin");
    let hours = |n: i64| late.plus_us(n * 3_600_000_000);
    for (at, says) in [
        (hours(1), "due today, Wednesday 25 Nov 2026"),
        (hours(24), "due tomorrow, Thursday 26 Nov 2026"),
        (hours(72), "due in 3 days, Saturday 28 Nov 2026"),
        (hours(-2), "was due yesterday, Tuesday 24 Nov 2026"),
        (hours(-49), "was due 3 days ago, Sunday 22 Nov 2026"),
    ] {
        assert_eq!(berlin.due(at, late), says);
    }
}

#[test]
fn the_language_is_the_one_that_is_wished_for() {
    for (chosen, accepted, tag) in [
        (None, "", "en"),
        (None, "de-AT,de;q=0.8,en;q=0.5", "de"),
        (None, "fr;q=0.9, en;q=0.2, de;q=0.6", "de"),
        (None, "fr, it", "en"),
        (Some("de"), "en", "de"),
        (Some("xx"), "de", "de"),
        (None, ";;;,,q=,de;q=nine", "de"),
    ] {
        assert_eq!(Locale::wished(chosen, accepted).tag(), tag, "{chosen:?} {accepted}");
    }
}

#[test]
fn a_name_that_runs_the_other_way_turns_nothing_round() {
    let locale = Locale::default();
    assert_eq!(locale.put("name", "Ines").t("home-hello"), "Hello Ines");
    assert_eq!(
        locale.put("name", "\u{5d3}\u{5d5}\u{5d3}").t("home-hello"),
        "Hello \u{2068}\u{5d3}\u{5d5}\u{5d3}\u{2069}"
    );
    assert_eq!(locale.decimal("1234567.50"), "1\u{202f}234\u{202f}567.50");
    assert_eq!(Locale::wished(Some("de"), "").decimal("20.00"), "20,00");
    assert_eq!(locale.put("count", 12_000_u64).t("things-count"), "12\u{202f}000 things that you may see.");
}

#[test]
fn a_network_says_of_notices_what_the_catalogues_say_of_them() {
    for (tag, _) in Locale::languages() {
        let known = messages(tag);
        for (notice, variables_of) in pipeline::NOTICES {
            let said = variables(&known[notice]);
            assert_eq!(said, variables_of.iter().copied().collect(), "`{notice}` in `{tag}`");
        }
    }
    let own =
        |language: &str, text: &str| pipeline::NoticeText { language: language.into(), text: text.into() };
    let notices = [own("de", "needs-fee = Gib { $amount } her.\n")];
    let says = |tag: &str| Locale::wished(Some(tag), "").telling(&notices).put("amount", "5").t("needs-fee");
    assert_eq!([says("de"), says("en")], ["Gib 5 her.".to_owned(), "You owe 5.".to_owned()]);
    for (text, wrong) in [
        ("needs-fee = You owe { $sum }.\n", "knows nothing of `$sum`"),
        ("needs-more = More.\n", "there is no notice `needs-more`"),
        ("needs-fee = { NUMBER($amount) }\n", "uses functions"),
        ("-needs = x\n", "is a term"),
        ("needs-fee =\n", ""),
        ("needs-fee = You\n    .owe = { $amount }\n", "attributes"),
        (&format!("needs-fee = {}\n", "{".repeat(4_000)), "more than 128 brackets"),
        (&format!("needs-fee = {{ {}", "F(\n".repeat(2_000)), "more than 128 brackets"),
        (&"# x\n".repeat(3_000), "longer than 8192 bytes"),
    ] {
        let problem = own("en", text).problem().unwrap_or_else(|| panic!("{text}"));
        assert!(problem.contains(wrong), "{problem}");
    }
}
