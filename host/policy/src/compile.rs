//! From a book to something that can be asked: parse, validate, slice.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::num::NonZeroUsize;
use std::str::FromStr;
use std::sync::{Arc, LazyLock, Mutex};

use cedar_policy::{
    Effect, Entities, Entity, EntityTypeName, EntityUid, Policy, PolicyId, PolicySet, Schema, ValidationMode,
    Validator,
};

use governance::Decisions;
use lru::LruCache;
use valueflows::{Class, OwnActions, Surface};

use crate::alike::looks_at_resource;
use crate::book::{PolicyText, RuleBook};
use crate::error::BookError;
use crate::limits::{COMPILED_KEPT_MAX, LEVEL_MAX};
use crate::nesting;
use crate::schema::{is_bindable, is_taken, type_name};
use crate::slice::{self, Slice};
use crate::stack::deep;

/// A book that can be asked.
#[derive(Debug)]
pub struct CompiledBook {
    /// The book.
    pub book: RuleBook,
    pub(crate) policies: PolicySet,
    slices: HashMap<Shape, Slice>,
    /// The types of record that a rule about seeing looks at one by one.
    looked_at: HashSet<String>,
    nothing: Slice,
    pub(crate) actions: Actions,
    /// The actions that it defines beside the nineteen, each with what it does.
    pub own: Arc<OwnActions>,
}

/// The CedarActions as entities: for a request, its own and what that is in. Only where a condition names one
/// could another matter, and then all of them go along.
#[derive(Debug)]
pub(crate) struct Actions {
    all: Entities,
    near: HashMap<EntityUid, Vec<Entity>>,
    named: bool,
}

impl Actions {
    fn of(schema: &Schema, policies: &[Policy]) -> Result<Actions, BookError> {
        let engine = |error: &dyn std::fmt::Display| BookError::Engine(error.to_string());
        let all = schema.action_entities().map_err(|error| engine(&error))?;
        let mut near = HashMap::new();
        for action in all.iter() {
            let above = all.ancestors(&action.uid()).into_iter().flatten().filter_map(|uid| all.get(uid));
            near.insert(action.uid(), std::iter::once(action).chain(above).cloned().collect());
        }
        let mut named = false;
        for policy in policies {
            let json = policy.to_json().map_err(|error| engine(&error))?;
            let conditions = json.get("conditions").map(ToString::to_string).unwrap_or_default();
            named |= conditions.contains("\"Action\"");
        }
        Ok(Actions { all, near, named })
    }

    /// A request's entities with the actions that it needs.
    pub fn with(&self, action: &EntityUid, mut entities: Vec<Entity>) -> Result<Entities, BookError> {
        let built = match self.near.get(action).filter(|_| !self.named) {
            Some(near) => {
                entities.extend(near.iter().cloned());
                Entities::from_entities(entities, None)
            }
            None => self.all.clone().add_entities(entities, None),
        };
        built.map_err(|error| BookError::Engine(error.to_string()))
    }
}

/// The types of a request: all that decides which policies can apply.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Shape {
    pub principal: EntityTypeName,
    pub action: EntityUid,
    pub resource: EntityTypeName,
}

/// Splits a policy file into its policies, each under its `@id`.
pub fn split(file: &str, text: &str, protected: bool) -> Result<Vec<PolicyText>, BookError> {
    nesting::check(file, text)?;
    let unreadable = |problem| BookError::Unreadable { file: file.to_owned(), problem };
    let set = deep(|| PolicySet::from_str(text).map_err(|error| unreadable(error.to_string())))?;
    if let Some(template) = set.templates().next() {
        return Err(BookError::Template(template.id().to_string()));
    }
    set.policies()
        .map(|policy| {
            let id = policy.annotation("id").filter(|id| !id.is_empty());
            let id = id.ok_or_else(|| BookError::Id {
                file: file.to_owned(),
                problem: "a policy has no `@id`".to_owned(),
            })?;
            if protected && policy.effect() == Effect::Permit {
                return Err(BookError::PermitInProtectedLayer(id.to_owned()));
            }
            let text = policy.to_cedar().unwrap_or_default();
            Ok(PolicyText { id: id.to_owned(), text, protected })
        })
        .collect()
}

/// Books that were compiled lately, by their digests: a rule change is looked at when it is written down, when its vote
/// begins and when it comes into force, and nothing else takes as long.
static LATELY: LazyLock<Mutex<LruCache<String, Arc<CompiledBook>>>> = LazyLock::new(|| {
    Mutex::new(LruCache::new(NonZeroUsize::new(COMPILED_KEPT_MAX).unwrap_or(NonZeroUsize::MIN)))
});

/// Compiles a book that goes by a digest of its text, or takes it as it was compiled under that digest before.
pub fn compile_once(book: &RuleBook, digest: &str) -> Result<Arc<CompiledBook>, BookError> {
    let lately = || LATELY.lock().ok();
    if let Some(known) = lately().and_then(|mut lately| lately.get(digest).cloned()) {
        return Ok(known);
    }
    let compiled = Arc::new(compile(book)?);
    if let Some(mut lately) = lately() {
        lately.put(digest.to_owned(), compiled.clone());
    }
    Ok(compiled)
}

/// Compiles a book, or says what is wrong with it.
pub fn compile(book: &RuleBook) -> Result<CompiledBook, BookError> {
    let own = Arc::new(own_actions(book)?);
    check_bindings(book)?;
    for (at, notices) in book.notices.iter().enumerate() {
        let language = notices.language.clone();
        if let Some(problem) = notices.problem() {
            return Err(BookError::Notices { language, problem });
        }
        if book.notices.iter().take(at).any(|other| other.language == language) {
            return Err(BookError::Notices { language, problem: "they are there twice".to_owned() });
        }
    }
    deep(|| compile_deep(book, own))
}

