//! Packages on the shelf: components with the signatures that came with them. Who has signed what stands in the journal of the
//! node's own network, and counts where a network's rules say whom it trusts.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use governance::{AnyAct, Command, GoverningAct, WithholdAct};
use journal::signature;
use policy::{RuleBook, Trust, Via};
use sandbox::Manifest;
use sandbox::package::{Signature, statement};
use serde_json::Value as Json;
use valueflows::Instant;

use crate::decision::Receipt;
use crate::entry::Written;
use crate::error::Rejection;
use crate::limits::VERIFY_BATCH;
use crate::node::{Node, command_id};
use crate::own;
use crate::shelf::Laid;
use crate::withholding::{Revocation, sound};

/// What the journal of the node's own network says of components, as far as it has been read.
#[derive(Debug, Default)]
pub(crate) struct Told {
    known: Mutex<Known>,
    /// How often something was revoked, taken back or laid on the shelf, as far as this process knows.
    changed: AtomicU64,
}

#[derive(Debug, Clone, Default)]
struct Known {
    seq: u64,
    /// Which keys have signed a component.
    signed: BTreeMap<String, Vec<String>>,
    /// What admission found.
    admitted: BTreeMap<String, Json>,
    /// What is revoked.
    revoked: Vec<Revocation>,
    /// How often something was revoked or taken back.
    changes: u64,
}

impl Told {
    /// A number that rises when something is revoked, taken back, or laid on the shelf.
    pub fn changed(&self) -> u64 {
        self.changed.load(Ordering::Acquire)
    }

    /// Something has come that was missing, perhaps.
    fn change(&self) {
        self.changed.fetch_add(1, Ordering::AcqRel);
    }
}

impl Known {
    fn take(&mut self, written: Written, at: Instant) {
        for act in written.command.acts {
            match act {
                AnyAct::Governing(GoverningAct::Shelve { component, signatures, admission, .. }) => {
                    if let Some(admission) = admission {
                        self.admitted.insert(component.clone(), admission);
                    }
                    let keys = self.signed.entry(component).or_default();
                    keys.extend(signatures.into_iter().map(|(key, _)| key));
                }
                AnyAct::Governing(GoverningAct::Withhold(WithholdAct::RevokePlugin { what, because })) => {
                    self.revoked.push(Revocation { what, because, at });
                    self.changes += 1;
                }
                AnyAct::Governing(GoverningAct::Withhold(WithholdAct::UnrevokePlugin { what })) => {
                    self.revoked.retain(|revoked| revoked.what != what);
                    self.changes += 1;
                }
                _ => {}
            }
        }
    }
}

/// A component that lies on the shelf.
#[derive(Debug, Clone)]
pub struct OnShelf {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Its digest.
    pub component: String,
    /// Its size.
    pub bytes: usize,
    /// The keys that have signed it.
    pub signed_by: Vec<String>,
    /// What admission found of it, as the journal has it.
    pub admission: Option<Json>,
    /// Why it is revoked, if it is.
    pub revoked: Option<String>,
}

fn poisoned() -> Rejection {
    Rejection::Internal("a poisoned lock".into())
}

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
        let digest = sandbox::admission::digest(bytes);
        check(&manifest, &digest, signatures)?;
        self.check_not_revoked(&manifest, &digest).await?;
        let Laid { plugin, component, admission } = self.shelf.put(&self.store, bytes).await?;
        let signatures = signatures.iter().map(|one| (one.key.clone(), one.signature.clone())).collect();
        let act = GoverningAct::Shelve { plugin, component: component.clone(), signatures, admission };
        let command = Command::new(command_id()?, self.operator().await?, vec![AnyAct::Governing(act)]);
        let receipt = self.send(own::NAME, command, Via::Console).await?;
        match &receipt.decision {
            Ok(()) => {
                // What could not be loaded may be here now.
                self.told.change();
                self.look_again().await?;
                Ok((manifest, component, receipt))
            }
            Err(refused) => Err(Rejection::Rules(format!("{}; {}", refused.sentence, refused.remedy))),
        }
    }

    /// Reads on in the journal of the node's own network.
    pub(crate) async fn read_told(&self) -> Result<(), Rejection> {
        let Some(head) = self.store.head(own::KEY).await? else { return Ok(()) };
        let mut known = match self.told.known.lock() {
            Ok(known) if known.seq < head.seq => known.clone(),
            Ok(_) => return Ok(()),
            Err(_) => Known::default(),
        };
        while known.seq < head.seq {
            let entries = self.store.entries_from(&head, known.seq + 1, VERIFY_BATCH).await?;
            let Some((newest, _)) = entries.last() else { break };
            known.seq = newest.seq;
            for (entry, _) in &entries {
                let written = Written::of(entry)?;
                if written.decision().is_ok() {
                    known.take(written, entry.at);
                }
            }
        }
        if let Ok(mut place) = self.told.known.lock() {
            if place.changes != known.changes {
                self.told.change();
            }
            *place = known;
        }
        Ok(())
    }

    /// The keys that have signed a component.
    pub async fn who_signed(&self, component: &str) -> Result<Vec<String>, Rejection> {
        self.read_told().await?;
        let known = self.told.known.lock().map_err(|_| poisoned())?;
        Ok(known.signed.get(component).cloned().unwrap_or_default())
    }

    /// What lies on the shelf, by name and version.
    pub async fn on_shelf(&self) -> Result<Vec<OnShelf>, Rejection> {
        self.read_told().await?;
        let mut all = Vec::new();
        for component in self.store.components().await? {
            // What was damaged is found where it is loaded.
            let Ok(bytes) = self.shelf.bytes(&self.store, &component).await else { continue };
            let manifest = Manifest::of(&bytes)?;
            let revoked = self.why_revoked(&component, Some(&manifest), None).await?;
            let known = self.told.known.lock().map_err(|_| poisoned())?;
            let signed_by = known.signed.get(&component).cloned().unwrap_or_default();
            let admission = known.admitted.get(&component).cloned();
            all.push(OnShelf { manifest, component, bytes: bytes.len(), signed_by, admission, revoked });
        }
        all.sort_by(|a, b| {
            (&a.manifest.name, &a.manifest.version).cmp(&(&b.manifest.name, &b.manifest.version))
        });
        Ok(all)
    }

    /// What is revoked on this node, oldest first.
    pub async fn revocations(&self) -> Result<Vec<Revocation>, Rejection> {
        self.read_told().await?;
        let known = self.told.known.lock().map_err(|_| poisoned())?;
        Ok(known.revoked.clone())
    }

    /// Whether those whom a network trusts have signed what a book binds that the one in force does not.
    pub(crate) async fn check_signed(&self, book: &RuleBook, in_force: &RuleBook) -> Result<(), Rejection> {
        let Some(trust) = &in_force.trust else { return Ok(()) };
        let revoked = self.revocations().await?;
        let known = |component: &str| in_force.bindings.iter().any(|bound| bound.component == component);
        for binding in book.bindings.iter().filter(|binding| !known(&binding.component)) {
            let signers = sound(self.who_signed(&binding.component).await?, &revoked);
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
