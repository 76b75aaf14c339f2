//! The policies that can apply to a request: a small set for each combination of types, and within a large one those
//! whose scope names somebody that the principal is or is in, or something that the resource is.
//!
//! A policy that is left out could not apply, so the answer is the same as over the whole set; a property test
//! holds one against the other.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use cedar_policy::{
    Entities, EntityUid, Policy, PolicySet, PrincipalConstraint, Request, ResourceConstraint, Schema,
};

use crate::compile::Shape;
use crate::error::BookError;
use crate::limits::SLICE_WHOLE_MAX;

/// The policies for one combination of types.
#[derive(Debug, Default)]
pub(crate) struct Slice {
    /// All of them.
    pub whole: PolicySet,
    /// Those that name nobody and nothing in their scope.
    any: Vec<Policy>,
    /// Those that name a principal, or a group of them.
    by_principal: HashMap<EntityUid, Vec<Policy>>,
    /// Those that name a resource, and no principal.
    by_resource: HashMap<EntityUid, Vec<Policy>>,
}

/// Policies by what their requests look like.
pub(crate) fn all(schema: &Schema, policies: &[Policy]) -> Result<HashMap<Shape, Slice>, BookError> {
    let mut by_shape: HashMap<Shape, BTreeMap<String, Policy>> = HashMap::new();
    for policy in policies {
        let mut envs = policy.get_valid_request_envs(schema).peekable();
        if envs.peek().is_none() {
            // Validation has refused what can never apply, so this one was not looked at to its end.
            return Err(BookError::Engine(format!("nobody knows to what policy `{}` applies", policy.id())));
        }
        for env in envs {
            let shape = Shape {
                principal: env.principal().clone(),
                action: env.action().clone(),
                resource: env.resource().clone(),
            };
            by_shape.entry(shape).or_default().insert(policy.id().to_string(), policy.clone());
        }
    }
    by_shape.into_iter().map(|(shape, policies)| Ok((shape, Slice::of(policies)?))).collect()
}

impl Slice {
    fn of(policies: BTreeMap<String, Policy>) -> Result<Slice, BookError> {
        let whole = set(policies.values())?;
        let mut slice = Slice { whole, ..Slice::default() };
        if policies.len() <= SLICE_WHOLE_MAX {
            return Ok(slice);
        }
        for policy in policies.into_values() {
            let principal = match policy.principal_constraint() {
                PrincipalConstraint::In(uid)
                | PrincipalConstraint::Eq(uid)
                | PrincipalConstraint::IsIn(_, uid) => Some(uid),
                PrincipalConstraint::Any | PrincipalConstraint::Is(_) => None,
            };
            let resource = match policy.resource_constraint() {
                ResourceConstraint::In(uid)
                | ResourceConstraint::Eq(uid)
                | ResourceConstraint::IsIn(_, uid) => Some(uid),
                ResourceConstraint::Any | ResourceConstraint::Is(_) => None,
            };
            match (principal, resource) {
                (Some(uid), _) => slice.by_principal.entry(uid).or_default().push(policy),
                (None, Some(uid)) => slice.by_resource.entry(uid).or_default().push(policy),
                (None, None) => slice.any.push(policy),
            }
        }
        Ok(slice)
    }

    /// Those that can apply to a request.
    pub fn of_request(
        &self,
        request: &Request,
        entities: &Entities,
    ) -> Result<Cow<'_, PolicySet>, BookError> {
        if self.by_principal.is_empty() && self.by_resource.is_empty() {
            return Ok(Cow::Borrowed(&self.whole));
        }
        let mut found: Vec<&Policy> = self.any.iter().collect();
        for (uid, named) in
            [(request.principal(), &self.by_principal), (request.resource(), &self.by_resource)]
        {
            let Some(uid) = uid else { continue };
            let above = entities.ancestors(uid).into_iter().flatten();
            found.extend(std::iter::once(uid).chain(above).filter_map(|uid| named.get(uid)).flatten());
        }
        set(found.into_iter()).map(Cow::Owned)
    }
}

fn set<'a>(policies: impl Iterator<Item = &'a Policy>) -> Result<PolicySet, BookError> {
    PolicySet::from_policies(policies.cloned()).map_err(|error| BookError::Engine(error.to_string()))
}
