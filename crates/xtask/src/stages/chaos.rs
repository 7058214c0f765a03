//! The promise while servers fail.

use anyhow::Result;

use crate::run::cargo_test;
use crate::{binaries, images};

pub(super) fn run() -> Result<String> {
    images::make(&[])?;
    // One by one, as the stages before have built them: together, their dependencies would have other features.
    binaries::build(&["observatory"])?;
    binaries::build(&["observatory-roles"])?;
    let programs = binaries::directory().to_string_lossy().into_owned();
    let arguments = [
        "--package",
        "gate",
        "--features",
        "gate/containers",
        "--test",
        "chaos",
    ];
    let count = cargo_test(&arguments, &[("OBSERVATORY_TEST_PROGRAMS", &programs)])?;
    Ok(format!("{count} tests"))
}
