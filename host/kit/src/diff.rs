//! What differs between two plugins: in what they say of themselves, and in what they answer to the same cases.

use sandbox::{Case, Manifest, Plugin, SettingSpec, laws, types};
use serde_json::Value as Json;

use crate::KitError;
use crate::example::{shown, usual_setting};

/// A case that two plugins answer differently.
#[derive(Debug, Clone)]
pub struct Different {
    /// The case, as the newer one is asked.
    pub case: Case,
    /// What the older one says, in the first place where they differ.
    pub old: Json,
    /// What the newer one says there.
    pub new: Json,
}

/// What differs.
#[derive(Debug, Clone)]
pub struct Differs {
    /// What they say of themselves, a line each: where, before, after.
    pub manifest: Vec<(String, Option<Json>, Option<Json>)>,
    /// How many cases both were asked.
    pub cases: usize,
    /// How many of these they answer differently.
    pub different: usize,
    /// The smallest of these.
    pub smallest: Option<Different>,
    /// Fuel of all cases, of the older and of the newer one.
    pub fuel: (u64, u64),
}

/// Asks both the same cases, made up for the newer one.
pub fn differ(old: &Plugin, new: &Plugin, cases: u32) -> Result<Differs, KitError> {
    if old.manifest.world != new.manifest.world {
        return Err(KitError::Worlds(old.manifest.world.as_str(), new.manifest.world.as_str()));
    }
    let mut manifest = Vec::new();
    compare("", Some(&written(&old.manifest)), Some(&written(&new.manifest)), &mut manifest);
    let mut found = Differs { manifest, cases: 0, different: 0, smallest: None, fuel: (0, 0) };
    for case in laws::cases(new, laws::seed(&new.digest), cases) {
        let before = as_asked(old, &case);
        found.cases += 1;
        let (was, is) = (answer(old, &before, &mut found.fuel.0), answer(new, &case, &mut found.fuel.1));
        let differing = was.iter().zip(&is).find(|(was, is)| was != is);
        let Some((was, is)) = differing else { continue };
        found.different += 1;
        let smaller = found.smallest.as_ref().is_none_or(|known| size(&case) < size(&known.case));
        if smaller {
            found.smallest = Some(Different { old: was.clone(), new: is.clone(), case });
        }
    }
    Ok(found)
}

/// The same case for another plugin of its world: its settings where they have the same names, or else what is usual, and
/// what its own needs find among the same rows.
pub fn as_asked(plugin: &Plugin, case: &Case) -> Case {
    let mut other = case.clone();
    let mut made_up = laws::cases(plugin, laws::seed(&plugin.digest), 1);
    let made_up = made_up.next().map(|case| case.context.settings).unwrap_or_default();
    let named = |settings: &[types::Setting], name: &str| -> Option<types::Setting> {
        settings.iter().find(|setting| setting.name == name).cloned()
    };
    let usual = |name: &str, spec: &SettingSpec| {
        let value = usual_setting(&case.context, spec.kind, spec.default.as_ref()?)?;
        Some(types::Setting { name: name.to_owned(), value })
    };
    let settings = plugin.manifest.settings.iter().filter_map(|(name, spec)| {
        named(&case.context.settings, name).or_else(|| usual(name, spec)).or_else(|| named(&made_up, name))
    });
    other.context.settings = settings.collect();
    other.find(&plugin.manifest);
    other
}

fn answer(plugin: &Plugin, case: &Case, fuel: &mut u64) -> Vec<Json> {
    match plugin.ask(case) {
        Ok((verdicts, used)) => {
            *fuel += used;
            shown(plugin, case, verdicts)
        }
        Err(error) => vec![serde_json::json!({"failed": error.class.as_str()}); case.items.len()],
    }
}

fn size(case: &Case) -> usize {
    let context = &case.context;
    case.items.len()
        + context.agents.len()
        + context.commitments.len()
        + context.events.len()
        + context.intents.len()
        + context.stocks.len()
        + context.agreements.len()
        + context.memberships.len()
}

fn written(manifest: &Manifest) -> Json {
    serde_json::to_value(manifest).unwrap_or_default()
}

fn compare(
    at: &str,
    old: Option<&Json>,
    new: Option<&Json>,
    found: &mut Vec<(String, Option<Json>, Option<Json>)>,
) {
    match (old, new) {
        (Some(Json::Object(old)), Some(Json::Object(new))) => {
            let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                compare(&at, old.get(name), new.get(name), found);
            }
        }
        (old, new) if old != new => found.push((at.to_owned(), old.cloned(), new.cloned())),
        _ => {}
    }
}
