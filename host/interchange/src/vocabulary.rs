//! The lists of ValueFlows 1.0 that are kept from the other end: what stands in them points back.
//!
//! Source: ValueFlows 1.0.0 (`all_vf.TTL`, its inverses).

/// Inverses: a list under a record, by the property that its members point back with.
pub fn inverse(class: &str, name: &str) -> Option<&'static str> {
    Some(match (class, name) {
        ("Process", "hasInput") => "inputOf",
        ("Process", "hasOutput") => "outputOf",
        ("Agreement", "stipulates") => "clauseOf",
        ("Agreement", "stipulatesReciprocal") => "reciprocalClauseOf",
        ("Agreement", "realizes") => "realizationOf",
        ("Agreement", "realizesReciprocal") => "reciprocalRealizationOf",
        ("EconomicResource", "contains") => "containedIn",
        ("Plan", "planIncludes") => "plannedWithin",
        ("Plan", "hasIndependentDemand") => "independentDemandOf",
        ("AgreementBundle", "bundles") => "bundledIn",
        ("ProposalList", "lists") => "listedIn",
        ("RecipeProcess", "hasRecipeInput") => "recipeInputOf",
        ("RecipeProcess", "hasRecipeOutput") => "recipeOutputOf",
        ("RecipeExchange", "recipeStipulates") => "recipeClauseOf",
        ("RecipeExchange", "recipeStipulatesReciprocal") => "recipeReciprocalClauseOf",
        _ => return None,
    })
}
