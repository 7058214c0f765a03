//! The stages of `cargo xtask test`, in the order in which they fail fastest.

use std::time::Instant;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::run::{cargo, say};

/// A part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    /// Formatting, clippy and rustdoc, with warnings denied
    Lint,
    /// Unit, contract, conformance and simulation tests of every crate
    Unit,
    /// The promise under attack: a release build is killed and counted
    Prove,
}

impl Stage {
    const ALL: [Self; 3] = [Self::Lint, Self::Unit, Self::Prove];

    fn run(self) -> Result<()> {
        match self {
            Self::Lint => lint(),
            Self::Unit => cargo(&["test", "--workspace", "--locked"]),
            Self::Prove => prove(),
        }
    }
}

/// Runs the given stages, or all of them, and stops at the first that fails.
pub(crate) fn test(stages: &[Stage]) -> Result<()> {
    let stages = if stages.is_empty() { &Stage::ALL } else { stages };
    let begun = Instant::now();
    for stage in stages {
        let since = Instant::now();
        say(&format!("\n== {stage:?} =="));
        stage.run().with_context(|| format!("stage {stage:?}"))?;
        say(&format!(
            "== {stage:?}: passed in {:.0} s ==",
            since.elapsed().as_secs_f64()
        ));
    }
    say(&format!(
        "\nall stages passed in {:.0} s: {stages:?}",
        begun.elapsed().as_secs_f64()
    ));
    Ok(())
}

fn lint() -> Result<()> {
    cargo(&["fmt", "--all", "--check"])?;
    cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ])?;
    cargo(&[
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
        "--locked",
    ])
}

/// Small enough for every run of the tests; the figures of the full attack are in docs/benchmarks.md.
fn prove() -> Result<()> {
    cargo(&["build", "--release", "--locked", "--package", "observatory"])?;
    let attack = [
        "run",
        "--release",
        "--locked",
        "--quiet",
        "--package",
        "observatory",
        "--",
        "prove",
    ];
    let size = ["--jobs", "2000", "--kills", "5", "--seed"];
    for seed in ["1", "2"] {
        cargo(&[&attack[..], &size[..], &[seed]].concat())?;
    }
    Ok(())
}
