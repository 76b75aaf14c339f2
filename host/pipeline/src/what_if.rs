//! What if: a network's own past, judged again in order as if other rules had been in force.
//!
//! The books follow the candidate: whoever would have been refused has nothing to bring back, and whoever would
//! have paid more owes more. So what stands in the end is what would have stood. Changes of the rules themselves,
//! and votes on them, are taken as they were: they are what the candidate is about, not what it is tried on.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use governance::{AnyAct, GoverningAct};
use journal::Entry;
use ledger::Act;
use policy::{RuleBook, Via};
use serde_json::{Value as Json, json};
use valueflows::{Class, Decimal, Id, Instant, Measure, Prop, Quantity, Record, Value};

use crate::decision::Refused;
use crate::entry::Written;
use crate::error::Rejection;
use crate::limits::{FLIPS_SHOWN_MAX, SIMULATED_AT_ONCE, VERIFY_BATCH, WHAT_IF_MAX};
use crate::reader::Reader;
use crate::rules::{Rules, hash};
use crate::simulation::Simulation;

/// A decision that would have been another one.
#[derive(Debug, Clone)]
struct Flip {
    seq: u64,
    at: Instant,
    agent: Id,
    command: Id,
    act: &'static str,
    /// Why it would have been refused; or why it was.
    refused: Refused,
}

/// How much of the past was looked at, and how.
#[derive(Debug, Clone, Default)]
struct Coverage {
    from: u64,
    to: u64,
    /// Commands judged again.
    judged: u64,
    /// Of these, how many came to the same verdict.
    same: u64,
    /// Entries about the rules themselves, taken as they were.
    taken: u64,
    /// Deadlines that fell in the past, and how many would have fallen.
    fell: (u64, u64),
    /// Entries that nobody can judge again, since somebody's words in them are erased.
    erased: u64,
}

/// What came of it.
#[derive(Default)]
struct Outcome {
    coverage: Coverage,
    refused: Vec<Flip>,
    allowed: Vec<Flip>,
    /// By the kind of act: as it was, refused, allowed.
    acts: BTreeMap<&'static str, [u64; 3]>,
    /// Refused only because something before it would have been.
    following: u64,
    /// Promises to pay as they were, and as they would have been.
    was: HashMap<Id, Record>,
    would_be: HashMap<Id, Record>,
}

/// Rules that a past is tried on: prices are not held against what was shown under others.
fn rehearsing(rules: Rules) -> Arc<Rules> {
    Arc::new(Rules { rehearsing: true, ..rules })
}

struct Run {
    simulation: Simulation,
    outcome: Outcome,
    /// Records that would not be there, and those that somebody would have had.
    lost: HashSet<Id>,
}

impl Run {
    fn take(&mut self, written: &Written) {
        self.simulation.take(written);
    }

    /// What falls due before an instant.
    fn fall(&mut self, now: Instant) -> Result<(), Rejection> {
        for (_, fallen) in self.simulation.until(now)? {
            self.outcome.coverage.fell.1 += 1;
            note(&mut self.outcome.would_be, &fallen.made);
        }
        Ok(())
    }

    /// Whoever paid what they owed would have paid what they would have owed.
    fn pays_in_full(&self, act: &mut AnyAct) {
        let AnyAct::Economic(Act::Record { event, .. }) = act else { return };
        let [promise] = event.ids(Prop::Fulfills) else { return };
        let quantity = |record: &Record| record.fields.quantity(Prop::ResourceQuantity);
        let owed = self.outcome.was.get(promise).and_then(quantity);
        let would_owe = self.simulation.record(*promise).as_deref().and_then(quantity);
        let (Some(owed), Some(would_owe), Some(Value::Measure(paid))) =
            (owed, would_owe, event.get(Prop::ResourceQuantity))
        else {
            return;
        };
        let decimals = self.simulation.rules().units.values().find(|(id, _)| *id == would_owe.unit);
        let Some((_, decimals)) = decimals else { return };
        let in_full = paid.unit == owed.unit && paid.value.in_scale(*decimals).ok() == Some(owed.amount);
        if in_full && owed != would_owe {
            let value = Decimal::new(would_owe.amount, *decimals);
            event.set(Prop::ResourceQuantity, Value::Measure(Measure { value, unit: would_owe.unit }));
        }
    }

