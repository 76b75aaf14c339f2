//! Who is at the door: the account of a session or the token of a program, whom it acts for, and what
//! may be read in that name.

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, header};
use identity::rate::{Asker, Rates};
use pipeline::{Node, Reader, Rejection, Via};
use valueflows::{Id, Instant};

use crate::problem::Problem;

/// What every handler knows.
#[derive(Clone)]
pub(crate) struct Door {
    pub node: Arc<Node>,
    pub rates: Arc<Rates>,
    /// Whether the operator has opened dry runs.
    pub dry_run: bool,
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
        let who = match bearer(headers) {
            Some(token) => self.token(token, pipeline::node::time(&head)).await?,
            None => self.session(headers, acts).await?,
        };
        match who.network == head.key {
            true => Ok(who),
            false => Err(stranger(acts)),
        }
    }

    /// Somebody of any network who asks for a dry run.
    pub async fn dry_runner(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let (who, asker) = match bearer(headers) {
            Some(text) => {
                (self.token(text, pipeline::now()).await?, Asker::Token(identity::token::digest(text)))
            }
            None => {
                let who = self.session(headers, true).await?;
                (who, Asker::Account(who.account.unwrap_or_default()))
            }
        };
        tracing::debug!(network = who.network, "a dry run");
        self.rates.dry_run.take(asker, pipeline::now()).map_err(Problem::too_often)
    }

    /// The token behind a text; `at` is the books' time of the network that it is sent to.
    async fn token(&self, text: &str, at: Instant) -> Result<Who, Problem> {
        let token = identity::token::find(self.node.store(), text, at).await.map_err(Rejection::from)?;
        let token = token.ok_or_else(|| {
            let sentence = "this token opens nothing: it has expired, was revoked, or never was one";
            Problem::new(StatusCode::UNAUTHORIZED, "bad-token", sentence)
        })?;
        let asker = Asker::Token(identity::token::digest(text));
        self.rates.ask.take(asker, pipeline::now()).map_err(Problem::too_often)?;
        let via = Via::Token(token.delegation);
        Ok(Who { agent: token.agent, via, network: token.network, account: None })
    }

    async fn session(&self, headers: &HeaderMap, acts: bool) -> Result<Who, Problem> {
        let token = cookie(headers).ok_or_else(|| stranger(acts))?;
        let now = pipeline::now();
        let account = identity::account_of(self.node.store(), &token, now).await.map_err(|error| {
            tracing::warn!(%error, "nobody can be recognised");
            Problem::from(Rejection::Away)
        })?;
        let account = account.ok_or_else(|| stranger(acts))?;
        self.rates.ask.take(Asker::Account(account.key), now).map_err(Problem::too_often)?;
        let word = headers.get("x-reflow-word").and_then(|word| word.to_str().ok());
        if acts && word != Some(identity::form_word(&token).as_str()) {
            return Err(stranger(acts));
        }
        let (agent, network) = (account.agent, account.network);
        Ok(Who { agent, via: Via::Session, network, account: Some(account.key) })
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
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix("reflow=").map(str::to_owned))
}
