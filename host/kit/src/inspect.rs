//! What people are told about a plugin before anybody runs it: its manifest, in sentences.

use std::path::Path;

use sandbox::manifest::{Anchor, Claim};
use sandbox::{Manifest, Need, SettingSpec};
use valueflows::{FactKind, Surface};

use crate::KitError;

/// What a manifest comes to, in sentences.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The manifest.
    pub manifest: Manifest,
    /// The digest and the length of the component; none, of a folder of source.
    pub component: Option<(String, usize)>,
    /// What it decides about.
    pub decides: &'static str,
    /// What it reads, a sentence each.
    pub reads: Vec<String>,
    /// What it answers, a line each.
    pub answers: Vec<String>,
    /// Its settings, a line each.
    pub settings: Vec<String>,
    /// What it claims, and is held to.
    pub claims: Vec<&'static str>,
}

/// Reads a component, or the `plugin.toml` of a folder. Nothing is run.
pub fn statement(path: &Path, language: &str) -> Result<Statement, KitError> {
    let (manifest, component) = match path.is_dir() {
        true => (crate::manifest(path)?, None),
        false => {
            let bytes = crate::read(path)?;
            let digest = sandbox::admission::digest(&bytes);
            (Manifest::of(&bytes)?, Some((digest, bytes.len())))
        }
    };
    let facts = manifest.facts.iter().flat_map(|group| {
        group.facts.iter().map(|fact| {
            let absent = if fact.optional { ", or nothing" } else { "" };
            format!("{}.{}: {}{absent}", group.group, fact.name, kind(fact.kind))
        })
    });
    Ok(Statement {
        component,
        decides: decides(manifest.world),
        reads: reads(&manifest),
        answers: facts.collect(),
        settings: manifest.settings.iter().map(|(name, spec)| setting(name, spec, language)).collect(),
        claims: manifest.laws.iter().map(|claim| claimed(*claim)).collect(),
        manifest,
    })
}

fn decides(world: Surface) -> &'static str {
    match world {
        Surface::Access => {
            "gives facts about acts to the network's policies, and may refuse an act; it permits nothing"
        }
        Surface::Pricing => "says what something costs",
        Surface::Duties => {
            "says which promises follow from what has happened; the network's policies decide about each"
        }
        Surface::Matching => "puts offers in order, and may say who gets what",
        Surface::Tally => "says what comes of a vote; who voted what it is not told by name",
    }
}

fn reads(manifest: &Manifest) -> Vec<String> {
    let item = match manifest.world {
        Surface::Access => "the act itself, and the people and things that it names, without their names",
        Surface::Pricing => "the deal itself: who gives and who gets, what, from when until when",
        Surface::Duties => "what has happened or was promised, and who and what it was about",
        Surface::Matching => "the offers that there are, who gives them, and who looks",
        Surface::Tally => "the ballots, and the roles of those who may vote",
    };
    let needs = manifest.needs.iter().map(need);
    let places = manifest.personal.iter().map(|_| {
        "where people and things are, where the network's charter lets it: this is personal".to_owned()
    });
    std::iter::once(item.to_owned()).chain(needs).chain(places).collect()
}

fn need(need: &Need) -> String {
    let what = match need.class.as_str() {
        "Commitment" => "promises",
        "EconomicEvent" => "events",
        "Intent" => "offers and needs",
        "Agreement" => "agreements",
        "EconomicResource" => "things",
        "Membership" => "memberships",
        other => other,
    };
    let of = match need.of {
        Anchor::Principal => "whoever acts",
        Anchor::Provider => "whoever gives",
        Anchor::Receiver => "whoever gets",
        Anchor::Stock => "the thing",
        Anchor::Agreement => "the agreement",
        Anchor::Spec => "the kind of thing",
    };
    let open = if need.open { "open " } else { "" };
    let actions = match need.actions.as_slice() {
        [] => String::new(),
        actions => format!(" ({})", actions.join(", ")),
    };
    let classified =
        need.classified.as_ref().map(|class| format!(" classified `{class}`")).unwrap_or_default();
    let days = need.days.map(|days| format!(" of the last {days} days")).unwrap_or_default();
    let (by, most) = (&need.by, need.most);
    format!(
        "{open}{what}{actions}{classified}{days} whose `{by}` is {of}, {most} at the most, as `{}`",
        need.name
    )
}

fn kind(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Number => "a whole number",
        FactKind::Flag => "yes or no",
        FactKind::Text => "a text",
        FactKind::Amount => "an amount",
        FactKind::Instant => "an instant",
        FactKind::Agents => "people",
    }
}

fn setting(name: &str, spec: &SettingSpec, language: &str) -> String {
    let bounds = match (spec.least, spec.greatest) {
        (Some(least), Some(greatest)) => format!(", {least} to {greatest}"),
        (Some(least), None) => format!(", at least {least}"),
        (None, Some(greatest)) => format!(", at most {greatest}"),
        (None, None) => String::new(),
    };
    let choices = match spec.choices.as_slice() {
        [] => String::new(),
        choices => format!(": one of {}", choices.join(", ")),
    };
    let usual =
        spec.default.as_ref().map(|usual| format!("; {usual} if nothing is said")).unwrap_or_default();
    let help = spec.help.as_ref().map(|help| format!(". {}", help.says(language))).unwrap_or_default();
    format!("{name}: {} ({}{choices}{bounds}{usual}){help}", spec.title.says(language), spec.kind.written())
}

fn claimed(claim: Claim) -> &'static str {
    match claim {
        Claim::Anonymous => "anonymous: who of the same groups says what makes no difference",
        Claim::Neutral => "neutral: which choice is which makes no difference",
        Claim::Monotone => "monotone: more never comes to less",
        Claim::NoShow => "no-show: nobody is better off for having stayed away",
        Claim::Negative => "negative: there may be lines below nothing, as discounts are",
    }
}
