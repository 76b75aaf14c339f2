//! What a change of rules comes to: every difference between two books, in words, and how much is at stake.
//!
//! A network decides different kinds of changes by different rules; which kind a change is of follows from the
//! books alone, never from what whoever proposes it calls it. The highest of its differences counts.

use std::collections::{BTreeMap, BTreeSet};

pub use governance::Risk;
use governance::{CaseRules, Decisions, Joining};
use serde::Serialize;
use serde_json::Value as Json;
use valueflows::{OwnAction, Surface};

use crate::book::{Binding, CharterText, Lineage, PolicyText, RuleBook, UnitSpec};
use crate::compile::CompiledBook;
use crate::place::Place;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// How much is at stake.
    pub risk: Risk,
    /// A sentence for members.
    pub says: String,
    /// What differs, by a name that pages in other languages have a sentence for, and what is put into it.
    pub what: &'static str,
    /// Names, words and numbers, in the order of the sentence.
    pub with: Vec<String>,
    /// Where it is a rule: its id, by which its title in other languages is found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Where it is a setting: which, what it is, and what it would be. Whoever has the manifest at hand can say it
    /// by the setting's own title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setting: Option<Setting>,
}

/// A setting that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// The plugin.
    pub plugin: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub was: String,
    /// What it would be.
    pub becomes: String,
}

impl Difference {
    fn new(risk: Risk, what: &'static str, with: Vec<String>, says: String) -> Difference {
        Difference { risk, says, what, with, rule: None, setting: None }
    }
}

/// The acts by which somebody comes to belong, to have a role, or to act for somebody.
const MEMBERSHIP_ACTS: [&str; 17] = [
    "admit",
    "apply",
    "vouch",
    "acceptApplication",
    "declineApplication",
    "train",
    "delegate",
    "revoke",
    "grantRole",
    "endRole",
    "suspend",
    "reinstate",
    "restoreAccess",
    "keepKey",
    "recoverKey",
    "endMembership",
    "leave",
];

/// Every difference, those with the most at stake first.
pub fn between(old: &CompiledBook, new: &CompiledBook) -> Vec<Difference> {
    let mut found = Vec::new();
    naming(&old.book, &new.book, &mut found);
    policies(old, new, &mut found);
    bindings(&old.book, &new.book, &mut found);
    units(&old.book, &new.book, &mut found);
    actions(&old.book, &new.book, &mut found);
    decisions(old.book.decisions.as_ref(), new.book.decisions.as_ref(), &mut found);
    house(&old.book, &new.book, &mut found);
    place(&old.book, &new.book, &mut found);
    trust(&old.book, &new.book, &mut found);
    charter(&old.book, &new.book, &mut found);
    notices(&old.book, &new.book, &mut found);
    found.sort_by(|a, b| b.risk.cmp(&a.risk).then_with(|| a.says.cmp(&b.says)));
    found
}

/// How much is at stake in all of them; none where nothing differs.
pub fn risk(differences: &[Difference]) -> Option<Risk> {
    differences.iter().map(|difference| difference.risk).max()
}

