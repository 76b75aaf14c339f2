//! Trying a calculation that nobody has voted on: a sandbox is founded anew under its own rules with one binding changed,
//! and its past is lived through again, command by command, by the way of any other command.
//!
//! Nothing of the network that it is tried on changes. Records have other ids in the new network, which follow from its
//! own; commands are rewritten by them. What was decided about rules is left out, since the rules in force are what the
//! new network begins with.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use governance::{AmendAct, AnyAct, Command, GoverningAct};
use ledger::Act;
use policy::{RuleBook, Via};
use serde_json::{Value as Json, json};
use store::Head;
use valueflows::{Class, Decimal, Id, Measure, NetworkId, Part, Prop, Quantity, Value};

use crate::charter::Charter;
use crate::decision::Refused;
use crate::entry::Written;
use crate::error::Rejection;
use crate::limits::{FLIPS_SHOWN_MAX, TRIED_ENTRIES_MAX, VERIFY_BATCH};
use crate::node::Node;
use crate::task::carried_out;
use crate::what_if::about_rules;

/// What came of it.
#[derive(Debug)]
pub struct Lived {
    /// The network that was founded.
    pub network: Head,
    /// Of each agent, who they are there.
    pub agents: Vec<(Id, Id)>,
    /// How many commands came to the same.
    pub same: u64,
    /// How many were not sent again.
    pub left_out: u64,
    /// How many were refused only because something before them was.
    pub following: u64,
    /// What is refused now, and was not.
    pub refused: Flips,
    /// What was refused, and is not now.
    pub allowed: Flips,
    /// What was promised in all, and what is there: how many promises, and so much of each unit.
    pub promises: Vec<Json>,
}

/// Decisions that came out differently.
#[derive(Debug, Default)]
pub struct Flips {
    /// How many.
    pub count: u64,
    /// The first of them: who, what, and why.
    pub shown: Vec<Json>,
}

struct Living<'a> {
    node: &'a Arc<Node>,
    from: NetworkId,
    to: (String, NetworkId),
    /// What every id of the past is there.
    ids: HashMap<Id, Id>,
    /// What was promised in the past, of what somebody pays.
    promised: HashMap<Id, Quantity>,
    lived: Lived,
}

impl Node {
    /// Founds a copy of a sandbox under another book, and lives through its past again.
    pub async fn try_out_book(self: &Arc<Node>, from: &str, charter: &Charter) -> Result<Lived, Rejection> {
        let old = self.head(from).await?;
        if !old.sandbox {
            return Err(Rejection::Rules(format!(
                "`{from}` is no sandbox: what is tried there would be people's own past; found one with `reflow network new \
                 --sandbox`"
            )));
        }
        if old.seq > TRIED_ENTRIES_MAX {
            return Err(Rejection::Rules(format!(
                "`{from}` has {} entries, and no more than {TRIED_ENTRIES_MAX} are lived through again",
                old.seq
            )));
        }
        let first = self.store.entries_from(&old, 1, 1).await?;
        let (first, _) =
            first.first().ok_or_else(|| Rejection::Internal("a network without entries".into()))?;
        let founding = Written::of(first)?;
        let stewards = founding.command.acts.iter().find_map(|act| match act {
            AnyAct::Governing(GoverningAct::Found { stewards, .. }) => Some(stewards.clone()),
            _ => None,
        });
        let stewards =
            stewards.ok_or_else(|| Rejection::Internal("the first entry founds nothing".into()))?;
        let name = self.free_name(from).await?;
        self.found(&name, charter, &stewards, true, Some(first.at)).await?;
        let new = self.head(&name).await?;
        let mut living = Living {
            node: self,
            from: old.network,
            to: (name.clone(), new.network),
            ids: HashMap::from([(old.network, new.network)]),
            promised: HashMap::new(),
            lived: Lived {
                network: new.clone(),
                agents: Vec::new(),
                same: 0,
                left_out: 0,
                following: 0,
                refused: Flips::default(),
                allowed: Flips::default(),
                promises: Vec::new(),
            },
        };
        living.founded(&old, &founding, &new).await?;
        let mut seq = 1;
        while seq < old.seq {
            let entries = self.store.entries_from(&old, seq + 1, VERIFY_BATCH).await?;
            let Some((newest, _)) = entries.last() else { break };
            let newest = newest.seq;
            for (entry, _) in &entries {
                living.entry(entry.seq, &Written::of(entry)?).await?;
            }
            seq = newest;
        }
        let new = self.head(&name).await?;
        living.lived.promises = promises(&self.promised(&old).await?, &self.promised(&new).await?);
        living.lived.network = new;
        Ok(living.lived)
    }

