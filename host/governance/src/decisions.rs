//! How a network decides about its own rules: by whom, with what majority, in what time. One way for each kind
//! of change; the more is at stake, the higher it is put.
//!
//! A decision is made by the way that was in force when its question was frozen. So whoever wants to make
//! changing easier has to get there the hard way first.

use serde::{Deserialize, Serialize};
use valueflows::{Instant, Said, said};

use crate::limits::{DAYS_MAX, SPONSORS_MAX};
use crate::tally::{Method, Quorum, Rule};

/// How much is at stake in a change, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// A number or a word within a rule that stays.
    Parameter,
    /// What somebody may do, or what is calculated.
    Rule,
    /// Who belongs, in which role, and who acts for whom.
    Membership,
    /// What every other rule stands on.
    Constitution,
}

impl Risk {
    /// Every kind, from the least to the most.
    pub const ALL: [Risk; 4] = [Risk::Parameter, Risk::Rule, Risk::Membership, Risk::Constitution];

    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Risk::Parameter => "a setting",
            Risk::Rule => "a rule",
            Risk::Membership => "who belongs",
            Risk::Constitution => "the constitution",
        }
    }

    /// As it stands in books and records.
    pub fn code(self) -> &'static str {
        match self {
            Risk::Parameter => "parameter",
            Risk::Rule => "rule",
            Risk::Membership => "membership",
            Risk::Constitution => "constitution",
        }
    }

    /// Reads it back.
    pub fn parse(code: &str) -> Option<Risk> {
        Risk::ALL.into_iter().find(|risk| risk.code() == code)
    }
}

/// The ways of deciding, one for each kind of change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// Of settings.
    pub parameter: Decision,
    /// Of rules.
    pub rule: Decision,
    /// Of who belongs.
    pub membership: Decision,
    /// Of what every other rule stands on.
    pub constitution: Decision,
}

/// One way of deciding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Decision {
    /// What it takes.
    pub rule: Rule,
    /// The roles whose holders may vote; one of them is enough.
    pub voters: Vec<String>,
    /// For how many days somebody must have belonged when the question is frozen.
    #[serde(default)]
    pub tenure_days: u32,
    /// How many others must want it discussed.
    #[serde(default)]
    pub sponsors: u32,
    /// For how many days at least it is discussed.
    #[serde(default)]
    pub discussion_days: u32,
    /// For how many days people vote.
    pub vote_days: u32,
    /// How many days pass before it is in force.
    #[serde(default)]
    pub waiting_days: u32,
    /// Whether nobody but the voter sees a ballot until the vote has closed.
    #[serde(default)]
    pub sealed: bool,
    /// What is done where as many are for it as against it.
    pub breaker: Breaker,
    /// Who may hold up what was accepted, if anybody may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub veto: Option<Veto>,
    /// After how many days it is looked at again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_days: Option<u32>,
    /// Whether it ends if nobody renews it then.
    #[serde(default)]
    pub sunset: bool,
}

/// What is done with a tie: every way names one, so that no question hangs for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Breaker {
    /// Things stay as they are.
    AsItIs,
    /// The same ballots are counted by another rule; if that ties too, things stay as they are.
    Count(Box<Rule>),
}

/// Who may hold up what was accepted, for how long, and who can end it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Veto {
    /// The roles whose holders may.
    pub roles: Vec<String>,
    /// For how many days; then it goes on by itself.
    pub days: u32,
    /// The way of deciding by which it is ended before that.
    pub overridden: Risk,
}

impl Decisions {
    /// The way for a kind of change.
    pub fn of(&self, risk: Risk) -> &Decision {
        match risk {
            Risk::Parameter => &self.parameter,
            Risk::Rule => &self.rule,
            Risk::Membership => &self.membership,
            Risk::Constitution => &self.constitution,
        }
    }

    /// What is wrong with them, a sentence each: what could never be decided, and what makes no sense.
    pub fn problems(&self) -> Vec<Said> {
        let each = Risk::ALL.into_iter().flat_map(|risk| {
            let within = move |problem: &str| format!("deciding about {}: {problem}", risk.as_str());
            self.of(risk).problems().into_iter().map(move |problem| problem.about(risk.code(), within))
        });
        let mut problems: Vec<Said> = each.collect();
        if matches!(self.constitution.rule.method, Method::Counted(_)) {
            problems.push(said!(
                "decided-counted",
                "changes of the constitution are counted by no calculation: so one that is broken can be replaced"
            ));
        }
        problems
    }

