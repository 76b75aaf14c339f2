//! Manifests: what is read, and what a reason that stands in the books says in another language.
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use sandbox::Manifest;
use serde_json::{Value as Json, json};

fn manifest(title: Json, reasons: Json) -> Result<Manifest, String> {
    let whole = json!({"name": "sample", "version": "1.0.0", "world": "pricing", "title": title,
        "licence": "MIT", "settings": {"days": {"kind": "number", "title": title}}, "reasons": reasons});
    Manifest::parse(whole.to_string().as_bytes())
}

#[test]
fn a_title_is_one_text_or_one_for_each_language() {
    for (title, in_english, in_german) in [
        (json!("Longest loan"), "Longest loan", "Longest loan"),
        (json!({"en": "Longest loan", "de": "Längste Ausleihe"}), "Longest loan", "Längste Ausleihe"),
        (json!({"en": "Longest loan", "fr": "Prêt le plus long"}), "Longest loan", "Longest loan"),
    ] {
        let read = manifest(title.clone(), json!({})).expect("a manifest");
        for said in [&read.title, &read.settings["days"].title] {
            assert_eq!((said.says("en"), said.says("de")), (in_english, in_german));
        }
        let again = serde_json::to_value(&read).expect("a manifest is written");
        assert_eq!(again["title"], title, "written as it was read");
    }
    let refused = manifest(json!({"de": "Längste Ausleihe"}), json!({})).expect_err("no English");
    assert!(refused.contains("in English"), "{refused}");
}

#[test]
fn a_reason_is_said_again_in_another_language_with_what_was_put_in() {
    let reasons = json!({
        "too-long": {"en": "At most {0} days at a time.", "de": "Höchstens {0} Tage am Stück."},
        "turned": {"en": "{0} of {1}", "de": "von {1} nur {0}"},
        "bare": {"en": "Not today.", "de": "Heute nicht."},
        "english": {"en": "Not today."},
        "open": {"en": "At most {0", "de": "Höchstens {0"},
    });
    let read = manifest(json!("Sample"), reasons).expect("a manifest");
    for (code, sentence, wanted) in [
        ("too-long", "At most 14 days at a time.", Some("Höchstens 14 Tage am Stück.")),
        ("turned", "3 of 10", Some("von 10 nur 3")),
        ("bare", "Not today.", Some("Heute nicht.")),
        ("bare", "Not tomorrow.", None),
        ("too-long", "At most 14 weeks.", None),
        ("english", "Not today.", None),
        ("open", "At most 3", None),
        ("unknown", "Not today.", None),
    ] {
        assert_eq!(read.reason_in("de", code, sentence).as_deref(), wanted, "{code}: {sentence}");
    }
}

#[test]
fn what_makes_no_sense_is_no_manifest() {
    let need = |more: Json| {
        let mut need =
            json!({"name": "promises", "class": "Commitment", "by": "provider", "of": "receiver", "most": 5});
        need.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        json!({"needs": [need]})
    };
    let setting = |spec: Json| {
        let mut whole = json!({"kind": "number", "title": "A setting"});
        whole.as_object_mut().expect("an object").extend(spec.as_object().expect("an object").clone());
        json!({"settings": {"days": whole}})
    };
    let many: Vec<String> = (0..33).map(|n| n.to_string()).collect();
    let table = [
        (need(json!({})), ""),
        (need(json!({"actions": ["work", "transfer-custody"], "classified": "loan", "days": 3_660})), ""),
        (need(json!({"class": "Membership", "by": "member"})), ""),
        (
            need(json!({"class": "Membership", "by": "member", "classified": "x"})),
            "has no action, and no class",
        ),
        (need(json!({"class": "Person", "by": "name"})), "is not kept"),
        (need(json!({"by": "note"})), "is not kept"),
        (need(json!({"most": 0})), "must ask for 1 to 1000 rows"),
        (need(json!({"most": 1_001})), "must ask for 1 to 1000 rows"),
        (need(json!({"actions": ["glean"]})), "none of the nineteen"),
        (need(json!({"days": 0})), "must look back 1 to 3660 days"),
        (need(json!({"days": 3_661})), "must look back 1 to 3660 days"),
        (setting(json!({"least": 1, "greatest": 1, "help": {"en": "So many"}})), ""),
        (setting(json!({"help": {"de": "So viele"}})), "in English"),
        (setting(json!({"least": 2, "greatest": 1})), "at least more than it may be at most"),
        (setting(json!({"kind": "text", "least": 1})), "neither a number nor an amount"),
        (setting(json!({"kind": "text", "choices": ["a", "b"]})), ""),
        (setting(json!({"choices": ["a"]})), "and is no text"),
        (setting(json!({"kind": "text", "choices": many})), "more than 32 choices"),
        (json!({"laws": ["monotone", "negative"]}), ""),
        (json!({"laws": ["anonymous"]}), "no law of the world `pricing`"),
        (json!({"answers": ["rank"]}), "belongs to the world `matching`"),
    ];
    for (more, says) in table {
        let mut whole =
            json!({"name": "sample", "version": "1.0.0", "world": "pricing", "title": "A", "licence": "MIT"});
        whole.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let said = Manifest::parse(whole.to_string().as_bytes()).err().unwrap_or_default();
        assert!(if says.is_empty() { said.is_empty() } else { said.contains(says) }, "{more}: {said}");
    }
}