fn naming(old: &RuleBook, new: &RuleBook, found: &mut Vec<Difference>) {
    let mut note = |risk, what, with, says| found.push(Difference::new(risk, what, with, says));
    for (what, said, old, new) in [
        ("name", "The rules' name", &old.name, &new.name),
        ("title", "What they are", &old.title, &new.title),
    ] {
        if old != new {
            let says = format!("{said}: \"{old}\" becomes \"{new}\".");
            note(Risk::Parameter, what, vec![old.clone(), new.clone()], says);
        }
    }
    if let Some(Lineage { name, digest }) =
        new.forked_from.as_ref().filter(|_| old.forked_from != new.forked_from)
    {
        let says = format!("The rules say that they were made from \"{name}\" ({digest}).");
        note(Risk::Parameter, "forked-from", vec![name.clone(), digest.clone()], says);
    } else if old.forked_from != new.forked_from {
        let says = "The rules do not say any more what they were made from.".to_owned();
        note(Risk::Parameter, "forked-from-nothing", Vec::new(), says);
    }
    // It follows from the calculations, the actions and the program; the first two have differences of their own.
    let facts = |book: &RuleBook| -> Vec<_> { book.bindings.iter().map(|one| one.facts.clone()).collect() };
    let labels = |book: &RuleBook| -> Vec<_> { book.actions.iter().map(|one| one.label.clone()).collect() };
    if old.schema != new.schema && facts(old) == facts(new) && labels(old) == labels(new) {
        let says = "What rules can speak of is not the same.".to_owned();
        note(Risk::Constitution, "schema", Vec::new(), says);
    }
    if old.semantics != new.semantics {
        let says =
            format!("The program judges by its generation {} instead of {}.", new.semantics, old.semantics);
        let with = vec![new.semantics.to_string(), old.semantics.to_string()];
        note(Risk::Constitution, "generation", with, says);
    }
}

/// Where the network is.
fn place(old: &RuleBook, new: &RuleBook, found: &mut Vec<Difference>) {
    let words = |book: &RuleBook| book.place.as_ref().map_or_else(|| "UTC".to_owned(), Place::words);
    if old.place != new.place {
        let says = format!("Where the network is: {} becomes {}.", words(old), words(new));
        found.push(Difference::new(Risk::Parameter, "place", vec![words(old), words(new)], says));
    }
}

/// Whose calculations may be bound.
fn trust(old: &RuleBook, new: &RuleBook, found: &mut Vec<Difference>) {
    if old.trust == new.trust {
        return;
    }
    let (what, with, says) = match &new.trust {
        Some(trust) => {
            let words = trust.words();
            ("trust", vec![words.clone()], format!("A new calculation has to be signed by {words}."))
        }
        None => ("no-trust", Vec::new(), "A new calculation needs nobody's signature any more.".to_owned()),
    };
    found.push(Difference::new(Risk::Constitution, what, with, says));
}

/// Who looks into cases, and how somebody comes to belong.
fn house(old: &RuleBook, new: &RuleBook, found: &mut Vec<Difference>) {
    // With the rules themselves, so that pages say them in their reader's words.
    let mut note = |risk, what, words: Option<(String, String)>, says: &str, none: &str| {
        let said = words.as_ref().map_or_else(|| none.to_owned(), |(words, _)| format!("{says}{words}"));
        found.push(Difference::new(risk, what, words.into_iter().map(|(_, rules)| rules).collect(), said));
    };
    if old.cases != new.cases {
        let words = new.cases.as_ref().map(|cases| (CaseRules::words(cases), written(cases)));
        let what = if words.is_some() { "cases" } else { "no-cases" };
        note(Risk::Rule, what, words, "Cases: ", "Nobody looks into cases any more.");
    }
    if old.scenarios != new.scenarios {
        let says = "What happens under these rules, as it is told, is not the same.";
        note(Risk::Parameter, "stories", None, "", says);
    }
    if old.joining != new.joining {
        let words = new.joining.as_ref().map(|joining| (Joining::words(joining), written(joining)));
        let what = if words.is_some() { "joining" } else { "no-joining" };
        note(Risk::Membership, what, words, "Joining: ", "Nobody can ask to join any more.");
    }
}

fn written(rules: &impl Serialize) -> String {
    serde_json::to_string(rules).unwrap_or_default()
}

/// Something as it was and as it is.
type Pair<'a, T> = (Option<&'a T>, Option<&'a T>);

