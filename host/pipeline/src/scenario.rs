//! Scenarios: what a community says its rules do, told as something that happens, and held against the rules.
//!
//! ```toml
//! [[scenario]]
//! name = "An untrained member and a chainsaw"
//! because = "Dangerous tools need a training first."
//! given = [
//!   { member = "Amara" },
//!   { thing = "Chainsaw", needs = ["chainsaw"], dangerous = true },
//! ]
//! steps = [
//!   { as = "Amara", borrow = "Chainsaw", days = 7, refused = "training-first" },
//! ]
//! ```
//!
//! What is given is written down whoever may write it; what somebody does is judged like anything that anybody
//! does. A step is permitted unless it says by which rule, or with which code, it is refused.

mod stage;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use policy::{RuleBook, ScenarioText};
use serde::Deserialize;
use serde_json::Value as Json;
use valueflows::Said;

use crate::charter::files;
use crate::error::Rejection;
use crate::node::Node;
use crate::rules::Rules;
use stage::Stage;

/// The folder of a rule set in which its scenarios lie.
const FOLDER: &str = "scenarios";

/// What happens, and what comes of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it is about.
    pub name: String,
    /// Why it should come out like that, in the community's words.
    pub because: String,
    /// Who and what is there.
    #[serde(default)]
    given: Vec<Given>,
    /// What happens, in order.
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    scenario: Vec<Scenario>,
}

/// Somebody or something that is there when it begins.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    /// A member's name; the stewards Ines and Jonas are there always.
    member: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    training: Vec<String>,
    /// A thing's name; it is offered, to be lent.
    thing: Option<String>,
    /// The trainings that it needs.
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    dangerous: bool,
    /// Whose it is; the network's own, if nothing is said.
    owner: Option<String>,
}

/// One thing that happens, or that is the case then.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Step {
    /// Who does it; `the door` is whoever asks to join, and `X's assignee` whoever looks into the case X.
    r#as: Option<String>,
    /// What they borrow, for how many days, and for whom if not for themselves.
    borrow: Option<String>,
    days: Option<i64>,
    r#for: Option<String>,
    /// What they hand over, or take back.
    hand_over: Option<String>,
    take_back: Option<String>,
    /// They pay what this member owes.
    pay_for: Option<String>,
    /// They let this member off what they owe.
    waive_for: Option<String>,
    /// They call the loan of a thing off.
    call_off: Option<String>,
    /// They write a rule change down: `sets = { "deposit.late-day" = "2.00 EUR" }`, or without a rule.
    sets: Option<std::collections::BTreeMap<String, Json>>,
    drops_rule: Option<String>,
    /// Any other act, in JSON; `$name` stands for the member, the thing or the unit of that name.
    act: Option<Json>,
    /// By whose key it is signed: `own` or `browser`; nothing, if it is not. `$key 1` stands for some key in an act,
    /// `$digest 2` for what is said of the next one.
    signed: Option<String>,
    /// What to call the record that it makes.
    makes: Option<String>,
    /// The rule that refuses it, or the code of the refusal.
    refused: Option<String>,
    /// What the loan's terms say: `deposit = "20.00 EUR"`.
    costs: Option<std::collections::BTreeMap<String, String>>,
    /// So many days pass.
    wait_days: Option<i64>,
    /// What somebody owes now, in all.
    owes: Option<String>,
    amount: Option<String>,
    /// Who has a thing now.
    holds: Option<String>,
    thing: Option<String>,
    /// What they see, and what they do not.
    sees: Option<String>,
    sees_not: Option<String>,
    /// Who has a role now, or has not.
    has: Option<String>,
    has_not: Option<String>,
    role: Option<String>,
}

/// How a scenario came out.
#[derive(Debug, Clone)]
pub struct Told {
    /// What it is about.
    pub name: String,
    /// Why it should come out as it says.
    pub because: String,
    /// The step that came out differently, and how; none, if it is as it says.
    pub failed: Option<(usize, Said)>,
    /// The policies that settled anything in it.
    pub policies: BTreeSet<String>,
}

/// The scenarios of a rule set.
pub fn read(folder: &Path) -> Result<Vec<Scenario>, Rejection> {
    written(&texts(folder)?)
}

/// The files that they stand in.
pub(crate) fn texts(folder: &Path) -> Result<Vec<ScenarioText>, Rejection> {
    let folder = folder.join(FOLDER);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let texts = files(&folder, "toml")?.into_iter();
    Ok(texts.map(|(name, text)| ScenarioText { name, text }).collect())
}

