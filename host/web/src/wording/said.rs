//! Sentences that the program says by a name, in the reader's language; what has no name is shown as it was written.

use serde_json::Value as Json;
use valueflows::Said;

use crate::locale::Locale;

/// A sentence, by the message that knows its name.
pub fn said(l: &Locale, key: &str, one: &Said) -> String {
    filled(l, key, (one.what, &one.with, &one.says))
}

/// One that stands in a report: its name and what is put in, and the sentence.
pub fn told(l: &Locale, key: &str, one: &Json, says: &str) -> String {
    let what = one.get("what").and_then(Json::as_str).unwrap_or_default();
    let with = one.get("with").and_then(Json::as_array).into_iter().flatten();
    let with: Vec<String> = with.filter_map(|one| one.as_str().map(str::to_owned)).collect();
    filled(l, key, (what, &with, says))
}

/// What is wrong with rules, as a report has it: sentences, and beside them their names. Reports of earlier programs have
/// the sentences alone.
pub fn problems(l: &Locale, report: &Json) -> Vec<String> {
    let list = |name: &str| report.get(name).and_then(Json::as_array).cloned().unwrap_or_default();
    let names = list("wrong");
    let sentences = list("problems").into_iter().enumerate();
    sentences
        .filter_map(|(at, says)| {
            let one = names.get(at).unwrap_or(&Json::Null);
            Some(told(l, "rules-problem", one, says.as_str()?))
        })
        .collect()
}

fn filled(l: &Locale, key: &str, (what, with, says): (&str, &[String], &str)) -> String {
    let put = |n: usize| with.get(n).map(String::as_str).unwrap_or_default();
    let said = l.put("what", what).put("a", put(0)).put("b", put(1)).put("c", put(2));
    said.put("risk", l.put("risk", put(0)).t("risk")).put("says", says).t(key)
}