/// Things by a key, each with its old and its new state.
fn paired<'a, K: Ord, T>(
    old: &'a [T],
    new: &'a [T],
    key: impl Fn(&'a T) -> K,
) -> impl Iterator<Item = Pair<'a, T>> {
    let mut pairs: BTreeMap<(K, usize), Pair<'a, T>> = BTreeMap::new();
    // Two of one key are the first and the second of it.
    let nth = |list: &'a [T], at: usize, key: &dyn Fn(&'a T) -> K| {
        let own = list.get(at).map(key);
        list.iter().take(at).filter(|other| Some(key(other)) == own).count()
    };
    for (at, one) in old.iter().enumerate() {
        pairs.entry((key(one), nth(old, at, &key))).or_default().0 = Some(one);
    }
    for (at, one) in new.iter().enumerate() {
        pairs.entry((key(one), nth(new, at, &key))).or_default().1 = Some(one);
    }
    pairs.into_values()
}

fn policies(old: &CompiledBook, new: &CompiledBook, found: &mut Vec<Difference>) {
    for pair in paired(&old.book.policies, &new.book.policies, |policy| &policy.id) {
        let (what, title, says) = match pair {
            (Some(before), Some(after)) if before == after => continue,
            (Some(_), Some(after)) => ("rule-changed", new.called(after), "Changed"),
            (None, Some(after)) => ("rule-new", new.called(after), "New"),
            (Some(before), None) => ("rule-gone", old.called(before), "No longer"),
            (None, None) => continue,
        };
        let of = |book: &CompiledBook, policy: Option<&PolicyText>| policy.map(|policy| book.risk_of(policy));
        let risk = of(old, pair.0).max(of(new, pair.1)).unwrap_or(Risk::Rule);
        let rule = pair.0.or(pair.1).map(|policy| policy.id.clone());
        let said = format!("{says}: {title}.");
        found.push(Difference { rule, ..Difference::new(risk, what, vec![title.to_owned()], said) });
    }
}

impl CompiledBook {
    /// The title that a policy has for members, or its id.
    fn called<'a>(&'a self, policy: &'a PolicyText) -> &'a str {
        self.says(&policy.id, "title").unwrap_or(&policy.id)
    }

    fn risk_of(&self, policy: &PolicyText) -> Risk {
        if policy.protected {
            return Risk::Constitution;
        }
        let acts = self.acts_of(&policy.id);
        // Whoever decides who may change rules decides about all of them.
        let amends = crate::schema::ACTS.iter().filter(|spec| spec.group == "amend");
        if amends.into_iter().any(|spec| acts.contains(spec.name)) {
            return Risk::Constitution;
        }
        match MEMBERSHIP_ACTS.iter().any(|act| acts.contains(*act)) {
            true => Risk::Membership,
            false => Risk::Rule,
        }
    }

    /// The acts that a policy can have a say in.
    pub fn acts_of(&self, policy: &str) -> BTreeSet<String> {
        let id = cedar_policy::PolicyId::new(policy);
        let having = self.slices().filter(|(_, policies)| policies.policy(&id).is_some());
        having.map(|(action, _)| action.id().unescaped().to_owned()).collect()
    }
}

