//! The command line, as clap reads it.

mod keys;
mod members;
mod plans;
mod plugin;
mod rules;
mod settling;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use keys::Key;
pub use members::{Delegation, Member};
pub use plans::{NewPlan, Plan};
pub use plugin::{Binding, Language, Named, Plugin, Receipt, Target, Trust, World};
pub use rules::{Amendment, Change, NewAmendment, Proxy, Ruleset, Tally, Wanted, WhatIf};
pub use settling::{Case, Erase, Exception, GrantException, May, RulesInForce, Why};

/// A node for economic networks whose own rules decide every act.
#[derive(Debug, Parser)]
#[command(name = "reflow", version, about, max_term_width = 100)]
pub struct Cli {
    /// The folder that holds this node's database, keys and cache; ./reflow-data if nothing is said.
    #[arg(long = "data", global = true, env = "REFLOW_DATA", value_name = "DIR")]
    pub data_said: Option<PathBuf>,
    /// The same, once the file has been read too.
    #[arg(skip)]
    pub data: PathBuf,
    /// PostgreSQL instead of the embedded database: postgres://…
    #[arg(long, global = true, env = "REFLOW_DATABASE")]
    pub database: Option<String>,
    /// A file that holds that address, for one with a password in it.
    #[arg(
        long,
        global = true,
        env = "REFLOW_DATABASE_FILE",
        conflicts_with = "database",
        value_name = "FILE"
    )]
    pub database_file: Option<PathBuf>,
    /// The configuration; without it, `reflow.toml` in the data folder, or else /etc/reflow/reflow.toml.
    #[arg(long, global = true, env = "REFLOW_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What each network may use: only the file says it.
    #[arg(skip)]
    pub quotas: pipeline::quotas::Quotas,
    /// How the node goes out, and the server through which letters are sent: only the file says it.
    #[arg(skip)]
    pub mode: egress::Mode,
    #[arg(skip)]
    pub mail: Option<egress::MailServer>,
    #[arg(skip)]
    pub oidc: Option<identity::oidc::Settings>,
    /// What each setting came to.
    #[arg(skip)]
    pub settings: Vec<crate::config::Setting>,
    /// The running node, by its socket: unix:///path/to/node.sock. Without it, the node on `--data`.
    #[arg(long, global = true, env = "REFLOW_NODE", value_name = "URL")]
    pub node: Option<String>,
    /// The network, where a command is about one.
    #[arg(long, global = true, env = "REFLOW_NETWORK")]
    pub network: Option<String>,
    /// Who acts, by name: believed only from the owner of the data folder.
    #[arg(long = "as", global = true, value_name = "AGENT")]
    pub agent: Option<String>,
    /// In whose name, where they have delegated it to `--as`.
    #[arg(long, global = true, value_name = "AGENT")]
    pub in_name_of: Option<String>,
    /// Sign what is done with the key in this file: see `reflow key`.
    #[arg(long, global = true, env = "REFLOW_KEY", value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// One JSON document on standard output.
    #[arg(long, global = true)]
    pub json: bool,
    /// Where built plugins lie, as NAME.wasm; ./target/plugins if nothing is said.
    #[arg(long = "plugins", global = true, env = "REFLOW_PLUGINS", value_name = "DIR")]
    pub plugins_said: Option<PathBuf>,
    /// The same, once the file has been read too.
    #[arg(skip)]
    pub plugins: PathBuf,
    /// Where compiled rules are kept, the data folder's `cache` if nothing is said; whoever can write there decides what this
    /// node runs.
    #[arg(long, global = true, env = "REFLOW_CACHE", value_name = "DIR")]
    pub cache: Option<PathBuf>,
    #[command(flatten)]
    pub log: Log,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Found the demo network, if it is not there yet, and serve it.
    Demo(Demo),
    /// Serve the networks of this node.
    Serve(Listen),
    /// Networks of this node.
    #[command(subcommand)]
    Network(Network),
    /// Members of a network.
    #[command(subcommand)]
    Member(Member),
    /// A key of one's own: what is signed with it, nobody else has done.
    #[command(subcommand)]
    Key(Key),
    /// Who acts in whose name.
    #[command(subcommand)]
    Delegation(Delegation),
    /// Tokens for programs that act in a member's name.
    #[command(subcommand)]
    Token(Token),
    /// A sandbox's clock.
    #[command(subcommand)]
    Clock(Clock),
    /// Send a command as JSON (a file, or `-` for standard input).
    Act(Act),
    /// Take in files: ValueFlows as JSON-LD, in YAML or JSON; with `--table`, CSV.
    Import(Import),
    /// Write a network, or a part of it, as JSON-LD that is taken in again.
    Export(Export),
    /// Ask what borrowing something would cost.
    Quote(Quote),
    /// Plan what is wanted: from recipes, stock and promises to what has to be done when, and by whom.
    #[command(subcommand)]
    Plan(Plan),
    /// Share out what is offered among those who need it; without a kind, what could be.
    Round(Round),
    /// Judge the whole journal again and compare everything.
    Verify,
    /// Write the tables again from the journal.
    Rebuild,
    /// Write the whole node into one file, while it runs: networks, shelf, accounts, keys, configuration.
    Backup(Backup),
    /// Fill an empty data folder, or an empty database, from a backup.
    Restore(Restore),
    /// Carry the whole node from one database to another, such as from SQLite to PostgreSQL.
    Move(Move),
    /// Look whether everything this node needs is there, and whether its books are sound.
    Doctor(Doctor),
    /// The configuration.
    #[command(subcommand)]
    Config(Config),
    /// Rule sets in folders: what a network lives by.
    #[command(subcommand)]
    Ruleset(Ruleset),
    /// Changing the rules that a network lives by.
    #[command(subcommand)]
    Amendment(Amendment),
    /// Judge the network's own past again under other rules: who would have been refused, what would be owed.
    WhatIf(WhatIf),
    /// Count a vote again: a closed rule change, or a file that was written of one.
    Tally(Tally),
    /// Let another's vote count for you where you do not vote.
    #[command(subcommand)]
    Proxy(Proxy),
    /// Let somebody do something once that a rule is against.
    #[command(subcommand)]
    Exception(Exception),
    /// Appeal against a decision, or report something; look into it, and say how it ends.
    #[command(subcommand)]
    Case(Case),
    /// Erase what is personal about somebody, or in a record, from the tables and from the journal.
    Erase(Erase),
    /// The rules in force: those that have a say in what you do, or how often each was used.
    Rules(RulesInForce),
    /// What you may do with something, and why not what you may not.
    May(May),
    /// Why a decision came out as it did, and what would have to be different.
    Why(Why),
    /// A decision in one file: for somebody without the journal, who asks its rules in code again.
    #[command(subcommand)]
    Receipt(Receipt),
    /// Whose plugins a network binds: keys, and how many of them have to have signed.
    #[command(subcommand)]
    Trust(Trust),
    /// The author's desk.
    #[command(subcommand)]
    Plugin(Plugin),
}

