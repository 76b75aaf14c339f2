//! Sharing out: the plugin bound to `allocate` says who gets how much of what; each of its grants becomes a promise, an act
//! of the plugin that is judged like any other. One that is refused refuses the whole round.

use governance::AnyAct;
use ledger::round::{Granted, left_of};
use ledger::{Act, View};
use sandbox::{FailureClass, types};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use valueflows::{Fields, Id, Measure, Prop, Record, Value};

use super::Case;
use crate::decision::Refused;
use crate::gathered::{self, because};
use crate::halt::Halt;
use crate::input::{self, Anchors, Input, Item};
use crate::rules::Bound;
use crate::ruling::{call, push, put};

/// How a promise is classified that comes of a round.
const CLASS: &str = "round";

fn nobody_shares() -> Halt {
    Halt::Refused(Refused {
        by: "plugin",
        code: "nothing-shares-out".to_owned(),
        sentence: "the rules of this network share nothing out".to_owned(),
        remedy: "A rule change can bind a rule that does.".to_owned(),
        reasons: Vec::new(),
    })
}

fn broken(bound: &Bound, detail: &str) -> Halt {
    Halt::from(bound.plugin.fail(FailureClass::WrongShape, detail))
}

/// Something that is granted: what, why in words, and the promise that it becomes.
struct Grant {
    granted: Granted,
    why: String,
    act: AnyAct,
}

/// The offers and needs of a round, as they are.
struct Round<'a> {
    bound: &'a Bound,
    input: Input,
    intents: Vec<Arc<Record>>,
}

impl Case<'_> {
    /// Asks who gets what; the acts by which they are promised it. What is granted stands in the circumstances then.
    pub(super) fn share_out(
        &mut self,
        view: &View,
        (offers, needs): (&[Id], &[Id]),
        ruling: &mut Json,
    ) -> Result<Vec<AnyAct>, Halt> {
        self.with.granted.clear();
        let rules = self.rules;
        let bound = self.stopped.let_answer(rules.sharing().ok_or_else(nobody_shares)?)?;
        let mut intents = Vec::new();
        for id in offers.iter().chain(needs) {
            // What is not there is for the books to refuse.
            let Some(intent) = view.record(*id)? else { return Ok(Vec::new()) };
            intents.push(intent);
        }
        let principal = Anchors { principal: Some(self.agent), ..Anchors::default() };
        let anchors = std::iter::once(principal).chain(intents.iter().map(|intent| about(intent)));
        let units = intents.iter().filter_map(|intent| Some(left_of(intent)?.1.unit));
        let item = Item { anchors: anchors.collect(), units: units.collect() };
        let mut input = input::build(view, bound, self.scene.now, &[item])?;
        input.context.seed = self.given.seed.to_vec();
        for intent in &intents {
            let left = left_of(intent).and_then(|(_, left)| input.counted(left));
            let row = input.row(intent.id) as usize;
            if let Some(shown) = input.context.intents.get_mut(row) {
                shown.available = left;
            }
        }
        let rows = |ids: &[Id]| ids.iter().map(|id| input.row(*id)).collect();
        let ask = types::Ask::Allocate(types::Round { offers: rows(offers), needs: rows(needs) });
        let told = self.memo.answer(bound, &input, ask)?;
        self.plugin_us.update(|us| us + told.took_us);
        let allocation = match told.verdict {
            types::MatchVerdict::Allocated(allocation) => allocation,
            types::MatchVerdict::Unable(reason) => return Err(gathered::unable(bound, &reason).into()),
            _ => return Err(broken(bound, "it was asked who gets what")),
        };
        let round = Round { bound, input, intents };
        let grants = round.grants(&allocation, offers, needs)?;
        let row = |Grant { granted: Granted { offer, need, quantity }, why, .. }: &Grant| {
            json!([offer, need, quantity.amount, quantity.unit, why])
        };
        let rows: Vec<Json> = grants.iter().map(row).collect();
        let mut note = call(bound, told.fuel, told.input, "granted", json!(rows));
        put(&mut note, "left", json!(round.left(allocation.left, needs)?));
        put(ruling, "round", note);
        let mut acts = Vec::new();
        for Grant { granted, act, .. } in grants {
            self.with.granted.push(granted);
            acts.push(act);
        }
        Ok(acts)
    }

    /// Makes the promises of a round.
    pub(super) fn grant(
        &mut self,
        view: &mut View,
        grants: &[AnyAct],
        depth: usize,
        ruling: &mut Json,
    ) -> Result<(), Halt> {
        let rules = self.rules;
        let Some(Ok(bound)) = rules.sharing().filter(|_| !grants.is_empty()) else { return Ok(()) };
        for act in grants {
            let made = self.by_plugin(view, bound, act, depth.saturating_sub(1))?;
            push(ruling, "promises", made);
        }
        Ok(())
    }
}

