//! Who is at the door: the account of a session or the token of a program, whom it acts for, and what
//! may be read in that name.

use std::sync::Arc;

use async_graphql::dynamic::Schema;
use axum::http::{HeaderMap, StatusCode, header};
use identity::rate::{Asker, Rates};
use pipeline::{Head, Node, Reader, Rejection, Via};
use valueflows::Id;

use crate::graphql::stream::Streams;
use crate::outside::Base;
use crate::problem::Problem;

/// What every handler knows.
#[derive(Clone)]
pub(crate) struct Door {
    pub node: Arc<Node>,
    pub rates: Arc<Rates>,
    /// Whether the operator has opened dry runs.
    pub dry_run: bool,
    /// The node's address, if it was told.
    pub base: Option<Base>,
    /// The GraphQL schema.
    pub schema: Schema,
    /// Who follows what, so that nobody keeps too many streams open.
    pub streams: Arc<Streams>,
}

/// Somebody recognised.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Who {
    /// Whom they act for.
    pub agent: Id,
    /// By which door: their session, or a token under a delegation.
    pub via: Via,
    /// The network's key.
    pub network: i64,
    /// The session's account; none for a token.
    pub account: Option<i64>,
}

/// Somebody recognised, with what they may read.
pub(crate) struct Seat {
    /// Who.
    pub who: Who,
    /// What their reading is judged as.
    pub reader: Reader,
}

impl Door {
    /// Whoever sends these headers to a network, for reading.
    pub async fn seat(&self, network: &str, headers: &HeaderMap) -> Result<Seat, Problem> {
        let who = self.who(network, headers, false).await?;
        Ok(Seat { who, reader: self.node.reader(network, who.agent, who.via).await? })
    }

    /// Whoever sends these headers. A session that changes something sends its form word too, so that no
    /// other site can make it; a token is sent by nobody by accident.
    pub async fn who(&self, network: &str, headers: &HeaderMap, acts: bool) -> Result<Who, Problem> {
        let head = self.node.head(network).await?;
        let ((who, at), _) = self.anybody(headers, acts).await?;
        match at.key == head.key {
            true => Ok(who),
            false => Err(stranger(acts)),
        }
    }

    /// Whoever sends these headers, with the network that they belong to: a session and a token know theirs.
    pub async fn anybody(&self, headers: &HeaderMap, acts: bool) -> Result<((Who, Head), Asker), Problem> {
        let (who, asker) = self.recognise(headers, acts).await?;
        self.rates.ask.take(asker.clone(), pipeline::now()).map_err(Problem::too_often)?;
        Ok((who, asker))
    }

    /// The same without counting it, for somebody who was let in already and may have been shown out since.
    pub async fn recognise(&self, headers: &HeaderMap, acts: bool) -> Result<((Who, Head), Asker), Problem> {
        match bearer(headers) {
            Some(token) => self.token(token).await,
            None => self.session(headers, acts).await,
        }
    }

    /// Somebody of any network who asks for a dry run.
    pub async fn dry_runner(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let ((who, _), asker) = self.recognise(headers, true).await?;
        self.rates.ask.take(asker.clone(), pipeline::now()).map_err(Problem::too_often)?;
        tracing::debug!(network = who.network, "a dry run");
        self.rates.dry_run.take(asker, pipeline::now()).map_err(Problem::too_often)
    }

    /// The token behind a text. It ends by the books' time of its network.
    async fn token(&self, text: &str) -> Result<((Who, Head), Asker), Problem> {
        let ended = || {
            let sentence = "this token opens nothing: it has expired, was revoked, or never was one";
            Problem::new(StatusCode::UNAUTHORIZED, "bad-token", sentence)
        };
        let found = identity::token::find(self.node.store(), text).await.map_err(Rejection::from)?;
        let token = found.ok_or_else(ended)?;
        let head = self.node.head_of(token.network).await?;
        if token.expires <= pipeline::node::time(&head) {
            return Err(ended());
        }
        let via = Via::Token(token.delegation);
        let who = Who { agent: token.agent, via, network: token.network, account: None };
        Ok(((who, head), Asker::Token(identity::token::digest(text))))
    }

    async fn session(&self, headers: &HeaderMap, acts: bool) -> Result<((Who, Head), Asker), Problem> {
        let token = cookie(headers).ok_or_else(|| stranger(acts))?;
        let account =
            identity::account_of(self.node.store(), &token, pipeline::now()).await.map_err(|error| {
                tracing::warn!(%error, "nobody can be recognised");
                Problem::from(Rejection::Away)
            })?;
        let account = account.ok_or_else(|| stranger(acts))?;
        let word = headers.get("x-reflow-word").and_then(|word| word.to_str().ok());
        if acts && word != Some(identity::form_word(&token).as_str()) {
            return Err(stranger(acts));
        }
        let (agent, network) = (account.agent, account.network);
        let head = self.node.head_of(network).await?;
        let who = Who { agent, via: Via::Session, network, account: Some(account.key) };
        Ok(((who, head), Asker::Account(account.key)))
    }
}

fn stranger(acts: bool) -> Problem {
    let sentence = match acts {
        true => {
            "send a token as `Authorization: Bearer`, or a session's cookie with its form word in X-Reflow-Word"
        }
        false => "send a token as `Authorization: Bearer`, or a session's cookie",
    };
    Problem::new(StatusCode::UNAUTHORIZED, "not-signed-in", sentence)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    identity::cookie::find(headers.get(header::COOKIE)?.to_str().ok()?)
}

/// The word that a session's own forms carry.
pub(crate) fn form_word(headers: &HeaderMap) -> Option<String> {
    cookie(headers).map(|token| identity::form_word(&token))
}
