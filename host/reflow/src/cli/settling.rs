//! What the command line says about exceptions, cases, and why.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Exception {
    /// Make one: a member may do something once.
    Grant(GrantException),
    /// Take one back before it is used.
    Withdraw {
        /// Its id, or the beginning of it.
        exception: String,
    },
    /// List them.
    List,
}

#[derive(Debug, Args)]
pub struct GrantException {
    /// For whom.
    pub member: String,
    /// What they may do: `borrow`, `transferCustody` and so on.
    pub act: String,
    /// The rule that is not asked this once, by its id as the refusal named it.
    #[arg(long)]
    pub rule: Option<String>,
    /// About which thing, by name; any if none is named.
    #[arg(long)]
    pub thing: Option<String>,
    /// For how many days at most, where the act is about days.
    #[arg(long)]
    pub days: Option<i64>,
    /// How much at most, where it is about an amount: "5.00 EUR".
    #[arg(long)]
    pub most: Option<String>,
    /// For how many days the exception stands.
    #[arg(long, default_value_t = 7)]
    pub within: i64,
    /// The case that it comes of.
    #[arg(long)]
    pub case: Option<String>,
    /// Why.
    #[arg(long)]
    pub because: String,
}

#[derive(Debug, Subcommand)]
pub enum Case {
    /// Open one: an appeal, if it is about a decision, or else a report.
    Open {
        /// The decision: the command's id, or the number of its entry.
        #[arg(long)]
        decision: Option<String>,
        /// The thing that it is about, by name.
        #[arg(long)]
        about: Option<String>,
        /// Whom it is about.
        #[arg(long = "against", value_name = "MEMBER")]
        against: Vec<String>,
        /// What there is to say.
        #[arg(long)]
        because: String,
    },
    /// Say something in one.
    Say {
        /// Its id, or the beginning of it.
        case: String,
        /// What.
        says: String,
    },
    /// Let somebody else look into it.
    Assign {
        /// Its id, or the beginning of it.
        case: String,
        /// Who.
        member: String,
    },
    /// Say how it ends; what puts it right goes with it, and stands or falls with it.
    Close {
        /// Its id, or the beginning of it.
        case: String,
        /// How.
        #[arg(value_parser = ["upheld", "reversed", "mediated"])]
        outcome: String,
        /// Why.
        #[arg(long)]
        because: String,
        /// Acts that put it right, as `reflow act` takes them.
        #[arg(long, value_name = "FILE")]
        with: Option<PathBuf>,
    },
    /// Take one back.
    Withdraw {
        /// Its id, or the beginning of it.
        case: String,
    },
    /// Say all about one.
    Show {
        /// Its id, or the beginning of it.
        case: String,
    },
    /// List those that you see.
    List,
}

#[derive(Debug, Args)]
pub struct RulesInForce {
    /// Only those that have a say in an act: `borrow` and so on.
    #[arg(long)]
    pub act: Option<String>,
    /// How often each rule decided, refused, was excepted from and appealed against.
    #[arg(long)]
    pub used: bool,
    /// On so many of the newest entries.
    #[arg(long, default_value_t = 10_000, requires = "used")]
    pub last: u64,
}

#[derive(Debug, Args)]
pub struct May {
    /// The thing, by name; or any record, by its id.
    pub what: String,
}

#[derive(Debug, Args)]
pub struct Why {
    /// The command's id, or the number of its entry.
    pub decision: String,
}

#[derive(Debug, Args)]
pub struct Erase {
    /// Somebody, by name or id; or a record, by id, or a thing by name.
    pub what: String,
    /// Why; this stays.
    #[arg(long)]
    pub because: String,
    /// The operator erases it, since it is unlawful to keep: no rule is asked, and the journal says so.
    #[arg(long)]
    pub unlawful: bool,
}
