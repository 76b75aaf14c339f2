//! Laws: what holds for every plugin of a world, and what a plugin claims beside, tried on cases that are made up from a
//! recorded seed. A case that breaks a law is made smaller until nothing can be left out, and can be tried again by
//! anybody.
//!
//! ```text
//!   manifest + seed ──► cases ──► the plugin ──► a law holds, or: law, sentence, smallest case
//! ```
//!
//! Invariants:
//! - the same component, seed and number of cases come to the same, on any machine;
//! - what the host sees to itself is not asked of a plugin (that a refusal only narrows, that voters say one thing each):
//!   it holds whatever the plugin does.

mod draw;
mod every;
mod made_up;
mod matching;
mod pricing;
mod tables;
mod tally;

use std::cell::RefCell;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use serde::{Deserialize, Serialize};

use crate::call::Plugin;
use crate::case::Case;
use crate::limits::{LAW_REJECTS_MAX, LAW_SHRINKS_MAX};
use crate::manifest::{Answering, Claim};
use valueflows::Surface;

/// What a plugin was tried with, and held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Held {
    /// The seed of the cases.
    pub seed: u64,
    /// How many cases each law was tried with.
    pub cases: u32,
    /// The laws, by name.
    pub laws: Vec<String>,
    /// Fuel of a call before its first item, as fitted to calls of one item and of many.
    pub fuel_base: u64,
    /// Fuel of each item more.
    pub fuel_per_item: u64,
}

/// A law that a plugin breaks, with the smallest case that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// The law, by name.
    pub law: String,
    /// What it did.
    pub says: String,
    /// What it was asked.
    pub case: Case,
}

/// A law: its name, what it says, and whether a case keeps it.
pub struct Law {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub says: &'static str,
    holds: fn(&Plugin, &Case) -> Result<(), String>,
}

const EVERY: [Law; 5] = [
    Law {
        name: "settings",
        says: "there are settings that its own check takes",
        holds: every::takes_settings,
    },
    Law {
        name: "answers",
        says: "whatever it is asked, it answers, within its fuel and its memory",
        holds: every::answers,
    },
    Law {
        name: "same-again",
        says: "asked the same again, it says the same, at the same cost",
        holds: every::same_again,
    },
    Law {
        name: "alone-as-among-others",
        says: "about an item it says the same alone as among others",
        holds: every::alone_as_among_others,
    },
    Law { name: "says-why", says: "its reasons are those of its manifest", holds: every::says_why },
];

/// The laws that a plugin is held to: those of its world, and those that it claims.
pub fn of(plugin: &Plugin) -> Vec<Law> {
    let manifest = &plugin.manifest;
    let mut laws: Vec<Law> = EVERY.into_iter().collect();
    match manifest.world {
        Surface::Access => laws.push(every::FACTS),
        Surface::Duties => laws.push(every::DUTIES),
        Surface::Pricing => laws.push(pricing::AMOUNTS),
        Surface::Matching => {
            if manifest.answers(Answering::Rank) {
                laws.extend([matching::FEASIBLE, matching::STABLE]);
            }
            if manifest.answers(Answering::Allocate) {
                laws.extend([matching::ALLOCATES, matching::ALLOCATES_STABLY]);
            }
        }
        Surface::Tally => laws.extend([tally::CHOOSES, tally::ORDER]),
    }
    laws.extend(manifest.laws.iter().filter_map(|claim| match (claim, manifest.world) {
        (Claim::Anonymous, _) => Some(tally::ANONYMOUS),
        (Claim::Neutral, _) => Some(tally::NEUTRAL),
        (Claim::NoShow, _) => Some(tally::NO_SHOW),
        (Claim::Monotone, Surface::Tally) => Some(tally::MONOTONE),
        (Claim::Monotone, _) => Some(pricing::MONOTONE),
        // A leave and no law: it says what `amounts` lets pass.
        (Claim::Negative, _) => None,
    }));
    laws
}

