//! Pictures and papers of things: named by digests in the record's personal part, kept beside the journal, gone with an
//! erasure.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use governance::{AnyAct, Command};
use ledger::Act;
use policy::Via;
use sha2::{Digest as _, Sha256};
use store::blobs::Blob;
use valueflows::{Fields, Id, Prop, Record, Value};

use crate::decision::Receipt;
use crate::error::Rejection;
use crate::node::Node;

/// The name of some bytes: their digest, as RFC 6920 writes it.
pub fn name_of(bytes: &[u8]) -> String {
    format!("ni:///sha-256;{}", URL_SAFE_NO_PAD.encode(Sha256::digest(bytes)))
}

/// A name without what is said beside it (`?ct=application/pdf`).
pub fn bare(reference: &str) -> &str {
    reference.split_once('?').map_or(reference, |(name, _)| name)
}

/// What changes of that which goes with a record.
#[derive(Debug, Clone)]
pub enum Change {
    /// Its picture; none, and it has none any more.
    Picture(Option<Vec<u8>>),
    /// A paper more: what is said beside its name, and its bytes.
    Paper(String, Vec<u8>),
    /// A paper less, by its name.
    NoPaper(String),
}

impl Change {
    /// The act by which a record changes so.
    pub fn act(&self, record: &Record) -> AnyAct {
        let (mut fields, mut clear) = (Fields::new(), Vec::new());
        let but = |name: &str| -> Vec<String> {
            record.fields.texts(Prop::Papers).iter().filter(|one| bare(one) != name).cloned().collect()
        };
        match self {
            Change::Picture(Some(bytes)) => fields.set(Prop::Image, Value::Text(name_of(bytes))),
            Change::Picture(None) => clear.push(Prop::Image),
            Change::Paper(said, bytes) => {
                let name = name_of(bytes);
                let mut papers = but(&name);
                papers.push(format!("{name}?{said}"));
                fields.set(Prop::Papers, Value::Texts(papers));
            }
            Change::NoPaper(name) => match but(name) {
                papers if papers.is_empty() => clear.push(Prop::Papers),
                papers => fields.set(Prop::Papers, Value::Texts(papers)),
            },
        }
        let (class, version) = (record.class, record.version);
        AnyAct::Economic(Act::Revise { class, record: record.id, version, fields, clear })
    }

    /// What comes, and the name of what goes: nothing that the record names elsewhere too.
    fn parts<'c>(&'c self, record: &'c Record) -> (Option<&'c [u8]>, Option<&'c str>) {
        let picture = record.fields.text(Prop::Image);
        let is_paper = |name: &str| record.fields.texts(Prop::Papers).iter().any(|one| bare(one) == name);
        match self {
            Change::Picture(bytes) => (bytes.as_deref(), picture.filter(|name| !is_paper(name))),
            Change::Paper(_, bytes) => (Some(bytes), None),
            Change::NoPaper(name) => (None, Some(&**name).filter(|name| picture != Some(name))),
        }
    }
}

impl Node {
    /// Changes what goes with a record: first the act, then the bytes, so that what is refused leaves nothing behind.
    /// What stops between the two leaves a record without its picture, and doing it again puts it right.
    pub async fn attach(
        self: &Arc<Node>,
        network: &str,
        (command, agent, via): (Id, Id, Via),
        record: &Record,
        change: &Change,
    ) -> Result<Receipt, Rejection> {
        let head = self.head(network).await?;
        let (comes, goes) = change.parts(record);
        if let Some(bytes) = comes {
            let most = self.quota(network).pictures_most();
            let name = name_of(bytes);
            let but = (record.id, goes.unwrap_or(&name));
            let others = self.store.blob_bytes(head.key, Some(but)).await?;
            if others.saturating_add(i64::try_from(bytes.len()).unwrap_or(i64::MAX)) > most {
                return Err(Rejection::NetworkFull("its room for pictures and papers"));
            }
        }
        let receipt = self.send(network, Command::new(command, agent, vec![change.act(record)]), via).await?;
        if receipt.decision.is_ok() {
            let comes =
                comes.map(|bytes| Blob { record: record.id, name: name_of(bytes), bytes: bytes.to_vec() });
            if let Some(goes) = goes.filter(|goes| comes.as_ref().is_none_or(|comes| comes.name != **goes)) {
                self.store.drop_blob(head.key, record.id, goes).await?;
            }
            if let Some(comes) = comes {
                self.store.put_blob(head.key, &comes).await?;
            }
        }
        Ok(receipt)
    }

    /// The bytes that a record names, as its picture or as one of its papers, if they are here and what they say they
    /// are.
    pub async fn attached(
        &self,
        network: i64,
        record: &Record,
        name: &str,
    ) -> Result<Option<Vec<u8>>, Rejection> {
        let named = record.fields.text(Prop::Image) == Some(name)
            || record.fields.texts(Prop::Papers).iter().any(|one| bare(one) == name);
        if !named {
            return Ok(None);
        }
        let found = self.store.blob(network, record.id, name).await?;
        Ok(found.filter(|one| name_of(&one.bytes) == name).map(|one| one.bytes))
    }
}
