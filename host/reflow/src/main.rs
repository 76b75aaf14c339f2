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
