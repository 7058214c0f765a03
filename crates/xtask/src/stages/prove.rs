//! The promise under attack. Small enough for every run of the tests; the figures of the full attack are in
//! docs/benchmarks.md.

use anyhow::Result;

use crate::binaries;
use crate::run::program;

const SEEDS: [&str; 2] = ["1", "2"];
const SIZE: [&str; 4] = ["--jobs", "2000", "--kills", "5"];

pub(super) fn run() -> Result<String> {
    binaries::build(&["observatory"])?;
    let observatory = binaries::path("observatory").to_string_lossy().into_owned();
    for seed in SEEDS {
        program(&observatory, &[&["prove"], &SIZE[..], &["--seed", seed]].concat())?;
    }
    Ok(format!("{} seeds of 2000 jobs and 5 kills", SEEDS.len()))
}