    fn entry(&mut self, entry: &Entry, written: &Written) -> Result<(), Rejection> {
        note(&mut self.outcome.was, &written.made);
        if about_rules(written) {
            self.outcome.coverage.taken += 1;
            self.simulation.take(written);
            return Ok(());
        }
        if written.via == Via::Clock {
            self.outcome.coverage.fell.0 += 1;
            return Ok(());
        }
        self.fall(entry.at)?;
        if entry.is_erased() {
            self.outcome.coverage.erased += 1;
            note(&mut self.outcome.would_be, &written.made);
            self.simulation.take(written);
            return Ok(());
        }
        let mut command = written.command.clone();
        command.acts.iter_mut().for_each(|act| self.pays_in_full(act));
        let simulated = self.simulation.send(&command, written.via, entry.at)?;
        note(&mut self.outcome.would_be, &simulated.made);
        self.outcome.coverage.judged += 1;
        let flip = |refused: Refused| Flip {
            seq: entry.seq,
            at: entry.at,
            agent: written.command.agent,
            command: written.command.id,
            act: written.command.acts.first().map_or("", AnyAct::name),
            refused,
        };
        let first = written.command.acts.first().map_or("", AnyAct::name);
        let [same, narrower, wider] = self.outcome.acts.entry(first).or_default();
        match (written.decision(), simulated.decision) {
            (Ok(()), Err(refused)) => {
                *narrower += 1;
                // The books know nothing of what was refused before: that is no decision of its own.
                let follows = refused.by == "ledger" && !self.lost.is_empty();
                self.lost
                    .extend(written.made.iter().filter(|record| record.version == 1).map(|record| record.id));
                match follows {
                    true => self.outcome.following += 1,
                    false => self.outcome.refused.push(flip(refused)),
                }
            }
            (Err(refused), Ok(())) => {
                *wider += 1;
                self.outcome.allowed.push(flip(refused));
            }
            _ => {
                *same += 1;
                self.outcome.coverage.same += 1;
            }
        }
        Ok(())
    }
}

/// Whether an entry is about the rules themselves.
pub(crate) fn about_rules(written: &Written) -> bool {
    let about = |act: &AnyAct| {
        matches!(
            act,
            AnyAct::Governing(
                GoverningAct::Amend(_)
                    | GoverningAct::Stop(_)
                    | GoverningAct::Withhold(_)
                    | GoverningAct::Erase(_)
                    | GoverningAct::Found { .. }
                    | GoverningAct::MoveNetwork { .. }
            )
        )
    };
    // What ends a role is a deadline of the past like others.
    let ends_role = written.made.iter().any(|made| made.class == Class::Membership);
    written.command.acts.iter().any(about) && !(written.via == Via::Clock && ends_role)
}

/// Keeps promises to pay, each as it was left last.
fn note(kept: &mut HashMap<Id, Record>, made: &[Record]) {
    for record in made.iter().filter(|record| record.class == Class::Commitment) {
        let pays = record.fields.action().is_some_and(|action| action.as_str() == "transfer");
        if pays && (record.version == 1 || kept.contains_key(&record.id)) {
            kept.insert(record.id, record.clone());
        }
    }
}

/// The agreement that a promise is part of.
fn agreement_of(promise: &Record) -> Option<Id> {
    promise.fields.id(Prop::ClauseOf).or(promise.fields.id(Prop::ReciprocalClauseOf))
}

/// What the agreements of promises are about, as a simulation left them.
fn things_lent(simulation: Simulation, promises: &HashMap<Id, Record>) -> HashMap<Id, Option<Id>> {
    let thing = |agreement: Id| simulation.record(agreement)?.fields.id(Prop::ResourceInventoriedAs);
    promises.values().filter_map(agreement_of).map(|agreement| (agreement, thing(agreement))).collect()
}

/// What somebody would have been promised and would have promised, of each unit: in all.
type Balances = BTreeMap<(Id, Id), i64>;

