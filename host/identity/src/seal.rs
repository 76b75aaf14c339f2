//! The node's own seal over what it hands out and takes back: links, half-done sign-ins, what programs sign.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::IdentityError;

/// A seal over parts, under a key; the first part says what it is for.
pub(crate) fn over(key: &[u8], parts: &[&[u8]]) -> Result<Hmac<Sha256>, IdentityError> {
    let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key);
    let mut mac = mac.map_err(|error| IdentityError::Hasher(error.to_string()))?;
    parts.iter().for_each(|part| mac.update(part));
    Ok(mac)
}