/// Holds a plugin to its laws, with so many cases for each.
pub fn hold(
    plugin: &Plugin,
    (seed, cases): (u64, u32),
    mut tried: impl FnMut(&Law),
) -> Result<Held, Box<Broken>> {
    let laws = of(plugin);
    for law in &laws {
        try_law(plugin, law, (seed, cases))?;
        tried(law);
    }
    let (fuel_base, fuel_per_item) = every::fuel(plugin, seed);
    let laws = laws.iter().map(|law| law.name.to_owned()).collect();
    Ok(Held { seed, cases, laws, fuel_base, fuel_per_item })
}

/// What admission holds a component to beside the laws: an interpreter and what was compiled say the same.
pub const TWO_ENGINES: &str = "two-engines";

/// Holds what two engines make of a component against each other, on made-up cases.
pub fn alike((one, other): (&Plugin, &Plugin), (seed, count): (u64, u32)) -> Result<(), Box<Broken>> {
    for case in cases(one, seed, count) {
        if every::say(one, &case) != every::say(other, &case) {
            let says = "interpreted, it said something else than compiled, or burnt other fuel".to_owned();
            return Err(Box::new(Broken { law: TWO_ENGINES.to_owned(), says, case }));
        }
    }
    Ok(())
}

/// The seed of the cases that a component is admitted with: it follows from the component, so that everybody tries the
/// same.
pub fn seed(digest: &str) -> u64 {
    digest.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default()
}

fn try_law(plugin: &Plugin, law: &Law, (seed, cases): (u64, u32)) -> Result<(), Box<Broken>> {
    let config = Config {
        cases,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_global_rejects: LAW_REJECTS_MAX,
        max_shrink_iters: LAW_SHRINKS_MAX,
        ..Config::default()
    };
    let turned_away = RefCell::new(None);
    let outcome = TestRunner::new(config).run(&draw::draws(), |draw| {
        let case = Case::of(&plugin.manifest, &draw);
        match plugin.check_settings(&case.context.settings, &case.context.units) {
            // Rules with such settings are turned away.
            Ok(Some(_)) => {
                turned_away.replace(Some(case));
                Err(TestCaseError::reject("settings"))
            }
            Err(error) => Err(TestCaseError::fail(error.to_string())),
            Ok(None) => (law.holds)(plugin, &case).map_err(TestCaseError::fail),
        }
    });
    match outcome {
        Ok(()) => Ok(()),
        // Whoever takes no settings could never be tried.
        Err(TestError::Abort(_)) => match turned_away.take() {
            None => Ok(()),
            Some(case) => Err(Box::new(Broken {
                law: EVERY[0].name.to_owned(),
                says: format!(
                    "its own check turned away {LAW_REJECTS_MAX} settings: bound them in its manifest"
                ),
                case,
            })),
        },
        Err(TestError::Fail(why, draw)) => Err(Box::new(Broken {
            law: law.name.to_owned(),
            says: why.message().to_owned(),
            case: Case::of(&plugin.manifest, &draw),
        })),
    }
}

/// So many cases that are made up for a manifest, from a seed: those whose settings its plugin takes.
pub fn cases<'a>(plugin: &'a Plugin, seed: u64, count: u32) -> impl Iterator<Item = Case> + use<'a> {
    let config = Config { rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let drawn = std::iter::from_fn(move || draw::draws().new_tree(&mut runner).ok());
    let made_up = drawn.map(|tree| Case::of(&plugin.manifest, &tree.current()));
    let taken =
        |case: &Case| matches!(plugin.check_settings(&case.context.settings, &case.context.units), Ok(None));
    // Whoever takes no settings at all is asked nothing.
    made_up.take(count.saturating_add(LAW_REJECTS_MAX) as usize).filter(taken).take(count as usize)
}

/// Tries a case again that broke a law: what it does now, where that still breaks it.
pub fn again(plugin: &Plugin, broken: &Broken) -> Result<(), String> {
    match of(plugin).into_iter().find(|law| law.name == broken.law) {
        Some(law) => (law.holds)(plugin, &broken.case),
        None if broken.law == TWO_ENGINES => {
            Err("it takes two engines to try that again: `reflow plugin admit FILE` has both".to_owned())
        }
        None => {
            Err(format!("it is not held to `{}`: no law of its world, nor one that it claims", broken.law))
        }
    }
}
