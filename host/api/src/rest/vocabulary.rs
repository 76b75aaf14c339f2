//! The vocabulary: every class with its properties and every action with its effects, as this node keeps them.

use std::sync::LazyLock;

use axum::Json;
use serde_json::{Value, json};
use valueflows::action::{ROWS, Row};
use valueflows::property::{HOUSE, VF};
use valueflows::{Action, Card, Class, Kind, Property, Target};

use super::openapi::Endpoint;

/// The tables.
pub const TABLES: Endpoint = Endpoint::get(
    "/api/v1/vocabulary",
    "vocabulary",
    "The classes, their properties, and the nineteen actions with what each does to a resource; a network's own \
     actions stand in its rules",
    "Anything",
)
.for_anybody();

pub(crate) async fn tables() -> Json<Value> {
    static TEXT: LazyLock<Value> = LazyLock::new(written);
    Json(TEXT.clone())
}

fn written() -> Value {
    let classes: Vec<Value> = Class::ALL
        .iter()
        .map(|class| {
            json!({
                "name": class.as_str(), "iri": iri(*class), "agent": class.is_agent(), "dropped": class.is_dropped(),
                "properties": class.properties().iter().map(property).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "vocabulary": VF, "version": "1.0.0", "house": HOUSE,
        "classes": classes, "actions": ROWS.iter().map(action).collect::<Vec<_>>(),
    })
}

/// Where a class is defined: by ValueFlows, or here. What acts and is neither somebody nor several is ValueFlows' own
/// general class.
fn iri(class: Class) -> String {
    format!("{}{}", if class.is_governing() { HOUSE } else { VF }, class.as_str())
}

fn property(row: &Property) -> Value {
    let (kind, target) = match row.kind {
        Kind::Text => ("text", None),
        Kind::Flag => ("flag", None),
        Kind::Integer => ("integer", None),
        Kind::Millionths => ("decimal", None),
        Kind::Quantity => ("measure", None),
        Kind::Instant => ("time", None),
        Kind::Action => ("action", None),
        Kind::Terms => ("terms", None),
        Kind::Document => ("document", None),
        Kind::Ref(Target::Agent) => ("reference", Some("Agent")),
        Kind::Ref(Target::One(class)) => ("reference", Some(class.as_str())),
    };
    let card = match row.card {
        Card::One => "1",
        Card::Optional => "0..1",
        Card::Many => "0..*",
    };
    json!({
        "name": row.prop.as_str(), "iri": row.iri(), "kind": kind, "target": target, "cardinality": card,
        "personal": row.personal,
    })
}

/// An action with what it does.
pub(super) fn action(row: &Row) -> Value {
    json!({
        "id": row.action.as_str(), "like": row.like.as_str(),
        "inputOutput": row.input_output.as_str(),
        "pairsWith": row.pairs_with.as_ref().map(Action::as_str),
        "createResource": row.create_resource.as_str(), "eventQuantity": row.event_quantity.as_str(),
        "accountingEffect": row.accounting.as_str(), "onhandEffect": row.onhand.as_str(),
        "locationEffect": row.location.as_str(), "containedEffect": row.contained.as_str(),
        "accountableEffect": row.accountable.as_str(), "stageEffect": row.stage.as_str(),
        "stateEffect": row.state.as_str(),
    })
}
