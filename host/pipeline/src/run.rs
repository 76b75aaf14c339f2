//! Running a batch: read by need, judge in order, write down what came of it. Live commands and
//! verification go this same way; they differ in where time and salts come from.
//!
//! Judging happens on the pool, in slices; reading happens between them. What was read stays known from
//! batch to batch: every change goes through the lane, and a commit that finds the head moved on throws
//! all of it away.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use governance::{AmendAct, AnyAct, Command, GoverningAct};
use journal::{Digest, Entry, Salt};
use ledger::{Act, Key, Missing, View};
use policy::{Scene, SignedBy, Via};
use sandbox::Sandbox;
use serde_json::{Value as Json, json};
use store::{Batch, Change, Head, State, Store};
use valueflows::{Id, Instant, Part, Record};

use crate::counting;
use crate::decision::Receipt;
use crate::entry::Written;
use crate::error::Rejection;
use crate::judge::{Given, Judgement, NoJudgement, first_keys, judge};
use crate::limits::{BATCH_ACTS_MAX, KNOWN_MAX, READ_ROUNDS_MAX, SLICE_MS};
use crate::meter::{self, Stage};
use crate::plugins::Memo;
use crate::pool::Pool;
use crate::rules::Rules;

/// A command with all that is not its own.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub command: Command,
    pub via: Via,
    pub now: Instant,
    pub salts: (Salt, Salt),
    /// The rulings of its entry, where it is judged again.
    pub recorded: Option<Arc<Vec<Json>>>,
    /// The engine that it was judged by, if it is judged again: under another one, fuel is taken as it was.
    pub engine: Option<String>,
}

/// What came of a batch: what to write, and an answer for each job.
pub(crate) struct Ran {
    pub batch: Batch,
    pub answers: Vec<Result<Receipt, Rejection>>,
    pub written: Vec<Written>,
    /// What plugins took, microseconds.
    pub plugin_us: u64,
}

/// What rules are judged by.
#[derive(Clone)]
pub(crate) struct Court {
    pub store: Store,
    pub rules: Arc<Rules>,
    pub memo: Arc<Memo>,
    /// Its engine profile's hash stands in every receipt with a plugin's answer.
    pub sandbox: Arc<Sandbox>,
    pub pool: Arc<Pool>,
}

/// What is known of the books at the head, and at batches on top of it that are being written.
#[derive(Default)]
pub(crate) struct Known {
    view: View,
    keys: HashMap<Id, i64>,
    digests: HashMap<(Id, u32), Digest>,
}

impl Known {
    /// The oldest batch that was being written stands.
    pub fn land(&mut self) {
        self.view.land();
    }

    /// Whether so much is known that it is better forgotten.
    pub fn is_full(&self) -> bool {
        self.view.size() > KNOWN_MAX
    }
}

struct Run {
    court: Court,
    known: Known,
    head: Head,
    batch: Batch,
    changed: HashMap<Id, usize>,
    jobs: Arc<Vec<Job>>,
    /// The job that is judged next, and how often something had to be read for it.
    next: usize,
    rounds: usize,
    answers: Vec<Result<Receipt, Rejection>>,
    written: Vec<Written>,
    plugin_us: u64,
}

/// Where judging has come to when it gives its thread back.
enum Step {
    Done,
    Slice,
    Read(HashSet<Key>),
    Failed(Rejection),
}

/// Runs a batch on a head; writes nothing. What is known comes back with the batch on top of it.
pub(crate) async fn run(
    court: &Court,
    known: Known,
    head: &Head,
    jobs: Vec<Job>,
) -> Result<(Known, Ran), Rejection> {
    let first: HashSet<Key> =
        jobs.iter().flat_map(|job| first_keys(&job.command, head.network, job.via)).collect();
    let mut run = Run {
        court: court.clone(),
        known,
        head: head.clone(),
        batch: Batch::on(head),
        changed: HashMap::new(),
        answers: Vec::with_capacity(jobs.len()),
        written: Vec::with_capacity(jobs.len()),
        jobs: Arc::new(jobs),
        next: 0,
        rounds: 0,
        plugin_us: 0,
    };
    run.known.view.begin();
    run.read(first).await?;
    loop {
        let slice = move || {
            let step = run.slice();
            (run, step)
        };
        let (back, step) = court.pool.run(head.key, slice).await?;
        run = back;
        match step {
            Step::Slice => {}
            Step::Read(keys) => run.read(keys).await?,
            Step::Failed(rejection) => return Err(rejection),
            Step::Done => break,
        }
    }
    run.batch.new = run.head;
    let Run { known, batch, answers, written, plugin_us, .. } = run;
    Ok((known, Ran { batch, answers, written, plugin_us }))
}

