//! Rules in force: a compiled book with its plugins loaded and its units known.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use governance::tally::Counting;
use governance::withholding::{self, StandIn, Withheld};
use governance::{AnyAct, Examined, GoverningAct, InForce};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use journal::Body;
use policy::{Binding, CompiledBook, RuleBook};
use sandbox::{Answering, Plugin};
use serde_json::Value as Json;
use valueflows::{Class, Id, Instant, OwnActions, Prop, Record, Surface};

use crate::entry::Written;
use crate::error::Rejection;
use crate::settings::{Setting, type_settings};

/// A binding with its plugin at hand.
pub struct Bound {
    /// The binding.
    pub binding: Binding,
    /// The plugin.
    pub plugin: Arc<Plugin>,
    /// Its settings, typed by its manifest.
    pub settings: Vec<Setting>,
    /// What the rules say that every plugin is told.
    pub home: Arc<Home>,
}

/// A binding that nothing answers for: its component is withheld, and nothing stands in for it.
#[derive(Debug, Clone)]
pub struct Gone {
    /// The binding.
    pub binding: Binding,
    /// Why.
    pub because: String,
}

/// The bindings at work, each as the book has it or with what stands in for a withheld component; and those that nothing
/// answers for.
pub(crate) fn at_work(bindings: &[Binding], withheld: &[Withheld]) -> (Vec<Binding>, Vec<Gone>) {
    let (mut bound, mut gone) = (Vec::new(), Vec::new());
    for binding in bindings {
        let held = withheld.iter().find(|held| held.component == binding.component);
        match held.map(|held| (&held.because, &held.instead)) {
            None => bound.push(binding.clone()),
            Some((_, Some(StandIn { component, settings }))) => {
                let (component, settings) = (component.clone(), settings.clone());
                bound.push(Binding { component, settings, ..binding.clone() });
            }
            Some((because, None)) => {
                gone.push(Gone { binding: binding.clone(), because: because.clone() });
            }
        }
    }
    (bound, gone)
}

/// What rules say that every plugin of theirs is told.
pub struct Home {
    /// The actions that the rules define: a plugin is given each as the one of the nineteen that it is like.
    pub own: Arc<OwnActions>,
    /// The zone in which it becomes another day.
    pub zone: TimeZone,
    /// The language of the network's own texts.
    pub locale: String,
}

impl Home {
    /// That of a book.
    pub(crate) fn of(compiled: &CompiledBook) -> Arc<Home> {
        let place = compiled.book.place.as_ref();
        let zone = place.and_then(|place| TimeZone::get(&place.zone).ok()).unwrap_or(TimeZone::UTC);
        let texts = compiled.book.charter.iter().find(|text| text.authoritative);
        let locale = texts.map_or_else(|| "en".to_owned(), |text| text.language.clone());
        Arc::new(Home { own: compiled.own.clone(), zone, locale })
    }

    /// The day that it is there, in days since 1970.
    pub(crate) fn day(&self, at: Instant) -> i32 {
        let offset = Timestamp::from_microsecond(at.0).map(|at| self.zone.to_offset(at).seconds());
        let local_us = at.0.saturating_add(i64::from(offset.unwrap_or_default()) * 1_000_000);
        i32::try_from(local_us.div_euclid(Instant::DAY_US)).unwrap_or(i32::MAX)
    }
}

/// What an entry holds that rules begin with.
pub(crate) struct Enacted {
    /// The book.
    pub book: RuleBook,
    /// Its record, where there is one.
    pub record: Option<Id>,
    /// The units that it counts in, by label: record and decimals.
    pub units: HashMap<String, (Id, u8)>,
    /// The components of it that are out of use.
    pub withheld: Vec<Withheld>,
}

impl Enacted {
    /// What an entry's parts say.
    pub fn of(body: &Body) -> Result<Enacted, Rejection> {
        let written = Written::read(body).map_err(|error| Rejection::Internal(error.to_string()))?;
        if let Some(record) = written.enacts() {
            let gone = || Rejection::Internal("the rules' entry holds no rules".into());
            let book = RuleBook::from_json(record.fields.document(Prop::Book).ok_or_else(gone)?)?;
            let (units, withheld) = (Rules::units_listed(record), withholding::of(record));
            return Ok(Enacted { book, record: Some(record.id), units, withheld });
        }
        // The first networks were founded without a record of their rules.
        let book = written.command.acts.iter().find_map(|act| match act {
            AnyAct::Governing(GoverningAct::Found { book, .. }) => Some(RuleBook::from_json(book)),
            _ => None,
        });
        let book = book.ok_or_else(|| Rejection::Internal("the rules' entry enacts none".into()))??;
        Ok(Enacted { book, record: None, units: Rules::units_of(&written.made), withheld: Vec::new() })
    }
}

/// The rules of a network at one position.
pub struct Rules {
    /// The compiled book.
    pub compiled: Arc<CompiledBook>,
    /// The entry that enacted it.
    pub seq: u64,
    /// The hash of the book's canonical bytes.
    pub hash: String,
    /// The plugins at work, in binding order.
    pub bound: Vec<Bound>,
    /// The bindings that nothing answers for.
    pub gone: Vec<Gone>,
    /// The components that are out of use.
    pub withheld: Vec<Withheld>,
    /// The units that they count in, by label: record and decimals.
    pub units: HashMap<String, (Id, u8)>,
    /// The record of the book, where there is one.
    pub record: Option<Id>,
    /// What they say that every plugin of theirs is told.
    pub home: Arc<Home>,
    /// What counts votes: each by its name, with the digest of component and settings.
    pub counters: BTreeMap<String, String>,
    /// Whether a past is only tried on them: then no price is held against the one that was shown.
    pub rehearsing: bool,
}

