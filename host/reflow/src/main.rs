//! The binary: configuration, wiring, sub-commands.

mod admin;
mod cli;
mod commands;
mod config;
mod console;
mod demo;
mod home;
mod output;
mod serve;

use clap::Parser;

use crate::output::Failure;

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
    let config = match config::read(&cli).and_then(|(config, _)| cli.fill(&config).map(|()| config)) {
        Ok(config) => config,
        Err(failure) => return failure.print(cli.json),
    };
    let filed = config.log.as_deref().unwrap_or("warn");
    let filter = tracing_subscriber::EnvFilter::try_from_env("REFLOW_LOG").unwrap_or_else(|_| filed.into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(commands::run(&cli)),
        Err(error) => Err(Failure::Unreachable(format!("no threads: {error}"))),
    };
    match outcome {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(failure) => failure.print(cli.json),
    }
}