/// The jobs behind that are worth asking now: as many as make a batch.
fn near(behind: &[Job]) -> impl Iterator<Item = &Job> {
    let mut acts = 0;
    behind.iter().take_while(move |job| {
        acts += job.command.acts.len();
        acts <= BATCH_ACTS_MAX
    })
}

impl Run {
    /// Judges job after job until something has to be read, the slice is over, or all are judged.
    #[expect(clippy::disallowed_methods, reason = "measured, never decided upon")]
    fn slice(&mut self) -> Step {
        let begin = std::time::Instant::now();
        let jobs = self.jobs.clone();
        while let Some(job) = jobs.get(self.next) {
            let answer = match self.judge(job) {
                Ok(judgement) => {
                    self.plugin_us += judgement.plugin_us;
                    self.write(job, judgement)
                }
                Err(NoJudgement::Missing(_)) if self.rounds >= READ_ROUNDS_MAX => {
                    Err(Rejection::TooMuchToRead)
                }
                Err(NoJudgement::Missing(Missing(keys))) => {
                    self.rounds += 1;
                    return Step::Read(self.wanted(keys, jobs.get(self.next + 1..).unwrap_or_default()));
                }
                Err(NoJudgement::NoAnswer(error)) => {
                    tracing::error!(plugin = %error.plugin, class = error.class.as_str(), "no answer from a plugin");
                    Err(Rejection::NoAnswer)
                }
                Err(NoJudgement::Broken(problem)) => Err(Rejection::Internal(problem)),
            };
            match answer {
                Err(rejection @ Rejection::Internal(_)) => return Step::Failed(rejection),
                // What cannot be answered, or would be too large, refuses itself alone.
                answer => self.answers.push(answer),
            }
            (self.next, self.rounds) = (self.next + 1, 0);
            if begin.elapsed() > Duration::from_millis(SLICE_MS) {
                return Step::Slice;
            }
        }
        Step::Done
    }

    /// What a job misses, and what the jobs behind it would miss, so that one round of reading serves
    /// them all.
    fn wanted(&mut self, keys: Vec<Key>, behind: &[Job]) -> HashSet<Key> {
        let mut wanted: HashSet<Key> = keys.into_iter().collect();
        for other in near(behind) {
            match self.judge(other) {
                Ok(judgement) if judgement.decision.is_ok() => self.known.view.drop_layer(),
                Err(NoJudgement::Missing(Missing(keys))) => wanted.extend(keys),
                _ => {}
            }
        }
        wanted
    }

    fn judge(&mut self, job: &Job) -> Result<Judgement, NoJudgement> {
        let (network, sandbox) = (self.head.network, self.head.sandbox);
        let scene = Scene { network, sandbox, now: job.now, via: job.via, signed_by: SignedBy::Node };
        let Run { court, known, .. } = self;
        let recorded = job.recorded.as_ref().map(|rulings| rulings.as_slice());
        let given = Given { recorded, seed: counting::seed(&job.salts.0) };
        judge(&court.rules, &court.memo, &mut known.view, &job.command, scene, given)
    }

    async fn read(&mut self, keys: HashSet<Key>) -> Result<(), Rejection> {
        let keys: Vec<Key> = keys.into_iter().filter(|key| !self.known.view.knows(key)).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let _timer = meter::start(Stage::Read);
        let set = self.court.store.read(&self.batch.old, &keys).await?;
        let Known { view, keys, .. } = &mut self.known;
        for (id, kept) in set.records {
            if let Some(kept) = &kept {
                keys.insert(id, kept.key);
            }
            view.snapshot_mut().know(id, kept.map(|kept| kept.record));
        }
        for (link, ids) in set.links {
            if ids.len() > ledger::limits::linked_max(link.class) {
                return Err(Rejection::TooMuchToRead);
            }
            view.snapshot_mut().know_links(link, ids);
        }
        for (class, ids) in set.classes {
            view.snapshot_mut().know_all(class, ids);
        }
        Ok(())
    }

