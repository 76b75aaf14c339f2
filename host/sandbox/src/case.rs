//! A case: what a plugin is asked, and what it says. Laws make cases up, authors write some down as examples, receipts
//! keep those that were asked; all are asked in one way.

mod found;

use serde::{Deserialize, Serialize};

use crate::call::{Answer, Plugin};
use crate::error::CallError;
use crate::manifest::Manifest;
use crate::types;

/// What a plugin is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// What is known.
    pub context: types::Context,
    /// What is asked.
    pub items: Items,
    /// How a law turns the case round.
    #[serde(default)]
    pub twist: u8,
}

/// The items of a world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "one a world, described in wit/")]
pub enum Items {
    Acts(Vec<types::Act>),
    Deals(Vec<types::Deal>),
    Causes(Vec<types::Cause>),
    Asks(Vec<types::Ask>),
    Polls(Vec<types::Poll>),
}

/// What is said, an answer an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "one a world, described in wit/")]
pub enum Verdicts {
    Gate(Vec<types::GateVerdict>),
    Quote(Vec<types::QuoteVerdict>),
    Duty(Vec<types::DutyVerdict>),
    Match(Vec<types::MatchVerdict>),
    Count(Vec<types::CountVerdict>),
}

/// What an item names, by kind.
#[derive(Debug, Clone, Default)]
struct Named {
    principal: Vec<u32>,
    provider: Vec<u32>,
    receiver: Vec<u32>,
    stock: Vec<u32>,
    agreement: Vec<u32>,
    spec: Vec<u32>,
}

impl Plugin {
    /// What it says to a case, and the fuel that it took.
    pub fn ask(&self, case: &Case) -> Result<(Verdicts, u64), CallError> {
        fn as_verdicts<T>(answer: Answer<T>, of: fn(Vec<T>) -> Verdicts) -> (Verdicts, u64) {
            (of(answer.verdicts), answer.fuel)
        }
        let context = &case.context;
        Ok(match &case.items {
            Items::Acts(acts) => as_verdicts(self.judge(context, acts)?, Verdicts::Gate),
            Items::Deals(deals) => as_verdicts(self.quote(context, deals)?, Verdicts::Quote),
            Items::Causes(causes) => as_verdicts(self.oblige(context, causes)?, Verdicts::Duty),
            Items::Asks(asks) => as_verdicts(self.answer(context, asks)?, Verdicts::Match),
            Items::Polls(polls) => as_verdicts(self.count(context, polls)?, Verdicts::Count),
        })
    }
}

fn nth<T: Clone>(items: &[T], n: usize) -> Vec<T> {
    items.get(n).cloned().into_iter().collect()
}

fn again<T: Clone>(items: &[T], count: usize) -> Vec<T> {
    items.iter().cycle().take(count).cloned().collect()
}

impl Verdicts {
    /// The n-th alone.
    pub fn nth(&self, n: usize) -> Verdicts {
        match self {
            Verdicts::Gate(verdicts) => Verdicts::Gate(nth(verdicts, n)),
            Verdicts::Quote(verdicts) => Verdicts::Quote(nth(verdicts, n)),
            Verdicts::Duty(verdicts) => Verdicts::Duty(nth(verdicts, n)),
            Verdicts::Match(verdicts) => Verdicts::Match(nth(verdicts, n)),
            Verdicts::Count(verdicts) => Verdicts::Count(nth(verdicts, n)),
        }
    }
}

impl Items {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Items::Acts(items) => items.len(),
            Items::Deals(items) => items.len(),
            Items::Causes(items) => items.len(),
            Items::Asks(items) => items.len(),
            Items::Polls(items) => items.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn nth(&self, n: usize) -> Items {
        match self {
            Items::Acts(items) => Items::Acts(nth(items, n)),
            Items::Deals(items) => Items::Deals(nth(items, n)),
            Items::Causes(items) => Items::Causes(nth(items, n)),
            Items::Asks(items) => Items::Asks(nth(items, n)),
            Items::Polls(items) => Items::Polls(nth(items, n)),
        }
    }

    fn named(&self, context: &types::Context) -> Vec<Named> {
        match self {
            Items::Acts(acts) => acts.iter().map(Named::by_act).collect(),
            Items::Deals(deals) => deals.iter().map(Named::by_deal).collect(),
            Items::Causes(causes) => causes.iter().map(|cause| Named::by_cause(*cause, context)).collect(),
            Items::Asks(asks) => asks.iter().map(|ask| Named::by_ask(ask, context)).collect(),
            Items::Polls(polls) => polls.iter().map(|_| Named::default()).collect(),
        }
    }
}

