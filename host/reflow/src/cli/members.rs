//! What the command line says about who belongs.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum Member {
    /// Admit somebody, with an account to sign in with.
    Add {
        /// Their name.
        name: String,
        /// A role besides `member`.
        #[arg(long = "role")]
        roles: Vec<String>,
        /// The password to sign in with; one is made up if none is given.
        #[arg(long)]
        password: Option<String>,
        /// It is an organisation: it signs in nowhere, others act in its name.
        #[arg(long, conflicts_with_all = ["password", "device"])]
        organization: bool,
        /// It is a device, such as a scanner at the door: it acts by a token.
        #[arg(long, conflicts_with = "password")]
        device: bool,
    },
    /// Give somebody an account to sign in with who belongs and has none: a steward who was named at founding.
    Account {
        /// Who.
        name: String,
        /// The password; one is made up if none is given.
        #[arg(long)]
        password: Option<String>,
    },
    /// Give somebody another password; whoever is signed in by the old one is signed out.
    Password {
        /// The name they sign in with.
        name: String,
        /// The password; one is made up if none is given.
        #[arg(long)]
        password: Option<String>,
    },
    /// Write down a training.
    Train {
        /// Whose.
        name: String,
        /// The training's tag.
        training: String,
    },
    /// Give a member a role, perhaps for a time.
    Grant {
        /// Whose.
        name: String,
        /// Which.
        role: String,
        /// For how many days; for good if nothing is said.
        #[arg(long)]
        days: Option<i64>,
    },
    /// End a role.
    EndRole {
        /// Whose.
        name: String,
        /// Which.
        role: String,
    },
    /// Say that it is really a member who asks to be let in again, having lost password or telephone; two have to say it.
    LetBack {
        /// Who.
        name: String,
    },
    /// Take all roles from somebody for a while; they come back by themselves.
    Suspend {
        /// Whom.
        name: String,
        /// For how many days.
        #[arg(long)]
        days: i64,
        /// Why.
        #[arg(long)]
        because: String,
    },
    /// End a suspension early.
    Reinstate {
        /// Whose.
        name: String,
    },
    /// End somebody's membership.
    End {
        /// Whose.
        name: String,
        /// Why.
        #[arg(long)]
        because: String,
    },
    /// Leave: end the membership of `--as`.
    Leave,
    /// List the members.
    List,
    /// Ask to join, in somebody's name who stands at the door; with an account to sign in with.
    Apply {
        /// Their name.
        name: String,
        /// An answer to each of the network's questions, in order.
        #[arg(long = "answer", value_name = "TEXT")]
        answers: Vec<String>,
        /// The password to sign in with; one is made up if none is given.
        #[arg(long)]
        password: Option<String>,
    },
    /// Vouch for somebody who asked to join, or certify what they can do.
    Vouch {
        /// Who asked.
        name: String,
        /// What they can do, where that is what it takes.
        #[arg(long)]
        certificate: Option<String>,
    },
    /// Let somebody in who asked to join.
    Accept {
        /// Who asked.
        name: String,
    },
    /// Turn somebody down who asked to join.
    Decline {
        /// Who asked.
        name: String,
        /// Why.
        #[arg(long)]
        because: String,
    },
    /// List those who asked to join, and what it takes.
    Applications,
}

#[derive(Debug, Subcommand)]
pub enum Delegation {
    /// Let somebody act in the name of `--as`, or of an organisation that one speaks for.
    New {
        /// Who may.
        delegate: String,
        /// In which acts: `borrow`, `transferCustody` and so on; `record` stands for every event.
        #[arg(long = "act", required = true)]
        acts: Vec<String>,
        /// For how many days.
        #[arg(long, default_value_t = 30)]
        days: i64,
        /// In whose name, if not one's own.
        #[arg(long, value_name = "AGENT")]
        of: Option<String>,
    },
    /// End one before its time.
    End {
        /// Its id, or the beginning of it.
        delegation: String,
    },
    /// List those that you see.
    List,
}
