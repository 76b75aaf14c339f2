//! Webhooks: programs that sign what they send instead of carrying a token along. Each token has an address of its own and
//! a secret to sign with, as [Standard Webhooks](https://www.standardwebhooks.com) has it, and opens what the token opens.
//!
//! The secret follows from the token's digest and the node's own secret: nothing more is kept of it.
//!
//! Invariants:
//! - nothing is believed that is not signed, or was signed more than five minutes ago or ahead;
//! - one message is one command, however often it is sent.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac;
use store::Store;
use store::secrets::HOOKS;
use valueflows::{Id, Instant};

use crate::token::{Token, digest};
use crate::{IdentityError, seal};

/// How far a message's time may be from now.
pub const WINDOW_US: i64 = 5 * 60 * 1_000_000;
/// Longest name of a message, bytes.
const ID_BYTES_MAX: usize = 200;
/// Signatures that are looked at of those that a message carries: one, and one by a secret that is being replaced.
const SIGNATURES_MAX: usize = 4;

/// A hook: its address, and the secret to sign with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// The last part of its address.
    pub name: String,
    /// As `whsec_` and Base64.
    pub secret: String,
}

/// What a message says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// `webhook-id`.
    pub id: &'a str,
    /// `webhook-timestamp`, seconds since 1970.
    pub timestamp: &'a str,
    /// `webhook-signature`: one or more of `v1,` and Base64.
    pub signature: &'a str,
}

fn secret(key: &[u8], token: &[u8]) -> Result<Vec<u8>, IdentityError> {
    Ok(seal::over(key, &[b"reflow hook\0", token])?.finalize().into_bytes().to_vec())
}

/// The hook of a token, by its text; `fresh` are thirty-two random bytes for a node that has no secret yet.
pub async fn of(store: &Store, token: &str, fresh: [u8; 32]) -> Result<Hook, IdentityError> {
    let (key, digest) = (store.secret(HOOKS, &fresh).await?, digest(token));
    let secret = secret(&key, &digest)?;
    Ok(Hook { name: journal::hex(&digest), secret: format!("whsec_{}", STANDARD.encode(secret)) })
}

/// The token whose hook a message came to, and the id of the command that it is, if it is signed by whoever has the
/// secret, and now. That the token has not expired is seen against the books' time.
pub async fn sender(
    store: &Store,
    hook: &str,
    signed: Signed<'_>,
    body: &[u8],
    now: Instant,
) -> Result<Option<(Token, Id)>, IdentityError> {
    let Some(digest) = journal::unhex(hook).filter(|digest| digest.len() == 32) else { return Ok(None) };
    let (Some(token), Some(key)) = (store.token(&digest).await?, store.known_secret(HOOKS).await?) else {
        return Ok(None);
    };
    let at = signed.timestamp.parse::<i64>().ok().and_then(|seconds| seconds.checked_mul(1_000_000));
    let timely = at.is_some_and(|at| at.saturating_sub(now.0).saturating_abs() <= WINDOW_US);
    let named = !signed.id.is_empty() && signed.id.len() <= ID_BYTES_MAX;
    if !timely || !named {
        return Ok(None);
    }
    let parts = [signed.id.as_bytes(), b".", signed.timestamp.as_bytes(), b".", body];
    let seal = seal::over(&secret(&key, &digest)?, &parts)?;
    let fits = |said: &str| {
        let said = said.strip_prefix("v1,").and_then(|text| STANDARD.decode(text).ok());
        said.is_some_and(|said| seal.clone().verify_slice(&said).is_ok())
    };
    let own = signed.signature.split_ascii_whitespace().take(SIGNATURES_MAX).any(fits);
    let id = Id::from_digest(&crate::digest(&format!("reflow hook\0{hook}\0{}", signed.id)));
    Ok(own.then_some((token, id)))
}