    /// How many promises a network has seen, and how much they were of in all, by the label of the unit.
    async fn promised(&self, head: &Head) -> Result<Promised, Rejection> {
        let rules = self.rules(head).await?;
        let mut promised = Promised::default();
        let mut seq = 0;
        while seq < head.seq {
            let entries = self.store.entries_from(head, seq + 1, VERIFY_BATCH).await?;
            let Some((newest, _)) = entries.last() else { break };
            seq = newest.seq;
            for (entry, _) in &entries {
                for record in Written::of(entry)?.made.iter().filter(|record| record.version == 1) {
                    if record.class != Class::Commitment {
                        continue;
                    }
                    promised.count += 1;
                    let amounts = [Prop::ResourceQuantity, Prop::EffortQuantity];
                    for Quantity { amount, unit } in
                        amounts.into_iter().filter_map(|prop| record.fields.quantity(prop))
                    {
                        let label = rules.units.iter().find(|(_, (id, _))| *id == unit);
                        if let Some((label, (_, decimals))) = label {
                            let (sum, _) = promised.amounts.entry(label.clone()).or_insert((0, *decimals));
                            *sum += amount;
                        }
                    }
                }
            }
        }
        Ok(promised)
    }

    async fn free_name(&self, from: &str) -> Result<String, Rejection> {
        let mut name = format!("{from}-try");
        let mut n = 1;
        while self.store.network_by_name(&name).await?.is_some() {
            n += 1;
            name = format!("{from}-try-{n}");
        }
        Ok(name)
    }
}

#[derive(Default)]
struct Promised {
    count: u64,
    amounts: BTreeMap<String, (i64, u8)>,
}

/// What differs, a row each; nothing, where as much was promised.
fn promises(before: &Promised, now: &Promised) -> Vec<Json> {
    let mut rows = Vec::new();
    if before.count != now.count {
        rows.push(
            json!({"what": "promises", "before": before.count.to_string(), "now": now.count.to_string()}),
        );
    }
    let labels: BTreeSet<&String> = before.amounts.keys().chain(now.amounts.keys()).collect();
    for label in labels {
        let sum = |of: &Promised| of.amounts.get(label).copied();
        let decimals = sum(now).or(sum(before)).map_or(0, |(_, decimals)| decimals);
        let shown = |of: &Promised| {
            let (amount, _) = sum(of).unwrap_or_default();
            format!("{} {label}", Decimal::new(amount, decimals))
        };
        if sum(before).unwrap_or_default().0 != sum(now).unwrap_or_default().0 {
            rows.push(json!({"what": label, "before": shown(before), "now": shown(now)}));
        }
    }
    rows
}

