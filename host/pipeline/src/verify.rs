//! Verification: the journal alone, in an empty store, judged again, and everything compared.

mod aside;
mod differences;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use governance::{AnyAct, GoverningAct};
use journal::{Digest, Entry};
use ledger::Key;
use serde_json::Value as Json;
use store::{Batch, Head, Store};
use valueflows::{Id, Instant};

use crate::entry::Written;
use crate::error::Rejection;
use crate::gate;
use crate::limits::VERIFY_BATCH;
use crate::node::Node;
use crate::own::network_id;
use crate::run::{Court, Job, Known, Ran, advanced, apply, run};
use differences::{first_difference, name_difference};

/// What verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Entries looked at.
    pub entries: u64,
    /// Acts judged again, duties included.
    pub decisions: u64,
    /// Entries whose personal part was erased, or that read something which was: they cannot be judged again whole,
    /// and are taken as they say.
    pub erased: u64,
    /// Entries in which another program looked at rules that were not in force yet; what it came to is taken as it
    /// says.
    pub older: u64,
    /// The first difference.
    pub difference: Option<String>,
}

struct Found(String);

impl From<String> for Found {
    fn from(text: String) -> Found {
        Found(text)
    }
}

enum Ended {
    Different(Found),
    Rejected(Rejection),
}

impl From<Rejection> for Ended {
    fn from(rejection: Rejection) -> Ended {
        Ended::Rejected(rejection)
    }
}

impl From<store::StoreError> for Ended {
    fn from(error: store::StoreError) -> Ended {
        match error {
            // A row that cannot be read is a difference, not an accident.
            store::StoreError::Corrupt { table, problem } => different(format!("table {table}: {problem}")),
            other => Ended::Rejected(other.into()),
        }
    }
}

impl From<journal::JournalError> for Ended {
    fn from(error: journal::JournalError) -> Ended {
        different(error.to_string())
    }
}

fn different(text: String) -> Ended {
    Ended::Different(Found(text))
}

impl Node {
    /// Verifies a network in an empty store under `scratch`. `progress` is told how many entries are done.
    pub async fn verify(
        &self,
        head: &Head,
        scratch: &Path,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Verified, Rejection> {
        let empty = Store::open_sqlite(scratch).await?;
        empty.migrate().await?;
        let mut check = Check {
            node: self,
            real: head,
            scratch: &empty,
            head: Head {
                seq: 0,
                hash: Digest::default(),
                clock: Instant(i64::MIN / 4),
                book_seq: 1,
                next_key: 1,
                frontier: Default::default(),
                key: 1,
                ..head.clone()
            },
            known: Known::default(),
            tainted: HashSet::new(),
            gone: BTreeSet::new(),
            verified: Verified { entries: 0, decisions: 0, erased: 0, older: 0, difference: None },
        };
        let outcome = check.all(progress).await;
        let mut verified = check.verified;
        empty.close().await;
        match outcome {
            Ok(()) => Ok(verified),
            Err(Ended::Different(Found(text))) => {
                verified.difference = Some(text);
                Ok(verified)
            }
            Err(Ended::Rejected(rejection)) => Err(rejection),
        }
    }
}

struct Check<'a> {
    node: &'a Node,
    real: &'a Head,
    scratch: &'a Store,
    head: Head,
    known: Known,
    /// Records, by key, of which something personal is missing here that was there when they were read.
    tainted: HashSet<i64>,
    /// Entries whose personal part is gone, less those that an erasure names.
    gone: BTreeSet<u64>,
    verified: Verified,
}

/// An entry with its hash and what it says.
struct Stored {
    entry: Entry,
    hash: Digest,
    written: Written,
}