impl Rules {
    /// The bindings on a surface that answer for an act: those first that nothing answers for, the others in binding order.
    pub fn answering<'a>(
        &'a self,
        surface: Surface,
        act: &'a str,
    ) -> impl Iterator<Item = Result<&'a Bound, &'a Gone>> {
        let answers = move |binding: &Binding| {
            binding.surface == surface && binding.acts.iter().any(|named| named == act)
        };
        let gone = self.gone.iter().filter(move |gone| answers(&gone.binding)).map(Err);
        gone.chain(self.bound.iter().filter(move |bound| answers(&bound.binding)).map(Ok))
    }

    /// What prices an act, if anything does.
    pub fn pricing<'a>(&'a self, act: &'a str) -> Option<Result<&'a Bound, &'a Gone>> {
        self.answering(Surface::Pricing, act).next()
    }

    /// The binding that puts offers in order, whatever the act.
    pub fn ranking(&self) -> Option<&Bound> {
        let ranks = |bound: &&Bound| bound.plugin.manifest.answers(Answering::Rank);
        self.bound.iter().filter(|bound| bound.binding.surface == Surface::Matching).find(ranks)
    }

    /// The binding that shares out what is offered.
    pub fn sharing(&self) -> Option<Result<&Bound, &Gone>> {
        let shares = |found: &Result<&Bound, &Gone>| {
            found.is_err() || found.is_ok_and(|bound| bound.plugin.manifest.answers(Answering::Allocate))
        };
        self.answering(Surface::Matching, "allocate").find(shares)
    }

    /// The rules as an act of governing sees them.
    pub fn in_force<'a>(
        &'a self,
        examined: Option<&'a Examined>,
        counting: Option<&'a Result<Counting, String>>,
    ) -> InForce<'a> {
        InForce {
            digest: &self.hash,
            withheld: &self.withheld,
            record: self.record,
            decisions: self.compiled.book.decisions.as_ref(),
            cases: self.compiled.book.cases.as_ref(),
            joining: self.compiled.book.joining.as_ref(),
            units: Some(&self.units),
            stuck: false,
            examined,
            counters: Some(&self.counters),
            counting,
        }
    }

    /// These rules with another book that names no component that they do not: as where a rule change comes into
    /// force within a simulation.
    pub fn with_book(&self, record: &Record) -> Result<Rules, Rejection> {
        let gone = || Rejection::Internal("a book without rules came into force".into());
        let book = RuleBook::from_json(record.fields.document(Prop::Book).ok_or_else(gone)?)?;
        let units = Rules::units_listed(record);
        let hash = hash(&book)?;
        let compiled = match hash == self.hash {
            true => self.compiled.clone(),
            false => policy::compile_once(&book, &hash)?,
        };
        let (home, withheld) = (Home::of(&compiled), withholding::of(record));
        let ((bindings, gone), mut bound) = (at_work(&book.bindings, &withheld), Vec::new());
        for binding in bindings {
            let known = self.bound.iter().find(|bound| bound.binding.component == binding.component);
            let plugin = known.map(|bound| bound.plugin.clone()).ok_or_else(|| {
                Rejection::Rules(format!("the calculation `{}` is another one than before", binding.plugin))
            })?;
            let settings = type_settings(&plugin.manifest, &binding.settings, &units)?;
            bound.push(Bound { binding, plugin, settings, home: home.clone() });
        }
        let counters = counters(&book)?;
        Ok(Rules {
            compiled,
            seq: self.seq,
            hash,
            bound,
            gone,
            withheld,
            units,
            home,
            counters,
            record: Some(record.id),
            ..*self
        })
    }

    /// The units of a book that came into force, by label, as its record lists them.
    pub fn units_listed(book: &Record) -> HashMap<String, (Id, u8)> {
        let listed = book.fields.document(Prop::Units).and_then(Json::as_array);
        let one = |row: &Json| {
            let id = row.get(1)?.as_str()?.parse().ok()?;
            let decimals = row.get(2)?.as_u64().and_then(|n| u8::try_from(n).ok())?;
            Some((row.get(0)?.as_str()?.to_owned(), (id, decimals)))
        };
        listed.into_iter().flatten().filter_map(one).collect()
    }

    /// The units among an entry's records, by label.
    pub fn units_of(made: &[Record]) -> HashMap<String, (Id, u8)> {
        made.iter()
            .filter(|record| record.class == Class::Unit)
            .filter_map(|record| {
                let decimals = u8::try_from(record.fields.integer(Prop::Decimals)?).ok()?;
                Some((record.fields.text(Prop::Label)?.to_owned(), (record.id, decimals)))
            })
            .collect()
    }
}

/// What of a book counts votes: each by its name, with the digest of component and settings, in hexadecimal.
pub(crate) fn counters(book: &RuleBook) -> Result<BTreeMap<String, String>, Rejection> {
    let counts = book.bindings.iter().filter(|binding| binding.surface == Surface::Tally);
    let exactly = |binding: &Binding| {
        let bytes = journal::canonical::bytes(&serde_json::json!([binding.component, binding.settings]))?;
        Ok((binding.plugin.clone(), journal::Digest::of(&[&bytes]).to_string()))
    };
    counts.map(exactly).collect()
}

/// The hash of a book: SHA-256 over its canonical bytes, in hexadecimal.
pub fn hash(book: &RuleBook) -> Result<String, Rejection> {
    let bytes = journal::canonical::bytes(&book.to_json()?)?;
    Ok(journal::Digest::of(&[&bytes]).to_string())
}
