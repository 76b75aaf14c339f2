//! What the command line says about plans.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Plan {
    /// Plan what is wanted: what is there is set aside, what has to be made is planned back from when it is wanted, and what
    /// nobody provides goes on the board as a need.
    New(NewPlan),
    /// Plan again what a plan is for, when reality has moved: what has begun stays, the rest moves or makes way.
    Replan {
        /// Its name.
        name: String,
        /// Which recipe, process or exchange makes something: `NAME=RECIPE`. May be said several times.
        #[arg(long = "by", value_name = "CHOICE")]
        choices: Vec<String>,
        /// Only say what would change.
        #[arg(long)]
        dry_run: bool,
    },
    /// How a plan stands: what is done when, with what, and what is late.
    Show {
        /// Its name.
        name: String,
    },
}

#[derive(Debug, Args)]
pub struct NewPlan {
    /// What to call it.
    pub name: String,
    /// What is wanted: `NAME=AMOUNT`, perhaps of a stage and in a state (`NAME:STAGE!STATE=AMOUNT`), perhaps with a time of its
    /// own (`NAME=AMOUNT@2026-12-05T08:00`), perhaps in a unit (`"NAME=8 piece"`). May be said several times.
    #[arg(long = "want", value_name = "WHAT", required = true)]
    pub wanted: Vec<String>,
    /// By when, for what has no time of its own: `2026-12-05T08:00`, where the network lives, or a span from now, such as `8d`.
    #[arg(long, value_name = "TIME")]
    pub due: Option<String>,
    /// For whom it is, where it leaves the house: it is promised to them.
    #[arg(long, value_name = "AGENT")]
    pub to: Option<String>,
    /// Which recipe, process or exchange makes something, where there are several: `NAME=RECIPE`. May be said several times.
    #[arg(long = "by", value_name = "CHOICE")]
    pub choices: Vec<String>,
    /// Only say what the plan would be.
    #[arg(long)]
    pub dry_run: bool,
}
