//! Development tasks. `cargo xtask test` runs every test with all the set-up it needs.

mod binaries;
mod images;
mod manifests;
mod provision;
mod run;
mod stages;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use stages::TestArgs;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Development tasks of Task Observatory")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test, with all the set-up it needs
    Test(TestArgs),
    /// Make the container images that tests run servers from; those that are there already are left alone
    Images {
        /// Only these recipes of tests/images; all of them by default
        names: Vec<String>,
        /// First install and start what a Debian machine lacks for it (the default where CI is set)
        #[arg(long)]
        provision: bool,
        /// The images of our own services, instead, from a release build
        #[arg(long, conflicts_with = "names")]
        services: bool,
    },
    /// Write `k8s/rendered` anew from what `k8s/` says; needs `nix-instantiate`
    Manifests {
        /// Only say what differs
        #[arg(long)]
        check: bool,
    },
    /// Format every source file
    Fmt,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Test(args) => stages::test(&args),
        Task::Images {
            names,
            provision,
            services,
        } => images::task(&names, provision, services),
        Task::Manifests { check } => manifests::task(check),
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