/// What is written about what happens, and where.
#[derive(Debug, Clone, Default, Args)]
pub struct Log {
    /// What is logged: `warn`, `info`, `pipeline=debug`; `warn` if nothing is said.
    #[arg(long, global = true, env = "REFLOW_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// How: `text`, or `json` with one object a line.
    #[arg(long, global = true, env = "REFLOW_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
    /// A collector of traces by OTLP over HTTP: http://127.0.0.1:4318. Nothing is sent if nothing is said.
    #[arg(long, global = true, env = "REFLOW_OTLP", value_name = "URL")]
    pub otlp: Option<String>,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Debug, Clone, Default, Args)]
pub struct Listen {
    /// Where to listen; 127.0.0.1:4700 if nothing is said.
    #[arg(long, env = "REFLOW_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// The address under which people know this node: https://library.example
    #[arg(long, env = "REFLOW_BASE_URL", value_name = "URL")]
    pub base_url: Option<String>,
    /// The certificate to show, in PEM, with those that lead to it; read again on SIGHUP.
    #[arg(long, env = "REFLOW_TLS_CERTIFICATE", value_name = "FILE")]
    pub tls_certificate: Option<PathBuf>,
    /// The key to it.
    #[arg(long, env = "REFLOW_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Proxies that are believed when they say who came to them and how: 10.0.0.0/8,::1
    #[arg(long, env = "REFLOW_TRUSTED_PROXIES", value_delimiter = ',', value_name = "NET")]
    pub trusted_proxies: Vec<String>,
    /// Where the operator's programs ask `/livez`, `/readyz` and `/metrics`; nowhere if nothing is said.
    #[arg(long, env = "REFLOW_ADMIN_LISTEN", value_name = "ADDRESS")]
    pub admin_listen: Option<String>,
    /// Let signed-in people try Cedar policies of their own on this node (`/api/v1/dry-run/decide`).
    #[arg(long, env = "REFLOW_DRY_RUN", num_args = 0..=1, default_missing_value = "true")]
    pub dry_run: Option<bool>,
}