/// Adds promises up, for whom and for which thing.
fn balances(
    promises: &HashMap<Id, Record>,
    sign: i64,
    (agents, things): (&mut Balances, &mut Balances),
    thing_of: &HashMap<Id, Option<Id>>,
) {
    for promise in promises.values() {
        let fields = &promise.fields;
        let Some(Quantity { amount, unit }) = fields.quantity(Prop::ResourceQuantity) else { continue };
        if let Some(from) = fields.id(Prop::Provider) {
            *agents.entry((from, unit)).or_default() -= sign * amount;
        }
        if let Some(to) = fields.id(Prop::Receiver) {
            *agents.entry((to, unit)).or_default() += sign * amount;
        }
        let thing = agreement_of(promise).and_then(|agreement| thing_of.get(&agreement)).copied().flatten();
        if let Some(thing) = thing {
            *things.entry((thing, unit)).or_default() += sign * amount;
        }
    }
}

impl Reader {
    /// What would have come of the last so many entries under other rules. Whose decisions the reader may not see
    /// are counted and not named. `progress` is told how many entries are done.
    pub async fn what_if(
        &mut self,
        book: &RuleBook,
        last: u64,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Json, Rejection> {
        let head = self.head.clone();
        let last = last.min(WHAT_IF_MAX).min(head.seq.saturating_sub(1));
        let from = head.seq - last + 1;
        let rules = rehearsing(self.candidate(book).await?);
        let simulation = Simulation::new(rules.clone(), self.node.memo.clone(), head.network, head.sandbox);
        let mut run = Run { simulation, outcome: Outcome::default(), lost: HashSet::new() };
        run.outcome.coverage = Coverage { from, to: head.seq, ..Coverage::default() };
        let mut seq = 0;
        while seq < head.seq {
            let entries = self.node.store.entries_from(&head, seq + 1, VERIFY_BATCH).await?;
            let Some((newest, _)) = entries.last() else { break };
            seq = newest.seq;
            for some in entries.chunks(SIMULATED_AT_ONCE) {
                let some = some.to_vec();
                let step = move || {
                    let outcome = some.iter().try_for_each(|(entry, _)| {
                        let written = Written::of(entry)?;
                        match entry.seq < from {
                            true => {
                                run.take(&written);
                                Ok(())
                            }
                            false => run.entry(entry, &written),
                        }
                    });
                    (run, outcome)
                };
                let (back, outcome) = self.node.pool.run(head.key, step).await?;
                run = back;
                outcome?;
            }
            progress(seq);
        }
        let last = move || {
            let outcome = run.fall(head.clock);
            (run, outcome)
        };
        let (run, outcome) = self.node.pool.run(self.head.key, last).await?;
        outcome?;
        let digest = hash(book)?;
        self.in_words(run, &digest).await
    }

    /// The same of a rule change that the reader may see, where it changes rules.
    pub async fn what_if_of(&mut self, amendment: &Record, last: u64) -> Result<Option<Json>, Rejection> {
        let Some(book) = self.candidate_of(amendment).await? else { return Ok(None) };
        let book = RuleBook::from_json(&book)?;
        self.what_if(&book, last, &|_| {}).await.map(Some)
    }

    /// A book that is not in force, with its plugins; units that it brings along stand for themselves.
    async fn candidate(&mut self, book: &RuleBook) -> Result<Rules, Rejection> {
        let mut units = self.rules.units.clone();
        for unit in &book.units {
            let made_up = Id::of_iri(&format!("urn:reflow:unit:{}", unit.label));
            units.entry(unit.label.clone()).or_insert((made_up, unit.decimals));
        }
        self.node.prepare(book, &self.rules.withheld, self.rules.seq, units).await
    }

    async fn in_words(&mut self, run: Run, digest: &str) -> Result<Json, Rejection> {
        let Run { simulation, outcome, .. } = run;
        let Outcome { coverage, refused, allowed, acts, following, was, would_be } = outcome;
        let (mut agents, mut things) = (Balances::new(), Balances::new());
        let things_then = things_lent(simulation, &would_be);
        balances(&would_be, 1, (&mut agents, &mut things), &things_then);
        let things_now = self.things_of(&was).await?;
        balances(&was, -1, (&mut agents, &mut things), &things_now);
        let coverage = json!({
            "from": coverage.from, "to": coverage.to, "judged": coverage.judged, "same": coverage.same,
            "takenAsTheyWere": coverage.taken, "deadlinesThatFell": coverage.fell.0,
            "deadlinesThatWouldHaveFallen": coverage.fell.1, "erased": coverage.erased,
        });
        let counts = (refused.len() as u64, allowed.len() as u64);
        Ok(json!({
            "candidate": digest, "inForce": self.rules.hash, "coverage": coverage,
            "refused": counts.0, "allowed": counts.1, "following": following,
            "words": words(counts, following), "acts": by_act(&acts),
            "wouldHaveBeenRefused": self.shown(&refused).await?,
            "wouldHaveBeenAllowed": self.shown(&allowed).await?,
            "network": self.node.own_agent(&self.head.name).await?,
            "agents": self.amounts(&agents).await?, "things": self.amounts(&things).await?,
        }))
    }

    async fn things_of(
        &mut self,
        promises: &HashMap<Id, Record>,
    ) -> Result<HashMap<Id, Option<Id>>, Rejection> {
        let mut found = HashMap::new();
        for id in promises.values().filter_map(agreement_of) {
            if let std::collections::hash_map::Entry::Vacant(free) = found.entry(id) {
                let agreement = self.raw(id).await?;
                free.insert(agreement.and_then(|one| one.fields.id(Prop::ResourceInventoriedAs)));
            }
        }
        Ok(found)
    }

    /// The flips that the reader may see, the first so many.
    async fn shown(&mut self, flips: &[Flip]) -> Result<Json, Rejection> {
        let mut shown = Vec::new();
        for flip in flips {
            if shown.len() >= FLIPS_SHOWN_MAX {
                break;
            }
            if !self.sees_decision(flip.agent, flip.command).await? {
                continue;
            }
            shown.push(json!({
                "seq": flip.seq, "at": flip.at.0, "agent": flip.agent, "name": self.title(flip.agent).await?,
                "command": flip.command, "act": flip.act, "code": flip.refused.code,
                "sentence": flip.refused.sentence,
                "policies": flip.refused.reasons.iter().map(|reason| &reason.policy).collect::<Vec<_>>(),
            }));
        }
        Ok(Json::Array(shown))
    }

    /// Who, or what, would have been promised more or less.
    async fn amounts(&mut self, balances: &Balances) -> Result<Json, Rejection> {
        let mut rows = Vec::new();
        for ((id, unit), change) in balances.iter().filter(|(_, change)| **change != 0) {
            let decimals = self.decimals(*unit).await?;
            let label = self.raw(*unit).await?.map(|unit| unit.title()).unwrap_or_default();
            let quantity = Quantity { amount: *change, unit: *unit };
            rows.push(json!({
                "id": id, "name": self.title(*id).await?, "unit": label, "unitId": unit, "change": change,
                "amount": quantity.decimal(decimals).to_string(),
                "shown": format!("{} {label}", quantity.decimal(decimals)),
            }));
        }
        rows.sort_by_key(|row| row["change"].as_i64());
        Ok(Json::Array(rows))
    }
}

/// Act by act: whether the past would have been narrower, wider, or as it was.
fn by_act(acts: &BTreeMap<&'static str, [u64; 3]>) -> Json {
    let one = |(act, [same, narrower, wider]): (&&str, &[u64; 3])| {
        let is = match (narrower, wider) {
            (0, 0) => "equal",
            (_, 0) => "narrower",
            (0, _) => "wider",
            _ => "narrower and wider",
        };
        json!({"act": act, "same": same, "refused": narrower, "allowed": wider, "is": is})
    };
    acts.iter().map(one).collect()
}

fn acts(count: u64) -> String {
    if count == 1 { "1 act".to_owned() } else { format!("{count} acts") }
}

fn words((refused, allowed): (u64, u64), following: u64) -> String {
    let mut said = match (refused, allowed) {
        (0, 0) => "Every act would have been decided as it was".to_owned(),
        (0, allowed) => format!("{} would have been allowed that were refused", acts(allowed)),
        (refused, 0) => format!("{} would have been refused", acts(refused)),
        (refused, allowed) => format!("{} would have been refused, {allowed} newly allowed", acts(refused)),
    };
    if following > 0 {
        said.push_str(&format!("; {} that followed from them would not have been possible", acts(following)));
    }
    said.push('.');
    said
}
