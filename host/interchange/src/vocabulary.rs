//! What ValueFlows 1.0 has, beyond what is kept here: so that a property that the specification does not
//! have is told from one that a later version of this program will keep.
//!
//! Source: ValueFlows 1.0.0 (`all_vf.TTL`).

/// Classes of 1.0 with properties that are not in the property table of `valueflows`.
const NOT_KEPT: &[(&str, &[&str])] = &[
    ("Unit", &["omUnitIdentifier", "classifiedAs"]),
    ("SpatialThing", &["alt", "hasDetailedGeometry"]),
    ("Person", &[]),
    ("EcologicalAgent", &["name", "note", "image", "primaryLocation", "classifiedAs"]),
    (
        "EconomicResource",
        &["imageList", "currentVirtualLocation", "currentCurrencyLocation", "unitOfEffort", "ofBatchLot"],
    ),
    ("EconomicEvent", &["image", "settles"]),
    ("Process", &["inScopeOf", "plannedWithin"]),
    ("BatchLotRecord", &["batchLotCode", "expirationDate"]),
    ("Plan", &["name", "note", "created", "due", "planIncludes", "hasIndependentDemand"]),
    (
        "Commitment",
        &["inputOf", "outputOf", "hasPointInTime", "stage", "plannedWithin", "independentDemandOf"],
    ),
    (
        "Intent",
        &[
            "inputOf",
            "outputOf",
            "hasPointInTime",
            "stage",
            "state",
            "plannedWithin",
            "imageList",
            "minimumQuantity",
        ],
    ),
    (
        "Claim",
        &[
            "action",
            "provider",
            "receiver",
            "resourceConformsTo",
            "resourceClassifiedAs",
            "resourceQuantity",
            "effortQuantity",
            "due",
            "created",
            "finished",
            "note",
            "triggeredBy",
        ],
    ),
    ("Agreement", &["bundledIn"]),
    ("AgreementBundle", &["name", "note", "created", "bundles"]),
    ("Proposal", &["proposedTo", "listedIn"]),
    ("ProposalList", &["name", "note", "created", "lists", "proposedTo"]),
    ("ResourceSpecification", &["imageList", "mediumOfExchange"]),
    ("ProcessSpecification", &["image"]),
    ("Recipe", &["name", "note", "primaryOutput", "recipeIncludes"]),
    (
        "RecipeProcess",
        &[
            "name",
            "note",
            "image",
            "processConformsTo",
            "processClassifiedAs",
            "hasDuration",
            "hasRecipeInput",
            "hasRecipeOutput",
        ],
    ),
    (
        "RecipeFlow",
        &[
            "action",
            "recipeInputOf",
            "recipeOutputOf",
            "recipeClauseOf",
            "recipeReciprocalClauseOf",
            "resourceConformsTo",
            "resourceClassifiedAs",
            "resourceQuantity",
            "effortQuantity",
            "stage",
            "state",
            "note",
        ],
    ),
    ("RecipeExchange", &["name", "note", "recipeStipulates", "recipeStipulatesReciprocal"]),
];

/// Whether the specification has a class that is not kept yet.
pub fn is_class(name: &str) -> bool {
    NOT_KEPT.iter().any(|(class, _)| *class == name)
}

/// Whether the specification has a property of a class that is not kept yet.
pub fn is_property(class: &str, name: &str) -> bool {
    NOT_KEPT.iter().any(|(known, props)| *known == class && props.contains(&name))
}

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
        _ => return None,
    })
}
