//! Into a database: entry by entry, checked, with everything that follows from it.

use std::collections::HashMap;
use std::sync::Arc;

use governance::{AnyAct, GoverningAct};
use journal::{Checkpoint, Digest, Entry};
use ledger::Key;
use store::carry::{CarriedAccount, CarriedToken};
use store::{Batch, Head, State, Store};
use valueflows::{Id, Record};

use super::{Carried, CarryError, Stretch};
use crate::entry::Written;
use crate::own::{self, network_id};
use crate::run::apply;

/// A network on its way into a database.
pub struct Arrival<'a> {
    store: &'a Store,
    carried: Carried,
    head: Head,
    signers: Vec<[u8; 32]>,
}

impl<'a> Arrival<'a> {
    /// Begins, or goes on where it was interrupted; a network that moved away, or is here as a copy, is gone
    /// on with from where it stands. `name` is what it is called here.
    pub async fn begin(
        store: &'a Store,
        carried: &Carried,
        name: &str,
        signers: Vec<[u8; 32]>,
    ) -> Result<Arrival<'a>, CarryError> {
        let carried = carried.clone();
        let head = match store.network_by_id(carried.id).await? {
            // What is here whole, since a restore was interrupted after it, is only looked at again.
            Some(head) if head.state == State::Live && head.hash.to_string() != carried.hash => {
                return Err(CarryError::Refused(format!(
                    "the network `{}` lives on this node already, under the name `{}`",
                    carried.name, head.name
                )));
            }
            Some(head) if head.seq > carried.seq => {
                return Err(CarryError::Refused(format!(
                    "this node knows {} entries of `{}`, the file only {}",
                    head.seq, head.name, carried.seq
                )));
            }
            Some(head) => head,
            None => {
                if store.network_by_name(name).await?.is_some() {
                    return Err(CarryError::Refused(format!(
                        "there is another network `{name}` on this node; choose a name for it here with `--name`"
                    )));
                }
                let key = if carried.own { own::KEY } else { store.next_network_key().await? };
                carried.empty(key, name)
            }
        };
        Ok(Arrival { store, carried, head, signers })
    }

    /// The key of the network in this database.
    pub fn key(&self) -> i64 {
        self.head.key
    }

    /// The newest entry that has arrived.
    pub fn position(&self) -> u64 {
        self.head.seq
    }

    /// The state that it was in where it comes from.
    pub fn state(&self) -> &str {
        &self.carried.state
    }

    /// Takes accounts, tokens and the keys that signed elsewhere in.
    pub async fn take_people(
        &self,
        accounts: &[CarriedAccount],
        tokens: &[CarriedToken],
    ) -> Result<(), CarryError> {
        self.store.take_in(self.head.key, accounts, tokens).await?;
        for key in &self.signers {
            self.store.add_signer(self.head.key, key).await?;
        }
        Ok(())
    }

    /// Takes a picture or a paper in, under the digest of its bytes: it is shown only where a record names it so.
    pub async fn blob(&self, record: valueflows::Id, bytes: &[u8]) -> Result<(), CarryError> {
        let name = crate::blobs::name_of(bytes);
        let one = store::blobs::Blob { record, name, bytes: bytes.to_vec() };
        Ok(self.store.put_blob(self.head.key, &one).await?)
    }

    /// Takes a stretch in, all or nothing.
    pub async fn take(&mut self, mut stretch: Stretch) -> Result<(), CarryError> {
        let known = self.head.seq;
        let meets = |(entry, hash): &(Entry, Digest)| entry.seq != known || *hash == self.head.hash;
        if !stretch.entries.iter().all(meets) {
            return Err(CarryError::Refused(format!(
                "the books of `{}` went another way here: entry {known} is not the same",
                self.head.name
            )));
        }
        stretch.entries.retain(|(entry, _)| entry.seq > known);
        stretch.checkpoints.retain(|(point, _)| point.size > known);
        if stretch.entries.is_empty() {
            return Ok(());
        }
        let mut written = Vec::with_capacity(stretch.entries.len());
        for (entry, _) in &stretch.entries {
            let read = Written::read(&entry.body()?);
            written.push(read.map_err(|error| CarryError::Changed(format!("entry {}: {error}", entry.seq)))?);
        }
        let (mut keys, before) = self.before(&written).await?;
        let mut batch = Batch::on(&self.head);
        let mut new = Head { state: State::Arriving, ..self.head.clone() };
        let (mut changed, mut roots) = (HashMap::new(), HashMap::new());
        for ((entry, hash), written) in stretch.entries.iter().zip(&written) {
            self.check(&new, entry, *hash, written)?;
            apply(
                &mut batch,
                &mut new,
                &mut changed,
                &mut keys,
                &|id| before.get(&id).cloned(),
                written,
                entry.seq,
            );
            (new.seq, new.hash, new.clock) = (entry.seq, *hash, written.clock_after(entry.at));
            new.usage.bytes += entry.size() as i64;
            new.frontier.push(*hash);
            roots.insert(entry.seq, new.frontier.root());
        }
        for (point, note) in &stretch.checkpoints {
            self.check_note(point, note, &roots)?;
        }
        batch.entries = stretch.entries;
        batch.checkpoints = stretch.checkpoints;
        batch.new = new.clone();
        self.store.commit(&batch).await?;
        self.head = new;
        Ok(())
    }

    /// The records that entries change and that arrived earlier, with their keys.
    async fn before(
        &self,
        written: &[Written],
    ) -> Result<(HashMap<Id, i64>, HashMap<Id, Arc<Record>>), CarryError> {
        let (mut keys, mut before) = (HashMap::new(), HashMap::new());
        let changed = written.iter().flat_map(|one| &one.made).filter(|record| record.version > 1);
        let mut wanted: Vec<Key> = changed.map(|record| Key::Record(record.id)).collect();
        wanted.sort();
        wanted.dedup();
        for some in wanted.chunks(store::limits::READ_ROWS_MAX) {
            for (id, kept) in self.store.read(&self.head, some).await?.records {
                let Some(kept) = kept else { continue };
                keys.insert(id, kept.key);
                before.insert(id, Arc::new(kept.record));
            }
        }
        Ok((keys, before))
    }

    fn check(&self, head: &Head, entry: &Entry, hash: Digest, written: &Written) -> Result<(), CarryError> {
        let changed = |problem: &str| Err(CarryError::Changed(format!("entry {}: {problem}", entry.seq)));
        if entry.seq != head.seq + 1 {
            return changed("it does not follow the one before it");
        }
        if (Entry { previous: head.hash, ..entry.clone() }).hash()? != hash {
            return changed("its hash is another");
        }
        entry.check_personal()?;
        let founds = entry.seq == 1 && !entry.is_erased();
        if founds && network_id(&written.command)? != self.carried.id {
            return changed("the network's id is not the hash of what founded it");
        }
        Ok(())
    }

    fn check_note(
        &self,
        point: &Checkpoint,
        note: &str,
        roots: &HashMap<u64, Digest>,
    ) -> Result<(), CarryError> {
        if roots.get(&point.size) != Some(&point.root) {
            return Err(CarryError::Changed(format!("the checkpoint over {} entries", point.size)));
        }
        let signed = self.signers.iter().any(|key| point.check(note, key).is_ok());
        match signed {
            true => Ok(()),
            false => Err(CarryError::Changed(format!(
                "the checkpoint over {} entries is signed by none of the keys in the file",
                point.size
            ))),
        }
    }

    /// What makes it live here (or be read here), to be written in one transaction with whatever says so.
    pub fn landed(&self, state: State) -> Result<Batch, CarryError> {
        let (head, carried) = (&self.head, &self.carried);
        let same =
            head.seq == carried.seq && head.hash.to_string() == carried.hash && head.clock.0 == carried.clock;
        if !same {
            return Err(CarryError::Changed("its journal does not lead to the head that it names".into()));
        }
        let mut batch = Batch::on(head);
        (batch.new.state, batch.new.book_seq) = (state, carried.book);
        Ok(batch)
    }

    /// Ends it: the network is here, in a state.
    pub async fn end(self, state: State) -> Result<Head, CarryError> {
        let batch = self.landed(state)?;
        self.store.commit(&batch).await?;
        Ok(batch.new)
    }
}

impl Written {
    /// The books' time after an entry: a sandbox's clock may have been moved by it.
    pub(crate) fn clock_after(&self, at: valueflows::Instant) -> valueflows::Instant {
        let moved = |act: &AnyAct| match act {
            AnyAct::Governing(GoverningAct::AdvanceClock { by_us }) if self.decision().is_ok() => *by_us,
            _ => 0,
        };
        at.plus_us(self.command.acts.iter().map(moved).sum())
    }
}
