//! The rules in force: every text, the plugins with their settings, the hash, since when, and who
//! decided on them.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};
use valueflows::OwnAction;
use valueflows::action::Row;

use super::openapi::Endpoint;
use crate::problem::Problem;
use crate::seat::Door;
use crate::wire;

/// The rule book.
pub const ONE: Endpoint =
    Endpoint::get("/api/v1/networks/{network}/rules", "rules", "The rules in force", "Rules");

pub(crate) async fn one(
    State(door): State<Door>,
    Path(network): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let seat = door.seat(&network, &headers).await?;
    let rules = seat.reader.rules();
    let enacted = door.node.enactment(seat.reader.head()).await?;
    let book = &rules.compiled.book;
    let policies: Vec<Value> = book
        .policies
        .iter()
        .map(|policy| {
            let says = |name| rules.compiled.says(&policy.id, name);
            json!({
                "id": policy.id, "title": says("title"), "why": says("why"), "remedy": says("remedy"),
                "text": policy.text, "protected": policy.protected,
            })
        })
        .collect();
    let plugins: Vec<Value> = book
        .bindings
        .iter()
        .map(|binding| {
            json!({
                "plugin": binding.plugin, "surface": binding.surface, "component": binding.component,
                "settings": binding.settings, "acts": binding.acts,
            })
        })
        .collect();
    let actions: Vec<Value> = book.actions.iter().zip(rules.compiled.own.rows()).map(action).collect();
    Ok(Json(json!({
        "name": book.name, "title": book.title, "hash": rules.hash, "schema": book.schema,
        "policies": policies, "plugins": plugins, "actions": actions,
        "since": {"position": enacted.seq, "time": wire::time(enacted.at)},
        // A founding is decided by whoever founds; rule changes come with "living governance".
        "decidedBy": {"command": enacted.command, "how": "founding"},
    })))
}

/// An action that the rules define, as the vocabulary writes the nineteen, with what it means.
fn action((said, row): (&OwnAction, &Row)) -> Value {
    let mut action = super::vocabulary::action(row);
    if let Value::Object(action) = &mut action {
        action.insert("note".to_owned(), json!(said.note));
    }
    action
}
