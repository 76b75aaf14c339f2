//! Invitations: a link, or a printed code, that lets somebody in once.
//!
//! A link is sixteen bytes of randomness and the node's seal over them (HMAC-SHA256): what was made up or mistyped is
//! seen for what it is before anybody looks for it. It is kept by its digest, so that whoever reads the database has no
//! link. Whoever is new comes in by a command of the inviter's, under an id that was drawn with the link: used twice it
//! is still one command.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
pub use store::invitations::Invitation;
use store::{Store, StoreError};
use valueflows::{Id, Instant};

use crate::{FIELD_BYTES_MAX, IdentityError, seal};

/// For how long one stands, if nobody says otherwise: two weeks.
pub const STANDS_US: i64 = 14 * Instant::DAY_US;
/// For how long a link stands that gives an account back: two days.
pub const BACK_US: i64 = 2 * Instant::DAY_US;
/// How long a used one is remembered after its end, so that whoever comes again is told: half a year.
const REMEMBERED_US: i64 = 180 * Instant::DAY_US;
/// Bytes of the seal that go into a link.
const SEAL_LEN: usize = 16;
const SECRET: &str = "invitations";

/// One by which somebody founds a network of their own, from the operator; `network` is the node's own.
pub fn founding(network: i64, command: Id, by: Id, name: String, now: Instant) -> Invitation {
    let expires = now.plus_us(STANDS_US);
    Invitation { network, command, by, agent: None, name, expires, used: None, gives_back: false }
}

/// Makes one; `secret` and `fresh` are thirty-two random bytes each. What is returned goes into the link, and is shown
/// once.
pub async fn issue(
    store: &Store,
    one: &Invitation,
    secret: [u8; 32],
    fresh: [u8; 32],
    now: Instant,
) -> Result<String, IdentityError> {
    if one.name.len() > FIELD_BYTES_MAX {
        return Err(IdentityError::BadName);
    }
    let key = store.secret(SECRET, &fresh).await?;
    let (random, _) = secret.split_at(16);
    let mut bytes = random.to_vec();
    bytes.extend(sealed(&key, random)?.finalize().into_bytes().iter().take(SEAL_LEN));
    let text = URL_SAFE_NO_PAD.encode(&bytes);
    let forgotten = now.plus_us(REMEMBERED_US.saturating_neg());
    store.add_invitation(&digest(&text), one, forgotten).await?;
    Ok(text)
}

fn sealed(key: &[u8], random: &[u8]) -> Result<Hmac<Sha256>, IdentityError> {
    seal::over(key, &[b"reflow invitation\0", random])
}

/// The invitation of a link: used ones too; none if the link was never made here.
pub async fn find(store: &Store, text: &str) -> Result<Option<Invitation>, IdentityError> {
    let Some(key) = store.known_secret(SECRET).await? else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    let Some((random, seal)) = bytes.split_at_checked(16).filter(|(_, seal)| seal.len() == SEAL_LEN) else {
        return Ok(None);
    };
    if sealed(&key, random)?.verify_truncated_left(seal).is_err() {
        return Ok(None);
    }
    Ok(store.invitation(&digest(text)).await?)
}

/// Uses it; whether nobody had.
pub async fn spend(store: &Store, text: &str, now: Instant) -> Result<bool, StoreError> {
    store.use_invitation(&digest(text), now).await
}

fn digest(text: &str) -> Vec<u8> {
    crate::token_digest(text)
}
