//! Trying a calculation on a copy of a sandbox.

use std::sync::Arc;

use pipeline::{Charter, Node, RuleBook, trying};
use policy::Binding;
use sandbox::{Manifest, SettingKind, admission};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use valueflows::{Id, Surface};

use crate::output::Failure;

/// What is tried, and how it is bound.
#[derive(Debug, Serialize, Deserialize)]
pub struct Trying {
    /// The sandbox that is copied.
    pub network: String,
    /// The component's file.
    pub component: String,
    /// Whose place it takes.
    pub instead: Option<String>,
    /// The acts that it is asked about.
    pub acts: Vec<String>,
    /// Settings, as `name=value`.
    pub settings: Vec<String>,
    /// Policies more, as text.
    pub policies: Vec<String>,
}

/// The rules in force with a component bound in them, how it is bound, and its bytes.
async fn candidate(node: &Arc<Node>, asked: &Trying) -> Result<(RuleBook, Json, Vec<u8>), Failure> {
    let bytes = kit::read(std::path::Path::new(&asked.component))?;
    let manifest = Manifest::of(&bytes).map_err(pipeline::Rejection::from)?;
    let rules = node.rules(&node.head(&asked.network).await?).await?;
    let book = &rules.compiled.book;
    let (binding, instead) = bind(book, &manifest, admission::digest(&bytes), asked)?;
    let document = json!({"plugin": binding.plugin, "version": manifest.version, "world": manifest.world,
                          "component": binding.component, "acts": binding.acts, "settings": binding.settings,
                          "instead": instead, "personal": binding.personal});
    let book = trying::with_binding(book, instead.as_deref(), binding, &asked.policies)?;
    // What does not compile is no rule book.
    policy::compile(&book).map_err(pipeline::Rejection::from)?;
    Ok((book, document, bytes))
}

/// The rules as they would be, for a rule change.
pub(super) async fn bound(node: &Arc<Node>, asked: Trying) -> Result<Json, Failure> {
    let (book, bound, _) = candidate(node, &asked).await?;
    let book = book.to_json().map_err(pipeline::Rejection::from)?;
    Ok(json!({"book": book, "bound": bound}))
}

/// Does it, and says what came of it.
pub(super) async fn carry_out(node: &Arc<Node>, asked: Trying) -> Result<Json, Failure> {
    let head = node.head(&asked.network).await?;
    let (book, document, bytes) = candidate(node, &asked).await?;
    let charter = Charter { book, components: vec![bytes] };
    let lived = node.try_out_book(&asked.network, &charter).await?;
    let now = pipeline::now();
    for (agent, there) in &lived.agents {
        let (from, to) = ((head.key, *agent), (lived.network.key, *there));
        let copied = identity::copy_account(node.store(), from, to, now).await;
        copied.map_err(|error| Failure::Unreachable(error.to_string()))?;
    }
    let sent = lived.same + lived.following + lived.refused.count + lived.allowed.count;
    Ok(json!({
        "network": lived.network.name, "of": asked.network, "bound": document, "entries": lived.network.seq,
        "promises": lived.promises, "sent": sent, "same": lived.same, "leftOut": lived.left_out, "following": lived.following,
        "refusedCount": lived.refused.count, "allowedCount": lived.allowed.count,
        "refused": named(node, &asked.network, lived.refused.shown).await?,
        "allowed": named(node, &asked.network, lived.allowed.shown).await?,
    }))
}

/// The same, with names.
async fn named(node: &Arc<Node>, network: &str, mut flips: Vec<Json>) -> Result<Vec<Json>, Failure> {
    let mut reader = super::reader(node, network, None).await?;
    for flip in &mut flips {
        let agent = flip.get("agent").and_then(Json::as_str).and_then(|id| id.parse::<Id>().ok());
        if let (Some(agent), Json::Object(map)) = (agent, flip) {
            map.insert("name".to_owned(), json!(reader.title(agent).await?));
        }
    }
    Ok(flips)
}

