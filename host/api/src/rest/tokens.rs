//! Tokens: how a program shows in whose name it acts. Making one is two things: an act of delegating,
//! judged and journaled like any other, and a key to it, shown once and kept as a digest.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use identity::IdentityError;
use identity::token::Token;
use jiff::Timestamp;
use pipeline::Rejection;
use pipeline::acts::{AnyAct, Command, GoverningAct};
use serde::Deserialize;
use serde_json::{Value, json};
use valueflows::{Class, Id, Instant, Prop, Record};

use super::commands::answer;
use super::openapi::Endpoint;
use super::{id, nothing};
use crate::problem::Problem;
use crate::seat::{Door, Who};
use crate::wire;

/// Makes a token.
pub const NEW: Endpoint = Endpoint::post(
    "/api/v1/networks/{network}/tokens",
    "newToken",
    "Make a token: `acts` and `until` delegate in your own name, `delegation` uses one that you were trusted with",
    "TokenWish",
    "TokenWithSecret",
);

/// What is wished for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    name: String,
    id: Option<Id>,
    acts: Option<Vec<String>>,
    until: Option<String>,
    delegation: Option<Id>,
}

pub(crate) async fn new(
    State(door): State<Door>,
    Path(network): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let (who, account) = signed_in(&door, &network, &headers).await?;
    let wish: Wish = serde_json::from_value(pipeline::parse_json(&body)?)
        .map_err(|error| Problem::malformed(error.to_string()))?;
    let (delegation, receipt) = match wish.delegation {
        Some(delegation) => (delegation, None),
        None => {
            let receipt = delegate(&door, &network, who, &wish).await?;
            match receipt.made.iter().find(|row| row.0 == Class::Delegation.as_str()) {
                Some((_, delegation, _)) => (*delegation, Some(receipt)),
                // Refused, and written down: the receipt says why.
                None => return Ok(answer(&receipt)),
            }
        }
    };
    let (record, now) = trusted(&door, &network, who, delegation).await?;
    let named = |prop| record.fields.id(prop).ok_or_else(nothing);
    let token = Token {
        network: who.network,
        account,
        agent: named(Prop::Delegator)?,
        delegation,
        name: wish.name,
        expires: record.fields.instant(Prop::HasEnd).ok_or_else(nothing)?,
    };
    let secret = pipeline::node::random()?;
    let issued = identity::token::issue(door.node.store(), &token, secret, now).await;
    let text = issued.map_err(|error| match error {
        IdentityError::BadName => Problem::malformed("a token's name has from 1 to 200 characters"),
        IdentityError::Store(error) => Rejection::from(error).into(),
        error => Rejection::Internal(error.to_string()).into(),
    })?;
    let hook = identity::hook::of(door.node.store(), &text, pipeline::node::random()?).await;
    let hook = hook.map_err(|error| Rejection::Internal(error.to_string()))?;
    let mut document = shown(&token);
    if let Value::Object(map) = &mut document {
        map.insert("token".into(), json!(text));
        let path = super::hooks::path(&network, &hook.name);
        map.insert("hook".into(), json!({"path": path, "secret": hook.secret}));
        map.insert("receipt".into(), json!(receipt.map(|receipt| receipt.to_json())));
    }
    Ok(Json(document).into_response())
}

async fn delegate(door: &Door, network: &str, who: Who, wish: &Wish) -> Result<pipeline::Receipt, Problem> {
    let (Some(acts), Some(until)) = (&wish.acts, &wish.until) else {
        return Err(Problem::malformed("say which `acts` and `until` when, or name a `delegation`"));
    };
    let until: Timestamp = until
        .parse()
        .map_err(|_| Problem::malformed("`until` is a time with its offset, such as 2027-01-31T12:00:00Z"))?;
    let act = GoverningAct::Delegate {
        delegator: who.agent,
        delegate: who.agent,
        acts: acts.clone(),
        until: Instant(until.as_microsecond()),
    };
    let id = wish.id.map_or_else(pipeline::node::command_id, Ok)?;
    let command = Command::new(id, who.agent, vec![AnyAct::Governing(act)]);
    Ok(door.node.send(network, command, who.via).await?)
}

/// A delegation that stands, and that whoever asks was trusted with; and the books' time.
async fn trusted(
    door: &Door,
    network: &str,
    who: Who,
    id: Id,
) -> Result<(std::sync::Arc<Record>, Instant), Problem> {
    let mut reader = door.node.reader(network, who.agent, who.via).await?;
    let found = reader.get(id).await?.filter(|record| record.class == Class::Delegation);
    let theirs = |record: &std::sync::Arc<Record>| record.fields.id(Prop::Delegate) == Some(who.agent);
    let record = found.filter(theirs).ok_or_else(nothing)?;
    match record.is_open() {
        true => Ok((record, reader.time())),
        false => Err(Problem::new(StatusCode::CONFLICT, "delegation-ended", "this delegation has ended")),
    }
}

/// Only somebody signed in makes or ends keys.
async fn signed_in(door: &Door, network: &str, headers: &HeaderMap) -> Result<(Who, i64), Problem> {
    let who = door.who(network, headers, true).await?;
    let account = who.account.ok_or_else(|| {
        let sentence = "a token cannot make or end tokens; sign in to do that";
        Problem::new(StatusCode::FORBIDDEN, "session-only", sentence)
    })?;
    Ok((who, account))
}

fn shown(token: &Token) -> Value {
    json!({
        "name": token.name, "delegation": token.delegation, "agent": token.agent,
        "expires": wire::time(token.expires),
    })
}

/// Lists one's tokens.
pub const LIST: Endpoint =
    Endpoint::get("/api/v1/networks/{network}/tokens", "tokens", "The tokens that you made", "Tokens");

pub(crate) async fn list(
    State(door): State<Door>,
    Path(network): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let seat = door.seat(&network, &headers).await?;
    let account = seat.who.account.ok_or_else(nothing)?;
    let tokens = identity::token::of_account(door.node.store(), account, seat.reader.time())
        .await
        .map_err(Rejection::from)?;
    Ok(Json(json!({"items": tokens.iter().map(shown).collect::<Vec<_>>()})))
}

/// Ends a delegation and its tokens.
pub const END: Endpoint = Endpoint::delete(
    "/api/v1/networks/{network}/tokens/{delegation}",
    "endTokens",
    "End a delegation before its time, and every token to it",
    "Receipt",
);

pub(crate) async fn end(
    State(door): State<Door>,
    Path((network, delegation)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (who, _) = signed_in(&door, &network, &headers).await?;
    let delegation = id(&delegation)?;
    let act = GoverningAct::Revoke { delegation };
    let command = Command::new(pipeline::node::command_id()?, who.agent, vec![AnyAct::Governing(act)]);
    let receipt = door.node.send(&network, command, who.via).await?;
    if receipt.decision.is_ok() {
        identity::token::end(door.node.store(), who.network, delegation).await.map_err(Rejection::from)?;
    }
    Ok(answer(&receipt))
}
