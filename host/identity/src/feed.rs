//! Private addresses under which a member's notices are read by programs that cannot sign in. Whoever has one reads, and
//! does nothing; it is shown once, kept as a digest, and void when another is made.

use store::{Store, StoreError};

use crate::Account;

/// Makes another; `secret` is thirty-two random bytes.
pub async fn renew(store: &Store, account: &Account, secret: [u8; 32]) -> Result<String, StoreError> {
    let text = journal::hex(&secret);
    store.put_feed(account.key, &crate::token_digest(&text)).await?;
    Ok(text)
}

/// Whose notices are read under an address.
pub async fn account(store: &Store, text: &str) -> Result<Option<Account>, StoreError> {
    match text.len() == 64 {
        true => store.account_of_feed(&crate::token_digest(text)).await,
        false => Ok(None),
    }
}
