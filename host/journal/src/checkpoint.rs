//! Signed checkpoints: the C2SP tlog-checkpoint body in a C2SP signed note.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use valueflows::NetworkId;

use crate::digest::Digest;
use crate::error::JournalError;

/// Size and root of a network's log at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// The network.
    pub network: NetworkId,
    /// Entries covered.
    pub size: u64,
    /// The Merkle root over their hashes.
    pub root: Digest,
}

/// The node's signing key and the name it signs under.
pub struct Signer {
    key: SigningKey,
    name: String,
}

const ALGORITHM_ED25519: u8 = 1;

impl Signer {
    /// A signer from thirty-two secret bytes.
    pub fn new(name: &str, secret: &[u8; 32]) -> Signer {
        Signer { key: SigningKey::from_bytes(secret), name: name.to_owned() }
    }

    /// The public key that checks what this signs.
    pub fn public(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// The signed note over a checkpoint.
    pub fn sign(&self, checkpoint: &Checkpoint) -> String {
        let text = checkpoint.text();
        let signature = self.key.sign(text.as_bytes());
        let mut bytes = key_hash(&self.name, &self.public()).to_vec();
        bytes.extend_from_slice(&signature.to_bytes());
        format!("{text}\n\u{2014} {} {}\n", self.name, STANDARD.encode(&bytes))
    }
}

impl Checkpoint {
    /// The text that is signed: origin, size, root, a line each.
    pub fn text(&self) -> String {
        format!("reflow/{}\n{}\n{}\n", self.network, self.size, STANDARD.encode(self.root.0))
    }

    /// Checks that a note is this checkpoint, signed by the key.
    pub fn check(&self, note: &str, public: &[u8; 32]) -> Result<(), JournalError> {
        let bad = |why| JournalError::BadCheckpoint { size: self.size, why };
        let rest = note.strip_prefix(&self.text()).ok_or_else(|| bad("it is over other entries"))?;
        let line = rest.strip_prefix("\n\u{2014} ").and_then(|rest| rest.strip_suffix('\n'));
        let (name, text) =
            line.and_then(|line| line.split_once(' ')).ok_or_else(|| bad("it carries no signature"))?;
        let bytes = STANDARD.decode(text).map_err(|_| bad("its signature is not base64"))?;
        let (hash, signature) = bytes.split_at_checked(4).ok_or_else(|| bad("its signature is cut"))?;
        if hash != key_hash(name, public) {
            return Err(bad("another key signed it"));
        }
        let key = VerifyingKey::from_bytes(public).map_err(|_| bad("the node's key is no key"))?;
        let signature = Signature::from_slice(signature).map_err(|_| bad("its signature is cut"))?;
        key.verify_strict(self.text().as_bytes(), &signature).map_err(|_| bad("its signature does not match"))
    }
}

fn key_hash(name: &str, public: &[u8; 32]) -> [u8; 4] {
    let digest = Digest::of(&[name.as_bytes(), b"\n", &[ALGORITHM_ED25519], public]);
    let [a, b, c, d, ..] = digest.0;
    [a, b, c, d]
}
