//! Asking plugins, with a memo: an answer is a function of component, settings and input alone, so it
//! is the same answer whenever the three are the same.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use journal::Digest;
use lru::LruCache;
use sandbox::{CallError, Case, Items, Older, Plugin, Verdicts, types};

use crate::input::Input;
use crate::limits::MEMO_LEN_MAX;
use crate::receipts::Call;
use crate::rules::Bound;

/// An answer to one item, with what it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Told<T> {
    /// The verdict.
    pub verdict: T,
    /// Fuel used.
    pub fuel: u64,
    /// The digest of component, settings and input.
    pub input: Digest,
    /// What the call took, microseconds; nothing, where the answer was known.
    pub took_us: u64,
}

#[derive(Clone)]
enum Kept {
    Gate(types::GateVerdict, u64),
    Quote(types::QuoteVerdict, u64),
    Duty(types::DutyVerdict, u64),
    Count(types::CountVerdict, u64),
    Match(types::MatchVerdict, u64),
}

/// Answers kept to be used again; bounded, and never needed for a right answer.
pub struct Memo {
    kept: Mutex<LruCache<Digest, Arc<Kept>>>,
    /// What was asked, word for word, where somebody wants to know.
    calls: Option<Mutex<Vec<Call>>>,
}

impl Default for Memo {
    fn default() -> Memo {
        let len = NonZeroUsize::new(MEMO_LEN_MAX).unwrap_or(NonZeroUsize::MIN);
        Memo { kept: Mutex::new(LruCache::new(len)), calls: None }
    }
}

/// The first half of a digest in hexadecimal, as receipts keep it.
pub fn short(digest: &Digest) -> String {
    digest.to_string().chars().take(32).collect()
}

/// The digest under which an answer is kept; settings are part of the context.
fn digest<T: Older>(plugin: &Plugin, context: &types::Context, item: &T) -> Digest {
    let [context, item] = plugin.asked(context, item);
    Digest::of(&[plugin.digest.as_bytes(), b"\0", &context, b"\0", &item])
}

/// The digest of what a plugin is asked in a case: of its first item, since a receipt's cases have one.
pub fn input_of(plugin: &Plugin, case: &Case) -> Option<Digest> {
    let context = &case.context;
    match &case.items {
        Items::Acts(items) => items.first().map(|item| digest(plugin, context, item)),
        Items::Deals(items) => items.first().map(|item| digest(plugin, context, item)),
        Items::Causes(items) => items.first().map(|item| digest(plugin, context, item)),
        Items::Asks(items) => items.first().map(|item| digest(plugin, context, item)),
        Items::Polls(items) => items.first().map(|item| digest(plugin, context, item)),
    }
}

macro_rules! ask {
    ($(#[$doc:meta])* $name:ident, $variant:ident, $items:ident, $item:ty, $verdict:ty) => {
        $(#[$doc])*
        #[expect(clippy::disallowed_methods, reason = "measured, never decided upon")]
        pub fn $name(&self, bound: &Bound, input: &Input, item: $item) -> Result<Told<$verdict>, CallError> {
            let key = digest(&bound.plugin, &input.context, &item);
            if let Some(Kept::$variant(verdict, fuel)) = self.get(&key).as_deref() {
                return Ok(Told { verdict: verdict.clone(), fuel: *fuel, input: key, took_us: 0 });
            }
            let begun = std::time::Instant::now();
            let answer = bound.plugin.$name(&input.context, std::slice::from_ref(&item))?;
            let took_us = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
            let fuel = answer.fuel;
            let verdict = answer.verdicts.into_iter().next().ok_or_else(|| {
                bound.plugin.fail(sandbox::FailureClass::WrongShape, "it did not answer")
            })?;
            if let Some(Ok(mut calls)) = self.calls.as_ref().map(Mutex::lock) {
                calls.push(Call {
                    plugin: bound.binding.plugin.clone(),
                    component: bound.plugin.digest.clone(),
                    case: Case { context: input.context.clone(), items: Items::$items(vec![item]), twist: 0 },
                    verdicts: Verdicts::$variant(vec![verdict.clone()]),
                    fuel,
                    input: short(&key),
                });
            }
            self.put(key, Kept::$variant(verdict.clone(), fuel));
            Ok(Told { verdict, fuel, input: key, took_us })
        }
    };
}

impl Memo {
    /// One that notes what is asked.
    pub fn keeping_calls() -> Memo {
        Memo { calls: Some(Mutex::default()), ..Memo::default() }
    }

    /// What was asked, in the order in which it was.
    pub fn calls(&self) -> Vec<Call> {
        let calls = self.calls.as_ref().and_then(|calls| calls.lock().ok());
        calls.map(|calls| calls.clone()).unwrap_or_default()
    }

    fn get(&self, key: &Digest) -> Option<Arc<Kept>> {
        // A poisoned memo is an empty memo.
        self.kept.lock().ok()?.get(key).cloned()
    }

    fn put(&self, key: Digest, kept: Kept) {
        if let Ok(mut memo) = self.kept.lock() {
            memo.put(key, Arc::new(kept));
        }
    }

    ask! { /// Facts, or a veto, about an act.
    judge, Gate, Acts, types::Act, types::GateVerdict }
    ask! { /// The price of a deal.
    quote, Quote, Deals, types::Deal, types::QuoteVerdict }
    ask! { /// What follows from a cause.
    oblige, Duty, Causes, types::Cause, types::DutyVerdict }
    ask! { /// Who gets what of a round.
    answer, Match, Asks, types::Ask, types::MatchVerdict }
    ask! { /// What comes of a vote.
    count, Count, Polls, types::Poll, types::CountVerdict }
}
