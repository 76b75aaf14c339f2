//! The board: open offers that the reader may see, in the order that the network's matching plugin
//! gives, with its reasons.

use std::sync::Arc;

use ledger::Missing;
use sandbox::{Answering, types};
use valueflows::{Class, Id, Prop, Record};

use crate::error::Rejection;
use crate::gathered;
use crate::input::{self, Anchors, Input, Item};
use crate::limits::{CANDIDATES_MAX, READ_ROUNDS_MAX};
use crate::reader::Reader;
use crate::rules::Bound;

/// An offer on the board.
#[derive(Debug)]
pub struct Offer {
    /// The intent.
    pub intent: Arc<Record>,
    /// Why it stands where it stands, in words.
    pub because: Option<String>,
}

impl Reader {
    /// The open offers and needs that the reader may see, oldest first, as many as are looked at.
    pub(crate) async fn open_intents(&mut self) -> Result<Vec<Arc<Record>>, Rejection> {
        let (mut open, mut after) = (Vec::new(), 0);
        while open.len() < CANDIDATES_MAX {
            let page = self.list(Class::Intent, after, 500).await?;
            open.extend(page.records.into_iter().filter(|intent| intent.is_open()));
            match page.next {
                Some(next) => after = next,
                None => break,
            }
        }
        open.truncate(CANDIDATES_MAX);
        Ok(open)
    }

    /// Those of them that offer something.
    async fn offered(&mut self) -> Result<Vec<Arc<Record>>, Rejection> {
        let mut open = self.open_intents().await?;
        open.retain(|intent| intent.fields.id(Prop::Provider).is_some());
        Ok(open)
    }

    /// The board, best first, with reasons in a language where there are such; `most` at the most.
    pub async fn board(&mut self, most: usize, language: &str) -> Result<Vec<Offer>, Rejection> {
        let open = self.offered().await?;
        let ranked = self.rank(&open, most, language).await?;
        let mut offers = Vec::new();
        match ranked {
            None => offers.extend(open.into_iter().take(most).map(|intent| Offer { intent, because: None })),
            Some(ranked) => {
                for (id, because) in ranked {
                    if let Some(intent) = open.iter().find(|intent| intent.id == id) {
                        offers.push(Offer { intent: intent.clone(), because: Some(because) });
                    }
                }
            }
        }
        Ok(offers)
    }

    /// What is asked for and open, the newest first; `most` at the most.
    pub async fn needs(&mut self, most: usize) -> Result<Vec<Arc<Record>>, Rejection> {
        let (mut needs, mut before) = (Vec::new(), i64::MAX);
        loop {
            let page = self.list_back(Class::Intent, before, 500).await?;
            let wanted = |intent: &Arc<Record>| {
                let fields = &intent.fields;
                intent.is_open() && fields.id(Prop::Receiver).is_some() && fields.id(Prop::Provider).is_none()
            };
            needs.extend(page.records.into_iter().filter(wanted));
            match page.next {
                Some(next) if needs.len() < most => before = next,
                _ => break,
            }
        }
        needs.truncate(most);
        Ok(needs)
    }

    /// Why an offer stands on the reader's board where it stands, or not at all, in a language where there are words for
    /// it; nothing where no plugin says so. `most` is how long the board is.
    pub async fn why_there(
        &mut self,
        offer: Id,
        most: usize,
        language: &str,
    ) -> Result<Option<String>, Rejection> {
        let rules = self.rules.clone();
        let answers = |bound: &&Bound| bound.plugin.manifest.answers(Answering::WhyNot);
        let Some(bound) = rules.ranking().filter(answers) else { return Ok(None) };
        let open = self.offered().await?;
        let Some((input, wish)) = self.wish(bound, &open, most).await? else { return Ok(None) };
        let Some(about) = input.row_of(Some(offer)) else { return Ok(None) };
        let ask = types::Ask::WhyNot(types::Doubt { wish, about });
        match self.asked(bound, &input, ask).await? {
            Some(types::MatchVerdict::Why(because)) => {
                Ok(Some(gathered::words_in(bound, &input, &because, language)))
            }
            _ => Ok(None),
        }
    }

    /// The order and reasons of the matching plugin; `None` without one, or when it fails: a board
    /// out of order is better than none.
    async fn rank(
        &mut self,
        open: &[Arc<Record>],
        most: usize,
        language: &str,
    ) -> Result<Option<Vec<(Id, String)>>, Rejection> {
        let rules = self.rules.clone();
        let Some(bound) = rules.ranking().filter(|_| !open.is_empty()) else { return Ok(None) };
        let Some((input, wish)) = self.wish(bound, open, most).await? else { return Ok(None) };
        let candidates = wish.candidates.clone();
        let answer = self.asked(bound, &input, types::Ask::Rank(wish)).await?;
        let Some(types::MatchVerdict::Ranking(ranking)) = answer else { return Ok(None) };
        let named = |ranked: &types::Ranked| {
            let place = candidates.iter().position(|row| *row == ranked.candidate)?;
            Some((open.get(place)?.id, gathered::words_in(bound, &input, &ranked.because, language)))
        };
        Ok(Some(ranking.iter().take(most).filter_map(named).collect()))
    }

    /// What the reader looks for among offers, as the plugin is asked: one item, the seeker, and the candidates with whoever
    /// offers them.
    async fn wish(
        &mut self,
        bound: &Bound,
        open: &[Arc<Record>],
        most: usize,
    ) -> Result<Option<(Input, types::Wish)>, Rejection> {
        let seeker = self.agent;
        let candidate = |intent: &Arc<Record>| Anchors {
            about: Some(intent.id),
            provider: intent.fields.id(Prop::Provider),
            stock: intent.fields.id(Prop::ResourceInventoriedAs),
            ..Anchors::default()
        };
        let wisher = Anchors { principal: Some(seeker), receiver: Some(seeker), ..Anchors::default() };
        let anchors = std::iter::once(wisher).chain(open.iter().map(candidate)).collect();
        let items = [Item { anchors, units: Vec::new() }];
        for _ in 0..READ_ROUNDS_MAX {
            match input::build(&self.view, bound, self.time(), &items) {
                Err(Missing(keys)) => self.know(Missing(keys)).await?,
                Ok(input) => {
                    let wish = types::Wish {
                        seeker: input.row(seeker),
                        candidates: open.iter().map(|intent| input.row(intent.id)).collect(),
                        most: u32::try_from(most).unwrap_or(u32::MAX),
                    };
                    return Ok(Some((input, wish)));
                }
            }
        }
        Ok(None)
    }

    /// Asks on the pool, in the network's turn; nothing where it gives no answer.
    async fn asked(
        &mut self,
        bound: &Bound,
        input: &Input,
        ask: types::Ask,
    ) -> Result<Option<types::MatchVerdict>, Rejection> {
        let (plugin, context) = (bound.plugin.clone(), input.context.clone());
        let answer = self.node.pool.run(self.head.key, move || plugin.answer(&context, &[ask])).await?;
        let verdict = answer.map(|answer| answer.verdicts.into_iter().next());
        if let Err(error) = &verdict {
            tracing::warn!(%error, plugin = bound.binding.plugin, "no answer about the board");
        }
        Ok(verdict.unwrap_or_default())
    }
}