impl Living<'_> {
    /// What founding made, here and there: units by their labels, everything else in its order.
    async fn founded(&mut self, old: &Head, founding: &Written, new: &Head) -> Result<(), Rejection> {
        let entries = self.node.store.entries_from(new, 1, 1).await?;
        let (first, _) = entries.first().ok_or_else(|| Rejection::Internal("nothing was founded".into()))?;
        let there = Written::of(first)?;
        let classes: HashSet<Class> = founding.made.iter().map(|record| record.class).collect();
        for class in classes.into_iter().filter(|class| *class != Class::Unit) {
            let of = |written: &Written| -> Vec<Id> {
                written.made.iter().filter(|record| record.class == class).map(|record| record.id).collect()
            };
            self.ids.extend(of(founding).into_iter().zip(of(&there)));
        }
        let (units, known) = (self.node.rules(new).await?, self.node.rules(old).await?);
        for (label, (id, _)) in &known.units {
            if let Some((there, _)) = units.units.get(label) {
                self.ids.insert(*id, *there);
            }
        }
        self.agents_among(founding);
        Ok(())
    }

    fn agents_among(&mut self, written: &Written) {
        let people = written.made.iter().filter(|record| record.class.is_agent() && record.version == 1);
        let both = people.filter_map(|record| Some((record.id, *self.ids.get(&record.id)?)));
        self.lived.agents.extend(both);
    }

    async fn entry(&mut self, seq: u64, written: &Written) -> Result<(), Rejection> {
        let id = match &written.command.acts[..] {
            [act] if written.via == Via::Clock => self.of_the_clock(act),
            _ => written.command.id,
        };
        let made = written.made.iter().filter(|record| record.version == 1).count() as u32;
        for n in 0..made {
            let (here, there) = (Id::record(self.from, written.command.id, n), Id::record(self.to.1, id, n));
            self.ids.insert(here, there);
        }
        if written.via == Via::Clock {
            self.note(written);
            return Ok(());
        }
        if about_rules(written) {
            self.lived.left_out += 1;
            return Ok(());
        }
        let (command, named) = self.rewritten(written).await?;
        let via = self.via(written.via);
        let receipt = match self.node.send(&self.to.0, command, via).await {
            Ok(receipt) => receipt,
            // What was decided by words that are gone is nothing that could be sent again.
            Err(Rejection::Malformed(_) | Rejection::NoAgent(_)) => {
                self.lived.left_out += 1;
                return Ok(());
            }
            Err(other) => return Err(other),
        };
        self.note(written);
        match (written.decision(), receipt.decision) {
            (Ok(()), Err(refused)) => match refused.by == "ledger" && !self.are_there(&named).await? {
                true => self.lived.following += 1,
                false => self.flip(seq, written, &refused, true),
            },
            (Err(refused), Ok(())) => self.flip(seq, written, &refused, false),
            _ => self.lived.same += 1,
        }
        Ok(())
    }

    /// The id of the command by which the clock does there what it did here.
    fn of_the_clock(&self, act: &AnyAct) -> Id {
        let there = |id: &Id| self.ids.get(id).copied().unwrap_or(*id);
        match act {
            AnyAct::Economic(Act::FallDue { commitment, at }) => {
                carried_out(self.to.1, *at, there(commitment), false).id
            }
            AnyAct::Governing(GoverningAct::Amend(AmendAct::Lapse { record, at })) => {
                carried_out(self.to.1, *at, there(record), true).id
            }
            _ => Id::default(),
        }
    }

    fn note(&mut self, written: &Written) {
        self.agents_among(written);
        let amount = |record: &valueflows::Record| record.fields.quantity(Prop::ResourceQuantity);
        let promises = written.made.iter().filter(|record| record.class == Class::Commitment);
        self.promised.extend(promises.filter_map(|promise| Some((promise.id, amount(promise)?))));
    }

    fn flip(&mut self, seq: u64, written: &Written, refused: &Refused, now_refused: bool) {
        let list = if now_refused { &mut self.lived.refused } else { &mut self.lived.allowed };
        list.count += 1;
        if list.shown.len() < FLIPS_SHOWN_MAX {
            list.shown.push(json!({
                "seq": seq, "agent": written.command.agent, "act": written.command.acts.first().map(AnyAct::name),
                "by": refused.by, "code": refused.code, "sentence": refused.sentence,
            }));
        }
    }

    fn via(&self, via: Via) -> Via {
        match via.delegation().and_then(|id| self.ids.get(&id)) {
            Some(there) => Via::parse(via.as_str(), Some(*there)).unwrap_or(via),
            None => via,
        }
    }

    /// Whether records are in the books there: what was refused there, or never followed, is not.
    async fn are_there(&self, named: &[Id]) -> Result<bool, Rejection> {
        let mut reader = self.node.reader(&self.to.0, self.to.1, Via::Console).await?;
        for id in named {
            if reader.raw(*id).await?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A command as whoever sent it would have sent it there, and the records of the past that it names.
    async fn rewritten(&self, written: &Written) -> Result<(Command, Vec<Id>), Rejection> {
        let mut json = written.command.to_json(Part::Whole);
        if let Json::Object(map) = &mut json {
            // Nobody can sign for them.
            map.remove("signed");
        }
        let mut named = Vec::new();
        self.rename(&mut json, &mut named);
        let mut command =
            Command::from_json(&json).map_err(|error| Rejection::Malformed(error.to_string()))?;
        let agent = command.agent;
        for (act, was) in command.acts.iter_mut().zip(&written.command.acts) {
            self.pays_in_full(act, was).await?;
            self.at_its_price(act, agent).await?;
        }
        Ok((command, named))
    }

    fn rename(&self, json: &mut Json, named: &mut Vec<Id>) {
        match json {
            Json::String(text) => {
                if let Some(there) = text.parse::<Id>().ok().and_then(|id| self.ids.get(&id)) {
                    *text = there.to_string();
                    named.push(*there);
                }
            }
            Json::Array(list) => list.iter_mut().for_each(|one| self.rename(one, named)),
            Json::Object(map) => map.values_mut().for_each(|one| self.rename(one, named)),
            _ => {}
        }
    }

    /// Whoever paid what they owed pays what they owe there.
    async fn pays_in_full(&self, act: &mut AnyAct, was: &AnyAct) -> Result<(), Rejection> {
        let (
            AnyAct::Economic(Act::Record { event, .. }),
            AnyAct::Economic(Act::Record { event: before, .. }),
        ) = (act, was)
        else {
            return Ok(());
        };
        let ([promise], [promised]) = (event.ids(Prop::Fulfills), before.ids(Prop::Fulfills)) else {
            return Ok(());
        };
        let Some(owed) = self.promised.get(promised) else { return Ok(()) };
        let mut reader = self.node.reader(&self.to.0, self.to.1, Via::Console).await?;
        let owes = reader.raw(*promise).await?.and_then(|one| one.fields.quantity(Prop::ResourceQuantity));
        let (Some(owes), Some(Value::Measure(paid))) = (owes, event.get(Prop::ResourceQuantity).cloned())
        else {
            return Ok(());
        };
        let decimals = reader.decimals(owes.unit).await?;
        let unit = self.ids.get(&owed.unit).copied();
        if unit == Some(paid.unit) && paid.value.in_scale(decimals).ok() == Some(owed.amount) {
            let value = Decimal::new(owes.amount, decimals);
            event.set(Prop::ResourceQuantity, Value::Measure(Measure { value, unit: owes.unit }));
        }
        Ok(())
    }

    /// Whoever accepted a price accepts the one that it is there.
    async fn at_its_price(&self, act: &mut AnyAct, agent: Id) -> Result<(), Rejection> {
        let AnyAct::Economic(Act::Accept { intent, receiver, until, quote }) = act else { return Ok(()) };
        let mut reader = self.node.reader(&self.to.0, agent, Via::Console).await?;
        *quote = match reader.quote(*intent, *receiver, *until).await? {
            Ok(Some(quoted)) => Some(quoted.named),
            Ok(None) | Err(_) => None,
        };
        Ok(())
    }
}

/// A book with a calculation bound in it that was not, or in the place of another, and with policies more.
pub fn with_binding(
    book: &RuleBook,
    instead: Option<&str>,
    binding: policy::Binding,
    policies: &[String],
) -> Result<RuleBook, Rejection> {
    let mut book = book.clone();
    match instead.and_then(|name| book.bindings.iter().position(|known| known.plugin == name)) {
        Some(place) => {
            if let Some(bound) = book.bindings.get_mut(place) {
                *bound = binding.clone();
            }
        }
        None => book.bindings.push(binding.clone()),
    }
    let actions = book.actions.clone();
    book = book.defining(actions);
    for text in policies {
        book = policy::draft::with_rule(&book, "", text)?;
    }
    let Some(named) = instead.filter(|name| *name != binding.plugin) else { return Ok(book) };
    // What counts votes is named by the ways of deciding.
    let mut json = book.to_json()?;
    if let Some(decisions) = json.get_mut("decisions") {
        count_by(decisions, named, &binding.plugin);
    }
    Ok(RuleBook::from_json(&json)?)
}

fn count_by(json: &mut Json, old: &str, new: &str) {
    match json {
        Json::Object(map) => {
            for (name, value) in map.iter_mut() {
                match value {
                    Json::String(text) if name == "by" && text == old => *text = new.to_owned(),
                    value => count_by(value, old, new),
                }
            }
        }
        Json::Array(list) => list.iter_mut().for_each(|one| count_by(one, old, new)),
        _ => {}
    }
}