impl Round<'_> {
    fn intent(&self, row: u32, of: &[Id]) -> Result<&Record, Halt> {
        let found =
            self.intents.iter().find(|intent| self.input.row(intent.id) == row && of.contains(&intent.id));
        found.map(|intent| &**intent).ok_or_else(|| broken(self.bound, "it grants what is not in the round"))
    }

    /// What is granted, as the node understands it.
    fn grants(
        &self,
        allocation: &types::Allocation,
        offers: &[Id],
        needs: &[Id],
    ) -> Result<Vec<Grant>, Halt> {
        if allocation.grants.len() > offers.len() + needs.len() {
            return Err(broken(self.bound, "it grants more often than there are offers and needs"));
        }
        let mut grants = Vec::new();
        for grant in &allocation.grants {
            let (offer, need) = (self.intent(grant.offer, offers)?, self.intent(grant.need, needs)?);
            let quantity = self.input.quantity(&grant.quantity);
            let quantity = quantity.ok_or_else(|| broken(self.bound, "an amount that cannot be"))?;
            let why = because(self.bound, &self.input, grant.because.clone())?;
            let granted = Granted { offer: offer.id, need: need.id, quantity };
            let unit = self.input.context.units.get(grant.quantity.unit as usize);
            let value = quantity.decimal(unit.map_or(0, |unit| unit.scale));
            let fields = promise(offer, need, Measure { value, unit: quantity.unit });
            let act = AnyAct::Economic(Act::Commit { fields });
            grants.push(Grant { granted, why: why.sentence, act });
        }
        Ok(grants)
    }

    /// Who gets nothing, and why.
    fn left(&self, left: Vec<types::Left>, needs: &[Id]) -> Result<Vec<Json>, Halt> {
        let one = |left: types::Left| {
            let why = because(self.bound, &self.input, left.because)?;
            Ok(json!([self.intent(left.need, needs)?.id, why.sentence]))
        };
        left.into_iter().map(one).collect()
    }
}

fn about(intent: &Record) -> Anchors {
    Anchors {
        about: Some(intent.id),
        provider: intent.fields.id(Prop::Provider),
        receiver: intent.fields.id(Prop::Receiver),
        stock: intent.fields.id(Prop::ResourceInventoriedAs),
        spec: intent.fields.id(Prop::ResourceConformsTo),
        ..Anchors::default()
    }
}

/// What whoever offers it promises whoever needs it.
fn promise(offer: &Record, need: &Record, measure: Measure) -> Fields {
    let prop = left_of(offer).map_or(Prop::ResourceQuantity, |(prop, _)| prop);
    let mut fields = Fields::new()
        .with(prop, Value::Measure(measure))
        .with(Prop::ResourceClassifiedAs, Value::Texts(vec![CLASS.to_owned()]))
        .with(Prop::Satisfies, Value::Refs(vec![offer.id, need.id]));
    let taken = [
        (Prop::Action, offer),
        (Prop::Provider, offer),
        (Prop::ResourceInventoriedAs, offer),
        (Prop::ResourceConformsTo, offer),
        (Prop::Receiver, need),
    ];
    for (prop, from) in taken {
        if let Some(value) = from.fields.get(prop) {
            fields.set(prop, value.clone());
        }
    }
    fields
}
