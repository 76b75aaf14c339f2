//! Asking plugins, with a memo: an answer is a function of component, settings and input alone, so it
//! is the same answer whenever the three are the same.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use journal::Digest;
use lru::LruCache;
use sandbox::{CallError, Older, types};

use crate::input::Input;
use crate::limits::MEMO_LEN_MAX;
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
}

/// Answers kept to be used again; bounded, and never needed for a right answer.
pub struct Memo {
    kept: Mutex<LruCache<Digest, Arc<Kept>>>,
}

impl Default for Memo {
    fn default() -> Memo {
        let len = NonZeroUsize::new(MEMO_LEN_MAX).unwrap_or(NonZeroUsize::MIN);
        Memo { kept: Mutex::new(LruCache::new(len)) }
    }
}

/// The digest under which an answer is kept; settings are part of the context.
fn digest<T: Older>(bound: &Bound, input: &Input, item: &T) -> Digest {
    let [context, item] = bound.plugin.asked(&input.context, item);
    Digest::of(&[bound.plugin.digest.as_bytes(), b"\0", &context, b"\0", &item])
}

macro_rules! ask {
    ($(#[$doc:meta])* $name:ident, $method:ident, $variant:ident, $item:ty, $verdict:ty) => {
        $(#[$doc])*
        #[expect(clippy::disallowed_methods, reason = "measured, never decided upon")]
        pub fn $name(&self, bound: &Bound, input: &Input, item: $item) -> Result<Told<$verdict>, CallError> {
            let key = digest(bound, input, &item);
            if let Some(Kept::$variant(verdict, fuel)) = self.get(&key).as_deref() {
                return Ok(Told { verdict: verdict.clone(), fuel: *fuel, input: key, took_us: 0 });
            }
            let begun = std::time::Instant::now();
            let answer = bound.plugin.$method(&input.context, &[item])?;
            let took_us = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
            let fuel = answer.fuel;
            let verdict = answer.verdicts.into_iter().next().ok_or_else(|| {
                bound.plugin.fail(sandbox::FailureClass::WrongShape, "it did not answer")
            })?;
            self.put(key, Kept::$variant(verdict.clone(), fuel));
            Ok(Told { verdict, fuel, input: key, took_us })
        }
    };
}

impl Memo {
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
    judge, judge, Gate, types::Act, types::GateVerdict }
    ask! { /// The price of a deal.
    quote, quote, Quote, types::Deal, types::QuoteVerdict }
    ask! { /// What follows from a cause.
    oblige, oblige, Duty, types::Cause, types::DutyVerdict }
    ask! { /// What comes of a vote.
    count, count, Count, types::Poll, types::CountVerdict }
}
