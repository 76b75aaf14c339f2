//! Exploding demands along recipes: iteratively, since recipes may be deep, and each demand down to its last input before the
//! next, so that what is wanted first is served first.

use std::collections::HashSet;
use std::rc::Rc;

use valueflows::limits::NUMBER_BOUND;
use valueflows::{Action, Id, Instant, Quantity};

use super::recipes::{Maker, Recipes};
use super::supply::{Lot, LotOf};
use super::{Deal, Demand, Draft, Input, Kind, Needs, Output, PlanError, Problem, Run, Source, times};
use crate::limits::PLAN_FLOWS_MAX;

/// What is needed, while it is not known yet where it comes from.
struct Need {
    action: Action,
    kind: Kind,
    quantity: Quantity,
    by: Needs,
    at: Instant,
    demand: usize,
    /// The processes that its demand's recipe has, where it has one.
    allowed: Option<Rc<HashSet<Id>>>,
}

enum Step {
    Need(Need),
    /// Everything that this process or exchange needs has been planned: what it makes beside is there from here on.
    Leave(Id, Vec<Lot>),
}

/// Plans, or says why there is no plan.
pub fn plan(problem: Problem) -> Result<Draft, PlanError> {
    let Problem { recipes, supply, demands, choices, now, overdue } = problem;
    if demands.is_empty() {
        return Err(PlanError::Nothing);
    }
    let mut order: Vec<usize> = (0..demands.len()).collect();
    order.sort_by_key(|n| demands.get(*n).map(|demand| demand.due));
    let mut explosion = Explosion {
        recipes,
        supply,
        choices,
        draft: Draft::default(),
        steps: Vec::new(),
        on_path: HashSet::new(),
    };
    for (n, demand) in order.into_iter().filter_map(|n| Some((n, demands.get(n)?))) {
        if demand.quantity.amount <= 0 {
            return Err(PlanError::NoAmount);
        }
        if demand.due < now && !overdue {
            return Err(PlanError::Past);
        }
        explosion.demand(n, demand)?;
    }
    let Explosion { supply, mut draft, .. } = explosion;
    for lot in supply.lots() {
        if let LotOf::Made(n) = lot.of
            && let Some(output) = draft.outputs.get_mut(n)
        {
            output.left = lot.free;
        }
    }
    times::settle(&mut draft, &demands, &supply, now);
    Ok(draft)
}

struct Explosion<'a> {
    recipes: &'a Recipes,
    supply: super::Supply,
    choices: std::collections::HashMap<Id, Id>,
    draft: Draft,
    steps: Vec<Step>,
    /// What is being planned: none of them is part of itself.
    on_path: HashSet<Id>,
}

/// So much for one, so much more for `n` of `of`: rounded up, so that nothing falls short.
fn scaled(amount: i64, n: i64, of: i64) -> Result<i64, PlanError> {
    let product = i128::from(amount).checked_mul(i128::from(n)).ok_or(PlanError::TooLarge)?;
    let of = i128::from(of);
    let up = product.checked_add(of.checked_sub(1).ok_or(PlanError::TooLarge)?).ok_or(PlanError::TooLarge)?;
    let amount = up.checked_div(of).and_then(|amount| i64::try_from(amount).ok());
    amount.filter(|amount| *amount < NUMBER_BOUND).ok_or(PlanError::TooLarge)
}

