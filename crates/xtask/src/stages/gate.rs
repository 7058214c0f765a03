//! The whole system in containers.

use anyhow::Result;

use crate::images;
use crate::run::cargo_test;

pub(super) fn run() -> Result<String> {
    images::make(&[])?;
    images::services()?;
    let count = cargo_test(
        &[
            "--package",
            "gate",
            "--features",
            "gate/containers",
            "--test",
            "gate",
        ],
        &[],
    )?;
    Ok(format!("{count} tests"))
}
