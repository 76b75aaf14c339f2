//! `reflow key`, as clap reads it.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a key of your own, in a file that only you can read; the next one lies in it too.
    New {
        /// The file.
        file: PathBuf,
    },
    /// What others are told of it: the key, what is said of the next one, and where it is held.
    Show {
        /// The file.
        file: PathBuf,
    },
    /// Sign what `--as` does with it from now on, wherever `--key` names the file.
    Enrol {
        /// The file.
        file: PathBuf,
        /// Who gives you another key if this one is lost.
        #[arg(long = "guardian", value_name = "NAME")]
        guardians: Vec<String>,
        /// How many of them have to say so; all, if nothing is said.
        #[arg(long)]
        needed: Option<usize>,
    },
    /// Put the next key in the place of the one in use.
    Rotate {
        /// The file.
        file: PathBuf,
    },
    /// Name others as those who give you another key; signed with the one in use.
    Guardians {
        /// The file.
        file: PathBuf,
        /// Who.
        names: Vec<String>,
        /// How many of them have to say so; all, if nothing is said.
        #[arg(long)]
        needed: Option<usize>,
    },
    /// Say that a member lost their key, and which one they are to have.
    Recover {
        /// The member.
        member: String,
        /// What `reflow key show` of their new file says.
        shown: String,
    },
    /// Sign a text from standard input, such as one that a page shows.
    Sign {
        /// The file.
        file: PathBuf,
        /// With the next key, where a page asks for that one.
        #[arg(long)]
        next: bool,
    },
}
