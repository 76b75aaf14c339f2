//! Addresses that members are written to: theirs once they have opened what was sent there.
//!
//! What stands in a letter's link follows from the node's own secret, the account and the address: nothing more is kept
//! of it, and it is void as soon as the address is another.

pub use egress::Letter;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use store::Store;
pub use store::mails::Reached;
use valueflows::Instant;

use crate::{IdentityError, seal};

const SECRET: &str = "mail";
/// Longest address, bytes (RFC 5321, 4.5.3.1.3, less the brackets).
const ADDRESS_BYTES_MAX: usize = 254;
/// Bytes of the seal that go into a link.
const SEAL_LEN: usize = 16;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The address is theirs.
    Confirm,
    /// They want no more letters.
    End,
}

/// An address as somebody typed it; none, if nothing could be sent there.
pub fn address(typed: &str) -> Option<&str> {
    let typed = typed.trim();
    let (local, domain) = typed.rsplit_once('@')?;
    let plain =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>()[],;:\\\"".contains(&byte));
    let fits = typed.len() <= ADDRESS_BYTES_MAX && !local.is_empty() && local.len() <= 64;
    let named = domain.len() > 2 && domain.split('.').all(|label| !label.is_empty());
    (fits && named && plain(local) && plain(domain)).then_some(typed)
}

fn sealed(key: &[u8], what: What, account: i64, address: &str) -> Result<Hmac<Sha256>, IdentityError> {
    let what: &[u8] = match what {
        What::Confirm => b"reflow mail confirm\0",
        What::End => b"reflow mail end\0",
    };
    seal::over(key, &[what, &account.to_be_bytes(), address.as_bytes()])
}

/// What stands in a link; `fresh` are thirty-two random bytes for a node that has no secret yet.
pub async fn link(
    store: &Store,
    what: What,
    (account, address): (i64, &str),
    fresh: [u8; 32],
) -> Result<String, IdentityError> {
    let key = store.secret(SECRET, &fresh).await?;
    let seal = sealed(&key, what, account, address)?.finalize().into_bytes();
    Ok(format!("{account}-{}", journal::hex(seal.get(..SEAL_LEN).unwrap_or_default())))
}

/// Does what a link is for; whether it was one, and the address still the same.
pub async fn follow(store: &Store, what: What, text: &str, now: Instant) -> Result<bool, IdentityError> {
    let Some((account, seal)) = text.split_once('-') else { return Ok(false) };
    let (Ok(account), Some(key)) = (account.parse::<i64>(), store.known_secret(SECRET).await?) else {
        return Ok(false);
    };
    let Some((address, _)) = store.mail_of(account).await? else { return Ok(false) };
    let seal = journal::unhex(seal).filter(|seal| seal.len() == SEAL_LEN).unwrap_or_default();
    let whole = sealed(&key, what, account, &address)?;
    if seal.is_empty() || whole.verify_truncated_left(&seal).is_err() {
        return Ok(false);
    }
    match what {
        What::Confirm => Ok(store.confirm_mail(account, &address, now).await?),
        What::End => store.drop_mail(account).await.map(|()| true).map_err(Into::into),
    }
}
