//! Reading under the same rules as acting: every record is judged for its reader, row by row, and
//! counted only afterwards.

use std::collections::HashMap;
use std::sync::Arc;

use governance::{AmendAct, AnyAct, GoverningAct, membership};
use ledger::{Missing, QuoteRef, Snapshot, Stop, View};
use policy::{Ask, Scene, SignedBy, Verdict, Via};
use store::Head;
use valueflows::limits::UNIT_DECIMALS_DEFAULT;
use valueflows::{Class, Id, Instant, Prop, Record};

use crate::decision::{Receipt, Refused};
use crate::entry::Written;
use crate::error::Rejection;
use crate::gathered::Heard;
use crate::halt::Halt;
use crate::input::Anchors;
use crate::judge::{Given, NoJudgement, judge};
use crate::limits::{QUOTE_US, READ_ROUNDS_MAX};
use crate::node::Node;
use crate::plugins::Memo;
use crate::quote::{self, NoPrice, Quote};
use crate::rules::{Bound, Gone, Rules};
use crate::stopped::Stops;

/// Somebody reading one network at one position.
pub struct Reader {
    pub(crate) node: Arc<Node>,
    pub(crate) head: Head,
    pub(crate) rules: Arc<Rules>,
    pub(crate) agent: Id,
    pub(crate) view: View,
    /// Of the classes whose records are seen alike, whether they are.
    pub(crate) alike: HashMap<Class, bool>,
    via: Via,
}

impl Node {
    /// Opens a network for a reader.
    pub async fn reader(self: &Arc<Node>, network: &str, agent: Id, via: Via) -> Result<Reader, Rejection> {
        let head = self.head(network).await?;
        let rules = self.rules(&head).await?;
        let (view, alike) = (View::over(Snapshot::default()), HashMap::new());
        Ok(Reader { node: self.clone(), head, rules, agent, view, alike, via })
    }
}

impl Reader {
    /// The position that is read.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The rules in force.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Who reads.
    pub fn agent(&self) -> Id {
        self.agent
    }

    /// The books' time.
    pub fn time(&self) -> Instant {
        crate::node::time(&self.head)
    }

    /// By which door it is read: what is sent for the same reader goes by it too.
    pub fn via(&self) -> Via {
        self.via
    }

    pub(crate) fn scene(&self) -> Scene {
        let signed_by = SignedBy::Node;
        Scene {
            network: self.head.network,
            sandbox: self.head.sandbox,
            now: self.time(),
            via: self.via,
            signed_by,
        }
    }

    pub(crate) async fn know(&mut self, Missing(keys): Missing) -> Result<(), Rejection> {
        let set = self.node.store.read(&self.head, &keys).await?;
        for (id, kept) in set.records {
            self.view.snapshot_mut().know(id, kept.map(|kept| kept.record));
        }
        for (link, ids) in set.links {
            self.view.snapshot_mut().know_links(link, ids);
        }
        for (class, ids) in set.classes {
            self.view.snapshot_mut().know_all(class, ids);
        }
        Ok(())
    }

