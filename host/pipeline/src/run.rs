//! Running a batch: read by need, judge in order, write down what came of it. Live commands and
//! verification go this same way; they differ in where time and salts come from.

use std::collections::{HashMap, HashSet};

use governance::{AnyAct, Command, GoverningAct};
use journal::{Digest, Entry, Salt};
use ledger::{Act, Key, Missing, View};
use policy::{Scene, Via};
use serde_json::{Value as Json, json};
use store::{Batch, Change, Head, Store};
use valueflows::{Id, Instant, Part, Record};

use crate::decision::Receipt;
use crate::entry::Written;
use crate::error::Rejection;
use crate::judge::{Judgement, NoJudgement, first_keys, judge};
use crate::limits::{BATCH_ACTS_MAX, READ_ROUNDS_MAX};
use crate::meter::{self, Stage};
use crate::plugins::Memo;
use crate::rules::Rules;

/// A command with all that is not its own.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub command: Command,
    pub via: Via,
    pub now: Instant,
    pub salts: (Salt, Salt),
}

/// What came of a batch: what to write, and an answer for each job.
pub(crate) struct Ran {
    pub batch: Batch,
    pub answers: Vec<Result<Receipt, Rejection>>,
    pub written: Vec<Written>,
}

/// What rules are judged by.
#[derive(Clone, Copy)]
pub(crate) struct Court<'a> {
    pub store: &'a Store,
    pub rules: &'a Rules,
    pub memo: &'a Memo,
    /// The hash of the engine profile, which stands in every receipt with a plugin's answer.
    pub profile: &'a str,
}

struct Run<'a> {
    court: Court<'a>,
    view: View,
    keys: HashMap<Id, i64>,
    before: HashMap<Id, Record>,
    digests: HashMap<(Id, u32), Digest>,
    head: Head,
    batch: Batch,
    changed: HashMap<Id, usize>,
}

/// Runs a batch on a head; writes nothing.
pub(crate) async fn run(court: Court<'_>, head: &Head, jobs: &[Job]) -> Result<Ran, Rejection> {
    let batch = Batch::on(head);
    let mut run = Run {
        court,
        view: View::default(),
        keys: HashMap::new(),
        before: HashMap::new(),
        digests: HashMap::new(),
        head: head.clone(),
        batch,
        changed: HashMap::new(),
    };
    run.view = View::over(ledger::Snapshot::default());
    run.all(jobs).await
}

/// The jobs behind that are worth asking now: as many as make a batch.
fn near(behind: &[Job]) -> impl Iterator<Item = &Job> {
    let mut acts = 0;
    behind.iter().take_while(move |job| {
        acts += job.command.acts.len();
        acts <= BATCH_ACTS_MAX
    })
}

