//! Tallies: from an electorate, its ballots and a rule to an outcome, with the numbers that explain it.
//!
//! A tally is a function of values and of nothing else: whoever has the export gets the same outcome from it.
//! Numbers are whole; shares are fractions, compared without dividing. Quorums are counted in heads of the
//! electorate as it was frozen; whoever abstains takes part and counts for a quorum, and for nothing else.
//!
//! ```
//! use governance::tally::{Ballot, Cast, Method, Outcome, Question, Quorum, Rule, Voter, tally};
//! use valueflows::Id;
//! let electorate: Vec<Voter> = (1..=3).map(|n| Voter { id: Id([n; 16]), chambers: Vec::new() }).collect();
//! let rule = Rule { method: Method::Majority, quorum: Quorum::Heads(2) };
//! let casts = [Cast { voter: Id([1; 16]), ballot: Ballot::Yes }, Cast { voter: Id([2; 16]), ballot: Ballot::Yes }];
//! let result = tally(&rule, &Question::yes_or_no(), &electorate, &casts);
//! assert_eq!(result.outcome, Outcome::Accepted(0));
//! ```

mod choose;
mod proxies;
mod schulze;
mod words;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use valueflows::Id;

pub use proxies::{Proxy, with_proxies};

/// How a decision is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it takes.
    pub method: Method,
    /// How many must take part.
    #[serde(default)]
    pub quorum: Quorum,
}

/// What a decision takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Method {
    /// More for than against.
    Majority,
    /// Such a share of those for and against is for.
    Supermajority {
        /// The share.
        share: Share,
    },
    /// More than half of the whole electorate is for.
    AbsoluteMajority,
    /// Nobody objects; being against is a preference and no objection.
    Consent,
    /// Nobody is against, or at most so many.
    Consensus {
        /// How many.
        #[serde(default)]
        minus: u32,
    },
    /// It stands unless more than so many object.
    Lazy {
        /// How many may.
        #[serde(default)]
        objections: u32,
    },
    /// Whoever proposes decides, once so many have advised.
    Advice {
        /// How many.
        advisers: u32,
    },
    /// Of several options, the one that most approve of.
    Approval,
    /// Of several options, the one with the most points.
    Score {
        /// The most points that one ballot gives one option.
        most: u32,
    },
    /// Of several options, the one that no other defeats along the strongest path (Schulze).
    Ranked,
    /// Each of several groups decides for itself, and all must agree.
    Chambers {
        /// The groups.
        chambers: Vec<Chamber>,
    },
    /// A calculation of the network's own counts.
    Counted(Counted),
}

/// A calculation that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// Its name among those that the rules bind.
    pub by: String,
    /// What a ballot says.
    #[serde(default)]
    pub ballot: Form,
    /// The roles by which voters belong to chambers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chambers: Vec<String>,
    /// What exactly counts: fixed when the vote begins, so that nobody puts something else in its place meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exactly: Option<String>,
}

/// What a ballot says where a calculation counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Form {
    /// Yes or no to a change as it stands.
    #[default]
    YesOrNo,
    /// Which of several options will do.
    Approval,
    /// Points for each of several options.
    Score {
        /// The most points that one ballot gives one option.
        most: u32,
    },
    /// Several options from the best down.
    Ranked,
}

impl Method {
    /// What a ballot says.
    pub fn form(&self) -> Form {
        match self {
            Method::Approval => Form::Approval,
            Method::Score { most } => Form::Score { most: *most },
            Method::Ranked => Form::Ranked,
            Method::Counted(counted) => counted.ballot.clone(),
            Method::Majority
            | Method::Supermajority { .. }
            | Method::AbsoluteMajority
            | Method::Consent
            | Method::Consensus { .. }
            | Method::Lazy { .. }
            | Method::Advice { .. }
            | Method::Chambers { .. } => Form::YesOrNo,
        }
    }
}

/// One group of several that must all agree. Whoever belongs to two counts in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chamber {
    /// The role that its members have.
    pub role: String,
    /// How it decides.
    pub rule: Rule,
}

/// How many of the electorate must take part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quorum {
    /// Nobody.
    #[default]
    None,
    /// So many.
    Heads(u64),
    /// Such a share of it, rounded up to whole heads.
    Share(Share),
}

/// A share: `2/3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Share {
    part: u32,
    whole: u32,
}

