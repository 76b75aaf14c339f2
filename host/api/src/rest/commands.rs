//! Commands: one goes in, its receipt comes out; later it can be looked up by its id.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use pipeline::acts::Command;
use pipeline::signed::ToSign;
use pipeline::{Receipt, Via};
use serde_json::{Value, json};
use valueflows::Part;

use super::decided;
use super::openapi::Endpoint;
use crate::problem::Problem;
use crate::seat::{Door, Who};
use crate::wire;

/// A command in, its receipt out.
pub const SEND: Endpoint = Endpoint::post(
    "/api/v1/networks/{network}/commands",
    "sendCommand",
    "Send a command: 1 to 1,000 acts that stand or fall together",
    "Command",
    "Receipt",
);

pub(crate) async fn send(
    State(door): State<Door>,
    Path(network): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let who = door.who(&network, &headers, true).await?;
    let command = command(&body)?;
    let via = match command.agent == who.agent {
        true => who.via,
        false => door.in_the_name_of(&network, &command, who).await?,
    };
    Ok(answer(&door.node.send(&network, command, via).await?))
}

impl Door {
    /// Whoever is signed in acts for another who has delegated it to them. A token is a key to one delegation and to
    /// no other.
    pub(crate) async fn in_the_name_of(
        &self,
        network: &str,
        command: &Command,
        who: Who,
    ) -> Result<Via, Problem> {
        let parties = (command.agent, who.agent);
        let found = match who.via {
            Via::Session => self.node.delegation(network, parties, &command.acts).await?,
            _ => None,
        };
        found.ok_or_else(|| {
            let sentence = "you act for yourself, or for somebody who has delegated it to you; leave `agent` as \
                            the one you signed in as, or your token's";
            Problem::new(StatusCode::FORBIDDEN, "not-your-agent", sentence)
        })
    }
}

/// A command from bytes: read strictly, its times and actions in the books' own way.
pub(crate) fn command(body: &[u8]) -> Result<Command, Problem> {
    let mut json = pipeline::parse_json(body)?;
    wire::inward(&mut json);
    Ok(pipeline::read_command(&json)?)
}

/// A command in, what there is to sign in it out.
pub const TO_SIGN: Endpoint = Endpoint::post(
    "/api/v1/networks/{network}/commands/to-sign",
    "toSign",
    "What a command's sender signs: `text`, as it is; the command then carries `signed` with key, signature, and \
     `personal` and `salt` from here. Nothing is written",
    "Command",
    "ToSign",
);

pub(crate) async fn to_sign(
    State(door): State<Door>,
    Path(network): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    door.who(&network, &headers, true).await?;
    let head = door.node.head(&network).await?;
    let to_sign = ToSign::of(head.network, &command(&body)?, pipeline::node::random()?)?;
    Ok(Json(to_sign.to_json()))
}

/// A receipt with the status that fits what came of it.
pub(crate) fn answer(receipt: &Receipt) -> Response {
    let status = match &receipt.decision {
        Ok(()) => StatusCode::OK,
        Err(refused) if refused.by == "ledger" => StatusCode::UNPROCESSABLE_ENTITY,
        Err(_) => StatusCode::FORBIDDEN,
    };
    (status, Json(receipt.to_json())).into_response()
}

/// A command by its id.
pub const ONE: Endpoint = Endpoint::get(
    "/api/v1/networks/{network}/commands/{command}",
    "command",
    "A command as it was asked, with its receipt",
    "CommandWithReceipt",
);

pub(crate) async fn one(
    State(door): State<Door>,
    Path(command): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let (_, receipt, written) = decided(&door, command, &headers).await?;
    Ok(Json(json!({"command": written.command.to_json(Part::Whole), "receipt": receipt.to_json()})))
}