impl Check<'_> {
    async fn all(&mut self, progress: &(dyn Fn(u64) + Sync)) -> Result<(), Ended> {
        let first = self.node.store.entries_from(self.real, 1, 1).await?;
        let (founding, hash) = first.first().ok_or_else(|| different("entry 1 is missing".into()))?;
        self.check_chain(founding, *hash, Digest::default())?;
        self.check_network(founding)?;
        let mut court = self.court(founding).await?;
        while self.head.seq < self.real.seq {
            let entries = self.node.store.entries_from(self.real, self.head.seq + 1, VERIFY_BATCH).await?;
            self.batch(&court, entries).await?;
            if self.head.book_seq != court.rules.seq {
                let enacted = self.node.store.entries_from(self.real, self.head.book_seq, 1).await?;
                let (enacted, _) = enacted.first().ok_or_else(|| different("an entry was lost".into()))?;
                court = self.court(enacted).await?;
            }
            progress(self.verified.entries);
        }
        if let Some(seq) = self.gone.first() {
            return Err(different(format!(
                "entry {seq}: its personal part is gone, and nothing says that it was erased"
            )));
        }
        self.compare_head()?;
        self.compare_checkpoints().await?;
        self.compare_tables().await
    }

    /// The rules that an entry enacted, and the scratch store that they are judged over.
    async fn court(&self, enacted: &Entry) -> Result<Court, Ended> {
        let rules = match self.node.rules_of(enacted.seq, &enacted.body()?).await {
            Ok(rules) => Arc::new(rules),
            // Components that are gone or changed are what verification is there to find.
            Err(Rejection::Rules(problem)) => return Err(different(problem)),
            Err(other) => return Err(other.into()),
        };
        for bound in &rules.bound {
            if let Err(Rejection::Rules(problem)) =
                self.node.shelf.bytes(&self.node.store, &bound.plugin.digest).await
            {
                return Err(different(problem));
            }
        }
        Ok(Court { store: self.scratch.clone(), ..self.node.court(&rules) })
    }

    /// A network's id is the hash of the command that founded it. Once the first stewards' names are
    /// erased, that can no longer be shown.
    fn check_network(&self, founding: &Entry) -> Result<(), Ended> {
        let written =
            Written::read(&founding.body()?).map_err(|error| different(format!("entry 1: {error}")))?;
        match founding.is_erased() || network_id(&written.command)? == self.real.network {
            true => Ok(()),
            false => Err(different("entry 1: the network's id is not the hash of what founded it".into())),
        }
    }

    fn check_chain(&self, entry: &Entry, hash: Digest, previous: Digest) -> Result<(), Ended> {
        let linked = Entry { previous, ..entry.clone() };
        if linked.hash()? != hash {
            return Err(journal::JournalError::HashChanged(entry.seq).into());
        }
        entry.check_personal()?;
        Ok(())
    }

    /// Judges a stretch of the journal again. A command that moves the clock, or enacts rules, ends a stretch, as
    /// it did when it was new; what was erased ends one before it.
    async fn batch(&mut self, court: &Court, entries: Vec<(Entry, Digest)>) -> Result<(), Ended> {
        let mut previous = self.head.hash;
        let mut stored: Vec<Stored> = Vec::new();
        for (entry, hash) in entries {
            if entry.seq != self.head.seq + stored.len() as u64 + 1 {
                return Err(journal::JournalError::ChainBroken(entry.seq).into());
            }
            self.check_chain(&entry, hash, previous)?;
            previous = hash;
            let erased = entry.is_erased();
            if erased && !stored.is_empty() {
                break;
            }
            let written = Written::read(&entry.body()?)
                .map_err(|error| different(format!("entry {}: {error}", entry.seq)))?;
            let ends = ends_stretch(&written);
            stored.push(Stored { entry, hash, written });
            if ends || erased {
                break;
            }
        }
        match &stored[..] {
            [] => Err(journal::JournalError::ChainBroken(self.head.seq + 1).into()),
            [one] if one.entry.is_erased() => self.take(one).await,
            _ => self.again(court, &stored).await,
        }
    }

    /// Judges entries again, and compares; where one has read what was erased since, it is taken as it says.
    async fn again(&mut self, court: &Court, stored: &[Stored]) -> Result<(), Ended> {
        let jobs = stored.iter().map(job).collect();
        let known = std::mem::take(&mut self.known);
        let ran = run(court, known, &self.head, jobs).await;
        let found = match &ran {
            Err(rejection) => Some((0, format!(" cannot be judged again: {rejection}"))),
            Ok((_, ran)) => stored.iter().enumerate().find_map(|(n, one)| Some((n, differs(n, one, ran)?))),
        };
        let (mut known, ran) = match (found, ran) {
            (None, Ok(ran)) => ran,
            // Which of them it was is not known: one by one then, and whichever cannot be judged again names itself.
            (_, Err(_)) if stored.len() > 1 => {
                for one in stored {
                    Box::pin(self.again(court, std::slice::from_ref(one))).await?;
                }
                return Ok(());
            }
            (Some((n, problem)), _) => {
                let (before, one) = (stored.get(..n).unwrap_or_default(), stored.get(n));
                let one = one.filter(|one| self.read_what_is_erased(one));
                let one =
                    one.ok_or_else(|| different(format!("entry {}{problem}", self.head.seq + n as u64 + 1)))?;
                if !before.is_empty() {
                    Box::pin(self.again(court, before)).await?;
                }
                self.take(one).await?;
                // The others have stood on something else: they are judged by themselves.
                return match stored.get(n + 1..).unwrap_or_default() {
                    [] => Ok(()),
                    rest => Box::pin(self.again(court, rest)).await,
                };
            }
            (None, Err(rejection)) => return Err(rejection.into()),
        };
        for one in stored {
            let older = |ruling: &Json| ruling.get("gate").is_some_and(|noted| !gate::is_current(noted));
            self.verified.older += u64::from(rulings_of(&one.written).iter().any(older));
            self.verified.entries += 1;
            self.verified.decisions += rulings(&one.written.judged);
        }
        self.scratch.commit(&ran.batch).await?;
        self.head = ran.batch.new;
        known.land();
        for one in stored {
            self.taint(one).await?;
        }
        if !known.is_full() {
            self.known = known;
        }
        Ok(())
    }

    /// Whether what an entry read, or made anew, is not here any more as it was then.
    fn read_what_is_erased(&self, one: &Stored) -> bool {
        let inputs = one.written.judged.get("inputs").and_then(Json::as_array);
        let keys = inputs.into_iter().flatten().filter_map(|input| input.get(0).and_then(Json::as_i64));
        keys.into_iter().any(|key| self.tainted.contains(&key))
    }

    /// Takes an entry as it says: it is not judged, and everything that follows from it is.
    async fn take(&mut self, one: &Stored) -> Result<(), Ended> {
        let ids: Vec<Key> = one.written.made.iter().map(|record| Key::Record(record.id)).collect();
        let set = self.scratch.read(&self.head, &ids).await?;
        let kept: HashMap<Id, store::Kept> =
            set.records.into_iter().filter_map(|(id, kept)| Some((id, kept?))).collect();
        let mut keys = kept.iter().map(|(id, kept)| (*id, kept.key)).collect();
        let mut batch = Batch::on(&self.head);
        let mut head = self.head.clone();
        let before = |id: Id| kept.get(&id).map(|kept| Arc::new(kept.record.clone()));
        let permitted = one.written.decision().is_ok();
        if permitted {
            let changed = &mut HashMap::new();
            apply(&mut batch, &mut head, changed, &mut keys, &before, &one.written, one.entry.seq);
        }
        head.seq = one.entry.seq;
        head.hash = one.hash;
        head.clock = advanced(&job(one), permitted);
        head.frontier.push(one.hash);
        batch.entries.push((one.entry.clone(), one.hash));
        batch.new = head;
        self.scratch.commit(&batch).await?;
        self.head = batch.new;
        self.known = Known::default();
        self.verified.entries += 1;
        self.verified.erased += 1;
        self.taint(one).await
    }

    /// Notes what an entry leaves that is not whole, and what it makes whole again.
    async fn taint(&mut self, one: &Stored) -> Result<(), Ended> {
        if one.entry.is_erased() {
            self.gone.insert(one.entry.seq);
        }
        for act in one.written.command.acts.iter().filter(|_| one.written.decision().is_ok()) {
            if let AnyAct::Governing(GoverningAct::Erase(act)) = act {
                self.gone.retain(|seq| !act.entries.contains(seq));
            }
        }
        if !one.entry.is_erased() && self.tainted.is_empty() {
            return Ok(());
        }
        let ids: Vec<Key> = one.written.made.iter().map(|record| Key::Record(record.id)).collect();
        for (_, kept) in self.scratch.read(&self.head, &ids).await?.records {
            let Some(kept) = kept else { continue };
            match one.entry.is_erased() {
                true => self.tainted.insert(kept.key),
                false => self.tainted.remove(&kept.key),
            };
        }
        Ok(())
    }

    fn compare_head(&self) -> Result<(), Ended> {
        let (again, real) = (&self.head, self.real);
        let same = again.hash == real.hash
            && again.frontier == real.frontier
            && again.next_key == real.next_key
            && again.clock == real.clock
            && again.book_seq == real.book_seq;
        match same {
            true => Ok(()),
            false => {
                Err(different("the head of the network is not the one that its journal leads to".into()))
            }
        }
    }

    async fn compare_checkpoints(&self) -> Result<(), Ended> {
        let keys = self.node.known_signers(self.real).await?;
        let leaves = self.node.store.entry_hashes(self.real, self.real.seq).await?;
        let mut frontier = journal::Frontier::default();
        let mut leaves = leaves.into_iter();
        let mut from = 0;
        loop {
            let page = self.node.store.checkpoints_from(self.real, from, 500).await?;
            for (checkpoint, note) in &page {
                while frontier.size() < checkpoint.size {
                    let leaf = leaves.next();
                    frontier.push(
                        leaf.ok_or_else(|| different("a checkpoint covers more than there is".into()))?,
                    );
                }
                if frontier.root() != checkpoint.root {
                    return Err(different(format!(
                        "the checkpoint over {} entries has another root",
                        checkpoint.size
                    )));
                }
                let checked = keys.iter().map(|key| checkpoint.check(note, key));
                let best = checked.reduce(|best, next| if best.is_ok() { best } else { next });
                best.unwrap_or(Ok(()))?;
                from = checkpoint.size + 1;
            }
            if page.is_empty() {
                break;
            }
        }
        match frontier.size() == self.real.seq {
            true => Ok(()),
            false => Err(different("no checkpoint covers the newest entry".into())),
        }
    }

    async fn compare_tables(&self) -> Result<(), Ended> {
        let mut after = 0;
        loop {
            let (again, real) = (
                self.scratch.record_lines(&self.head, after).await?,
                self.node.store.record_lines(self.real, after).await?,
            );
            same(&again, &real)?;
            let Some((last, _)) = real.last() else { break };
            let links = (
                self.scratch.link_lines(&self.head, after, *last).await?,
                self.node.store.link_lines(self.real, after, *last).await?,
            );
            same(&links.0, &links.1)?;
            after = *last;
        }
        if self.node.store.stray_links(self.real).await? > 0 {
            return Err(different("table link holds rows of records that do not exist".into()));
        }
        let mut after = i64::MIN;
        loop {
            let (again, real) = (
                self.scratch.deadline_lines(&self.head, after).await?,
                self.node.store.deadline_lines(self.real, after).await?,
            );
            same(&again, &real)?;
            match real.last() {
                Some((last, _)) => after = *last,
                None => return Ok(()),
            }
        }
    }
}

