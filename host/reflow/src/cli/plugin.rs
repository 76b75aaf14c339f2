//! The author's desk.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Where cargo keeps its intermediate files.
#[derive(Debug, Clone, Args)]
pub struct Target {
    /// Where cargo keeps its intermediate files.
    #[arg(long, env = "REFLOW_GUEST_TARGET", default_value = "./target/guests")]
    pub target: PathBuf,
}

/// What a plugin is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Rust.
    Rust,
    /// JavaScript, interpreted by QuickJS; built with node and npm.
    Js,
}

/// What a plugin decides about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum World {
    /// Facts about acts, and refusals.
    Access,
    /// What something costs.
    Pricing,
    /// What follows from what has happened.
    Duties,
    /// Which offers go to whom, and in which order they are shown.
    Matching,
    /// What comes of a vote.
    Tally,
}

#[derive(Debug, Subcommand)]
pub enum Plugin {
    /// Make a folder for a new plugin: a rule that builds, keeps the laws of its world, and does what its examples say.
    New {
        /// Its name, and that of the folder: small letters, digits, hyphens.
        folder: PathBuf,
        /// What it decides about.
        #[arg(long)]
        world: World,
        /// What it is written in.
        #[arg(long, default_value = "rust")]
        lang: Language,
    },
    /// Build plugins: compile, wrap as a component, write the manifest into it.
    Build {
        /// Their folders.
        #[arg(default_value = ".")]
        folders: Vec<PathBuf>,
        #[command(flatten)]
        target: Target,
    },
    /// Try the examples that its author wrote down: `tests/*.toml` in its folder.
    Test {
        /// The component, or the folder of its source.
        #[arg(default_value = ".")]
        plugin: PathBuf,
        #[command(flatten)]
        target: Target,
    },
    /// Hold a plugin to the laws of its world, and to those that it claims; a case that breaks one is written down.
    Laws {
        /// The component, or the folder of its source.
        #[arg(default_value = ".")]
        plugin: PathBuf,
        /// How many made-up cases each law is tried with.
        #[arg(long, default_value_t = 256)]
        cases: u32,
        /// The seed of the cases; that of admission if nothing is said.
        #[arg(long)]
        seed: Option<u64>,
        /// Try one case again that broke a law, from the file that it was written to.
        #[arg(long, value_name = "FILE")]
        again: Option<PathBuf>,
        #[command(flatten)]
        target: Target,
    },
    /// Say what people are told about a plugin: what it reads, what it answers, its settings, its reasons. Nothing is run.
    Inspect {
        /// The component, or the folder of its source.
        #[arg(default_value = ".")]
        plugin: PathBuf,
    },
    /// Measure what a plugin costs: time and fuel of a call, by how many items it is about.
    Bench {
        /// The component, or the folder of its source.
        #[arg(default_value = ".")]
        plugin: PathBuf,
        #[command(flatten)]
        target: Target,
    },
    /// Say what differs between two plugins: in what they say of themselves, and in what they answer to the same cases.
    Diff {
        /// The one before: a component, or a folder.
        old: PathBuf,
        /// The one after.
        #[arg(default_value = ".")]
        new: PathBuf,
        /// How many made-up cases both are asked.
        #[arg(long, default_value_t = 1000)]
        cases: u32,
        #[command(flatten)]
        target: Target,
    },
    /// Put a plugin into a registry, a folder of packages by name and version; a version stays what it is.
    Pack {
        /// The component, or the folder of its source.
        #[arg(default_value = ".")]
        plugin: PathBuf,
        /// The registry.
        #[arg(long, default_value = "./target/packages", value_name = "DIR")]
        into: PathBuf,
        #[command(flatten)]
        target: Target,
    },
    /// Sign a package with the key of `--key`: that it is this plugin, in this version.
    Sign {
        /// The package's folder.
        package: PathBuf,
    },
    /// Put a package, with its signatures, into another registry.
    Publish {
        /// The package's folder.
        package: PathBuf,
        /// The registry: a folder, or `oci://HOST/PATH`, where REFLOW_REGISTRY_LOGIN=NAME:PASSWORD signs in.
        #[arg(long, value_name = "REGISTRY")]
        to: PathBuf,
    },
    /// Lay a package on this node's shelf, where it has no effect until rules name it.
    Install(Named),
    /// Bring a plugin to a vote: it is laid on the shelf, and a rule change is written down that binds it.
    Bind {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        binding: Binding,
        /// What to call the rule change.
        #[arg(long)]
        title: Option<String>,
        /// Why.
        #[arg(long)]
        because: Option<String>,
    },
    /// Pause a plugin, for safety; it ends by itself within three days.
    Pause {
        /// Its name.
        plugin: String,
        /// For how many hours.
        #[arg(long, default_value_t = 72)]
        hours: i64,
        /// Why; everybody reads it.
        #[arg(long)]
        because: String,
    },
    /// What lies on this node's shelf: versions, signatures, what admission found, what is revoked.
    List,
    /// Revoke plugins on this node: at once, in every network here; the last version that it had before answers instead, or
    /// what needs it is refused. Without an argument: what is revoked.
    Revoke {
        /// A component's digest, a key (`z6Mk…`), a plugin's name, or versions of it: `deposit@<0.2.3`.
        what: Option<String>,
        /// Why; everybody reads it.
        #[arg(long, requires = "what")]
        because: Option<String>,
        /// Take a revocation back.
        #[arg(long, requires = "what", conflicts_with = "because")]
        undo: bool,
    },
    /// Found a copy of a sandbox with this plugin bound, and live through its past again: what is decided differently?
    Try {
        /// The component, or the folder of its source.
        #[arg(default_value = ".")]
        plugin: PathBuf,
        #[command(flatten)]
        binding: Binding,
        #[command(flatten)]
        target: Target,
    },
    /// Ask the plugins of a decision again what they were asked then, from a file of `reflow receipt export`.
    Replay {
        /// The file.
        receipt: PathBuf,
        /// Ask this plugin instead of the one of its world that was asked then: a component, or the folder of its source.
        #[arg(long = "with", value_name = "PLUGIN")]
        with: Option<PathBuf>,
        #[command(flatten)]
        target: Target,
    },
    /// Look whether a node would admit a component, and what it finds of it.
    Admit {
        /// The component.
        file: PathBuf,
    },
}

