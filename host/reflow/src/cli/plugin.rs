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
    /// Found a copy of a sandbox with this plugin bound, and live through its past again: what is decided differently?
    Try {
        /// The component, or the folder of its source.
        #[arg(default_value = ".")]
        plugin: PathBuf,
        /// The bound plugin whose place it takes; that of its own name, or the only one of its world that there can be, if
        /// nothing is said.
        #[arg(long, value_name = "PLUGIN")]
        instead: Option<String>,
        /// The acts that it is asked about: borrow,transferCustody; those of the one whose place it takes, or of the others
        /// of its world, if nothing is said.
        #[arg(long, value_delimiter = ',', value_name = "ACT")]
        acts: Vec<String>,
        /// A setting: `most=2`, `day=1.50 EUR`.
        #[arg(long = "set", value_name = "NAME=VALUE")]
        settings: Vec<String>,
        /// A file of policies that the copy has more: to read the facts of this plugin, or to let it promise something.
        #[arg(long = "policy", value_name = "FILE")]
        policies: Vec<PathBuf>,
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
