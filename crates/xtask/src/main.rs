//! Development tasks. `cargo xtask test` runs every test with all the set-up it needs.

mod run;
mod stages;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use stages::Stage;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Development tasks of Task Observatory")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test, with all the set-up it needs
    Test {
        /// Run only these stages (repeatable); all of them by default
        #[arg(long = "stage", value_enum)]
        stages: Vec<Stage>,
    },
    /// Format every source file
    Fmt,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Test { stages } => stages::test(&stages),
        Task::Fmt => run::cargo(&["fmt", "--all"]),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            run::say(&format!("FAILED: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