    /// The calculations that count, by their names.
    pub fn counters(&self) -> impl Iterator<Item = &str> {
        Risk::ALL.into_iter().filter_map(|risk| match &self.of(risk).rule.method {
            Method::Counted(counted) => Some(counted.by.as_str()),
            _ => None,
        })
    }

    /// For how many days a change waits at least that makes deciding easier somewhere: as long as what it makes
    /// easier waits today.
    pub fn longest_wait_shortened(&self, new: &Decisions) -> u32 {
        let eased = Risk::ALL.into_iter().filter(|risk| self.of(*risk).is_eased_by(new.of(*risk)));
        eased.map(|risk| self.of(risk).waiting_days).max().unwrap_or_default()
    }
}

impl Decision {
    fn problems(&self) -> Vec<Said> {
        let mut problems = Vec::new();
        let mut note = |problem: Said| problems.push(problem);
        if self.voters.is_empty() {
            note(said!("decided-no-voters", "nobody may vote; name a role in `voters`"));
        }
        if self.vote_days == 0 {
            note(said!("decided-vote-days", "a vote lasts a day at least"));
        }
        let spans = [self.tenure_days, self.discussion_days, self.vote_days, self.waiting_days];
        if spans.into_iter().chain(self.review_days).any(|days| days > DAYS_MAX) {
            note(said!("decided-span", "a span is longer than ten years"));
        }
        if self.sponsors > SPONSORS_MAX {
            note(said!("decided-sponsors", "it takes more sponsors than a page has room for"));
        }
        if self.sunset && self.review_days.is_none() {
            note(said!("decided-sunset", "what ends unless it is renewed needs `review-days`"));
        }
        if self.veto.as_ref().is_some_and(|veto| veto.roles.is_empty() || veto.days == 0 || veto.days > 90) {
            note(said!("decided-veto", "a veto belongs to a role, and lasts from 1 to 90 days"));
        }
        let nested = |rule: &Rule| matches!(rule.method, Method::Chambers { .. } | Method::Counted(_));
        if let Breaker::Count(rule) = &self.breaker
            && nested(rule)
        {
            note(said!("decided-tie", "a tie is not broken by chambers, nor by a calculation"));
        }
        if let Method::Counted(counted) = &self.rule.method
            && counted.exactly.is_some()
        {
            note(said!("decided-exactly", "what exactly counts is fixed when a vote begins, and not before"));
        }
        if let Method::Chambers { chambers } = &self.rule.method {
            if chambers.is_empty() || chambers.iter().any(|chamber| nested(&chamber.rule)) {
                note(said!("decided-chambers", "there is one chamber at least, and none within another"));
            }
            if chambers.iter().any(|chamber| !self.voters.contains(&chamber.role)) {
                note(said!("decided-chamber-role", "a chamber's role is not among `voters`"));
            }
        }
        problems
    }

    /// How many heads must take part of so many.
    pub fn quorum(&self, electorate: u64) -> u64 {
        match self.rule.quorum {
            Quorum::None => 0,
            Quorum::Heads(heads) => heads,
            Quorum::Share(share) => share.of(electorate),
        }
    }

    /// Whether another way would make deciding easier: less time, fewer heads, another majority, no veto.
    fn is_eased_by(&self, new: &Decision) -> bool {
        new.discussion_days < self.discussion_days
            || new.vote_days < self.vote_days
            || new.waiting_days < self.waiting_days
            || new.tenure_days < self.tenure_days
            || new.sponsors < self.sponsors
            || new.rule != self.rule
            || new.voters != self.voters
            || (self.veto.is_some() && new.veto != self.veto)
    }

    /// The roles, as they are asked for.
    pub fn may_vote(&self, roles: &[String], since: Option<Instant>, now: Instant) -> bool {
        let tenure_us = i64::from(self.tenure_days).saturating_mul(Instant::DAY_US);
        let long_enough = since.is_none_or(|since| since.plus_us(tenure_us) <= now);
        long_enough && roles.iter().any(|role| self.voters.contains(role))
    }

    /// In words, for whoever wants to know how something is decided.
    pub fn words(&self) -> String {
        let days = |days: u32| match days {
            1 => "one day".to_owned(),
            days => format!("{days} days"),
        };
        let mut said = format!(
            "{}; discussed for {} at least, voted on for {}, in force {} after",
            self.rule.words(),
            days(self.discussion_days),
            days(self.vote_days),
            days(self.waiting_days)
        );
        match self.sponsors {
            0 => {}
            1 => said.push_str("; somebody else has to want it discussed"),
            n => said.push_str(&format!("; {n} others have to want it discussed")),
        }
        said.push('.');
        let mut letters = said.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }
}
