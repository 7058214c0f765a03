//! The stages of `cargo xtask test`, in the order in which they fail fastest.

mod chaos;
mod conformance;
mod gate;
mod lint;
mod manifests;
mod prove;
mod unit;

use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::manifests::has_nix;
use crate::provision::{self, provision};
use crate::run::say;

/// How the tests are run.
#[derive(Args, Debug)]
pub(crate) struct TestArgs {
    /// Run only these stages (repeatable); all of them by default
    #[arg(long = "stage", value_enum)]
    stages: Vec<Stage>,

    /// First install and start what a Debian machine lacks for tests in containers (the default where CI is set)
    #[arg(long, conflicts_with = "without_containers")]
    provision: bool,

    /// Leave out the stages that need containers, and that of the manifests where there is no Nix
    #[arg(long)]
    without_containers: bool,
}

/// A part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    /// Formatting, clippy and rustdoc, with warnings denied
    Lint,
    /// Unit, contract, conformance and simulation tests of every crate
    Unit,
    /// The generators of the cluster, by Nix: every file parses, and `k8s/rendered` is what they say
    Manifests,
    /// The promise under attack: a release build is killed and counted
    Prove,
    /// The suites of the ports on real servers, and their faults
    Conformance,
    /// The whole system in containers, from images of our own
    Gate,
    /// The promise while servers are restarted, killed, frozen and cut off
    Chaos,
}

impl Stage {
    const ALL: [Self; 7] = [
        Self::Lint,
        Self::Unit,
        Self::Manifests,
        Self::Prove,
        Self::Conformance,
        Self::Gate,
        Self::Chaos,
    ];

    fn needs_containers(self) -> bool {
        matches!(self, Self::Conformance | Self::Gate | Self::Chaos)
    }

    /// Whether it needs what a machine may not have that has Rust and nothing else.
    fn is_beyond(self) -> bool {
        self.needs_containers() || (self == Self::Manifests && !has_nix())
    }

    /// Runs it and says what was run.
    fn run(self) -> Result<String> {
        match self {
            Self::Lint => lint::run(),
            Self::Unit => unit::run(),
            Self::Manifests => manifests::run(),
            Self::Prove => prove::run(),
            Self::Conformance => conformance::run(),
            Self::Gate => gate::run(),
            Self::Chaos => chaos::run(),
        }
    }
}

/// Runs the stages that are asked for, and stops at the first that fails.
pub(crate) fn test(args: &TestArgs) -> Result<()> {
    let stages = chosen(args);
    if stages.iter().any(|stage| stage.needs_containers()) {
        containers(args)?;
    }
    let begun = Instant::now();
    let mut told = Vec::new();
    for stage in stages {
        let since = Instant::now();
        say(&format!("\n== {stage:?} =="));
        let ran = stage.run().with_context(|| format!("stage {stage:?}"))?;
        let took = since.elapsed().as_secs();
        say(&format!("== {stage:?}: {ran}, passed in {took} s =="));
        told.push(format!("{stage:?}: {ran}"));
    }
    let left_out = if args.without_containers {
        "; WITHOUT the tests in containers"
    } else {
        ""
    };
    let (told, took) = (told.join("; "), begun.elapsed().as_secs());
    say(&format!("\nall passed in {took} s: {told}{left_out}"));
    Ok(())
}

fn chosen(args: &TestArgs) -> Vec<Stage> {
    let stages = if args.stages.is_empty() {
        &Stage::ALL[..]
    } else {
        &args.stages
    };
    let wanted = stages.iter().copied();
    wanted
        .filter(|stage| !(args.without_containers && stage.is_beyond()))
        .collect()
}

/// Sees to it that there is an engine. Tests that quietly left out what they cannot do would prove nothing.
fn containers(args: &TestArgs) -> Result<()> {
    if args.provision || std::env::var_os("CI").is_some() {
        return provision();
    }
    if !provision::answers() {
        bail!(
            "no container engine answers: --provision installs and starts one on Debian, --without-containers leaves \
             out the tests that need it"
        );
    }
    Ok(())
}