/// How it is bound, and whose place it takes.
fn bind(
    book: &RuleBook,
    manifest: &Manifest,
    component: String,
    asked: &Trying,
) -> Result<(Binding, Option<String>), Failure> {
    let of_its_world: Vec<&Binding> =
        book.bindings.iter().filter(|bound| bound.surface == manifest.world).collect();
    let names = || of_its_world.iter().map(|bound| bound.plugin.as_str()).collect::<Vec<_>>().join(", ");
    let known = |name: &str| of_its_world.iter().find(|bound| bound.plugin == name).copied();
    // Several give facts and oblige; of the others one is asked.
    let one_alone = !matches!(manifest.world, Surface::Access | Surface::Duties);
    let taken = match (&asked.instead, &of_its_world[..]) {
        (Some(name), _) => Some(known(name).ok_or_else(|| {
            let world = manifest.world.as_str();
            Failure::Usage(format!(
                "no plugin `{name}` of the world `{world}` is bound here; there is: {}",
                names()
            ))
        })?),
        (None, [alone]) if one_alone => Some(*alone),
        (None, _) => known(&manifest.name),
    };
    let others = || {
        let mut acts: Vec<String> = of_its_world.iter().flat_map(|bound| bound.acts.clone()).collect();
        acts.sort();
        acts.dedup();
        acts
    };
    let acts = match (&asked.acts[..], taken) {
        ([], Some(taken)) => taken.acts.clone(),
        ([], None) => others(),
        (acts, _) => acts.to_vec(),
    };
    if acts.is_empty() && manifest.world != Surface::Tally {
        return Err(Failure::Usage("say which acts it is asked about, as in `--acts borrow`".to_owned()));
    }
    let personal = match taken {
        Some(taken) => taken.personal.iter().filter(|name| manifest.wants(name)).cloned().collect(),
        None => manifest.personal.clone(),
    };
    let binding = Binding {
        plugin: manifest.name.clone(),
        surface: manifest.world,
        component,
        settings: settings(manifest, taken, &asked.settings)?,
        acts,
        facts: manifest.facts.clone(),
        personal,
    };
    Ok((binding, taken.map(|bound| bound.plugin.clone())))
}

/// Settings: what is said, and else what they were where it takes the place of one that had them.
fn settings(manifest: &Manifest, taken: Option<&Binding>, said: &[String]) -> Result<Json, Failure> {
    let mut settings = Map::new();
    let before = taken.and_then(|taken| taken.settings.as_object()).into_iter().flatten();
    for (name, value) in before {
        let was = |spec: &sandbox::SettingSpec| spec.was.as_ref() == Some(name);
        if manifest.settings.contains_key(name) || manifest.settings.values().any(was) {
            settings.insert(name.clone(), value.clone());
        }
    }
    for one in said {
        let (name, value) = one
            .split_once('=')
            .ok_or_else(|| Failure::Usage(format!("`{one}` is no setting; write `most=2`")))?;
        let spec = manifest.settings.get(name).ok_or_else(|| {
            let names: Vec<&str> = manifest.settings.keys().map(String::as_str).collect();
            Failure::Usage(format!("there is no setting `{name}`; there is: {}", names.join(", ")))
        })?;
        let value = spec.kind.typed(value);
        if value.is_string() && matches!(spec.kind, SettingKind::Number | SettingKind::Flag) {
            return Err(Failure::Usage(format!("the setting `{name}` must be {}", spec.kind.written())));
        }
        settings.insert(name.to_owned(), value);
    }
    let missing = manifest.settings.iter().find(|(name, spec)| {
        let was = spec.was.as_ref().is_some_and(|was| settings.contains_key(was));
        spec.default.is_none() && !was && !settings.contains_key(*name)
    });
    match missing {
        Some((name, spec)) => Err(Failure::Usage(format!(
            "say what its setting `{name}` is, {}: `--set \"{name}=…\"`",
            spec.kind.written()
        ))),
        None => Ok(Json::Object(settings)),
    }
}
