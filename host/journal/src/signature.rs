//! Signatures of agents: Ed25519 over canonical bytes, keys as multikeys (`z6Mk…`, base 58 of what the key is and the
//! key), so that any tool that knows `did:key` reads them.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::digest::{Digest, hex, unhex};
use crate::entry::Salt;
use crate::error::JournalError;

/// What stands before the key's bytes: Ed25519, public (multicodec 0xed).
const ED25519: [u8; 2] = [0xed, 0x01];

/// The secret half of an agent's key.
pub struct AgentKey(SigningKey);

impl AgentKey {
    /// From thirty-two secret bytes.
    pub fn new(secret: &[u8; 32]) -> AgentKey {
        AgentKey(SigningKey::from_bytes(secret))
    }

    /// The public half.
    pub fn public(&self) -> String {
        multikey(&self.0.verifying_key().to_bytes())
    }

    /// Signs bytes; 128 hexadecimal digits.
    pub fn sign(&self, bytes: &[u8]) -> String {
        hex(&self.0.sign(bytes).to_bytes())
    }
}

/// A public key's text.
pub fn multikey(public: &[u8; 32]) -> String {
    format!("z{}", bs58::encode([ED25519.as_slice(), public].concat()).into_string())
}

/// What stands in the books for a key that is not shown yet.
pub fn digest_of_key(key: &str) -> String {
    Digest::of(&[key.as_bytes()]).to_string()
}

/// What stands in signed bytes for a personal part: it can go, and the signature stays.
pub fn commitment(salt: &Salt, personal: &[u8]) -> Digest {
    Digest::of(&[b"reflow signed personal\0", salt, personal])
}

/// Checks a signature of 128 hexadecimal digits under a key's text.
pub fn check(key: &str, bytes: &[u8], signature: &str) -> Result<(), JournalError> {
    let bad = JournalError::BadSignature;
    let decoded = key.strip_prefix('z').and_then(|text| bs58::decode(text).into_vec().ok());
    let decoded = decoded.ok_or_else(|| bad("the key is no key"))?;
    let public = decoded.strip_prefix(&ED25519).and_then(|rest| <&[u8; 32]>::try_from(rest).ok());
    let public = public.ok_or_else(|| bad("the key is no Ed25519 key"))?;
    let public = VerifyingKey::from_bytes(public).map_err(|_| bad("the key is no Ed25519 key"))?;
    let signature = unhex(signature).and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
    let signature = signature.ok_or_else(|| bad("the signature is cut"))?;
    public
        .verify_strict(bytes, &Signature::from_bytes(&signature))
        .map_err(|_| bad("it does not match what is asked"))
}
