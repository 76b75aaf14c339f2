//! An outcome in words: what was asked for and what came, in heads and not in per cent.

use super::{Counts, Method, Outcome, Quorum, Rule, Share, Tally};

fn heads(count: u64) -> String {
    match count {
        0 => "nobody".to_owned(),
        1 => "one person".to_owned(),
        count => format!("{count} people"),
    }
}

/// An option by its name, or by its number where it has none.
fn name(options: &[&str], at: usize) -> String {
    options.get(at).map_or_else(|| format!("option {}", at + 1), |name| format!("\"{name}\""))
}

impl Tally {
    /// Sentences, the most important first; options by the names given.
    pub fn words(&self, options: &[&str]) -> Vec<String> {
        let mut said = vec![self.outcome_in_words(options)];
        if self.chambers.is_empty() {
            said.extend(Some(self.numbers(options)).filter(|numbers| !numbers.is_empty()));
        }
        said.extend(self.because.iter().map(|because| because.says.clone()));
        for (role, tally) in &self.chambers {
            said.push(format!("Those with the role \"{role}\": {}", tally.words(options).join(" ")));
        }
        let Counts { electorate, voted, quorum, strangers, spoilt, .. } = self.counts;
        let took_part = format!("Of {} who could vote, {} did", heads(electorate), heads(voted));
        said.push(match quorum {
            0 => format!("{took_part}."),
            quorum => format!("{took_part}; it takes {quorum}."),
        });
        if strangers > 0 {
            said.push(format!("Not counted: {strangers} cast by people who could not vote here."));
        }
        if spoilt > 0 {
            said.push(format!("Not about what was asked: {spoilt}."));
        }
        said
    }

    fn outcome_in_words(&self, options: &[&str]) -> String {
        match &self.outcome {
            Outcome::Accepted(_) if options.len() < 2 => "Accepted.".to_owned(),
            Outcome::Accepted(option) => format!("Accepted: {}.", name(options, *option)),
            Outcome::Rejected => "Not accepted: things stay as they are.".to_owned(),
            Outcome::NoQuorum => "Not decided: too few took part.".to_owned(),
            Outcome::Tied(tied) if tied.len() > 1 => {
                let tied: Vec<String> = tied.iter().map(|option| name(options, *option)).collect();
                format!("Not decided: {} are equally good.", tied.join(" and "))
            }
            Outcome::Tied(_) => "Not decided: as many are for it as against it.".to_owned(),
            Outcome::Uncounted => "Not decided: what should have counted gave no answer.".to_owned(),
        }
    }

    /// What came, beside what the method asks for.
    fn numbers(&self, options: &[&str]) -> String {
        let counts = &self.counts;
        let (yes, no, objections) = (counts.yes, counts.no, counts.objections);
        let both = format!("{} for it, {} against", heads(yes), heads(no));
        match &self.rule.method {
            Method::Majority => format!("{both}; it takes more for it than against it."),
            Method::Supermajority { share } => {
                format!("{both}; of these {} it takes {} for it.", yes + no, share.of(yes + no))
            }
            Method::AbsoluteMajority => {
                let takes = counts.electorate / 2 + 1;
                format!("{} for it; it takes {takes} of all {}.", heads(yes), counts.electorate)
            }
            Method::Consent => format!(
                "{} for it, {} with a reason why it must not be; one such reason stops it.",
                heads(yes),
                heads(objections)
            ),
            Method::Consensus { minus: 0 } => format!("{both}; it takes that nobody is against it."),
            Method::Consensus { minus } => format!("{both}; at most {minus} may be against it."),
            Method::Lazy { objections: most } => format!(
                "{} with a reason why it must not be; more than {most} would have stopped it.",
                heads(objections)
            ),
            Method::Advice { advisers } => format!(
                "{} gave advice; it takes {advisers}, and then whoever proposed it decides.",
                heads(counts.voted)
            ),
            Method::Approval => counts.listed(options, |heads| format!("would do for {heads}")),
            Method::Score { .. } => counts.listed(options, |points| format!("{points} points")),
            Method::Ranked => counts.listed(options, |wins| format!("better than {wins} others")),
            Method::Counted(_) if counts.options.len() > 1 => {
                counts.listed(options, |number| number.to_string())
            }
            Method::Chambers { .. } | Method::Counted(_) => String::new(),
        }
    }
}

impl Counts {
    fn listed(&self, options: &[&str], number: impl Fn(u64) -> String) -> String {
        let each = (0..).zip(&self.options);
        let each: Vec<String> =
            each.map(|(at, count)| format!("{}: {}", name(options, at), number(*count))).collect();
        format!("{}.", each.join("; "))
    }
}

impl Rule {
    /// What it takes, in words.
    pub fn words(&self) -> String {
        let takes = match &self.method {
            Method::Majority => "more for it than against it".to_owned(),
            Method::Supermajority { share } => {
                format!("{} of those for and against are for it", part(*share))
            }
            Method::AbsoluteMajority => "more than half of all who could vote are for it".to_owned(),
            Method::Consent => "nobody has a reason why it must not be".to_owned(),
            Method::Consensus { minus: 0 } => "nobody is against it".to_owned(),
            Method::Consensus { minus } => format!("at most {minus} are against it"),
            Method::Lazy { objections } => format!("at most {objections} object"),
            Method::Advice { advisers } => format!("{} gave advice", heads(u64::from(*advisers))),
            Method::Approval => "it will do for most".to_owned(),
            Method::Score { .. } => "it has the most points".to_owned(),
            Method::Ranked => "it is better than every other, compared one by one".to_owned(),
            Method::Chambers { chambers } => {
                let each: Vec<String> = chambers
                    .iter()
                    .map(|chamber| {
                        format!("of those with the role \"{}\": {}", chamber.role, chamber.rule.words())
                    })
                    .collect();
                each.join("; and ")
            }
            Method::Counted(counted) => format!("the calculation \"{}\" says so", counted.by),
        };
        match self.quorum {
            Quorum::None => takes,
            Quorum::Heads(needed) => format!("{takes}, and {} take part", heads(needed)),
            Quorum::Share(share) => format!("{takes}, and {} of all who could vote take part", part(share)),
        }
    }
}

fn part(share: Share) -> String {
    String::from(share)
}
