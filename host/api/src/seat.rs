//! Who is at the door: the account of the session, and what its agent may read.

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, header};
use identity::rate::Rates;
use pipeline::{Node, Reader, Via};
use valueflows::Id;

use crate::problem::Problem;

/// What every handler knows.
#[derive(Clone)]
pub(crate) struct Door {
    pub node: Arc<Node>,
    pub rates: Arc<Rates>,
}

/// Somebody recognised.
pub(crate) struct Seat {
    /// Whom they act for.
    pub agent: Id,
    /// What their reading is judged as.
    pub reader: Reader,
}

impl Door {
    /// Whoever sends these headers to a network, for reading.
    pub async fn seat(&self, network: &str, headers: &HeaderMap) -> Result<Seat, Problem> {
        let agent = self.agent(network, headers, false).await?;
        let reader = self.node.reader(network, agent, Via::Session).await;
        Ok(Seat { agent, reader: reader? })
    }

    /// The agent of whoever sends these headers. Whatever changes something needs the session's form
    /// word too, so that no other site can send it.
    pub async fn agent(&self, network: &str, headers: &HeaderMap, acts: bool) -> Result<Id, Problem> {
        let head = self.node.head(network).await?;
        let stranger = || {
            let sentence = match acts {
                true => "sign in first, and send the session's form word in X-Reflow-Word",
                false => "sign in first, and send the session's cookie",
            };
            Problem::new(StatusCode::UNAUTHORIZED, "not-signed-in", sentence)
        };
        let token = cookie(headers).ok_or_else(stranger)?;
        let account = identity::account_of(self.node.store(), &token, pipeline::now()).await;
        let account = account
            .map_err(|error| {
                tracing::warn!(%error, "nobody can be recognised");
                Problem::from(pipeline::Rejection::Away)
            })?
            .filter(|account| account.network == head.key)
            .ok_or_else(stranger)?;
        self.rates.ask.take(account.key, pipeline::now()).map_err(Problem::too_often)?;
        let word = headers.get("x-reflow-word").and_then(|word| word.to_str().ok());
        if acts && word != Some(identity::form_word(&token).as_str()) {
            return Err(stranger());
        }
        Ok(account.agent)
    }
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix("reflow=").map(str::to_owned))
}
