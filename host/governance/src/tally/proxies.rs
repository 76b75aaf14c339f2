//! Proxies: somebody who does not vote lets somebody else's ballot count for them.

use std::collections::{BTreeMap, BTreeSet};

use valueflows::Id;

use super::{Cast, Voter};

/// Whose ballot counts for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proxy {
    /// For whom.
    pub from: Id,
    /// Whose.
    pub to: Id,
}

/// Ballots with those that proxies add. Whoever votes has voted; of the others the ballot counts that their
/// proxy cast, or that one's proxy, and so on; in a circle nobody did. A proxy needs no vote of their own.
pub fn with_proxies(electorate: &[Voter], casts: &[Cast], proxies: &[Proxy]) -> Vec<Cast> {
    let mut said: BTreeMap<Id, &Cast> = BTreeMap::new();
    for cast in casts {
        said.insert(cast.voter, cast);
    }
    let next: BTreeMap<Id, Id> = proxies.iter().map(|proxy| (proxy.from, proxy.to)).collect();
    let lent = |voter: &Voter| {
        let mut seen = BTreeSet::new();
        let mut at = voter.id;
        while seen.insert(at) {
            at = *next.get(&at)?;
            if let Some(cast) = said.get(&at) {
                return Some(Cast { voter: voter.id, ballot: cast.ballot.clone() });
            }
        }
        None
    };
    let silent = electorate.iter().filter(|voter| !said.contains_key(&voter.id));
    casts.iter().cloned().chain(silent.filter_map(lent)).collect()
}
