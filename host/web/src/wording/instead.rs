//! What would have to be different, in the reader's language. The books say it in English, in a handful of forms; what is
//! in none of them is shown as it stands there.

use crate::locale::Locale;

/// Comparisons, as the books say them, and what the catalogue calls them.
const HOW: [(&str, &str); 5] = [
    ("less than ", "less"),
    ("at most ", "most"),
    ("more than ", "more"),
    ("at least ", "least"),
    ("anything but ", "but"),
];

/// A sentence of the books in the reader's language.
pub fn instead(l: &Locale, text: &str) -> String {
    if let Some((left, right)) = text.split_once("; and ") {
        return l.put("left", instead(l, left)).put("right", instead(l, right)).t("instead-and");
    }
    if let Some((left, right)) = text.split_once(", or ") {
        return l.put("left", instead(l, left)).put("right", instead(l, right)).t("instead-or");
    }
    one(l, text).unwrap_or_else(|| text.to_owned())
}

fn one(l: &Locale, text: &str) -> Option<String> {
    if let Some(key) = text.strip_prefix("you would have to sign it with ") {
        let by = match key {
            key if key.contains("outside any browser") => "own",
            key if key.contains("browser keeps") => "browser",
            _ => "node",
        };
        return Some(l.put("by", by).t("instead-sign"));
    }
    if let Some(rest) = text.strip_prefix("there would have to be ") {
        let (there, rest) = match rest.strip_prefix("something as ") {
            Some(rest) => ("yes", rest),
            None => ("no", rest.strip_prefix("nothing as ")?),
        };
        let (what, of) = rest.split_once(" for ").unwrap_or((rest, "none"));
        let said = l.put("there", there).put("what", what).put("of", who(l, of));
        return Some(said.t("instead-there"));
    }
    if let Some((of, takes)) = text.split_once("; it would have to be ") {
        let (how, than) =
            HOW.iter().find_map(|(says, how)| Some((*how, takes.strip_prefix(says)?))).unwrap_or(("", takes));
        let (what, is) = of.split_once(" is ")?;
        let what = who(l, what);
        return Some(l.put("what", what).put("is", is).put("how", how).put("than", than).t("instead-value"));
    }
    let (of, rest) = text.split_once(" would ")?;
    let (not, rest) = match rest.strip_prefix("not ") {
        Some(rest) => ("not", rest),
        None => ("", rest),
    };
    if let Some(role) = rest.strip_prefix("have to have the role ") {
        let said = l.put("role", role).put("not", not);
        return Some(match of {
            "you" => said.t("instead-my-role"),
            other => said.put("who", who(l, other)).t("instead-role"),
        });
    }
    let wants = rest.strip_prefix("have to hold ")?;
    Some(l.put("what", who(l, of)).put("wants", wants).put("not", not).t("instead-hold"))
}

/// Who or what a sentence is about.
fn who(l: &Locale, said: &str) -> String {
    match said {
        "you" => l.t("instead-you"),
        "this" => l.t("instead-this"),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Forms as the books have them, and what becomes of them in German.
    const FORMS: [(&str, &str); 12] = [
        (
            "unpaid of standing is 3.00 EUR; it would have to be at most 0.00 EUR",
            "unpaid of standing ist 3.00 EUR; nötig wäre: höchstens 0.00 EUR",
        ),
        ("it is 9; it would have to be less than 8", "es ist 9; nötig wäre: weniger als 8"),
        ("days is 9; it would have to be 7", "days ist 9; nötig wäre: 7"),
        (
            "via is console; it would have to be anything but console",
            "via ist console; nötig wäre: etwas anderes als console",
        ),
        ("you would have to have the role steward", "du bräuchtest die Rolle steward"),
        ("this would not have to have the role steward", "dies dürfte die Rolle steward nicht haben"),
        ("there would have to be something as delegation", "es müsste etwas als delegation geben"),
        (
            "there would have to be nothing as finished for delegation",
            "es dürfte nichts als finished (delegation) geben",
        ),
        ("training of you would have to hold chainsaw", "training of you müsste chainsaw enthalten"),
        (
            "you would have to sign it with a key of your own, kept outside any browser",
            "du müsstest es mit einem eigenen Schlüssel unterschreiben, den kein Browser verwahrt",
        ),
        (
            "days is 9; it would have to be at most 7; and you would have to have the role member",
            "days ist 9; nötig wäre: höchstens 7; und du bräuchtest die Rolle member",
        ),
        ("a sentence of another kind", "a sentence of another kind"),
    ];

    #[test]
    fn every_form_is_said_in_the_readers_language() {
        let plain = |text: String| text.replace(['\u{2068}', '\u{2069}'], "");
        let german = Locale::wished(Some("de"), "");
        for (english, wanted) in FORMS {
            assert_eq!(plain(instead(&german, english)), wanted, "{english}");
        }
        let english = Locale::wished(Some("en"), "");
        for (said, _) in FORMS {
            assert_eq!(plain(instead(&english, said)), said, "as the books have it");
        }
    }
}
