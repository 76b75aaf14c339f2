//! Verification: the journal alone, in an empty store, judged again, and everything compared.

use std::path::Path;
use std::sync::Arc;

use governance::{AnyAct, GoverningAct};
use journal::{Digest, Entry};
use serde_json::Value as Json;
use store::{Head, Store};
use valueflows::Instant;

use crate::entry::Written;
use crate::error::Rejection;
use crate::gate;
use crate::limits::{DIFFERENCE_CHARS, VERIFY_BATCH};
use crate::node::Node;
use crate::own::network_id;
use crate::run::{Court, Job, Known, run};

/// What verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Entries looked at.
    pub entries: u64,
    /// Acts judged again, duties included.
    pub decisions: u64,
    /// Entries whose personal part was erased, so that they cannot be judged again whole.
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
    verified: Verified,
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
    /// it did when it was new.
    async fn batch(&mut self, court: &Court, entries: Vec<(Entry, Digest)>) -> Result<(), Ended> {
        let mut previous = self.head.hash;
        let mut jobs = Vec::new();
        let mut stored = Vec::new();
        for (entry, hash) in entries {
            if entry.seq != self.head.seq + stored.len() as u64 + 1 {
                return Err(journal::JournalError::ChainBroken(entry.seq).into());
            }
            self.check_chain(&entry, hash, previous)?;
            previous = hash;
            let written = Written::read(&entry.body()?)
                .map_err(|error| different(format!("entry {}: {error}", entry.seq)))?;
            let personal = entry.personal.as_ref().map(|(_, salt)| *salt).unwrap_or_default();
            let salts = (entry.books_salt, personal);
            let rulings = written.judged.get("acts").and_then(Json::as_array).cloned().unwrap_or_default();
            let older = |ruling: &Json| ruling.get("gate").is_some_and(|noted| !gate::is_current(noted));
            self.verified.older += u64::from(rulings.iter().any(older));
            let recorded = Some(Arc::new(rulings));
            jobs.push(Job {
                command: written.command.clone(),
                via: written.via,
                now: entry.at,
                salts,
                recorded,
            });
            self.verified.erased += u64::from(entry.is_erased());
            let ends = written
                .command
                .acts
                .iter()
                .any(|act| matches!(act, AnyAct::Governing(GoverningAct::AdvanceClock { .. })))
                || written.enacts().is_some();
            stored.push((entry, hash, written));
            if ends {
                break;
            }
        }
        if stored.is_empty() {
            return Err(journal::JournalError::ChainBroken(self.head.seq + 1).into());
        }
        let known = std::mem::take(&mut self.known);
        let (mut known, ran) = run(court, known, &self.head, jobs).await.map_err(|rejection| {
            different(format!("entries from {} cannot be judged again: {rejection}", self.head.seq + 1))
        })?;
        for (n, (entry, hash, written)) in stored.iter().enumerate() {
            if let Some(Err(rejection)) = ran.answers.get(n) {
                return Err(different(format!("entry {} cannot be judged again: {rejection}", entry.seq)));
            }
            let (again, again_hash) =
                ran.batch.entries.get(n).ok_or_else(|| different("an entry was lost".into()))?;
            if again_hash != hash {
                let again = ran.written.get(n).unwrap_or(written);
                return Err(different(name_difference(entry.seq, written, again)));
            }
            let _ = again;
            self.verified.entries += 1;
            self.verified.decisions += rulings(&written.judged);
        }
        self.scratch.commit(&ran.batch).await?;
        self.head = ran.batch.new;
        known.land();
        if !known.is_full() {
            self.known = known;
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
            compare(&again, &real)?;
            let Some((last, _)) = real.last() else { break };
            let links = (
                self.scratch.link_lines(&self.head, after, *last).await?,
                self.node.store.link_lines(self.real, after, *last).await?,
            );
            compare(&links.0, &links.1)?;
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
            compare(&again, &real)?;
            match real.last() {
                Some((last, _)) => after = *last,
                None => return Ok(()),
            }
        }
    }
}

/// The first line that differs.
fn compare(again: &[(i64, String)], real: &[(i64, String)]) -> Result<(), Ended> {
    let longest = again.len().max(real.len());
    for n in 0..longest {
        let (again, real) = (again.get(n).map(|line| &line.1), real.get(n).map(|line| &line.1));
        if again != real {
            // Where they part, not from the beginning: a rule book is long.
            let parts = |a: &String, b: &String| a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
            let at = again
                .zip(real)
                .map_or(0, |(again, real)| parts(again, real))
                .saturating_sub(DIFFERENCE_CHARS / 2);
            let show = |line: Option<&String>| {
                let Some(line) = line else { return "nothing".to_owned() };
                let head: String = line.chars().take(60).collect();
                match line.chars().count() <= DIFFERENCE_CHARS {
                    true => format!("`{line}`"),
                    false => format!(
                        "`{head} … {} …`",
                        line.chars().skip(at).take(DIFFERENCE_CHARS).collect::<String>()
                    ),
                }
            };
            return Err(different(format!(
                "a table has {} where its journal leads to {}",
                show(real),
                show(again)
            )));
        }
    }
    Ok(())
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

/// Names the first thing that is not the same, as a path into the entry.
fn name_difference(seq: u64, stored: &Written, again: &Written) -> String {
    let (stored, again) = (stored.body(), again.body());
    let path = first_path("", &stored.books, &again.books)
        .or_else(|| first_path("personal", &stored.personal, &again.personal))
        .unwrap_or_else(|| "its canonical bytes".to_owned());
    format!("entry {seq}: {path}")
}

fn first_path(path: &str, stored: &Json, again: &Json) -> Option<String> {
    match (stored, again) {
        (Json::Object(a), Json::Object(b)) => {
            let names: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            names.into_iter().find_map(|name| {
                let nothing = Json::Null;
                first_path(
                    &format!("{path}/{name}"),
                    a.get(name).unwrap_or(&nothing),
                    b.get(name).unwrap_or(&nothing),
                )
            })
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(n, (a, b))| first_path(&format!("{path}/{n}"), a, b))
        }
        (a, b) if a == b => None,
        (a, b) => Some(format!("{path} is {a}, judged again it is {b}")),
    }
}
