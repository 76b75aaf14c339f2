//! Pictures of things: named by a digest in the record's personal part, kept beside the journal, gone with an erasure.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use governance::{AnyAct, Command};
use ledger::Act;
use policy::Via;
use sha2::{Digest as _, Sha256};
use store::pictures::Picture;
use valueflows::{Fields, Id, Prop, Record, Value};

use crate::decision::Receipt;
use crate::error::Rejection;
use crate::node::Node;

/// The name of some bytes: their digest, as RFC 6920 writes it.
pub fn name_of(bytes: &[u8]) -> String {
    format!("ni:///sha-256;{}", URL_SAFE_NO_PAD.encode(Sha256::digest(bytes)))
}

/// The act by which a record gets a picture, or none any more.
pub fn act(record: &Record, bytes: Option<&[u8]>) -> AnyAct {
    let image = bytes.map(|bytes| Value::Text(name_of(bytes)));
    let clear = if image.is_none() { vec![Prop::Image] } else { Vec::new() };
    let mut fields = Fields::new();
    if let Some(image) = image {
        fields.set(Prop::Image, image);
    }
    let (class, version) = (record.class, record.version);
    AnyAct::Economic(Act::Revise { class, record: record.id, version, fields, clear })
}

impl Node {
    /// Gives a record a picture, or takes it away: first the act, then the bytes, so that what is refused leaves nothing
    /// behind. What stops between the two leaves a record without its picture, and doing it again puts it right.
    pub async fn picture(
        self: &std::sync::Arc<Node>,
        network: &str,
        (command, agent, via): (Id, Id, Via),
        record: &Record,
        bytes: Option<Vec<u8>>,
    ) -> Result<Receipt, Rejection> {
        let head = self.head(network).await?;
        if let Some(bytes) = &bytes {
            let most = self.quota(network).pictures_most();
            let others = self.store.picture_bytes(head.key, Some(record.id)).await?;
            if others.saturating_add(i64::try_from(bytes.len()).unwrap_or(i64::MAX)) > most {
                return Err(Rejection::NetworkFull("its room for pictures"));
            }
        }
        let acts = vec![act(record, bytes.as_deref())];
        let receipt = self.send(network, Command::new(command, agent, acts), via).await?;
        if receipt.decision.is_ok() {
            match bytes {
                Some(bytes) => {
                    let one = Picture { record: record.id, name: name_of(&bytes), bytes };
                    self.store.put_picture(head.key, &one).await?;
                }
                None => self.store.drop_picture(head.key, record.id).await?,
            }
        }
        Ok(receipt)
    }

    /// The picture that a record names, if it is here and what it says it is.
    pub async fn picture_of(&self, network: i64, record: &Record) -> Result<Option<Vec<u8>>, Rejection> {
        let Some(name) = record.fields.text(Prop::Image) else { return Ok(None) };
        let found = self.store.picture(network, record.id).await?;
        Ok(found.filter(|one| one.name == name && name_of(&one.bytes) == name).map(|one| one.bytes))
    }
}