    /// Writes a judgement down: entry, records, deadlines, the head moved by one.
    fn write(&mut self, job: &Job, judgement: Judgement) -> Result<Receipt, Rejection> {
        let permitted = judgement.decision.is_ok();
        let judged = self.judged(job, &judgement);
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
                self.known.view.merge_layer();
                entry
            }
            Err(error) if permitted => {
                self.known.view.drop_layer();
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
        if permitted && leaves(&job.command) {
            self.head.state = State::Moved;
        }
        self.head.frontier.push(hash);
        let receipt = Receipt {
            network: self.head.network,
            command: job.command.id,
            seq,
            at: job.now,
            entry: hash,
            book: self.court.rules.seq,
            signed_by: judgement.signed_by,
            decision: judgement.decision,
            made: written.made.iter().map(|r| (r.class.as_str().to_owned(), r.id, r.version)).collect(),
        };
        self.written.push(written);
        Ok(receipt)
    }

    fn apply(&mut self, written: &Written, seq: u64) {
        let Run { batch, head, changed, known: Known { view, keys, .. }, .. } = self;
        apply(batch, head, changed, keys, &|id| view.before(id), written, seq);
    }

    /// How it was judged: verdict, rules, engines, what was read, and a ruling for each act.
    fn judged(&mut self, job: &Job, judgement: &Judgement) -> Json {
        let mut inputs = Vec::new();
        let mut bytes = Vec::new();
        for record in judgement.reads.values().flatten() {
            // What the command made itself has no key yet, and is no input.
            let Some(key) = self.known.keys.get(&record.id) else { continue };
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
                let own = self.court.sandbox.profile();
                let engine = job.engine.as_deref().unwrap_or(own);
                map.insert("engine".into(), json!(engine));
                if engine != own
                    && let (Some(acts), Some(recorded)) = (map.get_mut("acts"), &job.recorded)
                {
                    take_fuel(acts, &Json::Array(recorded.to_vec()));
                }
            }
            if judgement.signed_by != SignedBy::Node {
                map.insert("signedBy".into(), json!(judgement.signed_by.as_str()));
            }
            if let Err(refused) = &judgement.decision {
                map.insert("refused".into(), refused.to_json());
            }
        }
        judged
    }

    /// The digest of a record's books part at its version.
    fn digest(&mut self, record: &Record) -> Digest {
        *self.known.digests.entry((record.id, record.version)).or_insert_with(|| {
            let books = record.fields.to_json(record.class, Part::Books);
            let bytes = journal::canonical::bytes(&books).unwrap_or_default();
            Digest::of(&[&record.id.0, &record.version.to_be_bytes(), &bytes])
        })
    }
}

/// Takes the fuel of every call as it was noted: two engines may count it differently.
fn take_fuel(again: &mut Json, noted: &Json) {
    match (again, noted) {
        (Json::Object(again), Json::Object(noted)) => {
            for (name, value) in again.iter_mut() {
                let Some(noted) = noted.get(name) else { continue };
                match name.as_str() {
                    "fuel" => *value = noted.clone(),
                    _ => take_fuel(value, noted),
                }
            }
        }
        (Json::Array(again), Json::Array(noted)) => {
            again.iter_mut().zip(noted).for_each(|(again, noted)| take_fuel(again, noted));
        }
        _ => {}
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

/// Whether a network leaves this node with a command.
fn leaves(command: &Command) -> bool {
    command.acts.iter().any(|act| matches!(act, AnyAct::Governing(GoverningAct::MoveNetwork { .. })))
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
    before: &dyn Fn(Id) -> Option<Arc<Record>>,
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
                let before = before(record.id);
                batch.changes.push(Change { key, seq, before, after: record.clone() });
            }
        }
    }
    for act in &written.command.acts {
        match act {
            AnyAct::Economic(Act::FallDue { commitment: of, at })
            | AnyAct::Governing(GoverningAct::Amend(AmendAct::Lapse { record: of, at })) => {
                batch.carried_out.push((*at, *of));
            }
            AnyAct::Governing(GoverningAct::Erase(act)) => batch.erased.extend(&act.entries),
            _ => {}
        }
    }
    // Whatever is judged after this entry is judged under these rules.
    if written.enacts().is_some() {
        head.book_seq = seq;
    }
    // What is settled has no deadline any more that was set before it.
    batch.deadlines.retain(|(_, id)| !written.settled.contains(id));
    batch.deadlines.extend(written.standing());
    batch.settled.extend(written.settled.iter().copied());
}