impl Case {
    /// Finds what the needs of a manifest find among the rows of the case.
    pub fn find(&mut self, manifest: &Manifest) {
        let named = self.items.named(&self.context);
        let found = manifest.needs.iter().map(|need| found::find(&self.context, need, &named)).collect();
        self.context.found = found;
    }

    /// The same with one item alone, and what was found for it.
    pub(crate) fn alone(&self, n: usize) -> Case {
        let mut one = self.clone();
        for found in &mut one.context.found {
            let at = |n: usize| found.starts.get(n).map_or(0, |start| *start as usize);
            let rows = found.rows.get(at(n)..at(n + 1)).unwrap_or_default().to_vec();
            let cut = if found.cut.contains(&(n as u32)) { vec![0] } else { Vec::new() };
            *found = types::Found { need: found.need.clone(), starts: vec![0, rows.len() as u32], rows, cut };
        }
        one.items = self.items.nth(n);
        one
    }

    /// The same, about so many items: its own, again and again.
    pub fn repeated(&self, manifest: &Manifest, count: usize) -> Case {
        let mut more = self.clone();
        more.items = match &self.items {
            Items::Acts(items) => Items::Acts(again(items, count)),
            Items::Deals(items) => Items::Deals(again(items, count)),
            Items::Causes(items) => Items::Causes(again(items, count)),
            Items::Asks(items) => Items::Asks(again(items, count)),
            Items::Polls(items) => Items::Polls(again(items, count)),
        };
        more.find(manifest);
        more
    }

    /// How many items there are.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }
}

fn some(row: Option<u32>) -> Vec<u32> {
    row.into_iter().collect()
}

impl Named {
    fn by_act(act: &types::Act) -> Named {
        Named {
            principal: vec![act.principal],
            provider: some(act.provider),
            receiver: some(act.receiver),
            stock: some(act.stock),
            agreement: some(act.agreement),
            spec: some(act.spec),
        }
    }

    /// Whoever would get something asks what it costs.
    fn by_deal(deal: &types::Deal) -> Named {
        Named {
            principal: vec![deal.receiver],
            provider: vec![deal.provider],
            receiver: vec![deal.receiver],
            stock: some(deal.stock),
            spec: some(deal.spec),
            ..Named::default()
        }
    }

    fn by_cause(cause: types::Cause, context: &types::Context) -> Named {
        let promise = |row: u32| {
            let made = context.commitments.get(row as usize);
            made.map(|made| (made.provider, made.receiver, made.stock, made.spec, made.agreement))
        };
        let parties = match cause {
            types::Cause::Happened(row) => {
                let event = context.events.get(row as usize);
                event.map(|event| (event.provider, event.receiver, event.stock, event.spec, event.agreement))
            }
            types::Cause::Promised(row) => promise(row),
            types::Cause::FellDue(fallen) => promise(fallen.promise),
        };
        let (provider, receiver, stock, spec, agreement) = parties.unwrap_or_default();
        Named {
            principal: some(provider),
            provider: some(provider),
            receiver: some(receiver),
            stock: some(stock),
            agreement: some(agreement),
            spec: some(spec),
        }
    }

    fn by_ask(ask: &types::Ask, context: &types::Context) -> Named {
        let intents = |rows: &[u32]| -> Vec<types::Intent> {
            rows.iter().filter_map(|row| context.intents.get(*row as usize)).cloned().collect()
        };
        let (offers, seekers) = match ask {
            types::Ask::Rank(wish) | types::Ask::WhyNot(types::Doubt { wish, .. }) => {
                (intents(&wish.candidates), vec![wish.seeker])
            }
            types::Ask::Allocate(round) => {
                let needs = intents(&round.needs);
                (intents(&round.offers), needs.iter().filter_map(|need| need.receiver).collect())
            }
        };
        Named {
            principal: seekers.clone(),
            receiver: seekers,
            provider: offers.iter().filter_map(|offer| offer.provider).collect(),
            stock: offers.iter().filter_map(|offer| offer.stock).collect(),
            ..Named::default()
        }
    }
}