impl Share {
    /// So many of so many; none where that is no share.
    pub fn new(part: u32, whole: u32) -> Option<Share> {
        (whole > 0 && part <= whole).then_some(Share { part, whole })
    }

    /// Whether `some` of `all` is at least the share. Of nothing, nothing is.
    fn is_reached(self, some: u64, all: u64) -> bool {
        all > 0 && u128::from(some) * u128::from(self.whole) >= u128::from(all) * u128::from(self.part)
    }

    /// How many of `all` it takes.
    pub fn of(self, all: u64) -> u64 {
        let needed = (u128::from(all) * u128::from(self.part)).div_ceil(u128::from(self.whole));
        u64::try_from(needed).unwrap_or(u64::MAX)
    }
}

impl TryFrom<String> for Share {
    type Error = String;

    fn try_from(text: String) -> Result<Share, String> {
        let parts = text
            .split_once('/')
            .and_then(|(part, whole)| Share::new(part.trim().parse().ok()?, whole.trim().parse().ok()?));
        parts.ok_or_else(|| format!("`{text}` is no share; write it as `2/3`"))
    }
}

impl From<Share> for String {
    fn from(share: Share) -> String {
        format!("{}/{}", share.part, share.whole)
    }
}

/// What is asked: a change as it stands, or one of several options, one of which leaves things as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// How many options there are.
    pub options: usize,
    /// The option that changes nothing, if it is one of them.
    pub status_quo: Option<usize>,
}

impl Question {
    /// Whether a change is made as it stands.
    pub fn yes_or_no() -> Question {
        Question { options: 1, status_quo: None }
    }
}

/// Somebody who may vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voter {
    /// Who.
    pub id: Id,
    /// The roles by which they belong to chambers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chambers: Vec<String>,
}

/// What somebody says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ballot {
    /// For.
    Yes,
    /// Against.
    No,
    /// Neither, but here.
    Abstain,
    /// Against, with a reason why it must not be.
    Object,
    /// Neither; the advice stands in the ballot's words.
    Advise,
    /// These options will do.
    Approve(Vec<usize>),
    /// Points for each option, in their order.
    Score(Vec<u32>),
    /// Options from the best down; those in one place are equally good, those not named come last.
    Rank(Vec<Vec<usize>>),
}

/// A ballot as it was cast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cast {
    /// By whom.
    pub voter: Id,
    /// What it says.
    pub ballot: Ballot,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The change is made; of several options, this one.
    Accepted(usize),
    /// Things stay as they are.
    Rejected,
    /// Too few took part.
    NoQuorum,
    /// These are equally good: the rule set's deadlock breaker has the word.
    Tied(Vec<usize>),
    /// The calculation that should have counted did not.
    Uncounted,
}

/// What a calculation made of ballots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counting {
    /// What came of it.
    pub outcome: Outcome,
    /// A number for each option that explains it.
    pub numbers: Vec<u64>,
    /// Why, most important first.
    pub because: Vec<Reason>,
}

/// A reason that a calculation gave: its code, and what the rules have it say in English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The code.
    pub code: String,
    /// The words.
    pub says: String,
}

/// The numbers that explain it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Heads that might have voted.
    pub electorate: u64,
    /// Heads that did.
    pub voted: u64,
    /// Heads that had to.
    pub quorum: u64,
    /// For.
    pub yes: u64,
    /// Against, with or without a reason.
    pub no: u64,
    /// Against, with a reason.
    pub objections: u64,
    /// Neither.
    pub abstained: u64,
    /// Ballots of people who may not vote here; they are not counted.
    pub strangers: u64,
    /// Ballots that say nothing that this rule asks; they count as taking part.
    pub spoilt: u64,
    /// Heads, points or wins of each option, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<u64>,
}

/// An outcome with the numbers that explain it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// The rule.
    pub rule: Rule,
    /// What came of it.
    pub outcome: Outcome,
    /// The numbers.
    pub counts: Counts,
    /// The chambers' own tallies, by role, where there are several.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub chambers: BTreeMap<String, Tally>,
    /// What the calculation that counted says of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Reason>,
}

/// What counts a vote: a way that this program knows, or a calculation of the rules. Of one vote, both come to the same.
pub trait Counter {
    /// Why there is no count.
    type Error;

    /// What comes of a question, with a number for each option.
    fn count(
        &mut self,
        question: &Question,
        electorate: &[Voter],
        casts: &[Cast],
    ) -> Result<Counting, Self::Error>;
}

impl Counter for Method {
    type Error = std::convert::Infallible;

