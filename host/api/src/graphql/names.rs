//! What things are called in the schema: the names of vf-graphql 0.9.1 where it has one, those of
//! ValueFlows 1.0 where it has none, and house names for house terms.

use async_graphql::dynamic::TypeRef;
use valueflows::{Card, Class, Kind, Prop, Property, Target};

/// The field that answers with one record of a class: `economicEvent`.
pub(crate) fn one(class: Class) -> String {
    let name = class.as_str();
    let mut chars = name.chars();
    chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
}

/// The field that answers with a list of them: `economicEvents`, `people`, `processes`.
pub(crate) fn many(class: Class) -> String {
    match class {
        Class::Person => "people".to_owned(),
        Class::Process => "processes".to_owned(),
        Class::RecipeProcess => "recipeProcesses".to_owned(),
        other => format!("{}s", one(other)),
    }
}

/// The type of a class's records. An agent of whom only that is known needs a name of its own: `Agent` is
/// what all of them are.
pub(crate) fn class(class: Class) -> &'static str {
    match class {
        Class::Agent => "UnspecifiedAgent",
        other => other.as_str(),
    }
}

/// The classes that have fields of their own at the root; all agents are found under `agent` and `agents`.
pub(crate) fn rooted() -> impl Iterator<Item = Class> {
    Class::ALL.iter().copied().filter(|class| *class != Class::Agent)
}

/// The type of a reference.
pub(crate) fn target(target: Target) -> &'static str {
    match target {
        Target::Agent => AGENT,
        Target::One(one) => class(one),
    }
}

/// People and organisations alike.
pub(crate) const AGENT: &str = "Agent";
/// What a thing's history is made of.
pub(crate) const TRACK_TRACE_ITEM: &str = "TrackTraceItem";
/// What stands before an event, and behind it.
pub(crate) const PRODUCTION_FLOW_ITEM: &str = "ProductionFlowItem";
/// Offer or request.
pub(crate) const PURPOSE: &str = "ProposalPurpose";
/// RFC 3339 with an offset.
pub(crate) const DATE_TIME: &str = "DateTime";
/// An exact decimal.
pub(crate) const DECIMAL: &str = "Decimal";
/// A JSON document.
pub(crate) const JSON: &str = "JSON";
/// A URI.
pub(crate) const URI: &str = "URI";

/// The type of one value of a property in answers.
pub(crate) fn output(row: &Property) -> TypeRef {
    let one = match row.kind {
        Kind::Text if row.prop == Prop::Purpose => PURPOSE,
        Kind::Text if is_uri(row.prop) => URI,
        Kind::Text => TypeRef::STRING,
        Kind::Flag => TypeRef::BOOLEAN,
        Kind::Integer => TypeRef::INT,
        Kind::Millionths => DECIMAL,
        Kind::Quantity => "Measure",
        Kind::Instant => DATE_TIME,
        Kind::Action => "Action",
        Kind::Ref(to) => target(to),
        Kind::Terms => "Term",
        Kind::Document => JSON,
    };
    match row.card {
        Card::Many => TypeRef::named_nn_list_nn(one),
        // A reference may lead to what its reader may not see, so it can be null even where there is one.
        Card::One if !matches!(row.kind, Kind::Ref(_)) => TypeRef::named_nn(one),
        Card::One | Card::Optional => TypeRef::named(one),
    }
}

/// The type of one value of a property in what is asked.
pub(crate) fn input(row: &Property, required: bool) -> TypeRef {
    let one = match row.kind {
        Kind::Text if row.prop == Prop::Purpose => PURPOSE,
        Kind::Text if is_uri(row.prop) => URI,
        Kind::Text | Kind::Terms => TypeRef::STRING,
        Kind::Flag => TypeRef::BOOLEAN,
        Kind::Integer => TypeRef::INT,
        Kind::Millionths => DECIMAL,
        Kind::Quantity => "IMeasure",
        Kind::Instant => DATE_TIME,
        Kind::Action | Kind::Ref(_) => TypeRef::ID,
        Kind::Document => JSON,
    };
    match row.card {
        Card::Many => TypeRef::named_nn_list(one),
        Card::One if required => TypeRef::named_nn(one),
        Card::One | Card::Optional => TypeRef::named(one),
    }
}

/// What vf-graphql has as URIs. What something is classified as may be any word; most are.
pub(crate) fn is_uri(prop: Prop) -> bool {
    use Prop::{ClassifiedAs, Image, ImageList, ProcessClassifiedAs, ResourceClassifiedAs};
    matches!(prop, ClassifiedAs | Image | ImageList | ProcessClassifiedAs | ResourceClassifiedAs)
}