fn bindings(old: &RuleBook, new: &RuleBook, found: &mut Vec<Difference>) {
    // Duties come in this order, so it is part of the rules.
    let order = |book: &RuleBook, other: &RuleBook| -> Vec<(String, Surface)> {
        let both = |one: &&Binding| other.bindings.iter().any(|binding| binding.plugin == one.plugin);
        book.bindings.iter().filter(both).map(|one| (one.plugin.clone(), one.surface)).collect()
    };
    if order(old, new) != order(new, old) {
        let says = "The calculations come in another order.".to_owned();
        found.push(Difference::new(Risk::Rule, "order", Vec::new(), says));
    }
    // A plugin may stand on several surfaces, and on one with several groups of acts.
    let key = |binding: &Binding| (binding.plugin.clone(), binding.surface, binding.acts.clone());
    for pair in paired(&old.bindings, &new.bindings, key) {
        // What counts votes is part of how rules are changed.
        let counts = pair.0.or(pair.1).is_some_and(|binding| binding.surface == Surface::Tally);
        let risk = if counts { Risk::Constitution } else { Risk::Rule };
        let mut note = |what, with, says| found.push(Difference::new(risk, what, with, says));
        match pair {
            (Some(before), Some(after)) => {
                if before.component != after.component {
                    let says = format!("The calculation \"{}\" is another one.", after.plugin);
                    note("calculation-changed", vec![after.plugin.clone()], says);
                }
                if before.personal != after.personal {
                    let says =
                        format!("The calculation \"{}\" reads {}.", after.plugin, listed(&after.personal));
                    note("calculation-reads", vec![after.plugin.clone(), after.personal.join(", ")], says);
                }
                settings(before, after, found);
            }
            (None, Some(after)) => {
                let says = format!("New: the calculation \"{}\" for {}.", after.plugin, listed(&after.acts));
                note("calculation-new", vec![after.plugin.clone(), after.acts.join(", ")], says);
            }
            (Some(before), None) => {
                let says =
                    format!("No longer: the calculation \"{}\" for {}.", before.plugin, listed(&before.acts));
                note("calculation-gone", vec![before.plugin.clone(), before.acts.join(", ")], says);
            }
            (None, None) => {}
        }
    }
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "nothing about people".to_owned() } else { names.join(", ") }
}