    /// Asks something that may run plugins: on the pool, in the network's turn.
    async fn ask_rules<T: Send + 'static>(
        &mut self,
        ask: impl FnOnce(&mut View, &Rules, &Memo) -> T + Send + 'static,
    ) -> Result<T, Rejection> {
        let mut view = std::mem::take(&mut self.view);
        let (rules, memo) = (self.rules.clone(), self.node.memo.clone());
        let asked = move || {
            let answer = ask(&mut view, &rules, &memo);
            (view, answer)
        };
        let (view, answer) = self.node.pool.run(self.head.key, asked).await?;
        self.view = view;
        Ok(answer)
    }

    pub(crate) async fn raw(&mut self, id: Id) -> Result<Option<Arc<Record>>, Rejection> {
        loop {
            match self.view.record(id) {
                Ok(record) => return Ok(record),
                Err(missing) => self.know(missing).await?,
            }
        }
    }

    /// Whether the reader may see a record.
    pub async fn sees(&mut self, record: &Arc<Record>) -> Result<bool, Rejection> {
        Ok(self.visible(std::slice::from_ref(record)).await?.contains(&true))
    }

    pub(crate) fn allowed(&self, ask: &Ask) -> Result<bool, Rejection> {
        let ruling = self.rules.compiled.decide(&self.view, self.scene(), ask, &[])?;
        Ok(ruling.verdict == Verdict::Permit)
    }

    /// A record, if it is there and the reader may see it; the two are not told apart.
    pub async fn get(&mut self, id: Id) -> Result<Option<Arc<Record>>, Rejection> {
        match self.raw(id).await? {
            Some(record) if self.sees(&record).await? => Ok(Some(record)),
            _ => Ok(None),
        }
    }

    /// What to call a record: its title where the reader may see it, else the start of its id. Everybody may know
    /// who they are themselves.
    pub async fn title(&mut self, id: Id) -> Result<String, Rejection> {
        if id == self.agent {
            return Ok(self.me().await?.map_or_else(|| id.short(), |record| record.title()));
        }
        Ok(self.get(id).await?.map_or_else(|| id.short(), |record| record.title()))
    }

    /// The decimals of a unit. They are no secret, whatever the rules about seeing say: an amount read
    /// with others would be another amount.
    pub async fn decimals(&mut self, unit: Id) -> Result<u8, Rejection> {
        Ok(self.raw(unit).await?.map_or(UNIT_DECIMALS_DEFAULT, |unit| unit.decimals()))
    }

    /// The reader's own membership, whatever the rules about seeing say: everybody may know who they are.
    pub async fn membership(&mut self) -> Result<Option<Arc<Record>>, Rejection> {
        loop {
            match membership::of(&self.view, self.agent) {
                Ok(found) => return Ok(found),
                Err(missing) => self.know(missing).await?,
            }
        }
    }

    /// The record of the reader's own agent.
    pub async fn me(&mut self) -> Result<Option<Arc<Record>>, Rejection> {
        self.raw(self.agent).await
    }

    /// How a command was judged, if the reader may know.
    pub async fn decision(&mut self, command: Id) -> Result<Option<(Receipt, Written)>, Rejection> {
        let Some((receipt, written)) = self.judged(command).await? else { return Ok(None) };
        let sees = self.sees_written(&written).await?;
        Ok(sees.then_some((receipt, written)))
    }

    /// How a command was judged, whoever may know.
    pub(crate) async fn judged(&mut self, command: Id) -> Result<Option<(Receipt, Written)>, Rejection> {
        let Some((entry, hash)) = self.node.store.entry_of(&self.head, command).await? else {
            return Ok(None);
        };
        let written = Written::of(&entry)?;
        Ok(Some((crate::lane::receipt(&self.head, &written, (entry.seq, entry.at, hash)), written)))
    }

    /// Whether the reader may know what a command was and how it was judged. What was said in a case or on a closed
    /// ballot is in the command too: whoever may not see that sees no such command of others.
    pub(crate) async fn sees_written(&mut self, written: &Written) -> Result<bool, Rejection> {
        let command = &written.command;
        if !self.sees_decision(command.agent, command.id).await? {
            return Ok(false);
        }
        if command.agent == self.agent {
            return Ok(true);
        }
        let closed = |record: &&Record| matches!(record.class, Class::Case | Class::Ballot);
        let mut about: Vec<Id> = written.made.iter().filter(closed).map(|record| record.id).collect();
        for act in &command.acts {
            match act {
                AnyAct::Governing(GoverningAct::Case(act)) => match act.case() {
                    Some(case) => about.push(case),
                    None if written.decision().is_err() => return Ok(false),
                    None => {}
                },
                AnyAct::Governing(GoverningAct::Amend(AmendAct::Cast { .. } | AmendAct::Enter { .. }))
                    if written.decision().is_err() =>
                {
                    return Ok(false);
                }
                _ => {}
            }
        }
        for id in about {
            if self.get(id).await?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What the clock and the operator do is everybody's to know who sees the network at all.
    pub(crate) async fn sees_decision(&mut self, of: Id, command: Id) -> Result<bool, Rejection> {
        if of == self.head.network {
            return self.sees_network().await;
        }
        for _ in 0..READ_ROUNDS_MAX {
            match Ask::to_see_decision(&self.view, self.scene(), self.agent, of, command) {
                Ok(ask) => return self.allowed(&ask),
                Err(Stop::Missing(missing)) => self.know(missing).await?,
                Err(Stop::Refused(_)) => return Ok(false),
            }
        }
        Ok(false)
    }

    async fn sees_network(&mut self) -> Result<bool, Rejection> {
        for _ in 0..READ_ROUNDS_MAX {
            match Ask::to_see_network(&self.view, self.scene(), self.agent) {
                Ok(ask) => return self.allowed(&ask),
                Err(Stop::Missing(missing)) => self.know(missing).await?,
                Err(Stop::Refused(_)) => return Ok(false),
            }
        }
        Ok(false)
    }

    /// What borrowing would cost: asked of the pricing plugin with what is known now.
    pub async fn quote(
        &mut self,
        intent: Id,
        receiver: Id,
        until: Instant,
    ) -> Result<Result<Option<Quote>, Refused>, Rejection> {
        let Some(offer) = self.get(intent).await? else {
            return Ok(Ok(None));
        };
        let rules = self.rules.clone();
        let Some(found) = rules.pricing("borrow") else { return Ok(Ok(None)) };
        let anchors = Anchors {
            principal: Some(self.agent),
            provider: offer.fields.id(Prop::Provider),
            receiver: Some(receiver),
            stock: offer.fields.id(Prop::ResourceInventoriedAs),
            spec: offer.fields.id(Prop::ResourceConformsTo),
            offer: Some(offer.id),
            ..Anchors::default()
        };
        let time = self.time();
        // A price that nobody could accept is none.
        let bound = match self.at_hand(found).await? {
            Ok(bound) => bound,
            Err(held) => return Ok(Err(held)),
        };
        for _ in 0..READ_ROUNDS_MAX {
            let ask = move |view: &mut View, rules: &Rules, memo: &Memo| {
                let bound = rules.pricing("borrow")?.ok()?;
                Some(quote::ask(memo, view, bound, time, anchors, until))
            };
            let Some(priced) = self.ask_rules(ask).await? else { return Ok(Ok(None)) };
            match priced {
                Ok(priced) => {
                    let lines = match priced.heard {
                        Heard::Said(lines) => lines,
                        Heard::Refused(because) => {
                            return Ok(Err(because.refuses("Ask for it on other terms.")));
                        }
                    };
                    let expires = time.plus_us(QUOTE_US);
                    let digest = quote::digest(bound, anchors, until, &lines, expires);
                    let component = bound.binding.component.clone();
                    return Ok(Ok(Some(Quote { lines, named: QuoteRef { digest, expires }, component })));
                }
                Err(NoPrice::Missing(missing)) => self.know(missing).await?,
                Err(NoPrice::Failed(error)) => {
                    tracing::warn!(%error, "no quote");
                    return Err(Rejection::NoAnswer);
                }
            }
        }
        Err(Rejection::TooMuchToRead)
    }

    /// A calculation that gives an answer now; or why it gives none, paused or out of use.
    async fn at_hand<'a>(
        &mut self,
        found: Result<&'a Bound, &Gone>,
    ) -> Result<Result<&'a Bound, Refused>, Rejection> {
        for _ in 0..READ_ROUNDS_MAX {
            match Stops::standing(&self.view, self.scene()) {
                Err(missing) => self.know(missing).await?,
                Ok(stops) => {
                    return match stops.let_answer(found) {
                        Ok(bound) => Ok(Ok(bound)),
                        Err(Halt::Refused(refused)) => Ok(Err(refused)),
                        Err(_) => Err(Rejection::NoAnswer),
                    };
                }
            }
        }
        Err(Rejection::TooMuchToRead)
    }

    /// What would come of a command if it were sent now: judged like any other, and nothing written.
    pub async fn would(
        &mut self,
        command: &governance::Command,
    ) -> Result<crate::decision::Decision, Rejection> {
        let scene = self.scene();
        for _ in 0..READ_ROUNDS_MAX {
            let command = command.clone();
            let ask = move |view: &mut View, rules: &Rules, memo: &Memo| {
                judge(rules, memo, view, &command, scene, Given::default())
            };
            match self.ask_rules(ask).await? {
                Ok(judgement) => {
                    if judgement.decision.is_ok() {
                        self.view.drop_layer();
                    }
                    return Ok(judgement.decision);
                }
                Err(NoJudgement::Missing(missing)) => self.know(missing).await?,
                Err(NoJudgement::NoAnswer(_)) => return Err(Rejection::NoAnswer),
                Err(NoJudgement::Broken(problem)) => return Err(Rejection::Internal(problem)),
            }
        }
        Err(Rejection::TooMuchToRead)
    }
}
