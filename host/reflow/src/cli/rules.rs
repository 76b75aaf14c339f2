//! What the command line says about rules, and about changing them.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Amendment {
    /// Write a change down: other rules, other settings, or roles that a vote gives or takes.
    New(NewAmendment),
    /// Write it anew while it is discussed.
    Redraft {
        /// The rule change: its title, its id, or the beginning of its id.
        amendment: String,
        #[command(flatten)]
        change: Change,
    },
    /// Say that you want it discussed.
    Sponsor { amendment: String },
    /// End the discussion and begin the vote: nothing of it changes any more.
    Freeze { amendment: String },
    /// Vote; until it closes you can vote again.
    Vote {
        amendment: String,
        /// yes, no, abstain, object, advise; or JSON such as {"score": [5, 0]}.
        choice: String,
        /// Why.
        #[arg(long)]
        because: Option<String>,
        /// Whose ballot from paper this is, where you are a clerk.
        #[arg(long = "for", value_name = "MEMBER")]
        voter: Option<String>,
    },
    /// Hold up what was accepted.
    Veto {
        amendment: String,
        /// Why.
        #[arg(long)]
        because: String,
    },
    /// Ask everybody whether it is held up any longer.
    Override { amendment: String },
    /// Take it back.
    Withdraw { amendment: String },
    /// Say that a change which is due for review stays.
    Renew { amendment: String },
    /// Say all about one.
    Show { amendment: String },
    /// List them.
    List,
}

/// What would be other rules.
#[derive(Debug, Args)]
pub struct Change {
    /// The folder of the rules as they would be.
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// A setting as it would be: deposit.late-day="2.00 EUR".
    #[arg(long = "set", value_name = "PLUGIN.SETTING=VALUE", conflicts_with = "rules")]
    pub set: Vec<String>,
    /// Why.
    #[arg(long)]
    pub because: Option<String>,
}

#[derive(Debug, Args)]
pub struct NewAmendment {
    /// What to call it.
    pub title: String,
    #[command(flatten)]
    pub change: Change,
    /// Go back to the rules before the last change; given twice, to those before that.
    #[arg(long, action = clap::ArgAction::Count, conflicts_with_all = ["rules", "set"])]
    pub rollback: u8,
    /// The change instead of which this one is: both are voted on together, and at most one comes of it.
    #[arg(long, value_name = "AMENDMENT")]
    pub instead_of: Option<String>,
    /// An act that the vote carries out, as JSON: {"act": "grantRole", "member": "…", "role": "steward"}.
    #[arg(long = "effect", value_name = "JSON")]
    pub effects: Vec<String>,
}

#[derive(Debug, Args)]
pub struct WhatIf {
    /// The rules: a folder, or a rule change by its title or id.
    #[arg(long, value_name = "DIR|AMENDMENT")]
    pub candidate: String,
    /// On so many of the newest entries.
    #[arg(long, default_value_t = 1_000)]
    pub last: u64,
    /// Write a command for each member who would have paid less, by which the network gives it back; send what is
    /// right with `reflow act`.
    #[arg(long, value_name = "DIR")]
    pub corrections: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Tally {
    /// The rule change; or, with `--file`, the file.
    pub what: String,
    /// Write all that it takes to count it again.
    #[arg(long)]
    pub export: bool,
    /// Count again from a file.
    #[arg(long, conflicts_with = "export")]
    pub file: bool,
}

#[derive(Debug, Subcommand)]
pub enum Proxy {
    /// Name whose vote counts.
    New {
        /// The member.
        member: String,
        /// About which kinds of change: parameter, rule, membership, constitution; all if none is named.
        #[arg(long = "topic")]
        topics: Vec<String>,
        /// For how many days.
        #[arg(long, default_value_t = 180)]
        days: i64,
    },
    /// Let it count no more.
    End {
        /// Its id, as `proxy new` said it.
        proxy: String,
    },
}

/// A rule set in a registry, and what it has to be.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Its name, perhaps with a version: `NAME@VERSION`; the newest, where none is said.
    pub name: String,
    /// The registry: a folder, or `oci://HOST/PATH`.
    #[arg(long, value_name = "REGISTRY")]
    pub from: PathBuf,
    /// A public key that has to have signed it; may be said several times.
    #[arg(long, value_name = "PUBLIC")]
    pub signed_by: Vec<String>,
    /// The digest that it has to have.
    #[arg(long, value_name = "DIGEST")]
    pub digest: Option<String>,
    /// The file; `NAME-VERSION.tar.gz` in this folder otherwise.
    #[arg(long, value_name = "FILE")]
    pub into: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Ruleset {
    /// Look whether a network could live by it, and what it holds.
    Check {
        /// The folder, or a packed file.
        folder: PathBuf,
    },
    /// Play its scenarios: what a community says its rules do, held against the rules.
    Test {
        /// The folder, or a packed file.
        folder: PathBuf,
    },
    /// Drop each rule, and turn each around, one at a time; say which scenario noticed.
    Mutate {
        /// The folder, or a packed file.
        folder: PathBuf,
    },
    /// Write down which components a rule set has exactly, into `plugins.lock` in its folder: from then on it has no others.
    Lock {
        /// The folder.
        folder: PathBuf,
    },
    /// Put a rule set and its components into one file.
    Pack {
        /// The folder.
        folder: PathBuf,
        /// The file; it must not be there yet.
        file: PathBuf,
    },
    /// Put a rule set and its components into a registry, signed with `--key FILE`. Whoever publishes the same once more with
    /// another key adds their signature.
    Publish {
        /// The folder, or a packed file.
        from: PathBuf,
        /// Its version, such as `1.0.0`: what lies there under it stays what it is.
        #[arg(long, value_name = "VERSION")]
        version: String,
        /// The registry: a folder, or `oci://HOST/PATH` (who you are there: `REFLOW_REGISTRY_LOGIN`, `NAME:PASSWORD`).
        #[arg(long, value_name = "REGISTRY")]
        to: PathBuf,
    },
    /// Get a rule set from a registry, as one file that every command takes where it takes a rule set's folder.
    Fetch(Wanted),
    /// Begin a rule set of your own from another.
    New {
        /// The folder; it must not be there yet.
        folder: PathBuf,
        /// The rule set to begin from.
        #[arg(long, value_name = "DIR")]
        from: PathBuf,
    },
    /// Lay a rule set's components on this node's shelf. No network's rules change by it.
    Install {
        /// The folder, or a packed file.
        folder: PathBuf,
    },
    /// Say in words what would change from one to the other, and how much is at stake.
    Diff {
        /// The folder of the rules as they are.
        from: PathBuf,
        /// The folder of the rules as they would be.
        to: PathBuf,
    },
}