/// A stored entry as a job: judged again at its time, with its salts.
fn job(one: &Stored) -> Job {
    let personal = one.entry.personal.as_ref().map(|(_, salt)| *salt).unwrap_or_default();
    Job {
        command: one.written.command.clone(),
        via: one.written.via,
        now: one.entry.at,
        salts: (one.entry.books_salt, personal),
        recorded: Some(Arc::new(rulings_of(&one.written))),
        engine: one.written.judged.get("engine").and_then(Json::as_str).map(str::to_owned),
    }
}

fn rulings_of(written: &Written) -> Vec<Json> {
    written.judged.get("acts").and_then(Json::as_array).cloned().unwrap_or_default()
}

fn ends_stretch(written: &Written) -> bool {
    let moves = |act: &AnyAct| matches!(act, AnyAct::Governing(GoverningAct::AdvanceClock { .. }));
    written.command.acts.iter().any(moves) || written.enacts().is_some()
}

/// How an entry differs from what it comes to when it is judged again; none where it does not.
fn differs(n: usize, one: &Stored, ran: &Ran) -> Option<String> {
    if let Some(Err(rejection)) = ran.answers.get(n) {
        return Some(format!(" cannot be judged again: {rejection}"));
    }
    match ran.batch.entries.get(n) {
        Some((_, again)) if *again == one.hash => None,
        Some(_) => {
            let again = ran.written.get(n).unwrap_or(&one.written);
            Some(format!(": {}", name_difference(&one.written, again)))
        }
        None => Some(" was lost".to_owned()),
    }
}

fn same(again: &[(i64, String)], real: &[(i64, String)]) -> Result<(), Ended> {
    match first_difference(again, real) {
        None => Ok(()),
        Some(problem) => Err(different(problem)),
    }
}

/// How many acts an entry judged, duties included.
fn rulings(judged: &Json) -> u64 {
    let list = |json: &Json, name: &str| json.get(name).and_then(Json::as_array).cloned().unwrap_or_default();
    fn one(ruling: &Json) -> u64 {
        let duties = ruling.get("duties").and_then(Json::as_array);
        let acts = duties.into_iter().flatten().filter_map(|call| call.get("acts").and_then(Json::as_array));
        1 + acts.flatten().filter(|act| act.get("asked").is_some()).map(one).sum::<u64>()
    }
    list(judged, "acts").iter().map(one).sum()
}