    fn count(
        &mut self,
        question: &Question,
        electorate: &[Voter],
        casts: &[Cast],
    ) -> Result<Counting, Self::Error> {
        let rule = Rule { method: self.clone(), quorum: Quorum::None };
        let Tally { outcome, counts, .. } = tally(&rule, question, electorate, casts);
        let numbers = match counts.options.is_empty() {
            true => vec![counts.yes; question.options],
            false => counts.options,
        };
        Ok(Counting { outcome, numbers, because: Vec::new() })
    }
}

/// Counts ballots. Of two by one voter the later counts; the order of voters never matters.
pub fn tally(rule: &Rule, question: &Question, electorate: &[Voter], casts: &[Cast]) -> Tally {
    tally_with(rule, question, (electorate, casts), None)
}

/// The same, with what a calculation made of the ballots where the rule leaves it to one.
pub fn tally_with(
    rule: &Rule,
    question: &Question,
    (electorate, casts): (&[Voter], &[Cast]),
    counting: Option<&Counting>,
) -> Tally {
    let known: HashMap<Id, &Voter> = electorate.iter().map(|voter| (voter.id, voter)).collect();
    let mut ballots: BTreeMap<Id, &Ballot> = BTreeMap::new();
    let mut counts = Counts { electorate: known.len() as u64, ..Counts::default() };
    for cast in casts {
        match known.contains_key(&cast.voter) {
            true => drop(ballots.insert(cast.voter, &cast.ballot)),
            false => counts.strangers += 1,
        }
    }
    counts.voted = ballots.len() as u64;
    counts.quorum = match rule.quorum {
        Quorum::None => 0,
        Quorum::Heads(heads) => heads,
        Quorum::Share(share) => share.of(counts.electorate),
    };
    if let Method::Chambers { chambers } = &rule.method {
        return in_chambers(rule, chambers, question, (electorate, &known), &ballots, counts);
    }
    let ballots: Vec<&Ballot> = ballots.into_values().collect();
    let (outcome, because) = match (&rule.method, counting) {
        (Method::Counted(_), None) => (Outcome::Uncounted, Vec::new()),
        (Method::Counted(_), Some(counting)) => {
            counts.options = counting.numbers.clone();
            (counting.outcome.clone(), counting.because.clone())
        }
        (method, _) => (choose::outcome(method, question, &ballots, &mut counts), Vec::new()),
    };
    let outcome = if counts.voted < counts.quorum { Outcome::NoQuorum } else { outcome };
    Tally { rule: rule.clone(), outcome, counts, chambers: BTreeMap::new(), because }
}

/// Every chamber for itself; the first thing that stands in the way is what came of it.
fn in_chambers(
    rule: &Rule,
    chambers: &[Chamber],
    question: &Question,
    (electorate, known): (&[Voter], &HashMap<Id, &Voter>),
    ballots: &BTreeMap<Id, &Ballot>,
    counts: Counts,
) -> Tally {
    let mut tallies = BTreeMap::new();
    for chamber in chambers {
        let belongs = |voter: &Voter| voter.chambers.contains(&chamber.role);
        let members: Vec<Voter> = electorate.iter().filter(|voter| belongs(voter)).cloned().collect();
        let theirs = ballots.iter().filter(|(voter, _)| known.get(voter).is_some_and(|voter| belongs(voter)));
        let casts: Vec<Cast> =
            theirs.map(|(voter, ballot)| Cast { voter: *voter, ballot: Ballot::clone(ballot) }).collect();
        tallies.insert(chamber.role.clone(), tally(&chamber.rule, question, &members, &casts));
    }
    let outcomes: Vec<&Outcome> = tallies.values().map(|tally| &tally.outcome).collect();
    let outcome = match outcomes.first() {
        _ if counts.voted < counts.quorum || outcomes.contains(&&Outcome::NoQuorum) => Outcome::NoQuorum,
        None => Outcome::Rejected,
        _ if outcomes.contains(&&Outcome::Rejected) => Outcome::Rejected,
        Some(first) if outcomes.iter().all(|other| other == first) => Outcome::clone(first),
        // Chambers that want different things want nothing together.
        _ => match outcomes.iter().find(|outcome| matches!(outcome, Outcome::Tied(_))) {
            Some(tied) => Outcome::clone(tied),
            None => Outcome::Rejected,
        },
    };
    Tally { rule: rule.clone(), outcome, counts, chambers: tallies, because: Vec::new() }
}
