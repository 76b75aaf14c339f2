//! Tokens: how programs show whom they act for. Opaque, shown once, kept as digests; each is a key to
//! a delegation, which says what it opens and is read by the policies. `now` is the books' time of the
//! network here, which is what delegations end by.

pub use store::tokens::Token;
use store::{Store, StoreError};
use valueflows::{Id, Instant};

use crate::{FIELD_BYTES_MAX, IdentityError};

/// What every token begins with, so that one that leaked is recognised for what it is.
const PREFIX: &str = "rft_";

/// Makes a token; `secret` is thirty-two random bytes. The text is shown once.
pub async fn issue(
    store: &Store,
    token: &Token,
    secret: [u8; 32],
    now: Instant,
) -> Result<String, IdentityError> {
    if token.name.is_empty() || token.name.len() > FIELD_BYTES_MAX {
        return Err(IdentityError::BadName);
    }
    let text = format!("{PREFIX}{}", crate::hex(&secret));
    store.add_token(&digest(&text), token, now).await?;
    Ok(text)
}

/// The token behind a text; whether it has expired is seen against the books' time of its network.
pub async fn find(store: &Store, text: &str) -> Result<Option<Token>, StoreError> {
    match text.len() == PREFIX.len() + 64 && text.starts_with(PREFIX) {
        true => store.token(&digest(text)).await,
        false => Ok(None),
    }
}

/// The tokens that an account made.
pub async fn of_account(store: &Store, account: i64, now: Instant) -> Result<Vec<Token>, StoreError> {
    store.tokens(account, now).await
}

/// Throws away every token to a delegation.
pub async fn end(store: &Store, network: i64, delegation: Id) -> Result<u64, StoreError> {
    store.drop_tokens(network, delegation).await
}

/// The digest under which a token is kept.
pub fn digest(text: &str) -> Vec<u8> {
    crate::token_digest(text)
}