#[derive(Debug, Args)]
pub struct Doctor {
    /// Leave the books alone: only what is there, not whether it is sound.
    #[arg(long)]
    pub quick: bool,
}

#[derive(Debug, Subcommand)]
pub enum Config {
    /// Say what it comes to, and where each part of it stands.
    Check(Listen),
}

#[derive(Debug, Args)]
pub struct Demo {
    #[command(flatten)]
    pub listen: Listen,
    /// The rule set.
    #[arg(long, default_value = "policies/tool-library")]
    pub rules: PathBuf,
    /// Only say who may sign in, and how.
    #[arg(long)]
    pub members: bool,
    /// Found the demo network and stop, without serving it.
    #[arg(long)]
    pub only_found: bool,
}

#[derive(Debug, Subcommand)]
pub enum Network {
    /// Found a network.
    New {
        /// Its name: small letters, digits, hyphens.
        name: String,
        /// The folder of the rule set.
        #[arg(long)]
        rules: PathBuf,
        /// Where it is, as its members call it.
        #[arg(long, default_value = "")]
        place: String,
        /// By whose clock it lives: a city that has a time zone, as in Lisbon or Europe/Lisbon.
        #[arg(long, default_value = "")]
        zone: String,
        /// A steward's name; two at least, unless it is a sandbox.
        #[arg(long = "steward", required = true)]
        stewards: Vec<String>,
        /// A network for trying things out, on a clock of its own.
        #[arg(long)]
        sandbox: bool,
    },
    /// Invite somebody to found a network on this node, on a page: a link that founds one, once.
    Invite {
        /// Who it is for; only for you.
        #[arg(default_value = "")]
        who: String,
    },
    /// List the networks.
    List,
    /// Pause a network, or one of its calculations, for safety; it ends by itself within three days.
    Pause {
        /// The network.
        name: String,
        /// Only this calculation.
        #[arg(long)]
        plugin: Option<String>,
        /// For how many hours.
        #[arg(long, default_value_t = 72)]
        hours: i64,
        /// Why; everybody reads it.
        #[arg(long)]
        because: String,
    },
    /// End a pause before its time.
    Resume {
        /// The network.
        name: String,
        /// Only that of this calculation.
        #[arg(long)]
        plugin: Option<String>,
    },
    /// Bring rules to a network that nobody could change any more. Members can say no for thirty days.
    Recover {
        /// The network.
        name: String,
        /// The rules: a folder, or a packed file.
        #[arg(long)]
        rules: PathBuf,
        /// Why; everybody reads it.
        #[arg(long)]
        because: String,
    },
    /// Write a network into one file that another node adopts. The network ends here.
    Export(ExportNetwork),
    /// Take in a network from such a file; it lives here from then on.
    Adopt(Adopt),
}