fn compile_deep(book: &RuleBook, own: Arc<OwnActions>) -> Result<CompiledBook, BookError> {
    let (schema, _) = Schema::from_cedarschema_str(&book.schema)
        .map_err(|error| BookError::Invalid(format!("the schema: {error}")))?;
    let mut policies = Vec::new();
    for PolicyText { id, text, protected } in &book.policies {
        nesting::check(id, text)?;
        let policy = Policy::parse(Some(PolicyId::new(id)), text)
            .map_err(|error| BookError::Unreadable { file: id.clone(), problem: error.to_string() })?;
        if *protected && policy.effect() == Effect::Permit {
            return Err(BookError::PermitInProtectedLayer(id.clone()));
        }
        policies.push(policy);
    }
    let set = PolicySet::from_policies(policies.iter().cloned())
        .map_err(|error| BookError::Id { file: book.name.clone(), problem: error.to_string() })?;
    validate(&schema, &set)?;
    let actions = Actions::of(&schema, &policies)?;
    let slices = slice::all(&schema, &policies)?;
    let one_by_one = |(shape, slice): &(&Shape, &Slice)| {
        shape.action.id().unescaped() == "see" && looks_at_resource(&slice.whole, &shape.resource)
    };
    let looked_at = slices.iter().filter(one_by_one).map(|(shape, _)| shape.resource.to_string()).collect();
    Ok(CompiledBook {
        book: book.clone(),
        policies: set,
        slices,
        looked_at,
        nothing: Slice::default(),
        actions,
        own,
    })
}

/// The actions that a book defines, each by a name that no other act has.
fn own_actions(book: &RuleBook) -> Result<OwnActions, BookError> {
    if let Some(taken) = book.actions.iter().find(|action| is_taken(&action.label)) {
        return Err(BookError::Action(format!("`{}` is the name of another act", taken.label)));
    }
    OwnActions::new(&book.actions).map_err(BookError::Action)
}

fn check_bindings(book: &RuleBook) -> Result<(), BookError> {
    let mut only_one = BTreeSet::new();
    for binding in &book.bindings {
        for act in &binding.acts {
            let is_list = binding.surface == Surface::Matching && act == "see";
            if !is_bindable(act, &book.actions) && !is_list {
                return Err(BookError::NotBindable(act.clone()));
            }
            if binding.surface == Surface::Tally {
                return Err(BookError::CountsNoAct { plugin: binding.plugin.clone(), act: act.clone() });
            }
            let exclusive = matches!(binding.surface, Surface::Pricing | Surface::Matching);
            if exclusive && !only_one.insert((binding.surface, act.clone())) {
                return Err(BookError::TwoBindings { act: act.clone(), surface: binding.surface.as_str() });
            }
        }
        // What counts is named by the ways of deciding, so its name is its own.
        if binding.surface == Surface::Tally && !only_one.insert((Surface::Tally, binding.plugin.clone())) {
            return Err(BookError::TwoBindings { act: binding.plugin.clone(), surface: "tally" });
        }
    }
    let counters = book.decisions.iter().flat_map(Decisions::counters);
    let missing = |name: &&str| !only_one.contains(&(Surface::Tally, (*name).to_owned()));
    match counters.into_iter().find(missing) {
        Some(name) => Err(BookError::NothingCounts(name.to_owned())),
        None => Ok(()),
    }
}

fn validate(schema: &Schema, set: &PolicySet) -> Result<(), BookError> {
    let result = Validator::new(schema.clone()).validate_with_level(set, ValidationMode::Strict, LEVEL_MAX);
    // A warning often only follows from an error: that a policy never applies, since it names no act that is.
    let error = result.validation_errors().map(ToString::to_string).min();
    match error.or_else(|| result.validation_warnings().map(ToString::to_string).min()) {
        None => Ok(()),
        Some(problem) => Err(BookError::Invalid(problem)),
    }
}

impl CompiledBook {
    /// Each act's name with the policies that can apply to it, for one combination of types.
    pub(crate) fn slices(&self) -> impl Iterator<Item = (&EntityUid, &PolicySet)> {
        self.slices.iter().map(|(shape, slice)| (&shape.action, &slice.whole))
    }

    /// The policies that can apply to a request of this shape.
    pub(crate) fn slice(&self, shape: &Shape) -> &Slice {
        self.slices.get(shape).unwrap_or(&self.nothing)
    }

    /// Whether an agent sees all records of a class or none of them: no rule about seeing looks at one of them, beyond
    /// what kind of record it is.
    pub fn is_seen_alike(&self, class: Class) -> bool {
        !self.looked_at.contains(type_name(class))
    }

    /// Whether plugins may be bound to an act.
    pub fn is_bindable(&self, act: &str) -> bool {
        is_bindable(act, &self.book.actions)
    }

    /// What a policy says of itself: the value of an annotation such as `title`, `why`, `remedy`.
    pub fn says(&self, policy: &str, annotation: &str) -> Option<&str> {
        self.policies.annotation(&PolicyId::new(policy), annotation)
    }

    /// The same in a language, where the policy has it (`@why_de`); else as it is written.
    pub fn says_in(&self, policy: &str, annotation: &str, language: &str) -> Option<&str> {
        self.says(policy, &format!("{annotation}_{language}")).or_else(|| self.says(policy, annotation))
    }
}