impl Run<'_> {
    async fn all(mut self, jobs: &[Job]) -> Result<Ran, Rejection> {
        let first: HashSet<Key> = jobs.iter().flat_map(|job| first_keys(&job.command, job.via)).collect();
        self.read(first).await?;
        let (mut answers, mut written) = (Vec::with_capacity(jobs.len()), Vec::new());
        for n in 0..jobs.len() {
            let Some(job) = jobs.get(n) else { break };
            match self.decide(job, jobs.get(n + 1..).unwrap_or_default()).await {
                Ok(judgement) => match self.write(job, judgement) {
                    Ok((one, receipt)) => {
                        written.push(one);
                        answers.push(Ok(receipt));
                    }
                    Err(rejection @ Rejection::TooLarge(_)) => answers.push(Err(rejection)),
                    Err(rejection) => return Err(rejection),
                },
                Err(rejection @ (Rejection::NoAnswer | Rejection::TooMuchToRead)) => {
                    answers.push(Err(rejection))
                }
                Err(rejection) => return Err(rejection),
            }
        }
        self.batch.new = self.head;
        Ok(Ran { batch: self.batch, answers, written })
    }

    /// Judges one job, reading what it needs; the jobs behind it are asked too what they would need,
    /// so that one round of reading serves them all.
    async fn decide(&mut self, job: &Job, behind: &[Job]) -> Result<Judgement, Rejection> {
        for _ in 0..READ_ROUNDS_MAX {
            match self.judge(job) {
                Ok(judgement) => return Ok(judgement),
                Err(NoJudgement::Missing(Missing(keys))) => {
                    let mut wanted: HashSet<Key> = keys.into_iter().collect();
                    for other in near(behind) {
                        match self.judge(other) {
                            Ok(judgement) if judgement.decision.is_ok() => self.view.drop_layer(),
                            Err(NoJudgement::Missing(Missing(keys))) => wanted.extend(keys),
                            _ => {}
                        }
                    }
                    self.read(wanted).await?;
                }
                Err(NoJudgement::NoAnswer(error)) => {
                    tracing::error!(plugin = %error.plugin, class = error.class.as_str(), "no answer from a plugin");
                    return Err(Rejection::NoAnswer);
                }
                Err(NoJudgement::Broken(problem)) => return Err(Rejection::Internal(problem)),
            }
        }
        Err(Rejection::TooMuchToRead)
    }

    fn judge(&mut self, job: &Job) -> Result<Judgement, NoJudgement> {
        let scene =
            Scene { network: self.head.network, sandbox: self.head.sandbox, now: job.now, via: job.via };
        let Run { court, view, .. } = self;
        tokio::task::block_in_place(|| judge(court.rules, court.memo, view, &job.command, scene))
    }

    async fn read(&mut self, keys: HashSet<Key>) -> Result<(), Rejection> {
        let keys: Vec<Key> = keys.into_iter().filter(|key| !self.view.knows(key)).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let _timer = meter::start(Stage::Read);
        let set = self.court.store.read(&self.batch.old, &keys).await?;
        for (id, kept) in set.records {
            if let Some(kept) = &kept {
                self.keys.insert(id, kept.key);
                self.before.insert(id, kept.record.clone());
            }
            self.view.snapshot_mut().know(id, kept.map(|kept| kept.record));
        }
        for (link, ids) in set.links {
            if ids.len() > ledger::limits::LINKED_MAX {
                return Err(Rejection::TooMuchToRead);
            }
            self.view.snapshot_mut().know_links(link, ids);
        }
        Ok(())
    }

    /// Writes a judgement down: entry, records, deadlines, the head moved by one.
    fn write(&mut self, job: &Job, judgement: Judgement) -> Result<(Written, Receipt), Rejection> {
        let permitted = judgement.decision.is_ok();
        let judged = self.judged(&judgement);
        let written = Written {
            command: job.command.clone(),
            via: job.via,
            made: judgement.made,
            due: judgement.due,
            settled: judgement.settled,
            judged,
        };
        let seq = self.head.seq + 1;
        let place = (self.head.network, seq, job.now);
        let sealed = Entry::seal(place, self.head.hash, job.command.id, &written.body(), job.salts);
        let entry = match sealed {
            Ok(entry) if permitted => {
                self.view.merge_layer();
                entry
            }
            Err(error) if permitted => {
                self.view.drop_layer();
                return Err(error.into());
            }
            sealed => sealed?,
        };
        let hash = entry.hash()?;
        self.batch.entries.push((entry, hash));
        if permitted {
            self.apply(&written, seq);
        }
        self.head.seq = seq;
        self.head.hash = hash;
        self.head.clock = advanced(job, permitted);
        self.head.frontier.push(hash);
        let receipt = Receipt {
            network: self.head.network,
            command: job.command.id,
            seq,
            at: job.now,
            entry: hash,
            book: self.court.rules.seq,
            decision: judgement.decision,
            made: written.made.iter().map(|r| (r.class.as_str().to_owned(), r.id, r.version)).collect(),
        };
        Ok((written, receipt))
    }

    fn apply(&mut self, written: &Written, seq: u64) {
        apply(&mut self.batch, &mut self.head, &mut self.changed, &mut self.keys, &self.before, written, seq);
    }

    /// How it was judged: verdict, rules, engines, what was read, and a ruling for each act.
    fn judged(&mut self, judgement: &Judgement) -> Json {
        let mut inputs = Vec::new();
        let mut bytes = Vec::new();
        for record in judgement.reads.values().flatten() {
            // What the command made itself has no key yet, and is no input.
            let Some(key) = self.keys.get(&record.id) else { continue };
            inputs.push(json!([key, record.version]));
            bytes.extend_from_slice(&self.digest(record).0);
        }
        let mut judged = json!({
            "verdict": if judgement.decision.is_ok() { "permit" } else { "refuse" },
            "book": self.court.rules.seq,
            "semantics": self.court.rules.compiled.book.semantics,
            "acts": judgement.acts,
            "inputs": inputs,
            "read": Digest::of(&[&bytes]).to_string(),
        });
        if let Json::Object(map) = &mut judged {
            if judgement.acts.iter().any(called) {
                map.insert("engine".into(), json!(self.court.profile));
            }
            if let Err(refused) = &judgement.decision {
                map.insert("refused".into(), refused.to_json());
            }
        }
        judged
    }

    /// The digest of a record's books part at its version.
    fn digest(&mut self, record: &Record) -> Digest {
        *self.digests.entry((record.id, record.version)).or_insert_with(|| {
            let books = record.fields.to_json(record.class, Part::Books);
            let bytes = journal::canonical::bytes(&books).unwrap_or_default();
            Digest::of(&[&record.id.0, &record.version.to_be_bytes(), &bytes])
        })
    }
}

/// The books' time after a command: a sandbox's clock may have been moved by it.
pub(crate) fn advanced(job: &Job, permitted: bool) -> Instant {
    let by: i64 = job
        .command
        .acts
        .iter()
        .map(|act| match act {
            AnyAct::Governing(GoverningAct::AdvanceClock { by_us }) if permitted => *by_us,
            _ => 0,
        })
        .sum();
    job.now.plus_us(by)
}

/// Whether a plugin was called for an act.
fn called(ruling: &Json) -> bool {
    ["facts", "quote", "duties"].iter().any(|name| ruling.get(name).is_some())
}

/// Takes an entry's records and deadlines into a batch. Rebuilding goes this way too.
pub(crate) fn apply(
    batch: &mut Batch,
    head: &mut Head,
    changed: &mut HashMap<Id, usize>,
    keys: &mut HashMap<Id, i64>,
    before: &HashMap<Id, Record>,
    written: &Written,
    seq: u64,
) {
    for record in &written.made {
        let key = *keys.entry(record.id).or_insert_with(|| {
            let key = head.next_key;
            head.next_key += 1;
            key
        });
        match changed.get(&record.id).and_then(|n| batch.changes.get_mut(*n)) {
            Some(change) => {
                change.after = record.clone();
                change.seq = seq;
            }
            None => {
                changed.insert(record.id, batch.changes.len());
                let before = before.get(&record.id).cloned();
                batch.changes.push(Change { key, seq, before, after: record.clone() });
            }
        }
    }
    for act in &written.command.acts {
        if let AnyAct::Economic(Act::FallDue { commitment, at }) = act {
            batch.carried_out.push((*at, *commitment));
        }
    }
    batch.deadlines.extend(written.due.iter().copied());
    batch.settled.extend(written.settled.iter().copied());
}
