//! What rules say of themselves: how something is decided, who belongs, who looks into cases, what came of a vote.

use pipeline::acts::tally::{Counts, Method, Outcome, Quorum, Rule, Tally};
use pipeline::acts::{CaseRules, Decision, Joining};

use crate::locale::Locale;

/// Where a rule change stands.
pub fn status(l: &Locale, code: &str) -> String {
    l.put("status", code).t("amendment-status")
}

/// Who looks into cases, and how long they have.
pub fn case_rules(l: &Locale, cases: &CaseRules) -> String {
    let roles = cases.assignees.join(&l.t("or"));
    l.put("roles", roles).put("days", cases.days).t("rules-cases")
}

/// How somebody comes to belong.
pub fn joining_rules(l: &Locale, joining: &Joining) -> String {
    let said = l.put("way", joining.way.code()).put("vouchers", joining.vouchers);
    let way = match joining.voucher_roles.is_empty() {
        true => said.put("roles", "").put("of", "members").t("rules-joining"),
        false => {
            said.put("roles", joining.voucher_roles.join(&l.t("or"))).put("of", "roles").t("rules-joining")
        }
    };
    match &joining.probation_role {
        None => way,
        Some(role) => {
            let probation = l.put("days", joining.probation_days).put("role", role).t("rules-probation");
            format!("{way} {probation}")
        }
    }
}

/// A way of deciding.
pub fn decision(l: &Locale, decision: &Decision) -> String {
    let said = l.put("rule", rule(l, &decision.rule)).put("discussed", decision.discussion_days);
    let said = said.put("voted", decision.vote_days).put("waits", decision.waiting_days);
    said.put("sponsors", decision.sponsors).t("rules-decision")
}

/// What it takes.
fn rule(l: &Locale, rule: &Rule) -> String {
    let takes = match &rule.method {
        Method::Majority => l.put("method", "majority").put("n", 0_u64),
        Method::Supermajority { share } => {
            l.put("method", "supermajority").put("share", String::from(*share)).put("n", 0_u64)
        }
        Method::AbsoluteMajority => l.put("method", "absolute").put("n", 0_u64),
        Method::Consent => l.put("method", "consent").put("n", 0_u64),
        Method::Consensus { minus } => l.put("method", "consensus").put("n", u64::from(*minus)),
        Method::Lazy { objections } => l.put("method", "lazy").put("n", u64::from(*objections)),
        Method::Advice { advisers } => l.put("method", "advice").put("n", u64::from(*advisers)),
        Method::Approval => l.put("method", "approval").put("n", 0_u64),
        Method::Score { .. } => l.put("method", "score").put("n", 0_u64),
        Method::Ranked => l.put("method", "ranked").put("n", 0_u64),
        Method::Chambers { chambers } => {
            let each = chambers.iter().map(|chamber| {
                let takes = self::rule(l, &chamber.rule);
                l.put("role", &chamber.role).put("takes", takes).t("rules-chamber")
            });
            let each = each.collect::<Vec<_>>().join("; ");
            return with_quorum(l, each, &rule.quorum);
        }
        Method::Counted(counted) => {
            let takes = l.put("by", &counted.by).t("rules-counted");
            return with_quorum(l, takes, &rule.quorum);
        }
    };
    with_quorum(l, takes.t("rules-method"), &rule.quorum)
}

fn with_quorum(l: &Locale, takes: String, quorum: &Quorum) -> String {
    match quorum {
        Quorum::None => takes,
        Quorum::Heads(needed) => l.put("takes", takes).put("heads", *needed).t("rules-quorum-heads"),
        Quorum::Share(share) => {
            l.put("takes", takes).put("share", String::from(*share)).t("rules-quorum-share")
        }
    }
}

/// An option by its name, or by its number where it has none.
fn option(l: &Locale, options: &[String], at: usize) -> String {
    match options.get(at) {
        Some(name) => l.put("name", name).t("quoted"),
        None => l.put("n", at + 1).t("tally-option"),
    }
}

/// What came of a vote, the most important first; options by the names given.
pub fn tally(l: &Locale, tally: &Tally, options: &[String]) -> Vec<String> {
    let mut said = vec![outcome(l, tally, options)];
    match tally.chambers.is_empty() {
        true => said.push(numbers(l, tally, options)),
        false => {
            for (role, part) in &tally.chambers {
                let words = self::tally(l, part, options).join(" ");
                said.push(l.put("role", role).put("words", words).t("tally-chamber"));
            }
        }
    }
    said.retain(|line| !line.is_empty());
    said.extend(tally.because.iter().map(|because| because.says.clone()));
    let Counts { electorate, voted, quorum, strangers, spoilt, .. } = tally.counts;
    let took_part = l.put("could", electorate).put("did", voted).put("takes", quorum);
    said.push(took_part.t("tally-took-part"));
    if strangers > 0 {
        said.push(l.put("n", strangers).t("tally-strangers"));
    }
    if spoilt > 0 {
        said.push(l.put("n", spoilt).t("tally-spoilt"));
    }
    said
}

fn outcome(l: &Locale, tally: &Tally, options: &[String]) -> String {
    match &tally.outcome {
        Outcome::Accepted(_) if options.len() < 2 => l.t("tally-accepted"),
        Outcome::Accepted(at) => l.put("name", option(l, options, *at)).t("tally-accepted-option"),
        Outcome::Rejected => l.t("tally-rejected"),
        Outcome::NoQuorum => l.t("tally-no-quorum"),
        Outcome::Tied(tied) if tied.len() > 1 => {
            let tied: Vec<String> = tied.iter().map(|at| option(l, options, *at)).collect();
            l.put("names", tied.join(&l.t("and"))).t("tally-tied-options")
        }
        Outcome::Tied(_) => l.t("tally-tied"),
        Outcome::Uncounted => l.t("tally-uncounted"),
    }
}

/// What came, beside what the method asks for.
fn numbers(l: &Locale, tally: &Tally, options: &[String]) -> String {
    let counts = &tally.counts;
    let said = l.put("yes", counts.yes).put("no", counts.no).put("objections", counts.objections);
    let said = said.put("electorate", counts.electorate).put("voted", counts.voted);
    let (method, n) = match &tally.rule.method {
        Method::Majority => ("majority", 0),
        Method::Supermajority { share } => ("supermajority", share.of(counts.yes + counts.no)),
        Method::AbsoluteMajority => ("absolute", counts.electorate / 2 + 1),
        Method::Consent => ("consent", 0),
        Method::Consensus { minus } => ("consensus", u64::from(*minus)),
        Method::Lazy { objections } => ("lazy", u64::from(*objections)),
        Method::Advice { advisers } => ("advice", u64::from(*advisers)),
        Method::Approval => return listed(l, "approval", counts, options),
        Method::Score { .. } => return listed(l, "score", counts, options),
        Method::Ranked => return listed(l, "ranked", counts, options),
        Method::Counted(_) if counts.options.len() > 1 => return listed(l, "counted", counts, options),
        Method::Chambers { .. } | Method::Counted(_) => return String::new(),
    };
    said.put("method", method).put("n", n).put("both", counts.yes + counts.no).t("tally-numbers")
}

fn listed(l: &Locale, method: &str, counts: &Counts, options: &[String]) -> String {
    let each = counts.options.iter().enumerate().map(|(at, count)| {
        let said = l.put("name", option(l, options, at)).put("method", method);
        said.put("n", *count).t("tally-of-option")
    });
    format!("{}.", each.collect::<Vec<_>>().join("; "))
}