fn settings(old: &Binding, new: &Binding, found: &mut Vec<Difference>) {
    let names = |binding: &Binding| -> BTreeSet<String> {
        binding.settings.as_object().map(|map| map.keys().cloned().collect()).unwrap_or_default()
    };
    let shown = |value: Option<&Json>| match value {
        None => "nothing".to_owned(),
        Some(Json::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    for name in names(old).union(&names(new)) {
        let (before, after) = (old.settings.get(name), new.settings.get(name));
        if before != after {
            let (was, becomes) = (shown(before), shown(after));
            let says = format!("\"{name}\" of \"{}\": {was} becomes {becomes}.", new.plugin);
            let setting = Setting { plugin: new.plugin.clone(), name: name.clone(), was, becomes };
            let risk = if new.surface == Surface::Tally { Risk::Constitution } else { Risk::Parameter };
            let said = Difference::new(risk, "setting", Vec::new(), says);
            found.push(Difference { setting: Some(setting), ..said });
        }
    }
}

/// How rules are changed is what every other rule stands on.
fn decisions(old: Option<&Decisions>, new: Option<&Decisions>, found: &mut Vec<Difference>) {
    let mut note = |what, with, says| found.push(Difference::new(Risk::Constitution, what, with, says));
    match (old, new) {
        (Some(old), Some(new)) => {
            for risk in Risk::ALL.into_iter().filter(|risk| old.of(*risk) != new.of(*risk)) {
                let (before, after) = (old.of(risk).words(), new.of(risk).words());
                let what = risk.as_str();
                // What the words leave out (who breaks a tie, who may hold it up) is a difference all the same.
                match before == after {
                    true => {
                        let says = format!("How {what} is decided is not the same in its details.");
                        note("decided-details", vec![risk.code().to_string()], says);
                    }
                    false => {
                        let says = format!("How {what} is decided: \"{before}\" becomes \"{after}\"");
                        let ways =
                            vec![risk.code().to_string(), written(old.of(risk)), written(new.of(risk))];
                        note("decided", ways, says);
                    }
                }
            }
        }
        (None, Some(_)) => note("decisions-new", Vec::new(), "New: how the rules are changed.".to_owned()),
        (Some(_), None) => {
            note("decisions-gone", Vec::new(), "No longer: any way to change the rules.".to_owned());
        }
        (None, None) => {}
    }
}

/// Words bind nobody as policies do, but people go by them: the text that counts is a rule, a translation a word.
fn charter(old: &RuleBook, new: &RuleBook, found: &mut Vec<Difference>) {
    for pair in paired(&old.charter, &new.charter, |text| &text.language) {
        let counts = |text: &CharterText| text.authoritative;
        let (what, text, says, counts) = match pair {
            (Some(before), Some(after)) if before == after => continue,
            (Some(before), Some(after)) => {
                let says = format!("The charter in \"{}\" reads differently.", after.language);
                ("charter-changed", after, says, counts(before) || counts(after))
            }
            (None, Some(after)) => {
                ("charter-new", after, format!("New: the charter in \"{}\".", after.language), counts(after))
            }
            (Some(before), None) => {
                let says = format!("No longer: the charter in \"{}\".", before.language);
                ("charter-gone", before, says, counts(before))
            }
            (None, None) => continue,
        };
        let risk = if counts { Risk::Rule } else { Risk::Parameter };
        found.push(Difference::new(risk, what, vec![text.language.clone()], says));
    }
}

/// What members are told, not what holds.
fn notices(old: &RuleBook, new: &RuleBook, found: &mut Vec<Difference>) {
    for (before, after) in paired(&old.notices, &new.notices, |text| &text.language) {
        let Some(language) = before.or(after).filter(|_| before != after).map(|text| &text.language) else {
            continue;
        };
        let says = format!("What members are told in \"{language}\" reads differently.");
        found.push(Difference::new(Risk::Parameter, "notices", vec![language.clone()], says));
    }
}

/// What can be done and written down beside what everybody knows; one that is there stays as it is.
fn actions(old: &RuleBook, new: &RuleBook, found: &mut Vec<Difference>) {
    for pair in paired(&old.actions, &new.actions, |action| &action.label) {
        let does = |action: &OwnAction| OwnAction { note: String::new(), ..action.clone() };
        let (risk, what, action, says) = match pair {
            (Some(before), Some(after)) if before == after => continue,
            (Some(before), Some(after)) if does(before) == does(after) => {
                let says = format!("What \"{}\" means is said in other words.", after.label);
                (Risk::Parameter, "action-note", after, says)
            }
            (Some(_), Some(after)) => {
                let says = format!("The action \"{}\" does something else.", after.label);
                (Risk::Constitution, "action-changed", after, says)
            }
            (None, Some(after)) => {
                let says = format!("New: the action \"{}\", which is like \"{}\".", after.label, after.like);
                (Risk::Rule, "action-new", after, says)
            }
            (Some(before), None) => {
                let says = format!("No longer: the action \"{}\".", before.label);
                (Risk::Constitution, "action-gone", before, says)
            }
            (None, None) => continue,
        };
        found.push(Difference::new(risk, what, vec![action.label.clone(), action.like.clone()], says));
    }
}

/// Amounts were written down in units that founding made: one that goes or changes takes their meaning along.
fn units(old: &RuleBook, new: &RuleBook, found: &mut Vec<Difference>) {
    let decimals = |unit: &UnitSpec| unit.decimals;
    for pair in paired(&old.units, &new.units, |unit| &unit.label) {
        let (risk, what, unit, says) = match pair {
            (Some(before), Some(after)) if decimals(before) != decimals(after) => {
                let says = format!("The unit {} counts in other parts.", after.label);
                (Risk::Constitution, "unit-parts", after, says)
            }
            (Some(before), Some(after)) if before.symbol != after.symbol => {
                let says = format!("The unit {} is written {}.", after.label, after.symbol);
                (Risk::Parameter, "unit-symbol", after, says)
            }
            (None, Some(after)) => (Risk::Rule, "unit-new", after, format!("New: the unit {}.", after.label)),
            (Some(before), None) => {
                (Risk::Constitution, "unit-gone", before, format!("No longer: the unit {}.", before.label))
            }
            _ => continue,
        };
        let with = vec![unit.label.clone(), unit.symbol.clone()];
        found.push(Difference::new(risk, what, with, says));
    }
}
