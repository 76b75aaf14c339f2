//! The binary: configuration, wiring, sub-commands.

mod admin;
mod beside;
mod cli;
mod commands;
mod config;
mod console;
mod demo;
mod home;
mod notify;
mod output;
mod serve;
mod telemetry;

use clap::Parser;
#[cfg(target_env = "musl")]
use mimalloc::MiMalloc;

use crate::output::Failure;

// What the static binary's C library brings makes threads wait for each other.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> std::process::ExitCode {
    // These children are this same binary; they must not set anything else up.
    if std::env::args().nth(1).as_deref() == Some(pipeline::shelf::ADMISSION_COMMAND) {
        return std::process::ExitCode::from(sandbox::child_main());
    }
    if std::env::args().nth(1).as_deref() == Some(pipeline::dry_run::COMMAND) {
        return std::process::ExitCode::from(pipeline::dry_run::child_main());
    }
    if std::env::args().nth(1).as_deref() == Some(interchange::papers::COMMAND) {
        return std::process::ExitCode::from(paper_child());
    }
    let mut cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            // Help and version are what was asked for; anything else is wrong usage.
            return if error.use_stderr() { 2.into() } else { 0.into() };
        }
    };
    let filled = config::read(&cli).and_then(|(config, _)| cli.fill(&config));
    let telemetry = match filled.and_then(|()| telemetry::start(&cli.log)) {
        Ok(telemetry) => telemetry,
        Err(failure) => return failure.print(cli.json),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(commands::run(&cli)),
        Err(error) => Err(Failure::Unreachable(format!("no threads: {error}"))),
    };
    telemetry.close();
    match outcome {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(failure) => failure.print(cli.json),
    }
}

/// Cleans one paper under limits of its own. Returns its exit status.
fn paper_child() -> u8 {
    use interchange::limits::{PAPER_BYTES_MAX, PAPER_CPU_S_MAX, PAPER_SPACE_BYTES_MAX};
    use std::io::{Read as _, Write as _};
    let mut bytes = Vec::new();
    let limited = sandbox::child::limit_self(PAPER_CPU_S_MAX, PAPER_SPACE_BYTES_MAX, 0);
    let most = PAPER_BYTES_MAX as u64;
    if !limited || std::io::stdin().lock().take(most).read_to_end(&mut bytes).is_err() {
        return 3;
    }
    let written = std::io::stdout().lock().write_all(&interchange::papers::answer(&bytes));
    if written.is_ok() { 0 } else { 3 }
}
