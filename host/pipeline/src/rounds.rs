//! Rounds: what could be shared out now, and what was promised in rounds.

use std::collections::BTreeMap;
use std::sync::Arc;

use governance::AnyAct;
use ledger::Act;
use ledger::round::left_of;
use valueflows::{Class, Id, Prop, Quantity, Record};

use crate::error::Rejection;
use crate::limits::CANDIDATES_MAX;
use crate::reader::Reader;

/// A round that could be held: what is offered and needed of one kind, in one unit.
#[derive(Debug, Clone)]
pub struct Round {
    /// The kind of thing, or of work.
    pub kind: Id,
    /// Its name.
    pub name: String,
    /// The unit.
    pub unit: Id,
    /// The offers, oldest first.
    pub offers: Vec<Arc<Record>>,
    /// The needs, oldest first.
    pub needs: Vec<Arc<Record>>,
}

/// Most offers, and most needs, of a round.
const MOST: usize = ledger::limits::ROUND_LEN_MAX;

impl Round {
    /// How much is offered, or needed, in all.
    pub fn sum(of: &[Arc<Record>]) -> i64 {
        of.iter().filter_map(|intent| left_of(intent)).map(|(_, left)| left.amount).sum()
    }

    /// The act that holds it.
    pub fn act(&self) -> AnyAct {
        let ids = |of: &[Arc<Record>]| of.iter().map(|intent| intent.id).collect();
        AnyAct::Economic(Act::Allocate { offers: ids(&self.offers), needs: ids(&self.needs) })
    }
}

impl Reader {
    /// The rounds that could be held now, by the names of their kinds.
    pub async fn rounds(&mut self) -> Result<Vec<Round>, Rejection> {
        let mut found: BTreeMap<(Id, Id), [Vec<Arc<Record>>; 2]> = BTreeMap::new();
        for intent in self.open_intents().await? {
            let fields = &intent.fields;
            let gives = match (fields.id(Prop::Provider), fields.id(Prop::Receiver)) {
                (Some(_), None) => 0,
                (None, Some(_)) => 1,
                _ => continue,
            };
            let Some(kind) = fields.id(Prop::ResourceConformsTo) else { continue };
            let Some((_, Quantity { unit, .. })) = left_of(&intent) else { continue };
            let side = found.entry((kind, unit)).or_default().get_mut(gives);
            if let Some(side) = side.filter(|side| side.len() < MOST) {
                side.push(intent);
            }
        }
        let mut rounds = Vec::new();
        for ((kind, unit), [offers, needs]) in found {
            if !offers.is_empty() && !needs.is_empty() {
                rounds.push(Round { kind, name: self.title(kind).await?, unit, offers, needs });
            }
        }
        rounds.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(rounds)
    }

    /// What was promised in rounds and is not kept yet, the newest first; so many at the most, of promises that are not
    /// older than the last thousands.
    pub async fn promised_in_rounds(&mut self, most: usize) -> Result<Vec<Arc<Record>>, Rejection> {
        let (mut promises, mut before, mut seen) = (Vec::new(), i64::MAX, 0);
        loop {
            let page = self.list_back(Class::Commitment, before, 500).await?;
            seen += page.records.len();
            let of_a_round = |promise: &Arc<Record>| {
                promise.is_open()
                    && promise.fields.texts(Prop::ResourceClassifiedAs).iter().any(|class| class == "round")
            };
            promises.extend(page.records.into_iter().filter(of_a_round));
            match page.next {
                Some(next) if promises.len() < most && seen < CANDIDATES_MAX => before = next,
                _ => break,
            }
        }
        promises.truncate(most);
        Ok(promises)
    }
}
