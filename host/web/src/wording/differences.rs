//! What a rule change would make different, in the reader's language: reports name what differs and what is put into the
//! sentence. Reports of earlier programs have only the sentence that was written then.

use pipeline::Reader;
use serde_json::Value as Json;

use super::{case_rules, decision, joining_rules};
use crate::locale::Locale;

/// A difference in words.
pub fn difference(reader: &Reader, l: &Locale, one: &Json) -> String {
    let written = || one.get("says").and_then(Json::as_str).unwrap_or_default().to_owned();
    setting(reader, l, one).or_else(|| named(reader, l, one)).unwrap_or_else(written)
}

/// A setting by the title that it has on the form.
fn setting(reader: &Reader, l: &Locale, one: &Json) -> Option<String> {
    let setting = one.get("setting")?;
    let text = |name: &str| setting.get(name).and_then(Json::as_str).unwrap_or_default();
    let bound = reader.rules().bound.iter().find(|bound| bound.binding.plugin == text("plugin"));
    let title = bound.and_then(|bound| bound.plugin.manifest.setting_title(text("name"), l.tag()));
    let title = title.map_or_else(|| format!("{} ({})", text("name"), text("plugin")), str::to_owned);
    let said = l.put("title", title).put("was", text("was"));
    Some(said.put("becomes", text("becomes")).t("difference-setting"))
}

/// Anything else; none where the report is of a time when it had no names.
fn named(reader: &Reader, l: &Locale, one: &Json) -> Option<String> {
    let what = one.get("what")?.as_str()?;
    let with = |n: usize| one.get("with")?.get(n)?.as_str();
    let text = |n: usize| with(n).unwrap_or_default();
    let said = |a: &str, b: &str, c: &str| {
        l.put("what", what).put("a", a).put("b", b).put("c", c).put("risk", text(0))
    };
    let key = "difference";
    Some(match what {
        "rule-changed" | "rule-new" | "rule-gone" => {
            let id = one.get("rule").and_then(Json::as_str).unwrap_or_default();
            let title = reader.rules().compiled.says_in(id, "title", l.tag());
            // A title that is new is only in the rules that are not in force.
            let title = title.filter(|_| what != "rule-new").unwrap_or_else(|| text(0));
            said(title, "", "").t(key)
        }
        "decided" => {
            let way = |n: usize| serde_json::from_str(text(n)).ok().map(|way| decision(l, &way));
            said(&l.put("risk", text(0)).t("risk"), &way(1)?, &way(2)?).t(key)
        }
        "decided-details" => said(&l.put("risk", text(0)).t("risk"), "", "").t(key),
        "cases" => said(&case_rules(l, &serde_json::from_str(text(0)).ok()?), "", "").t(key),
        "joining" => said(&joining_rules(l, &serde_json::from_str(text(0)).ok()?), "", "").t(key),
        "name"
        | "title"
        | "schema"
        | "generation"
        | "place"
        | "no-cases"
        | "stories"
        | "no-joining"
        | "order"
        | "calculation-changed"
        | "calculation-reads"
        | "calculation-new"
        | "calculation-gone"
        | "decisions-new"
        | "decisions-gone"
        | "charter-changed"
        | "notices"
        | "charter-new"
        | "charter-gone"
        | "unit-parts"
        | "unit-symbol"
        | "unit-new"
        | "action-new"
        | "action-note"
        | "action-changed"
        | "action-gone"
        | "unit-gone" => said(text(0), text(1), text(2)).t(key),
        _ => return None,
    })
}