#[derive(Debug, Args)]
pub struct Passphrase {
    /// A file whose content is the passphrase that the file is encrypted to (in the format of `age`).
    #[arg(long, value_name = "FILE", env = "REFLOW_PASSPHRASE_FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Leave the file open, for a disk that is encrypted itself.
    #[arg(long, conflicts_with = "passphrase_file")]
    pub unencrypted: bool,
}

#[derive(Debug, Args)]
pub struct Backup {
    /// The file; it must not be there yet.
    pub file: PathBuf,
    #[command(flatten)]
    pub passphrase: Passphrase,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// The file.
    pub file: PathBuf,
    #[command(flatten)]
    pub passphrase: Passphrase,
}

#[derive(Debug, Args)]
pub struct Move {
    /// From where: sqlite:PATH or postgres://…
    #[arg(long)]
    pub from: String,
    /// To where: sqlite:PATH or postgres://…
    #[arg(long)]
    pub to: String,
}

#[derive(Debug, Args)]
pub struct ExportNetwork {
    /// The network.
    pub name: String,
    /// The file; it must not be there yet.
    pub file: PathBuf,
    /// Only a copy to read elsewhere; the network lives on here.
    #[arg(long)]
    pub copy: bool,
    /// Where it goes, in words that its last entry here keeps.
    #[arg(long, conflicts_with = "copy")]
    pub to: Option<String>,
    #[command(flatten)]
    pub passphrase: Passphrase,
}

#[derive(Debug, Args)]
pub struct Adopt {
    /// The file.
    pub file: PathBuf,
    /// What the network is called here, if its name is taken.
    #[arg(long)]
    pub name: Option<String>,
    #[command(flatten)]
    pub passphrase: Passphrase,
}

#[derive(Debug, Subcommand)]
pub enum Token {
    /// Delegate acts in the name of `--as`, and make a key to them; it is shown once.
    New {
        /// What to call it.
        name: String,
        /// An act that it opens, such as `see` or `raise`; `record` stands for every event.
        #[arg(long = "act", required = true)]
        acts: Vec<String>,
        /// For how many days.
        #[arg(long, default_value_t = 30)]
        days: i64,
        /// Who carries it, if somebody else: a device that acts in the name of `--as`.
        #[arg(long, value_name = "AGENT")]
        to: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum Clock {
    /// Move the clock of a sandbox: `8d`, `12h`, `30m`.
    Advance {
        /// By how much.
        by: String,
    },
}

#[derive(Debug, Args)]
pub struct Act {
    /// The file; `-` is standard input.
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct Import {
    /// The files.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Only say what would come of it.
    #[arg(long)]
    pub dry_run: bool,
    /// The files are CSV: `members` (name, roles, training), `things` (name, kind, owner, quantity, unit,
    /// tracking, note, offer), `loans` (thing, member, until) or `balances` (member, amount, unit, name).
    #[arg(long, value_name = "WHAT")]
    pub table: Option<String>,
    /// Where a column of a table stands under another header: `name=Full name`.
    #[arg(long = "column", value_name = "NAME=HEADER", requires = "table")]
    pub columns: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Export {
    /// Only what happened to one thing: its name, tracking identifier or id.
    #[arg(long, conflicts_with = "class")]
    pub resource: Option<String>,
    /// Only one class, such as `Proposal`, with what its records point at.
    #[arg(long)]
    pub class: Option<String>,
    /// The file to write; without it, standard output.
    #[arg(long)]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Round {
    /// The kind of thing or of work, by its name.
    pub kind: Option<String>,
}

#[derive(Debug, Args)]
pub struct Quote {
    /// The name of the thing.
    pub thing: String,
    /// For how many days.
    #[arg(long, default_value_t = 7)]
    pub days: i64,
}