impl Explosion<'_> {
    fn demand(&mut self, n: usize, demand: &Demand) -> Result<(), PlanError> {
        let chosen = self.choices.get(&demand.kind.spec).copied();
        // What is chosen may be a recipe as a whole, or one process or exchange.
        let whole = self
            .recipes
            .whole(demand.kind.spec, chosen)
            .or_else(|| self.recipes.whole(demand.kind.spec, None));
        let allowed = whole.filter(|includes| !includes.is_empty()).cloned().map(Rc::new);
        self.steps.push(Step::Need(Need {
            action: Action::Transfer,
            kind: demand.kind.clone(),
            quantity: demand.quantity,
            by: Needs::Demand(n),
            at: demand.due,
            demand: n,
            allowed,
        }));
        while let Some(step) = self.steps.pop() {
            match step {
                Step::Leave(maker, lots) => {
                    self.on_path.remove(&maker);
                    lots.into_iter().for_each(|lot| self.supply.add(lot));
                }
                Step::Need(need) => self.need(need)?,
            }
            if self.draft.inputs.len() + self.draft.runs.len() > PLAN_FLOWS_MAX {
                return Err(PlanError::TooLarge);
            }
        }
        Ok(())
    }

    fn input(&mut self, need: &Need, amount: i64, source: Source) {
        self.draft.inputs.push(Input {
            action: need.action,
            by: need.by,
            kind: Some(need.kind.clone()),
            quantity: Some(Quantity { amount, unit: need.quantity.unit }),
            effort: None,
            at: need.at,
            source,
        });
    }

    fn need(&mut self, need: Need) -> Result<(), PlanError> {
        let mut left = need.quantity.amount;
        if self.recipes.is_substitutable(need.kind.spec) {
            for (of, amount) in self.supply.take(&need.kind, need.quantity.unit, need.at, left) {
                let source = match of {
                    LotOf::Stock(id) => Source::Stock(id),
                    LotOf::Coming(id) => Source::Coming(id),
                    LotOf::Made(n) => Source::Made(n),
                };
                self.input(&need, amount, source);
                left -= amount;
            }
        }
        if left == 0 {
            return Ok(());
        }
        match self.maker(&need)? {
            None => self.input(&need, left, Source::Open),
            Some(maker @ Maker::Exchange(n, _)) => self.deal(&need, left, (n, maker))?,
            Some(maker @ Maker::Process(n, _)) => self.run(&need, left, (n, maker))?,
        }
        Ok(())
    }

    /// What makes it: what was chosen for it, or else the first that its demand's recipe has and that it is not part of itself.
    fn maker(&self, need: &Need) -> Result<Option<Maker>, PlanError> {
        let spec = need.kind.spec;
        let chosen = self.choices.get(&spec);
        let own = chosen.and_then(|id| self.recipes.whole(spec, Some(*id)));
        let allowed = own.or(need.allowed.as_deref());
        let fits = |maker: &Maker| match (maker, allowed) {
            (Maker::Process(..), Some(allowed)) => {
                self.recipes.id(*maker).is_some_and(|id| allowed.contains(&id))
            }
            _ => true,
        };
        let is_free = |maker: &Maker| self.recipes.id(*maker).is_none_or(|id| !self.on_path.contains(&id));
        if let Some(id) = chosen.filter(|_| own.is_none()) {
            let made = self.recipes.makers(&need.kind).find(|maker| self.recipes.id(*maker) == Some(*id));
            let made = made.ok_or(PlanError::NotMadeBy { choice: *id, spec })?;
            return if is_free(&made) { Ok(Some(made)) } else { Err(PlanError::Cycle(spec)) };
        }
        let mut cyclic = false;
        for maker in self.recipes.makers(&need.kind).filter(fits) {
            if is_free(&maker) {
                return Ok(Some(maker));
            }
            cyclic = true;
        }
        if cyclic { Err(PlanError::Cycle(spec)) } else { Ok(None) }
    }

    /// The amount that one run or exchange makes, in the unit that is wanted.
    fn made(&self, maker: Maker, need: &Need) -> Result<i64, PlanError> {
        let id = self.recipes.id(maker).unwrap_or(need.kind.spec);
        let flow = self.recipes.flow(maker).and_then(|flow| flow.quantity);
        let made = flow.filter(|made| made.amount > 0).ok_or(PlanError::NoQuantity(id))?;
        if made.unit != need.quantity.unit {
            return Err(PlanError::Unit(need.kind.spec));
        }
        Ok(made.amount)
    }

    fn run(&mut self, need: &Need, wanted: i64, (n, maker): (usize, Maker)) -> Result<(), PlanError> {
        let made = self.made(maker, need)?;
        let recipes = self.recipes;
        let Some(process) = recipes.process(n) else { return Ok(()) };
        let times = if process.is_batch { scaled(1, wanted, made)? } else { 1 };
        // How much of everything: so many for each so many of what is wanted.
        let (many, of) = if process.is_batch { (times, 1) } else { (wanted, made) };
        let duration_us = process.duration_us.checked_mul(times).ok_or(PlanError::TooLarge)?;
        let begins = Instant(need.at.0.checked_sub(duration_us).ok_or(PlanError::TooLarge)?);
        let run = self.draft.runs.len();
        self.draft.runs.push(Run {
            recipe: process.id,
            times,
            demand: need.demand,
            latest: begins,
            earliest: begins,
            duration_us,
            critical: false,
        });
        let mut lots = Vec::new();
        for (at, flow) in process.outputs.iter().enumerate() {
            let (Some(kind), Some(quantity)) = (&flow.kind, flow.quantity) else { continue };
            let is_it = maker == Maker::Process(n, at);
            let amount = if is_it && !process.is_batch { wanted } else { scaled(quantity.amount, many, of)? };
            let output = self.draft.outputs.len();
            let quantity = Quantity { amount, unit: quantity.unit };
            self.draft.outputs.push(Output {
                action: flow.action,
                of: run,
                kind: kind.clone(),
                quantity,
                left: 0,
            });
            if is_it {
                self.input(need, wanted, Source::Made(output));
            }
            let free = if is_it { amount.saturating_sub(wanted) } else { amount };
            // A lot of nothing would only be looked through by everything that comes after.
            if free > 0 {
                let (of, kind, ready) = (LotOf::Made(output), kind.clone(), need.at);
                lots.push(Lot { of, kind, unit: quantity.unit, free, ready, good_until: None });
            }
        }
        self.on_path.insert(process.id);
        self.steps.push(Step::Leave(process.id, lots));
        // The last comes off the pile first: they are served in the order of the recipe.
        for flow in process.inputs.iter().rev() {
            self.take(process.id, flow, (many, of), (Needs::Run(run), begins, need))?;
        }
        Ok(())
    }

    fn deal(&mut self, need: &Need, wanted: i64, (n, maker): (usize, Maker)) -> Result<(), PlanError> {
        let made = self.made(maker, need)?;
        let recipes = self.recipes;
        let Some(exchange) = recipes.exchange(n) else { return Ok(()) };
        let deal = self.draft.deals.len();
        let quantity = Quantity { amount: wanted, unit: need.quantity.unit };
        self.draft.deals.push(Deal { recipe: exchange.id, kind: need.kind.clone(), quantity, at: need.at });
        self.input(need, wanted, Source::Got(deal));
        self.on_path.insert(exchange.id);
        self.steps.push(Step::Leave(exchange.id, Vec::new()));
        for flow in exchange.reciprocal.iter().rev() {
            self.take(exchange.id, flow, (wanted, made), (Needs::Deal(deal), need.at, need))?;
        }
        Ok(())
    }

    /// What a flow of a recipe takes: things are looked for; work, and what is only used, is somebody's to give.
    fn take(
        &mut self,
        recipe: Id,
        flow: &super::Flow,
        (many, of): (i64, i64),
        (by, at, need): (Needs, Instant, &Need),
    ) -> Result<(), PlanError> {
        let scale = |quantity: Option<Quantity>| {
            quantity
                .map(|quantity| Ok(Quantity { amount: scaled(quantity.amount, many, of)?, ..quantity }))
                .transpose()
        };
        let (quantity, effort) = (scale(flow.quantity)?, scale(flow.effort)?);
        let is_used = matches!(flow.action, Action::Use | Action::Cite | Action::Work);
        match (&flow.kind, quantity, is_used) {
            (Some(kind), Some(quantity), false) => {
                let (kind, allowed) = (kind.clone(), need.allowed.clone());
                self.steps.push(Step::Need(Need {
                    action: flow.action,
                    kind,
                    quantity,
                    by,
                    at,
                    demand: need.demand,
                    allowed,
                }));
            }
            (Some(_), None, false) => return Err(PlanError::NoQuantity(recipe)),
            (kind, quantity, _) => self.draft.inputs.push(Input {
                action: flow.action,
                by,
                kind: kind.clone(),
                quantity,
                effort,
                at,
                source: Source::Open,
            }),
        }
        Ok(())
    }
}