/// A package, a component, or a plugin of a registry.
#[derive(Debug, Args)]
pub struct Named {
    /// A package's folder, a component's file; or a name, or NAME@VERSION, of the registry that `--from` says.
    pub plugin: String,
    /// The registry: a folder, or `oci://HOST/PATH`.
    #[arg(long, value_name = "REGISTRY")]
    pub from: Option<PathBuf>,
}

/// How a plugin is bound.
#[derive(Debug, Args)]
pub struct Binding {
    /// The bound plugin whose place it takes; that of its own name, or the only one of its world that there can be, if
    /// nothing is said.
    #[arg(long, value_name = "PLUGIN")]
    pub instead: Option<String>,
    /// The acts that it is asked about: borrow,transferCustody; those of the one whose place it takes, or of the others of
    /// its world, if nothing is said.
    #[arg(long, value_delimiter = ',', value_name = "ACT")]
    pub acts: Vec<String>,
    /// A setting: `most=2`, `day=1.50 EUR`.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub settings: Vec<String>,
    /// A file of policies that the rules have more then: to read the facts of this plugin, or to let it promise something.
    #[arg(long = "policy", value_name = "FILE")]
    pub policies: Vec<PathBuf>,
}

/// Whose plugins a network binds.
#[derive(Debug, Subcommand)]
pub enum Trust {
    /// Bring to a vote that a key is trusted: what a rule change binds has to be signed by as many as the rules need.
    Add {
        /// What people call whoever holds it.
        name: String,
        /// The public key (`z6Mk…`), as `reflow key show` says it.
        public: String,
        /// How many have to sign.
        #[arg(long)]
        needed: Option<usize>,
        /// Why.
        #[arg(long)]
        because: Option<String>,
    },
    /// Whom the rules in force trust.
    List,
    /// Bring to a vote that a key is trusted no more.
    Remove {
        /// What people call whoever holds it.
        name: String,
        /// How many have to sign.
        #[arg(long)]
        needed: Option<usize>,
        /// Why.
        #[arg(long)]
        because: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum Receipt {
    /// Write one: the entry, the proof that it stands in the journal, and what was asked and said.
    Export {
        /// The decision: the command's id, or the number of its entry.
        decision: String,
        /// The file to write; without it, standard output.
        #[arg(long)]
        output: Option<PathBuf>,
    },
}