/// The scenarios in such files.
pub(crate) fn written(texts: &[ScenarioText]) -> Result<Vec<Scenario>, Rejection> {
    let mut scenarios = Vec::new();
    for ScenarioText { name, text } in texts {
        let file: File =
            toml::from_str(text).map_err(|error| Rejection::Rules(format!("`{FOLDER}/{name}`: {error}")))?;
        scenarios.extend(file.scenario);
    }
    Ok(scenarios)
}

impl Node {
    /// Plays the stories that a book tells, under that book.
    pub async fn stories(&self, book: &RuleBook) -> Result<Vec<Told>, Rejection> {
        self.play(book, &written(&book.scenarios)?).await
    }

    /// Plays scenarios under a book, each on books of its own.
    pub async fn play(&self, book: &RuleBook, scenarios: &[Scenario]) -> Result<Vec<Told>, Rejection> {
        let (opening, rules) = self.staged(book).await?;
        scenarios.iter().map(|scenario| self.play_one(&opening, &rules, scenario)).collect()
    }

    /// What every scenario under a book begins with.
    async fn staged(&self, book: &RuleBook) -> Result<(stage::Opening, Arc<Rules>), Rejection> {
        let opening = stage::opening(book)?;
        let rules = self.prepare(book, &[], 1, opening.units.clone()).await?;
        Ok((opening, Arc::new(Rules { rehearsing: true, ..rules })))
    }

    fn play_one(
        &self,
        opening: &stage::Opening,
        rules: &Arc<Rules>,
        scenario: &Scenario,
    ) -> Result<Told, Rejection> {
        let mut stage = Stage::set(opening, rules.clone(), self.memo.clone())?;
        let failed = stage.play(scenario)?;
        let (name, because) = (scenario.name.clone(), scenario.because.clone());
        Ok(Told { name, because, failed, policies: stage.settled })
    }

    /// Drops each policy of a book, and turns each around, one at a time; says which scenario came out
    /// differently, or that none did. A change that is no rule book any more is caught by the compiler.
    pub async fn mutate(&self, book: &RuleBook, scenarios: &[Scenario]) -> Result<Vec<Mutant>, Rejection> {
        let as_it_is = self.play(book, scenarios).await?;
        if let Some(failed) = as_it_is.iter().find(|one| one.failed.is_some()) {
            return Err(Rejection::Rules(format!(
                "\"{}\" does not come out as it says even now; `reflow ruleset test` says how",
                failed.name
            )));
        }
        let mut mutants = Vec::new();
        let own = |(_, policy): &(usize, &policy::PolicyText)| !crate::gate::CARRIED.contains(policy);
        for (at, policy) in book.policies.iter().enumerate().filter(own) {
            let mut dropped = book.clone();
            dropped.policies.remove(at);
            mutants.push(self.mutant(&policy.id, "dropped", &dropped, (scenarios, &as_it_is)).await?);
            let mut turned = book.clone();
            if let Some(policy) = turned.policies.get_mut(at) {
                policy.text = turn_around(&policy.text);
            }
            mutants.push(self.mutant(&policy.id, "turned around", &turned, (scenarios, &as_it_is)).await?);
        }
        Ok(mutants)
    }

    async fn mutant(
        &self,
        policy: &str,
        how: &'static str,
        book: &RuleBook,
        (scenarios, as_it_is): (&[Scenario], &[Told]),
    ) -> Result<Mutant, Rejection> {
        let caught_by = match policy::compile(book) {
            Err(_) => Some("the compiler".to_owned()),
            Ok(_) => {
                let (opening, rules) = self.staged(book).await?;
                // Those in which the policy has a say come first: most changes are noticed by one of them.
                let mut order: Vec<(&Scenario, &Told)> = scenarios.iter().zip(as_it_is).collect();
                order.sort_by_key(|(_, told)| !told.policies.contains(policy));
                let mut noticed = None;
                for (scenario, _) in order {
                    let told = self.play_one(&opening, &rules, scenario)?;
                    if told.failed.is_some() {
                        noticed = Some(told.name);
                        break;
                    }
                }
                noticed
            }
        };
        Ok(Mutant { policy: policy.to_owned(), how, caught_by })
    }
}

/// A book with one policy changed, and what noticed it.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// The policy.
    pub policy: String,
    /// What was done to it.
    pub how: &'static str,
    /// The scenario that came out differently.
    pub caught_by: Option<String>,
}

/// The same policy with the other effect. Annotations stand before the effect, and are texts in quotes.
fn turn_around(text: &str) -> String {
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            _ => {
                let rest = text.get(at..).unwrap_or_default();
                for (from, to) in [("permit", "forbid"), ("forbid", "permit")] {
                    if let Some(after) = rest.strip_prefix(from) {
                        return format!("{}{to}{after}", text.get(..at).unwrap_or_default());
                    }
                }
            }
        }
    }
    text.to_owned()
}
