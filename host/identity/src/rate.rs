//! How often: by account, by token, by the name that is signed in with; never by address, which behind
//! Tor or a proxy everybody shares. Kept in memory, bounded, and forgotten with the process.

use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::Mutex;

use lru::LruCache;
use valueflows::Instant;

/// Keys remembered by one rate; whoever is forgotten starts afresh.
pub const KEYS_MAX: usize = 10_000;

/// A rate: one each so many microseconds, and so many at once (the generic cell rate algorithm).
#[derive(Debug)]
pub struct Rate<K: Hash + Eq> {
    each_us: i64,
    burst_us: i64,
    /// When the next one would be due if everybody kept to the rate.
    due: Mutex<LruCache<K, i64>>,
}

impl<K: Hash + Eq> Rate<K> {
    /// So many a minute, and so many at once.
    pub fn new(a_minute: i64, at_once: i64) -> Rate<K> {
        Rate::every(Instant::MINUTE_US / a_minute.max(1), at_once)
    }

    /// One each so many microseconds, and so many at once.
    pub fn every(each_us: i64, at_once: i64) -> Rate<K> {
        let keys = NonZeroUsize::new(KEYS_MAX).unwrap_or(NonZeroUsize::MIN);
        let due = Mutex::new(LruCache::new(keys));
        Rate { each_us, burst_us: each_us.saturating_mul(at_once.saturating_sub(1)), due }
    }

    /// Takes one; otherwise answers with the seconds to wait, at least one.
    pub fn take(&self, key: K, now: Instant) -> Result<(), u64> {
        // A poisoned rate limits nobody.
        let Ok(mut due) = self.due.lock() else { return Ok(()) };
        let at = due.get(&key).copied().unwrap_or(now.0).max(now.0);
        let early = at - now.0 - self.burst_us;
        if early > 0 {
            return Err(u64::try_from(early).unwrap_or_default().div_ceil(1_000_000));
        }
        due.put(key, at.saturating_add(self.each_us));
        Ok(())
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Asker {
    /// A session's account.
    Account(i64),
    /// A token, by its digest.
    Token(Vec<u8>),
}

/// The rates of a node's doors.
#[derive(Debug)]
pub struct Rates {
    /// Signing in, by network and name: enough for a slip, useless for guessing.
    pub sign_in: Rate<(i64, String)>,
    /// Asking whether an address is somebody's, by account: nobody fills another's letter box.
    pub letters: Rate<i64>,
    /// Asking to join, by network: whoever asks is nobody yet, so it is one rate for all of them.
    pub join: Rate<i64>,
    /// Asking for anything, by account or token.
    pub ask: Rate<Asker>,
    /// Dry runs, by account or token: each may take a core for a while.
    pub dry_run: Rate<Asker>,
}

impl Default for Rates {
    fn default() -> Rates {
        // A command holds up to a thousand acts: a hundred commands a second are more than a node decides.
        Rates {
            sign_in: Rate::new(10, 10),
            letters: Rate::every(20 * Instant::MINUTE_US, 3),
            join: Rate::new(6, 20),
            ask: Rate::new(6_000, 1_000),
            dry_run: Rate::new(600, 60),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_the_rate_each_key_for_itself() {
        let rate = Rate::new(60, 3);
        let at = |s: i64| Instant(s * 1_000_000);
        for n in 0..3 {
            assert_eq!(rate.take("a", at(0)), Ok(()), "{n}");
        }
        assert_eq!(rate.take("a", at(0)), Err(1));
        assert_eq!(rate.take("b", at(0)), Ok(()), "others are not touched");
        assert_eq!(rate.take("a", at(1)), Ok(()), "a second later there is room for one");
        assert_eq!(rate.take("a", at(1)), Err(1));
        for n in 0..3 {
            assert_eq!(
                rate.take("a", at(100)),
                Ok(()),
                "{n}: time that passed is not saved up beyond the burst"
            );
        }
        assert_eq!(rate.take("a", at(100)), Err(1));
    }

    #[test]
    fn so_many_keys_are_remembered() {
        let rate = Rate::new(1, 1);
        for n in 0..=KEYS_MAX {
            assert_eq!(rate.take(n, Instant(0)), Ok(()));
        }
        assert_eq!(rate.take(0, Instant(0)), Ok(()), "the oldest was forgotten");
        assert_eq!(rate.take(KEYS_MAX, Instant(0)), Err(60));
    }
}
