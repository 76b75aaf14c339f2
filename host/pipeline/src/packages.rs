//! Packages on the shelf: components with the signatures that came with them. Who has signed what stands in the journal of the
//! node's own network, and counts where a network's rules say whom it trusts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use governance::{AnyAct, Command, GoverningAct};
use journal::signature;
use policy::{RuleBook, Trust, Via};
use sandbox::Manifest;
use sandbox::package::{Signature, statement};

use crate::decision::Receipt;
use crate::entry::Written;
use crate::error::Rejection;
use crate::limits::VERIFY_BATCH;
use crate::node::{Node, command_id};
use crate::own;

/// Who has signed which component, as far as the journal of the node's own network has been read.
#[derive(Debug, Default)]
pub(crate) struct Signed(Mutex<(u64, BTreeMap<String, Vec<String>>)>);

/// Checks every signature of a package: one that does not hold is not left out, it is an error.
pub fn check(manifest: &Manifest, digest: &str, signatures: &[Signature]) -> Result<(), Rejection> {
    let text = statement(manifest, digest);
    for Signature { key, signature } in signatures {
        signature::check(key, text.as_bytes(), signature).map_err(|error| {
            Rejection::Rules(format!(
                "the signature of `{key}` over `{} {}` does not hold: {error}",
                manifest.name, manifest.version
            ))
        })?;
    }
    Ok(())
}

impl Node {
    /// Lays a package on the shelf, if it is admitted and its signatures hold.
    pub async fn install_package(
        self: &Arc<Node>,
        bytes: &[u8],
        signatures: &[Signature],
    ) -> Result<(Manifest, String, Receipt), Rejection> {
        let manifest = Manifest::of(bytes)?;
        check(&manifest, &sandbox::admission::digest(bytes), signatures)?;
        let (plugin, component) = self.shelf.put(&self.store, bytes).await?;
        let signatures = signatures.iter().map(|one| (one.key.clone(), one.signature.clone())).collect();
        let act = GoverningAct::Shelve { plugin, component: component.clone(), signatures };
        let command = Command::new(command_id()?, self.operator().await?, vec![AnyAct::Governing(act)]);
        let receipt = self.send(own::NAME, command, Via::Console).await?;
        match &receipt.decision {
            Ok(()) => Ok((manifest, component, receipt)),
            Err(refused) => Err(Rejection::Rules(format!("{}; {}", refused.sentence, refused.remedy))),
        }
    }

    /// The keys that have signed a component.
    pub async fn who_signed(&self, component: &str) -> Result<Vec<String>, Rejection> {
        let Some(head) = self.store.head(own::KEY).await? else { return Ok(Vec::new()) };
        let (mut seq, mut found) = match self.signed.0.lock() {
            Ok(known) => known.clone(),
            Err(_) => Default::default(),
        };
        while seq < head.seq {
            let entries = self.store.entries_from(&head, seq + 1, VERIFY_BATCH).await?;
            let Some((newest, _)) = entries.last() else { break };
            seq = newest.seq;
            for (entry, _) in &entries {
                let written = Written::of(entry)?;
                if written.decision().is_err() {
                    continue;
                }
                for act in written.command.acts {
                    if let AnyAct::Governing(GoverningAct::Shelve { component, signatures, .. }) = act {
                        let keys: &mut Vec<String> = found.entry(component).or_default();
                        keys.extend(signatures.into_iter().map(|(key, _)| key));
                    }
                }
            }
        }
        let keys = found.get(component).cloned().unwrap_or_default();
        if let Ok(mut known) = self.signed.0.lock() {
            *known = (seq, found);
        }
        Ok(keys)
    }

    /// Whether those whom a network trusts have signed what a book binds that the one in force does not.
    pub(crate) async fn check_signed(&self, book: &RuleBook, in_force: &RuleBook) -> Result<(), Rejection> {
        let Some(trust) = &in_force.trust else { return Ok(()) };
        let known = |component: &str| in_force.bindings.iter().any(|bound| bound.component == component);
        for binding in book.bindings.iter().filter(|binding| !known(&binding.component)) {
            let signers = self.who_signed(&binding.component).await?;
            let signed = Trust::signed_by(trust, &signers);
            if signed < trust.needed {
                return Err(Rejection::Unsigned(format!(
                    "`{}` is signed by {signed} of those whom this network trusts, and has to be by {}: ask for a signature, \
                     and install it with that",
                    binding.plugin,
                    trust.words()
                )));
            }
        }
        Ok(())
    }
}
