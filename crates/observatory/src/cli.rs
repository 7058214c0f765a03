//! The command line.

mod help;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use processor::HandlerRegistry;

use crate::bench::{self, BenchArgs};
use crate::client::ClientCommand;
use crate::cluster::{self, DoctorArgs, DownArgs, StatusArgs};
use crate::contracts_check::{self, CheckArgs};
use crate::manual::{self, ManualArgs};
use crate::output;
use crate::prove::{self, ProveArgs};
use crate::up::{self, UpArgs};

/// The exit code where a command could not do its work.
const EXIT_UNABLE: u8 = 2;

/// A task platform that you can watch work: submit jobs over HTTP, follow every step of theirs
#[derive(Parser, Clone, Debug)]
#[command(
    name = "observatory",
    version,
    about,
    long_about = help::ABOUT,
    after_help = help::AFTER,
    args_conflicts_with_subcommands = true,
    max_term_width = 100,
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    up: UpArgs,
}

#[derive(Subcommand, Clone, Debug)]
enum Command {
    /// Run the whole observatory, in this process unless told otherwise; what no command at all does, too
    #[command(after_help = help::UP)]
    Up(UpArgs),

    #[command(flatten)]
    Client(ClientCommand),

    /// Delete the kind cluster of `up --target kind`, with all that it keeps
    #[command(after_help = help::DOWN)]
    Down(DownArgs),

    /// What runs on the cluster of `up --target kind`, and what answers
    #[command(after_help = help::STATUS)]
    Status(StatusArgs),

    /// Whether this machine has what `up --target kind` needs
    #[command(after_help = help::DOCTOR)]
    Doctor(DoctorArgs),

    /// Completions and manual pages
    #[command(after_help = help::MANUAL)]
    Manual(ManualArgs),

    /// Attack the promise: kill an observatory at random moments, then check that nothing was lost or doubled
    #[command(long_about = help::PROVE_ABOUT, after_help = help::PROVE)]
    Prove(ProveArgs),

    /// Measure throughput and latencies
    #[command(long_about = help::BENCH_ABOUT, after_help = help::BENCH)]
    Bench(BenchArgs),

    /// Work with the contracts: the schemas of what crosses a boundary
    #[command(subcommand)]
    Contracts(Contracts),
}

#[derive(Subcommand, Clone, Debug)]
enum Contracts {
    /// Compare the schemas with older ones and check that their versions declare what changed
    #[command(long_about = help::CHECK_ABOUT, after_help = help::CHECK)]
    Check(CheckArgs),
}

/// Reads the command line, does what it says and gives the process's exit code.
pub fn main() -> ExitCode {
    main_with(|handlers| handlers)
}

/// As [`main`], with handlers of one's own: `extend` gets the built-in ones and gives what `up` runs with.
pub fn main_with(extend: impl FnOnce(HandlerRegistry) -> HandlerRegistry) -> ExitCode {
    let cli = Cli::parse();
    let command = cli.command.unwrap_or(Command::Up(cli.up));
    let unable = command.exit_code_when_unable();
    run(command, extend).unwrap_or_else(|error| {
        output::note(&format!("error: {error:#}"));
        ExitCode::from(unable)
    })
}

fn run(
    command: Command,
    extend: impl FnOnce(HandlerRegistry) -> HandlerRegistry,
) -> anyhow::Result<ExitCode> {
    match command {
        Command::Up(args) => {
            let handlers = extend(up::builtin_handlers(&args)?);
            runtime(None)?.block_on(up::run(args, handlers))
        }
        Command::Down(args) => runtime(Some(1))?.block_on(cluster::down(args)),
        Command::Status(args) => runtime(Some(1))?.block_on(cluster::status(args)),
        Command::Doctor(args) => runtime(Some(1))?.block_on(cluster::doctor(args)),
        Command::Manual(args) => {
            manual::run(&args, Cli::command())?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Prove(args) => runtime(Some(1))?.block_on(prove::run(args)),
        Command::Bench(args) => runtime(Some(1))?.block_on(bench::run(args)),
        Command::Contracts(Contracts::Check(args)) => contracts_check::run(&args),
        Command::Client(command) => command.run(),
    }
}

/// A runtime with a thread per core, or fewer: a client that shares the machine with its server must not take
/// more of it than it needs.
fn runtime(threads: Option<usize>) -> std::io::Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if let Some(threads) = threads {
        builder.worker_threads(threads);
    }
    builder.enable_all().build()
}

impl Command {
    /// Where 1 is a verdict, an error needs a code of its own.
    fn exit_code_when_unable(&self) -> u8 {
        match self {
            Self::Up(_) | Self::Down(_) => 1,
            Self::Status(_)
            | Self::Doctor(_)
            | Self::Manual(_)
            | Self::Prove(_)
            | Self::Bench(_)
            | Self::Contracts(_)
            | Self::Client(_) => EXIT_UNABLE,
        }
    }
}

#[cfg(test)]
mod tests;
